//! The heart of the write path, pure: decisions are checked one after the other against what is true, each seeing what those before it
//! changed. One that is refused changes nothing, so it harms no other of its batch.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::Arc,
};

use sarai_kernel::{
    CommitError, Committed, EventId, Timestamp,
    audit::AuditRow,
    document::DocRef,
    event::{Event, NewEvent},
    ledger::PostingSet,
    tally::{Counted, Token, Ways},
};

use sarai_seal::SubjectId;
use uuid::Uuid;

use crate::{
    prepare::{Prepared, PreparedDraft},
    snapshot::{Head, KeyRow, Purse, Snapshot},
};

/// What a batch writes.
#[derive(Debug)]
pub struct Plan<'a> {
    /// What is true after the decisions so far.
    now: Snapshot,
    /// Keys as they were before the batch, of documents that changed.
    keys_before: HashMap<DocRef, Vec<KeyRow>>,
    /// The last text of each changed document; `None` once removed.
    pub documents: HashMap<DocRef, Option<&'a PreparedDraft>>,
    /// Moment of the last change of each.
    updated_at: HashMap<DocRef, i64>,
    pub events: Vec<Arc<Event>>,
    pub audit: Vec<AuditRow>,
    pub sets: Vec<(&'a PostingSet, Timestamp)>,
    pub lines: Vec<PlannedLine<'a>>,
    /// Accounts that changed, and whether they may be negative.
    pub purses: HashMap<Purse, bool>,
    pub answers: Vec<&'a Prepared>,
    pub erased: Vec<(i64, SubjectId, Timestamp)>,
    /// Tallies that grew.
    pub grown: HashSet<String>,
    /// Persons who are in a tally in a new way.
    pub marked: HashMap<(String, Token), Ways>,
}

/// A key with its document.
pub type KeyOf<'a> = (&'a DocRef, &'a KeyRow);

/// A line of a posting set with its place.
#[derive(Debug)]
pub struct PlannedLine<'a> {
    pub seq: i64,
    pub at: Timestamp,
    pub account: String,
    pub amount: i64,
    pub balance_after: i64,
    pub set: &'a PostingSet,
}

/// What the check of a decision works out for its application.
struct Checked {
    balances: HashMap<Purse, i64>,
}

impl<'a> Plan<'a> {
    /// Nothing yet, on top of what is true.
    pub fn new(now: Snapshot) -> Self {
        Self {
            now,
            keys_before: HashMap::new(),
            documents: HashMap::new(),
            updated_at: HashMap::new(),
            events: Vec::new(),
            audit: Vec::new(),
            sets: Vec::new(),
            lines: Vec::new(),
            purses: HashMap::new(),
            answers: Vec::new(),
            erased: Vec::new(),
            grown: HashSet::new(),
            marked: HashMap::new(),
        }
    }

    /// Takes one decision into the plan, or says why not.
    pub fn take(&mut self, decision: &'a Prepared) -> Result<Committed, CommitError> {
        let checked = self.check(decision)?;
        Ok(self.apply(decision, checked))
    }

    /// The last places given.
    pub const fn head(&self) -> &Head {
        &self.now.head
    }

    /// Version, moment of making and of the last change of a document that the plan writes.
    pub fn state_of(&self, at: &DocRef) -> (u64, i64, i64) {
        let (version, created_at) = self.now.documents.get(at).copied().unwrap_or_default();
        (version, created_at, self.updated_at.get(at).copied().unwrap_or(created_at))
    }

    /// The balance of an account after the plan.
    pub fn balance(&self, purse: &Purse) -> i64 {
        self.now.balances.get(purse).copied().unwrap_or(0)
    }

    /// A tally's count after the plan.
    pub fn tally(&self, name: &str) -> Counted {
        self.now.tallies.get(name).copied().unwrap_or_default()
    }

