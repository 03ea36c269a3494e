//! Routes that change endpoints: make, change, remove, rotate, test, replay, retry.

use axum::{extract::State, http::StatusCode};
use sarai_gate::outbound::{Answered, Ground, Question, Sector};
use sarai_kernel::{
    Caller, Decision, DeliveryId, Draft, EventId, FieldCheck, FieldError, Kind, OrgId, Outcome,
    Refusal, Stored, Timestamp, UseCaseError, WebhookId, audit::AuditEntry,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    administered, delivery, endpoint,
    read::{Hook, hooks},
    record::{
        Delivery, OLD_KEY_LIFE, Progress, REPLAY_BACK_MAX, Scheme, Standing, WEBHOOKS_MAX, Webhook,
    },
    worker::{PURPOSE, recipient_of, wire},
};
use crate::{
    app::{App, Ctx},
    body::Nothing,
    events::{BACK_EVENTS_MAX, Envelope, EventSubject, READ_AT_ONCE},
    params::Params,
    post::{Asked, Done, Patch, Post},
    problem::Problem,
    spec::{Routes, Spec},
    version::Tagged,
    who::{SignedIn, SteppedUp},
};

/// The type of a test message.
pub(super) const TEST: &str = "webhook.test";

const LIST: &str = "/v1/orgs/{id}/webhooks";
const ONE: &str = "/v1/orgs/{id}/webhooks/{whk}";

pub(super) fn routes() -> Routes {
    let admin = |spec: Spec| spec.relation("admin of the company");
    let post = |path, id, title| admin(Spec::post(path, id, title)).body::<Nothing>();
    Routes::new()
        .add(
            admin(Spec::post(LIST, "webhook_post", "Register an endpoint"))
                .step_up()
                .audited("webhook_made")
                .body::<New>()
                .answers::<Made>(201)
                .problems(&[
                    "not_allowed",
                    "quota_spent",
                    "secret_not_replayed",
                    "transfer_refused",
                    "blocked_by_directive",
                ]),
            make,
        )
        .add(
            admin(Spec::patch(ONE, "webhook_patch", "Change an endpoint"))
                .body::<Change>()
                .answers::<Hook>(200)
                .problems(&["not_allowed", "transition_refused"]),
            change,
        )
        .add(
            admin(Spec::delete(ONE, "webhook_delete", "Remove an endpoint"))
                .step_up()
                .audited("webhook_removed")
                .problems(&["not_allowed"]),
            remove,
        )
        .add(
            post(
                "/v1/orgs/{id}/webhooks/{whk}/actions/rotate",
                "webhook_rotate",
                "Give an endpoint a new key",
            )
            .step_up()
            .audited("webhook_rotated")
            .answers::<Made>(200)
            .problems(&["not_allowed", "secret_not_replayed"]),
            rotate,
        )
        .add(
            post("/v1/orgs/{id}/webhooks/{whk}/actions/test", "webhook_test", "Send a signed test")
                .answers::<Ref>(202)
                .problems(&["not_allowed"]),
            test,
        )
        .add(
            admin(Spec::post(
                "/v1/orgs/{id}/webhooks/{whk}/actions/replay",
                "webhook_replay",
                "Deliver a span of time again",
            ))
            .cost(60)
            .body::<Replay>()
            .answers::<Ref>(202)
            .problems(&["not_allowed", "transition_refused"]),
            replay,
        )
        .add(
            post(
                "/v1/orgs/{id}/webhooks/{whk}/deliveries/{dlv}/actions/retry",
                "delivery_retry",
                "Try a delivery again",
            )
            .answers::<Ref>(202)
            .problems(&["not_allowed", "transition_refused"]),
            retry,
        )
}

/// An endpoint to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookNew)]
struct New {
    #[schema(max_length = 2048, pattern = "^https?://")]
    url: String,
    /// Event types; `freight.order.*` means all below.
    #[schema(min_items = 1, max_items = 50)]
    types: Vec<String>,
    /// ISO 3166 country of the receiver.
    #[schema(pattern = "^[A-Z]{2}$", max_length = 2)]
    country: String,
    /// What it is for: an endpoint is a recipient of data.
    #[schema(min_length = 1, max_length = 200)]
    purpose: String,
    #[serde(default)]
    scheme: Scheme,
}

/// What is changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookPatch)]
struct Change {
    #[schema(min_items = 1, max_items = 50)]
    types: Option<Vec<String>>,
    /// Switch it on or off.
    on: Option<bool>,
}

