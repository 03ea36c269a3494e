//! Each kind of fault that a pack can have is refused, with file, line, column, rule and reason.

use std::borrow::Cow;

use sarai_law::{Laws, Pack, PackFile, Source};

const NEED: &str = r#"@id("cn.x") @cite("PIPL 6") @from("2020-01-01") @checked("text")
@fact("cbdf.persons") @note("A.") @note_zh("甲。")
@remedy("notice")
forbid (principal, action == Action::"transfer", resource)
when { context.persons >= 1000000 }
unless { context.met.contains(Requirement::"notice") };
"#;
const DUTY: &str = r#"@id("cn.y") @cite("PIPL 55") @from("2020-01-01") @checked("text")
@fact("pipl.years, pipl.days, pipl.fine, pipl.share") @note("B.") @note_zh("乙。")
@keep("3 years") @clock("15 working_days after request_received") @fine("CNY 50000000 or 5%")
permit (principal, action == Action::"owe", resource)
when { context.personal };
"#;
const LIFT: &str = r#"@id("cn.z") @cite("CBDF 3") @from("2020-01-01") @checked("text")
@note("C.") @note_zh("丙。") @lifts("cn.filing")
permit (principal, action == Action::"exempt", resource)
when { context.grounds.contains(Ground::"transit") };
"#;
const CLASS: &str = r#"@id("cn.c") @cite("PIPL 28") @from("2020-01-01") @checked("text")
@note("D.") @note_zh("丁。") @class("sensitive")
permit (principal, action == Action::"classify", resource == Kind::"face");
"#;
const FIGURES: &str = r#"
[cbdf.persons]
value = 1000000
cite = "CBDF 7(2)"
checked = "text"
[pipl.years]
value = 3
cite = "PIPL 56"
checked = "text"
[pipl.days]
value = 15
cite = "x"
checked = "text"
[pipl.fine]
value = 50000000
cite = "x"
checked = "text"
[pipl.share]
value = 5
cite = "x"
checked = "text"
"#;

fn file(name: &str, text: &str) -> PackFile {
    PackFile { name: Cow::Owned(name.to_owned()), text: Cow::Owned(text.to_owned()) }
}

fn source(text: &str) -> Source {
    let figures = Some(file("cn/facts.toml", FIGURES));
    let files = vec![file("cn/x.cedar", text)];
    Source { packs: vec![Pack { name: "cn".into(), files, figures }], ..Source::embedded() }
}

