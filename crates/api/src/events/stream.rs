//! `GET /v1/events/stream`: Server-Sent Events with resume. Asks who is listening again and again; cuts whoever falls behind.

use std::{
    collections::HashMap,
    convert::Infallible,
    future::pending,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use sarai_kernel::{Caller, Event, PartyId};
use serde::Deserialize;
use tokio::{
    sync::{broadcast, mpsc},
    time::{Instant, Interval, MissedTickBehavior, interval_at},
};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};
use utoipa::ToSchema;

use super::{BACK_EVENTS_MAX, BACK_MICROS_MAX, Envelope, READ_AT_ONCE, Topics, board, list::Place};
use crate::{
    app::{App, Ctx},
    cursor::CursorScope,
    guard::address,
    params::Query,
    problem::Problem,
    who::{Anybody, identify},
};

/// Messages that a reader may be behind before it is cut.
pub const BUFFER: usize = 256;
/// A sign of life for proxies.
pub const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often the session is asked for: a revoked one ends its streams within a second.
pub const RECHECK: Duration = Duration::from_millis(800);
/// Life of a stream, give or take [`LIFE_SPREAD_SECONDS`].
pub const LIFE_SECONDS: u64 = 15 * 60;
/// So that streams do not all come back at once.
pub const LIFE_SPREAD_SECONDS: u64 = 2 * 60;
/// Streams of one session.
pub const STREAMS_PER_SESSION: usize = 3;
/// Streams of one account, and of one address without a session.
pub const STREAMS_PER_ACCOUNT: usize = 20;
/// How long a reader may take to read what it asked to resume.
const CATCH_UP_SECONDS_MAX: u64 = 30;

/// Which events.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StreamQuery {
    /// `orders`, `threads`, `wallet`, `me`, `board:public`, `board:<lane id>`, separated by commas.
    #[schema(max_length = 2048)]
    topics: Option<String>,
}

