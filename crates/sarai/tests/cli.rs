//! The binary as a person at a terminal uses it: every command that needs no running server.
#![expect(clippy::expect_used, reason = "a command that does not start fails its test")]

use std::{
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A data directory of its own, removed at the end.
struct Site(PathBuf);

impl Site {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sarai-cli-{}-{name}", std::process::id()));
        std::fs::DirBuilder::new().mode(0o700).create(&path).expect("a fresh directory");
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_sarai"))
            .args(words)
            .env("SARAI_DATA", self.path("data"))
            .output()
            .expect("the binary starts")
    }

    fn says(&self, words: &[&str]) -> String {
        let out = self.run(words);
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(out.status.success(), "{words:?}: {said}{}", String::from_utf8_lossy(&out.stderr));
        said
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn extract() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../road/tests/data/helsinki.osm.pbf");
    path.display().to_string()
}

#[test]
fn a_map_is_imported_listed_and_driven_on_and_elsewhere_it_is_an_estimate() {
    let site = Site::new("map");
    assert!(site.says(&["map", "list"]).contains("every distance is an estimate"));
    assert!(site.says(&["map", "import", &extract(), "--name", "hel"]).contains("segments"));
    assert!(site.says(&["map", "list"]).starts_with("hel: "));
    let driven = site.says(&["map", "route", "60.1699,24.9384", "60.1640,24.9500", "--json"]);
    assert!(driven.contains(r#""basis":"road""#), "{driven}");
    let guessed = site.says(&["map", "route", "31.49,120.31", "36.65,117.12", "--json"]);
    assert!(guessed.contains(r#""basis":"estimated""#) && guessed.contains("1.33"), "{guessed}");
    let wrong = site.run(&["map", "route", "here", "there"]);
    assert_eq!(wrong.status.code(), Some(2));
    let no_map = site.run(&["map", "import", "/dev/null", "--name", "x"]);
    assert_eq!(no_map.status.code(), Some(2));
}

#[test]
fn a_fresh_house_has_a_whole_log_one_token_and_no_weak_place() {
    let site = Site::new("house");
    assert!(site.says(&["audit", "verify"]).contains("The log is whole."));
    assert!(site.says(&["admin", "doctor"]).contains("0 weak places"));
    assert!(site.says(&["admin", "token"]).trim().len() >= 40);
    assert!(site.says(&["admin", "config"]).contains("listen = \"127.0.0.1:7272\""));
    let register: serde_json::Value =
        serde_json::from_str(&site.says(&["register", "--json"])).expect("JSON");
    assert!(register.as_array().is_some_and(|records| records.len() > 10));
    let nobody = site.run(&["erase", "pty_00000000000000000000000000"]);
    assert_eq!(nobody.status.code(), Some(1));
}

#[test]
fn a_backup_opens_for_its_recipient_only_and_restores_into_an_empty_house() {
    let site = Site::new("backup");
    site.says(&["admin", "token"]);
    let text = |path: &Path| path.display().to_string();
    let (key, other, file) = (site.path("a.key"), site.path("b.key"), site.path("house.backup"));
    let recipient = site.says(&["backup", "keygen", &text(&key)]);
    site.says(&["backup", "keygen", &text(&other)]);
    let to = text(&file);
    site.says(&["backup", "create", "--to", &to, "--recipient", recipient.trim()]);
    let new = text(&site.path("new"));
    let refused = site.run(&["restore", &to, "--identity", &text(&other), "--data", &new]);
    assert_eq!(refused.status.code(), Some(1));
    let said = site.says(&["restore", &to, "--identity", &text(&key), "--data", &new]);
    assert!(said.contains("Restored"), "{said}");
    let twice = site.run(&["restore", &to, "--identity", &text(&key), "--data", &new]);
    assert_eq!(twice.status.code(), Some(1), "a store that is not empty is left alone");
}

#[test]
fn an_unsafe_address_or_an_unknown_key_is_refused_with_the_reason() {
    let site = Site::new("unsafe");
    let out = site.run(&["serve", "--listen", "0.0.0.0:1"]);
    assert!(String::from_utf8_lossy(&out.stderr).contains("--behind-proxy"));
    assert_eq!(out.status.code(), Some(1));
    let config = site.path("sarai.toml");
    std::fs::write(&config, "lisen = 1\n").expect("own file");
    let out = site.run(&["serve", "--config", &config.display().to_string()]);
    assert!(String::from_utf8_lossy(&out.stderr).contains("lisen"));
}
