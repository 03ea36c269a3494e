//! The audit log: every opening of sealed data and every security event, written first, hash-chained, append-only.

use sarai_seal::SubjectId;
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A row to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Who: `pty_…`, `key_…`, `system/<worker>`, `anonymous`.
    pub actor: String,
    /// What was done: `open`, `refuse`, `sign_in`, `approve` …
    pub action: &'static str,
    /// For which purpose; empty where none applies.
    pub purpose: &'static str,
    /// Wire id of the thing concerned.
    pub resource: String,
    /// Relation on which it rests: `driver`, `owner`, `staff` …
    pub relation: String,
    /// Whose data.
    pub subjects: Vec<SubjectId>,
    /// Which fields may be opened with it.
    pub fields: Vec<String>,
    /// Rule that decided.
    pub rule: String,
    /// Whether it was allowed.
    pub allowed: bool,
    /// Case number, for staff.
    pub case: Option<String>,
}

/// A row as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Counts from 1 without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// See [`AuditEntry`].
    pub actor: String,
    /// See [`AuditEntry`].
    pub action: String,
    /// See [`AuditEntry`].
    pub purpose: String,
    /// See [`AuditEntry`].
    pub resource: String,
    /// See [`AuditEntry`].
    pub relation: String,
    /// See [`AuditEntry`].
    pub subjects: Vec<SubjectId>,
    /// See [`AuditEntry`].
    pub fields: Vec<String>,
    /// See [`AuditEntry`].
    pub rule: String,
    /// See [`AuditEntry`].
    pub allowed: bool,
    /// See [`AuditEntry`].
    pub case: Option<String>,
    /// Hash of the row before; zeros before the first.
    pub previous: [u8; 32],
    /// Hash of this row.
    pub hash: [u8; 32],
}

impl AuditRow {
    /// The row that follows `previous` (sequence number and hash) in the chain.
    pub fn link(previous: (i64, [u8; 32]), at: Timestamp, entry: &AuditEntry) -> Self {
        let mut row = Self {
            seq: previous.0 + 1,
            at,
            actor: entry.actor.clone(),
            action: entry.action.to_owned(),
            purpose: entry.purpose.to_owned(),
            resource: entry.resource.clone(),
            relation: entry.relation.clone(),
            subjects: entry.subjects.clone(),
            fields: entry.fields.clone(),
            rule: entry.rule.clone(),
            allowed: entry.allowed,
            case: entry.case.clone(),
            previous: previous.1,
            hash: [0; 32],
        };
        row.hash = row.digest();
        row
    }

    /// The hash that this row must have: BLAKE3 over every other member, each with its length before it.
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_derive_key("sarai 2026 audit row v1");
        let mut part = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        part(&self.seq.to_le_bytes());
        part(&self.at.as_micros().to_le_bytes());
        for text in [&self.actor, &self.action, &self.purpose, &self.resource, &self.relation] {
            part(text.as_bytes());
        }
        part(&(self.subjects.len() as u64).to_le_bytes());
        for subject in &self.subjects {
            part(subject.uuid().as_bytes());
        }
        part(&(self.fields.len() as u64).to_le_bytes());
        for field in &self.fields {
            part(field.as_bytes());
        }
        part(self.rule.as_bytes());
        part(&[u8::from(self.allowed), u8::from(self.case.is_some())]);
        part(self.case.as_deref().unwrap_or_default().as_bytes());
        part(&self.previous);
        *hasher.finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> AuditEntry {
        AuditEntry {
            actor: "pty_a".to_owned(),
            action: "open",
            purpose: "deliver",
            resource: "ord_b".to_owned(),
            relation: "driver".to_owned(),
            subjects: Vec::new(),
            fields: vec!["party.phone".to_owned()],
            rule: "house/deliver".to_owned(),
            allowed: true,
            case: None,
        }
    }

    #[test]
    fn every_member_is_under_the_hash() {
        let row = AuditRow::link((0, [0; 32]), Timestamp::from_micros(5), &entry());
        assert_eq!(row.seq, 1);
        assert_eq!(row.digest(), row.hash);
        let changed = [
            AuditRow { seq: 2, ..row.clone() },
            AuditRow { at: Timestamp::from_micros(6), ..row.clone() },
            AuditRow { actor: "pty_c".to_owned(), ..row.clone() },
            AuditRow { fields: vec![], ..row.clone() },
            AuditRow { allowed: false, ..row.clone() },
            AuditRow { case: Some(String::new()), ..row.clone() },
            AuditRow { previous: [1; 32], ..row.clone() },
            // The border between two texts is under the hash as well.
            AuditRow { actor: "pty_aopen".to_owned(), action: String::new(), ..row.clone() },
        ];
        for row in changed {
            assert_ne!(row.digest(), row.hash);
        }
    }
}