    /// Keys that go, and keys that come.
    pub fn key_changes(&self) -> (Vec<KeyOf<'_>>, Vec<KeyOf<'_>>) {
        let (mut gone, mut new) = (Vec::new(), Vec::new());
        for (at, before) in &self.keys_before {
            let after = self.now.keys.get(at).map_or(&[][..], Vec::as_slice);
            let had: HashSet<_> = before.iter().collect();
            let has: HashSet<_> = after.iter().collect();
            gone.extend(had.difference(&has).map(|key| (at, *key)));
            new.extend(has.difference(&had).map(|key| (at, *key)));
        }
        (gone, new)
    }

    fn check(&self, decision: &Prepared) -> Result<Checked, CommitError> {
        self.check_answer(decision)?;
        self.check_fence(decision)?;
        self.check_versions(decision)?;
        self.check_unique(decision)?;
        self.check_persons(decision)?;
        self.check_tallies(decision)?;
        let balances = self.check_postings(&decision.postings)?;
        Ok(Checked { balances })
    }

    fn check_answer(&self, decision: &Prepared) -> Result<(), CommitError> {
        let Some(answer) = &decision.answer else { return Ok(()) };
        match self.now.answers.get(&answer.once.scope) {
            Some((stored, keep_until)) if *keep_until > decision.at.as_micros() => {
                Err(CommitError::Answered(Box::new(stored.clone())))
            }
            _ => Ok(()),
        }
    }

    fn check_fence(&self, decision: &Prepared) -> Result<(), CommitError> {
        match &decision.fence {
            Some((name, fence)) if self.now.fences.get(name) != Some(fence) => {
                Err(CommitError::Fenced)
            }
            _ => Ok(()),
        }
    }

    fn check_versions(&self, decision: &Prepared) -> Result<(), CommitError> {
        let drafts = decision.drafts.iter().map(|draft| (&draft.at, draft.expect));
        let removals = decision.removals.iter().map(|(at, version)| (at, *version));
        let mut changed: Vec<_> = drafts.chain(removals).collect();
        if let Some((at, _)) = changed.iter().find(|(at, expect)| self.version(at) != *expect) {
            return Err(CommitError::Conflict((*at).clone()));
        }
        // A decision that changes a document twice contradicts itself.
        changed.sort_unstable();
        if let Some([(at, _), _]) =
            changed.windows(2).find(|pair| matches!(pair, [(a, _), (b, _)] if a == b))
        {
            return Err(CommitError::Conflict((*at).clone()));
        }
        match decision.expects.iter().find(|(at, version)| self.version(at) != *version) {
            Some((at, _)) => Err(CommitError::Conflict(at.clone())),
            None => Ok(()),
        }
    }

    fn version(&self, at: &DocRef) -> u64 {
        self.now.documents.get(at).map_or(0, |(version, _)| *version)
    }

    fn check_persons(&self, decision: &Prepared) -> Result<(), CommitError> {
        let gone = |subject: &SubjectId| {
            !self.now.sealable.contains(subject) || decision.erased.contains(subject)
        };
        match decision.sealed_for.iter().find(|subject| gone(subject)) {
            Some(subject) => Err(CommitError::Erased(*subject)),
            None => Ok(()),
        }
    }

    /// A decision that rests on a count is made anew if the count moved.
    fn check_tallies(&self, decision: &Prepared) -> Result<(), CommitError> {
        let moved = decision
            .marks
            .iter()
            .any(|marks| marks.expect.is_some_and(|expect| expect != self.tally(&marks.tally)));
        if moved { Err(CommitError::Conflict(DocRef::new("tally", Uuid::nil()))) } else { Ok(()) }
    }

