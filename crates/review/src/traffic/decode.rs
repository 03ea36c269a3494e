//! What stands in a request, taken apart down to single values: addresses, headers, cookies, bodies; percent signs, base64, JSON,
//! forms and gzip inside one another.

use std::io::Read;

use base64::Engine;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::har::Request;

/// Values of one request.
pub(super) const LEAVES_MAX: usize = 20_000;
/// Wrappings inside wrappings.
const DEPTH_MAX: u8 = 6;
/// Bytes that one compressed value may become.
const INFLATED_MAX: u64 = 16 << 20;
/// Shortest text that is tried as base64.
const BASE64_MIN: usize = 16;

/// A single value that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// `path`, `query`, `body`, `header`, `cookie`.
    pub(super) part: &'static str,
    /// Its name, with the names around it: `device.ids.imei`.
    pub(super) name: String,
    /// Itself.
    pub(super) value: String,
}

/// Headers that say nothing about a person.
const PLAIN_HEADERS: &[&str] = &[
    "host",
    "accept",
    "accept-encoding",
    "accept-language",
    "accept-charset",
    "connection",
    "content-length",
    "content-type",
    "content-encoding",
    "cache-control",
    "pragma",
    "origin",
    "user-agent",
    "upgrade",
    "upgrade-insecure-requests",
    "te",
    "date",
    "transfer-encoding",
    "if-none-match",
    "if-modified-since",
    "range",
    "dnt",
    "expect",
    "keep-alive",
    "x-requested-with",
    "authorization",
    "priority",
    "sec-fetch-site",
    "sec-fetch-mode",
    "sec-fetch-dest",
    "sec-fetch-user",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "cookie",
];

/// Every value of a request.
pub(super) fn leaves(request: &Request) -> Vec<Leaf> {
    let mut taker = Taker { found: Vec::new(), part: "path" };
    taker.address(&request.url, 0);
    taker.part = "header";
    for header in &request.headers {
        let name = header.name.to_ascii_lowercase();
        if name == "cookie" {
            taker.part = "cookie";
            taker.cookies(&header.value);
            taker.part = "header";
        } else if name.contains("encoding") && header.value.eq_ignore_ascii_case("gzip") {
            continue;
        } else if !PLAIN_HEADERS.contains(&name.as_str()) && !name.starts_with(':') {
            taker.value(&header.name, header.value.as_bytes(), 0);
        }
    }
    taker.part = "cookie";
    if !request.headers.iter().any(|header| header.name.eq_ignore_ascii_case("cookie")) {
        for cookie in &request.cookies {
            taker.value(&cookie.name, cookie.value.as_bytes(), 0);
        }
    }
    taker.part = "body";
    if let Some(body) = &request.body {
        taker.body(body);
    }
    taker.found
}

struct Taker {
    found: Vec<Leaf>,
    part: &'static str,
}

impl Taker {
    fn body(&mut self, body: &super::har::Body) {
        for param in &body.params {
            self.value(&param.name, param.value.as_bytes(), 0);
        }
        if body.encoding.eq_ignore_ascii_case("base64")
            && let Some(bytes) = decode_base64(body.text.trim())
        {
            return self.value("", &bytes, 0);
        }
        if !body.params.is_empty() {
            return;
        }
        if let Some(boundary) = boundary(&body.mime) {
            return self.multipart(&body.text, boundary);
        }
        if body.mime.starts_with("application/x-www-form-urlencoded") {
            return self.form("", &body.text, 0);
        }
        // A recorder may have put bytes into text as one character each.
        let bytes: Option<Vec<u8>> =
            body.text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        match bytes.filter(|bytes| bytes.starts_with(GZIP)) {
            Some(bytes) => self.value("", &bytes, 0),
            None => self.value("", body.text.as_bytes(), 0),
        }
    }

    fn address(&mut self, url: &str, depth: u8) {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let rest = rest.split('#').next().unwrap_or(rest);
        let (place, query) =
            rest.split_once('?').map_or((rest, ""), |(place, query)| (place, query));
        let path = place.split_once('/').map_or("", |(_, path)| path);
        let part = self.part;
        for piece in path.split('/').filter(|piece| piece.len() > 5) {
            // Of the path only what has the form of data counts: its pieces have no names.
            self.leaf("", decoded(piece));
        }
        if self.part == "path" {
            self.part = "query";
        }
        self.form("", query, depth);
        self.part = part;
    }

