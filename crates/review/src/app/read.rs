//! From a file to an [`AppReview`]: packages, and bundles of packages (APKS, XAPK, AAB as far as their code goes).

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read, Seek, SeekFrom},
};

use sarai_detect::{Detector, Kind, Options};
use sha2::{Digest, Sha256};

use super::{
    AppReview, CodeFigures, Flags, PermissionAsked, SdkSeen, SecretSeen, Unread, Use,
    arsc::Resources,
    calls::{Gather, Parents, Watch, dotted},
    dex::Dex,
    hosts::Hosts,
    manifest::Manifest,
    netconfig::NetworkConfig,
    signature::{hex, signers},
    tables,
    zip::{Archive, ZipFault},
};

/// Code of one package, all files together.
const CODE_BYTES_MAX: u64 = 1 << 30;
/// One text file among the assets.
const TEXT_BYTES_MAX: u64 = 4 << 20;
/// All text files together.
const TEXTS_BYTES_MAX: u64 = 256 << 20;
/// The manifest and small files beside it.
const SMALL_BYTES_MAX: u64 = 32 << 20;
/// The resource table.
const TABLE_BYTES_MAX: u64 = 256 << 20;
/// Packages in a bundle.
const SPLITS_MAX: usize = 64;
/// Secrets that are kept.
const SECRETS_MAX: usize = 200;

