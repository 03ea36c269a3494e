//! Credentials: issuers' prefixes, JSON web tokens, private keys, values under a label that names them.

use super::Pass;
use crate::{
    Category as C,
    Confidence::{self, Likely, Sure},
    Kind,
};

/// What issuers put before a key, and the fewest bytes of the whole.
const PREFIXES: &[(&[u8], usize)] = &[
    (b"AKIA", 20),
    (b"ASIA", 20),
    (b"AIza", 39),
    (b"ya29.", 30),
    (b"ghp_", 40),
    (b"gho_", 40),
    (b"ghu_", 40),
    (b"ghs_", 40),
    (b"ghr_", 40),
    (b"github_pat_", 40),
    (b"glpat-", 26),
    (b"xoxb-", 24),
    (b"xoxp-", 24),
    (b"xoxa-", 24),
    (b"sk_live_", 24),
    (b"sk_test_", 24),
    (b"rk_live_", 24),
    (b"pk_live_", 24),
    (b"sk-", 32),
    (b"LTAI", 16),
    (b"AKID", 32),
    (b"SG.", 50),
    (b"npm_", 40),
    (b"pypi-", 50),
    (b"shpat_", 38),
    (b"dop_v1_", 60),
    (b"hvs.", 24),
    (b"EAAC", 60),
    (b"AGE-SECRET-KEY-", 60),
];
/// The longest token that is read; what goes on behind is another.
const TOKEN_BYTES_MAX: usize = 8 * 1024;
/// The longest value of a password.
const PASSWORD_BYTES_MAX: usize = 256;

fn token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=')
}

impl Pass<'_, '_> {
    /// A token with a prefix that says what it is, at the start of a word. Whether it was one.
    pub(super) fn prefixed_secret(&mut self, start: usize) -> bool {
        let head = self.slice(start, start + 2);
        if !matches!(
            head,
            b"AK"
                | b"AS"
                | b"AI"
                | b"ya"
                | b"gh"
                | b"gi"
                | b"gl"
                | b"xo"
                | b"sk"
                | b"rk"
                | b"pk"
                | b"LT"
                | b"SG"
                | b"np"
                | b"py"
                | b"sh"
                | b"do"
                | b"hv"
                | b"EA"
                | b"AG"
                | b"ey"
        ) {
            return false;
        }
        if self.goes_on(start, b"eyJ") {
            return self.jwt(start);
        }
        let Some((prefix, least)) = PREFIXES.iter().find(|(prefix, _)| self.goes_on(start, prefix))
        else {
            return false;
        };
        let end = self.run(start, TOKEN_BYTES_MAX, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
        });
        let body = self.slice(start + prefix.len(), end);
        let mixed = body.iter().any(u8::is_ascii_digit) && body.iter().any(u8::is_ascii_alphabetic);
        if end - start < *least || !mixed {
            return false;
        }
        self.hit(start, end, Kind::ApiKey, Sure);
        self.cursor = end;
        true
    }

    /// `header.payload.signature` in base64url, of which the header is a JSON object (RFC 7519).
    fn jwt(&mut self, start: usize) -> bool {
        let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let first = self.run(start, TOKEN_BYTES_MAX, part);
        if self.byte(first) != b'.' {
            return false;
        }
        let second = self.run(first + 1, TOKEN_BYTES_MAX, part);
        if self.byte(second) != b'.' {
            return false;
        }
        let third = self.run(second + 1, TOKEN_BYTES_MAX, part);
        if first - start < 10 || second - first < 9 || third - second < 9 {
            return false;
        }
        self.hit(start, third, Kind::Jwt, Sure);
        self.cursor = third;
        true
    }

    /// A private key between its `BEGIN` and `END` lines (RFC 7468); `at` is the B of BEGIN.
    pub(super) fn private_key(&mut self, at: usize) -> bool {
        let Some(start) = at.checked_sub(5).filter(|start| self.goes_on(*start, b"-----")) else {
            return false;
        };
        let label = self
            .run(at, 48, |byte| byte.is_ascii_uppercase() || byte == b' ' || byte.is_ascii_digit());
        if !self.slice(at, label).ends_with(b"PRIVATE KEY") {
            return false;
        }
        let body = self.slice(label, label + TOKEN_BYTES_MAX);
        let close = memchr::memmem::find(body, b"-----END").map(|close| label + close);
        // A key that is cut off is a key.
        let end = match close {
            Some(close) => {
                self.run(close + 5, 60, |byte| byte.is_ascii_uppercase() || byte == b' ') + 5
            }
            None => self.run(label, TOKEN_BYTES_MAX, |byte| {
                token_byte(byte) || byte.is_ascii_whitespace() || byte == b'\\'
            }),
        };
        let end = end.min(self.text.len());
        self.hit(start, end, Kind::PrivateKey, Sure);
        self.cursor = end;
        true
    }

    /// The value of a password or a token that starts behind its label.
    pub(super) fn secret_value(&mut self, category: C, label_end: usize) {
        let mut start = self.run(label_end, 4, |byte| matches!(byte, b' ' | b'\t' | b'>'));
        for scheme in [&b"Bearer "[..], b"bearer ", b"Basic ", b"Token "] {
            if self.goes_on(start, scheme) {
                start += scheme.len();
            }
        }
        let escaped = usize::from(self.byte(start) == b'\\');
        let quote = self.byte(start + escaped);
        let quoted = matches!(quote, b'"' | b'\'' | b'`');
        if quoted {
            start += 1 + escaped;
        }
        let ends = |byte: u8| {
            if quoted {
                byte == quote || byte == b'\n' || byte == b'\\'
            } else {
                byte.is_ascii_whitespace()
                    || matches!(
                        byte,
                        b',' | b';' | b'&' | b'"' | b'\'' | b'}' | b')' | b']' | b'<' | b'|'
                    )
                    || !byte.is_ascii()
            }
        };
        let end = self.run(start, PASSWORD_BYTES_MAX, |byte| !ends(byte));
        let value = self.slice(start, end);
        if let Some((kind, confidence)) = secret(category, value, quoted) {
            self.hit(start, end, kind, confidence);
        }
    }
}

