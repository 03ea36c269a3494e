//! What a sentence says of each kind of data in it: collected, not collected, or neither.
//!
//! A sentence is a row of events from left to right: subjects, negations, conditions, verbs, data, breaks. A verb takes the data after
//! it until the next break and, where none came before, the data in front of it. A negation counts for the next verb of its clause.

use super::words::{Found, Sense, find};

/// What a sentence says of a kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// It is collected, used or given on.
    Collected,
    /// It is not collected.
    Denied,
    /// It is named for something else: a right, a condition.
    Neither,
}

/// What a sentence says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// Each kind of data with the claim about it.
    pub(super) data: Vec<(&'static str, Claim)>,
    /// Purposes given.
    pub(super) purposes: Vec<&'static str>,
    /// Topics touched.
    pub(super) topics: Vec<&'static str>,
    /// It denies: for topics such as going abroad.
    pub(super) negative: bool,
    /// It says what something is used for, in whatever words.
    pub(super) serves: bool,
    /// It says that something is collected, with or without data named: it may lead into a list.
    pub(super) lead: Option<Claim>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Data(&'static str),
    /// Collect, use.
    Takes,
    /// Share, sell, send on: says that it is held; denied, it says nothing of collecting.
    Passes,
    /// Is used for: says nothing by itself of collecting, if denied.
    Serves,
    /// The person gives.
    Gives,
    /// The person may see, change, delete.
    Right,
    Not,
    /// `without your consent`, `if you do not`: what is denied under it is not denied.
    Condition,
    /// `unless`, `only if`: what is denied may happen.
    Unless,
    You,
    We,
    Comma,
    Break,
}

const EVENTS: &[(Event, &[&str], &[&str])] = &[
    (
        Event::Takes,
        &[
            "收集",
            "采集",
            "获取",
            "读取",
            "记录",
            "上传",
            "存储",
            "访问",
            "使用您",
            "调用",
            "处理您",
            "处理以下",
            "留存",
            "申请",
            "索取",
            "需要",
            "用到",
            "保存",
            "要求您提供",
            "要求您填写",
            "要求提供",
            "使用以下",
            "开启",
            "分析",
            "推断",
            "推测",
            "接收",
            "查看您",
        ],
        &[
            "collect",
            "collects",
            "collecting",
            "collected",
            "gather",
            "gathers",
            "obtain",
            "obtains",
            "record",
            "records",
            "recorded",
            "receive",
            "receives",
            "process",
            "processes",
            "processed",
            "ask you to provide",
            "ask you for",
            "require you to provide",
            "processing",
            "store",
            "stores",
            "stored",
            "read",
            "reads",
            "access",
            "accesses",
            "accessed",
            "request",
            "requests",
            "require",
            "requires",
            "need",
            "needs",
            "ask for",
            "asks for",
            "asked for",
            "track",
            "tracks",
            "infer",
            "infers",
            "upload",
            "uploads",
            "uploaded",
            "log",
            "capture",
            "captures",
            "captured",
            "keep",
            "kept",
            "gathered",
            "obtained",
            "use your",
            "uses your",
            "derive",
            "analyse",
            "analyze",
            "scan",
            "take",
        ],
    ),
    (
        Event::Passes,
        &["共享", "提供给", "披露", "传输", "转让", "出售"],
        &[
            "share",
            "shares",
            "shared",
            "disclose",
            "discloses",
            "disclosed",
            "sell",
            "sells",
            "sold",
            "transfer",
            "transfers",
            "transferred",
            "transmit",
            "transmits",
            "transmitted",
            "visible to",
        ],
    ),
    (
        Event::Serves,
        &["用于", "以便", "用来", "为了", "作为", "用以"],
        &[
            "used to",
            "used for",
            "is used",
            "are used",
            "in order to",
            "is required",
            "are required",
            "is needed",
            "so that",
            "for the purpose",
        ],
    ),
    (
        Event::Gives,
        &["提供", "填写", "输入", "授权", "提交", "允许", "上传您", "绑定"],
        &[
            "provide",
            "provides",
            "provided",
            "enter",
            "submit",
            "submits",
            "allow",
            "grant",
            "give us",
            "supply",
            "upload your",
        ],
    ),
    (
        Event::Right,
        &[
            "删除",
            "更正",
            "查阅",
            "复制",
            "注销",
            "撤回",
            "撤销",
            "修改",
            "关闭",
            "拒绝",
            "导出",
            "更新您",
            "解绑",
            "查询您",
            "停止收集",
            "停止采集",
            "停止获取",
            "停止使用",
            "停止处理",
        ],
        &[
            "please",
            "stop collecting",
            "stop using",
            "stop processing",
            "delete",
            "deleted",
            "erase",
            "correct",
            "rectify",
            "withdraw",
            "revoke",
            "opt out",
            "turn off",
            "refuse",
            "decline",
            "modify",
            "update your",
            "export",
            "disable",
            "change your",
            "unlink",
        ],
    ),
    (
        Event::Not,
        &[
            "不会",
            "不再",
            "不得",
            "从不",
            "并不",
            "未曾",
            "从未",
            "无需",
            "不需要",
            "不收集",
            "不读取",
            "不获取",
            "不采集",
            "不上传",
            "不访问",
            "不存储",
            "不记录",
            "不共享",
            "不使用",
            "绝不",
            "没有",
            "不用于",
            "不向",
            "不将",
            "不",
            "禁止",
        ],
        &[
            "not",
            "never",
            "don't",
            "doesn't",
            "won't",
            "cannot",
            "neither",
            "nor",
            "no longer",
            "no",
            "isn't",
            "aren't",
            "without collecting",
            "without reading",
            "not use",
            "never use",
        ],
    ),
    (
        Event::Condition,
        &[
            "未经您",
            "未经用户",
            "在未",
            "如您不",
            "如果您不",
            "若您不",
            "如您拒绝",
            "如果您拒绝",
            "若您拒绝",
            "您可以不",
            "您可选择不",
            "您可以选择不",
            "如不提供",
            "若不",
            "如不",
            "不提供上述",
            "即使您不",
        ],
        &[
            "without your consent",
            "without your permission",
            "if you do not",
            "if you don't",
            "if you choose not",
            "you may choose not",
            "unless we have your consent",
            "you are not required",
            "you do not have to",
            "you don't have to",
            "without consent",
            "you can choose not",
            "if you refuse",
            "if you decline",
        ],
    ),
    (
        Event::Unless,
        &["除非", "仅在", "只有在", "仅当", "只在"],
        &[
            "unless",
            "except",
            "only when",
            "only if",
            "only with",
            "only after",
            "only while",
            "until you",
        ],
    ),
    (Event::You, &["您", "用户", "你"], &["you"]),
    (
        Event::We,
        &["我们", "本公司", "本应用", "本平台", "本产品", "平台", "sdk"],
        &["we", "our app", "the app", "this app", "our service", "our company", "sdk", "it"],
    ),
    (
        Event::Break,
        &["但是", "但", "然而", "不过", "而是", "；", ";"],
        &["but", "however", "although", "instead", "whereas", ";"],
    ),
    (Event::Comma, &["，", "。"], &[",", "."]),
];

/// A purpose in words that the table does not know.
const OTHER_PURPOSE: &str = "other";

/// Negations with their verb in one word (不收集), by how they end.
const NOT_WITH_VERB: &[(&str, Event)] = &[
    ("收集", Event::Takes),
    ("读取", Event::Takes),
    ("获取", Event::Takes),
    ("采集", Event::Takes),
    ("上传", Event::Takes),
    ("访问", Event::Takes),
    ("存储", Event::Takes),
    ("记录", Event::Takes),
    ("使用", Event::Takes),
    ("共享", Event::Passes),
    ("用于", Event::Serves),
    ("collecting", Event::Takes),
    ("reading", Event::Takes),
    (" use", Event::Takes),
];

/// Reads a sentence; `lead` is what the sentence says that it hangs on.
pub(super) fn read(sentence: &str, lead: Option<Claim>) -> Reading {
    // The sign that ends an item breaks no clause.
    let lower = sentence.trim_end_matches(['；', ';', ' ']).to_lowercase();
    let found = find(&lower);
    let events = events(&lower, &found);
    let mut walk = Walk::default();
    for event in &events {
        walk.take(*event);
    }
    let mut reading = walk.finish(lead);
    for word in &found {
        match word.sense {
            Sense::Purpose => reading.purposes.push(word.code),
            Sense::Topic => reading.topics.push(word.code),
            Sense::Data => {}
        }
    }
    if (reading.serves || opens_with_purpose(&lower)) && reading.purposes.is_empty() {
        reading.purposes.push(OTHER_PURPOSE);
    }
    reading.purposes.dedup();
    reading.topics.dedup();
    reading
}

/// Whether a sentence starts with what it is for: `为核验身份,我们…`, `To verify you, we …`.
fn opens_with_purpose(lower: &str) -> bool {
    let first = lower.trim_start_matches(|c: char| !c.is_alphabetic());
    let (opener, rest) = match first.split_once([',', '，']) {
        Some(parts) => parts,
        None => return false,
    };
    !rest.is_empty() && (opener.starts_with('为') || opener.starts_with("to "))
}

/// Events in their order; of those that overlap, data first, then the longest.
fn events(lower: &str, found: &[Found]) -> Vec<Event> {
    let mut spans: Vec<(usize, usize, Event)> = found
        .iter()
        .filter(|word| word.sense == Sense::Data)
        .map(|word| (word.start, word.end, Event::Data(word.code)))
        .collect();
    let mut signs = Vec::new();
    for (event, zh, en) in EVENTS {
        for word in *zh {
            signs.extend(lower.match_indices(word).map(|(at, word)| (at, at + word.len(), *event)));
        }
        for word in *en {
            let whole = |at: usize| {
                let edge =
                    |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '\'');
                let letters = word.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
                !letters
                    || (edge(lower.get(..at).and_then(|before| before.chars().next_back()))
                        && edge(
                            lower.get(at + word.len()..).and_then(|after| after.chars().next()),
                        ))
            };
            let matches = lower.match_indices(word).filter(|(at, _)| whole(*at));
            signs.extend(matches.map(|(at, word)| (at, at + word.len(), *event)));
        }
    }
    signs.sort_by_key(|(start, end, _)| (std::cmp::Reverse(end - start), *start));
    for (start, end, event) in signs {
        if !spans.iter().any(|(from, to, _)| start < *to && *from < end) {
            spans.push((start, end, event));
            let word = lower.get(start..end).unwrap_or_default();
            if event == Event::Not
                && let Some((_, verb)) = NOT_WITH_VERB.iter().find(|(tail, _)| word.ends_with(tail))
            {
                spans.push((end, end, *verb));
            }
        }
    }
    spans.sort_by_key(|(start, ..)| *start);
    spans.into_iter().map(|(.., event)| event).collect()
}

