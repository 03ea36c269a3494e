//! The table of codes: every "no" that the wire can say, its status, when to try again, and its words in both languages.

/// When the same request may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Never: the request itself must change.
    Never,
    /// With the same idempotency key.
    SameKey,
    /// With a new idempotency key.
    NewKey,
    /// After the time that `Retry-After` names.
    After,
}

impl Retry {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::SameKey => "same_key",
            Self::NewKey => "new_key",
            Self::After => "after",
        }
    }
}

/// Words in both languages of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The stable code.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// When to try again.
    pub retry: Retry,
    /// What happened, fixed for the code.
    pub title: Words,
    /// What can be done about it.
    pub advice: Words,
}

const fn row(
    code: &'static str,
    status: u16,
    retry: Retry,
    title: (&'static str, &'static str),
    advice: (&'static str, &'static str),
) -> Code {
    Code {
        code,
        status,
        retry,
        title: Words { en: title.0, zh: title.1 },
        advice: Words { en: advice.0, zh: advice.1 },
    }
}

/// The row of a code.
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|row| row.code == code)
}

/// The row of a code that is in the table for certain; `internal` if a word was mistyped.
pub fn get(code: &str) -> &'static Code {
    find(code).unwrap_or(&INTERNAL)
}

use Retry::{After, Never, NewKey, SameKey};

/// The code of our own faults.
pub const INTERNAL: Code = row(
    "internal",
    500,
    SameKey,
    ("Something went wrong on our side", "系统内部出错"),
    (
        "Try again with the same key. If it stays, tell the operator the request's number.",
        "请使用相同的幂等键重试。若仍失败，请将请求编号告知平台。",
    ),
);

