//! How the sides reach each other: codes for the shipper, contact of the other side. Each opening is granted and logged.

use async_trait::async_trait;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_account::usecase::notices::text_message;
use sarai_freight::{
    model::{
        Order, OrderCodes, StopContact,
        codes::{OrderCodesCodes, SENDS_MAX},
        order::CONTACT_AFTER_DELIVERY_MICROS,
        site::{StopContactName, StopContactPhone},
    },
    relations::{self, Relation, related, stage},
    usecase::codes::{CodeLetter, Sending, renew_code, send_code},
    words::StopKind,
};
use sarai_gate::{Ask, words};
use sarai_kernel::{
    Caller, Draft, Kind, OrderId, PartyId, Refusal, StoreExt, Timestamp,
    party::{Language, Party, PartyName, PartyPhone},
    personal::{Name, Phone, Secret},
    purpose::Deliver,
    time::{DAY, HOUR},
};
use sarai_seal::{Disclose, Disclosed, Scope, Sealed, SubjectId};
use serde::Serialize;
use utoipa::ToSchema;

use super::orders::StopNumber;
use crate::{
    app::{App, Ctx},
    cursor::List,
    params::Params,
    post::Post,
    problem::Problem,
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get(
                "/v1/freight/orders/{id}/codes",
                "freight_order_codes",
                "Loading and receiver's codes",
            )
            .relation("shipper")
            .opens("deliver", "open")
            .answers::<CodesView>(200)
            .problems(&["not_found", "purpose_not_allowed", "not_allowed"]),
            codes,
        )
        .add(
            Spec::post(
                "/v1/freight/orders/{id}/codes/actions/renew",
                "freight_order_codes_renew",
                "A new code for a stop",
            )
            .relation("shipper")
            .opens("deliver", "open")
            .body::<StopNumber>()
            .answers::<CodesView>(200)
            .problems(&[
                "not_found",
                "not_allowed",
                "transition_refused",
                "purpose_not_allowed",
                "account_suspended",
            ]),
            renew,
        )
        .add(
            Spec::post(
                "/v1/freight/orders/{id}/codes/actions/send",
                "freight_order_codes_send",
                "Send a stop's code to its contact",
            )
            .relation("shipper")
            .opens("deliver", "open")
            .body::<StopNumber>()
            .answers::<CodesView>(200)
            .problems(&[
                "not_found",
                "not_allowed",
                "transition_refused",
                "quota_spent",
                "purpose_not_allowed",
                "account_suspended",
            ]),
            send,
        )
        .add(
            Spec::get(
                "/v1/freight/orders/{id}/contact",
                "freight_order_contact",
                "How to reach the other side",
            )
            .relation("shipper, trucker, driver")
            .opens("deliver", "open")
            .lists::<ContactSchema>()
            .problems(&[
                "not_found",
                "transition_refused",
                "purpose_not_allowed",
                "not_allowed",
            ]),
            contact,
        )
}

/// The code of a stop where goods go off.
#[derive(Disclose, ToSchema)]
#[schema(as = ReceivingCode)]
struct CodeView {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    stop: u8,
    #[schema(value_type = String)]
    code: Sealed<Secret, OrderCodesCodes>,
    tries_left: u8,
}

/// The codes of a run.
#[derive(Disclose, ToSchema)]
#[schema(as = OrderCodes)]
struct CodesView {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    #[schema(value_type = Option<String>)]
    loading: Option<Sealed<Secret, OrderCodesCodes>>,
    #[view]
    receiving: Vec<CodeView>,
    sent: u8,
    sends_left: u8,
}

fn ask<'a>(
    caller: &'a Caller,
    (id, order): (OrderId, &Order),
    relation: Relation,
    data: &'a str,
    scope: Scope,
    fields: &'a [&'a str],
    now: Timestamp,
) -> Ask<'a> {
    Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: relation.word(),
        resource_kind: data,
        resource: id.to_string(),
        stage: stage(order, now),
        case: None,
        consent: false,
        scope,
        fields,
    }
}

async fn shown_codes(
    app: &App,
    caller: &Caller,
    id: OrderId,
    now: Timestamp,
) -> Result<Disclosed<CodesView, Deliver>, Problem> {
    let market = &app.freight;
    let order = market.related_order(caller, id).await?.record;
    let relation = related(&relations::to_order(caller, &order))?;
    if relation != Relation::Shipper {
        return Err(Problem::new("not_allowed"));
    }
    let scope = Scope::One(order.shipper.subject());
    let fields = ["order_codes.codes"];
    let ask = ask(caller, (id, &order), relation, words::data::RECEIVER_CODE, scope, &fields, now);
    let grant = app.gate.grant::<Deliver>(ask, now).await?;
    Ok(grant.disclose(codes_view(&order, market.codes(id).await?.record))?)
}

