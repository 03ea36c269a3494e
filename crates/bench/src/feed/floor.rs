//! The floor: what a broadcast into a stream costs by itself.

use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Body, extract::State, response::Response, routing::get};
use sarai_testkit::server::{Client, serve};
use tokio::sync::{Barrier, broadcast};

use super::{Settings, Taken, between};

const LATEST: Duration = Duration::from_secs(10);

async fn stream(State(events): State<broadcast::Sender<usize>>) -> Response {
    let frames =
        futures::stream::unfold((events.subscribe(), true), |(mut events, first)| async move {
            // The first frame says that the listener is there.
            let text = if first {
                "id: begin\n\n".to_owned()
            } else {
                let number = events.recv().await.ok()?;
                format!("id: {number}\nevent: posted\ndata: {{\"listing\":{number}}}\n\n")
            };
            Some((Ok::<_, Infallible>(text), (events, false)))
        });
    let mut response = Response::new(Body::from_stream(frames));
    response.headers_mut().insert("content-type", "text/event-stream".parse().expect("a header"));
    response
}

pub async fn run(settings: &Settings) -> Taken {
    let (events, _) = broadcast::channel(8_192);
    let router = Router::new().route("/stream", get(stream)).with_state(events.clone());
    let (address, serving) = serve(router).await;
    let ready = Arc::new(Barrier::new(settings.listeners + 1));
    let listeners: Vec<_> = (0..settings.listeners)
        .map(|_| tokio::spawn(listen(Client::new(address), settings.posts(), Arc::clone(&ready))))
        .collect();
    ready.wait().await;
    let mut ticks = tokio::time::interval(settings.period());
    let mut sent = Vec::new();
    for number in 0..settings.posts() {
        ticks.tick().await;
        events.send(number).expect("somebody listens");
        sent.push(Instant::now());
    }
    let mut each = Vec::new();
    for listener in listeners {
        let seen = listener.await.expect("a listener that does not panic");
        each.extend(seen.into_iter().map(|(number, at)| between(sent[number], at)));
    }
    serving.abort();
    Taken::of(each, settings.posts() * settings.listeners)
}

async fn listen(client: Client, wanted: usize, ready: Arc<Barrier>) -> Vec<(usize, Instant)> {
    let opened = client.listen("/stream", None).await;
    let mut frames = opened.unwrap_or_else(|answer| panic!("no stream: {}", answer.status));
    frames.next_id().await;
    ready.wait().await;
    let mut seen = Vec::new();
    while seen.len() < wanted {
        let Ok(Some(frame)) = tokio::time::timeout(LATEST, frames.next_raw()).await else { break };
        let at = Instant::now();
        if let Ok(number) = frame.id.parse() {
            seen.push((number, at));
        }
    }
    seen
}
