//! Files that are written from the code and checked in. A difference fails the check.

use std::fs;

use crate::{openings, register, root, rules, source};

/// What can be generated.
pub const NAMES: [&str; 4] = ["register", "openings", "rules", "openapi"];

/// Writes or checks all; what is wrong.
pub fn all(check: bool) -> Vec<String> {
    NAMES.iter().flat_map(|name| one(name, check)).collect()
}

/// Writes or checks one; what is wrong.
pub fn one(name: &str, check: bool) -> Vec<String> {
    match files(name) {
        Err(reason) => vec![format!("{name}: {reason}")],
        Ok(files) => files.into_iter().filter_map(|(path, text)| put(path, &text, check)).collect(),
    }
}

fn files(name: &str) -> Result<Vec<(&'static str, String)>, String> {
    let wrong = |error: &dyn std::fmt::Display| error.to_string();
    Ok(match name {
        "register" => {
            let entries = register::entries();
            let json = register::json(&entries).map_err(|error| wrong(&error))?;
            vec![("docs/register.md", register::markdown(&entries)), ("docs/register.json", json)]
        }
        "openings" => vec![("docs/openings.md", openings::text(&source::all(&root())))],
        "rules" => vec![("docs/rules.md", rules::text().map_err(|error| wrong(&error))?)],
        "openapi" => {
            let text = serde_json::to_string_pretty(&sarai_api::openapi());
            vec![("docs/openapi.json", text.map_err(|error| wrong(&error))? + "\n")]
        }
        other => return Err(format!("nothing of the name {other} is generated")),
    })
}

fn put(path: &str, text: &str, check: bool) -> Option<String> {
    let place = root().join(path);
    let same = fs::read_to_string(&place).is_ok_and(|held| held == text);
    match (same, check) {
        (true, _) => None,
        (false, true) => {
            Some(format!("{path} is not what the code says: run `make gen` and review the change"))
        }
        (false, false) => match fs::write(&place, text) {
            Ok(()) => {
                println!("wrote {path}");
                None
            }
            Err(error) => Some(format!("{path} cannot be written: {}", error.kind())),
        },
    }
}
