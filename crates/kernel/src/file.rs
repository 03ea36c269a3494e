//! Uploaded files: what they are, and what carries them. Their content is sealed elsewhere, under the same id.

use sarai_seal::Record;
use serde::{Deserialize, Serialize};

use crate::{
    Draft, FieldCheck, FieldError, FileId, Key, PartyId, Store, StoreExt, Timestamp, UseCaseError,
    time::DAY,
};

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

/// Things that one file may be attached to.
pub const ATTACHED_MAX: usize = 40;

/// Files that a use case attaches: each must be ready, uploaded by `owner`, and for `purpose`.
#[derive(Debug, Clone, Copy)]
pub struct Attach<'a> {
    /// Who uploaded them.
    pub owner: PartyId,
    /// What they must be for.
    pub purpose: FilePurpose,
    /// JSON Pointer to the list, or to the one file.
    pub pointer: &'a str,
    /// It is one file, not a list.
    pub one: bool,
}

impl Attach<'_> {
    /// The files with `things` added to what carries them, to be written with the decision; or which of them may not be attached.
    pub async fn to(
        self,
        store: &dyn Store,
        files: &[FileId],
        things: &[String],
    ) -> Result<Vec<Draft>, UseCaseError> {
        let mut check = FieldCheck::new();
        let mut drafts = Vec::new();
        for (at, id) in files.iter().enumerate() {
            let pointer =
                if self.one { self.pointer.to_owned() } else { format!("{}/{at}", self.pointer) };
            if files.iter().take(at).any(|earlier| earlier == id) {
                check.require(false, || FieldError::new(pointer, "duplicate"));
                continue;
            }
            let found = store.load::<File>(id.uuid()).await?;
            let Some(found) = found.filter(|found| self.fits(&found.record)) else {
                check.require(false, || FieldError::new(pointer, "not_in_list"));
                continue;
            };
            let mut file = found.record;
            let new: Vec<_> =
                things.iter().filter(|thing| !file.attached.contains(thing)).collect();
            if new.is_empty() {
                continue;
            }
            file.attached.extend(new.into_iter().cloned());
            let room = file.attached.len() <= ATTACHED_MAX;
            check.require(room, || FieldError::new(pointer, "too_long").with("max", ATTACHED_MAX));
            drafts.push(Draft::update(found.id, found.version, &file, file.keys())?);
        }
        check.finish()?;
        Ok(drafts)
    }

    fn fits(&self, file: &File) -> bool {
        file.owner == self.owner && file.purpose == self.purpose && file.state == FileState::Ready
    }
}