#[rustfmt::skip]
/// Every code.
pub const CODES: &[Code] = &[
    // form
    row("body_malformed", 400, Never, ("The body could not be read", "请求体无法解析"), ("Send one JSON object in UTF-8, without duplicate keys and not nested deeper than 16.", "请发送一个 UTF-8 编码的 JSON 对象，不得有重复的键，嵌套不超过 16 层。")),
    row("field_unknown", 400, Never, ("The body holds a field that is not known", "请求体包含未知字段"), ("Leave out what is not declared: it cannot be collected.", "请去掉未声明的字段：未声明的内容不会被收集。")),
    row("id_malformed", 400, Never, ("The id is not of the right form", "编号格式不正确"), ("An id is its prefix, an underscore and 26 characters.", "编号由前缀、下划线和 26 个字符组成。")),
    row("parameter_unknown", 400, Never, ("A query parameter is not known or not of the right form", "查询参数未知或格式不正确"), ("Use only the parameters that the document lists, each once.", "请仅使用文档列出的参数，且每个只出现一次。")),
    row("cursor_invalid", 400, Never, ("The cursor does not hold any more", "分页游标无效"), ("Start again from the first page.", "请从第一页重新开始。")),
    row("validation_failed", 422, Never, ("Some fields are wrong", "部分字段不正确"), ("The member errors names each field and what it may be.", "errors 列出每个有误的字段及其允许的取值。")),
    row("body_too_large", 413, Never, ("The body is too large", "请求体过大"), ("Send less at once.", "请减少单次发送的内容。")),
    row("media_type_refused", 415, Never, ("This media type is not taken here", "不接受此媒体类型"), ("Send the type that the document names, mostly application/json.", "请使用文档注明的类型，一般为 application/json。")),
    row("not_acceptable", 406, Never, ("The answer cannot be given in that form", "无法按要求的形式应答"), ("Accept application/json.", "请接受 application/json。")),
    row("method_not_allowed", 405, Never, ("The path does not know this method", "该路径不支持此方法"), ("The header Allow lists the methods.", "响应头 Allow 列出允许的方法。")),
    // who
    row("unauthenticated", 401, Never, ("Please sign in", "请先登录"), ("Sign in, or send an API key.", "请登录，或提供 API 密钥。")),
    row("auth_ambiguous", 400, Never, ("Two ways to sign in at once", "同时使用了两种身份凭证"), ("Send either the cookie or the key, not both.", "请只使用 Cookie 或密钥中的一种。")),
    row("code_wrong", 401, Never, ("The code is not right", "验证码不正确"), ("Look again; after five tries a new code is needed.", "请核对；错误五次后需重新获取。")),
    row("code_expired", 401, Never, ("The code is too old", "验证码已过期"), ("Ask for a new code.", "请重新获取验证码。")),
    row("challenge_spent", 401, Never, ("This code was used or tried too often", "验证码已使用或尝试次数过多"), ("Ask for a new code.", "请重新获取验证码。")),
    row("challenge_required", 403, Never, ("A proof of work is needed first", "需先完成验证"), ("Do the work that the answer names and ask again.", "请完成应答中要求的验证后重试。")),
    row("second_factor_required", 401, Never, ("A second factor is needed", "需要第二重验证"), ("Show a passkey or a code of your authenticator.", "请使用通行密钥或动态口令。")),
    row("step_up_required", 403, Never, ("A fresh second factor is needed", "需要重新进行第二重验证"), ("Show it again; it is good for five minutes.", "请再次验证，五分钟内有效。")),
    row("session_expired", 401, Never, ("Your session has ended", "登录已失效"), ("Sign in again.", "请重新登录。")),
    row("key_revoked", 401, Never, ("This key does not hold any more", "密钥已失效"), ("Ask the company's admin for another.", "请向企业管理员申请新的密钥。")),
    row("csrf_refused", 403, Never, ("The request did not come from our own pages", "请求并非来自本站页面"), ("Send it from the same site, as application/json.", "请从本站以 application/json 发送。")),
    // may
    row("not_found", 404, Never, ("There is nothing like that for you", "没有找到相应内容"), ("Check the address.", "请检查地址。")),
    row("not_allowed", 403, Never, ("You may not do this", "您无权执行此操作"), ("Somebody with another role may.", "需由具备相应权限的人操作。")),
    row("scope_missing", 403, Never, ("The key does not have this scope", "密钥缺少相应权限范围"), ("Make a key with the scope that the document names.", "请创建具备相应范围的密钥。")),
    row("role_missing", 403, Never, ("You do not have the role for this", "您没有相应角色"), ("Take up the role first.", "请先开通相应角色。")),
    row("four_eyes_required", 403, Never, ("A second person has to decide this", "需由另一人复核"), ("Ask a colleague.", "请交由同事处理。")),
    row("account_suspended", 403, Never, ("The account is suspended", "账号已被暂停"), ("Reading, appealing and leaving are still possible.", "仍可查看、申诉或注销。")),
    row("blocked_by_other_party", 403, Never, ("The other side does not take messages from you", "对方已屏蔽您"), ("Nothing can be done about it here.", "此处无法处理。")),
    row("verification_required", 403, Never, ("Your papers have to be checked first", "需先完成资质认证"), ("Hand in the papers that the member missing names.", "请提交 missing 所列的证件。")),
    row("document_expired", 403, Never, ("A paper has run out", "证件已过期"), ("Hand in the new one.", "请提交新的证件。")),
    // again
    row("idempotency_key_required", 400, Never, ("An Idempotency-Key is needed", "缺少幂等键"), ("Send a quoted string of 16 to 64 letters, digits, _ or -.", "请发送 16 至 64 个字母、数字、_ 或 - 组成的带引号字符串。")),
    row("idempotency_key_malformed", 400, Never, ("The Idempotency-Key is not of the right form", "幂等键格式不正确"), ("Send a quoted string of 16 to 64 letters, digits, _ or -; without a session a UUID.", "请发送 16 至 64 个字母、数字、_ 或 - 组成的带引号字符串；未登录时须为 UUID。")),
    row("idempotency_key_reused", 422, NewKey, ("This key was used for another request", "幂等键已用于其他请求"), ("Take a new key for a new request.", "新的请求请使用新的键。")),
    row("idempotency_in_progress", 409, SameKey, ("The first request with this key is still running", "使用该键的请求仍在处理中"), ("Ask again in a second with the same key.", "请一秒后使用相同的键重试。")),
    row("secret_not_replayed", 409, NewKey, ("It was done, and the secret is shown only once", "已完成，密钥仅显示一次"), ("Rotate it if it was lost.", "如已遗失，请轮换。")),
    row("version_required", 428, Never, ("Say which version you saw", "请注明所见版本"), ("Send the ETag of the last answer as If-Match.", "请以 If-Match 发送上次应答的 ETag。")),
    row("version_mismatch", 412, Never, ("It was changed meanwhile", "内容已被更改"), ("Read it again and decide anew.", "请重新读取后再作决定。")),
    // state
    row("transition_refused", 409, NewKey, ("This step is not possible now", "当前状态不能执行此步骤"), ("The member allowed_now lists what is possible.", "allowed_now 列出当前可执行的步骤。")),
    row("already_taken", 409, NewKey, ("Somebody was first", "已被他人抢先"), ("Look for another.", "请另选。")),
    row("offer_expired", 409, NewKey, ("The offer has run out", "报价已过期"), ("Make a new one.", "请重新报价。")),
    row("offer_superseded", 409, NewKey, ("The offer was replaced", "报价已被替换"), ("Read the present one.", "请查看最新报价。")),
    row("listing_closed", 409, NewKey, ("It is not open any more", "货源已关闭"), ("Look for another.", "请另选。")),
    row("terms_changed", 409, NewKey, ("The terms were changed meanwhile", "条件已被更改"), ("Read them again before you accept.", "请重新查看后再接受。")),
    row("party_busy", 409, NewKey, ("The driver or vehicle is taken at that time", "司机或车辆在该时段已有安排"), ("Choose another driver, vehicle or time.", "请更换司机、车辆或时间。")),
    row("bulk_row_failed", 409, NewKey, ("A row could not be done", "有一行未能处理"), ("The job lists each row.", "任务中列出了每一行。")),
    row("busy_retry", 503, SameKey, ("Too many at once on the same thing", "同一内容操作过于集中"), ("Try again with the same key.", "请使用相同的键重试。")),
    // money
    row("funds_insufficient", 409, NewKey, ("Not enough money in the wallet", "余额不足"), ("Top up; the member missing says how much.", "请充值；missing 为所缺金额。")),
    row("hold_expired", 409, NewKey, ("The money is not held any more", "冻结款项已失效"), ("Fund it again.", "请重新付款。")),
    row("amount_out_of_bounds", 422, Never, ("The amount is too small or too large", "金额超出范围"), ("Stay within the bounds.", "请在允许范围内填写。")),
    row("price_below_floor", 422, Never, ("The price is below the floor", "价格低于下限"), ("Raise it.", "请提高价格。")),
    row("price_above_ceiling", 422, Never, ("The price is above the ceiling", "价格高于上限"), ("Lower it.", "请降低价格。")),
    row("payment_failed", 402, NewKey, ("The payment did not work", "支付失败"), ("Try another way to pay.", "请更换支付方式。")),
    row("payment_pending", 409, SameKey, ("The payment is still under way", "支付处理中"), ("Wait for its end.", "请等待结果。")),
    row("money_frozen", 409, NewKey, ("The money is frozen", "款项已冻结"), ("A dispute or an order of an authority stands against it.", "存在争议或主管部门指令。")),
    row("payout_refused", 409, NewKey, ("The payout is not possible", "无法提现"), ("The account must be verified, in the same name, and older than a day.", "收款账户须已核验、同名且添加满一天。")),
    // freight
    row("vehicle_unsuitable", 409, NewKey, ("The vehicle does not fit the load", "车辆不符合要求"), ("Choose a vehicle of a type and size that the load names.", "请选择符合车型和尺寸的车辆。")),
    row("driver_not_on_run", 403, Never, ("Only the driver of this run may do that", "仅本单司机可操作"), ("Assign the driver first.", "请先指派司机。")),
    row("goods_banned", 422, Never, ("These goods are not carried here", "该货物禁止承运"), ("See the list of goods.", "请查看货物目录。")),
    row("load_duplicate", 409, NewKey, ("The same load is open already", "相同货源已发布"), ("Change or withdraw the first, or ask for copies.", "请修改或撤回原货源，或使用份数。")),
    row("proof_required", 422, Never, ("A proof is missing", "缺少凭证"), ("Add the photo, weight or code that is asked for.", "请补充所需的照片、重量或验证码。")),
    row("receiver_code_wrong", 403, NewKey, ("The receiver's code is not right", "收货码不正确"), ("Ask the receiver again; after five tries the operator helps.", "请再次向收货人确认；错误五次后由平台处理。")),
    row("position_implausible", 422, Never, ("The position cannot be right", "位置异常"), ("Check the device's location.", "请检查设备定位。")),
    // law, gate
    row("blocked_by_directive", 451, Never, ("An order of an authority stands against it", "依主管部门指令不可用"), ("The member legal names the order and where to appeal.", "legal 注明指令及申诉途径。")),
    row("registration_suspended", 451, Never, ("New accounts are suspended by an order", "依指令暂停新用户注册"), ("The member legal names the order.", "legal 注明指令。")),
    row("directive_refused", 403, Never, ("This order is not obeyed", "该指令不予执行"), ("The member reason says what is wrong with the document. The attempt is in the audit log.", "reason 注明文件的问题。此次提交已记入审计日志。")),
    row("transfer_refused", 403, Never, ("The law does not let this data go there", "法律不允许向该处提供数据"), ("The member legal says what it would need.", "legal 说明所需条件。")),
    row("transfer_held", 202, After, ("The transfer waits for an approval", "数据提供等待审批"), ("The answer names the approval.", "应答注明审批编号。")),
    row("consent_missing", 403, Never, ("The person did not consent", "未获得个人同意"), ("Ask for it.", "请征求同意。")),
    row("purpose_not_allowed", 403, Never, ("The data may not be opened for this purpose", "不得为此目的查看数据"), ("A case number or another relation is needed.", "需要案件编号或其他关系。")),
    row("retention_over", 410, Never, ("It was kept as long as allowed and is gone", "保存期限已满，数据已删除"), ("It cannot come back.", "无法恢复。")),
    row("key_destroyed", 410, Never, ("The person was erased", "该个人数据已删除"), ("It cannot come back.", "无法恢复。")),
    // limits
    row("rate_limited", 429, After, ("Too many requests", "请求过于频繁"), ("Wait as long as Retry-After says.", "请按 Retry-After 等待。")),
    row("quota_spent", 429, After, ("The quota is spent", "配额已用完"), ("Wait until it is renewed.", "请等待配额恢复。")),
    row("too_many_streams", 429, After, ("Too many event streams", "事件流过多"), ("Share one stream between tabs.", "请在标签页之间共用一个事件流。")),
    row("overloaded", 503, After, ("Too much to do just now", "系统繁忙"), ("Try again with the same key.", "请使用相同的键重试。")),
    row("maintenance", 503, After, ("Closed for maintenance", "系统维护中"), ("Try again later.", "请稍后再试。")),
    row("retired", 410, Never, ("This route was retired", "该接口已停用"), ("The link of the answer says what replaces it.", "应答中的链接说明替代方式。")),
    INTERNAL,
];

