//! Checkpoints: every so often the head of the chain is signed, so that not even its keeper can write it anew.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sarai_kernel::{
    CommitError, Decision, Draft, Key, Query, Store, StoreError, StoreExt, Timestamp,
    audit::AuditRow, time::SECOND,
};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Outside;

/// Most rows between two checkpoints.
pub const CHECKPOINT_ROWS_MAX: u32 = 1_000;
/// Longest time that a row waits for its checkpoint.
pub const CHECKPOINT_MICROS_MAX: i64 = 60 * SECOND;

/// What is signed comes after this word, so that the signature is good for nothing else.
const DOMAIN: &[u8] = b"sarai-audit-checkpoint-v1";

/// The head of the chain at a row, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Record)]
#[record(kind = "audit_checkpoint", schema = 1)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The row.
    pub seq: i64,
    /// Its hash, base64url.
    pub hash: String,
    /// When it was signed.
    pub at: Timestamp,
    /// Public key of the signer, base64url.
    pub key: String,
    /// Ed25519 signature over the above, base64url.
    pub signature: String,
}

fn message(seq: i64, hash: &[u8; 32], at: Timestamp) -> Vec<u8> {
    let mut message = DOMAIN.to_vec();
    message.extend(seq.to_le_bytes());
    message.extend(hash);
    message.extend(at.as_micros().to_le_bytes());
    message
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

impl Checkpoint {
    /// The hash, if it is one.
    pub fn hash(&self) -> Option<[u8; 32]> {
        bytes(&self.hash)
    }

    /// Whether it is signed by one of these keys (base64url).
    pub fn is_signed_by(&self, keys: &[String]) -> bool {
        let check = || {
            let key = VerifyingKey::from_bytes(&bytes(&self.key)?).ok()?;
            let signature = Signature::from_bytes(&bytes(&self.signature)?);
            // The moment is signed with microseconds, and written with milliseconds: `at` is cut when it is made.
            let message = message(self.seq, &self.hash()?, self.at);
            key.verify_strict(&message, &signature).ok()
        };
        keys.contains(&self.key) && check().is_some()
    }

    fn draft(&self) -> Result<Draft, StoreError> {
        let id = Uuid::from_u128(u128::try_from(self.seq).unwrap_or(0));
        let keys = vec![Key::new("audit.checkpoint", "1", self.seq)];
        Ok(Draft::create(id, self, keys)?)
    }
}

/// The key that signs checkpoints.
pub struct CheckpointKey(SigningKey);

impl std::fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<checkpoint key {}>", self.public())
    }
}

impl CheckpointKey {
    /// From thirty-two secret bytes.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// Its public half, base64url: what a verifier is given.
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.verifying_key().as_bytes())
    }

    /// Signs the head of a chain.
    pub fn sign(&self, seq: i64, hash: &[u8; 32], now: Timestamp) -> Checkpoint {
        // On the wire moments have three decimals; what is signed must survive it.
        let at = Timestamp::from_micros(now.as_micros().div_euclid(1_000) * 1_000);
        let signature = self.0.sign(&message(seq, hash, at));
        Checkpoint {
            seq,
            hash: URL_SAFE_NO_PAD.encode(hash),
            at,
            key: self.public(),
            signature: URL_SAFE_NO_PAD.encode(signature.to_bytes()),
        }
    }
}

/// Why no checkpoint was made.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The chain does not hold at this row: nothing is signed until somebody has looked.
    #[error("the audit chain does not hold at row {seq}")]
    Broken {
        /// The first row that does not follow the one before.
        seq: i64,
    },
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store did not take the checkpoint.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The copy outside could not be written.
    #[error("the checkpoint file cannot be written: {0}")]
    Outside(#[from] std::io::Error),
}

/// Makes checkpoints as they fall due.
pub struct Checkpoints {
    store: Arc<dyn Store>,
    key: CheckpointKey,
    outside: Option<Arc<dyn Outside>>,
}

impl Checkpoints {
    /// Signs the log of `store` with `key`, with a copy `outside`.
    pub fn new(
        store: Arc<dyn Store>,
        key: CheckpointKey,
        outside: Option<Arc<dyn Outside>>,
    ) -> Self {
        Self { store, key, outside }
    }

    /// The last checkpoint in the store.
    pub async fn last(&self) -> Result<Option<Checkpoint>, StoreError> {
        let query = Query::by(Checkpoint::KIND, "audit.checkpoint", "1").newest_first();
        Ok(self.store.first::<Checkpoint>(query).await?.map(|found| found.record))
    }

    /// Signs what is due: full spans of rows, and a part of one whose first row has waited long enough. To be called by one worker
    /// under a lease, every few seconds; answers how many it made.
    pub async fn run_due(&self, now: Timestamp) -> Result<usize, SignError> {
        self.run(now, CHECKPOINT_MICROS_MAX).await
    }

    /// Signs the head at once: at shutdown, before a backup.
    pub async fn run_now(&self, now: Timestamp) -> Result<usize, SignError> {
        self.run(now, 0).await
    }

    async fn run(&self, now: Timestamp, wait_micros: i64) -> Result<usize, SignError> {
        let last = self.last().await?;
        let mut head = last.and_then(|last| Some((last.seq, last.hash()?))).unwrap_or((0, [0; 32]));
        let mut made = 0;
        loop {
            let rows = self.store.audit_after(head.0, CHECKPOINT_ROWS_MAX).await?;
            let Some(first) = rows.first() else { return Ok(made) };
            let full = rows.len() >= CHECKPOINT_ROWS_MAX as usize;
            if !full && now.since(first.at) < wait_micros {
                return Ok(made);
            }
            head = follow(head, &rows)?;
            self.write(self.key.sign(head.0, &head.1, now), now).await?;
            made += 1;
        }
    }

    /// First outside, then into the store: what the store has, the file has as well.
    async fn write(&self, checkpoint: Checkpoint, now: Timestamp) -> Result<(), SignError> {
        if let Some(outside) = &self.outside {
            outside.append(&checkpoint)?;
        }
        let decision = Decision::new("gate.checkpoint", now).write(checkpoint.draft()?);
        self.store.commit(decision).await?;
        Ok(())
    }
}

/// The head after these rows, each of which must follow the one before.
fn follow(head: (i64, [u8; 32]), rows: &[AuditRow]) -> Result<(i64, [u8; 32]), SignError> {
    rows.iter().try_fold(head, |head, row| {
        let follows = row.seq == head.0 + 1 && row.previous == head.1 && row.digest() == row.hash;
        if follows { Ok((row.seq, row.hash)) } else { Err(SignError::Broken { seq: row.seq }) }
    })
}
