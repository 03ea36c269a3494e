//! Sends a one-time code to a number or address. The same answer and the same work whether anybody holds it or not.

use std::hash::{DefaultHasher, Hash, Hasher};

use sarai_kernel::{
    ChallengeId, Command, Decision, Draft, NoticeId, Outcome, PartyId, Query, Refusal, StoreExt,
    Timestamp, UseCaseError, decide_and_commit,
    party::{Language, Party},
    personal::{Email, Phone, Words},
};
use sarai_seal::{Sealed, SubjectId};

use super::notices;
use crate::{
    Account,
    account::internal,
    model::{Challenge, Channel, Notice},
    rules::code::{self, Kept, SEND_GAP_MICROS},
};

/// Where a code goes.
pub enum Contact {
    /// A telephone number.
    Phone(Phone),
    /// An e-mail address.
    Email(Email),
}

impl Contact {
    /// Reads whichever of the two is given.
    pub fn parse(text: &str) -> Option<Self> {
        let phone = Phone::new(text).ok().map(Self::Phone);
        phone.or_else(|| Email::new(text).ok().map(Self::Email))
    }

    /// A second copy, for the next try after a lost race.
    pub(crate) fn again(&self) -> Option<Self> {
        match self {
            Self::Phone(phone) => Phone::new(phone.as_str()).ok().map(Self::Phone),
            Self::Email(email) => Email::new(email.as_str()).ok().map(Self::Email),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.as_str(),
            Self::Email(email) => email.as_str(),
        }
    }

    const fn channel(&self) -> Channel {
        match self {
            Self::Phone(_) => Channel::Sms,
            Self::Email(_) => Channel::Email,
        }
    }

    /// A hash of what a block of numbers, or the addresses of a domain, have in common.
    fn prefix(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match self {
            Self::Phone(phone) => phone.prefix().hash(&mut hasher),
            Self::Email(email) => {
                // Everybody may live under one large domain, so a block is the whole address.
                email.as_str().hash(&mut hasher);
            }
        }
        hasher.finish()
    }

    /// A challenge that holds this contact.
    pub(crate) fn challenge(self, subject: SubjectId, newest: Kept) -> Challenge {
        let (phone, email) = match self {
            Self::Phone(phone) => (Some(Sealed::new(phone)), None),
            Self::Email(email) => (None, Some(Sealed::new(email))),
        };
        Challenge { subject, newest, sent: Vec::new(), wrong: Vec::new(), phone, email }
    }
}

/// Who asks for a code.
pub struct Asker<'a> {
    /// Address group: IPv4 as it is, IPv6 by its first 64 bits.
    pub address: &'a str,
    /// Language of the notice.
    pub language: Language,
}

/// Sends a code; 202 with the challenge.
pub async fn send_code(
    account: &Account,
    asker: Asker<'_>,
    to: &Contact,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    account
        .limits(|limits| limits.send(asker.address, to.prefix(), now))
        .map_err(|again| code::too_often(again, now))?;
    let outcome =
        decide_and_commit(&*account.store, || decide(account, &asker, to, command)).await?;
    account.notices.notify_one();
    Ok(outcome)
}

async fn decide(
    account: &Account,
    asker: &Asker<'_>,
    to: &Contact,
    command: Command,
) -> Result<(Decision, Outcome), UseCaseError> {
    let now = command.now;
    let id = ChallengeId::new(now);
    let digits = code::draw().map_err(|_| internal())?;
    let kept = Kept::new(&account.secrets.codes, id, &digits, now);
    let fresh = PartyId::new(now).subject();
    let mut challenge = to.again().ok_or_else(internal)?.challenge(fresh, kept);
    let (key, value) = challenge.contact().ok_or_else(internal)?;
    let holder = account.store.first::<Party>(Query::by("party", key, value)).await?;
    let old = former(account, &challenge).await?;
    challenge.subject = match (&holder, &old) {
        (Some(party), _) => party.record.subject,
        // Whoever held the number before and moved on is not who gets this code.
        (None, Some((_, _, old))) if !is_party(account, old.subject).await? => old.subject,
        (None, _) => fresh,
    };
    let mut at = (uuid::Uuid::now_v7(), 0);
    if let Some((place, version, old)) = old {
        at = (place, version);
        challenge.sent = old.sent;
        challenge.wrong = old.wrong;
    }
    code::forget_old(&mut challenge.sent, now);
    code::forget_old(&mut challenge.wrong, now);
    code::may_send(&challenge.sent, now).map_err(|again| code::too_often(again, now))?;
    challenge.sent.push(now);
    let notice = letter(account, asker, to, challenge.subject, &digits, now)?;
    let outcome = answer(&challenge, now);
    let decision = Decision::new("account.send_code", now)
        .write(Draft::update(at.0, at.1, &challenge, challenge.keys())?)
        .write(notice)
        .answer(command.once, outcome.clone());
    Ok((decision, outcome))
}

/// Whether there is an account of this subject; a subject without one is somebody who asked for a code and never came in.
async fn is_party(account: &Account, subject: SubjectId) -> Result<bool, Refusal> {
    Ok(account.store.load::<Party>(subject.uuid()).await?.is_some())
}

/// The document of earlier codes to the same contact.
async fn former(
    account: &Account,
    challenge: &Challenge,
) -> Result<Option<(uuid::Uuid, u64, Challenge)>, Refusal> {
    let Some((key, value)) = challenge.contact() else { return Ok(None) };
    let name = if key == "party.phone" { "challenge.phone" } else { "challenge.email" };
    let found = account.store.first::<Challenge>(Query::by("challenge", name, value)).await?;
    Ok(found.map(|found| (found.id, found.version, found.record)))
}

fn letter(
    account: &Account,
    asker: &Asker<'_>,
    to: &Contact,
    subject: SubjectId,
    digits: &str,
    now: Timestamp,
) -> Result<Draft, UseCaseError> {
    let house = &account.rules.house;
    let (title, body) = match asker.language {
        Language::English => (
            format!("{house}: your code"),
            format!("{house}: {digits} is your code for 5 minutes. Nobody of us ever asks for it."),
        ),
        Language::Chinese => (
            format!("{house} 验证码"),
            format!("【{house}】验证码 {digits}，5 分钟内有效。工作人员不会向您索要验证码。"),
        ),
    };
    let words = |text: &str| Words::new(text).map_err(|_| internal());
    let notice = Notice {
        subject,
        channel: to.channel(),
        at: now,
        until: now.plus(code::CODE_MICROS),
        tries: 0,
        title,
        to: Some(Sealed::new(words(to.text())?)),
        words: Some(Sealed::new(words(&body)?)),
    };
    Ok(Draft::create(NoticeId::new(now).uuid(), &notice, notices::keys(&notice, now))?)
}

fn answer(challenge: &Challenge, now: Timestamp) -> Outcome {
    let mut outcome = Outcome { status: 202, body: sarai_kernel::document::Clear::new() };
    outcome.body.insert("challenge".to_owned(), challenge.newest.id.to_string().into());
    outcome
        .with("expires_at", challenge.newest.expires_at.to_string())
        .with("again_at", now.plus(SEND_GAP_MICROS).to_string())
}
