//! Brings deliveries: due ones are sent, answers are written, what fails is tried again by the schedule, and given up at its end.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use bytes::Bytes;
use sarai_gate::{
    exit::{NotSent, Sent},
    outbound::{
        Approving, Ground, Leave, Leaving, RecipientForm, RecipientKind, Released, Sector,
        recipient,
    },
};
use sarai_kernel::{
    CommitError, Decision, DeliveryId, Draft, Query, RecipientId, Refusal, StoreExt, Stored,
    Timestamp, WebhookId, time::SECOND,
};
use tokio::task::JoinHandle;

use super::{
    pump,
    record::{
        AFTER_MAX, Attempt, Delivery, FAILING_MAX, Progress, Standing, TIMER, WAITS, Webhook,
    },
    sign::Message,
};
use crate::app::App;

/// Deliveries of one endpoint that are under way at once.
pub const IN_FLIGHT_MAX: usize = 20;
/// Deliveries that are looked at in one round.
const ROUND_MAX: u32 = 200;

/// Deliveries that this process has under way.
#[derive(Default)]
pub struct Carrier {
    under_way: Arc<Mutex<UnderWay>>,
}

#[derive(Default)]
struct UnderWay {
    deliveries: HashSet<uuid::Uuid>,
    endpoints: HashMap<WebhookId, usize>,
}

/// One round: makes deliveries of new events, starts those that are due, waits for them; gives how many were tried.
pub async fn run_due(app: &Arc<App>, now: Timestamp) -> Result<usize, Refusal> {
    pump(app, now).await?;
    let started = start_due(app, now).await?;
    let count = started.len();
    for task in started {
        // A try that panicked is tried again: nothing was written.
        let _ = task.await;
    }
    Ok(count)
}

/// Starts what is due and not under way; the worker of the binary does not wait for slow receivers.
pub async fn start_due(app: &Arc<App>, now: Timestamp) -> Result<Vec<JoinHandle<()>>, Refusal> {
    let query = Query::by("delivery", "timer", TIMER).up_to(now.as_micros()).limit(ROUND_MAX);
    let due = app.store.records::<Delivery>(query).await?;
    let mut started = Vec::new();
    for (delivery, _) in due {
        let Some(place) = app.carrier.enter(delivery.id, delivery.record.webhook) else { continue };
        let app = Arc::clone(app);
        started.push(tokio::spawn(async move {
            let _place = place;
            if bring(&app, delivery, now).await.is_err() {
                tracing::warn!(operation = "webhook.bring", "a delivery could not be recorded");
            }
        }));
    }
    Ok(started)
}

async fn bring(app: &App, delivery: Stored<Delivery>, now: Timestamp) -> Result<(), Refusal> {
    let hook_id = delivery.record.webhook;
    let hook = app.store.load::<Webhook>(hook_id.uuid()).await?;
    let test = delivery.record.kind == super::manage::TEST;
    let live = hook.filter(|hook| !hook.record.removed && (test || hook.record.state.hears()));
    let Some(hook) = live else {
        return record(app, delivery, None, None, now).await;
    };
    let sent = send(app, hook_id, &hook.record, (delivery.id, &delivery.record), now).await;
    record(app, delivery, Some(hook), Some(sent), now).await
}

/// The purpose under which endpoints are registered.
pub(super) const PURPOSE: &str = "webhook";

/// The endpoint as a recipient of the gate. It gets thin events only, which hold no data of persons.
pub(super) async fn recipient_of(
    app: &App,
    id: WebhookId,
    hook: &Webhook,
    now: Timestamp,
) -> Result<RecipientId, Refusal> {
    let form = RecipientForm {
        name: format!("Endpoint of {}", hook.org),
        country: hook.country.clone(),
        kind: RecipientKind::Controller,
        purposes: vec![PURPOSE.to_owned()],
        categories: Vec::new(),
        group: None,
        approving: Approving::Standing,
    };
    recipient::of_way(app.store.as_ref(), &format!("webhook/{id}"), form, now).await
}

