//! Puts properties to the solver.

use std::{path::Path, process::Stdio, sync::Arc, time::Instant};

use cedar_policy::{Policy, PolicyId, PolicySet, Request, RequestEnv, Schema};
use cedar_policy_symcc::{
    CedarSymCompiler, CompiledPolicy, CompiledPolicySet, err::Error, solver::LocalSolver,
};
use sarai_law::{Date, Facts, Jurisdiction, Laws, Question, Rule, Set, Word};
use serde_json::json;

use crate::{
    Answer, Counterexample, NoProof, Proof, counterexample,
    properties::{ASKABLE, How, Property},
    spans::{Span, spans},
};

/// Longest time for one query, in milliseconds; the queries here take tens.
const QUERY_MS_MAX: u32 = 60_000;

/// A solver that runs, and what it is asked about.
pub struct Prover<'a> {
    laws: &'a Laws,
    schema: Schema,
    compiler: CedarSymCompiler<LocalSolver>,
    queries: usize,
}

impl<'a> Prover<'a> {
    pub fn start(laws: &'a Laws, solver: &Path) -> Result<Self, NoProof> {
        let missing = |_| NoProof::Solver(solver.display().to_string());
        let mut command = tokio::process::Command::new(solver);
        command.args(["--lang", "smt", &format!("--tlimit-per={QUERY_MS_MAX}")]);
        command.stderr(Stdio::null()).kill_on_drop(true);
        let running = LocalSolver::from_command(&mut command).map_err(|_| missing(()))?;
        let compiler = CedarSymCompiler::new(running).map_err(|_| missing(()))?;
        let schema = Schema::from_cedarschema_str(laws.schema_text());
        let (schema, _) = schema
            .map_err(|error| NoProof::Unspeakable { proof: "schema", why: error.to_string() })?;
        Ok(Self { laws, schema, compiler, queries: 0 })
    }

    pub async fn prove(&mut self, property: &'static Property) -> Result<Proof, NoProof> {
        let (started, before) = (Instant::now(), self.queries);
        let ask = Asking { proof: property.name };
        let since = property.since.parse().map_err(|error| ask.unspeakable(&error))?;
        let answer = match property.how {
            How::NeverAllowed { laws, condition } => {
                self.never_allowed(ask, since, laws, condition).await?
            }
            How::NoContradiction => self.no_contradiction(ask, since).await?,
            How::NoFailure => self.no_failure(ask).await?,
        };
        Ok(Proof {
            name: property.name,
            asked: property.asked,
            since,
            answer,
            queries: self.queries - before,
            took: started.elapsed(),
        })
    }

    fn environment(&self, ask: Asking, question: Question) -> Result<RequestEnv, NoProof> {
        let named = |env: &RequestEnv| env.action().id().unescaped() == question.word();
        self.schema.request_envs().find(named).ok_or_else(|| ask.unspeakable(&"no such question"))
    }

    async fn never_allowed(
        &mut self,
        ask: Asking,
        since: Date,
        laws: &[Jurisdiction],
        condition: &str,
    ) -> Result<Answer, NoProof> {
        let env = self.environment(ask, Question::Transfer)?;
        let bad = format!(
            "permit (principal, action, resource) when {{ {condition} }} when {{ {ASKABLE} }};"
        );
        let bad = set(ask, [policy(ask, "property", &bad)?])?;
        let bad = CompiledPolicySet::compile(&bad, &env, &self.schema).map_err(|e| ask.of(&e))?;
        let mut found = Vec::new();
        for law in laws {
            let packs = Set::of(&[*law]);
            for Span { on, rules } in spans(self.laws, since, packs, &[Question::Transfer]) {
                let rules = rules.iter().map(|rule| policy(ask, &rule.id, &rule.text));
                let rules = set(ask, rules.collect::<Result<Vec<_>, _>>()?)?;
                let rules = CompiledPolicySet::compile(&rules, &env, &self.schema);
                let rules = rules.map_err(|error| ask.of(&error))?;
                self.queries += 1;
                let model = self.compiler.check_disjoint_with_counterexample_opt(&rules, &bad);
                if let Some(model) = model.await.map_err(|error| ask.of(&error))? {
                    let facts = facts(ask, &model.request, packs)?;
                    let verdict = self.laws.transfer(on, &facts);
                    let (rules, confirmed) = (verdict.rules.clone(), verdict.allowed());
                    found.push(Counterexample { on, facts: Some(facts), rules, confirmed });
                }
            }
        }
        Ok(if found.is_empty() {
            Answer::Proven { declared: Vec::new() }
        } else {
            Answer::Refuted(found)
        })
    }

    /// Every pair of a rule that orders and a rule that prohibits, on the first day on which both are in force.
    async fn no_contradiction(&mut self, ask: Asking, since: Date) -> Result<Answer, NoProof> {
        let (mut declared, mut found) = (Vec::new(), Vec::new());
        for (orders, forbids) in
            [(Question::Owe, Question::Transfer), (Question::Stand, Question::Act)]
        {
            for (order, ban, on) in pairs(self.laws, since, orders, forbids) {
                let Some(model) = self.meet(ask, &order, &ban, forbids).await? else { continue };
                let packs = [&order, &ban].map(|rule| Jurisdiction::of(&rule.pack));
                let packs = packs.into_iter().flatten().collect();
                let facts = match forbids {
                    Question::Transfer => Some(facts(ask, &model, packs)?),
                    _ => None,
                };
                let confirmed =
                    facts.as_ref().is_none_or(|facts| {
                        self.laws.ask(on, facts).conflicts.iter().any(|conflict| {
                            conflict.orders == order.id && conflict.forbids == ban.id
                        })
                    });
                let known = order.conflicts.contains(&ban.id);
                let rules = vec![order.id.clone(), ban.id.clone()];
                let side = if known { &mut declared } else { &mut found };
                side.push(Counterexample { on, facts, rules, confirmed });
            }
        }
        Ok(if found.is_empty() { Answer::Proven { declared } } else { Answer::Refuted(found) })
    }