    fn check_unique(&self, decision: &Prepared) -> Result<(), CommitError> {
        let mut claims: HashMap<(&str, &[u8]), &DocRef> = HashMap::new();
        for draft in &decision.drafts {
            for (name, value) in &draft.unique {
                let before = claims.insert((*name, value), &draft.at);
                if before.is_some_and(|other| *other != draft.at) {
                    return Err(CommitError::Duplicate(name));
                }
            }
        }
        for draft in &decision.drafts {
            for (name, value) in &draft.unique {
                if self.held_by_other(decision, &draft.at, name, value) {
                    return Err(CommitError::Duplicate(name));
                }
            }
        }
        Ok(())
    }

    /// Whether a document that this decision does not touch holds the key. One that it touches lets go of all its keys first.
    fn held_by_other(
        &self,
        decision: &Prepared,
        at: &DocRef,
        name: &'static str,
        value: &[u8],
    ) -> bool {
        let key = (Cow::Borrowed(name), value.to_vec());
        match self.now.holders.get(&key) {
            Some(holder) if holder != at => {
                let drafted = decision.drafts.iter().any(|draft| draft.at == *holder);
                !drafted && !decision.removals.iter().any(|(at, _)| at == holder)
            }
            _ => false,
        }
    }

    fn check_postings(&self, sets: &[PostingSet]) -> Result<HashMap<Purse, i64>, CommitError> {
        let mut balances: HashMap<Purse, i64> = HashMap::new();
        let mut made = HashSet::new();
        for set in sets {
            let key = (set.subject().to_owned(), set.cause().to_owned());
            if self.now.posted.contains(&key) || !made.insert(key) {
                return Err(CommitError::PostedBefore(set.cause()));
            }
            self.add_set(set, &mut balances)?;
        }
        Ok(balances)
    }

    /// Adds a set to the balances; after each set no account may be below zero that may not.
    fn add_set(
        &self,
        set: &PostingSet,
        balances: &mut HashMap<Purse, i64>,
    ) -> Result<(), CommitError> {
        for line in set.lines() {
            let purse = (line.account.to_string(), set.currency());
            let balance = balances.get(&purse).copied().unwrap_or_else(|| self.balance(&purse));
            let sum = balance.checked_add(line.amount_minor);
            let sum = sum.ok_or_else(|| CommitError::Funds(purse.0.clone()))?;
            balances.insert(purse, sum);
        }
        for line in set.lines().iter().filter(|line| !line.account.may_be_negative()) {
            let purse = (line.account.to_string(), set.currency());
            if balances.get(&purse).is_some_and(|balance| *balance < 0) {
                return Err(CommitError::Funds(purse.0));
            }
        }
        Ok(())
    }

    fn apply(&mut self, decision: &'a Prepared, checked: Checked) -> Committed {
        for (at, _) in &decision.removals {
            self.remove(at);
        }
        // All keys are let go before any is taken: two documents may swap one.
        for draft in &decision.drafts {
            self.let_go(&draft.at);
        }
        for draft in &decision.drafts {
            self.put(draft, decision.at);
        }
        self.post(&decision.postings, decision.at, checked.balances);
        let events = decision.events.iter().map(|event| self.record(event, decision.at)).collect();
        let audit_seq = self.log(decision);
        self.mark(decision);
        self.bury(decision);
        self.keep_answer(decision);
        Committed { events, audit_seq }
    }

    fn remove(&mut self, at: &DocRef) {
        self.let_go(at);
        self.now.documents.remove(at);
        self.documents.insert(at.clone(), None);
    }

    fn let_go(&mut self, at: &DocRef) {
        let keys = self.now.keys.remove(at).unwrap_or_default();
        for key in keys.iter().filter(|key| key.only_one) {
            let key = (key.name.clone(), key.value.clone());
            if self.now.holders.get(&key) == Some(at) {
                self.now.holders.remove(&key);
            }
        }
        self.keys_before.entry(at.clone()).or_insert(keys);
    }

