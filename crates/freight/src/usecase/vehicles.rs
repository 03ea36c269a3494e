//! A trucker's vehicles.

use sarai_kernel::{
    Caller, Command, Decision, Draft, FieldCheck, FieldError, Kind, NewEvent, Outcome, Refusal,
    Role, Timestamp, TruckId, UseCaseError,
    document::{Clear, Stored},
    personal::Plate,
};
use sarai_seal::Sealed;

use super::common::{VEHICLES_MAX, need_active, need_role, need_version};
use crate::{
    input::{VehicleNew, VehiclePatch},
    market::Freight,
    model::{Paper, Vehicle, VehicleCheck},
    rules::post::{MASS_KG_MAX, VOLUME_L_MAX},
    words::LENGTHS_MM,
};

/// Least payload.
pub const PAYLOAD_KG_MIN: i64 = 100;

fn check(
    length_mm: u32,
    payload_kg: i64,
    volume_l: Option<i64>,
    plate: Option<&str>,
) -> Result<Option<Plate>, Refusal> {
    let mut check = FieldCheck::new();
    check.require(LENGTHS_MM.contains(&length_mm), || {
        FieldError::new("/length_mm", "not_in_list").with("list", LENGTHS_MM.to_vec())
    });
    check.range("/payload_kg", payload_kg, PAYLOAD_KG_MIN, MASS_KG_MAX);
    if let Some(volume) = volume_l {
        check.range("/volume_l", volume, 1, VOLUME_L_MAX);
    }
    let read = plate.map(Plate::new).transpose();
    check.require(read.is_ok(), || FieldError::new("/plate", "pattern"));
    check.finish()?;
    Ok(read.ok().flatten())
}

fn event(kind: &'static str, id: TruckId, version: u64, vehicle: &Vehicle) -> NewEvent {
    NewEvent {
        kind,
        subject_kind: "vehicle",
        subject: id.to_string(),
        version,
        audience: vec![vehicle.owner],
        on_board: false,
        data: Clear::new(),
    }
}

/// Adds a vehicle; it carries nothing before it was checked.
pub async fn add_vehicle(
    market: &Freight,
    caller: &Caller,
    command: Command,
    new: &VehicleNew,
) -> Result<Outcome, UseCaseError> {
    need_role(caller, Role::Trucker)?;
    let now = command.now;
    market
        .commit(now, || async {
            if market.vehicles_of(caller.party).await?.len() >= VEHICLES_MAX as usize {
                return Err(Refusal::new("quota_spent", Kind::TooMany)
                    .with("max", VEHICLES_MAX)
                    .into());
            }
            let plate = check(new.length_mm, new.payload_kg, new.volume_l, Some(&new.plate))?
                .ok_or_else(|| Refusal::new("validation_failed", Kind::Invalid))?;
            let vehicle = Vehicle {
                subject: caller.party.subject(),
                owner: caller.party,
                plate_colour: new.plate_colour,
                plate_mark: market.keys.plate_mark(plate.as_str()),
                body: new.body,
                length_mm: new.length_mm,
                payload_kg: new.payload_kg,
                volume_l: new.volume_l,
                papers: Vec::new(),
                check: VehicleCheck::None,
                plate: Sealed::new(plate),
            };
            let id = TruckId::new(now);
            let decision = Decision::new("freight.add_vehicle", now)
                .write(Draft::create(id.uuid(), &vehicle, vehicle.keys(now))?)
                .event(event("freight.vehicle.added", id, 1, &vehicle));
            let outcome = Outcome::of(201, id, 1).state("none");
            Ok((decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

/// Changes a vehicle. What was checked must be checked again.
pub async fn edit_vehicle(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: TruckId,
    version: u64,
    patch: &VehiclePatch,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    let now = command.now;
    market
        .commit(now, || async {
            let stored = market.own_vehicle(caller.party, id).await?;
            need_version(Some(version), stored.version)?;
            let mut vehicle = stored.record;
            vehicle.plate_colour = patch.plate_colour.unwrap_or(vehicle.plate_colour);
            vehicle.body = patch.body.unwrap_or(vehicle.body);
            vehicle.length_mm = patch.length_mm.unwrap_or(vehicle.length_mm);
            vehicle.payload_kg = patch.payload_kg.unwrap_or(vehicle.payload_kg);
            vehicle.volume_l = patch.volume_l.or(vehicle.volume_l);
            let plate = check(
                vehicle.length_mm,
                vehicle.payload_kg,
                vehicle.volume_l,
                patch.plate.as_deref(),
            )?;
            if let Some(plate) = plate {
                vehicle.plate_mark = market.keys.plate_mark(plate.as_str());
                vehicle.plate = Sealed::new(plate);
            }
            vehicle.check = VehicleCheck::None;
            let next = stored.version + 1;
            let decision = Decision::new("freight.edit_vehicle", now)
                .write(Draft::update(
                    stored.id,
                    stored.version,
                    &vehicle,
                    vehicle.keys(stored.created_at),
                )?)
                .event(event("freight.vehicle.changed", id, next, &vehicle));
            let outcome = Outcome::of(200, id, next).state("none");
            Ok((decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

/// The draft that writes down how far a vehicle was checked, for the decision of whoever checked it.
pub fn checked(
    stored: Stored<Vehicle>,
    check: VehicleCheck,
    papers: Vec<Paper>,
) -> Result<(Draft, NewEvent), UseCaseError> {
    let id = TruckId::from_uuid(stored.id);
    let mut vehicle = stored.record;
    vehicle.check = check;
    if !papers.is_empty() {
        vehicle.papers = papers;
    }
    let draft =
        Draft::update(stored.id, stored.version, &vehicle, vehicle.keys(stored.created_at))?;
    Ok((draft, event("freight.vehicle.checked", id, stored.version + 1, &vehicle)))
}

/// Writes down how far a vehicle was checked: called once the account room's verification case was decided.
pub async fn note_check(
    market: &Freight,
    id: TruckId,
    check: VehicleCheck,
    papers: &[(String, Timestamp)],
    now: Timestamp,
) -> Result<Outcome, UseCaseError> {
    market
        .commit(now, || async {
            let stored = sarai_kernel::StoreExt::load::<Vehicle>(&*market.store, id.uuid())
                .await?
                .ok_or_else(Refusal::not_found)?;
            let next = stored.version + 1;
            let papers = papers
                .iter()
                .map(|(kind, expires_at)| Paper { kind: kind.clone(), expires_at: *expires_at })
                .collect();
            let (draft, event) = checked(stored, check, papers)?;
            let decision = Decision::new("freight.note_check", now).write(draft).event(event);
            Ok((decision, Outcome::of(200, id, next)))
        })
        .await
}
