//! The label of an app: what it takes and who takes it, made by our own reading of the package, for people.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::AppReview;
use crate::{By, policy::PolicyReview};

/// Callers of libraries that every app carries say nothing about a party.
const LIBRARIES: &[&str] = &["androidx", "android.support", "kotlin", "kotlinx"];

/// A label.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// `com.example.app`.
    pub package: String,
    /// Version number.
    pub version_code: Option<i64>,
    /// Version for people.
    pub version_name: Option<String>,
    /// SHA-256 of the package that was read.
    pub sha256: String,
    /// Kinds of data, each with who takes it.
    pub takes: Vec<Takes>,
    /// Permissions asked for.
    pub permissions: Vec<LabelPermission>,
    /// Third parties inside.
    pub third_parties: Vec<ThirdParty>,
    /// Hosts that stand in the package, by registered domain.
    pub domains: Vec<String>,
    /// Things of which people should know: `debuggable`, `cleartext`, `backup`, `loads_code`, `old_target`, `secrets`.
    pub cautions: Vec<String>,
    /// Some of it could not be read: the label may lack something.
    pub partial: bool,
    /// What a label can say: `code`: what the code can do; whether and when it does it, a package does not show.
    pub rests_on: String,
}

/// A kind of data with who takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takes {
    /// Category.
    pub data: String,
    /// `app`, or the code of a kit, or a package of classes; `?` where it cannot be told.
    pub by: Vec<String>,
    /// Interfaces used.
    pub interfaces: Vec<String>,
    /// Whether the policy names it; nothing where no policy was read.
    pub declared: Option<bool>,
    /// Purposes that the policy gives; unknown where empty.
    pub purposes: Vec<String>,
}

/// A permission on a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelPermission {
    /// `android.permission.CAMERA`.
    pub name: String,
    /// Category of the data behind it, where the table knows.
    pub data: Option<String>,
    /// Whether code uses it; nothing where that cannot be told.
    pub used: Option<bool>,
}

/// A third party on a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThirdParty {
    /// Code in the list of kits.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Name in Chinese.
    pub name_zh: Option<String>,
    /// Company.
    pub vendor: String,
    /// Home of the company.
    pub country: String,
    /// What it is for.
    pub kind: String,
}

impl Label {
    /// The label of a package that was read, with its policy where there is one.
    pub fn of(review: &AppReview, policy: Option<&PolicyReview>) -> Self {
        Self {
            package: review.package.clone(),
            version_code: review.version_code,
            version_name: review.version_name.clone(),
            sha256: review.sha256.clone(),
            takes: takes(review, policy),
            permissions: review
                .permissions
                .iter()
                .map(|asked| LabelPermission {
                    name: asked.name.clone(),
                    data: asked.known.map(|row| row.data.clone()).filter(|data| !data.is_empty()),
                    used: asked.used,
                })
                .collect(),
            third_parties: review
                .sdks
                .iter()
                .map(|found| ThirdParty {
                    id: found.sdk.id.clone(),
                    name: found.sdk.name.clone(),
                    name_zh: found.sdk.name_zh.clone(),
                    vendor: found.sdk.vendor.clone(),
                    country: found.sdk.country.clone(),
                    kind: found.sdk.kind.clone(),
                })
                .collect(),
            domains: review
                .hosts
                .keys()
                .map(|host| crate::traffic::place::registered(host))
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            cautions: cautions(review),
            partial: !review.unread.is_empty(),
            rests_on: "code".to_owned(),
        }
    }
}

fn takes(review: &AppReview, policy: Option<&PolicyReview>) -> Vec<Takes> {
    let mut found: BTreeMap<&str, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for seen in &review.uses {
        let Some(data) = &seen.api.data else { continue };
        if matches!(&seen.by, By::Other(name) if LIBRARIES.contains(&name.as_str())) {
            continue;
        }
        let (by, interfaces) = found.entry(data).or_default();
        by.insert(seen.by.word().to_owned());
        interfaces.insert(seen.api.id.clone());
    }
    let row = |(data, (by, interfaces)): (&str, (BTreeSet<String>, BTreeSet<String>))| Takes {
        data: data.to_owned(),
        by: by.into_iter().collect(),
        interfaces: interfaces.into_iter().collect(),
        declared: policy.map(|policy| policy.collected.contains_key(data)),
        purposes: policy.map(|policy| policy.purposes_of(data)).unwrap_or_default(),
    };
    found.into_iter().map(row).collect()
}

fn cautions(review: &AppReview) -> Vec<String> {
    let loads = review
        .uses
        .iter()
        .any(|seen| seen.api.id == "code.load" && !matches!(seen.by, By::Other(_)));
    let all = [
        ("debuggable", review.flags.debuggable),
        ("cleartext", review.flags.cleartext),
        ("backup", review.flags.backup),
        ("loads_code", loads),
        ("old_target", review.target_sdk.unwrap_or(1) < 23),
        ("secrets", !review.secrets.is_empty()),
        ("tampered", !review.oddities.is_empty()),
        ("weak_certificate", review.signatures.iter().any(|signer| !signer.weak.is_empty())),
    ];
    all.into_iter().filter(|(_, is)| *is).map(|(word, _)| word.to_owned()).collect()
}
