//! The words of "my data": names of fields, groups, purposes, sources, in both languages.

use sarai_gate::Citation;
use sarai_kernel::purpose;
use sarai_seal::{Anchor, Basis, Category, Class, Purpose, PurposeEntry, Retention};
use serde::Serialize;
use utoipa::ToSchema;

use crate::shapes::Text2;

/// A purpose and what it says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PurposeWords {
    pub code: String,
    pub name: Text2,
}

/// A reference to an article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Cite {
    pub code: String,
    pub name: Text2,
    pub article: String,
    /// `text` or `memory`.
    pub checked: &'static str,
    pub in_force_from: Option<String>,
    pub in_force_until: Option<String>,
    pub summary: Option<Text2>,
}

const PURPOSES: [PurposeEntry; 10] = [
    purpose::Publish::ENTRY,
    purpose::Deliver::ENTRY,
    purpose::Verify::ENTRY,
    purpose::Notify::ENTRY,
    purpose::Converse::ENTRY,
    purpose::Settle::ENTRY,
    purpose::Support::ENTRY,
    purpose::Secure::ENTRY,
    purpose::Resolve::ENTRY,
    purpose::SelfAccess::ENTRY,
];

/// A purpose by its code.
pub(crate) fn purpose(code: &str) -> PurposeWords {
    let known = PURPOSES.iter().find(|entry| entry.name == code);
    let name = known.map_or_else(|| Text2::of(code, None), |one| Text2::of(one.en, Some(one.zh)));
    PurposeWords { code: code.to_owned(), name }
}

/// The name of a field.
pub(crate) fn field(name: &str) -> Text2 {
    let (en, zh) = match name {
        "party.name" => ("Name", "姓名"),
        "party.display_name" => ("Trade name", "显示名称"),
        "party.phone" => ("Telephone number", "手机号码"),
        "party.email" => ("E-mail address", "电子邮箱"),
        "challenge.phone" | "challenge.email" => ("Number for a code", "验证码接收号码"),
        "session.device" => ("Device", "登录设备"),
        "factor.seed" | "factor.hashes" => ("Second factor", "第二重验证密钥"),
        "notice.to" => ("Where a notice went", "通知接收地址"),
        "notice.words" => ("What a notice said", "通知内容"),
        "message.words" => ("Message", "聊天消息"),
        "rating.remark" => ("Words of a rating", "评价内容"),
        "file_content.content" => ("Uploaded file", "上传的文件"),
        "payout_account.holder" => ("Account holder", "收款户名"),
        "payout_account.number" => ("Bank account", "银行账号"),
        "verification.name" => ("Name on a paper", "证件姓名"),
        "verification.number" => ("Number of a paper", "证件号码"),
        "verification.second_number" => ("Number of a second paper", "其他证号"),
        "verification.vin" => ("Vehicle number", "车辆识别代号"),
        "verification.plate" | "vehicle.plate" => ("Plate", "车牌号"),
        "verification.words" => ("Note on papers", "审核备注"),
        "export.content" => ("Copy of your data", "个人信息副本"),
        "correction.answer" => ("Our answer to your request", "对您请求的答复"),
        "correction.words" => ("Request about your data", "更正或异议内容"),
        "report.words" => ("Report", "举报内容"),
        "track.points" => ("Positions on a run", "运输轨迹"),
        other => {
            let last = other.rsplit('.').next().unwrap_or(other).replace('_', " ");
            return Text2 { en: last.clone(), zh: last };
        }
    };
    Text2::of(en, Some(zh))
}

/// In which group a kind of data stands.
pub(crate) const fn group(category: Category) -> &'static str {
    match category {
        Category::Identity | Category::IdentityPaper | Category::Biometric => "identity",
        Category::Contact | Category::Address => "contact",
        Category::Message | Category::Conduct => "messages",
        Category::Vehicle => "vehicle",
        Category::Location | Category::Track => "location",
        Category::Payment => "money",
        Category::Credential | Category::Device => "security",
        _ => "other",
    }
}

/// The groups, in the order in which they are shown.
pub(crate) const GROUPS: [&str; 8] =
    ["identity", "contact", "vehicle", "location", "messages", "money", "security", "other"];

