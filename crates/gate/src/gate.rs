//! Minting grants.

use std::sync::Arc;

use sarai_kernel::{
    Caller, Decision, Kind, PartyId, Refusal, Store, StoreError, Timestamp, purpose::SelfAccess,
};
use sarai_law::{AccessDecision, AccessFacts, BadPack, Citation, Laws, day_of};
use sarai_seal::{AuditRow, Grant, Purpose, Scope, gatekeeper};

use crate::{Ask, consent, words::relation};

/// Asks the law, writes the row, mints the grant.
pub struct Gate {
    store: Arc<dyn Store>,
    laws: Arc<Laws>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<gate with {:?}>", self.laws)
    }
}

impl Gate {
    /// A gate before `store`, under `laws`.
    pub fn new(store: Arc<dyn Store>, laws: Arc<Laws>) -> Self {
        Self { store, laws }
    }

    /// A gate under the packs inside the binary.
    pub fn embedded(store: Arc<dyn Store>) -> Result<Self, BadPack> {
        Ok(Self::new(store, Arc::new(Laws::embedded()?)))
    }

    /// The laws it asks.
    pub fn laws(&self) -> &Laws {
        &self.laws
    }

    /// The store behind it.
    pub fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// The right to open, for purpose `P`. The audit row is durable before the grant exists; a refusal leaves a row as well.
    pub async fn grant<P: Purpose>(
        &self,
        ask: Ask<'_>,
        now: Timestamp,
    ) -> Result<Grant<P>, Refusal> {
        let decision = self.decide::<P>(&ask, now);
        let name = if decision.allowed { "gate.grant" } else { "gate.refuse" };
        let row = Decision::new(name, now).audit(ask.row(P::NAME, &decision));
        let committed = self.store.commit(row).await?;
        if !decision.allowed {
            return Err(self.refusal::<P>(&ask, &decision, now));
        }
        let seq = u64::try_from(committed.audit_seq).unwrap_or(0);
        Ok(gatekeeper::mint(ask.scope, AuditRow(seq)))
    }

    /// A person's right to the data about that person.
    pub async fn grant_self(
        &self,
        caller: &Caller,
        resource_kind: &str,
        fields: &[&str],
        now: Timestamp,
    ) -> Result<Grant<SelfAccess>, Refusal> {
        let ask = Ask {
            actor: caller.actor(),
            caller: Some(caller),
            relation: relation::SELF,
            resource_kind,
            resource: caller.party.to_string(),
            stage: "",
            case: None,
            consent: false,
            scope: Scope::One(caller.party.subject()),
            fields,
        };
        self.grant(ask, now).await
    }

    /// The right of one of the house's own workers or engines. Nobody reads what it opens, and the access log says so.
    pub async fn grant_system<P: Purpose>(
        &self,
        worker: &str,
        resource_kind: &str,
        resource: impl std::fmt::Display + Send,
        scope: Scope,
        fields: &[&str],
        now: Timestamp,
    ) -> Result<Grant<P>, Refusal> {
        let ask = Ask {
            actor: format!("system/{worker}"),
            caller: None,
            relation: relation::SYSTEM,
            resource_kind,
            resource: resource.to_string(),
            stage: "",
            case: None,
            consent: false,
            scope,
            fields,
        };
        self.grant(ask, now).await
    }

    /// What the law would say. Changes nothing and is not logged: for showing or hiding a button, never for opening.
    pub fn would<P: Purpose>(&self, ask: &Ask<'_>, now: Timestamp) -> bool {
        self.decide::<P>(ask, now).allowed
    }

    /// Whether a person's consent stands at this moment: `code` of an offer, to everybody or to one.
    pub async fn has_consent(
        &self,
        party: PartyId,
        code: &str,
        to: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        consent::stands(self.store.as_ref(), party, code, to, now).await
    }

    /// What a rule in the audit log rests on. Words that are no rule of a pack give nothing.
    pub fn citations(&self, rules: &str) -> Vec<Citation> {
        let known = rules.split(' ').filter_map(|id| self.laws.rule(id));
        known.map(|rule| Citation::of(rule)).collect()
    }

    fn decide<P: Purpose>(&self, ask: &Ask<'_>, now: Timestamp) -> Arc<AccessDecision> {
        ask.put(P::NAME, now, |facts| self.laws.access(facts, day_of(now.as_micros())))
    }

    /// Says which one thing was missing, if one thing would have been enough.
    fn refusal<P: Purpose>(
        &self,
        ask: &Ask<'_>,
        decision: &AccessDecision,
        now: Timestamp,
    ) -> Refusal {
        if ask.relation == relation::NONE {
            return Refusal::not_found();
        }
        let (code, kind) = ask.put(P::NAME, now, |facts| self.missing(facts, now));
        let basis: Vec<&str> = decision.citations.iter().map(|c| c.cite.as_str()).collect();
        Refusal::new(code, kind).with("rule", decision.rule()).with("basis", basis)
    }

    fn missing(&self, facts: &AccessFacts<'_>, now: Timestamp) -> (&'static str, Kind) {
        let remedies = [
            (AccessFacts { suspended: false, ..*facts }, "account_suspended", Kind::Forbidden),
            (
                AccessFacts { thin: false, ..*facts },
                "second_factor_required",
                Kind::Unauthenticated,
            ),
            (AccessFacts { consent: true, ..*facts }, "consent_missing", Kind::Forbidden),
            (AccessFacts { stepped_up: true, ..*facts }, "step_up_required", Kind::Forbidden),
        ];
        let day = day_of(now.as_micros());
        let enough = remedies.into_iter().find(|(facts, ..)| self.laws.access(facts, day).allowed);
        enough.map_or(("purpose_not_allowed", Kind::Forbidden), |(_, code, kind)| (code, kind))
    }
}
