//! Words in Latin letters that start with a capital: what they open.

use super::{Pass, chars::decode};
use crate::{
    Confidence::{Likely, Sure},
    Kind, check,
    words::{LATIN, is},
};

/// The longest word that can be a name.
pub(super) const NAME_BYTES_MAX: usize = 40;
/// The most words of one phrase.
pub(super) const PHRASE_WORDS_MAX: usize = 8;

/// A word of a phrase.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Word {
    /// First byte.
    pub start: usize,
    /// One past the last byte; the dot of an initial or abbreviation is not part of it.
    pub end: usize,
    /// What the lists say.
    pub bits: u16,
    /// One letter.
    pub initial: bool,
}

/// Words with a capital, with particles between, in one line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Phrase {
    words: [Word; PHRASE_WORDS_MAX],
    /// How many words.
    pub count: usize,
}

impl Phrase {
    /// The words.
    pub fn words(&self) -> &[Word] {
        self.words.get(..self.count).unwrap_or_default()
    }

    /// Without its first words.
    pub fn without_first(&self, count: usize) -> Self {
        let mut rest = Self::default();
        for word in self.words().iter().skip(count) {
            rest.push(*word);
        }
        rest
    }

    fn push(&mut self, word: Word) {
        if let Some(slot) = self.words.get_mut(self.count) {
            *slot = word;
            self.count += 1;
        }
    }

    /// Where it starts and ends.
    pub fn span(&self) -> (usize, usize) {
        let words = self.words();
        (words.first().map_or(0, |word| word.start), words.last().map_or(0, |word| word.end))
    }

    /// Drops the last words that `unfit` names.
    pub fn trim(&mut self, unfit: impl Fn(&Word) -> bool) {
        while self.words().last().is_some_and(&unfit) {
            self.count -= 1;
        }
    }
}

impl Pass<'_, '_> {
    /// Reads the word that starts with the capital at `at`.
    pub(super) fn capital(&mut self, at: usize) {
        let letters =
            self.signs_from(at, |signs| signs.alnum & !signs.digit).trailing_ones() as usize;
        let end = at + letters.min(NAME_BYTES_MAX);
        let next = self.byte(end);
        match next {
            b'0'..=b'9' => return self.token(at),
            b'<' if self.machine_readable(at) => return,
            b' ' if end - at == 2
                && self.byte(end + 1).is_ascii_digit()
                && self.spaced_nino(at) =>
            {
                return;
            }
            _ => {}
        }
        // In code, paths and keys a capital opens no name.
        let prose = matches!(
            next,
            b' ' | b','
                | b'.'
                | b'\n'
                | b'\r'
                | b'\''
                | b'"'
                | b')'
                | b'?'
                | b'!'
                | b';'
                | b':'
                | b'-'
                | b'<'
                | b'/'
        ) || !next.is_ascii();
        let glued = matches!(
            self.before(at),
            b'_' | b'.' | b'$' | b'#' | b'%' | b'&' | b'=' | b'\\' | b'@'
        );
        // `12/Mar/2026`, `Safari/537.36`, `freight.OrderService`: parts of a path.
        let inside = match self.before(at) {
            b'/' => true,
            b'.' => self.before(at - 1).is_ascii_lowercase(),
            _ => next == b'/' && self.byte(end + 1).is_ascii_digit(),
        };
        if !prose || inside || glued && !matches!(self.before(at), b'.' | b'=') {
            self.cursor = self.cursor.max(end);
            if end - at >= 16 || next == b'_' {
                self.prefixed_secret(at);
            }
            return;
        }
        if next == b' ' && self.slice(at, end) == b"BEGIN" && self.private_key(at) {
            return;
        }
        self.phrase_at(at);
    }

    /// A capital that is not ASCII. Whether it was one; the cursor is then behind its phrase.
    pub(super) fn latin_capital(&mut self, at: usize, char: u32) -> bool {
        let capital = char::from_u32(char).is_some_and(char::is_uppercase);
        let opens = !self.before(at).is_ascii_alphanumeric();
        if capital && opens {
            let before = self.cursor;
            self.phrase_at(at);
            return self.cursor > before;
        }
        false
    }

    /// The end of the word at `at`: letters of Latin, Greek and Cyrillic, apostrophes and hyphens inside.
    pub(super) fn word_end(&self, at: usize) -> usize {
        let letters =
            self.signs_from(at, |signs| signs.alnum & !signs.digit).trailing_ones() as usize;
        let mut end = at + letters.min(NAME_BYTES_MAX);
        while end - at < NAME_BYTES_MAX {
            let Some(rest) = self.text.get(end..) else { break };
            match rest {
                [byte, ..] if byte.is_ascii_alphabetic() => end += 1,
                [b'\'' | b'-', next, ..]
                    if end > at
                        && (next.is_ascii_alphabetic() && !self.possessive(end)
                            || *next >= 0xC3) =>
                {
                    end += 1
                }
                [0xE2, 0x80, 0x99, next, ..]
                    if end > at && next.is_ascii_alphabetic() && *next != b's' =>
                {
                    end += 3
                }
                [0xC3..=0xD4, ..] | [0xE1, 0xB8..=0xBF, ..] => end += decode(rest).1,
                _ => break,
            }
        }
        end
    }

