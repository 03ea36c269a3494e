//! Names of persons, organisations, places and groups in Latin letters, by lists and by the words around them.

use super::{
    Pass,
    latin::{Phrase, Word},
};
use crate::{
    Confidence::{Likely, Possible, Sure},
    Kind,
    words::{LATIN, is},
};

/// What the last two words before a name, in lower case, say for a person: 3 for a label, 2 for an address or a deed,
/// 1 for words that names and other things follow.
fn announces(last: &[u8], second: &[u8]) -> i32 {
    match last {
        b"named" | b"called" | b"hello" | b"hi" | b"dear" | b"starring" | b"songwriter"
        | b"commenter" => 3,
        b"is" if matches!(second, b"name" | b"this") => 3,
        b"me" if matches!(second, b"calls" | b"call" | b"called") => 3,
        b"by" if second == b"directed" => 3,
        b"said" | b"says" | b"add" | b"under" | b"told" | b"met" | b"asks" | b"producer"
        | b"player" | b"kid" | b"name" | b"user" | b"signed" | b"remove" | b"founders" | b"him"
        | b"i'm" => 2,
        b"to" if matches!(second, b"it" | b"assistant") => 2,
        b"am" if second == b"i" => 2,
        b"by" | b"is" | b"her" | b"between" | b"with" | b"tell" | b"features" | b"including"
        | b"when" | b"early" | b"and" | b"of" | b"that" | b"to" => 1,
        b"the" if matches!(second, b"unlike" | b"from") => 1,
        _ => 0,
    }
}

/// Whether a word right behind a name is what a person does.
fn deed(word: &[u8]) -> bool {
    matches!(
        word,
        b"said"
            | b"says"
            | b"is"
            | b"was"
            | b"has"
            | b"had"
            | b"lives"
            | b"shouted"
            | b"spent"
            | b"began"
            | b"speak"
            | b"speaks"
            | b"spoke"
            | b"listed"
            | b"will"
            | b"points"
            | b"explained"
            | b"employs"
            | b"from"
            | b"of"
            | b"and"
            | b"flew"
            | b"as"
            | b"just"
            | b"works"
            | b"worked"
            | b"went"
            | b"told"
            | b"wrote"
            | b"asked"
            | b"thinks"
            | b"born"
            | b"called"
            | b"in"
    )
}

impl Pass<'_, '_> {
    /// Reads the phrase that starts with the capital at `at`.
    pub(super) fn phrase_at(&mut self, at: usize) {
        let first = self.word_at(at);
        if first.end == first.start {
            return;
        }
        if first.bits & is::CALENDAR != 0 && self.calendar_word(first) {
            return;
        }
        // A word that no list has, alone and not in prose, is no name that could be told from a program's words.
        let known = first.bits
            & !(is::COMMON | is::OPENER | is::TOWARDS | is::ANNOUNCES | is::CALENDAR)
            != 0;
        let told = self.before(at) == b' ' && self.in_prose(at) || self.before(at) == b'\n';
        let alone = match self.byte(first.end) {
            b' ' => {
                let next = self.byte(first.end + 1);
                next.is_ascii() && !next.is_ascii_alphanumeric() && self.announced(at) == 0
            }
            _ => true,
        };
        if !known && !told && alone || first.bits & is::PROGRAM != 0 {
            self.cursor = first.end;
            return;
        }
        let whole = self.read_phrase(at);
        // An address may start with a street's name.
        if self.street_first(&whole) {
            return;
        }
        let mut phrase = whole;
        let mut titled = false;
        while let Some(word) = phrase.words().first().copied() {
            let title = word.bits & is::TITLE != 0 && phrase.count > 1;
            let opener = word.bits & is::OPENER != 0
                && (word.bits & is::FIRST == 0 || phrase.count == 1)
                && self.opens_sentence(word.start);
            if !title && !opener {
                break;
            }
            titled = title;
            phrase = phrase.without_first(1);
        }
        let (_, end) = whole.span();
        self.cursor = self.cursor.max(first.end);
        if phrase.count == 0 {
            return;
        }
        if phrase.count < whole.count
            && phrase.words().first().is_some_and(|word| word.bits & is::CALENDAR != 0)
        {
            return;
        }
        if self.judge_phrase(&phrase, titled) {
            self.cursor = self.cursor.max(end);
        } else if phrase.count > 0 {
            self.cursor = self.cursor.max(phrase.span().1.min(end));
        }
    }

