//! A day full of marked values: numbers, addresses, names, places, words, papers, secrets. Nothing of them may be found afterwards in
//! the log, the figures, the events, the refusals, a backup, or the files of the database, log ahead of writing included.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{Router, extract::State, routing::post};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use http::Method;
use sarai_account::rules::totp;
use sarai_testkit::server::{Client, load_of, upload, yuan};
use serde_json::{Value, json};

use crate::{
    house::{House, Server},
    people::{People, now},
    work::arrival,
};

/// Loads, talks and fixes of the day: so many marks of each class.
const TIMES: usize = 15;
/// Bytes by which a form is looked up; shorter forms could stand anywhere by chance.
const HEAD: usize = 8;
/// How long a letter may take.
const LETTER_WAIT: Duration = Duration::from_secs(30);

/// Values that must not be found, with the class that each is of; and everything that the server said.
#[derive(Default)]
struct Marks {
    values: Vec<(&'static str, String)>,
    said: String,
}

impl Marks {
    fn new_of(&mut self, class: &'static str) -> String {
        let number = self.values.len();
        let value = match class {
            "phone" => format!("139{:08}", 71_000_000 + number),
            "email" => format!("zqxmail{number}@example.org"),
            "plate" => format!("鲁Q{:05}", 70_000 + number),
            "bank" => format!("62220298765{number:05}"),
            "paper" => format!("370102ZQX{number:06}"),
            // Seven digits behind the point: no other number looks like it.
            "place" => format!("31.57{:07}", 1_234_501 + 2 * number),
            _ => format!("Zqx{class}{number:03}"),
        };
        self.values.push((class, value.clone()));
        value
    }

    /// The forms in which a value could lie somewhere: as it is, with escaped letters, in base 64.
    fn forms(value: &str) -> Vec<Vec<u8>> {
        let escaped: String = value
            .chars()
            .map(|one| {
                if one.is_ascii() { one.to_string() } else { format!("\\u{:04x}", u32::from(one)) }
            })
            .collect();
        let mut forms = vec![value.as_bytes().to_vec(), escaped.into_bytes()];
        for shift in 0..3 {
            let text = BASE64_STANDARD_NO_PAD.encode([&b"   "[..shift], value.as_bytes()].concat());
            // What stands beside it changes the letters at both ends.
            let inner =
                text.get(if shift == 0 { 0 } else { 4 }..text.len() - 2).unwrap_or_default();
            forms.push(inner.as_bytes().to_vec());
        }
        forms
    }

    /// Every form of every value, by its first bytes.
    fn index(&self) -> HashMap<[u8; HEAD], Vec<(&'static str, Vec<u8>)>> {
        let mut index: HashMap<_, Vec<_>> = HashMap::new();
        for (class, value) in &self.values {
            for form in Self::forms(value) {
                if let Some(head) = form.first_chunk::<HEAD>() {
                    index.entry(*head).or_default().push((*class, form.clone()));
                }
            }
        }
        index
    }

    /// Marks that are in these bytes.
    fn found(&self, bytes: &[u8]) -> Vec<String> {
        let index = self.index();
        let mut found = Vec::new();
        for (at, window) in bytes.windows(HEAD).enumerate() {
            let Some(forms) = window.first_chunk::<HEAD>().and_then(|head| index.get(head)) else {
                continue;
            };
            let rest = bytes.get(at..).unwrap_or_default();
            let here = forms.iter().filter(|(_, form)| rest.starts_with(form));
            found.extend(
                here.map(|(class, form)| format!("{class}: {}", String::from_utf8_lossy(form))),
            );
        }
        found
    }

