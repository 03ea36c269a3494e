//! The authorisation matrix: every route of the document, asked by everybody who has no business there, against a checked-in table.
//!
//! `tests/data/authz/*.csv`: one row a route, one column a caller; a cell is a status and, behind a slash, the problem's code. A route
//! without a row fails, and so does a row without a route. What is read of an order has a table of its own, by relation and stage; the
//! names of the fields of every answer stand in `fields.txt`. `SARAI_WRITE_AUTHZ=1` writes them anew, to be reviewed as a change.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

mod ask;
mod fields;
mod stages;
mod table;

use sarai_kernel::Role;
use sarai_testkit::{
    Backend,
    server::{Answer, Client, Member, Town, yuan},
};
use serde_json::Value;

use ask::{Made, Route, routes};
use fields::Fields;
use table::Table;

/// Everybody who asks, in the order of the columns.
const CALLERS: [&str; 6] = ["anon", "member", "shipper", "trucker", "op.safety", "key"];

struct Crowd {
    callers: Vec<(&'static str, Client)>,
}

impl Crowd {
    /// People of every kind, none of whom has anything to do with what was made.
    async fn of(town: &Town) -> Self {
        let client = |member: Member| member.client;
        let (secret, _) = town.door.key(&["nothing.at:all"], sarai_testkit::server::START);
        Self {
            callers: vec![
                ("anon", town.client()),
                ("member", client(town.member(&[], &[]).await)),
                ("shipper", client(town.shipper(yuan(10_000)).await)),
                ("trucker", client(town.trucker(yuan(10_000)).await.0)),
                ("op.safety", client(town.member(&[Role::OpSafety], &["person"]).await)),
                ("key", town.client().with_key(&secret)),
            ],
        }
    }
}

fn cell(answer: &Answer) -> String {
    let (status, code) = answer.verdict();
    if code.is_empty() { status.to_string() } else { format!("{status}/{code}") }
}

async fn matrix(backend: Backend) {
    let town = Town::new(backend).await;
    let made = Made::in_town(&town).await;
    let crowd = Crowd::of(&town).await;
    let mut found = Table::of_routes(&CALLERS);
    let mut fields = Fields::default();
    let mut wrong = Vec::new();
    for route in routes() {
        let mut row = Vec::new();
        for (who, client) in &crowd.callers {
            let answer = route.ask(client, &made).await;
            wrong.extend(breach(&route, who, &answer));
            row.push(cell(&answer));
            if answer.status.is_success() && route.has_fields() {
                fields.note(&route.name(), who, &answer.json());
            }
        }
        found.add(&route.name(), row);
    }
    found.compare();
    let mut by_stage = Table::of_stages(&stages::STAGES);
    stages::look(&town, &mut by_stage, &mut fields).await;
    assert!(stages::count() > 0);
    by_stage.compare();
    fields.compare();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What holds whatever the table says.
fn breach(route: &Route, who: &str, answer: &Answer) -> Option<String> {
    let name = route.name();
    let status = answer.status.as_u16();
    let closed = !route.open_to_anyone();
    let desk = name.contains("/v1/ops/") || name.contains("/v1/gate/");
    let staff = desk && matches!(who, "member" | "shipper" | "trucker");
    let fine = status < 500
        && !(closed && who == "anon" && status != 401)
        && !(closed && who == "key" && cell(answer) != "403/scope_missing")
        // The outbox of development is not there at all with another sender.
        && !(staff && status != 403 && !(name.ends_with("/outbox") && status == 404));
    (!fine).then(|| format!("{name} as {who}: {}", cell(answer)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reaches_what_is_not_theirs_on_sqlite() {
    matrix(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reaches_what_is_not_theirs_on_postgresql() {
    matrix(Backend::Pg).await;
}

/// Somebody else's thing and a thing that never was get the same bytes, but for the request's number.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_anothers_looks_like_what_is_not_there() {
    let town = Town::new(Backend::Sqlite).await;
    let made = Made::in_town(&town).await;
    let nonsense = Made::nonsense();
    let crowd = Crowd::of(&town).await;
    let mut told = Vec::new();
    for route in routes().into_iter().filter(Route::names_a_thing) {
        for (who, client) in &crowd.callers {
            let theirs = route.ask(client, &made).await;
            let nothing = route.ask(client, &nonsense).await;
            let name = route.name();
            // An open load is on the board for every checked trucker, and by asking about it he becomes its poster's peer; staff may
            // read any member's card. There the existence is known.
            let known = match *who {
                "trucker" => {
                    name.contains("/v1/freight/loads/{id}") || name.contains("/v1/parties/{id}")
                }
                "op.safety" => name.ends_with("/v1/parties/{id}"),
                _ => false,
            };
            if bytes(&theirs) != bytes(&nothing) && !known {
                told.push(format!("{name} as {who}: {} but {}", cell(&theirs), cell(&nothing)));
            }
        }
    }
    assert!(told.is_empty(), "the answer tells that it exists:\n{}", told.join("\n"));
}

fn bytes(answer: &Answer) -> (u16, Value, Vec<(String, String)>) {
    let mut problem = answer.json();
    if let Some(members) = problem.as_object_mut() {
        members.remove("instance");
    }
    let own = ["date", "sarai-request-id", "ratelimit"];
    let headers = answer.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    (answer.status.as_u16(), problem, headers.collect())
}