/// Asks the gate. A message is typed by construction: kinds, ids, states and numbers of an event. It is scanned all the same, and one
/// in which anything of a person is found does not leave: covering it would break what the receiver parses.
async fn leave(
    app: &App,
    id: WebhookId,
    hook: &Webhook,
    (delivery, body): (uuid::Uuid, &str),
    now: Timestamp,
) -> Result<Leave, Refusal> {
    let what = Leaving {
        to: recipient_of(app, id, hook, now).await?,
        actor: "system/webhooks",
        purpose: PURPOSE,
        resource: &wire(delivery).to_string(),
        fields: &[],
        persons: &[],
        more_persons: 0,
        untyped: &[body.as_bytes()],
        ground: Ground::Contract,
        sector: Sector::General,
        approval: None,
    };
    match app.gate.release(&what, now).await? {
        Released::Whole(leave) => Ok(leave),
        Released::Covered(..) | Released::Held(_) => {
            Err(Refusal::new("transfer_held", sarai_kernel::Kind::Forbidden))
        }
    }
}

async fn send(
    app: &App,
    id: WebhookId,
    hook: &Webhook,
    (delivery_id, delivery): (uuid::Uuid, &Delivery),
    now: Timestamp,
) -> Result<Sent, NotSent> {
    let leave = leave(app, id, hook, (delivery_id, &delivery.body), now)
        .await
        .map_err(|_| NotSent::Kept)?;
    let event = delivery.event.to_string();
    let message = Message { id: &event, seconds: now.as_seconds(), body: &delivery.body };
    let signature = app.webhook_keys.signature(id, hook, &message, now);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static("sarai-webhook/1"));
    let named = [
        ("webhook-id", event.clone()),
        ("webhook-timestamp", message.seconds.to_string()),
        ("webhook-signature", signature),
    ];
    for (name, text) in named {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    app.exit.post(leave, &hook.url, headers, Bytes::from(delivery.body.clone())).await
}

