//! Directives: signed orders of authorities, obeyed mechanically.
//!
//! An authority's key is entered by one officer and confirmed by another, who heard its fingerprint on another channel
//! ([`keys`]). What it signs is a [`Paper`]; [`issue`] and [`lift`] take it or refuse it, and either way the audit log says so.
//! [`Orders`] is what every node knows of those in force, and the one place that says "no" because of them.
//!
//! Effects are a closed list ([`Effect`]); what is ambiguous is refused.

mod document;
mod issue;
pub mod keys;
mod orders;
mod record;

pub use document::{
    DOCUMENT_BYTES_MAX, Effect, LIFT_PREFIX, LIST_MAX, Lift, Order, PREFIX, Paper, Scope, TwoTexts,
    fingerprint, public_key, public_text, secret_key, secret_text, typed_fingerprint,
};
pub use ed25519_dalek::SigningKey;
pub use issue::{Forged, issue, lift};
pub use orders::{EVENTS, Orders, Stands};
pub use record::{AuthorityKey, Directive, KeyState, Lifted};

use sarai_kernel::{DirectiveId, Query, Refusal, Store, StoreExt, Stored};
use sarai_seal::Category;
use uuid::Uuid;

/// The category that the register names with this word.
pub fn category(word: &str) -> Option<Category> {
    serde_json::from_value::<CategoryWord>(word.into()).ok().map(|found| found.category())
}

macro_rules! categories {
    ($($name:ident),* $(,)?) => {
        /// Categories as a document names them; the register's own words.
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum CategoryWord { $($name),* }
        impl CategoryWord {
            const fn category(&self) -> Category {
                match self { $(Self::$name => Category::$name),* }
            }
        }
        #[cfg(test)]
        const CATEGORIES: &[Category] = &[$(Category::$name),*];
    };
}
categories! {
    Business, Contact, Identity, Address, Message, Conduct, Employment, Vehicle, Device, IdentityPaper,
    Location, Track, Payment, Credential, Biometric, Health, Minor, ImportantFlow, CoreState,
}

/// Orders of every state, newest first.
pub async fn list(
    store: &dyn Store,
    limit: u32,
    after: Option<(i64, Uuid)>,
) -> Result<Vec<(Stored<Directive>, i64)>, Refusal> {
    let query = Query::by("directive", "directive.all", "1").newest_first();
    Ok(store.records(query.limit(limit).after(after)).await?)
}

/// One order.
pub async fn one(store: &dyn Store, id: DirectiveId) -> Result<Stored<Directive>, Refusal> {
    store.load(id.uuid()).await?.ok_or_else(Refusal::not_found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_names_categories_as_the_register_does() {
        for known in CATEGORIES {
            let word = serde_json::to_value(known).expect("a word");
            assert_eq!(category(word.as_str().unwrap_or_default()), Some(*known));
        }
        assert_eq!(category("Track"), None);
    }
}
