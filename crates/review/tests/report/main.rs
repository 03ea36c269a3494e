//! Every form of a report, from a specimen: nothing of a subject's words may act, and every form keeps its promise.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

mod specimen;

use std::path::Path;

use sarai_review::{
    Lang,
    report::{Fonts, Languages, Paint, PdfError, html, json, pdf, sarif, text},
};
use serde_json::Value;
use specimen::{HOSTILE, specimen};

/// Keeps a form under `SARAI_REPORTS`, to be looked at.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("SARAI_REPORTS") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(Path::new(&folder).join(name), bytes).unwrap();
    }
}

/// Tags of a page with their attributes, found by a plain reader of our own markup.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).filter_map(|rest| rest.split('>').next()).collect()
}

#[test]
fn words_of_a_subject_never_become_markup() {
    let plain = html(&specimen(false), Languages::Both(Lang::En));
    let hostile = html(&specimen(true), Languages::Both(Lang::En));
    keep("specimen.html", plain.as_bytes());
    keep("hostile.html", hostile.as_bytes());
    let names = |page: &str| -> Vec<String> {
        tags(page)
            .iter()
            .map(|tag| tag.split([' ', '\n']).next().unwrap_or("").to_owned())
            .collect()
    };
    // The same tags in the same order: hostile words added none. (Charts may cut a text, but never a tag.)
    assert_eq!(names(&plain), names(&hostile));
    for tag in tags(&hostile) {
        let lower = tag.to_lowercase();
        assert!(!lower.starts_with("script") && !lower.starts_with("iframe"), "{tag}");
        assert!(!lower.contains(" on") || !lower.contains("=\"document"), "{tag}");
        for link in ["href=\"", "src=\"", "action=\""] {
            if let Some((_, rest)) = lower.split_once(link) {
                assert!(rest.starts_with('#'), "a link that leaves the page: {tag}");
            }
        }
    }
    assert!(HOSTILE.iter().all(|text| !text.contains('<') || !hostile.contains(text)));
}

#[test]
fn the_page_loads_nothing_and_says_so() {
    let page = html(&specimen(false), Languages::Both(Lang::Zh));
    assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
    assert!(!page.contains("url(http") && !page.contains("@import") && !page.contains("<script"));
    assert!(page.starts_with("<!doctype html><html lang=\"zh-Hans\">"));
}

#[test]
fn one_language_holds_no_word_of_the_other() {
    let page = html(&specimen(false), Languages::One(Lang::En));
    let body = page.split_once("<body>").unwrap().1;
    let han: String = body.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect();
    assert_eq!(han, "");
    assert!(!page.contains("to-zh\""));
}

#[test]
fn a_report_without_findings_reads_well() {
    let mut report = specimen(false);
    report.findings.clear();
    let page = html(&report, Languages::Both(Lang::En));
    assert!(page.contains("Nothing was found.") && !page.contains("id=\"first\""));
    assert!(text(&report, Lang::Zh, Paint::Plain).contains("未发现问题"));
    assert!(sarif(&report).contains("\"results\": []"));
}

#[test]
fn the_terminal_gets_no_command_of_a_subject() {
    let told = text(&specimen(true), Lang::En, Paint::Plain);
    keep("specimen.txt", told.as_bytes());
    assert!(!told.contains('\u{1b}') && !told.contains('\u{202e}'));
    assert!(text(&specimen(false), Lang::En, Paint::Colours).contains("\u{1b}[1;31m"));
}

#[test]
fn json_keeps_its_shape() {
    let whole: Value = serde_json::from_str(&json(&specimen(true))).unwrap();
    assert_eq!(whole["schema"], "sarai-review/1");
    assert_eq!(whole["complete"], false);
    let names =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(
        names(&whole),
        ["schema", "complete", "head", "sources", "findings", "figures", "limits"]
    );
    let finding = &whole["findings"][1];
    assert_eq!(
        names(finding),
        [
            "id", "fact", "group", "severity", "count", "persons", "title", "evidence", "cites",
            "remedy", "act", "likeness"
        ]
    );
    assert_eq!(finding["severity"], "critical");
    assert_eq!(finding["cites"][1]["checked"], "memory");
}

#[test]
fn sarif_has_what_2_1_0_requires() {
    let out = sarif(&specimen(true));
    keep("specimen.sarif", out.as_bytes());
    let whole: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(whole["version"], "2.1.0");
    let run = &whole["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(run["tool"]["driver"]["name"].is_string());
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note", "none"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        for place in result["locations"].as_array().unwrap() {
            let uri = place["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            assert!(
                uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)),
                "{uri}"
            );
        }
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn paper_holds_both_languages_or_says_what_is_missing() {
    let fonts = match Fonts::find(None) {
        Ok(fonts) => fonts,
        Err(error) => {
            assert_eq!(error, PdfError::NoFont);
            assert!(error.to_string().contains("--font"));
            return;
        }
    };
    for (lang, name) in [(Lang::En, "specimen-en.pdf"), (Lang::Zh, "specimen-zh.pdf")] {
        let bytes = pdf(&specimen(false), lang, &fonts).unwrap();
        keep(name, &bytes);
        assert!(bytes.starts_with(b"%PDF-"));
        assert!(bytes.len() < 2_000_000, "{} bytes: the whole face was embedded", bytes.len());
    }
    keep("hostile.pdf", &pdf(&specimen(true), Lang::En, &fonts).unwrap());
}

#[test]
fn a_face_without_chinese_is_refused() {
    let latin = Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf");
    if latin.exists() {
        assert!(matches!(Fonts::find(Some(latin)), Err(PdfError::NotChinese(_))));
    }
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    assert!(matches!(Fonts::find(Some(&text)), Err(PdfError::Unreadable { .. })));
}
