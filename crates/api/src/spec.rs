//! One row of facts for each route. The OpenAPI document, the rate limit, the demand for a key or version, the scope of API keys and
//! the in-flight class all follow from it, so that the document cannot say one thing and the server do another.

use std::sync::Arc;

use axum::{
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};
use sarai_kernel::Role;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::app::App;

/// Which crowd a route belongs to when too many requests are under way at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Reads and searches.
    Board,
    /// Ordinary writes.
    Post,
    /// Money: last to be shed.
    Money,
    /// Exports.
    Export,
    /// Streams: counted on their own.
    Stream,
}

/// What a route does with `Idempotency-Key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Demands it.
    Demanded,
    /// Takes no notice: reads, searches, quotes.
    Ignored,
}

/// Who may come in at all; the relation to the thing is asked further in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Anybody.
    Anyone,
    /// Signed in.
    SignedIn,
    /// Signed in with one of these roles.
    Roles(&'static [Role]),
}

/// A schema and those that it names.
#[derive(Debug, Clone)]
pub struct Shape {
    pub(crate) name: String,
    pub(crate) schemas: Vec<(String, Value)>,
}

impl Shape {
    /// The shape of a type.
    pub fn of<T: ToSchema>() -> Self {
        let mut found = Vec::new();
        found.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut found);
        let schemas = found
            .into_iter()
            .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or(Value::Null)));
        Self { name: T::name().into_owned(), schemas: schemas.collect() }
    }

    /// How the document points to it.
    pub(crate) fn reference(&self) -> Value {
        json!({ "$ref": format!("#/components/schemas/{}", self.name) })
    }
}

/// What a successful answer holds.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Nothing.
    Empty,
    /// JSON of this shape.
    Json(Shape),
    /// A list of this shape.
    List(Shape),
    /// Bytes of this media type.
    Bytes(&'static str),
}

/// The facts of one route.
#[derive(Debug, Clone)]
pub struct Spec {
    /// `operationId`: `freight_load_post`.
    pub id: &'static str,
    /// One line for people.
    pub title: &'static str,
    /// Who may come in.
    pub entry: Entry,
    /// Which relation to the thing is needed, in the words of the API document.
    pub relation: &'static str,
    /// Purpose under which sealed data is opened; `none`.
    pub purpose: &'static str,
    /// What goes into the audit log; `none`.
    pub audit: &'static str,
    /// What it does with the idempotency key.
    pub key: Key,
    /// Whether `If-Match` is demanded.
    pub if_match: bool,
    /// Whether a fresh second factor is demanded.
    pub step_up: bool,
    /// Cost in units of the rate limit.
    pub cost: u32,
    /// Crowd.
    pub class: Class,
    /// Scope that an API key needs; `None` keeps keys out.
    pub scope: Option<&'static str>,
    /// Codes beside those that follow from the other facts.
    pub problems: &'static [&'static str],
    /// Largest body in bytes.
    pub body_max: usize,
    /// Media types of a body that is not JSON.
    pub media: &'static [&'static str],
    /// Whether a suspended account may still use it.
    pub suspended_may: bool,
    pub(crate) body: Option<Shape>,
    pub(crate) query: Option<Shape>,
    pub(crate) answer: (u16, Answer),
    pub(crate) method: Method,
    pub(crate) path: &'static str,
}

/// Where the paths begin that go on while the service is suspended.
const GOES_ON: &[&str] = &[
    "/v1/auth",
    "/v1/me",
    "/v1/directives",
    "/v1/gate",
    "/v1/meta",
    "/openapi.json",
    "/problems",
    "/healthz",
];

/// Largest ordinary body: 256 KiB.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

impl Spec {
    fn new(method: Method, path: &'static str, id: &'static str, title: &'static str) -> Self {
        let reads = method == Method::GET;
        Self {
            id,
            title,
            entry: Entry::SignedIn,
            relation: "",
            purpose: "none",
            audit: "none",
            key: Key::Ignored,
            if_match: false,
            step_up: false,
            cost: 1,
            class: if reads { Class::Board } else { Class::Post },
            scope: None,
            problems: &[],
            body_max: BODY_BYTES_MAX,
            media: &[],
            suspended_may: reads,
            body: None,
            query: None,
            answer: (if method == Method::DELETE { 204 } else { 200 }, Answer::Empty),
            method,
            path,
        }
    }

    /// A route that reads.
    pub fn get(path: &'static str, id: &'static str, title: &'static str) -> Self {
        Self::new(Method::GET, path, id, title)
    }
    /// A command: demands an idempotency key and costs 5 unless said otherwise.
    pub fn post(path: &'static str, id: &'static str, title: &'static str) -> Self {
        let mut spec = Self::new(Method::POST, path, id, title);
        spec.key = Key::Demanded;
        spec.cost = 5;
        spec
    }
    /// A safe POST (search, quote): no key, costs 2.
    pub fn search(path: &'static str, id: &'static str, title: &'static str) -> Self {
        let mut spec = Self::new(Method::POST, path, id, title);
        spec.cost = 2;
        spec.class = Class::Board;
        spec.suspended_may = true;
        spec
    }
    /// A change of fields: demands `If-Match`.
    pub fn patch(path: &'static str, id: &'static str, title: &'static str) -> Self {
        let mut spec = Self::new(Method::PATCH, path, id, title);
        spec.if_match = true;
        spec.cost = 5;
        spec
    }
    /// Bytes put in place.
    pub fn put(path: &'static str, id: &'static str, title: &'static str) -> Self {
        let mut spec = Self::new(Method::PUT, path, id, title);
        spec.cost = 5;
        spec
    }
    /// A removal; answers 204.
    pub fn delete(path: &'static str, id: &'static str, title: &'static str) -> Self {
        let mut spec = Self::new(Method::DELETE, path, id, title);
        spec.cost = 5;
        spec
    }

