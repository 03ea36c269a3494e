//! The one write path: every check first, then everything at once.

use std::collections::BTreeMap;

use sarai_kernel::{
    CommitError, Committed, Currency, Decision, DocRef, Draft, Event, EventId, Money, NewEvent,
    PostingSet, Timestamp,
    audit::{AuditEntry, AuditRow},
    decision::StoredAnswer,
    ledger::PostedLine,
};
use sarai_seal::Content;

use super::{
    same,
    state::{Held, State},
};

type Balances = BTreeMap<(String, Currency), i64>;

impl State {
    pub fn commit(&mut self, decision: Decision) -> Result<Committed, CommitError> {
        self.check_answer(&decision)?;
        self.check_versions(&decision)?;
        self.check_keys(&decision)?;
        self.check_erased(&decision.drafts)?;
        if decision.marks.iter().any(|m| m.expect.is_some_and(|e| e != self.tally(&m.tally))) {
            return Err(CommitError::Conflict(DocRef::new("tally", uuid::Uuid::nil())));
        }
        let (balances, lines) = self.check_money(&decision.postings, decision.at)?;
        Ok(self.apply(decision, balances, lines))
    }

    fn check_answer(&self, decision: &Decision) -> Result<(), CommitError> {
        if let Some((once, _)) = &decision.answer
            && let Some((until, answer)) = self.answers.get(&once.scope)
            && *until > decision.at
        {
            return Err(CommitError::Answered(Box::new(answer.clone())));
        }
        if let Some((name, number)) = &decision.fence
            && !self.holds(name, *number)
        {
            return Err(CommitError::Fenced);
        }
        Ok(())
    }

    fn check_versions(&self, decision: &Decision) -> Result<(), CommitError> {
        let written = decision.drafts.iter().map(|draft| (&draft.at, draft.expect));
        let named = decision.expects.iter().chain(&decision.removals);
        for (at, expect) in written.chain(named.map(|(at, version)| (at, *version))) {
            if self.documents.get(at).map_or(0, |held| held.version) != expect {
                return Err(CommitError::Conflict(at.clone()));
            }
        }
        let changed = decision.drafts.iter().map(|draft| &draft.at);
        let mut changed: Vec<_> =
            changed.chain(decision.removals.iter().map(|(at, _)| at)).collect();
        changed.sort_unstable();
        // A decision that changes a document twice contradicts itself.
        if let Some([at, _]) = changed.windows(2).find(|pair| pair.first() == pair.last()) {
            return Err(CommitError::Conflict((*at).clone()));
        }
        Ok(())
    }

    /// A unique key may be held by one document; one that this very decision removes or rewrites does not count.
    fn check_keys(&self, decision: &Decision) -> Result<(), CommitError> {
        let leaves = |at: &DocRef| {
            decision.drafts.iter().any(|draft| draft.at == *at)
                || decision.removals.iter().any(|(gone, _)| gone == at)
        };
        for (number, draft) in decision.drafts.iter().enumerate() {
            for key in draft.keys.iter().filter(|key| key.unique) {
                let held = self.documents.iter().filter(|(at, _)| !leaves(at));
                let held = held.flat_map(|(_, held)| &held.keys);
                let others = decision.drafts.iter().take(number).flat_map(|other| &other.keys);
                let taken = held.chain(others).any(|other| {
                    other.unique && other.name == key.name && same(&other.value, &key.value)
                });
                if taken {
                    return Err(CommitError::Duplicate(key.name));
                }
            }
        }
        Ok(())
    }

    fn check_erased(&self, drafts: &[Draft]) -> Result<(), CommitError> {
        let parts = drafts.iter().flat_map(|draft| &draft.parts.sealed);
        let mut lost = parts.filter(|part| {
            matches!(part.content, Content::Present(_)) && self.erased.contains(&part.subject)
        });
        lost.next().map_or(Ok(()), |part| Err(CommitError::Erased(part.subject)))
    }

