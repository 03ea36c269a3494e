//! Writing a text anew without what was found: masked, as a keyed hash, made coarser, or left out.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{Category, Detector, Hit, Kind};

/// What is done with a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Left as it is.
    Keep,
    /// Letters and digits become `*`, all but the last `last`: four at most of eight or more, else a quarter at most.
    Mask {
        /// Characters left at the end.
        last: usize,
    },
    /// `<code:16 hexadecimal digits>` of HMAC-SHA256 under the caller's key: equal values stay equal.
    Hash,
    /// Made coarser: a date to its year, a position to two decimal places (about 1.1 km), an address to its
    /// divisions. What has no coarser form is masked.
    Generalise,
    /// `<code>` in its place.
    Drop,
}

/// Rules by category.
#[derive(Clone)]
pub struct Redaction {
    default: Rule,
    rules: Vec<(Category, Rule)>,
    key: Vec<u8>,
}

impl Redaction {
    /// This rule for every category.
    pub fn all(rule: Rule) -> Self {
        Self { default: rule, rules: Vec::new(), key: Vec::new() }
    }

    /// Another rule for this category.
    pub fn with(mut self, category: Category, rule: Rule) -> Self {
        self.rules.retain(|(known, _)| *known != category);
        self.rules.push((category, rule));
        self
    }

    /// The key for [`Rule::Hash`]; 32 random bytes are right. Without one, hashes are masked instead: a hash that
    /// anyone can make is no protection for a telephone number.
    pub fn key(mut self, key: &[u8]) -> Self {
        self.key = key.to_vec();
        self
    }

    /// The rule for a category.
    pub fn rule(&self, category: Category) -> Rule {
        self.rules
            .iter()
            .find(|(known, _)| *known == category)
            .map_or(self.default, |(_, rule)| *rule)
    }

    fn write(&self, kind: Kind, value: &[u8], out: &mut Vec<u8>) {
        match self.rule(kind.category()) {
            Rule::Keep => out.extend_from_slice(value),
            Rule::Mask { last } => mask(value, last, out),
            Rule::Hash if !self.key.is_empty() => self.hash(kind, value, out),
            Rule::Hash => mask(value, 0, out),
            Rule::Generalise => generalise(kind, value, out),
            Rule::Drop => placeholder(kind, out),
        }
    }

    fn hash(&self, kind: Kind, value: &[u8], out: &mut Vec<u8>) {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            return mask(value, 0, out);
        };
        // The same number written in another way is the same value.
        mac.update(kind.category().code().as_bytes());
        mac.update(&[0]);
        mac.update(&plain(value));
        out.push(b'<');
        out.extend_from_slice(kind.code().as_bytes());
        out.push(b':');
        for byte in mac.finalize().into_bytes().iter().take(8) {
            // Letters only, so that what is written cannot be read as a number again.
            out.extend([b'a' + (byte >> 4), b'a' + (byte & 15)]);
        }
        out.push(b'>');
    }
}

impl std::fmt::Debug for Redaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redaction")
            .field("default", &self.default)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

/// Writes `text` without the hits that `detector` finds. Writing is repeated on its own output, three times at most,
/// because what is left can show what it hid before; returns the text and how many hits were replaced.
pub fn redact(detector: &Detector, redaction: &Redaction, text: &[u8]) -> (Vec<u8>, usize) {
    let mut hits = detector.scan(text);
    let count = hits.iter().filter(|hit| redaction.rule(hit.kind.category()) != Rule::Keep).count();
    let mut out = replace(redaction, text, &hits);
    for _ in 0..3 {
        detector.scan_into(&out, &mut hits);
        hits.retain(|hit| {
            !matches!(redaction.rule(hit.kind.category()), Rule::Keep | Rule::Generalise)
        });
        if hits.is_empty() {
            break;
        }
        let drop = Redaction {
            default: Rule::Drop,
            rules: redaction
                .rules
                .iter()
                .filter(|(_, rule)| *rule == Rule::Keep)
                .copied()
                .collect(),
            key: Vec::new(),
        };
        out = replace(&drop, &out, &hits);
    }
    (out, count)
}