    fn put(&mut self, draft: &'a PreparedDraft, at: Timestamp) {
        let created_at =
            self.now.documents.get(&draft.at).map_or(at.as_micros(), |(_, made)| *made);
        self.now.documents.insert(draft.at.clone(), (draft.expect + 1, created_at));
        self.updated_at.insert(draft.at.clone(), at.as_micros());
        for key in draft.keys.iter().filter(|key| key.only_one) {
            self.now.holders.insert((key.name.clone(), key.value.clone()), draft.at.clone());
        }
        self.now.keys.insert(draft.at.clone(), draft.keys.clone());
        self.documents.insert(draft.at.clone(), Some(draft));
    }

    fn post(&mut self, sets: &'a [PostingSet], at: Timestamp, after: HashMap<Purse, i64>) {
        for set in sets {
            self.now.posted.insert((set.subject().to_owned(), set.cause().to_owned()));
            self.sets.push((set, at));
            for line in set.lines() {
                let purse = (line.account.to_string(), set.currency());
                self.purses.insert(purse.clone(), line.account.may_be_negative());
                let balance = self.now.balances.entry(purse.clone()).or_insert(0);
                // The check added the same numbers without overflow.
                *balance = balance.saturating_add(line.amount_minor);
                self.now.head.posting_seq += 1;
                self.lines.push(PlannedLine {
                    seq: self.now.head.posting_seq,
                    at,
                    account: purse.0,
                    amount: line.amount_minor,
                    balance_after: *balance,
                    set,
                });
            }
        }
        debug_assert!(after.iter().all(|(purse, sum)| self.now.balances.get(purse) == Some(sum)));
    }

    fn record(&mut self, event: &NewEvent, at: Timestamp) -> Event {
        self.now.head.event_seq += 1;
        let seq = self.now.subject_seqs.entry(event.subject.clone()).or_insert(0);
        *seq += 1;
        let event = Event {
            id: EventId::new(at),
            global_seq: self.now.head.event_seq,
            kind: event.kind.to_owned(),
            at,
            subject_kind: event.subject_kind.to_owned(),
            subject: event.subject.clone(),
            version: event.version,
            seq: *seq,
            audience: event.audience.iter().map(|party| party.uuid()).collect(),
            on_board: event.on_board,
            data: event.data.clone(),
        };
        self.events.push(Arc::new(event.clone()));
        event
    }

    fn log(&mut self, decision: &Prepared) -> i64 {
        for entry in &decision.audit {
            let head = &mut self.now.head;
            let row = AuditRow::link((head.audit_seq, head.audit_hash), decision.at, entry);
            head.audit_seq = row.seq;
            head.audit_hash = row.hash;
            self.audit.push(row);
        }
        match decision.audit.is_empty() {
            true => 0,
            false => self.now.head.audit_seq,
        }
    }

    fn mark(&mut self, decision: &Prepared) {
        for marks in &decision.marks {
            for (token, ways) in &marks.members {
                let member = (marks.tally.clone(), *token);
                let before = self.now.ways.get(&member).copied().unwrap_or_default();
                let after = before.and(*ways);
                if after == before {
                    continue;
                }
                let count = self.now.tallies.entry(marks.tally.clone()).or_default();
                *count = count.moved(before, after);
                self.grown.insert(marks.tally.clone());
                self.now.ways.insert(member.clone(), after);
                self.marked.insert(member, after);
            }
        }
    }

    fn bury(&mut self, decision: &Prepared) {
        for subject in &decision.erase {
            if self.erased.iter().any(|(_, erased, _)| erased == subject) {
                continue;
            }
            self.now.sealable.remove(subject);
            self.now.head.tombstone_seq += 1;
            self.erased.push((self.now.head.tombstone_seq, *subject, decision.at));
        }
    }

    fn keep_answer(&mut self, decision: &'a Prepared) {
        if let Some(answer) = &decision.answer {
            let keep_until = answer.once.keep_until.as_micros();
            self.now.answers.insert(answer.once.scope, (answer.stored.clone(), keep_until));
            self.answers.push(decision);
        }
    }
}
