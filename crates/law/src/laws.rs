//! All packs, read and checked, and the rules in force on a date.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
    sync::{Arc, RwLock},
};

use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use jiff::civil::Date;

use crate::{
    AccessDecision, AccessFacts, Fault, Rule,
    access::Slice,
    fault::{BadPack, Finger},
    pack::{PackFile, Source},
    statement::statements,
};

/// Most answers kept at once; then the memory is emptied and fills again.
pub const MEMO_MAX: usize = 32_768;

/// Every pack, ready to be asked.
pub struct Laws {
    schema: Schema,
    rules: Vec<Arc<Rule>>,
    /// Days on which the set of rules in force changes, ascending.
    changes: Vec<Date>,
    /// One slice for each span between two changes, made when first asked for.
    slices: RwLock<BTreeMap<usize, Arc<Slice>>>,
    memo: RwLock<HashMap<Box<str>, Arc<AccessDecision>>>,
}

impl std::fmt::Debug for Laws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} rules>", self.rules.len())
    }
}

impl Laws {
    /// The packs inside the binary.
    pub fn embedded() -> Result<Self, BadPack> {
        Self::read(&Source::embedded())
    }

    /// The packs of a directory instead.
    pub fn directory(dir: &Path) -> Result<Self, BadPack> {
        let source = Source::directory(dir).map_err(|fault| BadPack { faults: vec![fault] })?;
        Self::read(&source)
    }

    /// Reads and checks packs. One bad rule refuses them all, with every fault at once.
    pub fn read(source: &Source) -> Result<Self, BadPack> {
        let schema = schema(&source.schema).map_err(|fault| BadPack { faults: vec![fault] })?;
        let mut reader = Reader { validator: Validator::new(schema.clone()), rules: Vec::new() };
        let mut faults = Vec::new();
        for pack in &source.packs {
            for file in &pack.files {
                reader.file(&pack.name, file, &mut faults);
            }
        }
        if !faults.is_empty() {
            return Err(BadPack { faults });
        }
        let rules: Vec<_> = reader.rules.into_iter().map(Arc::new).collect();
        let days = rules.iter().flat_map(|rule| [Some(rule.from), rule.until]).flatten();
        let changes = days.collect::<BTreeSet<_>>().into_iter().collect();
        Ok(Self { schema, rules, changes, slices: RwLock::default(), memo: RwLock::default() })
    }

    /// Every rule of every pack.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&Arc<Rule>> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Days on which the set of rules in force changes.
    pub fn changes(&self) -> &[Date] {
        &self.changes
    }

    /// May this be opened, on this day? What was answered before is answered from memory: the key holds every fact that a rule can
    /// read and the span of dates, so the memory is exact.
    pub fn access(&self, facts: &AccessFacts<'_>, on: Date) -> Arc<AccessDecision> {
        let epoch = self.changes.partition_point(|day| *day <= on);
        let Some(key) = facts.key(epoch) else {
            return AccessDecision::words();
        };
        if let Ok(memo) = self.memo.read()
            && let Some(known) = memo.get(key.as_str())
        {
            return Arc::clone(known);
        }
        let decision = Arc::new(self.slice(epoch, on).decide(facts, &self.schema));
        if let Ok(mut memo) = self.memo.write() {
            if memo.len() >= MEMO_MAX {
                memo.clear();
            }
            memo.insert(key.into_boxed_str(), Arc::clone(&decision));
        }
        decision
    }

    fn slice(&self, epoch: usize, on: Date) -> Arc<Slice> {
        if let Ok(slices) = self.slices.read()
            && let Some(known) = slices.get(&epoch)
        {
            return Arc::clone(known);
        }
        let slice = Arc::new(Slice::new(self.rules.iter().filter(|rule| rule.in_force(on))));
        if let Ok(mut slices) = self.slices.write() {
            slices.insert(epoch, Arc::clone(&slice));
        }
        slice
    }
}

fn schema(file: &PackFile) -> Result<Schema, Fault> {
    let finger = Finger { file: &file.name, text: &file.text };
    match Schema::from_cedarschema_str(&file.text) {
        Ok((schema, _)) => Ok(schema),
        Err(error) => Err(finger.cedar(0, None, &error)),
    }
}

struct Reader {
    validator: Validator,
    rules: Vec<Rule>,
}

impl Reader {
    fn file(&mut self, pack: &str, file: &PackFile, faults: &mut Vec<Fault>) {
        let finger = Finger { file: &file.name, text: &file.text };
        for statement in statements(&file.text) {
            let rule = match Rule::read(&finger, pack, &statement) {
                Ok(rule) => rule,
                Err(found) => {
                    faults.extend(found);
                    continue;
                }
            };
            if let Some(twin) = self.rules.iter().find(|known| known.id == rule.id) {
                let reason = format!("@id is taken by {}:{}", twin.file, twin.line);
                faults.push(finger.at(statement.start, Some(&rule.id), reason));
                continue;
            }
            let found = self.validate(&finger, statement.start, &rule);
            if found.is_empty() {
                self.rules.push(rule);
            }
            faults.extend(found);
        }
    }

    /// Strict: a warning (a condition that can never hold, say) refuses the rule as an error does.
    fn validate(&self, finger: &Finger<'_>, start: usize, rule: &Rule) -> Vec<Fault> {
        let Ok(one) = PolicySet::from_policies([rule.policy.clone()]) else {
            return vec![finger.at(start, Some(&rule.id), "not a policy of its own")];
        };
        let result = self.validator.validate(&one, ValidationMode::Strict);
        let errors = result.validation_errors().map(|e| finger.cedar(start, Some(&rule.id), e));
        let warnings = result.validation_warnings().map(|w| finger.cedar(start, Some(&rule.id), w));
        errors.chain(warnings).collect()
    }
}
