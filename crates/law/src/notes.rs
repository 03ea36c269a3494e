//! Reads a policy's annotations and gathers what is wrong with them.

use std::{collections::BTreeSet, sync::Arc};

use cedar_policy::{ActionConstraint, Policy, PolicyId};
use jiff::civil::Date;

use crate::{
    Checked, Class, Fault, FineRule, Lift, Question, Requirement, Rule, Severity, Word,
    clock::Clock,
    condition::{Condition, READ},
    fault::Finger,
    figures::Figures,
    statement::Statement,
    threshold::{self, Reading},
};

/// Annotations that a rule may carry.
const KNOWN: [&str; 20] = [
    "id", "cite", "from", "until", "checked", "note", "note_zh", "severity", "remedy", "fix",
    "fix_zh", "fact", "lifts", "class", "keep", "clock", "fine", "command", "conflict", "replaces",
];

/// What meets a rule that nothing meets.
const PROHIBITED: &str = "prohibited";

/// Reads a statement as a rule.
pub(crate) fn rule(
    finger: &Finger<'_>,
    pack: &str,
    figures: &Figures,
    statement: &Statement<'_>,
) -> Result<Rule, Vec<Fault>> {
    let policy = Policy::parse(None, statement.text).map_err(|errors| {
        errors.iter().map(|e| finger.cedar(statement.start, None, e)).collect::<Vec<_>>()
    })?;
    let tree = policy.to_json().map_err(|error| {
        vec![finger.at(statement.start, policy.annotation("id"), error.to_string())]
    })?;
    let reading = threshold::reading(&tree);
    let read = |question| Some((question, Arc::new(Condition::of(&policy, &tree, question)?)));
    let conditions = READ.into_iter().filter_map(read).collect();
    let mut notes =
        Notes { finger, statement, policy: &policy, reading, figures, faults: Vec::new() };
    notes.refuse_unknown();
    let (id, cite) = (notes.need("id"), notes.need("cite"));
    let (from, until) = notes.days();
    let own = notes.checked();
    let question = notes.question();
    let memory_of = notes.memory_of(own);
    let rule = Rule {
        pack: pack.to_owned(),
        question,
        forbids: Rule::effect_of(&policy),
        cite,
        from: from.unwrap_or_default(),
        until,
        checked: if memory_of.is_empty() { Checked::Text } else { Checked::Memory },
        memory_of,
        note: notes.text("note"),
        note_zh: notes.text("note_zh"),
        severity: notes.severity(),
        remedy: notes.remedy(question),
        fix: notes.text("fix"),
        fix_zh: notes.text("fix_zh"),
        lifts: notes.one_of::<Lift>("lifts"),
        class: notes.one_of::<Class>("class"),
        keep_years: notes.keep(),
        clock: notes.clock(),
        fine: notes.fine(),
        command: notes.text("command").is_some(),
        conflicts: notes.list("conflict"),
        replaces: notes.list("replaces"),
        file: finger.file.to_owned(),
        line: finger.at(statement.start, None, "").line,
        text: statement.text.to_owned(),
        thresholds: notes.reading.thresholds.iter().copied().collect(),
        conditions,
        policy: policy.new_id(PolicyId::new(&id)),
        id,
    };
    notes.fits(&rule);
    notes.misplaced(question);
    notes.misread();
    if question != Question::Open && question != Question::Any {
        notes.numbers();
    }
    let faults = notes.faults;
    if faults.is_empty() { Ok(rule) } else { Err(faults) }
}

struct Notes<'a> {
    finger: &'a Finger<'a>,
    statement: &'a Statement<'a>,
    policy: &'a Policy,
    reading: Reading,
    figures: &'a Figures,
    faults: Vec<Fault>,
}

