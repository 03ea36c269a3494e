//! The index in F-Droid's version 2: `entry.json`, signed as `entry.jar`, names `index-v2.json` with its digest.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{
    jar,
    key::SigningKey,
    shelf::{AppMeta, CatalogueFault, RepoMeta, Words},
};

/// Version of the entry's format (F-Droid: `METADATA_VERSION`).
const FORMAT: u32 = 20_002;

/// What a catalogue publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// `entry.jar`: the entry, signed.
    pub entry_jar: Vec<u8>,
    /// `entry.json`.
    pub entry_json: Vec<u8>,
    /// `index-v2.json`.
    pub index_json: Vec<u8>,
    /// Apps in the index.
    pub packages: usize,
}

/// The languages of F-Droid's clients.
fn texts(words: &Words) -> Value {
    json!({ "en-US": words.en, "zh-CN": words.zh })
}

/// The index of these apps. `at` is the moment in milliseconds since 1970; `address` where the repository is reached.
pub(super) fn publish(
    repo: &RepoMeta,
    apps: &[AppMeta],
    address: &str,
    at: i64,
    key: &SigningKey,
) -> Result<Published, CatalogueFault> {
    let mut packages: BTreeMap<&str, Vec<&AppMeta>> = BTreeMap::new();
    for app in apps {
        packages.entry(&app.package).or_default().push(app);
    }
    let count = packages.len();
    let listed: Map<String, Value> = packages
        .into_iter()
        .map(|(package, versions)| (package.to_owned(), package_of(versions)))
        .collect();
    let index = json!({
        "repo": {
            "name": texts(&repo.name),
            "description": texts(&repo.description),
            "address": address,
            "timestamp": at,
        },
        "packages": listed,
    });
    let index_json = index.to_string().into_bytes();
    let entry = json!({
        "timestamp": at,
        "version": FORMAT,
        "index": {
            "name": "/index-v2.json",
            "sha256": crate::app::hex(&Sha256::digest(&index_json)),
            "size": index_json.len(),
            "numPackages": count,
        },
        "diffs": {},
    });
    let entry_json = entry.to_string().into_bytes();
    let entry_jar = jar::signed(&[("entry.json", &entry_json)], key).ok_or(CatalogueFault::Sign)?;
    Ok(Published { entry_jar, entry_json, index_json, packages: count })
}

fn package_of(mut versions: Vec<&AppMeta>) -> Value {
    versions.sort_by_key(|app| std::cmp::Reverse(app.version_code));
    let Some(newest) = versions.first() else { return Value::Null };
    let meta = &newest.meta;
    let mut told = json!({
        "added": versions.iter().map(|app| app.added).min(),
        "lastUpdated": versions.iter().map(|app| app.added).max(),
        "license": meta.license,
        "categories": meta.categories,
        "name": texts(&meta.name),
        "summary": texts(&meta.summary),
        "description": texts(&meta.description),
    });
    for (key, value) in
        [("webSite", &meta.website), ("sourceCode", &meta.source), ("authorName", &meta.author)]
    {
        if let (Some(value), Some(told)) = (value, told.as_object_mut()) {
            told.insert(key.to_owned(), json!(value));
        }
    }
    if let (Some(signer), Some(told)) = (newest.signers.first(), told.as_object_mut()) {
        told.insert("preferredSigner".to_owned(), json!(signer));
    }
    let versions: Map<String, Value> =
        versions.into_iter().map(|app| (app.sha256.clone(), version_of(app))).collect();
    json!({ "metadata": told, "versions": versions })
}

fn version_of(app: &AppMeta) -> Value {
    let mut sdk = Map::new();
    for (key, value) in [("minSdkVersion", app.min_sdk), ("targetSdkVersion", app.target_sdk)] {
        if let Some(value) = value {
            sdk.insert(key.to_owned(), json!(value));
        }
    }
    let permissions: Vec<Value> =
        app.permissions.iter().map(|name| json!({ "name": name })).collect();
    let mut manifest = json!({
        "versionName": app.version_name,
        "versionCode": app.version_code,
        "usesSdk": sdk,
        "usesPermission": permissions,
    });
    if let Some(manifest) = manifest.as_object_mut().filter(|_| !app.signers.is_empty()) {
        manifest.insert("signer".to_owned(), json!({ "sha256": app.signers }));
    }
    json!({
        "added": app.added,
        "file": { "name": format!("/{}", app.file()), "sha256": app.sha256, "size": app.size },
        "manifest": manifest,
    })
}
