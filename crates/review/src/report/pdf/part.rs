//! The parts of the report, top to bottom.

use super::flow::{COLUMN, Flow, Style};
use crate::{
    Finding, Lang, Severity,
    report::{
        Report, chart,
        figure::{day, number},
        html::{counted, due, likeness, meta, urgent, verdict},
        scene::{Anchor, Ink},
        words,
    },
};

/// Most places named for a finding on paper.
const PLACES_MAX: usize = 5;
/// Width for which charts are drawn before they are scaled to the column.
const CHART: f32 = 660.0;
/// Width of the labels beside a finding.
const LABEL: f32 = 56.0;

/// The whole report.
pub fn write(flow: &mut Flow<'_>, report: &Report, lang: Lang) {
    cover(flow, report, lang);
    first(flow, report, lang);
    figures(flow, report, lang);
    head(flow, words::FINDINGS.of(lang));
    if report.findings.is_empty() {
        flow.paragraph(0.0, COLUMN, Style::text(11.0, Ink::Text), words::NONE.of(lang));
    }
    for (index, finding) in report.findings.iter().enumerate() {
        one(flow, index, finding, lang);
    }
    sources(flow, report, lang);
}

fn head(flow: &mut Flow<'_>, text: &str) {
    flow.skip(16.0);
    flow.need(90.0);
    flow.mark(text);
    flow.paragraph(0.0, COLUMN, Style::head(15.0, Ink::Text), text);
    flow.skip(6.0);
}

fn cover(flow: &mut Flow<'_>, report: &Report, lang: Lang) {
    let mut above = words::REVIEW.of(lang).to_owned();
    if let Some(case) = &report.head.case {
        above = format!("{above} · {} {case}", words::CASE.of(lang));
    }
    flow.paragraph(0.0, COLUMN, Style::text(9.5, Ink::Ink3), &above);
    flow.paragraph(0.0, COLUMN, Style::head(27.0, Ink::Text), report.head.name.of(lang));
    for line in meta(report, lang) {
        flow.paragraph(0.0, COLUMN, Style::text(9.5, Ink::Ink3), &line);
    }
    flow.skip(10.0);
    let (lead, rest) = verdict(report, lang);
    flow.paragraph(0.0, COLUMN, Style::head(14.0, Ink::Text), &lead);
    flow.paragraph(0.0, COLUMN, Style::text(12.5, Ink::Text), &rest);
    if !report.complete() {
        flow.skip(4.0);
        flow.paragraph(0.0, COLUMN, Style::text(10.0, Ink::Harm), words::PARTIAL.of(lang));
    }
    bar(flow, report, lang);
    flow.rule(Ink::Text, 1.6);
}

fn bar(flow: &mut Flow<'_>, report: &Report, lang: Lang) {
    flow.skip(10.0);
    #[expect(clippy::cast_precision_loss, reason = "findings of a report")]
    let step = COLUMN / report.findings.len().max(1) as f32;
    let y = flow.y;
    let mut x = 0.0;
    for finding in &report.findings {
        flow.rect((x, y), ((step - 2.0).max(1.0), 9.0), 2.0, chart::fill(finding.severity));
        x += step;
    }
    flow.skip(22.0);
    let mut x = 0.0;
    for severity in Severity::ALL {
        let n = report.of(severity);
        if n > 0 {
            let text = format!("{} {n}", severity.text().of(lang));
            let style = Style::head(9.5, ink(severity));
            let y = flow.y;
            flow.rect((x, y - 7.0), (7.5, 7.5), 1.0, chart::fill(severity));
            flow.line((x + 12.0, y), Anchor::Start, style, &text);
            x += flow.width(&text, style) + 30.0;
        }
    }
    flow.skip(12.0);
}

const fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Critical | Severity::High => Ink::Harm,
        _ => Ink::Ink2,
    }
}

fn first(flow: &mut Flow<'_>, report: &Report, lang: Lang) {
    if urgent(report).next().is_none() {
        return;
    }
    head(flow, words::FIRST.of(lang));
    for (at, (index, finding)) in urgent(report).enumerate() {
        flow.need(34.0);
        let due = due(finding.severity);
        let style = Style::text(9.5, Ink::Ink2);
        let base = flow.y + 13.0;
        flow.line(
            (0.0, base + 1.0),
            Anchor::Start,
            Style::head(15.0, Ink::Ink3),
            &(at + 1).to_string(),
        );
        flow.line((COLUMN, base), Anchor::End, style, due.of(lang));
        let room = COLUMN - 40.0 - flow.width(due.of(lang), style);
        let text = format!("{} [{}]", finding.act.of(lang), Report::number(index));
        flow.paragraph(24.0, room, Style::text(11.5, Ink::Text), &text);
        flow.skip(5.0);
        flow.rule(Ink::Line, 0.7);
        flow.skip(5.0);
    }
}

