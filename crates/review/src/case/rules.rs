//! The procedure: which deed is possible in which phase, and how a case stands on a day. Pure.

use jiff::civil::Date;
use sarai_kernel::{FieldCheck, FieldError, Kind, Refusal};
use serde::Serialize;

use super::{
    Case, Clock, Deed, Entry, Side, WorkingDays,
    clock::Span,
    deed::{ENTRIES_MAX, EXTEND_DAYS_MAX, SPECIAL_EXTEND_DAYS_MAX},
};

/// Working days to decide whether a review is needed (Measures, article 9).
const NEED_DAYS: u16 = 10;
/// Working days of the preliminary review (article 11).
const PRELIMINARY_DAYS: u16 = 30;
/// Working days for the members' replies (article 12).
const REPLIES_DAYS: u16 = 15;
/// Working days of the special procedure (article 14; 45 before 15 February 2022).
const SPECIAL_DAYS: u16 = 90;
const SPECIAL_DAYS_2020: u16 = 45;
const REVISED: Date = Date::constant(2022, 2, 15);

/// Where a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Materials are gathered.
    Materials,
    /// Whether a review is needed.
    Need,
    /// A notice is due.
    Notice,
    /// Preliminary review.
    Preliminary,
    /// Members reply to the draft.
    Replies,
    /// Special procedure.
    Special,
    /// Decided, not yet published.
    Decided,
    /// Over: published, or no review was needed.
    Over,
}

impl Phase {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Materials => "materials",
            Self::Need => "need",
            Self::Notice => "notice",
            Self::Preliminary => "preliminary",
            Self::Replies => "replies",
            Self::Special => "special",
            Self::Decided => "decided",
            Self::Over => "over",
        }
    }

    const ALL: [Self; 8] = [
        Self::Materials,
        Self::Need,
        Self::Notice,
        Self::Preliminary,
        Self::Replies,
        Self::Special,
        Self::Decided,
        Self::Over,
    ];
}

/// The phase that a deed leads to; `None` where it leaves the phase as it is.
fn leads_to(deed: &Deed) -> Option<Phase> {
    Some(match deed {
        Deed::Open { ex_officio: true } | Deed::Need { needed: true } => Phase::Notice,
        Deed::Open { ex_officio: false } => Phase::Materials,
        Deed::MaterialsComplete {} => Phase::Need,
        Deed::Need { needed: false } | Deed::Publish { .. } => Phase::Over,
        Deed::Notice {} => Phase::Preliminary,
        Deed::Draft {} => Phase::Replies,
        Deed::Special {} => Phase::Special,
        Deed::Decide { .. } => Phase::Decided,
        _ => return None,
    })
}

/// Phases in which a deed is possible.
fn possible_in(word: &str) -> &'static [Phase] {
    use Phase::{Decided, Materials, Need, Notice, Over, Preliminary, Replies, Special};
    match word {
        "ask_material" | "ask" | "hand_in" | "reply" => {
            &[Materials, Need, Notice, Preliminary, Replies, Special]
        }
        "materials_complete" => &[Materials],
        "need" => &[Need],
        "notice" => &[Notice],
        "extend" => &[Preliminary, Special],
        "draft" => &[Preliminary],
        "special" => &[Replies],
        "decide" => &[Preliminary, Replies, Special],
        "publish" => &[Decided],
        // What was found and what was ordered is written down whenever it happens.
        "report" | "directive" => {
            &[Materials, Need, Notice, Preliminary, Replies, Special, Decided, Over]
        }
        _ => &[],
    }
}

const WORDS: [&str; 13] = [
    "ask_material",
    "hand_in",
    "materials_complete",
    "need",
    "notice",
    "ask",
    "reply",
    "extend",
    "draft",
    "special",
    "decide",
    "publish",
    "report",
];

/// The phase of a case.
pub fn phase(case: &Case) -> Phase {
    let led = case.entries.iter().rev().find_map(|entry| leads_to(&entry.deed));
    led.unwrap_or(Phase::Materials)
}

