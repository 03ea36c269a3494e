//! Bodies: one JSON object, strictly. Unknown fields, duplicate keys, depth, sizes and wrong values are refused by name.

use std::{fmt, sync::Arc, time::Duration};

use axum::{
    body::to_bytes,
    extract::{FromRequest, Request},
    http::header,
};
use bytes::Bytes;
use sarai_kernel::{FieldError, Refusal};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, DeserializeOwned, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};
use utoipa::{PartialSchema, ToSchema};

use crate::{
    app::App,
    problem::Problem,
    spec::{BODY_BYTES_MAX, Spec},
};

/// Deepest nesting of a body.
pub const DEPTH_MAX: usize = 16;
/// Longest array of a body.
pub const ARRAY_MAX: usize = 1_000;
/// Longest string of a body in characters.
pub const STRING_MAX: usize = 4_000;
/// How long a body may take to arrive.
pub const READ_SECONDS_MAX: u64 = 10;

/// A strict JSON body of a search, quote or other keyless request.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Problem> {
        let value = read(request, Nulls::Absent).await?;
        typed(value).map(Self)
    }
}

/// Raw bytes of a body that is not JSON, of a media type that the route declares.
#[derive(Debug)]
pub struct Raw {
    /// The declared media type.
    pub media: String,
    /// The bytes.
    pub bytes: Bytes,
}

impl FromRequest<Arc<App>> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Problem> {
        let declared = request.extensions().get::<Arc<Spec>>().map_or(&[][..], |spec| spec.media);
        let media = media_type(&request);
        if !declared.contains(&media.as_str()) {
            return Err(Problem::new("media_type_refused"));
        }
        Ok(Self { media, bytes: bytes(request).await? })
    }
}

/// What `null` means in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// Not given: the member is dropped before anything else looks at it.
    Absent,
    /// Clear the field: in a merge patch.
    Clear,
}

/// A field of a merge patch: left alone, cleared, or set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Clearable<T> {
    /// Not given.
    #[default]
    Absent,
    /// `null`: clear it.
    Clear,
    /// Set it.
    Set(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Clearable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}
impl<T: PartialSchema> PartialSchema for Clearable<T> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        T::schema()
    }
}
impl<T: ToSchema> ToSchema for Clearable<T> {}

/// A body without members: `{}`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

fn media_type(request: &Request) -> String {
    let line = request.headers().get(header::CONTENT_TYPE).and_then(|line| line.to_str().ok());
    line.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

async fn bytes(request: Request) -> Result<Bytes, Problem> {
    let max = request.extensions().get::<Arc<Spec>>().map_or(BODY_BYTES_MAX, |spec| spec.body_max);
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|line| line.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > max) {
        return Err(Problem::new("body_too_large").with("bytes_max", max));
    }
    let reading = to_bytes(request.into_body(), max);
    match tokio::time::timeout(Duration::from_secs(READ_SECONDS_MAX), reading).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_length_limit(&error) => {
            Err(Problem::new("body_too_large").with("bytes_max", max))
        }
        Ok(Err(_)) | Err(_) => Err(Problem::new("body_malformed")),
    }
}

fn is_length_limit(error: &axum::Error) -> bool {
    use std::error::Error;
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        source = cause.source();
    }
    false
}

/// Reads one strict JSON object.
pub(crate) async fn read(request: Request, nulls: Nulls) -> Result<Value, Problem> {
    let media = media_type(&request);
    let fine = media == "application/json"
        || (nulls == Nulls::Clear && media == "application/merge-patch+json");
    if !fine {
        return Err(Problem::new("media_type_refused"));
    }
    parse(&bytes(request).await?, nulls)
}

/// Parses one strict JSON object.
pub(crate) fn parse(bytes: &[u8], nulls: Nulls) -> Result<Value, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut value =
        Strict { depth: 0 }.deserialize(&mut reader).map_err(|_| Problem::new("body_malformed"))?;
    reader.end().map_err(|_| Problem::new("body_malformed"))?;
    if !value.is_object() {
        return Err(Problem::new("body_malformed"));
    }
    if nulls == Nulls::Absent {
        drop_nulls(&mut value);
    }
    let mut errors = Vec::new();
    bounds(&value, &mut String::new(), nulls, &mut errors);
    if errors.is_empty() { Ok(value) } else { Err(Refusal::invalid(errors).into()) }
}

