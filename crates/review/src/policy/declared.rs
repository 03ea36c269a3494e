//! The subject's own list of what it collects: CSV with the columns `data,purpose`, or JSON: a list of `{"data", "purpose"}`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::words::category;

/// Rows of a list.
const ROWS_MAX: usize = 100_000;

/// A list, read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Kinds of data with the purposes given for each.
    pub data: BTreeMap<String, Vec<String>>,
    /// What stands in the list and is no kind of data that is known here.
    pub unknown: Vec<String>,
}

/// Why a list does not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeclaredFault {
    /// Neither CSV with the column `data` nor such JSON.
    #[error("neither CSV with a column `data` nor a JSON list of objects with `data`")]
    Form,
    /// More rows than are read.
    #[error("the list has more than {ROWS_MAX} rows")]
    TooMany,
}

#[derive(Deserialize)]
struct Row {
    data: String,
    #[serde(default)]
    purpose: String,
}

impl Declared {
    /// Reads a list.
    pub fn read(text: &str) -> Result<Self, DeclaredFault> {
        let text = text.trim_start_matches('\u{feff}').trim();
        let rows = if text.starts_with('[') {
            serde_json::from_str(text).map_err(|_| DeclaredFault::Form)?
        } else {
            csv(text)?
        };
        if rows.len() > ROWS_MAX {
            return Err(DeclaredFault::TooMany);
        }
        let mut declared = Self::default();
        for Row { data, purpose } in rows {
            match category(&data) {
                Some(code) => {
                    let purposes = declared.data.entry(code.to_owned()).or_default();
                    if !purpose.trim().is_empty() {
                        purposes.push(purpose.trim().to_owned());
                    }
                }
                None => declared.unknown.push(data),
            }
        }
        Ok(declared)
    }
}

fn csv(text: &str) -> Result<Vec<Row>, DeclaredFault> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|_| DeclaredFault::Form)?;
    let column =
        |name: &str| headers.iter().position(|header| header.trim().eq_ignore_ascii_case(name));
    let (data, purpose) = (column("data").ok_or(DeclaredFault::Form)?, column("purpose"));
    let mut rows = Vec::new();
    for record in reader.records().take(ROWS_MAX + 1) {
        let record = record.map_err(|_| DeclaredFault::Form)?;
        let field = |at: usize| record.get(at).unwrap_or_default().trim().to_owned();
        rows.push(Row { data: field(data), purpose: purpose.map(field).unwrap_or_default() });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_csv_and_as_json() {
        let csv = Declared::read("data,purpose\n手机号,登录\ndevice.imei,\n\"天气, 湿度\",x\n")
            .expect("reads");
        let json = r#"[{"data":"手机号","purpose":"登录"},{"data":"IMEI"},{"data":"天气, 湿度"}]"#;
        assert_eq!(csv, Declared::read(json).expect("reads"));
        assert_eq!(csv.data["contact.mobile"], ["登录"]);
        assert_eq!(csv.unknown, ["天气, 湿度"]);
        assert_eq!(Declared::read("a,b\n1,2"), Err(DeclaredFault::Form));
        assert_eq!(Declared::read("[1]"), Err(DeclaredFault::Form));
    }
}
