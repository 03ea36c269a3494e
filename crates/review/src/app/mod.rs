//! Android packages: what an app asks for, carries, talks to and does, read from the package alone, without running it.
//!
//! What a package shows is what its code *can* do. Whether a call is ever reached, and what its answer is used for, a package does
//! not show; traffic ([`crate::traffic`]) does.

mod arsc;
mod axml;
mod bytes;
mod calls;
mod dex;
mod hosts;
mod label;
pub mod make;
mod manifest;
mod netconfig;
mod observe;
mod pool;
mod read;
mod signature;
pub mod tables;
mod zip;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::By;

pub use dex::{Dex, DexFault};
pub use label::{Label, LabelPermission, Takes, ThirdParty};
pub use read::{AppFault, review_app};
pub(crate) use signature::hex;
pub use zip::{Archive, ZipFault};

/// A package, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppReview {
    /// How findings name it.
    pub source: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
    /// `com.example.app`.
    pub package: String,
    /// Number that rises with each version.
    pub version_code: Option<i64>,
    /// Version for people.
    pub version_name: Option<String>,
    /// Name for people.
    pub label: Option<String>,
    /// Oldest Android that it runs on (API level).
    pub min_sdk: Option<u32>,
    /// Android that it was built for (API level).
    pub target_sdk: Option<u32>,
    /// Permissions that it asks for.
    pub permissions: Vec<PermissionAsked>,
    /// Parts that the system can start.
    pub components: Vec<Component>,
    /// Kits of third parties inside.
    pub sdks: Vec<SdkSeen>,
    /// Calls of interfaces that give personal data or open a door, with who makes them.
    pub uses: Vec<Use>,
    /// Hosts that stand in the package, with how often.
    pub hosts: BTreeMap<String, HostSeen>,
    /// Keys and passwords that stand in the package, masked.
    pub secrets: Vec<SecretSeen>,
    /// Flags of the manifest and the network configuration.
    pub flags: Flags,
    /// Who signed, by which schemes.
    pub signatures: Vec<Signer>,
    /// Figures of the code.
    pub code: CodeFigures,
    /// Packages inside a bundle (APKS, XAPK, AAB) that were read with it.
    pub splits: Vec<String>,
    /// Signs that the archive was built to mislead readers.
    pub oddities: Vec<String>,
    /// What could not be read, and why: the review is partial where this is not empty.
    pub unread: Vec<Unread>,
}

/// A permission asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PermissionAsked {
    /// `android.permission.CAMERA`.
    pub name: String,
    /// Only up to this API level.
    pub max_sdk: Option<u32>,
    /// What the table of permissions knows of it.
    pub known: Option<&'static Permission>,
    /// Whether code in the package makes a call that needs it; `None` where the table knows no such call.
    pub used: Option<bool>,
}

/// A row of the table of permissions.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// Names, without `android.permission.`, or whole.
    pub names: Vec<String>,
    /// Category of the data.
    pub data: String,
    /// Who may need it for the basic function: `ride.driver`, with a condition in brackets.
    pub needed_by: Vec<String>,
    /// Uses that any side may have, if people are told and choose them.
    pub when: Vec<String>,
    /// What gives the same without the permission.
    pub instead: Vec<String>,
    /// Checks of the method of 2019: `4.1`.
    pub checks: Vec<String>,
    /// Facts of the decision of 21 July 2022 that it resembles.
    pub didi: Vec<String>,
    /// 1 slight to 5 grave.
    pub weight: u8,
    /// Source of this row.
    pub source: String,
    /// `text` where the source was read, `memory` where not yet.
    pub checked: String,
}

/// A part that the system can start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Component {
    /// Which kind.
    pub kind: ComponentKind,
    /// Its class.
    pub name: String,
    /// Other apps can start it.
    pub exported: bool,
    /// Exported by its filters alone, without saying so.
    pub by_filter: bool,
    /// It is the entry from the home screen.
    pub launcher: bool,
    /// What others need to start it.
    pub permission: Option<String>,
    /// Protection level of that permission where the package declares it: `normal`, `signature`.
    pub protection: Option<String>,
}

/// Kinds of components.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentKind {
    /// A screen.
    Activity,
    /// Another name of a screen.
    ActivityAlias,
    /// Work without a screen.
    Service,
    /// Takes messages of the system and of others.
    Receiver,
    /// Gives data to others.
    Provider,
}

