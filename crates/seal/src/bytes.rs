//! A sealed value as bytes, between a record and the cipher.

use crate::Sealed;
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt, io};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// The serialised form of one sealed value. Opaque outside this crate: it is encrypted by
/// [`rest`](crate::rest) or read back into a record. Overwritten when dropped.
#[derive(Clone)]
pub struct SealedBytes(Zeroizing<Vec<u8>>);

impl SealedBytes {
    /// The bytes of a sealed value, still closed: for a store to find it by. `None` when erased
    /// or when it cannot be written as JSON.
    pub fn of<T: Zeroize + Serialize, F>(sealed: &Sealed<T, F>) -> Option<Self> {
        sealed.value().and_then(Self::write)
    }

    /// The bytes of a text that was just given, the same as those of a sealed text type.
    pub fn text(text: &str) -> Option<Self> {
        Self::write(text)
    }

    pub(crate) fn write<T: Serialize + ?Sized>(value: &T) -> Option<Self> {
        let mut out = Growing(Zeroizing::new(Vec::with_capacity(64)));
        serde_json::to_writer(&mut out, value).ok()?;
        Some(Self(out.0))
    }

    pub(crate) fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.0).ok()
    }

    pub(crate) fn from_vec(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// Whether two hold the same value, in a time that does not depend on where they differ.
    pub fn same(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for SealedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<sealed bytes>")
    }
}

/// A buffer that leaves no copies behind when it grows.
struct Growing(Zeroizing<Vec<u8>>);

impl io::Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let held = self.0.len();
        if held + bytes.len() > self.0.capacity() {
            let mut larger = Vec::with_capacity((held + bytes.len()).next_power_of_two());
            larger.extend_from_slice(&self.0);
            self.0.zeroize();
            self.0 = Zeroizing::new(larger);
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::SealedBytes;

    #[test]
    fn long_values_survive_growth() {
        let text = "x".repeat(10_000);
        let bytes = SealedBytes::write(&text).unwrap();
        assert_eq!(bytes.read::<String>().as_ref(), Some(&text));
        assert_eq!(format!("{bytes:?}"), "<sealed bytes>");
    }
}
