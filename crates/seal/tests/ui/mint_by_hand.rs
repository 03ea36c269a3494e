//@ E0624: associated function `new` is private
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f() -> Grant<Dispatch> {
    Grant::new(Scope::Everyone, AuditRow(1))
}

fn main() {}
