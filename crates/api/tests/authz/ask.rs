//! How a route is asked: ids of things that somebody made, and the plainest body that its schema takes.

use std::collections::BTreeMap;

use http::Method;
use sarai_testkit::server::{Answer, Client, Town, yuan};
use serde_json::{Map, Value, json};

/// One route of the document.
pub struct Route {
    method: Method,
    path: String,
    operation: Value,
    schemas: Value,
}

/// Ids of things that somebody made, by the first words of a path.
pub struct Made(BTreeMap<&'static str, String>);

/// Every route of the document but the stream, which does not end.
pub fn routes() -> Vec<Route> {
    let document = sarai_api::openapi();
    let schemas = document["components"]["schemas"].clone();
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    let mut routes = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().cloned().unwrap_or_default() {
            let method = method.to_uppercase().parse().expect("a method");
            routes.push(Route { method, path: path.clone(), operation, schemas: schemas.clone() });
        }
    }
    routes
}

/// An id that is well-formed and was never given out.
fn nothing(prefix: &str) -> String {
    format!("{prefix}_01jd0000000000000000000000")
}

impl Made {
    /// A shipper's open loads, an order with a trucker, and what goes with them.
    pub async fn in_town(town: &Town) -> Self {
        let mut made = Self::nonsense();
        let shipper = town.shipper(yuan(100_000)).await;
        made.0.insert("/v1/parties", shipper.caller.party.to_string());
        if !has("POST", "/v1/freight/loads") {
            return made;
        }
        let trucker = town.trucker(yuan(10_000)).await;
        made.0.insert("/v1/freight/vehicles", trucker.1.to_string());
        let open = town.post_load(&shipper, yuan(4_000)).await;
        made.0.insert("/v1/freight/loads", open);
        let taken = town.post_load(&shipper, yuan(4_100)).await;
        let order = town.book(&trucker, &taken, yuan(4_100)).await;
        made.0.insert("/v1/freight/orders", order.clone());
        made.0.insert("/v1/orders", order);
        made
    }

    /// Nothing of it exists.
    pub fn nonsense() -> Self {
        let prefixes = [
            ("/v1/auth/sessions", "ses"),
            ("/v1/auth/factors", "fct"),
            ("/v1/me/exports", "req"),
            ("/v1/me/corrections", "cor"),
            ("/v1/me/consents", "cns"),
            ("/v1/parties", "pty"),
            ("/v1/verifications", "vrf"),
            ("/v1/files", "file"),
            ("/v1/freight/lanes", "lane"),
            ("/v1/freight/loads", "load"),
            ("/v1/freight/vehicles", "truck"),
            ("/v1/freight/offers", "offer"),
            ("/v1/freight/orders", "ord"),
            ("/v1/orders", "ord"),
            ("/v1/threads", "thr"),
            ("/v1/payments", "pay"),
            ("/v1/orgs", "org"),
            ("/v1/ops/verifications", "vrf"),
            ("/v1/ops/orders", "ord"),
            ("/v1/ops/parties", "pty"),
            ("/v1/ops/staff", "pty"),
            ("/v1/ops/money/approvals", "pay"),
            ("/v1/directives", "drv"),
            ("/v1/gate/authorities", "auk"),
            ("/v1/gate/recipients", "rcp"),
            ("/v1/gate/mechanisms", "mch"),
            ("/v1/gate/approvals", "apv"),
            ("/v1/gate/requests", "cor"),
            ("/v1/gate/breaches", "brc"),
        ];
        Self(prefixes.into_iter().map(|(path, prefix)| (path, nothing(prefix))).collect())
    }

    fn id(&self, path: &str, name: &str) -> String {
        match name {
            "whk" => nothing("whk"),
            "dlv" => nothing("dlv"),
            "key" => nothing("key"),
            "party" => nothing("pty"),
            "month" => "2026-11".to_owned(),
            "year" => "2026".to_owned(),
            "code" => "internal".to_owned(),
            _ => {
                let longest = self
                    .0
                    .iter()
                    .filter(|(start, _)| path.starts_with(**start))
                    .max_by_key(|(start, _)| start.len());
                longest.map_or_else(|| nothing("job"), |(_, id)| id.clone())
            }
        }
    }
}

fn has(method: &str, path: &str) -> bool {
    routes().iter().any(|route| route.method.as_str() == method && route.path == path)
}

impl Route {
    /// `METHOD path`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Its method.
    pub fn method(&self) -> Method {
        self.method.clone()
    }

    /// Its path with the names of what is filled in.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether its facts let anybody in.
    pub fn open_to_anyone(&self) -> bool {
        let ways = self.operation["security"].as_array();
        ways.is_some_and(|ways| ways.iter().any(|way| way.as_object().is_some_and(Map::is_empty)))
    }

