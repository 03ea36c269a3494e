//! Access: may this be opened?

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
    sync::{Arc, LazyLock, RwLock},
};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, PolicySet, PrincipalConstraint, Request,
    ResourceConstraint, RestrictedExpression, Schema,
};
use jiff::civil::Date;
use serde::Serialize;

use crate::{Checked, Rule, Severity, cedar::uid};

/// Stands as the rule where no rule permits.
pub const DEFAULT_RULE: &str = "house.deny_by_default";
/// Stands as the rule where a fact is a word that the schema does not know.
pub const WORDS_RULE: &str = "house.unknown_word";
/// Stands as the rule where a policy could not be evaluated.
pub const FAULT_RULE: &str = "house.evaluation_failed";

/// Longest word of any fact; longer ones are unknown anyway.
const WORD_MAX: usize = 40;

/// Everything that a rule may read. Each word is one of the schema's; another one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessFacts<'a> {
    /// `anonymous`, `person`, `key`, `system`.
    pub who: &'a str,
    /// Roles of the caller.
    pub roles: &'a [&'a str],
    /// How the caller stands to the thing.
    pub relation: &'a str,
    /// What is opened.
    pub data: &'a str,
    /// What for.
    pub purpose: &'a str,
    /// Where the thing stands in its life; `none` or nothing where it has no stages.
    pub stage: &'a str,
    /// A case number was named.
    pub case: bool,
    /// The person's consent to this purpose stands.
    pub consent: bool,
    /// A second factor was shown just now.
    pub stepped_up: bool,
    /// The session was opened by a code alone on a quiet number.
    pub thin: bool,
    /// The caller is suspended.
    pub suspended: bool,
    /// Over everybody's data at once, not over named persons.
    pub everyone: bool,
}

/// What a rule rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// The rule.
    pub rule: String,
    /// `PIPL 6; PIPL 13(2)`.
    pub cite: String,
    /// Whether the source's wording was read.
    pub checked: Checked,
    /// First day in force.
    pub from: Date,
    /// First day no longer in force.
    pub until: Option<Date>,
    /// One sentence for the reader.
    pub note: Option<String>,
    /// The same in Chinese.
    pub note_zh: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// What of it is from memory: `rule`, or names of figures.
    pub memory_of: Vec<String>,
}

/// The answer, with what decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessDecision {
    /// Whether it may be opened.
    pub allowed: bool,
    /// Ids of the rules that decided, in order. Never empty.
    pub rules: Vec<String>,
    /// What they rest on; empty where no rule of a pack spoke.
    pub citations: Vec<Citation>,
}

impl AccessDecision {
    fn without_rule(rule: &str) -> Self {
        Self { allowed: false, rules: vec![rule.to_owned()], citations: Vec::new() }
    }

    /// The refusal of facts with a word that no schema could hold.
    pub(crate) fn words() -> Arc<Self> {
        static WORDS: LazyLock<Arc<AccessDecision>> =
            LazyLock::new(|| Arc::new(AccessDecision::without_rule(WORDS_RULE)));
        Arc::clone(&WORDS)
    }

    /// The rules in one word for the audit log.
    pub fn rule(&self) -> String {
        self.rules.join(" ")
    }
}

impl<'a> AccessFacts<'a> {
    /// The stage, `none` where nothing was said.
    fn stage(&self) -> &'a str {
        if self.stage.is_empty() { "none" } else { self.stage }
    }

    /// Exact key of these facts. `None` if a word could not be told from its neighbour, or is too long to be one of the schema's.
    pub(crate) fn key(&self, epoch: usize) -> Option<String> {
        let words = [self.who, self.relation, self.data, self.purpose, self.stage()];
        let mut roles = self.roles.to_vec();
        roles.sort_unstable();
        let fine = |word: &&str| {
            word.len() <= WORD_MAX
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"._".contains(&b))
        };
        if !words.iter().chain(&roles).all(fine) {
            return None;
        }
        let flags =
            [self.case, self.consent, self.stepped_up, self.thin, self.suspended, self.everyone];
        let bits = flags.iter().fold(0_u8, |bits, flag| bits << 1 | u8::from(*flag));
        let mut key = String::with_capacity(96);
        write!(key, "{epoch}/{bits}").ok()?;
        for word in words.iter().chain(&roles) {
            key.push('/');
            key.push_str(word);
        }
        Some(key)
    }

    fn request(&self, schema: &Schema) -> Option<Request> {
        let flag = RestrictedExpression::new_bool;
        let word = |kind, id| Some(RestrictedExpression::new_entity_uid(uid(kind, id)?));
        let roles = self.roles.iter().map(|role| word("Role", role)).collect::<Option<Vec<_>>>()?;
        let context = Context::from_pairs([
            ("relation".to_owned(), word("Relation", self.relation)?),
            ("purpose".to_owned(), word("Purpose", self.purpose)?),
            ("stage".to_owned(), word("Stage", self.stage())?),
            ("roles".to_owned(), RestrictedExpression::new_set(roles)),
            ("case".to_owned(), flag(self.case)),
            ("consent".to_owned(), flag(self.consent)),
            ("stepped_up".to_owned(), flag(self.stepped_up)),
            ("thin".to_owned(), flag(self.thin)),
            ("suspended".to_owned(), flag(self.suspended)),
            ("everyone".to_owned(), flag(self.everyone)),
        ])
        .ok()?;
        let (who, data) = (uid("Who", self.who)?, uid("Data", self.data)?);
        Request::new(who, uid("Action", "open")?, data, context, Some(schema)).ok()
    }
}

