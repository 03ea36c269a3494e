//! A client that behaves like our own page: keeps cookies, makes idempotency keys, says that it comes from the same site.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client as Http, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use uuid::Uuid;

/// A page's view of the server. Clones share cookies and connections.
#[derive(Clone)]
pub struct Client {
    http: Http<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    bearer: Option<String>,
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Status and problem code in one: `(409, "already_taken")`; the code is empty on success.
    pub fn verdict(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["code"].as_str().unwrap_or_default().to_owned())
    }

    /// A header as text; empty where it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The JSON of a success; panics with the answer otherwise.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(
            self.status.is_success(),
            "{} {}",
            self.status,
            String::from_utf8_lossy(&self.body)
        );
        self.json()
    }
}

/// A request that is being put together.
pub struct Call<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Client {
    /// A client without a session.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            http: Http::builder(TokioExecutor::new()).build_http(),
            address,
            cookies: Arc::default(),
            bearer: None,
        }
    }

    /// With this session token.
    #[must_use]
    pub fn with_session(self, token: &str) -> Self {
        self.cookies().insert("sarai".to_owned(), token.to_owned());
        self
    }

    /// The session's token.
    pub fn session(&self) -> Option<String> {
        self.cookies().get("sarai").cloned()
    }

    /// With this API key instead of cookies.
    #[must_use]
    pub fn with_key(mut self, secret: &str) -> Self {
        self.bearer = Some(secret.to_owned());
        self
    }

    fn cookies(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request that brings only what is said.
    pub fn call(&self, method: Method, path: impl Into<String>) -> Call<'_> {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Call { client: self, method, path: path.into(), headers, body }
    }

    /// Reads.
    pub async fn get(&self, path: impl Into<String>) -> Answer {
        self.call(Method::GET, path).send().await
    }

    /// Commands, as a page does: same site, a new key.
    pub async fn post(&self, path: impl Into<String>, body: Value) -> Answer {
        self.call(Method::POST, path).page().new_key().json(&body).send().await
    }

    /// Commands on a version that was seen.
    pub async fn act(&self, path: impl Into<String>, body: Value, etag: &str) -> Answer {
        let call = self.call(Method::POST, path).page().new_key();
        call.header("if-match", etag).json(&body).send().await
    }

    /// Changes fields of a version that was seen.
    pub async fn patch(&self, path: impl Into<String>, body: Value, etag: &str) -> Answer {
        self.call(Method::PATCH, path).page().header("if-match", etag).json(&body).send().await
    }

    /// Removes.
    pub async fn delete(&self, path: impl Into<String>) -> Answer {
        self.call(Method::DELETE, path).page().send().await
    }

    /// Listens; `last` resumes.
    pub async fn listen(
        &self,
        path: impl Into<String>,
        last: Option<&str>,
    ) -> Result<Frames, Answer> {
        let mut call = self.call(Method::GET, path);
        if let Some(last) = last {
            call = call.header("last-event-id", last);
        }
        call.listen().await
    }
}

impl Call<'_> {
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        self.headers.append(name, HeaderValue::from_str(value).expect("a header's value"));
        self
    }

    /// Comes from our own page.
    #[must_use]
    pub fn page(self) -> Self {
        self.header("sec-fetch-site", "same-origin")
    }

    /// With an idempotency key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", &format!("\"{key}\""))
    }

    /// With a new idempotency key.
    #[must_use]
    pub fn new_key(self) -> Self {
        self.key(&Uuid::new_v4().to_string())
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    /// With bytes as a body.
    #[must_use]
    pub fn raw(mut self, media: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        if self.headers.contains_key(header::CONTENT_TYPE) {
            self
        } else {
            self.header("content-type", media)
        }
    }

    fn request(&self) -> Request<Full<Bytes>> {
        let uri = format!("http://{}{}", self.client.address, self.path);
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(uri)
            .body(Full::new(self.body.clone()))
            .expect("a request");
        *request.headers_mut() = self.headers.clone();
        let cookies: Vec<String> =
            self.client.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if let Some(secret) = &self.client.bearer {
            let value = HeaderValue::from_str(&format!("Bearer {secret}")).expect("a secret");
            request.headers_mut().insert(header::AUTHORIZATION, value);
        } else if !cookies.is_empty() && !self.headers.contains_key(header::COOKIE) {
            let value = HeaderValue::from_str(&cookies.join("; ")).expect("cookies");
            request.headers_mut().insert(header::COOKIE, value);
        }
        request
    }

    /// Sends it and reads the answer whole.
    pub async fn send(self) -> Answer {
        let answered = self.client.http.request(self.request()).await.expect("the server answers");
        self.client.keep_cookies(answered.headers());
        let (parts, body) = answered.into_parts();
        let body = body.collect().await.expect("the answer ends").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends it; `None` where the server went away before it had answered whole.
    pub async fn try_send(self) -> Option<Answer> {
        let answered = self.client.http.request(self.request()).await.ok()?;
        self.client.keep_cookies(answered.headers());
        let (parts, body) = answered.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        Some(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// Sends it and listens to the stream; a refusal comes back as an answer.
    pub async fn listen(self) -> Result<Frames, Answer> {
        let answered = self.client.http.request(self.request()).await.expect("the server answers");
        if answered.status() == StatusCode::OK {
            return Ok(Frames { body: answered.into_body(), text: String::new() });
        }
        let (parts, body) = answered.into_parts();
        let body = body.collect().await.expect("the answer ends").to_bytes();
        Err(Answer { status: parts.status, headers: parts.headers, body })
    }
}

impl Client {
    fn keep_cookies(&self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let text = line.to_str().unwrap_or_default();
            let (name, value) =
                text.split(';').next().and_then(|pair| pair.split_once('=')).unwrap_or_default();
            if value.is_empty() {
                self.cookies().remove(name);
            } else {
                self.cookies().insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// One frame of an event stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// `id:`
    pub id: String,
    /// `event:`
    pub event: String,
    /// `data:`
    pub data: String,
}

impl Frame {
    /// The data as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or(Value::Null)
    }
}

/// An event stream that is being read.
pub struct Frames {
    body: hyper::body::Incoming,
    text: String,
}

/// How long a frame is waited for.
const FRAME_WAIT: Duration = Duration::from_secs(5);

impl Frames {
    /// The next frame of any kind; `None` when the stream has ended.
    pub async fn next_raw(&mut self) -> Option<Frame> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                return Some(parse(&block));
            }
            let frame = self.body.frame().await?.ok()?;
            let data = frame.into_data().unwrap_or_default();
            self.text.push_str(std::str::from_utf8(&data).expect("UTF-8"));
        }
    }

    /// The next event; `None` when the stream has ended. Panics after five seconds of silence.
    pub async fn next(&mut self) -> Option<Frame> {
        let reading = async {
            loop {
                let frame = self.next_raw().await?;
                if !frame.event.is_empty() {
                    return Some(frame);
                }
            }
        };
        tokio::time::timeout(FRAME_WAIT, reading).await.expect("an event within five seconds")
    }

    /// The next id that the server names, with an event or alone.
    pub async fn next_id(&mut self) -> String {
        loop {
            let frame = self.next_raw().await.expect("the stream goes on");
            if !frame.id.is_empty() {
                return frame.id;
            }
        }
    }
}

fn parse(block: &str) -> Frame {
    let mut frame = Frame::default();
    for line in block.lines() {
        if let Some((name, value)) = line.split_once(": ") {
            match name {
                "id" => frame.id = value.to_owned(),
                "event" => frame.event = value.to_owned(),
                "data" => frame.data.push_str(value),
                _ => {}
            }
        }
    }
    frame
}
