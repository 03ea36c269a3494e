//! What is found in the English texts of presidio-research: ours beside Presidio, by the same rule.

use std::{path::Path, process::Command, time::Instant};

use sarai_detect::{Detector, Kind, Options};
use serde::Deserialize;

use super::spans::{Count, Span, merged};
use crate::figure::{Better, Figure};

#[derive(Debug, Deserialize)]
struct Text {
    full_text: String,
    spans: Vec<Truth>,
}

#[derive(Debug, Deserialize)]
struct Truth {
    entity_type: String,
    start_position: usize,
    end_position: usize,
}

#[derive(Debug, Deserialize)]
struct Found {
    seconds: f64,
    version: String,
    spans: Vec<Vec<(usize, usize, String)>>,
}

/// The types that patterns find.
const PATTERNS: &[&str] = &[
    "CREDIT_CARD",
    "PHONE_NUMBER",
    "EMAIL_ADDRESS",
    "IBAN_CODE",
    "US_SSN",
    "IP_ADDRESS",
    "URL",
    "US_DRIVER_LICENSE",
];
/// The types that need a model or lists.
const NAMES: &[&str] = &["PERSON", "LOCATION", "DATE_TIME", "NRP"];

/// The benchmark's name of a type as the texts or Presidio write it.
fn common(name: &str) -> Option<&'static str> {
    let name = match name {
        "DOMAIN_NAME" => "URL",
        "GPE" | "STREET_ADDRESS" => "LOCATION",
        other => other,
    };
    PATTERNS.iter().chain(NAMES).find(|known| **known == name).copied()
}

fn of_kind(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::BankCard => "CREDIT_CARD",
        Kind::Phone | Kind::Mobile | Kind::Landline | Kind::ServicePhone => "PHONE_NUMBER",
        Kind::Email => "EMAIL_ADDRESS",
        Kind::Iban => "IBAN_CODE",
        Kind::UsSsn => "US_SSN",
        Kind::Ipv4 | Kind::Ipv6 => "IP_ADDRESS",
        Kind::Url => "URL",
        Kind::UsDriverLicence => "US_DRIVER_LICENSE",
        Kind::PersonName => "PERSON",
        Kind::Place | Kind::StreetAddress => "LOCATION",
        Kind::Date | Kind::BirthDate => "DATE_TIME",
        Kind::Nationality => "NRP",
        _ => return None,
    })
}

/// Spans of the types that count, merged.
fn wanted(
    all: impl Iterator<Item = (usize, usize, Option<&'static str>)>,
    names: &[&str],
    text: &[char],
) -> Vec<Span> {
    let spans = all
        .filter_map(|(start, end, name)| Some(Span { start, end, name: name? }))
        .filter(|span| names.contains(&span.name))
        .collect();
    merged(spans, text)
}

/// Ours over all texts, in characters, and the seconds it took.
fn ours(texts: &[Text]) -> (Vec<Vec<(usize, usize, Option<&'static str>)>>, f64) {
    let detector = Detector::new(Options::default());
    detector.scan(b"The lists are read by the first scan.");
    let start = Instant::now();
    let hits: Vec<_> = texts.iter().map(|text| detector.scan(text.full_text.as_bytes())).collect();
    let seconds = start.elapsed().as_secs_f64();
    let spans = texts.iter().zip(hits).map(|(text, hits)| {
        let chars = |at: usize| text.full_text.get(..at).map_or(at, |head| head.chars().count());
        hits.iter().map(|hit| (chars(hit.start), chars(hit.end), of_kind(hit.kind))).collect()
    });
    (spans.collect(), seconds)
}

fn presidio(path: &Path, mode: &str) -> Option<Found> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/detect/presidio");
    let run = Command::new(script).arg(path).arg(mode).output();
    let output = match run {
        Ok(output) if output.status.success() => output,
        other => {
            eprintln!("detect: Presidio ({mode}) did not run: {other:?}");
            return None;
        }
    };
    serde_json::from_slice(&output.stdout).map_err(|error| eprintln!("detect: {error}")).ok()
}

fn figure(name: String, unit: &'static str, (ours, theirs): (f64, f64), peer: &str, data: &str) {
    let figure = Figure {
        bench: "detect",
        figure: name,
        unit,
        ours,
        peer: peer.to_owned(),
        theirs,
        ratio: 0.0,
        data: data.to_owned(),
    };
    figure.print(Better::More);
}

/// Measures both, with patterns alone and with the small model of spaCy.
pub fn run(path: &Path) {
    let file = std::fs::read(path).expect("texts that can be read");
    let texts: Vec<Text> = serde_json::from_slice(&file).expect("texts of presidio-research");
    let bytes: usize = texts.iter().map(|text| text.full_text.len()).sum();
    let (found, seconds) = ours(&texts);
    let data = format!("{} texts, {bytes} bytes; half of both spans", texts.len());
    for mode in ["patterns", "model"] {
        let Some(theirs) = presidio(path, mode) else { continue };
        let names: Vec<&str> =
            PATTERNS.iter().chain(if mode == "model" { NAMES } else { &[] }).copied().collect();
        let (mut we, mut they) = (Count::default(), Count::default());
        for ((text, found), theirs) in texts.iter().zip(&found).zip(&theirs.spans) {
            let chars: Vec<char> = text.full_text.chars().collect();
            let truth = text
                .spans
                .iter()
                .map(|span| (span.start_position, span.end_position, common(&span.entity_type)));
            let truth = wanted(truth, &names, &chars);
            we.add(&wanted(found.iter().copied(), &names, &chars), &truth);
            let theirs = theirs.iter().map(|(start, end, name)| (*start, *end, common(name)));
            they.add(&wanted(theirs, &names, &chars), &truth);
        }
        figure(
            format!("F1 of {} types", names.len()),
            "F1",
            (we.f1(), they.f1()),
            &theirs.version,
            &data,
        );
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let megabytes = bytes as f64 / 1e6;
        let speeds = (megabytes / seconds, megabytes / theirs.seconds);
        figure(
            format!("throughput, {} types", names.len()),
            "MB/s",
            speeds,
            &theirs.version,
            &data,
        );
    }
}
