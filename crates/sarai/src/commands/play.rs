//! `sarai play`: made-up worlds to try things on.

use sarai_play::planted::{Plan, platform};

use crate::{cli::Play, failure::Failure};

/// Runs the command.
pub async fn run(command: Play) -> Result<(), Failure> {
    let Play::Planted { folder, clean, seed, passengers, dump } = command;
    let made = platform(Plan { seed, passengers, planted: !clean });
    let shown = folder.display().to_string();
    made.write(&folder).await.map_err(Failure::io(&shown))?;
    if dump {
        std::fs::write(folder.join("platform.sql"), made.dump()).map_err(Failure::io(&shown))?;
    }
    let rows: usize = made.tables.iter().map(|table| table.rows.len()).sum();
    println!(
        "{shown}: {} tables, {rows} rows. Try: sarai review {shown}/subject.toml",
        made.tables.len()
    );
    Ok(())
}
