//! Proofs about the law packs, by Cedar's symbolic compiler and the solver cvc5.
//!
//! A proof is about every request that the schema can express, for each span of days between two changes of the law. What it does
//! not see is said with it: see `docs/law.md`.
//!
//! Architecture invariant: no server uses it. It starts one process, the solver, and opens nothing else.
//!
//! Start at [`prove`].

mod counterexample;
mod print;
mod properties;
mod prover;
mod spans;

use std::{path::Path, time::Duration};

use sarai_law::{Date, Facts, Laws};

pub use properties::PROOFS;

/// What a proof found.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// `core_never_leaves`
    pub name: &'static str,
    /// The question in words.
    pub asked: &'static str,
    /// First day of the spans that were asked.
    pub since: Date,
    /// The answer.
    pub answer: Answer,
    /// Queries put to the solver.
    pub queries: usize,
    /// Wall time.
    pub took: Duration,
}

/// The answer to a proof.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It holds on every day since, for every request.
    Proven {
        /// Contradictions that the packs declare with `@conflict`, each with an example.
        declared: Vec<Counterexample>,
    },
    /// It does not.
    Refuted(Vec<Counterexample>),
}

/// Facts for which a property fails.
#[derive(Debug, Clone, PartialEq)]
pub struct Counterexample {
    /// First day of the span.
    pub on: Date,
    /// The facts, as `sarai law ask` reads them; absent where the rules alone are the fault.
    pub facts: Option<Facts>,
    /// Rules that it is about.
    pub rules: Vec<String>,
    /// Whether the gate itself, asked with these facts, does what the property denies. A model may rest on an exemption that its
    /// facts do not earn.
    pub confirmed: bool,
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum NoProof {
    /// The solver cannot be started.
    #[error(
        "the solver {0:?} cannot be started: install cvc5 (Debian: `apt install cvc5`; its releases; or `pip install cvc5` with \
         crates/law-prove/cvc5-stdin) or name it with --solver"
    )]
    Solver(String),
    /// The solver gave no answer within its time, or died.
    #[error("{proof}: no answer from the solver: {why}")]
    Unanswered {
        /// The proof.
        proof: &'static str,
        /// What it said.
        why: String,
    },
    /// A rule or property cannot be put to the solver.
    #[error("{proof}: cannot be put to the solver: {why}")]
    Unspeakable {
        /// The proof.
        proof: &'static str,
        /// What the compiler said.
        why: String,
    },
}

/// Proves every property of [`PROOFS`] on these packs. `solver` is a path, or a name that is found on `PATH`.
pub fn prove(laws: &Laws, solver: &Path) -> Result<Vec<Proof>, NoProof> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|_| NoProof::Solver(solver.display().to_string()))?;
    runtime.block_on(async {
        let mut prover = prover::Prover::start(laws, solver)?;
        let mut found = Vec::new();
        for property in PROOFS {
            found.push(prover.prove(property).await?);
        }
        Ok(found)
    })
}
