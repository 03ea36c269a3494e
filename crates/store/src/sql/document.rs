//! Documents.

use super::statements;
use crate::cell::Type::{Bytes, Id, Int, Text};

statements! {
    /// One document.
    GET = values(
        "SELECT kind, id, version, schema, created_at, updated_at, clear, sealed FROM document \
         WHERE kind = $1 AND id = $2",
        [Text, Id], [Text, Id, Int, Int, Int, Int, Text, Bytes]);
    /// Documents of a kind in order of id, after one.
    SCAN = values(
        "SELECT kind, id, version, schema, created_at, updated_at, clear, sealed FROM document \
         WHERE kind = $1 AND id > $2 ORDER BY id LIMIT $3",
        [Text, Id, Int], [Text, Id, Int, Int, Int, Int, Text, Bytes]);
    /// A page by a key, rising.
    FIND = values(
        "SELECT k.sort, d.kind, d.id, d.version, d.schema, d.created_at, d.updated_at, d.clear, d.sealed \
         FROM document_key k CROSS JOIN document d \
         WHERE k.name = $1 AND k.value = $2 AND k.kind = $3 AND k.sort <= $4 \
         AND k.sort >= $5 AND (k.sort > $5 OR k.id > $6) AND d.kind = k.kind AND d.id = k.id \
         ORDER BY k.sort, k.id LIMIT $7",
        [Text, Bytes, Text, Int, Int, Id, Int], [Int, Text, Id, Int, Int, Int, Int, Text, Bytes]);
    /// A page by a key, falling.
    FIND_DOWN = values(
        "SELECT k.sort, d.kind, d.id, d.version, d.schema, d.created_at, d.updated_at, d.clear, d.sealed \
         FROM document_key k CROSS JOIN document d \
         WHERE k.name = $1 AND k.value = $2 AND k.kind = $3 AND k.sort <= $4 \
         AND k.sort <= $5 AND (k.sort < $5 OR k.id < $6) AND d.kind = k.kind AND d.id = k.id \
         ORDER BY k.sort DESC, k.id DESC LIMIT $7",
        [Text, Bytes, Text, Int, Int, Id, Int], [Int, Text, Id, Int, Int, Int, Int, Text, Bytes]);
    /// How many documents a key has, counted so far.
    COUNT = values(
        "SELECT COUNT(*) FROM (SELECT 1 FROM document_key \
         WHERE name = $1 AND value = $2 AND kind = $3 AND sort <= $4 LIMIT $5) AS counted",
        [Text, Bytes, Text, Int, Int], [Int]);
    /// Documents of any kind that hold a key.
    HOLDING = values(
        "SELECT d.kind, d.id, d.version, d.schema, d.created_at, d.updated_at, d.clear, d.sealed \
         FROM document_key k CROSS JOIN document d \
         WHERE k.name = $1 AND k.value = $2 AND d.kind = k.kind AND d.id = k.id \
         ORDER BY k.kind, k.id",
        [Text, Bytes], [Text, Id, Int, Int, Int, Int, Text, Bytes]);
    /// Versions of many.
    STATE_MANY = rows(
        "SELECT d.kind, d.id, d.version, d.created_at FROM {rows} r CROSS JOIN document d \
         WHERE d.kind = r.kind AND d.id = r.id",
        [("kind", Text), ("id", Id)], [Text, Id, Int, Int]);
    /// Writes many.
    PUT = rows(
        "INSERT INTO document (kind, id, version, schema, created_at, updated_at, clear, sealed) \
         SELECT r.kind, r.id, r.version, r.schema, r.created_at, r.updated_at, r.clear, r.sealed \
         FROM {rows} r WHERE true \
         ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, schema = excluded.schema, \
         updated_at = excluded.updated_at, clear = excluded.clear, sealed = excluded.sealed",
        [("kind", Text), ("id", Id), ("version", Int), ("schema", Int), ("created_at", Int),
         ("updated_at", Int), ("clear", Text), ("sealed", Bytes)], []);
    /// Whether there is any.
    ANY = values("SELECT kind FROM document LIMIT 1", [], [Text]);
    /// Removes many.
    REMOVE = rows(
        "DELETE FROM document WHERE (kind, id) IN (SELECT r.kind, r.id FROM {rows} r)",
        [("kind", Text), ("id", Id)], []);
}
