//! E-mail by SMTP. TLS always: at once on port 465, by STARTTLS on any other.

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::authentication::Credentials,
};
use sarai_account::{Letter, NotSent, Sender, WayOut, model::Channel};
use zeroize::Zeroizing;

use super::SenderError;

const IMPLICIT_TLS_PORT: u16 = 465;

/// A mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    out: Option<WayOut>,
}

impl Smtp {
    /// A mail server at `host`.
    pub fn new(
        host: &str,
        port: u16,
        from: &str,
        user: Option<&str>,
        password: Option<Zeroizing<String>>,
    ) -> Result<Self, SenderError> {
        let from = from.parse().map_err(|_| SenderError::Setting("from"))?;
        let builder = if port == IMPLICIT_TLS_PORT {
            AsyncSmtpTransport::<Tokio1Executor>::relay(host)
        } else {
            AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)
        };
        let mut builder = builder.map_err(|_| SenderError::Setting("host"))?.port(port);
        if let (Some(user), Some(password)) = (user, password) {
            builder = builder.credentials(Credentials::new(user.to_owned(), password.to_string()));
        }
        Ok(Self { transport: builder.build(), from, out: None })
    }

    /// The recipient that the gate knows it as.
    #[must_use]
    pub fn through(mut self, out: WayOut) -> Self {
        self.out = Some(out);
        self
    }
}

#[async_trait]
impl Sender for Smtp {
    fn way(&self) -> Option<WayOut> {
        self.out.clone()
    }

    async fn send(&self, letter: Letter<'_>) -> Result<(), NotSent> {
        if letter.channel != Channel::Email {
            tracing::warn!(notice.id = letter.id, "smtp cannot reach a telephone number");
            return Err(NotSent);
        }
        // The mail library opens its own connection, so the gate's leave is asked for here.
        if letter.leave.is_none() {
            return Err(NotSent);
        }
        let message = message(&self.from, &letter)?;
        self.transport.send(message).await.map(drop).map_err(|error| {
            tracing::warn!(notice.id = letter.id, permanent = error.is_permanent(), "mail refused");
            NotSent
        })
    }
}

fn message(from: &Mailbox, letter: &Letter<'_>) -> Result<Message, NotSent> {
    Message::builder()
        .from(from.clone())
        .to(letter.to.parse().map_err(|_| NotSent)?)
        .subject(letter.subject)
        .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body.to_owned())
        .map_err(|_| NotSent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sarai_kernel::Timestamp;

    #[test]
    fn a_letter_becomes_one_plain_message_and_headers_cannot_be_slipped_in() {
        let from: Mailbox = "Sarai <no-reply@sarai.example>".parse().expect("valid");
        let letter = Letter {
            channel: Channel::Email,
            to: "a@example.org",
            subject: "Code\r\nBcc: b@example.org",
            body: "482913",
            id: "ntc_1",
            now: Timestamp::default(),
            leave: None,
        };
        let text = String::from_utf8(message(&from, &letter).expect("valid").formatted())
            .expect("plain text");
        assert!(text.contains("Message-ID: <ntc_1@sarai.example>"));
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
    }
}