/// Why a file is no package that can be reviewed.
#[derive(Debug, thiserror::Error)]
pub enum AppFault {
    /// Not an archive, or one that does not read.
    #[error("{0}")]
    Zip(#[from] ZipFault),
    /// An archive without a package in it.
    #[error("there is no Android package in it")]
    NoPackage,
    /// The file could not be read.
    #[error("the file could not be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Reviews a package. `source` is how findings name it.
pub fn review_app(source: &str, mut file: impl Read + Seek) -> Result<AppReview, AppFault> {
    let (sha256, bytes) = digest(&mut file)?;
    let mut archive = Archive::open(file)?;
    let mut reader = Reader::new();
    if archive.has("AndroidManifest.xml") {
        reader.package(&mut archive, "");
    } else if archive.has("base/manifest/AndroidManifest.xml") {
        reader.unread(
            "base/manifest/AndroidManifest.xml",
            "the manifest of an app bundle is in another format",
        );
        reader.package(&mut archive, "");
    } else {
        reader.bundle(&mut archive)?;
    }
    let mut review = reader.finish(source, sha256, bytes);
    let signed = signers(&mut archive);
    if !signed.is_empty() {
        review.signatures = signed;
    }
    for oddity in archive.oddities() {
        if !review.oddities.contains(oddity) {
            review.oddities.push(oddity.clone());
        }
    }
    Ok(review)
}

fn digest(file: &mut (impl Read + Seek)) -> std::io::Result<(String, u64)> {
    file.seek(SeekFrom::Start(0))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((hex(&hasher.finalize()), bytes));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}

struct Reader {
    manifest: Option<Manifest>,
    config: Option<NetworkConfig>,
    code: Vec<(String, Vec<u8>)>,
    code_bytes: u64,
    text_bytes: u64,
    hosts: Hosts,
    secrets: Secrets,
    libraries: BTreeSet<String>,
    splits: Vec<String>,
    signatures: Vec<super::Signer>,
    oddities: Vec<String>,
    unread: Vec<Unread>,
}

impl Reader {
    fn new() -> Self {
        Self {
            manifest: None,
            config: None,
            code: Vec::new(),
            code_bytes: 0,
            text_bytes: 0,
            hosts: Hosts::default(),
            secrets: Secrets::new(),
            libraries: BTreeSet::new(),
            splits: Vec::new(),
            signatures: Vec::new(),
            oddities: Vec::new(),
            unread: Vec::new(),
        }
    }

    fn unread(&mut self, place: &str, why: impl ToString) {
        self.unread.push(Unread { place: place.to_owned(), why: why.to_string() });
    }

    /// Packages inside a bundle, the base first.
    fn bundle<R: Read + Seek>(&mut self, outer: &mut Archive<R>) -> Result<(), AppFault> {
        let mut names: Vec<String> = outer
            .entries()
            .iter()
            .filter(|entry| entry.name.ends_with(".apk"))
            .map(|entry| entry.name.clone())
            .collect();
        if names.is_empty() {
            return Err(AppFault::NoPackage);
        }
        names.sort_by_key(|name| (!is_base(name), name.clone()));
        if names.len() > SPLITS_MAX {
            self.unread("bundle", "more parts than are read");
            names.truncate(SPLITS_MAX);
        }
        for name in names {
            let inner = outer
                .read(&name, CODE_BYTES_MAX)
                .and_then(|bytes| Archive::open(Cursor::new(bytes)));
            match inner {
                Ok(mut inner) => {
                    self.package(&mut inner, &format!("{name} → "));
                    self.signatures.extend(signers(&mut inner));
                    self.splits.push(name);
                }
                Err(fault) => self.unread(&name, fault),
            }
        }
        if self.manifest.is_none() { Err(AppFault::NoPackage) } else { Ok(()) }
    }

    fn package<R: Read + Seek>(&mut self, archive: &mut Archive<R>, within: &str) {
        let resources = self.resources(archive, within);
        self.read_manifest(archive, within, resources.as_ref());
        let names: Vec<(String, u64)> =
            archive.entries().iter().map(|entry| (entry.name.clone(), entry.size)).collect();
        for (name, size) in names {
            self.entry(archive, within, &name, size);
        }
        self.oddities.extend_from_slice(archive.oddities());
    }

    fn resources<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        within: &str,
    ) -> Option<Resources> {
        if !archive.has("resources.arsc") {
            return None;
        }
        let place = format!("{within}resources.arsc");
        let bytes = match archive.read("resources.arsc", TABLE_BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(fault) => {
                self.unread(&place, fault);
                return None;
            }
        };
        let resources = Resources::read(bytes);
        match &resources {
            Some(resources) => {
                for text in resources.strings() {
                    self.text(text.as_bytes(), &place);
                }
            }
            None => self.unread(&place, "it is no resource table"),
        }
        resources
    }

    fn read_manifest<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        within: &str,
        resources: Option<&Resources>,
    ) {
        if !archive.has("AndroidManifest.xml") {
            return;
        }
        let place = format!("{within}AndroidManifest.xml");
        let read =
            archive.read("AndroidManifest.xml", SMALL_BYTES_MAX).map_err(|fault| fault.to_string());
        match read
            .and_then(|bytes| Manifest::read(&bytes, resources).map_err(|fault| fault.to_string()))
        {
            Ok(manifest) => {
                if let Some(path) = &manifest.network_config {
                    self.config = archive
                        .read(path, SMALL_BYTES_MAX)
                        .ok()
                        .and_then(|bytes| NetworkConfig::read(&bytes))
                        .or(self.config.take());
                }
                self.add_manifest(manifest);
            }
            Err(why) => self.unread(&place, why),
        }
    }

    fn add_manifest(&mut self, manifest: Manifest) {
        match &mut self.manifest {
            None => self.manifest = Some(manifest),
            Some(base) => {
                base.permissions.extend(manifest.permissions);
                base.permissions.sort();
                base.permissions.dedup();
                base.components.extend(manifest.components);
                base.meta.extend(manifest.meta);
            }
        }
    }

