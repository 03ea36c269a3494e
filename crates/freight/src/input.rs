//! What callers hand in, as typed commands: closed words, unknown fields refused, nothing trusted before `rules::post` looked at it.

use sarai_geo::{Datum, Point};
use sarai_kernel::{FieldCheck, FieldError, FileId, Money, PartyId, Timestamp, TruckId, Window};
use serde::Deserialize;

use crate::{
    model::{Cargo, Fix, Quiet},
    words::{Body, CargoKind, Handling, PlateColour, PriceMode, StopKind},
};

/// A point in one of the datums that maps use.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PointIn {
    /// Degrees north.
    #[cfg_attr(feature = "schema", schema(minimum = -90, maximum = 90))]
    pub lat: f64,
    /// Degrees east.
    #[cfg_attr(feature = "schema", schema(minimum = -180, maximum = 180))]
    pub lon: f64,
    /// The datum it is given in; WGS-84 without it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<DatumWord>))]
    pub datum: Datum,
}

/// The datums, for the document.
#[cfg(feature = "schema")]
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum DatumWord {
    /// GPS.
    Wgs84,
    /// Gaode, Tencent.
    Gcj02,
    /// Baidu.
    Bd09,
}

impl PointIn {
    /// The point in WGS-84, or a note in `check`.
    pub fn read(&self, pointer: &str, check: &mut FieldCheck) -> Option<Point> {
        let point = Point::new(self.lat, self.lon).ok();
        check.require(point.is_some(), || FieldError::new(pointer, "out_of_range"));
        point.map(|point| self.datum.to_wgs84(point))
    }
}

/// Whom to ask for at a stop.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContactIn {
    /// Name.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 80))]
    pub name: String,
    /// Telephone number.
    #[cfg_attr(feature = "schema", schema(min_length = 8, max_length = 24))]
    pub phone: String,
}

/// A stop.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = StopNew))]
pub struct StopIn {
    /// What happens there.
    pub kind: StopKind,
    /// District or city in the gazetteer.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 40))]
    pub area_code: String,
    /// Where.
    pub point: PointIn,
    /// Street and gate.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 300))]
    pub address: String,
    /// Notes for the driver.
    #[cfg_attr(feature = "schema", schema(max_length = 1_000))]
    pub notes: Option<String>,
    /// When.
    pub window: Window,
    /// Whom to ask for.
    pub contact: ContactIn,
}

/// The goods.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CargoNew))]
pub struct CargoIn {
    /// What sort.
    pub kind: CargoKind,
    /// In words.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 80))]
    pub name: String,
    /// Mass.
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 100_000))]
    pub mass_kg: i64,
    /// Volume.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 200_000))]
    pub volume_l: Option<i64>,
    /// Pieces.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 100_000))]
    pub pieces: Option<i64>,
    /// How it is loaded.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 4))]
    pub handling: Vec<Handling>,
}

impl From<CargoIn> for Cargo {
    fn from(cargo: CargoIn) -> Self {
        let CargoIn { kind, name, mass_kg, volume_l, pieces, handling } = cargo;
        Self { kind, name: name.trim().to_owned(), mass_kg, volume_l, pieces, handling }
    }
}

/// A new load.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LoadNew {
    /// 2 to 20 stops, in the order of the run; the first loads, the last unloads.
    #[cfg_attr(feature = "schema", schema(min_items = 2, max_items = 20))]
    pub stops: Vec<StopIn>,
    /// The goods.
    pub cargo: CargoIn,
    /// Bodies that suit.
    #[cfg_attr(feature = "schema", schema(min_items = 1, max_items = 9))]
    pub bodies: Vec<Body>,
    /// Lengths that suit.
    #[cfg_attr(feature = "schema", schema(min_items = 1, max_items = 16))]
    pub lengths_mm: Vec<u32>,
    /// How the price is found.
    pub price_mode: PriceMode,
    /// The asked price.
    #[serde(default)]
    pub price: Option<Money>,
    /// When bids close, with `sealed_bid`.
    #[serde(default)]
    pub bids_close_at: Option<Timestamp>,
    /// The deposit asked of the trucker.
    pub deposit: Money,
    /// Whether half of it comes back when the trucker walks away.
    pub deposit_refundable: bool,
    /// Photos.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 9))]
    pub photos: Vec<FileId>,
    /// So many loads alike, one truck each.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 20))]
    pub copies: Option<u8>,
    /// Keep it as a draft.
    #[serde(default)]
    pub draft: Option<bool>,
}

