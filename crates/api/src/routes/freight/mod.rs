//! Freight on the wire: board, lanes, loads, offers, vehicles, orders and the run. One file a resource; what they share is in
//! [`shapes`]. What is sealed is opened in the `…_view` files, each under a grant of its own.

mod board;
mod desk;
mod lanes;
mod load_view;
mod loads;
mod offers;
mod order_list;
mod order_view;
mod orders;
mod pager;
mod reach;
mod run;
mod shapes;
mod track;
mod vehicles;

use crate::spec::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .and(board::routes())
        .and(desk::routes())
        .and(lanes::routes())
        .and(loads::routes())
        .and(offers::routes())
        .and(order_list::routes())
        .and(orders::routes())
        .and(reach::routes())
        .and(run::routes())
        .and(track::routes())
        .and(vehicles::routes())
}