    fn opens_sentence(&self, at: usize) -> bool {
        let gap = self.run_back(at, 4, |byte| matches!(byte, b' ' | b'"' | b'>' | b'(' | b'?'));
        let before = self.before(gap);
        at == 0 || !before.is_ascii_alphanumeric() && before != b',' || gap < at
    }

    /// What a phrase is. Whether it is anything.
    fn judge_phrase(&mut self, phrase: &Phrase, titled: bool) -> bool {
        let words = phrase.words();
        let (start, end) = phrase.span();
        let Some(last) = words.last().copied() else { return false };
        if titled {
            self.hit(start, end, Kind::PersonName, Sure);
            return true;
        }
        if words.len() > 1 && last.bits & is::ORG != 0 {
            self.hit(start, end, Kind::Organisation, Likely);
            return true;
        }
        if words.len() == 1 && last.bits & is::GROUP != 0 {
            self.hit(start, end, Kind::Nationality, Likely);
            return true;
        }
        let place = self.place_score(phrase);
        let person = self.person_score(phrase);
        if person >= 3 && person >= place {
            self.hit(start, end, Kind::PersonName, if person >= 5 { Sure } else { Likely });
            return true;
        }
        if place >= 3 {
            self.hit(start, end, Kind::Place, Likely);
            return true;
        }
        if person >= 2 {
            self.hit(start, end, Kind::PersonName, Possible);
        }
        false
    }

    fn person_score(&self, phrase: &Phrase) -> i32 {
        let words = phrase.words();
        let (start, end) = phrase.span();
        let Some(first) = words.first() else { return 0 };
        let common = |word: &Word| {
            word.bits & (is::COMMON | is::OPENER) != 0 && word.bits & (is::FIRST | is::LAST) == 0
        };
        let mut score = 0;
        if first.bits & is::FIRST != 0 {
            score += if first.bits & (is::COMMON | is::CITY | is::NATION) != 0 { 2 } else { 3 };
        } else if first.bits & is::LAST != 0 {
            score += if first.bits & (is::COMMON | is::CITY | is::NATION) != 0 { 0 } else { 1 };
        }
        for word in words.iter().skip(1) {
            if word.bits & (is::LAST | is::FIRST) != 0
                || family_ending(self.slice(word.start, word.end))
            {
                score += 2;
            }
            if word.initial {
                score += 2;
            }
        }
        if words.len() == 1 && family_ending(self.slice(first.start, first.end)) {
            score += 1;
        }
        score -= 2 * words.iter().filter(|word| common(word)).count() as i32;
        if words.len() > 4 {
            score -= 2;
        }
        score -= 4 * words.iter().filter(|word| word.bits & is::PROGRAM != 0).count() as i32;
        score += self.announced(start) + self.person_behind(end);
        score
    }

    /// What the words before say for a person: 2 for a label, 1 for a verb or preposition.
    fn announced(&self, start: usize) -> i32 {
        let gap = self.run_back(start, 5, |byte| matches!(byte, b' ' | b':' | b'"' | b',' | b'?'));
        if gap == start {
            return 0;
        }
        let mut words = [[0_u8; 12]; 2];
        let mut lengths = [0; 2];
        let mut end = gap;
        for (word, length) in words.iter_mut().zip(&mut lengths) {
            let from = self.run_back(end, 12, |byte| byte.is_ascii_alphabetic() || byte == b'\'');
            for (slot, byte) in word.iter_mut().zip(self.slice(from, end)) {
                *slot = byte.to_ascii_lowercase();
            }
            *length = end - from;
            if self.before(from) != b' ' {
                break;
            }
            end = from - 1;
        }
        let [(last, last_length), (second, second_length)] =
            [(words[0], lengths[0]), (words[1], lengths[1])];
        announces(
            last.get(..last_length).unwrap_or_default(),
            second.get(..second_length).unwrap_or_default(),
        )
    }

