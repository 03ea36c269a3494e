//! `sarai law`: what the law requires of facts in a file; every rule; proofs about them.

use std::{fmt::Write as _, fs, path::Path};

use jiff::civil::Date;
use sarai_kernel::Clock as _;
use sarai_law::{
    Answer, Checked, Citation, Duty, Facts, Jurisdiction, Laws, Need, Rule, Set, Word,
    calendar::Certainty,
};

use sarai_law_prove::Answer as Verdict;

use crate::{cli::Law, clock::SystemClock, failure::Failure};

/// Runs the command.
pub fn run(command: Law) -> Result<(), Failure> {
    let laws = Laws::embedded()?;
    match command {
        Law::Ask { facts, law, on, json } => ask(&laws, &facts, &law, on, json),
        Law::List { law, on, json } => list(&laws, &law, on, json),
        Law::Prove { solver } => prove(&laws, &solver),
    }
}

fn ask(
    laws: &Laws,
    path: &Path,
    law: &[String],
    on: Option<Date>,
    json: bool,
) -> Result<(), Failure> {
    let text = fs::read_to_string(path).map_err(Failure::io(path.display()))?;
    // The parser names line, column and the key that is not known.
    let mut facts: Facts = toml::from_str(&text).map_err(|error| {
        Failure::Usage(format!("{}: {}", path.display(), error.to_string().trim_end()))
    })?;
    if !law.is_empty() {
        facts.laws = packs(law)?;
    }
    let answer = laws.ask(on.unwrap_or_else(today), &facts);
    if json {
        println!("{}", pretty(&answer)?);
    } else {
        print!("{}", said(&answer));
    }
    if answer.has_findings() { Err(Failure::Findings) } else { Ok(()) }
}

fn packs(words: &[String]) -> Result<Set<Jurisdiction>, Failure> {
    let read = |word: &String| {
        Jurisdiction::ALL
            .iter()
            .copied()
            .find(|one| one.word() == word)
            .ok_or_else(|| Failure::Usage(format!("there is no pack {word:?}: cn, us, eu")))
    };
    words.iter().map(read).collect()
}

fn today() -> Date {
    sarai_law::day_of(SystemClock.now().as_micros())
}

fn pretty(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(value)
        .map_err(|_| Failure::Usage("the answer cannot be written".to_owned()))
}

/// The answer for people: what decides first, what is owed besides after it, each with its article.
fn said(answer: &Answer) -> String {
    let mut out = String::new();
    let names: Vec<&str> = answer.laws.iter().map(Word::word).collect();
    let _ = writeln!(out, "On {}, by the law of {}.", answer.on, names.join(", "));
    if answer.fault {
        let _ = writeln!(out, "A rule could not be evaluated: nothing may rest on this answer.");
    }
    for one in &answer.prohibited {
        let _ = writeln!(out, "\nPROHIBITED\n{}", cited(&one.citation));
        if let Some(fix) = &one.fix {
            let _ = writeln!(out, "    what would have to change: {fix}");
        }
    }
    section(&mut out, "Required", answer.needs.iter().map(need));
    if answer.prohibited.is_empty() && answer.needs.is_empty() {
        let _ = writeln!(out, "\nNothing is required before it.");
    }
    section(&mut out, "Exempt", answer.exemptions.iter().map(cited));
    section(&mut out, "Owed besides", answer.duties.iter().map(duty));
    section(&mut out, "Ordered by law", answer.commands.iter().map(cited));
    let fine = |fine: &sarai_law::Fine| {
        let share = fine.rule.turnover_percent.map_or_else(String::new, |percent| {
            format!(" or {percent} % of the turnover of the year before")
        });
        let known = fine.ceiling.map_or_else(String::new, |most| format!("; here {most}"));
        let rule = &fine.rule;
        format!("up to {} {}{share}{known}\n{}", rule.currency, rule.amount, cited(&fine.citation))
    };
    section(&mut out, "A breach may cost", answer.fines.iter().map(fine));
    let conflict = |one: &sarai_law::Conflict| {
        format!("{} orders what {} forbids: no machine can settle it", one.orders, one.forbids)
    };
    section(&mut out, "Contradictions", answer.conflicts.iter().map(conflict));
    let memory = answer.citations().any(|citation| citation.checked == Checked::Memory);
    if memory {
        let _ = writeln!(out, "\n(from memory): the wording of that source was not yet checked.");
    }
    let _ = writeln!(out, "Not legal advice.");
    out
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    for (at, line) in lines.enumerate() {
        if at == 0 {
            let _ = writeln!(out, "\n{title}");
        }
        let _ = writeln!(out, "  - {}", line.replace('\n', "\n    "));
    }
}

fn need(need: &Need) -> String {
    let ways: Vec<String> = need.any_of.iter().map(|way| way.word().replace('_', " ")).collect();
    let state = if need.met { "in force" } else { "MISSING" };
    let mut text = format!("{}: {state}", ways.join(" or "));
    for citation in &need.because {
        let _ = write!(text, "\n{}", cited(citation));
    }
    text
}

fn duty(duty: &Duty) -> String {
    let mut text = cited(&duty.citation);
    if let Some(years) = duty.keep_years {
        let _ = write!(text, "\nkept for {years} years");
    }
    if let Some(clock) = &duty.clock {
        let _ = write!(text, "\n{clock}");
    }
    if let Some(deadline) = &duty.deadline {
        let sure = match deadline.certainty {
            Certainty::Certain => "",
            Certainty::Memory => " (a year of the calendar is from memory)",
            Certainty::NotAnnounced => " (the holidays of a year on the way are not announced yet)",
        };
        let _ = write!(text, "\nby {}{sure}", deadline.due);
    }
    text
}

fn cited(citation: &Citation) -> String {
    let note = citation.note.as_deref().unwrap_or_default();
    let until = citation.until.map_or_else(String::new, |until| format!(" until {until}"));
    let memory = if citation.checked == Checked::Memory { " (from memory)" } else { "" };
    format!("{note} § {}{memory}, in force from {}{until}", citation.cite, citation.from)
}

fn prove(laws: &Laws, solver: &Path) -> Result<(), Failure> {
    let proofs =
        sarai_law_prove::prove(laws, solver).map_err(|why| Failure::Usage(why.to_string()))?;
    for proof in &proofs {
        print!("{proof}");
    }
    let refuted = proofs.iter().any(|proof| matches!(proof.answer, Verdict::Refuted(_)));
    if refuted { Err(Failure::Findings) } else { Ok(()) }
}

fn list(laws: &Laws, packs: &[String], on: Option<Date>, json: bool) -> Result<(), Failure> {
    let wanted = |rule: &&std::sync::Arc<Rule>| {
        (packs.is_empty() || packs.contains(&rule.pack)) && on.is_none_or(|on| rule.in_force(on))
    };
    let rules: Vec<_> = laws.rules().iter().filter(wanted).collect();
    if json {
        let rows: Vec<Citation> = rules.iter().map(|rule| Citation::of(rule)).collect();
        println!("{}", pretty(&rows)?);
        return Ok(());
    }
    for rule in &rules {
        println!("{}\n    {}", rule.id, cited(&Citation::of(rule)));
    }
    println!("{} rules", rules.len());
    Ok(())
}
