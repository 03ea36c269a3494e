//! Pure rules: no store, no clock, no personal data beyond what is passed in.

pub mod code;
pub mod limits;
pub mod picture;
pub mod recovery;
pub mod session;
pub mod token;
pub mod totp;
