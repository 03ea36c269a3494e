//! The network security configuration: where traffic in clear is permitted and whose certificates are trusted.

use super::axml::{Document, Element, Value};

/// What a configuration says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NetworkConfig {
    /// The default for all domains, where it is said.
    pub(crate) base: Option<bool>,
    /// Domains to which traffic in clear is permitted by name.
    pub(crate) domains: Vec<String>,
    /// Certificates that the user installed are trusted, outside debugging.
    pub(crate) trusts_user: bool,
}

impl NetworkConfig {
    /// Reads a configuration in binary XML; `None` where it is none.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let document = Document::read(bytes).ok()?;
        let mut config = Self::default();
        for (index, element) in document.elements() {
            match element.name.as_ref() {
                "base-config" => config.base = clear(element).or(config.base),
                "domain" => {
                    let parent = document.parent(index);
                    if parent.and_then(|(_, parent)| clear(parent)) == Some(true) {
                        config
                            .domains
                            .push(document.text(index).unwrap_or_default().trim().to_owned());
                    }
                }
                "certificates" => config.trusts_user |= user(element) && !debug(&document, index),
                _ => {}
            }
        }
        Some(config)
    }
}

fn clear(element: &Element) -> Option<bool> {
    match element.attribute("cleartextTrafficPermitted")? {
        Value::Bool(yes) => Some(*yes),
        Value::Number(number) => Some(*number != 0),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn user(element: &Element) -> bool {
    matches!(element.attribute("src"), Some(Value::Text(text)) if text.as_ref() == "user")
}

fn debug(document: &Document, index: usize) -> bool {
    let mut at = index;
    while let Some((parent, element)) = document.parent(at) {
        if element.name.as_ref() == "debug-overrides" {
            return true;
        }
        at = parent;
    }
    false
}
