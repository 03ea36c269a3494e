//! Files: announced, filled, read by those who may, removed.

use sarai_gate::Ask;
use sarai_kernel::{
    Caller, Command, Decision, DocRef, Draft, FieldCheck, FieldError, FileId, Kind, Outcome, Query,
    Refusal, Role, StoreExt, Stored, Timestamp, UseCaseError,
    purpose::{SelfAccess, Verify},
};
use sarai_seal::{Scope, Sealed};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{papers, staff::needs};
use crate::{
    Account,
    account::{active, denied, own},
    model::{Blob, File, FileContent, FileContentContent, FilePurpose, FileState},
    rules::{picture, picture::PictureRefused, token},
};

/// Files that one party holds.
const FILES_MAX: u32 = 1_000;
/// What a PDF starts with.
const PDF_MARK: &[u8] = b"%PDF-";

/// What is announced.
pub struct NewFile {
    /// What it is for.
    pub purpose: FilePurpose,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

/// Whether a purpose takes a media type, and how large.
fn bound(purpose: FilePurpose, media_type: &str) -> Option<u64> {
    match (purpose, media_type) {
        (_, "image/jpeg" | "image/png" | "image/webp") => Some(picture::PHOTO_BYTES_MAX),
        (FilePurpose::Paper | FilePurpose::Evidence, "application/pdf") => {
            Some(picture::PAPER_BYTES_MAX)
        }
        _ => None,
    }
}

/// Announces a file.
pub async fn announce(
    account: &Account,
    caller: &Caller,
    new: NewFile,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    active(caller)?;
    let now = command.now;
    let mut check = FieldCheck::new();
    let most = bound(new.purpose, &new.media_type);
    check.require(most.is_some(), || FieldError::new("/media_type", "not_in_list"));
    let most = i64::try_from(most.unwrap_or(1)).unwrap_or(i64::MAX);
    check.range("/bytes", i64::try_from(new.bytes).unwrap_or(i64::MAX), 1, most);
    let hexadecimal =
        new.sha256.len() == 64 && new.sha256.bytes().all(|one| one.is_ascii_hexdigit());
    check.require(hexadecimal, || FieldError::new("/sha256", "pattern"));
    check.finish()?;
    let held = Query::by("file", "file.owner", caller.party).limit(FILES_MAX);
    if account.store.count(held).await? >= u64::from(FILES_MAX) {
        return Err(Refusal::new("quota_spent", Kind::TooMany).into());
    }
    let id = FileId::new(now);
    let file = File {
        owner: caller.party,
        purpose: new.purpose,
        media_type: new.media_type,
        bytes: new.bytes,
        sha256: new.sha256.to_ascii_lowercase(),
        state: FileState::Empty,
        width_px: None,
        height_px: None,
        reason: None,
        attached: Vec::new(),
        created_at: now,
    };
    let outcome = Outcome::of(201, id, 1).state("empty");
    let decision = Decision::new("account.file", now)
        .write(Draft::create(id.uuid(), &file, file.keys())?)
        .answer(command.once, outcome.clone());
    account.store.commit(decision).await?;
    Ok(outcome)
}

/// The caller's own file.
pub async fn owned(
    account: &Account,
    caller: &Caller,
    id: FileId,
) -> Result<Stored<File>, Refusal> {
    let found = account.store.load::<File>(id.uuid()).await?;
    found.filter(|file| file.record.owner == caller.party).ok_or_else(Refusal::not_found)
}

/// Takes the content. What is not what was announced is refused, and the file says why.
pub async fn fill(
    account: &Account,
    caller: &Caller,
    id: FileId,
    media_type: &str,
    bytes: Vec<u8>,
    now: Timestamp,
) -> Result<(), Refusal> {
    active(caller)?;
    let Stored { version, mut record, .. } = owned(account, caller, id).await?;
    if record.state != FileState::Empty {
        return Err(Refusal::new("transition_refused", Kind::Conflict).with("state", "filled"));
    }
    if media_type != record.media_type {
        return Err(Refusal::new("media_type_refused", Kind::Malformed));
    }
    let announced = record.clone();
    // Decoding takes a core for a while: not on the threads that serve others.
    let taken = tokio::task::spawn_blocking(move || take(&announced, bytes));
    let taken = taken.await.map_err(|_| crate::account::internal())?;
    let mut decision = Decision::new("account.file_filled", now);
    match taken {
        Ok(kept) => {
            record.state = FileState::Ready;
            record.bytes = kept.bytes.len() as u64;
            (record.width_px, record.height_px) = (kept.width_px, kept.height_px);
            if kept.width_px.is_some() {
                record.media_type = "image/jpeg".to_owned();
            }
            let content = FileContent {
                subject: caller.party.subject(),
                content: Some(Sealed::new(Blob(kept.bytes))),
            };
            decision = decision.write(Draft::create(id.uuid(), &content, Vec::new())?);
        }
        Err(reason) => {
            record.state = FileState::Refused;
            record.reason = Some(reason.to_owned());
        }
    }
    let draft = Draft::update(id.uuid(), version, &record, record.keys())?;
    account.store.commit(decision.write(draft)).await?;
    Ok(())
}

struct Kept {
    bytes: Vec<u8>,
    width_px: Option<u32>,
    height_px: Option<u32>,
}

/// The content as it is kept. Pure.
fn take(file: &File, bytes: Vec<u8>) -> Result<Kept, &'static str> {
    if bytes.len() as u64 != file.bytes {
        return Err("size_differs");
    }
    if token::hex(&Sha256::digest(&bytes)) != file.sha256 {
        return Err("checksum_wrong");
    }
    if file.media_type == "application/pdf" {
        let fine = bytes.starts_with(PDF_MARK);
        return if fine {
            Ok(Kept { bytes, width_px: None, height_px: None })
        } else {
            Err(PictureRefused::Unreadable.code())
        };
    }
    let clean = picture::clean(&bytes, &file.media_type).map_err(PictureRefused::code)?;
    Ok(Kept {
        bytes: clean.bytes,
        width_px: Some(clean.width_px),
        height_px: Some(clean.height_px),
    })
}

