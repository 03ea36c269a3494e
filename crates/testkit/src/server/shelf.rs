//! A shelf with one app, for tests of what is served.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sarai_api::shelf::{Published, Shelf, ShelfApp, ShelfFault, ShelfFile};
use sarai_kernel::Timestamp;
use serde_json::{Value, json};

/// The one app.
pub const APP: &str = "org.example.trucker";
/// Its package's content.
pub const APP_BYTES: &[u8] = b"not a package; bytes that a test knows again";

/// A shelf with [`APP`] in version 7.
#[derive(Debug)]
pub struct OneApp {
    path: PathBuf,
}

impl OneApp {
    /// Writes the package to a place of its own.
    pub fn new() -> std::io::Result<Self> {
        // Servers of one process are told apart: one must not rewrite what another is sending.
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("sarai-one-app-{}-{number}.apk", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, APP_BYTES)?;
        Ok(Self { path })
    }

    fn app() -> ShelfApp {
        ShelfApp {
            package: APP.to_owned(),
            name_en: "Trucker".to_owned(),
            name_zh: "司机".to_owned(),
            summary_en: "Loads".to_owned(),
            summary_zh: "货源".to_owned(),
            version_name: "1.7".to_owned(),
            version_code: 7,
            size: APP_BYTES.len() as u64,
            sha256: "00".repeat(32),
            file: format!("{APP}_7.apk"),
        }
    }
}

impl Drop for OneApp {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Shelf for OneApp {
    fn apps(&self) -> Result<Vec<ShelfApp>, ShelfFault> {
        Ok(vec![Self::app()])
    }

    fn published(
        &self,
        delisted: &BTreeSet<String>,
        now: Timestamp,
    ) -> Result<Arc<Published>, ShelfFault> {
        let packages: Vec<&str> =
            [APP].into_iter().filter(|package| !delisted.contains(*package)).collect();
        let index =
            json!({ "packages": packages, "timestamp": now.as_micros() }).to_string().into_bytes();
        Ok(Arc::new(Published {
            entry_jar: b"jar".to_vec(),
            entry_json: b"{}".to_vec(),
            index_json: index,
        }))
    }

    fn file(&self, name: &str) -> Result<Option<ShelfFile>, ShelfFault> {
        let app = Self::app();
        let file = ShelfFile { package: app.package, path: self.path.clone(), sha256: app.sha256 };
        Ok((name == app.file).then_some(file))
    }

    fn label(&self, package: &str) -> Result<Option<Value>, ShelfFault> {
        Ok((package == APP).then(|| json!({ "package": APP, "takes": [] })))
    }

    fn address(&self) -> String {
        "http://127.0.0.1/catalogue/repo".to_owned()
    }

    fn fingerprint(&self) -> String {
        "AB".repeat(32)
    }
}
