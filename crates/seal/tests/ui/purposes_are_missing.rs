//@ error: data without a purpose may not be held
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Personal)]
pub struct Driver {
    #[subject]
    pub id: SubjectId,
    #[personal(class = Contact, keep = "trip")]
    pub phone: Sealed<Phone, DriverPhone>,
}

fn main() {}
