//! Files: what they are, and their content under the owner's key.

pub use sarai_kernel::file::{File, FilePurpose, FileState, LOOSE_FILE_MICROS};
use sarai_kernel::purpose::{Deliver, Publish, Resolve, SelfAccess, Verify};
use sarai_seal::{Personal, Record, Sealed, SubjectId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Content of a file: bytes that are overwritten when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Blob(pub Vec<u8>);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use base64::Engine;
        let text = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&self.0);
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use base64::Engine;
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        base64::engine::general_purpose::STANDARD_NO_PAD
            .decode(text.as_bytes())
            .map(Self)
            .map_err(|_| de::Error::custom("not base 64"))
    }
}

/// The content of a file, under the same id.
#[derive(Debug, Personal, Record)]
#[record(kind = "file_content", schema = 1)]
pub struct FileContent {
    /// Whose it is.
    #[subject]
    pub subject: SubjectId,
    /// The bytes.
    #[personal(class = IdentityPaper, purposes(Verify, Deliver, Publish, Resolve, SelfAccess), keep = "account", basis = "contract")]
    pub content: Option<Sealed<Blob, FileContentContent>>,
}
