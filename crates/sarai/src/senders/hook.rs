//! A signed HTTP request to the operator's own gateway for SMS and e-mail, by the Standard Webhooks scheme.

use std::sync::Arc;

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName, HeaderValue};
use sarai_account::{Letter, NotSent, Sender, WayOut, model::Channel};
use sarai_gate::exit::{Exit, SystemResolver};
use serde_json::json;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::SenderError;

/// Shortest secret that is taken, in bytes.
const SECRET_BYTES_MIN: usize = 24;

/// The operator's gateway.
pub struct Hook {
    url: String,
    out: WayOut,
    exit: Exit,
    secret: Zeroizing<Vec<u8>>,
}

impl Hook {
    /// A gateway at `url`; `secret` is base64, with or without `whsec_` in front.
    pub fn new(url: &str, secret: &str, country: &str) -> Result<Self, SenderError> {
        // The operator names this address himself, so his own machine is fine.
        let exit = Exit::new(true, Arc::new(SystemResolver));
        let address = exit.check(url).map_err(|_| SenderError::Setting("url"))?;
        let name = address.host_str().unwrap_or_default().to_owned();
        let out = WayOut { way: "hook", name, country: country.to_owned() };
        let text = secret.strip_prefix("whsec_").unwrap_or(secret);
        let secret = BASE64_STANDARD.decode(text).map_err(|_| SenderError::Setting("secret"))?;
        if secret.len() < SECRET_BYTES_MIN {
            return Err(SenderError::Setting("secret"));
        }
        Ok(Self { url: url.to_owned(), out, exit, secret: Zeroizing::new(secret) })
    }
}

/// `v1,` and the signature over `id.timestamp.body`.
fn signature(secret: &[u8], id: &str, seconds: i64, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Some(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
}

#[async_trait]
impl Sender for Hook {
    fn way(&self) -> Option<WayOut> {
        Some(self.out.clone())
    }

    async fn send(&self, letter: Letter<'_>) -> Result<(), NotSent> {
        let leave = letter.leave.ok_or(NotSent)?;
        let channel = match letter.channel {
            Channel::Sms => "sms",
            Channel::Email => "email",
        };
        let body = json!({ "id": letter.id, "channel": channel, "to": letter.to,
                           "subject": letter.subject, "body": letter.body })
        .to_string();
        let seconds = letter.now.as_seconds();
        let signed = signature(&self.secret, letter.id, seconds, &body).ok_or(NotSent)?;
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("webhook-id", letter.id.to_owned()),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", signed),
        ];
        let headers = headers
            .into_iter()
            .map(|(name, value)| {
                Some((HeaderName::from_static(name), HeaderValue::try_from(value).ok()?))
            })
            .collect::<Option<HeaderMap>>()
            .ok_or(NotSent)?;
        let sent =
            self.exit.post(leave, &self.url, headers, body.into()).await.map_err(|error| {
                tracing::warn!(notice.id = letter.id, reason = error.word(), "hook");
                NotSent
            })?;
        if (200..300).contains(&sent.status) {
            return Ok(());
        }
        tracing::warn!(notice.id = letter.id, status = sent.status, "hook");
        Err(NotSent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_standard() {
        // Example of the Standard Webhooks specification.
        let secret = BASE64_STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let signed = signature(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn plain_http_to_elsewhere_and_short_secrets_are_refused() {
        let secret = BASE64_STANDARD.encode([7; 32]);
        assert!(Hook::new("https://sms.example/send", &secret, "CN").is_ok());
        assert!(Hook::new("http://127.0.0.1:9/send", &secret, "CN").is_ok());
        assert!(Hook::new("http://sms.example/send", &secret, "CN").is_err());
        assert!(Hook::new("https://sms.example/send", "c2hvcnQ=", "CN").is_err());
    }
}
