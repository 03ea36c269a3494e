//! `sarai backup` and `sarai restore`: sealed to their recipients, without the master key.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use sarai_gate::outbound::{
    Approving, Ground, Leaving, RecipientForm, RecipientKind, Released, Sector, recipient,
};
use sarai_kernel::{Store, document::PAGE_MAX, party::Party, tally::MEMBERS_MAX};
use sarai_seal::{Record, SubjectId};
use sarai_store::{BackupIdentity, BackupRecipient};

use crate::{
    cli::{Backup, Site},
    failure::Failure,
    house,
    house::House,
};

/// The purpose under which the gate knows backups.
const PURPOSE: &str = "backup";

/// Runs the command.
pub async fn run(command: Backup) -> Result<(), Failure> {
    match command {
        Backup::Keygen { file } => keygen(&file),
        Backup::Create { to, recipient, country, site } => {
            let house = House::open(house::settings(&site)?).await?;
            let_go(&house, country.as_deref(), &to).await?;
            create(&house, &to, &recipient).await
        }
    }
}

/// Restores into a new, empty store.
pub async fn restore(file: &Path, identity: &Path, site: Site) -> Result<(), Failure> {
    let text = std::fs::read_to_string(identity).map_err(Failure::io(identity.display()))?;
    let identity: BackupIdentity = text.parse()?;
    let from = File::open(file).map_err(Failure::io(file.display()))?;
    let config = house::settings(&site)?;
    let address = house::address(&config)?;
    let report = sarai_store::restore(&address, BufReader::new(from), &identity).await?;
    let rows: u64 = report.rows.iter().map(|(_, rows)| rows).sum();
    println!(
        "Restored {rows} rows, up to event {} and audit row {}.",
        report.last_event, report.last_audit
    );
    println!(
        "Nothing sealed opens before the master key that it was sealed under lies in keys/ of the data directory."
    );
    Ok(())
}

fn keygen(file: &Path) -> Result<(), Failure> {
    let identity = BackupIdentity::generate();
    let mut out = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(Failure::io(file.display()))?;
    out.write_all(identity.to_text().as_bytes())
        .and_then(|()| out.write_all(b"\n"))
        .and_then(|()| out.sync_all())
        .map_err(Failure::io(file.display()))?;
    println!("{}", identity.recipient());
    Ok(())
}

/// Asks the gate: a backup is everything, about everybody. At home it is our own; in another country all of them count.
async fn let_go(house: &House, country: Option<&str>, to: &Path) -> Result<(), Failure> {
    let home = house.gate.operator().country.clone();
    let country = country.unwrap_or(&home);
    let form = RecipientForm {
        name: "Backups of the house".to_owned(),
        country: country.to_owned(),
        kind: RecipientKind::Own,
        purposes: vec![PURPOSE.to_owned()],
        categories: Vec::new(),
        group: None,
        approving: Approving::Each,
    };
    let now = house.now();
    let recipient = recipient::of_way(house.store.as_ref(), "backup", form, now).await?;
    let fields = house.gate.field_names();
    let name =
        to.file_name().map_or("backup".to_owned(), |name| name.to_string_lossy().into_owned());
    let what = Leaving {
        to: recipient,
        actor: "system/backup",
        purpose: PURPOSE,
        resource: &name,
        fields: &fields,
        persons: &[],
        more_persons: 0,
        untyped: &[],
        ground: Ground::None,
        sector: Sector::Freight,
        approval: None,
    };
    if country == home {
        return gone(house.gate.release(&what, now).await?);
    }
    // Everybody is counted, so many at once; the law hears of all of them from the first part on.
    let persons = everybody(house).await?;
    let mut left = persons.len() as u64;
    for part in persons.chunks(MEMBERS_MAX) {
        left -= part.len() as u64;
        let part = Leaving { persons: part, more_persons: left, ..what.clone() };
        gone(house.gate.release(&part, now).await?)?;
    }
    Ok(())
}

fn gone(released: Released) -> Result<(), Failure> {
    match released {
        Released::Whole(_) | Released::Covered(..) => Ok(()),
        Released::Held(id) => Err(Failure::Usage(format!(
            "the privacy officer decides first: {id} on the pages, then take the backup again"
        ))),
    }
}

/// Everybody with an account.
async fn everybody(house: &House) -> Result<Vec<SubjectId>, Failure> {
    let (mut all, mut last) = (Vec::new(), None);
    loop {
        let page = house.store.scan(Party::KIND, last, PAGE_MAX).await?;
        let Some(end) = page.last() else { return Ok(all) };
        last = Some(end.at.id);
        all.extend(page.iter().map(|one| SubjectId::from_uuid(one.at.id)));
    }
}

async fn create(house: &House, to: &Path, recipients: &[String]) -> Result<(), Failure> {
    let recipients =
        recipients.iter().map(|text| text.parse()).collect::<Result<Vec<BackupRecipient>, _>>()?;
    house.checkpoints()?.run_now(house.now()).await?;
    let out = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .map_err(Failure::io(to.display()))?;
    let address = house::address(&house.config)?;
    let mut out = BufWriter::new(out);
    let report = sarai_store::backup(&address, &mut out, &recipients).await?;
    out.flush().map_err(Failure::io(to.display()))?;
    out.get_ref().sync_all().map_err(Failure::io(to.display()))?;
    let rows: u64 = report.rows.iter().map(|(_, rows)| rows).sum();
    println!("{rows} rows, up to event {} and audit row {}.", report.last_event, report.last_audit);
    Ok(())
}
