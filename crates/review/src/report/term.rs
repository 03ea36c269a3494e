//! The report for a terminal.

use std::fmt::Write;

use super::{
    Report,
    figure::number,
    html::{counted, due, hides, likeness, meta, urgent, verdict},
    words,
};
use crate::{Finding, Lang, Severity};

/// Whether colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// ANSI colours.
    Colours,
    /// None.
    Plain,
}

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        match self {
            Self::Colours => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Self::Plain => text.to_owned(),
        }
    }
}

/// Columns of a line.
const WIDTH: usize = 92;
/// Most places named for a finding.
const PLACES_MAX: usize = 4;

/// A report as text.
pub fn text(report: &Report, lang: Lang, paint: Paint) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", paint.with("1", &clean(report.head.name.of(lang))));
    for line in meta(report, lang) {
        let _ = writeln!(out, "{}", clean(line.trim_end()));
    }
    let (lead, rest) = verdict(report, lang);
    let _ = writeln!(out, "\n{} {}", paint.with("1", &lead), clean(&rest));
    if !report.complete() {
        let _ = writeln!(out, "{}", paint.with("33", words::PARTIAL.of(lang)));
    }
    for (at, (index, finding)) in urgent(report).enumerate() {
        if at == 0 {
            let _ = writeln!(out, "\n{}", paint.with("1", words::FIRST.of(lang)));
        }
        let due = due(finding.severity);
        let _ = writeln!(
            out,
            "  {}. {} [{}] · {}",
            at + 1,
            clean(finding.act.of(lang)),
            Report::number(index),
            due.of(lang)
        );
    }
    for (index, finding) in report.findings.iter().enumerate() {
        one(&mut out, index, finding, lang, paint);
    }
    sources(&mut out, report, lang, paint);
    out
}

fn one(out: &mut String, index: usize, finding: &Finding, lang: Lang, paint: Paint) {
    let colour = match finding.severity {
        Severity::Critical => "1;31",
        Severity::High => "31",
        Severity::Medium => "33",
        _ => "36",
    };
    let mark = format!("{} {}", Report::number(index), finding.severity.text().of(lang));
    let _ = writeln!(out, "\n{} {}", paint.with(colour, &mark), clean(finding.title.of(lang)));
    for evidence in finding.evidence.iter().take(PLACES_MAX) {
        let place = format!("{} · {}", evidence.place.source, evidence.place.within);
        let sample = evidence.sample.as_ref().map(|s| format!(" · {s}")).unwrap_or_default();
        let line = format!("{place} · {}{sample}", counted(evidence).of(lang));
        label(out, words::EVIDENCE.of(lang), &line);
    }
    let more = finding.evidence.len().saturating_sub(PLACES_MAX);
    if more > 0 {
        label(out, "", &format!("+ {more}"));
    }
    let cites: Vec<String> = finding
        .cites
        .iter()
        .map(|cite| {
            let memory = if cite.checked == "memory" { " (?)" } else { "" };
            format!("§ {}{memory}", cite.cite)
        })
        .collect();
    let rule = if cites.is_empty() { words::NO_RULE.of(lang).to_owned() } else { cites.join(", ") };
    label(out, words::RULE.of(lang), &rule);
    label(out, words::REMEDY.of(lang), finding.remedy.of(lang));
    if let Some(like) = likeness(finding, lang) {
        label(out, "", &like);
    }
}

fn sources(out: &mut String, report: &Report, lang: Lang, paint: Paint) {
    let _ = writeln!(out, "\n{}", paint.with("1", words::SOURCES.of(lang)));
    for source in &report.sources {
        let note = source.note.as_ref().map(|note| format!(" · {note}")).unwrap_or_default();
        let state = if source.complete { "" } else { " !" };
        let line = format!(
            "{} · {} {}{note}{state}",
            source.name,
            words::READ.of(lang),
            number(source.read)
        );
        let _ = writeln!(out, "  {}", clean(&line));
    }
    for limit in &report.limits {
        let _ = writeln!(out, "  {}", clean(limit.of(lang)));
    }
    let memory = report.figures.rules.iter().filter(|rule| rule.checked == "memory").count();
    if memory > 0 {
        let _ = writeln!(out, "  (?) {} {memory}", words::DASHED.of(lang));
    }
    let _ = writeln!(out, "  {}", words::NO_ADVICE.of(lang));
}

/// A labelled paragraph, broken at [`WIDTH`].
fn label(out: &mut String, label: &str, text: &str) {
    const INDENT: usize = 12;
    let pad = INDENT.saturating_sub(columns(label) + 2);
    let _ = write!(out, "  {label}{}", " ".repeat(pad));
    let mut column = INDENT;
    for word in clean(text).split(' ') {
        let wide = columns(word);
        if column > INDENT && column + 1 + wide > WIDTH {
            let _ = write!(out, "\n{}", " ".repeat(INDENT));
            column = INDENT;
        } else if column > INDENT {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += wide;
    }
    out.push('\n');
}

/// Columns that a text takes: Han characters take two.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) >= 0x2e80 { 2 } else { 1 }).sum()
}

/// Text of others without what could steer a terminal.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\n' | '\t') {
            out.push(' ');
        } else if hides(c) {
            let _ = write!(out, "[U+{:04X}]", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_cannot_steer_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\u{202e}"), "a[U+001B][2Jb[U+202E]");
    }

    #[test]
    fn long_paragraphs_are_broken_under_their_label() {
        let mut out = String::new();
        label(&mut out, "Rule", &"word ".repeat(40));
        assert!(out.lines().count() > 1);
        assert!(out.lines().all(|line| columns(line) <= WIDTH), "{out}");
    }
}