    /// Whether its answer is one of ours: the OpenAPI document is held by a test of its own.
    pub fn has_fields(&self) -> bool {
        self.path.starts_with("/v1/") && self.path != "/v1/meta"
    }

    /// Whether its path names a thing of somebody.
    pub fn names_a_thing(&self) -> bool {
        self.path.contains("{id}")
    }

    /// Asks it.
    pub async fn ask(&self, client: &Client, made: &Made) -> Answer {
        let parts = self.path.split('/').map(|part| {
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some(name) => made.id(&self.path, name),
                None => part.to_owned(),
            }
        });
        let mut path = parts.collect::<Vec<_>>().join("/");
        let query = self.query();
        if !query.is_empty() {
            path = format!("{path}?{query}");
        }
        let mut call = client.call(self.method.clone(), path).page();
        if self.operation["x-sarai-idempotency"] == "key" {
            call = call.new_key();
        }
        if self.named("If-Match") {
            call = call.header("if-match", "\"1.x\"");
        }
        let content = &self.operation["requestBody"]["content"];
        if let Some(schema) = content.get("application/json").map(|content| &content["schema"]) {
            call = call.json(&self.plainest(schema, 0));
        } else if let Some(media) = content.as_object().and_then(|content| content.keys().next()) {
            call = call.raw(media, "x");
        }
        if self.path == "/v1/events/stream" {
            return match call.listen().await {
                Ok(_) => Answer {
                    status: http::StatusCode::OK,
                    headers: http::HeaderMap::new(),
                    body: bytes::Bytes::new(),
                },
                Err(refused) => refused,
            };
        }
        call.send().await
    }

    fn named(&self, header: &str) -> bool {
        self.operation["parameters"]
            .as_array()
            .is_some_and(|list| list.iter().any(|one| one["name"] == header))
    }

    /// Required query parameters with plain values.
    fn query(&self) -> String {
        let list = self.operation["parameters"].as_array().cloned().unwrap_or_default();
        let needed = list.iter().filter(|one| one["in"] == "query" && one["required"] == true);
        let pairs = needed.map(|one| {
            let value = match self.plainest(&one["schema"], 0) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            format!("{}={value}", one["name"].as_str().unwrap_or_default())
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    /// The plainest value that a schema takes.
    fn plainest(&self, schema: &Value, depth: usize) -> Value {
        if depth > 12 {
            return Value::Null;
        }
        if let Some(to) = schema["$ref"].as_str() {
            return self.plainest(
                &self.schemas[to.trim_start_matches("#/components/schemas/")],
                depth + 1,
            );
        }
        for name in ["oneOf", "anyOf"] {
            if let Some(first) = schema[name]
                .as_array()
                .and_then(|list| list.iter().find(|one| one["type"] != "null"))
            {
                return self.plainest(first, depth + 1);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = Map::new();
            for part in parts {
                whole.extend(
                    self.plainest(part, depth + 1).as_object().cloned().unwrap_or_default(),
                );
            }
            return Value::Object(whole);
        }
        if let Some(first) = schema["enum"].as_array().and_then(|list| list.first()) {
            return first.clone();
        }
        let kind = schema["type"].as_str().or_else(|| {
            schema["type"].as_array().and_then(|list| {
                list.iter().find_map(|kind| kind.as_str().filter(|kind| *kind != "null"))
            })
        });
        match kind {
            Some("string") => json!(text(schema)),
            Some("integer") => json!(schema["minimum"].as_i64().unwrap_or(1).max(1)),
            Some("number") => json!(1.5),
            Some("boolean") => json!(false),
            Some("array") => {
                let count = schema["minItems"].as_u64().unwrap_or(0);
                Value::Array(
                    (0..count).map(|_| self.plainest(&schema["items"], depth + 1)).collect(),
                )
            }
            _ => {
                let needed = schema["required"].as_array().cloned().unwrap_or_default();
                let members = needed.iter().filter_map(Value::as_str);
                Value::Object(
                    members
                        .map(|name| {
                            (name.to_owned(), self.plainest(&schema["properties"][name], depth + 1))
                        })
                        .collect(),
                )
            }
        }
    }
}

fn text(schema: &Value) -> String {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    if schema["format"] == "date-time" {
        return "2026-11-24T08:00:00.000Z".to_owned();
    }
    if let Some(prefix) = pattern
        .strip_prefix('^')
        .and_then(|rest| rest.split_once("_[0-7]"))
        .map(|(prefix, _)| prefix)
    {
        return nothing(prefix);
    }
    match pattern {
        "^[A-Z]{3}$" => "CNY".to_owned(),
        "^[A-Z]{2}$" => "CN".to_owned(),
        _ => "x"
            .repeat(usize::try_from(schema["minLength"].as_u64().unwrap_or(8).max(1)).unwrap_or(8)),
    }
}
