//! The purposes for which personal data may be opened. A field lists those that may open it; a grant names the one in use.

use sarai_seal::purpose;

purpose! {
    /// Show a listing's poster his own listing, and cards of it on the board.
    pub Publish = "publish",
        en: "Publish and match a listing",
        zh: "发布与匹配货源";
    /// Carry out an order: the two sides and the driver reach one another.
    pub Deliver = "deliver",
        en: "Carry out an order",
        zh: "履行运单";
    /// Check a person's, company's or vehicle's papers.
    pub Verify = "verify",
        en: "Check identity and papers",
        zh: "核验身份与证照";
    /// Send a person a code or notice.
    pub Notify = "notify",
        en: "Send codes and notices",
        zh: "发送验证码与通知";
    /// Let two parties talk.
    pub Converse = "converse",
        en: "Carry messages between two parties",
        zh: "传递双方消息";
    /// Move and account for money.
    pub Settle = "settle",
        en: "Settle payments",
        zh: "结算资金";
    /// Help a member, under a case number.
    pub Support = "support",
        en: "Help a member with a case",
        zh: "处理客服个案";
    /// Keep an account safe: sign-in, factors, sessions.
    pub Secure = "secure",
        en: "Keep accounts safe",
        zh: "保障账户安全";
    /// Rule on a dispute or an incident.
    pub Resolve = "resolve",
        en: "Resolve disputes and incidents",
        zh: "处理争议与安全事件";
    /// Show a person the data held about that person, correct it, hand it over.
    pub SelfAccess = "self_access",
        en: "Answer a person about own data",
        zh: "个人查阅、更正与转移本人信息";
}
