//! What apps, traffic and the policy show, in the law's words.

use sarai_law::Laws;

use super::{Observed, category::label};
use crate::{
    By, Evidence, Fact, Group, Observation, Text2,
    collect::Collected,
    report::number,
    subject::{App, Subject},
};

/// What an observation says by itself: the law's word for it, what it is about, and which kind of wrong.
struct Plain {
    fact: String,
    about: String,
    group: Group,
}

/// Reads what was observed outside of the stores.
pub fn observe(subject: &Subject, collected: &Collected, laws: &Laws, seen: &mut Vec<Observed>) {
    for observation in &collected.observations {
        let Some(plain) = plain(subject, collected, laws, observation) else { continue };
        let evidence = Evidence {
            place: observation.place.clone(),
            count: observation.count,
            persons: None,
            sample: observation.sample.clone(),
            sha256: None,
        };
        let mut observed = Observed::new(&plain.fact, &plain.about, plain.group, vec![evidence])
            .supply(app(subject, observation).is_some_and(|app| supplies(&app.role)));
        observed.detail = detail(observation);
        seen.push(observed);
    }
}

fn app<'s>(subject: &'s Subject, observation: &Observation) -> Option<&'s App> {
    subject.app.iter().find(|app| app.name == observation.place.source)
}

/// Roles of the supply side.
pub fn supplies(role: &str) -> bool {
    matches!(role, "driver" | "trucker" | "carrier" | "courier" | "employer" | "recruiter")
}

fn plain(
    subject: &Subject,
    collected: &Collected,
    laws: &Laws,
    seen: &Observation,
) -> Option<Plain> {
    let of = |fact: &str, about: &str, group| {
        Some(Plain { fact: fact.to_owned(), about: about.to_owned(), group })
    };
    let (source, data) = (seen.place.source.as_str(), seen.data.as_deref().unwrap_or(""));
    let domain = seen.details.get("domain").map_or("", String::as_str);
    let policy = collected.policy.is_some();
    match seen.fact {
        Fact::AppReadsClipboard => of("app.reads_clipboard", "device.clipboard", Group::Excess),
        Fact::AppReadsAppList => of("app.reads_app_list", "device.app_list", Group::Excess),
        Fact::AppReadsScreenshots => of("app.reads_screenshots", "photo_album", Group::Excess),
        Fact::AppReadsDeviceId => of("permission.device_id", source, Group::Excess),
        Fact::AppReadsPhoneNumber => of("permission.phone_numbers", source, Group::Excess),
        Fact::AppReadsContacts => of("permission.contacts", source, Group::Excess),
        Fact::AppReadsCallLog => of("permission.call_log", source, Group::Excess),
        Fact::AppReadsSms => of("permission.sms", source, Group::Excess),
        Fact::AppWatchesUse | Fact::AppCapturesScreen => {
            of("permission.overlay", source, Group::Excess)
        }
        Fact::AppPermissionUnneeded => permission(laws, seen),
        Fact::AppPermissionUnused => of(
            "method.4.1",
            seen.details.get("permission").map_or(source, String::as_str),
            Group::Excess,
        ),
        Fact::AppOldTarget => of("method.4.6", source, Group::Consent),
        Fact::AppEmbedsSdk if policy && !kit_named(subject, collected, seen) => {
            of("app.sdk_undeclared", &kit(seen), Group::Notice)
        }
        Fact::SdkNotDeclared => of("app.sdk_undeclared", &kit(seen), Group::Notice),
        Fact::AppComponentExported => of("app.exported_component", source, Group::Protection),
        Fact::AppCleartext => of("app.cleartext_traffic", source, Group::Protection),
        Fact::AppDebuggable | Fact::AppBackup => of("app.debuggable", source, Group::Protection),
        Fact::AppHardcodedSecret => of("app.hardcoded_secret", source, Group::Protection),
        Fact::TrafficCleartext => of("app.cleartext_traffic", domain, Group::Protection),
        Fact::TrafficBeforeConsent => of("app.sends_before_consent", domain, Group::Consent),
        Fact::TrafficThirdParty if !host_declared(subject, collected, seen) => {
            of("app.host_undeclared", domain, Group::Transfer)
        }
        Fact::RecipientNotDeclared => of("app.host_undeclared", domain, Group::Transfer),
        Fact::TrafficAbroad if !covered(subject, seen) => {
            of("app.sends_abroad", domain, Group::Transfer)
        }
        Fact::PolicyMissing => of("method.1.1", "policy", Group::Notice),
        Fact::PolicyNotChinese => of("method.1.4", "policy", Group::Notice),
        Fact::PolicyHardToRead => of("method.2.4", "policy", Group::Notice),
        Fact::PolicyNoThirdParties if has_third_parties(collected) => {
            of("method.2.1", "policy", Group::Notice)
        }
        Fact::PolicyNoPurposes => of("method.2.1", "policy", Group::Notice),
        Fact::PolicyDataWithoutPurpose | Fact::PolicyVaguePurpose => {
            of("purpose_not_stated", "items", Group::Notice)
        }
        Fact::PolicyNoRetention => of("policy_retention_missing", "policy", Group::Notice),
        Fact::PolicyNoDeletion | Fact::PolicyNoClosing => of("method.6.1", "policy", Group::Duty),
        Fact::PolicyNoWithdrawal => of("method.3.8", "policy", Group::Consent),
        Fact::PolicyNoContact => of("policy_contact_missing", "policy", Group::Notice),
        Fact::PolicySlowAnswer => of("method.6.3", "policy", Group::Duty),
        Fact::PolicyAbroadVague => of("transfer_without_notice", "policy", Group::Transfer),
        Fact::CollectedNotDeclared if !collected.told(data) => {
            of("policy_item_missing", data, Group::Notice)
        }
        Fact::CollectedAgainstPromise => of("method.3.9", data, Group::Notice),
        _ => None,
    }
}

