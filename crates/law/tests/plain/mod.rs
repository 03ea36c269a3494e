//! The slow, obvious reference: Cedar over every policy in force of the packs asked, all questions in one set, with no memory and no
//! index. It reads the rules' text and builds its requests by itself.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, Policy, PolicyId, PolicySet, Request,
    Schema,
};
use sarai_law::{AccessFacts, Class, Country, Date, Facts, Laws, Rule, Set, Source, Word};
use serde_json::{Value, json};

/// What plain evaluation says of a transfer; `None` in place of it is an evaluation that failed.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    pub allowed: bool,
    pub prohibited: BTreeSet<String>,
    pub missing: BTreeSet<String>,
    pub exemptions: BTreeSet<String>,
    pub rules: BTreeSet<String>,
}

pub struct Plain {
    schema: Schema,
    rules: BTreeMap<String, (Arc<Rule>, Policy)>,
    authorizer: Authorizer,
    /// Only the sets of policies are kept, by the ids in them.
    sets: HashMap<Vec<String>, PolicySet>,
}

impl Plain {
    pub fn new(laws: &Laws) -> Self {
        let text = Source::embedded().schema.text;
        let (schema, _) = Schema::from_cedarschema_str(&text).unwrap();
        let parse = |rule: &Arc<Rule>| {
            let policy = Policy::parse(Some(PolicyId::new(&rule.id)), &rule.text).unwrap();
            (rule.id.clone(), (Arc::clone(rule), policy))
        };
        let rules = laws.rules().iter().map(parse).collect();
        Self { schema, rules, authorizer: Authorizer::new(), sets: HashMap::new() }
    }

    /// Decision and reasons; `None` where a policy failed or the request is none of the schema's.
    fn ask(&mut self, on: Date, packs: &[&str], request: Option<Request>) -> Option<Decided> {
        let in_force = |rule: &Rule| rule.from <= on && rule.until.is_none_or(|until| on < until);
        let asked = |rule: &Rule| rule.pack == "house" || packs.contains(&rule.pack.as_str());
        let ids: Vec<String> = self
            .rules
            .values()
            .filter(|(rule, _)| in_force(rule) && asked(rule))
            .map(|(rule, _)| rule.id.clone())
            .collect();
        let policies = self.sets.entry(ids).or_insert_with_key(|ids| {
            PolicySet::from_policies(ids.iter().map(|id| self.rules[id].1.clone())).unwrap()
        });
        let response = self.authorizer.is_authorized(&request?, policies, &Entities::empty());
        if response.diagnostics().errors().next().is_some() {
            return None;
        }
        let reasons = response.diagnostics().reason().map(ToString::to_string).collect();
        Some(Decided { allowed: response.decision() == Decision::Allow, reasons })
    }

    fn request(&self, ids: [&str; 5], context: Value) -> Option<Request> {
        let [who_kind, who, action, what_kind, what] = ids;
        let uid = |kind: &str, id: &str| EntityUid::from_json(json!({"type": kind, "id": id})).ok();
        let action = uid("Action", action)?;
        let context = Context::from_json_value(context, Some((&self.schema, &action))).ok()?;
        Request::new(
            uid(who_kind, who)?,
            action,
            uid(what_kind, what)?,
            context,
            Some(&self.schema),
        )
        .ok()
    }

    /// May it go? The steps as docs/law.md tells them: classes from kinds and counts, exemptions, then requirements.
    pub fn transfer(&mut self, on: Date, facts: &Facts) -> Option<Said> {
        let packs: Vec<&str> = facts.laws.iter().map(Word::word).collect();
        let recipient = facts.recipient.as_ref()?;
        let who = if facts.operator.ciio { "ciio" } else { "ordinary" };
        let mut told = facts.clone();
        for kind in facts.payload.kinds.iter() {
            let sectors = json!({"sectors": words("Sector", facts.operator.sectors)});
            let ids = ["Operator", who, "classify", "Kind", kind.word()];
            let request = self.request(ids, sectors);
            let found = self.ask(on, &packs, request)?;
            let permits = if found.allowed { found.reasons } else { BTreeSet::new() };
            for id in permits {
                told.payload.classes.insert(self.rules[&id].0.class.unwrap());
            }
        }
        complete(&mut told);
        let kind = recipient.kind.word();
        let mut lifted = BTreeSet::new();
        let ids = ["Operator", who, "exempt", "RecipientKind", kind];
        let request = self.request(ids, context(&told, on, &lifted));
        let found = self.ask(on, &packs, request)?;
        let exemptions = if found.allowed { found.reasons } else { BTreeSet::new() };
        lifted.extend(exemptions.iter().map(|id| self.rules[id].0.lifts.unwrap().word()));
        let ids = ["Operator", who, "transfer", "RecipientKind", kind];
        let request = self.request(ids, context(&told, on, &lifted));
        let found = self.ask(on, &packs, request)?;
        let (prohibited, missing) = found
            .reasons
            .iter()
            .filter(|id| self.rules[*id].0.forbids)
            .cloned()
            .partition(|id| self.rules[id].0.remedy.is_empty());
        Some(Said { allowed: found.allowed, prohibited, missing, exemptions, rules: found.reasons })
    }

