//! What most use cases need: who may, reading by id, events.

use sarai_kernel::{
    Account, Caller, Currency, Kind, LoadId, Money, NewEvent, OfferId, OrderId, PartyId, Query,
    Refusal, Role, StoreExt, Timestamp, TruckId, UseCaseError,
    document::Clear,
    document::Stored,
    party::{Party, Standing},
};

use crate::{
    market::Freight,
    model::{Load, Offer, Order, Vehicle, VehicleCheck},
    rules::post::wire,
};

/// Vehicles that one owner may have.
pub const VEHICLES_MAX: u32 = 200;

/// A refusal that the caller is known and may not.
pub fn not_allowed() -> Refusal {
    Refusal::new("not_allowed", Kind::Forbidden)
}

/// The caller has the role and is not suspended.
pub fn need_role(caller: &Caller, role: Role) -> Result<(), Refusal> {
    need_active(caller)?;
    if caller.has(role) {
        Ok(())
    } else {
        Err(Refusal::new("role_missing", Kind::Forbidden).with("role", role.word()))
    }
}

/// The caller is not suspended.
pub fn need_active(caller: &Caller) -> Result<(), Refusal> {
    if caller.suspended { Err(Refusal::new("account_suspended", Kind::Forbidden)) } else { Ok(()) }
}

/// What a trucker still has to prove.
pub const TRUCKER_PROOFS: [&str; 3] = ["person", "licence", "vehicle"];

impl Freight {
    /// A load.
    pub async fn load(&self, id: LoadId) -> Result<Stored<Load>, UseCaseError> {
        Ok(self.store.load::<Load>(id.uuid()).await?.ok_or_else(Refusal::not_found)?)
    }

    /// An offer.
    pub async fn offer(&self, id: OfferId) -> Result<Stored<Offer>, UseCaseError> {
        Ok(self.store.load::<Offer>(id.uuid()).await?.ok_or_else(Refusal::not_found)?)
    }

    /// An order.
    pub async fn order(&self, id: OrderId) -> Result<Stored<Order>, UseCaseError> {
        Ok(self.store.load::<Order>(id.uuid()).await?.ok_or_else(Refusal::not_found)?)
    }

    /// A party.
    pub async fn party(&self, id: PartyId) -> Result<Stored<Party>, UseCaseError> {
        Ok(self.store.load::<Party>(id.uuid()).await?.ok_or_else(Refusal::not_found)?)
    }

    /// A vehicle of the caller's own.
    pub async fn own_vehicle(
        &self,
        owner: PartyId,
        id: TruckId,
    ) -> Result<Stored<Vehicle>, UseCaseError> {
        let found = self.store.load::<Vehicle>(id.uuid()).await?;
        Ok(found.filter(|found| found.record.owner == owner).ok_or_else(Refusal::not_found)?)
    }

    /// The vehicles of a party, newest first.
    pub async fn vehicles_of(&self, owner: PartyId) -> Result<Vec<Stored<Vehicle>>, UseCaseError> {
        let query = Query::by("vehicle", "vehicle.owner", owner).newest_first().limit(VEHICLES_MAX);
        let found = self.store.records::<Vehicle>(query).await?;
        Ok(found.into_iter().map(|(stored, _)| stored).collect())
    }

