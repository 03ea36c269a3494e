//! Talk: threads of two, messages with contact data covered, marks of what was read, reports.

use sarai_kernel::{
    Caller, Command, Decision, Draft, FieldCheck, FieldError, Key, Kind, MessageId, NewEvent,
    Outcome, PartyId, Query, Refusal, StoreExt, Stored, ThreadId, UseCaseError, decide_and_commit,
    document::Clear,
    mask,
    personal::Words,
    thread::{MESSAGE_CHARS_MAX, Message, MessageKind, Thread},
    time::MINUTE,
};
use sarai_seal::Sealed;
use uuid::Uuid;

use crate::{Account, account::active, model::Report};

/// Messages of one author in a thread within a minute.
pub const MESSAGES_A_MINUTE_MAX: usize = 30;
/// Why talk is reported.
pub const REPORT_REASONS: [&str; 5] = ["fraud", "abuse", "spam", "contact_fishing", "other"];

/// A thread that the caller is in.
pub async fn thread(
    account: &Account,
    party: PartyId,
    id: ThreadId,
) -> Result<Stored<Thread>, Refusal> {
    let found = account.store.load::<Thread>(id.uuid()).await?;
    found.filter(|thread| thread.record.has(party)).ok_or_else(Refusal::not_found)
}

/// Threads of a party, by their last message.
pub async fn threads(
    account: &Account,
    party: PartyId,
    limit: u32,
    after: Option<(i64, Uuid)>,
) -> Result<Vec<(Stored<Thread>, i64)>, Refusal> {
    let query = Query::by("thread", "thread.party", party).newest_first();
    Ok(account.store.records::<Thread>(query.limit(limit).after(after)).await?)
}

/// Messages of a thread, oldest first.
pub async fn messages(
    account: &Account,
    id: ThreadId,
    limit: u32,
    after: Option<(i64, Uuid)>,
) -> Result<Vec<(Stored<Message>, i64)>, Refusal> {
    let query = Query::by("message", "message.thread", id);
    Ok(account.store.records::<Message>(query.limit(limit).after(after)).await?)
}

/// Says something.
pub async fn say(
    account: &Account,
    caller: &Caller,
    id: ThreadId,
    text: &str,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    active(caller)?;
    let mut check = FieldCheck::new();
    check.length("/text", text.trim(), 1, MESSAGE_CHARS_MAX);
    check.require(Words::new(text).is_ok(), || FieldError::new("/text", "pattern"));
    check.finish()?;
    let message = MessageId::new(command.now);
    decide_and_commit(&*account.store, || write(account, caller, id, message, text, command)).await
}

async fn write(
    account: &Account,
    caller: &Caller,
    id: ThreadId,
    message: MessageId,
    text: &str,
    command: Command,
) -> Result<(Decision, Outcome), UseCaseError> {
    let now = command.now;
    let Stored { version, record: mut thread, .. } = thread(account, caller.party, id).await?;
    if thread.closed {
        return Err(Refusal::new("listing_closed", Kind::Conflict).into());
    }
    slow_enough(account, caller.party, id, now).await?;
    thread.messages += 1;
    thread.last_at = now;
    mark_read(&mut thread, caller.party);
    let words = Words::new(text).ok();
    let covered = words.as_ref().map(|words| mask::contacts(words.as_str())).unwrap_or_default();
    let record = Message {
        author_subject: caller.party.subject(),
        thread: id,
        number: thread.messages,
        author: caller.party,
        at: now,
        kind: MessageKind::Text,
        facts: Clear::new(),
        covered: if thread.open_contact { Vec::new() } else { covered },
        words: words.map(Sealed::new),
    };
    let outcome = Outcome::of(201, message, 1);
    let decision = Decision::new("account.say", now)
        .write(Draft::update(id.uuid(), version, &thread, thread.keys())?)
        .write(Draft::create(message.uuid(), &record, record.keys())?)
        .event(said(id, message, &thread, version + 1))
        .answer(command.once, outcome.clone());
    Ok((decision, outcome))
}

