//! A request to open sealed data.

use sarai_kernel::{Caller, Refusal, Role, Timestamp, Via, audit::AuditEntry};
use sarai_law::{AccessDecision, AccessFacts};
use sarai_seal::{Scope, SubjectId};

/// Who wants to open what, for whom it is about, and how the two stand to each other.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// Who, where there is no caller: `system/<worker>` or `anonymous`. A caller's own word takes its place.
    pub actor: String,
    /// The signed-in caller.
    pub caller: Option<&'a Caller>,
    /// See [`words::relation`](crate::words::relation).
    pub relation: &'a str,
    /// See [`words::data`](crate::words::data).
    pub resource_kind: &'a str,
    /// Wire id of the thing concerned.
    pub resource: String,
    /// See [`words::stage`](crate::words::stage); empty where it has no stages.
    pub stage: &'a str,
    /// Case number, for staff.
    pub case: Option<&'a str>,
    /// Whether the person's consent stands, as [`Gate::has_consent`](crate::Gate::has_consent) says; `false` where none is asked for.
    pub consent: bool,
    /// Whose data.
    pub scope: Scope,
    /// Which fields may be opened with it, as the register names them.
    pub fields: &'a [&'a str],
}

impl Ask<'_> {
    /// As what the caller comes, in the law's words.
    fn who(&self) -> &'static str {
        match self.caller.map(|caller| &caller.via) {
            Some(Via::Session { .. }) => "person",
            Some(Via::Key { .. }) => "key",
            None if self.actor.starts_with("system/") => "system",
            None => "anonymous",
        }
    }

    fn actor(&self) -> String {
        self.caller.map_or_else(|| self.actor.clone(), Caller::actor)
    }

    fn subjects(&self) -> Vec<SubjectId> {
        match &self.scope {
            Scope::One(one) => vec![*one],
            Scope::Several(several) => several.as_slice().to_vec(),
            Scope::Everyone => Vec::new(),
        }
    }

    /// Puts this request to `ask` as facts of the law.
    pub(crate) fn put<R>(
        &self,
        purpose: &str,
        now: Timestamp,
        ask: impl FnOnce(&AccessFacts<'_>) -> R,
    ) -> R {
        let roles: Vec<&str> = self
            .caller
            .map_or(Vec::new(), |caller| caller.roles.iter().map(|r| r.word()).collect());
        let thin = self.caller.is_some_and(|c| matches!(c.via, Via::Session { thin: true, .. }));
        ask(&AccessFacts {
            who: self.who(),
            roles: &roles,
            relation: self.relation,
            data: self.resource_kind,
            purpose,
            stage: self.stage,
            case: self.case.is_some_and(|case| !case.trim().is_empty()),
            consent: self.consent,
            stepped_up: self.caller.is_some_and(|caller| caller.stepped_up(now)),
            thin,
            suspended: self.caller.is_some_and(|caller| caller.suspended),
            everyone: self.scope == Scope::Everyone,
        })
    }

    /// The row of a refusal that an authority ordered.
    pub(crate) fn ordered_row(&self, purpose: &'static str, refusal: &Refusal) -> AuditEntry {
        let legal = refusal.facts.get("legal").and_then(|legal| legal.get("directive"));
        AuditEntry {
            actor: self.actor(),
            action: "refuse",
            purpose,
            resource: self.resource.clone(),
            relation: self.relation.to_owned(),
            subjects: self.subjects(),
            fields: self.fields.iter().map(|field| (*field).to_owned()).collect(),
            rule: legal.and_then(|id| id.as_str()).unwrap_or(refusal.code).to_owned(),
            allowed: false,
            case: self.case.map(str::to_owned),
        }
    }

    /// The row for the audit log. Staff stand there with the roles they had: `staff op.support`.
    pub(crate) fn row(&self, purpose: &'static str, decision: &AccessDecision) -> AuditEntry {
        let staff = |caller: &&Role| caller.is_staff();
        let duty = matches!(
            self.relation,
            crate::words::relation::STAFF | crate::words::relation::CLAIMER
        );
        let mut relation = self.relation.to_owned();
        for role in self.caller.iter().flat_map(|c| &c.roles).filter(staff).filter(|_| duty) {
            relation.push(' ');
            relation.push_str(role.word());
        }
        AuditEntry {
            actor: self.actor(),
            action: if decision.allowed { "open" } else { "refuse" },
            purpose,
            resource: self.resource.clone(),
            relation,
            subjects: self.subjects(),
            fields: self.fields.iter().map(|field| (*field).to_owned()).collect(),
            rule: decision.rule(),
            allowed: decision.allowed,
            case: self.case.map(str::to_owned),
        }
    }
}
