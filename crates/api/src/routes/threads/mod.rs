//! Talk: threads, messages, marks, reports.

mod cards;
mod messages;

use crate::spec::Routes;

pub(super) fn routes() -> Routes {
    Routes::new().and(cards::routes()).and(messages::routes())
}
