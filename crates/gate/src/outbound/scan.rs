//! What is in the untyped parts of a payload, and the same parts with it covered.

use std::collections::BTreeMap;

use sarai_kernel::mask::{Covered, contacts, covered};

/// What a scan found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Kind and how often. Never the values.
    pub kinds: BTreeMap<String, u64>,
    /// Something sensitive is among it.
    pub sensitive: bool,
    /// The parts with it covered, in their order.
    pub covered: Vec<Vec<u8>>,
}

/// Scans the parts.
pub fn scan(parts: &[&[u8]]) -> Found {
    let mut found = Found::default();
    for part in parts {
        // What is no text is looked at as if it were: a number in it is a number still.
        let text = String::from_utf8_lossy(part);
        let spans = contacts(&text);
        for span in &spans {
            let kind = match span.kind {
                Covered::Number => "number",
                Covered::Email => "email",
                Covered::Link => "link",
                Covered::Handle => "handle",
            };
            *found.kinds.entry(kind.to_owned()).or_default() += 1;
        }
        found.covered.push(if spans.is_empty() {
            part.to_vec()
        } else {
            covered(&text, &spans).into_bytes()
        });
    }
    found
}
