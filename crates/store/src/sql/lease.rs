//! Leases with fencing numbers.

use super::statements;
use crate::cell::Type::{Id, Int, Text};

statements! {
    /// Takes or renews: nothing comes back while somebody else holds it. A new holder gets a new number.
    TAKE = values(
        "INSERT INTO lease (name, holder, held_until, fence) VALUES ($1, $2, $4, 1) \
         ON CONFLICT (name) DO UPDATE SET \
         fence = CASE WHEN lease.holder = excluded.holder AND lease.held_until > $3 \
         THEN lease.fence ELSE lease.fence + 1 END, \
         holder = excluded.holder, held_until = excluded.held_until \
         WHERE lease.holder = excluded.holder OR lease.held_until <= $3 RETURNING fence",
        [Text, Id, Int, Int], [Int]);
    /// The numbers of many.
    FENCES = rows(
        "SELECT l.name, l.fence FROM {rows} r CROSS JOIN lease l WHERE l.name = r.name",
        [("name", Text)], [Text, Int]);
}
