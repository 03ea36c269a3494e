//! What the law says of a transfer, asked with what is in force.

use sarai_law::{
    Basis, Checked, Citation, Class as LawClass, Country, Date, Facts, Ground as LawGround, Laws,
    OperatorFacts, Payload, Recipient as LawRecipient, RecipientKind as LawRecipientKind,
    Requirement, Sector as LawSector, Set, Word,
};
use serde::{Deserialize, Serialize};

use super::words::{Ground, MechanismKind, RecipientKind, Sector};

/// Who runs the house, as far as the law asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Country of the house, ISO 3166.
    pub country: String,
    /// Whether it runs critical information infrastructure.
    pub critical: bool,
    /// Its trade.
    pub sector: Sector,
}

impl Default for Operator {
    fn default() -> Self {
        Self { country: "CN".to_owned(), critical: false, sector: Sector::Freight }
    }
}

/// The facts of one transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferFacts<'a> {
    /// Who asks.
    pub operator: &'a Operator,
    /// To which country.
    pub country: &'a str,
    /// To whom.
    pub kind: RecipientKind,
    /// On which ground.
    pub ground: Ground,
    /// Which trade the data comes from.
    pub sector: Sector,
    /// Something in it is about persons.
    pub personal: bool,
    /// Something in it is sensitive.
    pub sensitive: bool,
    /// Something in it is important data.
    pub important: bool,
    /// Something in it is core data.
    pub core: bool,
    /// Distinct persons of this year with data that is not sensitive, this transfer with them.
    pub plain_persons: u64,
    /// Distinct persons of this year with sensitive data, this transfer with them.
    pub sensitive_persons: u64,
    /// Each person consented to this very transfer.
    pub separate_consent: bool,
    /// Mechanisms in force for this recipient.
    pub mechanisms: &'a [MechanismKind],
}

/// An article that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// The article.
    pub cite: String,
    /// The rule in the pack.
    pub rule: String,
    /// `text` or `memory`.
    pub checked: String,
}

/// What the law says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ruling {
    /// It may leave.
    pub allowed: bool,
    /// An exemption from filing was accepted that rests on no count: its persons are left out of the year's count (CBDF 7-8, last
    /// sentence). Who is exempt because few have left yet (CBDF 5(4)) is counted, or the few would never become many.
    pub exempt: bool,
    /// What is missing: alternatives within each need.
    pub needs: Vec<Vec<String>>,
    /// What it rests on.
    pub basis: Vec<Cited>,
}

