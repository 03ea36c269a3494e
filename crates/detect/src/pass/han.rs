//! Chinese text: plates, cues, addresses, names, organisations, one look at a table a character.

use super::{
    Pass,
    chars::{Sign, alnum, decode, is_han, sign},
    tokens::plain_word,
};
use crate::{
    Category as C,
    Confidence::Sure,
    Kind, check, cue,
    han::{self, TABLES},
};

/// Bytes of one Chinese character of the basic plane.
pub(super) const HAN_BYTES: usize = 3;
impl Pass<'_, '_> {
    /// Reads from a byte of 0x80 or more to the next ASCII byte.
    pub(super) fn high(&mut self, at: usize) {
        let mut at = at;
        while at < self.to && !self.byte(at).is_ascii() {
            let rest = self.text.get(at..).unwrap_or_default();
            let (char, width) = decode(rest);
            self.cursor = at + width;
            if is_han(char) {
                self.han_char(at, char);
            } else if width == HAN_BYTES && char >= 0xFF10 {
                self.full_width(at, rest);
            } else if char < 0x250 && self.latin_capital(at, char) {
                return;
            }
            at = self.cursor;
        }
    }

    /// Full-width digits and letters start numbers and words.
    fn full_width(&mut self, at: usize, rest: &[u8]) {
        if let (Sign::Digit(_), _) = sign(rest) {
            return self.read_cluster(at);
        }
        if alnum(rest).is_some() {
            let (word, end) = plain_word(self.text, at);
            self.cursor = self.cursor.max(end);
            match word.len() {
                17 if check::vin(&word) => self.hit(at, end, Kind::Vin, Sure),
                18 if check::uscc(&word) => self.hit(at, end, Kind::Uscc, Sure),
                18 if check::resident_18(&word) => self.hit(at, end, Kind::ResidentId, Sure),
                _ => {}
            }
        }
    }

    #[inline]
    fn han_char(&mut self, at: usize, char: u32) {
        let flags = TABLES.flags(char);
        if flags == 0 {
            return;
        }
        let closes = if flags & (han::CUE_END | han::REGION_END | han::ORG_END) == 0 {
            0
        } else {
            flags & TABLES.ending(self.slice(at.saturating_sub(HAN_BYTES), at + HAN_BYTES))
        };
        if closes & han::CUE_END != 0 {
            self.han_cue(at + HAN_BYTES);
        }
        if closes & han::REGION_END != 0 {
            self.region(at + HAN_BYTES);
        }
        if flags & han::STREET_END != 0 {
            self.street(at, char);
        }
        if closes & han::ORG_END != 0 {
            self.han_organisation(at + HAN_BYTES);
        }
        if flags & han::PLATE != 0 {
            self.plate(at);
        }
        if flags & han::SURNAME != 0 && self.cursor <= at + HAN_BYTES {
            self.han_name(at);
        }
    }

    /// The longest cue that ends here.
    fn han_cue(&mut self, end: usize) {
        let floor = end.saturating_sub(10 * HAN_BYTES).max(self.han_run_start(end, 10));
        let mut start = floor;
        while start + HAN_BYTES < end {
            if let Some(cue) = cue::of_word(self.slice(start, end)) {
                self.cue = Some((cue.category, end));
                return self.han_value(cue.category, end);
            }
            start += HAN_BYTES;
        }
    }

    fn han_value(&mut self, category: C, end: usize) {
        let delimiter = self.after_label(end);
        match category {
            C::PersonName | C::SocialKinship => self.han_name_value(delimiter),
            C::ContactAddress => {}
            _ if delimiter > end => self.value(category, delimiter),
            _ => {}
        }
    }

    /// Behind the colon or blank that closes a Chinese label; `end` itself where there is none.
    pub(super) fn after_label(&self, end: usize) -> usize {
        let mut at = end;
        for sign in [
            &b"\""[..],
            "：".as_bytes(),
            b":",
            "为".as_bytes(),
            "是".as_bytes(),
            "叫".as_bytes(),
            b"=",
            b"\t",
            b" ",
            b"\"",
            "【".as_bytes(),
        ] {
            if self.goes_on(at, sign) {
                at += sign.len();
            }
        }
        at
    }

    /// Where the run of Chinese characters that ends at `end` starts, `chars` back at most.
    pub(super) fn han_run_start(&self, end: usize, chars: usize) -> usize {
        let mut start = end;
        for _ in 0..chars {
            let Some(before) = start.checked_sub(HAN_BYTES) else { break };
            if !is_han(decode(self.slice(before, start)).0) {
                break;
            }
            start = before;
        }
        start
    }
}