    /// The balances and ledger lines as they will be. The floor holds after each set, not between its lines.
    fn check_money(
        &self,
        sets: &[PostingSet],
        at: Timestamp,
    ) -> Result<(Balances, Vec<PostedLine>), CommitError> {
        let (mut balances, mut lines) = (Balances::new(), Vec::new());
        for (number, set) in sets.iter().enumerate() {
            let twin = |other: &PostingSet| {
                other.subject() == set.subject() && other.cause() == set.cause()
            };
            if self.posted.contains(&(set.subject().to_owned(), set.cause()))
                || sets.iter().take(number).any(twin)
            {
                return Err(CommitError::PostedBefore(set.cause()));
            }
            for line in set.lines() {
                let key = (line.account.to_string(), set.currency());
                let before = balances.get(&key).or(self.balances.get(&key)).copied().unwrap_or(0);
                let after = before
                    .checked_add(line.amount_minor)
                    .ok_or_else(|| CommitError::Funds(key.0.clone()))?;
                let money = Money { amount_minor: line.amount_minor, currency: set.currency() };
                lines.push(PostedLine {
                    seq: (self.lines.len() + lines.len() + 1) as i64,
                    at,
                    account: key.0.clone(),
                    money,
                    balance_after_minor: after,
                    subject: set.subject().to_owned(),
                    cause: set.cause().to_owned(),
                });
                balances.insert(key, after);
            }
            for line in set.lines().iter().filter(|line| !line.account.may_be_negative()) {
                let key = (line.account.to_string(), set.currency());
                if balances.get(&key).is_some_and(|balance| *balance < 0) {
                    return Err(CommitError::Funds(key.0));
                }
            }
        }
        Ok((balances, lines))
    }

    fn apply(
        &mut self,
        decision: Decision,
        balances: Balances,
        lines: Vec<PostedLine>,
    ) -> Committed {
        let at = decision.at;
        for (gone, _) in &decision.removals {
            self.documents.remove(gone);
        }
        for draft in decision.drafts {
            self.write(draft, at);
        }
        self.posted
            .extend(decision.postings.iter().map(|set| (set.subject().to_owned(), set.cause())));
        self.balances.extend(balances);
        self.lines.extend(lines);
        for marks in decision.marks {
            let members = self.tallies.entry(marks.tally).or_default();
            for (token, ways) in marks.members {
                let held = members.entry(token).or_default();
                *held = held.and(ways);
            }
        }
        for subject in decision.erase {
            self.documents.values_mut().for_each(|held| held.erase(subject));
            self.erased.insert(subject);
        }
        if let Some((once, outcome)) = decision.answer {
            let answer = StoredAnswer { fingerprint: once.fingerprint, outcome };
            self.answers.insert(once.scope, (once.keep_until, answer));
        }
        let audit_seq =
            decision.audit.iter().map(|entry| self.append(entry, at)).last().unwrap_or(0);
        let events = decision.events.into_iter().map(|event| self.record(event, at)).collect();
        Committed { events, audit_seq }
    }

    fn write(&mut self, draft: Draft, at: Timestamp) {
        let created_at = self.documents.get(&draft.at).map_or(at, |held| held.created_at);
        let held = Held {
            version: draft.expect + 1,
            created_at,
            updated_at: at,
            parts: draft.parts,
            keys: draft.keys,
        };
        self.documents.insert(draft.at, held);
    }

    fn append(&mut self, entry: &AuditEntry, at: Timestamp) -> i64 {
        let last = self.audit.last().map_or((0, [0; 32]), |row| (row.seq, row.hash));
        let row = AuditRow::link(last, at, entry);
        let seq = row.seq;
        self.audit.push(row);
        seq
    }

    fn record(&mut self, new: NewEvent, at: Timestamp) -> Event {
        let seq = self.events.iter().filter(|event| event.subject == new.subject).count() + 1;
        let event = Event {
            id: EventId::new(at),
            global_seq: (self.events.len() + 1) as i64,
            kind: new.kind.to_owned(),
            at,
            subject_kind: new.subject_kind.to_owned(),
            subject: new.subject,
            version: new.version,
            seq: seq as u64,
            audience: new.audience.iter().map(|party| party.uuid()).collect(),
            on_board: new.on_board,
            data: new.data,
        };
        self.events.push(event.clone());
        event
    }
}
