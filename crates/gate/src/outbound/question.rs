//! "May this leave?", asked without anything leaving: changes nothing and is not logged.

use sarai_kernel::{Counted, RecipientId, Refusal, Timestamp};
use sarai_law::day_of;
use sarai_seal::Class;

use super::{
    count::{tally_name, year_of},
    mechanism,
    release::{Leaving, refused},
    ruling::{Cited, Ruling},
    words::{Answered, Approving, Ground, MechanismKind, Sector},
};
use crate::Gate;

/// A question about so many persons, each taken for new.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// To whom.
    pub to: RecipientId,
    /// For which purpose.
    pub purpose: &'a str,
    /// Typed fields.
    pub fields: &'a [&'a str],
    /// How many persons.
    pub persons: u64,
    /// On which ground.
    pub ground: Ground,
    /// Which trade the data comes from.
    pub sector: Sector,
    /// Suppose that each of them consented to it.
    pub consented: bool,
}

/// What would be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Allow, hold or refuse.
    pub answer: Answered,
    /// Why it would be held or refused, in one word.
    pub reason: Option<&'static str>,
    /// The articles.
    pub basis: Vec<Cited>,
    /// What is missing.
    pub needs: Vec<Vec<String>>,
    /// Whether it leaves the country at all.
    pub abroad: bool,
    /// The highest class among the fields.
    pub class: Class,
    /// The year's count now.
    pub counted: Counted,
    /// The year's count with it.
    pub with_it: Counted,
}

impl Answer {
    /// The answer "no" as a refusal.
    pub fn refusal(&self, to: RecipientId) -> Refusal {
        let ruling =
            Ruling { needs: self.needs.clone(), basis: self.basis.clone(), ..Ruling::default() };
        refused(to, self.reason.unwrap_or("law"), &ruling)
    }
}

impl Gate {
    /// What [`Gate::release`] would answer. Untyped parts are not part of a question.
    pub async fn question(&self, asked: &Question<'_>, now: Timestamp) -> Result<Answer, Refusal> {
        let what = Leaving {
            to: asked.to,
            actor: "anonymous",
            purpose: asked.purpose,
            resource: "",
            fields: asked.fields,
            persons: &[],
            more_persons: asked.persons,
            untyped: &[],
            ground: asked.ground,
            sector: asked.sector,
            approval: None,
        };
        let known = self.know(&what).await?;
        let counted = self.store().tally(&tally_name(year_of(now))).await?;
        let with_it = match known.counts() {
            true => super::release::ahead(counted, asked.persons, known.class),
            false => counted,
        };
        let mut answer = Answer {
            answer: Answered::Refuse,
            reason: None,
            basis: Vec::new(),
            needs: Vec::new(),
            abroad: known.abroad,
            class: known.class,
            counted,
            with_it,
        };
        let home = &self.operator().country;
        if self.orders().transfer(asked.to, &known.recipient.country, home, now).is_err() {
            answer.reason = Some("blocked_by_directive");
            return Ok(answer);
        }
        answer.reason = self.registered(&what, &known);
        if answer.reason.is_some() {
            return Ok(answer);
        }
        let mechanisms = mechanism::in_force(self.store(), asked.to, now).await?;
        let kinds: Vec<MechanismKind> = mechanisms.iter().map(|one| one.record.kind).collect();
        let facts = self.facts(&what, &known, with_it, (asked.consented, &kinds));
        let ruling = self.transfer_law().transfer(&facts, day_of(now.as_micros()));
        answer.basis = ruling.basis;
        answer.needs = ruling.needs;
        if !ruling.allowed {
            answer.reason = Some("law");
        } else if known.counts() && known.recipient.approving == Approving::Each {
            answer.answer = Answered::Hold;
            answer.reason = Some("approval");
        } else {
            answer.answer = Answered::Allow;
        }
        Ok(answer)
    }
}