    /// Whether `'s` closes the word at this apostrophe.
    fn possessive(&self, at: usize) -> bool {
        self.byte(at) == b'\''
            && self.byte(at + 1) == b's'
            && !self.byte(at + 2).is_ascii_alphabetic()
    }

    /// Whether a letter with a capital form stands here in it.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        match self.byte(at) {
            byte if byte.is_ascii() => byte.is_ascii_uppercase(),
            0xC3..=0xD4 | 0xE1 => {
                let char = decode(self.text.get(at..).unwrap_or_default()).0;
                char::from_u32(char).is_some_and(char::is_uppercase)
            }
            _ => false,
        }
    }

    /// The word at `at` with what the lists say of it.
    pub(super) fn word_at(&self, at: usize) -> Word {
        let end = self.word_end(at);
        let initial = end - at <= 2
            && self.slice(at, end).len() == 1 + usize::from(!self.byte(at).is_ascii());
        Word { start: at, end, bits: LATIN.get(self.slice(at, end)), initial }
    }

    /// The phrase that starts at `at`: words with capitals, one blank apart, particles between them.
    pub(super) fn read_phrase(&self, at: usize) -> Phrase {
        let mut phrase = Phrase::default();
        let mut next = at;
        while phrase.count < PHRASE_WORDS_MAX {
            let word = self.word_at(next);
            if word.end == word.start {
                break;
            }
            phrase.push(word);
            let dotted =
                self.byte(word.end) == b'.' && (word.initial || word.bits & is::TITLE != 0);
            let gap = word.end + usize::from(dotted);
            if self.byte(gap) != b' ' {
                break;
            }
            next = gap + 1;
            if self.is_capital(next) {
                continue;
            }
            let particle = self.word_at(next);
            let after = particle.end + 1;
            let joins = particle.bits & is::PARTICLE != 0 && self.byte(particle.end) == b' ';
            let second = self.word_at(after);
            let two = joins
                && second.bits & is::PARTICLE != 0
                && self.byte(second.end) == b' '
                && self.is_capital(second.end + 1);
            if joins && self.is_capital(after) && self.slice(particle.start, particle.end) != b"of"
            {
                phrase.push(particle);
                next = after;
            } else if two {
                phrase.push(particle);
                phrase.push(second);
                next = second.end + 1;
            } else {
                break;
            }
        }
        phrase.trim(|word| word.bits & is::PARTICLE != 0 && !self.is_capital(word.start));
        phrase
    }

    /// A line of a machine-readable zone whose first letter is at `at`. Whether it was one.
    fn machine_readable(&mut self, at: usize) -> bool {
        let end = self
            .run(at, 45, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'<');
        if !check::mrz_line(self.slice(at, end)) {
            return false;
        }
        self.hit(at, end, Kind::Mrz, Sure);
        self.cursor = end;
        // The second line of a passport starts behind the line end and may start with a letter or a digit.
        let next = self.run(end, 2, |byte| byte.is_ascii_whitespace());
        let second = self.run(next, 45, |byte| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'<'
        });
        if next > end && check::mrz_line(self.slice(next, second)) {
            self.hit(next, second, Kind::Mrz, Sure);
            self.cursor = second;
        }
        true
    }

    /// A month or weekday with what belongs to it: `12 March 2020`, `March 3, 1990`, `Tuesday`.
    pub(super) fn calendar_word(&mut self, word: Word) -> bool {
        let text = self.slice(word.start, word.end);
        let weekday =
            text.len() >= 6 && text.ends_with(b"day") || text.len() >= 6 && text.ends_with(b"DAY");
        let digits = |pass: &Self, at: usize, limit: usize| {
            pass.run(at, limit, |byte| byte.is_ascii_digit())
        };
        let mut start = word.start;
        let mut end = word.end;
        let day_start = self.run_back(start.saturating_sub(1), 2, |byte| byte.is_ascii_digit());
        let day_before = self.before(start) == b' ' && day_start < start - 1;
        if !weekday && day_before && !self.before(day_start).is_ascii_alphanumeric() {
            start = day_start;
        }
        let gap = self.run(end, 2, |byte| matches!(byte, b' ' | b',' | b'.'));
        let first = digits(self, gap, 4);
        let mut numbered = start < word.start;
        if !weekday && first > gap && (first - gap <= 2 || first - gap == 4) {
            numbered = true;
            end = first;
            let again = self.run(end, 2, |byte| matches!(byte, b' ' | b','));
            let year = digits(self, again, 4);
            if first - gap <= 2 && year - again == 4 {
                end = year;
            }
        }
        if weekday || numbered {
            if weekday {
                self.hit(start, end, Kind::Date, Likely);
            } else {
                self.found_date(start, end);
            }
            self.cursor = self.cursor.max(end);
            return true;
        }
        false
    }
}
