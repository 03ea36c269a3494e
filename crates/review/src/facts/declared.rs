//! What the subject says that it collects, held against what it holds.

use std::collections::{BTreeMap, BTreeSet};

use super::{Observed, category::label};
use crate::{
    Evidence, Group, Place,
    collect::{Collected, Holding},
    report::number,
    subject::Subject,
};

/// Largest list: it is written by people.
const ROWS_MAX: usize = 10_000;

/// One item of the subject's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// As written.
    pub name: String,
    /// The category it is read as; none where it is not known.
    pub category: Option<String>,
    /// The purpose given.
    pub purpose: String,
    /// Line of the list.
    pub line: usize,
}

/// The subject's list of what it collects and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declaration {
    /// The list's name.
    pub source: String,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
    /// Its items.
    pub items: Vec<Item>,
}

impl Declaration {
    /// Reads a list: CSV with the columns `data` and `purpose` (or `信息`, `目的`), in any order.
    ///
    /// # Errors
    /// A sentence that says which line is wrong.
    pub fn parse(source: &str, text: &str) -> Result<Self, String> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let head = reader.headers().map_err(|_| "line 1: no head".to_owned())?.clone();
        let column = |names: &[&str]| {
            head.iter().position(|name| names.contains(&name.trim_start_matches('\u{feff}').trim()))
        };
        let data = column(&["data", "item", "信息", "信息种类", "个人信息"])
            .ok_or("line 1: there is no column `data`")?;
        let purpose = column(&["purpose", "目的", "处理目的"])
            .ok_or("line 1: there is no column `purpose`")?;
        let mut items = Vec::new();
        for row in reader.records() {
            let row = row.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                format!("line {line}: not CSV")
            })?;
            let field = |at: usize| row.get(at).unwrap_or("").trim().to_owned();
            let line = row.position().map_or(0, |at| usize::try_from(at.line()).unwrap_or(0));
            if items.len() == ROWS_MAX {
                return Err(format!("line {line}: more than {ROWS_MAX} items"));
            }
            let name = field(data);
            items.push(Item { category: category_of(&name), name, purpose: field(purpose), line });
        }
        Ok(Self { source: source.to_owned(), sha256: None, items })
    }

    /// Categories on the list.
    pub fn categories(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(|item| item.category.as_deref())
    }
}

/// A category by its code, or by a name in English or Chinese.
fn category_of(name: &str) -> Option<String> {
    let by_code = sarai_detect::CATEGORIES.iter().find(|category| category.code() == name);
    by_code
        .copied()
        .or_else(|| sarai_detect::column::named(name))
        .map(|category| category.code().to_owned())
}

/// Whether a purpose says nothing: it would fit any data of any service.
fn generic(purpose: &str) -> bool {
    const GENERIC: &[&str] = &[
        "improve service",
        "improve our service",
        "improve the service",
        "better service",
        "user experience",
        "business need",
        "other purposes",
        "as needed",
        "operations",
        "necessary purposes",
        "service optimisation",
        "service optimization",
        "改善服务",
        "提升服务",
        "优化服务",
        "改进服务",
        "提升用户体验",
        "改善用户体验",
        "优化体验",
        "业务需要",
        "其他目的",
        "运营需要",
        "服务需要",
        "等用途",
    ];
    let plain = purpose.to_lowercase();
    plain.is_empty() || plain == "-" || GENERIC.iter().any(|words| plain.contains(words))
}

/// What the service cannot be run without and a list need not name: internal numbers, times, places of the map.
fn internal(category: &str) -> bool {
    category.starts_with("time.")
        || category.starts_with("number.")
        || category.starts_with("net.url")
        || category.starts_with("org.")
        || category.starts_with("credential.")
        || matches!(category, "location.place" | "account.user" | "order.waybill" | "person.group")
}

/// Reads list, policy and holdings.
pub fn observe(_: &Subject, collected: &Collected, seen: &mut Vec<Observed>) {
    purposes(collected, seen);
    if collected.policy.is_none() && collected.declaration.is_none() {
        return;
    }
    let mut hidden: BTreeMap<&str, Vec<&Holding>> = BTreeMap::new();
    for one in
        collected.holdings.iter().filter(|one| one.whole && !one.in_text && one.confidence >= 70)
    {
        if !internal(&one.category)
            && !one.category.starts_with("inferred.")
            && !collected.told(&one.category)
        {
            hidden.entry(&one.category).or_default().push(one);
        }
    }
    for (category, holdings) in hidden {
        let evidence: Vec<Evidence> = holdings.iter().map(|one| one.evidence()).collect();
        let what = label(category);
        let observed = Observed::new("policy_item_missing", category, Group::Notice, evidence);
        let count = number(observed.count);
        seen.push(observed.detail(
            format!("{count} {} are held and neither policy nor list names them", what.en),
            format!("持有{} {count} 条，政策和清单均未载明", what.zh),
        ));
    }
}

/// Items without a purpose, with one that says nothing, and device data that no purpose covers.
fn purposes(collected: &Collected, seen: &mut Vec<Observed>) {
    let Some(list) = &collected.declaration else { return };
    let mut evidence = Vec::new();
    let mut told = BTreeSet::new();
    for item in &list.items {
        if generic(&item.purpose) {
            evidence.push(Evidence {
                place: Place {
                    source: list.source.clone(),
                    within: format!("line {}: {}", item.line, item.name),
                },
                count: 1,
                persons: None,
                sample: (!item.purpose.is_empty()).then(|| item.purpose.clone()),
                sha256: list.sha256.clone(),
            });
        } else if let Some(category) = &item.category {
            told.insert(category.as_str());
        }
    }
    let device = |category: &str| {
        category.starts_with("device.")
            && !matches!(category, "device.app_list" | "device.clipboard")
    };
    let listed: BTreeSet<&str> = list.categories().collect();
    for one in collected.holdings.iter().filter(|one| one.whole && device(&one.category)) {
        if !told.contains(one.category.as_str()) && !listed.contains(one.category.as_str()) {
            evidence.push(Evidence { count: 1, ..one.evidence() });
        }
    }
    if evidence.is_empty() {
        return;
    }
    let n = evidence.len();
    seen.push(Observed::new("purpose_not_stated", "items", Group::Notice, evidence).detail(
        format!("{n} items have no purpose, or one that would fit anything"),
        format!("{n} 项信息未写明目的，或目的笼统"),
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_reads_codes_and_names_of_both_languages() {
        let text = "data,purpose\ndevice.imei,\n手机号,create the account\nmobile,improve service quality\n";
        let list = Declaration::parse("list", text).unwrap();
        let codes: Vec<_> = list.items.iter().map(|item| item.category.as_deref()).collect();
        assert_eq!(codes, [Some("device.imei"), Some("contact.mobile"), Some("contact.mobile")]);
        let vague: Vec<bool> = list.items.iter().map(|item| generic(&item.purpose)).collect();
        assert_eq!(vague, [true, false, true]);
    }

    #[test]
    fn a_list_without_its_columns_is_refused() {
        assert!(Declaration::parse("list", "a,b\n1,2\n").unwrap_err().contains("`data`"));
        assert!(Declaration::parse("list", "data\nx\n").unwrap_err().contains("`purpose`"));
    }

    #[test]
    fn a_purpose_that_names_its_use_is_not_generic() {
        assert!(!generic("find the passenger at the pick-up point"));
        assert!(!generic("用于驾驶员与乘客联系"));
        assert!(generic("用于提升用户体验"));
        assert!(generic("  -".trim()));
    }
}
