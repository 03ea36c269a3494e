//! What a [`TrafficReview`] shows, in the law's words.

use super::{DataSent, HostTraffic, TrafficReview, place::UNKNOWN};
use crate::{By, Fact, Observation};

impl TrafficReview {
    /// What was seen. `home` is the country in which the subject's data belongs: `CN`.
    pub fn observations(&self, home: &str) -> Vec<Observation> {
        let mut seen = Vec::new();
        for (host, traffic) in &self.hosts {
            for (data, sent) in &traffic.data {
                self.sent(host, traffic, data, sent, home, &mut seen);
            }
        }
        for shared in &self.shared {
            let domains: Vec<&str> = shared.domains.iter().map(String::as_str).collect();
            seen.push(
                Observation::new(Fact::TrafficSharedIdentifier, &self.source, domains.join(", "))
                    .times(shared.domains.len() as u64)
                    .about(&shared.data)
                    .sample(&shared.sample)
                    .detail("domains", domains.join(", ")),
            );
        }
        seen
    }

    fn sent(
        &self,
        host: &str,
        traffic: &HostTraffic,
        data: &str,
        sent: &DataSent,
        home: &str,
        seen: &mut Vec<Observation>,
    ) {
        let mut see = |fact, count: u64| {
            if count == 0 {
                return;
            }
            let parts: Vec<&str> = sent.parts.iter().copied().collect();
            let fields: Vec<&str> = sent.fields.iter().map(String::as_str).collect();
            let by = match (&traffic.party, traffic.first_party) {
                (_, true) => By::App,
                (Some(party), false) => By::Sdk(party.clone()),
                (None, false) => By::Other(traffic.domain.clone()),
            };
            let mut observation = Observation::new(fact, &self.source, format!("host {host}"))
                .times(count)
                .about(data)
                .by(by)
                .detail("host", host)
                .detail("domain", &traffic.domain)
                .detail("country", &traffic.country)
                .detail("country_by", traffic.country_by)
                .detail("part", parts.join(","))
                .detail("fields", fields.join(", "));
            if let Some(sample) = &sent.sample {
                observation = observation.sample(sample);
            }
            seen.push(observation);
        };
        see(Fact::TrafficThirdParty, if traffic.first_party { 0 } else { sent.count });
        let abroad = traffic.country != home && traffic.country != UNKNOWN;
        see(Fact::TrafficAbroad, if abroad { sent.count } else { 0 });
        see(Fact::TrafficCountryUnknown, if traffic.country == UNKNOWN { sent.count } else { 0 });
        see(Fact::TrafficCleartext, sent.cleartext);
        see(Fact::TrafficBeforeConsent, sent.before_consent);
        see(Fact::TrafficInAddress, sent.in_address);
    }
}
