//! Word lists: read once, kept as hashes. No list is searched byte by byte.

use std::{io::Read, sync::LazyLock};

use flate2::read::GzDecoder;

/// What a word can be; several at once.
pub(crate) mod is {
    /// A first name.
    pub const FIRST: u16 = 1;
    /// A last name.
    pub const LAST: u16 = 1 << 1;
    /// A city or town.
    pub const CITY: u16 = 1 << 2;
    /// A country, region or state.
    pub const NATION: u16 = 1 << 3;
    /// A nationality, religion or political group.
    pub const GROUP: u16 = 1 << 4;
    /// A word of the English dictionary in lower case.
    pub const COMMON: u16 = 1 << 5;
    /// Part of a street's name: Street, Avenue, Rue, Calle.
    pub const STREET: u16 = 1 << 6;
    /// The last word of an organisation: Inc, LLC, Bank.
    pub const ORG: u16 = 1 << 7;
    /// Before a name: Mr, Dr.
    pub const TITLE: u16 = 1 << 8;
    /// A month or a day of the week.
    pub const CALENDAR: u16 = 1 << 9;
    /// Between the parts of a name: de, van, von.
    pub const PARTICLE: u16 = 1 << 10;
    /// Opens sentences and is never a name.
    pub const OPENER: u16 = 1 << 11;
    /// The second part of an address: Apt, Suite, Floor.
    pub const UNIT: u16 = 1 << 12;
    /// Announces an address.
    pub const ANNOUNCES: u16 = 1 << 14;
    /// A program, a protocol, a machine.
    pub const PROGRAM: u16 = 1 << 15;
    /// Comes before a place: in, from, to.
    pub const TOWARDS: u16 = 1 << 13;
}

const MULTIPLY: u64 = 0x9E37_79B9_7F4A_7C15;
const LOWER: u64 = 0x2020_2020_2020_2020;

/// Hash of a word without regard to the case of ASCII and Latin-1 letters (bit 5 of each byte is set in words that start
/// below U+3000).
#[inline]
pub(crate) fn hash(word: &[u8]) -> u64 {
    let state = (word.len() as u64).wrapping_mul(MULTIPLY);
    // From U+3000 on there is no case, and bit 5 tells characters apart.
    let fold = if word.first().is_some_and(|first| *first >= 0xE3) { 0 } else { LOWER };
    // Two loads that overlap read any rest without a loop.
    let pair = |a: u64, b: u64| mix(mix(state ^ (a | fold)) ^ (b | fold));
    match *word {
        [] => state,
        [a] => mix(state ^ (u64::from(a) | fold)),
        [a, b] => mix(state ^ (u64::from(a) | u64::from(b) << 8 | fold)),
        [a, b, c] => mix(state ^ (u64::from(a) | u64::from(b) << 8 | u64::from(c) << 16 | fold)),
        _ => match (word.first_chunk::<8>(), word.last_chunk::<8>()) {
            (Some(first), Some(last)) if word.len() <= 16 => {
                pair(u64::from_le_bytes(*first), u64::from_le_bytes(*last))
            }
            (Some(_), Some(last)) => {
                let (chunks, _) = word.as_chunks::<8>();
                let state = chunks
                    .iter()
                    .fold(state, |state, chunk| mix(state ^ (u64::from_le_bytes(*chunk) | fold)));
                mix(state ^ (u64::from_le_bytes(*last) | fold))
            }
            _ => match (word.first_chunk::<4>(), word.last_chunk::<4>()) {
                (Some(first), Some(last)) => {
                    let low = u64::from(u32::from_le_bytes(*first));
                    mix(state ^ (low | u64::from(u32::from_le_bytes(*last)) << 32 | fold))
                }
                _ => state,
            },
        },
    }
}

#[inline]
fn mix(state: u64) -> u64 {
    let state = state.wrapping_mul(MULTIPLY);
    state ^ state >> 29
}

/// A table from words to 16 bits, by open addressing over their hashes. Two words of one 32-bit tag and slot would be
/// taken for each other: about one in 10^9 for a word that is in no list.
#[derive(Debug)]
pub(crate) struct Table {
    slots: Box<[(u32, u16)]>,
    mask: usize,
}

impl Table {
    /// An empty table that holds up to half of `1 << bits` words well.
    pub fn new(bits: u32) -> Self {
        Self { slots: vec![(0, 0); 1 << bits].into_boxed_slice(), mask: (1 << bits) - 1 }
    }

    fn slot(&self, word: &[u8]) -> (usize, u32) {
        let hash = hash(word);
        let tag = (hash >> 32) as u32 | 1;
        let mut at = hash as usize & self.mask;
        // The table is never full, so an empty slot or the tag is met.
        while let Some((known, _)) = self.slots.get(at) {
            if *known == tag || *known == 0 {
                break;
            }
            at = (at + 1) & self.mask;
        }
        (at, tag)
    }

