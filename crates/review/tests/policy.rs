//! Policies: single sentences against what a person reads in them, and whole texts against what they must say.

use std::collections::BTreeSet;

use sarai_review::{
    By, Fact,
    policy::{Collected, PolicyReview, review_policy},
};

type Codes = BTreeSet<String>;

/// Rows of a file: sentence, what it says is collected, what it says is not.
fn rows(text: &'static str) -> Vec<(&'static str, Codes, Codes)> {
    let codes = |field: Option<&str>| -> Codes {
        let field = field.unwrap_or_default().trim();
        field
            .split(',')
            .map(str::trim)
            .filter(|code| !code.is_empty() && *code != "-")
            .map(str::to_owned)
            .collect()
    };
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut fields = line.split('\t');
            (fields.next().unwrap_or_default(), codes(fields.next()), codes(fields.next()))
        })
        .collect()
}

#[derive(Default)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Score {
    fn add(&mut self, found: &Codes, wanted: &Codes) {
        self.right += found.intersection(wanted).count();
        self.wrong += found.difference(wanted).count();
        self.missed += wanted.difference(found).count();
    }

    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }
}

fn score(language: &str, text: &'static str) -> (Score, Score) {
    let rows = rows(text);
    assert!(rows.len() >= 60, "{language}: {} sentences", rows.len());
    let (mut collected, mut denied) = (Score::default(), Score::default());
    for (sentence, wanted, not) in &rows {
        let review = review_policy("policy", sentence);
        let found: Codes = review.collected.keys().cloned().collect();
        let against: Codes = review.denied.keys().cloned().collect();
        if found != *wanted || against != *not {
            println!(
                "{language}: {sentence}\n    collected {found:?}, wanted {wanted:?}\n    denied {against:?}, wanted {not:?}"
            );
        }
        collected.add(&found, wanted);
        denied.add(&against, not);
    }
    for (name, score) in [("collected", &collected), ("denied", &denied)] {
        println!(
            "{language} {name}: precision {:.3}, recall {:.3} ({} right, {} wrong, {} missed; {} sentences)",
            score.precision(),
            score.recall(),
            score.right,
            score.wrong,
            score.missed,
            rows.len()
        );
    }
    (collected, denied)
}

#[test]
fn sentences_are_read_as_a_person_reads_them() {
    let zh = score("zh", include_str!("data/policy/zh.tsv"));
    let en = score("en", include_str!("data/policy/en.tsv"));
    // What the reading is to reach.
    for score in [zh.0, zh.1, en.0, en.1] {
        assert!(score.precision() >= 0.90, "precision {:.3}", score.precision());
        assert!(score.recall() >= 0.90, "recall {:.3}", score.recall());
    }
}

const GOOD: &str = "隐私政策
我们重视您的个人信息。
我们会收集以下信息：
1、手机号码，用于注册登录；
2、位置信息，用于派单和导航；
我们集成了友盟、高德地图的SDK，清单见附录。
我们不会收集您的通讯录。
我们在实现目的所必需的最短时间内留存您的信息，保存期限为三年。
您可以更正、删除您的个人信息，可以注销账号，可以撤回同意。
我们将在15个工作日内答复您的请求。
我们不满十四周岁的用户须由监护人同意。
如有疑问请联系我们，客服电话见首页。";

fn facts(review: &PolicyReview) -> Vec<Fact> {
    review.observations().into_iter().map(|observation| observation.fact).collect()
}

#[test]
fn a_policy_that_says_what_it_must_is_left_alone() {
    let review = review_policy("policy", GOOD);
    assert_eq!(facts(&review), Vec::<Fact>::new(), "{review:#?}");
    assert_eq!(review.language, "zh");
    assert_eq!(review.answer_days, Some(15));
    let parties: Vec<_> = review.third_parties.keys().map(String::as_str).collect();
    assert_eq!(parties, ["amap", "umeng"]);
    assert!(review.denied.contains_key("contact.list"));
}

#[test]
fn what_is_taken_away_is_missed() {
    let cases: [(&str, &str, Fact); 7] = [
        ("我们集成了友盟、高德地图的SDK，清单见附录。", "", Fact::PolicyNoThirdParties),
        (
            "我们在实现目的所必需的最短时间内留存您的信息，保存期限为三年。",
            "",
            Fact::PolicyNoRetention,
        ),
        ("可以注销账号，", "", Fact::PolicyNoClosing),
        ("可以撤回同意", "", Fact::PolicyNoWithdrawal),
        ("我们不满十四周岁的用户须由监护人同意。", "", Fact::PolicyNoChildren),
        ("15个工作日", "三十个工作日", Fact::PolicySlowAnswer),
        ("，用于注册登录", "", Fact::PolicyDataWithoutPurpose),
    ];
    for (what, with, fact) in cases {
        assert!(GOOD.contains(what));
        let review = review_policy("policy", &GOOD.replace(what, with));
        assert_eq!(facts(&review), [fact], "{what}");
    }
    assert_eq!(facts(&review_policy("policy", "")), [Fact::PolicyMissing]);
    assert_eq!(
        facts(&review_policy("policy", "欢迎使用。今天天气好。再见。")),
        [Fact::PolicyMissing]
    );
}

#[test]
fn what_is_collected_is_held_against_what_was_said() {
    let review = review_policy("policy", GOOD);
    let mut collected = Collected::new();
    for code in ["contact.mobile", "contact.list", "device.imei", "location.track"] {
        collected.insert(code.into(), vec![(By::App, "com.example.Main.start".into())]);
    }
    let seen = review.against(&collected, &BTreeSet::new());
    let told: Vec<_> =
        seen.iter().map(|o| (o.fact, o.data.as_deref().unwrap_or_default())).collect();
    assert_eq!(
        told,
        [
            (Fact::CollectedAgainstPromise, "contact.list"),
            (Fact::CollectedNotDeclared, "device.imei"),
            (Fact::CollectedNotDeclared, "location.track"),
        ]
    );
    assert_eq!(seen[2].details["declared_as"], "location.precise");
    let declared = BTreeSet::from(["device.imei".to_owned(), "location.track".to_owned()]);
    assert_eq!(review.against(&collected, &declared).len(), 1);
    let none = review.against(&Collected::new(), &declared);
    assert!(none.iter().all(|o| o.fact == Fact::DeclaredNotCollected) && none.len() == 2);
}

#[test]
fn html_is_read_with_its_lists() {
    let html = "<html><body><p>We collect the following:</p><ul><li>Phone number</li><li>Location</li></ul>\
        <p>We do not collect:</p><ul><li>Contacts</li></ul></body></html>";
    let review = review_policy("policy", html);
    assert_eq!(review.collected.keys().collect::<Vec<_>>(), ["contact.mobile", "location.precise"]);
    assert_eq!(review.denied.keys().collect::<Vec<_>>(), ["contact.list"]);
}
