//! Withdraw a consent: as easy as giving it, and at once.

use sarai_kernel::{
    Caller, Command, ConsentId, Decision, Kind, Outcome, Refusal, Store, StoreExt, UseCaseError,
    decide_and_commit,
};

use super::{
    Consent,
    give::{event, row},
};

/// Withdraw a consent of one's own. A suspended party may as well; one that was withdrawn before stays so.
pub async fn withdraw(
    store: &dyn Store,
    caller: &Caller,
    command: Command,
    id: ConsentId,
) -> Result<Outcome, UseCaseError> {
    if caller.session().is_none() {
        return Err(Refusal::new("not_allowed", Kind::Forbidden).into());
    }
    decide_and_commit(store, || async {
        let found = store.load::<Consent>(id.uuid()).await?;
        let found = found.filter(|found| found.record.party == caller.party);
        let found = found.ok_or_else(Refusal::not_found)?;
        let decision = Decision::new("gate.withdraw_consent", command.now);
        let mut consent = found.record;
        if consent.withdrawn_at.is_some() {
            let outcome = Outcome::of(200, id, found.version).state("withdrawn");
            return Ok((decision.answer(command.once, outcome.clone()), outcome));
        }
        consent.withdrawn_at = Some(command.now);
        let version = found.version + 1;
        let outcome = Outcome::of(200, id, version).state("withdrawn");
        let decision = decision
            .write(consent.draft(found.id, found.version, false)?)
            .event(event("kernel.consent.withdrawn", id, version, &consent))
            .audit(row("consent_withdraw", id, caller.party))
            .answer(command.once, outcome.clone());
        Ok::<_, UseCaseError>((decision, outcome))
    })
    .await
}
