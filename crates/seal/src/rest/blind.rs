//! Blind indexes: equality look-ups over values that are not stored in clear.

use super::{KeyVersion, MasterKey, RestError, wire};
use crate::{Sealed, SealedBytes};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroize;

/// A keyed hash over the values of one field. Its key is not in the store, so that a copy of the
/// store cannot be tried against a list of telephone numbers. Equality only.
///
/// Values are indexed as they are: bring them to one form first (a `Phone` parses to E.164).
#[derive(Clone)]
pub struct BlindIndex {
    field: &'static str,
    mac: Hmac<Sha256>,
}

impl BlindIndex {
    /// The index of a field, under a version of the master key.
    pub fn new(
        master: &dyn MasterKey,
        version: KeyVersion,
        field: &'static str,
    ) -> Result<Self, RestError> {
        let key = master.derive(version, &format!("blind-index/{field}"))?;
        // HMAC takes keys of any length: this cannot fail.
        let mac = Hmac::new_from_slice(key.expose()).map_err(|_| RestError::UnknownForm)?;
        Ok(Self { field, mac })
    }

    /// The field it is over.
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// The token of a value.
    pub fn token(&self, value: &SealedBytes) -> BlindToken {
        let digest = self.mac.clone().chain_update(value.as_slice()).finalize().into_bytes();
        let mut kept = [0; 16];
        kept.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        BlindToken(kept)
    }

    /// The token of a sealed value, without opening it; `None` when erased.
    pub fn token_of<T: Zeroize + Serialize, F>(&self, sealed: &Sealed<T, F>) -> Option<BlindToken> {
        SealedBytes::of(sealed).map(|bytes| self.token(&bytes))
    }

    /// The token of a text that was just given, as at sign-in: the same as of a sealed text type.
    pub fn token_of_text(&self, text: &str) -> Option<BlindToken> {
        SealedBytes::text(text).map(|bytes| self.token(&bytes))
    }
}

impl fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<blind index of {}>", self.field)
    }
}

/// What stands for a value in an index: 128 bits, equal for equal values of one field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlindToken([u8; 16]);

impl BlindToken {
    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// From stored bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Thirty-two hexadecimal digits, for stores that key by text.
    pub fn to_hex(&self) -> String {
        wire::hex(&self.0)
    }
}

impl fmt::Debug for BlindToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<blind token>")
    }
}

impl Serialize for BlindToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for BlindToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        wire::unhex(&text).map(Self).ok_or_else(|| D::Error::custom("not a blind token"))
    }
}
