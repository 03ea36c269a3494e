//! The longest functions and files, so that growth is seen. It fails nothing.

use std::fmt::Write;

use crate::source::Source;

const SHOWN: usize = 15;

/// One function: lines, place, name.
pub type Function = (usize, String, String);

/// The functions of a file that `cargo fmt` has laid out: a function ends at the brace in its own column.
pub fn functions(source: &Source) -> Vec<Function> {
    let mut found = Vec::new();
    for (at, line) in source.lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let Some(name) = name(line.trim_start()) else { continue };
        let closing = format!("{}}}", " ".repeat(indent));
        let rest = source.lines.iter().skip(at);
        let lines = rest.take_while(|line| **line != closing).count() + 1;
        if at + lines <= source.lines.len() {
            found.push((lines, format!("{}:{}", source.path, at + 1), name.to_owned()));
        }
    }
    found
}

fn name(line: &str) -> Option<&str> {
    let head = line.split("fn ").next()?;
    let modifiers = head
        .split_whitespace()
        .all(|word| matches!(word, "pub" | "const" | "async" | "pub(crate)" | "pub(super)"));
    let rest = line.get(head.len()..)?.strip_prefix("fn ")?;
    let open = !line.ends_with(';') && !line.ends_with('}');
    let name = rest.split(['(', '<']).next()?;
    (modifiers && open).then_some(name)
}

/// The report.
pub fn report(sources: &[Source]) -> String {
    let mut all: Vec<Function> = sources.iter().flat_map(functions).collect();
    let mut files: Vec<_> = sources.iter().map(|s| (s.lines.len(), s.path.as_str())).collect();
    all.sort_by(|a, b| b.cmp(a));
    files.sort_by(|a, b| b.cmp(a));
    let mut text = String::from("longest functions\n");
    for (lines, place, name) in all.iter().take(SHOWN) {
        let _ = writeln!(text, "{lines:6}  {name}  {place}");
    }
    text.push_str("longest files\n");
    for (lines, path) in files.iter().take(SHOWN) {
        let _ = writeln!(text, "{lines:6}  {path}");
    }
    let middle =
        |sizes: Vec<usize>, of: usize| sizes.get(sizes.len() * of / 100).copied().unwrap_or(0);
    let lengths: Vec<usize> = all.iter().rev().map(|(lines, ..)| *lines).collect();
    let heights: Vec<usize> = files.iter().rev().map(|(lines, _)| *lines).collect();
    let _ = write!(
        text,
        "functions {}, median {}, 90 % under {}; files {}, median {}, 90 % under {}",
        lengths.len(),
        middle(lengths.clone(), 50),
        middle(lengths.clone(), 90) + 1,
        heights.len(),
        middle(heights.clone(), 50),
        middle(heights, 90) + 1,
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_measured_from_its_head_to_its_brace() {
        let text = "pub async fn a(\n    b: u8,\n) -> u8 {\n    b\n}\nfn one() {}\nfn two();\nimpl X {\n    fn c() {\n    }\n}\n";
        let source = Source::new("crates/x/src/a.rs".to_owned(), text);
        let found: Vec<_> = functions(&source).into_iter().map(|(n, _, name)| (n, name)).collect();
        assert_eq!(found, [(5, "a".to_owned()), (2, "c".to_owned())]);
    }
}
