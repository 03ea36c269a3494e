//! The codes of a run: made with the order, shown to the shipper, checked against a mark; five tries each.

use async_trait::async_trait;
use sarai_kernel::{
    Caller, Command, Decision, Draft, Kind, OrderId, Outcome, PartyId, Refusal, StoreExt,
    UseCaseError, document::Stored, personal::Secret,
};
use sarai_seal::Sealed;

use super::common::need_active;
use crate::{
    market::Freight,
    model::{
        Order, OrderCodes, StopCode, StopContact,
        codes::{SENDS_MAX, TRIES_MAX},
    },
    relations::{self, Relation, related},
    rules::order::CodeShown,
    words::StopKind,
};

/// Digits of the loading code, and of a receiver's.
const DIGITS: (u32, u32) = (6, 4);

fn digits(kind: StopKind) -> Result<String, Refusal> {
    let count = if kind == StopKind::Pickup { DIGITS.0 } else { DIGITS.1 };
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| Refusal::new("internal", Kind::Internal))?;
    let number = u64::from_le_bytes(bytes) % 10u64.pow(count);
    Ok(format!("{number:0width$}", width = count as usize))
}

fn sealed(code: &str) -> Result<Secret, Refusal> {
    Secret::new(code).map_err(|_| Refusal::new("internal", Kind::Internal))
}

/// Fresh codes for every stop of an order.
pub(crate) fn fresh(market: &Freight, id: OrderId, order: &Order) -> Result<OrderCodes, Refusal> {
    let mut checks = Vec::new();
    let mut codes = Vec::new();
    for (stop, run) in (0u8..).zip(&order.stops) {
        let code = digits(run.kind)?;
        checks.push(check(market, id, stop, &code));
        codes.push(Sealed::new(sealed(&code)?));
    }
    Ok(OrderCodes { subject: order.shipper.subject(), order: id, checks, sent: 0, codes })
}

fn check(market: &Freight, id: OrderId, stop: u8, code: &str) -> StopCode {
    let mark = market.keys.code_mark(id.uuid(), stop, code);
    StopCode { stop, mark, tries_left: TRIES_MAX }
}

impl Freight {
    /// The codes of an order.
    pub async fn codes(&self, id: OrderId) -> Result<Stored<OrderCodes>, UseCaseError> {
        Ok(self.store.load::<OrderCodes>(id.uuid()).await?.ok_or_else(Refusal::not_found)?)
    }

