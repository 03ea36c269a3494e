//! Thirty-two secret bytes.

use super::RestError;
use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A 256-bit secret. Overwritten when dropped, opaque to `Debug`, compared in constant time.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secret32([u8; 32]);

impl Secret32 {
    /// From bytes that are already secret and random.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Fresh from the system.
    pub fn random() -> Result<Self, RestError> {
        let mut secret = Self([0; 32]);
        getrandom::fill(&mut secret.0).map_err(|_| RestError::NoRandom)?;
        Ok(secret)
    }

    /// The bytes. Whoever takes them keeps them from logs and disks.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether two are equal, in constant time.
    pub fn same(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// A secret derived from this one for a use (HKDF-SHA256). The parts are separated by
    /// their lengths, so that no two uses give the same label.
    pub fn derive(&self, parts: &[&str]) -> Self {
        let mut info = Vec::with_capacity(64);
        for part in parts {
            super::wire::put(&mut info, part.as_bytes());
        }
        let mut out = Self([0; 32]);
        // 32 bytes is far below HKDF's bound of 255 × 32: the expansion cannot fail.
        let expanded = Hkdf::<Sha256>::new(None, &self.0).expand(&info, &mut out.0);
        debug_assert!(expanded.is_ok());
        out
    }
}

impl fmt::Debug for Secret32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}