/// Thirty messages a minute are a talk; more are a flood.
async fn slow_enough(
    account: &Account,
    author: PartyId,
    id: ThreadId,
    now: sarai_kernel::Timestamp,
) -> Result<(), Refusal> {
    let query = Query::by("message", "message.thread", id).newest_first().limit(100);
    let newest = account.store.records::<Message>(query).await?;
    let recent = newest.iter().filter(|(message, _)| {
        message.record.author == author && now.since(message.record.at) < MINUTE
    });
    if recent.count() >= MESSAGES_A_MINUTE_MAX {
        return Err(crate::rules::code::too_often(now.plus(MINUTE), now));
    }
    Ok(())
}

fn mark_read(thread: &mut Thread, party: PartyId) {
    let read =
        if thread.poster == party { &mut thread.read_poster } else { &mut thread.read_other };
    *read = thread.messages;
}

fn said(id: ThreadId, message: MessageId, thread: &Thread, version: u64) -> NewEvent {
    let mut data = Clear::new();
    data.insert("message".to_owned(), message.to_string().into());
    data.insert("number".to_owned(), thread.messages.into());
    NewEvent {
        kind: "kernel.message.sent",
        subject_kind: "thread",
        subject: id.to_string(),
        version,
        audience: vec![thread.poster, thread.other],
        on_board: false,
        data,
    }
}

/// Marks everything as read.
pub async fn read(
    account: &Account,
    caller: &Caller,
    id: ThreadId,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    decide_and_commit(&*account.store, || async move {
        let Stored { version, record: mut thread, .. } = thread(account, caller.party, id).await?;
        mark_read(&mut thread, caller.party);
        let state = if thread.closed { "closed" } else { "open" };
        let outcome = Outcome::of(200, id, version + 1).state(state);
        let decision = Decision::new("account.read", command.now)
            .write(Draft::update(id.uuid(), version, &thread, thread.keys())?)
            .answer(command.once, outcome.clone());
        Ok::<_, UseCaseError>((decision, outcome))
    })
    .await
}

/// How many messages a party has not read.
pub fn unread(thread: &Thread, party: PartyId) -> u64 {
    let read = if thread.poster == party { thread.read_poster } else { thread.read_other };
    thread.messages.saturating_sub(read)
}

/// Reports a thread or a message of it.
pub async fn report(
    account: &Account,
    caller: &Caller,
    id: ThreadId,
    message: Option<MessageId>,
    (reason, words): (&str, Option<&str>),
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    let thread = thread(account, caller.party, id).await?;
    let mut check = FieldCheck::new();
    check.require(REPORT_REASONS.contains(&reason), || FieldError::new("/reason", "not_in_list"));
    let sealed = words.map(|text| Words::new(text).ok());
    check.require(sealed.as_ref().is_none_or(Option::is_some), || {
        FieldError::new("/words", "pattern")
    });
    check.finish()?;
    let report = Report {
        subject: caller.party.subject(),
        party: caller.party,
        thread: id.to_string(),
        message: message.map(|id| id.to_string()),
        reason: reason.to_owned(),
        at: now,
        words: sealed.flatten().map(Sealed::new),
    };
    let keys = vec![
        Key::new("report.all", "waiting", now.as_micros()),
        // One report a person and thread: a second one says nothing new.
        Key::unique("report.once", format!("{id}/{}", caller.party)),
    ];
    let outcome = Outcome::of(202, id, thread.version).state("reported");
    let decision = Decision::new("account.report", now)
        .write(Draft::create(Uuid::now_v7(), &report, keys)?)
        .answer(command.once, outcome.clone());
    match account.store.commit(decision).await {
        Ok(_) | Err(sarai_kernel::CommitError::Duplicate(_)) => Ok(outcome),
        Err(error) => Err(error.into()),
    }
}
