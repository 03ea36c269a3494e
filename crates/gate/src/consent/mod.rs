//! Consents: what a person agreed to, in which wording, and until when. A withdrawal works at once, since every grant asks anew.
//!
//! Few things rest on consent: what an order needs rests on the order. [`OFFERS`] is the whole list.

mod give;
mod withdraw;

use sarai_kernel::{
    Draft, Key, PartyId, Query, Store, StoreError, StoreExt, Stored, Timestamp,
    document::Unreadable,
};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use give::{Give, give};
pub use withdraw::withdraw;

/// Most consents listed of one person.
pub const LIST_MAX: u32 = 200;

/// One consent of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Record)]
#[record(kind = "consent", schema = 1)]
pub struct Consent {
    /// Who gave it.
    pub party: PartyId,
    /// To what: the code of an [`Offer`].
    pub code: String,
    /// To whom, where it is given to one only: a wire id.
    pub to: Option<String>,
    /// Version of the wording that was agreed to.
    pub version: String,
    /// When it was given.
    pub given_at: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// From when on it no longer holds by itself.
    pub expires_at: Option<Timestamp>,
}

/// Something that can be agreed to. Never ticked before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Its code.
    pub code: &'static str,
    /// For which purpose.
    pub purpose: &'static str,
    /// What is agreed to, in English and Chinese.
    pub what: (&'static str, &'static str),
    /// What stops working without it.
    pub without: (&'static str, &'static str),
    /// Version of this wording; another wording is another version and needs a new consent.
    pub version: &'static str,
    /// Why it is asked for.
    pub cite: &'static str,
}

/// Everything that is asked for.
pub const OFFERS: &[Offer] = &[Offer {
    code: TRACK,
    purpose: "deliver",
    what: (
        "While I am under way for an order, its shipper sees where my truck is, one minute late.",
        "我在执行运单途中,该运单的货主可以看到车辆位置(延迟一分钟)。",
    ),
    without: (
        "Shippers cannot follow the run on the map. Everything else works as before.",
        "货主无法在地图上跟踪运输过程,其他功能不受影响。",
    ),
    version: "2026-11-01",
    cite: "PIPL 29-30",
}];

/// Code of the consent to be followed while under way.
pub const TRACK: &str = "track";

/// The offer with this code.
pub fn offer(code: &str) -> Option<&'static Offer> {
    OFFERS.iter().find(|offer| offer.code == code)
}

impl Consent {
    /// Whether it stands at this moment.
    pub fn stands(&self, now: Timestamp) -> bool {
        self.withdrawn_at.is_none() && self.expires_at.is_none_or(|until| now < until)
    }

    /// One at most of the same kind, to the same one, is live.
    fn live_key(party: PartyId, code: &str, to: Option<&str>) -> String {
        format!("{party}/{code}/{}", to.unwrap_or_default())
    }

    fn draft(&self, id: Uuid, version: u64, live: bool) -> Result<Draft, Unreadable> {
        let mut keys = vec![Key::new("consent.party", self.party, self.given_at.as_micros())];
        if live {
            let key = Self::live_key(self.party, &self.code, self.to.as_deref());
            keys.push(Key::unique("consent.live", key));
        }
        Draft::update(id, version, self, keys)
    }
}

/// The live consent of a person, expired or not.
async fn live(
    store: &dyn Store,
    party: PartyId,
    code: &str,
    to: Option<&str>,
) -> Result<Option<Stored<Consent>>, StoreError> {
    let key = Consent::live_key(party, code, to);
    store.first(Query::by(Consent::KIND, "consent.live", key)).await
}

/// Whether a person's consent stands at this moment: one given to `to` alone, or one given to everybody. Asked of the store each time,
/// so that a withdrawal works at once.
pub async fn stands(
    store: &dyn Store,
    party: PartyId,
    code: &str,
    to: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let of_everybody = live(store, party, code, None).await?;
    if of_everybody.is_some_and(|found| found.record.stands(now)) {
        return Ok(true);
    }
    let Some(to) = to else { return Ok(false) };
    Ok(live(store, party, code, Some(to)).await?.is_some_and(|found| found.record.stands(now)))
}

/// All consents of a person, newest first.
pub async fn list(store: &dyn Store, party: PartyId) -> Result<Vec<Stored<Consent>>, StoreError> {
    let query = Query::by(Consent::KIND, "consent.party", party).newest_first().limit(LIST_MAX);
    Ok(store.records(query).await?.into_iter().map(|(found, _)| found).collect())
}
