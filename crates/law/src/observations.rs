//! What a review may observe: `observations.toml`, one row for each, with what to do about it in both languages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Fault, Severity, fault::Finger, pack::PackFile};

/// Something that a reviewer may find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// `id_plaintext`, `app.reads_clipboard`, `method.3.1` …
    pub id: String,
    /// How much it matters, before the number of persons is known.
    pub severity: Severity,
    /// One line.
    pub en: String,
    /// The same in Chinese.
    pub zh: String,
    /// What to do about it.
    pub fix: String,
    /// The same in Chinese.
    pub fix_zh: String,
    /// The fact of the decision of 2022-07-21 that it resembles: `V02`.
    #[serde(default)]
    pub didi: Option<String>,
    /// The Android permission that gives it away.
    #[serde(default)]
    pub permission: Option<String>,
}

/// Observations by id.
pub type Observations = BTreeMap<String, Observation>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    seen: Vec<toml::Spanned<Observation>>,
}

/// Reads the file.
pub(crate) fn read(file: &PackFile) -> Result<Observations, Vec<Fault>> {
    let finger = Finger { file: &file.name, text: &file.text };
    let rows: File = toml::from_str(&file.text).map_err(|error| {
        let place = error.span().map_or(0, |span| span.start);
        vec![finger.at(place, None, error.message().replace('\n', " "))]
    })?;
    let (mut known, mut faults) = (Observations::new(), Vec::new());
    for row in rows.seen {
        let place = row.span().start;
        let row = row.into_inner();
        let id = row.id.clone();
        if known.insert(id.clone(), row).is_some() {
            faults.push(finger.at(place, Some(&id), "the observation is there twice"));
        }
    }
    if faults.is_empty() { Ok(known) } else { Err(faults) }
}
