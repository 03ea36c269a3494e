//! What a policy does not say and must, and how it stands against what is collected.

use std::collections::{BTreeMap, BTreeSet};

use super::{PolicyReview, Said};
use crate::{By, Fact, Observation, app::AppReview, traffic::TrafficReview};

/// Characters of a sentence above which few can follow it: Chinese, English.
const LONG: (u64, u64) = (120, 240);
/// Working days within which an answer must come (METHOD 6.3, 6.5).
const ANSWER_DAYS_MAX: u32 = 15;
/// Sentences below which a text is no policy.
const SENTENCES_MIN: u64 = 3;

/// Topics that a policy must have, with what their absence is.
const NEEDED: &[(&[&str], Fact)] = &[
    (&["retention"], Fact::PolicyNoRetention),
    (&["delete", "correct"], Fact::PolicyNoDeletion),
    (&["close_account"], Fact::PolicyNoClosing),
    (&["withdraw"], Fact::PolicyNoWithdrawal),
    (&["contact", "complain"], Fact::PolicyNoContact),
    (&["children"], Fact::PolicyNoChildren),
];

/// What is collected: each kind of data with where it was seen.
pub type Collected = BTreeMap<String, Vec<(By, String)>>;

impl PolicyReview {
    /// What the text alone shows.
    pub fn observations(&self) -> Vec<Observation> {
        if self.sentences < SENTENCES_MIN
            || (self.collected.is_empty() && self.denied.is_empty() && self.topics.is_empty())
        {
            return vec![self.see(Fact::PolicyMissing)];
        }
        let mut seen = Vec::new();
        if self.language == "en" || self.language == "other" {
            seen.push(self.see(Fact::PolicyNotChinese));
        }
        let mean = self.characters / self.sentences.max(1);
        let long = if self.language == "en" { LONG.1 } else { LONG.0 };
        if self.sentences >= 10 && mean > long {
            seen.push(self.see(Fact::PolicyHardToRead).detail("mean_characters", mean.to_string()));
        }
        if self.third_parties.is_empty() {
            seen.push(self.see(Fact::PolicyNoThirdParties));
        }
        for (topics, fact) in NEEDED {
            if !topics.iter().any(|topic| self.topics.contains_key(*topic)) {
                seen.push(self.see(*fact));
            }
        }
        self.purposes_missing(&mut seen);
        if let Some(days) = self.answer_days.filter(|days| *days > ANSWER_DAYS_MAX) {
            seen.push(self.see(Fact::PolicySlowAnswer).detail("days", days.to_string()));
        }
        if let Some(said) = self.topics.get("abroad").and_then(|said| said.first())
            && self.third_parties.is_empty()
        {
            seen.push(self.say(Fact::PolicyAbroadVague, said));
        }
        seen
    }

    fn purposes_missing(&self, seen: &mut Vec<Observation>) {
        if self.purposes.is_empty() {
            seen.push(self.see(Fact::PolicyNoPurposes));
            return;
        }
        for (code, said) in &self.collected {
            if let Some(first) = said.first()
                && !self.with_purpose.contains_key(code)
            {
                seen.push(self.say(Fact::PolicyDataWithoutPurpose, first).about(code));
            }
        }
        for said in self.purposes.get("vague").into_iter().flatten() {
            seen.push(self.say(Fact::PolicyVaguePurpose, said));
        }
    }

    fn see(&self, fact: Fact) -> Observation {
        Observation::new(fact, &self.source, "whole text")
    }

    fn say(&self, fact: Fact, said: &Said) -> Observation {
        Observation::new(fact, &self.source, format!("sentence {}", said.sentence))
            .detail("sentence", &said.text)
    }

