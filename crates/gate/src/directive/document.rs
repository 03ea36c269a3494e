//! The document that an authority signs, and the paper on which it travels.
//!
//! What is signed is [`PREFIX`] and after it the exact bytes of the document, so that a signature is good for nothing else and no
//! second reading of the JSON can differ from the first.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sarai_kernel::{DirectiveId, RecipientId, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::Forged;

/// What stands before the bytes of an order.
pub const PREFIX: &[u8] = b"sarai-directive-v1\n";
/// What stands before the bytes of a lifting.
pub const LIFT_PREFIX: &[u8] = b"sarai-directive-lift-v1\n";
/// Largest document in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 16 * 1024;
/// Most entries of any list in a document.
pub const LIST_MAX: usize = 100;
/// Longest text in a document, in characters.
const TEXT_MAX: usize = 300;

/// What an authority may order. There is nothing else: an effect that is not in this list cannot be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// No new accounts; who has one goes on.
    SuspendRegistration,
    /// The apps named in the scope leave the catalogue; who has them keeps them.
    DelistApp,
    /// No data to the countries or recipients of the scope; with an empty scope to nobody outside of the home country.
    BlockTransfer,
    /// Data of the categories in the scope is neither opened nor newly taken in.
    StopProcessingClass,
    /// Something must be put right by a moment. Its clock runs; nothing stops by itself.
    RectifyBy,
    /// Everything but own data, appeals and directives stops.
    SuspendService,
}

impl Effect {
    /// Every effect.
    pub const ALL: [Self; 6] = [
        Self::SuspendRegistration,
        Self::DelistApp,
        Self::BlockTransfer,
        Self::StopProcessingClass,
        Self::RectifyBy,
        Self::SuspendService,
    ];

    /// The word in documents and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SuspendRegistration => "suspend_registration",
            Self::DelistApp => "delist_app",
            Self::BlockTransfer => "block_transfer",
            Self::StopProcessingClass => "stop_processing_class",
            Self::RectifyBy => "rectify_by",
            Self::SuspendService => "suspend_service",
        }
    }

    /// The effect of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effect| effect.word() == word)
    }
}

/// A text in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwoTexts {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl TwoTexts {
    /// Whether both are there, short enough, and without hidden marks.
    pub fn is_plain(&self, max: usize) -> bool {
        [&self.zh, &self.en].into_iter().all(|text| plain(text, max))
    }
}

fn plain(text: &str, max: usize) -> bool {
    let mut check = sarai_kernel::FieldCheck::new();
    check.length("", text, 1, max).plain_text("", text);
    check.finish().is_ok()
}

/// To what an effect applies. Each effect takes its own members and no other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// `delist_app`: packages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// `block_transfer`: ISO 3166 countries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    /// `block_transfer`: registered recipients.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<RecipientId>,
    /// `stop_processing_class`: categories as the register names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// `rectify_by`: until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Timestamp>,
    /// `rectify_by`: what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<TwoTexts>,
}

