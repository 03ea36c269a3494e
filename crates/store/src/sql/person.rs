//! Person keys, wrapped, and the tombstones of those who were erased.

use super::statements;
use crate::cell::Type::{Bytes, Id, Int};

statements! {
    /// The keys of many.
    GET_MANY = rows(
        "SELECT p.subject, p.wrapped FROM {rows} r CROSS JOIN person_key p WHERE p.subject = r.subject",
        [("subject", Id)], [Id, Bytes]);
    /// Keeps keys. One that is there stays.
    INSERT = rows(
        "INSERT INTO person_key (subject, wrapped, master) \
         SELECT r.subject, r.wrapped, r.master FROM {rows} r \
         WHERE r.subject NOT IN (SELECT t.subject FROM tombstone t WHERE t.subject = r.subject) \
         ON CONFLICT (subject) DO NOTHING",
        [("subject", Id), ("wrapped", Bytes), ("master", Int)], []);
    /// Drops keys.
    REMOVE = rows(
        "DELETE FROM person_key WHERE subject IN (SELECT r.subject FROM {rows} r)",
        [("subject", Id)], []);
    /// Keys wrapped under another master version.
    OTHER_MASTER = values(
        "SELECT subject, wrapped FROM person_key WHERE master <> $1 ORDER BY subject LIMIT $2",
        [Int, Int], [Id, Bytes]);
    /// Subjects that have a key, in order, after one.
    SUBJECTS = values(
        "SELECT subject FROM person_key WHERE subject > $1 ORDER BY subject LIMIT $2",
        [Id, Int], [Id]);
    /// How many keys are wrapped under another master version.
    OTHER_MASTER_COUNT = values(
        "SELECT count(*) FROM person_key WHERE master <> $1",
        [Int], [Int]);
    /// Replaces wrapped keys that are still there.
    REWRAP = values(
        "UPDATE person_key SET wrapped = $2, master = $3 WHERE subject = $1",
        [Id, Bytes, Int], []);
    /// Which of these were erased.
    ERASED = rows(
        "SELECT t.subject FROM {rows} r CROSS JOIN tombstone t WHERE t.subject = r.subject",
        [("subject", Id)], [Id]);
    /// Notes an erasure.
    BURY = rows(
        "INSERT INTO tombstone (seq, subject, at) SELECT r.seq, r.subject, r.at FROM {rows} r",
        [("seq", Int), ("subject", Id), ("at", Int)], []);
    /// Erasures after a place.
    ERASED_AFTER = values(
        "SELECT seq, subject, at FROM tombstone WHERE seq > $1 ORDER BY seq LIMIT $2",
        [Int, Int], [Int, Id, Int]);
}
