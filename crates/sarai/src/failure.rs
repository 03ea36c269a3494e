//! Why a command failed: one sentence for the person at the terminal, and the exit code.

/// Exit code of a command that failed.
pub const FAILED: u8 = 1;
/// Exit code of a check that found something.
pub const FINDINGS: u8 = 3;

/// A command that did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// The data directory.
    #[error(transparent)]
    Site(#[from] crate::site::SiteError),
    /// The sender.
    #[error(transparent)]
    Sender(#[from] crate::senders::SenderError),
    /// The store does not open.
    #[error("store: {0}")]
    Open(#[from] sarai_store::OpenError),
    /// The store does not answer.
    #[error("store: {0}")]
    Store(#[from] sarai_kernel::StoreError),
    /// The app catalogue.
    #[error("catalogue: {0}")]
    Catalogue(#[from] sarai_review::catalogue::CatalogueFault),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] sarai_store::BackupError),
    /// A key.
    #[error("keys: {0}")]
    Key(#[from] sarai_seal::rest::RestError),
    /// A law pack.
    #[error("law: {0}")]
    Law(#[from] sarai_gate::BadPack),
    /// A use case said no.
    #[error("refused: {}", told(.0))]
    Refused(#[from] sarai_kernel::Refusal),
    /// Signing the audit log.
    #[error("audit log: {0}")]
    Sign(#[from] sarai_gate::audit::SignError),
    /// A subject file.
    #[error(transparent)]
    Subject(#[from] sarai_review::subject::SubjectError),
    /// A report on paper.
    #[error("PDF: {0}")]
    Pdf(#[from] sarai_review::report::PdfError),
    /// An address is taken, a file cannot be read.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A word on the command line.
    #[error("{0}")]
    Usage(String),
    /// Nothing was found, but not everything could be read.
    #[error("partial: not read to the end: {0}")]
    Partial(String),
    /// Something was found; it is printed already.
    #[error("findings")]
    Findings,
}

impl Failure {
    /// A failed call to the machine.
    pub fn io(what: impl std::fmt::Display) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.to_string();
        move |source| Self::Io { what, source }
    }

    /// Its exit code.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Subject(_) => 2,
            Self::Findings => FINDINGS,
            _ => FAILED,
        }
    }
}

impl From<sarai_kernel::UseCaseError> for Failure {
    fn from(error: sarai_kernel::UseCaseError) -> Self {
        match error {
            sarai_kernel::UseCaseError::Refused(refusal) => Self::Refused(refusal),
            sarai_kernel::UseCaseError::Answered(_) => {
                Self::Usage("this was done before".to_owned())
            }
        }
    }
}

/// The code, and each wrong field with its own.
fn told(refusal: &sarai_kernel::Refusal) -> String {
    let fields = refusal.errors.iter().map(|error| format!(" {} {}", error.pointer, error.code));
    std::iter::once(refusal.code.to_owned()).chain(fields).collect()
}
