//! Cases opened, carried on and read.

use std::sync::Arc;

use jiff::civil::Date;
use sarai_gate::Gate;
use sarai_kernel::{
    Caller, CaseId, Command, Decision, Draft, FieldCheck, Kind, NewEvent, Outcome as Answer, Query,
    Refusal, Role, StoreExt, Stored, Timestamp, UseCaseError, audit::AuditEntry, decide_and_commit,
    document::Clear,
};
use uuid::Uuid;

use super::{
    Case, Deed, Entry, Side,
    record::Name2,
    rules::{Standing, apply, phase, standing},
};

/// What opens a case.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// The authority's number, 1 to 80 characters, unique.
    pub number: String,
    /// The authority, English and Chinese.
    pub authority: (String, String),
    /// What is reviewed.
    pub about: String,
    /// Taken up by the authority itself.
    pub ex_officio: bool,
}

/// The cases of a house.
#[derive(Clone)]
pub struct Cases {
    gate: Arc<Gate>,
}

impl std::fmt::Debug for Cases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<cases>")
    }
}

/// The day in Beijing, by which the procedure counts.
fn beijing_day(now: Timestamp) -> Date {
    sarai_law::day_of(now.as_micros())
}

/// On which side of a case somebody stands: the case's own reviewer, or the party's privacy officer.
fn side(caller: &Caller, case: &Case) -> Option<Side> {
    let own = caller.has(Role::Reviewer) && case.reviewer == caller.party;
    let party = caller.has(Role::PrivacyOfficer).then_some(Side::Party);
    if own { Some(Side::Reviewer) } else { party }
}

impl Cases {
    /// The cases in the store behind a gate, counted by the calendar of its laws.
    pub fn new(gate: Arc<Gate>) -> Self {
        Self { gate }
    }

    /// How a case stands at this moment.
    pub fn standing(&self, case: &Case, now: Timestamp) -> Standing {
        standing(case, beijing_day(now), self.gate.laws().calendar())
    }

    /// Opens a case. Only a reviewer does, and it stays the own one.
    pub async fn open(
        &self,
        caller: &Caller,
        new: &NewCase,
        command: Command,
    ) -> Result<Answer, UseCaseError> {
        may_write(caller, command.now)?;
        if !caller.has(Role::Reviewer) {
            return Err(Refusal::new("role_missing", Kind::Forbidden).into());
        }
        let mut check = FieldCheck::new();
        for (pointer, text, max) in [
            ("/number", &new.number, 80),
            ("/authority/en", &new.authority.0, 200),
            ("/authority/zh", &new.authority.1, 200),
            ("/about", &new.about, 200),
        ] {
            check.length(pointer, text.trim(), 1, max).plain_text(pointer, text);
        }
        check.finish()?;
        let now = command.now;
        let deed = Deed::Open { ex_officio: new.ex_officio };
        let case = Case {
            number: new.number.trim().to_owned(),
            authority: Name2 { en: new.authority.0.clone(), zh: new.authority.1.clone() },
            about: new.about.trim().to_owned(),
            reviewer: caller.party,
            entries: vec![Entry { on: beijing_day(now), at: now, by: caller.party, deed }],
        };
        let id = CaseId::new(now);
        let answer = Answer::of(201, id, 1).state(phase(&case).word());
        let decision = written(caller, id, &case, now)
            .write(Draft::create(id.uuid(), &case, case.keys())?)
            .event(changed(id, 1, &case))
            .answer(command.once, answer.clone());
        self.gate.store().commit(decision).await?;
        Ok(answer)
    }

    /// Carries a case on by one deed. `version` is the one that the caller saw.
    pub async fn act(
        &self,
        caller: &Caller,
        id: CaseId,
        deed: Deed,
        version: u64,
        command: Command,
    ) -> Result<Answer, UseCaseError> {
        may_write(caller, command.now)?;
        decide_and_commit(self.gate.store(), || self.decide(caller, id, &deed, version, command))
            .await
    }

