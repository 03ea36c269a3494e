//@ error: `keep`: unknown anchor `a while`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Personal)]
pub struct Driver {
    #[subject]
    pub id: SubjectId,
    #[personal(class = Contact, purposes(Dispatch), keep = "a while")]
    pub phone: Sealed<Phone, DriverPhone>,
}

fn main() {}
