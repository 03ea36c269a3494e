//! Papers: handed in, claimed by one checker, approved or sent back with reasons.

use sarai_gate::Ask;
use sarai_kernel::{
    Caller, Command, CommitError, Decision, Draft, FieldCheck, FieldError, FileId, Kind, NewEvent,
    OrgId, Outcome, PartyId, Query, Refusal, Role, StoreExt, Stored, Timestamp, UseCaseError,
    VerificationId,
    document::Clear,
    party::{Party, Verified},
    personal::{Name, PaperNumber, Plate, Words},
    purpose::Verify,
};
use sarai_seal::{Grant, Scope, Sealed};

use super::{orgs, profile::own_party, staff::needs};
use crate::{
    Account,
    account::{active, denied, security},
    model::{
        CaseState, File, FileState, Org, PaperFile, PaperKind, Step, Verification, VerificationName,
    },
};

/// Files of one case at most.
pub const FILES_MAX: usize = 10;
/// Why papers are sent back.
pub const REASONS: [&str; 6] =
    ["unreadable", "number_differs", "name_differs", "expired", "wrong_paper", "altered"];
/// Sealed fields of a case.
pub const FIELDS: [&str; 5] = [
    "verification.name",
    "verification.number",
    "verification.second_number",
    "verification.vin",
    "verification.plate",
];