    /// What a party still has to prove before it may carry: none of it for a verified trucker.
    pub async fn trucker_lacks(
        &self,
        id: PartyId,
        now: Timestamp,
    ) -> Result<Vec<&'static str>, UseCaseError> {
        let party = self.party(id).await?.record;
        let mut lacks: Vec<_> = TRUCKER_PROOFS
            .into_iter()
            .take(2)
            .filter(|what| !party.is_verified(what, now))
            .collect();
        let verified = |vehicles: Vec<Stored<Vehicle>>| {
            vehicles.iter().any(|vehicle| vehicle.record.check == VehicleCheck::Verified)
        };
        if !verified(self.vehicles_of(id).await?) && self.follow_papers(id, now).await? == 0 {
            lacks.push("vehicle");
        }
        if party.standing != Standing::Active {
            lacks.push("person");
        }
        Ok(lacks)
    }

    /// The caller is a verified trucker.
    pub async fn need_trucker(&self, caller: &Caller, now: Timestamp) -> Result<(), UseCaseError> {
        need_role(caller, Role::Trucker)?;
        let lacks = self.trucker_lacks(caller.party, now).await?;
        if lacks.is_empty() { Ok(()) } else { Err(verification_required(lacks).into()) }
    }

    /// The caller is a verified shipper: a checked person or company.
    pub async fn need_shipper(&self, caller: &Caller, now: Timestamp) -> Result<(), UseCaseError> {
        need_role(caller, Role::Shipper)?;
        let party = self.party(caller.party).await?.record;
        if party.is_verified("person", now) || party.is_verified("company", now) {
            Ok(())
        } else {
            Err(verification_required(vec!["person"]).into())
        }
    }

    /// What a party has in its wallet.
    pub async fn available(&self, party: PartyId, currency: Currency) -> Result<i64, UseCaseError> {
        Ok(self.store.balance(&Account::Wallet(party), currency).await?)
    }

    /// How much of `money` is missing in a wallet.
    pub async fn missing(
        &self,
        party: PartyId,
        money: Money,
    ) -> Result<Option<Money>, UseCaseError> {
        let has = self.available(party, money.currency).await?;
        let short = money.amount_minor.saturating_sub(has.max(0));
        Ok((short > 0).then_some(Money { amount_minor: short, currency: money.currency }))
    }
}

fn verification_required(lacks: Vec<&'static str>) -> Refusal {
    Refusal::new("verification_required", Kind::Forbidden).with("missing", lacks)
}

/// Not enough in the wallet.
pub fn funds_insufficient(missing: Money) -> Refusal {
    Refusal::new("funds_insufficient", Kind::Conflict).with("missing", wire(missing))
}

/// The named version is not the present one.
pub fn need_version(named: Option<u64>, present: u64) -> Result<(), Refusal> {
    match named {
        Some(named) if named != present => {
            Err(Refusal::new("version_mismatch", Kind::Stale).with("version", present))
        }
        _ => Ok(()),
    }
}

/// An event about a load, for its owner and the board.
pub fn load_event(kind: &'static str, id: LoadId, version: u64, load: &Load) -> NewEvent {
    let mut data = Clear::new();
    data.insert("state".to_owned(), load.state.word().into());
    NewEvent {
        kind,
        subject_kind: "load",
        subject: id.to_string(),
        version,
        audience: vec![load.owner],
        on_board: true,
        data,
    }
}

/// An event about an offer, for its two sides.
pub fn offer_event(kind: &'static str, id: OfferId, version: u64, offer: &Offer) -> NewEvent {
    let mut data = Clear::new();
    data.insert("state".to_owned(), offer.state.word().into());
    data.insert("load".to_owned(), offer.load.to_string().into());
    data.insert("thread".to_owned(), offer.thread.to_string().into());
    NewEvent {
        kind,
        subject_kind: "offer",
        subject: id.to_string(),
        version,
        audience: vec![offer.shipper, offer.trucker],
        on_board: false,
        data,
    }
}

/// An event about an order, for its sides and the driver.
pub fn order_event(kind: &'static str, id: OrderId, version: u64, order: &Order) -> NewEvent {
    let mut audience = vec![order.shipper, order.trucker];
    audience.extend(
        order
            .assignment
            .map(|assignment| assignment.driver)
            .filter(|driver| *driver != order.trucker),
    );
    let mut data = Clear::new();
    data.insert("state".to_owned(), order.standing.state.word().into());
    NewEvent {
        kind,
        subject_kind: "order",
        subject: id.to_string(),
        version,
        audience,
        on_board: false,
        data,
    }
}
