//! Foreign crates: licences, bans and sources as `deny.toml` says, checked from the lock file and `cargo metadata` alone, so that every
//! test run does it. `cargo deny check` reads the same file and looks closer (licence texts, yanked versions, advisories).

use std::{fs, process::Command};

use serde_json::Value;

use crate::root;

/// What `deny.toml` says, as far as it is read here.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Licences that are fine.
    pub licences: Vec<String>,
    /// Crates that are not, with those that may use them all the same.
    pub banned: Vec<(String, Vec<String>)>,
}

impl Wanted {
    /// Reads the file's text.
    pub fn read(text: &str) -> Option<Self> {
        let table: toml::Table = text.parse().ok()?;
        let words = |value: Option<&toml::Value>| -> Vec<String> {
            let list = value.and_then(toml::Value::as_array).into_iter().flatten();
            list.filter_map(|word| word.as_str().map(str::to_owned)).collect()
        };
        let deny = table.get("bans")?.get("deny")?.as_array()?.iter();
        let banned = deny.filter_map(|ban| {
            Some((ban.get("crate")?.as_str()?.to_owned(), words(ban.get("wrappers"))))
        });
        Some(Self {
            licences: words(table.get("licenses")?.get("allow")),
            banned: banned.collect(),
        })
    }

    /// What is wrong with the packages of `cargo metadata`.
    pub fn faults(&self, metadata: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        for package in metadata["packages"].as_array().into_iter().flatten() {
            let name = package["name"].as_str().unwrap_or_default();
            let licence = package["license"].as_str().unwrap_or_default();
            if !self.fine(licence) {
                wrong.push(format!("{name}: licence `{licence}` is not among those of deny.toml"));
            }
            match package["source"].as_str() {
                None | Some("registry+https://github.com/rust-lang/crates.io-index") => {}
                Some(other) => wrong.push(format!("{name}: comes from {other}")),
            }
            for used in package["dependencies"].as_array().into_iter().flatten() {
                let used = used["name"].as_str().unwrap_or_default();
                let ban = self.banned.iter().find(|(banned, _)| banned == used);
                if let Some((banned, wrappers)) = ban
                    && !wrappers.iter().any(|wrapper| wrapper == name)
                    && is_there(metadata, banned)
                {
                    wrong.push(format!("{name} brings in {banned}, which deny.toml bans"));
                }
            }
        }
        wrong
    }

    /// Whether a licence expression can be met with the licences that are fine.
    fn fine(&self, expression: &str) -> bool {
        let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut at = 0;
        let fine = self.either(&words, &mut at);
        fine && at == words.len()
    }

    fn either(&self, words: &[&str], at: &mut usize) -> bool {
        let mut fine = self.both(words, at);
        while words.get(*at) == Some(&"OR") {
            *at += 1;
            fine |= self.both(words, at);
        }
        fine
    }

    fn both(&self, words: &[&str], at: &mut usize) -> bool {
        let mut fine = self.one(words, at);
        while words.get(*at) == Some(&"AND") {
            *at += 1;
            fine &= self.one(words, at);
        }
        fine
    }

    fn one(&self, words: &[&str], at: &mut usize) -> bool {
        let Some(word) = words.get(*at) else { return false };
        *at += 1;
        if *word == "(" {
            let fine = self.either(words, at);
            let closed = words.get(*at) == Some(&")");
            *at += 1;
            return fine && closed;
        }
        let mut name = (*word).to_owned();
        if let (Some(&"WITH"), Some(exception)) = (words.get(*at), words.get(*at + 1)) {
            name = format!("{name} WITH {exception}");
            *at += 2;
        }
        self.licences.contains(&name)
    }
}

/// A crate can be named as an option that nobody takes: then it is in no lock file.
fn is_there(metadata: &Value, name: &str) -> bool {
    metadata["packages"].as_array().into_iter().flatten().any(|package| package["name"] == name)
}

/// What is wrong with the workspace as it stands.
pub fn wrong() -> Vec<String> {
    let wanted = fs::read_to_string(root().join("deny.toml")).ok();
    let Some(wanted) = wanted.and_then(|text| Wanted::read(&text)) else {
        return vec!["deny.toml does not read".to_owned()];
    };
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(root())
        .output();
    match output.map(|output| serde_json::from_slice(&output.stdout)) {
        Ok(Ok(metadata)) => wanted.faults(&metadata),
        _ => vec!["cargo metadata does not answer (is Cargo.lock current?)".to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_foreign_crate_may_be_here() {
        assert_eq!(wrong(), Vec::<String>::new());
    }

    fn wanted() -> Wanted {
        let licences = ["MIT", "Apache-2.0", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"];
        Wanted {
            licences: licences.map(str::to_owned).to_vec(),
            banned: vec![("openssl-sys".to_owned(), vec!["allowed".to_owned()])],
        }
    }

    #[test]
    fn a_licence_expression_is_met_or_not() {
        let fine = [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/BSD",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception",
        ];
        let bad = [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT OR GPL-3.0) AND ISC",
            "MIT WITH Classpath",
            "(MIT",
            "MIT GPL",
        ];
        assert!(fine.iter().all(|expression| wanted().fine(expression)));
        for expression in bad {
            assert!(!wanted().fine(expression), "{expression}");
        }
    }

    #[test]
    fn a_banned_crate_a_strange_source_and_a_strange_licence_are_named() {
        let package = |name: &str, licence: &str, source: &str, used: &str| json!({"name": name, "license": licence, "source": source, "dependencies": [{"name": used}]});
        let home = "registry+https://github.com/rust-lang/crates.io-index";
        let packages = [
            package("openssl-sys", "MIT", home, "libc"),
            package("allowed", "MIT", home, "openssl-sys"),
            package("tls", "MIT", home, "openssl-sys"),
            package("copyleft", "GPL-3.0", home, "libc"),
            package("fork", "MIT", "git+https://example.org/fork", "libc"),
        ];
        let wanted_faults = [
            "tls brings in openssl-sys, which deny.toml bans",
            "copyleft: licence `GPL-3.0` is not among those of deny.toml",
            "fork: comes from git+https://example.org/fork",
        ];
        assert_eq!(wanted().faults(&json!({"packages": packages})), wanted_faults);
        let without = json!({"packages": [package("tls", "MIT", home, "openssl-sys")]});
        assert!(wanted().faults(&without).is_empty());
    }
}