    async fn note(&mut self, answer: sarai_testkit::server::Answer) -> Value {
        // Answers of success hold what their reader may see; refusals and events hold nothing of anybody.
        if !answer.status.is_success() {
            self.said.push_str(&String::from_utf8_lossy(&answer.body));
        }
        answer.json()
    }
}

type Letters = Arc<Mutex<Vec<Value>>>;

/// The operator's own gateway for messages: it alone is told numbers and codes.
async fn gateway(house: &House) -> (Letters, tokio::task::JoinHandle<()>) {
    async fn take(State(letters): State<Letters>, axum::Json(letter): axum::Json<Value>) {
        letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
    }
    let letters = Letters::default();
    let router = Router::new().route("/", post(take)).with_state(Arc::clone(&letters));
    let (address, serving) = sarai_testkit::server::serve(router).await;
    let secret = house.path("hook.secret");
    std::fs::write(&secret, BASE64_STANDARD_NO_PAD.encode([7; 33])).expect("own file");
    house.configure(&format!(
        "[sender]\nkind = \"hook\"\nurl = \"http://{address}/\"\nsecret_file = \"{}\"\n",
        secret.display()
    ));
    (letters, serving)
}

async fn code(letters: &Letters, to: &str) -> String {
    let started = Instant::now();
    loop {
        let found = {
            let all = letters.lock().unwrap_or_else(PoisonError::into_inner);
            let own =
                all.iter().rev().filter(|one| one["to"].as_str().is_some_and(|at| at.contains(to)));
            let mut bodies = own.filter_map(|one| one["body"].as_str()).map(str::to_owned);
            bodies.find_map(|body| {
                body.split(|c: char| !c.is_ascii_digit())
                    .find(|run| run.len() == 6)
                    .map(str::to_owned)
            })
        };
        if let Some(code) = found {
            return code;
        }
        assert!(started.elapsed() < LETTER_WAIT, "no letter came");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Somebody new: sign-in, name, papers, vehicle, authenticator, account for payouts, a wish for correction.
async fn newcomer(server: &Server, letters: &Letters, marks: &mut Marks) -> Client {
    let client = server.visitor();
    let phone = marks.new_of("phone");
    let sent = client.post("/v1/auth/codes", json!({"phone": phone})).await.ok();
    let digits = code(letters, &phone).await;
    let shown = json!({"challenge": sent["challenge"], "code": digits});
    client.post("/v1/auth/sessions", shown).await.ok();
    marks.values.push(("token", client.session().expect("a session")));
    client.post("/v1/me/roles", json!({"role": "trucker"})).await.ok();
    let etag = client.get("/v1/me").await.header("etag").to_owned();
    let names = json!({"name": marks.new_of("name"), "display_name": marks.new_of("name")});
    client.patch("/v1/me", names, &etag).await.ok();
    let fields = json!({"name": marks.new_of("name"), "id_number": marks.new_of("paper")});
    let papers = json!({"kind": "person", "fields": fields, "files": []});
    client.post("/v1/verifications", papers).await.ok();
    let truck = json!({"plate": marks.new_of("plate"), "plate_colour": "yellow", "body": "flatbed",
        "length_mm": 13_000, "payload_kg": 32_000});
    client.post("/v1/freight/vehicles", truck).await.ok();
    let wish = json!({"field": "party.name", "value": marks.new_of("wish")});
    client.post("/v1/me/corrections", wish).await.ok();
    client
}

/// An authenticator and an account for payouts, by somebody with a fresh factor.
async fn secrets(client: &Client, marks: &mut Marks) {
    let made = client.post("/v1/auth/factors", json!({"kind": "totp"})).await.ok();
    let seed = made["secret"].as_str().expect("a seed").to_owned();
    let digits = totp::digits(&totp::from_base32(&seed).expect("base 32"), totp::step_of(now()));
    marks.values.push(("seed", seed));
    let confirm = json!({"kind": "totp_confirm", "id": made["id"], "totp": digits});
    client.post("/v1/auth/factors", confirm).await.ok();
    let account =
        json!({"holder": marks.new_of("name"), "number": marks.new_of("bank"), "bank": "ICBC"});
    client.post("/v1/wallet/payout-accounts", account).await.ok();
}

/// A load with marks in everything that is sealed of it.
fn load(marks: &mut Marks, number: usize) -> Value {
    let price = yuan(4_000 + i64::try_from(number).expect("small"));
    let mut load = load_of(now(), "one_price", price);
    for stop in load["stops"].as_array_mut().expect("stops") {
        stop["address"] = json!(marks.new_of("address"));
        stop["notes"] = json!(marks.new_of("note"));
        stop["contact"] = json!({"name": marks.new_of("name"), "phone": marks.new_of("phone")});
    }
    load
}

/// Bodies and paths that are refused: what is wrong is named, what was sent is not repeated.
async fn mistakes(client: &Client, marks: &mut Marks) {
    let mut long = load(marks, 900);
    long["stops"][0]["address"] = json!(marks.new_of("address").repeat(40));
    let mut unknown = load(marks, 901);
    unknown[marks.new_of("field")] = json!(marks.new_of("value"));
    let mut reversed = load(marks, 902);
    reversed["stops"][0]["window"]["to"] = reversed["stops"][0]["window"]["from"].clone();
    for body in [long, unknown, reversed, json!(marks.new_of("value"))] {
        let answer = client.post("/v1/freight/loads", body).await;
        assert!(!answer.status.is_success());
        marks.note(answer).await;
    }
    for path in [
        format!("/v1/freight/loads/{}", marks.new_of("path")),
        format!("/v1/freight/loads?{}=1", marks.new_of("query")),
        format!("/v1/{}", marks.new_of("path")),
    ] {
        let answer = client.get(path).await;
        marks.note(answer).await;
    }
}

/// One run with a talk, a track, a note on damage and a dispute.
async fn run(shipper: &Client, trucker: (&Client, &str), load: &Value, marks: &mut Marks) {
    let (own, truck) = trucker;
    let made = shipper.post("/v1/freight/loads", load.clone()).await.ok();
    let at = format!("/v1/freight/loads/{}", made["items"][0]["id"].as_str().expect("an id"));
    let etag = own.get(&at).await.header("etag").to_owned();
    let body = json!({"vehicle": truck, "price": load["price"]});
    let order = own.act(format!("{at}/actions/take"), body, &etag).await.ok();
    let at = format!("/v1/freight/orders/{}", order["order"].as_str().expect("an order"));
    let thread = own.get(&at).await.ok()["thread"].as_str().expect("a talk").to_owned();
    let say =
        json!({"text": format!("{} call {}", marks.new_of("message"), marks.new_of("phone"))});
    own.post(format!("/v1/threads/{thread}/messages"), say).await.ok();
    own.post(format!("{at}/actions/arrive"), arrival(0)).await.ok();
    let codes = shipper.get(format!("{at}/codes")).await.ok();
    let photo = upload(own, "proof_photo").await;
    let serve = json!({"stop": 0, "happened_at": now(), "mass_kg": 28_100, "photos": [photo],
        "code": codes["loading"], "damage_note": marks.new_of("damage")});
    own.post(format!("{at}/actions/serve"), serve).await.ok();
    own.post(format!("{at}/actions/leave"), json!({"stop": 0, "happened_at": now()})).await.ok();
    let fixes: Vec<Value> = (0..3)
        .map(|_| {
            let lat: f64 = marks.new_of("place").parse().expect("a number");
            json!({"at": now(), "point": {"lat": lat, "lon": 120.3}})
        })
        .collect();
    own.post(format!("{at}/track"), json!({"points": fixes})).await.ok();
    let why = json!({"reason": "damage", "words": marks.new_of("dispute"), "evidence": []});
    own.post(format!("{at}/disputes"), why).await.ok();
}

/// Every file below a directory.
fn files(at: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(at).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

async fn a_day(house: House) {
    let (letters, serving) = gateway(&house).await;
    let people = People::settle(&house).await;
    let mut server = house.serve().await;
    let mut marks = Marks::default();
    newcomer(&server, &letters, &mut marks).await;
    let shipper = server.client(&people.shippers[0].token);
    secrets(&shipper, &mut marks).await;
    for (number, carry) in people.truckers.iter().cycle().take(TIMES).enumerate() {
        let load = load(&mut marks, number);
        // Each trucker has one run under way; further loads stay on the board.
        if number < people.truckers.len() {
            let (own, truck) = (server.client(&carry.person.token), carry.truck.to_string());
            run(&shipper, (&own, &truck), &load, &mut marks).await;
        } else {
            shipper.post("/v1/freight/loads", load).await.ok();
        }
    }
    mistakes(&shipper, &mut marks).await;
    let events = shipper.get("/v1/events?limit=100").await;
    marks.said.push_str(&String::from_utf8_lossy(&events.body));
    let figures = server.admin().call(Method::GET, "/metrics").send().await;
    assert_eq!(figures.status, 200);
    marks.said.push_str(&String::from_utf8_lossy(&figures.body));
    let (key, backup) = (house.path("backup.key"), house.path("house.backup"));
    // Making a key asks nothing of any house.
    let made = std::process::Command::new(env!("CARGO_BIN_EXE_sarai"))
        .args(["backup", "keygen", &key.display().to_string()])
        .output()
        .expect("the binary starts");
    let recipient = String::from_utf8_lossy(&made.stdout).into_owned();
    let to = backup.display().to_string();
    house.says(&["backup", "create", "--to", &to, "--recipient", recipient.trim()]);
    let places = house.disk().await;
    server.kill();
    serving.abort();
    search(&house, &marks, places);
}

fn search(house: &House, marks: &Marks, places: Vec<std::path::PathBuf>) {
    let classes: std::collections::BTreeSet<_> =
        marks.values.iter().map(|(class, _)| class).collect();
    println!("{} marks of {} classes", marks.values.len(), classes.len());
    assert!(!marks.found(b"x Zqxmessage").is_empty() || marks.values.len() > 100, "marks are made");
    let own = marks.values[0].1.clone();
    assert!(
        !marks.found(format!("a {own} b").as_bytes()).is_empty(),
        "the search finds what is there"
    );
    assert_eq!(marks.found(marks.said.as_bytes()), Vec::<String>::new(), "in what the server said");
    let mut all = vec![house.path("log"), house.path("house.backup")];
    places.iter().for_each(|place| files(place, &mut all));
    assert!(all.len() > 4);
    for path in all {
        let bytes = std::fs::read(&path).unwrap_or_default();
        assert_eq!(marks.found(&bytes), Vec::<String>::new(), "in {}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_sealed_lies_about_after_a_day_on_sqlite() {
    a_day(House::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_sealed_lies_about_after_a_day_on_postgresql() {
    a_day(House::on_postgresql().await).await;
}
