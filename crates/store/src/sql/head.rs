//! The head row: the last places given. Whoever holds its lock is the one writer.

use super::statements;
use crate::cell::Type::{Bytes, Int, Text};

statements! {
    /// Takes the lock.
    LOCK = values(
        "SELECT event_seq, audit_seq, audit_hash, posting_seq, tombstone_seq, {xid} FROM head \
         WHERE one = 1 {lock}",
        [], [Int, Int, Bytes, Int, Int, Text]);
    /// Reads it without the lock.
    GET = values(
        "SELECT event_seq, audit_seq, audit_hash, posting_seq, tombstone_seq FROM head WHERE one = 1",
        [], [Int, Int, Bytes, Int, Int]);
    /// The last event's place and the last tombstone's.
    LAST = values("SELECT event_seq, tombstone_seq FROM head WHERE one = 1", [], [Int, Int]);
    /// Notes the places given.
    SET = values(
        "UPDATE head SET event_seq = $1, audit_seq = $2, audit_hash = $3, posting_seq = $4, \
         tombstone_seq = $5 WHERE one = 1",
        [Int, Int, Bytes, Int, Int], []);
}
