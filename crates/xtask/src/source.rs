//! Rust sources of the workspace, with what is test code told apart.

use std::{fs, path::Path};

/// One source file.
#[derive(Debug, Clone)]
pub struct Source {
    /// `crates/gate/src/gate.rs`.
    pub path: String,
    /// Its lines.
    pub lines: Vec<String>,
    /// From this line on (from 0) it is test code.
    pub tests_from: usize,
}

impl Source {
    /// A source with its test code found.
    pub fn new(path: String, text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let whole = path.contains("/tests/")
            || path.contains("/benches/")
            || path.ends_with("/tests.rs")
            || path.ends_with("_tests.rs");
        let inline = lines.windows(2).position(|pair| {
            pair[0].trim() == "#[cfg(test)]"
                && pair[1].trim_start().starts_with("mod ")
                && pair[1].ends_with('{')
        });
        let tests_from = if whole { 0 } else { inline.unwrap_or(lines.len()) };
        Self { path, lines, tests_from }
    }

    /// The room that it belongs to.
    pub fn room(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or_default()
    }

    /// Lines of the program itself, numbered from 1, without comments.
    pub fn program(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.lines.iter().take(self.tests_from).enumerate();
        let code = lines.map(|(at, line)| (at + 1, line.as_str()));
        code.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// Every Rust source below `crates/`, in order of path.
pub fn all(root: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    walk(root, &root.join("crates"), "rs", &mut |path, text| {
        found.push(Source::new(path, &text));
    });
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Visits every file with this ending below `dir`, but for what is built or fetched.
pub fn walk(root: &Path, dir: &Path, ending: &str, visit: &mut dyn FnMut(String, String)) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            if !["target", "node_modules", "dist"].iter().any(|skip| name == *skip) {
                walk(root, &path, ending, visit);
            }
        } else if path.extension().is_some_and(|end| end == ending)
            && let Ok(text) = fs::read_to_string(&path)
        {
            let short = path.strip_prefix(root).unwrap_or(&path);
            visit(short.to_string_lossy().into_owned(), text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_code_and_comments_are_no_program() {
        let text = "//! doc\nfn a() {}\n// note\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
        let source = Source::new("crates/x/src/a.rs".to_owned(), text);
        assert_eq!(source.program().collect::<Vec<_>>(), [(2, "fn a() {}")]);
        let tests = Source::new("crates/x/tests/a.rs".to_owned(), text);
        assert_eq!(tests.program().count(), 0);
        assert_eq!(tests.room(), "x");
    }
}
