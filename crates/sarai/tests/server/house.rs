//! A house on this machine: its directory, its store, and the server's process.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    os::unix::fs::DirBuilderExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use sarai_seal::rest::{FileMaster, Keyring};
use sarai_store::{SqlStore, StoreOptions};
use sarai_testkit::{pg::Cluster, place::TempDir, server::Client};

/// Where everything of one house is.
pub struct House {
    directory: TempDir,
    cluster: Option<(Cluster, String)>,
}

impl House {
    /// A house with the embedded store.
    pub fn on_sqlite() -> Self {
        Self { directory: TempDir::new("killed"), cluster: None }.furnished()
    }

    /// A house over a PostgreSQL of its own, which waits for the disk.
    pub async fn on_postgresql() -> Self {
        let cluster = Cluster::start(true);
        let address = cluster.database().await;
        Self { directory: TempDir::new("killed"), cluster: Some((cluster, address)) }.furnished()
    }

    fn furnished(self) -> Self {
        for folder in ["data", "data/keys", "data/store"] {
            let path = self.path(folder);
            fs::DirBuilder::new().mode(0o700).create(path).expect("a fresh directory");
        }
        self.configure("");
        self
    }

    /// Adds to the configuration.
    pub fn configure(&self, more: &str) {
        let text = format!("webhooks_to_loopback = true\n{more}");
        fs::write(self.path("sarai.toml"), text).expect("own file");
    }

    /// What the binary says to a command that needs no server.
    pub fn says(&self, words: &[&str]) -> String {
        let out = self.command(words).output().expect("the binary starts");
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(out.status.success(), "{words:?}: {}", String::from_utf8_lossy(&out.stderr));
        said
    }

    /// Where the database keeps its bytes, with everything flushed to them.
    pub async fn disk(&self) -> Vec<PathBuf> {
        match &self.cluster {
            None => vec![self.path("data")],
            Some((cluster, address)) => {
                Cluster::flush(address).await;
                let data = cluster.directory().join("data");
                vec![self.path("data"), data.join("base"), data.join("pg_wal")]
            }
        }
    }

    /// A file or directory of the house.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sarai"));
        command.args(words).arg("--data").arg(self.path("data"));
        command.arg("--config").arg(self.path("sarai.toml"));
        if let Some((_, address)) = &self.cluster {
            command.arg("--store").arg(address);
        }
        command
    }

    /// The keys as any process of this house has them.
    pub fn keyring(&self) -> Arc<Keyring> {
        let master = FileMaster::open_or_create(self.path("data/keys/master.key"));
        Arc::new(Keyring::new(Arc::new(master.expect("own key file"))))
    }

    /// Opens the store while no server runs.
    pub async fn store(&self) -> SqlStore {
        let address = match &self.cluster {
            Some((_, address)) => address.clone(),
            None => self.path("data/store").display().to_string(),
        };
        let opened = SqlStore::open(&address, self.keyring(), StoreOptions::default()).await;
        opened.expect("the store opens")
    }

    /// Waits until what the killed server had sent to its database is done or gone.
    pub async fn quiet(&self) {
        if let Some((_, address)) = &self.cluster {
            Cluster::quiet(address).await;
        }
    }

    /// Starts the server and waits until it listens.
    pub async fn serve(&self) -> Server {
        let log = fs::File::options().append(true).create(true).open(self.path("log"));
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let admin = free.local_addr().expect("bound");
        drop(free);
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.args(["--admin-listen", &admin.to_string()]);
        command.stdout(Stdio::piped()).stderr(log.expect("own file"));
        let log = self.path("log");
        let started = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().expect("the binary starts");
            let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
            let address = lines
                .by_ref()
                .map_while(Result::ok)
                .find_map(|line| line.split("http://").nth(1)?.trim().parse().ok());
            // The rest of what it says is read, so that it never waits for us.
            std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
            (child, address)
        });
        let (child, address) = started.await.expect("runs");
        let said = || fs::read_to_string(log).unwrap_or_default();
        let address = address.unwrap_or_else(|| panic!("the server did not start: {}", said()));
        Server { child, address, admin }
    }

    /// The binary's own look at the whole audit log, checkpoints outside of the store included.
    pub fn audit_is_whole(&self) {
        let said = self.says(&["audit", "verify"]);
        assert!(said.contains("The log is whole."), "{said}");
    }
}

/// A running server.
pub struct Server {
    child: Child,
    address: SocketAddr,
    admin: SocketAddr,
}

impl Server {
    /// A client with this session.
    pub fn client(&self, token: &str) -> Client {
        Client::new(self.address).with_session(token)
    }

    /// A client without a session.
    pub fn visitor(&self) -> Client {
        Client::new(self.address)
    }

    /// A client of the administrator's listener.
    pub fn admin(&self) -> Client {
        Client::new(self.admin)
    }

    /// SIGKILL: no farewell of any kind.
    pub fn kill(&mut self) {
        self.child.kill().expect("kills");
        self.child.wait().expect("ended");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where a check failed the server still runs; one that was killed is killed again, which does nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
