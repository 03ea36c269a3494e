//! Seeded worlds: synthetic people, trucks and loads between real cities. The same seed and moment give the same world.
//!
//! Architecture invariant: nothing here is a real person. Names are put together from common syllables, telephone numbers lie in a block
//! that no operator assigns (+86 100…), plates and papers are made up. The generator knows no store and no server: a world is plain data,
//! and whoever wants it alive runs the product's own use cases over it.

mod names;
pub mod planted;
mod world;

pub use names::{company, person, phone, plate};
pub use world::{Freight, Lane, LoadPlan, ShipperPlan, TruckerPlan, World};
