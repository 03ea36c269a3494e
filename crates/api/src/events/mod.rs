//! Events on the wire: one thin envelope for stream, list and webhooks. Whoever asks sees only what he was in the audience of.

pub mod board;
mod list;
mod stream;
mod topics;

use std::sync::Arc;

use sarai_kernel::{Event, EventId, Timestamp, document::Clear};
use serde::Serialize;
use utoipa::ToSchema;

use crate::spec::{Class, Routes, Spec};

pub(crate) use stream::Streams;
pub use topics::{Topic, Topics};

/// How far back a cursor of events may reach.
pub const BACK_EVENTS_MAX: i64 = 10_000;
/// How old a cursor of events may be.
pub const BACK_MICROS_MAX: i64 = 7 * sarai_kernel::time::DAY;
/// Events read from the store at once.
pub(crate) const READ_AT_ONCE: u32 = 500;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/events", "event_list", "Own events, oldest first")
                .relation("any; only events whose audience the caller is in")
                .scope("kernel.events:read")
                .query::<list::EventQuery>()
                .lists::<Envelope>(),
            list::list,
        )
        .add(
            Spec::get("/v1/events/stream", "event_stream", "Own events as they happen")
                .anyone()
                .relation("any; anon for board:public only")
                .scope("kernel.events:read")
                .class(Class::Stream)
                .query::<stream::StreamQuery>()
                .problems(&["unauthenticated", "too_many_streams"])
                .answers_bytes("text/event-stream"),
            stream::stream,
        )
}

/// What an event is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventSubject {
    /// Kind of the thing.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its version after the event.
    pub version: u64,
    /// Counts from 1 without gaps for each subject; 0 where nothing is counted.
    pub seq: u64,
}

/// An event as everybody outside sees it: ids, states and numbers that are not personal.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = EventEnvelope)]
pub struct Envelope {
    /// Its id, the same in stream, list and webhook.
    pub id: EventId,
    /// `<market>.<noun>.<past tense>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// What it is about.
    pub subject: EventSubject,
    /// Thin data.
    #[schema(value_type = Object)]
    pub data: Clear,
    /// The wire's version.
    pub api: &'static str,
}

impl From<&Event> for Envelope {
    fn from(event: &Event) -> Self {
        Self {
            id: event.id,
            kind: event.kind.clone(),
            at: event.at,
            subject: EventSubject {
                kind: event.subject_kind.clone(),
                id: event.subject.clone(),
                version: event.version,
                seq: event.seq,
            },
            data: event.data.clone(),
            api: "v1",
        }
    }
}

/// A recorded event shared between listeners.
pub type Shared = Arc<Event>;
