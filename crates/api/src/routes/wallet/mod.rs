//! The wallet: balance, lines, statements, money in and out.

mod payments;
mod read;

use crate::spec::Routes;

pub(super) fn routes() -> Routes {
    Routes::new().and(read::routes()).and(payments::routes())
}
