//! `sarai backup` and `sarai restore`: sealed to their recipients, without the master key.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use sarai_store::{BackupIdentity, BackupRecipient};

use crate::{
    cli::{Backup, Site},
    failure::Failure,
    house,
    house::House,
};

/// Runs the command.
pub async fn run(command: Backup) -> Result<(), Failure> {
    match command {
        Backup::Keygen { file } => keygen(&file),
        Backup::Create { to, recipient, site } => {
            create(&House::open(house::settings(&site)?).await?, &to, &recipient).await
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
