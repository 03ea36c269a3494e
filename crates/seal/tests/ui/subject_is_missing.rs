//@ error: `Personal` needs `#[subject]`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Personal)]
pub struct Driver {
    
    pub id: SubjectId,
    #[personal(class = Contact, purposes(Dispatch), keep = "trip")]
    pub phone: Sealed<Phone, DriverPhone>,
}

fn main() {}
