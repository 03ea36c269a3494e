//! What this room knows of an order of any market: its two sides and when it ended. Read from the order's clear part, by the names
//! that every market gives them; nothing else of an order is known here.

use sarai_kernel::{DocRef, OrderId, PartyId, Query, Refusal, Timestamp};

use crate::Account;

/// The two sides of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sides {
    /// Who gave it.
    pub giver: PartyId,
    /// Who carried it out.
    pub doer: PartyId,
    /// When it ended well.
    pub completed_at: Option<Timestamp>,
}

impl Sides {
    /// The one across from `party`; `None` for somebody who is neither.
    pub fn other_than(&self, party: PartyId) -> Option<PartyId> {
        match party {
            one if one == self.giver => Some(self.doer),
            one if one == self.doer => Some(self.giver),
            _ => None,
        }
    }
}

/// The sides of an order; nothing for those who are neither.
pub async fn of(account: &Account, order: OrderId, party: PartyId) -> Result<Sides, Refusal> {
    let found = account.store.document(&DocRef::new("order", order.uuid())).await?;
    let clear = found.ok_or_else(Refusal::not_found)?.parts.clear;
    let read = |name: &str| clear.get(name).and_then(|value| value.as_str());
    let side = |name: &str| read(name).and_then(|id| id.parse::<PartyId>().ok());
    let (Some(giver), Some(doer)) = (side("shipper"), side("trucker")) else {
        return Err(Refusal::not_found());
    };
    let completed_at = read("completed_at").and_then(|at| at.parse().ok());
    let sides = Sides { giver, doer, completed_at };
    sides.other_than(party).map(|_| sides).ok_or_else(Refusal::not_found)
}

/// Wire ids of the orders of a party that are not over.
pub async fn open_orders(account: &Account, party: PartyId) -> Result<Vec<OrderId>, Refusal> {
    let query = Query::by("order", "order.party_open", format!("{party}:open"));
    let found = account.store.find(query).await?;
    Ok(found.into_iter().map(|found| OrderId::from_uuid(found.document.at.id)).collect())
}

/// Whether two parties have or had an order together.
pub async fn met(account: &Account, one: PartyId, other: PartyId) -> Result<bool, Refusal> {
    let query = Query::by("order", "order.party", one).newest_first().limit(200);
    let wanted = other.to_string();
    let is_side = |found: &sarai_kernel::document::Found| {
        ["shipper", "trucker"].iter().any(|side| {
            let value = found.document.parts.clear.get(*side);
            value.and_then(|value| value.as_str()) == Some(wanted.as_str())
        })
    };
    Ok(account.store.find(query).await?.iter().any(is_side))
}
