//! Fixed words of the report, in both languages.

use crate::Text2;

/// A country's name; its code where it has none here.
pub fn country(code: &str) -> Text2 {
    let known = COUNTRIES.iter().find(|(known, _, _)| *known == code);
    known.map_or_else(
        || Text2::made(code.to_owned(), code.to_owned()),
        |(_, en, zh)| Text2::fixed(en, zh),
    )
}

/// Countries that data often goes to.
const COUNTRIES: &[(&str, &str, &str)] = &[
    ("??", "country not known", "国别未知"),
    ("AE", "United Arab Emirates", "阿联酋"),
    ("AU", "Australia", "澳大利亚"),
    ("BR", "Brazil", "巴西"),
    ("CA", "Canada", "加拿大"),
    ("CH", "Switzerland", "瑞士"),
    ("CN", "China", "中国"),
    ("DE", "Germany", "德国"),
    ("FI", "Finland", "芬兰"),
    ("FR", "France", "法国"),
    ("GB", "United Kingdom", "英国"),
    ("HK", "Hong Kong", "香港"),
    ("ID", "Indonesia", "印度尼西亚"),
    ("IE", "Ireland", "爱尔兰"),
    ("IL", "Israel", "以色列"),
    ("IN", "India", "印度"),
    ("JP", "Japan", "日本"),
    ("KR", "South Korea", "韩国"),
    ("MO", "Macao", "澳门"),
    ("MY", "Malaysia", "马来西亚"),
    ("NL", "Netherlands", "荷兰"),
    ("PH", "Philippines", "菲律宾"),
    ("RU", "Russia", "俄罗斯"),
    ("SE", "Sweden", "瑞典"),
    ("SG", "Singapore", "新加坡"),
    ("TH", "Thailand", "泰国"),
    ("TW", "Taiwan", "台湾"),
    ("US", "United States", "美国"),
    ("VN", "Vietnam", "越南"),
];

/// Names of the law packs.
pub fn pack(code: &str) -> Text2 {
    match code {
        "cn" => Text2::fixed("China", "中国"),
        "us" => Text2::fixed("the United States", "美国"),
        "eu" => Text2::fixed("the European Union", "欧盟"),
        "house" => Text2::fixed("this house", "本系统"),
        other => Text2::made(other.to_owned(), other.to_owned()),
    }
}

macro_rules! words {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        $(pub const $name: Text2 = Text2::fixed($en, $zh);)*
    };
}

words! {
    REVIEW: "Cybersecurity review", "网络安全审查";
    CASE: "case", "案号";
    SUMMARY: "Summary", "摘要";
    FIRST: "What to do first", "首要事项";
    FIGURES: "In figures", "数据";
    FINDINGS: "Findings", "发现";
    SOURCES: "Sources and limits", "来源与限度";
    EVIDENCE: "Evidence", "证据";
    RULE: "Rule", "依据";
    REMEDY: "Remedy", "整改";
    SAMPLE: "sample", "样例";
    SYNTHETIC: "A synthetic subject.", "合成主体。";
    NONE: "Nothing was found.", "未发现问题。";
    NO_RULE: "No rule of the packs applied was in force on this date.", "所适用规则包中，该日无有效规则。";
    PARTIAL: "This report is partial: something could not be read to its end.", "本报告不完整：部分证据未能读完。";
    NO_ADVICE: "This report is not legal advice.", "本报告不构成法律意见。";
    SOLID: "solid: text read", "实线：已核对原文";
    DASHED: "dashed: from memory, to be checked", "虚线：凭记忆，待核";
    READ: "read", "已读";
    RULES: "Rules applied", "适用规则";
    IN_FORCE: "in force", "生效";
    AT_ONCE: "at once", "立即";
    IN_10: "proposed: within 10 working days", "建议：10 个工作日内";
    IN_30: "proposed: within 30 days", "建议：30 日内";
    CONTENTS: "Contents", "目录";
    SKIP: "Skip to content", "跳到正文";
    COLLECTED: "Kinds of data seen", "实际收集";
    DECLARED: "Named in policy or list", "政策或清单中声明";
    NEEDED: "Needed for the service", "提供服务所必需";
    TODAY: "date of review", "审查日";
}
