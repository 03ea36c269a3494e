//! `sarai audit`: is the log whole, and who opened what of a person.

use std::path::Path;

use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use sarai_gate::audit::{OutsideFile, verify_store};
use sarai_kernel::PartyId;
use serde_json::json;

use crate::{cli::Audit, failure::Failure, house, house::House};

/// Rows of one person that are printed.
const ROWS_MAX: usize = 1_000;

/// Runs the command.
pub async fn run(command: Audit) -> Result<(), Failure> {
    match command {
        Audit::Verify { against, json, site } => {
            verify(&House::open(house::settings(&site)?).await?, against.as_deref(), json).await
        }
        Audit::Of { person, json, site } => {
            of(&House::open(house::settings(&site)?).await?, &person, json).await
        }
    }
}

async fn verify(house: &House, against: Option<&Path>, as_json: bool) -> Result<(), Failure> {
    let own = house.directory.checkpoints();
    let file = against.or_else(|| own.exists().then_some(own.as_path()));
    let outside = file
        .map(|path| {
            OutsideFile::read(path)
                .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
        })
        .transpose()?;
    let keys = [house.audit_key()?.public()];
    let verdict = verify_store(house.store.as_ref(), &keys, outside.as_deref()).await?;
    let findings: Vec<_> = verdict.findings.iter().map(ToString::to_string).collect();
    if as_json {
        println!(
            "{}",
            json!({ "whole": verdict.is_whole(), "rows": verdict.rows, "head": verdict.head,
                    "checkpoints": verdict.checkpoints, "signed": verdict.signed,
                    "findings": findings, "more": verdict.more })
        );
    } else {
        println!(
            "{} rows, {} checkpoints, signed up to row {}",
            verdict.rows, verdict.checkpoints, verdict.signed
        );
        findings.iter().for_each(|finding| println!("  {finding}"));
        if verdict.more > 0 {
            println!("  and {} more", verdict.more);
        }
        println!(
            "{}",
            if verdict.is_whole() { "The log is whole." } else { "The log is NOT whole." }
        );
    }
    if verdict.is_whole() { Ok(()) } else { Err(Failure::Findings) }
}

async fn of(house: &House, person: &str, as_json: bool) -> Result<(), Failure> {
    let party: PartyId =
        person.parse().map_err(|_| Failure::Usage(format!("{person} is not a pty_ id")))?;
    let page = house.gate.access_log(party.subject(), None, ROWS_MAX).await?;
    if as_json {
        for row in &page.rows {
            println!(
                "{}",
                json!({ "seq": row.seq, "at": row.at, "who": format!("{:?}", row.who),
                        "relation": row.relation, "purpose": row.purpose, "fields": row.fields })
            );
        }
        return Ok(());
    }
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_header(["when", "who", "relation", "purpose", "what"]);
    for row in &page.rows {
        table.add_row([
            row.at.to_string(),
            format!("{:?}", row.who),
            row.relation.clone(),
            row.purpose.clone(),
            row.fields.join(", "),
        ]);
    }
    println!("{table}");
    Ok(())
}
