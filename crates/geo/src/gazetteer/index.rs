//! Two indexes: pairs of letters to the records that hold them, and cities to what lies below them.

use super::data::{Province, Record};
use super::fold::{self, Folded};
use std::collections::{HashMap, HashSet};

const BUCKETS: usize = 1 << 16;
/// Stands before the first letter of a word.
const START: char = '^';

/// Letter pairs to records, in one array cut into buckets. Buckets may mix pairs: a candidate is verified.
pub struct Grams {
    starts: Vec<u32>,
    records: Vec<u32>,
}

fn bucket(a: char, b: char, c: char) -> usize {
    let mixed = (a as u32).wrapping_mul(0x9E37_79B1)
        ^ (b as u32).wrapping_mul(0x85EB_CA77)
        ^ (c as u32).wrapping_mul(0xC2B2_AE3D);
    (mixed.wrapping_mul(0x27D4_EB2F) >> 16) as usize % BUCKETS
}

const NONE: char = '\0';

fn grams_of_word(word: &str, starts: u64, mut f: impl FnMut(usize)) {
    let mut before = NONE;
    let mut letters = word.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        if at < 64 && starts >> at & 1 == 1 {
            f(bucket(START, c, NONE));
            if let Some((_, next)) = letters.peek() {
                f(bucket(START, c, *next));
            }
        }
        if before != NONE {
            f(bucket(before, c, NONE));
        }
        if fold::is_han(c) {
            f(bucket(c, NONE, NONE));
        }
        before = c;
    }
}

fn grams_of(record: &Record, mut f: impl FnMut(usize)) {
    let folded = |key: &Folded, f: &mut dyn FnMut(usize)| grams_of_word(&key.text, key.starts, f);
    folded(&record.key_en, &mut f);
    folded(&record.key_other, &mut f);
    grams_of_word(record.key_zh_full, 1, &mut f);
    if !record.key_zh_full.starts_with(record.key_zh) {
        grams_of_word(record.key_zh, 1, &mut f);
    }
}

impl Grams {
    pub fn of(records: &[Record]) -> Self {
        let mut starts = vec![0u32; BUCKETS + 1];
        for r in records {
            grams_of(r, |g| starts[g + 1] += 1);
        }
        for i in 0..BUCKETS {
            starts[i + 1] += starts[i];
        }
        let mut ends = starts.clone();
        let mut lists = vec![0u32; starts[BUCKETS] as usize];
        for (i, r) in records.iter().enumerate() {
            grams_of(r, |g| {
                lists[ends[g] as usize] = i as u32;
                ends[g] += 1;
            });
        }
        Self { starts, records: lists }
    }

    /// Records that may hold the word: all that do, and some that do not. Words of one or two Latin
    /// letters are looked for at the start of names only.
    pub fn candidates(&self, word: &str) -> &[u32] {
        let letters: Vec<char> = word.chars().collect();
        match letters[..] {
            [] => &[],
            [c] if fold::is_han(c) => self.list(bucket(c, NONE, NONE)),
            [c] => self.list(bucket(START, c, NONE)),
            [a, b] if !fold::is_han(a) => self.list(bucket(START, a, b)),
            _ => {
                let lists = letters.windows(2).map(|p| self.list(bucket(p[0], p[1], NONE)));
                lists.min_by_key(|l| l.len()).unwrap_or(&[])
            }
        }
    }

    fn list(&self, bucket: usize) -> &[u32] {
        &self.records[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }
}

/// Which records lie below a city or in a province, and the exact names of divisions.
pub struct Divisions {
    below: HashMap<usize, Vec<u32>>,
    in_province: Vec<Vec<u32>>,
    names: HashSet<String>,
    longest_name: usize,
}

impl Divisions {
    pub fn of(records: &[Record], provinces: &[Province]) -> Self {
        let mut below: HashMap<usize, Vec<u32>> = HashMap::new();
        let mut in_province = vec![Vec::new(); provinces.len()];
        let mut names = HashSet::new();
        for (i, r) in records.iter().enumerate() {
            if let Some(city) = r.city {
                below.entry(city).or_default().push(i as u32);
            }
            if let Some(p) = r.province {
                in_province[p].push(i as u32);
            }
            if matches!(r.id, super::data::Id::Division(_)) {
                names.extend([
                    r.key_en.text.clone(),
                    r.key_zh.to_owned(),
                    r.key_zh_full.to_owned(),
                ]);
            }
        }
        for p in provinces {
            names.extend([p.key_en.clone(), p.zh.to_owned(), p.zh_full.to_owned()]);
        }
        let longest_name = names.iter().map(|n| n.chars().count()).max().unwrap_or(0);
        Self { below, in_province, names, longest_name }
    }

    pub fn below(&self, city: usize) -> &[u32] {
        self.below.get(&city).map_or(&[], Vec::as_slice)
    }

    pub fn in_province(&self, province: usize) -> &[u32] {
        self.in_province.get(province).map_or(&[], Vec::as_slice)
    }

    /// The longest division name that a run-together text starts with, in bytes; none if it is the whole text.
    pub fn longest_start(&self, text: &str) -> Option<usize> {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(self.longest_name);
        let ends: Vec<usize> = ends.filter(|end| *end < text.len()).collect();
        ends.into_iter().rev().find(|end| self.names.contains(&text[..*end]))
    }
}
