//! Answers kept under idempotency keys.

use super::statements;
use crate::cell::Type::{Bytes, Int, Text};

statements! {
    /// One answer.
    GET = values(
        "SELECT fingerprint, outcome FROM answer WHERE scope = $1",
        [Bytes], [Bytes, Text]);
    /// The answers of many scopes.
    GET_MANY = rows(
        "SELECT a.scope, a.fingerprint, a.outcome, a.keep_until FROM {rows} r CROSS JOIN answer a \
         WHERE a.scope = r.scope",
        [("scope", Bytes)], [Bytes, Bytes, Text, Int]);
    /// Keeps answers. One past its time is written over.
    PUT = rows(
        "INSERT INTO answer (scope, fingerprint, outcome, keep_until) \
         SELECT r.scope, r.fingerprint, r.outcome, r.keep_until FROM {rows} r WHERE true \
         ON CONFLICT (scope) DO UPDATE SET fingerprint = excluded.fingerprint, \
         outcome = excluded.outcome, keep_until = excluded.keep_until",
        [("scope", Bytes), ("fingerprint", Bytes), ("outcome", Text), ("keep_until", Int)], []);
    /// Drops what is past its time.
    SWEEP = values(
        "DELETE FROM answer WHERE scope IN (SELECT scope FROM answer WHERE keep_until <= $1 \
         ORDER BY keep_until LIMIT $2) RETURNING keep_until",
        [Int, Int], [Int]);
}
