//! Warnings about the account itself: they go to every number and address that its owner holds, so that somebody who took over one of
//! them is seen on the other.

use sarai_kernel::{
    Draft, NoticeId, Refusal, StoreExt, Stored, Timestamp,
    party::{Language, Party, PartyEmail, PartyPhone},
    personal::Words,
    purpose::Notify,
    time::{DAY, MINUTE},
};
use sarai_seal::Sealed;

use super::notices;
use crate::{
    Account,
    account::{by_system, denied, internal},
    model::{Channel, Notice},
};

/// A warning is of no use to anybody after so long.
const LIFE_MICROS: i64 = DAY;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Warning {
    /// Signed in where nobody of this account did before.
    NewDevice,
    /// An authenticator or recovery codes were added.
    FactorAdded,
    /// A factor was removed.
    FactorRemoved,
    /// Another number or address.
    ContactChanged,
    /// A payout account was named.
    PayoutAccount,
    /// A copy of everything was asked for.
    Export,
    /// The end of the account was asked for.
    Erasure,
}

impl Warning {
    const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::NewDevice, Language::English) => "a sign-in on a new device",
            (Self::NewDevice, Language::Chinese) => "有新设备登录了您的账户",
            (Self::FactorAdded, Language::English) => "a second factor was added",
            (Self::FactorAdded, Language::Chinese) => "您的账户添加了第二重验证方式",
            (Self::FactorRemoved, Language::English) => "a second factor was removed",
            (Self::FactorRemoved, Language::Chinese) => "您的账户移除了一种第二重验证方式",
            (Self::ContactChanged, Language::English) => "your number or address was changed",
            (Self::ContactChanged, Language::Chinese) => "您账户的手机号或邮箱已变更",
            (Self::PayoutAccount, Language::English) => "an account for payouts was added",
            (Self::PayoutAccount, Language::Chinese) => "您的账户添加了提现账户",
            (Self::Export, Language::English) => "a copy of your data was asked for",
            (Self::Export, Language::Chinese) => "有人申请导出您的个人信息副本",
            (Self::Erasure, Language::English) => "the end of your account was asked for",
            (Self::Erasure, Language::Chinese) => "有人申请注销您的账户",
        }
    }
}

/// The time of day in notices: to the minute, in UTC, which needs no place of anybody.
fn minute(now: Timestamp) -> String {
    let whole = Timestamp::from_micros(now.as_micros() - now.as_micros().rem_euclid(MINUTE));
    let text = whole.to_string();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}

fn text(house: &str, what: Warning, language: Language, now: Timestamp) -> (String, String) {
    let (words, at) = (what.words(language), minute(now));
    match language {
        Language::English => (
            format!("{house}: about your account"),
            format!(
                "{house}: {words}, {at} UTC. Was it not you? Sign in, end the other sessions and add an authenticator."
            ),
        ),
        Language::Chinese => (
            format!("{house} 账户提醒"),
            format!(
                "【{house}】{words}（{at} UTC）。若非本人操作，请立即登录、退出其他设备并绑定动态口令。"
            ),
        ),
    }
}

/// The warnings for everything that reaches the owner of `party` now.
pub(crate) async fn warn(
    account: &Account,
    party: &Stored<Party>,
    what: Warning,
    now: Timestamp,
) -> Result<Vec<Draft>, Refusal> {
    let subject = party.record.subject;
    let fields = ["party.phone", "party.email"];
    let id = sarai_kernel::PartyId::from_uuid(party.id);
    let ask = by_system("warnings", "account", id, subject, &fields);
    let grant = account.gate.grant::<Notify>(ask, now).await?;
    let phone = grant.open_if_present::<PartyPhone>(&party.record).map_err(denied)?;
    let phone = phone.map(|phone| Words::new(phone.as_str()));
    let email = grant.open_if_present::<PartyEmail>(&party.record).map_err(denied)?;
    let email = email.map(|email| Words::new(email.as_str()));
    let reached = [(Channel::Sms, phone), (Channel::Email, email)];
    let (title, body) = text(&account.rules.house, what, party.record.language, now);
    let mut drafts = Vec::new();
    for (channel, to) in reached {
        let Some(to) = to else { continue };
        let notice = Notice {
            subject,
            channel,
            at: now,
            until: now.plus(LIFE_MICROS),
            tries: 0,
            title: title.clone(),
            to: Some(Sealed::new(to.map_err(|_| internal())?)),
            words: Some(Sealed::new(Words::new(&body).map_err(|_| internal())?)),
        };
        let keys = notices::keys(&notice, now);
        drafts.push(Draft::create(NoticeId::new(now).uuid(), &notice, keys)?);
    }
    Ok(drafts)
}

/// As [`warn`], for whoever holds this party's id.
pub(crate) async fn warn_party(
    account: &Account,
    party: sarai_kernel::PartyId,
    what: Warning,
    now: Timestamp,
) -> Result<Vec<Draft>, Refusal> {
    match account.store.load::<Party>(party.uuid()).await? {
        Some(party) => warn(account, &party, what, now).await,
        None => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_says_what_and_when_in_the_persons_language_and_nothing_of_the_person() {
        let at = Timestamp::from_micros(1_795_395_659_999_999);
        for language in [Language::English, Language::Chinese] {
            let (title, body) = text("Sarai", Warning::NewDevice, language, at);
            assert!(title.contains("Sarai") && body.contains("2026-11-23 01:00 UTC"), "{body}");
        }
        assert!(text("S", Warning::Erasure, Language::Chinese, at).1.contains("注销"));
    }
}
