//! The person's own record.

mod profile;
mod roles;

pub(crate) use profile::{Checks, checks};

use crate::spec::Routes;

pub(super) fn routes() -> Routes {
    Routes::new().and(profile::routes()).and(roles::routes())
}
