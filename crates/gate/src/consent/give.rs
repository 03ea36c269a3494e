//! Give a consent.

use sarai_kernel::{
    Caller, Command, ConsentId, Decision, FieldError, Kind, NewEvent, Outcome, PartyId, Refusal,
    Store, Stored, UseCaseError, audit::AuditEntry, decide_and_commit, document::Clear,
};

use super::{Consent, Offer, live, offer};

/// What is agreed to.
#[derive(Debug, Clone, Copy)]
pub struct Give<'a> {
    /// Code of the offer.
    pub code: &'a str,
    /// The wording that was shown.
    pub version: &'a str,
    /// To whom, where it is given to one only.
    pub to: Option<&'a str>,
    /// From when on it no longer holds by itself.
    pub expires_at: Option<sarai_kernel::Timestamp>,
}

/// Give a consent. One that stands already, in the same wording, is the answer itself.
pub async fn give(
    store: &dyn Store,
    caller: &Caller,
    command: Command,
    what: Give<'_>,
) -> Result<Outcome, UseCaseError> {
    let offer = check(caller, command, what)?;
    decide_and_commit(store, || async {
        let before = live(store, caller.party, offer.code, what.to).await?;
        Ok::<_, UseCaseError>(decide(before, caller.party, command, offer, what)?)
    })
    .await
}

fn check(caller: &Caller, command: Command, what: Give<'_>) -> Result<&'static Offer, Refusal> {
    if caller.session().is_none() {
        return Err(Refusal::new("not_allowed", Kind::Forbidden));
    }
    let offer = offer(what.code)
        .ok_or_else(|| Refusal::invalid(vec![FieldError::new("/purpose", "not_in_list")]))?;
    if what.version != offer.version {
        return Err(Refusal::new("terms_changed", Kind::Conflict).with("version", offer.version));
    }
    if what.expires_at.is_some_and(|until| until <= command.now) {
        return Err(Refusal::invalid(vec![FieldError::new("/expires_at", "in_the_past")]));
    }
    Ok(offer)
}

fn decide(
    before: Option<Stored<Consent>>,
    party: PartyId,
    command: Command,
    offer: &Offer,
    what: Give<'_>,
) -> Result<(Decision, Outcome), Refusal> {
    let mut decision = Decision::new("gate.give_consent", command.now);
    if let Some(before) = before {
        if before.record.stands(command.now)
            && before.record.version == offer.version
            && before.record.expires_at == what.expires_at
        {
            let outcome = Outcome::of(200, id_of(&before), before.version).state("given");
            return Ok((decision.answer(command.once, outcome.clone()), outcome));
        }
        // Expired, or another wording: the old one ends as the new one begins.
        let mut ended = before.record;
        ended.withdrawn_at = Some(ended.expires_at.map_or(command.now, |at| at.min(command.now)));
        decision = decision.write(ended.draft(before.id, before.version, false)?);
    }
    let id = ConsentId::new(command.now);
    let consent = Consent {
        party,
        code: offer.code.to_owned(),
        to: what.to.map(str::to_owned),
        version: offer.version.to_owned(),
        given_at: command.now,
        withdrawn_at: None,
        expires_at: what.expires_at,
    };
    let outcome = Outcome::of(201, id, 1).state("given");
    let decision = decision
        .write(consent.draft(id.uuid(), 0, true)?)
        .event(event("kernel.consent.given", id, 1, &consent))
        .audit(row("consent_give", id, party))
        .answer(command.once, outcome.clone());
    Ok((decision, outcome))
}

pub(super) fn id_of(stored: &Stored<Consent>) -> ConsentId {
    ConsentId::from_uuid(stored.id)
}

pub(super) fn event(
    kind: &'static str,
    id: ConsentId,
    version: u64,
    consent: &Consent,
) -> NewEvent {
    let mut data = Clear::new();
    data.insert("code".to_owned(), consent.code.as_str().into());
    NewEvent {
        kind,
        subject_kind: "consent",
        subject: id.to_string(),
        version,
        audience: vec![consent.party],
        on_board: false,
        data,
    }
}

pub(super) fn row(action: &'static str, id: ConsentId, party: PartyId) -> AuditEntry {
    AuditEntry {
        actor: party.to_string(),
        action,
        purpose: "",
        resource: id.to_string(),
        relation: "self".to_owned(),
        subjects: vec![party.subject()],
        fields: Vec::new(),
        rule: "PIPL 14-15".to_owned(),
        allowed: true,
        case: None,
    }
}
