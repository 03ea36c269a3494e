//@ error: `#[subject]` marks exactly one field
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Personal)]
pub struct Driver {
    #[subject]
    pub id: SubjectId,
    #[subject]
    pub boss: SubjectId,
    #[personal(class = Contact, purposes(Dispatch), keep = "trip")]
    pub phone: Sealed<Phone, DriverPhone>,
}

fn main() {}
