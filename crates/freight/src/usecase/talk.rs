//! The talk of a load and a trucker: opened once, with every version of an offer in it as a message.

use sarai_kernel::{
    Caller, Command, Decision, Draft, FieldCheck, Kind, LoadId, MessageId, NewEvent, Outcome,
    PartyId, Query, Refusal, StoreExt, ThreadId, Timestamp, UseCaseError,
    document::Clear,
    mask,
    personal::Words,
    thread::{MESSAGE_CHARS_MAX, Message, MessageKind, Thread},
};
use sarai_seal::Sealed;

use super::common::need_active;
use crate::{
    market::Freight,
    model::{Load, LoadState, Offer},
    rules::post::wire,
};

/// A thread in hand, with what will be said in it.
pub(crate) struct Talk {
    /// Its id.
    pub id: ThreadId,
    version: u64,
    /// The thread.
    pub thread: Thread,
    said: Vec<Message>,
}

impl Freight {
    /// The talk of `trucker` about a load: the one there is, or a new one.
    pub(crate) async fn talk(
        &self,
        load: LoadId,
        owner: PartyId,
        trucker: PartyId,
        now: Timestamp,
    ) -> Result<Talk, UseCaseError> {
        let about = load.to_string();
        let query = Query::by("thread", "thread.pair", Thread::pair(&about, trucker));
        if let Some(found) = self.store.first::<Thread>(query).await? {
            let id = ThreadId::from_uuid(found.id);
            return Ok(Talk { id, version: found.version, thread: found.record, said: Vec::new() });
        }
        let thread = Thread {
            market: "freight".to_owned(),
            about,
            poster: owner,
            other: trucker,
            order: None,
            open_contact: false,
            closed: false,
            messages: 0,
            last_at: now,
            read_poster: 0,
            read_other: 0,
        };
        Ok(Talk { id: ThreadId::new(now), version: 0, thread, said: Vec::new() })
    }
}

impl Talk {
    /// Says something in it. Contact data in the words stays covered until an order is booked.
    pub(crate) fn say(
        &mut self,
        author: PartyId,
        kind: MessageKind,
        facts: Clear,
        words: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let words = words.map(str::trim).filter(|words| !words.is_empty());
        let covered = match words {
            Some(words) if !self.thread.open_contact => mask::contacts(words),
            _ => Vec::new(),
        };
        let sealed = words
            .map(|words| Words::new(words).map(Sealed::new))
            .transpose()
            .map_err(|_| Refusal::new("validation_failed", Kind::Invalid))?;
        self.thread.messages += 1;
        self.thread.last_at = now;
        self.said.push(Message {
            author_subject: author.subject(),
            thread: self.id,
            number: self.thread.messages,
            author,
            at: now,
            kind,
            facts,
            covered,
            words: sealed,
        });
        Ok(())
    }

    /// The version that the thread has once it is written.
    pub(crate) const fn next_version(&self) -> u64 {
        self.version + 1
    }

    /// Writes thread and messages.
    pub(crate) fn write(
        self,
        mut decision: Decision,
        now: Timestamp,
    ) -> Result<Decision, UseCaseError> {
        let next = self.next_version();
        for message in &self.said {
            let id = MessageId::new(now);
            decision = decision.write(Draft::create(id.uuid(), message, message.keys())?);
            let mut data = Clear::new();
            data.insert("message".to_owned(), id.to_string().into());
            data.insert("number".to_owned(), message.number.into());
            decision = decision.event(NewEvent {
                kind: "kernel.message.sent",
                subject_kind: "thread",
                subject: self.id.to_string(),
                version: next,
                audience: vec![self.thread.poster, self.thread.other],
                on_board: false,
                data,
            });
        }
        let draft = Draft::update(self.id.uuid(), self.version, &self.thread, self.thread.keys())?;
        Ok(decision.write(draft))
    }
}

/// The facts of an offer's version, as they stand in the talk.
pub(crate) fn offer_facts(id: sarai_kernel::OfferId, version: u64, offer: &Offer) -> Clear {
    let mut facts = Clear::new();
    facts.insert("offer".to_owned(), id.to_string().into());
    facts.insert("version".to_owned(), version.into());
    facts.insert("by".to_owned(), offer.made_by.word().into());
    facts.insert("state".to_owned(), offer.state.word().into());
    facts.insert("price".to_owned(), wire(offer.terms.price()));
    facts.insert("keep".to_owned(), wire(offer.terms.keep()));
    facts.insert("pay".to_owned(), wire(offer.terms.pay()));
    facts.insert("expires_at".to_owned(), offer.expires_at.to_string().into());
    facts
}

/// Words that go with an offer.
pub(crate) fn check_words(words: Option<&str>) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    if let Some(words) = words {
        check.length("/words", words, 0, MESSAGE_CHARS_MAX);
        check.plain_text("/words", words);
    }
    check.finish()
}

/// A verified trucker opens, or finds, the talk about an open load.
pub async fn open_talk(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: LoadId,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    market.need_trucker(caller, command.now).await?;
    let now = command.now;
    market
        .commit(now, || async {
            let load: Load = market.load(id).await?.record;
            if load.owner == caller.party {
                return Err(super::common::not_allowed().into());
            }
            let talk = market.talk(id, load.owner, caller.party, now).await?;
            if talk.version == 0 && load.state != LoadState::Open {
                return Err(Refusal::not_found().into());
            }
            let state = if talk.thread.closed { "closed" } else { "open" };
            let fresh = talk.version == 0;
            let version = if fresh { 1 } else { talk.version };
            let outcome = Outcome::of(201, talk.id, version).state(state);
            let decision = Decision::new("freight.open_talk", now);
            let decision = if fresh { talk.write(decision, now)? } else { decision };
            Ok((decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}
