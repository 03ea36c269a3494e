use jiff::civil::{Weekday, date};
use proptest::prelude::*;
use sarai_kernel::{PartyId, Timestamp};

use super::*;
use crate::case::{ClockState, Outcome, record::Name2};

struct Weekdays;

impl WorkingDays for Weekdays {
    fn works(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
    }
}

fn someone() -> PartyId {
    PartyId::new(Timestamp::from_micros(1))
}

fn entry(on: Date, deed: Deed) -> Entry {
    Entry { on, at: Timestamp::from_micros(1), by: someone(), deed }
}

fn case(ex_officio: bool, on: Date) -> Case {
    Case {
        number: "2026-1".to_owned(),
        authority: Name2 { en: "Office".to_owned(), zh: "办公室".to_owned() },
        about: "A platform".to_owned(),
        reviewer: someone(),
        entries: vec![entry(on, Deed::Open { ex_officio })],
    }
}

fn words() -> String {
    "Because".to_owned()
}

fn run(case: &mut Case, on: Date, deed: Deed) {
    *case = apply(case, entry(on, deed)).expect("possible");
}

#[test]
fn a_declared_case_goes_from_materials_to_publication() {
    let day = |d| date(2026, 3, d);
    let mut one = case(false, day(2));
    assert_eq!(phase(&one), Phase::Materials);
    run(&mut one, day(2), Deed::AskMaterial { title: "Contract".to_owned(), stops_clock: false });
    let print = "a".repeat(64);
    let came = Deed::HandIn { material: Some(1), title: "Contract".to_owned(), sha256: print };
    run(&mut one, day(3), came);
    run(&mut one, day(3), Deed::MaterialsComplete {});
    run(&mut one, day(10), Deed::Need { needed: true });
    run(&mut one, day(11), Deed::Notice {});
    run(&mut one, day(12), Deed::Ask { words: words(), stops_clock: true });
    assert_eq!(standing(&one, day(20), &Weekdays).open_questions, [1]);
    assert_eq!(standing(&one, day(20), &Weekdays).clocks[1].state, ClockState::Stopped);
    run(&mut one, day(20), Deed::Reply { question: 1, words: words() });
    run(&mut one, day(23), Deed::Draft {});
    run(&mut one, day(24), Deed::Special {});
    run(&mut one, day(25), Deed::Extend { days: 20, reason: words() });
    run(&mut one, day(31), Deed::Decide { outcome: Outcome::Conditions, words: words() });
    let end = Deed::Publish { en: words(), zh: words() };
    run(&mut one, day(31), end);
    let standing = standing(&one, date(2026, 6, 1), &Weekdays);
    assert_eq!(standing.phase, Phase::Over);
    let clocks: Vec<_> =
        standing.clocks.iter().map(|c| (c.step, c.days, c.gone, c.state)).collect();
    let done = ClockState::Done;
    assert_eq!(
        clocks,
        [
            ("need", 10, 5, done),
            ("preliminary", 30, 2, done),
            ("replies", 15, 1, done),
            ("special", 110, 5, done)
        ]
    );
}

#[test]
fn the_authority_takes_a_matter_up_without_materials() {
    let one = case(true, date(2021, 7, 2));
    assert_eq!(phase(&one), Phase::Notice);
    assert!(allowed(&one, Side::Reviewer).contains(&"notice"));
    assert!(!allowed(&one, Side::Party).contains(&"reply"), "there is no question yet");
}

#[test]
fn before_the_revision_the_special_procedure_had_forty_five_days() {
    for (on, days) in [(date(2022, 2, 14), 45), (date(2022, 2, 15), 90)] {
        let mut one = case(true, date(2021, 7, 5));
        run(&mut one, on, Deed::Notice {});
        run(&mut one, on, Deed::Draft {});
        run(&mut one, on, Deed::Special {});
        let clocks = standing(&one, on, &Weekdays).clocks;
        assert_eq!(clocks.last().map(|clock| clock.days), Some(days));
    }
}

