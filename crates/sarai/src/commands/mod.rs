//! The commands besides `serve`.

pub mod admin;
pub mod audit;
pub mod backup;
pub mod erase;
pub mod map;
pub mod register;