fn secret(category: C, value: &[u8], quoted: bool) -> Option<(Kind, Confidence)> {
    if placeholder(value) {
        return None;
    }
    let digits = value.iter().any(u8::is_ascii_digit);
    let letters = value.iter().any(u8::is_ascii_alphabetic);
    let odd = value.iter().any(|byte| !byte.is_ascii_alphanumeric());
    match category {
        C::SecretPassword => {
            let mixed = u8::from(digits) + u8::from(letters) + u8::from(odd) >= 2;
            let fits = value.len() >= 4 && (mixed || quoted || value.len() >= 6);
            // `password = getPassword()` is code.
            let code =
                !quoted && value.iter().any(|byte| matches!(byte, b'(' | b'[' | b'.')) && !digits;
            (fits && !code).then_some((Kind::Password, if mixed { Sure } else { Likely }))
        }
        _ => {
            let token = value.iter().all(|byte| {
                token_byte(*byte) || matches!(byte, b'%' | b'~' | b':' | b'!' | b'$' | b'*' | b'@')
            });
            let kind = if category == C::SecretKey { Kind::ApiKey } else { Kind::Secret };
            (value.len() >= 12 && token && digits && letters).then_some((kind, Likely))
        }
    }
}

/// Values that stand for one: `${PASSWORD}`, `<password>`, `xxxx`, `****`, `null`.
fn placeholder(value: &[u8]) -> bool {
    let flat = value.iter().all(|byte| Some(byte) == value.first());
    let opens = matches!(value.first(), Some(b'$' | b'<' | b'{' | b'%' | b'*' | b'['));
    let lower = value.to_ascii_lowercase();
    let named = [
        &b"null"[..],
        b"none",
        b"nil",
        b"true",
        b"false",
        b"undefined",
        b"password",
        b"changeme",
        b"example",
        b"required",
        b"string",
        b"redacted",
        b"masked",
        b"hidden",
    ]
    .contains(&lower.as_slice());
    flat || opens
        || named
        || value.is_empty()
        || lower.windows(4).any(|four| four == b"****" || four == b"....")
}
