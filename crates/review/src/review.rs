//! The review, whole: collect, observe, judge, write down.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use sarai_law::Laws;

use crate::{
    Finding, Text2,
    collect::{Collected, collect},
    facts::{Side, below, label, needed, observe},
    judge::{Judged, judge},
    own::OwnSeen,
    report::{
        ClassLine, Figures, FlowLine, Head, Report, RuleSpan, SourceKind, SourceLine, number,
    },
    scan::{Options, Progress},
    subject::{House, Subject},
};

/// Reviews a subject by the law of its day (`subject.on`; the day of `now` where it names none).
pub fn review(
    subject: &Subject,
    laws: &Laws,
    now: Timestamp,
    options: &Options,
    progress: &dyn Progress,
) -> Report {
    let on = subject.on.unwrap_or_else(|| jiff::tz::Offset::UTC.to_datetime(now).date());
    let subject = Subject { on: Some(on), ..subject.clone() };
    let collected = collect(&subject, options, progress);
    written(&subject, collected, laws, on, now)
}

/// Reviews the running house: what it shows of itself, and its own files as anybody's.
pub fn review_own(
    subject: &Subject,
    own: OwnSeen,
    laws: &Laws,
    now: Timestamp,
    options: &Options,
    progress: &dyn Progress,
) -> Report {
    let on = subject.on.unwrap_or_else(|| jiff::tz::Offset::UTC.to_datetime(now).date());
    let subject = Subject { on: Some(on), kind: House::Sarai, ..subject.clone() };
    let mut collected = collect(&subject, options, progress);
    let read = own.audit_rows + own.transfers;
    collected.sources.push(SourceLine {
        name: "store".to_owned(),
        kind: SourceKind::House,
        read,
        complete: true,
        sha256: None,
        note: Some(format!(
            "{} rows of the audit log, {} of the transfer log, {} open recipients abroad",
            own.audit_rows, own.transfers, own.recipients_abroad
        )),
    });
    collected.own = Some(own);
    written(&subject, collected, laws, on, now)
}

/// Judges what was collected and writes it down.
pub fn written(
    subject: &Subject,
    collected: Collected,
    laws: &Laws,
    on: Date,
    now: Timestamp,
) -> Report {
    let observed = observe(subject, &collected, laws);
    let judged = judge(subject, on, observed, laws);
    let figures = figures(subject, &collected, &judged.findings);
    let limits = limits(&collected, &judged);
    Report {
        head: Head {
            name: subject.name.text(),
            sector: subject.sector.text(),
            house: subject.kind,
            users: subject.users,
            synthetic: subject.synthetic,
            case: subject.case.clone(),
            on,
            law: subject.law.clone(),
            made: now,
            version: env!("CARGO_PKG_VERSION"),
        },
        sources: collected.sources,
        findings: judged.findings,
        figures,
        limits,
    }
}

/// What is data about persons, for the charts.
fn about_persons(category: &str) -> bool {
    let not = [
        "time.",
        "number.",
        "net.url",
        "org.",
        "credential.",
        "location.place",
        "location.flow",
        "account.user",
    ];
    !not.iter().any(|prefix| category.starts_with(prefix))
}

fn figures(subject: &Subject, collected: &Collected, findings: &[Finding]) -> Figures {
    let mut by: BTreeMap<&str, (u64, bool, bool)> = BTreeMap::new();
    for one in collected
        .holdings
        .iter()
        .filter(|one| about_persons(&one.category) && !one.in_text && one.whole)
    {
        let line = by.entry(&one.category).or_default();
        line.0 = line.0.max(one.persons.unwrap_or(one.count));
        line.1 |= one.sensitive;
        line.2 |= needed(subject.sector, one.side, &one.category)
            || one.side == Side::Demand && needed(subject.sector, Side::Demand, &one.category);
    }
    let mut classes: Vec<ClassLine> = by
        .iter()
        .map(|(category, (persons, sensitive, _))| ClassLine {
            category: (*category).to_owned(),
            label: label(category),
            sensitive: *sensitive,
            persons: *persons,
            declared: collected.told(category),
        })
        .collect();
    classes.sort_by(|a, b| b.persons.cmp(&a.persons).then_with(|| a.category.cmp(&b.category)));
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let likenesses: BTreeSet<&str> =
        findings.iter().filter_map(|f| Some(f.likeness.as_ref()?.fact.as_str())).collect();
    Figures {
        collected: count(classes.len()),
        declared: count(classes.iter().filter(|class| class.declared).count()),
        needed: count(by.values().filter(|line| line.2).count()),
        classes,
        flows: flows(subject, collected),
        rules: rules(findings),
        sixteen: count(likenesses.len()),
    }
}

