//! Post a load, or several alike, or save it as a draft.

use sarai_kernel::{
    Caller, Command, Decision, Draft, FileId, Kind, LoadId, Outcome, PartyId, Query, Refusal,
    StoreExt, Timestamp, UseCaseError,
    file::{Attach, FilePurpose},
    personal::{Address, Name, Phone, Words},
};
use sarai_seal::{Sealed, SubjectId};

use super::common::{load_event, need_role};
use crate::{
    input::{LoadNew, StopIn},
    market::Freight,
    model::{Load, LoadState, Site, Stop, StopContact, StopId},
    rules::post::{self, Checked, OPEN_LOADS_MAX},
};

/// Posts `load`; answers the ids, versions and states of what was made.
pub async fn post_load(
    market: &Freight,
    caller: &Caller,
    command: Command,
    load: &LoadNew,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    need_role(caller, sarai_kernel::Role::Shipper)?;
    market.need_shipper(caller, now).await?;
    let checked = post::check(load, &market.rules, market.gazetteer, now)?;
    let way = market.ways.way(&checked.points);
    let record = record(market, caller.party, load, &checked, way.route, now)?;
    post::deposit_fits(load.deposit, market.completed(caller.party).await?, &market.rules)?;
    let copies = u32::from(load.copies.unwrap_or(1));
    market
        .commit(now, || async {
            if record.state == LoadState::Open {
                room(market, caller.party, copies).await?;
                no_twin(market, &record).await?;
            }
            let (mut decision, outcome) = decide(command, load, &record, copies)?;
            let things = outcome.body.get("items").and_then(|items| items.as_array());
            let things = things.into_iter().flatten().filter_map(|item| item["id"].as_str());
            let things: Vec<String> = things.map(str::to_owned).collect();
            let photos = photos(market, caller.party, &load.photos, &things).await?;
            decision.drafts.extend(photos);
            Ok((decision, outcome))
        })
        .await
}

fn decide(
    command: Command,
    load: &LoadNew,
    record: &Load,
    copies: u32,
) -> Result<(Decision, Outcome), UseCaseError> {
    let now = command.now;
    let mut decision = Decision::new("freight.post_load", now);
    let mut items = Vec::new();
    for _ in 0..copies {
        let id = LoadId::new(now);
        let mut one = record.clone();
        for (stop, given) in one.stops.iter_mut().zip(&load.stops) {
            stop.id = StopId::new(now);
            decision = sealed_stop(decision, id, stop.id, one.owner, given)?;
        }
        decision = decision.write(one.create(id, now)?);
        let kind =
            if one.state == LoadState::Open { "freight.load.opened" } else { "freight.load.saved" };
        let mut event = load_event(kind, id, 1, &one);
        event.on_board = one.state == LoadState::Open;
        decision = decision.event(event);
        items.push(serde_json::json!({ "id": id, "version": 1, "state": one.state.word() }));
    }
    let mut body = sarai_kernel::document::Clear::new();
    body.insert("items".to_owned(), items.into());
    let outcome = Outcome { status: 201, body };
    Ok((decision.answer(command.once, outcome.clone()), outcome))
}

/// The pictures of the goods, attached to the loads.
pub(super) async fn photos(
    market: &Freight,
    owner: PartyId,
    files: &[FileId],
    loads: &[String],
) -> Result<Vec<Draft>, UseCaseError> {
    let purpose = FilePurpose::LoadPhoto;
    let attach = Attach { owner, purpose, pointer: "/photos", one: false };
    attach.to(&*market.store, files, loads).await
}

/// The sealed documents of one stop.
pub(super) fn sealed_stop(
    decision: Decision,
    load: LoadId,
    stop: StopId,
    owner: PartyId,
    given: &StopIn,
) -> Result<Decision, UseCaseError> {
    let wrong = |_| Refusal::new("validation_failed", Kind::Invalid);
    let notes = given.notes.as_deref().map(str::trim).filter(|notes| !notes.is_empty());
    let site = Site {
        subject: owner.subject(),
        load,
        address: Sealed::new(Address::new(&given.address).map_err(wrong)?),
        notes: notes.map(Words::new).transpose().map_err(wrong)?.map(Sealed::new),
    };
    let contact = StopContact {
        subject: SubjectId::from_uuid(stop.uuid()),
        load,
        named_by: owner,
        name: Sealed::new(Name::new(&given.contact.name).map_err(wrong)?),
        phone: Sealed::new(Phone::new(&given.contact.phone).map_err(wrong)?),
    };
    Ok(decision.write(Draft::create(stop.uuid(), &site, Vec::new())?).write(Draft::create(
        stop.uuid(),
        &contact,
        Vec::new(),
    )?))
}

