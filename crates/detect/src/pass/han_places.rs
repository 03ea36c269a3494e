//! Chinese plates, addresses and organisations.

use super::{
    Pass,
    chars::{decode, is_han},
    han::HAN_BYTES,
};
use crate::{
    Confidence::{Likely, Sure},
    Kind,
    han::{self, TABLES, is},
};

/// How far behind its last part an address goes on, in bytes.
const ADDRESS_REACH: usize = 36;
/// Characters of the longest division's name that is looked for, and of a street's name without its division.
const REGION_CHARS_MAX: usize = 12;
const STREET_CHARS_MAX: usize = 4;
/// Characters of the longest organisation's name.
const ORG_CHARS_MAX: usize = 26;

/// An address that is being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open {
    start: usize,
    end: usize,
    /// Divisions in it.
    levels: u8,
    street: bool,
    door: bool,
    labelled: bool,
}

impl Pass<'_, '_> {
    /// A plate behind the abbreviation of a province at `at` (GA 36).
    pub(super) fn plate(&mut self, at: usize) {
        let mut next = at + HAN_BYTES;
        let city = self.byte(next);
        if !city.is_ascii_uppercase() || matches!(city, b'I' | b'O') {
            return;
        }
        next += 1;
        for gap in [&b" "[..], b"-", "·".as_bytes(), "•".as_bytes(), "．".as_bytes()] {
            if self.goes_on(next, gap) {
                next += gap.len();
                break;
            }
        }
        let end = self.run(next, 8, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let tail = self.slice(next, end);
        let special = ["挂", "学", "警", "港", "澳", "使", "领", "超"]
            .iter()
            .any(|word| self.goes_on(end, word.as_bytes()));
        let lettered = !tail.iter().any(u8::is_ascii_digit);
        if tail.iter().any(|byte| matches!(byte, b'I' | b'O'))
            || lettered && tail.len() != 5 && !special
        {
            return;
        }
        let found = match tail.len() {
            4 if special => Some((Kind::Plate, end + HAN_BYTES)),
            5 => Some((Kind::Plate, end)),
            6 if new_energy(tail) => Some((Kind::PlateNewEnergy, end)),
            _ => None,
        };
        if let Some((kind, end)) = found {
            self.hit(at, end, kind, Sure);
            self.cursor = self.cursor.max(end);
        }
    }

    /// The longest division's name that ends here.
    pub(super) fn region(&mut self, end: usize) {
        let mut start = self.han_run_start(end, REGION_CHARS_MAX);
        while start + HAN_BYTES < end {
            let bits = TABLES.word(self.slice(start, end));
            if bits & (is::PROVINCE | is::PREFECTURE | is::COUNTY) != 0 {
                return self.region_found(start, end, bits);
            }
            start += HAN_BYTES;
        }
    }

    fn region_found(&mut self, start: usize, end: usize, bits: u16) {
        let alone = bits & is::SHORT != 0;
        if let Some(open) =
            self.open.as_mut().filter(|open| start <= open.end + 2 && start >= open.start)
        {
            // 杭州 and then 杭州市 are one.
            if start >= open.end {
                open.levels += 1;
            }
            open.end = end;
            return;
        }
        self.close_address();
        let labelled = self.cue.is_some_and(|(category, at)| {
            category == crate::Category::ContactAddress && at <= start && start - at <= 8
        });
        self.open = Some(Open { start, end, levels: 1, street: false, door: false, labelled });
        if alone && bits & is::PROVINCE == 0 && self.before(start) > 0x7F && self.before(end) == 0 {
            self.open = None;
        }
    }

    /// A street, door, floor or room that ends with the character at `at`.
    pub(super) fn street(&mut self, at: usize, char: u32) {
        let end = at + HAN_BYTES;
        let door = matches!(
            char::from_u32(char),
            Some('号' | '室' | '栋' | '幢' | '楼' | '座' | '层' | '组')
        );
        let counted = self.before(at).is_ascii_alphanumeric() || self.han_number_before(at);
        if let Some(open) =
            self.open.filter(|open| at >= open.end && at - open.end <= ADDRESS_REACH)
        {
            if self.joined(open.end, at) && (!door || counted) {
                self.open = Some(Open { end, street: true, door: open.door || door, ..open });
            }
            return;
        }
        let named = matches!(char::from_u32(char), Some('路' | '街' | '巷' | '道' | '弄'));
        if !named || self.open.is_some_and(|open| end <= open.end) {
            return;
        }
        let start = self.street_start(at);
        if at - start >= HAN_BYTES {
            self.close_address();
            self.open =
                Some(Open { start, end, levels: 0, street: true, door: false, labelled: false });
        }
    }

    fn han_number_before(&self, at: usize) -> bool {
        at.checked_sub(HAN_BYTES).is_some_and(|before| {
            let char = char::from_u32(decode(self.slice(before, at)).0);
            char.is_some_and(|char| "一二三四五六七八九十甲乙丙丁".contains(char))
        })
    }

    fn street_start(&self, at: usize) -> usize {
        let mut start = at;
        let floor = self.han_run_start(at, STREET_CHARS_MAX);
        while start > floor {
            let char = decode(self.slice(start - HAN_BYTES, start)).0;
            let cue_ends = self.cue.is_some_and(|(_, end)| end == start);
            if cue_ends || TABLES.flags(char) & (han::BREAK | han::STREET_END) != 0 {
                break;
            }
            start -= HAN_BYTES;
        }
        start
    }

    /// Whether nothing between two parts of an address closes it.
    fn joined(&self, from: usize, to: usize) -> bool {
        let mut at = from;
        while at < to {
            let (char, width) = decode(self.slice(at, to));
            let fits = is_han(char) && TABLES.flags(char) & han::BREAK == 0
                || char < 0x80 && (char as u8).is_ascii_alphanumeric()
                || matches!(char::from_u32(char), Some('-' | '#' | '（' | '）' | '(' | ')' | ' '))
                || (0xFF10..=0xFF19).contains(&char);
            if !fits {
                return false;
            }
            at += width;
        }
        true
    }

    /// Adds the address that is being read, if it is one.
    pub(super) fn close_address(&mut self) {
        let Some(open) = self.open.take() else { return };
        let Open { start, end, levels, street, door, labelled } = open;
        match (levels, street, door) {
            (2.., _, true) => self.hit(start, end, Kind::CnAddress, Sure),
            (2.., true, _) | (1.., true, true) | (0, true, true) => {
                self.hit(start, end, Kind::CnAddress, Likely)
            }
            (1.., _, _) if labelled => self.hit(start, end, Kind::CnAddress, Likely),
            (2.., ..) | (1.., true, _) => self.hit(start, end, Kind::CnAddress, Likely),
            (1, false, _) => self.hit(start, end, Kind::CnPlace, Likely),
            _ => {}
        }
    }

    /// An organisation whose name's last word ends here.
    pub(super) fn han_organisation(&mut self, end: usize) {
        if !self.wants(Kind::CnOrganisation) {
            return;
        }
        let mut tail = self.han_run_start(end, 7);
        while tail + HAN_BYTES < end && TABLES.word(self.slice(tail, end)) & is::ORG == 0 {
            tail += HAN_BYTES;
        }
        if tail + HAN_BYTES >= end {
            return;
        }
        let start = self.organisation_start(tail);
        if tail - start < 2 * HAN_BYTES {
            return;
        }
        // A longer name that ends here takes the place of its own beginning: 分公司 after 公司.
        let inside =
            self.hits.last().filter(|hit| hit.kind == Kind::CnOrganisation && hit.end > start);
        let start = inside.map_or(start, |hit| hit.start.min(start));
        if inside.is_some() {
            self.hits.pop();
        }
        if self.open.is_some_and(|open| open.start >= start && !open.street) {
            self.open = None;
        }
        self.hit(start, end, Kind::CnOrganisation, Likely);
    }

    fn organisation_start(&self, tail: usize) -> usize {
        let mut start = tail;
        for _ in 0..ORG_CHARS_MAX {
            let Some(before) = start.checked_sub(HAN_BYTES) else { break };
            let char = decode(self.slice(before, start)).0;
            let bracket = matches!(char::from_u32(char), Some('（' | '）'));
            if !bracket
                && (!is_han(char)
                    || TABLES.flags(char) & han::BREAK != 0 && !self.inside_word(before))
            {
                break;
            }
            if self.cue.is_some_and(|(_, end)| end == start)
                || self.open.is_some_and(|open| open.start == start && open.levels > 0)
            {
                break;
            }
            start = before;
        }
        if self.goes_on(start, "）".as_bytes()) { start + HAN_BYTES } else { start }
    }

    /// Whether a particle's character is part of a word here: 和平, 为民.
    fn inside_word(&self, at: usize) -> bool {
        TABLES.word(self.slice(at, at + 2 * HAN_BYTES)) & is::NO_NAME != 0
    }
}

/// The tail of a new-energy plate: D or F and their extension first (small) or last (large).
fn new_energy(tail: &[u8]) -> bool {
    let [first, middle @ .., last] = tail else { return false };
    let letter = |byte: &u8| matches!(byte, b'A'..=b'H' | b'J' | b'K');
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    letter(first) && digits(middle.get(1..).unwrap_or_default()) && last.is_ascii_digit()
        || first.is_ascii_digit() && digits(middle) && letter(last)
}
