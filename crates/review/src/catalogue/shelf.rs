//! The directory of the catalogue.

use std::{
    fs::{self, File},
    io::{self, BufReader, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    index::{Published, publish},
    key::SigningKey,
};
use crate::app::{AppFault, Label, review_app};

/// Largest file of words.
const META_BYTES_MAX: u64 = 1 << 20;
/// Apps and versions together.
const APPS_MAX: usize = 10_000;

/// Why a catalogue does not do what it is asked.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueFault {
    /// A file could not be read or written.
    #[error("{path}: {fault}")]
    Io {
        /// Which.
        path: String,
        /// Why.
        fault: io::Error,
    },
    /// The file is no package that can be read.
    #[error("it is no package that can be put on the shelf: {0}")]
    App(#[from] AppFault),
    /// The package's name or version cannot be read.
    #[error("the package says no name or no version")]
    Nameless,
    /// Nobody signed the package: no phone installs it.
    #[error("the package is not signed")]
    Unsigned,
    /// This version is on the shelf already.
    #[error("{package} version {version_code} is on the shelf already")]
    There {
        /// Which.
        package: String,
        /// Its number.
        version_code: i64,
    },
    /// Another key signed the versions before: phones refuse the update.
    #[error("{package} was signed with another key before")]
    OtherSigner {
        /// Which.
        package: String,
    },
    /// Nothing of this name is on the shelf.
    #[error("nothing of this name is on the shelf")]
    Missing,
    /// A file of words does not read.
    #[error("{path}: {why}")]
    Words {
        /// Which.
        path: String,
        /// Why.
        why: String,
    },
    /// More apps than a catalogue holds.
    #[error("the catalogue holds {APPS_MAX} versions and no more")]
    Full,
    /// The index could not be signed.
    #[error("the index could not be signed")]
    Sign,
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// What people are told of an app; the file behind `--meta`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Meta {
    /// Name.
    pub name: Words,
    /// One line.
    pub summary: Words,
    /// More lines.
    pub description: Words,
    /// SPDX identifier of the licence; empty where it is not free.
    pub license: String,
    /// Who made it.
    pub author: Option<String>,
    /// Where to read about it.
    pub website: Option<String>,
    /// Where its source is.
    pub source: Option<String>,
    /// Categories, in F-Droid's words.
    pub categories: Vec<String>,
}

/// What people are told of the catalogue: `catalogue.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepoMeta {
    /// Its name.
    pub name: Words,
    /// What it is.
    pub description: Words,
}

impl Default for RepoMeta {
    fn default() -> Self {
        let words = |en: &str, zh: &str| Words { en: en.to_owned(), zh: zh.to_owned() };
        Self {
            name: words("Apps of this market", "本市场的应用"),
            description: words(
                "Apps for this market, each with a label made by reading the package.",
                "本市场的应用，每个均附有由安装包分析得出的隐私标签。",
            ),
        }
    }
}

/// A version of an app on the shelf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppMeta {
    /// `com.example.app`.
    pub package: String,
    /// Version number.
    pub version_code: i64,
    /// Version for people.
    pub version_name: String,
    /// SHA-256 of the package.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// When it was put on the shelf, in milliseconds since 1970.
    pub added: i64,
    /// Oldest Android (API level).
    pub min_sdk: Option<u32>,
    /// Android that it was built for (API level).
    pub target_sdk: Option<u32>,
    /// SHA-256 of the signers' certificates.
    pub signers: Vec<String>,
    /// Permissions asked for.
    pub permissions: Vec<String>,
    /// What people are told.
    pub meta: Meta,
}

impl AppMeta {
    /// Name of the package's file: `com.example.app_7.apk`.
    pub fn file(&self) -> String {
        format!("{}.apk", self.stem())
    }

    fn stem(&self) -> String {
        format!("{}_{}", self.package, self.version_code)
    }
}

/// A catalogue's directory.
#[derive(Debug, Clone)]
pub struct Shelf {
    root: PathBuf,
}