#[derive(Default)]
struct Walk {
    data: Vec<(&'static str, Claim)>,
    pending: Vec<&'static str>,
    active: Option<Claim>,
    not: bool,
    negative: bool,
    condition: bool,
    unless: bool,
    you: bool,
    comma: bool,
    lead: Option<Claim>,
    serves: bool,
}

impl Walk {
    fn take(&mut self, event: Event) {
        match event {
            Event::Data(code) => match self.active {
                Some(claim) => self.data.push((code, claim)),
                None => self.pending.push(code),
            },
            Event::Takes => {
                // With `you` as the only subject it is the person's right to see.
                let claim = match (self.not, self.condition) {
                    (true, false) => Claim::Denied,
                    (true, true) => Claim::Neither,
                    (false, _) => Claim::Collected,
                };
                self.verb(claim);
            }
            Event::Passes => {
                let claim = if self.not { Claim::Neither } else { Claim::Collected };
                self.verb(claim);
            }
            Event::Serves => {
                self.serves |= !self.not;
                let claim = if self.not { Claim::Neither } else { Claim::Collected };
                // What is denied as a purpose stays what it was.
                if !(self.not && self.active == Some(Claim::Collected)) {
                    self.verb(claim);
                }
                self.not = false;
            }
            Event::Gives => {
                let claim =
                    if self.not || self.condition { Claim::Neither } else { Claim::Collected };
                // `we do not provide your number to anybody` denies no collecting.
                self.verb(claim);
            }
            Event::Right => self.verb(Claim::Neither),
            Event::Not => {
                self.not = true;
                self.negative = true;
            }
            Event::Condition => {
                self.condition = true;
                self.you = true;
            }
            Event::Unless => {
                self.unless = true;
                self.not = false;
            }
            Event::You => {
                self.you = true;
            }
            Event::We => {
                self.you = false;
                // What stands in front without a verb is what the clause is about: `kinship, we never collect it`.
                if self.comma && self.active.is_some() {
                    self.end_clause();
                }
            }
            Event::Comma => {
                self.comma = true;
                self.not = false;
            }
            Event::Break => {
                self.end_clause();
                self.condition = false;
            }
        }
        if !matches!(event, Event::Comma) {
            self.comma &= matches!(event, Event::Not | Event::You);
        }
    }

