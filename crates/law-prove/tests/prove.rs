//! The packs are proven; a planted bad rule makes each proof fail. Needs cvc5 on `PATH` (or named in `SARAI_SOLVER`): without it
//! the tests that need it say so and prove nothing.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use std::{borrow::Cow, env, path::PathBuf, process::Command};

use sarai_law::{Facts, Laws, Pack, PackFile, Source};
use sarai_law_prove::{Answer, NoProof, PROOFS, Proof, prove};

fn solver() -> Option<PathBuf> {
    let named = env::var_os("SARAI_SOLVER").map_or_else(|| PathBuf::from("cvc5"), PathBuf::from);
    let runs = Command::new(&named).arg("--version").output().is_ok();
    if !runs {
        eprintln!("SKIPPED: {} cannot be started", named.display());
    }
    runs.then_some(named)
}

/// The embedded packs with a text changed in one file, or added to it.
fn changed(file: &str, from: &str, to: &str) -> Laws {
    let mut source = Source::embedded();
    let files = source.packs.iter_mut().flat_map(|pack: &mut Pack| &mut pack.files);
    let found: Vec<&mut PackFile> = files.filter(|one| one.name == file).collect();
    let [one] = found.try_into().map_err(|_| "one such file").unwrap();
    let text = if from.is_empty() {
        format!("{}\n{to}", one.text)
    } else {
        assert!(one.text.contains(from), "{from} is not in {file}");
        one.text.replace(from, to)
    };
    one.text = Cow::Owned(text);
    Laws::read(&source).unwrap()
}

fn refuted(laws: &Laws, name: &str) -> Option<Proof> {
    let proofs = prove(laws, &solver()?).unwrap();
    let proof = proofs.into_iter().find(|proof| proof.name == name).unwrap();
    println!("{proof}");
    assert!(matches!(proof.answer, Answer::Refuted(_)), "{proof}");
    Some(proof)
}

/// What is printed is facts that `sarai law ask` reads, and asked again they give the same answer.
fn told_again(proof: &Proof) -> Vec<(sarai_law::Date, Facts)> {
    let Answer::Refuted(found) = &proof.answer else { panic!("{proof}") };
    let again = |one: &sarai_law_prove::Counterexample| {
        let printed = one.to_string();
        let lines = printed.lines().skip(1).map(|line| line.strip_prefix("    ").unwrap());
        let text: Vec<&str> = lines.collect();
        let facts: Facts = toml::from_str(&text.join("\n")).unwrap();
        assert_eq!(Some(&facts), one.facts.as_ref());
        (one.on, facts)
    };
    found.iter().map(again).collect()
}

#[test]
fn the_embedded_packs_are_proven() {
    let Some(solver) = solver() else { return };
    let proofs = prove(&Laws::embedded().unwrap(), &solver).unwrap();
    assert_eq!(proofs.len(), PROOFS.len());
    for proof in &proofs {
        println!("{proof}");
        let Answer::Proven { declared } = &proof.answer else { panic!("{proof}") };
        assert!(proof.queries > 0, "{proof}");
        assert_eq!(declared.is_empty(), proof.name != "no_contradiction", "{proof}");
        assert!(declared.iter().all(|one| one.confirmed), "{proof}");
    }
}

#[test]
fn core_data_that_an_assessment_lets_out_is_found() {
    let laws = changed(
        "cn/outbound.cedar",
        r#"when { context.to != "CN" && context.core };"#,
        r#"when { context.to != "CN" && context.core && !context.kinds.contains(Kind::"trade") };"#,
    );
    let Some(proof) = refuted(&laws, "core_never_leaves") else { return };
    for (on, facts) in told_again(&proof) {
        assert!(laws.transfer(on, &facts).allowed(), "{facts:?}");
        assert!(!Laws::embedded().unwrap().transfer(on, &facts).allowed(), "{facts:?}");
    }
}

#[test]
fn important_data_below_a_number_without_assessment_is_found() {
    let laws = changed(
        "cn/outbound.cedar",
        "when { context.to != \"CN\" && context.important }\nunless",
        "when { context.to != \"CN\" && context.important && context.persons > 0 }\nunless",
    );
    let Some(proof) = refuted(&laws, "important_needs_assessment") else { return };
    for (on, facts) in told_again(&proof) {
        assert_eq!(facts.payload.persons, 0);
        assert!(laws.transfer(on, &facts).allowed(), "{facts:?}");
    }
}

#[test]
fn an_objection_that_a_consent_overrules_is_found() {
    let laws = changed(
        "eu/transfer.cedar",
        "when { context.personal && context.objected }",
        "when { context.personal && context.objected && context.aim != Aim::\"research\" }",
    );
    let Some(proof) = refuted(&laws, "objection_wins") else { return };
    for (on, facts) in told_again(&proof) {
        assert!(facts.objected && laws.transfer(on, &facts).allowed(), "{facts:?}");
    }
}

#[test]
fn an_order_against_a_prohibition_is_found() {
    let order = r#"
@id("eu.planted") @cite("none") @from("2024-01-01") @checked("memory") @command("send")
@note("An order.") @note_zh("命令。")
permit (principal, action == Action::"owe", resource) when { context.core };"#;
    let laws = changed("eu/owe.cedar", "", order);
    let Some(proof) = refuted(&laws, "no_contradiction") else { return };
    let Answer::Refuted(found) = &proof.answer else { panic!("{proof}") };
    let core = ["eu.planted".to_owned(), "cn.dsl.21.core".to_owned()];
    assert!(found.iter().any(|one| one.rules == core && one.confirmed), "{proof}");
}

#[test]
fn a_rule_that_can_fail_is_found() {
    let failing = r#"
@id("house.planted") @cite("none") @from("2020-01-01") @checked("text")
forbid (principal, action == Action::"open", resource)
when { (if context.case then 9223372036854775807 else 0) + 1 > 5 };"#;
    let laws = changed("house/system.cedar", "", failing);
    let Some(proof) = refuted(&laws, "no_failure") else { return };
    let Answer::Refuted(found) = &proof.answer else { panic!("{proof}") };
    assert_eq!(found.len(), 1, "{proof}");
    assert_eq!(found[0].rules, ["house.planted"]);
}

#[test]
fn a_solver_that_is_not_there_is_a_plain_problem() {
    let laws = Laws::embedded().unwrap();
    let Err(error @ NoProof::Solver(_)) = prove(&laws, "no-such-solver".as_ref()) else {
        panic!("it is there?")
    };
    assert!(error.to_string().contains("apt install cvc5"), "{error}");
}

#[test]
fn a_program_that_is_no_solver_is_a_plain_problem() {
    let laws = Laws::embedded().unwrap();
    for program in ["true", "cat"] {
        let error = prove(&laws, program.as_ref()).unwrap_err();
        assert!(matches!(error, NoProof::Unanswered { .. } | NoProof::Solver(_)), "{error}");
    }
}
