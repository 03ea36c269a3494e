//! Whether values can be read as they lie, or look hashed, encrypted or covered. A judgement by shape: what looks like a hash may be
//! a random id, and a Caesar cipher looks plain.

use crate::scan::Protection;

/// Values of a column that are looked at.
const LOOKED_AT_MAX: u64 = 2_000;
/// The share of values that must agree.
const SHARE: f64 = 0.9;
/// Lengths in hexadecimal of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.
const DIGEST_LENGTHS: &[usize] = &[32, 40, 56, 64, 96, 128];
const PASSWORD_HASHES: &[&str] = &[
    "$2a$", "$2b$", "$2y$", "$argon2", "$scrypt", "$pbkdf2", "pbkdf2_", "{SSHA", "$1$", "$5$",
    "$6$", "$y$", "$7$", "$apr1$",
];
const ENVELOPES: &[&str] = &[
    "ENC(",
    "enc:",
    "vault:v",
    "AQICAH",
    "gAAAAA",
    "-----BEGIN PGP MESSAGE",
    "age-encryption.org",
    "sealed:",
    "{cipher}",
];

/// Counts of shapes.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    seen: u64,
    digests: u64,
    password_hashes: u64,
    ciphers: u64,
    masked: u64,
    length: Option<usize>,
    one_length: bool,
}

impl Shapes {
    /// Looks at a value.
    pub fn value(&mut self, value: &str) {
        if self.seen >= LOOKED_AT_MAX {
            return;
        }
        self.one_length = self.length.is_none_or(|length| self.one_length && length == value.len());
        self.length = Some(value.len());
        self.seen += 1;
        self.masked += u64::from(value.matches(['*', '＊']).count() >= 2);
        if PASSWORD_HASHES.iter().any(|prefix| value.starts_with(prefix)) {
            self.password_hashes += 1;
        } else if ENVELOPES.iter().any(|prefix| value.starts_with(prefix)) || is_jwe(value) {
            self.ciphers += 1;
        } else if is_mixed_hex(value) {
            self.digests += u64::from(DIGEST_LENGTHS.contains(&value.len()));
            self.ciphers += u64::from(value.len() >= 32 && value.len().is_multiple_of(2));
        } else if is_random_base64(value) {
            // 32 bytes in base 64, with and without its sign of filling.
            self.digests += u64::from(matches!(value.len(), 43 | 44));
            self.ciphers += 1;
        }
    }

    /// The verdict.
    pub fn protection(&self) -> Protection {
        let most = |count: u64| count as f64 >= self.seen as f64 * SHARE;
        if self.seen == 0 {
            Protection::Empty
        } else if most(self.password_hashes) || self.one_length && most(self.digests) {
            Protection::Hashed
        } else if most(self.ciphers) {
            Protection::Encrypted
        } else if most(self.masked) {
            Protection::Masked
        } else {
            Protection::Plain
        }
    }
}

fn is_mixed_hex(value: &str) -> bool {
    value.len() >= 32
        && value.bytes().all(|byte| byte.is_ascii_hexdigit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Five parts in base 64, the first of which is a JSON object (RFC 7516).
fn is_jwe(value: &str) -> bool {
    value.starts_with("eyJ") && value.matches('.').count() == 4
}

/// At least 24 letters, digits, `+/-_` of all three sorts, often changing between them: no words, no number.
fn is_random_base64(value: &str) -> bool {
    let body = value.trim_end_matches('=');
    let sort = |byte: u8| match byte {
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        b'0'..=b'9' => 3,
        b'+' | b'/' | b'-' | b'_' => 4,
        _ => 0,
    };
    if body.len() < 24 || body.bytes().any(|byte| sort(byte) == 0) {
        return false;
    }
    let has = |wanted: u8| body.bytes().any(|byte| sort(byte) == wanted);
    let changes =
        body.bytes().zip(body.bytes().skip(1)).filter(|(a, b)| sort(*a) != sort(*b)).count();
    has(1) && has(2) && has(3) && changes * 3 >= body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Protection {
        let mut shapes = Shapes::default();
        values.iter().for_each(|value| shapes.value(value));
        shapes.protection()
    }

    #[test]
    fn shapes_are_told_apart() {
        let cases: &[(&[&str], Protection)] = &[
            (&[], Protection::Empty),
            (&["13800138000", "13912345678"], Protection::Plain),
            (&["138****8000", "139****5678"], Protection::Masked),
            (
                &["5f4dcc3b5aa765d61d8327deb882cf99", "e10adc3949ba59abbe56e057f20f883e"],
                Protection::Hashed,
            ),
            (&["$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW"], Protection::Hashed),
            (
                &[
                    "vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9vyf7w==",
                    "gAAAAABh3kq9Zs1",
                ],
                Protection::Encrypted,
            ),
            (
                &[
                    "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ",
                    "7xI0VniQq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEg==",
                ],
                Protection::Encrypted,
            ),
            (&["550e8400-e29b-41d4-a716-446655440000"], Protection::Plain),
            (&["张三", "欧阳娜娜"], Protection::Plain),
            (&["com.example.application.main", "internationalization/thing"], Protection::Plain),
        ];
        for (values, wanted) in cases {
            assert_eq!(of(values), *wanted, "{values:?}");
        }
    }
}
