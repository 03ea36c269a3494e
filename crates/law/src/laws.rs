//! All packs, read and checked, and the rules in force on a date.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
    sync::{Arc, RwLock},
};

use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use jiff::civil::Date;

use crate::{
    AccessDecision, AccessFacts, Fault, Jurisdiction, Question, Rule, Set,
    access::Slice,
    asked::Asked,
    calendar::Calendar,
    fault::{BadPack, Finger},
    figures::{self, Figures},
    in_force::{InForce, concerns},
    notes,
    observations::{self, Observations},
    pack::{Pack, PackFile, Source},
    statement::statements,
    threshold::MARKS_MAX,
    transfer::Verdicts,
    versions,
};

/// Most answers kept at once; then the memory is emptied and fills again.
pub const MEMO_MAX: usize = 32_768;

/// Every pack, ready to be asked.
pub struct Laws {
    pub(crate) schema: Schema,
    /// The schema takes every word that a transfer can be told in.
    whole: bool,
    schema_text: String,
    pub(crate) calendar: Calendar,
    pub(crate) observations: Observations,
    pub(crate) verdicts: Verdicts,
    figures: BTreeMap<String, Figures>,
    /// Rules of the packs that are asked, for each span between two changes.
    spans: RwLock<HashMap<(u32, u64), Arc<InForce>>>,
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
        let refuse = |faults| Err(BadPack { faults });
        let schema = match schema(&source.schema) {
            Ok(schema) => schema,
            Err(fault) => return refuse(vec![fault]),
        };
        let mut reader = Reader::new(&schema);
        for pack in &source.packs {
            reader.pack(pack);
        }
        let Reader { rules, mut faults, figures, .. } = reader;
        faults.extend(versions::faults(&rules));
        let observations = observations::read(&source.observations).unwrap_or_else(|found| {
            faults.extend(found);
            Observations::default()
        });
        let calendar = match Calendar::embedded() {
            Ok(calendar) if faults.is_empty() => calendar,
            Ok(_) => return refuse(faults),
            Err(error) => {
                let finger = Finger { file: "calendar.toml", text: "" };
                faults.push(finger.at(0, None, error.to_string()));
                return refuse(faults);
            }
        };
        let rules: Vec<_> = rules.into_iter().map(Arc::new).collect();
        let days = rules.iter().flat_map(|rule| [Some(rule.from), rule.until]).flatten();
        let changes = days.collect::<BTreeSet<_>>().into_iter().collect();
        Ok(Self {
            whole: Asked::is_known_to(&schema),
            schema,
            schema_text: source.schema.text.clone().into_owned(),
            calendar,
            observations,
            verdicts: Verdicts::default(),
            figures,
            spans: RwLock::default(),
            rules,
            changes,
            slices: RwLock::default(),
            memo: RwLock::default(),
        })
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

    /// The numbers of each pack, with their sources.
    pub fn figures(&self) -> &BTreeMap<String, Figures> {
        &self.figures
    }

    /// The schema as it is written.
    pub fn schema_text(&self) -> &str {
        &self.schema_text
    }

    /// The rules of these laws that are in force on a day and answer a question, the house's own among them.
    pub fn on(
        &self,
        on: Date,
        laws: Set<Jurisdiction>,
        question: Question,
    ) -> impl Iterator<Item = &Arc<Rule>> {
        let spoken = move |rule: &&Arc<Rule>| rule.question.speaks_to(question);
        let in_force = move |rule: &&Arc<Rule>| rule.in_force(on) && concerns(rule, laws);
        self.rules.iter().filter(spoken).filter(in_force)
    }

    /// The span that a day falls in, and its rules.
    pub(crate) fn in_force(
        &self,
        on: Date,
        packs: Set<Jurisdiction>,
    ) -> Option<(u32, Arc<InForce>)> {
        let epoch = u32::try_from(self.changes.partition_point(|day| *day <= on)).ok()?;
        let key = (epoch, packs.bits());
        if let Some(known) = self.spans.read().ok().and_then(|spans| spans.get(&key).cloned()) {
            return Some((epoch, known));
        }
        let rules = self.rules.iter().filter(|rule| rule.in_force(on) && concerns(rule, packs));
        let made = Arc::new(InForce::new(rules, self.whole)?);
        if let Ok(mut spans) = self.spans.write() {
            spans.insert(key, Arc::clone(&made));
        }
        Some((epoch, made))
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
        let opens =
            |rule: &&Arc<Rule>| rule.question.speaks_to(Question::Open) && rule.in_force(on);
        let slice = Arc::new(Slice::new(self.rules.iter().filter(opens)));
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
    figures: BTreeMap<String, Figures>,
    faults: Vec<Fault>,
}

impl Reader {
    fn new(schema: &Schema) -> Self {
        let validator = Validator::new(schema.clone());
        Self { validator, rules: Vec::new(), figures: BTreeMap::new(), faults: Vec::new() }
    }

    fn pack(&mut self, pack: &Pack) {
        let read = pack.figures.as_ref().map_or_else(|| Ok(Figures::new()), figures::read);
        let figures = read.unwrap_or_else(|found| {
            self.faults.extend(found);
            Figures::new()
        });
        for file in &pack.files {
            self.file(&pack.name, &figures, file);
        }
        self.figures.insert(pack.name.clone().into_owned(), figures);
    }

    fn file(&mut self, pack: &str, figures: &Figures, file: &PackFile) {
        let finger = Finger { file: &file.name, text: &file.text };
        for statement in statements(&file.text) {
            let rule = match notes::rule(&finger, pack, figures, &statement) {
                Ok(rule) => rule,
                Err(found) => {
                    self.faults.extend(found);
                    continue;
                }
            };
            if let Some(twin) = self.rules.iter().find(|known| known.id == rule.id) {
                let reason = format!("@id is taken by {}:{}", twin.file, twin.line);
                self.faults.push(finger.at(statement.start, Some(&rule.id), reason));
                continue;
            }
            let mut found = self.validate(&finger, statement.start, &rule);
            if rule.thresholds.len() > MARKS_MAX {
                let reason = "more numbers than a rule may compare counts with";
                found.push(finger.at(statement.start, Some(&rule.id), reason));
            }
            if found.is_empty() {
                self.rules.push(rule);
            }
            self.faults.extend(found);
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