    fn entry<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        within: &str,
        name: &str,
        size: u64,
    ) {
        let file = name.rsplit('/').next().unwrap_or(name);
        let place = format!("{within}{name}");
        if file.ends_with(".so") {
            self.libraries.insert(file.to_owned());
        } else if file.ends_with(".dex") {
            match archive.read(name, CODE_BYTES_MAX - self.code_bytes.min(CODE_BYTES_MAX)) {
                Ok(bytes) => {
                    self.code_bytes += bytes.len() as u64;
                    self.code.push((place, bytes));
                }
                Err(fault) => self.unread(&place, fault),
            }
        } else if is_text(file) {
            if size > TEXT_BYTES_MAX || self.text_bytes > TEXTS_BYTES_MAX {
                self.unread(&place, "larger than texts are read");
                return;
            }
            match archive.read(name, TEXT_BYTES_MAX) {
                Ok(bytes) => {
                    self.text_bytes += bytes.len() as u64;
                    self.text(&bytes, &place);
                }
                Err(fault) => self.unread(&place, fault),
            }
        }
    }

    fn text(&mut self, text: &[u8], place: &str) {
        self.hosts.text(text);
        self.secrets.text(text, place);
    }

    fn finish(mut self, source: &str, sha256: String, bytes: u64) -> AppReview {
        let manifest = self.manifest.take().unwrap_or_default();
        for (_, value) in &manifest.meta {
            if let Some(value) = value {
                self.hosts.text(value.as_bytes());
                self.secrets.text(value.as_bytes(), "AndroidManifest.xml");
            }
        }
        let (uses, classes, code) = self.read_code(&manifest.package);
        let sdks = sdks(&classes, &self.libraries, &manifest);
        let flags = flags(&manifest, self.config.as_ref(), &self.hosts);
        let permissions = permissions(&manifest, &uses);
        self.oddities.sort();
        self.oddities.dedup();
        AppReview {
            source: source.to_owned(),
            sha256,
            bytes,
            package: manifest.package,
            version_code: manifest.version_code,
            version_name: manifest.version_name,
            label: manifest.label,
            min_sdk: manifest.min_sdk,
            target_sdk: manifest.target_sdk,
            permissions,
            components: manifest.components,
            sdks,
            uses,
            hosts: self.hosts.seen,
            secrets: self.secrets.found,
            flags,
            signatures: self.signatures,
            code,
            splits: self.splits,
            oddities: self.oddities,
            unread: self.unread,
        }
    }

    fn read_code(&mut self, package: &str) -> (Vec<Use>, BTreeMap<&'static str, u64>, CodeFigures) {
        let mut figures = CodeFigures::default();
        let mut classes = BTreeMap::new();
        let mut parents = Parents::default();
        let code = std::mem::take(&mut self.code);
        let mut open = Vec::new();
        for (place, bytes) in &code {
            match Dex::open(bytes) {
                Ok(dex) => {
                    parents.add(&dex);
                    for (class, _) in dex.classes() {
                        if let Some((_, prefix)) = tables::sdk_of_class(&dotted(class)) {
                            *classes.entry(prefix).or_default() += 1;
                        }
                    }
                    open.push((place, dex));
                }
                Err(fault) => self.unread(place, fault),
            }
        }
        let watch = Watch::new();
        let mut gather = Gather::new(&watch, package);
        for (place, dex) in open {
            for text in (0..dex.string_count()).filter_map(|row| dex.string(row)) {
                self.text(text, place);
            }
            let walked = gather.walk(&dex, &parents);
            if walked.cut {
                self.oddities.push("methods share code far more than compilers do".to_owned());
            }
            figures.files += 1;
            figures.classes += walked.classes;
            figures.methods += walked.methods;
            figures.calls += walked.calls;
            figures.method_ids += u64::from(dex.method_count());
            figures.strings += u64::from(dex.string_count());
        }
        (gather.uses(), classes, figures)
    }
}

fn is_base(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    matches!(file, "base.apk" | "base-master.apk" | "universal.apk")
        || !(file.starts_with("config.") || file.starts_with("split_") || file.contains("-config"))
}

fn is_text(file: &str) -> bool {
    const ENDS: &[&str] = &[
        "json",
        "js",
        "html",
        "htm",
        "txt",
        "properties",
        "xml",
        "yml",
        "yaml",
        "ini",
        "conf",
        "cfg",
        "pem",
        "key",
        "env",
        "lua",
    ];
    file.rsplit_once('.').is_some_and(|(_, end)| ENDS.contains(&end))
}