    /// Adds these bits to the word.
    pub fn add(&mut self, word: &str, bits: u16) {
        let (at, tag) = self.slot(word.as_bytes());
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = (tag, slot.1 | bits);
        }
    }

    /// The bits of a word; 0 where it is in no list.
    #[inline]
    pub fn get(&self, word: &[u8]) -> u16 {
        let (at, tag) = self.slot(word);
        match self.slots.get(at) {
            Some((known, bits)) if *known == tag => *bits,
            _ => 0,
        }
    }
}

fn unpack(packed: &[u8]) -> String {
    let mut text = String::new();
    // The lists are part of the binary: a broken one is found by the tests below.
    let read = GzDecoder::new(packed).read_to_string(&mut text);
    debug_assert!(read.is_ok());
    text
}

static DIVISIONS: LazyLock<String> =
    LazyLock::new(|| unpack(include_bytes!("../data/divisions.tsv.gz")));

/// Chinese divisions: code of six digits and full name.
pub(crate) fn divisions() -> impl Iterator<Item = (u32, &'static str)> {
    DIVISIONS.lines().filter_map(|line| {
        let (code, name) = line.split_once('\t')?;
        Some((code.parse().ok()?, name))
    })
}

/// Codes of Chinese divisions.
pub(crate) fn division_codes() -> impl Iterator<Item = u32> {
    divisions().map(|(code, _)| code)
}

/// Issuer numbers of Chinese banks, sorted: first digits, how many, length of the card.
pub(crate) fn chinese_issuers() -> Vec<(u32, u8, u8)> {
    let text = unpack(include_bytes!("../data/issuers.tsv.gz"));
    let mut issuers: Vec<_> = text
        .lines()
        .filter_map(|line| {
            let (first, length) = line.split_once('\t')?;
            Some((first.parse().ok()?, first.len() as u8, length.parse().ok()?))
        })
        .collect();
    issuers.sort_unstable();
    issuers.dedup();
    issuers
}

/// Chinese surnames of one and two characters.
pub(crate) fn surnames() -> Vec<String> {
    unpack(include_bytes!("../data/surnames.txt.gz")).lines().map(str::to_owned).collect()
}

/// Characters of common Chinese given names.
pub(crate) fn given() -> Vec<char> {
    unpack(include_bytes!("../data/given.txt.gz"))
        .chars()
        .filter(|char| !char.is_whitespace())
        .collect()
}

fn title(word: &str) -> Option<String> {
    let mut chars = word.chars();
    let first = chars.next().filter(|first| !first.is_ascii())?;
    Some(first.to_uppercase().chain(chars).collect())
}

/// Latin words: names, places, the English dictionary and the lists in `lists.rs`.
pub(crate) static LATIN: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::new(19);
    let mut add = |word: &str, bits: u16| {
        table.add(word, bits);
        // The hash ignores the case of ASCII and Latin-1 only.
        if let Some(title) = title(word) {
            table.add(&title, bits);
        }
        if !word.is_ascii() {
            table.add(&word.to_uppercase(), bits);
        }
    };
    for line in unpack(include_bytes!("../data/names.tsv.gz")).lines() {
        let (word, kinds) = line.split_once('\t').unwrap_or((line, ""));
        let first = if kinds.contains('f') { is::FIRST } else { 0 };
        let last = if kinds.contains('l') { is::LAST } else { 0 };
        add(word, first | last);
    }
    for line in unpack(include_bytes!("../data/places.tsv.gz")).lines() {
        let (word, kind) = line.split_once('\t').unwrap_or((line, ""));
        add(word, if kind == "n" { is::NATION } else { is::CITY });
    }
    for word in unpack(include_bytes!("../data/english.txt.gz")).lines() {
        add(word, is::COMMON);
    }
    for (list, bits) in crate::lists::LATIN {
        for word in list.split_whitespace() {
            add(&word.replace('_', " "), *bits);
        }
    }
    table
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_whole() {
        assert!(divisions().count() > 3_500);
        assert!(chinese_issuers().len() > 1_500);
        assert!(surnames().len() > 300);
        assert_eq!(LATIN.get(b"Hannah") & is::FIRST, is::FIRST);
        assert_eq!(LATIN.get("Željko".as_bytes()) & is::FIRST, is::FIRST);
        assert_eq!(LATIN.get("ZÜRICH".as_bytes()) & is::CITY, is::CITY);
        assert_eq!(LATIN.get(b"NORWAY") & is::NATION, is::NATION);
        assert_eq!(LATIN.get(b"united kingdom") & is::NATION, is::NATION);
        assert_eq!(LATIN.get(b"please") & is::COMMON, is::COMMON);
        assert_eq!(LATIN.get(b"qwxzv"), 0);
    }
}
