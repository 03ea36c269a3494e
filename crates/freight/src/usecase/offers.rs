//! Bid, counter, accept, decline, withdraw: one offer a trucker and load, going back and forth by versions.

use sarai_kernel::{
    Caller, Command, Decision, Draft, FieldCheck, Kind, LoadId, Money, OfferId, Outcome, Query,
    Refusal, Role, StoreExt, Timestamp, UseCaseError, document::Stored, thread::MessageKind,
    time::MINUTE,
};

use super::{
    agree::{Deal, agree, booked, suits},
    common::{need_active, need_role, not_allowed, offer_event},
    edit_load::OFFERS_MAX,
    take::need_open,
    talk::{check_words, offer_facts},
};
use crate::{
    input::{CounterRequest, OfferNew},
    market::Freight,
    model::{Load, Offer, OfferState},
    rules::{money::Terms, post},
    words::{PriceMode, Side},
};

/// How long a version of an offer stands.
pub const OFFER_MICROS: i64 = 30 * MINUTE;
/// Most counters on one offer.
pub const COUNTERS_MAX: u8 = 20;

/// A trucker bids on a load.
pub async fn bid(
    market: &Freight,
    caller: &Caller,
    command: Command,
    load_id: LoadId,
    new: &OfferNew,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    need_role(caller, Role::Trucker)?;
    market.need_trucker(caller, now).await?;
    check_words(new.words.as_deref())?;
    market
        .commit(now, || async {
            let load = market.load(load_id).await?.record;
            need_biddable(caller, &load, now)?;
            let terms = priced(market, &load, new.price)?;
            let vehicle = market.own_vehicle(caller.party, new.vehicle).await?;
            suits(&load, &vehicle.record)?;
            let decision = room(market, load_id, caller, now).await?;
            let mut talk = market.talk(load_id, load.owner, caller.party, now).await?;
            let offer = Offer {
                load: load_id,
                terms_version: load.terms_version,
                shipper: load.owner,
                trucker: caller.party,
                vehicle: new.vehicle,
                made_by: Side::Trucker,
                terms,
                state: OfferState::Pending,
                expires_at: until(&load, now),
                counters: 0,
                thread: talk.id,
                order: None,
            };
            let id = OfferId::new(now);
            talk.say(
                caller.party,
                MessageKind::Offer,
                offer_facts(id, 1, &offer),
                new.words.as_deref(),
                now,
            )?;
            let decision = talk
                .write(decision, now)?
                .write(Draft::create(id.uuid(), &offer, offer.keys(now))?)
                .event(offer_event("freight.offer.made", id, 1, &offer));
            let outcome = Outcome::of(201, id, 1).state(offer.state.word());
            Ok((decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

fn need_biddable(caller: &Caller, load: &Load, now: Timestamp) -> Result<(), Refusal> {
    if load.owner == caller.party {
        return Err(not_allowed());
    }
    need_open(load, now)?;
    if load.price_mode != PriceMode::Bargain {
        return Err(not_allowed().with("price_mode", load.price_mode.word()));
    }
    Ok(())
}

/// The money at a price, within bounds, floor and ceiling.
fn priced(market: &Freight, load: &Load, price: Money) -> Result<Terms, Refusal> {
    let rules = &market.rules;
    let mut check = FieldCheck::new();
    post::check_amount(
        &mut check,
        "/price",
        price,
        (rules.price_min_minor, rules.price_max_minor),
        rules,
    );
    check.finish()?;
    post::price_fits(price, &load.route, rules)?;
    Ok(Terms::at(rules, price, load.terms.deposit(), load.terms.deposit_refundable)?)
}

fn until(load: &Load, now: Timestamp) -> Timestamp {
    let most = now.plus(OFFER_MICROS);
    load.expires_at.map_or(most, |at| at.min(most))
}

/// Room for one more offer on the load and none of the caller's own standing. One past its time is closed on the way.
async fn room(
    market: &Freight,
    load: LoadId,
    caller: &Caller,
    now: Timestamp,
) -> Result<Decision, UseCaseError> {
    let mut decision = Decision::new("freight.bid", now);
    let all = market.store.find(Query::by("offer", "offer.load", load).limit(OFFERS_MAX)).await?;
    if all.len() >= OFFERS_MAX as usize {
        return Err(Refusal::new("quota_spent", Kind::TooMany).with("max", OFFERS_MAX).into());
    }
    if let Some(live) = market.live_offer(load, caller.party).await? {
        let id = OfferId::from_uuid(live.id);
        if live.record.state_at(now) == OfferState::Pending {
            return Err(Refusal::new("offer_superseded", Kind::Conflict)
                .with("offer", id.to_string())
                .into());
        }
        decision = closed(decision, live, OfferState::Expired, "freight.offer.expired")?.0;
    }
    Ok(decision)
}

impl Freight {
    /// The offer of a trucker on a load that is written down as pending.
    pub async fn live_offer(
        &self,
        load: LoadId,
        trucker: sarai_kernel::PartyId,
    ) -> Result<Option<Stored<Offer>>, UseCaseError> {
        let query = Query::by("offer", "offer.live", format!("{load}:{trucker}"));
        Ok(self.store.first::<Offer>(query).await?)
    }

    /// The offers of a trucker that stand, newest first.
    pub async fn standing_offers(
        &self,
        trucker: sarai_kernel::PartyId,
    ) -> Result<Vec<Stored<Offer>>, UseCaseError> {
        let query =
            Query::by("offer", "offer.trucker_pending", trucker).newest_first().limit(OFFERS_MAX);
        Ok(self.store.records::<Offer>(query).await?.into_iter().map(|(offer, _)| offer).collect())
    }

    /// An offer for one of its two sides, and which side the caller is on.
    pub async fn side_offer(
        &self,
        caller: &Caller,
        id: OfferId,
    ) -> Result<(Stored<Offer>, Side), UseCaseError> {
        let stored = self.offer(id).await?;
        let side = stored.record.side_of(caller.party).ok_or_else(Refusal::not_found)?;
        Ok((stored, side))
    }

    /// Offers on a load: all of them for its owner, their own for anybody else.
    pub async fn offers_on(
        &self,
        caller: &Caller,
        load: LoadId,
        after: Option<(i64, uuid::Uuid)>,
        limit: u32,
    ) -> Result<Vec<(Stored<Offer>, i64)>, UseCaseError> {
        let stored = self.load(load).await?;
        let query = if stored.record.owner == caller.party {
            Query::by("offer", "offer.load", load)
        } else {
            Query::by("offer", "offer.pair", format!("{load}:{}", caller.party))
        };
        let found = self.store.records(query.newest_first().limit(limit).after(after)).await?;
        if found.is_empty() && after.is_none() && stored.record.owner != caller.party {
            self.need_readable(caller, &stored.record).await?;
        }
        Ok(found)
    }

    async fn need_readable(&self, caller: &Caller, load: &Load) -> Result<(), UseCaseError> {
        let open = load.state == crate::model::LoadState::Open;
        if open && caller.has(Role::Trucker) { Ok(()) } else { Err(Refusal::not_found().into()) }
    }
}

/// The words of what a side may do with an offer now.
pub fn allowed_now(offer: &Offer, side: Side, now: Timestamp) -> Vec<&'static str> {
    match offer.turn(now) {
        Some(turn) if turn == side && offer.counters < COUNTERS_MAX => {
            vec!["accept", "counter", "decline"]
        }
        Some(turn) if turn == side => vec!["accept", "decline"],
        Some(_) => vec!["withdraw"],
        None => Vec::new(),
    }
}

/// The offer stands, at the named version, and it is this side's turn (or, to withdraw, the other's).
fn need_turn(
    stored: &Stored<Offer>,
    side: Side,
    version: u64,
    word: &'static str,
    now: Timestamp,
) -> Result<(), Refusal> {
    let offer = &stored.record;
    match offer.state_at(now) {
        OfferState::Pending => {}
        OfferState::Expired => return Err(Refusal::new("offer_expired", Kind::Conflict)),
        OfferState::Superseded => return Err(Refusal::new("offer_superseded", Kind::Conflict)),
        OfferState::Accepted => return Err(Refusal::new("already_taken", Kind::Conflict)),
        state => {
            return Err(Refusal::new("transition_refused", Kind::Conflict)
                .with("state", state.word())
                .with("allowed_from", vec!["pending"])
                .with("allowed_now", Vec::<String>::new()));
        }
    }
    if stored.version != version {
        return Err(Refusal::new("terms_changed", Kind::Conflict).with("version", stored.version));
    }
    let allowed = allowed_now(offer, side, now);
    if allowed.contains(&word) {
        return Ok(());
    }
    Err(Refusal::new("transition_refused", Kind::Conflict)
        .with("state", offer.state.word())
        .with("allowed_from", vec!["pending"])
        .with("allowed_now", allowed))
}

/// The side on turn names another price: a new version of the same offer.
pub async fn counter(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OfferId,
    version: u64,
    request: &CounterRequest,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    check_words(request.words.as_deref())?;
    let now = command.now;
    market
        .commit(now, || async {
            let (stored, side) = market.side_offer(caller, id).await?;
            need_turn(&stored, side, version, "counter", now)?;
            let load = market.load(stored.record.load).await?.record;
            need_open(&load, now)?;
            let mut offer = stored.record;
            offer.terms = priced(market, &load, request.price)?;
            offer.made_by = side;
            offer.counters += 1;
            offer.expires_at = until(&load, now);
            let next = stored.version + 1;
            let mut talk = market.talk(offer.load, offer.shipper, offer.trucker, now).await?;
            let facts = offer_facts(id, next, &offer);
            talk.say(caller.party, MessageKind::Offer, facts, request.words.as_deref(), now)?;
            let decision = talk
                .write(Decision::new("freight.counter", now), now)?
                .write(Draft::update(
                    stored.id,
                    stored.version,
                    &offer,
                    offer.keys(stored.created_at),
                )?)
                .event(offer_event("freight.offer.countered", id, next, &offer));
            let outcome = Outcome::of(200, id, next).state("pending");
            Ok((decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

/// The side on turn says yes: an order comes of it.
pub async fn accept(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OfferId,
    version: u64,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    let now = command.now;
    market
        .commit(now, || async {
            let (stored, side) = market.side_offer(caller, id).await?;
            need_turn(&stored, side, version, "accept", now)?;
            let offer = &stored.record;
            let load = market.load(offer.load).await?;
            need_open(&load.record, now)?;
            if load.record.terms_version != offer.terms_version {
                return Err(Refusal::new("terms_changed", Kind::Conflict)
                    .with("version", load.version)
                    .into());
            }
            let lacks = market.trucker_lacks(offer.trucker, now).await?;
            if !lacks.is_empty() {
                let refusal = Refusal::new("verification_required", Kind::Forbidden);
                return Err(refusal.with("missing", lacks).into());
            }
            let vehicle = market.own_vehicle(offer.trucker, offer.vehicle).await?;
            let mut talk = market.talk(offer.load, offer.shipper, offer.trucker, now).await?;
            let next = stored.version + 1;
            let mut accepted = Offer { state: OfferState::Accepted, ..offer.clone() };
            talk.say(
                caller.party,
                MessageKind::Offer,
                offer_facts(id, next, &accepted),
                None,
                now,
            )?;
            let deal = Deal {
                id: offer.load,
                load,
                trucker: offer.trucker,
                vehicle,
                terms: offer.terms,
                offer: Some(id),
                talk,
                by_trucker: side == Side::Trucker,
            };
            let mut agreed = agree(market, Decision::new("freight.accept", now), deal, now).await?;
            accepted.order = Some(agreed.id);
            let outcome = booked(&agreed);
            agreed.decision = agreed
                .decision
                .write(Draft::update(
                    stored.id,
                    stored.version,
                    &accepted,
                    accepted.keys(stored.created_at),
                )?)
                .event(offer_event("freight.offer.accepted", id, next, &accepted))
                .answer(command.once, outcome.clone());
            Ok((agreed.decision, outcome))
        })
        .await
}

/// How an offer ends without an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By the side on turn.
    Decline,
    /// By its maker.
    Withdraw,
}

/// Ends an offer.
pub async fn end_offer(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OfferId,
    version: u64,
    ending: Ending,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    let (word, state, kind) = match ending {
        Ending::Decline => ("decline", OfferState::Declined, "freight.offer.declined"),
        Ending::Withdraw => ("withdraw", OfferState::Withdrawn, "freight.offer.withdrawn"),
    };
    let now = command.now;
    market
        .commit(now, || async {
            let (stored, side) = market.side_offer(caller, id).await?;
            need_turn(&stored, side, version, word, now)?;
            let (load, shipper, trucker) =
                (stored.record.load, stored.record.shipper, stored.record.trucker);
            let (decision, offer, next) =
                closed(Decision::new("freight.end_offer", now), stored, state, kind)?;
            let mut talk = market.talk(load, shipper, trucker, now).await?;
            talk.say(caller.party, MessageKind::Offer, offer_facts(id, next, &offer), None, now)?;
            let decision = talk.write(decision, now)?;
            let outcome = Outcome::of(200, id, next).state(offer.state.word());
            Ok((decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

/// Writes an offer's end down.
pub(super) fn closed(
    decision: Decision,
    stored: Stored<Offer>,
    state: OfferState,
    kind: &'static str,
) -> Result<(Decision, Offer, u64), UseCaseError> {
    let id = OfferId::from_uuid(stored.id);
    let offer = Offer { state, ..stored.record };
    let next = stored.version + 1;
    let decision = decision
        .write(Draft::update(stored.id, stored.version, &offer, offer.keys(stored.created_at))?)
        .event(offer_event(kind, id, next, &offer));
    Ok((decision, offer, next))
}
