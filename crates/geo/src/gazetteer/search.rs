//! Search: each word of the query is matched against names, cities and provinces; what matches most words,
//! and matches them best, comes first; size and nearness decide between equals.

use super::data::Record;
use super::fold::{self, Folded};
use super::{Gazetteer, Kind, Lang, QUERY_CHARS_MAX};
use crate::Point;
use std::cmp::Reverse;

const WORDS_MAX: usize = 8;
/// Words that people add and names do not have.
const FILLERS: [&str; 9] =
    ["city", "district", "county", "province", "china", "prc", "中国", "shi", "qu"];

const EXACT: u16 = 100;
/// A whole name of one to three Latin letters is mostly the beginning of another ("nan": Nanjing, not Nan).
const EXACT_SHORT: u16 = 82;
const PREFIX: u16 = 80;
const WORD_START: u16 = 60;
const INSIDE: u16 = 40;
const OTHER_NAME: u16 = 15;
const CITY_ABOVE: u16 = 30;
const PROVINCE_ABOVE: u16 = 25;
/// Nearness lifts by up to this much, fading out at 600 km.
const NEAR_LIFT: f64 = 120.0;
const NEAR_KM: f64 = 600.0;
/// Between equals a city is meant rather than a district, and a place with a Chinese name by who reads Chinese.
const CITY_LIFT: f64 = 25.0;
const ZH_LIFT: f64 = 15.0;

pub struct Search<'a> {
    pub gazetteer: &'a Gazetteer,
    pub lang: Lang,
    pub near: Option<Point>,
}

/// Score and number of matched words of each record, and which records have any.
struct Tally {
    score: Vec<u16>,
    words: Vec<u8>,
    touched: Vec<u32>,
}

