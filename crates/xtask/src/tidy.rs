//! What no source may say.

use crate::{
    root,
    source::{Source, walk},
};

/// A word that only some rooms may say in their programs.
struct Word {
    word: &'static str,
    rooms: &'static [&'static str],
    why: &'static str,
}

/// Rooms that may call the outside: the gate, and what is part of no server.
const EXITS: &[&str] = &["gate", "testkit", "bench", "xtask"];

const WORDS: &[Word] = &[
    Word {
        word: "gatekeeper",
        rooms: &["seal", "gate", "bench", "xtask"],
        why: "only the gate makes grants, after the law was asked and the row written",
    },
    Word {
        word: "sqlx::",
        // `review` reads databases of others; `play` fills one to be reviewed.
        rooms: &["store", "review", "play", "testkit", "bench", "xtask"],
        why: "SQL stays in the store",
    },
    Word { word: "cedar_policy", rooms: &["law", "xtask"], why: "the law is asked, not read" },
    Word { word: "TcpStream::connect", rooms: EXITS, why: "the one way out is the gate's client" },
    Word { word: "UdpSocket", rooms: EXITS, why: "the one way out is the gate's client" },
    Word { word: "UnixStream::connect", rooms: EXITS, why: "the one way out is the gate's client" },
    Word { word: "lookup_host", rooms: EXITS, why: "names are resolved by the gate's client only" },
    Word { word: "client::legacy", rooms: EXITS, why: "the one way out is the gate's client" },
    Word {
        word: "danger_accept_invalid_certs",
        rooms: &["xtask"],
        why: "certificates are checked",
    },
];

/// What is wrong with the sources as they stand.
pub fn wrong(sources: &[Source]) -> Vec<String> {
    let mut found = words(sources);
    found.extend(unregistered(sources));
    found.extend(raw_markup());
    found
}

fn words(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for word in WORDS.iter().filter(|word| !word.rooms.contains(&source.room())) {
            for (line, _) in source.program().filter(|(_, line)| line.contains(word.word)) {
                found.push(format!("{}:{line}: says `{}`: {}", source.path, word.word, word.why));
            }
        }
    }
    found
}

/// Personal records that the register does not list: it must hold every type that derives `Personal`.
fn unregistered(sources: &[Source]) -> Vec<String> {
    let listed = sources.iter().flat_map(|source| {
        source.program().filter_map(|(_, line)| line.trim().strip_suffix("::ENTRY,"))
    });
    let listed: Vec<&str> = listed.map(|path| path.rsplit("::").next().unwrap_or(path)).collect();
    let rooms = ["kernel", "gate", "freight", "account"];
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| rooms.contains(&source.room())) {
        let mut personal = false;
        for (line, text) in source.program() {
            if text.starts_with("#[derive(") {
                let derives = text.split(['(', ')', ',']).map(str::trim);
                personal = derives.clone().any(|derive| derive == "Personal");
            }
            let Some(rest) = text.strip_prefix("pub struct ").filter(|_| personal) else {
                continue;
            };
            let name = rest.split([' ', '<', '(', '{']).next().unwrap_or(rest);
            if !listed.contains(&name) {
                found.push(format!(
                    "{}:{line}: {name} is personal and not in the register",
                    source.path
                ));
            }
            personal = false;
        }
    }
    found
}

/// Pages never put text in as markup.
fn raw_markup() -> Vec<String> {
    let mut found = Vec::new();
    let root = root();
    walk(&root, &root.join("web/src"), "svelte", &mut |path, text| {
        let lines = text.lines().enumerate().filter(|(_, line)| line.contains("{@html"));
        found.extend(lines.map(|(at, _)| format!("{path}:{}: puts text in as markup", at + 1)));
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    #[test]
    fn no_source_says_what_it_may_not() {
        assert_eq!(wrong(&source::all(&root())), Vec::<String>::new());
    }

    fn of(path: &str, text: &str) -> Vec<Source> {
        vec![Source::new(path.to_owned(), text)]
    }

    #[test]
    fn a_grant_made_elsewhere_is_named() {
        let text = "fn a() {\n    let g = sarai_seal::gatekeeper::mint();\n}\n";
        let found = words(&of("crates/freight/src/a.rs", text));
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("crates/freight/src/a.rs:2: says `gatekeeper`"), "{found:?}");
        assert!(words(&of("crates/gate/src/a.rs", text)).is_empty());
        assert!(words(&of("crates/freight/tests/a.rs", text)).is_empty());
    }

    #[test]
    fn a_personal_record_outside_the_register_is_named() {
        let text = "#[derive(Debug, Personal, Record)]\n#[record(kind = \"x\", schema = 1)]\npub struct Secret {\n";
        let found = unregistered(&of("crates/freight/src/model.rs", text));
        assert_eq!(
            found,
            ["crates/freight/src/model.rs:3: Secret is personal and not in the register"]
        );
        let listed = format!("{text}fn register() {{\n        model::Secret::ENTRY,\n");
        assert!(unregistered(&of("crates/freight/src/model.rs", &listed)).is_empty());
    }
}