fn faults(source: &Source) -> Vec<String> {
    let bad = Laws::read(source).err().unwrap_or_else(|| panic!("a good pack"));
    bad.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn the_patterns_are_good() {
    for text in [NEED, DUTY, LIFT, CLASS] {
        let read = Laws::read(&source(text));
        assert!(read.is_ok(), "{}", read.unwrap_err());
    }
}

/// What is changed, into what, and what is said of it: each row is one fault and no other.
#[test]
fn each_fault_is_named_with_its_place() {
    let rows: &[(&str, &str, &str, &str)] = &[
        (NEED, r#"@id("cn.x") "#, "", "1:1: annotation @id is missing"),
        (NEED, r#"@id("cn.x")"#, r#"@id(" ")"#, "1:1:  : annotation @id is missing"),
        (NEED, r#" @cite("PIPL 6")"#, "", "1:1: cn.x: annotation @cite is missing"),
        (NEED, r#" @from("2020-01-01")"#, "", "1:1: cn.x: annotation @from is missing"),
        (NEED, r#" @checked("text")"#, "", "1:1: cn.x: annotation @checked is missing"),
        (NEED, r#" @note("A.")"#, "", "1:1: cn.x: annotation @note is missing"),
        (NEED, r#" @note_zh("甲。")"#, "", "1:1: cn.x: annotation @note_zh is missing"),
        (
            NEED,
            "@note(",
            "@nota(",
            "1:1: cn.x: annotation @note is missing | 2:23: cn.x: annotation @nota is not known",
        ),
        (
            NEED,
            "2020-01-01",
            "2021-02-29",
            "1:29: cn.x: @from: `2021-02-29` is not a date (YYYY-MM-DD)",
        ),
        (
            NEED,
            "2020-01-01",
            "1.1.2020",
            "1:29: cn.x: @from: `1.1.2020` is not a date (YYYY-MM-DD)",
        ),
        (
            NEED,
            "2020-01-01\")",
            "2020-01-01\") @until(\"soon\")",
            "1:49: cn.x: @until: `soon` is not a date (YYYY-MM-DD)",
        ),
        (
            NEED,
            "2020-01-01\")",
            "2020-01-01\") @until(\"2019-12-31\")",
            "1:49: cn.x: @until 2019-12-31 is not after @from 2020-01-01",
        ),
        (
            NEED,
            "2020-01-01\")",
            "2020-01-01\") @until(\"2020-01-01\")",
            "1:49: cn.x: @until 2020-01-01 is not after @from 2020-01-01",
        ),
        (
            NEED,
            "\"text\"",
            "\"hearsay\"",
            "1:49: cn.x: @checked(\"hearsay\"): say \"text\" or \"memory\"",
        ),
        (
            NEED,
            "@remedy",
            "@severity(\"bad\") @remedy",
            "3:1: cn.x: @severity: `bad` is not a severity",
        ),
        (
            NEED,
            "@remedy(\"notice\")\n",
            "",
            "1:1: cn.x: annotation @remedy is missing; say \"prohibited\" where nothing helps",
        ),
        (
            NEED,
            "@remedy(\"notice\")",
            "@remedy(\"consent\")",
            "3:1: cn.x: @remedy says `consent` but the policy is lifted by `notice`",
        ),
        (
            NEED,
            "@remedy(\"notice\")",
            "@remedy(\"prohibited\")",
            "3:1: cn.x: @remedy says `` but the policy is lifted by `notice`",
        ),
        (
            NEED,
            "unless { context.met.contains(Requirement::\"notice\") }",
            "",
            "3:1: cn.x: @remedy says `notice` but the policy is lifted by ``",
        ),
        (
            NEED,
            "cbdf.persons",
            "cbdf.nobody",
            "2:8: cn.x: figure `cbdf.nobody` is not in facts.toml | 5:27: cn.x: 1000000 is not the value of any figure named in @fact",
        ),
        (
            NEED,
            "1000000",
            "1000001",
            "5:27: cn.x: 1000001 is not the value of any figure named in @fact",
        ),
        (
            NEED,
            "context.persons >= 1000000",
            "context.persons >= context.persons_held",
            "5:16: cn.x: the count `persons` may be compared with a number and no more | 5:35: cn.x: the count `persons_held` may be compared with a number and no more",
        ),
        (
            NEED,
            "context.persons >= 1000000",
            "context.persons * 2 >= 1000000",
            "5:16: cn.x: the count `persons` may be compared with a number and no more | 5:26: cn.x: 2 is not the value of any figure named in @fact",
        ),
        (
            NEED,
            "context.persons >=",
            "context.to like \"C*\" && context.persons >=",
            "5:19: cn.x: `like` is not for closed vocabularies",
        ),
        (
            NEED,
            "context.persons >=",
            "context.to == \"China\" && context.persons >=",
            "5:22: cn.x: `China` is not a country code of ISO 3166",
        ),
        (
            NEED,
            "context.persons >=",
            "[context].contains(context) && context.persons >=",
            "5:9: cn.x: facts are read one by one: `context` as a whole stands for all | 5:9: cn.x: facts are read one by one: `context` as a whole stands for all",
        ),
        (
            NEED,
            "forbid",
            "permit",
            "4:1: cn.x: a rule on `transfer` is a forbid | 3:1: cn.x: @remedy is for rules that forbid a transfer or an act",
        ),
        (
            NEED,
            "action == Action::\"transfer\"",
            "action in [Action::\"transfer\"]",
            "4:20: cn.x: name one action with `==`: a rule answers one question | 3:1: cn.x: @remedy is for rules that forbid a transfer or an act",
        ),
        (
            NEED,
            "@remedy",
            "@lifts(\"cn.filing\") @remedy",
            "3:1: cn.x: @lifts is for rules on `exempt`",
        ),
        (
            NEED,
            "@remedy",
            "@class(\"core\") @remedy",
            "3:1: cn.x: @class is for rules on `classify`",
        ),
        (
            NEED,
            "@remedy",
            "@command(\"send\") @remedy",
            "3:1: cn.x: @command is for rules on `owe` and `stand`",
        ),
        (
            NEED,
            "@remedy",
            "@replaces(\"cn.gone\") @remedy",
            "1:1: cn.x: @replaces names `cn.gone`, which is not a rule",
        ),
        (
            DUTY,
            "@keep(\"3 years\")",
            "@keep(\"for ever\")",
            "3:1: cn.y: @keep: `for ever` is not a number of years",
        ),
        (
            DUTY,
            "@keep(\"3 years\")",
            "@keep(\"4 years\")",
            "3:1: cn.y: 4 is not the value of any figure named in @fact",
        ),
        (
            DUTY,
            "15 working_days",
            "16 working_days",
            "3:18: cn.y: 16 is not the value of any figure named in @fact",
        ),
        (
            DUTY,
            "15 working_days",
            "soon",
            "3:18: cn.y: @clock: `soon after request_received` is not `N unit after|before event`",
        ),
        (
            DUTY,
            "CNY 50000000 or 5%",
            "much",
            "3:67: cn.y: @fine: `much` is not `CUR amount [or N%]`",
        ),
        (
            DUTY,
            "CNY 50000000 or 5%",
            "CNY 50000000 or 6%",
            "3:67: cn.y: 6 is not the value of any figure named in @fact",
        ),
        (
            DUTY,
            "@keep",
            "@conflict(\"cn.gone\") @keep",
            "1:1: cn.y: @conflict names `cn.gone`, which is not a rule",
        ),
        (
            DUTY,
            "@keep",
            "@remedy(\"notice\") @keep",
            "3:1: cn.y: @remedy is for rules that forbid a transfer or an act | 3:1: cn.y: @remedy says `notice` but the policy is lifted by ``",
        ),
        (DUTY, "permit", "forbid", "4:1: cn.y: a rule on `owe` is a permit"),
        (LIFT, " @lifts(\"cn.filing\")", "", "1:1: cn.z: annotation @lifts is missing"),
        (
            LIFT,
            "cn.filing",
            "cn.everything",
            "2:28: cn.z: @lifts: `cn.everything` is not one of Lift | 1:1: cn.z: annotation @lifts is missing",
        ),
        (CLASS, " @class(\"sensitive\")", "", "1:1: cn.c: annotation @class is missing"),
        (
            CLASS,
            "\"sensitive\"",
            "\"secret\"",
            "2:28: cn.c: @class: `secret` is not one of Class | 1:1: cn.c: annotation @class is missing",
        ),
    ];
    let mut wrong = Vec::new();
    for (good, from, to, wanted) in rows {
        let text = good.replacen(from, to, 1);
        assert_ne!(&text, good, "{from} is not there");
        let mut wanted: Vec<String> =
            wanted.split(" | ").map(|one| format!("cn/x.cedar:{one}")).collect();
        let mut found = faults(&source(&text));
        wanted.sort();
        found.sort();
        if found != wanted {
            wrong.push(format!("{from} -> {to}\n  found  {found:?}\n  wanted {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_id_is_taken_once_in_all_files_and_packs() {
    let mut two = source(NEED);
    two.packs[0].files.push(file("cn/y.cedar", &format!("// again\n{NEED}")));
    assert_eq!(faults(&two), ["cn/y.cedar:2:1: cn.x: @id is taken by cn/x.cedar:1"]);
    let mut two = source(NEED);
    let (files, figures) = (vec![file("eu/x.cedar", NEED)], Some(file("eu/facts.toml", FIGURES)));
    two.packs.push(Pack { name: "eu".into(), files, figures });
    assert_eq!(faults(&two), ["eu/x.cedar:1:1: cn.x: @id is taken by cn/x.cedar:1"]);
}

#[test]
fn versions_follow_each_other_without_gap_or_overlap() {
    let newer = NEED.replace("cn.x", "cn.new").replace("@remedy", "@replaces(\"cn.x\") @remedy");
    for (until, from, wanted) in [
        ("@until(\"2022-01-01\")", "2022-01-01", None),
        (
            "@until(\"2022-01-01\")",
            "2022-01-02",
            Some("gap: `cn.x` ends 2022-01-01, this starts 2022-01-02"),
        ),
        (
            "@until(\"2022-01-02\")",
            "2022-01-01",
            Some("overlap: `cn.x` ends 2022-01-02, this starts 2022-01-01"),
        ),
        (
            "",
            "2022-01-01",
            Some("overlap: `cn.x` (cn/x.cedar:1) has no @until, this starts 2022-01-01"),
        ),
    ] {
        let old = NEED.replace("@fact", &format!("{until} @fact"));
        let text = format!("{old}{}", newer.replace("2020-01-01", from));
        let read = Laws::read(&source(&text));
        match (read, wanted) {
            (Ok(laws), None) => assert_eq!(laws.rules().len(), 2),
            (Err(bad), Some(reason)) => {
                assert_eq!(bad.faults.len(), 1, "{bad}");
                assert_eq!(bad.faults[0].to_string(), format!("cn/x.cedar:7:1: cn.new: {reason}"));
            }
            (read, wanted) => panic!("{until} {from}: {read:?}, wanted {wanted:?}"),
        }
    }
}

#[test]
fn files_beside_the_rules_are_held_to_their_form_too() {
    let with = |change: &dyn Fn(&mut Source)| {
        let mut source = source(NEED);
        change(&mut source);
        faults(&source)
    };
    let figures = with(&|source| {
        source.packs[0].figures = Some(file("cn/facts.toml", "[cbdf.persons]\nvalue = \"many\"\n"));
    });
    assert!(figures[0].starts_with("cn/facts.toml:2:9: "), "{figures:?}");
    let none = with(&|source| source.packs[0].figures = None);
    assert!(none[0].ends_with("figure `cbdf.persons` is not in facts.toml"), "{none:?}");
    let seen =
        with(&|source| source.observations = file("observations.toml", "[[seen]]\nid = 5\n"));
    assert!(seen[0].starts_with("observations.toml:2:6: "), "{seen:?}");
    let schema =
        with(&|source| source.schema = file("schema.cedarschema", "entity Who;\nentitty A;"));
    assert!(schema[0].starts_with("schema.cedarschema:2:1: "), "{schema:?}");
}

#[test]
fn all_faults_of_all_files_come_at_once() {
    let mut many = source(&NEED.replace("@cite(\"PIPL 6\") ", ""));
    many.packs[0].files.push(file("cn/y.cedar", &DUTY.replace("@checked(\"text\")", "")));
    many.observations = file("observations.toml", "[[seen]]\nid = 5\n");
    let files: Vec<String> =
        faults(&many).iter().map(|fault| fault.split(':').next().unwrap().to_owned()).collect();
    assert_eq!(files, ["cn/x.cedar", "cn/y.cedar", "observations.toml"]);
}