impl Notes<'_> {
    fn say(&mut self, needle: &str, reason: impl Into<String>) {
        let place = self.statement.start + self.statement.text.find(needle).unwrap_or(0);
        self.faults.push(self.finger.at(place, self.policy.annotation("id"), reason));
    }

    /// As [`Self::say`], of something in the policy itself: its annotations may hold the same letters.
    fn say_of_policy(&mut self, needle: &str, reason: impl Into<String>) {
        let text = self.statement.text;
        let policy = text.rfind("permit").max(text.rfind("forbid")).unwrap_or(0);
        let within = text.get(policy..).and_then(|rest| rest.find(needle)).unwrap_or(0);
        let place = self.statement.start + policy + within;
        self.faults.push(self.finger.at(place, self.policy.annotation("id"), reason));
    }

    fn refuse_unknown(&mut self) {
        let unknown: Vec<String> = self
            .policy
            .annotations()
            .filter(|(key, _)| !KNOWN.contains(key))
            .map(|(key, _)| key.to_owned())
            .collect();
        for key in unknown {
            self.say(&format!("@{key}"), format!("annotation @{key} is not known"));
        }
    }

    fn text(&self, key: &str) -> Option<String> {
        self.policy.annotation(key).map(|text| text.trim().to_owned())
    }

    fn need(&mut self, key: &str) -> String {
        let text = self.text(key).unwrap_or_default();
        if text.is_empty() {
            self.say("@", format!("annotation @{key} is missing"));
        }
        text
    }

    fn list(&self, key: &str) -> Vec<String> {
        let text = self.policy.annotation(key).unwrap_or_default();
        text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }

    fn day(&mut self, key: &str, text: &str) -> Option<Date> {
        let day = text.parse().ok().filter(|day: &Date| day.to_string() == text);
        if day.is_none() {
            self.say(&format!("@{key}"), format!("@{key}: `{text}` is not a date (YYYY-MM-DD)"));
        }
        day
    }

    fn days(&mut self) -> (Option<Date>, Option<Date>) {
        let from = self.need("from");
        let from = if from.is_empty() { None } else { self.day("from", &from) };
        let until = self.policy.annotation("until").map(str::to_owned);
        let until = until.and_then(|text| self.day("until", &text));
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            self.say("@until", format!("@until {until} is not after @from {from}"));
        }
        (from, until)
    }

    fn checked(&mut self) -> Checked {
        match self.need("checked").as_str() {
            "text" => Checked::Text,
            "memory" | "" => Checked::Memory,
            other => {
                self.say("@checked", format!("@checked(\"{other}\"): say \"text\" or \"memory\""));
                Checked::Memory
            }
        }
    }

    fn question(&mut self) -> Question {
        let named = match self.policy.action_constraint() {
            ActionConstraint::Any => return Question::Any,
            ActionConstraint::Eq(action) => action,
            ActionConstraint::In(_) => {
                self.say("action", "name one action with `==`: a rule answers one question");
                return Question::Any;
            }
        };
        let word = named.id().unescaped();
        let known = Question::ACTIONS.into_iter().find(|(_, known)| *known == word);
        known.map_or(Question::Any, |(question, _)| question) // the validator names an unknown action
    }

    fn severity(&mut self) -> Severity {
        let Some(text) = self.text("severity") else {
            return if Rule::effect_of(self.policy) { Severity::High } else { Severity::Info };
        };
        let known = Severity::ALL.into_iter().find(|(_, word)| *word == text);
        if known.is_none() {
            self.say("@severity", format!("@severity: `{text}` is not a severity"));
        }
        known.map_or(Severity::High, |(severity, _)| severity)
    }

    fn one_of<T: Word>(&mut self, key: &str) -> Option<T> {
        let text = self.text(key)?;
        let known = T::of(&text);
        if known.is_none() {
            self.say(&format!("@{key}"), format!("@{key}: `{text}` is not one of {}", T::KIND));
        }
        known
    }

    /// What the policy says it is lifted by, and what it is lifted by, must be the same.
    fn remedy(&mut self, question: Question) -> Vec<Requirement> {
        let required = Rule::effect_of(self.policy) && is_about_requirements(question);
        let Some(text) = self.text("remedy") else {
            if required {
                self.say(
                    "@",
                    "annotation @remedy is missing; say \"prohibited\" where nothing helps",
                );
            }
            return Vec::new();
        };
        if !required {
            self.say("@remedy", "@remedy is for rules that forbid a transfer or an act");
        }
        let words: Vec<&str> =
            text.split('|').map(str::trim).filter(|w| *w != PROHIBITED).collect();
        let mut remedy = Vec::new();
        for word in words {
            match Requirement::of(word) {
                Some(known) => remedy.push(known),
                None => self.say("@remedy", format!("@remedy: `{word}` is not a Requirement")),
            }
        }
        if remedy.iter().copied().collect::<BTreeSet<_>>() != self.reading.requirements {
            let join = |words: Vec<&str>| words.join("|");
            let says = join(remedy.iter().map(|r| r.word()).collect());
            let does = join(self.reading.requirements.iter().map(|r| r.word()).collect());
            self.say(
                "@remedy",
                format!("@remedy says `{says}` but the policy is lifted by `{does}`"),
            );
        }
        remedy
    }

    fn keep(&mut self) -> Option<u16> {
        let text = self.text("keep")?;
        let years = text.strip_suffix(" years").and_then(|count| count.parse().ok());
        match years {
            Some(years) => self.figure("@keep", i64::from(years)),
            None => self.say("@keep", format!("@keep: `{text}` is not a number of years")),
        }
        years
    }

    fn clock(&mut self) -> Option<Clock> {
        let text = self.text("clock")?;
        let clock = Clock::parse(&text);
        match clock {
            Some(clock) => self.figure("@clock", i64::from(clock.count)),
            None => {
                let reason = format!("@clock: `{text}` is not `N unit after|before event`");
                self.say("@clock", reason);
            }
        }
        clock
    }

    /// `CNY 50000000 or 5%`
    fn fine(&mut self) -> Option<FineRule> {
        let text = self.text("fine")?;
        let fine = fine(&text);
        match &fine {
            Some(fine) => {
                self.figure("@fine", i64::try_from(fine.amount).unwrap_or(i64::MAX));
                if let Some(percent) = fine.turnover_percent {
                    self.figure("@fine", i64::try_from(percent).unwrap_or(i64::MAX));
                }
            }
            None => self.say("@fine", format!("@fine: `{text}` is not `CUR amount [or N%]`")),
        }
        fine
    }

    /// A number in an annotation must be the value of a named figure, as a number in the policy must.
    fn figure(&mut self, needle: &str, number: i64) {
        if !self.allowed().contains(&number) {
            let reason = format!("{number} is not the value of any figure named in @fact");
            self.say(needle, reason);
        }
    }

    fn allowed(&self) -> BTreeSet<i64> {
        let named = self.list("fact");
        named.iter().filter_map(|name| self.figures.get(name)).map(|row| row.value).collect()
    }

    fn memory_of(&mut self, own: Checked) -> Vec<String> {
        let mut found = Vec::new();
        if own == Checked::Memory {
            found.push("rule".to_owned());
        }
        for name in self.list("fact") {
            match self.figures.get(&name).map(|row| row.checked) {
                Some(Checked::Memory) => found.push(name),
                Some(Checked::Text) => {}
                None => self.say(&name, format!("figure `{name}` is not in facts.toml")),
            }
        }
        found
    }

    /// Zero needs no source: it only asks whether there is any at all.
    fn numbers(&mut self) {
        let allowed = self.allowed();
        let unknown: Vec<i64> = self
            .reading
            .numbers
            .iter()
            .copied()
            .filter(|n| *n != 0 && !allowed.contains(n))
            .collect();
        for number in unknown {
            let reason = format!("{number} is not the value of any figure named in @fact");
            self.say_of_policy(&number.to_string(), reason);
        }
    }

    /// What a rule does with facts that no rule may do, whichever question it answers: the memory of answers rests on it.
    fn misread(&mut self) {
        for (needle, reason) in std::mem::take(&mut self.reading.wrong) {
            self.say_of_policy(&needle, reason);
        }
    }

    /// An annotation on a rule that is never asked for it would be silently without effect.
    fn misplaced(&mut self, question: Question) {
        let owed: &[Question] = &[Question::Owe, Question::Stand];
        for (key, questions) in [
            ("lifts", [Question::Exempt].as_slice()),
            ("class", [Question::Classify].as_slice()),
            ("keep", owed),
            ("clock", owed),
            ("fine", owed),
            ("command", owed),
            ("conflict", owed),
        ] {
            if self.policy.annotation(key).is_some() && !questions.contains(&question) {
                let words: Vec<&str> = questions.iter().map(|question| question.word()).collect();
                let reason = format!("@{key} is for rules on `{}`", words.join("` and `"));
                self.say(&format!("@{key}"), reason);
            }
        }
    }

    /// Each kind of rule has its effect and says what it must say.
    fn fits(&mut self, rule: &Rule) {
        let forbids = match rule.question {
            Question::Transfer | Question::Act | Question::Breach => true,
            Question::Classify | Question::Exempt | Question::Owe | Question::Stand => false,
            Question::Open | Question::Any => return,
        };
        // The house's own rule that allows what nobody forbids is the one permit on a question of requirements.
        let base = rule.pack == "house" && !rule.forbids;
        if rule.forbids != forbids && !base {
            let (is, wanted) = if forbids { ("permit", "forbid") } else { ("forbid", "permit") };
            self.say(is, format!("a rule on `{}` is a {wanted}", rule.question.word()));
        }
        for key in ["note", "note_zh"] {
            self.need(key);
        }
        match rule.question {
            Question::Exempt if rule.lifts.is_none() => {
                self.say("@", "annotation @lifts is missing")
            }
            Question::Classify if rule.class.is_none() => {
                self.say("@", "annotation @class is missing");
            }
            _ => {}
        }
    }
}

fn is_about_requirements(question: Question) -> bool {
    matches!(question, Question::Transfer | Question::Act)
}

fn fine(text: &str) -> Option<FineRule> {
    let (sum, share) = match text.split_once(" or ") {
        Some((sum, share)) => (sum, Some(share.strip_suffix('%')?.parse().ok()?)),
        None => (text, None),
    };
    let (currency, amount) = sum.split_once(' ')?;
    let fine = FineRule {
        currency: currency.to_owned(),
        amount: amount.parse().ok()?,
        turnover_percent: share,
    };
    (currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase())).then_some(fine)
}
