//@ error: a sealed field needs `#[personal(
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Personal)]
pub struct Driver {
    #[subject]
    pub id: SubjectId,
    
    pub phone: Sealed<Phone, DriverPhone>,
}

fn main() {}
