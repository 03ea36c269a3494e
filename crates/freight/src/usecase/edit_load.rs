//! Change a load's terms. Pending offers on the old terms are superseded: nobody accepts what changed underneath.

use sarai_kernel::{
    Caller, Command, Decision, DocRef, Kind, LoadId, Outcome, PartyId, Query, Refusal, StoreExt,
    UseCaseError, document::Stored,
};

use super::{
    common::{load_event, need_active, need_version, offer_event},
    post_load::{photos, record, sealed_stop, twin},
};
use crate::{
    input::{CargoIn, LoadNew, LoadPatch},
    market::Freight,
    model::{Load, LoadState, Offer, OfferState, Site, StopContact},
    rules::post,
};

/// Offers that one load may have in all.
pub const OFFERS_MAX: u32 = 200;

/// Changes what `patch` names.
pub async fn edit_load(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: LoadId,
    version: u64,
    patch: &LoadPatch,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    let now = command.now;
    market
        .commit(now, || async {
            let stored = market.owned_load(caller, id).await?;
            need_version(Some(version), stored.version)?;
            need_editable(&stored.record)?;
            let merged = merge(&stored.record, patch);
            let mut changed = if patch.stops.is_some() {
                let checked = post::check(&merged, &market.rules, market.gazetteer, now)?;
                let route = market.ways.way(&checked.points).route;
                record(market, caller.party, &merged, &checked, route, now)?
            } else {
                kept_stops(market, &stored.record, &merged)?
            };
            post::deposit_fits(
                changed.terms.deposit(),
                market.completed(caller.party).await?,
                &market.rules,
            )?;
            keep(&mut changed, &stored.record);
            let mut decision = Decision::new("freight.edit_load", now);
            if patch.stops.is_some() {
                for (stop, given) in changed.stops.iter().zip(&merged.stops) {
                    decision = sealed_stop(decision, id, stop.id, caller.party, given)?;
                }
                decision = drop_stops(market, decision, &stored.record).await?;
            }
            decision = supersede(market, decision, id, None).await?;
            if let Some(new) = &patch.photos {
                let attached = photos(market, caller.party, new, &[id.to_string()]).await?;
                decision.drafts.extend(attached);
            }
            let next = stored.version + 1;
            decision = decision
                .write(changed.update(stored.id, stored.version, stored.created_at)?)
                .event(load_event("freight.load.changed", id, next, &changed));
            let outcome = Outcome::of(200, id, next).state(changed.state.word());
            Ok((decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

fn need_editable(load: &Load) -> Result<(), Refusal> {
    match load.state {
        LoadState::Draft | LoadState::Open => Ok(()),
        state => Err(Refusal::new("listing_closed", Kind::Conflict).with("state", state.word())),
    }
}

/// The load as it would be posted anew with the patch. Without new stops its list of stops is empty.
fn merge(load: &Load, patch: &LoadPatch) -> LoadNew {
    let cargo = patch.cargo.clone().unwrap_or_else(|| CargoIn {
        kind: load.cargo.kind,
        name: load.cargo.name.clone(),
        mass_kg: load.cargo.mass_kg,
        volume_l: load.cargo.volume_l,
        pieces: load.cargo.pieces,
        handling: load.cargo.handling.clone(),
    });
    let price = patch.price.unwrap_or(load.terms.price());
    let deposit = patch.deposit.unwrap_or(load.terms.deposit());
    LoadNew {
        stops: patch.stops.iter().flatten().map(again).collect(),
        cargo,
        bodies: patch.bodies.clone().unwrap_or_else(|| load.bodies.clone()),
        lengths_mm: patch.lengths_mm.clone().unwrap_or_else(|| load.lengths_mm.clone()),
        price_mode: patch.price_mode.unwrap_or(load.price_mode),
        price: Some(price),
        bids_close_at: patch.bids_close_at,
        deposit,
        deposit_refundable: patch.deposit_refundable.unwrap_or(load.terms.deposit_refundable),
        photos: patch.photos.clone().unwrap_or_else(|| load.photos.clone()),
        copies: None,
        draft: Some(load.state == LoadState::Draft),
    }
}

fn again(stop: &crate::input::StopIn) -> crate::input::StopIn {
    crate::input::StopIn {
        kind: stop.kind,
        area_code: stop.area_code.clone(),
        point: stop.point,
        address: stop.address.clone(),
        notes: stop.notes.clone(),
        window: stop.window.clone(),
        contact: crate::input::ContactIn {
            name: stop.contact.name.clone(),
            phone: stop.contact.phone.clone(),
        },
    }
}

fn kept_stops(market: &Freight, load: &Load, merged: &LoadNew) -> Result<Load, Refusal> {
    post::check_kept_stops(merged, &market.rules)?;
    let terms = post::terms(merged, &market.rules)?;
    post::price_fits(terms.price(), &load.route, &market.rules)?;
    let mut changed = load.clone();
    changed.cargo = merged.cargo.clone().into();
    changed.bodies = merged.bodies.clone();
    changed.lengths_mm = merged.lengths_mm.clone();
    changed.price_mode = merged.price_mode;
    changed.terms = terms;
    changed.photos = merged.photos.clone();
    changed.twin = twin(&changed);
    Ok(changed)
}

/// What a change of terms leaves as it was.
fn keep(changed: &mut Load, before: &Load) {
    changed.state = before.state;
    changed.opened_at = before.opened_at;
    changed.reopened = before.reopened;
    changed.terms_version = before.terms_version + 1;
    let until = changed.pickup().map(|window| window.to);
    changed.expires_at = before.expires_at.map(|at| until.map_or(at, |until| at.min(until)));
}

/// The sealed documents of stops that are not part of the load any more go away.
async fn drop_stops(
    market: &Freight,
    mut decision: Decision,
    before: &Load,
) -> Result<Decision, UseCaseError> {
    for stop in &before.stops {
        let uuid = stop.id.uuid();
        if let Some(site) = market.store.load::<Site>(uuid).await? {
            decision.removals.push((DocRef::new("load_site", uuid), site.version));
        }
        if let Some(contact) = market.store.load::<StopContact>(uuid).await? {
            decision.removals.push((DocRef::new("stop_contact", uuid), contact.version));
        }
    }
    Ok(decision)
}

/// Every pending offer on a load but one is superseded.
pub(super) async fn supersede(
    market: &Freight,
    mut decision: Decision,
    load: LoadId,
    but: Option<sarai_kernel::OfferId>,
) -> Result<Decision, UseCaseError> {
    for Stored { id, version, created_at, record, .. } in market.pending_offers(load).await? {
        let offer_id = sarai_kernel::OfferId::from_uuid(id);
        if but == Some(offer_id) {
            continue;
        }
        let offer = Offer { state: OfferState::Superseded, ..record };
        let draft = sarai_kernel::Draft::update(id, version, &offer, offer.keys(created_at))?;
        decision = decision.write(draft).event(offer_event(
            "freight.offer.superseded",
            offer_id,
            version + 1,
            &offer,
        ));
    }
    Ok(decision)
}

impl Freight {
    /// A load of the caller's own; for anybody else there is no such thing.
    pub async fn owned_load(
        &self,
        caller: &Caller,
        id: LoadId,
    ) -> Result<Stored<Load>, UseCaseError> {
        let stored = self.load(id).await?;
        if stored.record.owner == caller.party {
            Ok(stored)
        } else {
            Err(Refusal::not_found().into())
        }
    }

    /// Offers of one party on a load, newest first.
    pub async fn own_offers(
        &self,
        party: PartyId,
        load: LoadId,
    ) -> Result<Vec<Offer>, UseCaseError> {
        let query = Query::by("offer", "offer.pair", format!("{load}:{party}"));
        let found = self.store.records::<Offer>(query.newest_first().limit(20)).await?;
        Ok(found.into_iter().map(|(stored, _)| stored.record).collect())
    }

    /// Offers on a load that wait for somebody.
    pub async fn pending_offers(&self, load: LoadId) -> Result<Vec<Stored<Offer>>, UseCaseError> {
        let query = Query::by("offer", "offer.pending", load).limit(OFFERS_MAX);
        Ok(self.store.records::<Offer>(query).await?.into_iter().map(|(offer, _)| offer).collect())
    }
}