/// Papers as handed in.
pub struct Papers {
    /// What is to be checked.
    pub kind: PaperKind,
    /// The company, if it is about one.
    pub org: Option<OrgId>,
    /// Name on the paper.
    pub name: Option<String>,
    /// Its number, with the field's name on the wire.
    pub number: Option<(&'static str, String)>,
    /// Number of a second paper, with the field's name on the wire.
    pub second_number: Option<(&'static str, String)>,
    /// Vehicle identification number.
    pub vin: Option<String>,
    /// The plate.
    pub plate: Option<String>,
    /// Until when the papers hold: the soonest of their ends.
    pub until: Option<Timestamp>,
    /// What is not personal.
    pub facts: Clear,
    /// The files.
    pub files: Vec<PaperFile>,
}

/// Hands papers in.
pub async fn hand_in(
    account: &Account,
    caller: &Caller,
    papers: Papers,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    active(caller)?;
    let now = command.now;
    if papers.until.is_some_and(|until| until <= now) {
        return Err(Refusal::new("document_expired", Kind::Forbidden).into());
    }
    if let Some(org) = papers.org {
        orgs::administered(account, caller, org).await?;
    }
    one_at_a_time(account, caller.party, papers.kind).await?;
    let id = VerificationId::new(now);
    let files = attach(account, caller.party, &papers.files, id).await?;
    let case = read(papers, caller.party, now)?;
    let outcome = Outcome::of(201, id, 1).state(case.state.word());
    let mut decision = Decision::new("account.hand_in", now)
        .write(Draft::create(id.uuid(), &case, case.keys())?)
        .answer(command.once, outcome.clone());
    decision.drafts.extend(files);
    account.store.commit(decision).await?;
    Ok(outcome)
}

/// One open case of a kind at a time; vehicles may be many.
async fn one_at_a_time(account: &Account, owner: PartyId, kind: PaperKind) -> Result<(), Refusal> {
    if kind == PaperKind::Vehicle {
        return Ok(());
    }
    let state = newest(account, owner, kind).await?.map(|case| case.record.state);
    match state {
        Some(state @ (CaseState::Waiting | CaseState::Claimed)) => {
            Err(Refusal::new("transition_refused", Kind::Conflict).with("state", state.word()))
        }
        _ => Ok(()),
    }
}

/// The newest case of a kind.
pub async fn newest(
    account: &Account,
    owner: PartyId,
    kind: PaperKind,
) -> Result<Option<Stored<Verification>>, Refusal> {
    let pair = Verification::pair(owner, kind);
    let query = Query::by("verification", "verification.pair", pair).newest_first();
    Ok(account.store.first::<Verification>(query).await?)
}

/// The files, attached to the case. Each must be the owner's, a paper, and ready.
async fn attach(
    account: &Account,
    owner: PartyId,
    files: &[PaperFile],
    id: VerificationId,
) -> Result<Vec<Draft>, UseCaseError> {
    let mut check = FieldCheck::new();
    check.require(files.len() <= FILES_MAX, || {
        FieldError::new("/files", "too_long").with("max", FILES_MAX)
    });
    let mut drafts = Vec::new();
    for (at, paper) in files.iter().enumerate().take(FILES_MAX) {
        let found = account.store.load::<File>(paper.file.uuid()).await?;
        let ready = found
            .filter(|file| file.record.owner == owner && file.record.state == FileState::Ready);
        let Some(Stored { id: file, version, mut record, .. }) = ready else {
            check.require(false, || FieldError::new(format!("/files/{at}/file"), "not_in_list"));
            continue;
        };
        record.attached.push(id.to_string());
        drafts.push(Draft::update(file, version, &record, record.keys())?);
    }
    check.finish()?;
    Ok(drafts)
}

fn read(papers: Papers, owner: PartyId, now: Timestamp) -> Result<Verification, Refusal> {
    let mut check = FieldCheck::new();
    let mut wrong = |pointer: &str| {
        check.require(false, || FieldError::new(pointer, "pattern"));
    };
    let mut number = |given: Option<(&'static str, String)>| {
        let (pointer, text) = given?;
        PaperNumber::new(&text).map_err(|_| wrong(pointer)).ok()
    };
    let (first, second) = (number(papers.number), number(papers.second_number));
    let vin = number(papers.vin.map(|text| ("/fields/vin", text)));
    let name =
        papers.name.and_then(|text| Name::new(&text).map_err(|_| wrong("/fields/name")).ok());
    let plate =
        papers.plate.and_then(|text| Plate::new(&text).map_err(|_| wrong("/fields/plate")).ok());
    check.finish()?;
    Ok(Verification {
        subject: owner.subject(),
        owner,
        kind: papers.kind,
        org: papers.org,
        state: CaseState::Waiting,
        asked_at: now,
        decided_at: None,
        until: papers.until,
        claimed_by: None,
        history: vec![Step { at: now, by: owner, what: "handed_in".to_owned(), reasons: vec![] }],
        files: papers.files,
        facts: papers.facts,
        name: name.map(Sealed::new),
        number: first.map(Sealed::new),
        second_number: second.map(Sealed::new),
        vin: vin.map(Sealed::new),
        plate: plate.map(Sealed::new),
        words: None,
    })
}

/// A case of the caller's own.
pub async fn own(
    account: &Account,
    caller: &Caller,
    id: VerificationId,
) -> Result<Stored<Verification>, Refusal> {
    let found = account.store.load::<Verification>(id.uuid()).await?;
    let own = found.filter(|case| case.record.owner == caller.party);
    own.ok_or_else(Refusal::not_found)
}

/// The cases in a state, oldest first.
pub async fn queue(
    account: &Account,
    state: CaseState,
    limit: u32,
    after: Option<(i64, uuid::Uuid)>,
) -> Result<Vec<(Stored<Verification>, i64)>, Refusal> {
    let query = Query::by("verification", "verification.state", state.word());
    Ok(account.store.records::<Verification>(query.limit(limit).after(after)).await?)
}

/// The checker's right to open one case: only who claimed it, with a factor shown just now.
pub async fn open(
    account: &Account,
    caller: &Caller,
    case: &Stored<Verification>,
    now: Timestamp,
) -> Result<Grant<Verify>, Refusal> {
    needs(caller, Role::OpVerify, now)?;
    let id = VerificationId::from_uuid(case.id).to_string();
    let claimed = case.record.claimed_by == Some(caller.party);
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: if claimed { "claimer" } else { "staff" },
        resource_kind: "papers",
        resource: id.clone(),
        stage: match case.record.state {
            CaseState::Waiting => "waiting",
            CaseState::Claimed => "claimed",
            CaseState::Approved | CaseState::Refused => "decided",
        },
        case: Some(&id),
        consent: false,
        scope: Scope::One(case.record.subject),
        fields: &FIELDS,
    };
    account.gate.grant::<Verify>(ask, now).await
}

/// What a checker does with a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Takes it.
    Claim,
    /// Finds it fine.
    Approve,
    /// Sends it back.
    Refuse {
        /// Codes of reasons, at least one.
        reasons: Vec<String>,
        /// In the checker's words.
        words: Option<String>,
    },
}

