//! `sarai catalogue`: put apps on the shelf, look, take them off.

use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use sarai_kernel::Clock;
use sarai_review::{app::Label, catalogue::Shelf};
use serde_json::json;

use crate::{
    cli::{Catalogue, Site},
    clock::SystemClock,
    failure::Failure,
    house,
    shelf::{self, HouseShelf, KEY},
    site::Directory,
};

/// Runs the command.
pub fn run(command: Catalogue) -> Result<(), Failure> {
    match command {
        Catalogue::Add { package, meta, json, site } => {
            let shelf = open(&site)?;
            let now = SystemClock.now().as_micros() / 1_000;
            let (app, label) = shelf.add(&package, meta.as_deref(), now)?;
            if json {
                println!("{}", json!({ "app": app, "label": label }));
            } else {
                println!("{} {} ({})", app.package, app.version_name, app.file());
                tell(&label);
            }
            Ok(())
        }
        Catalogue::List { json, site } => list(&site, json),
        Catalogue::Remove { package, version, site } => {
            let removed = open(&site)?.remove(&package, version)?;
            println!("{removed} taken off the shelf");
            Ok(())
        }
    }
}

fn open(site: &Site) -> Result<Shelf, Failure> {
    let directory = Directory::open(&house::settings(site)?.data)?;
    Ok(Shelf::open(&shelf::folder(&directory)?)?)
}

fn list(site: &Site, as_json: bool) -> Result<(), Failure> {
    let config = house::settings(site)?;
    let directory = Directory::open(&config.data)?;
    let secret = *house::keyring(&directory)?.derive(KEY)?.expose();
    let served = HouseShelf::open(&config, &directory, &secret)?;
    let (address, fingerprint) = {
        use sarai_api::shelf::Shelf as _;
        (served.address(), served.fingerprint())
    };
    let apps = open(site)?.apps()?;
    if as_json {
        println!("{}", json!({ "address": address, "fingerprint": fingerprint, "apps": apps }));
        return Ok(());
    }
    println!("{address}\nSHA-256 {fingerprint}");
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_header(["package", "version", "number", "bytes", "name"]);
    for app in apps {
        let number = app.version_code.to_string();
        table.add_row([
            app.package,
            app.version_name,
            number,
            app.size.to_string(),
            app.meta.name.en,
        ]);
    }
    println!("{table}");
    Ok(())
}

fn tell(label: &Label) {
    for takes in &label.takes {
        println!("  takes {:<22} {}", takes.data, takes.by.join(", "));
    }
    for party in &label.third_parties {
        println!("  carries {} ({}, {})", party.name, party.vendor, party.country);
    }
    for permission in label.permissions.iter().filter(|permission| permission.used == Some(false)) {
        println!("  asks for {} and does not use it", permission.name);
    }
    if !label.cautions.is_empty() {
        println!("  mind: {}", label.cautions.join(", "));
    }
    if label.partial {
        println!("  some of it could not be read");
    }
}
