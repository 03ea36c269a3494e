//! What an [`AppReview`] shows, in the law's words.

use super::{AppReview, Permission, PermissionAsked, tables};
use crate::{By, Fact, Observation};

/// Kinds of components that other apps can use, with no permission asked, before it is said once for all.
const EXPORTED_MAX: usize = 50;
/// Before Android 6 (API level 23) every permission was granted at installation.
const ASKS_AT_RUN_TIME: u32 = 23;
/// From Android 7 (API level 24) on scheme v2 is known; before, only v1 is, in front of which code can be put (CVE-2017-13156).
const KNOWS_V2: u32 = 24;

impl AppReview {
    /// What was seen. `side` is for whom the app is, as in the table of permissions: `ride.passenger`, `freight.driver`, `jobs.candidate`;
    /// without it no permission is judged as needless.
    pub fn observations(&self, side: Option<&str>) -> Vec<Observation> {
        let mut seen = self.uses();
        seen.extend(self.permissions.iter().flat_map(|asked| self.permission(asked, side)));
        seen.extend(self.sdks.iter().flat_map(|found| {
            let place = found.signs.first().cloned().unwrap_or_default();
            let by = By::Sdk(found.sdk.id.clone());
            let embeds = self
                .see(Fact::AppEmbedsSdk, place.clone())
                .by(by.clone())
                .detail("sdk", &found.sdk.name)
                .detail("vendor", &found.sdk.vendor)
                .detail("country", &found.sdk.country)
                .detail("kind", &found.sdk.kind);
            let face = (found.sdk.kind == "face")
                .then(|| self.see(Fact::AppUsesFace, place).by(by).about("biometric.face"));
            [Some(embeds), face].into_iter().flatten()
        }));
        seen.extend(self.exported());
        seen.extend(self.flags());
        seen.extend(self.contents());
        seen.extend(self.signing());
        seen
    }

    fn see(&self, fact: Fact, within: impl Into<String>) -> Observation {
        Observation::new(fact, &self.source, within)
    }

    fn uses(&self) -> Vec<Observation> {
        let mut seen = Vec::new();
        for found in &self.uses {
            let fact = found.api.fact.as_deref().and_then(Fact::from_word);
            let Some(fact) = fact else { continue };
            let place = found.callers.first().cloned().unwrap_or_default();
            let mut observation = self
                .see(fact, place.clone())
                .times(found.count)
                .by(found.by.clone())
                .detail("api", &found.api.id)
                .detail("callers", found.callers.join(", "));
            if let Some(data) = &found.api.data {
                observation = observation.about(data);
            }
            if !found.api.permissions.is_empty() {
                observation = observation
                    .detail("asked", if self.may(&found.api.permissions) { "yes" } else { "no" });
            }
            if fact == Fact::AppReadsAlbum && self.flags.names_screenshots {
                seen.push(
                    self.see(Fact::AppReadsScreenshots, place)
                        .by(found.by.clone())
                        .about("photo_album"),
                );
            }
            seen.push(observation);
        }
        seen
    }

    fn may(&self, permissions: &[String]) -> bool {
        let short = |name: &str| name.strip_prefix(tables::ANDROID).unwrap_or(name).to_owned();
        self.permissions.iter().any(|asked| permissions.contains(&short(&asked.name)))
    }

    fn permission(&self, asked: &PermissionAsked, side: Option<&str>) -> Vec<Observation> {
        let place = format!("AndroidManifest.xml, {}", asked.name);
        let Some(row) = asked.known else { return Vec::new() };
        let about = |observation: Observation| {
            let observation = observation
                .detail("permission", &asked.name)
                .detail("checks", row.checks.join(","))
                .detail("weight", row.weight.to_string());
            if row.data.is_empty() { observation } else { observation.about(&row.data) }
        };
        let mut seen = Vec::new();
        if asked.used == Some(false) {
            seen.push(about(self.see(Fact::AppPermissionUnused, place.clone())));
        }
        if side.is_some_and(|side| !needed(row, side)) {
            let mut observation = about(self.see(Fact::AppPermissionUnneeded, place.clone()));
            if !row.instead.is_empty() {
                observation = observation.detail("instead", row.instead.join("; "));
            }
            if !row.didi.is_empty() {
                observation = observation.detail("didi", row.didi.join(","));
            }
            seen.push(observation);
        }
        if row.names.iter().any(|name| name == "ACCESS_BACKGROUND_LOCATION") {
            seen.push(about(self.see(Fact::AppLocationBackground, place)));
        }
        seen
    }