#[test]
fn the_preliminary_review_is_extended_once_and_by_fifteen_days_at_most() {
    let day = date(2026, 3, 2);
    let mut one = case(true, day);
    run(&mut one, day, Deed::Notice {});
    let extend = |days| entry(day, Deed::Extend { days, reason: words() });
    assert_eq!(apply(&one, extend(16)).expect_err("too long").code, "validation_failed");
    one = apply(&one, extend(15)).expect("once");
    assert_eq!(apply(&one, extend(1)).expect_err("twice").code, "transition_refused");
    assert!(!allowed(&one, Side::Reviewer).contains(&"extend"));
}

#[test]
fn wrong_deeds_say_why() {
    let day = date(2026, 3, 2);
    let one = case(false, day);
    let refused = |deed| apply(&one, entry(day, deed)).expect_err("refused");
    let early = refused(Deed::Decide { outcome: Outcome::Passed, words: words() });
    assert_eq!((early.code, &early.facts["state"]), ("transition_refused", &"materials".into()));
    let wrong = [
        Deed::Reply { question: 1, words: words() },
        Deed::HandIn { material: Some(1), title: words(), sha256: "a".repeat(64) },
        Deed::HandIn { material: None, title: words(), sha256: "A".repeat(64) },
        Deed::Ask { words: " ".to_owned(), stops_clock: false },
        Deed::Ask { words: "x".repeat(4_001), stops_clock: false },
    ];
    for deed in wrong {
        assert_eq!(refused(deed.clone()).code, "validation_failed", "{deed:?}");
    }
    let past = apply(&one, entry(date(2026, 3, 1), Deed::MaterialsComplete {}));
    assert_eq!(past.expect_err("in the past").code, "validation_failed");
}

fn deeds() -> impl Strategy<Value = Deed> {
    prop_oneof![
        any::<bool>().prop_map(|stops_clock| Deed::AskMaterial { title: words(), stops_clock }),
        (1u32..4).prop_map(|n| Deed::HandIn {
            material: Some(n),
            title: words(),
            sha256: "0".repeat(64)
        }),
        Just(Deed::MaterialsComplete {}),
        any::<bool>().prop_map(|needed| Deed::Need { needed }),
        Just(Deed::Notice {}),
        any::<bool>().prop_map(|stops_clock| Deed::Ask { words: words(), stops_clock }),
        (1u32..4).prop_map(|question| Deed::Reply { question, words: words() }),
        (1u16..20).prop_map(|days| Deed::Extend { days, reason: words() }),
        Just(Deed::Draft {}),
        Just(Deed::Special {}),
        Just(Deed::Decide { outcome: Outcome::Passed, words: words() }),
        Just(Deed::Publish { en: words(), zh: words() }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is tried: what is allowed works (given right fields), what is not is refused, and nothing is ever taken back.
    #[test]
    fn allowed_and_apply_agree(tries in proptest::collection::vec((deeds(), 0u8..9), 1..80), own in any::<bool>()) {
        let mut one = case(own, date(2026, 1, 5));
        let mut day = date(2026, 1, 5);
        for (deed, later) in tries {
            day = day.saturating_add(jiff::Span::new().days(i64::from(later)));
            let open = allowed(&one, deed.side()).contains(&deed.word());
            match apply(&one, entry(day, deed.clone())) {
                Ok(next) => {
                    prop_assert!(open, "{deed:?} in {:?}", phase(&one));
                    prop_assert!(next.entries.starts_with(&one.entries));
                    one = next;
                }
                Err(refusal) => prop_assert!(!open || refusal.code == "validation_failed", "{deed:?} {refusal:?}"),
            }
            let standing = standing(&one, day, &Weekdays);
            for clock in &standing.clocks {
                prop_assert!(clock.state != ClockState::Overdue || clock.last_day.is_some());
            }
        }
    }
}
