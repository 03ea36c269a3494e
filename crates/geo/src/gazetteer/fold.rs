//! Names and queries brought to one form: small letters without accents, digits, and Chinese characters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded name: words without blanks between them, and where each word starts (first 64 bytes).
pub struct Folded {
    pub text: String,
    pub starts: u64,
}

/// Folds a name, joining its words.
pub fn name(s: &str) -> Folded {
    let mut folded = Folded { text: String::with_capacity(s.len()), starts: 1 };
    for_each(s, |c| match c {
        Some(c) => folded.text.push(c),
        None if folded.text.len() < 64 => folded.starts |= 1 << folded.text.len(),
        None => {}
    });
    folded
}

/// Folds a query into words.
pub fn words(s: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for_each(s, |c| match c {
        Some(c) => words.last_mut().into_iter().for_each(|w| w.push(c)),
        None => words.push(String::new()),
    });
    words.retain(|w| !w.is_empty());
    words
}

/// Calls with each folded letter, and with none for what parts words. Apostrophes part nothing ("Xi'an").
fn for_each(s: &str, mut f: impl FnMut(Option<char>)) {
    let mut feed = |c: char| match c {
        'ł' | 'Ł' => f(Some('l')),
        'ø' | 'Ø' => f(Some('o')),
        'đ' | 'Đ' | 'ð' => f(Some('d')),
        'ı' => f(Some('i')),
        'ß' => ['s', 's'].into_iter().for_each(|c| f(Some(c))),
        'æ' | 'Æ' => ['a', 'e'].into_iter().for_each(|c| f(Some(c))),
        '\'' | '’' | '‘' | '`' | 'ʻ' | 'ʼ' => {}
        c if is_combining_mark(c) => {}
        c if c.is_ascii() => f(c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase())),
        c if c.is_alphanumeric() => c.to_lowercase().for_each(|c| f(Some(c))),
        _ => f(None),
    };
    if s.is_ascii() { s.chars().for_each(&mut feed) } else { s.nfkd().for_each(&mut feed) }
}

/// Whether a letter is one of a script where each letter is a word.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_case_accents_and_blanks() {
        assert_eq!(name("São Paulo").text, "saopaulo");
        assert_eq!(name("São Paulo").starts, 0b1001);
        assert_eq!(name("Xi'an").text, "xian");
        assert_eq!(name("Łódź").text, "lodz");
        assert_eq!(name("Ürümqi").text, "urumqi");
        assert_eq!(name("无锡市").text, "无锡市");
        assert_eq!(words("  Huishan, Ｗｕｘｉ/惠山 "), ["huishan", "wuxi", "惠山"]);
        assert!(words(" ,;'\u{301} ").is_empty());
    }
}
