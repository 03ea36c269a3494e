//! The audit log. Rows are inserted and read, nothing else.

use super::statements;
use crate::cell::Type::{Bytes, Id, Int, Text};

statements! {
    /// Appends rows.
    INSERT = rows(
        "INSERT INTO audit (seq, at, body, previous, hash) \
         SELECT r.seq, r.at, r.body, r.previous, r.hash FROM {rows} r",
        [("seq", Int), ("at", Int), ("body", Text), ("previous", Bytes), ("hash", Bytes)], []);
    /// Notes whose data rows are about.
    INSERT_SUBJECTS = rows(
        "INSERT INTO audit_subject (subject, seq) SELECT r.subject, r.seq FROM {rows} r",
        [("subject", Id), ("seq", Int)], []);
    /// Rows in order, after a place.
    AFTER = values(
        "SELECT seq, at, body, previous, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
        [Int, Int], [Int, Int, Text, Bytes, Bytes]);
    /// Rows about a subject, newest first, before a place.
    OF = values(
        "SELECT a.seq, a.at, a.body, a.previous, a.hash FROM audit_subject s \
         CROSS JOIN audit a WHERE a.seq = s.seq AND s.subject = $1 AND s.seq < $2 \
         ORDER BY s.seq DESC LIMIT $3",
        [Id, Int, Int], [Int, Int, Text, Bytes, Bytes]);
}
