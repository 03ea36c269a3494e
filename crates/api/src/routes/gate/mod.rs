//! The privacy officer's desk: keys of authorities, and everything about data that leaves.

mod approvals;
mod authorities;
mod breaches;
mod log;
mod mechanisms;
mod questions;
mod recipients;
mod requests;
mod shapes;

use sarai_kernel::Role;

use crate::spec::Routes;

/// The privacy officer.
const OFFICER: &[Role] = &[Role::PrivacyOfficer];

pub(super) fn routes() -> Routes {
    Routes::new()
        .and(authorities::routes())
        .and(recipients::routes())
        .and(mechanisms::routes())
        .and(log::routes())
        .and(approvals::routes())
        .and(questions::routes())
        .and(requests::routes())
        .and(breaches::routes())
}
