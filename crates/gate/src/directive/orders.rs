//! The orders that a node obeys: known in memory, read again whenever one comes or is lifted.

use std::sync::{Arc, PoisonError, RwLock};

use sarai_kernel::{
    Kind, Query, RecipientId, Refusal, Store, StoreExt, Timestamp, document::PAGE_MAX,
};
use sarai_seal::Category;
use serde_json::json;

use super::{
    category,
    document::Effect,
    record::{Directive, LIVE},
};

/// Kinds of events after which [`Orders::reload`] is due begin with this.
pub const EVENTS: &str = "kernel.directive.";

/// Whether the articles behind an order were read, or are known from memory only: `text` or `memory` for a citation.
pub type Checked = Arc<dyn Fn(&str) -> &'static str + Send + Sync>;

/// Orders that are not lifted, as this node knows them.
pub struct Orders {
    live: RwLock<Arc<Vec<Directive>>>,
    checked: Checked,
}

impl std::fmt::Debug for Orders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} orders>", self.live().len())
    }
}

/// What the orders say of an act: nothing, or "no" with the order that says it.
pub type Stands = Result<(), Refusal>;

impl Orders {
    /// No orders known yet; [`Orders::reload`] reads them.
    pub fn new(checked: Checked) -> Self {
        Self { live: RwLock::default(), checked }
    }

    /// Reads the orders anew. On failure the node goes on obeying those that it knows.
    pub async fn reload(&self, store: &dyn Store) -> Result<(), Refusal> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let query = Query::by("directive", LIVE, "1").limit(PAGE_MAX).after(after);
            let page = store.records::<Directive>(query).await?;
            let Some((last, sort)) = page.last() else { break };
            after = Some((*sort, last.id));
            all.extend(page.into_iter().map(|(found, _)| found.record));
        }
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(all);
        Ok(())
    }

    fn live(&self) -> Arc<Vec<Directive>> {
        Arc::clone(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Those in force at this moment.
    pub fn in_force(&self, now: Timestamp) -> Vec<Directive> {
        self.live().iter().filter(|order| order.in_force(now)).cloned().collect()
    }

    /// The first order in force with this effect that `meets` the act.
    fn against(
        &self,
        effect: Effect,
        now: Timestamp,
        code: &'static str,
        meets: impl Fn(&Directive) -> bool,
    ) -> Stands {
        let live = self.live();
        let found = live
            .iter()
            .find(|order| order.order.effect == effect && order.in_force(now) && meets(order));
        found.map_or(Ok(()), |order| {
            Err(Refusal::new(code, Kind::Legal).with("legal", self.legal(order)))
        })
    }

    /// Whether new accounts may be made.
    pub fn registration(&self, now: Timestamp) -> Stands {
        self.against(Effect::SuspendRegistration, now, "registration_suspended", |_| true)?;
        self.service(now)
    }

    /// Whether the service may go on.
    pub fn service(&self, now: Timestamp) -> Stands {
        self.against(Effect::SuspendService, now, "blocked_by_directive", |_| true)
    }

    /// Whether data of this category may be opened or taken in.
    pub fn processing(&self, of: Category, now: Timestamp) -> Stands {
        self.against(Effect::StopProcessingClass, now, "blocked_by_directive", |order| {
            order.order.scope.categories.iter().any(|word| category(word) == Some(of))
        })
    }

    /// Whether data may go to this recipient in this country; `home` is the country of the installation.
    pub fn transfer(&self, to: RecipientId, country: &str, home: &str, now: Timestamp) -> Stands {
        self.against(Effect::BlockTransfer, now, "blocked_by_directive", |order| {
            let scope = &order.order.scope;
            if scope.countries.is_empty() && scope.recipients.is_empty() {
                return country != home;
            }
            scope.recipients.contains(&to) || scope.countries.iter().any(|one| one == country)
        })
    }

    /// Whether data may go to a country at all, to whomever there.
    pub fn transfer_to(&self, country: &str, home: &str, now: Timestamp) -> Stands {
        self.against(Effect::BlockTransfer, now, "blocked_by_directive", |order| {
            let scope = &order.order.scope;
            let everybody = scope.countries.is_empty() && scope.recipients.is_empty();
            (everybody && country != home) || scope.countries.iter().any(|one| one == country)
        })
    }

    /// Whether an app may be in the catalogue.
    pub fn app(&self, package: &str, now: Timestamp) -> Stands {
        self.against(Effect::DelistApp, now, "blocked_by_directive", |order| {
            order.order.scope.packages.iter().any(|one| one == package)
        })
    }

    /// What must be put right, with its clock.
    pub fn to_rectify(&self, now: Timestamp) -> Vec<Directive> {
        let mut due = self.in_force(now);
        due.retain(|order| order.order.effect == Effect::RectifyBy);
        due.sort_by_key(|order| order.order.scope.by);
        due
    }

    /// The member `legal` of a 451: who ordered what, on which ground, since when, and where to appeal.
    pub fn legal(&self, directive: &Directive) -> serde_json::Value {
        let order = &directive.order;
        let texts = order.basis.iter().all(|cite| (self.checked)(cite) == "text");
        json!({
            "directive": order.id,
            "number": order.number,
            "authority": directive.authority,
            "basis": order.basis,
            "checked": if texts { "text" } else { "memory" },
            "effect": order.effect,
            "since": order.not_before,
            "until": order.expires,
            "appeal": "/v1/me/appeals",
        })
    }
}
