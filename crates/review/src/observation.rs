//! What was seen in an app, in its traffic or in its policy, in the law's own words, before the law was asked.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Place;

macro_rules! facts {
    ($($(#[doc = $doc:literal])+ $fact:ident $word:literal;)*) => {
        /// A fact that these collectors can observe. Its word is the one that law packs know it by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fact { $($(#[doc = $doc])+ $fact,)* }

        impl Fact {
            /// Every fact, in the order of this file.
            pub const ALL: &[Self] = &[$(Self::$fact,)*];

            /// The law's word for it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$fact => $word,)* }
            }

            /// The fact of this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|fact| fact.word() == word)
            }
        }
    };
}

facts! {
    /// Code reads the clipboard or listens to it.
    AppReadsClipboard "app.reads_clipboard";
    /// Code lists the apps that are installed.
    AppReadsAppList "app.reads_app_list";
    /// Code queries the photo album.
    AppReadsAlbum "app.reads_album";
    /// Code queries the photo album and names screenshots.
    AppReadsScreenshots "app.reads_screenshots";
    /// Code reads IMEI, IMSI, MEID, SIM or hardware serial numbers.
    AppReadsDeviceId "app.reads_device_id";
    /// Code reads ANDROID_ID, MAC or an advertising id.
    AppReadsSoftId "app.reads_soft_id";
    /// Code listens to calls and to the state of the telephone.
    AppReadsPhoneState "app.reads_phone_state";
    /// Code reads the own telephone number.
    AppReadsPhoneNumber "app.reads_phone_number";
    /// Code reads positions, cells or wireless networks around.
    AppReadsLocation "app.reads_location";
    /// The app may read positions while it is not in use.
    AppLocationBackground "app.location_background";
    /// Code reads the address book.
    AppReadsContacts "app.reads_contacts";
    /// Code reads the list of calls.
    AppReadsCallLog "app.reads_call_log";
    /// Code reads short messages.
    AppReadsSms "app.reads_sms";
    /// Code reads the calendar.
    AppReadsCalendar "app.reads_calendar";
    /// Code opens the camera.
    AppOpensCamera "app.opens_camera";
    /// A face recognition kit is built in.
    AppUsesFace "app.uses_face";
    /// Code records sound.
    AppRecordsAudio "app.records_audio";
    /// Code reads motion or body sensors.
    AppReadsSensors "app.reads_sensors";
    /// Code reads which apps are used, or what stands on the screen through accessibility.
    AppWatchesUse "app.watches_use";
    /// Code captures the screen.
    AppCapturesScreen "app.captures_screen";
    /// Code places calls by itself.
    AppPlacesCalls "app.places_calls";
    /// A permission is asked for that no code in the package uses.
    AppPermissionUnused "app.permission_unused";
    /// A permission is asked for that the basic function of this kind of app does not need.
    AppPermissionUnneeded "app.permission_unneeded";
    /// A third party's kit is built in.
    AppEmbedsSdk "app.embeds_sdk";
    /// A component can be started by any other app, and asks for no permission.
    AppComponentExported "app.component_exported";
    /// Traffic in clear is permitted.
    AppCleartext "app.cleartext";
    /// The package can be debugged.
    AppDebuggable "app.debuggable";
    /// Its data goes into backups.
    AppBackup "app.backup";
    /// It is built for an Android so old that permissions are all granted at installation.
    AppOldTarget "app.old_target";
    /// A key or a password stands in the package.
    AppHardcodedSecret "app.hardcoded_secret";
    /// A numeric address stands in the package.
    AppHardcodedIp "app.hardcoded_ip";
    /// Code loads further code at run time.
    AppLoadsCode "app.loads_code";
    /// A web page can call into the app.
    AppWebBridge "app.web_bridge";
    /// Certificates of servers are accepted unchecked, or those of the user are trusted.
    AppTrustsAnyone "app.trusts_anyone";
    /// No signature, or only the scheme that other content can be put before.
    AppWeakSignature "app.weak_signature";
    /// The signing certificate is a debug certificate, or its key or hash is weak.
    AppWeakCertificate "app.weak_certificate";
    /// The archive is built to mislead readers.
    AppTampered "app.tampered";
    /// No address of a privacy policy stands in the package.
    AppNoPolicyLink "app.no_policy_link";

    /// Personal data went to a third party.
    TrafficThirdParty "traffic.third_party";
    /// Personal data went to a host outside the mainland.
    TrafficAbroad "traffic.abroad";
    /// Personal data went to a host whose country is not known.
    TrafficCountryUnknown "traffic.country_unknown";
    /// Personal data went in clear.
    TrafficCleartext "traffic.cleartext";
    /// Personal data went before the person agreed.
    TrafficBeforeConsent "traffic.before_consent";
    /// The same identifier went to hosts of several parties.
    TrafficSharedIdentifier "traffic.shared_identifier";
    /// Personal data stands in an address, where every log keeps it.
    TrafficInAddress "traffic.in_address";

    /// There is no policy, or none of its text is about personal data.
    PolicyMissing "policy.missing";
    /// The policy is not in simplified Chinese.
    PolicyNotChinese "policy.not_chinese";
    /// Sentences are so long that few can follow them.
    PolicyHardToRead "policy.hard_to_read";
    /// Third parties and built-in kits are not listed one by one.
    PolicyNoThirdParties "policy.no_third_parties";
    /// No purposes are given.
    PolicyNoPurposes "policy.no_purposes";
    /// A kind of data is named without any purpose.
    PolicyDataWithoutPurpose "policy.data_without_purpose";
    /// A purpose is given that says nothing: to improve the service.
    PolicyVaguePurpose "policy.vague_purpose";
    /// No time is given for which data is kept.
    PolicyNoRetention "policy.no_retention";
    /// No way to correct or delete.
    PolicyNoDeletion "policy.no_deletion";
    /// No way to close the account.
    PolicyNoClosing "policy.no_closing";
    /// No way to withdraw consent.
    PolicyNoWithdrawal "policy.no_withdrawal";
    /// No way to complain, or no contact.
    PolicyNoContact "policy.no_contact";
    /// An answer is promised later than fifteen working days.
    PolicySlowAnswer "policy.slow_answer";
    /// Nothing is said about children under fourteen.
    PolicyNoChildren "policy.no_children";
    /// Going abroad is declared without recipient or way.
    PolicyAbroadVague "policy.abroad_vague";

    /// A kind of data is collected that was not declared.
    CollectedNotDeclared "collected.not_declared";
    /// A kind of data is declared that was not seen to be collected.
    DeclaredNotCollected "declared.not_collected";
    /// The policy says that a kind of data is not collected, and it is.
    CollectedAgainstPromise "collected.against_promise";
    /// A built-in kit is not named in the policy.
    SdkNotDeclared "sdk.not_declared";
    /// Data went to a host of a party that the policy does not name.
    RecipientNotDeclared "recipient.not_declared";
}

