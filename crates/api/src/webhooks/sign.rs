//! Signatures by Standard Webhooks 1.0.0: `v1a` Ed25519, `v1` HMAC-SHA256, over `id.timestamp.body`.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use sarai_kernel::{Timestamp, WebhookId};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::record::{Scheme, Webhook};

/// Derives every endpoint's keys; nothing of them is kept.
pub struct Keys {
    root: Zeroizing<[u8; 32]>,
}

impl Keys {
    /// Keys under this root.
    pub fn new(root: [u8; 32]) -> Self {
        Self { root: Zeroizing::new(root) }
    }

    fn key(&self, id: WebhookId, number: u32) -> Zeroizing<[u8; 32]> {
        let number = number.to_le_bytes();
        Zeroizing::new(hmac(&*self.root, &[b"sarai webhook v1", id.uuid().as_bytes(), &number]))
    }

    /// What the receiver is given: the public key, or the secret, which is shown once.
    pub fn shown(&self, id: WebhookId, scheme: Scheme, number: u32) -> Zeroizing<String> {
        let key = self.key(id, number);
        Zeroizing::new(match scheme {
            Scheme::V1a => {
                let public = SigningKey::from_bytes(&key).verifying_key();
                format!("whpk_{}", STANDARD.encode(public.as_bytes()))
            }
            Scheme::V1 => format!("whsec_{}", STANDARD.encode(*key)),
        })
    }

    /// The header `webhook-signature`: with the present key, and with the one before it for a day after a rotation.
    pub fn signature(
        &self,
        id: WebhookId,
        hook: &Webhook,
        message: &Message<'_>,
        now: Timestamp,
    ) -> String {
        let old = hook
            .old_key_until
            .filter(|until| now < *until)
            .map(|_| hook.key_number.saturating_sub(1));
        let numbers = std::iter::once(hook.key_number).chain(old);
        let signed = numbers.map(|number| self.one(id, hook.scheme, number, message));
        signed.collect::<Vec<_>>().join(" ")
    }

    fn one(&self, id: WebhookId, scheme: Scheme, number: u32, message: &Message<'_>) -> String {
        let key = self.key(id, number);
        let text = message.text();
        match scheme {
            Scheme::V1a => {
                let signature = SigningKey::from_bytes(&key).sign(text.as_bytes());
                format!("v1a,{}", STANDARD.encode(signature.to_bytes()))
            }
            Scheme::V1 => format!("v1,{}", STANDARD.encode(hmac(&*key, &[text.as_bytes()]))),
        }
    }
}

/// What is signed.
pub struct Message<'a> {
    /// The event's id.
    pub id: &'a str,
    /// Seconds since the epoch, of this try.
    pub seconds: i64,
    /// The exact body.
    pub body: &'a str,
}

impl Message<'_> {
    fn text(&self) -> String {
        format!("{}.{}.{}", self.id, self.seconds, self.body)
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signature, Verifier, VerifyingKey};
    use sarai_kernel::{OrgId, PartyId, time::SECOND};

    use crate::webhooks::record::Standing;

    fn hook(scheme: Scheme) -> Webhook {
        let now = Timestamp::from_micros(0);
        Webhook {
            org: OrgId::new(now),
            maker: PartyId::new(now),
            url: String::new(),
            types: vec![],
            country: String::new(),
            purpose: String::new(),
            scheme,
            state: Standing::On,
            key_number: 2,
            old_key_until: Some(now.plus(SECOND)),
            failing_since: None,
            created_at: now,
            removed: false,
        }
    }

    #[test]
    fn hmac_is_the_one_of_the_published_example() {
        // standardwebhooks.com: id, timestamp, body and secret of the specification's libraries.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let text = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        assert_eq!(
            STANDARD.encode(hmac(&secret, &[text.as_bytes()])),
            "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn a_receiver_can_check_with_what_it_was_shown_and_during_a_rotation_with_either() {
        let keys = Keys::new([1; 32]);
        let id = WebhookId::new(Timestamp::from_micros(0));
        let message = Message { id: "evt_1", seconds: 1, body: "{}" };
        let line = keys.signature(id, &hook(Scheme::V1a), &message, Timestamp::from_micros(0));
        let parts: Vec<&str> = line.split(' ').collect();
        assert_eq!(parts.len(), 2);
        for (number, part) in [(2, parts[0]), (1, parts[1])] {
            let shown = keys.shown(id, Scheme::V1a, number);
            let public =
                STANDARD.decode(shown.strip_prefix("whpk_").expect("prefix")).expect("base64");
            let public =
                VerifyingKey::from_bytes(&public.try_into().expect("32 bytes")).expect("a key");
            let signature =
                STANDARD.decode(part.strip_prefix("v1a,").expect("scheme")).expect("base64");
            let signature = Signature::from_slice(&signature).expect("64 bytes");
            assert!(public.verify(b"evt_1.1.{}", &signature).is_ok());
            assert!(public.verify(b"evt_1.2.{}", &signature).is_err());
        }
        let after = keys.signature(id, &hook(Scheme::V1), &message, Timestamp::from_micros(SECOND));
        assert_eq!(after.split(' ').count(), 1);
        assert!(after.starts_with("v1,"));
    }
}