/// The typed request in a strict value; what is wrong is named by its pointer and never repeated.
pub(crate) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = pointer(error.path());
        let words = error.inner().to_string();
        // serde's words are our own for known fields; of an unknown field they hold the input, which is dropped here.
        if words.starts_with("unknown field") {
            return Problem::new("field_unknown");
        }
        let (pointer, code) = if let Some(rest) = words.strip_prefix("missing field `") {
            let name = rest.split('`').next().unwrap_or_default();
            (format!("{pointer}/{name}"), "required")
        } else if words.starts_with("unknown variant") {
            (pointer, "not_in_list")
        } else if words.contains("out of bounds") || words.starts_with("invalid value: integer") {
            (pointer, "out_of_range")
        } else {
            (pointer, "pattern")
        };
        Problem::field(pointer, code)
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escape(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

fn escape(key: &str) -> String {
    let short: String = key.chars().take(64).collect();
    short.replace('~', "~0").replace('/', "~1")
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

fn bounds(value: &Value, at: &mut String, nulls: Nulls, errors: &mut Vec<FieldError>) {
    match value {
        Value::Null if nulls == Nulls::Absent => {
            errors.push(FieldError::new(at.clone(), "required"))
        }
        Value::String(text) if text.chars().count() > STRING_MAX => {
            errors.push(FieldError::new(at.clone(), "too_long").with("max", STRING_MAX));
        }
        Value::Array(items) if items.len() > ARRAY_MAX => {
            errors.push(FieldError::new(at.clone(), "too_long").with("max", ARRAY_MAX));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                within(at, &index.to_string(), |at| bounds(item, at, nulls, errors));
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                within(at, &escape(name), |at| bounds(item, at, nulls, errors));
            }
        }
        _ => {}
    }
}

fn within(at: &mut String, step: &str, run: impl FnOnce(&mut String)) {
    let length = at.len();
    at.push('/');
    at.push_str(step);
    run(at);
    at.truncate(length);
}

/// Reads a value and refuses duplicate keys and deep nesting on the way.
struct Strict {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Strict {
    fn deeper<E: de::Error>(&self) -> Result<Self, E> {
        if self.depth >= DEPTH_MAX {
            return Err(E::custom("too deep"));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        serde_json::Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not finite"))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.deeper()?)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(self.deeper()?)?;
            if map.insert(name, value).is_some() {
                return Err(de::Error::custom("duplicate key"));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        name: String,
        #[serde(default)]
        parts: Vec<Part>,
    }
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Part {
        kind: Kind,
        count: u8,
    }
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Bolt,
    }

    fn refusal(text: &str) -> (String, Vec<(String, &'static str)>) {
        let problem = parse(text.as_bytes(), Nulls::Absent)
            .and_then(typed::<Thing>)
            .expect_err("must be refused");
        let errors =
            problem.refusal().errors.iter().map(|error| (error.pointer.clone(), error.code));
        (problem.code().to_owned(), errors.collect())
    }

    #[test]
    fn what_is_not_one_clean_object_is_not_understood() {
        let deep = format!("{{\"name\":{}1{}}}", "[".repeat(16), "]".repeat(16));
        for text in [
            "",
            "[]",
            "\"x\"",
            "{\"name\":\"a\",\"name\":\"b\"}",
            "{\"name\":NaN}",
            "{} {}",
            "{\"name\":1e999}",
            "\u{feff}{}",
            deep.as_str(),
        ] {
            assert_eq!(refusal(text).0, "body_malformed", "{text}");
        }
    }

    #[test]
    fn unknown_fields_are_refused_and_not_repeated() {
        let problem = parse(br#"{"name":"a","colour":"secret"}"#, Nulls::Absent)
            .and_then(typed::<Thing>)
            .expect_err("refused");
        assert_eq!(problem.code(), "field_unknown");
        assert!(!format!("{problem:?}").contains("colour"));
    }

    #[test]
    fn a_wrong_value_is_named_by_its_pointer() {
        assert_eq!(
            refusal("{}"),
            ("validation_failed".to_owned(), vec![("/name".to_owned(), "required")])
        );
        // In anything but a merge patch null says that nothing is given.
        assert_eq!(refusal(r#"{"name":null}"#).1, vec![("/name".to_owned(), "required")]);
        assert_eq!(refusal(r#"{"name":1}"#).1, vec![("/name".to_owned(), "pattern")]);
        assert_eq!(
            refusal(r#"{"name":"a","parts":[{"kind":"nut","count":1}]}"#).1,
            vec![("/parts/0/kind".to_owned(), "not_in_list")]
        );
        assert_eq!(
            refusal(r#"{"name":"a","parts":[{"kind":"bolt","count":256}]}"#).1,
            vec![("/parts/0/count".to_owned(), "out_of_range")]
        );
        assert_eq!(
            refusal(r#"{"name":"a","parts":[{"kind":"bolt"}]}"#).1,
            vec![("/parts/0/count".to_owned(), "required")]
        );
    }

    #[test]
    fn bounds_hold_at_the_edge() {
        let name = |length: usize| format!("{{\"name\":\"{}\"}}", "x".repeat(length));
        assert!(parse(name(STRING_MAX).as_bytes(), Nulls::Absent).is_ok());
        assert_eq!(refusal(&name(STRING_MAX + 1)).1, vec![("/name".to_owned(), "too_long")]);
        let deep = format!("{{\"name\":{}1{}}}", "[".repeat(15), "]".repeat(15));
        assert!(parse(deep.as_bytes(), Nulls::Absent).is_ok());
    }
}
