//! Reading `subject.toml`: strict, and every fault with its line.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::Subject;

/// Largest subject file in bytes: it is written by a person.
const BYTES_MAX: u64 = 1 << 20;

/// Why a subject file does not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// The file cannot be read.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
    /// Something in it is wrong.
    #[error("{path}:{line}: {reason}")]
    Line {
        /// Which file.
        path: String,
        /// Line, from 1.
        line: usize,
        /// Why.
        reason: String,
    },
}

impl Subject {
    /// Reads and checks a subject file.
    ///
    /// # Errors
    /// What is wrong, with file and line.
    pub fn open(path: &Path) -> Result<Self, SubjectError> {
        let shown = path.display().to_string();
        let fail = |error: std::io::Error| SubjectError::File {
            path: shown.clone(),
            reason: error.to_string(),
        };
        if std::fs::metadata(path).map_err(fail)?.len() > BYTES_MAX {
            let reason = format!("larger than {BYTES_MAX} bytes");
            return Err(SubjectError::File { path: shown, reason });
        }
        let text = std::fs::read_to_string(path).map_err(fail)?;
        let mut subject = Self::parse(&shown, &text)?;
        subject.folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(subject)
    }

    /// Reads and checks the text of a subject file; `path` is for messages.
    ///
    /// # Errors
    /// What is wrong, with file and line.
    pub fn parse(path: &str, text: &str) -> Result<Self, SubjectError> {
        let subject: Self = toml::from_str(text).map_err(|error| SubjectError::Line {
            path: path.to_owned(),
            line: error.span().map_or(1, |span| line_of(text, span.start)),
            reason: error.message().replace('\n', " "),
        })?;
        subject.check().map_err(|(needle, reason)| SubjectError::Line {
            path: path.to_owned(),
            line: text.find(&needle).map_or(1, |at| line_of(text, at)),
            reason,
        })?;
        Ok(subject)
    }

    /// A path of the subject file, from its folder.
    pub fn at(&self, path: &Path) -> PathBuf {
        if path.is_absolute() { path.to_path_buf() } else { self.folder.join(path) }
    }

    /// What the types do not say: the words to look for, and what is wrong there.
    fn check(&self) -> Result<(), (String, String)> {
        let mut names = BTreeSet::new();
        for name in self.source_names() {
            let fine =
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_. ".contains(c));
            if !fine {
                let reason = format!("source name {name:?}: letters, digits, space, - _ . only");
                return Err((format!("{name:?}"), reason));
            }
            if !names.insert(name) {
                return Err((format!("{name:?}"), format!("two sources are named {name:?}")));
            }
        }
        self.check_databases()?;
        self.check_traffic()?;
        if !two_letters(&self.country) {
            return Err(("country".to_owned(), "country is not a code of two letters".to_owned()));
        }
        for flow in &self.flow {
            if !two_letters(&flow.country) {
                let reason =
                    format!("flow to {:?}: country is not a code of two letters", flow.recipient);
                return Err((format!("{:?}", flow.country), reason));
            }
            if flow.sensitive_persons > flow.persons {
                let reason =
                    format!("flow to {:?}: more sensitive_persons than persons", flow.recipient);
                return Err((format!("{:?}", flow.recipient), reason));
            }
        }
        for keep in &self.keep {
            if keep.table.split('/').count() != 2 {
                let reason = format!("keep.table {:?}: write source/table", keep.table);
                return Err((format!("{:?}", keep.table), reason));
            }
        }
        for hint in &self.column {
            if hint.at.split('/').count() != 3 {
                let reason = format!("column.at {:?}: write source/table/column", hint.at);
                return Err((format!("{:?}", hint.at), reason));
            }
        }
        Ok(())
    }

    fn check_databases(&self) -> Result<(), (String, String)> {
        for database in &self.database {
            let reason = match (&database.url, &database.url_env) {
                (None, None) => "needs url or url_env",
                (Some(_), Some(_)) => "url and url_env: only one of them",
                _ => continue,
            };
            let reason = format!("database {:?}: {reason}", database.name);
            return Err((format!("{:?}", database.name), reason));
        }
        Ok(())
    }

    fn check_traffic(&self) -> Result<(), (String, String)> {
        for capture in &self.traffic {
            if capture.never_agreed && capture.consent_at.is_some() {
                let reason = format!("traffic {:?}: consent_at and never_agreed", capture.name);
                return Err((format!("{:?}", capture.name), reason));
            }
        }
        Ok(())
    }

    /// The names under which findings know its sources.
    pub fn source_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        names.extend(self.database.iter().map(|one| one.name.as_str()));
        names.extend(self.files.iter().map(|one| one.name.as_str()));
        names.extend(self.app.iter().map(|one| one.name.as_str()));
        names.extend(self.traffic.iter().map(|one| one.name.as_str()));
        names.extend(self.access.iter().map(|one| one.name.as_str()));
        names
    }
}

fn two_letters(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Line of a byte offset, from 1.
fn line_of(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    1 + before.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "name = \"Xunlu\"\nsector = \"ride\"\nusers = 1_300_000\n";

    fn refused(text: &str) -> String {
        Subject::parse("s.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn a_small_subject_reads_with_its_defaults() {
        let subject = Subject::parse("s.toml", SMALL).unwrap();
        assert_eq!(subject.users, 1_300_000);
        assert_eq!(subject.law, ["cn"]);
        assert_eq!(subject.country, "CN");
        assert_eq!(subject.name.text().zh, "Xunlu");
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let text = format!("{SMALL}\n[[files]]\nname = \"dump\"\npath = \"d\"\ncolour = 1\n");
        let told = refused(&text);
        assert!(told.starts_with("s.toml:8: "), "{told}");
        assert!(told.contains("colour"), "{told}");
    }

    #[test]
    fn a_wrong_value_is_refused_with_its_line() {
        let told = refused("name = \"X\"\nsector = \"space\"\n");
        assert!(told.starts_with("s.toml:2: "), "{told}");
    }

    #[test]
    fn two_sources_of_one_name_are_refused() {
        let text = format!(
            "{SMALL}[[files]]\nname = \"a\"\npath = \"x\"\n[[access]]\nname = \"a\"\npath = \"y\"\n"
        );
        assert!(refused(&text).contains("two sources are named \"a\""));
    }

    #[test]
    fn a_database_needs_one_address() {
        let none = format!("{SMALL}[[database]]\nname = \"db\"\n");
        assert_eq!(refused(&none), "s.toml:5: database \"db\": needs url or url_env");
        let both = format!("{SMALL}[[database]]\nname = \"db\"\nurl = \"a\"\nurl_env = \"b\"\n");
        assert!(refused(&both).contains("only one of them"));
    }

    #[test]
    fn more_sensitive_persons_than_persons_is_refused() {
        let text = format!(
            "{SMALL}[[flow]]\nrecipient = \"M\"\ncountry = \"SG\"\npersons = 1\nsensitive_persons = 2\n"
        );
        assert!(refused(&text).contains("more sensitive_persons"));
    }
}