    fn person_behind(&self, end: usize) -> i32 {
        if self.goes_on(end, b"'s ") || self.goes_on(end, "’s ".as_bytes()) {
            return 1;
        }
        if self.byte(end) == b':' {
            return 1;
        }
        if self.byte(end) != b' ' {
            return 0;
        }
        let word_end = self.run(end + 1, 12, |byte| byte.is_ascii_lowercase());
        i32::from(deed(self.slice(end + 1, word_end)))
    }

    fn place_score(&self, phrase: &Phrase) -> i32 {
        let (start, end) = phrase.span();
        let words = phrase.words();
        let bits = if words.len() == 1 {
            words.first().map_or(0, |word| word.bits)
        } else {
            LATIN.get(self.slice(start, end))
        };
        let named = match bits {
            bits if bits & is::NATION != 0 => 4,
            bits if bits & is::CITY != 0 && bits & (is::COMMON | is::FIRST | is::LAST) == 0 => 3,
            bits if bits & is::CITY != 0 => 2,
            _ => 0,
        };
        let gap = self.before(start) == b' ';
        let word_start =
            self.run_back(start.saturating_sub(1), 12, |byte| byte.is_ascii_alphabetic());
        let word = self.slice(word_start, start.saturating_sub(1));
        let towards = gap && LATIN.get(word) & is::TOWARDS != 0;
        let strong = matches!(word, b"in" | b"from" | b"In" | b"From" | b"visit" | b"near");
        // A name that no list has, after "in" or "from", is more often a place than a person.
        let unknown = bits & (is::COMMON | is::FIRST | is::OPENER) == 0 && strong;
        named + if towards && named > 0 { 2 } else { 0 } + if unknown && named == 0 { 3 } else { 0 }
    }

    /// A name behind its label: `name: Zoe Young`, `"consignee":"..."`.
    pub(super) fn name_value(&mut self, label_end: usize) {
        let start =
            self.run(label_end, 6, |byte| matches!(byte, b' ' | b'"' | b'\'' | b'\t' | b'\\'));
        if !self.byte(start).is_ascii() && self.byte(start) >= 0xE3 {
            return self.han_name_value(start);
        }
        if !self.is_capital(start) {
            return;
        }
        let mut phrase = self.read_phrase(start);
        if phrase.words().first().is_some_and(|word| word.bits & is::TITLE != 0 && phrase.count > 1)
        {
            phrase = phrase.without_first(1);
        }
        let (start, end) = phrase.span();
        let closed = matches!(
            self.byte(end),
            b'\n'
                | b'\r'
                | b'"'
                | b'\''
                | b','
                | b';'
                | b'<'
                | b'&'
                | b'|'
                | b'\t'
                | b'.'
                | b'}'
                | b')'
        ) || self.goes_on(end, b"\\n");
        let known = phrase.words().iter().any(|word| word.bits & (is::FIRST | is::LAST) != 0);
        if closed
            && (known || phrase.count >= 2)
            && phrase.words().iter().all(|word| word.bits & is::ORG == 0)
        {
            self.hit(start, end, Kind::PersonName, if known { Sure } else { Likely });
            self.cursor = self.cursor.max(end);
        }
    }

    /// An organisation behind its label.
    pub(super) fn organisation_value(&mut self, label_end: usize) {
        let start =
            self.run(label_end, 6, |byte| matches!(byte, b' ' | b'"' | b'\'' | b'\t' | b'\\'));
        if !self.is_capital(start) {
            return;
        }
        let (start, end) = self.read_phrase(start).span();
        if matches!(self.byte(end), b'\n' | b'\r' | b'"' | b'\'' | b',' | b';' | b'<' | b'&')
            && end > start + 1
        {
            self.hit(start, end, Kind::Organisation, Likely);
            self.cursor = self.cursor.max(end);
        }
    }
}

/// Endings of family names in several languages.
fn family_ending(word: &[u8]) -> bool {
    const ENDINGS: &[&str] = &[
        "sson", "sen", "dóttir", "dottir", "ova", "ová", "eva", "ović", "vić", "ski", "ska", "sky",
        "enko", "yan", "ian", "ez", "ov", "ev", "berg", "stein", "nen", "mann", "ström", "qvist",
        "gaard", "wicz", "czyk", "escu", "idis", "poulos", "akis", "ini", "etti", "elli", "ucci",
    ];
    word.len() >= 5 && ENDINGS.iter().any(|ending| word.ends_with(ending.as_bytes()))
}
