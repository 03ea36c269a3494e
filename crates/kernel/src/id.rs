//! Typed identifiers: UUIDv7 inside, `<prefix>_<26 characters of Crockford base32>` on the wire.

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// What an id names. The prefix is part of the wire form, so an id of one kind never parses as another.
pub trait Noun: 'static {
    /// Wire prefix, e.g. `load`.
    const PREFIX: &'static str;
}

/// An id of one kind of thing. Time-ordered (UUIDv7), so it tells when the thing was made.
pub struct Id<N> {
    uuid: Uuid,
    noun: PhantomData<fn() -> N>,
}

/// The text is not an id of the wanted kind. It never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_ and 26 characters")]
pub struct IdMalformed {
    /// The prefix that was wanted.
    pub prefix: &'static str,
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const DIGITS: usize = 26;

impl<N: Noun> Id<N> {
    /// An id made of a UUID; the caller says that it is of this kind.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, noun: PhantomData }
    }

    /// A new time-ordered id. The time part comes from `now`, the rest from the system's random source.
    pub fn new(now: crate::Timestamp) -> Self {
        let millis = u64::try_from(now.as_micros() / 1_000).unwrap_or(0);
        let stamp = uuid::Timestamp::from_unix_time(
            millis / 1_000,
            u32::try_from(millis % 1_000).unwrap_or(0) * 1_000_000,
            0,
            0,
        );
        Self::from_uuid(Uuid::new_v7(stamp))
    }

    /// The UUID inside.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

fn encode(uuid: Uuid) -> [u8; DIGITS] {
    let mut value = uuid.as_u128();
    let mut out = [b'0'; DIGITS];
    for slot in out.iter_mut().rev() {
        let digit = usize::try_from(value & 31).unwrap_or(0);
        *slot = ALPHABET.get(digit).copied().unwrap_or(b'0');
        value >>= 5;
    }
    out
}

fn decode(text: &str) -> Option<Uuid> {
    if text.len() != DIGITS {
        return None;
    }
    let mut value: u128 = 0;
    for (at, byte) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
        // 26 digits hold 130 bits: the first one may only carry three.
        if at == 0 && digit > 7 {
            return None;
        }
        value = (value << 5) | digit as u128;
    }
    Some(Uuid::from_u128(value))
}

impl<N: Noun> fmt::Display for Id<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = encode(self.uuid);
        write!(f, "{}_{}", N::PREFIX, std::str::from_utf8(&digits).unwrap_or_default())
    }
}

impl<N: Noun> fmt::Debug for Id<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<N: Noun> FromStr for Id<N> {
    type Err = IdMalformed;

