//! What the house shows of itself.

use super::Observed;
use crate::{
    Evidence, Group, Place,
    collect::{Collected, Holding},
    own::OwnSeen,
    report::number,
    subject::{House, Subject},
};

/// Name under which findings know the house's own store.
pub const STORE: &str = "store";

/// Reads what was seen of the house.
pub fn observe(subject: &Subject, collected: &Collected, seen: &mut Vec<Observed>) {
    if subject.kind == House::Sarai {
        canaries(collected, seen);
    }
    let Some(own) = &collected.own else { return };
    log(own, seen);
    for (name, mode) in &own.open_keys {
        let found = evidence(&format!("{name}, mode {mode:o}"), 1);
        seen.push(
            Observed::new("access_uncontrolled", name, Group::Protection, vec![found]).detail(
                format!("{name} can be read by others (mode {mode:o})"),
                format!("{name} 可被他人读取（权限 {mode:o}）"),
            ),
        );
    }
    for (worker, count, days, keeps) in &own.overdue {
        let fact = if *keeps { "retention_over" } else { "request_late" };
        let group = if *keeps { Group::Retention } else { Group::Duty };
        let mut observed =
            Observed::new(fact, worker, group, vec![evidence(&format!("timer {worker}"), *count)])
                .detail(
                    format!(
                        "{} documents are past their time, the oldest by {days} days",
                        number(*count)
                    ),
                    format!("{} 条记录已过期限，最早的超期 {days} 天", number(*count)),
                );
        observed.days = *days;
        seen.push(observed);
    }
    for (what, persons) in &own.bare_transfers {
        let mut found = evidence(&format!("transfer log, {what}"), *persons);
        found.persons = Some(*persons);
        seen.push(
            Observed::new("transfer_without_mechanism", what, Group::Transfer, vec![found]).detail(
                format!("data of {} people left for {what} with no mechanism", number(*persons)),
                format!("{} 人的数据（{what}）出境而无机制", number(*persons)),
            ),
        );
    }
    for place in &own.weak {
        seen.push(
            Observed::new(
                "access_uncontrolled",
                place,
                Group::Protection,
                vec![evidence(place, 1)],
            )
            .detail(place.clone(), format!("配置薄弱处：{place}")),
        );
    }
}

fn evidence(within: &str, count: u64) -> Evidence {
    let place = Place { source: STORE.to_owned(), within: within.to_owned() };
    Evidence { place, count, persons: None, sample: None, sha256: None }
}

fn log(own: &OwnSeen, seen: &mut Vec<Observed>) {
    if own.audit_faults.is_empty() {
        return;
    }
    let found: Vec<Evidence> = own.audit_faults.iter().map(|fault| evidence(fault, 1)).collect();
    let (n, rows) = (found.len(), number(own.audit_rows));
    seen.push(Observed::new("access_unlogged", "audit log", Group::Protection, found).detail(
        format!("the log of openings is not whole: {n} faults in {rows} rows"),
        format!("访问日志不完整：{rows} 行中有 {n} 处错误"),
    ));
}

/// What no file of a Sarai may hold readable: the store seals it before it is written.
fn sealed(category: &str) -> bool {
    const SEALED: &[&str] = &[
        "id.",
        "contact.mobile",
        "contact.email",
        "finance.card",
        "finance.iban",
        "biometric.",
        "health.",
    ];
    SEALED.iter().any(|prefix| category.starts_with(prefix))
}

fn canaries(collected: &Collected, seen: &mut Vec<Observed>) {
    for one in collected
        .holdings
        .iter()
        .filter(|one| one.plain && sealed(&one.category) && one.confidence >= 70)
    {
        // Identity numbers are seen by `held` already.
        if one.category != "id.resident" {
            seen.push(canary(one));
        }
    }
}

fn canary(one: &Holding) -> Observed {
    let what = super::label(&one.category);
    Observed::new("sensitive_plaintext", &one.category, Group::Protection, vec![one.evidence()])
        .detail(
            format!("{} {} can be read in the house's own files", number(one.count), what.en),
            format!("本系统文件中可读到{} {} 条", what.zh, number(one.count)),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(own: OwnSeen) -> Vec<Observed> {
        let subject = Subject::parse("s", "kind = \"sarai\"\nname = \"House\"\n").unwrap();
        let collected = Collected { own: Some(own), ..Collected::default() };
        let mut seen = Vec::new();
        observe(&subject, &collected, &mut seen);
        seen
    }

    #[test]
    fn a_house_in_order_shows_nothing() {
        assert!(
            observed(OwnSeen { audit_rows: 900, transfers: 12, ..OwnSeen::default() }).is_empty()
        );
    }

    #[test]
    fn each_fault_of_a_house_is_a_fact() {
        let own = OwnSeen {
            audit_faults: vec!["row 7 is missing".to_owned()],
            open_keys: vec![("master key".to_owned(), 0o644)],
            overdue: vec![
                ("account.file".to_owned(), 3, 9, true),
                ("account.erasure".to_owned(), 1, 2, false),
            ],
            bare_transfers: vec![("backup in SG".to_owned(), 40)],
            ..OwnSeen::default()
        };
        let facts: Vec<String> = observed(own).into_iter().map(|one| one.fact).collect();
        let expected = [
            "access_unlogged",
            "access_uncontrolled",
            "retention_over",
            "request_late",
            "transfer_without_mechanism",
        ];
        assert_eq!(facts, expected);
    }
}