/// What a side may do now.
pub fn allowed(case: &Case, side: Side) -> Vec<&'static str> {
    let phase = phase(case);
    let by_party = |word: &str| matches!(word, "hand_in" | "reply");
    let mut words: Vec<_> = WORDS.into_iter().chain(["directive"]).collect();
    words.retain(|word| {
        by_party(word) == (side == Side::Party) && possible_in(word).contains(&phase)
    });
    if side == Side::Reviewer && phase == Phase::Preliminary && extended(case, phase) > 0 {
        words.retain(|word| *word != "extend");
    }
    if open_questions(case).is_empty() {
        words.retain(|word| *word != "reply");
    }
    words
}

/// The case with one deed more.
pub fn apply(case: &Case, entry: Entry) -> Result<Case, Refusal> {
    check(case, &entry)?;
    let mut next = case.clone();
    next.entries.push(entry);
    Ok(next)
}

fn check(case: &Case, entry: &Entry) -> Result<(), Refusal> {
    let (deed, phase) = (&entry.deed, phase(case));
    let word = deed.word();
    let refused = |reason: &'static str| {
        let from: Vec<&str> = Phase::ALL
            .into_iter()
            .filter(|phase| possible_in(word).contains(phase))
            .map(Phase::word)
            .collect();
        Refusal::new("transition_refused", Kind::Conflict)
            .with("state", phase.word())
            .with("allowed_from", from)
            .with("reason", reason)
    };
    if !possible_in(word).contains(&phase) {
        return Err(refused("phase"));
    }
    if case.entries.len() >= ENTRIES_MAX {
        return Err(Refusal::new("quota_spent", Kind::TooMany));
    }
    if case.entries.last().is_some_and(|last| entry.on < last.on) {
        return Err(Refusal::invalid(vec![FieldError::new("/on", "in_the_past")]));
    }
    if phase == Phase::Preliminary && word == "extend" && extended(case, phase) > 0 {
        return Err(refused("extended_before"));
    }
    fields(case, deed, phase).finish()
}

fn fields(case: &Case, deed: &Deed, phase: Phase) -> FieldCheck {
    let mut check = FieldCheck::new();
    for (pointer, text, max) in deed.texts() {
        check.length(pointer, text.trim(), 1, max).plain_text(pointer, text);
    }
    if let Some(print) = deed.fingerprint() {
        let hex = print.len() == 64
            && print.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        check.require(hex, || FieldError::new("/sha256", "pattern"));
    }
    match deed {
        Deed::Extend { days, .. } => {
            let special = phase == Phase::Special;
            let most = if special { SPECIAL_EXTEND_DAYS_MAX } else { EXTEND_DAYS_MAX };
            check.range("/days", i64::from(*days), 1, i64::from(most));
        }
        Deed::Reply { question, .. } => {
            let open = open_questions(case).contains(question);
            check.require(open, || FieldError::new("/question", "not_in_list"));
        }
        Deed::HandIn { material: Some(number), .. } => {
            let open = open_materials(case).contains(number);
            check.require(open, || FieldError::new("/material", "not_in_list"));
        }
        _ => {}
    }
    check
}

/// Numbers of things asked for by `asks` that `answers` did not settle.
fn open(
    case: &Case,
    asks: impl Fn(&Deed) -> bool,
    answers: impl Fn(&Deed) -> Option<u32>,
) -> Vec<u32> {
    let asked = case.entries.iter().filter(|entry| asks(&entry.deed)).count();
    let settled: Vec<u32> = case.entries.iter().filter_map(|entry| answers(&entry.deed)).collect();
    let asked = u32::try_from(asked).unwrap_or(u32::MAX);
    (1..=asked).filter(|number| !settled.contains(number)).collect()
}

/// Numbers of the questions without an answer.
fn open_questions(case: &Case) -> Vec<u32> {
    let answered = |deed: &Deed| match deed {
        Deed::Reply { question, .. } => Some(*question),
        _ => None,
    };
    open(case, |deed| matches!(deed, Deed::Ask { .. }), answered)
}

/// Numbers of the materials that were asked for and not handed in.
fn open_materials(case: &Case) -> Vec<u32> {
    let came = |deed: &Deed| match deed {
        Deed::HandIn { material, .. } => *material,
        _ => None,
    };
    open(case, |deed| matches!(deed, Deed::AskMaterial { .. }), came)
}