    fn exported(&self) -> Vec<Observation> {
        let open = |component: &&super::Component| {
            component.exported
                && !component.launcher
                && (component.permission.is_none()
                    || component.protection.as_deref() == Some("normal"))
        };
        self.components
            .iter()
            .filter(open)
            .take(EXPORTED_MAX)
            .map(|component| {
                self.see(Fact::AppComponentExported, component.name.clone())
                    .detail("kind", format!("{:?}", component.kind).to_lowercase())
                    .detail("how", if component.by_filter { "filter" } else { "said" })
            })
            .collect()
    }

    fn flags(&self) -> Vec<Observation> {
        let manifest = |fact| self.see(fact, "AndroidManifest.xml");
        let mut seen = Vec::new();
        if self.flags.cleartext || !self.flags.cleartext_domains.is_empty() {
            let domains = self.flags.cleartext_domains.join(", ");
            seen.push(
                manifest(Fact::AppCleartext)
                    .detail("domains", if self.flags.cleartext { "all" } else { &domains }),
            );
        }
        if self.flags.debuggable {
            seen.push(manifest(Fact::AppDebuggable));
        }
        if self.flags.backup {
            seen.push(manifest(Fact::AppBackup));
        }
        if self.flags.trusts_user {
            seen.push(manifest(Fact::AppTrustsAnyone).detail("how", "certificates of the user"));
        }
        let target = self.target_sdk.or(self.min_sdk).unwrap_or(1);
        if !self.package.is_empty() && target < ASKS_AT_RUN_TIME {
            seen.push(manifest(Fact::AppOldTarget).detail("target_sdk", target.to_string()));
        }
        if self.flags.policy_links.is_empty() {
            seen.push(self.see(Fact::AppNoPolicyLink, "package"));
        }
        seen
    }

    fn contents(&self) -> Vec<Observation> {
        let mut seen = Vec::new();
        for secret in &self.secrets {
            seen.push(
                self.see(Fact::AppHardcodedSecret, secret.place.clone())
                    .sample(&secret.masked)
                    .detail("kind", &secret.kind),
            );
        }
        for (host, found) in self.hosts.iter().filter(|(_, found)| found.numeric) {
            seen.push(
                self.see(Fact::AppHardcodedIp, host.clone())
                    .times(found.count)
                    .detail("host", host),
            );
        }
        if !self.oddities.is_empty() {
            seen.push(
                self.see(Fact::AppTampered, "archive")
                    .times(self.oddities.len() as u64)
                    .detail("what", self.oddities.join("; ")),
            );
        }
        seen
    }

    fn signing(&self) -> Vec<Observation> {
        let mut seen = Vec::new();
        let old = self.min_sdk.unwrap_or(1) < KNOWS_V2;
        let only_v1 = self.signatures.iter().all(|signer| signer.scheme == "v1");
        if only_v1 {
            let how = match (self.signatures.is_empty(), old) {
                (true, _) => "none",
                (false, true) => "v1 alone, on systems that know no other",
                (false, false) => "v1 alone",
            };
            seen.push(self.see(Fact::AppWeakSignature, "META-INF").detail("schemes", how));
        }
        for signer in self.signatures.iter().filter(|signer| !signer.weak.is_empty()) {
            seen.push(
                self.see(Fact::AppWeakCertificate, format!("signature {}", signer.scheme))
                    .detail("why", signer.weak.join("; "))
                    .detail("certificate", &signer.sha256),
            );
        }
        seen
    }
}

/// Whether the side needs the permission, or may have a use of it that people choose.
fn needed(row: &Permission, side: &str) -> bool {
    let side = side.replace("trucker", "driver");
    let sector = side.split('.').next().unwrap_or_default();
    let fits = |entry: &String| {
        let entry = entry.split('(').next().unwrap_or_default();
        entry == side || entry == sector
    };
    !row.when.is_empty() || row.needed_by.iter().any(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_needs_what_is_read_from_the_table() {
        let needs = |name: &str, side: &str| needed(tables::permission(name).expect("known"), side);
        let fine = "android.permission.ACCESS_FINE_LOCATION";
        assert!(needs(fine, "ride.passenger"));
        assert!(needs(fine, "freight.trucker"));
        assert!(!needs(fine, "jobs.candidate"));
        assert!(!needs("android.permission.READ_CONTACTS", "ride.driver"));
        assert!(needs("android.permission.CAMERA", "freight.shipper"));
        assert!(needs("android.permission.ACCESS_COARSE_LOCATION", "jobs.candidate"));
    }
}