    fn cookies(&mut self, text: &str) {
        for pair in text.split(';') {
            if let Some((name, value)) = pair.split_once('=') {
                self.value(name.trim(), decoded(value.trim()).as_bytes(), 0);
            }
        }
    }

    fn form(&mut self, within: &str, text: &str, depth: u8) {
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or(("", pair));
            let name = join(within, &decoded(&name.replace('+', " ")));
            self.value(&name, decoded(&value.replace('+', " ")).as_bytes(), depth + 1);
        }
    }

    fn multipart(&mut self, text: &str, boundary: &str) {
        for part in text.split(boundary) {
            let Some((head, value)) =
                part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n"))
            else {
                continue;
            };
            let name = head.split("name=\"").nth(1).and_then(|rest| rest.split('"').next());
            let value = value.trim_end_matches('-').trim_end();
            self.value(name.unwrap_or_default(), value.as_bytes(), 0);
        }
    }

    /// Takes a value apart as far as it can be.
    fn value(&mut self, name: &str, bytes: &[u8], depth: u8) {
        if depth >= DEPTH_MAX || self.found.len() >= LEAVES_MAX {
            return self.leaf(name, String::from_utf8_lossy(bytes).into_owned());
        }
        if bytes.starts_with(GZIP)
            && let Some(inner) = inflate(bytes)
        {
            return self.value(name, &inner, depth + 1);
        }
        let text = String::from_utf8_lossy(bytes);
        let trimmed = text.trim();
        if trimmed.starts_with(['{', '['])
            && let Ok(json) = serde_json::from_str::<Value>(trimmed)
        {
            return self.json(name, &json, depth + 1);
        }
        if trimmed.starts_with("http://") || trimmed.starts_with("https://") {
            return self.inner_address(name, trimmed, depth + 1);
        }
        if is_form(trimmed) {
            return self.form(name, trimmed, depth + 1);
        }
        if has_percent(trimmed) {
            let inner = decoded(trimmed);
            if inner != trimmed {
                return self.value(name, inner.as_bytes(), depth + 1);
            }
        }
        if let Some(inner) =
            decode_base64(trimmed).filter(|inner| inner.starts_with(GZIP) || is_text(inner))
        {
            return self.value(name, &inner, depth + 1);
        }
        if trimmed.contains('\n')
            && trimmed.lines().all(|line| line.is_empty() || line.starts_with('{'))
        {
            for line in trimmed.lines().filter(|line| !line.is_empty()) {
                self.value(name, line.as_bytes(), depth + 1);
            }
            return;
        }
        self.leaf(name, trimmed.to_owned());
    }

    fn inner_address(&mut self, name: &str, url: &str, depth: u8) {
        match url.split_once('?') {
            Some((_, query)) => self.form(name, query, depth),
            None => self.leaf(name, url.to_owned()),
        }
    }

    fn json(&mut self, name: &str, json: &Value, depth: u8) {
        match json {
            Value::Null => {}
            Value::Bool(yes) => self.leaf(name, yes.to_string()),
            Value::Number(number) => self.leaf(name, number.to_string()),
            Value::String(text) => self.value(name, text.as_bytes(), depth),
            Value::Array(items) => items.iter().for_each(|item| self.json(name, item, depth)),
            Value::Object(fields) => {
                for (key, value) in fields {
                    self.json(&join(name, key), value, depth);
                }
            }
        }
    }

    fn leaf(&mut self, name: &str, value: String) {
        if !value.is_empty() && self.found.len() < LEAVES_MAX {
            self.found.push(Leaf { part: self.part, name: name.to_owned(), value });
        }
    }
}

const GZIP: &[u8] = &[0x1f, 0x8b];

fn join(within: &str, name: &str) -> String {
    if within.is_empty() || name.is_empty() {
        format!("{within}{name}")
    } else {
        format!("{within}.{name}")
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn has_percent(text: &str) -> bool {
    text.as_bytes().windows(3).any(
        |window| matches!(window, [b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()),
    )
}

/// Fields without spaces, each with a short name of letters.
fn is_form(text: &str) -> bool {
    let field = |pair: &str| {
        pair.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty()
                && name.len() <= 64
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_-.[]%".contains(&byte))
        })
    };
    text.contains('&') && !text.contains(char::is_whitespace) && text.split('&').all(field)
}

fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut inner = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).take(INFLATED_MAX).read_to_end(&mut inner).ok()?;
    Some(inner)
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    use base64::{
        alphabet,
        engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    };
    const LOOSE: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LOOSE);
    const ADDRESS: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LOOSE);
    if text.len() < BASE64_MIN {
        return None;
    }
    let compact: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(&compact).or_else(|_| ADDRESS.decode(&compact)).ok()
}