fn sdks(
    classes: &BTreeMap<&'static str, u64>,
    libraries: &BTreeSet<String>,
    manifest: &Manifest,
) -> Vec<SdkSeen> {
    let mut found: BTreeMap<&'static str, SdkSeen> = BTreeMap::new();
    let mut sign = |sdk: &'static super::Sdk, sign: String, classes: u64| {
        let seen = found.entry(&sdk.id).or_insert(SdkSeen { sdk, classes: 0, signs: Vec::new() });
        seen.classes += classes;
        if seen.signs.len() < 20 && !seen.signs.contains(&sign) {
            seen.signs.push(sign);
        }
    };
    for (prefix, count) in classes {
        if let Some((sdk, _)) = tables::sdk_of_class(prefix) {
            sign(sdk, format!("package {prefix}"), *count);
        }
    }
    for library in libraries {
        if let Some(sdk) = tables::sdk_of_library(library) {
            sign(sdk, format!("library {library}"), 0);
        }
    }
    for (key, _) in &manifest.meta {
        if let Some(sdk) = tables::sdk_of_meta(key) {
            sign(sdk, format!("meta-data {key}"), 0);
        }
    }
    for component in &manifest.components {
        if let Some((sdk, _)) = tables::sdk_of_class(&component.name) {
            sign(sdk, format!("component {}", component.name), 0);
        }
    }
    found.into_values().collect()
}

fn flags(manifest: &Manifest, config: Option<&NetworkConfig>, hosts: &Hosts) -> Flags {
    let base = config.and_then(|config| config.base);
    // A configuration replaces the manifest's flag (Android 7 and later).
    let cleartext = match (manifest.has_network_config, config) {
        (true, Some(_)) => base.unwrap_or(manifest.target_sdk.unwrap_or(1) < 28),
        _ => manifest.cleartext_by_default(),
    };
    Flags {
        debuggable: manifest.debuggable,
        backup: manifest.backup,
        cleartext,
        cleartext_domains: config.map(|config| config.domains.clone()).unwrap_or_default(),
        trusts_user: config.is_some_and(|config| config.trusts_user),
        network_config: manifest.has_network_config,
        policy_links: hosts.policy.clone(),
        names_screenshots: hosts.screenshots,
    }
}

fn permissions(manifest: &Manifest, uses: &[Use]) -> Vec<PermissionAsked> {
    let short = |name: &str| name.strip_prefix(tables::ANDROID).unwrap_or(name).to_owned();
    let asked = |(name, max_sdk): &(String, Option<u32>)| {
        let short = short(name);
        let needs = |permissions: &[String]| permissions.contains(&short);
        let known = tables::apis().iter().any(|api| needs(&api.permissions));
        let used = known.then(|| uses.iter().any(|use_| needs(&use_.api.permissions)));
        PermissionAsked {
            name: name.clone(),
            max_sdk: *max_sdk,
            known: tables::permission(name),
            used,
        }
    };
    manifest.permissions.iter().map(asked).collect()
}

/// Keys and passwords, found by `detect`.
struct Secrets {
    detector: Detector,
    found: Vec<SecretSeen>,
}

impl Secrets {
    fn new() -> Self {
        let kinds = [Kind::Jwt, Kind::ApiKey, Kind::PrivateKey, Kind::Password, Kind::Secret];
        Self { detector: Detector::new(Options::only(kinds)), found: Vec::new() }
    }

    fn text(&mut self, text: &[u8], place: &str) {
        if text.len() < 8 || self.found.len() >= SECRETS_MAX {
            return;
        }
        let found = &mut self.found;
        self.detector.for_each(text, |hit| {
            let secret = SecretSeen {
                kind: hit.kind.code().to_owned(),
                place: place.to_owned(),
                masked: sarai_detect::mask_sample(text, &hit),
            };
            if found.len() < SECRETS_MAX && !found.contains(&secret) {
                found.push(secret);
            }
        });
    }
}
