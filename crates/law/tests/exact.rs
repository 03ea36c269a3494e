//! Every short cut is exact: memory, conditions and slices answer as Cedar does over every policy in force.
//!
//! `SARAI_SOAK=1` asks a million times (in a release build; about an hour on two cores). `SARAI_SEED` chooses the seed.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

mod plain;

use std::{collections::HashMap, env, sync::Arc, thread};

use plain::{Plain, Said};
use sarai_law::{
    AccessFacts, DEFAULT_RULE, Date, FAULT_RULE, Facts, Laws, Question, Verdict, WORDS_RULE,
    random::Chance,
};

/// Requests that differ in one count each: the memory must tell apart those, and only those, that some rule tells apart.
const VARIANTS: usize = 10;

fn requests(few: usize) -> usize {
    if env::var("SARAI_SOAK").is_ok_and(|soak| soak == "1") { 1_000_000 } else { few }
}

fn seed() -> u64 {
    env::var("SARAI_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_211_101)
}

/// What a verdict says, without its citations.
fn said(verdict: &Verdict) -> Option<Said> {
    if verdict.rules == [FAULT_RULE] {
        return None;
    }
    let ids = |citations: &[sarai_law::Citation]| {
        citations.iter().map(|citation| citation.rule.clone()).collect()
    };
    let missing = verdict.missing.iter().flat_map(|need| &need.because);
    Some(Said {
        allowed: verdict.allowed(),
        prohibited: ids(&verdict.prohibited),
        missing: missing.map(|citation| citation.rule.clone()).collect(),
        exemptions: ids(&verdict.exemptions),
        rules: verdict.rules.iter().cloned().collect(),
    })
}

/// How often each way was gone: a test that always answers alike would prove nothing.
#[derive(Default)]
struct Tally {
    asked: usize,
    remembered: usize,
    allowed: usize,
    missing: usize,
    prohibited: usize,
    exempt: usize,
}

/// One request, three ways. `earlier` holds the answers of the same shape.
fn ask(
    laws: &Laws,
    plain: &mut Plain,
    on: Date,
    facts: &Facts,
    earlier: &mut HashMap<*const Verdict, Arc<Verdict>>,
    tally: &mut Tally,
) {
    let ours = laws.transfer(on, facts);
    let here = || format!("on {on}: {facts:?}");
    assert_eq!(*ours, laws.transfer_unremembered(on, facts), "memory, {}", here());
    if facts.recipient.is_some() {
        assert_eq!(said(&ours), plain.transfer(on, facts), "plain Cedar, {}", here());
    }
    tally.asked += 1;
    tally.remembered += usize::from(earlier.contains_key(&Arc::as_ptr(&ours)));
    tally.allowed += usize::from(ours.allowed());
    tally.missing += usize::from(!ours.missing.is_empty());
    tally.prohibited += usize::from(!ours.prohibited.is_empty());
    tally.exempt += usize::from(!ours.exemptions.is_empty());
    earlier.insert(Arc::as_ptr(&ours), ours);
}

fn transfers(laws: &Laws, seed: u64, requests: usize) -> Tally {
    let (mut plain, mut chance) = (Plain::new(laws), Chance::new(laws, seed));
    let mut tally = Tally::default();
    while tally.asked < requests {
        let on = chance.day();
        let mut facts = chance.facts(on);
        let mut earlier = HashMap::new();
        for _ in 0..VARIANTS {
            ask(laws, &mut plain, on, &facts, &mut earlier, &mut tally);
            chance.recount_one(&mut facts);
        }
    }
    tally
}

#[test]
fn a_verdict_is_what_plain_evaluation_says() {
    let laws = Laws::embedded().unwrap();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let each = requests(1_000).div_ceil(threads);
    let tallies: Vec<Tally> = thread::scope(|scope| {
        let run = |at: usize| {
            let (laws, at) = (&laws, u64::try_from(at).unwrap());
            scope.spawn(move || transfers(laws, seed() + at, each))
        };
        let running: Vec<_> = (0..threads).map(run).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let sum = |part: fn(&Tally) -> usize| tallies.iter().map(part).sum::<usize>();
    let asked = sum(|tally| tally.asked);
    let parts = [
        ("remembered", sum(|tally| tally.remembered)),
        ("allowed", sum(|tally| tally.allowed)),
        ("missing", sum(|tally| tally.missing)),
        ("prohibited", sum(|tally| tally.prohibited)),
        ("exempt", sum(|tally| tally.exempt)),
    ];
    println!("{asked} requests, {parts:?}");
    for (name, part) in parts {
        assert!(part * 50 > asked, "{name}: {part} of {asked} are too few to try anything");
    }
}

#[test]
fn whether_anybody_is_in_it_is_remembered_though_no_rule_counts_so_low() {
    let laws = Laws::embedded().unwrap();
    let on = "2026-01-01".parse().unwrap();
    let recipient = sarai_law::Recipient {
        country: sarai_law::Country::US,
        kind: sarai_law::RecipientKind::Handler,
        covered_person: false,
        restricted: false,
    };
    let mut facts = Facts { recipient: Some(recipient), ..Facts::default() };
    assert!(laws.transfer(on, &facts).allowed(), "nobody's data");
    facts.payload.persons = 5;
    assert!(!laws.transfer(on, &facts).allowed(), "five persons' data, without basis or notice");
    assert_eq!(*laws.transfer(on, &facts), laws.transfer_plain(on, &facts));
}

/// Words of the schema's own vocabulary, read from its text.
fn vocabulary(laws: &Laws, entity: &str) -> Vec<String> {
    let text = laws.schema_text();
    let from = text.find(&format!("entity {entity} enum [")).unwrap();
    let list = &text[from..from + text[from..].find("];").unwrap()];
    let lines = list.lines().map(|line| line.split("//").next().unwrap());
    let code: String = lines.collect();
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Words of a vocabulary that a rule's text names.
fn named<'a>(text: &'a str, entity: &str) -> Vec<&'a str> {
    let before = format!("{entity}::\"");
    text.split(before.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn an_opening_is_what_plain_evaluation_says() {
    let laws = Laws::embedded().unwrap();
    let (mut plain, mut chance) = (Plain::new(&laws), Chance::new(&laws, seed()));
    let kinds = ["Who", "Role", "Relation", "Data", "Purpose", "Stage"];
    let words = kinds.map(|entity| vocabulary(&laws, entity));
    let open = laws.rules().iter().filter(|rule| rule.question == Question::Open);
    // What some rule names, three times of four: words drawn blindly are nearly always refused.
    let named: Vec<[Vec<&str>; 6]> =
        open.map(|rule| kinds.map(|entity| named(&rule.text, entity))).collect();
    let (mut allowed, asks) = (0, requests(4_000));
    for _ in 0..asks {
        let on = chance.day();
        let rule = &named[chance.below(named.len())];
        let mut word = |at: usize| match chance.below(200) {
            0 => "unheard_of",
            1..150 if !rule[at].is_empty() => rule[at][chance.below(rule[at].len())],
            1..100 if at == 0 => "person",
            _ => words[at][chance.below(words[at].len())].as_str(),
        };
        let roles = [word(1), word(1)];
        let [who, relation, data, purpose, stage] = [0, 2, 3, 4, 5].map(&mut word);
        let roles = &roles[..chance.below(3)];
        let [case, consent, stepped_up] = [0; 3].map(|_| !chance.once_in(3));
        let [thin, suspended, everyone] = [0; 3].map(|_| chance.once_in(8));
        let facts = AccessFacts {
            who,
            roles,
            relation,
            data,
            purpose,
            stage,
            case,
            consent,
            stepped_up,
            thin,
            suspended,
            everyone,
        };
        let ours = laws.access(&facts, on);
        let again = laws.access(&facts, on);
        assert!(Arc::ptr_eq(&ours, &again) || ours == again, "{facts:?}");
        let ids: Vec<&str> = ours.rules.iter().map(String::as_str).collect();
        match plain.access(on, &facts) {
            None => assert!(ids == [WORDS_RULE] || ids == [FAULT_RULE], "{facts:?}: {ids:?}"),
            Some(wanted) => {
                let named = if ids == [DEFAULT_RULE] { Vec::new() } else { ids };
                let wanted_ids: Vec<&str> = wanted.reasons.iter().map(String::as_str).collect();
                assert_eq!((ours.allowed, named), (wanted.allowed, wanted_ids), "{on} {facts:?}");
                allowed += usize::from(wanted.allowed);
            }
        }
    }
    println!("{allowed} of {asks} openings are allowed");
    assert!(allowed * 100 > asks, "{allowed} of {asks} are too few to try anything");
}
