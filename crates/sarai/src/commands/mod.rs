//! The commands besides `serve`.

pub mod admin;
pub mod audit;
pub mod backup;
pub mod catalogue;
pub mod directive;
pub mod erase;
pub mod law;
pub mod map;
pub mod play;
pub mod register;
pub mod review;
pub mod scan;