impl Shelf {
    /// The catalogue in this directory, which is made where it is missing.
    pub fn open(root: &Path) -> Result<Self, CatalogueFault> {
        let apps = root.join("apps");
        fs::create_dir_all(&apps).map_err(|fault| io_fault(&apps, fault))?;
        Ok(Self { root: root.to_owned() })
    }

    fn apps_folder(&self) -> PathBuf {
        self.root.join("apps")
    }

    /// Every version on the shelf, by package and number.
    pub fn apps(&self) -> Result<Vec<AppMeta>, CatalogueFault> {
        let folder = self.apps_folder();
        let mut apps = Vec::new();
        for entry in fs::read_dir(&folder).map_err(|fault| io_fault(&folder, fault))? {
            let path = entry.map_err(|fault| io_fault(&folder, fault))?.path();
            if path.extension().is_some_and(|end| end == "toml") {
                apps.push(words(&path)?);
            }
            if apps.len() > APPS_MAX {
                return Err(CatalogueFault::Full);
            }
        }
        apps.sort_by(|a: &AppMeta, b| {
            (&a.package, a.version_code).cmp(&(&b.package, b.version_code))
        });
        Ok(apps)
    }

    /// What people are told of the catalogue.
    pub fn repo(&self) -> Result<RepoMeta, CatalogueFault> {
        let path = self.root.join("catalogue.toml");
        if path.exists() { words(&path) } else { Ok(RepoMeta::default()) }
    }

    /// Puts a package on the shelf, with the label that its reading gives. `now` is in milliseconds since 1970.
    pub fn add(
        &self,
        package: &Path,
        meta: Option<&Path>,
        now: i64,
    ) -> Result<(AppMeta, Label), CatalogueFault> {
        let file = File::open(package).map_err(|fault| io_fault(package, fault))?;
        let review = review_app("package", BufReader::new(file))?;
        let version_code = review
            .version_code
            .filter(|_| is_name(&review.package))
            .ok_or(CatalogueFault::Nameless)?;
        if review.signatures.is_empty() {
            return Err(CatalogueFault::Unsigned);
        }
        let mut signers: Vec<String> =
            review.signatures.iter().map(|signer| signer.sha256.clone()).collect();
        signers.sort();
        signers.dedup();
        let known = self.apps()?;
        self.fits(&known, &review.package, version_code, &signers)?;
        let mut told: Meta = meta.map(words).transpose()?.unwrap_or_default();
        let fallback = review.label.clone().unwrap_or_else(|| review.package.clone());
        for text in [&mut told.name.en, &mut told.name.zh] {
            if text.is_empty() {
                text.clone_from(&fallback);
            }
        }
        let app = AppMeta {
            package: review.package.clone(),
            version_code,
            version_name: review.version_name.clone().unwrap_or_else(|| version_code.to_string()),
            sha256: review.sha256.clone(),
            size: review.bytes,
            added: now,
            min_sdk: review.min_sdk,
            target_sdk: review.target_sdk,
            signers,
            permissions: review.permissions.iter().map(|asked| asked.name.clone()).collect(),
            meta: told,
        };
        let label = Label::of(&review, None);
        self.store(package, &app, &label)?;
        Ok((app, label))
    }

    fn fits(
        &self,
        known: &[AppMeta],
        package: &str,
        version_code: i64,
        signers: &[String],
    ) -> Result<(), CatalogueFault> {
        if known.len() >= APPS_MAX {
            return Err(CatalogueFault::Full);
        }
        for app in known.iter().filter(|app| app.package == package) {
            if app.version_code == version_code {
                return Err(CatalogueFault::There { package: package.to_owned(), version_code });
            }
            if !app.signers.iter().any(|signer| signers.contains(signer)) {
                return Err(CatalogueFault::OtherSigner { package: package.to_owned() });
            }
        }
        Ok(())
    }