/// The rules in force between two changes of the law.
pub(crate) struct Slice {
    rules: BTreeMap<String, Arc<Rule>>,
    /// For a principal and resource, the policies whose scope lets both in: the others could neither hold nor fail.
    scoped: RwLock<HashMap<(EntityUid, EntityUid), Arc<PolicySet>>>,
    authorizer: Authorizer,
}

impl Slice {
    pub fn new<'r>(rules: impl Iterator<Item = &'r Arc<Rule>>) -> Self {
        let rules = rules.map(|rule| (rule.id.clone(), Arc::clone(rule))).collect();
        Self { rules, scoped: RwLock::default(), authorizer: Authorizer::new() }
    }

    /// Asks all rules. An error in any of them is a refusal: Cedar would skip a forbid that fails.
    pub fn decide(&self, facts: &AccessFacts<'_>, schema: &Schema) -> AccessDecision {
        let Some(request) = facts.request(schema) else {
            return AccessDecision::without_rule(WORDS_RULE);
        };
        let Some(policies) = self.scoped(&request) else {
            return AccessDecision::without_rule(FAULT_RULE);
        };
        let response = self.authorizer.is_authorized(&request, &policies, &Entities::empty());
        if response.diagnostics().errors().next().is_some() {
            return AccessDecision::without_rule(FAULT_RULE);
        }
        let mut rules: Vec<&Arc<Rule>> = response
            .diagnostics()
            .reason()
            .filter_map(|id| self.rules.get(AsRef::<str>::as_ref(id)))
            .collect();
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        if rules.is_empty() {
            return AccessDecision::without_rule(DEFAULT_RULE);
        }
        AccessDecision {
            allowed: response.decision() == Decision::Allow,
            rules: rules.iter().map(|rule| rule.id.clone()).collect(),
            citations: rules.iter().map(|rule| Citation::of(rule)).collect(),
        }
    }

    /// The policies that could say anything to this request. The schema has checked the request, so there are few such sets.
    fn scoped(&self, request: &Request) -> Option<Arc<PolicySet>> {
        let key = (request.principal()?.clone(), request.resource()?.clone());
        if let Ok(scoped) = self.scoped.read()
            && let Some(known) = scoped.get(&key)
        {
            return Some(Arc::clone(known));
        }
        let within = self.rules.values().map(|rule| &rule.policy).filter(|policy| {
            let who = match policy.principal_constraint() {
                PrincipalConstraint::Eq(who) => who == key.0,
                _ => true,
            };
            let what = match policy.resource_constraint() {
                ResourceConstraint::Eq(what) => what == key.1,
                _ => true,
            };
            who && what
        });
        let set = Arc::new(PolicySet::from_policies(within.cloned()).ok()?);
        if let Ok(mut scoped) = self.scoped.write() {
            scoped.insert(key, Arc::clone(&set));
        }
        Some(set)
    }
}

impl Citation {
    /// What a rule rests on.
    pub fn of(rule: &Rule) -> Self {
        Self {
            rule: rule.id.clone(),
            cite: rule.cite.clone(),
            checked: rule.checked,
            from: rule.from,
            until: rule.until,
            note: rule.note.clone(),
            note_zh: rule.note_zh.clone(),
            severity: rule.severity,
            memory_of: rule.memory_of.clone(),
        }
    }
}
