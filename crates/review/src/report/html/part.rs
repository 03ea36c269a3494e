//! The parts around the findings: cover, first things, figures, sources.

use super::{escape::escaped, finding::class_of, page::Page};
use crate::{
    Lang, Severity, Text2,
    report::{
        Report, SourceLine, chart,
        figure::{day, number, rough},
        words,
    },
};

/// Most things to do first.
const FIRST_MAX: usize = 3;

/// What must be done first: the gravest findings.
pub fn urgent(report: &Report) -> impl Iterator<Item = (usize, &crate::Finding)> {
    let grave = |(_, finding): &(usize, &crate::Finding)| finding.severity >= Severity::Medium;
    report.findings.iter().enumerate().filter(grave).take(FIRST_MAX)
}

/// By when a finding of a severity should be mended: our proposal, no term of a law.
pub const fn due(severity: Severity) -> Text2 {
    match severity {
        Severity::Critical => words::AT_ONCE,
        Severity::High => words::IN_10,
        _ => words::IN_30,
    }
}

/// The sentence that a reader in a hurry reads: how many, how grave, and the worst of them.
pub fn verdict(report: &Report, lang: Lang) -> (String, String) {
    let (all, critical) = (report.findings.len(), report.of(Severity::Critical));
    let Some(worst) = report.findings.first() else {
        return (words::NONE.of(lang).to_owned(), String::new());
    };
    let lead = match (lang, critical) {
        (Lang::En, 0) => format!("{all} {}.", if all == 1 { "finding" } else { "findings" }),
        (Lang::En, n) => format!("{all} findings, {n} of them critical."),
        (Lang::Zh, 0) => format!("发现 {all} 项。"),
        (Lang::Zh, n) => format!("发现 {all} 项，其中严重 {n} 项。"),
    };
    let stop = if lang == Lang::Zh { "。" } else { "." };
    let title = worst.title.of(lang).trim_end_matches(['.', '。', ' ']);
    (lead, format!("{title}{stop}"))
}

/// Users, law, evidence in small print under the name.
pub fn meta(report: &Report, lang: Lang) -> [String; 2] {
    let head = &report.head;
    let packs: Vec<String> =
        head.law.iter().map(|code| words::pack(code).of(lang).to_owned()).collect();
    let (sector, evidence) = (head.sector.of(lang), report.evidence_line(lang));
    let made_up = words::SYNTHETIC;
    let synthetic = if head.synthetic { made_up.of(lang) } else { "" };
    let on = day(head.on, lang);
    match lang {
        Lang::En => [
            format!("{sector}, {} users. {synthetic}", rough(head.users, lang)),
            format!("Law of {} as in force on {on}. Evidence: {evidence}.", packs.join(" and ")),
        ],
        Lang::Zh => [
            format!("{sector}，{} 用户。{synthetic}", rough(head.users, lang)),
            format!("适用 {on}有效的{}法律。证据：{evidence}。", packs.join("、")),
        ],
    }
}

pub fn cover(page: &mut Page<'_>) {
    let report = page.report;
    page.raw("<section class=\"cover\" id=\"sum\"><p class=\"eyebrow\">");
    page.each(|page, lang| {
        page.text(words::REVIEW.of(lang));
        if let Some(case) = &report.head.case {
            page.text(&format!(" · {} {case}", words::CASE.of(lang)));
        }
    });
    page.raw("</p><h1>");
    page.say(&report.head.name);
    page.raw("</h1><p class=\"meta\">");
    page.each(|page, lang| {
        let [one, two] = meta(report, lang);
        page.text(&one);
        page.raw("<br>");
        page.text(&two);
    });
    page.raw("</p><p class=\"verdict\">");
    page.each(|page, lang| {
        let (lead, rest) = verdict(report, lang);
        page.raw("<b>");
        page.text(&lead);
        page.raw("</b> ");
        page.text(&rest);
    });
    page.raw("</p>");
    if !report.complete() {
        page.raw("<p class=\"warn\">");
        page.say(&words::PARTIAL);
        page.raw("</p>");
    }
    severities(page);
    page.raw("</section>");
}

/// Most blocks of the bar: beyond that they are thinner than the gaps.
const BLOCKS_MAX: usize = 60;

fn severities(page: &mut Page<'_>) {
    let report = page.report;
    if report.findings.is_empty() {
        return;
    }
    page.raw("<div class=\"sevbar\" aria-hidden=\"true\">");
    for finding in report.findings.iter().take(BLOCKS_MAX) {
        page.raw(&format!("<i class=\"{}\"></i>", class_of(finding.severity)));
    }
    page.raw("</div><p class=\"sevkey\">");
    for severity in Severity::ALL {
        let n = report.of(severity);
        if n > 0 {
            page.raw(&format!("<span class=\"sv {}\"><i></i>", class_of(severity)));
            page.each(|page, lang| {
                let name = severity.text();
                page.text(&match lang {
                    Lang::En => format!("{n} {}", name.en.to_lowercase()),
                    Lang::Zh => format!("{} {n}", name.zh),
                });
            });
            page.raw("</span>");
        }
    }
    page.raw("</p>");
}

