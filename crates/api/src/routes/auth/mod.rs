//! Sign-in, sessions, factors.

mod codes;
mod cookie;
mod factors;
mod sessions;
mod step_up;

use crate::spec::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .and(codes::routes())
        .and(sessions::routes())
        .and(step_up::routes())
        .and(factors::routes())
}
