//! Recorded events.

use super::statements;
use crate::cell::Type::{Id, Int, Text};

statements! {
    /// Records events.
    INSERT = rows(
        "INSERT INTO event (global_seq, id, kind, at, subject_kind, subject, version, seq, audience, on_board, data) \
         SELECT r.global_seq, r.id, r.kind, r.at, r.subject_kind, r.subject, r.version, r.seq, r.audience, \
         r.on_board, r.data FROM {rows} r",
        [("global_seq", Int), ("id", Id), ("kind", Text), ("at", Int), ("subject_kind", Text),
         ("subject", Text), ("version", Int), ("seq", Int), ("audience", Text), ("on_board", Int),
         ("data", Text)], []);
    /// Events after a place.
    AFTER = values(
        "SELECT global_seq, id, kind, at, subject_kind, subject, version, seq, audience, on_board, data \
         FROM event WHERE global_seq > $1 ORDER BY global_seq LIMIT $2",
        [Int, Int], [Int, Id, Text, Int, Text, Text, Int, Int, Text, Int, Text]);
    /// Events of a subject.
    OF = values(
        "SELECT global_seq, id, kind, at, subject_kind, subject, version, seq, audience, on_board, data \
         FROM event WHERE subject = $1 ORDER BY seq LIMIT $2",
        [Text, Int], [Int, Id, Text, Int, Text, Text, Int, Int, Text, Int, Text]);
    /// The last place of many subjects.
    LAST_OF = rows(
        "SELECT r.subject, e.seq FROM {rows} r CROSS JOIN event e WHERE e.subject = r.subject \
         AND e.seq = (SELECT max(m.seq) FROM event m WHERE m.subject = r.subject)",
        [("subject", Text)], [Text, Int]);
}
