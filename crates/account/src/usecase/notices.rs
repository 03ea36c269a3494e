//! Notices on their way: the worker opens each for its own purpose, hands it over, and forgets it.

use sarai_gate::outbound::{
    Approving, Ground, Leave, Leaving, RecipientForm, RecipientKind, Released, Sector, recipient,
};
use sarai_kernel::{
    Decision, Draft, Key, Kind, NoticeId, Query, Refusal, StoreExt, Stored, Timestamp,
    personal::{Phone, Words},
    purpose::Notify,
    time::{MINUTE, SECOND},
};
use sarai_seal::{Purpose, Sealed, SubjectId};
use zeroize::Zeroizing;

use crate::{
    Account, Letter, Sender,
    account::{by_system, denied, internal},
    model::{Channel, Notice, NoticeTo, NoticeWords},
};

/// Notices handed over in one round.
const ROUND_MAX: u32 = 100;
/// Tries for one notice.
const TRIES_MAX: u32 = 5;
/// Wait before the second try; twice as long each time after.
const RETRY_MICROS: i64 = 10 * SECOND;

/// The keys of a notice that is due at `due`.
pub(crate) fn keys(notice: &Notice, due: Timestamp) -> Vec<Key> {
    vec![Key::timer("account.notice", due), Key::new("notice.all", "1", notice.at.as_micros())]
}

/// A short message of another room to a telephone number: a draft for the decision that it belongs to.
pub fn text_message(
    subject: SubjectId,
    (to, title, body): (&Phone, String, &str),
    (now, until): (Timestamp, Timestamp),
) -> Result<Draft, Refusal> {
    let words = |text: &str| Words::new(text).map_err(|_| internal());
    let notice = Notice {
        subject,
        channel: Channel::Sms,
        at: now,
        until,
        tries: 0,
        title,
        to: Some(Sealed::new(words(to.as_str())?)),
        words: Some(Sealed::new(words(body)?)),
    };
    Ok(Draft::create(NoticeId::new(now).uuid(), &notice, keys(&notice, now))?)
}

/// Hands over what is due. How many left.
pub async fn deliver_due(
    account: &Account,
    sender: &dyn Sender,
    now: Timestamp,
) -> Result<usize, Refusal> {
    let due = Query::by("notice", "timer", "account.notice");
    let due = due.up_to(now.as_micros()).limit(ROUND_MAX);
    let mut left = 0;
    for (notice, _) in account.store.records::<Notice>(due).await? {
        left += usize::from(deliver(account, sender, notice, now).await?);
    }
    Ok(left)
}

async fn deliver(
    account: &Account,
    sender: &dyn Sender,
    notice: Stored<Notice>,
    now: Timestamp,
) -> Result<bool, Refusal> {
    let id = NoticeId::from_uuid(notice.id).to_string();
    let sent = now < notice.record.until && {
        let leave = match leave(account, sender, &notice, &id, now).await {
            Ok(leave) => leave,
            // It waits like one that did not leave; the row of the gate says why.
            Err(refusal) if refusal.kind != Kind::Unavailable => {
                settle(account, notice, false, now).await?;
                return Ok(false);
            }
            Err(other) => return Err(other),
        };
        let (to, body) = open(account, &notice, now).await?;
        let letter = Letter {
            channel: notice.record.channel,
            to: &to,
            subject: &notice.record.title,
            body: &body,
            id: &id,
            now,
            leave,
        };
        sender.send(letter).await.is_ok()
    };
    settle(account, notice, sent, now).await?;
    Ok(sent)
}

/// The gate's leave for a notice; none is needed where it stays in the house.
async fn leave(
    account: &Account,
    sender: &dyn Sender,
    notice: &Stored<Notice>,
    id: &str,
    now: Timestamp,
) -> Result<Option<Leave>, Refusal> {
    let Some(out) = sender.way() else { return Ok(None) };
    let form = RecipientForm {
        name: out.name,
        country: out.country,
        kind: RecipientKind::Processor,
        purposes: vec![Notify::NAME.to_owned()],
        categories: vec!["contact".to_owned(), "message".to_owned()],
        group: None,
        approving: Approving::Standing,
    };
    let to = recipient::of_way(account.store.as_ref(), out.way, form, now).await?;
    let what = Leaving {
        to,
        actor: "system/notices",
        purpose: Notify::NAME,
        resource: id,
        fields: &["notice.to", "notice.words"],
        persons: &[notice.record.subject],
        more_persons: 0,
        untyped: &[],
        ground: Ground::Contract,
        sector: Sector::General,
        approval: None,
    };
    match account.gate.release(&what, now).await? {
        Released::Whole(leave) => Ok(Some(leave)),
        Released::Covered(..) | Released::Held(_) => {
            Err(Refusal::new("transfer_held", Kind::Forbidden))
        }
    }
}

async fn open(
    account: &Account,
    notice: &Stored<Notice>,
    now: Timestamp,
) -> Result<(Zeroizing<String>, Zeroizing<String>), Refusal> {
    let id = NoticeId::from_uuid(notice.id);
    let fields = ["notice.to", "notice.words"];
    let ask = by_system("notices", "notice", id, notice.record.subject, &fields);
    let grant = account.gate.grant::<Notify>(ask, now).await?;
    let to = grant.open::<NoticeTo>(&notice.record).map_err(denied)?;
    let words = grant.open::<NoticeWords>(&notice.record).map_err(denied)?;
    Ok((Zeroizing::new(to.as_str().to_owned()), Zeroizing::new(words.as_str().to_owned())))
}

/// A notice that left, or that is useless now, is removed; another waits for its next try.
async fn settle(
    account: &Account,
    notice: Stored<Notice>,
    sent: bool,
    now: Timestamp,
) -> Result<(), Refusal> {
    let Stored { id, version, record: mut notice, .. } = notice;
    let mut decision = Decision::new("account.notice", now);
    notice.tries += 1;
    if sent || now >= notice.until || notice.tries >= TRIES_MAX {
        decision.removals.push((sarai_kernel::DocRef::new("notice", id), version));
    } else {
        let wait = (RETRY_MICROS << notice.tries.min(8)).min(10 * MINUTE);
        let keys = keys(&notice, now.plus(wait));
        decision = decision.write(Draft::update(id, version, &notice, keys)?);
    }
    match account.store.commit(decision).await {
        // Another worker settled it: whether it was sent twice the provider knows by its id.
        Ok(_) | Err(sarai_kernel::CommitError::Conflict(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
