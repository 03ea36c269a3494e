//! Tallies of distinct persons.

use super::statements;
use crate::cell::Type::{Bytes, Int, Text};

statements! {
    /// The counts of many.
    COUNTS = rows(
        "SELECT t.name, t.persons, t.plain, t.sensitive FROM {rows} r CROSS JOIN tally t WHERE t.name = r.name",
        [("name", Text)], [Text, Int, Int, Int]);
    /// One count.
    COUNT = values(
        "SELECT persons, plain, sensitive FROM tally WHERE name = $1", [Text], [Int, Int, Int]);
    /// Who of these is in it, and how.
    WAYS = rows(
        "SELECT m.tally, m.token, m.ways FROM {rows} r CROSS JOIN tally_member m \
         WHERE m.tally = r.tally AND m.token = r.token",
        [("tally", Text), ("token", Bytes)], [Text, Bytes, Int]);
    /// Writes persons, or their further ways.
    PUT = rows(
        "INSERT INTO tally_member (tally, token, ways) SELECT r.tally, r.token, r.ways FROM {rows} r \
         WHERE true ON CONFLICT (tally, token) DO UPDATE SET ways = excluded.ways",
        [("tally", Text), ("token", Bytes), ("ways", Int)], []);
    /// Writes counts.
    PUT_COUNTS = rows(
        "INSERT INTO tally (name, persons, plain, sensitive) \
         SELECT r.name, r.persons, r.plain, r.sensitive FROM {rows} r WHERE true \
         ON CONFLICT (name) DO UPDATE SET persons = excluded.persons, plain = excluded.plain, \
         sensitive = excluded.sensitive",
        [("name", Text), ("persons", Int), ("plain", Int), ("sensitive", Int)], []);
}