/// Writes `text` with the given hits of it replaced; they must be sorted and apart, as a scan gives them.
pub fn replace(redaction: &Redaction, text: &[u8], hits: &[Hit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut done = 0;
    for hit in hits.iter().filter(|hit| hit.start < hit.end && hit.end <= text.len()) {
        if hit.start < done {
            continue;
        }
        out.extend_from_slice(text.get(done..hit.start).unwrap_or_default());
        redaction.write(hit.kind, hit.bytes(text), &mut out);
        done = hit.end;
    }
    out.extend_from_slice(text.get(done..).unwrap_or_default());
    out
}

/// The shape of a hit for evidence: `9` for a digit, `A` and `a` for letters, `汉` for a Chinese character; signs stay.
/// No character of the value is shown but separators. At most 64 characters.
pub fn mask_sample(text: &[u8], hit: &Hit) -> String {
    let shape = |char: char| match char {
        '0'..='9' | '０'..='９' => '9',
        char if char.is_ascii_uppercase() => 'A',
        char if char.is_alphabetic() && (char as u32) < 0x2E80 => 'a',
        char if char.is_alphanumeric() => '汉',
        '@' | '.' | '-' | ':' | '/' | ' ' | '_' | '+' | '(' | ')' | '·' => char,
        _ => '?',
    };
    String::from_utf8_lossy(hit.bytes(text)).chars().take(64).map(shape).collect()
}

fn placeholder(kind: Kind, out: &mut Vec<u8>) {
    out.push(b'<');
    out.extend_from_slice(kind.code().as_bytes());
    out.push(b'>');
}

/// Letters and digits only, ASCII for full-width, in lower case.
fn plain(value: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(value);
    let ascii = |char: char| match char {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(char as u32 - 0xFEE0).unwrap_or(char)
        }
        _ => char,
    };
    text.chars()
        .map(ascii)
        .filter(|char| char.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .into_bytes()
}

fn mask(value: &[u8], last: usize, out: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(value);
    let count = text.chars().filter(|char| char.is_alphanumeric()).count();
    let hidden = count - last.min(4).min(if count >= 8 { 4 } else { count / 4 });
    let mut seen = 0;
    for char in text.chars() {
        let counts = char.is_alphanumeric();
        seen += usize::from(counts);
        // What is left of a number must not touch the digits of another.
        if counts && seen <= hidden || char == '@' {
            out.push(b'*');
        } else {
            out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

fn generalise(kind: Kind, value: &[u8], out: &mut Vec<u8>) {
    match kind {
        Kind::Coordinate => coarse_position(value, out),
        Kind::BirthDate | Kind::Date => match year(value) {
            Some(year) => out.extend_from_slice(year),
            None => placeholder(kind, out),
        },
        Kind::CnAddress => coarse_address(value, out),
        Kind::Ipv4 => {
            let mut dots = 0;
            let kept = value.iter().take_while(|byte| {
                dots += usize::from(**byte == b'.');
                dots < 2
            });
            out.extend(kept);
            out.extend_from_slice(b".*.*");
        }
        Kind::Email => {
            out.push(b'*');
            let domain =
                value.iter().position(|byte| *byte == b'@').and_then(|at| value.get(at + 1..));
            out.extend_from_slice(b"(at)");
            out.extend_from_slice(domain.unwrap_or_default());
        }
        _ => mask(value, 0, out),
    }
}

fn year(value: &[u8]) -> Option<&[u8]> {
    value.windows(4).enumerate().find_map(|(at, four)| {
        let starts = at
            .checked_sub(1)
            .and_then(|before| value.get(before))
            .is_none_or(|byte| !byte.is_ascii_digit());
        let ends = value.get(at + 4).is_none_or(|byte| !byte.is_ascii_digit());
        (four.iter().all(u8::is_ascii_digit) && starts && ends).then_some(four)
    })
}

/// Decimal degrees cut to two places.
fn coarse_position(value: &[u8], out: &mut Vec<u8>) {
    let mut places = None;
    for byte in value {
        match byte {
            b'.' => places = Some(0),
            b'0'..=b'9' => {
                if let Some(count) = places.as_mut() {
                    *count += 1;
                    if *count > 2 {
                        continue;
                    }
                }
            }
            _ => places = None,
        }
        out.push(*byte);
    }
}

/// The divisions that an address starts with, to the last 市, 区, 县 or 旗.
fn coarse_address(value: &[u8], out: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(value);
    let end = ["县", "区", "旗", "市", "省"]
        .iter()
        .find_map(|rank| text.find(rank).map(|at| at + rank.len()))
        .unwrap_or(0);
    out.extend_from_slice(text.get(..end).unwrap_or_default().as_bytes());
    out.extend_from_slice("***".as_bytes());
}

#[cfg(test)]
mod tests;
