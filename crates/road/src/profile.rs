//! Who drives: a car, or a truck with its size.

use serde::{Deserialize, Serialize};

/// A truck's size and mass as it stands on the road; signs with less are not passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Truck {
    /// Height in millimetres.
    pub height_mm: u32,
    /// Width in millimetres.
    pub width_mm: u32,
    /// Length in millimetres.
    pub length_mm: u32,
    /// Whole mass in kilograms.
    pub mass_kg: u32,
}

impl Default for Truck {
    /// A solo truck of 9.6 m and 18 t, 4.0 m high.
    fn default() -> Self {
        Self { height_mm: 4_000, width_mm: 2_550, length_mm: 9_600, mass_kg: 18_000 }
    }
}

/// What drives the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// A passenger car.
    Car,
    /// A truck of this size.
    Truck(Truck),
}

impl Default for Profile {
    fn default() -> Self {
        Self::Truck(Truck::default())
    }
}

/// The two sets of speeds, access rules and turn restrictions that a graph holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vehicle {
    Car = 0,
    Truck = 1,
}

/// Both, in the order of their numbers.
pub const VEHICLES: [Vehicle; 2] = [Vehicle::Car, Vehicle::Truck];

impl Vehicle {
    /// Its bit in masks.
    pub fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Profile {
    pub(crate) fn vehicle(self) -> Vehicle {
        match self {
            Self::Car => Vehicle::Car,
            Self::Truck(_) => Vehicle::Truck,
        }
    }
}

/// Signed limits on a segment; 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Limits {
    pub height_mm: u32,
    pub width_mm: u32,
    pub length_mm: u32,
    pub mass_kg: u32,
}

impl Limits {
    pub fn passes(self, truck: Truck) -> bool {
        let fits = |limit: u32, size: u32| limit == 0 || size <= limit;
        fits(self.height_mm, truck.height_mm)
            && fits(self.width_mm, truck.width_mm)
            && fits(self.length_mm, truck.length_mm)
            && fits(self.mass_kg, truck.mass_kg)
    }
}
