//! A private PostgreSQL for tests: its own cluster in a temporary directory, on a Unix socket only, gone when the process is gone,
//! however that ends. Where it cannot be started the test fails.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop and say where")]

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{Connection, PgConnection};
use uuid::Uuid;

/// Runs the server until standard input closes, which it does when the process that started it ends. `$@` is the server's command.
const KEEPER: &str = r#"trap '' INT TERM HUP; dir="$1"; shift; "$@" </dev/null >"$dir/log" 2>&1 & server=$!
cat >/dev/null; kill -INT "$server"; wait "$server"; rm -rf "$dir""#;

/// How long the server may take to start.
const START_TIME_MAX: Duration = Duration::from_secs(30);

/// A private PostgreSQL.
#[derive(Debug)]
pub struct Cluster {
    directory: PathBuf,
    keeper: Mutex<Child>,
}

impl Cluster {
    /// The cluster that all tests of this process share. It does not wait for the disk: a test that kills the server starts its own.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(false))
    }

    /// Starts a cluster; `fsync` says whether commits wait for the disk.
    pub fn start(fsync: bool) -> Self {
        let directory = std::env::temp_dir().join(format!("sarai-pg-{}", Uuid::new_v4().simple()));
        std::fs::create_dir(&directory).expect("a temporary directory");
        if let Some(user) = unprivileged() {
            let chown = Command::new("chown").arg(user).arg(&directory).status();
            assert!(chown.expect("chown runs").success(), "chown {user}");
        }
        let data = directory.join("data");
        let made = as_user("initdb")
            .args([
                "-U",
                "sarai",
                "--auth=trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
                "--wal-segsize=1",
            ])
            .arg("-D")
            .arg(&data)
            .current_dir("/")
            .output()
            .expect("initdb runs: the package postgresql is installed");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let keeper = keep(&directory, &data, fsync);
        let cluster = Self { directory, keeper: Mutex::new(keeper) };
        cluster.wait_until_ready();
        cluster
    }

    /// Address of one of its databases.
    pub fn address(&self, database: &str) -> String {
        format!(
            "postgres://sarai@localhost/{database}?host={}&sslmode=disable",
            self.directory.display()
        )
    }

    /// Makes a database and gives its address.
    pub async fn database(&self) -> String {
        let name = format!("t{}", Uuid::new_v4().simple());
        let mut conn = PgConnection::connect(&self.address("postgres")).await.expect("connects");
        let make = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(make).execute(&mut conn).await.expect("makes a database");
        self.address(&name)
    }

    /// Writes everything of a database's cluster to its files.
    pub async fn flush(address: &str) {
        let mut conn = PgConnection::connect(address).await.expect("connects");
        sqlx::raw_sql("CHECKPOINT").execute(&mut conn).await.expect("flushes");
    }

    /// Waits until nobody is connected to a database but who asks: what a killed process had sent is done or gone by then.
    pub async fn quiet(address: &str) {
        const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
            AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
        let mut conn = PgConnection::connect(address).await.expect("connects");
        let started = Instant::now();
        while sqlx::query_scalar::<_, i64>(OTHERS).fetch_one(&mut conn).await.expect("answers") > 0
        {
            assert!(started.elapsed() < START_TIME_MAX, "somebody stays connected");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Where its files are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Its main process.
    pub fn pid(&self) -> u32 {
        let file = self.directory.join("data/postmaster.pid");
        let text = std::fs::read_to_string(file).expect("the server runs");
        text.lines().next().and_then(|line| line.trim().parse().ok()).expect("a process id")
    }

    fn wait_until_ready(&self) {
        let started = Instant::now();
        loop {
            let mut ask = as_user("pg_isready");
            ask.args(["-q", "-U", "sarai", "-d", "postgres", "-h"]).arg(&self.directory);
            if ask.status().expect("pg_isready runs").success() {
                return;
            }
            if started.elapsed() > START_TIME_MAX {
                let log = std::fs::read_to_string(self.directory.join("log")).unwrap_or_default();
                panic!("PostgreSQL did not start: {log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let keeper = self.keeper.get_mut().unwrap_or_else(PoisonError::into_inner);
        drop(keeper.stdin.take());
        // It ends by itself now that its input is closed.
        let _ = keeper.wait();
    }
}

fn keep(directory: &Path, data: &Path, fsync: bool) -> Child {
    let server = as_user("postgres");
    let mut keeper = Command::new("sh");
    keeper.arg("-c").arg(KEEPER).arg("sh").arg(directory);
    keeper.arg(server.get_program()).args(server.get_args());
    keeper.arg("-D").arg(data).arg("-k").arg(directory);
    let settings = [
        "listen_addresses=",
        "max_connections=300",
        "shared_buffers=128MB",
        "min_wal_size=8MB",
        "unix_socket_permissions=0777",
        "autovacuum_naptime=10s",
        if fsync { "fsync=on" } else { "fsync=off" },
        if fsync { "synchronous_commit=on" } else { "synchronous_commit=off" },
    ];
    for setting in settings {
        keeper.arg("-c").arg(setting);
    }
    let keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    keeper.current_dir("/").spawn().expect("a shell")
}

/// A program of PostgreSQL; run as somebody else where we are root, since the server refuses to be root.
fn as_user(program: &str) -> Command {
    let program = binaries().join(program);
    match unprivileged() {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", user, "--regid", user, "--clear-groups", "--"]).arg(program);
            command
        }
    }
}

/// The user to become: `postgres`, which the package makes; nobody else where we are not root.
fn unprivileged() -> Option<&'static str> {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    (id.stdout.trim_ascii() == b"0").then_some("postgres")
}

/// The newest version that is installed.
fn binaries() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed (Debian package postgresql)")
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("postgres").exists())
        .collect();
    versions.sort();
    versions.pop().expect("PostgreSQL is installed (Debian package postgresql)")
}