    /// What a shown code is worth. A wrong one is counted before anybody is told, so that guesses cannot race.
    pub(crate) async fn show_code(
        &self,
        id: OrderId,
        stop: u8,
        shown: Option<&str>,
        by: PartyId,
        now: sarai_kernel::Timestamp,
    ) -> Result<CodeShown, UseCaseError> {
        let Some(shown) = shown else { return Ok(CodeShown::Missing) };
        for _ in 0..sarai_kernel::ports::RACES_MAX {
            let Stored { version, mut record, .. } = self.codes(id).await?;
            let mark = self.keys.code_mark(id.uuid(), stop, shown);
            let Some(check) = record.checks.iter_mut().find(|check| check.stop == stop) else {
                return Ok(CodeShown::Missing);
            };
            if check.tries_left == 0 {
                return Ok(CodeShown::Spent);
            }
            if check.mark == mark {
                return Ok(CodeShown::Right);
            }
            check.tries_left -= 1;
            let tries_left = check.tries_left;
            let decision = Decision::new("freight.wrong_code", now)
                .write(Draft::update(id.uuid(), version, &record, Vec::new())?)
                .audit(wrong_code_row(id, by));
            match self.store.commit(decision).await {
                Ok(_) => return Ok(CodeShown::Wrong { tries_left }),
                Err(sarai_kernel::CommitError::Conflict(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(Refusal::new("busy_retry", Kind::Unavailable).into())
    }
}

fn wrong_code_row(id: OrderId, by: PartyId) -> sarai_kernel::audit::AuditEntry {
    sarai_kernel::audit::AuditEntry {
        actor: by.to_string(),
        action: "wrong_code",
        purpose: "",
        resource: id.to_string(),
        relation: "driver".to_owned(),
        subjects: Vec::new(),
        fields: Vec::new(),
        rule: "freight.order.serve".to_owned(),
        allowed: false,
        case: None,
    }
}

/// The shipper makes a new code for one stop: the old one is void, and there are five tries again.
pub async fn renew_code(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OrderId,
    stop: u8,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    let now = command.now;
    market
        .commit(now, || async {
            let order = market.order(id).await?.record;
            let relation = related(&relations::to_order(caller, &order))?;
            if relation != Relation::Shipper {
                return Err(super::common::not_allowed().into());
            }
            if !order.standing.state.is_running() {
                let state = order.standing.state.to_string();
                return Err(Refusal::new("transition_refused", Kind::Conflict)
                    .with("state", state)
                    .into());
            }
            let Stored { version, record, .. } = market.codes(id).await?;
            let OrderCodes { subject, order: of, mut checks, sent, mut codes } = record;
            let kind = order.stops.get(usize::from(stop)).map(|stop| stop.kind);
            let (Some(kind), Some(place), Some(held)) = (
                kind,
                checks.iter_mut().find(|check| check.stop == stop),
                codes.get_mut(usize::from(stop)),
            ) else {
                return Err(Refusal::not_found().into());
            };
            let code = digits(kind)?;
            *place = check(market, id, stop, &code);
            *held = Sealed::new(sealed(&code)?);
            let record = OrderCodes { subject, order: of, checks, sent, codes };
            let decision = Decision::new("freight.renew_code", now).write(Draft::update(
                id.uuid(),
                version,
                &record,
                Vec::new(),
            )?);
            let outcome = Outcome::of(200, id, version + 1).state(order.standing.state.word());
            Ok((decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

/// What is sent with a code: to whom, and what stands in it.
pub struct Sending<'a> {
    /// The run.
    pub order: &'a Order,
    /// The codes.
    pub codes: &'a OrderCodes,
    /// Which stop's.
    pub stop: u8,
    /// Whom to ask for there.
    pub contact: &'a StopContact,
}

/// Writes the message with a code: opens code and number under the caller's own right, and gives the notice. The market knows of no
/// notices.
#[async_trait]
pub trait CodeLetter: Send + Sync {
    /// The notice.
    async fn write(&self, sending: Sending<'_>) -> Result<Draft, Refusal>;
}

/// Sends one stop's code to its contact. The notice is written in the same decision as the count: five of a run, whatever crashes.
pub async fn send_code(
    market: &Freight,
    caller: &Caller,
    command: Command,
    (id, stop): (OrderId, u8),
    letter: &dyn CodeLetter,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    for _ in 0..sarai_kernel::ports::RACES_MAX {
        let (decision, outcome) = sent(market, caller, command, (id, stop), letter).await?;
        match market.store.commit(decision).await {
            Ok(_) => return Ok(outcome),
            Err(sarai_kernel::CommitError::Conflict(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(Refusal::new("busy_retry", Kind::Unavailable).into())
}

async fn sent(
    market: &Freight,
    caller: &Caller,
    command: Command,
    (id, stop): (OrderId, u8),
    letter: &dyn CodeLetter,
) -> Result<(Decision, Outcome), UseCaseError> {
    let order = market.order(id).await?.record;
    if related(&relations::to_order(caller, &order))? != Relation::Shipper {
        return Err(super::common::not_allowed().into());
    }
    let run = order.stops.get(usize::from(stop)).ok_or_else(Refusal::not_found)?;
    if !order.standing.state.is_running() || run.served_at.is_some() {
        let state = order.standing.state.to_string();
        return Err(Refusal::new("transition_refused", Kind::Conflict).with("state", state).into());
    }
    let Stored { version, record: codes, .. } = market.codes(id).await?;
    if codes.sent >= SENDS_MAX {
        let refusal = Refusal::new("quota_spent", Kind::TooMany).with("max", SENDS_MAX);
        return Err(refusal.into());
    }
    let contact = market.store.load::<StopContact>(run.id.uuid()).await?;
    let contact = contact.ok_or_else(Refusal::not_found)?.record;
    let sending = Sending { order: &order, codes: &codes, stop, contact: &contact };
    let notice = letter.write(sending).await?;
    let counted = OrderCodes { sent: codes.sent + 1, ..codes };
    let outcome = Outcome::of(200, id, version + 1).state(order.standing.state.word());
    let decision = Decision::new("freight.send_code", command.now)
        .write(Draft::update(id.uuid(), version, &counted, Vec::new())?)
        .write(notice)
        .answer(command.once, outcome.clone());
    Ok((decision, outcome))
}