impl Scope {
    /// Whether it holds what `effect` needs, and nothing else.
    pub fn fits(&self, effect: Effect) -> bool {
        let lists = [
            self.packages.len(),
            self.countries.len(),
            self.recipients.len(),
            self.categories.len(),
        ];
        if lists.iter().any(|length| *length > LIST_MAX) {
            return false;
        }
        let [packages, countries, recipients, categories] = lists.map(|length| length > 0);
        let (by, what) = (self.by.is_some(), self.what.is_some());
        match effect {
            Effect::SuspendRegistration | Effect::SuspendService => *self == Self::default(),
            Effect::DelistApp => {
                let own = self.packages.iter().all(|name| is_package(name));
                packages && own && !(countries || recipients || categories || by || what)
            }
            Effect::BlockTransfer => {
                let known = self.countries.iter().all(|code| is_country(code));
                known && !(packages || categories || by || what)
            }
            Effect::StopProcessingClass => {
                let known = self.categories.iter().all(|word| super::category(word).is_some());
                categories && known && !(packages || countries || recipients || by || what)
            }
            Effect::RectifyBy => {
                let plain = self.what.as_ref().is_some_and(|what| what.is_plain(TEXT_MAX));
                by && plain && !(packages || countries || recipients || categories)
            }
        }
    }
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// A package name of an app: parts of letters, digits and `_`, with dots between.
fn is_package(name: &str) -> bool {
    let part = |part: &str| {
        part.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    name.len() <= 200 && name.contains('.') && name.split('.').all(part)
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// To which installation: the `platform` of `GET /v1/meta`.
    pub platform: String,
    /// Fingerprint of the key that signs it.
    pub authority: String,
    /// Its id.
    pub id: DirectiveId,
    /// Its number as the authority counts: `网审〔2026〕17号`.
    pub number: String,
    /// Number in the authority's own sequence, which only rises.
    pub sequence: u64,
    /// What is ordered.
    pub effect: Effect,
    /// To what it applies.
    #[serde(default)]
    pub scope: Scope,
    /// The articles that it rests on.
    pub basis: Vec<String>,
    /// When it was signed.
    pub issued_at: Timestamp,
    /// In force from then on.
    pub not_before: Timestamp,
    /// Not in force from then on; until it is lifted where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
}

/// The end of an order before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lift {
    /// To which installation.
    pub platform: String,
    /// Fingerprint of the key that signs it.
    pub authority: String,
    /// The order that ends.
    pub lifts: DirectiveId,
    /// Number of the decision as the authority counts.
    pub number: String,
    /// Number in the authority's own sequence, which only rises.
    pub sequence: u64,
    /// When it was signed.
    pub issued_at: Timestamp,
}

impl Order {
    /// Whether its members are within their bounds and its scope fits its effect.
    pub fn is_whole(&self) -> bool {
        let ends = self.expires.is_none_or(|end| end > self.not_before);
        let cited = (1..=LIST_MAX).contains(&self.basis.len())
            && self.basis.iter().all(|cite| plain(cite, 120));
        plain(&self.number, 80) && ends && cited && self.scope.fits(self.effect)
    }
}

impl Lift {
    /// Whether its members are within their bounds.
    pub fn is_whole(&self) -> bool {
        plain(&self.number, 80)
    }
}

/// A document with its signature, as it travels: both base64url without padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// The exact bytes that were signed, after their prefix.
    pub document: String,
    /// Ed25519 over prefix and bytes.
    pub signature: String,
}

impl Paper {
    /// Signs a document. For authorities, their exercises, and tests.
    pub fn sign(prefix: &[u8], document: &impl Serialize, key: &SigningKey) -> Option<Self> {
        Some(Self::of_bytes(prefix, &serde_json::to_vec_pretty(document).ok()?, key))
    }

    /// Signs the exact bytes of a document.
    pub fn of_bytes(prefix: &[u8], bytes: &[u8], key: &SigningKey) -> Self {
        let signature = key.sign(&[prefix, bytes].concat());
        Self {
            document: URL_SAFE_NO_PAD.encode(bytes),
            signature: URL_SAFE_NO_PAD.encode(signature.to_bytes()),
        }
    }

    /// The bytes, unchecked.
    fn bytes(&self) -> Result<Vec<u8>, Forged> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.document).map_err(|_| Forged::Malformed)?;
        if bytes.len() > DOCUMENT_BYTES_MAX { Err(Forged::Malformed) } else { Ok(bytes) }
    }

    /// What the document says, unchecked: good for finding the key, and for nothing else before [`Paper::check`].
    pub fn read<D: DeserializeOwned>(&self) -> Result<D, Forged> {
        serde_json::from_slice(&self.bytes()?).map_err(|_| Forged::Malformed)
    }

    /// Whether `key` signed exactly these bytes after `prefix`.
    pub fn check(&self, prefix: &[u8], key: &VerifyingKey) -> Result<(), Forged> {
        let signature = URL_SAFE_NO_PAD.decode(&self.signature).map_err(|_| Forged::Malformed)?;
        let signature = Signature::from_slice(&signature).map_err(|_| Forged::Malformed)?;
        let message = [prefix, &self.bytes()?].concat();
        key.verify_strict(&message, &signature).map_err(|_| Forged::Signature)
    }
}

