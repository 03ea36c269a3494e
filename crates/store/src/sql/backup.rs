//! Whole tables, row by row, for backup and restore. The order of columns is the form of a backup.

use crate::{
    cell::Type::{self, Bytes, Id, Int, Text},
    statement::Statement,
};

/// A table as a backup holds it.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [Type],
    /// Reads all rows, in order of the primary key.
    pub dump: &'static Statement,
    /// Writes rows.
    pub load: &'static Statement,
}

macro_rules! tables {
    ($($table:ident by $order:literal: $first:ident $first_type:ident $(, $rest:ident $rest_type:ident)*;)*) => {
        /// All tables but the head, in the order in which they are restored.
        pub static TABLES: &[Table] = &[$({
            const COLUMNS: &[Type] = &[$first_type $(, $rest_type)*];
            static DUMP: Statement = Statement::values(
                concat!("SELECT ", stringify!($first) $(, ", ", stringify!($rest))*,
                    " FROM ", stringify!($table), " ORDER BY ", $order),
                &[],
                COLUMNS,
            );
            static LOAD: Statement = Statement::rows(
                concat!("INSERT INTO ", stringify!($table), " (", stringify!($first) $(, ", ", stringify!($rest))*,
                    ") SELECT ", stringify!($first) $(, ", ", stringify!($rest))*, " FROM {rows} r"),
                &[(stringify!($first), $first_type) $(, (stringify!($rest), $rest_type))*],
                &[],
            );
            Table { name: stringify!($table), columns: COLUMNS, dump: &DUMP, load: &LOAD }
        }),*];
    };
}

tables! {
    tombstone by "seq": seq Int, subject Id, at Int;
    person_key by "subject": subject Id, wrapped Bytes, master Int;
    document by "kind, id": kind Text, id Id, version Int, schema Int, created_at Int, updated_at Int, clear Text, sealed Bytes;
    document_key by "name, value, kind, sort, id": name Text, value Bytes, kind Text, sort Int, id Id, only_one Int;
    event by "global_seq": global_seq Int, id Id, kind Text, at Int, subject_kind Text, subject Text, version Int, seq Int, audience Text, on_board Int, data Text;
    account by "name, currency": name Text, currency Text, balance Int, may_be_negative Int;
    posting_set by "subject, cause": subject Text, cause Text, currency Text, at Int;
    posting by "seq": seq Int, at Int, account Text, currency Text, amount Int, balance_after Int, subject Text, cause Text;
    audit by "seq": seq Int, at Int, body Text, previous Bytes, hash Bytes;
    audit_subject by "subject, seq": subject Id, seq Int;
    answer by "scope": scope Bytes, fingerprint Bytes, outcome Text, keep_until Int;
    tally by "name": name Text, persons Int, plain Int, sensitive Int;
    tally_member by "tally, token": tally Text, token Bytes, ways Int;
    lease by "name": name Text, holder Id, held_until Int, fence Int;
}