    fn from_str(text: &str) -> Result<Self, IdMalformed> {
        text.strip_prefix(N::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .and_then(decode)
            .map(Self::from_uuid)
            .ok_or(IdMalformed { prefix: N::PREFIX })
    }
}

impl<N> Clone for Id<N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<N> Copy for Id<N> {}
impl<N> PartialEq for Id<N> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<N> Eq for Id<N> {}
impl<N> PartialOrd for Id<N> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<N> Ord for Id<N> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<N> hash::Hash for Id<N> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<N: Noun> Serialize for Id<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, N: Noun> Deserialize<'de> for Id<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

macro_rules! nouns {
    ($($(#[$doc:meta])* $noun:ident $id:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $noun {}
        impl Noun for $noun { const PREFIX: &'static str = $prefix; }
        #[doc = concat!("Id with the prefix `", $prefix, "_`.")]
        pub type $id = Id<$noun>;
    )*};
}

nouns! {
    /// A person or organisation with an account.
    PartyNoun PartyId "pty";
    /// A company.
    OrgNoun OrgId "org";
    /// A signed-in session.
    SessionNoun SessionId "ses";
    /// An API key.
    KeyNoun KeyId "key";
    /// A verification case of a person, company or vehicle.
    VerificationNoun VerificationId "vrf";
    /// An uploaded file.
    FileNoun FileId "file";
    /// A load: goods looking for a truck.
    LoadNoun LoadId "load";
    /// A posted empty truck.
    TruckNoun TruckId "truck";
    /// A vehicle with its papers.
    VehicleNoun VehicleId "veh";
    /// A standing lane subscription.
    LaneNoun LaneId "lane";
    /// An offer on a listing.
    OfferNoun OfferId "offer";
    /// A case of a review.
    CaseNoun CaseId "case";
    /// An order.
    OrderNoun OrderId "ord";
    /// A thread of messages.
    ThreadNoun ThreadId "thr";
    /// One message.
    MessageNoun MessageId "msg";
    /// A rating.
    RatingNoun RatingId "rat";
    /// A payment to or from the outside.
    PaymentNoun PaymentId "pay";
    /// A balanced set of postings.
    PostingNoun PostingId "post";
    /// An event.
    EventNoun EventId "evt";
    /// A webhook endpoint.
    WebhookNoun WebhookId "whk";
    /// One delivery of an event to a webhook.
    DeliveryNoun DeliveryId "dlv";
    /// A consent.
    ConsentNoun ConsentId "cns";
    /// A one-time code challenge.
    ChallengeNoun ChallengeId "chl";
    /// A second factor.
    FactorNoun FactorId "fac";
    /// A notice on its way to a person.
    NoticeNoun NoticeId "ntc";
    /// A request of a person about own data: export, correction, erasure.
    RequestNoun RequestId "req";
    /// A copy of somebody's own data.
    ExportNoun ExportId "exp";
    /// A correction or objection that a person asked for.
    CorrectionNoun CorrectionId "cor";
    /// A bank account for payouts.
    PayoutAccountNoun PayoutAccountId "acct";
    /// Money that waits for a second pair of eyes.
    ApprovalNoun ApprovalId "apv";
    /// A long-running job.
    JobNoun JobId "job";
    /// A place that data may go to.
    RecipientNoun RecipientId "rcp";
    /// What the law asks of a transfer, once it is in force: a contract, a certificate, an assessment.
    MechanismNoun MechanismId "mch";
    /// Data on its way to a recipient.
    TransferNoun TransferId "xfr";
    /// An order of an authority.
    DirectiveNoun DirectiveId "drv";
    /// A key of an authority.
    AuthorityNoun AuthorityId "auk";
    /// A breach that is being looked into.
    BreachNoun BreachId "brc";
}

impl PartyId {
    /// The same person as the subject of sealed data.
    pub const fn subject(self) -> sarai_seal::SubjectId {
        sarai_seal::SubjectId::from_uuid(self.uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[test]
    fn an_id_survives_the_wire() {
        let id = LoadId::new(Timestamp::from_micros(1_700_000_000_000_000));
        let text = id.to_string();
        assert!(text.starts_with("load_0"));
        assert_eq!(text.len(), 5 + 26);
        assert_eq!(text.parse::<LoadId>(), Ok(id));
        assert_eq!(serde_json::to_string(&id).ok(), Some(format!("\"{text}\"")));
    }

    #[test]
    fn another_prefix_upper_case_and_overflow_are_refused() {
        let text = LoadId::from_uuid(Uuid::max()).to_string();
        assert!(text.parse::<LoadId>().is_ok());
        assert!(text.parse::<OfferId>().is_err());
        assert!(text.to_uppercase().parse::<LoadId>().is_err());
        assert!("load_8zzzzzzzzzzzzzzzzzzzzzzzzz".parse::<LoadId>().is_err());
        assert!("load_".parse::<LoadId>().is_err());
        assert!("load_0123456789012345678901234é".parse::<LoadId>().is_err());
    }

    #[test]
    fn ids_order_by_time() {
        let early = LoadId::new(Timestamp::from_micros(1_000_000_000_000));
        let late = LoadId::new(Timestamp::from_micros(1_000_000_001_000));
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
    }
}
