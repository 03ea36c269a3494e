//! `sarai register`: the processing register, as it stands in the types.

use sarai_seal::RegisterEntry;

use crate::failure::Failure;

/// Every personal record of every room.
pub fn entries() -> Vec<RegisterEntry> {
    let mut entries = sarai_account::register();
    entries.extend(sarai_freight::register());
    entries
}

/// Runs the command.
pub fn run(as_json: bool) -> Result<(), Failure> {
    let entries = entries();
    if as_json {
        let text = serde_json::to_string_pretty(&entries)
            .map_err(|_| Failure::Usage("the register cannot be written".to_owned()))?;
        println!("{text}");
        return Ok(());
    }
    for entry in &entries {
        println!("{}", entry.record);
        for field in entry.fields {
            let purposes: Vec<_> = field.purposes.iter().map(|purpose| purpose.name).collect();
            println!(
                "  {:<28} {:<14} {:<22} {}",
                field.name,
                format!("{:?}", field.category),
                field.retention.to_string(),
                purposes.join(", ")
            );
        }
    }
    Ok(())
}
