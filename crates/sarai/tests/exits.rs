//! Nothing leaves the server but what the gate let go: a whole-server day inside a network namespace of its own, with every packet seen.
//!
//! Needs root, `unshare` and `ip` (util-linux, iproute2) and Python 3. Where they are missing the test fails and says so: a machine that
//! cannot look has not seen that nothing leaves.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::{
    io::{BufRead, BufReader},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use sarai_testkit::server::{Client, serve};
use serde_json::{Value, json};

/// An address on the open internet, to which an endpoint of a company is registered. Nobody answers in the namespace.
const ENDPOINT: &str = "93.184.216.34";
/// Where the server listens: the public and the admin listener.
const PORTS: [u16; 2] = [7272, 7273];
/// Codes to one number or address come a minute apart.
const BETWEEN_CODES: Duration = Duration::from_secs(61);

#[test]
fn nothing_leaves_but_what_the_gate_let_go() {
    let inside = Command::new("unshare")
        .args(["--net", "--"])
        .arg(std::env::current_exe().expect("this very test"))
        .args(["--exact", "a_day_in_a_namespace_of_its_own", "--ignored", "--nocapture"])
        .output()
        .expect("unshare (util-linux) starts");
    let said = String::from_utf8_lossy(&inside.stdout);
    let wrong = String::from_utf8_lossy(&inside.stderr);
    assert!(
        inside.status.success() && said.contains("1 passed"),
        "the day in a network namespace failed. It needs root (unshare --net), ip and python3.\n{said}\n{wrong}"
    );
}

/// The other half of the test above, which starts it where nobody else's packets are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by nothing_leaves_but_what_the_gate_let_go in a network namespace of its own"]
async fn a_day_in_a_namespace_of_its_own() {
    network();
    let capture = Capture::start();
    let gateway = Gateway::open().await;
    let site = Site::new(gateway.port);
    let server = Server::start(&site);
    day(&gateway).await;
    drop(server);
    let flows = capture.stop();
    let to =
        |flow: &Value, address: &str, port: u16| flow["to"] == address && flow["to_port"] == port;
    let loopback = |flow: &Value| {
        let ours = [PORTS[0], PORTS[1], gateway.port];
        let port = |name: &str| flow[name].as_u64().and_then(|port| u16::try_from(port).ok());
        flow["from"] == "127.0.0.1"
            && flow["to"] == "127.0.0.1"
            && [port("from_port"), port("to_port")].iter().flatten().any(|port| ours.contains(port))
    };
    // The capture sees what leaves, and what must leave did.
    assert!(flows.iter().any(|flow| to(flow, "203.0.113.9", 9)), "the control packet: {flows:#?}");
    assert!(flows.iter().any(|flow| to(flow, ENDPOINT, 443)), "the webhook: {flows:#?}");
    assert!(flows.iter().any(|flow| to(flow, "127.0.0.1", gateway.port)), "the codes");
    let others: Vec<_> = flows
        .iter()
        .filter(|flow| !loopback(flow))
        .filter(|flow| !to(flow, "203.0.113.9", 9) && !to(flow, ENDPOINT, 443))
        .collect();
    assert!(others.is_empty(), "left without the gate's leave: {others:#?}");
}

/// Loopback, and one way out that leads nowhere: every packet to elsewhere goes there and is seen.
fn network() {
    // Without it the kernel itself looks for neighbours and routers.
    let _ = std::fs::write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
    for words in [
        "link set lo up",
        "link add out0 type veth peer name far0",
        "address add 10.9.0.1/24 dev out0",
        "link set out0 up",
        "link set far0 up",
        // Nobody answers for the gateway: its address is known, so that packets leave.
        "neighbour add 10.9.0.2 lladdr 02:00:00:00:00:02 dev out0",
        "route add default via 10.9.0.2 dev out0",
    ] {
        let done =
            Command::new("ip").args(words.split(' ')).status().expect("ip (iproute2) starts");
        assert!(done.success(), "ip {words}");
    }
}

/// The capture of every packet.
struct Capture {
    child: Child,
    lines: Arc<Mutex<Vec<Value>>>,
}

impl Capture {
    fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exits/capture.py");
        let mut child = Command::new("python3")
            .arg(script)
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 starts");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let mut first = String::new();
        out.read_line(&mut first).expect("the capture speaks");
        assert_eq!(first.trim(), "ready", "the capture needs root");
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&lines);
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let row = serde_json::from_str(&line).expect("JSON");
                kept.lock().expect("nobody panicked").push(row);
            }
        });
        Self { child, lines }
    }

    fn stop(mut self) -> Vec<Value> {
        // What was sent last is read first.
        std::thread::sleep(Duration::from_millis(300));
        self.child.kill().expect("it runs");
        let _ = self.child.wait();
        std::mem::take(&mut *self.lines.lock().expect("nobody panicked"))
    }
}