/// A span of time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookReplay)]
struct Replay {
    from: Timestamp,
    to: Timestamp,
}

/// Where to look.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookRef)]
struct Ref {
    #[schema(max_length = 40)]
    id: String,
    version: u64,
    #[schema(max_length = 40)]
    state: String,
}

/// An endpoint with its key, shown once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookMade)]
struct Made {
    id: WebhookId,
    version: u64,
    state: String,
    /// `whpk_…`, or with `v1` the secret `whsec_…`.
    key: String,
}

fn check_types(check: &mut FieldCheck, types: &[String]) {
    let fine = |kind: &String| {
        kind.len() <= 80
            && kind.contains('.')
            && kind.split('.').all(|part| {
                part == "*"
                    || (!part.is_empty()
                        && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
            })
            && !kind.trim_end_matches(".*").contains('*')
    };
    check.range("/types", i64::try_from(types.len()).unwrap_or(i64::MAX), 1, 50);
    for (at, kind) in types.iter().enumerate() {
        check.require(fine(kind), || FieldError::new(format!("/types/{at}"), "pattern"));
    }
}

fn valid(app: &App, new: &New) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    check.require(app.exit.check(&new.url).is_ok(), || FieldError::new("/url", "pattern"));
    check_types(&mut check, &new.types);
    let country =
        new.country.len() == 2 && new.country.bytes().all(|byte| byte.is_ascii_uppercase());
    check.require(country, || FieldError::new("/country", "pattern"));
    check.length("/purpose", &new.purpose, 1, 200).plain_text("/purpose", &new.purpose);
    check.finish()
}

fn audit(caller: &Caller, action: &'static str, id: WebhookId) -> AuditEntry {
    AuditEntry {
        actor: caller.actor(),
        action,
        purpose: "",
        resource: id.to_string(),
        relation: "admin".to_owned(),
        subjects: vec![],
        fields: vec![],
        rule: String::new(),
        allowed: true,
        case: None,
    }
}

async fn make(
    State(app): Ctx,
    Params(org): Params<OrgId>,
    post: Post<New>,
) -> Result<Done, Problem> {
    administered(&app, &post.asked.caller, org).await?;
    let scheme = post.asked.body.scheme;
    let app = &app;
    let done = post.once(app, |asked| async move { register(app, org, asked).await }).await?;
    with_key(app, done, scheme, 1)
}

async fn register(app: &App, org: OrgId, asked: Asked<New>) -> Result<Outcome, UseCaseError> {
    valid(app, &asked.body)?;
    if hooks(app, org).await?.len() >= WEBHOOKS_MAX {
        return Err(Refusal::new("quota_spent", Kind::TooMany).into());
    }
    let (now, new) = (asked.command.now, asked.body);
    let id = WebhookId::new(now);
    let hook = Webhook {
        org,
        maker: asked.caller.party,
        url: new.url,
        types: new.types,
        country: new.country,
        purpose: new.purpose,
        scheme: new.scheme,
        state: Standing::Untested,
        key_number: 1,
        old_key_until: None,
        failing_since: None,
        created_at: now,
        removed: false,
    };
    may_be_heard(app, id, &hook, now).await?;
    let outcome = Outcome::of(201, id, 1).state(hook.state.word());
    let decision = Decision::new("webhook.make", now)
        .write(Draft::create(id.uuid(), &hook, hook.keys())?)
        .audit(audit(&asked.caller, "webhook_made", id))
        .answer(asked.command.once, outcome.clone());
    app.store.commit(decision).await?;
    Ok(outcome)
}

/// Whether the gate would let anything go there: an endpoint that would never hear is not made.
async fn may_be_heard(
    app: &App,
    id: WebhookId,
    hook: &Webhook,
    now: Timestamp,
) -> Result<(), Refusal> {
    app.gate.orders().transfer_to(&hook.country, &app.gate.operator().country, now)?;
    let to = recipient_of(app, id, hook, now).await?;
    let question = Question {
        to,
        purpose: PURPOSE,
        fields: &[],
        persons: 0,
        ground: Ground::Contract,
        sector: Sector::General,
        consented: false,
    };
    let answer = app.gate.question(&question, now).await?;
    if answer.answer == Answered::Refuse {
        return Err(answer.refusal(to));
    }
    Ok(())
}