    /// A request that both rules match, each taken as a rule on the same question.
    async fn meet(
        &mut self,
        ask: Asking,
        order: &Rule,
        ban: &Rule,
        question: Question,
    ) -> Result<Option<Request>, NoProof> {
        let env = self.environment(ask, question)?;
        let narrow = (question == Question::Transfer).then_some(ASKABLE);
        let order = CompiledPolicy::compile(&anywhere(ask, order, narrow)?, &env, &self.schema);
        let ban = CompiledPolicy::compile(&anywhere(ask, ban, None)?, &env, &self.schema);
        let (order, ban) = (order.map_err(|e| ask.of(&e))?, ban.map_err(|e| ask.of(&e))?);
        self.queries += 1;
        let model = self.compiler.check_matches_disjoint_with_counterexample_opt(&order, &ban);
        Ok(model.await.map_err(|error| ask.of(&error))?.map(|model| model.request))
    }

    async fn no_failure(&mut self, ask: Asking) -> Result<Answer, NoProof> {
        let mut found = Vec::new();
        for rule in self.laws.rules() {
            let policy = policy(ask, &rule.id, &rule.text)?;
            for (question, _) in Question::ACTIONS {
                if !rule.question.speaks_to(question) {
                    continue;
                }
                let env = self.environment(ask, question)?;
                let compiled = CompiledPolicy::compile(&policy, &env, &self.schema);
                let compiled = compiled.map_err(|error| ask.of(&error))?;
                self.queries += 1;
                let sure = self.compiler.check_never_errors_opt(&compiled).await;
                if !sure.map_err(|error| ask.of(&error))? {
                    found.push(failing(rule));
                }
            }
        }
        Ok(if found.is_empty() {
            Answer::Proven { declared: Vec::new() }
        } else {
            Answer::Refuted(found)
        })
    }
}

/// A rule that can fail is named; which facts make it fail is of no use to a lawyer.
fn failing(rule: &Arc<Rule>) -> Counterexample {
    let rules = vec![rule.id.clone()];
    Counterexample { on: rule.from, facts: None, rules, confirmed: true }
}

/// Rules that order and rules that nothing lifts, with the first day on which both are in force.
fn pairs(
    laws: &Laws,
    since: Date,
    orders: Question,
    forbids: Question,
) -> Vec<(Arc<Rule>, Arc<Rule>, Date)> {
    let orders = laws.rules().iter().filter(|rule| rule.command && rule.question == orders);
    let banned =
        |rule: &&Arc<Rule>| rule.forbids && rule.remedy.is_empty() && rule.question == forbids;
    let mut found = Vec::new();
    for order in orders {
        for ban in laws.rules().iter().filter(banned) {
            let on = order.from.max(ban.from).max(since);
            if order.in_force(on) && ban.in_force(on) {
                found.push((Arc::clone(order), Arc::clone(ban), on));
            }
        }
    }
    found
}

/// The proof that is being made, for what is said when it cannot be.
#[derive(Debug, Clone, Copy)]
struct Asking {
    proof: &'static str,
}

impl Asking {
    fn unspeakable(self, why: &impl ToString) -> NoProof {
        NoProof::Unspeakable { proof: self.proof, why: why.to_string() }
    }

    fn of(self, error: &Error) -> NoProof {
        let (proof, why) = (self.proof, error.to_string());
        match error {
            Error::SolverError(_) | Error::SolverUnknown => NoProof::Unanswered { proof, why },
            _ => NoProof::Unspeakable { proof, why },
        }
    }
}

fn policy(ask: Asking, id: &str, text: &str) -> Result<Policy, NoProof> {
    Policy::parse(Some(PolicyId::new(id)), text).map_err(|error| ask.unspeakable(&error))
}

fn set(ask: Asking, policies: impl IntoIterator<Item = Policy>) -> Result<PolicySet, NoProof> {
    PolicySet::from_policies(policies).map_err(|error| ask.unspeakable(&error))
}

/// A rule without its question, so that it can be held against a rule on another one; and only where a request can be asked.
fn anywhere(ask: Asking, rule: &Rule, narrow: Option<&str>) -> Result<Policy, NoProof> {
    let own = policy(ask, &rule.id, &rule.text)?;
    let mut tree = own.to_json().map_err(|error| ask.unspeakable(&error))?;
    tree["action"] = json!({"op": "All"});
    if let Some(condition) = narrow {
        let text = format!("permit (principal, action, resource) when {{ {condition} }};");
        let narrow = policy(ask, "askable", &text)?;
        let narrow = narrow.to_json().map_err(|error| ask.unspeakable(&error))?;
        let more = narrow["conditions"].as_array().cloned().unwrap_or_default();
        if let Some(conditions) = tree["conditions"].as_array_mut() {
            conditions.extend(more);
        }
    }
    Policy::from_json(Some(PolicyId::new(&rule.id)), tree).map_err(|error| ask.unspeakable(&error))
}

fn facts(ask: Asking, model: &Request, laws: Set<Jurisdiction>) -> Result<Facts, NoProof> {
    let facts = counterexample::facts(model, laws);
    facts.ok_or_else(|| ask.unspeakable(&"the counterexample holds what no facts can say"))
}