fn codes_view(order: &Order, codes: OrderCodes) -> CodesView {
    let OrderCodes { subject, checks, sent, codes, .. } = codes;
    let mut loading = None;
    let mut receiving = Vec::new();
    for ((check, code), stop) in checks.into_iter().zip(codes).zip(&order.stops) {
        match stop.kind {
            StopKind::Pickup => loading = loading.or(Some(code)),
            StopKind::Drop => receiving.push(CodeView {
                subject,
                stop: check.stop,
                code,
                tries_left: check.tries_left,
            }),
        }
    }
    CodesView { subject, loading, receiving, sent, sends_left: SENDS_MAX.saturating_sub(sent) }
}

async fn codes(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Params(id): Params<OrderId>,
) -> Result<Response, Problem> {
    Ok(axum::Json(shown_codes(&app, &caller, id, anybody.now).await?).into_response())
}

async fn renew(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<StopNumber>,
) -> Result<Response, Problem> {
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let market = &app.freight;
    let done = post
        .once(&app, |asked| async move {
            renew_code(market, &asked.caller, asked.command, id, asked.body.stop).await
        })
        .await?;
    let view = shown_codes(&app, &caller, id, now).await?;
    Ok(done.show(view))
}

/// A code that was sent is of use as long as its run goes on; a message that could not leave for so long is not worth sending.
const LETTER_MICROS: i64 = HOUR;

/// Writes the message for one request.
struct Letters<'a> {
    app: &'a App,
    caller: &'a Caller,
    order: OrderId,
    now: Timestamp,
}

#[async_trait]
impl CodeLetter for Letters<'_> {
    async fn write(&self, sending: Sending<'_>) -> Result<Draft, Refusal> {
        letter(self.app, self.caller, self.order, sending, self.now).await
    }
}

/// The message with a stop's code. Both are opened under the shipper's own right, and each opening is in the log.
async fn letter(
    app: &App,
    caller: &Caller,
    id: OrderId,
    sending: Sending<'_>,
    now: Timestamp,
) -> Result<Draft, Refusal> {
    let Sending { order, codes, stop, contact } = sending;
    let denied = |_| Refusal::new("key_destroyed", Kind::Gone);
    let by = Relation::Shipper;
    let fields = ["order_codes.codes"];
    let scope = Scope::One(codes.subject);
    let own = ask(caller, (id, order), by, words::data::RECEIVER_CODE, scope, &fields, now);
    let own = app.gate.grant::<Deliver>(own, now).await?;
    let fields = ["stop_contact.phone"];
    let scope = Scope::One(contact.subject);
    let theirs = ask(caller, (id, order), by, words::data::RECEIVER, scope, &fields, now);
    let theirs = app.gate.grant::<Deliver>(theirs, now).await?;
    let language = app.store.load::<Party>(caller.party.uuid()).await?;
    let language = language.map(|party| party.record.language).unwrap_or_default();
    let kept = own.open_all::<OrderCodesCodes>(codes).map_err(denied)?;
    let code = kept.get(usize::from(stop)).ok_or_else(Refusal::not_found)?;
    let phone = theirs.open::<StopContactPhone>(contact).map_err(denied)?;
    let house = &app.config.name;
    let (title, body) = match language {
        Language::English => (
            format!("{house}: code for the driver"),
            format!(
                "{house}: the code for stop {} is {}. Give it to the driver when the goods are handed over, to nobody else.",
                stop + 1,
                code.as_str()
            ),
        ),
        Language::Chinese => (
            format!("{house} 交接码"),
            format!(
                "【{house}】第{}站交接码 {}，货物交接时告知司机，请勿提供给他人。",
                stop + 1,
                code.as_str()
            ),
        ),
    };
    let until = now.plus(LETTER_MICROS);
    text_message(contact.subject, (&phone, title, &body), (now, until))
}

async fn send(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<StopNumber>,
) -> Result<Response, Problem> {
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let wire = &app;
    let done = post
        .once(&app, |asked| async move {
            let letters = Letters { app: wire, caller: &asked.caller, order: id, now };
            let at = (id, asked.body.stop);
            send_code(&wire.freight, &asked.caller, asked.command, at, &letters).await
        })
        .await?;
    app.account.notices.notify_one();
    let view = shown_codes(&app, &caller, id, now).await?;
    Ok(done.show(view))
}

/// How to call.
#[derive(Disclose, ToSchema)]
#[schema(as = PartyCall)]
struct PartyCall {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    kind: &'static str,
    #[schema(value_type = Option<String>)]
    number: Option<Sealed<Phone, PartyPhone>>,
}

/// A party of the order.
#[derive(Disclose, ToSchema)]
#[schema(as = PartyContact)]
struct PartyContact {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    role: &'static str,
    #[schema(value_type = Option<String>)]
    name: Option<Sealed<Name, PartyName>>,
    #[view]
    call: PartyCall,
    until: Timestamp,
}

