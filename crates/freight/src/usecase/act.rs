//! One step of an order: the table decides, then order, calendars, load, talk and money change in one decision.

use sarai_kernel::{
    Caller, Command, Decision, Draft, LoadId, OrderId, Outcome, Query, Refusal, StoreExt,
    Timestamp, UseCaseError,
    document::{Clear, Stored},
    thread::Thread,
};

use super::{
    agree,
    common::{load_event, need_active, order_event},
};
use crate::{
    market::Freight,
    model::{Load, LoadState, Order, Track, order::Shown},
    relations,
    rules::{
        money::{Parties, postings},
        order::{Action, Actor, Dispute, State, Step, allowed_now, next},
    },
};

/// Track batches that are read to add up an empty run.
const TRACKS_MAX: u32 = 1_000;

/// A step that the table allowed, on its order.
pub(super) struct Taken {
    /// The decision so far.
    pub decision: Decision,
    /// The order after the step.
    pub order: Order,
    /// Its version after the step.
    pub version: u64,
}

/// The step for the first of the caller's parts that may take it; otherwise the refusal that says most.
pub(super) fn decide(
    market: &Freight,
    order: &Order,
    actors: &[Actor],
    action: Action,
    shown: Shown,
    now: Timestamp,
) -> Result<(Step, Actor), Refusal> {
    let kinds = order.kinds();
    let facts = order.facts(&kinds, &market.rules, shown);
    let mut said: Option<Refusal> = None;
    for actor in actors {
        match next(order.standing, action, *actor, now, &facts) {
            Ok(step) => return Ok((step, *actor)),
            Err(refusal) => {
                let vague = |code| matches!(code, "not_allowed" | "driver_not_on_run");
                if said.as_ref().is_none_or(|said| vague(said.code) && !vague(refusal.code)) {
                    said = Some(refusal);
                }
            }
        }
    }
    Err(said.unwrap_or_else(Refusal::not_found))
}

/// Carries a step out: everything that follows from it, in the decision.
pub(super) async fn apply(
    market: &Freight,
    mut decision: Decision,
    stored: Stored<Order>,
    (action, step, actor): (Action, Step, Actor),
    now: Timestamp,
    data: Clear,
) -> Result<Taken, UseCaseError> {
    let id = OrderId::from_uuid(stored.id);
    let mut order = stored.record;
    let before = order.standing;
    let who = Parties { order: id, shipper: order.shipper, trucker: order.trucker };
    for set in postings(who, &order.terms, step.money)? {
        decision = decision.post(set);
    }
    order.take(action, &step, now);
    let version = stored.version + 1;
    if order.standing.state.is_over()
        && let Some(assignment) = order.assignment
    {
        decision = agree::free(market, decision, id, assignment).await?;
    }
    if step.reopens_load {
        decision = reopen(market, decision, order.load, now).await?;
    }
    if before.state == State::AwaitingFunds && order.standing.state.is_held() {
        decision = open_contact(market, decision, &order).await?;
    }
    let mut event = order_event(step.event, id, version, &order);
    event.data.insert("actor".to_owned(), actor_word(actor).into());
    if let Action::Arrive(stop)
    | Action::Serve(stop)
    | Action::Leave(stop)
    | Action::ConfirmLoaded(stop) = action
    {
        event.data.insert("stop".to_owned(), stop.into());
    }
    if let State::Cancelled { reason } = order.standing.state {
        event.data.insert("reason".to_owned(), reason.word().into());
    }
    event.data.extend(data);
    decision = decision.event(event);
    let draft = Draft::update(stored.id, stored.version, &order, order.keys(&market.rules))?;
    Ok(Taken { decision: decision.write(draft), order, version })
}

/// The word of an actor in an event.
pub(super) const fn actor_word(actor: Actor) -> &'static str {
    match actor {
        Actor::Shipper => "shipper",
        Actor::Trucker => "trucker",
        Actor::Driver => "driver",
        Actor::System => "system",
        Actor::Money => "staff",
    }
}

/// A load whose order was never funded comes back once, if its window lasts.
async fn reopen(
    market: &Freight,
    decision: Decision,
    id: LoadId,
    now: Timestamp,
) -> Result<Decision, UseCaseError> {
    let Some(stored) = market.store.load::<Load>(id.uuid()).await? else { return Ok(decision) };
    let lasts = stored.record.expires_at.is_some_and(|until| now < until);
    if stored.record.state != LoadState::Booked || stored.record.reopened || !lasts {
        return Ok(decision);
    }
    let load = Load { state: LoadState::Open, order: None, reopened: true, ..stored.record };
    Ok(decision
        .write(load.update(stored.id, stored.version, stored.created_at)?)
        .event(load_event("freight.load.opened", id, stored.version + 1, &load)))
}

/// With the order booked, contact in the talk is covered no more.
async fn open_contact(
    market: &Freight,
    decision: Decision,
    order: &Order,
) -> Result<Decision, UseCaseError> {
    let Some(id) = order.thread else { return Ok(decision) };
    let Some(stored) = market.store.load::<Thread>(id.uuid()).await? else { return Ok(decision) };
    let thread = Thread { open_contact: true, ..stored.record };
    Ok(decision.write(Draft::update(stored.id, stored.version, &thread, thread.keys())?))
}

