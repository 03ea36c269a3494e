//@ error: unknown basis `because`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Personal)]
pub struct Driver {
    #[subject]
    pub id: SubjectId,
    #[personal(class = Contact, purposes(Dispatch), keep = "trip", basis = "because")]
    pub phone: Sealed<Phone, DriverPhone>,
}

fn main() {}
