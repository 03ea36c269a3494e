//! The table of words, ready for finding them in a sentence.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use serde::Deserialize;

/// What a word of the table stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sense {
    /// A kind of data, by category.
    Data,
    /// A purpose.
    Purpose,
    /// A topic.
    Topic,
}

/// A word found in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) sense: Sense,
    pub(super) code: &'static str,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    data: BTreeMap<String, Words>,
    purpose: BTreeMap<String, Words>,
    topic: BTreeMap<String, Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    zh: Vec<String>,
    en: Vec<String>,
}

struct Row {
    word: String,
    english: bool,
    sense: Sense,
    code: &'static str,
}

/// Rows by the first character of their word, so that a sentence is looked at once.
struct Rows(HashMap<char, Vec<Row>>);

#[expect(clippy::expect_used, reason = "the table is part of the program, and a test reads it")]
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/policy_terms.toml")).expect("the table of words reads")
});

static ROWS: LazyLock<Rows> = LazyLock::new(|| {
    let mut rows: HashMap<char, Vec<Row>> = HashMap::new();
    let table: &'static Table = &TABLE;
    let senses = [
        (Sense::Data, &table.data),
        (Sense::Purpose, &table.purpose),
        (Sense::Topic, &table.topic),
    ];
    for (sense, group) in senses {
        for (code, words) in group {
            let both = words
                .zh
                .iter()
                .map(|word| (word, false))
                .chain(words.en.iter().map(|word| (word, true)));
            for (word, english) in both {
                let word = word.to_lowercase();
                if let Some(first) = word.chars().next() {
                    rows.entry(first).or_default().push(Row { word, english, sense, code });
                }
            }
        }
    }
    Rows(rows)
});

/// Every word of the table in a sentence in small letters; of words of one sense that overlap, the longest.
pub(super) fn find(sentence: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (start, first) in sentence.char_indices() {
        for row in ROWS.0.get(&first).into_iter().flatten() {
            if let Some(end) = fits(sentence, start, row) {
                found.push(Found { sense: row.sense, code: row.code, start, end });
            }
        }
    }
    found.sort_by_key(|f| (f.sense, std::cmp::Reverse(f.end - f.start), f.start));
    let mut kept: Vec<Found> = Vec::new();
    for f in found {
        if !kept.iter().any(|k| k.sense == f.sense && f.start < k.end && k.start < f.end) {
            kept.push(f);
        }
    }
    kept.sort_by_key(|f| (f.start, f.sense));
    kept
}

fn fits(sentence: &str, start: usize, row: &Row) -> Option<usize> {
    let rest = sentence.get(start..)?;
    let after = rest.strip_prefix(row.word.as_str())?;
    let mut end = start + row.word.len();
    if row.english {
        let before = sentence.get(..start)?.chars().next_back();
        if before.is_some_and(is_word) {
            return None;
        }
        let plural = after.strip_prefix('s').filter(|_| !row.word.ends_with('s'));
        let rest = plural.unwrap_or(after);
        // Words that end in the middle on purpose (`personali`) take what follows.
        if rest.chars().next().is_some_and(is_word) && !row.word.ends_with("personali") {
            return None;
        }
        end += usize::from(plural.is_some());
    }
    Some(end)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The category that a word or code of a declared list stands for.
pub fn category(word: &str) -> Option<&'static str> {
    let word = word.trim().to_lowercase();
    if let Some((code, _)) = TABLE.data.get_key_value(&word) {
        return Some(code);
    }
    let found = find(&word);
    found.iter().find(|found| found.sense == Sense::Data).map(|found| found.code)
}

/// Every category that the table knows.
pub fn categories() -> impl Iterator<Item = &'static str> {
    TABLE.data.keys().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(sentence: &str) -> Vec<&'static str> {
        find(&sentence.to_lowercase())
            .into_iter()
            .filter(|f| f.sense == Sense::Data)
            .map(|f| f.code)
            .collect()
    }

    #[test]
    fn the_longest_word_wins() {
        assert_eq!(data("您的IP地址和MAC地址"), ["net.ip", "device.mac"]);
        assert_eq!(
            data("your location history, not location"),
            ["location.track", "location.precise"]
        );
        assert_eq!(data("the nameless image"), Vec::<&str>::new());
        assert_eq!(data("Phone numbers"), ["contact.mobile"]);
        assert_eq!(data("家庭住址"), ["address.home"]);
    }

    #[test]
    fn declared_lists_may_use_codes_or_words() {
        assert_eq!(category("device.clipboard"), Some("device.clipboard"));
        assert_eq!(category("手机号码"), Some("contact.mobile"));
        assert_eq!(category("Installed apps"), Some("device.app_list"));
        assert_eq!(category("天气"), None);
        assert!(categories().count() > 40);
    }
}
