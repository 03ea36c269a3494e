//! How notices leave the house, by configuration.

mod hook;
mod smtp;

use std::{path::Path, sync::Arc};

use sarai_account::{Outbox, Sender, WayOut};
use zeroize::Zeroizing;

pub use hook::Hook;
pub use smtp::Smtp;

use crate::config::SenderConfig;

/// A sender that cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SenderError {
    /// A secret file cannot be read.
    #[error("{path}: {source}")]
    Secret {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A setting is not valid.
    #[error("sender: {0} is not valid")]
    Setting(&'static str),
}

/// A sender, and the outbox if it is that one.
pub type Built = (Arc<dyn Sender>, Option<Arc<Outbox>>);

/// The sender of the configuration.
pub fn build(config: &SenderConfig) -> Result<Built, SenderError> {
    Ok(match config {
        SenderConfig::Outbox => {
            let outbox = Arc::new(Outbox::default());
            (outbox.clone(), Some(outbox))
        }
        SenderConfig::Smtp { host, port, from, user, password_file, country } => {
            let password = password_file.as_deref().map(secret).transpose()?;
            let out = WayOut { way: "smtp", name: host.clone(), country: country.clone() };
            (Arc::new(Smtp::new(host, *port, from, user.as_deref(), password)?.through(out)), None)
        }
        SenderConfig::Hook { url, secret_file, country } => {
            let hook = Hook::new(url, &secret(secret_file)?, country)?;
            (Arc::new(hook), None)
        }
    })
}

/// A secret from a file, without the line's end.
fn secret(path: &Path) -> Result<Zeroizing<String>, SenderError> {
    std::fs::read_to_string(path)
        .map(|text| Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
        .map_err(|source| SenderError::Secret { path: path.display().to_string(), source })
}