    /// Writes package and label first and the words last: what has no words is not on the shelf.
    fn store(&self, package: &Path, app: &AppMeta, label: &Label) -> Result<(), CatalogueFault> {
        let folder = self.apps_folder();
        let at = |end: &str| folder.join(format!("{}{end}", app.stem()));
        let part = at(".part");
        fs::copy(package, &part).map_err(|fault| io_fault(&part, fault))?;
        let apk = at(".apk");
        fs::rename(&part, &apk).map_err(|fault| io_fault(&apk, fault))?;
        let json = serde_json::to_vec(label).map_err(|fault| word_fault(&apk, &fault))?;
        write(&at(".label.json"), &json)?;
        let toml = toml::to_string(app).map_err(|fault| word_fault(&apk, &fault))?;
        write(&at(".toml"), toml.as_bytes())
    }

    /// Takes a version, or all versions of a package, off the shelf. Gives back how many.
    pub fn remove(
        &self,
        package: &str,
        version_code: Option<i64>,
    ) -> Result<usize, CatalogueFault> {
        let wanted = |app: &AppMeta| {
            app.package == package && version_code.is_none_or(|code| code == app.version_code)
        };
        let apps: Vec<AppMeta> = self.apps()?.into_iter().filter(wanted).collect();
        if apps.is_empty() {
            return Err(CatalogueFault::Missing);
        }
        for app in &apps {
            for end in [".toml", ".label.json", ".apk"] {
                let path = self.apps_folder().join(format!("{}{end}", app.stem()));
                fs::remove_file(&path).map_err(|fault| io_fault(&path, fault))?;
            }
        }
        Ok(apps.len())
    }

    /// The app whose file has this name, with the file's path.
    pub fn file(&self, name: &str) -> Result<Option<(AppMeta, PathBuf)>, CatalogueFault> {
        // Names come from the wire: what is not made of a package's letters is not looked for.
        let Some(stem) = name.strip_suffix(".apk").filter(|stem| is_stem(stem)) else {
            return Ok(None);
        };
        let path = self.apps_folder().join(format!("{stem}.toml"));
        if !path.exists() {
            return Ok(None);
        }
        let app: AppMeta = words(&path)?;
        Ok(Some((app, self.apps_folder().join(name))))
    }

    /// The label of the newest version of a package, as JSON.
    pub fn label(&self, package: &str) -> Result<Option<Vec<u8>>, CatalogueFault> {
        let Some(app) = self.apps()?.into_iter().rfind(|app| app.package == package) else {
            return Ok(None);
        };
        let path = self.apps_folder().join(format!("{}.label.json", app.stem()));
        fs::read(&path).map(Some).map_err(|fault| io_fault(&path, fault))
    }

    /// The index without the apps that `delisted` names, signed. `now` is in milliseconds since 1970.
    pub fn publish(
        &self,
        delisted: impl Fn(&str) -> bool,
        address: &str,
        now: i64,
        key: &SigningKey,
    ) -> Result<Published, CatalogueFault> {
        let mut apps = self.apps()?;
        apps.retain(|app| !delisted(&app.package));
        publish(&self.repo()?, &apps, address, now, key)
    }
}

/// A package's name: at least two parts of letters, digits and `_`.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    name.len() <= 200 && name.contains('.') && name.split('.').all(part)
}

fn is_stem(stem: &str) -> bool {
    stem.rsplit_once('_').is_some_and(|(package, code)| {
        is_name(package) && code.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn io_fault(path: &Path, fault: io::Error) -> CatalogueFault {
    CatalogueFault::Io { path: path.display().to_string(), fault }
}

fn word_fault(path: &Path, why: &impl ToString) -> CatalogueFault {
    CatalogueFault::Words { path: path.display().to_string(), why: why.to_string() }
}

fn words<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, CatalogueFault> {
    let size = fs::metadata(path).map_err(|fault| io_fault(path, fault))?.len();
    if size > META_BYTES_MAX {
        return Err(word_fault(path, &"larger than such a file may be"));
    }
    let text = fs::read_to_string(path).map_err(|fault| io_fault(path, fault))?;
    toml::from_str(&text).map_err(|fault| word_fault(path, &fault))
}

/// Writes beside and renames: nobody reads half a file.
fn write(path: &Path, bytes: &[u8]) -> Result<(), CatalogueFault> {
    let part = path.with_extension("writing");
    let write = || {
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    };
    write().map_err(|fault| io_fault(path, fault))
}
