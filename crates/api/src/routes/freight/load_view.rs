//! A load by id: whole and opened for its owner; the card and what helps to decide for a verified trucker or bidder.

use axum::response::Response;
use sarai_freight::{
    Freight,
    model::{
        Load, LoadState, Offer, Site, StopContact,
        site::{SiteAddress, SiteNotes, StopContactName, StopContactPhone},
    },
    relations::{self, Relation, related},
    usecase::load_actions::allowed_now,
    words::PriceMode,
};
use sarai_gate::{Ask, words};
use sarai_kernel::{
    Caller, LoadId, Money, Role, StoreExt, Timestamp, Window,
    document::Stored,
    personal::{Address, Name, Phone, Words},
    purpose::Publish,
};
use sarai_seal::{Disclose, Disclosed, Scope, Sealed, SubjectId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    board::{BoardCard, card},
    loads::{OfferSum, offer_sum},
    offers::{OfferView, offer_view},
    shapes::{CargoView, PaySum, PriceBand, StopCard, lane_of, pay},
};
use crate::{
    app::App,
    problem::Problem,
    shapes::{Area, RouteLine, WirePoint},
    version::Fresh,
};

/// Either view, for the document.
#[derive(ToSchema)]
#[expect(dead_code, reason = "for the document")]
#[serde(untagged)]
pub(super) enum LoadDetail {
    /// For a trucker.
    Board(Box<BoardDetail>),
    /// For its owner.
    Owner(Box<OwnerDetail>),
}

/// Offers in number.
#[derive(Debug, Serialize, ToSchema)]
struct Count {
    count: usize,
}

/// What is missing before the caller may take it.
#[derive(Debug, Serialize, ToSchema)]
struct Missing {
    kind: &'static str,
    state: &'static str,
}

/// For a trucker.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LoadBoardDetail)]
pub(super) struct BoardDetail {
    view: &'static str,
    card: BoardCard,
    cargo: CargoView,
    photos: Vec<String>,
    route: RouteLine,
    band: PriceBand,
    offers: Count,
    my_offer: Option<OfferView>,
    thread: Option<String>,
    deposit_missing: Option<Money>,
    may: Vec<&'static str>,
    missing: Vec<Missing>,
}

/// A contact, for the load's owner.
#[derive(Disclose, ToSchema)]
#[schema(as = LoadContact)]
struct ContactView {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    #[schema(value_type = String)]
    name: Sealed<Name, StopContactName>,
    #[schema(value_type = String)]
    phone: Sealed<Phone, StopContactPhone>,
}

/// A stop, for the load's owner.
#[derive(Disclose, ToSchema)]
#[schema(as = LoadOwnerStop)]
struct StopView {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    id: String,
    kind: &'static str,
    area: Area,
    cell: String,
    center: WirePoint,
    window: Window,
    point: WirePoint,
    #[schema(value_type = Option<String>)]
    address: Option<Sealed<Address, SiteAddress>>,
    #[schema(value_type = Option<String>)]
    notes: Option<Sealed<Words, SiteNotes>>,
    #[view]
    contact: Option<ContactView>,
}

/// For its owner.
#[derive(Disclose, ToSchema)]
#[schema(as = LoadOwnerDetail)]
pub(super) struct OwnerDetail {
    view: &'static str,
    id: String,
    version: u64,
    state: &'static str,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    #[view]
    stops: Vec<StopView>,
    cargo: CargoView,
    bodies: Vec<&'static str>,
    lengths_mm: Vec<u32>,
    price_mode: &'static str,
    bids_close_at: Option<Timestamp>,
    money: Option<PaySum>,
    deposit: Money,
    deposit_refundable: bool,
    photos: Vec<String>,
    route: RouteLine,
    band: PriceBand,
    offers: OfferSum,
    seen_by: usize,
    order: Option<String>,
    allowed_now: Vec<&'static str>,
}

/// The view that the caller's relation gives; without one there is no such load.
pub(super) async fn show(
    app: &App,
    caller: &Caller,
    id: LoadId,
    now: Timestamp,
    fresh: &Fresh,
) -> Result<Response, Problem> {
    let market = &app.freight;
    let stored = market.load(id).await?;
    let own = market.own_offers(caller.party, id).await?;
    let lacks = match caller.has(Role::Trucker) {
        true => market.trucker_lacks(caller.party, now).await?,
        false => vec!["person"],
    };
    let all = relations::to_load(caller, &stored.record, lacks.is_empty(), &own, now);
    match related(&all)? {
        Relation::Owner => {
            let version = stored.version;
            let view = owner(app, caller, id, stored, now).await?;
            Ok(fresh.answer(version, "owner", view))
        }
        Relation::LostBidder if stored.record.state != LoadState::Open => {
            Err(Problem::new("listing_closed"))
        }
        _ => {
            let version = stored.version;
            let view = board(app, caller, id, stored, &own, lacks, now).await?;
            market.board.look(id, caller.party);
            Ok(fresh.answer(version, "board", view))
        }
    }
}

