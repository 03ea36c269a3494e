//! A page of messages over HTTP: sealed under their authors' keys, opened under a grant. Beside it a route that the benchmark brings: the
//! same guard, the same queries, the same answer, from documents that hold the words in clear.

use std::{sync::Arc, time::Instant};

use axum::extract::State;
use sarai_api::{Anybody, Config, Ctx, Params, Problem, Routes, SignedIn, Spec};
use sarai_bus::Feed;
use sarai_kernel::{
    Decision, Draft, Key, LoadId, MessageId, PartyId, Query, StoreExt, ThreadId, Timestamp,
    audit::AuditEntry,
    event::EventSink,
    personal::Words,
    thread::{Message, MessageKind, Thread},
};
use sarai_seal::{Record, Sealed};
use sarai_testkit::{
    Backend, Home,
    server::{Bare, Client, START},
};
use serde_json::{Value, json};

use super::{Settings, figure, median};

const AUDITED: &str = "/v1/plain-audited/{id}/messages";
const BARE: &str = "/v1/plain/{id}/messages";

/// A message in clear.
#[derive(Debug, Record)]
#[record(kind = "plain_message", schema = 1)]
struct PlainMessage {
    thread: ThreadId,
    number: u64,
    author: PartyId,
    at: Timestamp,
    words: String,
}

fn routes() -> Routes {
    let spec = |path, id| Spec::get(path, id, "Messages in clear").relation("peer");
    Routes::new().add(spec(AUDITED, "plain_audited"), audited).add(spec(BARE, "plain"), bare)
}

async fn bare(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Params(id): Params<ThreadId>,
) -> Result<axum::Json<Value>, Problem> {
    let thread = app.store.load::<Thread>(id.uuid()).await?;
    let thread = thread.ok_or_else(|| Problem::new("not_found"))?.record;
    if !thread.has(caller.party) {
        return Err(Problem::new("not_found"));
    }
    let query = Query::by("plain_message", "plain_message.thread", id).limit(51);
    let found = app.store.records::<PlainMessage>(query).await?;
    let items: Vec<Value> = found
        .iter()
        .map(|(one, _)| {
            let side = if one.record.author == thread.poster { "shipper" } else { "trucker" };
            json!({
                "id": MessageId::from_uuid(one.id), "at": one.record.at, "by": side,
                "mine": one.record.author == caller.party,
                "parts": [{"kind": "text", "text": one.record.words}], "offer": null,
            })
        })
        .collect();
    Ok(axum::Json(json!({"items": items, "next_cursor": null, "mask_note": null})))
}

/// As [`bare`], with the durable row in the audit log that every opening has: what is left is sealing and law.
async fn audited(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<ThreadId>,
) -> Result<axum::Json<Value>, Problem> {
    let thread = app.store.load::<Thread>(id.uuid()).await?;
    let thread = thread.ok_or_else(|| Problem::new("not_found"))?.record;
    let row = AuditEntry {
        actor: caller.actor(),
        action: "open",
        purpose: "converse",
        resource: id.to_string(),
        relation: "peer".to_owned(),
        subjects: vec![thread.poster.subject(), thread.other.subject()],
        fields: vec!["message.words".to_owned()],
        rule: "bench".to_owned(),
        allowed: true,
        case: None,
    };
    app.store.commit(Decision::new("bench.read", now).audit(row)).await?;
    bare(State(app), SignedIn(caller), Params(id)).await
}

/// A talk of two with as many messages as the page holds, sealed and in clear.
async fn talk(town: &Bare, (poster, other): (PartyId, PartyId), count: u32) -> ThreadId {
    let id = ThreadId::new(START);
    let thread = Thread {
        market: "freight".to_owned(),
        about: LoadId::new(START).to_string(),
        poster,
        other,
        order: None,
        open_contact: true,
        closed: false,
        messages: u64::from(count),
        last_at: START,
        read_poster: 0,
        read_other: 0,
    };
    let draft = Draft::create(id.uuid(), &thread, thread.keys()).expect("a talk");
    town.app.store.commit(Decision::new("bench", START).write(draft)).await.expect("fresh");
    for number in 1..=u64::from(count) {
        let author = if number % 2 == 0 { poster } else { other };
        let text = format!("Number {number}: the truck is at the gate and waits for the forklift.");
        let sealed = Message {
            author_subject: author.subject(),
            thread: id,
            number,
            author,
            at: START,
            kind: MessageKind::Text,
            facts: sarai_kernel::document::Clear::new(),
            covered: Vec::new(),
            words: Words::new(&text).ok().map(Sealed::new),
        };
        let plain = PlainMessage { thread: id, number, author, at: START, words: text };
        let sort = i64::try_from(number).unwrap_or(i64::MAX);
        let keys = vec![Key::new("plain_message.thread", id, sort)];
        let at = MessageId::new(START).uuid();
        let decision = Decision::new("bench", START)
            .write(Draft::create(at, &sealed, sealed.keys()).expect("a message"))
            .write(Draft::create(at, &plain, keys).expect("a message"));
        town.app.store.commit(decision).await.expect("fresh");
    }
    id
}

async fn timed(client: &Client, path: &str) -> (f64, Value) {
    let started = Instant::now();
    let answer = client.get(path).await;
    let took = started.elapsed().as_secs_f64() * 1e6;
    (took, answer.ok())
}

pub async fn run(settings: &Settings) {
    let home = Home::new(Backend::Sqlite).await;
    let feed = Feed::default();
    let store = home.open_with(Some(Arc::new(feed.clone()) as Arc<dyn EventSink>)).await;
    let config = Config { units_per_minute: (10_000_000, 10_000_000), ..Config::default() };
    let town = Bare::with(Arc::new(store), feed, routes(), config, false).await;
    let (token, poster) = town.door.admit(&[], START);
    let (_, other) = town.door.admit(&[], START);
    let client = town.client().with_session(&token);
    let thread = talk(&town, (poster.party, other.party), settings.page).await;
    let paths = [
        format!("/v1/threads/{thread}/messages?limit={}", settings.page),
        AUDITED.replace("{id}", &thread.to_string()),
        BARE.replace("{id}", &thread.to_string()),
    ];
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for turn in 0..settings.turns {
        let mut answers = Vec::new();
        // Each comes first, second and last as often as the others: what waits for the disk depends on what was written before.
        for at in 0..paths.len() {
            let at = (turn + at) % paths.len();
            let (took, answer) = timed(&client, &paths[at]).await;
            times[at].push(took);
            answers.push(answer["items"].clone());
        }
        assert!(answers[0] == answers[1] && answers[1] == answers[2], "the same answer");
    }
    let [sealed, audited, bare] = times.map(median);
    let data = format!(
        "page of {} messages over loopback, SQLite, median of {}",
        settings.page, settings.turns
    );
    let peer = "the same route on plain documents, with the audit row";
    figure("whole request", "us", (sealed, audited), peer, data.clone());
    let peer = "the same route on plain documents, nothing audited";
    figure("whole request, audit included", "us", (sealed, bare), peer, data);
}
