//! Ratings: after completion, blind until both sides rated or the time is over.

use serde::{Deserialize, Serialize};

use sarai_seal::{Personal, Record, Sealed, SubjectId};

use crate::{
    OrderId, PartyId, Timestamp,
    personal::Words,
    purpose::{Publish, Resolve, SelfAccess},
    time::DAY,
};

/// How long after completion a rating can be given, and after which a lone one is shown.
pub const RATING_MICROS: i64 = 14 * DAY;
/// Words that may be picked beside the stars.
pub const TAGS: [&str; 8] =
    ["on_time", "careful", "polite", "as_described", "late", "damaged", "rude", "not_as_described"];

/// One side's rating of the other on one order.
#[derive(Debug, Personal, Record)]
#[record(kind = "rating", schema = 1)]
pub struct Rating {
    /// The author, whose words these are.
    #[subject]
    pub author_subject: SubjectId,
    /// The order.
    pub order: OrderId,
    /// Who rates.
    pub author: PartyId,
    /// Who is rated.
    pub about: PartyId,
    /// 1 to 5.
    pub stars: u8,
    /// Picked words.
    pub tags: Vec<String>,
    /// When it was given.
    pub at: Timestamp,
    /// When it became visible to both.
    pub shown_at: Option<Timestamp>,
    /// The author's remark.
    #[personal(class = Message, purposes(Publish, Resolve, SelfAccess), keep = "account", basis = "contract")]
    pub remark: Option<Sealed<Words, RatingRemark>>,
}

/// Whether a rating is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Waits for the other side or the time-out.
    Blind,
    /// Shown to both.
    Shown,
}
