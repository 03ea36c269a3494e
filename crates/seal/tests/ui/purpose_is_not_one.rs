//@ E0277: the trait bound `String: Purpose` is not satisfied
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Personal)]
pub struct Driver {
    #[subject]
    pub id: SubjectId,
    #[personal(class = Contact, purposes(String), keep = "trip")]
    pub phone: Sealed<Phone, DriverPhone>,
}

fn main() {}
