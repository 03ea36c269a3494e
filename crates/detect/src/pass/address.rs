//! Postal addresses in Latin letters: numbers, street, unit, town, region, country, postcode, over several lines.

use super::{Pass, latin::Phrase};
use crate::{
    Confidence::{Likely, Sure},
    Kind,
    words::{LATIN, is},
};

/// The longest address, in bytes and in parts.
const ADDRESS_BYTES_MAX: usize = 240;
const ADDRESS_PARTS_MAX: usize = 28;
/// How far back the words are that announce an address: bytes and words.
const CUE_BYTES: usize = 56;
const CUE_WORDS: usize = 7;

/// What speaks for an address.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    numbers: u8,
    street: bool,
    unit: bool,
    place: bool,
    words: u8,
    lines: u8,
}

/// A part of an address.
enum Part {
    Number,
    Word { bits: u16, ending: bool },
    End,
}

impl Pass<'_, '_> {
    /// A number of few digits: an age, a year, the start of an address, or nothing.
    pub(super) fn small_number(&mut self, start: usize, end: usize) {
        match self.byte(end) {
            b' ' if (self.is_capital(end + 1) || self.byte(end + 1).is_ascii_digit())
                && self.address_from(start) =>
            {
                return;
            }
            _ => {}
        }
        match end - start {
            4 => self.year(start, end),
            1..=3 => {
                self.age(start, end);
            }
            _ => {}
        }
        if self.cue.is_some() || self.before(start) == b' ' {
            self.short_postcode(start, end);
        }
    }

    /// A postcode of few digits right behind its label.
    fn short_postcode(&mut self, start: usize, end: usize) {
        if end - start >= 3
            && self.byte(end) != b'.'
            && self.cue_at(start) == Some(crate::Category::ContactPostcode)
            && !self.covered(start)
        {
            self.hit(start, end, Kind::Postcode, Likely);
        }
    }

    /// An address that starts with a street's name: `Via Roma 131`. Whether it was one.
    pub(super) fn street_first(&mut self, phrase: &Phrase) -> bool {
        let (start, end) = phrase.span();
        let before =
            if self.before(start) == b' ' { self.before(start - 1) } else { self.before(start) };
        let opens = matches!(before, b'\n' | b':' | b',' | b'.' | b'>' | b'?' | b' ')
            || before.is_ascii_alphanumeric();
        let numbered = opens && self.byte(end) == b' ' && self.byte(end + 1).is_ascii_digit();
        let unit = phrase.words().first().is_some_and(|word| word.bits & is::UNIT != 0);
        let box_number = self.byte(start) == b'P'
            && (self.goes_on(start, b"P.O. Box")
                || self.goes_on(start, b"PO Box")
                || self.goes_on(start, b"PSC "));
        let street = || phrase.words().iter().any(|word| word.bits & is::STREET != 0);
        (numbered || unit || box_number || street()) && self.address_from(start)
    }

    /// The value of an address label.
    pub(super) fn address_value(&mut self, label_end: usize) {
        let start =
            self.run(label_end, 8, |byte| matches!(byte, b' ' | b'"' | b'\'' | b'\t' | b'\\'));
        if self.is_capital(start) || self.byte(start).is_ascii_digit() {
            self.address_from(start);
        }
    }

    /// Reads an address from `start`. Whether there is one; the cursor is then behind it.
    fn address_from(&mut self, start: usize) -> bool {
        if start < self.cursor || !self.wants(Kind::StreetAddress) {
            return false;
        }
        let (end, evidence) = self.read_address(start);
        if evidence.numbers == 0 && !evidence.street || evidence.words == 0 {
            return false;
        }
        let cued = self.address_cue(start);
        let Evidence { numbers, street, unit, place, words, lines } = evidence;
        let built = words > 0 && numbers > 0 && (street || unit && words > 1)
            || unit && numbers > 0 && words > 1 && lines > 0;
        let block = lines >= 2 && numbers >= 2 && words >= 2 && (place || unit);
        let announced = cued && (numbers > 0 && words > 0 || street && words > 1);
        if !(built || block || announced) || end <= start {
            return false;
        }
        self.hit(
            start,
            end,
            Kind::StreetAddress,
            if built && cued || block { Sure } else { Likely },
        );
        self.cursor = self.cursor.max(end);
        true
    }

    /// Whether a word shortly before announces an address: "lives at", "located", "address:".
    fn address_cue(&self, start: usize) -> bool {
        let labelled = self
            .near_cue(start)
            .is_some_and(|(category, _)| category == crate::Category::ContactAddress);
        if !(labelled || self.in_prose(start)) {
            return false;
        }
        let floor = start.saturating_sub(CUE_BYTES);
        let mut end = start;
        for at in 0..CUE_WORDS {
            let gap = self.run_back(end, end - floor, |byte| {
                !byte.is_ascii_alphabetic() && (byte != b'\n' || at == 0)
            });
            let word = self.run_back(gap, gap - floor, |byte| byte.is_ascii_alphabetic());
            if word == gap {
                return false;
            }
            if LATIN.get(self.slice(word, gap)) & is::ANNOUNCES != 0 {
                return true;
            }
            end = word;
        }
        false
    }

