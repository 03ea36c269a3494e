//@ error: a personal field is `Sealed<T, F>`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Personal)]
pub struct Driver {
    #[subject]
    pub id: SubjectId,
    #[personal(class = Contact, purposes(Dispatch), keep = "trip")]
    pub phone: Phone,
}

fn main() {}
