//! Files: what they are, and their content under the owner's key.

use sarai_kernel::{
    Key, PartyId, Timestamp,
    purpose::{Deliver, Publish, Resolve, SelfAccess, Verify},
    time::DAY,
};
use sarai_seal::{Personal, Record, Sealed, SubjectId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What a file is for; decides what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilePurpose {
    /// Proof of a stop.
    ProofPhoto,
    /// Picture of a load.
    LoadPhoto,
    /// Identity paper, licence.
    Paper,
    /// Evidence in a dispute.
    Evidence,
}

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Announced; no content yet.
    Empty,
    /// Fine.
    Ready,
    /// Content came and was not taken.
    Refused,
}

/// What is known of an uploaded file.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "file", schema = 1)]
pub struct File {
    /// Who uploaded it.
    pub owner: PartyId,
    /// What it is for.
    pub purpose: FilePurpose,
    /// As announced; what is kept is JPEG for pictures.
    pub media_type: String,
    /// Bytes as announced, then as kept.
    pub bytes: u64,
    /// SHA-256 as announced, hexadecimal.
    pub sha256: String,
    /// Where it stands.
    pub state: FileState,
    /// Width of a picture.
    pub width_px: Option<u32>,
    /// Height of a picture.
    pub height_px: Option<u32>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Wire ids of what it is attached to. Whoever may read those may read the file.
    pub attached: Vec<String>,
    /// Since when.
    pub created_at: Timestamp,
}

/// A file that is attached to nothing goes after so long.
pub const LOOSE_FILE_MICROS: i64 = DAY;

impl File {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = vec![Key::new("file.owner", self.owner, self.created_at.as_micros())];
        keys.extend(self.attached.iter().map(|thing| Key::new("file.attached", thing.as_str(), 0)));
        if self.attached.is_empty() {
            let due = self.created_at.plus(LOOSE_FILE_MICROS);
            keys.push(Key::timer("account.file", due));
        }
        keys
    }
}

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
