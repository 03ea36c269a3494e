//! A vehicle follows the papers that were checked for its plate: found by the blind key of the plate, never by opening it.

use sarai_kernel::{
    PartyId, Query, Timestamp, TruckId, UseCaseError,
    document::{Clear, Stored, blind},
};

use super::vehicles::note_check;
use crate::{
    market::Freight,
    model::{Vehicle, VehicleCheck},
};

/// Cases of one plate that are looked at.
const CASES_MAX: u32 = 20;

impl Freight {
    /// Lets the vehicles of a party follow the cases that were approved for their plates; how many changed.
    pub async fn follow_papers(
        &self,
        owner: PartyId,
        now: Timestamp,
    ) -> Result<usize, UseCaseError> {
        let mut changed = 0;
        for vehicle in self.vehicles_of(owner).await? {
            if vehicle.record.check == VehicleCheck::Verified {
                continue;
            }
            if let Some(until) = self.approved(&vehicle, now).await? {
                let papers: Vec<_> =
                    until.map(|until| ("licence".to_owned(), until)).into_iter().collect();
                let id = TruckId::from_uuid(vehicle.id);
                note_check(self, id, VehicleCheck::Verified, &papers, now).await?;
                changed += 1;
            }
        }
        Ok(changed)
    }

    /// Until when an approved case of the same owner and plate holds, if there is one that does.
    async fn approved(
        &self,
        vehicle: &Stored<Vehicle>,
        now: Timestamp,
    ) -> Result<Option<Option<Timestamp>>, UseCaseError> {
        let Some(plate) = blind(&vehicle.record, "vehicle.plate") else { return Ok(None) };
        let query = Query::by("verification", "verification.approved_plate", plate).newest_first();
        for found in self.store.find(query.limit(CASES_MAX)).await? {
            let clear = &found.document.parts.clear;
            let owner: Option<PartyId> = read(clear, "owner");
            let state: Option<String> = read(clear, "state");
            let until: Option<Timestamp> = read(clear, "until");
            let holds = until.is_none_or(|until| now < until);
            if owner == Some(vehicle.record.owner) && state.as_deref() == Some("approved") && holds
            {
                return Ok(Some(until));
            }
        }
        Ok(None)
    }
}

fn read<T: serde::de::DeserializeOwned>(clear: &Clear, name: &str) -> Option<T> {
    clear.get(name).and_then(|value| T::deserialize(value).ok())
}