/// The name of a group.
pub(crate) fn group_name(code: &str) -> Text2 {
    let (en, zh) = match code {
        "identity" => ("Who you are", "身份信息"),
        "contact" => ("How to reach you", "联系方式"),
        "vehicle" => ("Vehicle", "车辆信息"),
        "location" => ("Where you were", "位置与轨迹"),
        "messages" => ("What you wrote", "消息与评价"),
        "money" => ("Money", "资金信息"),
        "security" => ("Sign-in", "登录与安全"),
        _ => ("Other", "其他"),
    };
    Text2::of(en, Some(zh))
}

/// The word of a class.
pub(crate) const fn class(class: Class) -> &'static str {
    match class {
        Class::General => "general",
        Class::Personal => "personal",
        Class::Sensitive => "sensitive",
        Class::Important => "important",
        Class::Core => "core",
    }
}

/// How long something is kept, in words.
pub(crate) fn keep(retention: Retention) -> Text2 {
    let (en, zh) = match retention.from {
        Anchor::Account => ("the end of the account", "账号注销"),
        Anchor::Trip => ("the end of the trip", "行程结束"),
        Anchor::Order => ("the end of the order", "运单结束"),
        Anchor::Record => ("it was made", "记录产生"),
        Anchor::Consent => ("the consent ends", "同意撤回"),
        Anchor::Session => ("the session ends", "登录结束"),
        Anchor::Dispute => ("the dispute is settled", "争议解决"),
        Anchor::Listing => ("the listing is taken down", "货源下架"),
    };
    let parts = [
        (retention.years, "years", "年"),
        (retention.months, "months", "个月"),
        (retention.days, "days", "天"),
    ];
    let some = parts.iter().filter(|(count, _, _)| *count > 0);
    let spans: Vec<_> = some.collect();
    if spans.is_empty() {
        return Text2 { en: format!("Until {en}"), zh: format!("至{zh}") };
    }
    let en_spans: Vec<_> = spans.iter().map(|(count, unit, _)| format!("{count} {unit}")).collect();
    let zh_spans: String = spans.iter().map(|(count, _, unit)| format!("{count}{unit}")).collect();
    Text2 { en: format!("{} after {en}", en_spans.join(" ")), zh: format!("{zh}后{zh_spans}") }
}

fn law(code: &str) -> Text2 {
    let (en, zh) = match code {
        "PIPL" => ("Personal Information Protection Law", "个人信息保护法"),
        "CSL" => ("Cybersecurity Law", "网络安全法"),
        "DSL" => ("Data Security Law", "数据安全法"),
        "NDSR" => ("Network Data Security Regulations", "网络数据安全管理条例"),
        "E-Commerce Law" => ("E-Commerce Law", "电子商务法"),
        _ => ("House rule", "平台规则"),
    };
    Text2::of(en, Some(zh))
}

/// A citation from its short form, `PIPL 13(2)`.
pub(crate) fn cite(text: &str, checked: &'static str) -> Cite {
    let first = text.split(';').next().unwrap_or(text).trim();
    let (code, article) = first.rsplit_once(' ').unwrap_or((first, ""));
    Cite {
        code: first.to_owned(),
        name: law(code),
        article: article.to_owned(),
        checked,
        in_force_from: None,
        in_force_until: None,
        summary: None,
    }
}

/// What a decision of the gate rests on.
pub(crate) fn citation(citation: &Citation) -> Cite {
    Cite {
        in_force_from: Some(citation.from.to_string()),
        in_force_until: citation.until.map(|day| day.to_string()),
        summary: citation.note.as_deref().map(|note| Text2::of(note, None)),
        ..cite(&citation.cite, citation.checked.word())
    }
}

/// Why the law lets a field be held.
pub(crate) fn basis(basis: Basis) -> Cite {
    let text = match basis {
        Basis::Contract => "PIPL 13(2)",
        Basis::Consent => "PIPL 13(1)",
        Basis::SeparateConsent => "PIPL 29",
        Basis::LegalObligation => "PIPL 13(3)",
        Basis::Emergency => "PIPL 13(4)",
        Basis::PublicInterest => "PIPL 13(5)",
        Basis::LegitimateInterest => "PIPL 13(7)",
    };
    cite(text, "memory")
}