/// A change of a load's terms; what is absent stays.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LoadPatch {
    /// New stops, all of them.
    #[cfg_attr(feature = "schema", schema(min_items = 2, max_items = 20))]
    pub stops: Option<Vec<StopIn>>,
    /// New goods.
    pub cargo: Option<CargoIn>,
    /// New bodies.
    #[cfg_attr(feature = "schema", schema(min_items = 1, max_items = 9))]
    pub bodies: Option<Vec<Body>>,
    /// New lengths.
    #[cfg_attr(feature = "schema", schema(min_items = 1, max_items = 16))]
    pub lengths_mm: Option<Vec<u32>>,
    /// Another way to find the price.
    pub price_mode: Option<PriceMode>,
    /// Another price.
    pub price: Option<Money>,
    /// When bids close.
    pub bids_close_at: Option<Timestamp>,
    /// Another deposit.
    pub deposit: Option<Money>,
    /// Whether half of it comes back.
    pub deposit_refundable: Option<bool>,
    /// Other photos.
    #[cfg_attr(feature = "schema", schema(max_items = 9))]
    pub photos: Option<Vec<FileId>>,
}

/// A new or changed vehicle.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VehicleNew {
    /// Registration plate.
    #[cfg_attr(feature = "schema", schema(min_length = 4, max_length = 16))]
    pub plate: String,
    /// Its colour.
    pub plate_colour: PlateColour,
    /// Body.
    pub body: Body,
    /// Length of the loading space.
    pub length_mm: u32,
    /// What it may carry.
    #[cfg_attr(feature = "schema", schema(minimum = 100, maximum = 100_000))]
    pub payload_kg: i64,
    /// What fits in.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 200_000))]
    pub volume_l: Option<i64>,
}

/// A change of a vehicle; what is absent stays. A change of what was checked asks for a new check.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VehiclePatch {
    /// Registration plate.
    #[cfg_attr(feature = "schema", schema(min_length = 4, max_length = 16))]
    pub plate: Option<String>,
    /// Its colour.
    pub plate_colour: Option<PlateColour>,
    /// Body.
    pub body: Option<Body>,
    /// Length of the loading space.
    pub length_mm: Option<u32>,
    /// What it may carry.
    #[cfg_attr(feature = "schema", schema(minimum = 100, maximum = 100_000))]
    pub payload_kg: Option<i64>,
    /// What fits in.
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 200_000))]
    pub volume_l: Option<i64>,
}

/// A new lane subscription.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LaneNew {
    /// Loading around this area.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 40))]
    pub from_area_code: String,
    /// Within so much.
    #[cfg_attr(feature = "schema", schema(minimum = 1_000, maximum = 500_000))]
    pub from_radius_m: i64,
    /// Unloading around this area; anywhere without it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 40))]
    pub to_area_code: Option<String>,
    /// Within so much.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(minimum = 1_000, maximum = 500_000))]
    pub to_radius_m: Option<i64>,
    /// Only loads that fit this truck.
    #[serde(default)]
    pub vehicle: Option<TruckId>,
    /// Only loads that leave at least this per kilometre.
    #[serde(default)]
    pub keep_per_km_min: Option<Money>,
    /// No push in these hours.
    #[serde(default)]
    pub quiet: Option<Quiet>,
}

/// A take at the shown price.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TakeRequest {
    /// With which truck.
    pub vehicle: TruckId,
    /// The price that was shown.
    pub price: Money,
}