    /// May it be opened?
    pub fn access(&mut self, on: Date, facts: &AccessFacts<'_>) -> Option<Decided> {
        let word = |kind: &str, id: &str| json!({"__entity": {"type": kind, "id": id}});
        let roles: Vec<Value> = facts.roles.iter().map(|role| word("Role", role)).collect();
        let stage = if facts.stage.is_empty() { "none" } else { facts.stage };
        let context = json!({
            "relation": word("Relation", facts.relation),
            "purpose": word("Purpose", facts.purpose),
            "stage": word("Stage", stage),
            "roles": roles,
            "case": facts.case,
            "consent": facts.consent,
            "stepped_up": facts.stepped_up,
            "thin": facts.thin,
            "suspended": facts.suspended,
            "everyone": facts.everyone,
        });
        let request = self.request(["Who", facts.who, "open", "Data", facts.data], context);
        self.ask(on, &["cn", "us", "eu"], request)
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct Decided {
    pub allowed: bool,
    pub reasons: BTreeSet<String>,
}

fn complete(facts: &mut Facts) {
    let payload = &mut facts.payload;
    if payload.sensitive_persons > 0 {
        payload.classes.insert(Class::Sensitive);
    }
    if payload.classes.contains(Class::Sensitive) {
        payload.sensitive_persons = payload.sensitive_persons.max(1);
        payload.classes.insert(Class::Personal);
    }
    if payload.persons > 0 {
        payload.classes.insert(Class::Personal);
    }
}

fn words<T: Word>(kind: &str, set: Set<T>) -> Vec<Value> {
    let entity = |word: T| json!({"__entity": {"type": kind, "id": word.word()}});
    set.iter().map(entity).collect()
}

fn context(facts: &Facts, on: Date, lifted: &BTreeSet<&str>) -> Value {
    let word = |kind: &str, id: &str| json!({"__entity": {"type": kind, "id": id}});
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let Facts { operator, payload, .. } = facts;
    let recipient = facts.recipient.as_ref().unwrap();
    let mut met = facts.done;
    let holds = |m: &&sarai_law::Mechanism| {
        m.from.is_none_or(|from| from <= on) && m.until.is_none_or(|until| on < until)
    };
    facts.mechanisms.iter().filter(holds).for_each(|m| met.insert(m.kind));
    facts.consents.iter().for_each(|consent| met.insert(consent.meets()));
    let lifted: Vec<Value> = lifted.iter().map(|id| word("Lift", id)).collect();
    json!({
        "home": operator.home.code(),
        "to": recipient.country.code(),
        "sectors": words("Sector", operator.sectors),
        "kinds": words("Kind", payload.kinds),
        "aim": word("Aim", facts.aim.word()),
        "basis": word("Basis", facts.basis.word()),
        "deal": word("Deal", facts.deal.word()),
        "grounds": words("Ground", facts.grounds),
        "lifted": lifted,
        "met": words("Requirement", met),
        "personal": payload.classes.contains(Class::Personal),
        "sensitive": payload.classes.contains(Class::Sensitive),
        "important": payload.classes.contains(Class::Important),
        "core": payload.classes.contains(Class::Core),
        "us_person": operator.us_person || operator.home == Country::US,
        "covered_person": recipient.covered_person,
        "restricted": recipient.restricted,
        "objected": facts.objected,
        "persons": count(payload.persons),
        "sensitive_persons": count(payload.sensitive_persons),
        "persons_two_years": count(payload.persons_two_years),
        "sensitive_two_years": count(payload.sensitive_two_years),
        "persons_held": count(operator.persons_held),
        "faces_held": count(operator.faces_held),
        "us_genomic": count(payload.us.genomic),
        "us_omic": count(payload.us.omic),
        "us_biometric": count(payload.us.biometric),
        "us_geolocation": count(payload.us.geolocation),
        "us_health": count(payload.us.health),
        "us_financial": count(payload.us.financial),
        "us_identifiers": count(payload.us.identifiers),
        "us_combined": count(payload.us.combined),
    })
}
