//! Cedar's values from the house's words.

use std::{collections::HashMap, sync::LazyLock};

use cedar_policy::{
    Authorizer, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

use crate::{Set, Word};

/// Names of the schema's types, read once: reading one is a parse.
static KINDS: LazyLock<HashMap<&'static str, EntityTypeName>> = LazyLock::new(|| {
    let names = [
        "Action",
        "Aim",
        "Basis",
        "Category",
        "Class",
        "Data",
        "Deal",
        "Ground",
        "Item",
        "Kind",
        "Lift",
        "Observation",
        "Operator",
        "Purpose",
        "RecipientKind",
        "Relation",
        "Requirement",
        "Role",
        "Sector",
        "Stage",
        "Venue",
        "Who",
    ];
    names.into_iter().filter_map(|name| Some((name, name.parse().ok()?))).collect()
});

/// `kind::"id"`; `None` for a kind that the schema does not have.
pub(crate) fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    let kind = KINDS.get(kind)?.clone();
    Some(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

/// A word.
pub(crate) fn word<T: Word>(word: T) -> Option<RestrictedExpression> {
    Some(RestrictedExpression::new_entity_uid(uid(T::KIND, word.word())?))
}

/// A set of words.
pub(crate) fn set<T: Word>(words: Set<T>) -> Option<RestrictedExpression> {
    let words = words.iter().map(word).collect::<Option<Vec<_>>>()?;
    Some(RestrictedExpression::new_set(words))
}

/// What an evaluation gave. Any policy that failed makes it a fault: Cedar would skip it, and a skipped forbid allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Evaluated {
    /// Ids of the policies that decided, in order: all satisfied forbids, or else all satisfied permits.
    Decided { allowed: bool, by: Vec<String> },
    /// A policy failed.
    Fault,
}

/// Evaluates policies over a request.
pub(crate) fn evaluate(
    authorizer: &Authorizer,
    policies: &PolicySet,
    request: &Request,
) -> Evaluated {
    let response = authorizer.is_authorized(request, policies, &Entities::empty());
    if response.diagnostics().errors().next().is_some() {
        return Evaluated::Fault;
    }
    let mut by: Vec<String> =
        response.diagnostics().reason().map(|id| AsRef::<str>::as_ref(id).to_owned()).collect();
    by.sort();
    Evaluated::Decided { allowed: response.decision() == Decision::Allow, by }
}