/// A bid.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OfferNew {
    /// With which truck.
    pub vehicle: TruckId,
    /// At which price.
    pub price: Money,
    /// Words to go with it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 2_000))]
    pub words: Option<String>,
}

/// A counter-offer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CounterRequest {
    /// At which price.
    pub price: Money,
    /// Words to go with it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 2_000))]
    pub words: Option<String>,
}

/// Driver and vehicle of a run.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AssignmentRequest {
    /// The truck.
    pub vehicle: TruckId,
    /// The driver; the caller without it.
    #[serde(default)]
    pub driver: Option<PartyId>,
}

/// "I am there."
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActArrive {
    /// The stop, from 0.
    #[cfg_attr(feature = "schema", schema(maximum = 19))]
    pub stop: u8,
    /// By the driver's clock.
    pub happened_at: Timestamp,
    /// Where.
    #[serde(default)]
    pub position: Option<PointIn>,
    /// Instead of a position.
    #[serde(default)]
    pub photo: Option<FileId>,
    /// Why there is no position.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 500))]
    pub reason: Option<String>,
}

/// "It is loaded", "it is delivered".
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActServe {
    /// The stop, from 0.
    #[cfg_attr(feature = "schema", schema(maximum = 19))]
    pub stop: u8,
    /// By the driver's clock.
    pub happened_at: Timestamp,
    /// Weight on the scales.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 100_000))]
    pub mass_kg: Option<i64>,
    /// Photos.
    #[cfg_attr(feature = "schema", schema(max_items = 9))]
    pub photos: Vec<FileId>,
    /// Loading or receiver's code.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(min_length = 4, max_length = 6))]
    pub code: Option<String>,
    /// A note on damage.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 1_000))]
    pub damage_note: Option<String>,
    /// Where.
    #[serde(default)]
    pub position: Option<PointIn>,
}

/// "I am leaving."
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActLeave {
    /// The stop, from 0.
    #[cfg_attr(feature = "schema", schema(maximum = 19))]
    pub stop: u8,
    /// By the driver's clock.
    pub happened_at: Timestamp,
}

/// "I walk away."
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActCancel {
    /// Why.
    pub reason: crate::rules::order::CancelReason,
    /// In words.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 1_000))]
    pub words: Option<String>,
    /// A photo of what differs.
    #[serde(default)]
    pub photo: Option<FileId>,
}

/// Why there is a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum DisputeReason {
    /// Goods are damaged.
    Damage,
    /// Goods are missing.
    Missing,
    /// It came too late.
    Late,
    /// Something was not paid.
    Unpaid,
    /// Waiting was not paid.
    Waiting,
    /// Something else.
    Other,
}

/// "This is not right."
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActDispute {
    /// Why.
    pub reason: DisputeReason,
    /// In words.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 2_000))]
    pub words: String,
    /// Photos and papers.
    #[cfg_attr(feature = "schema", schema(max_items = 9))]
    pub evidence: Vec<FileId>,
}

/// A step that was done without a signal. Its id makes it happen once.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum RunStep {
    /// Arrived.
    Arrive(RunStepOf<ActArrive>),
    /// Served.
    Serve(RunStepOf<ActServe>),
    /// Left.
    Leave(RunStepOf<ActLeave>),
}

/// A step with its id.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RunStepOf<A> {
    /// Made by the driver's device.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 64))]
    pub id: String,
    /// The step.
    #[serde(flatten)]
    pub act: A,
}

/// What was done in a dead zone, in order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RunEventsRequest {
    /// Steps, in order.
    #[cfg_attr(feature = "schema", schema(max_items = 100))]
    pub steps: Vec<RunStep>,
    /// Fixes.
    #[cfg_attr(feature = "schema", schema(max_items = 500))]
    pub points: Vec<Fix>,
}

/// Fixes of a running truck.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TrackRequest {
    /// Fixes, by time.
    #[cfg_attr(feature = "schema", schema(min_items = 1, max_items = 500))]
    pub points: Vec<Fix>,
}
