//! Where a store is.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use sqlx::postgres::PgConnectOptions;

use super::OpenError;

/// Name of the database in its directory.
const FILE: &str = "sarai.db";

/// Where a store is.
#[derive(Debug, Clone)]
pub enum Place {
    /// An SQLite database in this directory.
    Directory(PathBuf),
    /// A PostgreSQL database.
    Postgres(Box<PgConnectOptions>),
}

impl Place {
    /// From `postgres://…` or a directory, which is made if it is not there.
    pub fn of(address: &str) -> Result<Self, OpenError> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let options = address.parse().map_err(|_| OpenError::Address)?;
            return Ok(Self::Postgres(Box::new(options)));
        }
        if address.is_empty() || address.contains("://") {
            return Err(OpenError::Address);
        }
        private_directory(Path::new(address))?;
        Ok(Self::Directory(Path::new(address).join(FILE)))
    }
}

fn private_directory(path: &Path) -> Result<(), OpenError> {
    if !path.exists() {
        let mut make = fs::DirBuilder::new();
        make.recursive(true).mode(0o700).create(path).map_err(OpenError::Directory)?;
    }
    let mode = fs::metadata(path).map_err(OpenError::Directory)?.permissions().mode() & 0o777;
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(OpenError::Loose { mode }),
    }
}