/// Adds the key to a first answer. A public key may be said again; a secret is never replayed.
fn with_key(app: &App, mut done: Done, scheme: Scheme, number: u32) -> Result<Done, Problem> {
    let id: WebhookId = done.id()?;
    if done.replayed && scheme == Scheme::V1 {
        return Err(Problem::new("secret_not_replayed").with("id", id.to_string()));
    }
    let key = app.webhook_keys.shown(id, scheme, number);
    done.outcome.body.insert("key".to_owned(), key.as_str().into());
    done.outcome.body.remove("key_number");
    Ok(done)
}

async fn change(
    State(app): Ctx,
    Params((org, id)): Params<(OrgId, WebhookId)>,
    patch: Patch<Change>,
) -> Result<Tagged<'static, Hook>, Problem> {
    let now = patch.command.now;
    let found = endpoint(&app, &patch.caller, org, id).await?;
    if found.version != patch.version {
        return Err(Problem::new("version_mismatch").with("version", found.version));
    }
    let mut hook = found.record;
    if let Some(types) = patch.body.types {
        let mut check = FieldCheck::new();
        check_types(&mut check, &types);
        check.finish()?;
        hook.types = types;
    }
    match (patch.body.on, hook.state) {
        (Some(false), _) => hook.state = Standing::Off,
        // Off does not tell whether a test was ever answered: it is asked for again.
        (Some(true), Standing::Off) => hook.state = Standing::Untested,
        (Some(true), Standing::Untested) => {
            return Err(Problem::new("transition_refused").with("state", "untested"));
        }
        _ => {}
    }
    hook.failing_since = hook.failing_since.filter(|_| hook.state == Standing::Failing);
    let draft =
        Draft::update(id.uuid(), patch.version, &hook, hook.keys()).map_err(Refusal::from)?;
    app.store.commit(Decision::new("webhook.change", now).write(draft)).await?;
    let version = patch.version + 1;
    Ok(Tagged { version, view: "admin", body: Hook::of(&app, id, version, hook) })
}

