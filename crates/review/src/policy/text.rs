//! From a policy as it is published, text or HTML, to its sentences.

/// Characters of a policy that are read.
const CHARS_MAX: usize = 4_000_000;
/// Characters of a sentence; longer ones are cut in pieces.
const SENTENCE_MAX: usize = 2_000;

/// A sentence with what leads into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Itself.
    pub(super) text: String,
    /// An item of a list, or a row of a table.
    pub(super) item: bool,
    /// It ends with a colon: what follows hangs on it.
    pub(super) leads: bool,
}

/// The sentences of a policy.
pub(super) fn sentences(policy: &str) -> Vec<Sentence> {
    let text: String = policy.chars().take(CHARS_MAX).collect();
    let text = if is_html(&text) { strip(&text) } else { text };
    let mut found = Vec::new();
    for line in text.lines() {
        line_sentences(line, &mut found);
    }
    found
}

fn is_html(text: &str) -> bool {
    let start: String = text.chars().take(2_000).collect::<String>().to_lowercase();
    ["<html", "<body", "<!doctype", "<p>", "<div", "<h1"].iter().any(|tag| start.contains(tag))
}

/// Text of HTML: without scripts, styles and tags; blocks on lines of their own, items of lists and rows marked with `•`.
fn strip(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&entities(rest.get(..open).unwrap_or_default()));
        let tag = rest.get(open..).unwrap_or_default();
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let Some((inside, after)) = tag.get(1..).and_then(|tag| tag.split_once('>')) else {
            rest = "";
            break;
        };
        let name: String = inside
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .collect::<String>()
            .to_lowercase();
        rest = match name.as_str() {
            "script" | "style" | "noscript" | "template" | "svg" => past(after, &name),
            _ => after,
        };
        match name.as_str() {
            "li" | "tr" => text.push_str("\n• "),
            "td" | "th" => text.push_str(" | "),
            "b" | "i" | "em" | "strong" | "span" | "a" | "u" | "/b" | "/i" | "/em" | "/strong"
            | "/span" | "/a" | "/u" | "font" | "/font" | "/td" | "/th" => {}
            _ => text.push('\n'),
        }
    }
    text.push_str(&entities(rest));
    text
}

/// What follows the end of the element `name`.
fn past<'t>(text: &'t str, name: &str) -> &'t str {
    let close = format!("</{name}");
    let found =
        text.as_bytes().windows(close.len()).position(|w| w.eq_ignore_ascii_case(close.as_bytes()));
    let rest = found.and_then(|at| text.get(at + close.len()..)).unwrap_or_default();
    rest.split_once('>').map_or("", |(_, rest)| rest)
}

fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.replace('\n', " ");
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let named = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        match named.and_then(|(name, rest)| Some((entity(name)?, rest))) {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out.replace('\n', " ")
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "nbsp" | "ensp" | "emsp" => ' ',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" | "ldquo" | "rdquo" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "mdash" | "ndash" => '-',
        "middot" | "bull" => '•',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

fn line_sentences(line: &str, found: &mut Vec<Sentence>) {
    let line = line.trim();
    let item = is_item(line);
    let mut start = 0;
    let mut count = 0;
    let chars: Vec<(usize, char)> = line.char_indices().collect();
    for (index, (at, c)) in chars.iter().enumerate() {
        count += 1;
        let next = chars.get(index + 1).map(|(_, c)| *c);
        if ends(*c, next, line.get(start..*at).unwrap_or_default()) || count >= SENTENCE_MAX {
            let end = at + c.len_utf8();
            push(line.get(start..end).unwrap_or_default(), item, found);
            start = end;
            count = 0;
        }
    }
    push(line.get(start..).unwrap_or_default(), item, found);
}

fn push(text: &str, item: bool, found: &mut Vec<Sentence>) {
    let text = text.trim();
    if text.chars().any(char::is_alphanumeric) {
        let leads = text.ends_with(':') || text.ends_with('：');
        found.push(Sentence { text: text.to_owned(), item, leads });
    }
}

fn ends(c: char, next: Option<char>, before: &str) -> bool {
    match c {
        '。' | '！' | '？' | '；' => true,
        ':' | '：' => next.is_none(),
        '.' | '!' | '?' => {
            let short = before.rsplit(' ').next().is_some_and(|word| {
                matches!(
                    word.to_lowercase().as_str(),
                    "e.g" | "i.e" | "etc" | "no" | "inc" | "ltd" | "co" | "mr" | "ms" | "art"
                ) || (word.len() <= 2 && word.chars().all(|c| c.is_ascii_digit()))
            });
            next.is_none_or(char::is_whitespace) && !short
        }
        _ => false,
    }
}

/// A line that is an item: a bullet, or a number with a sign after it.
fn is_item(line: &str) -> bool {
    if line.starts_with(['•', '-', '*', '·', '●', '○', '◆', '|', '–']) {
        return true;
    }
    let open = line.trim_start_matches(['(', '（', '[']);
    let digits = open.trim_start_matches(|c: char| {
        c.is_ascii_digit() || "一二三四五六七八九十".contains(c) || c == '.'
    });
    (digits.len() < open.len() && digits.starts_with(['、', ')', '）', ']', ' ', '．']))
        || (open.len() < line.len() && digits.len() < open.len())
        || (open.chars().next().is_some_and(|c| c.is_ascii_digit()) && open.contains(". "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(policy: &str) -> Vec<String> {
        sentences(policy).into_iter().map(|sentence| sentence.text).collect()
    }

    #[test]
    fn sentences_end_where_readers_end_them() {
        assert_eq!(
            texts("我们收集手机号。用于登录；并保存。"),
            ["我们收集手机号。", "用于登录；", "并保存。"]
        );
        assert_eq!(
            texts("We collect e.g. your name. We keep it 1.5 years! OK?"),
            ["We collect e.g. your name.", "We keep it 1.5 years!", "OK?"]
        );
        let lead = sentences("我们收集：\n1、手机号\n（2）位置\n- 相册");
        assert!(lead[0].leads && !lead[0].item);
        assert!(lead[1..].iter().all(|sentence| sentence.item && !sentence.leads));
    }

    #[test]
    fn html_is_read_as_people_see_it() {
        let html = "<html><head><style>p{}</style><script>var a='<p>no</p>';</script></head><body><h1>Privacy</h1>\
            <p>We collect <b>your</b>&nbsp;name.<!-- hidden. --></p><ul><li>Phone</li><li>Mail &#38; more</li></ul>\
            <table><tr><td>IMEI</td><td>risk</td></tr></table></body></html>";
        assert_eq!(
            texts(html),
            ["Privacy", "We collect your name.", "• Phone", "• Mail & more", "•  | IMEI | risk"]
        );
    }

    #[test]
    fn broken_html_does_not_hang() {
        for text in ["<p><", "<p>&#xffffffff;", "<p><!-- ", "<script>", "<p>&;&&", "<div <div"] {
            sentences(text);
        }
    }
}
