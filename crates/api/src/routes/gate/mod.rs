//! The privacy officer's desk: keys of authorities, and everything about data that leaves.

mod authorities;

use crate::spec::Routes;

pub(super) fn routes() -> Routes {
    Routes::new().and(authorities::routes())
}
