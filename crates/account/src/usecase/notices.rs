//! Notices on their way: the worker opens each for its own purpose, hands it over, and forgets it.

use sarai_kernel::{
    Decision, Draft, Key, NoticeId, Query, Refusal, StoreExt, Stored, Timestamp,
    purpose::Notify,
    time::{MINUTE, SECOND},
};
use zeroize::Zeroizing;

use crate::{
    Account, Letter, Sender,
    account::{by_system, denied},
    model::{Notice, NoticeTo, NoticeWords},
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
        let (to, body) = open(account, &notice, now).await?;
        let letter = Letter {
            channel: notice.record.channel,
            to: &to,
            subject: &notice.record.title,
            body: &body,
            id: &id,
            now,
        };
        sender.send(letter).await.is_ok()
    };
    settle(account, notice, sent, now).await?;
    Ok(sent)
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