/// A public key from base64url.
pub fn public_key(text: &str) -> Option<VerifyingKey> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let key = VerifyingKey::from_bytes(&bytes).ok()?;
    // A weak key verifies signatures of everything.
    (!key.is_weak()).then_some(key)
}

/// The public half in base64url.
pub fn public_text(key: &SigningKey) -> String {
    URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes())
}

/// The private half in base64url, for the authority's own file.
pub fn secret_text(key: &SigningKey) -> String {
    URL_SAFE_NO_PAD.encode(key.to_bytes())
}

/// A private key from its file's text.
pub fn secret_key(text: &str) -> Option<SigningKey> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    Some(SigningKey::from_bytes(&bytes))
}

/// What officers read to each other: the first 128 bits of SHA-256 over the public key, as 32 hexadecimal digits.
pub fn fingerprint(key: &VerifyingKey) -> String {
    let hash = Sha256::digest(key.as_bytes());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A fingerprint as it is typed, without spaces, dashes and capitals.
pub fn typed_fingerprint(text: &str) -> String {
    let digits = text.chars().filter(|letter| !matches!(letter, ' ' | '-' | ':'));
    digits.collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(text: &str) -> Scope {
        serde_json::from_str(text).expect("a scope")
    }

    #[test]
    fn each_effect_takes_its_own_scope_and_no_other() {
        let scopes = [
            (r"{}", vec!["suspend_registration", "suspend_service", "block_transfer"]),
            (r#"{"packages":["org.sarai.app"]}"#, vec!["delist_app"]),
            (r#"{"packages":["nodots"]}"#, vec![]),
            (r#"{"countries":["US","SG"]}"#, vec!["block_transfer"]),
            (r#"{"countries":["usa"]}"#, vec![]),
            (r#"{"categories":["track","location"]}"#, vec!["stop_processing_class"]),
            (r#"{"categories":["everything"]}"#, vec![]),
            (
                r#"{"by":"2026-12-31T00:00:00Z","what":{"zh":"整改","en":"Put it right"}}"#,
                vec!["rectify_by"],
            ),
            (r#"{"by":"2026-12-31T00:00:00Z"}"#, vec![]),
            (r#"{"countries":["US"],"categories":["track"]}"#, vec![]),
        ];
        for (text, fine) in scopes {
            for effect in Effect::ALL {
                let wanted = fine.contains(&effect.word());
                assert_eq!(scope(text).fits(effect), wanted, "{text} for {}", effect.word());
            }
        }
        assert!(serde_json::from_str::<Scope>(r#"{"persons":["pty_x"]}"#).is_err());
    }

    #[test]
    fn a_signature_is_good_for_its_bytes_its_key_and_its_kind_only() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let paper = Paper::of_bytes(PREFIX, b"{}", &key);
        assert_eq!(paper.check(PREFIX, &key.verifying_key()), Ok(()));
        assert_eq!(paper.check(LIFT_PREFIX, &key.verifying_key()), Err(Forged::Signature));
        let other = SigningKey::from_bytes(&[8; 32]);
        assert_eq!(paper.check(PREFIX, &other.verifying_key()), Err(Forged::Signature));
        let stretched = Paper { document: URL_SAFE_NO_PAD.encode(b"{ }"), ..paper };
        assert_eq!(stretched.check(PREFIX, &key.verifying_key()), Err(Forged::Signature));
    }

    #[test]
    fn a_fingerprint_may_be_typed_as_it_is_heard() {
        let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
        let heard: Vec<String> = fingerprint(&key)
            .as_bytes()
            .chunks(4)
            .map(|four| String::from_utf8_lossy(four).to_uppercase())
            .collect();
        assert_eq!(typed_fingerprint(&heard.join(" - ")), fingerprint(&key));
        assert!(public_key(&URL_SAFE_NO_PAD.encode([0u8; 32])).is_none(), "a weak key");
    }
}
