//! A decision made ready for the writer: parts sealed, keys blinded, JSON written. Runs in the caller's task, not in the writer's.

use sarai_kernel::{
    Decision, StoreError, Timestamp,
    audit::AuditEntry,
    decision::{Once, StoredAnswer},
    document::{DocRef, Draft, Key, KeyValue},
    event::NewEvent,
    ledger::PostingSet,
    ports::CommitError,
    tally::Marks,
};
use sarai_seal::{Content, SubjectId};

use crate::{sealing::Sealing, snapshot::KeyRow};

/// Name of the key under which documents are found by the subject of their sealed parts.
pub const SUBJECT_KEY: &str = "@subject";
/// First byte of a key's value: clear.
const CLEAR: u8 = 0;
/// First byte of a key's value: a blind token.
pub const BLIND: u8 = 1;

/// A decision as the writer takes it.
#[derive(Debug)]
pub struct Prepared {
    pub at: Timestamp,
    pub drafts: Vec<PreparedDraft>,
    pub expects: Vec<(DocRef, u64)>,
    pub removals: Vec<(DocRef, u64)>,
    pub events: Vec<NewEvent>,
    pub postings: Vec<PostingSet>,
    pub audit: Vec<AuditEntry>,
    pub marks: Vec<Marks>,
    pub erase: Vec<SubjectId>,
    pub answer: Option<PreparedAnswer>,
    pub fence: Option<(String, u64)>,
    /// Whose keys sealed something here: they must still be there.
    pub sealed_for: Vec<SubjectId>,
    /// Those of them whose key was gone already, so that nothing was sealed: the writer refuses it, after what comes before.
    pub erased: Vec<SubjectId>,
}

/// A document ready to be written.
#[derive(Debug)]
pub struct PreparedDraft {
    pub at: DocRef,
    pub expect: u64,
    pub schema: u16,
    pub clear: String,
    pub sealed: Vec<u8>,
    pub keys: Vec<KeyRow>,
    /// The unique keys' names, as the kernel knows them.
    pub unique: Vec<(&'static str, Vec<u8>)>,
}

/// An answer ready to be kept.
#[derive(Debug)]
pub struct PreparedAnswer {
    pub once: Once,
    pub stored: StoredAnswer,
    pub outcome: String,
}

impl Prepared {
    /// Rough size in bytes, for the bound of a batch.
    pub fn size(&self) -> usize {
        self.drafts.iter().map(|draft| 256 + draft.clear.len() + draft.sealed.len()).sum::<usize>()
            + self.marks.iter().map(|marks| 64 * marks.members.len()).sum::<usize>()
            + 512 * (self.events.len() + self.audit.len() + self.postings.len())
    }
}

/// Makes a decision ready.
pub async fn prepare(decision: Decision, sealing: &Sealing) -> Result<Prepared, CommitError> {
    let sealed_for = subjects(&decision.drafts);
    let persons = sealing.persons_for_writing(&sealed_for).await?;
    let mut drafts = Vec::with_capacity(decision.drafts.len());
    for draft in decision.drafts {
        drafts.push(prepare_draft(draft, &persons, sealing)?);
    }
    let answer = decision.answer.map(|(once, outcome)| {
        let text = serde_json::to_string(&outcome).map_err(|_| unwritable())?;
        let stored = StoredAnswer { fingerprint: once.fingerprint, outcome };
        Ok::<_, StoreError>(PreparedAnswer { once, stored, outcome: text })
    });
    Ok(Prepared {
        at: decision.at,
        drafts,
        expects: decision.expects,
        removals: decision.removals,
        events: decision.events,
        postings: decision.postings,
        audit: decision.audit,
        marks: decision.marks,
        erase: decision.erase,
        answer: answer.transpose()?,
        fence: decision.fence,
        erased: persons.missing(&sealed_for).collect(),
        sealed_for,
    })
}

fn unwritable() -> StoreError {
    StoreError::Unavailable { code: "json".to_owned() }
}

/// Whose data is to be sealed.
fn subjects(drafts: &[Draft]) -> Vec<SubjectId> {
    let parts = drafts.iter().flat_map(|draft| &draft.parts.sealed);
    let present = parts.filter(|part| matches!(part.content, Content::Present(_)));
    let mut subjects = Vec::new();
    for part in present {
        if !subjects.contains(&part.subject) {
            subjects.push(part.subject);
        }
    }
    subjects
}

fn prepare_draft(
    draft: Draft,
    persons: &crate::sealing::Persons,
    sealing: &Sealing,
) -> Result<PreparedDraft, CommitError> {
    let clear = serde_json::to_string(&draft.parts.clear).map_err(|_| unwritable())?;
    let sealed = persons.seal(&draft.at, draft.schema, &draft.parts.sealed)?;
    let mut keys = Vec::with_capacity(draft.keys.len() + 1);
    let mut unique = Vec::new();
    for key in draft.keys {
        let value = key_value(key.name, &key.value, sealing)?;
        if key.unique {
            unique.push((key.name, value.clone()));
        }
        keys.push(key_row(&key, value));
    }
    for part in &draft.parts.sealed {
        keys.push(KeyRow {
            name: SUBJECT_KEY.into(),
            value: subject_value(part.subject),
            sort: 0,
            only_one: false,
        });
    }
    keys.sort_unstable();
    keys.dedup_by(|a, b| a.place() == b.place());
    Ok(PreparedDraft {
        at: draft.at,
        expect: draft.expect,
        schema: draft.schema,
        clear,
        sealed,
        keys,
        unique,
    })
}

fn key_row(key: &Key, value: Vec<u8>) -> KeyRow {
    KeyRow { name: key.name.into(), value, sort: key.sort, only_one: key.unique }
}

/// The stored value of a key: a blind value leaves only its token.
pub fn key_value(
    name: &'static str,
    value: &KeyValue,
    sealing: &Sealing,
) -> Result<Vec<u8>, StoreError> {
    let (tag, bytes) = match value {
        KeyValue::Clear(text) => (CLEAR, text.as_bytes().to_vec()),
        KeyValue::Blind(value) => (BLIND, sealing.blind(name, value)?.to_vec()),
    };
    let mut out = Vec::with_capacity(1 + bytes.len());
    out.push(tag);
    out.extend(bytes);
    Ok(out)
}

/// The stored value of the key by subject.
pub fn subject_value(subject: SubjectId) -> Vec<u8> {
    let mut out = vec![CLEAR];
    out.extend_from_slice(subject.as_bytes());
    out
}
