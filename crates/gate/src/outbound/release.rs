//! May this leave? The one place where it is decided.

use std::collections::BTreeSet;

use sarai_kernel::{
    ApprovalId, CommitError, Counted, Decision, Draft, Kind, Marks, RecipientId, Refusal, StoreExt,
    Stored, Timestamp, TransferId, Ways,
    audit::AuditEntry,
    ports::RACES_MAX,
    tally::{MEMBERS_MAX, Token},
};
use sarai_law::day_of;
use sarai_seal::{Category, Class, SubjectId};
use sha2::{Digest, Sha256};

use super::{
    approval::{self, Approval, ApprovalState, HOLD_MICROS},
    count::{YearKey, tally_name, year_of},
    mechanism::{self, Mechanism},
    recipient::Recipient,
    ruling::{Ruling, TransferFacts},
    scan::{Found, scan},
    transfer::{Transfer, class_word},
    words::{Answered, Approving, Ground, MechanismKind, RecipientKind, Sector},
};
use crate::{Gate, consent, directive::category};

/// The consent by which a person lets data go abroad to one recipient.
const OUTBOUND_CONSENT: &str = "outbound";

/// What wants to leave.
#[derive(Debug, Clone)]
pub struct Leaving<'a> {
    /// To whom.
    pub to: RecipientId,
    /// Who asks, as the audit log names actors.
    pub actor: &'a str,
    /// For which purpose.
    pub purpose: &'a str,
    /// Wire id of what leaves.
    pub resource: &'a str,
    /// Typed fields, as the register names them.
    pub fields: &'a [&'a str],
    /// Whom they are about. At most [`MEMBERS_MAX`]; more go in parts.
    pub persons: &'a [SubjectId],
    /// Persons of further parts of the same transfer: the law is asked as if all of them were new.
    pub more_persons: u64,
    /// Parts whose content no type knows: they are scanned.
    pub untyped: &'a [&'a [u8]],
    /// On which ground.
    pub ground: Ground,
    /// Which trade the data comes from.
    pub sector: Sector,
    /// The officer's approval, if there is one.
    pub approval: Option<ApprovalId>,
}

/// The right to leave, once. Only the gate makes one, and the one client of the house takes it.
#[derive(Debug)]
#[must_use = "what was let go and does not leave stands in the log as gone"]
pub struct Leave {
    transfer: TransferId,
    to: RecipientId,
}

impl Leave {
    /// The row of the log.
    pub const fn transfer(&self) -> TransferId {
        self.transfer
    }

    /// To whom.
    pub const fn to(&self) -> RecipientId {
        self.to
    }

    /// For tests of the client itself.
    #[cfg(test)]
    pub(crate) const fn of_test() -> Self {
        Self {
            transfer: TransferId::from_uuid(uuid::Uuid::nil()),
            to: RecipientId::from_uuid(uuid::Uuid::nil()),
        }
    }
}

/// What the gate let go.
#[derive(Debug)]
pub enum Released {
    /// As it is.
    Whole(Leave),
    /// With the untyped parts as they are here, covered.
    Covered(Leave, Vec<Vec<u8>>),
    /// Not yet: the privacy officer decides.
    Held(ApprovalId),
}

/// What is known of a payload before the law is asked.
pub(super) struct Known {
    pub recipient: Recipient,
    pub class: Class,
    pub categories: Vec<Category>,
    pub found: Found,
    /// It leaves the country.
    pub abroad: bool,
}

impl Known {
    pub fn is_personal(&self) -> bool {
        self.class >= Class::Personal
    }

    /// Whether persons are counted: what leaves the country about others than whoever gets it.
    pub fn counts(&self) -> bool {
        self.abroad && self.is_personal() && self.recipient.kind != RecipientKind::Subject
    }
}

/// A verdict with everything that its row says.
struct Verdict {
    answer: Answered,
    ruling: Ruling,
    mechanisms: Vec<Stored<Mechanism>>,
    reason: Option<&'static str>,
    refusal: Option<Refusal>,
}