impl Deed {
    const fn word(&self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Approve => "approve",
            Self::Refuse { .. } => "refuse",
        }
    }
}

/// Which state a deed leads to. Pure: who may do what, and when.
pub fn next(case: &Verification, deed: &Deed, checker: PartyId) -> Result<CaseState, Refusal> {
    if case.owner == checker {
        return Err(Refusal::new("four_eyes_required", Kind::Forbidden));
    }
    let mine = case.claimed_by == Some(checker);
    match (case.state, deed) {
        (CaseState::Waiting, Deed::Claim) => Ok(CaseState::Claimed),
        (CaseState::Claimed, Deed::Claim) if mine => Ok(CaseState::Claimed),
        (CaseState::Claimed, Deed::Claim) => Err(Refusal::new("already_taken", Kind::Conflict)),
        (CaseState::Claimed, Deed::Approve) if mine => Ok(CaseState::Approved),
        (CaseState::Claimed, Deed::Refuse { .. }) if mine => Ok(CaseState::Refused),
        (CaseState::Claimed, _) => Err(Refusal::new("not_allowed", Kind::Forbidden)),
        (state, _) => {
            let allowed: &[&str] = if state == CaseState::Waiting { &["claim"] } else { &[] };
            Err(Refusal::new("transition_refused", Kind::Conflict)
                .with("state", state.word())
                .with("allowed_now", allowed))
        }
    }
}

/// Claims, approves or refuses.
pub async fn act(
    account: &Account,
    caller: &Caller,
    id: VerificationId,
    version: u64,
    deed: Deed,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    needs(caller, Role::OpVerify, now)?;
    let found = account.store.load::<Verification>(id.uuid()).await?;
    let mut case = found.ok_or_else(Refusal::not_found)?;
    if case.version != version {
        return Err(stale(case.version).into());
    }
    let to = next(&case.record, &deed, caller.party)?;
    let mut decision = Decision::new("account.papers", now).audit(security(
        caller.party,
        deed.word(),
        id,
        case.record.owner,
        true,
    ));
    if to == CaseState::Approved {
        decision = decision.write(verified(account, caller, &case, now).await?);
        decision.drafts.extend(company(account, &case.record).await?);
    }
    note(&mut case.record, deed, to, caller.party, now)?;
    let version = version + 1;
    if to != CaseState::Claimed {
        decision = decision.event(decided(id, &case.record, version));
    }
    let outcome = Outcome::of(200, id, version).state(to.word());
    let draft = Draft::update(id.uuid(), case.version, &case.record, case.record.keys())?;
    match account.store.commit(decision.write(draft).answer(command.once, outcome.clone())).await {
        Ok(_) => Ok(outcome),
        Err(CommitError::Conflict(_)) => Err(stale(case.version + 1).into()),
        Err(error) => Err(error.into()),
    }
}

fn stale(version: u64) -> Refusal {
    Refusal::new("version_mismatch", Kind::Stale).with("version", version)
}

/// The step in the case's own history.
fn note(
    case: &mut Verification,
    deed: Deed,
    to: CaseState,
    by: PartyId,
    now: Timestamp,
) -> Result<(), Refusal> {
    let what = deed.word().to_owned();
    let mut given = Vec::new();
    if let Deed::Refuse { reasons, words } = deed {
        let mut check = FieldCheck::new();
        let known =
            !reasons.is_empty() && reasons.iter().all(|one| REASONS.contains(&one.as_str()));
        check.require(known, || FieldError::new("/reasons", "not_in_list"));
        let words = words.map(|text| Words::new(&text).ok());
        check.require(words.as_ref().is_none_or(Option::is_some), || {
            FieldError::new("/words", "pattern")
        });
        check.finish()?;
        case.words = words.flatten().map(Sealed::new);
        given = reasons;
    }
    case.history.push(Step { at: now, by, what, reasons: given });
    case.state = to;
    case.claimed_by = Some(by);
    if to != CaseState::Claimed {
        case.decided_at = Some(now);
    }
    Ok(())
}