    fn verb(&mut self, claim: Claim) {
        for code in self.pending.drain(..) {
            self.data.push((code, claim));
        }
        self.active = Some(claim);
        self.not = false;
        if claim != Claim::Neither {
            self.lead = Some(claim);
        }
    }

    fn end_clause(&mut self) {
        for code in self.pending.drain(..) {
            self.data.push((code, Claim::Neither));
        }
        self.active = None;
        self.not = false;
    }

    fn finish(mut self, lead: Option<Claim>) -> Reading {
        let rest = lead.unwrap_or(Claim::Neither);
        for code in self.pending.drain(..) {
            self.data.push((code, rest));
        }
        // `not …, unless you allow it`: it happens.
        if self.unless {
            for (_, claim) in &mut self.data {
                if *claim == Claim::Denied {
                    *claim = Claim::Collected;
                }
            }
        }
        let mut data: Vec<(&'static str, Claim)> = Vec::new();
        for (code, claim) in self.data {
            match data.iter_mut().find(|(known, _)| *known == code) {
                Some((_, known)) if *known == Claim::Neither => *known = claim,
                Some(_) => {}
                None => data.push((code, claim)),
            }
        }
        let (negative, lead, serves) = (self.negative, self.lead, self.serves);
        Reading { data, negative, lead, serves, ..Reading::default() }
    }
}
