//! Privacy policies, in Chinese and English: what is declared, sentence by sentence, and what a text must say and does not.

mod declared;
mod grammar;
mod observe;
mod read;
mod text;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use declared::{Declared, DeclaredFault};
pub use observe::{Collected, collected};
pub use read::review_policy;
pub use words::{categories, category};

/// A policy, read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PolicyReview {
    /// How findings name it.
    pub source: String,
    /// `zh`, `en`, `both`, `other`.
    pub language: &'static str,
    /// Sentences read.
    pub sentences: u64,
    /// Characters read.
    pub characters: u64,
    /// Kinds of data that are said to be collected, by category.
    pub collected: BTreeMap<String, Vec<Said>>,
    /// Kinds of data that are said *not* to be collected.
    pub denied: BTreeMap<String, Vec<Said>>,
    /// Kinds of data with the purposes that stand in one sentence with them.
    pub with_purpose: BTreeMap<String, BTreeSet<String>>,
    /// Purposes given.
    pub purposes: BTreeMap<String, Vec<Said>>,
    /// Third parties and kits named, by the code of the list of kits or as written.
    pub third_parties: BTreeMap<String, Vec<Said>>,
    /// What else is said: `retention`, `delete`, `correct`, `close_account`, `withdraw`, `complain`, `contact`, `children`, `abroad`, …
    pub topics: BTreeMap<String, Vec<Said>>,
    /// Working days within which an answer is promised, the longest.
    pub answer_days: Option<u32>,
}

impl PolicyReview {
    /// Purposes that are given for a kind of data.
    pub fn purposes_of(&self, data: &str) -> Vec<String> {
        self.with_purpose.get(data).into_iter().flatten().cloned().collect()
    }
}

/// A sentence that says something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Number of the sentence, from 1.
    pub sentence: u64,
    /// The sentence, cut at 200 characters.
    pub text: String,
}
