//! The manifest of a package: what it asks for and offers.

use std::collections::HashMap;

use super::{
    Component, ComponentKind,
    arsc::Resources,
    axml::{AxmlFault, Document, Element, Value},
};

/// What the manifest says.
#[derive(Debug, Default)]
pub struct Manifest {
    /// `com.example.app`.
    pub package: String,
    /// Number that rises with each version.
    pub version_code: Option<i64>,
    /// Version for people.
    pub version_name: Option<String>,
    /// Name for people.
    pub label: Option<String>,
    /// Oldest Android (API level).
    pub min_sdk: Option<u32>,
    /// Android it was built for (API level).
    pub target_sdk: Option<u32>,
    /// Permissions asked for, with the last API level they are asked on.
    pub permissions: Vec<(String, Option<u32>)>,
    /// Parts that the system can start.
    pub components: Vec<Component>,
    /// Meta-data: key and value.
    pub meta: Vec<(String, Option<String>)>,
    /// `android:debuggable`.
    pub debuggable: bool,
    /// `android:allowBackup`; the system's default is yes.
    pub backup: bool,
    /// `android:usesCleartextTraffic`, where it is said.
    pub cleartext: Option<bool>,
    /// `android:networkSecurityConfig`: path of the file, where it could be found.
    pub network_config: Option<String>,
    /// A network security configuration is named, whether or not its file was found.
    pub has_network_config: bool,
    /// Name of the split, in a part of a split app.
    pub split: Option<String>,
}

/// Characters of a text that is kept.
const TEXT_MAX: usize = 1_000;
/// From which API level on the default of cleartext traffic is no.
const CLEARTEXT_OFF_FROM: u32 = 28;
/// From which API level on providers are not exported by default.
const PROVIDER_OFF_FROM: u32 = 17;

impl Manifest {
    /// Reads a manifest in binary XML.
    pub fn read(bytes: &[u8], resources: Option<&Resources>) -> Result<Self, AxmlFault> {
        let document = Document::read(bytes)?;
        let reader = Reader { document: &document, resources };
        Ok(reader.manifest())
    }

    /// Whether traffic in clear is permitted where the network configuration says nothing.
    pub fn cleartext_by_default(&self) -> bool {
        self.cleartext.unwrap_or(self.target_sdk.or(self.min_sdk).unwrap_or(1) < CLEARTEXT_OFF_FROM)
    }
}

struct Reader<'a> {
    document: &'a Document,
    resources: Option<&'a Resources>,
}

