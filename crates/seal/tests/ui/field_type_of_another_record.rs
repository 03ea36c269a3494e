//@ error: this field's type is `DriverPhone`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Personal)]
pub struct Driver {
    #[subject]
    pub id: SubjectId,
    #[personal(class = Contact, purposes(Dispatch), keep = "trip")]
    pub phone: Sealed<Phone, RiderPhone>,
}

fn main() {}
