//! A vehicle is checked by the member room, which knows no vehicles: it leaves the approved case under the plate's blind key.
//! This follows: after a case was decided, or a vehicle was added or changed, its plate is looked up among the approved ones.

use std::sync::atomic::Ordering;

use sarai_kernel::{
    PartyId, Query, StoreError, StoreExt, Timestamp,
    document::{Document, Stored, blind},
    event::Event,
};

use super::vehicles::note_check;
use crate::{
    market::Freight,
    model::{Vehicle, VehicleCheck},
};

/// Events read in one round.
const ROUND: u32 = 1_000;
/// Vehicles looked through in one page at the start.
const PAGE: u32 = 500;
/// Key under which the member room leaves an approved case.
const APPROVED: &str = "verification.approved_plate";
/// After these the plates of a party are looked up.
const TELLING: [&str; 3] =
    ["kernel.verification.decided", "freight.vehicle.added", "freight.vehicle.changed"];

impl Freight {
    /// Looks at every vehicle once, at the start: what was decided while nobody followed.
    pub(crate) async fn check_all(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.checks_seen.store(self.store.last_event().await?, Ordering::Release);
        let (mut moved, mut after) = (0, None);
        loop {
            let page = self.store.scan("vehicle", after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(moved) };
            after = Some(last.at.id);
            for document in page {
                moved += usize::from(self.check_vehicle(document.read()?, now).await?);
            }
        }
    }

    /// Follows the events since the last call; how many vehicles moved.
    pub async fn follow_checks(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut moved = 0;
        loop {
            let from = self.checks_seen.load(Ordering::Acquire);
            let events = self.store.events_after(from, ROUND).await?;
            let Some(last) = events.last().map(|event| event.global_seq) else { return Ok(moved) };
            for party in events.iter().filter_map(told) {
                moved += self.follow_papers(party, now).await?;
            }
            self.checks_seen.store(last, Ordering::Release);
        }
    }

    /// Looks at the vehicles of one party now: whoever asks need not wait for the worker. How many moved.
    pub async fn follow_papers(&self, party: PartyId, now: Timestamp) -> Result<usize, StoreError> {
        let mut moved = 0;
        let query = Query::by("vehicle", "vehicle.owner", party);
        for (vehicle, _) in self.store.records::<Vehicle>(query).await? {
            moved += usize::from(self.check_vehicle(vehicle, now).await?);
        }
        Ok(moved)
    }

    async fn check_vehicle(
        &self,
        vehicle: Stored<Vehicle>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if vehicle.record.check == VehicleCheck::Verified {
            return Ok(false);
        }
        let Some(plate) = blind(&vehicle.record, "vehicle.plate") else { return Ok(false) };
        let query = Query::by("verification", APPROVED, plate).newest_first();
        let cases = self.store.find(query).await?;
        let owner = vehicle.record.owner.to_string();
        let case = cases
            .iter()
            .map(|found| &found.document)
            .find(|case| is_owned_by(case, &owner) && until(case).is_none_or(|until| now < until));
        let Some(case) = case else { return Ok(false) };
        let papers: Vec<_> =
            until(case).map(|until| ("vehicle_licence".to_owned(), until)).into_iter().collect();
        let id = sarai_kernel::TruckId::from_uuid(vehicle.id);
        // A lost race is looked at again with the next event of this party; a refusal cannot come from here.
        Ok(note_check(self, id, VehicleCheck::Verified, &papers, now).await.is_ok())
    }
}

fn told(event: &Event) -> Option<PartyId> {
    let telling = TELLING.contains(&event.kind.as_str());
    telling.then(|| event.audience.first().copied().map(PartyId::from_uuid)).flatten()
}

fn is_owned_by(case: &Document, owner: &str) -> bool {
    case.parts.clear.get("owner").and_then(|value| value.as_str()) == Some(owner)
}

fn until(case: &Document) -> Option<Timestamp> {
    serde_json::from_value(case.parts.clear.get("until")?.clone()).ok().flatten()
}