/// How to call somebody at a stop.
#[derive(Disclose, ToSchema)]
#[schema(as = StopCall)]
struct StopCall {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    kind: &'static str,
    #[schema(value_type = String)]
    number: Sealed<Phone, StopContactPhone>,
}

/// Somebody at a stop.
#[derive(Disclose, ToSchema)]
#[schema(as = StopContactOfOrder)]
struct StopPerson {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    role: &'static str,
    #[schema(value_type = String)]
    name: Sealed<Name, StopContactName>,
    #[view]
    call: StopCall,
    until: Timestamp,
}

/// Either of them, for the document.
#[derive(ToSchema)]
#[schema(as = OrderContact)]
#[serde(untagged)]
#[expect(dead_code, reason = "for the document")]
enum ContactSchema {
    Party(PartyContact),
    Stop(StopPerson),
}

/// Either of them.
#[derive(Serialize)]
#[serde(untagged)]
enum Person {
    Party(Disclosed<PartyContact, Deliver>),
    Stop(Disclosed<StopPerson, Deliver>),
}

async fn contact(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Params(id): Params<OrderId>,
) -> Result<Response, Problem> {
    let now = anybody.now;
    let market = &app.freight;
    let order = market.related_order(&caller, id).await?.record;
    let relation = related(&relations::to_order(&caller, &order))?;
    if !order.contact_open(now) {
        return Err(
            Problem::new("transition_refused").with("state", order.standing.state.to_string())
        );
    }
    let until = open_until(&order, now);
    let mut items =
        vec![Person::Party(party(&app, &caller, (id, &order), relation, until, now).await?)];
    items.extend(people(&app, &caller, (id, &order), relation, until, now).await?);
    Ok(List { items, next_cursor: None }.into_response())
}

/// Contact closes a day after delivery; before that, a day after the last window.
fn open_until(order: &Order, now: Timestamp) -> Timestamp {
    let last = order.stops.last().map_or(now, |stop| stop.window.to).max(now);
    order.delivered_at.map_or(last.plus(DAY), |at| at.plus(CONTACT_AFTER_DELIVERY_MICROS))
}

/// The other side: the shipper reaches the driver, trucker and driver reach the shipper.
async fn party(
    app: &App,
    caller: &Caller,
    (id, order): (OrderId, &Order),
    relation: Relation,
    until: Timestamp,
    now: Timestamp,
) -> Result<Disclosed<PartyContact, Deliver>, Problem> {
    let (role, who): (_, PartyId) = match relation {
        Relation::Shipper => {
            ("trucker", order.assignment.map_or(order.trucker, |assignment| assignment.driver))
        }
        _ => ("shipper", order.shipper),
    };
    let fields = ["party.name", "party.phone"];
    let scope = Scope::One(who.subject());
    let ask = ask(caller, (id, order), relation, words::data::CONTACT, scope, &fields, now);
    let grant = app.gate.grant::<Deliver>(ask, now).await?;
    let found = app.store.load::<Party>(who.uuid()).await?.map(|stored| stored.record);
    let (name, number) = found.map_or((None, None), |party| (party.name, party.phone));
    let subject = who.subject();
    let call = PartyCall { subject, kind: "number", number };
    Ok(grant.disclose(PartyContact { subject, role, name, call, until })?)
}

/// The people at the stops, where the law lets the caller reach them at this stage.
async fn people(
    app: &App,
    caller: &Caller,
    (id, order): (OrderId, &Order),
    relation: Relation,
    until: Timestamp,
    now: Timestamp,
) -> Result<Vec<Person>, Problem> {
    let scope = Scope::several(order.stops.iter().map(|stop| SubjectId::from_uuid(stop.id.uuid())));
    let scope = scope.ok_or_else(|| Problem::new("internal"))?;
    let fields = ["stop_contact.name", "stop_contact.phone"];
    let ask = ask(caller, (id, order), relation, words::data::RECEIVER, scope, &fields, now);
    if !app.gate.would::<Deliver>(&ask, now) {
        return Ok(Vec::new());
    }
    let grant = app.gate.grant::<Deliver>(ask, now).await?;
    let mut items = Vec::new();
    for stop in &order.stops {
        if let Some(found) = app.store.load::<StopContact>(stop.id.uuid()).await? {
            let StopContact { subject, name, phone, .. } = found.record;
            let role = if stop.kind == StopKind::Pickup { "loader" } else { "receiver" };
            let call = StopCall { subject, kind: "number", number: phone };
            items.push(Person::Stop(grant.disclose(StopPerson {
                subject,
                role,
                name,
                call,
                until,
            })?));
        }
    }
    Ok(items)
}