    /// How the text stands against what is collected. `declared` is the subject's own list besides, by category.
    pub fn against(&self, collected: &Collected, declared: &BTreeSet<String>) -> Vec<Observation> {
        let mut seen = Vec::new();
        for (code, places) in collected {
            let (by, place) = places.first().cloned().unwrap_or((By::Unknown, String::new()));
            let at = |fact| {
                Observation::new(fact, &self.source, place.clone())
                    .times(places.len() as u64)
                    .about(code)
                    .by(by.clone())
            };
            if let Some(said) = self.denied.get(code).and_then(|said| said.first())
                && !self.collected.contains_key(code)
            {
                seen.push(at(Fact::CollectedAgainstPromise).detail("sentence", &said.text));
            } else if !self.declares(code, declared) {
                let vague = covers(code).iter().find(|wide| self.declares(wide, declared));
                let observation = at(Fact::CollectedNotDeclared);
                seen.push(match vague {
                    Some(wide) => observation.detail("declared_as", *wide),
                    None => observation,
                });
            }
        }
        for (code, said) in &self.collected {
            let narrow = |seen: &String| covers(seen).contains(&code.as_str());
            if let Some(first) = said.first()
                && !collected.contains_key(code)
                && !collected.keys().any(narrow)
            {
                seen.push(self.say(Fact::DeclaredNotCollected, first).about(code));
            }
        }
        seen
    }

    fn declares(&self, code: &str, declared: &BTreeSet<String>) -> bool {
        self.collected.contains_key(code) || declared.contains(code)
    }

    /// Kits of an app, and parties of its traffic, that the text does not name.
    pub fn parties_against(
        &self,
        apps: &[AppReview],
        traffic: &[TrafficReview],
    ) -> Vec<Observation> {
        let mut seen = Vec::new();
        for app in apps {
            for found in
                app.sdks.iter().filter(|found| !self.third_parties.contains_key(&found.sdk.id))
            {
                let place = found.signs.first().cloned().unwrap_or_default();
                seen.push(
                    Observation::new(Fact::SdkNotDeclared, &app.source, place)
                        .by(By::Sdk(found.sdk.id.clone()))
                        .detail("sdk", &found.sdk.name)
                        .detail("vendor", &found.sdk.vendor),
                );
            }
        }
        for capture in traffic {
            let mut told = BTreeSet::new();
            for (host, sent) in
                capture.hosts.iter().filter(|(_, sent)| !sent.first_party && !sent.data.is_empty())
            {
                let named =
                    sent.party.as_ref().is_some_and(|party| self.third_parties.contains_key(party));
                if !named && told.insert(&sent.domain) {
                    let data: Vec<&str> = sent.data.keys().map(String::as_str).collect();
                    let by =
                        sent.party.clone().map_or_else(|| By::Other(sent.domain.clone()), By::Sdk);
                    seen.push(
                        Observation::new(
                            Fact::RecipientNotDeclared,
                            &capture.source,
                            format!("host {host}"),
                        )
                        .by(by)
                        .detail("domain", &sent.domain)
                        .detail("country", &sent.country)
                        .detail("data", data.join(", ")),
                    );
                }
            }
        }
        seen
    }
}

/// Wider words that name a kind of data only in passing: one who reads `device information` does not know that it means the IMEI
/// (METHOD 2.1: one by one).
fn covers(code: &str) -> &'static [&'static str] {
    match code {
        "device.imei" | "device.imsi" | "device.android_id" | "device.mac" | "device.ad_id" => {
            &["device.id"]
        }
        "location.coarse" | "location.track" => &["location.precise"],
        "contact.phone" | "contact.landline" => &["contact.mobile"],
        "image" => &["photo_album"],
        "finance.iban" => &["finance.account", "finance.card"],
        "biometric.voice" => &["audio"],
        _ => &[],
    }
}

/// What apps and traffic collect, together.
pub fn collected(apps: &[AppReview], traffic: &[TrafficReview]) -> Collected {
    let mut all = Collected::new();
    for app in apps {
        for found in &app.uses {
            if let Some(data) = &found.api.data {
                let place = found.callers.first().cloned().unwrap_or_default();
                all.entry(data.clone())
                    .or_default()
                    .push((found.by.clone(), format!("{}: {place}", app.source)));
            }
        }
    }
    for capture in traffic {
        for (host, sent) in &capture.hosts {
            for data in sent.data.keys() {
                let by = if sent.first_party { By::App } else { By::Other(sent.domain.clone()) };
                all.entry(data.clone())
                    .or_default()
                    .push((by, format!("{}: host {host}", capture.source)));
            }
        }
    }
    all
}
