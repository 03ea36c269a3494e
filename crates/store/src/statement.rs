//! A statement: one text for both databases, with what goes in and what comes out.

use std::sync::OnceLock;

use crate::cell::Type;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Pg,
}

/// Arguments of a statement.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// Values, `$1`, `$2` …
    Values(
        #[cfg_attr(not(test), expect(dead_code, reason = "for the test that prepares"))]
        &'static [Type],
    ),
    /// Any number of rows in one go: `{rows}` in the text is a table with these columns.
    Rows(&'static [(&'static str, Type)]),
}

/// A statement of the catalogue. `{lock}` in the text is `FOR UPDATE` where the database has it; `{xid}` the transaction's number.
#[derive(Debug)]
pub struct Statement {
    text: &'static str,
    /// What goes in.
    pub takes: Takes,
    /// The columns that come out.
    pub gives: &'static [Type],
    expanded: [OnceLock<String>; 2],
}

impl Statement {
    /// A statement with values.
    pub const fn values(
        text: &'static str,
        takes: &'static [Type],
        gives: &'static [Type],
    ) -> Self {
        Self::new(text, Takes::Values(takes), gives)
    }

    /// A statement over rows.
    pub const fn rows(
        text: &'static str,
        takes: &'static [(&'static str, Type)],
        gives: &'static [Type],
    ) -> Self {
        Self::new(text, Takes::Rows(takes), gives)
    }

    const fn new(text: &'static str, takes: Takes, gives: &'static [Type]) -> Self {
        Self { text, takes, gives, expanded: [const { OnceLock::new() }; 2] }
    }

    /// The text for a database.
    pub fn text(&'static self, dialect: Dialect) -> &'static str {
        let [sqlite, pg] = &self.expanded;
        match dialect {
            Dialect::Sqlite => sqlite.get_or_init(|| self.expand(dialect)),
            Dialect::Pg => pg.get_or_init(|| self.expand(dialect)),
        }
    }

    fn expand(&self, dialect: Dialect) -> String {
        let (lock, xid) = match dialect {
            Dialect::Sqlite => ("", "''"),
            Dialect::Pg => ("FOR UPDATE", "pg_current_xact_id()::text"),
        };
        let text = self.text.replace("{lock}", lock).replace("{xid}", xid);
        match self.takes {
            Takes::Rows(columns) => text.replace("{rows}", &rows_table(dialect, columns)),
            Takes::Values(_) => text,
        }
    }
}

/// Rows as a table expression: an array a column in PostgreSQL, one JSON text in SQLite.
fn rows_table(dialect: Dialect, columns: &[(&str, Type)]) -> String {
    let each = columns.iter().enumerate();
    match dialect {
        Dialect::Pg => {
            let arrays: Vec<_> =
                each.map(|(i, (_, kind))| format!("${}::{}[]", i + 1, pg_type(*kind))).collect();
            let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
            format!("(SELECT * FROM UNNEST({}) AS t ({}))", arrays.join(", "), names.join(", "))
        }
        Dialect::Sqlite => {
            let members: Vec<_> = each
                .map(|(i, (name, kind))| match kind {
                    Type::Int | Type::Text => format!("value ->> {i} AS {name}"),
                    Type::Bytes | Type::Id => format!("unhex(value ->> {i}) AS {name}"),
                })
                .collect();
            format!("(SELECT {} FROM json_each($1))", members.join(", "))
        }
    }
}

const fn pg_type(kind: Type) -> &'static str {
    match kind {
        Type::Int => "bigint",
        Type::Text => "text",
        Type::Bytes => "bytea",
        Type::Id => "uuid",
    }
}
