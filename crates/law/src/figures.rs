//! The numbers of a pack: `facts.toml`, one row for each number that a rule may use.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::{Checked, Fault, fault::Finger, pack::PackFile};

/// A number with its source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The number.
    pub value: i64,
    /// What is counted.
    #[serde(default)]
    pub unit: Option<String>,
    /// Where it stands: `CBDF 7(2)`.
    pub cite: String,
    /// Where it was read.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether the source's wording was read.
    pub checked: Checked,
}

/// The figures of a pack by name (`cbdf.7.persons`).
pub type Figures = BTreeMap<String, Figure>;

type Rows = BTreeMap<String, BTreeMap<String, Spanned<Figure>>>;

/// Reads `facts.toml`: two levels of tables, so that a row is `[law."article.what"]`.
pub(crate) fn read(file: &PackFile) -> Result<Figures, Vec<Fault>> {
    let finger = Finger { file: &file.name, text: &file.text };
    let rows: Rows = toml::from_str(&file.text).map_err(|error| {
        let place = error.span().map_or(0, |span| span.start);
        vec![finger.at(place, None, error.message().replace('\n', " "))]
    })?;
    let mut faults = Vec::new();
    let mut figures = Figures::new();
    for (law, articles) in rows {
        for (article, row) in articles {
            let name = format!("{law}.{article}");
            if row.get_ref().cite.trim().is_empty() {
                faults.push(finger.at(row.span().start, Some(&name), "a figure needs its `cite`"));
            }
            figures.insert(name, row.into_inner());
        }
    }
    if faults.is_empty() { Ok(figures) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn read_text(text: &str) -> Result<Figures, Vec<Fault>> {
        read(&PackFile { name: Cow::Borrowed("p/facts.toml"), text: Cow::Owned(text.to_owned()) })
    }

    #[test]
    fn a_row_is_named_by_law_and_article() {
        let rows =
            read_text("[cbdf.\"7.persons\"]\nvalue = 5\ncite = \"CBDF 7\"\nchecked = \"text\"\n");
        assert_eq!(rows.unwrap()["cbdf.7.persons"].value, 5);
    }

    #[test]
    fn a_bad_row_is_refused_with_its_line() {
        for (text, line, reason) in [
            (
                "[a.b]\nvalue = 5\ncite = \"x\"\nchecked = \"text\"\nvlue = 6\n",
                5,
                "unknown field `vlue`",
            ),
            ("[a.b]\nvalue = \"5\"\ncite = \"x\"\nchecked = \"text\"\n", 2, "expected i64"),
            ("[a.b]\nvalue = 5\ncite = \"x\"\nchecked = \"hearsay\"\n", 4, "unknown variant"),
            ("[a.b]\nvalue = 5\nchecked = \"text\"\n", 1, "missing field `cite`"),
            ("[a.b]\nvalue = 5\ncite = \" \"\nchecked = \"text\"\n", 1, "needs its `cite`"),
            ("[a.b\nvalue = 5\n", 1, ""),
        ] {
            let found = read_text(text).unwrap_err();
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].line, line, "{found:?}");
            assert!(found[0].reason.contains(reason), "{found:?}");
        }
    }
}