/// Readable text: what random bytes never are at this length.
fn is_text(bytes: &[u8]) -> bool {
    bytes.len() >= 10
        && std::str::from_utf8(bytes)
            .is_ok_and(|text| text.chars().all(|c| !c.is_control() || c.is_ascii_whitespace()))
}

fn boundary(mime: &str) -> Option<&str> {
    let rest = mime.strip_prefix("multipart/form-data")?.split("boundary=").nth(1)?;
    Some(rest.trim_matches('"')).filter(|boundary| !boundary.is_empty())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::traffic::har::{Body, Pair};

    fn found(request: &Request) -> Vec<(&'static str, String, String)> {
        leaves(request).into_iter().map(|leaf| (leaf.part, leaf.name, leaf.value)).collect()
    }

    fn leaf(part: &'static str, name: &str, value: &str) -> (&'static str, String, String) {
        (part, name.to_owned(), value.to_owned())
    }

    fn body(mime: &str, text: &str) -> Request {
        let body = Body { mime: mime.into(), text: text.into(), ..Body::default() };
        Request { url: "https://h.cn/p".into(), body: Some(body), ..Request::default() }
    }

    #[test]
    fn every_part_is_taken() {
        let request = Request {
            url: "https://h.cn/users/13800138000?a=1%2B2&u=https%3A%2F%2Fx.cn%2F%3Fimei%3D86"
                .into(),
            headers: vec![
                Pair { name: "Accept".into(), value: "*/*".into() },
                Pair { name: "X-Device".into(), value: "{\"mac\":\"aa\"}".into() },
                Pair { name: "Cookie".into(), value: "uid=7; s=%7B%22k%22%3A%22v%22%7D".into() },
            ],
            ..Request::default()
        };
        let wanted = [
            leaf("path", "", "13800138000"),
            leaf("query", "a", "1+2"),
            leaf("query", "u.imei", "86"),
            leaf("header", "X-Device.mac", "aa"),
            leaf("cookie", "uid", "7"),
            leaf("cookie", "s.k", "v"),
        ];
        assert_eq!(found(&request), wanted);
    }

    #[test]
    fn wrappings_are_taken_off_in_any_order() {
        let inner = r#"{"device":{"imei":"860000000000001"},"list":[{"n":1},{"n":2}]}"#;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(inner.as_bytes()).expect("compresses");
        let gzip = gzip.finish().expect("compresses");
        let base64 = base64::engine::general_purpose::STANDARD.encode(&gzip);
        let percent =
            percent_encoding::utf8_percent_encode(&base64, percent_encoding::NON_ALPHANUMERIC);
        let wanted = |within: &str| {
            vec![
                leaf("body", &join(within, "device.imei"), "860000000000001"),
                leaf("body", &join(within, "list.n"), "1"),
                leaf("body", &join(within, "list.n"), "2"),
            ]
        };
        assert_eq!(found(&body("application/json", inner)), wanted(""));
        assert_eq!(
            found(&body("application/x-www-form-urlencoded", &format!("data={percent}"))),
            wanted("data")
        );
        assert_eq!(found(&body("text/plain", &base64)), wanted(""));
        let text: String = gzip.iter().map(|byte| char::from(*byte)).collect();
        assert_eq!(found(&body("application/octet-stream", &text)), wanted(""));
    }

    #[test]
    fn multipart_fields_keep_their_names() {
        let text = "--xx\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n13800138000\r\n--xx--\r\n";
        assert_eq!(
            found(&body("multipart/form-data; boundary=xx", text)),
            [leaf("body", "phone", "13800138000")]
        );
    }

    #[test]
    fn tokens_stay_as_they_are() {
        let token = "dGhpcyBpc8OobmEgZXhhbXBsZf8=";
        assert_eq!(found(&body("text/plain", token)), [leaf("body", "", token)]);
    }
}
