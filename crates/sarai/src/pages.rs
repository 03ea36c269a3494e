//! The pages, embedded in the binary (read from disk in development builds).

use std::borrow::Cow;

use rust_embed::RustEmbed;
use sarai_api::pages::{Page, Pages};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Build;

/// The embedded build.
#[derive(Debug, Clone, Copy, Default)]
pub struct Embedded;

impl Embedded {
    /// Whether the pages were built before the binary.
    pub fn is_built() -> bool {
        Build::get("index.html").is_some()
    }
}

impl Pages for Embedded {
    fn file(&self, path: &str) -> Option<Page> {
        let file = Build::get(path)?;
        let gzip = Build::get(&format!("{path}.gz")).map(|file| file.data);
        let media = file.metadata.mimetype().to_owned();
        let media =
            if media.starts_with("text/") { format!("{media}; charset=utf-8") } else { media };
        Some(Page { bytes: file.data, gzip, media: Cow::Owned(media) })
    }
}