impl Search<'_> {
    /// The best records, best first.
    pub fn best(&self, query: &str, limit: usize) -> Vec<usize> {
        let words = self.words(query);
        let mut tally = self.tally(&words);
        let most = tally.touched.iter().map(|&i| tally.words[i as usize]).max().unwrap_or(0);
        tally.touched.retain(|&i| tally.words[i as usize] == most);
        let mut ranked: Vec<_> =
            tally.touched.iter().map(|&i| (self.rank(i, &tally), Reverse(i))).collect();
        let limit = limit.min(ranked.len());
        if limit == 0 {
            return Vec::new();
        }
        ranked.select_nth_unstable_by_key(limit - 1, |r| Reverse(*r));
        ranked.truncate(limit);
        ranked.sort_unstable_by_key(|r| Reverse(*r));
        ranked.into_iter().map(|(_, Reverse(i))| i as usize).collect()
    }

    /// The words of a query; run-together ones ("济南市历城区", "jinanlicheng") are cut at division names.
    fn words(&self, query: &str) -> Vec<String> {
        let head: String = query.chars().take(QUERY_CHARS_MAX).collect();
        let mut words = fold::words(&head);
        if words.len() > 1 {
            words.retain(|w| !FILLERS.contains(&w.as_str()));
        }
        let mut cut = Vec::new();
        for word in words {
            if self.is_known(&word) { cut.push(word) } else { self.cut(&word, &mut cut) }
        }
        cut.truncate(WORDS_MAX);
        cut
    }

    fn is_known(&self, word: &str) -> bool {
        let g = self.gazetteer;
        g.grams.candidates(word).iter().any(|&i| own_score(&g.records[i as usize], word) > 0)
            || g.provinces.iter().any(|p| p.zh_full.starts_with(word) || p.key_en.starts_with(word))
    }

    fn cut(&self, word: &str, out: &mut Vec<String>) {
        let mut rest = word;
        while !rest.is_empty() && out.len() < WORDS_MAX {
            let end = self.gazetteer.divisions.longest_start(rest).unwrap_or(rest.len());
            out.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
    }

    fn tally(&self, words: &[String]) -> Tally {
        let n = self.gazetteer.len();
        let mut all = Tally { score: vec![0; n], words: vec![0; n], touched: Vec::new() };
        let mut this = vec![0u16; n];
        for word in words {
            let hit = self.match_word(word, &mut this);
            for i in hit {
                let k = i as usize;
                if all.words[k] == 0 {
                    all.touched.push(i);
                }
                all.score[k] += this[k];
                all.words[k] += 1;
                this[k] = 0;
            }
        }
        all
    }

    /// Scores one word into `this`; gives the records that have a score.
    fn match_word(&self, word: &str, this: &mut [u16]) -> Vec<u32> {
        let g = self.gazetteer;
        let mut hit = Vec::new();
        let mut set = |i: u32, score: u16, this: &mut [u16]| {
            if this[i as usize] == 0 && score > 0 {
                hit.push(i);
            }
            this[i as usize] = this[i as usize].max(score);
        };
        for &i in g.grams.candidates(word) {
            let score = own_score(&g.records[i as usize], word);
            set(i, score, this);
            if score >= PREFIX - OTHER_NAME {
                let less = if score >= EXACT { 0 } else { 8 };
                g.divisions.below(i as usize).iter().for_each(|&b| set(b, CITY_ABOVE - less, this));
            }
        }
        for (p, province) in g.provinces.iter().enumerate() {
            let score = match () {
                () if province.zh == word
                    || province.zh_full == word
                    || province.key_en == word =>
                {
                    PROVINCE_ABOVE
                }
                () if province.zh_full.starts_with(word) || province.key_en.starts_with(word) => {
                    PROVINCE_ABOVE - 8
                }
                () => continue,
            };
            g.divisions.in_province(p).iter().for_each(|&i| set(i, score, this));
        }
        hit
    }

    fn rank(&self, i: u32, tally: &Tally) -> i64 {
        let record = &self.gazetteer.records[i as usize];
        let mut rank = f64::from(tally.score[i as usize]) * 10.0 + self.size(record);
        if let Some(near) = self.near {
            let km = near.distance_m(record.point) / 1000.0;
            rank += NEAR_LIFT * (1.0 - km / NEAR_KM).max(0.0);
        }
        if record.kind == Kind::City {
            rank += CITY_LIFT;
        }
        if self.lang == Lang::Zh && !record.zh.is_empty() {
            rank += ZH_LIFT;
        }
        (rank * 1000.0) as i64
    }

    /// 0 to about 150 by population; a district without a figure counts as an eighth of its city.
    fn size(&self, record: &Record) -> f64 {
        let city = record.city.map(|c| self.gazetteer.records[c].population / 8);
        let people = record.population.max(city.filter(|_| record.population == 0).unwrap_or(0));
        (people.max(1) as f64).log2() * 6.0
    }
}

/// How well a record's own names match a word; 0 for not at all.
fn own_score(record: &Record, word: &str) -> u16 {
    let en = folded_score(&record.key_en, word);
    let less = if record.kind == Kind::City { 0 } else { OTHER_NAME };
    let other = folded_score(&record.key_other, word).saturating_sub(less);
    let zh = zh_score(record, word);
    en.max(zh).max(other)
}

fn folded_score(key: &Folded, word: &str) -> u16 {
    if key.text.starts_with(word) {
        return match key.text.len() == word.len() {
            true if word.len() <= 3 => EXACT_SHORT,
            true => EXACT,
            false => PREFIX,
        };
    }
    let long = word.len() >= 3;
    match key.text.match_indices(word).map(|(at, _)| at).find(|at| long || is_start(key, *at)) {
        Some(at) if is_start(key, at) => WORD_START,
        Some(_) if long => INSIDE,
        _ => 0,
    }
}

fn is_start(key: &Folded, at: usize) -> bool {
    at < 64 && key.starts >> at & 1 == 1
}

fn zh_score(record: &Record, word: &str) -> u16 {
    if record.key_zh.is_empty() {
        0
    } else if record.key_zh == word || record.key_zh_full == word {
        EXACT
    } else if record.key_zh_full.starts_with(word) || record.key_zh.starts_with(word) {
        PREFIX
    } else if record.key_zh_full.contains(word) {
        INSIDE
    } else {
        0
    }
}