fn figures(flow: &mut Flow<'_>, report: &Report, lang: Lang) {
    let charts = chart::charts(report, lang);
    if charts.is_empty() {
        return;
    }
    head(flow, words::FIGURES.of(lang));
    for chart in charts {
        let scene = chart.scene(CHART);
        flow.need(scene.h * COLUMN / CHART + 44.0);
        flow.paragraph(0.0, COLUMN, Style::head(11.5, Ink::Text), &chart.title);
        flow.paragraph(0.0, COLUMN, Style::text(9.0, Ink::Ink2), &chart.note);
        flow.skip(8.0);
        flow.scene(&scene);
        flow.skip(20.0);
    }
}

fn one(flow: &mut Flow<'_>, index: usize, finding: &Finding, lang: Lang) {
    let no = Report::number(index);
    let title = Style::head(12.0, Ink::Text);
    flow.need(flow.height(COLUMN, title, finding.title.of(lang)) + 74.0);
    flow.rule(Ink::Line, 0.8);
    flow.skip(16.0);
    let y = flow.y;
    flow.mark(&format!("{no} {}", finding.act.of(lang)));
    flow.rect((0.0, y - 7.0), (7.5, 7.5), 1.0, chart::fill(finding.severity));
    let severity = finding.severity.text();
    flow.line((13.0, y), Anchor::Start, Style::head(9.5, ink(finding.severity)), severity.of(lang));
    flow.line((COLUMN, y), Anchor::End, Style::text(9.5, Ink::Ink3), &no);
    flow.skip(4.0);
    flow.paragraph(0.0, COLUMN, title, finding.title.of(lang));
    flow.skip(3.0);
    let mut lines: Vec<String> = finding
        .evidence
        .iter()
        .take(PLACES_MAX)
        .map(|evidence| {
            let sample =
                evidence.sample.as_ref().map(|s| format!(" · {} {s}", words::SAMPLE.of(lang)));
            let (source, within) = (&evidence.place.source, &evidence.place.within);
            format!(
                "{source} · {within} · {}{}",
                counted(evidence).of(lang),
                sample.unwrap_or_default()
            )
        })
        .collect();
    let more = finding.evidence.len().saturating_sub(PLACES_MAX);
    if more > 0 {
        lines.push(format!("+ {more}"));
    }
    labelled(flow, words::EVIDENCE.of(lang), &lines);
    let cites: Vec<String> = finding
        .cites
        .iter()
        .map(|cite| {
            format!("§ {}{}", cite.cite, if cite.checked == "memory" { " (?)" } else { "" })
        })
        .collect();
    let rule =
        if cites.is_empty() { words::NO_RULE.of(lang).to_owned() } else { cites.join("   ") };
    labelled(flow, words::RULE.of(lang), &[rule]);
    labelled(flow, words::REMEDY.of(lang), &[finding.remedy.of(lang).to_owned()]);
    if let Some(like) = likeness(finding, lang) {
        flow.paragraph(LABEL, COLUMN - LABEL, Style::text(8.5, Ink::Ink3), &like);
    }
    flow.skip(8.0);
}

fn labelled(flow: &mut Flow<'_>, label: &str, lines: &[String]) {
    let style = Style::text(9.5, Ink::Text);
    for (at, line) in lines.iter().enumerate() {
        flow.need(15.0);
        if at == 0 {
            let base = flow.y + 9.5 * 1.11;
            flow.line((0.0, base), Anchor::Start, Style::text(9.5, Ink::Ink3), label);
        }
        flow.paragraph(LABEL, COLUMN - LABEL, style, line);
    }
    flow.skip(2.0);
}

fn sources(flow: &mut Flow<'_>, report: &Report, lang: Lang) {
    head(flow, words::SOURCES.of(lang));
    let text = Style::text(9.5, Ink::Ink2);
    for source in &report.sources {
        let hash =
            source.sha256.as_ref().map(|hash| format!(" · sha256 {hash}")).unwrap_or_default();
        let note = source.note.as_ref().map(|note| format!(" · {note}")).unwrap_or_default();
        let read = number(source.read);
        let line = format!("{} · {} {read}{note}{hash}", source.name, words::READ.of(lang));
        flow.paragraph(0.0, COLUMN, text, &line);
    }
    flow.skip(6.0);
    for limit in &report.limits {
        flow.paragraph(0.0, COLUMN, text, limit.of(lang));
    }
    flow.paragraph(0.0, COLUMN, text, &format!("(?) {}", words::DASHED.of(lang)));
    flow.paragraph(0.0, COLUMN, text, words::NO_ADVICE.of(lang));
    flow.skip(8.0);
    for rule in &report.figures.rules {
        let memory = if rule.checked == "memory" { " (?)" } else { "" };
        let until = rule.until.as_ref().map(|until| format!(" – {until}")).unwrap_or_default();
        let line = format!(
            "§ {}{memory} · {} {}{until} · {}",
            rule.cite,
            words::IN_FORCE.of(lang),
            rule.from,
            rule.rule
        );
        flow.paragraph(0.0, COLUMN, Style::text(8.5, Ink::Ink3), &line);
    }
    let made = day(jiff::tz::Offset::UTC.to_datetime(report.head.made).date(), lang);
    flow.skip(6.0);
    flow.paragraph(
        0.0,
        COLUMN,
        Style::text(8.5, Ink::Ink3),
        &format!("sarai {} · {made}", report.head.version),
    );
}
