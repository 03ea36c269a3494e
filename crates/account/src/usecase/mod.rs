//! One file a deed, or a few that belong together.

pub mod approvals;
pub mod contact;
pub mod corrections;
pub mod erasure;
pub mod factors;
pub mod files;
pub mod first_admin;
pub mod my_data;
pub mod notices;
pub mod officers;
pub mod orgs;
pub mod papers;
pub mod profile;
pub mod ratings;
pub mod send_code;
pub mod sessions;
pub mod sides;
pub mod sign_in;
pub mod staff;
pub mod step_up;
pub mod talk;
mod timers;
pub mod wallet;
mod warn;
