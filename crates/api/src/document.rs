//! The OpenAPI document, made of the routes' facts and the schemas of their types.

use serde_json::{Map, Value, json};

use crate::{
    codes,
    spec::{Answer, Entry, Key, Spec},
};

/// Codes that any route may answer.
const ALWAYS: &[&str] = &[
    "auth_ambiguous",
    "session_expired",
    "key_revoked",
    "rate_limited",
    "overloaded",
    "internal",
    "not_acceptable",
    // A URL or header past its bound.
    "body_too_large",
];

/// The document of these routes.
pub fn document<'a>(specs: impl Iterator<Item = &'a Spec>) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    let mut specs: Vec<&Spec> = specs.collect();
    specs.sort_by_key(|spec| (spec.path(), spec.method().as_str()));
    for spec in specs {
        let item = paths.entry(spec.path()).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(spec.method().as_str().to_lowercase(), operation(spec, &mut schemas));
        }
    }
    schemas.insert("Problem".to_owned(), problem_schema());
    sorted(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Sarai",
            "version": "v1",
            "description": "A marketplace server with the law of data in its types. Rules that hold for every route are in docs/API.md.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-sarai"},
                "key": {"type": "http", "scheme": "bearer"}
            }
        }
    }))
}

fn operation(spec: &Spec, schemas: &mut Map<String, Value>) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), spec.id.into());
    operation.insert("summary".to_owned(), spec.title.into());
    operation.insert("tags".to_owned(), json!([tag(spec.path())]));
    operation.insert("parameters".to_owned(), Value::Array(parameters(spec, schemas)));
    if let Some(body) = body(spec, schemas) {
        operation.insert("requestBody".to_owned(), body);
    }
    operation.insert("responses".to_owned(), responses(spec, schemas));
    operation.insert("security".to_owned(), security(spec));
    let extensions = [
        ("x-sarai-relation", json!(spec.relation)),
        ("x-sarai-purpose", json!(spec.purpose)),
        ("x-sarai-audit", json!(spec.audit)),
        ("x-sarai-idempotency", json!(if spec.key == Key::Demanded { "key" } else { "none" })),
        ("x-sarai-cost", json!(spec.cost)),
        ("x-sarai-step-up", json!(spec.step_up)),
        ("x-sarai-problems", json!(problems(spec))),
    ];
    operation.extend(extensions.map(|(name, value)| (name.to_owned(), value)));
    if let Some(scope) = spec.scope {
        operation.insert("x-sarai-scope".to_owned(), scope.into());
    }
    Value::Object(operation)
}

fn tag(path: &str) -> &str {
    path.trim_start_matches("/v1/").split('/').find(|part| !part.is_empty()).unwrap_or("meta")
}

/// Every code that the route may answer, by name.
pub(crate) fn problems(spec: &Spec) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = ALWAYS.to_vec();
    found.extend_from_slice(spec.problems);
    let unsafe_method = spec.method().as_str() != "GET";
    let mut when = |holds: bool, codes: &[&'static str]| {
        if holds {
            found.extend_from_slice(codes);
        }
    };
    when(spec.entry != Entry::Anyone, &["unauthenticated", "scope_missing"]);
    when(matches!(spec.entry, Entry::Roles(_)), &["role_missing"]);
    when(spec.path().contains('{'), &["id_malformed", "not_found"]);
    when(unsafe_method, &["csrf_refused"]);
    when(!spec.goes_on_suspended(), &["blocked_by_directive"]);
    when(!spec.suspended_may, &["account_suspended"]);
    when(spec.step_up, &["step_up_required"]);
    when(spec.if_match, &["version_required", "version_mismatch"]);
    when(spec.query.is_some(), &["parameter_unknown"]);
    when(matches!(spec.answer.1, Answer::List(_)), &["cursor_invalid", "parameter_unknown"]);
    when(
        spec.body.is_some(),
        &[
            "body_malformed",
            "field_unknown",
            "validation_failed",
            "body_too_large",
            "media_type_refused",
        ],
    );
    when(!spec.media.is_empty(), &["body_malformed", "body_too_large", "media_type_refused"]);
    when(spec.purpose != "none", &["purpose_not_allowed", "consent_missing"]);
    when(
        spec.key == Key::Demanded,
        &[
            "idempotency_key_required",
            "idempotency_key_malformed",
            "idempotency_key_reused",
            "idempotency_in_progress",
            "busy_retry",
        ],
    );
    found.sort_unstable();
    found.dedup();
    found
}

