//! Writing of small Android packages, for tests and for made-up platforms: a manifest, code that calls what it is told to call,
//! a signature file where it is wanted. They install nowhere; readers read them.

mod axml;
mod dex;

pub use axml::{Attribute, Node, axml};
pub use dex::{Class, Method, dex};

use crate::{
    catalogue::{SigningKey, jar},
    pack::zip,
};

/// A package to be written.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// `com.example.app`.
    pub name: String,
    /// Version number.
    pub version_code: u32,
    /// Version for people.
    pub version_name: String,
    /// Name for people.
    pub label: String,
    /// Android that it was built for.
    pub target_sdk: u32,
    /// Permissions asked for, whole names.
    pub permissions: Vec<String>,
    /// Can be debugged.
    pub debuggable: bool,
    /// Permits traffic in clear.
    pub cleartext: bool,
    /// Data goes into backups.
    pub backup: bool,
    /// Services that any app can start.
    pub exported: Vec<String>,
    /// Its code.
    pub classes: Vec<Class>,
    /// Further files.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Package {
    /// The manifest as a tree.
    pub fn manifest(&self) -> Node {
        let mut root = Node::new("manifest")
            .plain("package", &self.name)
            .with(Attribute::VersionCode, self.version_code)
            .with(Attribute::VersionName, self.version_name.as_str())
            .child(
                Node::new("uses-sdk")
                    .with(Attribute::MinSdk, 24u32)
                    .with(Attribute::TargetSdk, self.target_sdk),
            );
        for permission in &self.permissions {
            root =
                root.child(Node::new("uses-permission").with(Attribute::Name, permission.as_str()));
        }
        let launcher = Node::new("intent-filter")
            .child(Node::new("action").with(Attribute::Name, "android.intent.action.MAIN"))
            .child(Node::new("category").with(Attribute::Name, "android.intent.category.LAUNCHER"));
        let main = Node::new("activity")
            .with(Attribute::Name, ".Main")
            .with(Attribute::Exported, true)
            .child(launcher);
        let mut application = Node::new("application")
            .with(Attribute::Label, self.label.as_str())
            .with(Attribute::Debuggable, self.debuggable)
            .with(Attribute::AllowBackup, self.backup)
            .with(Attribute::Cleartext, self.cleartext)
            .child(main);
        for service in &self.exported {
            let service = Node::new("service")
                .with(Attribute::Name, service.as_str())
                .with(Attribute::Exported, true);
            application = application.child(service);
        }
        root.child(application)
    }

    /// The package's bytes, unsigned.
    pub fn bytes(&self) -> Vec<u8> {
        let (manifest, code) = (axml(&self.manifest()), dex(&self.classes));
        zip(&self.entries(&manifest, &code))
    }

    /// The package's bytes, signed by scheme v1; `None` where the key cannot sign.
    pub fn signed(&self, key: &SigningKey) -> Option<Vec<u8>> {
        let (manifest, code) = (axml(&self.manifest()), dex(&self.classes));
        jar::signed(&self.entries(&manifest, &code), key)
    }

    fn entries<'a>(&'a self, manifest: &'a [u8], code: &'a [u8]) -> Vec<(&'a str, &'a [u8])> {
        let mut entries = vec![("AndroidManifest.xml", manifest), ("classes.dex", code)];
        entries
            .extend(self.files.iter().map(|(name, content)| (name.as_str(), content.as_slice())));
        entries
    }
}

/// An archive of files: a bundle of packages.
pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip(files)
}
