//! What is proven, in Cedar's own words.

use sarai_law::Jurisdiction;

/// A property of the packs.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// `core_never_leaves`
    pub name: &'static str,
    /// In words.
    pub asked: &'static str,
    /// First day on which a law says so.
    pub since: &'static str,
    /// How it is asked.
    pub how: How,
}

/// How a property is asked.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// With the law of any one of these asked, no transfer is allowed while this condition holds. A pack more can only forbid more.
    NeverAllowed {
        /// Each alone.
        laws: &'static [Jurisdiction],
        /// The condition.
        condition: &'static str,
    },
    /// No rule orders what another, in any pack, prohibits, but where the packs say so themselves with `@conflict`.
    NoContradiction,
    /// No rule can fail: Cedar skips a rule that fails, and a skipped forbid allows.
    NoFailure,
}

/// Every proof, in the order in which they are made.
pub const PROOFS: &[Property] = &[
    Property {
        name: "core_never_leaves",
        asked: "Where the law of China is asked, core data never leaves the mainland, whatever is in force and whatever is exempt.",
        since: "2021-09-01", // DSL 21
        how: How::NeverAllowed {
            laws: &[Jurisdiction::Cn],
            condition: r#"context.to != "CN" && context.core"#,
        },
    },
    Property {
        name: "important_needs_assessment",
        asked: "Where the law of China is asked, important data never leaves the mainland without a security assessment in force.",
        since: "2022-09-01", // SAM 4(1); before it no text named the assessment
        how: How::NeverAllowed {
            laws: &[Jurisdiction::Cn],
            condition: r#"context.to != "CN" && context.important && !context.met.contains(Requirement::"security_assessment")"#,
        },
    },
    Property {
        name: "objection_wins",
        asked: "Where the law of the EU or of China is asked, personal data that rests on a legitimate interest goes to nobody but the \
                person after an objection.",
        since: "2021-11-01", // PIPL 13; GDPR 21 is older
        how: How::NeverAllowed {
            laws: &[Jurisdiction::Eu, Jurisdiction::Cn],
            condition: r#"context.personal && context.objected && context.basis == Basis::"legitimate_interest" && resource != RecipientKind::"person""#,
        },
    },
    Property {
        name: "no_contradiction",
        asked: "No two rules in force on one date contradict: what one orders no other prohibits, but where @conflict says so.",
        since: "2000-01-01",
        how: How::NoContradiction,
    },
    Property {
        name: "no_failure",
        asked: "No rule of any pack can fail on any request, so that none is ever skipped.",
        since: "2000-01-01",
        how: How::NoFailure,
    },
];

/// What every request of the gate keeps to: counts are not negative, and classes follow from counts (crates/law/src/asked.rs).
/// Without it a counterexample could be one that nobody can ask.
pub(crate) const ASKABLE: &str = r#"
    context.persons >= 0 && context.sensitive_persons >= 0 && context.persons_two_years >= 0
    && context.sensitive_two_years >= 0 && context.persons_held >= 0 && context.faces_held >= 0
    && context.us_genomic >= 0 && context.us_omic >= 0 && context.us_biometric >= 0
    && context.us_geolocation >= 0 && context.us_health >= 0 && context.us_financial >= 0
    && context.us_identifiers >= 0 && context.us_combined >= 0
    && (context.persons <= 0 || context.personal)
    && (context.sensitive_persons <= 0 || context.sensitive)
    && (!context.sensitive || (context.personal && context.sensitive_persons >= 1))
    && (context.home != "US" || context.us_person)"#;
