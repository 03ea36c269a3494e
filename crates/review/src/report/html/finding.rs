//! One finding on the page.

use super::{page::Page, part::anchor};
use crate::{
    Evidence, Finding, Lang, Severity, Text2,
    report::{Report, figure::number, words},
};

/// Most places that the page names for a finding; the rest stand in JSON.
const PLACES_MAX: usize = 6;

/// Class of a severity in the style sheet.
pub const fn class_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "c",
        Severity::High => "h",
        Severity::Medium => "m",
        Severity::Low => "l",
        Severity::Note => "n",
    }
}

/// How many were seen in a place, in words.
pub fn counted(evidence: &Evidence) -> Text2 {
    let count = number(evidence.count);
    match evidence.persons {
        Some(n) => Text2::made(
            format!("{count} ×, {} people", number(n)),
            format!("{count} 处，{} 人", number(n)),
        ),
        None => Text2::made(format!("{count} ×"), format!("{count} 处")),
    }
}

/// What a likeness says: the fact's number, and what was found there.
pub fn likeness(finding: &Finding, lang: Lang) -> Option<String> {
    let like = finding.likeness.as_ref()?;
    Some(match lang {
        Lang::En => {
            format!("Like fact {} of the decision of 21 July 2022: {}", like.fact, like.what.en)
        }
        Lang::Zh => {
            format!("类似 2022 年 7 月 21 日处罚决定中的事实 {}：{}", like.fact, like.what.zh)
        }
    })
}

pub fn finding(page: &mut Page<'_>, index: usize, finding: &Finding) {
    let no = Report::number(index);
    page.raw(&format!(
        "<article class=\"fd card\" id=\"{no}\"><header><span class=\"sv {}\"><i></i>",
        class_of(finding.severity)
    ));
    page.say(&finding.severity.text());
    page.raw(&format!("</span><a href=\"#{no}\">{no}</a></header><h3>"));
    page.say(&finding.title);
    page.raw("</h3><dl><dt>");
    page.say(&words::EVIDENCE);
    page.raw("</dt><dd>");
    places(page, finding);
    page.raw("</dd><dt>");
    page.say(&words::RULE);
    page.raw("</dt>");
    cites(page, finding);
    page.raw("<dt>");
    page.say(&words::REMEDY);
    page.raw("</dt><dd>");
    page.say(&finding.remedy);
    page.raw("</dd></dl><p class=\"like\">");
    if finding.likeness.is_some() {
        page.each(|page, lang| page.text(&likeness(finding, lang).unwrap_or_default()));
        page.raw(" · ");
    }
    page.text(&finding.id);
    page.raw("</p></article>");
}

fn places(page: &mut Page<'_>, finding: &Finding) {
    for evidence in finding.evidence.iter().take(PLACES_MAX) {
        page.raw("<div class=\"ev\"><code>");
        page.text(&evidence.place.source);
        page.raw("</code> <code>");
        page.text(&evidence.place.within);
        page.raw("</code> ");
        page.say(&counted(evidence));
        if let Some(sample) = &evidence.sample {
            page.raw(" · ");
            page.say(&words::SAMPLE);
            page.raw(" <code>");
            page.text(sample);
            page.raw("</code>");
        }
        page.raw("</div>");
    }
    let more = finding.evidence.len().saturating_sub(PLACES_MAX);
    if more > 0 {
        page.raw("<div class=\"ev dim\">");
        page.say(&Text2::made(format!("and {more} more places"), format!("另有 {more} 处")));
        page.raw("</div>");
    }
}

fn cites(page: &mut Page<'_>, finding: &Finding) {
    if finding.cites.is_empty() {
        page.raw("<dd>");
        page.say(&words::NO_RULE);
        page.raw("</dd>");
        return;
    }
    page.raw("<dd class=\"cs\">");
    for cite in &finding.cites {
        let memory = if cite.checked == "memory" { " mem" } else { "" };
        page.raw(&format!("<a class=\"cite{memory}\" href=\"#r-{}\">", anchor(&cite.rule)));
        page.text(&cite.cite);
        page.raw("</a>");
    }
    page.raw("</dd>");
}
