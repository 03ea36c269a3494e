//! Small facts of a party that stand on many cards.

use sarai_kernel::{
    PartyId,
    party::{Party, PartyDisplayName},
    personal::Name,
};
use sarai_seal::Sealed;
use serde::Serialize;
use utoipa::ToSchema;

/// What others said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RatingSum {
    /// 10 to 50: 48 reads 4.8.
    pub average_x10: u64,
    /// Ratings.
    pub count: u64,
    /// Orders carried out.
    pub runs: u64,
}

/// The sum of a party's ratings; `None` before the first.
pub(crate) fn rating(party: &Party) -> Option<RatingSum> {
    let hundredths = party.rating_hundredths()?;
    Some(RatingSum {
        average_x10: (hundredths + 5) / 10,
        count: party.ratings,
        runs: party.completed,
    })
}

/// The trade name, or a word made of the id's drawn letters where none was chosen.
pub(crate) fn display_name(party: &Party, id: PartyId) -> Sealed<Name, PartyDisplayName> {
    match &party.display_name {
        // A name that was read once reads again.
        Some(name) => name.map(|name| Name::new(name.as_str()).unwrap_or_else(|_| unnamed())),
        None => Sealed::new(handle(id)),
    }
}

fn unnamed() -> Name {
    #[expect(clippy::expect_used, reason = "a constant that reads as a name")]
    Name::new("Member").expect("a name")
}

/// `Member 7Q2F`: letters of the id that chance drew.
fn handle(id: PartyId) -> Name {
    let text = id.to_string().to_uppercase();
    let tail = text.get(text.len().saturating_sub(4)..).unwrap_or_default();
    Name::new(&format!("Member {tail}")).unwrap_or_else(|_| unnamed())
}
