//! The money desk rules on a dispute: it goes on, or it ends by a division of the held sums.

use sarai_kernel::{
    Caller, Command, Decision, FieldCheck, Kind, OrderId, Outcome, Refusal, Role, UseCaseError,
    audit::AuditEntry, document::Clear,
};

use super::{
    act::{acted, apply, decide},
    common::need_role,
};
use crate::{
    market::Freight,
    model::order::Shown,
    rules::{
        money::Split,
        order::{Action, Actor},
    },
};

/// Rules: without a split the order goes on, with one it ends.
pub async fn rule(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OrderId,
    split: Option<Split>,
    reason: &str,
) -> Result<Outcome, UseCaseError> {
    need_role(caller, Role::OpMoney)?;
    if !caller.stepped_up(command.now) {
        return Err(Refusal::new("step_up_required", Kind::Forbidden).into());
    }
    let mut check = FieldCheck::new();
    check.length("/reason", reason.trim(), 1, 1_000).plain_text("/reason", reason);
    check.finish()?;
    let now = command.now;
    let action = if split.is_some() { Action::RuleEnd } else { Action::RuleContinue };
    market
        .commit(now, || async {
            let stored = market.order(id).await?;
            if stored.record.side_of(caller.party).is_some() {
                return Err(Refusal::new("four_eyes_required", Kind::Forbidden).into());
            }
            let shown = Shown { split, ..Shown::NOTHING };
            let (step, actor) =
                decide(market, &stored.record, &[Actor::Money], action, shown, now)?;
            let row = AuditEntry {
                actor: caller.actor(),
                action: "rule",
                purpose: "",
                resource: id.to_string(),
                relation: "staff".to_owned(),
                subjects: vec![stored.record.shipper.subject(), stored.record.trucker.subject()],
                fields: Vec::new(),
                rule: "freight.order.rule".to_owned(),
                allowed: true,
                case: Some(id.to_string()),
            };
            let decision = Decision::new("freight.rule", now).audit(row);
            let taken =
                apply(market, decision, stored, (action, step, actor), now, Clear::new()).await?;
            let outcome = acted(id, taken.version, &taken.order, &[Actor::Money], market);
            Ok((taken.decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}
