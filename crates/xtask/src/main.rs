//! `cargo xtask <task>`: see [`USAGE`].

use std::process::ExitCode;

use sarai_xtask::{deps, foreign, generated, root, sizes, source, tidy};

const USAGE: &str = "\
usage: cargo xtask TASK
  check               all of the below, changing nothing
  deps                who uses whom, against the table
  foreign             licences, bans and sources of foreign crates, by deny.toml
  tidy                what no source may say; longest functions and files
  gen                 write every generated file
  register [--check]  docs/register.md, docs/register.json
  openings [--check]  docs/openings.md: every place that opens sealed data
  rules    [--check]  docs/rules.md: the rules of the law packs
  openapi  [--check]  docs/openapi.json";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let wrong = match words.as_slice() {
        ["check"] => check(),
        ["deps"] => deps::wrong(),
        ["foreign"] => foreign::wrong(),
        ["tidy"] => {
            println!("{}", sizes::report(&source::all(&root())));
            tidy::wrong(&source::all(&root()))
        }
        ["gen"] => generated::all(false),
        [name] if generated::NAMES.contains(name) => generated::one(name, false),
        [name, "--check"] if generated::NAMES.contains(name) => generated::one(name, true),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    wrong.iter().for_each(|line| eprintln!("{line}"));
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn check() -> Vec<String> {
    let mut wrong = deps::wrong();
    wrong.extend(foreign::wrong());
    wrong.extend(tidy::wrong(&source::all(&root())));
    wrong.extend(generated::all(true));
    wrong
}