/// Who has no third parties need not list any.
fn has_third_parties(collected: &Collected) -> bool {
    collected
        .observations
        .iter()
        .any(|seen| matches!(seen.fact, Fact::AppEmbedsSdk | Fact::TrafficThirdParty))
}

/// A needless permission: the law's own word for it, or the general one.
fn permission(laws: &Laws, seen: &Observation) -> Option<Plain> {
    let name = seen.details.get("permission")?;
    let short = name.strip_prefix("android.permission.").unwrap_or(name);
    let known = laws.observations().find(|known| {
        known.id.starts_with("permission.")
            && known.permission.as_deref().is_some_and(|known| same(known, short))
    });
    let fact = known.map_or_else(|| "method.4.1".to_owned(), |known| known.id.clone());
    Some(Plain { fact, about: short.to_owned(), group: Group::Excess })
}

/// Permissions that open the same data.
fn same(known: &str, asked: &str) -> bool {
    let family = |name: &str| match name {
        "READ_MEDIA_IMAGES" | "READ_MEDIA_VIDEO" | "READ_EXTERNAL_STORAGE" => "media".to_owned(),
        "READ_SMS" | "RECEIVE_SMS" | "SEND_SMS" => "sms".to_owned(),
        "BLUETOOTH_SCAN" | "NEARBY_WIFI_DEVICES" => "nearby".to_owned(),
        "BODY_SENSORS" | "ACTIVITY_RECOGNITION" => "sensors".to_owned(),
        "SYSTEM_ALERT_WINDOW" | "BIND_ACCESSIBILITY_SERVICE" | "PACKAGE_USAGE_STATS" => {
            "overlay".to_owned()
        }
        other => other.rsplit('.').next().unwrap_or(other).to_owned(),
    };
    family(known) == family(asked)
}

fn kit(seen: &Observation) -> String {
    match &seen.by {
        Some(By::Sdk(name)) => name.clone(),
        _ => seen.details.get("sdk").cloned().unwrap_or_else(|| seen.place.within.clone()),
    }
}

/// Whether the subject names a kit: beside the app, or in its policy.
fn kit_named(subject: &Subject, collected: &Collected, seen: &Observation) -> bool {
    let words: Vec<String> =
        [Some(kit(seen)), seen.details.get("sdk").cloned()].into_iter().flatten().collect();
    let named = |known: &String| {
        words.iter().any(|word| known.to_lowercase().contains(&word.to_lowercase()))
    };
    app(subject, seen).is_some_and(|app| app.sdks.iter().any(named))
        || collected.named_parties.iter().any(named)
}

/// Whether the subject names the party behind a host: as a flow, or in its policy.
fn host_declared(subject: &Subject, collected: &Collected, seen: &Observation) -> bool {
    let host = seen.details.get("host").map_or("", String::as_str);
    let flows = subject.flow.iter().any(|flow| flow.hosts.iter().any(|known| below(host, known)));
    flows || kit_named(subject, collected, seen)
}

/// Whether a flow to that host stands on a mechanism in force.
fn covered(subject: &Subject, seen: &Observation) -> bool {
    let host = seen.details.get("host").map_or("", String::as_str);
    subject
        .flow
        .iter()
        .any(|flow| flow.hosts.iter().any(|known| below(host, known)) && flow.in_force(subject.on))
}

/// Whether a host is `known` or below it.
pub fn below(host: &str, known: &str) -> bool {
    host == known || host.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'))
}

fn detail(seen: &Observation) -> Text2 {
    let what = seen.data.as_deref().map(label);
    let get = |name: &str| seen.details.get(name).map(String::as_str);
    let times = number(seen.count);
    let by = seen.by.as_ref().filter(|by| !matches!(by, By::App | By::Unknown)).map(By::word);
    match seen.fact {
        Fact::TrafficThirdParty
        | Fact::TrafficAbroad
        | Fact::TrafficCleartext
        | Fact::TrafficBeforeConsent
        | Fact::RecipientNotDeclared => {
            let host = get("host").unwrap_or("?");
            let (en, zh) =
                what.map(|what| (what.en.to_string(), what.zh.to_string())).unwrap_or_default();
            let place = crate::report::country(get("country").unwrap_or("??"));
            Text2::made(
                format!("{en} went to {host} ({}) {times} times", place.en),
                format!("{zh}发往 {host}（{}）{times} 次", place.zh),
            )
        }
        Fact::AppPermissionUnneeded | Fact::AppPermissionUnused => {
            let name = get("permission").unwrap_or("?");
            Text2::made(
                format!("{} asks for {name}", seen.place.source),
                format!("{} 申请 {name}", seen.place.source),
            )
        }
        Fact::AppEmbedsSdk | Fact::SdkNotDeclared => {
            let (name, vendor) =
                (get("sdk").unwrap_or("?").to_owned(), get("vendor").unwrap_or("?"));
            Text2::made(
                format!("{name} of {vendor} is built into {}", seen.place.source),
                format!("{} 内置 {vendor} 的 {name}", seen.place.source),
            )
        }
        _ => {
            let by =
                by.map(|by| (format!(", by {by}"), format!("，由 {by} 调用"))).unwrap_or_default();
            let source = &seen.place.source;
            Text2::made(
                format!("{times} places in {source}{}", by.0),
                format!("{source} 中 {times} 处{}", by.1),
            )
        }
    }
}
