//! Papers handed in, and how far their check is.

mod hand_in;
mod read;

use crate::spec::Routes;

pub(super) fn routes() -> Routes {
    Routes::new().and(hand_in::routes()).and(read::routes())
}