    /// Open to anybody.
    #[must_use]
    pub fn anyone(mut self) -> Self {
        self.entry = Entry::Anyone;
        self.relation = "anon";
        self.suspended_may = true;
        self
    }
    /// Only with one of these roles.
    #[must_use]
    pub fn roles(mut self, roles: &'static [Role]) -> Self {
        self.entry = Entry::Roles(roles);
        self
    }
    /// Which relation to the thing is needed, in the words of the API document.
    #[must_use]
    pub fn relation(mut self, words: &'static str) -> Self {
        self.relation = words;
        self
    }
    /// Under which purpose sealed data is opened, and what the audit log says of it.
    #[must_use]
    pub fn opens(mut self, purpose: &'static str, audit: &'static str) -> Self {
        self.purpose = purpose;
        self.audit = audit;
        self
    }
    /// What the audit log says, where nothing sealed is opened.
    #[must_use]
    pub fn audited(mut self, audit: &'static str) -> Self {
        self.audit = audit;
        self
    }
    /// Takes no notice of an idempotency key.
    #[must_use]
    pub fn keyless(mut self) -> Self {
        self.key = Key::Ignored;
        self
    }
    /// Demands `If-Match`.
    #[must_use]
    pub fn versioned(mut self) -> Self {
        self.if_match = true;
        self
    }
    /// Demands a second factor not older than five minutes.
    #[must_use]
    pub fn step_up(mut self) -> Self {
        self.step_up = true;
        self
    }
    /// Cost in units of the rate limit.
    #[must_use]
    pub fn cost(mut self, units: u32) -> Self {
        self.cost = units;
        self
    }
    /// In which crowd it goes.
    #[must_use]
    pub fn class(mut self, class: Class) -> Self {
        self.class = class;
        self
    }
    /// API keys may use it with this scope.
    #[must_use]
    pub fn scope(mut self, scope: &'static str) -> Self {
        self.scope = Some(scope);
        self
    }
    /// Problem codes beside those that follow from the other facts.
    #[must_use]
    pub fn problems(mut self, codes: &'static [&'static str]) -> Self {
        self.problems = codes;
        self
    }
    /// The body's type.
    #[must_use]
    pub fn body<T: ToSchema>(mut self) -> Self {
        self.body = Some(Shape::of::<T>());
        self
    }
    /// The query parameters: the properties of a type.
    #[must_use]
    pub fn query<T: ToSchema>(mut self) -> Self {
        self.query = Some(Shape::of::<T>());
        self
    }
    /// A body that is not JSON: its media types and its largest size.
    #[must_use]
    pub fn bytes_in(mut self, media: &'static [&'static str], max: usize) -> Self {
        self.media = media;
        self.body_max = max;
        self
    }
    /// Largest body in bytes.
    #[must_use]
    pub fn body_max(mut self, max: usize) -> Self {
        self.body_max = max;
        self
    }
    /// A suspended account may still do it (appeal, leave).
    #[must_use]
    pub fn suspended_may(mut self) -> Self {
        self.suspended_may = true;
        self
    }
    /// Status and shape of success.
    #[must_use]
    pub fn answers<T: ToSchema>(mut self, status: u16) -> Self {
        self.answer = (status, Answer::Json(Shape::of::<T>()));
        self
    }
    /// A list of this shape.
    #[must_use]
    pub fn lists<T: ToSchema>(mut self) -> Self {
        self.answer = (200, Answer::List(Shape::of::<T>()));
        self
    }
    /// Success is this status without a body.
    #[must_use]
    pub fn answers_empty(mut self, status: u16) -> Self {
        self.answer = (status, Answer::Empty);
        self
    }
    /// Success is bytes of this media type.
    #[must_use]
    pub fn answers_bytes(mut self, media: &'static str) -> Self {
        self.answer = (200, Answer::Bytes(media));
        self
    }

    /// Whether it goes on while the service is suspended by an order: signing in, own data, appeals, directives, the privacy officer's
    /// desk, and what explains the rest. Everything else answers 451.
    pub fn goes_on_suspended(&self) -> bool {
        self.path != "/v1/me/roles"
            && GOES_ON
                .iter()
                .any(|start| self.path == *start || self.path.starts_with(&format!("{start}/")))
    }

    /// Its method.
    pub fn method(&self) -> &Method {
        &self.method
    }
    /// Its path template.
    pub fn path(&self) -> &'static str {
        self.path
    }
}

/// Routes with their facts, before they are mounted.
#[derive(Default)]
pub struct Routes {
    pub(crate) rows: Vec<(Arc<Spec>, MethodRouter<Arc<App>>)>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Add a route: its facts and its handler.
    #[must_use]
    pub fn add<H, T>(mut self, spec: Spec, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(spec.method.clone()).unwrap_or(MethodFilter::GET);
        self.rows.push((Arc::new(spec), on(filter, handler)));
        self
    }

    /// Add the routes of another room.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self
    }

    /// The facts of all routes.
    pub fn specs(&self) -> impl Iterator<Item = &Spec> {
        self.rows.iter().map(|(spec, _)| spec.as_ref())
    }
}
