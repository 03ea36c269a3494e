//! `sarai admin`: the first administrator's token, the configuration in force, weak places.

use sarai_account::usecase::first_admin;

use crate::{cli::Admin, failure::Failure, house, house::House};

/// Runs the command.
pub async fn run(command: Admin) -> Result<(), Failure> {
    match command {
        Admin::Token { site } => token(&House::open(house::settings(&site)?).await?).await,
        Admin::Config { site } => {
            let config = house::settings(&site)?;
            let text = toml::to_string_pretty(&config.covered())
                .map_err(|_| Failure::Usage("the configuration cannot be written".to_owned()))?;
            print!("{text}");
            Ok(())
        }
        Admin::Doctor { site } => doctor(&House::open(house::settings(&site)?).await?),
    }
}

async fn token(house: &House) -> Result<(), Failure> {
    let account = house.account(false, None)?;
    match first_admin::issue(&account, house.now()).await? {
        Some(token) => {
            println!("{}", token.as_str());
            eprintln!(
                "Valid for an hour, once: sign in, then open {}/op/first",
                house.config.origin()
            );
            Ok(())
        }
        None => Err(Failure::Usage(
            "there is an administrator already: further staff are invited on the pages".to_owned(),
        )),
    }
}

fn doctor(house: &House) -> Result<(), Failure> {
    let weak = house.config.weaknesses();
    weak.iter().for_each(|place| println!("weak: {place}"));
    println!("{} weak places", weak.len());
    if weak.is_empty() { Ok(()) } else { Err(Failure::Findings) }
}
