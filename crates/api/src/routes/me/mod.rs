//! The person's own record, and everything held about the person.

mod access;
mod consents;
mod contact;
mod data;
mod profile;
mod requests;
mod roles;
pub(crate) mod words;

pub(crate) use profile::{Checks, checks};

use crate::spec::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .and(profile::routes())
        .and(roles::routes())
        .and(data::routes())
        .and(access::routes())
        .and(consents::routes())
        .and(contact::routes())
        .and(requests::routes())
}