/// The operator's gateway for messages, on this machine.
struct Gateway {
    port: u16,
    letters: Arc<Mutex<Vec<Value>>>,
}

impl Gateway {
    async fn open() -> Self {
        async fn take(
            State(letters): State<Arc<Mutex<Vec<Value>>>>,
            Json(letter): Json<Value>,
        ) -> StatusCode {
            letters.lock().expect("nobody panicked").push(letter);
            StatusCode::NO_CONTENT
        }
        let letters = Arc::new(Mutex::new(Vec::new()));
        let router = Router::new().route("/send", post(take)).with_state(Arc::clone(&letters));
        let (address, _) = serve(router).await;
        Self { port: address.port(), letters }
    }

    /// Waits for the letter number `count` and reads the code in it.
    async fn code(&self, count: usize) -> String {
        for _ in 0..200 {
            let letters = self.letters.lock().expect("nobody panicked").clone();
            if let Some(letter) = letters.get(count - 1) {
                let body = letter["body"].as_str().expect("words").to_owned();
                let mut runs = body.split(|letter: char| !letter.is_ascii_digit());
                return runs.find(|run| run.len() == 6).expect("a code").to_owned();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("letter {count} did not come");
    }
}

/// A data directory with a configuration, removed at the end.
struct Site(PathBuf);

impl Site {
    fn new(gateway: u16) -> Self {
        let path = std::env::temp_dir().join(format!("sarai-exits-{}", std::process::id()));
        std::fs::DirBuilder::new().mode(0o700).create(&path).expect("a fresh directory");
        std::fs::write(path.join("secret"), "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("written");
        let config = format!(
            "data = \"{0}/data\"\n[sender]\nkind = \"hook\"\nurl = \"http://127.0.0.1:{gateway}/send\"\nsecret_file = \"{0}/secret\"\n",
            path.display()
        );
        std::fs::write(path.join("sarai.toml"), config).expect("written");
        Self(path)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The server, stopped at the end.
struct Server(Child);

impl Server {
    fn start(site: &Site) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_sarai"))
            .args(["serve", "--config"])
            .arg(site.0.join("sarai.toml"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        Self(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sign-in, a company, an endpoint, the public pages: what a day is made of.
async fn day(gateway: &Gateway) {
    let client = Client::new(([127, 0, 0, 1], PORTS[0]).into());
    up().await;
    let email = json!({ "email": "li.wei@example.org" });
    let sent = client.post("/v1/auth/codes", email.clone()).await.ok();
    let shown = json!({ "challenge": sent["challenge"], "code": gateway.code(1).await });
    client.post("/v1/auth/sessions", shown).await.ok();
    client.post("/v1/me/roles", json!({ "role": "shipper" })).await.ok();
    for page in [
        "/",
        "/v1/meta",
        "/openapi.json",
        "/v1/freight/board/public",
        "/v1/places?q=wuxi",
        "/v1/me/data",
        "/v1/wallet",
    ] {
        let status = client.get(page).await.status.as_u16();
        assert!(status < 500, "{page}: {status}");
    }
    let company = json!({ "name": "Acme Freight", "credit_code": "91310000MA1K35XX1A", "city_code": "310000" });
    let made = client.post("/v1/orgs", company).await.ok();
    tokio::time::sleep(BETWEEN_CODES).await;
    let sent = client.post("/v1/auth/codes", email).await.ok();
    let shown = json!({ "challenge": sent["challenge"], "code": gateway.code(2).await });
    client.post("/v1/auth/step-up", shown).await.ok();
    let hooks = format!("/v1/orgs/{}/webhooks", made["id"].as_str().expect("an id"));
    let new = json!({
        "url": format!("https://{ENDPOINT}/hook"), "types": ["freight.load.*"], "country": "CN",
        "purpose": "Our dispatch board",
    });
    let hook = client.post(&hooks, new).await.ok();
    let hook = format!("{hooks}/{}", hook["id"].as_str().expect("an id"));
    client.post(format!("{hook}/actions/test"), json!({})).await.ok();
    // A first try that nobody answers takes its fifteen seconds; the connection is tried at once.
    tokio::time::sleep(Duration::from_secs(4)).await;
}

/// Waits until the server listens.
async fn up() {
    for _ in 0..300 {
        if tokio::net::TcpListener::bind(("127.0.0.1", PORTS[0])).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the server does not listen");
}