    /// The end of the last part that belongs to an address, and what speaks for it.
    fn read_address(&self, start: usize) -> (usize, Evidence) {
        let mut evidence = Evidence::default();
        let (mut at, mut end, mut parts) = (start, start, 0);
        let mut digits = 0;
        while parts < ADDRESS_PARTS_MAX && at - start < ADDRESS_BYTES_MAX {
            let (part, part_end) = self.address_part(at);
            match part {
                Part::Number => {
                    evidence.numbers = evidence.numbers.saturating_add(1);
                    digits += part_end - at;
                }
                Part::Word { bits, ending } => {
                    evidence.words = evidence.words.saturating_add(1);
                    evidence.street |= (bits & is::STREET != 0 && parts > 0)
                        || ending
                        || bits & is::STREET != 0 && bits & is::COMMON == 0;
                    evidence.unit |= bits & is::UNIT != 0;
                    evidence.place |= bits & (is::CITY | is::NATION) != 0;
                }
                Part::End => break,
            }
            if digits > 24 {
                break;
            }
            end = part_end;
            parts += 1;
            let (next, lines) = self.address_gap(part_end);
            if next == part_end || (lines > 0 && !self.address_line(next)) {
                break;
            }
            evidence.lines = evidence.lines.saturating_add(lines);
            at = next;
        }
        (end, evidence)
    }

    fn address_part(&self, at: usize) -> (Part, usize) {
        let byte = self.byte(at);
        if byte.is_ascii_digit() {
            let mut end = self.run(at, 8, |byte| byte.is_ascii_digit());
            let digits = end - at;
            // 12a, 3/5, 53-320.
            let lettered =
                self.byte(end).is_ascii_alphabetic() && !self.byte(end + 1).is_ascii_alphanumeric();
            if lettered {
                end += 1;
            } else if matches!(self.byte(end), b'-' | b'/') && self.byte(end + 1).is_ascii_digit() {
                end = self.run(end + 1, 5, |byte| byte.is_ascii_alphanumeric());
            }
            let bad = digits > 6
                || self.byte(end).is_ascii_alphanumeric()
                || matches!(self.byte(end), b':' | b'%' | b'@')
                || (self.byte(end) == b'.' && self.byte(end + 1).is_ascii_digit())
                || matches!(self.byte(end), b'-' | b')') && self.byte(end + 1).is_ascii_digit();
            return if bad { (Part::End, at) } else { (Part::Number, end) };
        }
        let end = self.word_end(at);
        if end == at {
            return (Part::End, at);
        }
        let dotted = end + usize::from(self.byte(end) == b'.');
        let text = self.slice(at, end);
        let bits =
            LATIN.get(text) | if dotted > end { LATIN.get(self.slice(at, dotted)) } else { 0 };
        let capital = self.is_capital(at);
        let joins = bits & (is::PARTICLE | is::UNIT) != 0
            || text == b"nan"
            || bits & is::STREET != 0 && bits & is::COMMON == 0;
        let abbreviation = dotted > end
            && (bits & (is::STREET | is::UNIT) != 0 || text.len() <= 3)
            && self.byte(dotted) != b'\n';
        let slash = self.goes_on(end, b"/ ") && text.len() == 1;
        let end = if slash {
            end + 1
        } else if abbreviation {
            dotted
        } else {
            end
        };
        let opener = bits & (is::OPENER | is::TITLE) != 0
            && bits & (is::STREET | is::CITY | is::NATION) == 0
            && !self.slice(at, end).iter().all(u8::is_ascii_uppercase)
            && !abbreviation;
        if !joins && (opener || !capital) || matches!(self.byte(end), b':' | b'@' | b'\'') {
            return (Part::End, at);
        }
        (Part::Word { bits, ending: street_ending(text) }, end)
    }

    /// What stands between two parts: blanks, a comma, a line end. Where the next part starts and how many lines on.
    fn address_gap(&self, at: usize) -> (usize, u8) {
        let (mut next, mut commas, mut lines) = (at, 0, 0);
        loop {
            match self.byte(next) {
                b' ' | b'\r' | b'>' if next - at < 8 => next += 1,
                b',' if commas == 0 => {
                    commas += 1;
                    next += 1;
                }
                b'\n' if lines < 2 && next + 1 < self.text.len() => {
                    lines += 1;
                    next += 1;
                }
                b'\\' if self.byte(next + 1) == b'n' => {
                    lines += 1;
                    next += 2;
                }
                _ => return (next, lines),
            }
        }
    }

    /// Whether the line from `at` holds nothing but parts of an address.
    fn address_line(&self, at: usize) -> bool {
        let mut next = at;
        for _ in 0..8 {
            let (part, end) = self.address_part(next);
            if matches!(part, Part::End) {
                return false;
            }
            match self.byte(end) {
                b'\n' | b'\r' => return true,
                b'.' | b'?' | b'"' | b'\\' => return true,
                b',' | b' ' => {
                    let gap = self.run(end, 3, |byte| matches!(byte, b' ' | b','));
                    if self.byte(gap) == b'\n' {
                        return true;
                    }
                    // The last line of an address may be followed by prose.
                    if self.byte(gap).is_ascii_lowercase()
                        && !matches!(self.address_part(gap).0, Part::Word { .. })
                    {
                        return true;
                    }
                    next = gap;
                }
                _ => return false,
            }
        }
        false
    }
}

/// Endings of words that are streets in the Germanic, Nordic, Baltic and Hungarian languages.
fn street_ending(word: &[u8]) -> bool {
    const ENDINGS: &[&str] = &[
        "straße", "strasse", "straat", "gasse", "weg", "platz", "laan", "plein", "gracht", "vej",
        "gade", "gata", "gatan", "vägen", "veien", "gaten", "katu", "tie", "kuja", "stræde",
        "allé", "stræti", "vegur", "braut", "gränd", "stigen", "vei", "stien", "dreef", "kade",
        "steeg", "utca", "ulice",
    ];
    word.len() >= 6 && ENDINGS.iter().any(|ending| word.ends_with(ending.as_bytes()))
}
