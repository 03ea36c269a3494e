//! A person's key, wrapped and at work.

use super::{
    KeyVersion, Place, RestError, Secret32,
    envelope::{self, FieldCipher},
    wire,
};
use crate::{SealedBytes, SubjectId};
use aes_gcm_siv::{
    Aes256GcmSiv, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};
use zeroize::Zeroizing;

/// Which key of a person: 1, then one more each time it had to be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generation(pub u32);

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A person's random 256-bit key.
#[derive(Debug)]
pub struct PersonKey {
    generation: Generation,
    secret: Secret32,
}

impl PersonKey {
    /// A fresh key.
    pub fn random(generation: Generation) -> Result<Self, RestError> {
        Ok(Self { generation, secret: Secret32::random()? })
    }

    /// From what a key service returned.
    pub const fn from_secret(generation: Generation, secret: Secret32) -> Self {
        Self { generation, secret }
    }

    /// Which of the person's keys it is.
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// The secret, for a [`MasterKey`](super::MasterKey) to wrap.
    pub const fn secret(&self) -> &Secret32 {
        &self.secret
    }

    pub(super) fn wrap(
        &self,
        subject: SubjectId,
        master: KeyVersion,
        wrapping: &Secret32,
    ) -> Result<WrappedKey, RestError> {
        let nonce = envelope::random_nonce()?;
        let aad = wrap_associated(subject, master, self.generation);
        let payload = Payload { msg: self.secret.expose(), aad: &aad };
        let sealed = cipher(wrapping).encrypt(&nonce, payload);
        let mut body = nonce.to_vec();
        body.extend_from_slice(&sealed.map_err(|_| RestError::UnknownForm)?);
        Ok(WrappedKey { master, generation: self.generation, body })
    }
}

/// A person's key as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey {
    master: KeyVersion,
    generation: Generation,
    body: Vec<u8>,
}

/// A wrapped key's form of bytes: `form (1) | master (4) | generation (4) | body`.
const WRAP_FORM: u8 = 1;

impl WrappedKey {
    /// A key that a key service wrapped, in the service's own form.
    pub const fn new(master: KeyVersion, generation: Generation, body: Vec<u8>) -> Self {
        Self { master, generation, body }
    }

    /// The master version it is wrapped under: what a rotation counts.
    pub const fn master(&self) -> KeyVersion {
        self.master
    }

    /// Which of the person's keys it is.
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// What the master made of the key.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![WRAP_FORM];
        out.extend_from_slice(&self.master.0.to_be_bytes());
        out.extend_from_slice(&self.generation.0.to_be_bytes());
        out.extend_from_slice(&self.body);
        out
    }

    /// From stored bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RestError> {
        let parse = || {
            let (&WRAP_FORM, rest) = bytes.split_first()? else {
                return None;
            };
            let (master, rest) = rest.split_first_chunk::<4>()?;
            let (generation, body) = rest.split_first_chunk::<4>()?;
            let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes);
            Some(Self {
                master: KeyVersion(number(master)),
                generation: Generation(number(generation)),
                body: body.to_vec(),
            })
        };
        parse().ok_or(RestError::UnknownForm)
    }

    pub(super) fn unwrap(
        &self,
        subject: SubjectId,
        wrapping: &Secret32,
    ) -> Result<PersonKey, RestError> {
        let (nonce, sealed) = self.body.split_first_chunk::<12>().ok_or(RestError::UnknownForm)?;
        let aad = wrap_associated(subject, self.master, self.generation);
        let payload = Payload { msg: sealed, aad: &aad };
        let opened = cipher(wrapping).decrypt(&Nonce::from(*nonce), payload);
        let opened = Zeroizing::new(opened.map_err(|_| RestError::NotAuthentic)?);
        let secret = opened.first_chunk::<32>().ok_or(RestError::UnknownForm)?;
        Ok(PersonKey::from_secret(self.generation, Secret32::from_bytes(*secret)))
    }
}

fn cipher(key: &Secret32) -> Aes256GcmSiv {
    Aes256GcmSiv::new(key.expose().into())
}

fn wrap_associated(subject: SubjectId, master: KeyVersion, generation: Generation) -> Vec<u8> {
    let mut out = Vec::with_capacity(96);
    wire::put(&mut out, b"sarai/person-key");
    wire::put(&mut out, subject.as_bytes());
    wire::put(&mut out, &master.0.to_be_bytes());
    wire::put(&mut out, &generation.0.to_be_bytes());
    out
}

/// A person whose key is at hand. Field ciphers are derived once and kept.
pub struct Person {
    subject: SubjectId,
    key: PersonKey,
    ciphers: RwLock<Vec<(Box<str>, Arc<FieldCipher>)>>,
    forgotten: AtomicBool,
}

impl Person {
    pub(super) fn new(subject: SubjectId, key: PersonKey) -> Self {
        Self { subject, key, ciphers: RwLock::default(), forgotten: AtomicBool::new(false) }
    }

    /// Who.
    pub const fn subject(&self) -> SubjectId {
        self.subject
    }

    /// Which of the person's keys this is.
    pub const fn generation(&self) -> Generation {
        self.key.generation
    }

    /// Encrypts a part for its place.
    pub fn seal(&self, place: &Place<'_>, bytes: &SealedBytes) -> Result<Vec<u8>, RestError> {
        self.cipher(place.field)?.seal(self.subject, self.generation(), place, bytes)
    }

    /// Decrypts a part in its place.
    pub fn open(&self, place: &Place<'_>, envelope: &[u8]) -> Result<SealedBytes, RestError> {
        self.cipher(place.field)?.open(self.subject, self.generation(), place, envelope)
    }

    /// Which generation of a person's key an envelope needs.
    pub fn generation_of(envelope: &[u8]) -> Result<Generation, RestError> {
        envelope::generation_of(envelope)
    }

    /// From now on refuses everything, whoever still holds it.
    pub(super) fn forget(&self) {
        self.forgotten.store(true, Ordering::Release);
        self.ciphers.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// One cipher serves all values of a `Vec` field: the index is authenticated, not derived from.
    fn cipher(&self, field: &str) -> Result<Arc<FieldCipher>, RestError> {
        if self.forgotten.load(Ordering::Acquire) {
            return Err(RestError::Forgotten);
        }
        let field = field.split_once('#').map_or(field, |(field, _)| field);
        let ciphers = self.ciphers.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, cipher)) = ciphers.iter().find(|(name, _)| **name == *field) {
            return Ok(Arc::clone(cipher));
        }
        drop(ciphers);
        let key = self.key.secret.derive(&["sarai/field/1", field]);
        let cipher = Arc::new(FieldCipher::new(&key));
        let mut ciphers = self.ciphers.write().unwrap_or_else(PoisonError::into_inner);
        ciphers.push((field.into(), Arc::clone(&cipher)));
        Ok(cipher)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<key of {:?}>", self.subject)
    }
}