impl Serialize for Fact {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// On whose behalf something happens inside an app or a page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "who", content = "name")]
pub enum By {
    /// The app's own code.
    App,
    /// A built-in kit, by its code in the list of kits: `umeng`.
    Sdk(String),
    /// Code under another name, which the list of kits does not have: `com.example.lib`.
    Other(String),
    /// The code was renamed, or cannot be told.
    Unknown,
}

impl By {
    /// For a reader: `app`, `umeng`, `com.example.lib`, `?`.
    pub fn word(&self) -> &str {
        match self {
            Self::App => "app",
            Self::Sdk(name) | Self::Other(name) => name,
            Self::Unknown => "?",
        }
    }
}

/// One thing seen, with where and how often. Never a value: what is shown is masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Observation {
    /// What.
    pub fact: Fact,
    /// Where.
    pub place: Place,
    /// How often; 1 where it is a property.
    pub count: u64,
    /// The kind of data concerned, by the category codes of `detect` and of `laws/permissions.toml`: `device.clipboard`.
    pub data: Option<String>,
    /// On whose behalf, where that can be told.
    pub by: Option<By>,
    /// A masked sample: shape, never the value.
    pub sample: Option<String>,
    /// What else is known: `permission`, `api`, `host`, `country`, `scheme`, `sentence`.
    pub details: BTreeMap<&'static str, String>,
}

impl Observation {
    /// Something seen once.
    pub fn new(fact: Fact, source: &str, within: impl Into<String>) -> Self {
        let place = Place { source: source.to_owned(), within: within.into() };
        let details = BTreeMap::new();
        Self { fact, place, count: 1, data: None, by: None, sample: None, details }
    }

    /// Seen so often.
    pub fn times(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    /// About this kind of data.
    pub fn about(mut self, data: impl Into<String>) -> Self {
        self.data = Some(data.into());
        self
    }

    /// On whose behalf.
    pub fn by(mut self, by: By) -> Self {
        self.by = Some(by);
        self
    }

    /// With a masked sample.
    pub fn sample(mut self, masked: impl Into<String>) -> Self {
        self.sample = Some(masked.into());
        self
    }

    /// With something else that is known.
    pub fn detail(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.insert(name, value.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_fact_has_a_word_of_its_own() {
        let words: BTreeSet<_> = Fact::ALL.iter().map(|fact| fact.word()).collect();
        assert_eq!(words.len(), Fact::ALL.len());
        let plain =
            |word: &&str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'_');
        assert!(words.iter().all(plain));
    }
}
