//! How values are covered where only their ends are shown.

/// A number with its middle covered: `138••••5678`.
pub(crate) fn number(text: &str) -> String {
    let national = text.strip_prefix("+86").unwrap_or(text);
    ends(national, 3, 4)
}

/// The first and last letters; the middle covered. Short texts are covered whole.
pub(crate) fn ends(text: &str, first: usize, last: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() < first + last + 2 {
        return "••••".to_owned();
    }
    let start = letters.iter().take(first);
    let end = letters.iter().skip(letters.len() - last);
    start.chain(['•'; 4].iter()).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ends_are_left_and_nothing_of_short_texts() {
        assert_eq!(number("+8613800138001"), "138••••8001");
        assert_eq!(ends("370102199001011234", 3, 4), "370••••1234");
        assert_eq!(ends("A1B2C3", 3, 4), "••••");
    }
}