/// Codes of single fields, in `errors[]`.
#[rustfmt::skip]
pub const FIELD_CODES: &[(&str, Words)] = &[
    ("required", Words { en: "must be given", zh: "必填" }),
    ("too_short", Words { en: "is too short", zh: "过短" }),
    ("too_long", Words { en: "is too long", zh: "过长" }),
    ("out_of_range", Words { en: "is out of range", zh: "超出范围" }),
    ("not_in_list", Words { en: "is not one of the allowed values", zh: "不在允许的取值之内" }),
    ("pattern", Words { en: "is not of the right form", zh: "格式不正确" }),
    ("duplicate", Words { en: "is there already", zh: "已存在" }),
    ("window_reversed", Words { en: "ends before it begins", zh: "结束早于开始" }),
    ("in_the_past", Words { en: "lies in the past", zh: "早于当前时间" }),
    ("too_far_ahead", Words { en: "lies too far ahead", zh: "时间过远" }),
    ("place_unknown", Words { en: "is not a place that is known", zh: "地点未知" }),
    ("currency_mismatch", Words { en: "is in another currency", zh: "币种不一致" }),
    ("checksum_wrong", Words { en: "has a wrong check digit", zh: "校验位不正确" }),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_there_once_and_has_words_in_both_languages() {
        for (at, row) in CODES.iter().enumerate() {
            assert!(CODES[..at].iter().all(|other| other.code != row.code), "{}", row.code);
            assert!(!row.title.en.is_empty() && !row.title.zh.is_ascii(), "{}", row.code);
            assert!(!row.advice.en.is_empty() && !row.advice.zh.is_ascii(), "{}", row.code);
            assert!((200..600).contains(&row.status));
        }
    }

    #[test]
    fn the_table_is_the_one_of_the_wire_contract() {
        let contract = include_str!("../../../web/src/lib/wire/base.ts");
        let list = contract.split("export type ProblemCode =").nth(1).expect("the list");
        let mut wanted: Vec<&str> = list
            .split(';')
            .next()
            .expect("its end")
            .split('|')
            .map(|word| word.trim().trim_matches('"'))
            .filter(|word| !word.is_empty())
            .collect();
        let mut ours: Vec<&str> = CODES.iter().map(|row| row.code).collect();
        wanted.sort_unstable();
        ours.sort_unstable();
        assert_eq!(ours, wanted);
    }
}
