//! Keys under which documents are found. A value's first byte says whether it is clear or a blind token.

use super::statements;
use crate::cell::Type::{Bytes, Id, Int, Text};

statements! {
    /// The keys of many documents.
    OF_MANY = rows(
        "SELECT k.kind, k.id, k.name, k.value, k.sort, k.only_one FROM {rows} r \
         CROSS JOIN document_key k WHERE k.kind = r.kind AND k.id = r.id",
        [("kind", Text), ("id", Id)], [Text, Id, Text, Bytes, Int, Int]);
    /// Who holds unique keys.
    HOLDERS = rows(
        "SELECT k.name, k.value, k.kind, k.id FROM {rows} r CROSS JOIN document_key k \
         WHERE k.name = r.name AND k.value = r.value AND k.only_one = 1",
        [("name", Text), ("value", Bytes)], [Text, Bytes, Text, Id]);
    /// Adds keys.
    INSERT = rows(
        "INSERT INTO document_key (name, value, kind, sort, id, only_one) \
         SELECT r.name, r.value, r.kind, r.sort, r.id, r.only_one FROM {rows} r",
        [("name", Text), ("value", Bytes), ("kind", Text), ("sort", Int), ("id", Id),
         ("only_one", Int)], []);
    /// Drops keys.
    REMOVE = rows(
        "DELETE FROM document_key WHERE (name, value, kind, sort, id) IN \
         (SELECT r.name, r.value, r.kind, r.sort, r.id FROM {rows} r)",
        [("name", Text), ("value", Bytes), ("kind", Text), ("sort", Int), ("id", Id)], []);
    /// Blind keys (first byte 1) of all documents that hold a key.
    BLIND_OF = values(
        "SELECT b.name, b.value, b.kind, b.sort, b.id FROM document_key k \
         CROSS JOIN document_key b WHERE k.name = $1 AND k.value = $2 \
         AND b.kind = k.kind AND b.id = k.id AND substr(b.value, 1, 1) = $3",
        [Text, Bytes, Bytes], [Text, Bytes, Text, Int, Id]);
}
