//@ E0599: named `Gossip` found for enum `Category`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Personal)]
pub struct Driver {
    #[subject]
    pub id: SubjectId,
    #[personal(class = Gossip, purposes(Dispatch), keep = "trip")]
    pub phone: Sealed<Phone, DriverPhone>,
}

fn main() {}
