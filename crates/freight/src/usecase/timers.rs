//! What time itself does: loads and offers that end, orders that the table moves on. Late workers and two workers change nothing.

use sarai_kernel::{
    Decision, LoadId, Query, StoreError, StoreExt, Timestamp, UseCaseError,
    document::{Clear, Stored},
};

use super::{
    act::{apply, decide},
    common::load_event,
    edit_load::supersede,
    offers::closed,
};
use crate::{
    market::Freight,
    model::{Load, LoadState, Offer, OfferState, Order, order::Shown},
    rules::order::{Action, Actor, State, due},
};

/// Documents of one kind handled in one round.
const ROUND: u32 = 200;

impl Freight {
    /// Does what is due; how many documents moved. Called by the worker under its lease, again and again.
    pub async fn run_due(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut moved = self.follow_checks(now).await?;
        for stored in self.due::<Load>("load", "freight.load", now).await? {
            moved += quiet(self.expire_load(stored, now).await)?;
        }
        for stored in self.due::<Offer>("offer", "freight.offer", now).await? {
            moved += quiet(self.expire_offer(stored, now).await)?;
        }
        for stored in self.due::<Order>("order", "freight.order", now).await? {
            moved += quiet(self.move_order(stored, now).await)?;
        }
        moved += self.fund_all(now).await?;
        moved += self.match_lanes(now).await?;
        if moved > 0 {
            self.board.catch_up(&*self.store, now).await?;
        }
        Ok(moved)
    }

    async fn due<R: sarai_seal::Record + Send>(
        &self,
        kind: &'static str,
        worker: &'static str,
        now: Timestamp,
    ) -> Result<Vec<Stored<R>>, StoreError> {
        let query = Query::by(kind, "timer", worker).up_to(now.as_micros()).limit(ROUND);
        Ok(self.store.records::<R>(query).await?.into_iter().map(|(stored, _)| stored).collect())
    }

    async fn expire_load(&self, stored: Stored<Load>, now: Timestamp) -> Result<(), UseCaseError> {
        let id = LoadId::from_uuid(stored.id);
        let load = Load { state: LoadState::Expired, ..stored.record };
        let decision = supersede(self, Decision::new("freight.expire_load", now), id, None).await?;
        let decision = decision
            .write(load.update(stored.id, stored.version, stored.created_at)?)
            .event(load_event("freight.load.closed", id, stored.version + 1, &load));
        self.store.commit(decision).await?;
        Ok(())
    }

    async fn expire_offer(
        &self,
        stored: Stored<Offer>,
        now: Timestamp,
    ) -> Result<(), UseCaseError> {
        if stored.record.state_at(now) != OfferState::Expired {
            return Ok(());
        }
        let decision = Decision::new("freight.expire_offer", now);
        let (decision, _, _) =
            closed(decision, stored, OfferState::Expired, "freight.offer.expired")?;
        self.store.commit(decision).await?;
        Ok(())
    }

    /// The first of the system's actions that the table allows. Before an order lapses it is funded, if the sums came.
    async fn move_order(&self, stored: Stored<Order>, now: Timestamp) -> Result<(), UseCaseError> {
        let kinds = stored.record.kinds();
        let facts = stored.record.facts(&kinds, &self.rules, Shown::NOTHING);
        let mut actions: Vec<Action> = due(stored.record.standing, &facts)
            .into_iter()
            .filter(|(at, _)| *at <= now)
            .map(|(_, action)| action)
            .collect();
        if stored.record.standing.state == State::AwaitingFunds
            && self.funded(&stored.record).await?
        {
            actions.insert(0, Action::Fund);
        }
        for action in actions {
            let shown = Shown { funds: action == Action::Fund, ..Shown::NOTHING };
            let step = decide(self, &stored.record, &[Actor::System], action, shown, now);
            if let Ok((step, actor)) = step {
                let decision = Decision::new("freight.order_by_time", now);
                let taken =
                    apply(self, decision, stored, (action, step, actor), now, Clear::new()).await?;
                self.store.commit(taken.decision).await?;
                return Ok(());
            }
        }
        Ok(())
    }

    /// Funds every order that waits for the sums of a party: called after money came into its wallet.
    pub async fn fund_waiting(
        &self,
        party: sarai_kernel::PartyId,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let query = Query::by("order", "order.party_open", format!("{party}:open")).limit(ROUND);
        let mut funded = 0;
        for (stored, _) in self.store.records::<Order>(query).await? {
            if stored.record.standing.state != State::AwaitingFunds {
                continue;
            }
            funded += quiet(self.fund_one(stored, now).await)?;
        }
        Ok(funded)
    }

    /// Funds every order whose sums came meanwhile.
    async fn fund_all(&self, now: Timestamp) -> Result<usize, StoreError> {
        let query = Query::by("order", "order.state", State::AwaitingFunds.word()).limit(ROUND);
        let mut funded = 0;
        for (stored, _) in self.store.records::<Order>(query).await? {
            if self.funded(&stored.record).await.unwrap_or(false) {
                funded += quiet(self.fund_one(stored, now).await)?;
            }
        }
        Ok(funded)
    }

    async fn fund_one(&self, stored: Stored<Order>, now: Timestamp) -> Result<(), UseCaseError> {
        if !self.funded(&stored.record).await? {
            return Ok(());
        }
        let shown = Shown { funds: true, ..Shown::NOTHING };
        let (step, actor) =
            decide(self, &stored.record, &[Actor::System], Action::Fund, shown, now)?;
        let decision = Decision::new("freight.fund", now);
        let taken =
            apply(self, decision, stored, (Action::Fund, step, actor), now, Clear::new()).await?;
        self.store.commit(taken.decision).await?;
        Ok(())
    }
}

/// A lost race or a refusal leaves the document to the next round; only a store that does not answer stops the round.
fn quiet(result: Result<(), UseCaseError>) -> Result<usize, StoreError> {
    match result {
        Ok(()) => Ok(1),
        Err(UseCaseError::Refused(refusal)) if refusal.code == "overloaded" => {
            Err(StoreError::Unavailable { code: "freight.timers".to_owned() })
        }
        Err(_) => Ok(0),
    }
}
