//! The app catalogue of a data directory, for the wire: reads the directory, signs the index, keeps the last one while nothing changed.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use sarai_api::shelf::{Published, Shelf, ShelfApp, ShelfFault, ShelfFile};
use sarai_kernel::Timestamp;
use sarai_review::catalogue::{self, CatalogueFault, SigningKey};

use crate::{config::Config, failure::Failure, site::Directory};

/// Label of the secret that the signing key follows from.
pub const KEY: &str = "catalogue signing";
/// Where the catalogue is served, under the origin.
const PATH: &str = "/catalogue/repo";

/// State of the directory: its files with size and time of change, and who was left out.
type Seen = (Vec<(String, u64, Option<SystemTime>)>, BTreeSet<String>);

/// The catalogue of a house.
pub struct HouseShelf {
    shelf: catalogue::Shelf,
    root: PathBuf,
    key: SigningKey,
    address: String,
    last: Mutex<Option<(Seen, Arc<Published>)>>,
}

/// The catalogue's directory.
pub fn folder(directory: &Directory) -> Result<PathBuf, Failure> {
    Ok(directory.folder("catalogue")?)
}

impl HouseShelf {
    /// The catalogue of this data directory; `secret` is what its key follows from.
    pub fn open(
        config: &Config,
        directory: &Directory,
        secret: &[u8; 32],
    ) -> Result<Self, Failure> {
        let root = folder(directory)?;
        let shelf = catalogue::Shelf::open(&root)?;
        let key = SigningKey::derive(secret).map_err(|fault| Failure::Usage(fault.to_string()))?;
        let address = format!("{}{PATH}", config.origin());
        Ok(Self { shelf, root, key, address, last: Mutex::new(None) })
    }

    fn state(&self) -> Result<Vec<(String, u64, Option<SystemTime>)>, std::io::Error> {
        let mut files = Vec::new();
        for folder in [self.root.clone(), self.root.join("apps")] {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let about = entry.metadata()?;
                files.push((
                    entry.file_name().to_string_lossy().into_owned(),
                    about.len(),
                    about.modified().ok(),
                ));
            }
        }
        files.sort();
        Ok(files)
    }

    fn fresh(
        &self,
        delisted: &BTreeSet<String>,
        now: Timestamp,
    ) -> Result<Arc<Published>, CatalogueFault> {
        let files = self
            .state()
            .map_err(|fault| CatalogueFault::Io { path: "catalogue".to_owned(), fault })?;
        let seen = (files, delisted.clone());
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, published)) = last.as_ref().filter(|(before, _)| *before == seen) {
            return Ok(Arc::clone(published));
        }
        let out = |package: &str| delisted.contains(package);
        let made = self.shelf.publish(out, &self.address, now.as_micros() / 1_000, &self.key)?;
        let published = Arc::new(Published {
            entry_jar: made.entry_jar,
            entry_json: made.entry_json,
            index_json: made.index_json,
        });
        *last = Some((seen, Arc::clone(&published)));
        Ok(published)
    }
}

fn told(fault: CatalogueFault) -> ShelfFault {
    tracing::error!(%fault, "the catalogue cannot be read");
    ShelfFault
}

impl Shelf for HouseShelf {
    fn apps(&self) -> Result<Vec<ShelfApp>, ShelfFault> {
        let mut newest: Vec<ShelfApp> = Vec::new();
        for app in self.shelf.apps().map_err(told)? {
            let file = app.file();
            let found = ShelfApp {
                name_en: app.meta.name.en,
                name_zh: app.meta.name.zh,
                summary_en: app.meta.summary.en,
                summary_zh: app.meta.summary.zh,
                version_name: app.version_name,
                version_code: app.version_code,
                size: app.size,
                sha256: app.sha256,
                package: app.package,
                file,
            };
            // By package and rising number: the last of a package is its newest.
            match newest.last_mut().filter(|last| last.package == found.package) {
                Some(last) => *last = found,
                None => newest.push(found),
            }
        }
        Ok(newest)
    }

    fn published(
        &self,
        delisted: &BTreeSet<String>,
        now: Timestamp,
    ) -> Result<Arc<Published>, ShelfFault> {
        self.fresh(delisted, now).map_err(told)
    }

    fn file(&self, name: &str) -> Result<Option<ShelfFile>, ShelfFault> {
        let found = self.shelf.file(name).map_err(told)?;
        Ok(found.map(|(app, path)| ShelfFile { package: app.package, path, sha256: app.sha256 }))
    }

    fn label(&self, package: &str) -> Result<Option<serde_json::Value>, ShelfFault> {
        let label = self.shelf.label(package).map_err(told)?;
        Ok(label.and_then(|label| serde_json::from_slice(&label).ok()))
    }

    fn address(&self) -> String {
        self.address.clone()
    }

    fn fingerprint(&self) -> String {
        self.key.fingerprint()
    }
}