fn decided(id: VerificationId, case: &Verification, version: u64) -> NewEvent {
    let mut data = Clear::new();
    data.insert("kind".to_owned(), case.kind.word().into());
    data.insert("state".to_owned(), case.state.word().into());
    NewEvent {
        kind: "kernel.verification.decided",
        subject_kind: "verification",
        subject: id.to_string(),
        version,
        audience: vec![case.owner],
        on_board: false,
        data,
    }
}

/// The owner's party with what was checked. A checked name replaces the typed one.
async fn verified(
    account: &Account,
    caller: &Caller,
    case: &Stored<Verification>,
    now: Timestamp,
) -> Result<Draft, UseCaseError> {
    let owner = case.record.owner;
    let mut party: Stored<Party> = own_party(account, owner).await?;
    let what = case.record.kind.word().to_owned();
    if case.record.kind == PaperKind::Person {
        let grant = open(account, caller, case, now).await?;
        let name = grant.open_if_present::<VerificationName>(&case.record).map_err(denied)?;
        let name = name.and_then(|name| Name::new(name.as_str()).ok());
        party.record.name = name.map(Sealed::new).or(party.record.name);
    }
    party.record.verified.retain(|paper| paper.what != what);
    party.record.verified.push(Verified { what, at: now, until: case.record.until });
    Ok(party.record.draft(owner, party.version, party.created_at)?)
}

/// The company of an approved case.
async fn company(account: &Account, case: &Verification) -> Result<Option<Draft>, UseCaseError> {
    let Some(org) = case.org else { return Ok(None) };
    let Some(found) = account.store.load::<Org>(org.uuid()).await? else { return Ok(None) };
    let record = Org { verified: true, ..found.record };
    Ok(Some(Draft::update(found.id, found.version, &record, record.keys())?))
}

/// Whether a file is among the papers of a case that `checker` has claimed.
pub async fn is_claimed_paper(
    account: &Account,
    checker: PartyId,
    file: FileId,
    attached: &[String],
) -> Result<Option<Stored<Verification>>, Refusal> {
    for thing in attached {
        let Ok(id) = thing.parse::<VerificationId>() else { continue };
        let case = account.store.load::<Verification>(id.uuid()).await?;
        let mine = case.filter(|case| {
            case.record.claimed_by == Some(checker)
                && case.record.state == CaseState::Claimed
                && case.record.files.iter().any(|paper| paper.file == file)
        });
        if mine.is_some() {
            return Ok(mine);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(state: CaseState, claimed_by: Option<PartyId>) -> Verification {
        let owner = PartyId::from_uuid(uuid::Uuid::from_u128(1));
        let papers = Papers {
            kind: PaperKind::Person,
            org: None,
            name: None,
            number: None,
            second_number: None,
            vin: None,
            plate: None,
            until: None,
            facts: Clear::new(),
            files: Vec::new(),
        };
        let case = read(papers, owner, Timestamp::default()).expect("empty papers");
        Verification { state, claimed_by, ..case }
    }

    /// The whole product of states, deeds and checkers against the rule in words: only the claimer decides, and only once.
    #[test]
    fn only_who_claimed_a_case_decides_it_and_nobody_decides_an_own_one() {
        let [owner, ann, bo] = [1, 2, 3].map(|n| PartyId::from_uuid(uuid::Uuid::from_u128(n)));
        let refuse = Deed::Refuse { reasons: vec![], words: None };
        let deeds = [Deed::Claim, Deed::Approve, refuse];
        let states =
            [CaseState::Waiting, CaseState::Claimed, CaseState::Approved, CaseState::Refused];
        for state in states {
            for deed in &deeds {
                let case = case(state, (state != CaseState::Waiting).then_some(ann));
                assert!(next(&case, deed, owner).is_err());
                let by_ann = next(&case, deed, ann).is_ok();
                let by_bo = next(&case, deed, bo).is_ok();
                let waiting_claim = state == CaseState::Waiting && *deed == Deed::Claim;
                assert_eq!(by_ann, waiting_claim || state == CaseState::Claimed);
                assert_eq!(by_bo, waiting_claim);
            }
        }
    }
}
