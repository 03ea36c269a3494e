//! The operator's desk.

mod desk;
mod money;
mod outbox;
mod parties;
mod staff;
mod verifications;

use crate::spec::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .and(desk::routes())
        .and(verifications::routes())
        .and(money::routes())
        .and(parties::routes())
        .and(staff::routes())
        .and(outbox::routes())
}