/// Hosts that traffic went to, and recipients that the subject states; the same recipient once.
fn flows(subject: &Subject, collected: &Collected) -> Vec<FlowLine> {
    let mut lines: Vec<FlowLine> = Vec::new();
    for host in &collected.hosts {
        let stated = subject
            .flow
            .iter()
            .find(|flow| flow.hosts.iter().any(|known| below(&host.host, known)));
        lines.push(FlowLine {
            recipient: host.host.clone(),
            country: host.country.clone(),
            abroad: host.country != subject.country && host.country != "??",
            requests: host.requests,
            before_consent: host.before_consent,
            persons: stated.map_or(0, |flow| flow.persons),
            declared: host.own || stated.is_some(),
            covered: stated.is_some_and(|flow| flow.in_force(subject.on)),
        });
    }
    for flow in &subject.flow {
        let seen = collected
            .hosts
            .iter()
            .any(|host| flow.hosts.iter().any(|known| below(&host.host, known)));
        if !seen {
            lines.push(FlowLine {
                recipient: flow.recipient.clone(),
                country: flow.country.clone(),
                abroad: flow.country != subject.country,
                requests: 0,
                before_consent: 0,
                persons: flow.persons,
                declared: true,
                covered: flow.in_force(subject.on),
            });
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse((line.abroad, line.requests, line.persons)));
    lines
}

fn rules(findings: &[Finding]) -> Vec<RuleSpan> {
    let mut rules: BTreeMap<&str, RuleSpan> = BTreeMap::new();
    for cite in findings.iter().flat_map(|finding| &finding.cites) {
        rules
            .entry(&cite.rule)
            .or_insert_with(|| RuleSpan {
                cite: cite.cite.clone(),
                rule: cite.rule.clone(),
                from: cite.from.clone(),
                until: cite.until.clone(),
                checked: cite.checked,
                findings: 0,
            })
            .findings += 1;
    }
    let mut rules: Vec<RuleSpan> = rules.into_values().collect();
    rules.sort_by(|a, b| b.findings.cmp(&a.findings).then_with(|| a.from.cmp(&b.from)));
    rules
}

/// What a reader must know about what was not seen.
fn limits(collected: &Collected, judged: &Judged) -> Vec<Text2> {
    let mut limits = Vec::new();
    let unread = collected.sources.iter().filter(|source| !source.complete).count();
    if unread > 0 {
        limits.push(Text2::made(
            format!("{unread} of {} sources could not be read to their end; what lies there was not seen.", collected.sources.len()),
            format!("{} 个来源中有 {unread} 个未能读完，其余部分未见。", collected.sources.len()),
        ));
    }
    let unknown: u64 =
        collected.hosts.iter().filter(|host| host.country == "??").map(|host| host.requests).sum();
    if unknown > 0 {
        limits.push(Text2::made(
            format!("Of {} requests it is not known to which country they went.", number(unknown)),
            format!("有 {} 次请求的去向国别未知。", number(unknown)),
        ));
    }
    if collected.relations.is_bounded() {
        limits.push(Text2::fixed(
            "There were more persons or trips than are told apart: counts that join tables are lower bounds.",
            "人数或行程数超过可区分上限，跨表统计为下限。",
        ));
    }
    if !judged.without_rule.is_empty() {
        let facts: BTreeSet<&str> = judged.without_rule.iter().map(String::as_str).collect();
        let names: Vec<&str> = facts.into_iter().collect();
        limits.push(Text2::made(
            format!("No rule of the packs was in force on this day against: {}.", names.join(", ")),
            format!("该日规则包中没有针对下列事实的有效规则：{}。", names.join("、")),
        ));
    }
    if !judged.unknown.is_empty() {
        limits.push(Text2::made(
            format!(
                "The packs do not know: {}. This is a fault of the program.",
                judged.unknown.join(", ")
            ),
            format!("规则包不认识：{}。这是程序缺陷。", judged.unknown.join("、")),
        ));
    }
    limits.push(Text2::fixed(
        "What a package can do is not proof that it is done; what a capture shows is one phone in one hour.",
        "安装包所能之事不等于已为之事；流量记录仅为一部手机一段时间。",
    ));
    limits
}