fn parameters(spec: &Spec, schemas: &mut Map<String, Value>) -> Vec<Value> {
    let mut list: Vec<Value> = spec
        .path()
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "maxLength": 64}}))
        .collect();
    if let Some(query) = &spec.query {
        let own =
            query.schemas.iter().find(|(name, _)| *name == query.name).map(|(_, schema)| schema);
        let properties = own.and_then(|schema| schema.get("properties")).and_then(Value::as_object);
        let required = own.and_then(|schema| schema.get("required")).and_then(Value::as_array);
        for (name, schema) in properties.into_iter().flatten() {
            let needed = required.is_some_and(|names| names.iter().any(|needed| needed == name));
            list.push(
                json!({"name": name, "in": "query", "required": needed, "schema": plain(schema)}),
            );
        }
        let others = query.schemas.iter().filter(|(name, _)| *name != query.name);
        schemas.extend(others.cloned());
    }
    if spec.key == Key::Demanded {
        list.push(json!({"name": "Idempotency-Key", "in": "header", "required": true, "schema": {"type": "string", "pattern": "^\"[A-Za-z0-9_-]{16,64}\"$", "maxLength": 66}}));
    }
    if spec.if_match {
        list.push(json!({"name": "If-Match", "in": "header", "required": true, "schema": {"type": "string", "pattern": "^\"[0-9]{1,19}\\.[A-Za-z0-9_-]{1,32}\"$", "maxLength": 64}}));
    }
    list
}

/// A query parameter is absent, never `null`.
fn plain(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(kinds) = schema.get("type").and_then(Value::as_array) {
        let kind = kinds.iter().find(|kind| *kind != "null").cloned();
        if let (Some(kind), Some(members)) = (kind, schema.as_object_mut()) {
            members.insert("type".to_owned(), kind);
        }
    }
    let one = schema.get("oneOf").and_then(Value::as_array).and_then(|kinds| {
        kinds.iter().find(|kind| kind.get("type").is_none_or(|kind| kind != "null")).cloned()
    });
    one.unwrap_or(schema)
}

fn body(spec: &Spec, schemas: &mut Map<String, Value>) -> Option<Value> {
    if !spec.media.is_empty() {
        let content: Map<String, Value> =
            spec.media.iter().map(|media| ((*media).to_owned(), json!({}))).collect();
        return Some(json!({"required": true, "content": content}));
    }
    let shape = spec.body.as_ref()?;
    let patch = spec.method().as_str() == "PATCH";
    for (name, schema) in &shape.schemas {
        let schema = if patch { schema.clone() } else { without_null(schema.clone()) };
        let schema = if *name == shape.name { closed(schema) } else { schema };
        // A type that is also answered keeps the looser form that came first.
        schemas.entry(name.clone()).or_insert(schema);
    }
    Some(json!({"required": true, "content": {"application/json": {"schema": shape.reference()}}}))
}

/// The kinds of a tagged body take no member that they do not name: every body is read so.
fn closed(mut schema: Value) -> Value {
    for kind in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(kind) = kind.as_object_mut().filter(|kind| kind.contains_key("properties")) {
            kind.entry("additionalProperties").or_insert(Value::Bool(false));
        }
    }
    schema
}

/// Requests leave out what is not given: `null` is for merge patches.
fn without_null(mut schema: Value) -> Value {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for property in properties.values_mut() {
            *property = plain(property);
        }
    }
    schema
}

fn responses(spec: &Spec, schemas: &mut Map<String, Value>) -> Value {
    let mut found = Map::new();
    let (status, answer) = &spec.answer;
    let content = match answer {
        Answer::Empty => None,
        Answer::Bytes(media) => Some(json!({*media: {}})),
        Answer::Json(shape) => {
            schemas.extend(shape.schemas.iter().cloned());
            Some(json!({"application/json": {"schema": shape.reference()}}))
        }
        Answer::List(shape) => {
            schemas.extend(shape.schemas.iter().cloned());
            Some(json!({"application/json": {"schema": {
                "type": "object",
                "required": ["items", "next_cursor"],
                "properties": {
                    "items": {"type": "array", "items": shape.reference()},
                    "next_cursor": {"type": ["string", "null"]}
                }
            }}}))
        }
    };
    let mut success = json!({"description": "Done."});
    if let (Some(content), Some(members)) = (content, success.as_object_mut()) {
        members.insert("content".to_owned(), content);
    }
    found.insert(status.to_string(), success);
    if spec.method().as_str() == "GET" && matches!(answer, Answer::Json(_)) {
        found.insert(
            "304".to_owned(),
            json!({"description": "The caller has this version already."}),
        );
    }
    for code in problems(spec) {
        let status = codes::get(code).status.to_string();
        let words = found.entry(status).or_insert_with(|| {
            json!({"description": "", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}})
        });
        if let Some(Value::String(text)) = words.get_mut("description") {
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(code);
        }
    }
    Value::Object(found)
}

fn security(spec: &Spec) -> Value {
    let mut ways = Vec::new();
    if spec.entry == Entry::Anyone {
        ways.push(json!({}));
    }
    ways.push(json!({"session": []}));
    if spec.scope.is_some() {
        ways.push(json!({"key": []}));
    }
    Value::Array(ways)
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "description": "RFC 9457. Programs read code and errors, never text.",
        "required": ["type", "title", "status", "code", "detail", "instance", "retry", "errors"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "instance": {"type": "string"},
            "retry": {"type": "string", "enum": ["never", "same_key", "new_key", "after"]},
            "errors": {"type": "array", "items": {
                "type": "object",
                "required": ["pointer", "code", "params"],
                "properties": {"pointer": {"type": "string"}, "code": {"type": "string"}, "params": {"type": "object"}}
            }}
        }
    })
}

/// Members in alphabetical order, so that the document changes only where something changed.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        plain => plain,
    }
}
