//! From a policy to a [`PolicyReview`].

use std::collections::BTreeMap;

use super::{
    PolicyReview, Said,
    grammar::{Claim, read},
    text::sentences,
};
use crate::app::tables;

/// Sentences that are kept for each thing said.
const SAID_MAX: usize = 20;
/// Characters of a sentence that are kept.
const TEXT_MAX: usize = 200;

/// Reviews a policy, as text or HTML. `source` is how findings name it.
pub fn review_policy(source: &str, policy: &str) -> PolicyReview {
    let mut review = PolicyReview { source: source.to_owned(), ..PolicyReview::default() };
    let mut lead = None;
    let mut letters = (0u64, 0u64);
    for (number, sentence) in (1u64..).zip(sentences(policy)) {
        let reading = read(&sentence.text, lead.filter(|_| sentence.item));
        review.sentences = number;
        review.characters += sentence.text.chars().count() as u64;
        count_letters(&sentence.text, &mut letters);
        let said = Said { sentence: number, text: sentence.text.chars().take(TEXT_MAX).collect() };
        for (code, claim) in &reading.data {
            match claim {
                Claim::Collected => {
                    keep(&mut review.collected, code, &said);
                    if !reading.purposes.is_empty() {
                        let purposes = review.with_purpose.entry((*code).to_owned()).or_default();
                        purposes
                            .extend(reading.purposes.iter().map(|purpose| (*purpose).to_owned()));
                    }
                }
                Claim::Denied => keep(&mut review.denied, code, &said),
                Claim::Neither => {}
            }
        }
        for purpose in &reading.purposes {
            keep(&mut review.purposes, purpose, &said);
        }
        for topic in &reading.topics {
            let denied = *topic == "abroad" && reading.negative;
            keep(&mut review.topics, if denied { "abroad_denied" } else { topic }, &said);
        }
        if says_how_long(&sentence.text) {
            keep(&mut review.topics, "retention", &said);
        }
        for party in parties(&sentence.text) {
            keep(&mut review.third_parties, party, &said);
        }
        review.answer_days = review.answer_days.max(answer_days(&sentence.text));
        lead = if sentence.leads {
            reading.lead
        } else if sentence.item {
            lead
        } else {
            None
        };
    }
    review.language = language(letters);
    review
}

fn keep(map: &mut BTreeMap<String, Vec<Said>>, code: &str, said: &Said) {
    let list = map.entry(code.to_owned()).or_default();
    if list.len() < SAID_MAX && list.last() != Some(said) {
        list.push(said.clone());
    }
}

fn count_letters(text: &str, (han, latin): &mut (u64, u64)) {
    for c in text.chars() {
        match c {
            '\u{4e00}'..='\u{9fff}' => *han += 1,
            c if c.is_ascii_alphabetic() => *latin += 1,
            _ => {}
        }
    }
}

/// Of a text with Chinese in it, a Chinese character is as much as a word of some letters.
fn language((han, latin): (u64, u64)) -> &'static str {
    match (han * 4 > latin, latin > han * 2) {
        _ if han + latin == 0 => "other",
        (true, false) => "zh",
        (true, true) => "both",
        (false, _) if han > 200 => "both",
        (false, _) => "en",
    }
}

/// Kits and third parties named in a sentence.
fn parties(text: &str) -> Vec<&'static str> {
    let lower = text.to_lowercase();
    let named = |sdk: &&'static crate::app::Sdk| {
        let names = [Some(&sdk.name), sdk.name_zh.as_ref()]
            .into_iter()
            .flatten()
            .chain(&sdk.also)
            .chain(&sdk.packages);
        names.into_iter().any(|name| holds(&lower, &name.to_lowercase()))
    };
    tables::sdks().iter().filter(named).map(|sdk| sdk.id.as_str()).collect()
}

/// Whether a text holds a name; names of letters as whole words, and longer than two characters.
fn holds(text: &str, name: &str) -> bool {
    if name.chars().count() < 2 || (name.is_ascii() && name.len() < 3) {
        return false;
    }
    let edge = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(name).any(|(at, name_)| {
        !name.is_ascii()
            || (edge(text.get(..at).and_then(|before| before.chars().next_back()))
                && edge(text.get(at + name_.len()..).and_then(|after| after.chars().next())))
    })
}

/// Whether a sentence says that something is kept for a number of years, months or days.
fn says_how_long(text: &str) -> bool {
    const KEEPS: &[&str] = &["保存", "保留", "存储", "留存", "keep", "kept", "store", "retain"];
    const UNITS: &[&str] = &["年", "个月", "个自然月", "天", "日", "year", "month", "week", "day"];
    let lower = text.to_lowercase();
    let Some(from) = KEEPS.iter().filter_map(|word| lower.find(word)).min() else { return false };
    let after = lower.get(from..).unwrap_or_default();
    UNITS.iter().flat_map(|unit| after.match_indices(unit)).any(|(at, _)| {
        let before = after.get(..at).unwrap_or_default().trim_end();
        let last = before.rsplit(' ').next().unwrap_or_default();
        let chinese = before.chars().next_back();
        chinese.is_some_and(|c| c.is_ascii_digit() || "一二两三四五六七八九十".contains(c))
            || SPELLED.contains(&last)
    })
}

/// Numbers in words, as terms of keeping give them.
const SPELLED: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve",
    "thirty", "sixty", "ninety",
];

/// Days within which an answer is promised, in working days where it says so.
fn answer_days(text: &str) -> Option<u32> {
    let lower = text.to_lowercase();
    let answers = ["答复", "回复", "处理", "反馈", "respond", "reply", "response", "answer"];
    if !answers.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let units = ["个工作日", "工作日", "working days", "business days", "天内", "日内"];
    let at = units.iter().find_map(|unit| lower.find(unit))?;
    let before = lower.get(..at)?.trim_end();
    let digits: String = before.chars().rev().take_while(char::is_ascii_digit).collect();
    let digits: String = digits.chars().rev().collect();
    match digits.parse() {
        Ok(days) => Some(days),
        Err(_) => spelled(before),
    }
}

fn spelled(before: &str) -> Option<u32> {
    const NUMBERS: &[(&str, u32)] = &[
        ("三十", 30),
        ("二十", 20),
        ("十五", 15),
        ("十", 10),
        ("七", 7),
        ("五", 5),
        ("三", 3),
        ("thirty", 30),
        ("fifteen", 15),
        ("twenty", 20),
        ("ten", 10),
        ("seven", 7),
        ("five", 5),
        ("three", 3),
    ];
    NUMBERS.iter().find(|(word, _)| before.ends_with(word)).map(|(_, days)| *days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_a_number_of_days_months_or_years_behind_a_word_of_keeping() {
        for text in [
            "行程信息保存两年,之后删除。",
            "日志留存不少于6个月。",
            "We keep trip data for two years.",
            "Logs are stored for 180 days.",
        ] {
            assert!(says_how_long(text), "{text}");
        }
        for text in
            ["我们会保存您的手机号。", "两年前我们上线。", "We keep your number.", "Open all year."]
        {
            assert!(!says_how_long(text), "{text}");
        }
    }
}