/// A file with its content still sealed, for a room that knows who may read what carries it.
pub async fn kept(account: &Account, id: FileId) -> Result<(File, FileContent), Refusal> {
    let file = account.store.load::<File>(id.uuid()).await?;
    let content = account.store.load::<FileContent>(id.uuid()).await?;
    file.zip(content)
        .map(|(file, content)| (file.record, content.record))
        .ok_or_else(Refusal::not_found)
}

/// The content, for its owner or for who claimed the case that it is attached to. Everybody else finds nothing.
pub async fn content(
    account: &Account,
    caller: &Caller,
    id: FileId,
    now: Timestamp,
) -> Result<(File, Zeroizing<Vec<u8>>), Refusal> {
    let (file, content) = kept(account, id).await?;
    let fields = ["file_content.content"];
    if file.owner == caller.party {
        let ask = own(caller, "file", id, &fields);
        let grant = account.gate.grant::<SelfAccess>(ask, now).await?;
        let blob = grant.open::<FileContentContent>(&content).map_err(denied)?;
        return Ok((file, Zeroizing::new(blob.0.clone())));
    }
    if !caller.has(Role::OpVerify) {
        return Err(Refusal::not_found());
    }
    let case = papers::is_claimed_paper(account, caller.party, id, &file.attached).await?;
    let case = case.ok_or_else(Refusal::not_found)?;
    needs(caller, Role::OpVerify, now)?;
    let case_id = sarai_kernel::VerificationId::from_uuid(case.id).to_string();
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: "claimer",
        resource_kind: "papers",
        resource: id.to_string(),
        stage: "claimed",
        case: Some(&case_id),
        consent: false,
        scope: Scope::One(content.subject),
        fields: &fields,
    };
    let grant = account.gate.grant::<Verify>(ask, now).await?;
    let blob = grant.open::<FileContentContent>(&content).map_err(denied)?;
    Ok((file, Zeroizing::new(blob.0.clone())))
}

/// Removes a file that is attached to nothing.
pub async fn remove(
    account: &Account,
    caller: &Caller,
    id: FileId,
    now: Timestamp,
) -> Result<(), Refusal> {
    let file = owned(account, caller, id).await?;
    if !file.record.attached.is_empty() {
        return Err(Refusal::new("transition_refused", Kind::Conflict).with("state", "attached"));
    }
    account.store.commit(removal(account, file, now).await?).await?;
    Ok(())
}

/// The removal of a file with its content.
pub(crate) async fn removal(
    account: &Account,
    file: Stored<File>,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let mut decision = Decision::new("account.file_removed", now);
    decision.removals.push((DocRef::new("file", file.id), file.version));
    let at = DocRef::new("file_content", file.id);
    if let Some(content) = account.store.document(&at).await? {
        decision.removals.push((at, content.version));
    }
    Ok(decision)
}
