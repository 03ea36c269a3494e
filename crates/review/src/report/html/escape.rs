//! Text of others on the page.

use std::fmt;

/// A text that is shown as text, whatever it holds.
pub struct Escaped<'a>(&'a str);

/// Shows `text` as text: markup is spelt out, and characters that hide or turn what follows are named.
pub const fn escaped(text: &str) -> Escaped<'_> {
    Escaped(text)
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for c in self.0.chars() {
            match c {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                '\'' => out.write_str("&#39;")?,
                '`' => out.write_str("&#96;")?,
                '\n' | '\t' => out.write_char(' ')?,
                c if hides(c) => write!(out, "[U+{:04X}]", u32::from(c))?,
                c => out.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Control characters, and those that turn the order of letters or are not seen.
pub const fn hides(c: char) -> bool {
    matches!(
        c,
        '\u{0}'..='\u{8}'
            | '\u{b}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_spelt_out() {
        let told = escaped("<img src=x onerror='a(`1`)'>&\"").to_string();
        assert_eq!(told, "&lt;img src=x onerror=&#39;a(&#96;1&#96;)&#39;&gt;&amp;&quot;");
    }

    #[test]
    fn what_turns_or_hides_letters_is_named() {
        assert_eq!(escaped("a\u{202e}b\u{200b}c\u{0}").to_string(), "a[U+202E]b[U+200B]c[U+0000]");
    }

    #[test]
    fn plain_text_in_both_languages_stays() {
        assert_eq!(escaped("司机 driver · 12 %").to_string(), "司机 driver · 12 %");
    }
}