async fn remove(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Params((org, id)): Params<(OrgId, WebhookId)>,
) -> Result<StatusCode, Problem> {
    let found = endpoint(&app, &caller, org, id).await?;
    let hook = Webhook { removed: true, state: Standing::Off, ..found.record };
    let draft =
        Draft::update(id.uuid(), found.version, &hook, hook.keys()).map_err(Refusal::from)?;
    let decision = Decision::new("webhook.remove", app.clock.now()).write(draft).audit(audit(
        &caller,
        "webhook_removed",
        id,
    ));
    app.store.commit(decision).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn rotate(
    State(app): Ctx,
    Params((org, id)): Params<(OrgId, WebhookId)>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    let found = endpoint(&app, &post.asked.caller, org, id).await?;
    let scheme = found.record.scheme;
    let store = &app.store;
    let done = post
        .once(&app, |asked| async move {
            let now = asked.command.now;
            let hook = Webhook {
                key_number: found.record.key_number + 1,
                old_key_until: Some(now.plus(OLD_KEY_LIFE)),
                ..found.record
            };
            let outcome = Outcome::of(200, id, found.version + 1)
                .state(hook.state.word())
                .with("key_number", hook.key_number);
            let decision = Decision::new("webhook.rotate", now)
                .write(Draft::update(id.uuid(), found.version, &hook, hook.keys())?)
                .audit(audit(&asked.caller, "webhook_rotated", id))
                .answer(asked.command.once, outcome.clone());
            store.commit(decision).await?;
            Ok(outcome)
        })
        .await?;
    let number =
        done.outcome.body.get("key_number").and_then(serde_json::Value::as_u64).unwrap_or(1);
    with_key(&app, done, scheme, u32::try_from(number).unwrap_or(1))
}

async fn test(
    State(app): Ctx,
    Params((org, id)): Params<(OrgId, WebhookId)>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    let found = endpoint(&app, &post.asked.caller, org, id).await?;
    let store = &app.store;
    post.once(&app, |asked| async move {
        let now = asked.command.now;
        let event = EventId::new(now);
        let envelope = Envelope {
            id: event,
            kind: TEST.to_owned(),
            at: now,
            subject: EventSubject {
                kind: "webhook".to_owned(),
                id: id.to_string(),
                version: found.version,
                seq: 0,
            },
            data: sarai_kernel::document::Clear::new(),
            api: "v1",
        };
        let body = serde_json::to_string(&envelope).unwrap_or_default();
        let delivery = Delivery::new(id, event, TEST, body, now);
        let delivery_id = Delivery::id(now);
        let outcome = Outcome::of(202, delivery_id, 1).state(delivery.state.word());
        let decision = Decision::new("webhook.test", now)
            .write(Draft::create(delivery_id.uuid(), &delivery, delivery.keys())?)
            .answer(asked.command.once, outcome.clone());
        store.commit(decision).await?;
        Ok(outcome)
    })
    .await
}

async fn replay(
    State(app): Ctx,
    Params((org, id)): Params<(OrgId, WebhookId)>,
    post: Post<Replay>,
) -> Result<Done, Problem> {
    let found = endpoint(&app, &post.asked.caller, org, id).await?;
    let app = &app;
    post.once(app, |asked| async move { deliver_again(app, id, found, asked).await }).await
}

/// Deliveries of the span that are done or dead become due again; events that were never delivered get theirs.
async fn deliver_again(
    app: &App,
    id: WebhookId,
    hook: Stored<Webhook>,
    asked: Asked<Replay>,
) -> Result<Outcome, UseCaseError> {
    let (now, span) = (asked.command.now, asked.body);
    let mut check = FieldCheck::new();
    check.require(span.from < span.to, || FieldError::new("/to", "window_reversed"));
    check.require(now.since(span.from) <= REPLAY_BACK_MAX, || {
        FieldError::new("/from", "out_of_range")
    });
    check.finish()?;
    if !hook.record.state.hears() {
        return Err(Refusal::new("transition_refused", Kind::Conflict)
            .with("state", hook.record.state.word())
            .into());
    }
    let outcome = Outcome::of(202, id, hook.version).state(hook.record.state.word());
    let mut decision = Decision::new("webhook.replay", now);
    let mut at = (app.store.last_event().await? - BACK_EVENTS_MAX).max(0);
    loop {
        let page = app.store.events_after(at, READ_AT_ONCE).await?;
        let Some(last) = page.last() else { break };
        at = last.global_seq;
        let wanted = |event: &&sarai_kernel::Event| {
            event.at >= span.from
                && event.at < span.to
                && event.is_for(hook.record.maker)
                && hook.record.wants(&event.kind)
        };
        for event in page.iter().filter(wanted) {
            decision.drafts.push(again(app, id, event, now).await?);
        }
    }
    app.store.commit(decision.answer(asked.command.once, outcome.clone())).await?;
    Ok(outcome)
}

async fn again(
    app: &App,
    id: WebhookId,
    event: &sarai_kernel::Event,
    now: Timestamp,
) -> Result<Draft, UseCaseError> {
    use sarai_kernel::{Query, StoreExt};
    let query = Query::by("delivery", "delivery.once", format!("{id}/{}", event.id));
    let found: Option<Stored<Delivery>> = app.store.first(query).await?;
    if let Some(found) = found {
        let next = due_again(found.record, now);
        return Ok(Draft::update(found.id, found.version, &next, next.keys())?);
    }
    let body = serde_json::to_string(&Envelope::from(event)).unwrap_or_default();
    let delivery = Delivery::new(id, event.id, &event.kind, body, now);
    Ok(Draft::create(Delivery::id(now).uuid(), &delivery, delivery.keys())?)
}

fn due_again(delivery: Delivery, now: Timestamp) -> Delivery {
    Delivery { state: Progress::Waiting, round: 0, next_at: Some(now), ..delivery }
}

async fn retry(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Params((org, id, dlv)): Params<(OrgId, WebhookId, DeliveryId)>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    let hook = endpoint(&app, &caller, org, id).await?;
    let found = delivery(&app, id, dlv).await?;
    let store = &app.store;
    post.once(&app, |asked| async move {
        let fine = matches!(found.record.state, Progress::Dead | Progress::Done);
        if !fine || !(hook.record.state.hears() || found.record.kind == TEST) {
            let refusal = Refusal::new("transition_refused", Kind::Conflict);
            return Err(refusal.with("state", found.record.state.word()).into());
        }
        let next = due_again(found.record, asked.command.now);
        let outcome = Outcome::of(202, wire(found.id), found.version + 1).state(next.state.word());
        let decision = Decision::new("webhook.retry", asked.command.now)
            .write(Draft::update(found.id, found.version, &next, next.keys())?)
            .answer(asked.command.once, outcome.clone());
        store.commit(decision).await?;
        Ok(outcome)
    })
    .await
}