impl Reader<'_> {
    fn manifest(&self) -> Manifest {
        let mut manifest = Manifest { backup: true, ..Manifest::default() };
        let mut levels = HashMap::new();
        // SDK levels decide defaults below: they are read first.
        for (_, element) in self.document.elements() {
            match element.name.as_ref() {
                "uses-sdk" => {
                    manifest.min_sdk = self.level(element, "minSdkVersion").or(manifest.min_sdk);
                    manifest.target_sdk =
                        self.level(element, "targetSdkVersion").or(manifest.target_sdk);
                }
                "permission" => {
                    if let Some(name) = self.text(element, "name") {
                        levels.insert(name, protection(self.value(element, "protectionLevel")));
                    }
                }
                _ => {}
            }
        }
        for (index, element) in self.document.elements() {
            self.element(index, element, &levels, &mut manifest);
        }
        manifest.permissions.sort();
        manifest.permissions.dedup();
        manifest
    }

    fn element(
        &self,
        index: usize,
        element: &Element,
        levels: &HashMap<String, String>,
        manifest: &mut Manifest,
    ) {
        match element.name.as_ref() {
            "manifest" if element.parent.is_none() => self.head(element, manifest),
            "uses-permission" | "uses-permission-sdk-23" => {
                if let Some(name) = self.text(element, "name") {
                    manifest.permissions.push((name, self.level(element, "maxSdkVersion")));
                }
            }
            "application" => self.application(element, manifest),
            "meta-data" => {
                if let Some(key) = self.text(element, "name") {
                    let value =
                        self.text(element, "value").or_else(|| self.text(element, "resource"));
                    manifest.meta.push((key, value));
                }
            }
            name => {
                if let Some(kind) = kind(name)
                    && let Some(component) = self.component(index, element, kind, levels, manifest)
                {
                    manifest.components.push(component);
                }
            }
        }
    }

    fn head(&self, element: &Element, manifest: &mut Manifest) {
        manifest.package = self.text(element, "package").unwrap_or_default();
        manifest.split = self.text(element, "split");
        manifest.version_name = self.text(element, "versionName");
        manifest.version_code = match self.value(element, "versionCode") {
            Some(Value::Number(code)) => Some(code),
            Some(Value::Text(text)) => text.parse().ok(),
            _ => None,
        };
    }

    fn application(&self, element: &Element, manifest: &mut Manifest) {
        manifest.label = self.text(element, "label");
        manifest.debuggable = self.flag(element, "debuggable") == Some(true);
        manifest.backup = self.flag(element, "allowBackup") != Some(false);
        manifest.cleartext = self.flag(element, "usesCleartextTraffic");
        manifest.has_network_config = element.attribute("networkSecurityConfig").is_some();
        manifest.network_config = self.text(element, "networkSecurityConfig");
    }

    fn component(
        &self,
        index: usize,
        element: &Element,
        kind: ComponentKind,
        levels: &HashMap<String, String>,
        manifest: &Manifest,
    ) -> Option<Component> {
        let name = whole(&manifest.package, &self.text(element, "name")?);
        let filters: Vec<usize> = self
            .document
            .children(index)
            .filter(|(_, child)| child.name.as_ref() == "intent-filter")
            .map(|(index, _)| index)
            .collect();
        let said = self.flag(element, "exported");
        let target = manifest.target_sdk.or(manifest.min_sdk).unwrap_or(1);
        let default = match kind {
            ComponentKind::Provider => target < PROVIDER_OFF_FROM,
            _ => !filters.is_empty(),
        };
        let enabled = self.flag(element, "enabled") != Some(false);
        let permission =
            self.text(element, "permission").or_else(|| self.text(element, "readPermission"));
        Some(Component {
            kind,
            name,
            exported: said.unwrap_or(default) && enabled,
            by_filter: said.is_none() && default,
            launcher: filters.iter().any(|filter| self.launches(*filter)),
            protection: permission.as_ref().and_then(|name| levels.get(name).cloned()),
            permission,
        })
    }

    fn launches(&self, filter: usize) -> bool {
        self.document.children(filter).any(|(_, child)| {
            self.text(child, "name").is_some_and(|name| {
                matches!(
                    name.as_str(),
                    "android.intent.category.LAUNCHER"
                        | "android.intent.category.LEANBACK_LAUNCHER"
                )
            })
        })
    }

    fn value(&self, element: &Element, name: &str) -> Option<Value> {
        let value = element.attribute(name)?;
        match self.resources {
            Some(resources) => resources.resolve(value),
            None => Some(value.clone()),
        }
    }

    fn text(&self, element: &Element, name: &str) -> Option<String> {
        match self.value(element, name)? {
            Value::Text(text) => Some(text.chars().take(TEXT_MAX).collect()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(yes) => Some(yes.to_string()),
            Value::Reference(_) | Value::Other => None,
        }
    }

    fn flag(&self, element: &Element, name: &str) -> Option<bool> {
        match self.value(element, name)? {
            Value::Bool(yes) => Some(yes),
            Value::Number(number) => Some(number != 0),
            Value::Text(text) => text.parse().ok(),
            Value::Reference(_) | Value::Other => None,
        }
    }

    fn level(&self, element: &Element, name: &str) -> Option<u32> {
        match self.value(element, name)? {
            Value::Number(number) => u32::try_from(number).ok(),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

fn kind(name: &str) -> Option<ComponentKind> {
    Some(match name {
        "activity" => ComponentKind::Activity,
        "activity-alias" => ComponentKind::ActivityAlias,
        "service" => ComponentKind::Service,
        "receiver" => ComponentKind::Receiver,
        "provider" => ComponentKind::Provider,
        _ => return None,
    })
}

/// A class's whole name: `.Main` and `Main` stand inside the package.
fn whole(package: &str, name: &str) -> String {
    if name.starts_with('.') {
        return format!("{package}{name}");
    }
    if name.contains('.') { name.to_owned() } else { format!("{package}.{name}") }
}

/// Base of a protection level: the low four bits.
fn protection(value: Option<Value>) -> String {
    let base = match value {
        Some(Value::Number(number)) => number & 0xf,
        _ => 0,
    };
    let word = match base {
        0 => "normal",
        1 => "dangerous",
        2 => "signature",
        3 => "signatureOrSystem",
        _ => "other",
    };
    word.to_owned()
}
