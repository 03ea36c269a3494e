//! Covers contact data in talk until an order opens it: telephone numbers, e-mail addresses, account names of messengers, web addresses.
//! Also in full-width, spaced and Chinese digits. Deliberately eager: a covered price is uncovered by the offer's own field.

use unicode_normalization::UnicodeNormalization;

/// One covered span, in characters of the text as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// First character.
    pub from: usize,
    /// Character after the last.
    pub to: usize,
    /// What was covered.
    pub kind: Covered,
}

/// What sort of contact was covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covered {
    /// A telephone or messenger number.
    Number,
    /// An e-mail address.
    Email,
    /// A web address.
    Link,
    /// A name on a messenger.
    Handle,
}

/// Digits in one run, separators aside, from which on it is taken for a number that reaches somebody.
const NUMBER_DIGITS_MIN: usize = 7;
/// Separators allowed between two digits of one number.
const GAP_MAX: usize = 3;
/// Shortest account name after a messenger's name.
const HANDLE_MIN: usize = 5;

/// The spans of `text` that must stay covered, in order, without overlap.
pub fn contacts(text: &str) -> Vec<Span> {
    let letters = fold(text);
    let mut spans = numbers(&letters);
    for span in emails(&letters).into_iter().chain(links(&letters)).chain(handles(&letters)) {
        if !spans.iter().any(|other| span.from < other.to && other.from < span.to) {
            spans.push(span);
        }
    }
    spans.sort_by_key(|span| span.from);
    spans
}

/// The text with every covered span replaced by one bar a character.
pub fn covered(text: &str, spans: &[Span]) -> String {
    text.chars()
        .enumerate()
        .map(|(at, letter)| {
            if spans.iter().any(|span| (span.from..span.to).contains(&at)) { '█' } else { letter }
        })
        .collect()
}

/// One folded letter for each letter as written, so that spans need no translation.
fn fold(text: &str) -> Vec<char> {
    text.chars()
        .map(|letter| {
            let folded = std::iter::once(letter).nfkc().next().unwrap_or(letter);
            let folded = folded.to_lowercase().next().unwrap_or(folded);
            digit_of(folded).unwrap_or(folded)
        })
        .collect()
}

/// Digits in Chinese and look-alikes.
fn digit_of(letter: char) -> Option<char> {
    Some(match letter {
        '〇' | '零' | '洞' => '0',
        '一' | '壹' | '幺' => '1',
        '二' | '贰' | '两' => '2',
        '三' | '叁' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' => '6',
        '七' | '柒' | '拐' => '7',
        '八' | '捌' => '8',
        '九' | '玖' | '勾' => '9',
        other => char::from_digit(other.to_digit(10)?, 10)?,
    })
}

fn is_gap(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '-' | '.'
                | '_'
                | '*'
                | '·'
                | '/'
                | '('
                | ')'
                | ','
                | '，'
                | '、'
                | '+'
                | '~'
                | '—'
                | '–'
        )
        || matches!(letter, '\u{200b}'..='\u{200d}' | '\u{feff}')
}

fn numbers(letters: &[char]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut run: Option<(usize, usize, usize)> = None;
    for (at, letter) in letters.iter().enumerate() {
        // A letter o or l between digits stands for 0 or 1.
        let looks = letter.is_ascii_digit()
            || (matches!(letter, 'o' | 'l' | 'i')
                && run.is_some_and(|(_, last, _)| last + 1 == at));
        match (&mut run, looks) {
            (Some((_, last, count)), true) if at - *last <= GAP_MAX => {
                *last = at;
                *count += 1;
            }
            (open, true) => {
                close(open.take(), &mut spans);
                run = Some((at, at, 1));
            }
            (open, false) if !is_gap(*letter) => close(open.take(), &mut spans),
            _ => {}
        }
    }
    close(run, &mut spans);
    spans
}

fn close(run: Option<(usize, usize, usize)>, spans: &mut Vec<Span>) {
    if let Some((from, last, count)) = run
        && count >= NUMBER_DIGITS_MIN
    {
        spans.push(Span { from, to: last + 1, kind: Covered::Number });
    }
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | '+')
}

fn emails(letters: &[char]) -> Vec<Span> {
    let mut spans = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        if *letter != '@' {
            continue;
        }
        let before = letters.iter().take(at).rev().take_while(|letter| is_word(**letter)).count();
        let after = letters.iter().skip(at + 1).take_while(|letter| is_word(**letter)).count();
        if before > 0 && after > 2 {
            spans.push(Span { from: at - before, to: at + 1 + after, kind: Covered::Email });
        }
    }
    spans
}

fn links(letters: &[char]) -> Vec<Span> {
    let text: String = letters.iter().collect();
    let mut spans = Vec::new();
    for mark in ["http://", "https://", "www."] {
        for (byte, _) in text.match_indices(mark) {
            let from = text.get(..byte).map_or(0, |head| head.chars().count());
            let length =
                letters.iter().skip(from).take_while(|letter| letter.is_ascii_graphic()).count();
            spans.push(Span { from, to: from + length, kind: Covered::Link });
        }
    }
    spans
}

/// Names of messengers after which an account name follows.
const MESSENGERS: [&str; 9] =
    ["微信", "威信", "薇信", "vx", "wechat", "weixin", "qq", "whatsapp", "telegram"];

fn handles(letters: &[char]) -> Vec<Span> {
    let text: String = letters.iter().collect();
    let mut spans = Vec::new();
    for mark in MESSENGERS {
        for (byte, _) in text.match_indices(mark) {
            let start = text.get(..byte).map_or(0, |head| head.chars().count());
            let mark_end = start + mark.chars().count();
            let skipped = letters
                .iter()
                .skip(mark_end)
                .take_while(|letter| {
                    !letter.is_ascii_alphanumeric() && !letter.is_alphabetic()
                        || matches!(letter, '号' | '是' | '加' | '我')
                })
                .count();
            let from = mark_end + skipped;
            let length = letters.iter().skip(from).take_while(|letter| is_word(**letter)).count();
            if length >= HANDLE_MIN && skipped <= 4 {
                spans.push(Span { from, to: from + length, kind: Covered::Handle });
            }
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        covered(text, &contacts(text))
    }

    #[test]
    fn numbers_in_every_dress_are_covered() {
        for text in [
            "13800138000",
            "call 138 0013 8000 please",
            "１３８００１３８０００",
            "一三八零零一三八零零零",
            "幺三八 洞洞幺三 八洞洞洞",
            "138-0013-8000",
            "1.3.8.0.0.1.3.8.0.0.0",
            "138oo138ooo",
            "0571-8888 6666",
        ] {
            assert!(shown(text).contains('█'), "{text}");
            assert!(!shown(text).chars().any(|letter| letter.is_ascii_digit()), "{text}");
        }
    }

    #[test]
    fn addresses_links_and_messenger_names_are_covered() {
        for text in
            ["a.b@example.org", "see https://example.org/x", "微信号：truck_king88", "vx: abcde1"]
        {
            assert!(shown(text).contains('█'), "{text}");
        }
    }

    #[test]
    fn prices_weights_and_times_stay_readable() {
        for text in [
            "4,500 for 28.1 t, is that fine?",
            "13 m flatbed, gate 3, tomorrow 08:00-12:00",
            "4500 不行，4600 可以，今天 14:00 装货",
            "三十二吨，十三米",
            "qq me later",
        ] {
            assert_eq!(shown(text), text);
        }
    }
}
