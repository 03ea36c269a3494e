//! Ratings of an order and of a party; the public card of a party.

use axum::{extract::State, response::Response};
use sarai_account::usecase::{
    profile::own_party,
    ratings::{self, Given},
    sides, talk,
};
use sarai_gate::Ask;
use sarai_kernel::{
    Caller, OrderId, PartyId, RatingId, Role, Stored, Timestamp,
    party::PartyDisplayName,
    personal::{Name, Words},
    purpose::{Converse, Publish},
    rating::{Rating, RatingRemark},
};
use sarai_seal::{Disclose, Disclosed, Scope, Sealed, SubjectId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{Params, Query},
    post::Post,
    problem::Problem,
    routes::{
        cards::{RatingSum, display_name, rating},
        paging::{Page, Paging},
    },
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::post("/v1/orders/{id}/ratings", "rating_post", "Rate the other side")
                .relation("the two sides, 14 days")
                .opens("publish", "open")
                .body::<RatingNew>()
                .answers::<RatingShape>(201)
                .problems(&["transition_refused", "not_found"]),
            rate,
        )
        .add(
            Spec::get("/v1/orders/{id}/ratings", "rating_list", "Ratings of an order")
                .relation("the two sides")
                .opens("publish", "open")
                .lists::<RatingShape>(),
            of_order,
        )
        .add(
            Spec::get("/v1/parties/{id}/ratings", "party_rating_list", "Ratings of a party")
                .relation("self, counterparty, peer, op")
                .opens("publish", "open")
                .query::<Page>()
                .lists::<RatingShape>(),
            of_party,
        )
        .add(
            Spec::get("/v1/parties/{id}", "party_get", "The card of a party")
                .relation("self, counterparty, peer, op")
                .opens("converse", "open")
                .answers::<PartyCardShape>(200),
            party,
        )
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RatingNew {
    #[schema(minimum = 1, maximum = 5)]
    stars: u8,
    #[schema(max_items = 5)]
    tags: Vec<String>,
    #[schema(max_length = 2000)]
    words: Option<String>,
}

#[derive(Disclose)]
struct RatingView {
    #[subject]
    #[serde(skip)]
    subject: SubjectId,
    id: RatingId,
    stars: u8,
    tags: Vec<String>,
    words: Option<Sealed<Words, RatingRemark>>,
    at: Timestamp,
    by: &'static str,
    visible: bool,
}

/// What one side said of the other.
#[derive(ToSchema)]
#[schema(as = Rating)]
#[expect(dead_code, reason = "shape of the document")]
struct RatingShape {
    id: RatingId,
    stars: u8,
    tags: Vec<String>,
    words: Option<String>,
    at: Timestamp,
    by: String,
    visible: bool,
}

fn view(found: Stored<Rating>, by: &'static str) -> RatingView {
    RatingView {
        subject: found.record.author_subject,
        id: RatingId::from_uuid(found.id),
        stars: found.record.stars,
        tags: found.record.tags,
        words: found.record.remark,
        at: found.record.at,
        by,
        visible: found.record.shown_at.is_some(),
    }
}

/// The right to show these ratings' words.
async fn shown(
    app: &App,
    caller: &Caller,
    resource: String,
    views: Vec<RatingView>,
    now: Timestamp,
) -> Result<Disclosed<Vec<RatingView>, Publish>, Problem> {
    let scope = Scope::several(views.iter().map(|view| view.subject));
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: "reader",
        resource_kind: "rating",
        resource,
        stage: "",
        case: None,
        consent: false,
        scope: scope.ok_or_else(|| Problem::new("internal"))?,
        fields: &["rating.remark"],
    };
    let grant = app.account.gate.grant::<Publish>(ask, now).await?;
    Ok(grant.disclose(views)?)
}

async fn views_of_order(
    app: &App,
    caller: &Caller,
    order: OrderId,
) -> Result<Vec<RatingView>, Problem> {
    let two = sides::of(&app.account, order, caller.party).await?;
    let seen = ratings::seen(&app.account, caller.party, order).await?;
    let by = |author: PartyId| if author == two.giver { "shipper" } else { "trucker" };
    Ok(seen
        .into_iter()
        .map(|one| {
            let side = by(one.record.author);
            view(one, side)
        })
        .collect())
}

async fn of_order(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(order): Params<OrderId>,
) -> Result<List<Disclosed<Vec<RatingView>, Publish>>, Problem> {
    let views = views_of_order(&app, &caller, order).await?;
    let items = shown(&app, &caller, order.to_string(), views, now).await?;
    Ok(List { items, next_cursor: None })
}

