//! The charts of a report: findings by kind, data by persons, what was declared, where data goes, rules in force.

use jiff::civil::Date;

use super::{
    figure::number,
    model::{FlowLine, Report},
    scene::{Anchor, Fill, Ink, Scene, fitted, width_of},
    words,
};
use crate::{Finding, Group, Lang, Severity, Text2};

const TEXT: f32 = 13.5;
const SMALL: f32 = 12.0;

/// A chart with the sentence that it shows.
pub struct Chart {
    /// The finding as a heading.
    pub title: String,
    /// How to read it.
    pub note: String,
    /// Needs the whole width at a desk.
    pub wide: bool,
    draw: Box<dyn Fn(f32) -> Scene>,
}

impl Chart {
    /// Drawn for a width.
    pub fn scene(&self, width: f32) -> Scene {
        (self.draw)(width)
    }
}

/// All charts that have something to show.
pub fn charts(report: &Report, lang: Lang) -> Vec<Chart> {
    [
        by_group(report, lang),
        declared(report, lang),
        by_class(report, lang),
        flows(report, lang),
        rules(report, lang),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn said(lang: Lang, en: String, zh: String) -> String {
    Text2::made(en, zh).of(lang).to_owned()
}

/// How a severity is filled: told apart without colour.
pub const fn fill(severity: Severity) -> Fill {
    match severity {
        Severity::Critical => Fill::Solid(Ink::Harm),
        Severity::High => Fill::Hatch,
        Severity::Medium => Fill::Solid(Ink::HoldFill),
        Severity::Low => Fill::Solid(Ink::Grey),
        Severity::Note => Fill::Edge { ink: Ink::Grey, dashed: false },
    }
}

fn by_group(report: &Report, lang: Lang) -> Option<Chart> {
    let rows: Vec<(String, Vec<Severity>)> = Group::ALL
        .into_iter()
        .filter_map(|group| {
            let of = |finding: &&Finding| finding.group == group;
            let found: Vec<Severity> =
                report.findings.iter().filter(of).map(|f| f.severity).collect();
            (!found.is_empty()).then(|| (group.text().of(lang).to_owned(), found))
        })
        .collect();
    // The first of those with most findings.
    let (name, most) = rows.iter().rev().max_by_key(|(_, found)| found.len())?;
    let (n, all, name) = (most.len(), report.findings.len(), name.clone());
    let title = said(
        lang,
        format!("{n} of {all} findings: {}", name.to_lowercase()),
        format!("{all} 项中 {n} 项属{name}"),
    );
    let note = said(lang, "One block is one finding.".to_owned(), "一格为一项。".to_owned());
    let label = title.clone();
    let draw = Box::new(move |width: f32| {
        let mut scene = Scene::new(width, label.clone());
        let left = rows.iter().map(|(name, _)| width_of(name, TEXT)).fold(60.0, f32::max) + 14.0;
        let longest = rows.iter().map(|(_, found)| found.len()).max().unwrap_or(1);
        let step = ((width - left - 30.0) / count(longest)).min(27.0);
        for (row, (name, found)) in rows.iter().enumerate() {
            let y = count(row) * 31.0;
            scene.text((left - 12.0, y + 16.0), Anchor::End, TEXT, Ink::Text, name);
            for (at, severity) in found.iter().enumerate() {
                let x = left + count(at) * step;
                scene.rect((x, y + 2.0), (step - 3.0, 18.0), 3.0, fill(*severity));
            }
            let end = left + count(found.len()) * step + 7.0;
            scene.bold((end, y + 16.0), Anchor::Start, 14.0, Ink::Text, &found.len().to_string());
        }
        scene.h = count(rows.len()) * 31.0;
        scene
    });
    Some(Chart { title, note, wide: false, draw })
}

fn declared(report: &Report, lang: Lang) -> Option<Chart> {
    let figures = &report.figures;
    if figures.collected == 0 {
        return None;
    }
    let hidden = figures.collected.saturating_sub(figures.declared);
    let title = said(
        lang,
        format!("{} kinds of data seen, {} needed", figures.collected, figures.needed),
        format!("收集 {} 类，必需 {} 类", figures.collected, figures.needed),
    );
    let note = match hidden {
        0 => said(lang, "All of them were declared.".to_owned(), "均已声明。".to_owned()),
        n => said(lang, format!("{n} were never declared."), format!("另有 {n} 类从未声明。")),
    };
    let bars = [
        (words::COLLECTED.of(lang).to_owned(), figures.collected, Ink::Harm),
        (words::DECLARED.of(lang).to_owned(), figures.declared, Ink::Grey),
        (words::NEEDED.of(lang).to_owned(), figures.needed, Ink::Act),
    ];
    let most = figures.collected.max(figures.declared).max(1);
    let label = title.clone();
    let draw = Box::new(move |width: f32| {
        let mut scene = Scene::new(width, label.clone());
        for (row, (name, n, ink)) in bars.iter().enumerate() {
            let y = count(row) * 46.0;
            scene.text((0.0, y + 14.0), Anchor::Start, TEXT, Ink::Text, name);
            scene.bold((width, y + 14.0), Anchor::End, 14.0, Ink::Text, &n.to_string());
            scene.rect((0.0, y + 21.0), (width, 11.0), 2.0, Fill::Solid(Ink::Well));
            let w = width * ratio(u64::from(*n), u64::from(most));
            scene.rect((0.0, y + 21.0), (w, 11.0), 2.0, Fill::Solid(*ink));
        }
        scene.h = 136.0;
        scene
    });
    Some(Chart { title, note, wide: false, draw })
}

/// Most kinds of data in the chart; the rest stand in JSON.
const CLASSES_MAX: usize = 14;

fn by_class(report: &Report, lang: Lang) -> Option<Chart> {
    let classes = &report.figures.classes;
    let top = classes.first()?;
    let most = top.persons.max(1);
    let rows: Vec<_> = classes
        .iter()
        .take(CLASSES_MAX)
        .map(|class| {
            (class.label.of(lang).to_owned(), class.persons, class.sensitive, class.declared)
        })
        .collect();
    let sensitive = classes.iter().filter(|class| class.sensitive).map(|class| class.persons).max();
    let title = match sensitive {
        Some(n) if n > 0 => said(
            lang,
            format!("Sensitive data of {} people is held", number(n)),
            format!("持有 {} 人的敏感个人信息", number(n)),
        ),
        _ => said(
            lang,
            format!("Data of {} people is held", number(most)),
            format!("持有 {} 人的个人信息", number(most)),
        ),
    };
    let note = said(
        lang,
        "Distinct people by kind of data. Red is sensitive; striped was never declared.".to_owned(),
        "按信息类别统计的去重人数。红色为敏感信息；斜纹为从未声明。".to_owned(),
    );
    let label = title.clone();
    let draw = Box::new(move |width: f32| {
        let mut scene = Scene::new(width, label.clone());
        let room = (width * 0.42).min(240.0);
        let names = rows.iter().map(|row| width_of(&row.0, TEXT)).fold(60.0, f32::max);
        let left = names.min(room) + 14.0;
        let figures = rows.iter().map(|row| width_of(&number(row.1), 14.0)).fold(20.0, f32::max);
        let span = (width - left - figures - 12.0).max(20.0);
        for (row, (name, persons, sensitive, declared)) in rows.iter().enumerate() {
            let y = count(row) * 27.0;
            let name = fitted(name, TEXT, room);
            scene.text((left - 12.0, y + 15.0), Anchor::End, TEXT, Ink::Text, &name);
            let w = (span * ratio(*persons, most)).max(2.0);
            let fill = match (sensitive, declared) {
                (true, true) => Fill::Solid(Ink::Harm),
                (_, false) => Fill::Hatch,
                (false, true) => Fill::Solid(Ink::Grey),
            };
            scene.rect((left, y + 3.0), (w, 15.0), 2.0, fill);
            scene.bold(
                (left + w + 8.0, y + 15.0),
                Anchor::Start,
                TEXT,
                Ink::Text,
                &number(*persons),
            );
        }
        scene.h = count(rows.len()) * 27.0;
        scene
    });
    Some(Chart { title, note, wide: true, draw })
}

/// Most recipients in the chart.
const FLOWS_MAX: usize = 12;

fn flows(report: &Report, lang: Lang) -> Option<Chart> {
    let flows = &report.figures.flows;
    let abroad = flows.iter().filter(|flow| flow.abroad).count();
    let uncovered = flows.iter().filter(|flow| flow.abroad && !flow.covered).count();
    if flows.is_empty() {
        return None;
    }
    let title = match (abroad, uncovered) {
        (0, _) => said(lang, "Nothing was seen to go abroad".to_owned(), "未见数据出境".to_owned()),
        (n, 0) => said(
            lang,
            format!("{n} recipients abroad, each with a mechanism in force"),
            format!("境外接收方 {n} 个，均有有效机制"),
        ),
        (_, n) => said(
            lang,
            format!(
                "{n} {} abroad with no mechanism in force",
                if n == 1 { "recipient" } else { "recipients" }
            ),
            format!("{n} 个境外接收方无有效出境机制"),
        ),
    };
    let note = said(
        lang,
        "Requests seen, by recipient and country; striped went out before anybody agreed."
            .to_owned(),
        "按接收方与国别统计的请求数；斜纹为同意之前发出。".to_owned(),
    );
    let rows: Vec<FlowLine> = flows.iter().take(FLOWS_MAX).cloned().collect();
    let most = rows.iter().map(|flow| flow.requests).max().unwrap_or(1).max(1);
    let label = title.clone();
    let draw = Box::new(move |width: f32| {
        let mut scene = Scene::new(width, label.clone());
        for (row, flow) in rows.iter().enumerate() {
            flow_row(&mut scene, flow, count(row) * 46.0, most, lang);
        }
        scene.h = count(rows.len()) * 46.0;
        scene
    });
    Some(Chart { title, note, wide: true, draw })
}

fn flow_row(scene: &mut Scene, flow: &FlowLine, y: f32, most: u64, lang: Lang) {
    let width = scene.w;
    let country = words::country(&flow.country);
    let ink = if flow.abroad { Ink::Harm } else { Ink::Ink3 };
    let place = country.of(lang);
    let figure = match flow.requests {
        0 => said(
            lang,
            format!("{} people, as stated", number(flow.persons)),
            format!("自述 {} 人", number(flow.persons)),
        ),
        n => said(lang, format!("{} requests", number(n)), format!("{} 次请求", number(n))),
    };
    let right = width_of(&figure, TEXT) + 10.0;
    let recipient = fitted(&flow.recipient, TEXT, width - right - width_of(place, TEXT) - 24.0);
    scene.bold((0.0, y + 14.0), Anchor::Start, TEXT, Ink::Text, &recipient);
    let after = width_of(&recipient, TEXT) * 1.06 + 10.0;
    scene.text((after, y + 14.0), Anchor::Start, TEXT, ink, place);
    scene.text((width, y + 14.0), Anchor::End, TEXT, Ink::Text, &figure);
    scene.rect((0.0, y + 21.0), (width, 11.0), 2.0, Fill::Solid(Ink::Well));
    let all = width * ratio(flow.requests, most);
    let early = width * ratio(flow.before_consent, most);
    let solid = if flow.abroad { Ink::Harm } else { Ink::Act };
    if early > 0.0 {
        scene.rect((0.0, y + 21.0), (early.max(3.0), 11.0), 2.0, Fill::Hatch);
    }
    if all > early {
        scene.rect((early, y + 21.0), ((all - early).max(2.0), 11.0), 2.0, Fill::Solid(solid));
    }
}

/// Most rules in the chart; the list below the findings has all.
const RULES_MAX: usize = 16;

fn rules(report: &Report, lang: Lang) -> Option<Chart> {
    let on = report.head.on;
    let mut rows: Vec<(String, Date, Option<Date>, bool)> = Vec::new();
    for rule in &report.figures.rules {
        let Ok(from) = rule.from.parse::<Date>() else { continue };
        let until = rule.until.as_ref().and_then(|text| text.parse().ok());
        if !rows.iter().any(|row| row.0 == rule.cite) {
            rows.push((rule.cite.clone(), from, until, rule.checked == "memory"));
        }
        if rows.len() == RULES_MAX {
            break;
        }
    }
    rows.sort_by_key(|row| row.1);
    let first = rows.first()?.1;
    let (start, end) = (first.year(), on.year().max(first.year()) + 1);
    let title = said(
        lang,
        format!("The rules that decided, and since when: {} of them", report.figures.rules.len()),
        format!("据以认定的规则及其生效时间：共 {} 条", report.figures.rules.len()),
    );
    let note = said(
        lang,
        "Solid: its text was read. Outlined and dashed: from memory, to be checked.".to_owned(),
        "实心：已核对原文。虚线框：凭记忆，待核。".to_owned(),
    );
    let label = title.clone();
    let draw = Box::new(move |width: f32| {
        let mut scene = Scene::new(width, label.clone());
        let room = width * 0.38;
        let left =
            rows.iter().map(|row| width_of(&row.0, SMALL)).fold(60.0, f32::max).min(room) + 12.0;
        let x = |date: Date| left + (width - left - 6.0) * place(date, start, end);
        let bottom = count(rows.len()) * 22.0 + 4.0;
        axis(&mut scene, (start, end), left, bottom);
        for (row, (cite, from, until, memory)) in rows.iter().enumerate() {
            let y = count(row) * 22.0;
            scene.text(
                (left - 10.0, y + 13.0),
                Anchor::End,
                SMALL,
                Ink::Text,
                &fitted(cite, SMALL, room),
            );
            let w = until.map_or(width - 6.0, x) - x(*from);
            let fill = match memory {
                true => Fill::Edge { ink: Ink::Law, dashed: true },
                false => Fill::Solid(Ink::Law),
            };
            scene.rect((x(*from), y + 4.0), (w.max(2.0), 11.0), 2.0, fill);
        }
        let at = x(on);
        scene.line((at, 0.0), (at, bottom), Ink::Harm, 2.0, true);
        let today = words::TODAY;
        scene.text((at - 5.0, bottom + 30.0), Anchor::End, SMALL, Ink::Harm, today.of(lang));
        scene.h = bottom + 36.0;
        scene
    });
    Some(Chart { title, note, wide: true, draw })
}

/// Years under the timeline, as many as there is room for.
fn axis(scene: &mut Scene, (start, end): (i16, i16), left: f32, bottom: f32) {
    let span = scene.w - left - 6.0;
    let years = i32::from(end - start).max(1);
    let each = years * 44 / (span.max(44.0) as i32).max(1) + 1;
    for year in (0..=years).step_by(usize::try_from(each).unwrap_or(1)) {
        let x = left + span * (year as f32) / (years as f32);
        scene.line((x, 0.0), (x, bottom), Ink::Line, 1.0, false);
        let name = (i32::from(start) + year).to_string();
        scene.text((x, bottom + 15.0), Anchor::Middle, SMALL, Ink::Ink3, &name);
    }
}

/// Where a day lies between two new years, 0 to 1.
fn place(date: Date, start: i16, end: i16) -> f32 {
    let years = f32::from(date.year() - start) + f32::from(date.day_of_year()) / 366.0;
    (years / f32::from((end - start).max(1))).clamp(0.0, 1.0)
}

#[expect(clippy::cast_precision_loss, reason = "rows of a chart: a few dozen")]
fn count(n: usize) -> f32 {
    n as f32
}

#[expect(clippy::cast_precision_loss, reason = "a share drawn to a tenth of a pixel")]
fn ratio(part: u64, whole: u64) -> f32 {
    (part as f64 / whole.max(1) as f64).clamp(0.0, 1.0) as f32
}
