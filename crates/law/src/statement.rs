//! Cuts a Cedar file into statements, so that each is read alone and all faults come at once.

/// One statement with its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Statement<'a> {
    /// Its text, annotations included.
    pub text: &'a str,
    /// Byte offset in the file.
    pub start: usize,
}

#[derive(PartialEq)]
enum Inside {
    Code,
    Text,
    Escape,
    Comment,
}

/// The statements of a file: cut at `;` outside texts and comments. What follows the last one counts as one.
pub(crate) fn statements(source: &str) -> Vec<Statement<'_>> {
    let (mut found, mut start, mut inside) = (Vec::new(), None, Inside::Code);
    let mut letters = source.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next_is_slash = letters.peek().is_some_and(|(_, next)| *next == '/');
        inside = match (inside, letter) {
            (Inside::Comment, '\n') => Inside::Code,
            (Inside::Comment, _) => Inside::Comment,
            (Inside::Escape, _) => Inside::Text,
            (Inside::Text, '\\') => Inside::Escape,
            (Inside::Text, '"') => Inside::Code,
            (Inside::Text, _) => Inside::Text,
            (Inside::Code, '/') if next_is_slash => Inside::Comment,
            (Inside::Code, _) if letter.is_whitespace() => Inside::Code,
            (Inside::Code, ';') => {
                let from = start.take().unwrap_or(at);
                found.extend(source.get(from..=at).map(|text| Statement { text, start: from }));
                Inside::Code
            }
            (Inside::Code, letter) => {
                start.get_or_insert(at);
                if letter == '"' { Inside::Text } else { Inside::Code }
            }
        };
    }
    let rest = start.and_then(|from| Some((from, source.get(from..)?.trim_end())));
    found.extend(rest.map(|(start, text)| Statement { text, start }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_semicolon_in_a_text_or_comment_ends_nothing() {
        let source = "// a; b\n@x(\"c;\\\"d;\") permit; // e;\n forbid";
        let found: Vec<_> = statements(source).into_iter().map(|s| (s.text, s.start)).collect();
        assert_eq!(found, [("@x(\"c;\\\"d;\") permit;", 8), ("forbid", 36)]);
    }
}
