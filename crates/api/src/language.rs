//! The language of an answer: `en` or `zh-Hans`, by `Accept-Language`.

use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE};

use crate::codes::Words;

/// A language that the wire speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tongue {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Tongue {
    /// The tag for `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }

    /// The words in this language.
    pub const fn pick(self, words: Words) -> &'static str {
        match self {
            Self::English => words.en,
            Self::Chinese => words.zh,
        }
    }

    /// The language that a request asks for; English if it names neither.
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map(best)
            .unwrap_or_default()
    }
}

/// Most language ranges that are looked at.
const RANGES_MAX: usize = 16;

fn best(header: &str) -> Tongue {
    let ranges = header.split(',').take(RANGES_MAX).filter_map(|range| {
        let mut parts = range.split(';');
        let tag = parts.next()?.trim().to_ascii_lowercase();
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q=").map(str::parse::<f32>))
            .unwrap_or(Ok(1.0))
            .ok()
            .filter(|weight| *weight > 0.0)?;
        let tongue = match tag.split('-').next() {
            Some("zh") => Tongue::Chinese,
            Some("en" | "*") => Tongue::English,
            _ => return None,
        };
        Some((weight, tongue))
    });
    // The first of equal weight wins.
    ranges
        .fold(None, |best: Option<(f32, Tongue)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, tongue)| tongue)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins_and_english_is_the_default() {
        assert_eq!(best("zh-CN,zh;q=0.9,en;q=0.8"), Tongue::Chinese);
        assert_eq!(best("en-GB, zh;q=0.5"), Tongue::English);
        assert_eq!(best("fr, zh;q=0.2, en;q=0.1"), Tongue::Chinese);
        assert_eq!(best("fr"), Tongue::English);
        assert_eq!(best("zh;q=0, en;q=0.1"), Tongue::English);
        assert_eq!(best(";;q=x,,"), Tongue::English);
    }
}