/// What somebody says of an order's step.
pub(super) fn acted(
    id: OrderId,
    version: u64,
    order: &Order,
    actors: &[Actor],
    market: &Freight,
) -> Outcome {
    Outcome::of(200, id, version)
        .with("order", id.to_string())
        .state(order.standing.state.word())
        .with("standing", standing(order))
        .with("allowed_now", words_now(market, order, actors))
}

/// Standing as the wire says it.
pub fn standing(order: &Order) -> serde_json::Value {
    let (stop, served) = match order.standing.state {
        State::AtStop { stop, served } => (Some(stop), served),
        State::UnderWay { to } => (Some(to), false),
        _ => (None, false),
    };
    let reason = match order.standing.state {
        State::Cancelled { reason } => Some(reason.word()),
        State::Booked { no_show: true } => Some("no_show"),
        _ => None,
    };
    let dispute = match order.standing.dispute {
        Dispute::None => "none",
        Dispute::Open => "open",
        Dispute::Ruled => "ruled",
    };
    serde_json::json!({
        "state": order.standing.state.word(),
        "stop": stop,
        "served": served,
        "reason": reason,
        "dispute": dispute,
    })
}

/// The words of what the caller's parts may do now.
pub fn words_now(market: &Freight, order: &Order, actors: &[Actor]) -> Vec<&'static str> {
    let kinds = order.kinds();
    let facts = order.facts(&kinds, &market.rules, Shown::NOTHING);
    let mut words = Vec::new();
    for actor in actors {
        for word in allowed_now(order.standing, *actor, &facts) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

impl Freight {
    /// An order for somebody who stands to it in some way.
    pub async fn related_order(
        &self,
        caller: &Caller,
        id: OrderId,
    ) -> Result<Stored<Order>, UseCaseError> {
        let stored = self.order(id).await?;
        relations::related(&relations::to_order(caller, &stored.record))?;
        Ok(stored)
    }

    /// Whether both sums are there.
    pub(super) async fn funded(&self, order: &Order) -> Result<bool, UseCaseError> {
        Ok(self.missing(order.shipper, order.terms.pay()).await?.is_none()
            && self.missing(order.trucker, order.terms.deposit()).await?.is_none())
    }

    /// What the empty run to the first stop costs by rule: the kilometres of the track before it.
    pub(super) async fn empty_run(&self, id: OrderId, order: &Order) -> Result<i64, UseCaseError> {
        let until = order.stops.first().and_then(|stop| stop.arrived_at);
        let query = Query::by("track", "track.order", id).limit(TRACKS_MAX);
        let tracks = self.store.records::<Track>(query).await?;
        let metres: i64 = tracks
            .iter()
            .filter(|(track, _)| until.is_none_or(|until| track.record.last_at <= until))
            .map(|(track, _)| track.record.metres)
            .sum();
        Ok((metres / 1_000).saturating_mul(self.rules.empty_run_per_km_minor))
    }
}

/// Above this a signature needs a fresh second factor: 20,000.00.
pub const SIGN_OFF_PLAIN_MINOR_MAX: i64 = 2_000_000;

fn need_step_up(
    caller: &Caller,
    order: &Order,
    action: Action,
    now: Timestamp,
) -> Result<(), Refusal> {
    let large = order.terms.price_minor > SIGN_OFF_PLAIN_MINOR_MAX;
    let signs = action == Action::SignOff && order.shipper == caller.party;
    if signs && large && !caller.stepped_up(now) {
        return Err(Refusal::new("step_up_required", sarai_kernel::Kind::Forbidden));
    }
    Ok(())
}

/// A step that shows nothing but itself: fund, sign off, confirm the loading, report a no-show, object.
pub async fn act(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OrderId,
    action: Action,
) -> Result<Outcome, UseCaseError> {
    act_with(market, caller, command, id, action, Shown::NOTHING).await
}

/// A step with what is shown for it.
pub async fn act_with(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OrderId,
    action: Action,
    shown: Shown,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    let now = command.now;
    market
        .commit(now, || async {
            let mut stored = market.related_order(caller, id).await?;
            let actors = stored.record.actors_of(caller.party);
            let mut shown = shown;
            need_step_up(caller, &stored.record, action, now)?;
            if action == Action::Fund {
                shown.funds = market.funded(&stored.record).await?;
            }
            if matches!(action, Action::Cancel(_)) {
                stored.record.empty_run_minor = market.empty_run(id, &stored.record).await?;
            }
            let (step, actor) = decide(market, &stored.record, &actors, action, shown, now)?;
            let decision = Decision::new("freight.act", now);
            let taken =
                apply(market, decision, stored, (action, step, actor), now, Clear::new()).await?;
            let actors = taken.order.actors_of(caller.party);
            let outcome = acted(id, taken.version, &taken.order, &actors, market);
            Ok((taken.decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}