/// The record of a checked load.
pub(super) fn record(
    market: &Freight,
    owner: PartyId,
    load: &LoadNew,
    checked: &Checked,
    route: crate::model::Route,
    now: Timestamp,
) -> Result<Load, Refusal> {
    let stops: Vec<Stop> = load
        .stops
        .iter()
        .zip(checked.points.iter().zip(&checked.cities))
        .map(|(stop, (point, city))| Stop {
            id: StopId::new(now),
            kind: stop.kind,
            area: stop.area_code.clone(),
            city: city.clone(),
            point: *point,
            cell: sarai_geo::Cell::freight(*point),
            window: stop.window.clone(),
        })
        .collect();
    if let Some(price) = load.price {
        post::price_fits(price, &route, &market.rules)?;
    }
    let draft = load.draft == Some(true);
    let mut record = Load {
        owner,
        state: if draft { LoadState::Draft } else { LoadState::Open },
        stops,
        cargo: load.cargo.clone().into(),
        bodies: load.bodies.clone(),
        lengths_mm: load.lengths_mm.clone(),
        price_mode: load.price_mode,
        terms: post::terms(load, &market.rules)?,
        photos: load.photos.clone(),
        route,
        opened_at: None,
        expires_at: None,
        order: None,
        reopened: false,
        twin: String::new(),
        terms_version: 1,
    };
    record.twin = twin(&record);
    if !draft {
        open(&mut record, market, now);
    }
    Ok(record)
}

/// Puts a load on the board until its loading window ends, a week at most.
pub(super) fn open(load: &mut Load, market: &Freight, now: Timestamp) {
    let most = now.plus(market.rules.open_micros_max);
    load.state = LoadState::Open;
    load.opened_at = Some(now);
    load.expires_at = Some(load.pickup().map_or(most, |window| window.to.min(most)));
}

/// Hash over owner, stops, windows and goods.
pub(super) fn twin(load: &Load) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(load.owner.uuid().as_bytes());
    for stop in &load.stops {
        hasher.update(&stop.cell.to_u64().to_le_bytes());
        hasher.update(&stop.window.from.as_micros().to_le_bytes());
        hasher.update(&stop.window.to.as_micros().to_le_bytes());
    }
    hasher.update(load.cargo.kind.word().as_bytes());
    hasher.update(&load.cargo.mass_kg.to_le_bytes());
    hasher.update(load.cargo.name.as_bytes());
    hasher.finalize().to_hex().chars().take(32).collect()
}

/// The same load is not open already.
pub(super) async fn no_twin(market: &Freight, load: &Load) -> Result<(), UseCaseError> {
    let query = Query::by("load", "load.twin", load.twin.clone());
    match market.store.first::<Load>(query).await? {
        Some(twin) => Err(Refusal::new("load_duplicate", Kind::Conflict)
            .with("load", LoadId::from_uuid(twin.id).to_string())
            .into()),
        None => Ok(()),
    }
}

/// Room for so many more open loads.
pub(super) async fn room(market: &Freight, owner: PartyId, more: u32) -> Result<(), UseCaseError> {
    let value = format!("{owner}:{}", LoadState::Open.word());
    let query = Query::by("load", "load.owner_state", value).limit(OPEN_LOADS_MAX);
    let open = u32::try_from(market.store.count(query).await?).unwrap_or(u32::MAX);
    if open.saturating_add(more) > OPEN_LOADS_MAX {
        return Err(Refusal::new("quota_spent", Kind::TooMany).with("max", OPEN_LOADS_MAX).into());
    }
    Ok(())
}

impl Freight {
    /// How many orders a party has completed, counted to the number from which on nobody is new.
    pub(crate) async fn completed(&self, party: PartyId) -> Result<u64, UseCaseError> {
        let most = u32::try_from(self.rules.new_poster_orders).unwrap_or(1_000);
        let query = Query::by("order", "order.done_party", party).limit(most.max(1));
        Ok(self.store.count(query).await?)
    }
}
