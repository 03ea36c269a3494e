//! Threads as cards: about which load, with whom, what is unread, which offer stands.

use axum::extract::State;
use sarai_account::usecase::{profile::own_party, talk};
use sarai_freight::model::{Load, Offer};
use sarai_gate::Ask;
use sarai_kernel::{
    Caller, LoadId, Money, OfferId, OrderId, PartyId, Query as Find, StoreExt, Stored, ThreadId,
    Timestamp, party::PartyDisplayName, personal::Name, purpose::Converse, thread::Thread,
};
use sarai_seal::{Disclose, Disclosed, Scope, Sealed, SubjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{Params, Query},
    problem::Problem,
    routes::{
        cards::{RatingSum, display_name, rating},
        paging::Paging,
    },
    shapes::{Area, Text2},
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/threads", "thread_list", "Your talks")
                .relation("peer")
                .opens("converse", "open")
                .query::<ThreadPage>()
                .lists::<ThreadShape>(),
            list,
        )
        .add(
            Spec::get("/v1/threads/{id}", "thread_get", "A talk")
                .relation("peer")
                .opens("converse", "open")
                .answers::<ThreadShape>(200),
            read,
        )
}

/// Which talks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ThreadPage {
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    #[schema(max_length = 1024)]
    cursor: Option<String>,
    /// Only about this load.
    load: Option<LoadId>,
}

#[derive(Disclose)]
struct ThreadCard {
    id: ThreadId,
    load: String,
    order: Option<String>,
    #[view]
    other: Other,
    from: Text2,
    to: Text2,
    side: &'static str,
    unread: u64,
    standing_offer: Option<Standing>,
    state: &'static str,
    last_at: Timestamp,
}

#[derive(Disclose)]
struct Other {
    #[subject]
    #[serde(skip)]
    subject: SubjectId,
    display_name: Sealed<Name, PartyDisplayName>,
    rating: Option<RatingSum>,
    verified: bool,
}

/// A talk as a card.
#[derive(ToSchema)]
#[schema(as = ThreadCard)]
#[expect(dead_code, reason = "shape of the document")]
struct ThreadShape {
    id: ThreadId,
    load: LoadId,
    order: Option<OrderId>,
    other: OtherShape,
    from: Text2,
    to: Text2,
    side: String,
    unread: u64,
    standing_offer: Option<Standing>,
    state: String,
    last_at: Timestamp,
}

#[derive(ToSchema)]
#[schema(as = ThreadOther)]
#[expect(dead_code, reason = "shape of the document")]
struct OtherShape {
    display_name: String,
    rating: Option<RatingSum>,
    verified: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StandingOffer)]
struct Standing {
    id: OfferId,
    price: Money,
    turn: Option<&'static str>,
    expires_at: Timestamp,
}

/// On which side of a talk somebody is.
pub(super) fn side(thread: &Thread, party: PartyId) -> &'static str {
    if thread.poster == party { "shipper" } else { "trucker" }
}

/// Both ends of the load, by city.
async fn ends(app: &App, about: &str) -> Result<(Text2, Text2), Problem> {
    let nowhere = || Text2::of("", None);
    let Ok(id) = about.parse::<LoadId>() else { return Ok((nowhere(), nowhere())) };
    let Some(load) = app.store.load::<Load>(id.uuid()).await? else {
        return Ok((nowhere(), nowhere()));
    };
    let city = |code: &str| {
        app.freight.gazetteer.get(code).map_or_else(nowhere, |place| Area::from(&place).city)
    };
    let stops = &load.record.stops;
    let name = |stop: Option<&sarai_freight::model::Stop>| {
        stop.map_or_else(nowhere, |stop| city(&stop.area))
    };
    Ok((name(stops.first()), name(stops.last())))
}

/// The offer that stands between the two.
async fn standing(app: &App, thread: &Thread, now: Timestamp) -> Result<Option<Standing>, Problem> {
    let pair = format!("{}:{}", thread.about, thread.other);
    let found = app.store.first::<Offer>(Find::by("offer", "offer.live", pair)).await?;
    Ok(found.and_then(|offer| {
        let turn = offer.record.turn(now)?;
        Some(Standing {
            id: OfferId::from_uuid(offer.id),
            price: offer.record.terms.price(),
            turn: Some(turn.word()),
            expires_at: offer.record.expires_at,
        })
    }))
}

async fn card(
    app: &App,
    caller: &Caller,
    found: Stored<Thread>,
    now: Timestamp,
) -> Result<ThreadCard, Problem> {
    let thread = found.record;
    let peer = thread.peer_of(caller.party);
    let other = own_party(&app.account, peer).await?.record;
    let (from, to) = ends(app, &thread.about).await?;
    let carries = other.is_verified("licence", now) || side(&thread, peer) == "shipper";
    Ok(ThreadCard {
        id: ThreadId::from_uuid(found.id),
        order: thread.order.clone(),
        other: Other {
            subject: other.subject,
            display_name: display_name(&other, peer),
            rating: rating(&other),
            verified: other.is_verified("person", now) && carries,
        },
        from,
        to,
        side: side(&thread, caller.party),
        unread: talk::unread(&thread, caller.party),
        standing_offer: standing(app, &thread, now).await?,
        state: if thread.closed { "closed" } else { "open" },
        last_at: thread.last_at,
        load: thread.about,
    })
}

/// The right to show the names on these cards.
async fn shown(
    app: &App,
    caller: &Caller,
    cards: Vec<ThreadCard>,
    now: Timestamp,
) -> Result<Disclosed<Vec<ThreadCard>, Converse>, Problem> {
    let scope = Scope::several(cards.iter().map(|card| card.other.subject));
    let resource = match cards.as_slice() {
        [one] => one.id.to_string(),
        _ => "threads".to_owned(),
    };
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: "peer",
        resource_kind: "card",
        resource,
        stage: "",
        case: None,
        consent: false,
        scope: scope.ok_or_else(|| Problem::new("internal"))?,
        fields: &["party.display_name"],
    };
    let grant = app.account.gate.grant::<Converse>(ask, now).await?;
    Ok(grant.disclose(cards)?)
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<ThreadPage>,
) -> Result<List<Disclosed<Vec<ThreadCard>, Converse>>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "thread_list", caller.actor(), &page.load, asked, now)?;
    let rows = match page.load {
        None => talk::threads(&app.account, caller.party, paging.limit, paging.after).await?,
        Some(load) => {
            let query = Find::by("thread", "thread.about", load.to_string()).newest_first();
            let query = query.limit(paging.limit).after(paging.after);
            app.store.records::<Thread>(query).await?
        }
    };
    let last = rows.last().map(|(thread, sort)| (*sort, thread.id));
    let next_cursor = paging.next(&app, rows.len(), last, now)?;
    let mut cards = Vec::new();
    for (thread, _) in rows {
        if thread.record.has(caller.party) {
            cards.push(card(&app, &caller, thread, now).await?);
        }
    }
    Ok(List { items: shown(&app, &caller, cards, now).await?, next_cursor })
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<ThreadId>,
) -> Result<axum::Json<serde_json::Value>, Problem> {
    let found = talk::thread(&app.account, caller.party, id).await?;
    let card = card(&app, &caller, found, now).await?;
    let shown = shown(&app, &caller, vec![card], now).await?;
    let rows = serde_json::to_value(&shown).map_err(|_| Problem::new("internal"))?;
    Ok(axum::Json(rows.get(0).cloned().ok_or_else(|| Problem::new("internal"))?))
}
