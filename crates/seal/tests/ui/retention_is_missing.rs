//@ error: `keep = "…"` is missing
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Personal)]
pub struct Driver {
    #[subject]
    pub id: SubjectId,
    #[personal(class = Contact, purposes(Dispatch))]
    pub phone: Sealed<Phone, DriverPhone>,
}

fn main() {}