/// Working days by which the running phase was extended.
fn extended(case: &Case, phase: Phase) -> u16 {
    let since = case.entries.iter().rposition(|entry| leads_to(&entry.deed) == Some(phase));
    let later = case.entries.iter().skip(since.unwrap_or(0));
    later
        .take_while(|entry| leads_to(&entry.deed).is_none_or(|led| led == phase))
        .filter_map(|entry| match &entry.deed {
            Deed::Extend { days, .. } => Some(*days),
            _ => None,
        })
        .sum()
}

/// How a case stands on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Where it is.
    pub phase: Phase,
    /// Its clocks, oldest first.
    pub clocks: Vec<Clock>,
    /// Numbers of the questions without an answer.
    pub open_questions: Vec<u32>,
    /// Numbers of the materials not handed in.
    pub open_materials: Vec<u32>,
}

/// How a case stands on a day.
pub fn standing(case: &Case, today: Date, calendar: &dyn WorkingDays) -> Standing {
    let stops = stops(case);
    let clocks = spans(case, &stops).iter().map(|span| span.on(today, calendar)).collect();
    Standing {
        phase: phase(case),
        clocks,
        open_questions: open_questions(case),
        open_materials: open_materials(case),
    }
}

/// One span for each time that a clock was started.
fn spans(case: &Case, stops: &[(Date, Option<Date>)]) -> Vec<Span> {
    let mut spans = Vec::new();
    for (at, entry) in case.entries.iter().enumerate() {
        let Some(phase) = leads_to(&entry.deed) else { continue };
        let (step, cite, checked, days) = match phase {
            Phase::Need => ("need", "CSR 9", "memory", NEED_DAYS),
            Phase::Preliminary => ("preliminary", "CSR 11", "memory", PRELIMINARY_DAYS),
            Phase::Replies => ("replies", "CSR 12", "memory", REPLIES_DAYS),
            Phase::Special if entry.on < REVISED => {
                ("special", "CSR 2020 13", "memory", SPECIAL_DAYS_2020)
            }
            Phase::Special => ("special", "CSR 14", "text", SPECIAL_DAYS),
            _ => continue,
        };
        let later = || case.entries.iter().skip(at + 1);
        let ends = later().find(|later| leads_to(&later.deed).is_some());
        let until = ends.map_or(usize::MAX, |end| {
            later().position(|one| std::ptr::eq(one, end)).unwrap_or(usize::MAX)
        });
        let extended = later()
            .take(until)
            .filter_map(|entry| match &entry.deed {
                Deed::Extend { days, .. } => Some(*days),
                _ => None,
            })
            .sum();
        let done = ends.map(|end| end.on);
        let within = |(from, to): &(Date, Option<Date>)| {
            to.is_none_or(|to| to > entry.on) && done.is_none_or(|done| *from < done)
        };
        let stops = stops.iter().filter(|stop| within(stop)).copied().collect();
        spans.push(Span { step, cite, checked, from: entry.on, days, extended, done, stops });
    }
    spans
}

/// Days from and to which the clocks stand still: from a question or request that stops them to its answer.
fn stops(case: &Case) -> Vec<(Date, Option<Date>)> {
    let answered = |wanted: &dyn Fn(&Deed) -> bool| {
        case.entries.iter().find(|entry| wanted(&entry.deed)).map(|entry| entry.on)
    };
    let (mut questions, mut materials) = (0u32, 0u32);
    let mut stops = Vec::new();
    for entry in &case.entries {
        match &entry.deed {
            Deed::Ask { stops_clock, .. } => {
                questions += 1;
                let number = questions;
                let reply = answered(
                    &|deed| matches!(deed, Deed::Reply { question, .. } if *question == number),
                );
                stops.extend(stops_clock.then_some((entry.on, reply)));
            }
            Deed::AskMaterial { stops_clock, .. } => {
                materials += 1;
                let number = Some(materials);
                let came = answered(
                    &|deed| matches!(deed, Deed::HandIn { material, .. } if *material == number),
                );
                stops.extend(stops_clock.then_some((entry.on, came)));
            }
            _ => {}
        }
    }
    stops
}

#[cfg(test)]
mod tests;
