//! `sarai erase`: destroys a person's key now, for a request that reached the operator on paper.

use sarai_account::usecase::erasure;
use sarai_kernel::PartyId;

use crate::{cli::Site, failure::Failure, house, house::House};

/// Runs the command.
pub async fn run(person: &str, site: Site) -> Result<(), Failure> {
    let party: PartyId =
        person.parse().map_err(|_| Failure::Usage(format!("{person} is not a pty_ id")))?;
    let house = House::open(house::settings(&site)?).await?;
    let account = house.account(false, None)?;
    let records = erasure::run_now(&account, party, house.now()).await?;
    println!("Erased. {records} records were about the person; what stays names nobody.");
    Ok(())
}
