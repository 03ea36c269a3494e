//! The tables that reading rests on: permissions, interfaces, kits. Data of this crate, read once.

use std::{collections::HashMap, sync::LazyLock};

use serde::{Deserialize, de::DeserializeOwned};

use super::{Api, Permission, Sdk};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Permissions {
    permission: Vec<Permission>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Apis {
    api: Vec<Api>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sdks {
    sdk: Vec<Sdk>,
}

#[expect(clippy::expect_used, reason = "the tables are part of the program, and a test reads each")]
fn table<T: DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).expect("a table of this crate reads")
}

static PERMISSIONS: LazyLock<Vec<Permission>> =
    LazyLock::new(|| table::<Permissions>(include_str!("../../data/permissions.toml")).permission);
static APIS: LazyLock<Vec<Api>> =
    LazyLock::new(|| table::<Apis>(include_str!("../../data/apis.toml")).api);
static SDKS: LazyLock<Vec<Sdk>> =
    LazyLock::new(|| table::<Sdks>(include_str!("../../data/sdks.toml")).sdk);
static BY_PACKAGE: LazyLock<HashMap<&'static str, &'static Sdk>> =
    LazyLock::new(|| by(|sdk| &sdk.packages));
static BY_DOMAIN: LazyLock<HashMap<&'static str, &'static Sdk>> =
    LazyLock::new(|| by(|sdk| &sdk.domains));
static BY_META: LazyLock<HashMap<&'static str, &'static Sdk>> =
    LazyLock::new(|| by(|sdk| &sdk.meta));

fn by(words: impl Fn(&'static Sdk) -> &'static [String]) -> HashMap<&'static str, &'static Sdk> {
    let mut map = HashMap::new();
    for sdk in sdks() {
        for word in words(sdk) {
            map.entry(word.as_str()).or_insert(sdk);
        }
    }
    map
}

/// Namespace of the system's own permissions.
pub const ANDROID: &str = "android.permission.";

/// Every row of the table of permissions.
pub fn permissions() -> &'static [Permission] {
    &PERMISSIONS
}

/// Every row of the table of interfaces.
pub fn apis() -> &'static [Api] {
    &APIS
}

/// Every row of the list of kits.
pub fn sdks() -> &'static [Sdk] {
    &SDKS
}

/// The kit of this code.
pub fn sdk(id: &str) -> Option<&'static Sdk> {
    sdks().iter().find(|sdk| sdk.id == id)
}

/// What is known of a permission, by its whole name.
pub fn permission(name: &str) -> Option<&'static Permission> {
    let short = name.strip_prefix(ANDROID).unwrap_or(name);
    permissions().iter().find(|row| row.names.iter().any(|known| known == short || known == name))
}

/// The kit that a class belongs to, and the prefix that says so; `class` with dots. The longest prefix wins.
pub fn sdk_of_class(class: &str) -> Option<(&'static Sdk, &'static str)> {
    let mut end = class.len();
    loop {
        let prefix = class.get(..end)?;
        if let Some((known, sdk)) = BY_PACKAGE.get_key_value(prefix) {
            return Some((sdk, known));
        }
        end = prefix.rfind('.')?;
    }
}

/// The kit that talks to this host.
pub fn sdk_of_host(host: &str) -> Option<&'static Sdk> {
    let mut rest = host;
    loop {
        if let Some(sdk) = BY_DOMAIN.get(rest) {
            return Some(sdk);
        }
        rest = rest.split_once('.')?.1;
    }
}

/// The kit that reads this key of the manifest's meta-data.
pub fn sdk_of_meta(key: &str) -> Option<&'static Sdk> {
    BY_META.get(key).copied()
}

/// The kit that this native library belongs to; `file` without its folder.
pub fn sdk_of_library(file: &str) -> Option<&'static Sdk> {
    let fits = |pattern: &String| match pattern.strip_suffix("*.so") {
        Some(start) => file.starts_with(start) && file.ends_with(".so"),
        None => file == pattern,
    };
    sdks().iter().find(|sdk| sdk.libraries.iter().any(fits))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Fact;

    #[test]
    fn every_table_reads_and_says_known_facts() {
        let facts: BTreeSet<_> = Fact::ALL.iter().map(|fact| fact.word()).collect();
        for api in apis() {
            assert!(api.fact.iter().all(|fact| facts.contains(fact.as_str())), "{}", api.id);
            assert!(!(api.calls.is_empty() && api.fields.is_empty() && api.strings.is_empty()));
            for call in api.calls.iter().chain(&api.fields) {
                let (class, member) = call.split_once(";->").expect("class and member");
                assert!(class.starts_with('L') && !member.is_empty(), "{call}");
            }
            for name in &api.permissions {
                assert!(permission(&format!("{ANDROID}{name}")).is_some(), "{name}");
            }
        }
        assert!(permissions().iter().all(|row| (1..=5).contains(&row.weight)));
    }

    #[test]
    fn codes_and_names_are_told_apart() {
        let ids: BTreeSet<_> = sdks().iter().map(|sdk| &sdk.id).collect();
        assert_eq!(ids.len(), sdks().len());
        let ids: BTreeSet<_> = apis().iter().map(|api| &api.id).collect();
        assert_eq!(ids.len(), apis().len());
        let mut packages = BTreeSet::new();
        for package in sdks().iter().flat_map(|sdk| &sdk.packages) {
            assert!(packages.insert(package), "{package} stands twice");
        }
    }

    #[test]
    fn the_longest_prefix_names_the_kit() {
        let of = |class| sdk_of_class(class).map(|(sdk, _)| sdk.id.as_str());
        assert_eq!(of("com.google.firebase.crashlytics.Core"), Some("crashlytics"));
        assert_eq!(of("com.google.firebase.FirebaseApp"), Some("firebase"));
        assert_eq!(of("com.umeng.message.PushAgent"), Some("umeng_push"));
        assert_eq!(of("com.umengx.Other"), None);
        assert_eq!(of("a"), None);
        assert_eq!(sdk_of_host("api.map.baidu.com").map(|sdk| sdk.id.as_str()), Some("baidu_map"));
        assert_eq!(sdk_of_host("baidu.com").map(|sdk| sdk.id.as_str()), None);
        assert_eq!(sdk_of_library("libjcore281.so").map(|sdk| sdk.id.as_str()), Some("jpush"));
        assert_eq!(sdk_of_library("libother.so").map(|sdk| sdk.id.as_str()), None);
    }
}