pub(super) async fn stream(
    State(app): Ctx,
    anybody: Anybody,
    headers: HeaderMap,
    Query(query): Query<StreamQuery>,
) -> Result<Response, Problem> {
    let topics = Topics::parse(query.topics.as_deref())?;
    let open_board = app.config.public_board && !topics.own();
    if anybody.caller.is_none() && !open_board {
        return Err(Problem::new("unauthenticated"));
    }
    let place = app.streams.enter(&anybody)?;
    let resume =
        headers.get("last-event-id").map(|line| line.to_str().unwrap_or_default().to_owned());
    let scope = CursorScope::new("event_stream", anybody.principal(), &());
    let (out, body) = mpsc::channel(BUFFER);
    let listener = Listener {
        live: app.feed.subscribe(),
        board: app.board.subscribe(),
        identity: Identity::of(&anybody, &headers),
        seen: 0,
        app,
        topics,
        scope,
        out,
    };
    tokio::spawn(async move {
        let _place = place;
        let mut listener = listener;
        // However it ends, the reader comes back with its last id.
        let _ = listener.run(resume).await;
    });
    let frames = ReceiverStream::new(body).map(Ok::<Bytes, Infallible>);
    let mut response = Body::from_stream(frames).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// What is needed to ask again who is listening.
struct Identity {
    caller: Option<Caller>,
    headers: HeaderMap,
    address: Option<IpAddr>,
}

impl Identity {
    fn of(anybody: &Anybody, headers: &HeaderMap) -> Self {
        let mut kept = HeaderMap::new();
        for name in [header::COOKIE, header::AUTHORIZATION] {
            for value in headers.get_all(&name) {
                kept.append(name.clone(), value.clone());
            }
        }
        Self { caller: anybody.caller.clone(), headers: kept, address: anybody.address }
    }

    fn party(&self) -> Option<PartyId> {
        self.caller.as_ref().map(|caller| caller.party)
    }

    /// Whether the same caller still holds the same session or key. A store that does not answer is a no.
    async fn holds(&self, app: &App) -> bool {
        let Some(caller) = &self.caller else { return true };
        let found = identify(app, &self.headers, self.address, app.clock.now()).await;
        matches!(found, Ok(Some(present)) if present.party == caller.party && present.session() == caller.session() && !present.suspended)
    }
}

/// Why a stream ended.
enum End {
    /// The reader is gone or too slow.
    Cut,
    /// It lived long enough, or the session did not.
    Over,
}

struct Listener {
    app: Arc<App>,
    topics: Topics,
    scope: CursorScope,
    identity: Identity,
    live: broadcast::Receiver<Arc<Event>>,
    board: broadcast::Receiver<board::Changed>,
    out: mpsc::Sender<Bytes>,
    /// Place of the last event that was sent or passed over.
    seen: i64,
}

impl Listener {
    async fn run(&mut self, resume: Option<String>) -> Result<(), End> {
        self.say("retry: 2000\n\n".to_owned())?;
        self.begin(resume).await?;
        let end = Instant::now() + Duration::from_secs(life_seconds());
        let (mut beat, mut recheck) = (every(HEARTBEAT), every(RECHECK));
        let (own, public) = (self.topics.own(), self.topics.public_board());
        loop {
            tokio::select! {
                () = self.out.closed() => return Err(End::Cut),
                () = tokio::time::sleep_until(end) => return Err(End::Over),
                _ = beat.tick() => { let id = self.id(self.seen)?; self.say(format!("{id}:hb\n\n"))?; }
                _ = recheck.tick() => {
                    let ordered = self.app.gate.orders().service(self.app.clock.now()).is_err();
                    if ordered || !self.identity.holds(&self.app).await { return Err(End::Over); }
                }
                event = next(&mut self.live, own) => self.hear(event).await?,
                change = next(&mut self.board, public) => self.hear_board(change)?,
            }
        }
    }

    /// Catches up from the reader's last id, or starts now.
    async fn begin(&mut self, resume: Option<String>) -> Result<(), End> {
        let last = self.app.store.last_event().await.map_err(|_| End::Over)?;
        let Some(token) = resume else {
            self.seen = last;
            let id = self.id(last)?;
            return self.say(format!("{id}\n"));
        };
        let place = self.app.cursors.try_open::<Place>(&self.scope, &token, self.app.clock.now());
        match place {
            Some(Place(at)) if at <= last && last - at <= BACK_EVENTS_MAX => {
                self.seen = at;
                let reading = self.catch_up();
                let limit = Duration::from_secs(CATCH_UP_SECONDS_MAX);
                tokio::time::timeout(limit, reading).await.unwrap_or(Err(End::Cut))
            }
            _ => {
                self.seen = last;
                self.reset()
            }
        }
    }

    async fn catch_up(&mut self) -> Result<(), End> {
        let mut board: Vec<Arc<Event>> = Vec::new();
        loop {
            let page = self
                .app
                .store
                .events_after(self.seen, READ_AT_ONCE)
                .await
                .map_err(|_| End::Over)?;
            let full = page.len() == READ_AT_ONCE as usize;
            for event in page {
                self.seen = event.global_seq;
                let event = Arc::new(event);
                if let Some(frame) = self.frame(&event)? {
                    self.out.send(frame).await.map_err(|_| End::Cut)?;
                }
                if event.on_board && self.topics.public_board() {
                    board.push(event);
                }
            }
            if !full {
                break;
            }
        }
        if board.len() > board::IDS_MAX {
            return self.reset();
        }
        if board.is_empty() {
            let id = self.id(self.seen)?;
            return self.say(format!("{id}\n"));
        }
        self.hear_board(Ok(board::changed(&board, self.app.clock.as_ref())))
    }

    async fn hear(
        &mut self,
        event: Result<Arc<Event>, broadcast::error::RecvError>,
    ) -> Result<(), End> {
        match event {
            Ok(event) if event.global_seq <= self.seen => Ok(()),
            Ok(event) => {
                self.seen = event.global_seq;
                // News about the account itself may be that it may not listen any more.
                let about_account = event.kind.starts_with("kernel.session.")
                    || event.kind.starts_with("kernel.party.");
                if about_account && self.is_mine(&event) && !self.identity.holds(&self.app).await {
                    return Err(End::Over);
                }
                match self.frame(&event)? {
                    Some(frame) => self.push(frame),
                    None => Ok(()),
                }
            }
            Err(broadcast::error::RecvError::Lagged(_)) => self.cut(),
            Err(broadcast::error::RecvError::Closed) => Err(End::Over),
        }
    }

    fn hear_board(
        &mut self,
        change: Result<board::Changed, broadcast::error::RecvError>,
    ) -> Result<(), End> {
        match change {
            Ok(change) => {
                self.seen = self.seen.max(change.global_seq);
                let id = self.id(self.seen)?;
                self.say(format!("{id}{}", change.lines))
            }
            Err(broadcast::error::RecvError::Lagged(_)) => self.cut(),
            Err(broadcast::error::RecvError::Closed) => Err(End::Over),
        }
    }

    fn is_mine(&self, event: &Event) -> bool {
        self.identity.party().is_some_and(|party| event.is_for(party))
    }

    /// The event's frame, if the listener may see and wants it now.
    fn frame(&self, event: &Event) -> Result<Option<Bytes>, End> {
        if !self.is_mine(event) || !self.topics.wants(event) {
            return Ok(None);
        }
        let id = self.id(event.global_seq)?;
        let data = serde_json::to_string(&Envelope::from(event)).map_err(|_| End::Over)?;
        Ok(Some(Bytes::from(format!("{id}event: {}\ndata: {data}\n\n", event.kind))))
    }

    fn id(&self, at: i64) -> Result<String, End> {
        let now = self.app.clock.now();
        let token = self.app.cursors.seal_for(&self.scope, &Place(at), now, BACK_MICROS_MAX);
        token.map(|token| format!("id: {token}\n")).map_err(|_| End::Over)
    }

    fn reset(&mut self) -> Result<(), End> {
        let id = self.id(self.seen)?;
        self.say(format!("{id}event: reset\ndata: {{}}\n\n"))
    }

    /// Too slow: told to fetch again, if there is room even for that.
    fn cut(&mut self) -> Result<(), End> {
        let _ = self.reset();
        Err(End::Cut)
    }

    fn say(&mut self, text: String) -> Result<(), End> {
        self.push(Bytes::from(text))
    }

    fn push(&mut self, frame: Bytes) -> Result<(), End> {
        self.out.try_send(frame).map_err(|_| End::Cut)
    }
}

/// The next message, or never where none is wanted.
async fn next<M: Clone>(
    from: &mut broadcast::Receiver<M>,
    wanted: bool,
) -> Result<M, broadcast::error::RecvError> {
    if wanted { from.recv().await } else { pending().await }
}

fn every(period: Duration) -> Interval {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

fn life_seconds() -> u64 {
    let mut random = [0u8; 2];
    // Without randomness all streams end after the same time, which only costs a burst.
    let _ = getrandom::fill(&mut random);
    LIFE_SECONDS - LIFE_SPREAD_SECONDS
        + u64::from(u16::from_le_bytes(random)) % (2 * LIFE_SPREAD_SECONDS)
}

/// Streams that are open, by session and account or by address.
#[derive(Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<String, usize>>>);

/// A place among the open streams; given back when dropped.
pub(crate) struct StreamPlace {
    keys: Vec<String>,
    open: Arc<Mutex<HashMap<String, usize>>>,
}

impl Streams {
    fn enter(&self, anybody: &Anybody) -> Result<StreamPlace, Problem> {
        let wanted = match &anybody.caller {
            Some(caller) => {
                let session =
                    caller.session().map(|session| (session.to_string(), STREAMS_PER_SESSION));
                let account = Some((caller.party.to_string(), STREAMS_PER_ACCOUNT));
                session.into_iter().chain(account).collect()
            }
            None => vec![(address::key(anybody.address), STREAMS_PER_ACCOUNT)],
        };
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if wanted.iter().any(|(key, max)| open.get(key).is_some_and(|count| count >= max)) {
            return Err(Problem::new("too_many_streams").after(5));
        }
        for (key, _) in &wanted {
            *open.entry(key.clone()).or_default() += 1;
        }
        metrics::gauge!("sarai_streams").increment(1.0);
        let keys = wanted.into_iter().map(|(key, _): (String, usize)| key).collect();
        Ok(StreamPlace { keys, open: Arc::clone(&self.0) })
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.keys {
            if let Some(count) = open.get_mut(key) {
                *count -= 1;
                if *count == 0 {
                    open.remove(key);
                }
            }
        }
        metrics::gauge!("sarai_streams").decrement(1.0);
    }
}
