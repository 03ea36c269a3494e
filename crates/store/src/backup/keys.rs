//! Keys of backups: a recipient can be told to anyone, an identity opens what was sealed to it.

use std::{fmt, str::FromStr};

use hpke::{
    Deserializable, Kem as _, OpModeR, OpModeS, Serializable, aead::AesGcm256, kdf::HkdfSha256,
    kem::X25519HkdfSha256, single_shot_open, single_shot_seal,
};
use sarai_seal::zeroize::Zeroizing;

use super::BackupError;
use crate::hex::{hex, unhex};

type Kem = X25519HkdfSha256;

const PUBLIC: &str = "sarai-backup-to-";
const PRIVATE: &str = "sarai-backup-key-";
const INFO: &[u8] = b"sarai backup 1";

/// To whom a backup is sealed: `sarai-backup-to-` and 64 hexadecimal digits.
#[derive(Clone)]
pub struct BackupRecipient(<Kem as hpke::Kem>::PublicKey);

/// What opens a backup: `sarai-backup-key-` and 64 hexadecimal digits. Keep it away from both store and backups.
pub struct BackupIdentity(<Kem as hpke::Kem>::PrivateKey);

impl BackupIdentity {
    /// A fresh key.
    pub fn generate() -> Self {
        Self(Kem::gen_keypair().0)
    }

    /// Its public half.
    pub fn recipient(&self) -> BackupRecipient {
        BackupRecipient(Kem::sk_to_pk(&self.0))
    }

    /// The text to keep.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PRIVATE}{}", hex(&self.0.to_bytes())))
    }

    /// Opens what was sealed to this key; `None` if it was not.
    pub(super) fn open(&self, encapsulated: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
        let opened = single_shot_open::<AesGcm256, HkdfSha256, Kem>(
            &OpModeR::Base,
            &self.0,
            &encapsulated,
            INFO,
            sealed,
            b"",
        );
        opened.ok().map(Zeroizing::new)
    }
}

impl BackupRecipient {
    /// Seals a key to this recipient: what was encapsulated, and the sealed key.
    pub(super) fn seal(&self, key: &[u8]) -> Result<(Vec<u8>, Vec<u8>), BackupError> {
        let sealed =
            single_shot_seal::<AesGcm256, HkdfSha256, Kem>(&OpModeS::Base, &self.0, INFO, key, b"");
        let (encapsulated, sealed) = sealed.map_err(|_| BackupError::BadKey)?;
        Ok((encapsulated.to_bytes().to_vec(), sealed.to_vec()))
    }
}

impl FromStr for BackupIdentity {
    type Err = BackupError;

    fn from_str(text: &str) -> Result<Self, BackupError> {
        let bytes = text.trim().strip_prefix(PRIVATE).and_then(unhex).map(Zeroizing::new);
        let key = bytes.and_then(|bytes| <Kem as hpke::Kem>::PrivateKey::from_bytes(&bytes).ok());
        key.map(Self).ok_or(BackupError::BadKey)
    }
}

impl FromStr for BackupRecipient {
    type Err = BackupError;

    fn from_str(text: &str) -> Result<Self, BackupError> {
        let bytes = text.trim().strip_prefix(PUBLIC).and_then(unhex);
        let key = bytes.and_then(|bytes| <Kem as hpke::Kem>::PublicKey::from_bytes(&bytes).ok());
        key.map(Self).ok_or(BackupError::BadKey)
    }
}

impl fmt::Display for BackupRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC}{}", hex(&self.0.to_bytes()))
    }
}

impl fmt::Debug for BackupRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for BackupIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<backup key>")
    }
}