/// Writes what came of a try. An endpoint that is gone makes a dead letter of it.
async fn record(
    app: &App,
    delivery: Stored<Delivery>,
    hook: Option<Stored<Webhook>>,
    sent: Option<Result<Sent, NotSent>>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut next = delivery.record;
    let verdict = match sent {
        None => Verdict::Dead,
        Some(sent) => {
            next.attempts.push(attempt(now, sent));
            judge(&next, sent)
        }
    };
    next.state = verdict.progress();
    next.next_at = match verdict {
        Verdict::Again(micros) => Some(now.plus(spread(micros))),
        _ => None,
    };
    next.round += 1;
    let mut decision = Decision::new("webhook.record", now).write(Draft::update(
        delivery.id,
        delivery.version,
        &next,
        next.keys(),
    )?);
    if let Some(hook) = hook
        && let Some(changed) = judged(&hook.record, &next, verdict, now)
    {
        decision = decision.write(Draft::update(hook.id, hook.version, &changed, changed.keys())?);
    }
    match app.store.commit(decision).await {
        // Changed by its owner meanwhile: the delivery stays due and is tried again.
        Ok(_) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn attempt(now: Timestamp, sent: Result<Sent, NotSent>) -> Attempt {
    match sent {
        Ok(sent) => Attempt {
            at: now,
            status: Some(sent.status),
            error: None,
            duration_ms: sent.duration_ms,
        },
        Err(error) => {
            Attempt { at: now, status: None, error: Some(error.word().to_owned()), duration_ms: 0 }
        }
    }
}

/// What a try means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Done,
    /// The receiver is gone for good (410).
    Gone,
    Again(i64),
    Dead,
}

impl Verdict {
    const fn progress(self) -> Progress {
        match self {
            Self::Done => Progress::Done,
            Self::Again(_) => Progress::Retrying,
            Self::Gone | Self::Dead => Progress::Dead,
        }
    }
}

fn judge(delivery: &Delivery, sent: Result<Sent, NotSent>) -> Verdict {
    match sent {
        Ok(sent) if (200..300).contains(&sent.status) => Verdict::Done,
        Ok(sent) if sent.status == 410 => Verdict::Gone,
        other => {
            let wait = WAITS.get(delivery.round as usize).copied();
            let wished = other.ok().and_then(|sent| sent.retry_after_seconds);
            let wished = wished.map_or(0, |seconds| {
                i64::try_from(seconds).unwrap_or(AFTER_MAX).saturating_mul(SECOND).min(AFTER_MAX)
            });
            wait.map_or(Verdict::Dead, |wait| Verdict::Again(wait.max(wished)))
        }
    }
}

/// What a try does to its endpoint; `None` changes nothing.
fn judged(
    hook: &Webhook,
    delivery: &Delivery,
    verdict: Verdict,
    now: Timestamp,
) -> Option<Webhook> {
    let test = delivery.kind == super::manage::TEST;
    let mut next = hook.clone();
    match verdict {
        Verdict::Done => {
            next.failing_since = None;
            if hook.state == Standing::Failing || (test && hook.state == Standing::Untested) {
                next.state = Standing::On;
            }
        }
        Verdict::Gone => next.state = Standing::Off,
        Verdict::Again(_) | Verdict::Dead if hook.state.hears() => {
            let since = *next.failing_since.get_or_insert(now);
            next.state =
                if now.since(since) >= FAILING_MAX { Standing::Off } else { Standing::Failing };
        }
        Verdict::Again(_) | Verdict::Dead => {}
    }
    (next != *hook).then_some(next)
}

/// ±20 %, so that what failed together does not come back together.
fn spread(micros: i64) -> i64 {
    let mut random = [0u8; 2];
    // Without randomness the schedule is exact, which only costs a burst.
    let _ = getrandom::fill(&mut random);
    let share = i64::from(u16::from_le_bytes(random)) * 400 / i64::from(u16::MAX) - 200;
    micros + micros / 1_000 * share
}

/// A place among those under way; given back when dropped.
struct Place {
    delivery: uuid::Uuid,
    endpoint: WebhookId,
    under_way: Arc<Mutex<UnderWay>>,
}

impl Carrier {
    fn enter(&self, delivery: uuid::Uuid, endpoint: WebhookId) -> Option<Place> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let busy = under_way.endpoints.get(&endpoint).is_some_and(|count| *count >= IN_FLIGHT_MAX);
        if busy || !under_way.deliveries.insert(delivery) {
            return None;
        }
        *under_way.endpoints.entry(endpoint).or_default() += 1;
        Some(Place { delivery, endpoint, under_way: Arc::clone(&self.under_way) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.deliveries.remove(&self.delivery);
        if let Some(count) = under_way.endpoints.get_mut(&self.endpoint) {
            *count -= 1;
            if *count == 0 {
                under_way.endpoints.remove(&self.endpoint);
            }
        }
    }
}

/// The wire id of a delivery.
pub(super) fn wire(id: uuid::Uuid) -> DeliveryId {
    DeliveryId::from_uuid(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sarai_kernel::EventId;

    fn tried(round: u32) -> Delivery {
        let now = Timestamp::from_micros(0);
        Delivery {
            round,
            ..Delivery::new(WebhookId::new(now), EventId::new(now), "x", String::new(), now)
        }
    }
    fn answer(status: u16, retry_after_seconds: Option<u64>) -> Result<Sent, NotSent> {
        Ok(Sent { status, retry_after_seconds, duration_ms: 1 })
    }

    #[test]
    fn ten_tries_and_then_a_dead_letter() {
        for (round, wait) in WAITS.into_iter().enumerate() {
            assert_eq!(judge(&tried(round as u32), answer(500, None)), Verdict::Again(wait));
        }
        assert_eq!(judge(&tried(9), answer(500, None)), Verdict::Dead);
    }

    #[test]
    fn only_success_is_success_and_a_wish_to_wait_is_heard() {
        assert_eq!(judge(&tried(0), answer(204, None)), Verdict::Done);
        assert_eq!(judge(&tried(0), answer(302, None)), Verdict::Again(WAITS[0]));
        assert_eq!(judge(&tried(0), answer(410, None)), Verdict::Gone);
        assert_eq!(judge(&tried(0), Err(NotSent::Slow)), Verdict::Again(WAITS[0]));
        assert_eq!(judge(&tried(0), answer(503, Some(60))), Verdict::Again(60 * SECOND));
        assert_eq!(judge(&tried(0), answer(503, Some(u64::MAX))), Verdict::Again(AFTER_MAX));
        assert_eq!(judge(&tried(2), answer(503, Some(1))), Verdict::Again(WAITS[2]));
    }

    #[test]
    fn the_spread_stays_within_a_fifth() {
        for _ in 0..1_000 {
            assert!((80 * SECOND..=120 * SECOND).contains(&spread(100 * SECOND)));
        }
    }
}
