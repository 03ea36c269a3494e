//! What does this observed fact breach? The reviewer's question.

use std::sync::Arc;

use cedar_policy::{Context, Request, RestrictedExpression};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Citation, Jurisdiction, Laws, Observation, Operator, Question, Rule, Sector, Set, Word,
    cedar::{set, uid},
};

/// About whom something was observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Seen {
    /// Whose laws are asked.
    pub laws: Set<Jurisdiction>,
    /// Operator of critical information infrastructure.
    pub ciio: bool,
    /// Trades.
    pub sectors: Set<Sector>,
    /// The app is for the supply side: drivers, carriers, employers.
    pub supply_side: bool,
    /// It was seen while the service that needs it was running (a trip, a shipment under way).
    pub in_service: bool,
    /// Category of the app in the list of necessary personal information (`ride_hailing`); `none` where it is no app.
    pub category: String,
    /// The item that the basic function demands (`mobile`); `none` where nothing is demanded.
    pub item: String,
    /// Persons concerned.
    pub persons: u64,
    /// Days: of a term that was passed, or for which something was kept.
    pub days: u64,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            laws: Set::of(&[Jurisdiction::Cn]),
            ciio: false,
            sectors: Set::empty(),
            supply_side: false,
            in_service: false,
            category: "none".to_owned(),
            item: "none".to_owned(),
            persons: 0,
            days: 0,
        }
    }
}

/// A rule that is breached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// What it rests on.
    pub citation: Citation,
    /// The pack.
    pub pack: String,
}

/// An observation, category or item that is none of the schema's, or a rule that could not be evaluated: nothing was found out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot be asked: no such observation, category or item, or a rule failed")]
pub struct UnknownObservation(pub String);

impl Laws {
    /// What a review may observe.
    pub fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.observations.values()
    }

    /// The observation with this id: its wording, severity, and what to do about it.
    pub fn observation(&self, id: &str) -> Option<&Observation> {
        self.observations.get(id)
    }

    /// Every rule that the observed fact breaches on a day, gravest first. None means that no pack asked has a rule against it on that
    /// day.
    pub fn breaches(
        &self,
        on: Date,
        observation: &str,
        seen: &Seen,
    ) -> Result<Vec<Breach>, UnknownObservation> {
        let unknown = || UnknownObservation(observation.chars().take(60).collect());
        self.observation(observation).ok_or_else(unknown)?;
        let (_, in_force) = self.in_force(on, seen.laws).ok_or_else(unknown)?;
        let request = self.seen(observation, seen);
        let mut rules = in_force.forbids(Question::Breach, request).ok_or_else(unknown)?;
        rules.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id)));
        Ok(rules.iter().map(breach).collect())
    }

    fn seen(&self, observation: &str, seen: &Seen) -> Option<Request> {
        let flag = RestrictedExpression::new_bool;
        let count = |n: u64| RestrictedExpression::new_long(i64::try_from(n).unwrap_or(i64::MAX));
        let word = |kind, id| Some(RestrictedExpression::new_entity_uid(uid(kind, id)?));
        let pairs = [
            ("sectors", set(seen.sectors)?),
            ("supply_side", flag(seen.supply_side)),
            ("in_service", flag(seen.in_service)),
            ("category", word("Category", &seen.category)?),
            ("item", word("Item", &seen.item)?),
            ("persons", count(seen.persons)),
            ("days", count(seen.days)),
        ];
        let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), value));
        let context = Context::from_pairs(pairs).ok()?;
        let operator = if seen.ciio { Operator::Ciio } else { Operator::Ordinary };
        let who = uid("Operator", operator.word())?;
        let (action, what) =
            (uid("Action", Question::Breach.word())?, uid("Observation", observation)?);
        Request::new(who, action, what, context, Some(&self.schema)).ok()
    }
}

fn breach(rule: &Arc<Rule>) -> Breach {
    Breach { citation: Citation::of(rule), pack: rule.pack.clone() }
}