pub fn first(page: &mut Page<'_>) {
    let report = page.report;
    if urgent(report).next().is_none() {
        return;
    }
    page.raw("<section class=\"part\" id=\"first\"><h2>");
    page.say(&words::FIRST);
    page.raw("</h2><ol class=\"first card\">");
    for (at, (index, finding)) in urgent(report).enumerate() {
        page.raw(&format!("<li><span class=\"no\">{}</span><p>", at + 1));
        page.say(&finding.act);
        let no = Report::number(index);
        page.raw(&format!(
            " <a class=\"tag harm\" href=\"#{no}\">{no}</a></p><span class=\"due\">"
        ));
        page.say(&due(finding.severity));
        page.raw("</span></li>");
    }
    page.raw("</ol></section>");
}

/// Widths for which a chart is drawn: a desk's whole column, half of it, a phone.
const WIDE: f32 = 840.0;
const HALF: f32 = 386.0;
const PHONE: f32 = 330.0;

pub fn figures(page: &mut Page<'_>) {
    let report = page.report;
    let (en, zh) = (chart::charts(report, Lang::En), chart::charts(report, Lang::Zh));
    if en.is_empty() {
        return;
    }
    page.raw("<section class=\"part\" id=\"figs\"><h2>");
    page.say(&words::FIGURES);
    page.raw("</h2><div class=\"charts\">");
    for (en, zh) in en.iter().zip(&zh) {
        page.raw(if en.wide { "<figure class=\"card wide\">" } else { "<figure class=\"card\">" });
        let of = |lang| if lang == Lang::En { en } else { zh };
        page.raw("<figcaption>");
        page.each(|page, lang| page.text(&of(lang).title));
        page.raw("</figcaption><p>");
        page.each(|page, lang| page.text(&of(lang).note));
        page.raw("</p>");
        page.each_block(|page, lang| {
            let chart = of(lang);
            let desk = if chart.wide { WIDE } else { HALF };
            let drawn = [chart.scene(desk).svg("cd"), chart.scene(PHONE).svg("cp")];
            drawn.iter().for_each(|svg| page.raw(svg));
        });
        page.raw("</figure>");
    }
    page.raw("</div></section>");
}

pub fn sources(page: &mut Page<'_>) {
    let report = page.report;
    page.raw("<section class=\"part\" id=\"src\"><h2>");
    page.say(&words::SOURCES);
    page.raw("</h2><div class=\"src\"><p><span class=\"cite\">");
    page.say(&words::SOLID);
    page.raw("</span> <span class=\"cite mem\">");
    page.say(&words::DASHED);
    page.raw("</span></p>");
    for limit in &report.limits {
        page.raw("<p>");
        page.say(limit);
        page.raw("</p>");
    }
    page.raw("<p>");
    page.say(&words::NO_ADVICE);
    page.raw("</p><h3>");
    page.say(&words::EVIDENCE);
    page.raw("</h3><table><tbody>");
    for source in &report.sources {
        row(page, source);
    }
    page.raw("</tbody></table>");
    rules(page);
    page.raw("</div></section>");
}

fn row(page: &mut Page<'_>, source: &SourceLine) {
    page.raw("<tr><td><b>");
    page.text(&source.name);
    page.raw("</b></td><td>");
    page.each(|page, lang| {
        let (kind, read) = (source.kind.counted(1), number(source.read));
        page.text(&match lang {
            Lang::En => format!("{} · {read} rows or items read", kind.en.trim_start_matches("1 ")),
            Lang::Zh => format!("{} · 读取 {read} 条", kind.zh.trim_end_matches(" 1 个")),
        });
    });
    if let Some(note) = &source.note {
        page.raw("<br><span class=\"dim\">");
        page.text(note);
        page.raw("</span>");
    }
    page.raw("</td><td>");
    if let Some(sha256) = &source.sha256 {
        page.raw(&format!("<span class=\"mono\">sha256 {}</span>", escaped(sha256)));
    }
    page.raw("</td></tr>");
}

fn rules(page: &mut Page<'_>) {
    let report = page.report;
    if report.figures.rules.is_empty() {
        return;
    }
    page.raw("<h3>");
    page.say(&words::RULES);
    page.raw("</h3><table><tbody>");
    for rule in &report.figures.rules {
        let memory = if rule.checked == "memory" { " mem" } else { "" };
        page.raw(&format!("<tr id=\"r-{}\"><td><span class=\"cite{memory}\">", anchor(&rule.rule)));
        page.text(&rule.cite);
        page.raw("</span></td><td>");
        let until = rule.until.clone().unwrap_or_default();
        page.each(|page, lang| {
            page.text(&match lang {
                Lang::En if until.is_empty() => format!("in force since {}", rule.from),
                Lang::En => format!("in force {} to {until}, exclusive", rule.from),
                Lang::Zh if until.is_empty() => format!("{} 起生效", rule.from),
                Lang::Zh => format!("{} 起生效，至 {until}（不含）", rule.from),
            });
        });
        page.raw("</td><td><span class=\"mono\">");
        page.text(&rule.rule);
        page.raw("</span></td></tr>");
    }
    page.raw("</tbody></table>");
}

/// A rule's id as the name of a place on the page.
pub fn anchor(rule: &str) -> String {
    rule.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect()
}