    async fn decide(
        &self,
        caller: &Caller,
        id: CaseId,
        deed: &Deed,
        version: u64,
        command: Command,
    ) -> Result<(Decision, Answer), UseCaseError> {
        let stored = self.read(caller, id).await?;
        if side(caller, &stored.record) != Some(deed.side()) {
            return Err(Refusal::new("not_allowed", Kind::Forbidden).into());
        }
        if stored.version != version {
            let stale = Refusal::new("version_mismatch", Kind::Stale);
            return Err(stale.with("version", stored.version).into());
        }
        let now = command.now;
        let entry = Entry { on: beijing_day(now), at: now, by: caller.party, deed: deed.clone() };
        let next = apply(&stored.record, entry)?;
        let version = stored.version + 1;
        let answer = Answer::of(200, id, version).state(phase(&next).word());
        let decision = written(caller, id, &next, now)
            .write(Draft::update(id.uuid(), stored.version, &next, next.keys())?)
            .event(changed(id, version, &next))
            .answer(command.once, answer.clone());
        Ok((decision, answer))
    }

    /// A case, for reviewers and the privacy officer; for nobody else is there one.
    pub async fn read(&self, caller: &Caller, id: CaseId) -> Result<Stored<Case>, Refusal> {
        if !reads(caller) {
            return Err(Refusal::not_found());
        }
        self.gate.store().load::<Case>(id.uuid()).await?.ok_or_else(Refusal::not_found)
    }

    /// A page of cases, newest first, each with the value that orders it.
    pub async fn list(
        &self,
        caller: &Caller,
        limit: u32,
        after: Option<(i64, Uuid)>,
    ) -> Result<Vec<(Stored<Case>, i64)>, Refusal> {
        if !reads(caller) {
            return Err(Refusal::new("role_missing", Kind::Forbidden));
        }
        let query = Query::by("case", "case.all", "all").newest_first().limit(limit).after(after);
        Ok(self.gate.store().records::<Case>(query).await?)
    }

    /// On which side of a case the caller stands, if on one.
    pub fn side(caller: &Caller, case: &Case) -> Option<Side> {
        side(caller, case)
    }
}

fn reads(caller: &Caller) -> bool {
    caller.has(Role::Reviewer) || caller.has(Role::PrivacyOfficer)
}

/// Every deed of a case counts in law: it asks for a fresh factor, from whoever does it.
fn may_write(caller: &Caller, now: Timestamp) -> Result<(), Refusal> {
    if caller.suspended {
        return Err(Refusal::new("account_suspended", Kind::Forbidden));
    }
    if !caller.stepped_up(now) {
        return Err(Refusal::new("step_up_required", Kind::Forbidden));
    }
    Ok(())
}

fn written(caller: &Caller, id: CaseId, case: &Case, now: Timestamp) -> Decision {
    Decision::new("review.case", now).audit(AuditEntry {
        actor: caller.actor(),
        action: "case_deed",
        purpose: "",
        resource: id.to_string(),
        relation: match side(caller, case) {
            Some(Side::Reviewer) => "reviewer".to_owned(),
            _ => "staff po".to_owned(),
        },
        subjects: Vec::new(),
        fields: case.entries.last().map(|entry| entry.deed.word().to_owned()).into_iter().collect(),
        rule: "house.security_event".to_owned(),
        allowed: true,
        case: Some(case.number.clone()),
    })
}

fn changed(id: CaseId, version: u64, case: &Case) -> NewEvent {
    let mut data = Clear::new();
    data.insert("phase".to_owned(), phase(case).word().into());
    if let Some(last) = case.entries.last() {
        data.insert("deed".to_owned(), last.deed.word().into());
    }
    NewEvent {
        kind: "review.case.changed",
        subject_kind: "case",
        subject: id.to_string(),
        version,
        audience: vec![case.reviewer],
        on_board: false,
        data,
    }
}