async fn rate(
    State(app): Ctx,
    Params(order): Params<OrderId>,
    post: Post<RatingNew>,
) -> Result<Response, Problem> {
    let account = &app.account;
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let done = post
        .once(&app, |asked| async move {
            let RatingNew { stars, tags, words } = asked.body;
            let given = Given { stars, tags, words };
            ratings::rate(account, &asked.caller, order, given, asked.command).await
        })
        .await?;
    let id: RatingId = done.id()?;
    let mut views = views_of_order(&app, &caller, order).await?;
    views.retain(|view| view.id == id);
    let rows = shown(&app, &caller, id.to_string(), views, now).await?;
    let rows = serde_json::to_value(&rows).map_err(|_| Problem::new("internal"))?;
    Ok(done.show(rows.get(0).cloned().ok_or_else(|| Problem::new("not_found"))?))
}

/// Whether somebody has to do with a party: oneself, an order, a talk, the desk.
async fn knows(app: &App, caller: &Caller, id: PartyId) -> Result<bool, Problem> {
    let desk = [Role::OpSupport, Role::OpMoney, Role::OpSafety, Role::OpAdmin];
    if caller.party == id || desk.into_iter().any(|role| caller.has(role)) {
        return Ok(true);
    }
    if sides::met(&app.account, caller.party, id).await? {
        return Ok(true);
    }
    let talks = talk::threads(&app.account, caller.party, 200, None).await?;
    Ok(talks.iter().any(|(thread, _)| thread.record.has(id)))
}

async fn of_party(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<PartyId>,
    Query(page): Query<Page>,
) -> Result<List<Disclosed<Vec<RatingView>, Publish>>, Problem> {
    if !knows(&app, &caller, id).await? {
        return Err(Problem::new("not_found"));
    }
    let asked = (page.limit, page.cursor.as_deref());
    let filter = id.to_string();
    let paging = Paging::open(&app, "party_rating_list", caller.actor(), &filter, asked, now)?;
    let rows = ratings::about(&app.account, id, paging.limit, paging.after).await?;
    let last = rows.last().map(|(one, sort)| (*sort, one.id));
    let next_cursor = paging.next(&app, rows.len(), last, now)?;
    let mut views = Vec::new();
    for (one, _) in rows {
        let two = sides::of(&app.account, one.record.order, id).await?;
        let by = if one.record.author == two.giver { "shipper" } else { "trucker" };
        views.push(view(one, by));
    }
    Ok(List { items: shown(&app, &caller, filter, views, now).await?, next_cursor })
}

#[derive(Disclose)]
struct PartyCard {
    #[subject]
    #[serde(skip)]
    subject: SubjectId,
    id: PartyId,
    display_name: Sealed<Name, PartyDisplayName>,
    roles: Vec<&'static str>,
    verified: bool,
    rating: Option<RatingSum>,
    since: String,
}

/// A party for those who deal with it.
#[derive(ToSchema)]
#[schema(as = PartyCard)]
#[expect(dead_code, reason = "shape of the document")]
struct PartyCardShape {
    id: PartyId,
    display_name: String,
    roles: Vec<String>,
    verified: bool,
    rating: Option<RatingSum>,
    since: String,
}

async fn party(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<PartyId>,
) -> Result<axum::Json<Disclosed<PartyCard, Converse>>, Problem> {
    if !knows(&app, &caller, id).await? {
        return Err(Problem::new("not_found"));
    }
    let found = own_party(&app.account, id).await?;
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(&caller),
        relation: if caller.party == id { "self" } else { "peer" },
        resource_kind: "card",
        resource: id.to_string(),
        stage: "",
        case: None,
        consent: false,
        scope: Scope::One(id.subject()),
        fields: &["party.display_name"],
    };
    let grant = app.account.gate.grant::<Converse>(ask, now).await?;
    let record = found.record;
    let roles = record.roles.iter().filter(|role| !role.is_staff());
    let card = PartyCard {
        subject: record.subject,
        id,
        display_name: display_name(&record, id),
        roles: roles.map(|role| role.word()).collect(),
        verified: record.is_verified("person", now) || record.is_verified("company", now),
        rating: rating(&record),
        since: found.created_at.to_string().chars().take(10).collect(),
    };
    Ok(axum::Json(grant.disclose(card)?))
}
