//! Chinese personal names: under a label, before a form of address, before a verb of saying.

use super::{
    Pass,
    chars::{decode, is_han},
    han::HAN_BYTES,
};
use crate::{
    Category as C,
    Confidence::{Likely, Possible, Sure},
    Kind,
    han::{self, TABLES, is},
};

impl Pass<'_, '_> {
    fn han_at(&self, at: usize) -> Option<u32> {
        let char = decode(self.text.get(at..)?).0;
        is_han(char).then_some(char)
    }

    /// The end of the surname at `at`: two characters before one.
    fn surname_end(&self, at: usize) -> Option<usize> {
        [2, 1]
            .into_iter()
            .map(|chars| at + chars * HAN_BYTES)
            .find(|end| TABLES.word(self.slice(at, *end)) & is::SURNAME != 0)
    }

    /// A name behind a label: `姓名：王小明`, `联系人 李四`.
    pub(super) fn han_name_value(&mut self, at: usize) {
        let at = if self.byte(at) == b'\\' { at + 2 } else { at };
        let Some(end) = self.labelled_name_end(at) else {
            if self.byte(at).is_ascii_uppercase() {
                self.name_value(at);
            }
            return;
        };
        self.hit(at, end, Kind::CnName, Sure);
        self.cursor = self.cursor.max(end);
    }

    fn labelled_name_end(&self, at: usize) -> Option<usize> {
        if let Some(end) = self.dotted_name_end(at) {
            return Some(end);
        }
        let surname = self.surname_end(at)?;
        if TABLES.word(self.slice(at, at + 2 * HAN_BYTES)) & is::NO_NAME != 0 {
            return None;
        }
        let mut end = surname;
        for given in 0..2 {
            let Some(char) = self.han_at(end) else { break };
            let flags = TABLES.flags(char);
            let goes_on = self.han_at(end + HAN_BYTES).is_some();
            // What is no usual part of a name belongs to it only if the run ends there.
            if flags & han::BREAK != 0
                || (given > 0 && goes_on && flags & han::GIVEN == 0)
                || self.word_starts(end)
            {
                break;
            }
            end += HAN_BYTES;
        }
        (end > surname).then_some(end)
    }

    /// Names of minorities and translated names: 阿卜杜拉·买买提.
    fn dotted_name_end(&self, at: usize) -> Option<usize> {
        let mut end = at;
        let mut dots = 0;
        for _ in 0..16 {
            if self.han_at(end).is_some() {
                end += HAN_BYTES;
            } else if self.goes_on(end, "·".as_bytes())
                && self.han_at(end + 2).is_some()
                && end > at
            {
                end += 2;
                dots += 1;
            } else {
                break;
            }
        }
        (dots > 0).then_some(end)
    }

    fn word_starts(&self, at: usize) -> bool {
        (2..=4).any(|chars| {
            let word = self.slice(at, at + chars * HAN_BYTES);
            TABLES.word(word) & (is::TITLE | is::SAYS) != 0 || crate::cue::of_word(word).is_some()
        })
    }

    /// A name that starts with the surname at `at`, if what stands behind it shows it for one.
    pub(super) fn han_name(&mut self, at: usize) {
        if !self.wants(Kind::CnName)
            || TABLES.word(self.slice(at, at + 2 * HAN_BYTES)) & is::NO_NAME != 0
        {
            return;
        }
        let Some(surname) = self.surname_end(at) else { return };
        for given in [2, 1] {
            let end = surname + given * HAN_BYTES;
            let part = self.slice(surname, end);
            if part.len() != given * HAN_BYTES || !part.chunks_exact(HAN_BYTES).all(name_part) {
                continue;
            }
            if self.name_is_shown(at, end) {
                self.hit(at, end, Kind::CnName, Likely);
                self.cursor = self.cursor.max(end);
                return;
            }
        }
        let given = self.slice(surname, surname + HAN_BYTES);
        let ends = [surname + 2 * HAN_BYTES, surname + HAN_BYTES].into_iter().find(|end| {
            self.field_ends(*end)
                && self.slice(surname, *end).chunks_exact(HAN_BYTES).all(given_part)
        });
        if self.field_starts(at)
            && !given.is_empty()
            && let Some(end) = ends
        {
            self.hit(at, end, Kind::CnName, Possible);
        }
    }

    fn name_is_shown(&self, at: usize, end: usize) -> bool {
        let may = self.han_at(end).is_some_and(|char| TABLES.may_be_behind(char));
        let behind = may
            && (1..=4).any(|chars| {
                let word = self.slice(end, end + chars * HAN_BYTES);
                TABLES.word(word) & (is::TITLE | is::SAYS) != 0
            });
        let given = self.slice(end.saturating_sub(HAN_BYTES), end);
        let clear = self.before_is_clear(at);
        (behind && clear && given_part(given))
            || (clear && self.goes_on(end, "，男".as_bytes())
                || self.goes_on(end, "，女".as_bytes()))
            || (clear && self.goes_on(end, "(男".as_bytes())
                || self.goes_on(end, "（女".as_bytes()))
    }

    /// Whether the character before could not be the first half of a word that goes on here.
    fn before_is_clear(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(HAN_BYTES) else { return true };
        let (char, _) = decode(self.slice(before, at));
        !is_han(char)
            || TABLES.flags(char) & han::BREAK != 0
            || self.cue.is_some_and(|(category, end)| category == C::PersonName && end == at)
            || self.open.is_some()
    }

    fn field_starts(&self, at: usize) -> bool {
        matches!(self.before(at), b'\n' | b',' | b'\t' | b'|' | b'"' | b'\'' | b'>' | b';')
    }

    fn field_ends(&self, at: usize) -> bool {
        matches!(self.byte(at), b'\n' | b'\r' | b',' | b'\t' | b'|' | b'"' | b'\'' | b'<' | b';')
    }
}

fn name_part(char: &[u8]) -> bool {
    let char = decode(char).0;
    is_han(char) && TABLES.flags(char) & han::BREAK == 0
}

fn given_part(char: &[u8]) -> bool {
    TABLES.flags(decode(char).0) & han::GIVEN != 0
}
