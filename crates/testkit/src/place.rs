//! Stores in temporary places.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop and say where")]

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use sarai_kernel::event::EventSink;
use sarai_seal::rest::{KeyVersion, Keyring, MasterKey, MemoryMaster, Secret32};
use sarai_store::{SqlStore, StoreOptions};
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use uuid::Uuid;

use crate::pg::Cluster;

/// A directory that goes when this goes.
#[derive(Debug)]
pub struct TempDir(PathBuf);

impl TempDir {
    /// A new private directory; `what` is part of its name.
    pub fn new(what: &str) -> Self {
        use std::os::unix::fs::DirBuilderExt;
        let name = format!("sarai-{what}-{}", Uuid::new_v4().simple());
        let path = std::env::temp_dir().join(name);
        std::fs::DirBuilder::new().mode(0o700).create(&path).expect("a temporary directory");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // What cannot be removed is left to the system.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// SQLite in a temporary directory.
    Sqlite,
    /// PostgreSQL: a database of its own in the cluster that the process shares.
    Pg,
}

/// A home for one test's store: a place of its own, and a master key that stays the same over restarts.
pub struct Home {
    backend: Backend,
    address: String,
    directory: TempDir,
    master: Arc<dyn MasterKey>,
}

impl Home {
    /// A new, empty home.
    pub async fn new(backend: Backend) -> Self {
        let directory = TempDir::new("store");
        let address = match backend {
            Backend::Sqlite => directory.path().join("data").display().to_string(),
            Backend::Pg => Cluster::shared().database().await,
        };
        let secret = Secret32::from_bytes([7; 32]);
        let master = Arc::new(MemoryMaster::new(KeyVersion::FIRST, secret));
        Self { backend, address, directory, master }
    }

    /// The store's address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A directory for the test's files; an SQLite store is in `data` below it.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// A keyring as a fresh process has it.
    pub fn keyring(&self) -> Arc<Keyring> {
        Arc::new(Keyring::new(Arc::clone(&self.master)))
    }

    /// Opens the store, as a process that starts.
    pub async fn open(&self) -> SqlStore {
        self.open_with(None).await
    }

    /// Opens the store with somebody who takes its events.
    pub async fn open_with(&self, sink: Option<Arc<dyn EventSink>>) -> SqlStore {
        let options = StoreOptions { sink };
        SqlStore::open(&self.address, self.keyring(), options).await.expect("the store opens")
    }
}

const COPY: &str =
    "UPDATE document SET sealed = (SELECT sealed FROM document WHERE id = $1) WHERE id = $2";

impl Home {
    /// The directories in which the database keeps its bytes, with everything flushed to them.
    pub async fn disk(&self) -> Vec<PathBuf> {
        match self.backend {
            Backend::Sqlite => vec![PathBuf::from(&self.address)],
            Backend::Pg => {
                let mut conn = PgConnection::connect(&self.address).await.expect("connects");
                sqlx::raw_sql("CHECKPOINT").execute(&mut conn).await.expect("flushes");
                let data = Cluster::shared().directory().join("data");
                vec![data.join("base"), data.join("pg_wal")]
            }
        }
    }

    /// Puts one document's sealed parts into another, behind the store's back.
    pub async fn copy_sealed(&self, from: Uuid, to: Uuid) {
        match self.backend {
            Backend::Sqlite => {
                let path = Path::new(&self.address).join("sarai.db");
                let options = SqliteConnectOptions::new().filename(path);
                let mut conn = SqliteConnection::connect_with(&options).await.expect("connects");
                sqlx::query(COPY).bind(from).bind(to).execute(&mut conn).await.expect("copies");
            }
            Backend::Pg => {
                let mut conn = PgConnection::connect(&self.address).await.expect("connects");
                sqlx::query(COPY).bind(from).bind(to).execute(&mut conn).await.expect("copies");
            }
        }
    }
}
