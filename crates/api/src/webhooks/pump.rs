//! Turns recorded events into deliveries, each exactly once: the place in the order moves in the same decision.

use std::sync::atomic::{AtomicI64, Ordering};

use sarai_kernel::{
    CommitError, Decision, Draft, Event, Query, Refusal, StoreExt, Stored, Timestamp, WebhookId,
};
use uuid::Uuid;

use super::record::{BODY_BYTES_MAX, Delivery, HEARING, Place, Webhook};
use crate::{app::App, events::Envelope, events::READ_AT_ONCE};

/// The one document that says how far we are.
const PLACE_ID: Uuid = Uuid::from_u128(0x5e2a_1c00_0000_7000_8000_0000_0000_0001);
/// Events without any delivery that are passed over before the place is written all the same.
const UNWRITTEN_MAX: i64 = 5_000;

/// How far this process has read; the store's place may lag behind it where nothing was to be delivered.
#[derive(Debug, Default)]
pub(crate) struct Read(AtomicI64);

/// Reads what is new and makes deliveries of it; gives how many.
pub async fn pump(app: &App, now: Timestamp) -> Result<usize, Refusal> {
    let mut made = 0;
    loop {
        let (batch, full) = step(app, now).await?;
        made += batch;
        if !full {
            return Ok(made);
        }
    }
}

async fn step(app: &App, now: Timestamp) -> Result<(usize, bool), Refusal> {
    let stored: Option<Stored<Place>> = app.store.load(PLACE_ID).await?;
    let (version, written) = match &stored {
        Some(place) => (place.version, place.record.global_seq),
        // The first run begins with what happens from now on.
        None => (0, app.store.last_event().await?),
    };
    let from = written.max(app.webhooks_read.0.load(Ordering::SeqCst));
    let events = app.store.events_after(from, READ_AT_ONCE).await?;
    let to = events.last().map_or(from, |event| event.global_seq);
    let hooks = hearing(app).await?;
    let mut decision = Decision::new("webhook.pump", now);
    for event in &events {
        for hook in hooks
            .iter()
            .filter(|hook| event.is_for(hook.record.maker) && hook.record.wants(&event.kind))
        {
            decision.drafts.extend(deliver(hook, event, now)?);
        }
    }
    let made = decision.drafts.len();
    if made > 0 || stored.is_none() || to - written > UNWRITTEN_MAX {
        let draft = if version == 0 {
            Draft::create(PLACE_ID, &Place { global_seq: to }, vec![])?
        } else {
            Draft::update(PLACE_ID, version, &Place { global_seq: to }, vec![])?
        };
        match app.store.commit(decision.write(draft)).await {
            Ok(_) => {}
            // Another process was first; it made these deliveries.
            Err(CommitError::Conflict(_) | CommitError::Duplicate(_)) => return Ok((0, false)),
            Err(error) => return Err(error.into()),
        }
    }
    app.webhooks_read.0.fetch_max(to, Ordering::SeqCst);
    Ok((made, events.len() == READ_AT_ONCE as usize))
}

async fn hearing(app: &App) -> Result<Vec<Stored<Webhook>>, Refusal> {
    let found =
        app.store.records::<Webhook>(Query::by("webhook", HEARING, "1").limit(1_000)).await?;
    Ok(found.into_iter().map(|(hook, _)| hook).collect())
}

fn deliver(
    hook: &Stored<Webhook>,
    event: &Event,
    now: Timestamp,
) -> Result<Option<Draft>, Refusal> {
    let id = WebhookId::from_uuid(hook.id);
    let body = serde_json::to_string(&Envelope::from(event)).unwrap_or_default();
    if body.is_empty() || body.len() > BODY_BYTES_MAX {
        tracing::warn!(
            operation = "webhook.pump",
            bytes = body.len(),
            "an event was too large to deliver"
        );
        return Ok(None);
    }
    let delivery = Delivery::new(id, event.id, &event.kind, body, now);
    Ok(Some(Draft::create(Delivery::id(now).uuid(), &delivery, delivery.keys())?))
}
