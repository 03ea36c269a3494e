//! The master key: wraps person keys, derives every other long-lived secret.

use super::{Generation, PersonKey, RestError, Secret32, WrappedKey};
use crate::SubjectId;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// A version of the master key: `mk-1`, `mk-2`, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyVersion(pub u32);

impl KeyVersion {
    /// The version that a new installation starts with.
    pub const FIRST: Self = Self(1);
}

impl fmt::Display for KeyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mk-{}", self.0)
    }
}

/// Wraps and unwraps person keys, under versions. A file does it here; a key service or a
/// hardware module can do it behind the same trait, and then the master key never enters memory.
pub trait MasterKey: Send + Sync {
    /// The version that new keys are wrapped under.
    fn current(&self) -> KeyVersion;

    /// Every version at hand, oldest first.
    fn versions(&self) -> Vec<KeyVersion>;

    /// Wraps a person's key under the current version.
    fn wrap(&self, subject: SubjectId, key: &PersonKey) -> Result<WrappedKey, RestError>;

    /// Opens a wrapped key, under the version it names. The subject is authenticated.
    fn unwrap(&self, subject: SubjectId, wrapped: &WrappedKey) -> Result<PersonKey, RestError>;

    /// A secret for a use, the same each time: pepper, cursors, codes, audit signing. It hangs on
    /// one version, so that adding a version changes no secret silently.
    fn derive(&self, version: KeyVersion, label: &str) -> Result<Secret32, RestError>;
}

/// Master keys held in memory: what [`FileMaster`](super::FileMaster) reads, and what tests use.
#[derive(Debug)]
pub struct MemoryMaster {
    versions: BTreeMap<KeyVersion, Secret32>,
    current: KeyVersion,
}

impl MemoryMaster {
    /// One fresh version, `mk-1`.
    pub fn random() -> Result<Self, RestError> {
        Ok(Self::new(KeyVersion::FIRST, Secret32::random()?))
    }

    /// One version.
    pub fn new(version: KeyVersion, secret: Secret32) -> Self {
        Self { versions: BTreeMap::from([(version, secret)]), current: version }
    }

    /// Adds a fresh version and makes it current.
    pub fn add_version(&mut self) -> Result<KeyVersion, RestError> {
        let next = KeyVersion(self.current.0 + 1);
        self.insert(next, Secret32::random()?);
        Ok(next)
    }

    /// Destroys a version that is not current. What is still wrapped under it is lost.
    pub fn destroy(&mut self, version: KeyVersion) -> Result<(), RestError> {
        if version == self.current {
            return Err(RestError::MasterInUse(version));
        }
        self.versions.remove(&version).map(drop).ok_or(RestError::NoSuchMaster(version))
    }

    pub(super) fn insert(&mut self, version: KeyVersion, secret: Secret32) {
        self.versions.insert(version, secret);
        self.current = self.current.max(version);
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = (KeyVersion, &Secret32)> {
        self.versions.iter().map(|(version, secret)| (*version, secret))
    }

    pub(super) fn holds(&self, version: KeyVersion) -> bool {
        self.versions.contains_key(&version)
    }

    fn secret(&self, version: KeyVersion) -> Result<&Secret32, RestError> {
        self.versions.get(&version).ok_or(RestError::NoSuchMaster(version))
    }

    fn wrapping(&self, version: KeyVersion) -> Result<Secret32, RestError> {
        Ok(self.secret(version)?.derive(&["sarai/person-wrap/1"]))
    }
}

impl MasterKey for MemoryMaster {
    fn current(&self) -> KeyVersion {
        self.current
    }

    fn versions(&self) -> Vec<KeyVersion> {
        self.versions.keys().copied().collect()
    }

    fn wrap(&self, subject: SubjectId, key: &PersonKey) -> Result<WrappedKey, RestError> {
        key.wrap(subject, self.current, &self.wrapping(self.current)?)
    }

    fn unwrap(&self, subject: SubjectId, wrapped: &WrappedKey) -> Result<PersonKey, RestError> {
        wrapped.unwrap(subject, &self.wrapping(wrapped.master())?)
    }

    fn derive(&self, version: KeyVersion, label: &str) -> Result<Secret32, RestError> {
        Ok(self.secret(version)?.derive(&["sarai/derive/1", label]))
    }
}

impl Generation {
    /// The first key that a person gets.
    pub const FIRST: Self = Self(1);

    /// The next, after a leak is suspected.
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}