async fn board(
    app: &App,
    caller: &Caller,
    id: LoadId,
    stored: Stored<Load>,
    own: &[Offer],
    lacks: Vec<&'static str>,
    now: Timestamp,
) -> Result<BoardDetail, Problem> {
    let market = &app.freight;
    market.board.refresh(&*market.store, id, now).await?;
    let listing = market.board.get(id).ok_or_else(|| Problem::new("listing_closed"))?;
    let load = stored.record;
    let live = market.live_offer(id, caller.party).await?;
    let band = market.price_band(&lane_of(&load), now).await?;
    let my_offer = match &live {
        Some(live) => {
            Some(offer_view(market, live, sarai_freight::words::Side::Trucker, &band, now).await?)
        }
        None => None,
    };
    let my_id = live.as_ref().map(|live| sarai_kernel::OfferId::from_uuid(live.id));
    let centres: Vec<_> = load.stops.iter().map(|stop| stop.cell.centre()).collect();
    let may = match load.price_mode {
        _ if !lacks.is_empty() => Vec::new(),
        PriceMode::OnePrice => vec!["take", "ask"],
        _ => vec!["bid", "ask"],
    };
    Ok(BoardDetail {
        view: "board",
        card: card(market, &listing, (None, None), None, my_id),
        cargo: (&load.cargo).into(),
        photos: load.photos.iter().map(ToString::to_string).collect(),
        // The line runs from cell to cell: the way from gate to gate would show the gates.
        route: market.ways.way(&centres).into(),
        band: band.into(),
        offers: Count { count: market.pending_offers(id).await?.len() },
        my_offer,
        thread: own.first().map(|offer| offer.thread.to_string()),
        deposit_missing: market.missing(caller.party, load.terms.deposit()).await?,
        may,
        missing: lacks.into_iter().map(|kind| Missing { kind, state: "none" }).collect(),
    })
}

async fn owner(
    app: &App,
    caller: &Caller,
    id: LoadId,
    stored: Stored<Load>,
    now: Timestamp,
) -> Result<Disclosed<OwnerDetail, Publish>, Problem> {
    let market = &app.freight;
    let load = &stored.record;
    let points: Vec<_> = load.stops.iter().map(|stop| stop.point).collect();
    let route = RouteLine::from(market.ways.way(&points));
    let stage = relations::load_stage(load);
    let scope = Scope::several(
        load.stops
            .iter()
            .map(|stop| SubjectId::from_uuid(stop.id.uuid()))
            .chain([load.owner.subject()]),
    );
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: words::relation::OWNER,
        resource_kind: words::data::LOAD,
        resource: id.to_string(),
        stage,
        case: None,
        consent: false,
        scope: scope.ok_or_else(|| Problem::new("internal"))?,
        fields: &[
            "load_site.address",
            "load_site.notes",
            "stop_contact.name",
            "stop_contact.phone",
        ],
    };
    let grant = app.gate.grant::<Publish>(ask, now).await?;
    let view = OwnerDetail {
        view: "owner",
        id: id.to_string(),
        version: stored.version,
        state: load.state.word(),
        created_at: stored.created_at,
        expires_at: load.expires_at,
        stops: stops(market, load).await?,
        cargo: (&load.cargo).into(),
        bodies: load.bodies.iter().map(|body| body.word()).collect(),
        lengths_mm: load.lengths_mm.clone(),
        price_mode: load.price_mode.word(),
        bids_close_at: None,
        money: Some(pay(market, &load.terms)),
        deposit: load.terms.deposit(),
        deposit_refundable: load.terms.deposit_refundable,
        photos: load.photos.iter().map(ToString::to_string).collect(),
        route,
        band: market.price_band(&lane_of(load), now).await?.into(),
        offers: offer_sum(app, id, now).await?,
        seen_by: market.board.seen_by(id),
        order: load.order.map(|order| order.to_string()),
        allowed_now: allowed_now(load),
    };
    Ok(grant.disclose(view)?)
}

async fn stops(market: &Freight, load: &Load) -> Result<Vec<StopView>, Problem> {
    let mut views = Vec::new();
    for stop in &load.stops {
        let site = market.store.load::<Site>(stop.id.uuid()).await?.map(|stored| stored.record);
        let contact =
            market.store.load::<StopContact>(stop.id.uuid()).await?.map(|stored| stored.record);
        let StopCard { kind, area, cell, center, window } = StopCard::of_load(market, stop);
        let (address, notes) = site.map_or((None, None), |site| (Some(site.address), site.notes));
        views.push(StopView {
            subject: load.owner.subject(),
            id: stop.id.to_string(),
            kind,
            area,
            cell,
            center,
            window,
            point: stop.point.into(),
            address,
            notes,
            contact: contact.map(|contact| ContactView {
                subject: contact.subject,
                name: contact.name,
                phone: contact.phone,
            }),
        });
    }
    Ok(views)
}