/// The law, as far as the gate asks it about transfers.
pub trait TransferLaw: Send + Sync {
    /// What it says of these facts on a day.
    fn transfer(&self, facts: &TransferFacts<'_>, on: Date) -> Ruling;
}

/// The packs inside the binary, asked with what is in force.
impl TransferLaw for Laws {
    fn transfer(&self, facts: &TransferFacts<'_>, on: Date) -> Ruling {
        let country = |code: &str| Country::of(code);
        let (Some(home), Some(to)) = (country(&facts.operator.country), country(facts.country))
        else {
            return Ruling::default();
        };
        if facts.sector == Sector::Ride && home != to && (facts.personal || facts.important) {
            return ride_stays();
        }
        match facts.kind {
            RecipientKind::Own if home == to => return unasked("house rule", "house.own_premises"),
            RecipientKind::Subject => return unasked("PIPL 45", "house.to_the_person"),
            _ => {}
        }
        let verdict = Self::transfer(self, on, &law_facts(facts, home, to));
        let mut basis: Vec<Cited> = verdict.prohibited.iter().map(Cited::from).collect();
        basis.extend(verdict.missing.iter().flat_map(|need| &need.because).map(Cited::from));
        basis.extend(verdict.exemptions.iter().map(Cited::from));
        if basis.is_empty() {
            let known = verdict.rules.iter().filter_map(|id| self.rule(id));
            basis.extend(known.map(|rule| Cited::from(&Citation::of(rule))));
        }
        let words = |need: &sarai_law::Need| {
            need.any_of.iter().map(|one| one.word().to_owned()).collect::<Vec<_>>()
        };
        Ruling {
            allowed: verdict.allowed(),
            exempt: verdict
                .exemptions
                .iter()
                .filter_map(|one| self.rule(&one.rule))
                .any(|rule| !rule.rests_on_count()),
            needs: verdict.missing.iter().map(words).collect(),
            basis,
        }
    }
}

impl From<&Citation> for Cited {
    fn from(citation: &Citation) -> Self {
        let memory = citation.checked == Checked::Memory || !citation.memory_of.is_empty();
        Self {
            cite: citation.cite.clone(),
            rule: citation.rule.clone(),
            checked: if memory { Checked::Memory } else { Checked::Text }.word().to_owned(),
        }
    }
}

/// The house's own bolt: data of rides does not leave the mainland, whatever is in force. The text was read; the numbers of the
/// articles are from memory.
fn ride_stays() -> Ruling {
    let cited = Cited {
        cite: "Interim Measures for Online Taxi Booking 26-27".to_owned(),
        rule: "house.ride_stays".to_owned(),
        checked: "memory".to_owned(),
    };
    Ruling { basis: vec![cited], ..Ruling::default() }
}

/// What goes from one of the house's own rooms to another in the same country, or to the very person whom it is about, changes no
/// hands: no law of transfers speaks of it.
fn unasked(cite: &str, rule: &str) -> Ruling {
    let checked = Checked::Text.word().to_owned();
    let cited = Cited { cite: cite.to_owned(), rule: rule.to_owned(), checked };
    Ruling { allowed: true, basis: vec![cited], ..Ruling::default() }
}

fn law_facts(facts: &TransferFacts<'_>, home: Country, to: Country) -> Facts {
    let classes = [
        (facts.personal, LawClass::Personal),
        (facts.sensitive, LawClass::Sensitive),
        (facts.important, LawClass::Important),
        (facts.core, LawClass::Core),
    ];
    let classes: Vec<LawClass> =
        classes.into_iter().filter(|(there, _)| *there).map(|(_, class)| class).collect();
    let (basis, ground) = grounds(facts.ground);
    let mut done: Vec<Requirement> =
        facts.mechanisms.iter().map(|kind| requirement(*kind)).collect();
    if facts.kind == RecipientKind::Processor {
        // Who registers a provider as the house's processor says with it that there is a contract; at home, an assessment as well.
        done.push(Requirement::ProcessorContract);
        done.extend((home == to).then_some(Requirement::ImpactAssessment));
    }
    if facts.separate_consent {
        done.push(Requirement::ConsentOutbound);
    }
    Facts {
        operator: OperatorFacts {
            home,
            ciio: facts.operator.critical,
            sectors: Set::of(sectors(facts.sector)),
            ..OperatorFacts::default()
        },
        payload: Payload {
            classes: Set::of(&classes),
            persons: facts.plain_persons,
            sensitive_persons: facts.sensitive_persons,
            ..Payload::default()
        },
        recipient: Some(LawRecipient {
            country: to,
            kind: recipient_kind(facts.kind),
            covered_person: false,
            restricted: false,
        }),
        basis,
        grounds: Set::of(ground),
        done: Set::of(&done),
        ..Facts::default()
    }
}

const fn requirement(kind: MechanismKind) -> Requirement {
    match kind {
        MechanismKind::StandardContract => Requirement::StandardContract,
        MechanismKind::Certificate => Requirement::Certification,
        MechanismKind::SecurityAssessment => Requirement::SecurityAssessment,
        MechanismKind::AuthorityApproval => Requirement::Approval,
        MechanismKind::Notice => Requirement::Notice,
        MechanismKind::ImpactAssessment => Requirement::ImpactAssessment,
    }
}

const fn recipient_kind(kind: RecipientKind) -> LawRecipientKind {
    match kind {
        RecipientKind::Processor => LawRecipientKind::Processor,
        RecipientKind::Controller => LawRecipientKind::Handler,
        RecipientKind::GroupCompany => LawRecipientKind::GroupCompany,
        RecipientKind::Subject => LawRecipientKind::Person,
        RecipientKind::Own => LawRecipientKind::Own,
        RecipientKind::Authority => LawRecipientKind::HomeAuthority,
        RecipientKind::ForeignAuthority => LawRecipientKind::ForeignAuthority,
    }
}

const fn grounds(ground: Ground) -> (Basis, &'static [LawGround]) {
    match ground {
        // Every field of the register has a basis of its own; what is not claimed is a ground that lifts filing.
        Ground::None => (Basis::Contract, &[]),
        Ground::Contract => (Basis::Contract, &[LawGround::ContractNecessity]),
        Ground::Consent => (Basis::Consent, &[]),
        Ground::Employment => (Basis::Hr, &[LawGround::HrManagement]),
        Ground::Emergency => (Basis::Emergency, &[LawGround::Emergency]),
        Ground::LegalDuty => (Basis::Statutory, &[LawGround::StatutoryDuty]),
        Ground::Transit => (Basis::Contract, &[LawGround::Transit]),
    }
}

const fn sectors(sector: Sector) -> &'static [LawSector] {
    match sector {
        Sector::General => &[],
        Sector::Freight => &[LawSector::Freight],
        Sector::Ride => &[LawSector::Ride],
        Sector::Jobs => &[LawSector::Jobs],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruling(change: impl FnOnce(&mut TransferFacts<'_>)) -> Ruling {
        let operator = Operator::default();
        let mut facts = TransferFacts {
            operator: &operator,
            country: "US",
            kind: RecipientKind::Processor,
            ground: Ground::None,
            sector: Sector::Freight,
            personal: true,
            sensitive: false,
            important: false,
            core: false,
            plain_persons: 1,
            sensitive_persons: 0,
            separate_consent: false,
            mechanisms: &[MechanismKind::Notice, MechanismKind::ImpactAssessment],
        };
        change(&mut facts);
        let laws = Laws::embedded().expect("the packs inside");
        let on = "2026-11-23".parse().expect("a day");
        TransferLaw::transfer(&laws, &facts, on)
    }

    fn needs(ruling: &Ruling) -> Vec<&str> {
        ruling.needs.iter().flatten().map(String::as_str).collect()
    }

    #[test]
    fn the_packs_draw_the_tiers_of_2024() {
        assert!(ruling(|facts| facts.plain_persons = 99_999).allowed);
        let contract = ruling(|facts| facts.plain_persons = 100_000);
        assert!(!contract.allowed && needs(&contract).contains(&"standard_contract"));
        assert!(contract.basis.iter().any(|one| one.cite.contains("CBDF 8")), "{contract:?}");
        let assessed = ruling(|facts| facts.plain_persons = 1_000_000);
        assert_eq!(needs(&assessed), ["security_assessment"]);
        let sensitive = ruling(|facts| {
            facts.sensitive = true;
            facts.sensitive_persons = 1;
        });
        assert!(!sensitive.allowed && needs(&sensitive).contains(&"certification"));
        assert!(!ruling(|facts| facts.core = true).allowed);
        assert!(ruling(|facts| facts.country = "CN").allowed);
    }

    #[test]
    fn only_an_exemption_that_rests_on_no_count_takes_persons_out_of_it() {
        let few = ruling(|_| {});
        assert!(few.allowed && !few.exempt, "{few:?}");
        let contract = ruling(|facts| facts.ground = Ground::Contract);
        assert!(contract.allowed && contract.exempt, "{contract:?}");
    }

    #[test]
    fn notice_and_impact_assessment_are_owed_whatever_lifts_the_rest() {
        let bare = ruling(|facts| facts.mechanisms = &[]);
        assert!(!bare.allowed);
        assert!(needs(&bare).contains(&"notice") && needs(&bare).contains(&"impact_assessment"));
    }

    #[test]
    fn a_foreign_court_needs_an_approval_and_rides_stay() {
        let court = ruling(|facts| facts.kind = RecipientKind::ForeignAuthority);
        assert!(!court.allowed && needs(&court).contains(&"approval"));
        assert!(court.basis.iter().any(|one| one.cite.contains("PIPL 41")));
        assert!(!ruling(|facts| facts.sector = Sector::Ride).allowed);
    }
}
