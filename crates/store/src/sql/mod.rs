//! Every statement of the store, by table. Written once for both databases; a test prepares each on both.

pub mod answer;
pub mod audit;
pub mod backup;
pub mod document;
pub mod event;
pub mod head;
pub mod key;
pub mod lease;
pub mod ledger;
pub mod person;
pub mod tally;
#[cfg(test)]
mod tests;

#[cfg(test)]
use crate::statement::Statement;

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $make:ident($text:expr, $takes:expr, $gives:expr);)*) => {
        $($(#[$doc])* pub static $name: $crate::statement::Statement = $crate::statement::Statement::$make($text, &$takes, &$gives);)*
        /// The statements of this table, by name: for the test that prepares them all.
        #[cfg(test)]
        pub static ALL: &[(&str, &$crate::statement::Statement)] = &[$((stringify!($name), &$name)),*];
    };
}
pub(crate) use statements;

/// The whole catalogue.
#[cfg(test)]
pub fn all() -> impl Iterator<Item = (&'static str, &'static Statement)> {
    [
        answer::ALL,
        audit::ALL,
        document::ALL,
        event::ALL,
        head::ALL,
        key::ALL,
        ledger::ALL,
        lease::ALL,
        person::ALL,
        tally::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
    .chain(backup::TABLES.iter().flat_map(|t| [(t.name, t.dump), (t.name, t.load)]))
}