/// A third party's kit inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SdkSeen {
    /// The list's row.
    pub sdk: &'static Sdk,
    /// Classes under its names.
    pub classes: u64,
    /// By what it was known: `package com.umeng`, `library libBugly.so`, `meta-data UMENG_APPKEY`, `component …`.
    pub signs: Vec<String>,
}

/// A row of the list of kits.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sdk {
    /// Stable code: `umeng`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Name in Chinese, where it has one.
    pub name_zh: Option<String>,
    /// Company.
    pub vendor: String,
    /// The company's home, ISO 3166-1 alpha-2.
    pub country: String,
    /// What it is for: `push`, `analytics`, `ads`, `map`, `pay`, `login`, `crash`, `face`, `chat`, `attribution`, `phone_login`, `device_id`.
    pub kind: String,
    /// Prefixes of its classes.
    pub packages: Vec<String>,
    /// Native libraries.
    #[serde(default)]
    pub libraries: Vec<String>,
    /// Keys of meta-data in the manifest.
    #[serde(default)]
    pub meta: Vec<String>,
    /// Domains that it talks to.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Words by which a policy names it.
    #[serde(default)]
    pub also: Vec<String>,
}

/// Calls of one interface by one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Use {
    /// The table's row.
    pub api: &'static Api,
    /// On whose behalf.
    pub by: By,
    /// How many places in the code.
    pub count: u64,
    /// Some callers: `com.example.Tracker.start`.
    pub callers: Vec<String>,
}

/// A row of the table of interfaces.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// Stable code: `clipboard.read`.
    pub id: String,
    /// The fact that its use is; none where it only tells that a permission is used.
    #[serde(default)]
    pub fact: Option<String>,
    /// Category of the data it gives.
    pub data: Option<String>,
    /// Permissions that it needs, one of them.
    pub permissions: Vec<String>,
    /// Calls: `Landroid/content/ClipboardManager;->getPrimaryClip`.
    pub calls: Vec<String>,
    /// Fields read.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Constants loaded.
    #[serde(default)]
    pub strings: Vec<String>,
}

/// A host in the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostSeen {
    /// How often.
    pub count: u64,
    /// Some address without TLS among them.
    pub cleartext: bool,
    /// The kit whose domain it is.
    pub sdk: Option<String>,
    /// A numeric address.
    pub numeric: bool,
}

/// A key or password in the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecretSeen {
    /// Kind, by the codes of `detect`.
    pub kind: String,
    /// Where: `classes.dex`, `resources.arsc`, `assets/config.json`.
    pub place: String,
    /// Its shape.
    pub masked: String,
}

/// Flags of the manifest and the network configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Flags {
    /// Can be debugged.
    pub debuggable: bool,
    /// Data goes into backups. The system's default is yes.
    pub backup: bool,
    /// Traffic in clear is permitted, after manifest, network configuration and the default of the target.
    pub cleartext: bool,
    /// Domains to which alone traffic in clear is permitted by the network configuration.
    pub cleartext_domains: Vec<String>,
    /// Certificates that the user installed are trusted.
    pub trusts_user: bool,
    /// A network security configuration is named.
    pub network_config: bool,
    /// Addresses in the package that look like those of a privacy policy.
    pub policy_links: Vec<String>,
    /// Names of screenshots stand in the code.
    pub names_screenshots: bool,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// `v1`, `v2`, `v3`, `v3.1`.
    pub scheme: &'static str,
    /// Subject of the certificate.
    pub subject: String,
    /// `RSA`, `EC`, `DSA`.
    pub key: &'static str,
    /// Size of the key.
    pub key_bits: Option<u32>,
    /// Algorithm by which the certificate is signed.
    pub algorithm: String,
    /// SHA-256 of the certificate, in hexadecimal.
    pub sha256: String,
    /// What is weak about it.
    pub weak: Vec<&'static str>,
}

/// Figures of the code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CodeFigures {
    /// Files of code.
    pub files: u64,
    /// Classes defined.
    pub classes: u64,
    /// Methods with a body.
    pub methods: u64,
    /// Rows of the method tables, as tools count them.
    pub method_ids: u64,
    /// Rows of the string tables.
    pub strings: u64,
    /// Call sites walked.
    pub calls: u64,
}

/// What could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// What.
    pub place: String,
    /// Why, without any of its content.
    pub why: String,
}
