//! Minting grants.

use std::{collections::HashMap, sync::Arc};

use sarai_kernel::{
    Caller, Decision, Kind, PartyId, Refusal, Store, StoreError, Timestamp, purpose::SelfAccess,
};
use sarai_law::{AccessDecision, AccessFacts, BadPack, Checked, Citation, Laws, day_of};
use sarai_seal::{
    AuditRow, Category, FieldEntry, Grant, Purpose, RegisterEntry, Scope, gatekeeper,
};

use crate::{
    Ask, consent,
    directive::Orders,
    outbound::{Operator, TransferLaw},
    words::relation,
};

/// Asks the law, writes the row, mints the grant.
pub struct Gate {
    store: Arc<dyn Store>,
    laws: Arc<Laws>,
    orders: Orders,
    platform: String,
    operator: Operator,
    law: Option<Arc<dyn TransferLaw>>,
    secret: [u8; 32],
    /// Every personal field of the house, by name.
    fields: HashMap<&'static str, FieldEntry>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<gate with {:?}>", self.laws)
    }
}

impl Gate {
    /// A gate before `store`, under `laws`.
    pub fn new(store: Arc<dyn Store>, laws: Arc<Laws>) -> Self {
        let law = Arc::clone(&laws);
        let checked = move |cite: &str| {
            let known = law.rules().iter().find(|rule| rule.cite == cite);
            known.map_or(Checked::Memory, |rule| rule.checked).word()
        };
        Self {
            store,
            laws,
            orders: Orders::new(Arc::new(checked)),
            platform: String::new(),
            operator: Operator::default(),
            law: None,
            secret: [0; 32],
            fields: HashMap::new(),
        }
    }

    /// Which installation it guards: the word by which authorities name it in their orders.
    #[must_use]
    pub fn of_platform(mut self, platform: impl Into<String>) -> Self {
        self.platform = platform.into();
        self
    }

    /// Who runs the house, as far as the law of transfers asks.
    #[must_use]
    pub fn of_operator(mut self, operator: Operator) -> Self {
        self.operator = operator;
        self
    }

    /// The secret under which persons are counted: 32 bytes of the master key's tree.
    #[must_use]
    pub const fn with_secret(mut self, secret: [u8; 32]) -> Self {
        self.secret = secret;
        self
    }

    /// Another law of transfers than that of the packs.
    #[must_use]
    pub fn with_transfer_law(mut self, law: Arc<dyn TransferLaw>) -> Self {
        self.law = Some(law);
        self
    }

    /// What the house holds about people, from the register.
    #[must_use]
    pub fn with_register(mut self, entries: &[RegisterEntry]) -> Self {
        let fields = entries.iter().flat_map(|entry| entry.fields);
        self.fields = fields.map(|field| (field.name, *field)).collect();
        self
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

    /// The orders of authorities that are obeyed here.
    pub const fn orders(&self) -> &Orders {
        &self.orders
    }

    /// Which installation this is.
    pub fn platform(&self) -> &str {
        &self.platform
    }

    /// Who runs the house.
    pub const fn operator(&self) -> &Operator {
        &self.operator
    }

    pub(crate) const fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    pub(crate) fn transfer_law(&self) -> &dyn TransferLaw {
        match &self.law {
            Some(law) => law.as_ref(),
            None => self.laws.as_ref(),
        }
    }

    /// Every field that the register knows, in order.
    pub fn field_names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.fields.keys().copied().collect();
        names.sort_unstable();
        names
    }

    /// What the register says of a field.
    pub fn field(&self, name: &str) -> Option<&FieldEntry> {
        self.fields.get(name)
    }

    /// The right to open, for purpose `P`. The audit row is durable before the grant exists; a refusal leaves a row as well.
    pub async fn grant<P: Purpose>(
        &self,
        ask: Ask<'_>,
        now: Timestamp,
    ) -> Result<Grant<P>, Refusal> {
        self.not_stopped::<P>(&ask, now).await?;
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

    /// An order to stop processing a class of data stands above every rule that would allow it; only the person's own right to see
    /// what is held stays. The refusal leaves a row as any other.
    async fn not_stopped<P: Purpose>(&self, ask: &Ask<'_>, now: Timestamp) -> Result<(), Refusal> {
        let own = P::NAME == SelfAccess::NAME;
        let stopped = ask.fields.iter().filter(|_| !own).find_map(|name| {
            // A field that the register does not know falls under every order.
            let of = self.field(name).map_or(Category::CoreState, |field| field.category);
            self.orders.processing(of, now).err()
        });
        let Some(refusal) = stopped else { return Ok(()) };
        let row = ask.ordered_row(P::NAME, &refusal);
        self.store.commit(Decision::new("gate.refuse", now).audit(row)).await?;
        Err(refusal)
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