impl Gate {
    /// Asks whether something may leave, and writes down what was answered before it does. A refusal says which article, and what it
    /// would need.
    pub async fn release(&self, what: &Leaving<'_>, now: Timestamp) -> Result<Released, Refusal> {
        if what.persons.len() > MEMBERS_MAX {
            return Err(Refusal::new("validation_failed", Kind::Invalid).with("max", MEMBERS_MAX));
        }
        for _ in 0..RACES_MAX {
            match self.release_once(what, now).await? {
                Some(released) => return Ok(released),
                None => continue,
            }
        }
        Err(Refusal::new("busy_retry", Kind::Unavailable))
    }

    /// One try; `None` after a lost race.
    async fn release_once(
        &self,
        what: &Leaving<'_>,
        now: Timestamp,
    ) -> Result<Option<Released>, Refusal> {
        let known = self.know(what).await?;
        let year = known.counts().then(|| year_of(now));
        let (mut marks, mut new_persons, mut counted) = match year {
            Some(year) => self.count(what, known.class, year).await?,
            None => (None, 0, Counted::default()),
        };
        let ahead = ahead(counted, what.more_persons, known.class);
        let mut verdict = self.judge(what, &known, ahead, now).await?;
        if verdict.ruling.exempt {
            // Whoever leaves under an exemption is not counted.
            counted = marks.take().and_then(|marks| marks.expect).unwrap_or(counted);
            new_persons = 0;
        }
        let approval = self.approve(what, &known, &mut verdict, now).await?;
        let id = TransferId::new(now);
        let gone = matches!(verdict.answer, Answered::Allow | Answered::Mask);
        let row = Transfer {
            at: now,
            actor: what.actor.to_owned(),
            recipient: what.to,
            country: known.recipient.country.clone(),
            kind: known.recipient.kind,
            purpose: what.purpose.to_owned(),
            resource: what.resource.to_owned(),
            fields: what.fields.iter().map(|name| (*name).to_owned()).collect(),
            categories: known.categories.iter().map(word).collect(),
            class: class_word(known.class),
            found: known.found.kinds.iter().map(|(kind, times)| (kind.clone(), *times)).collect(),
            ground: what.ground,
            persons: distinct(what.persons),
            new_persons: if gone { new_persons } else { 0 },
            year,
            counted: if gone { counted } else { Counted::default() },
            answer: verdict.answer,
            mechanisms: verdict.mechanisms.iter().map(mechanism_id).collect(),
            approval: approval.as_ref().map(|(id, ..)| *id),
            basis: verdict.ruling.basis.clone(),
            needs: verdict.ruling.needs.clone(),
            reason: verdict.reason.map(str::to_owned),
        };
        let mut decision =
            Decision::new("gate.release", now).write(row.draft(id)?).audit(audit(what, &row, id));
        if gone {
            decision.marks.extend(marks);
        }
        if let Some((_, draft)) = approval {
            decision.drafts.extend(draft);
        }
        match self.store().commit(decision).await {
            Ok(_) => {}
            // Somebody counted, approved, or asked for the same meanwhile.
            Err(CommitError::Conflict(_) | CommitError::Duplicate(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        if let Some(refusal) = verdict.refusal {
            return Err(refusal);
        }
        let leave = Leave { transfer: id, to: what.to };
        Ok(Some(match verdict.answer {
            Answered::Mask => Released::Covered(leave, known.found.covered),
            Answered::Hold => match row.approval {
                Some(id) => Released::Held(id),
                None => return Err(Refusal::new("internal", Kind::Internal)),
            },
            _ => Released::Whole(leave),
        }))
    }

    /// What the payload is: its recipient, classes from the register, and what a scan finds in the rest.
    pub(super) async fn know(&self, what: &Leaving<'_>) -> Result<Known, Refusal> {
        let found = self.store().load::<Recipient>(what.to.uuid()).await?;
        let recipient = found.ok_or_else(Refusal::not_found)?.record;
        let mut categories: Vec<Category> = Vec::new();
        for name in what.fields {
            // A field that the register does not know is the worst that it could be.
            let of = self.field(name).map_or(Category::CoreState, |field| field.category);
            if !categories.contains(&of) {
                categories.push(of);
            }
        }
        let unscanned = matches!(recipient.kind, RecipientKind::Subject | RecipientKind::Own);
        let found = if unscanned { Found::default() } else { scan(what.untyped) };
        let class = categories.iter().map(|of| of.level()).max().unwrap_or(Class::General);
        let abroad = recipient.country != self.operator().country;
        Ok(Known { recipient, class, categories, found, abroad })
    }

    /// The persons as marks on the year's tally, how many of them are new, and the count with them.
    async fn count(
        &self,
        what: &Leaving<'_>,
        class: Class,
        year: i16,
    ) -> Result<(Option<Marks>, u64, Counted), Refusal> {
        let key = YearKey::of(self.secret(), year);
        let tokens: BTreeSet<Token> = what.persons.iter().map(|who| key.token(*who)).collect();
        let tokens: Vec<Token> = tokens.into_iter().collect();
        let tally = tally_name(year);
        let before = self.store().tally(&tally).await?;
        let held = self.store().tally_ways(&tally, &tokens).await?;
        let way = if class >= Class::Sensitive { Ways::SENSITIVE } else { Ways::PLAIN };
        let (mut after, mut members) = (before, Vec::new());
        for (token, had) in tokens.into_iter().zip(held) {
            if !had.has(way) {
                after = after.moved(had, had.and(way));
                members.push((token, way));
            }
        }
        let new = after.persons - before.persons;
        // What rests on a count is decided anew if the count moved; who adds nobody rests on nothing that can move against him.
        let expect = (!members.is_empty()).then_some(before);
        let marks = (!members.is_empty()).then_some(Marks { tally, members, expect });
        Ok((marks, new, after))
    }

    async fn judge(
        &self,
        what: &Leaving<'_>,
        known: &Known,
        counted: Counted,
        now: Timestamp,
    ) -> Result<Verdict, Refusal> {
        let to = &known.recipient;
        let refuse = |reason, refusal: Refusal| Verdict {
            answer: Answered::Refuse,
            ruling: Ruling::default(),
            mechanisms: Vec::new(),
            reason: Some(reason),
            refusal: Some(refusal),
        };
        let home = &self.operator().country;
        if let Err(refusal) = self.orders().transfer(what.to, &to.country, home, now) {
            return Ok(refuse("blocked_by_directive", refusal));
        }
        if let Some(reason) = self.registered(what, known) {
            let refusal = refused(what.to, reason, &Ruling::default());
            return Ok(refuse(reason, refusal));
        }
        let mechanisms = mechanism::in_force(self.store(), what.to, now).await?;
        let kinds: Vec<MechanismKind> = mechanisms.iter().map(|one| one.record.kind).collect();
        let consent = what.ground == Ground::Consent && self.consented(what, now).await?;
        let facts = self.facts(what, known, counted, (consent, &kinds));
        let ruling = self.transfer_law().transfer(&facts, day_of(now.as_micros()));
        if !ruling.allowed {
            let refusal = refused(what.to, "law", &ruling);
            let answer = Answered::Refuse;
            let (reason, refusal) = (Some("law"), Some(refusal));
            return Ok(Verdict { answer, ruling, mechanisms, reason, refusal });
        }
        let answer = if known.found.kinds.is_empty() { Answered::Allow } else { Answered::Mask };
        Ok(Verdict { answer, ruling, mechanisms, reason: None, refusal: None })
    }

    pub(super) fn facts<'a>(
        &'a self,
        what: &Leaving<'_>,
        known: &'a Known,
        counted: Counted,
        (separate_consent, mechanisms): (bool, &'a [MechanismKind]),
    ) -> TransferFacts<'a> {
        TransferFacts {
            operator: self.operator(),
            country: &known.recipient.country,
            kind: known.recipient.kind,
            ground: what.ground,
            sector: what.sector,
            personal: known.is_personal(),
            sensitive: known.categories.iter().any(|of| of.level() == Class::Sensitive),
            important: known.categories.iter().any(|of| of.level() == Class::Important),
            core: known.class == Class::Core,
            plain_persons: counted.plain,
            sensitive_persons: counted.sensitive,
            separate_consent,
            mechanisms,
        }
    }

    /// Why the house's own register stands against it, if it does.
    pub(super) fn registered(&self, what: &Leaving<'_>, known: &Known) -> Option<&'static str> {
        let to = &known.recipient;
        if to.closed_at.is_some() {
            return Some("recipient_closed");
        }
        if !to.purposes.iter().any(|one| one == what.purpose) {
            return Some("purpose_not_registered");
        }
        // A person gets all that is about that person, and our own premises hold it anyway.
        if matches!(to.kind, RecipientKind::Subject | RecipientKind::Own) {
            return None;
        }
        let declared = known.categories.iter().all(|of| {
            of.level() == Class::General
                || to.categories.iter().any(|word| category(word) == Some(*of))
        });
        if !declared {
            return Some("category_not_registered");
        }
        let leaves = |name: &&str| self.field(name).is_some_and(|field| field.leaves.is_some());
        let purposes = |name: &&str| {
            let field = self.field(name);
            field.is_some_and(|field| field.purposes.iter().any(|one| one.name == what.purpose))
        };
        let by_order =
            matches!(to.kind, RecipientKind::Authority | RecipientKind::ForeignAuthority);
        if !by_order && !what.fields.iter().all(|name| leaves(name) && purposes(name)) {
            return Some("field_does_not_leave");
        }
        None
    }

    /// Whether each person consented to data going abroad to this recipient.
    async fn consented(&self, what: &Leaving<'_>, now: Timestamp) -> Result<bool, Refusal> {
        let to = what.to.to_string();
        for who in what.persons {
            let party = sarai_kernel::PartyId::from_uuid(who.uuid());
            let code = OUTBOUND_CONSENT;
            if !consent::stands(self.store(), party, code, Some(&to), now).await? {
                return Ok(false);
            }
        }
        Ok(!what.persons.is_empty() && what.more_persons == 0)
    }

    /// Holds what the officer has to see; uses an approval that was given for exactly this.
    async fn approve(
        &self,
        what: &Leaving<'_>,
        known: &Known,
        verdict: &mut Verdict,
        now: Timestamp,
    ) -> Result<Option<(ApprovalId, Option<Draft>)>, Refusal> {
        let lets_go = matches!(verdict.answer, Answered::Allow | Answered::Mask);
        let needs = known.counts() && known.recipient.approving == Approving::Each;
        if !lets_go || !needs {
            return Ok(None);
        }
        let print = fingerprint(what);
        if let Some(id) = what.approval
            && let Some(found) = self.store().load::<Approval>(id.uuid()).await?
            && found.record.fingerprint == print
            && found.record.state == ApprovalState::Approved
            && now < found.record.until
        {
            let used = Approval { state: ApprovalState::Used, ..found.record };
            let draft = Draft::update(found.id, found.version, &used, used.keys())?;
            return Ok(Some((id, Some(draft))));
        }
        verdict.answer = Answered::Hold;
        verdict.reason = Some("approval");
        let waits = approval::waiting(self.store(), &print).await?;
        if let Some(found) = &waits
            && now < found.record.until
        {
            return Ok(Some((ApprovalId::from_uuid(found.id), None)));
        }
        // One that waited in vain is asked for anew under its own number.
        let (id, version) = waits.map_or((ApprovalId::new(now), 0), |found| {
            (ApprovalId::from_uuid(found.id), found.version)
        });
        let approval = Approval {
            recipient: what.to,
            purpose: what.purpose.to_owned(),
            resource: what.resource.to_owned(),
            fields: what.fields.iter().map(|name| (*name).to_owned()).collect(),
            persons: distinct(what.persons),
            ground: what.ground,
            fingerprint: print,
            asked_by: what.actor.to_owned(),
            asked_at: now,
            until: now.plus(HOLD_MICROS),
            state: ApprovalState::Waiting,
            decided_by: None,
            decided_at: None,
            reason: None,
        };
        Ok(Some((id, Some(Draft::update(id.uuid(), version, &approval, approval.keys())?))))
    }
}

/// The count as it would be with all further parts, each person taken for new.
pub(super) fn ahead(counted: Counted, more: u64, class: Class) -> Counted {
    let mut ahead = counted;
    ahead.persons = ahead.persons.saturating_add(more);
    if class >= Class::Sensitive {
        ahead.sensitive = ahead.sensitive.saturating_add(more);
    } else {
        ahead.plain = ahead.plain.saturating_add(more);
    }
    ahead
}

/// Hash over what leaves, to whom and about whom.
fn fingerprint(what: &Leaving<'_>) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    part(b"sarai transfer v1");
    part(what.to.uuid().as_bytes());
    for text in [what.purpose, what.resource, what.ground.word(), what.sector.word()] {
        part(text.as_bytes());
    }
    part(&(what.fields.len() as u64).to_le_bytes());
    what.fields.iter().for_each(|name| part(name.as_bytes()));
    let persons: BTreeSet<&[u8]> =
        what.persons.iter().map(|who| who.as_bytes().as_slice()).collect();
    part(&(persons.len() as u64).to_le_bytes());
    persons.into_iter().for_each(&mut part);
    part(&what.more_persons.to_le_bytes());
    what.untyped.iter().for_each(|bytes| part(bytes));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn distinct(persons: &[SubjectId]) -> u64 {
    persons.iter().map(|who| who.uuid()).collect::<BTreeSet<_>>().len() as u64
}

fn word(of: &Category) -> String {
    let word = serde_json::to_value(of).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn mechanism_id(found: &Stored<Mechanism>) -> sarai_kernel::MechanismId {
    sarai_kernel::MechanismId::from_uuid(found.id)
}

/// The refusal, with the member `legal`: to whom, why, what it would need, and the articles.
pub(super) fn refused(to: RecipientId, reason: &'static str, ruling: &Ruling) -> Refusal {
    let memory = ruling.basis.iter().any(|one| one.checked == "memory");
    let basis: Vec<&str> = ruling.basis.iter().map(|one| one.cite.as_str()).collect();
    Refusal::new("transfer_refused", Kind::Forbidden).with("reason", reason).with(
        "legal",
        serde_json::json!({
            "recipient": to,
            "mechanism_needed": ruling.needs,
            "basis": basis,
            "checked": if memory { "memory" } else { "text" },
        }),
    )
}

fn audit(what: &Leaving<'_>, row: &Transfer, id: TransferId) -> AuditEntry {
    let cites: Vec<&str> = row.basis.iter().map(|one| one.rule.as_str()).collect();
    AuditEntry {
        actor: what.actor.to_owned(),
        action: match row.answer {
            Answered::Allow | Answered::Mask => "transfer",
            Answered::Hold => "transfer_held",
            Answered::Refuse => "transfer_refused",
        },
        purpose: "",
        resource: id.to_string(),
        relation: row.kind.word().to_owned(),
        subjects: what.persons.to_vec(),
        fields: row.fields.clone(),
        rule: match row.reason.as_deref() {
            Some(reason) if cites.is_empty() => format!("house.{reason}"),
            _ => cites.join(" "),
        },
        allowed: matches!(row.answer, Answered::Allow | Answered::Mask),
        case: None,
    }
}
