//! The port of the app catalogue: where packages lie and what is signed is the binary's affair; the wire knows what it serves.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use sarai_kernel::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What a catalogue publishes for clients of F-Droid.
#[derive(Debug, Clone)]
pub struct Published {
    /// The entry, signed as a JAR.
    pub entry_jar: Vec<u8>,
    /// The entry.
    pub entry_json: Vec<u8>,
    /// The index that the entry names.
    pub index_json: Vec<u8>,
}

/// A version of an app on the shelf.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShelfApp {
    /// `com.example.app`.
    pub package: String,
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// One line in English.
    pub summary_en: String,
    /// One line in Chinese.
    pub summary_zh: String,
    /// Version for people.
    pub version_name: String,
    /// Version number.
    pub version_code: i64,
    /// Bytes of the package.
    pub size: u64,
    /// SHA-256 of the package.
    pub sha256: String,
    /// File under `/catalogue/repo/`.
    pub file: String,
}

/// A package's file.
#[derive(Debug, Clone)]
pub struct ShelfFile {
    /// The app it is of.
    pub package: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Its SHA-256.
    pub sha256: String,
}

/// The shelf cannot be read; the log says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShelfFault;

/// A shelf of apps. Calls read files: they are made away from the threads that serve.
pub trait Shelf: Send + Sync {
    /// The newest version of each app, delisted or not.
    fn apps(&self) -> Result<Vec<ShelfApp>, ShelfFault>;
    /// What is published without the apps in `delisted`.
    fn published(
        &self,
        delisted: &BTreeSet<String>,
        now: Timestamp,
    ) -> Result<Arc<Published>, ShelfFault>;
    /// The package of this file name; `None` where there is none.
    fn file(&self, name: &str) -> Result<Option<ShelfFile>, ShelfFault>;
    /// The label of an app.
    fn label(&self, package: &str) -> Result<Option<Value>, ShelfFault>;
    /// Where clients reach the repository.
    fn address(&self) -> String;
    /// SHA-256 of the certificate that signs: by it clients know the catalogue.
    fn fingerprint(&self) -> String;
}

/// No apps: for tests of other things.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoShelf;

impl Shelf for NoShelf {
    fn apps(&self) -> Result<Vec<ShelfApp>, ShelfFault> {
        Ok(Vec::new())
    }

    fn published(&self, _: &BTreeSet<String>, _: Timestamp) -> Result<Arc<Published>, ShelfFault> {
        Err(ShelfFault)
    }

    fn file(&self, _: &str) -> Result<Option<ShelfFile>, ShelfFault> {
        Ok(None)
    }

    fn label(&self, _: &str) -> Result<Option<Value>, ShelfFault> {
        Ok(None)
    }

    fn address(&self) -> String {
        String::new()
    }

    fn fingerprint(&self) -> String {
        String::new()
    }
}
