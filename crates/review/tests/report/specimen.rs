//! A report made by hand, with everything in it that a page must survive.

use jiff::{Timestamp, civil::Date};
use sarai_review::{
    Cite, Evidence, Finding, Group, Likeness, Place, Severity, Text2,
    report::{ClassLine, Figures, FlowLine, Head, Report, RuleSpan, SourceKind, SourceLine},
    subject::House,
};

/// Texts that would run, break out or turn the page if any writer let them through.
pub const HOSTILE: &[&str] = &[
    "<script>document.title='ran'</script>",
    "\"><img src=x onerror=\"document.title='ran'\">",
    "'><svg onload=document.title='ran'>",
    "</style><style>body{display:none}</style>",
    "</textarea></title></svg><iframe src=javascript:document.title='ran'>",
    "javascript:document.title='ran'",
    "<a href=\"https://elsewhere.example/\">x</a>",
    "{{constructor.constructor('document.title=1')()}}",
    "&lt;script&gt; &#x3c;b&#x3e; \u{0}\u{8}\u{1b}[31m",
    "admin\u{202e}gpj.exe\u{200b}\u{feff}",
    "]]><!--<script>document.title='ran'</script>-->",
    "\\u003cscript\\u003e ${7*7} %3Cscript%3E",
    "<math><mtext></mtext><mglyph><style></math><img src onerror=document.title='ran'>",
    "expression(document.title='ran'); background:url(https://elsewhere.example/)",
];

fn finding(at: usize, severity: Severity, group: Group, text: &str) -> Finding {
    let two = |en: &str, zh: &str| Text2::made(format!("{en} {text}"), format!("{zh} {text}"));
    Finding {
        id: format!("id_plaintext:{at:08x}"),
        fact: if at.is_multiple_of(2) { "id_plaintext" } else { "app.reads_clipboard" }.to_owned(),
        group,
        severity,
        count: 41_208 + at as u64,
        persons: (!at.is_multiple_of(3)).then_some(13_240),
        title: two(
            "Identity numbers stand in plain text: 41,208 rows.",
            "明文存储身份证号：41,208 行。",
        ),
        evidence: (0..=at % 8)
            .map(|n| Evidence {
                place: Place {
                    source: format!("driver-db {text}"),
                    within: format!("driver.id_no {n} {text}"),
                },
                count: 41_208,
                persons: (n % 2 == 0).then_some(41_208),
                sample: Some(format!("3201••••••••••12 {text}")),
                sha256: None,
            })
            .collect(),
        cites: vec![
            cite("PIPL 51(3)", "cn.pipl.51", "text", "2021-11-01"),
            cite("METHOD 4.1", "cn.method.4.1", "memory", "2019-11-28"),
            cite(text, text, "text", "2021-09-01"),
        ],
        remedy: two(
            "Encrypt the column under a key that is not beside it; clean logs.",
            "以独立保管的密钥加密该列。",
        ),
        act: two("Encrypt drivers’ identity numbers", "加密司机身份证号"),
        likeness: Some(Likeness {
            fact: "V11".to_owned(),
            what: two("57,802,600 identity numbers in plain text", "明文存储身份证号 5780.26 万条"),
        }),
    }
}

fn cite(cite: &str, rule: &str, checked: &'static str, from: &str) -> Cite {
    let until = (rule == "cn.method.4.1").then(|| "2027-01-01".to_owned());
    Cite { cite: cite.to_owned(), rule: rule.to_owned(), checked, from: from.to_owned(), until }
}

/// Fourteen findings; `hostile` puts a text of [`HOSTILE`] wherever a subject's words can come.
pub fn specimen(hostile: bool) -> Report {
    let severities = [3, 5, 4, 2].into_iter().zip(Severity::ALL).flat_map(|(n, s)| vec![s; n]);
    let text = |at: usize| if hostile { HOSTILE[at % HOSTILE.len()] } else { "" };
    let findings: Vec<Finding> = severities
        .enumerate()
        .map(|(at, severity)| finding(at, severity, Group::ALL[at % 7], text(at)))
        .collect();
    let class = |n: usize, en: &str, zh: &str, persons| ClassLine {
        category: format!("c.{n}"),
        label: Text2::made(format!("{en} {}", text(n)), zh.to_owned()),
        sensitive: n.is_multiple_of(3),
        persons,
        declared: n % 4 != 1,
    };
    let flow = |n: usize, country: &str, requests, before_consent| FlowLine {
        recipient: format!("m{n}.metrics.example {}", text(n)),
        country: country.to_owned(),
        abroad: country != "CN",
        requests,
        before_consent,
        persons: 13_240,
        declared: n == 0,
        covered: false,
    };
    let rule = |cite: &str, from: &str, until: Option<&str>, checked| RuleSpan {
        cite: cite.to_owned(),
        rule: format!("cn.{cite}"),
        from: from.to_owned(),
        until: until.map(str::to_owned),
        checked,
        findings: 2,
    };
    Report {
        head: Head {
            name: Text2::made(format!("Xunlu Rides {}", text(1)), format!("巡鹿出行 {}", text(2))),
            sector: Text2::fixed("Ride-hailing", "网约车"),
            house: House::Platform,
            users: 1_300_000,
            synthetic: true,
            case: Some(format!("2026-017 {}", text(0))),
            on: Date::constant(2026, 11, 23),
            law: vec!["cn".to_owned()],
            made: "2026-11-25T12:00:00Z".parse::<Timestamp>().unwrap(),
            version: "0.1.0",
        },
        sources: vec![
            SourceLine {
                name: format!("driver-db {}", text(3)),
                kind: SourceKind::Database,
                read: 812_004,
                complete: true,
                sha256: Some(
                    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
                ),
                note: None,
            },
            SourceLine {
                name: "trips.har".to_owned(),
                kind: SourceKind::Traffic,
                read: 2_904,
                complete: false,
                sha256: None,
                note: Some(format!("cut off at 71 % {}", text(4))),
            },
        ],
        findings,
        figures: Figures {
            classes: vec![
                class(0, "Faces", "人脸", 8_914),
                class(1, "Telephone numbers", "手机号", 8_210),
                class(2, "Home addresses", "住址", 5_120),
                class(3, "Tracks", "行踪轨迹", 3_300),
                class(4, "Occupations", "职业", 900),
            ],
            collected: 61,
            declared: 42,
            needed: 19,
            flows: vec![flow(0, "SG", 118, 41), flow(1, "CN", 2_786, 0), flow(2, "??", 12, 12)],
            rules: vec![
                rule("METHOD 4.1", "2019-11-28", None, "memory"),
                rule("DSL 27", "2021-09-01", None, "text"),
                rule("PIPL 28", "2021-11-01", None, "text"),
                rule("CSL 41", "2017-06-01", Some("2026-01-01"), "text"),
                rule("CBDF 7", "2024-03-22", None, "text"),
            ],
            sixteen: 16,
        },
        limits: vec![Text2::made(
            format!("One traffic capture was cut off at 71 %. {}", text(5)),
            format!("一份流量记录在 71 % 处中断。{}", text(6)),
        )],
    }
}
