//! A made-up ride platform with all sixteen facts of the decision of 21 July 2022 in it, and its clean twin: what a review is tried on.
//!
//! The twin does the same business and does it right: it holds drivers' identity numbers and faces (encrypted, with consent), positions
//! (inside of trips), device numbers (declared, with a purpose). So a review that shouts at everything fails on it.

mod outside;
mod rows;
mod sqlite;

use std::{io, path::Path};

use crate::world::Dice;

pub use rows::{Table, Value};

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The same seed gives the same platform.
    pub seed: u64,
    /// Passengers; a tenth as many drivers.
    pub passengers: u32,
    /// With the sixteen facts; otherwise the clean twin.
    pub planted: bool,
}

/// A platform: its tables, and what lies outside of the database.
#[derive(Debug)]
pub struct Platform {
    /// As it was asked for.
    pub plan: Plan,
    /// What its database holds.
    pub tables: Vec<Table>,
    files: Vec<(String, Vec<u8>)>,
}

/// Facts besides the sixteen that are planted too, by the law's words: a review must find these and nothing else.
pub const BESIDES: &[&str] = &[
    "access_uncontrolled",
    "access_unlogged",
    "app.host_undeclared",
    "app.sends_abroad",
    "app.sends_before_consent",
    "listed_without_review",
    "log_has_pi",
    // Its traffic goes to others, and its policy names none.
    "method.2.1",
    "permission.media",
    "permission.phone_state",
    "permission.query_packages",
    "policy_item_missing",
    "retention_over",
    "ride_data_abroad",
    "sensitive_plaintext",
    "transfer_without_consent",
    "transfer_without_mechanism",
];

/// Makes a platform.
pub fn platform(plan: Plan) -> Platform {
    let mut dice = Dice::new(plan.seed);
    let tables = rows::tables(&mut dice, plan);
    let files = outside::files(&mut dice, plan);
    Platform { plan, tables, files }
}

impl Platform {
    /// Writes it into a folder, `subject.toml` included.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub async fn write(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder.join("data"))?;
        sqlite::write(&folder.join("data/platform.db"), &self.tables).await?;
        for (name, content) in &self.files {
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, content)?;
        }
        std::fs::write(folder.join("subject.toml"), self.subject("path = \"data\""))
    }

    /// The database as statements that SQLite, PostgreSQL and MySQL all take.
    pub fn dump(&self) -> String {
        self.tables.iter().map(Table::statements).collect()
    }

    /// The subject file; `data` says where the database lies.
    pub fn subject(&self, data: &str) -> String {
        outside::subject(self.plan, data)
    }
}
