//! The outbound regime on four dates: the same facts, other answers.

mod base;

use sarai_law::{Answer, Laws, Requirement, Word};

const DAYS: [&str; 4] = ["2022-10-01", "2024-03-21", "2024-03-22", "2026-01-01"];
const CERT: &str = "certification|security_assessment";
const SCC: &str = "standard_contract|certification|security_assessment";
const SA: &str = "security_assessment";
const NO: &str = "prohibited";

/// The way out that the law asks for; nothing where it is free.
fn way(answer: &Answer) -> String {
    if !answer.prohibited.is_empty() {
        return NO.to_owned();
    }
    let words = answer
        .needs
        .iter()
        .map(|need| need.any_of.iter().map(|any| any.word()).collect::<Vec<_>>().join("|"));
    words.into_iter().find(|words| words.ends_with(SA)).unwrap_or_default()
}

#[test]
fn the_same_facts_on_four_dates() {
    let laws = Laws::embedded().unwrap();
    let table = [
        ("persons=99999 persons_two_years=99999", [CERT, SCC, "", ""]),
        ("persons=100000 persons_two_years=100000", [SA, SA, SCC, SCC]),
        ("persons=1 sensitive=1", [CERT, SCC, SCC, SCC]),
        ("persons=1 sensitive=10000 sensitive_two_years=10000", [SA, SA, SA, SA]),
        ("persons=999999 persons_two_years=999999", [SA, SA, SCC, SCC]),
        ("persons=1000000 persons_two_years=1000000", [SA, SA, SA, SA]),
        ("held=1200000", [SA, SA, "", ""]),
        (
            "persons=200000 persons_two_years=200000 sensitive=50 basis=contract grounds=contract_necessity",
            [SA, SA, "", ""],
        ),
        ("classes=important basis=contract grounds=contract_necessity", [SA, SA, SA, SA]),
        ("classes=core", [NO, NO, NO, NO]),
        ("ciio persons=1", [SA, SA, SA, SA]),
        ("sectors=ride", [NO, NO, NO, NO]),
        ("to=HK grounds=greater_bay persons=500000 persons_two_years=500000", [SA, SA, "", ""]),
    ];
    for (with, wanted) in table {
        let facts = base::facts(with);
        let got = DAYS.map(|day| way(&laws.ask(day.parse().unwrap(), &facts)));
        if with.contains("greater_bay") {
            let bay = laws.ask(DAYS[3].parse().unwrap(), &facts);
            let first = Requirement::GreaterBayContract;
            assert!(bay.needs.iter().any(|need| need.any_of.first() == Some(&first)), "{with}");
            continue;
        }
        assert_eq!(got.each_ref().map(String::as_str), wanted, "{with}");
    }
}

#[test]
fn duties_stay_when_filing_is_exempt_and_memory_is_said() {
    let laws = Laws::embedded().unwrap();
    let exempt = base::facts("persons=200000 basis=contract grounds=contract_necessity kinds=name");
    let answer = laws.ask("2026-01-01".parse().unwrap(), &exempt);
    assert_eq!(answer.exemptions[0].rule, "cn.cbdf.5.1");
    assert!(answer.needs(Requirement::Notice) && answer.needs(Requirement::ImpactAssessment));
    assert!(!answer.needs(Requirement::ConsentOutbound));
    let kept = answer.duties.iter().filter(|duty| duty.keep_years == Some(3)).count();
    assert!(kept >= 2, "PIPL 56 and NDSR 12");
    let old = base::facts("persons_two_years=150000");
    let answer = laws.ask("2024-03-21".parse().unwrap(), &old);
    let rule = answer.citations().find(|citation| citation.rule == "cn.sam.4.3").unwrap();
    assert_eq!(rule.memory_of, ["rule", "sam.4.persons", "sam.4.sensitive"]);
}

#[test]
fn terms_are_counted_on_the_chinese_calendar_and_fines_by_the_turnover() {
    let laws = Laws::embedded().unwrap();
    let mut facts = base::facts("met=standard_contract persons=100000");
    facts.events.insert(sarai_law::Event::ContractEffective, "2026-09-25".parse().unwrap());
    facts.operator.turnover = Some(173_800_000_000);
    facts.operator.turnover_currency = Some("CNY".to_owned());
    let answer = laws.ask("2026-10-01".parse().unwrap(), &facts);
    let filing = answer.duties.iter().find(|duty| duty.citation.rule == "cn.scc.7").unwrap();
    assert_eq!(filing.deadline.unwrap().due.to_string(), "2026-10-15");
    let fine =
        answer.fines.iter().find(|fine| fine.citation.rule == "cn.pipl.66.transfer").unwrap();
    assert_eq!(
        fine.ceiling,
        Some(8_690_000_000),
        "5 percent of the turnover is more than 50 million"
    );
    facts.operator.turnover = Some(1_000_000);
    let answer = laws.ask("2026-10-01".parse().unwrap(), &facts);
    let fine =
        answer.fines.iter().find(|fine| fine.citation.rule == "cn.pipl.66.transfer").unwrap();
    assert_eq!(fine.ceiling, Some(50_000_000));
}

#[test]
fn a_law_that_orders_what_another_forbids_is_shown_as_a_conflict() {
    let laws = Laws::embedded().unwrap();
    let facts = base::facts(
        "laws=cn,us us_person sectors=ride kind=home_authority to=CN deal=brokerage geolocation=1001 basis=statutory",
    );
    let answer = laws.ask("2026-01-01".parse().unwrap(), &facts);
    let pairs: Vec<_> =
        answer.conflicts.iter().map(|c| (c.orders.as_str(), c.forbids.as_str())).collect();
    assert_eq!(pairs, [("cn.ride.share", "us.dsp.301")]);
    assert!(!laws.transfer("2026-01-01".parse().unwrap(), &facts).allowed());
}
