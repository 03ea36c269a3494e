//! `sarai review`: a platform, or this house, held against the law of a day.

use std::{
    io::{IsTerminal, Write},
    path::Path,
    sync::Arc,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sarai_gate::{Laws, audit::OutsideFile};
use sarai_kernel::Clock;
use sarai_review::{
    Lang,
    own::{OwnHouse, OwnTimer},
    report::{Fonts, Languages, Paint, Report, html, json, pdf, sarif, text},
    review, review_own,
    scan::{Options, Progress},
    subject::Subject,
};

use crate::{
    cli::{ReportFormat, ReportLang, Review},
    clock::SystemClock,
    failure::Failure,
    house,
    house::House,
};

/// Timers of the house after which something must be gone or done; `true` where what is overdue is data kept too long.
const TIMERS: &[OwnTimer] = &[
    OwnTimer { kind: "transfer", worker: "gate.transfer", keeps: true },
    OwnTimer { kind: "file", worker: "account.file", keeps: true },
    OwnTimer { kind: "session", worker: "account.session", keeps: true },
    OwnTimer { kind: "challenge", worker: "account.challenge", keeps: true },
    OwnTimer { kind: "export", worker: "account.export", keeps: true },
    OwnTimer { kind: "erasure", worker: "account.erasure", keeps: false },
];

/// Runs the command.
pub async fn run(arguments: Review) -> Result<(), Failure> {
    // Fonts first: nobody waits an hour to hear that there are none.
    let fonts = (arguments.format == ReportFormat::Pdf)
        .then(|| Fonts::find(arguments.font.as_deref()))
        .transpose()?;
    let laws = Arc::new(Laws::embedded()?);
    let report = match &arguments.subject {
        Some(path) => of_subject(path, &arguments, laws).await?,
        None => of_house(&arguments, laws).await?,
    };
    write(&report, &arguments, fonts.as_ref())?;
    match (report.findings.is_empty(), report.complete()) {
        (false, _) => Err(Failure::Findings),
        (true, true) => Ok(()),
        (true, false) => {
            let partial = report.sources.iter().filter(|source| !source.complete);
            let names: Vec<&str> = partial.map(|source| source.name.as_str()).collect();
            Err(Failure::Partial(names.join(", ")))
        }
    }
}

/// The subject's words, and the command line's over them.
fn adjusted(mut subject: Subject, arguments: &Review) -> Result<Subject, Failure> {
    if !arguments.law.is_empty() {
        subject.law.clone_from(&arguments.law);
    }
    if let Some(unknown) =
        subject.law.iter().find(|code| !["cn", "us", "eu"].contains(&code.as_str()))
    {
        return Err(Failure::Usage(format!("there is no pack {unknown:?}: cn, us, eu")));
    }
    subject.on = arguments
        .on
        .or(subject.on)
        .or_else(|| Some(sarai_law::day_of(SystemClock.now().as_micros())));
    Ok(subject)
}

fn options(subject: &Subject, arguments: &Review) -> Options {
    let day = subject.on.map(|on| on.to_string()).unwrap_or_default();
    let options = Options::new(&day);
    match &arguments.resume {
        Some(journal) => options.resumed_from(journal),
        None => options,
    }
}

fn now() -> Result<jiff::Timestamp, Failure> {
    jiff::Timestamp::from_microsecond(SystemClock.now().as_micros())
        .map_err(|_| Failure::Usage("the clock of this machine is out of range".to_owned()))
}

async fn of_subject(path: &Path, arguments: &Review, laws: Arc<Laws>) -> Result<Report, Failure> {
    let subject = adjusted(Subject::open(path)?, arguments)?;
    let (options, now) = (options(&subject, arguments), now()?);
    let bar = Bar::new();
    blocking(move || review(&subject, &laws, now, &options, &bar)).await
}

async fn of_house(arguments: &Review, laws: Arc<Laws>) -> Result<Report, Failure> {
    let settings = house::settings(&arguments.site)?;
    let house = House::open(settings).await?;
    let subject = adjusted(own_subject(&house)?, arguments)?;
    let key = house.directory.master_key()?;
    let own = house.directory.checkpoints();
    let outside = own
        .exists()
        .then(|| {
            OutsideFile::read(&own)
                .map_err(|error| Failure::Usage(format!("{}: {error}", own.display())))
        })
        .transpose()?;
    let keys = [house.audit_key()?.public()];
    let seen = OwnHouse {
        store: house.store.as_ref(),
        audit_keys: &keys,
        outside: outside.as_deref(),
        key_files: &[("master key", &key)],
        timers: TIMERS,
        weak: house.config.weaknesses().into_iter().map(str::to_owned).collect(),
        country: &subject.country,
    }
    .look(house.now())
    .await?;
    let (options, now) = (options(&subject, arguments), now()?);
    let bar = Bar::new();
    blocking(move || review_own(&subject, seen, &laws, now, &options, &bar)).await
}

/// The house as a subject: its own data directory is its evidence, read as a stranger would read it.
fn own_subject(house: &House) -> Result<Subject, Failure> {
    let data = house.config.data.display().to_string();
    let text = format!(
        "kind = \"sarai\"\nname = \"Sarai\"\nsector = \"freight\"\n[[files]]\nname = \"data\"\npath = {}\n",
        toml::Value::String(data)
    );
    let mut subject = Subject::parse("own", &text)?;
    // The demo's outbox shows codes on purpose; the store is what must be sealed.
    subject.folder = std::env::current_dir().map_err(Failure::io("the working directory"))?;
    Ok(subject)
}

/// Reading takes long and has runtimes of its own.
async fn blocking(work: impl FnOnce() -> Report + Send + 'static) -> Result<Report, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| {
        Failure::Usage("the review broke off: this is a fault of the program".to_owned())
    })
}

fn write(report: &Report, arguments: &Review, fonts: Option<&Fonts>) -> Result<(), Failure> {
    let lang = match arguments.lang {
        ReportLang::En => Lang::En,
        ReportLang::Zh => Lang::Zh,
    };
    let colours = arguments.out.is_none() && std::io::stdout().is_terminal();
    let paint = if colours { Paint::Colours } else { Paint::Plain };
    let bytes = match (arguments.format, fonts) {
        (ReportFormat::Text, _) => text(report, lang, paint).into_bytes(),
        (ReportFormat::Json, _) => json(report).into_bytes(),
        (ReportFormat::Sarif, _) => sarif(report).into_bytes(),
        (ReportFormat::Html, _) => html(report, Languages::Both(lang)).into_bytes(),
        (ReportFormat::Pdf, Some(fonts)) => pdf(report, lang, fonts)?,
        (ReportFormat::Pdf, None) => return Err(sarai_review::report::PdfError::NoFont.into()),
    };
    match &arguments.out {
        Some(path) => std::fs::write(path, bytes).map_err(Failure::io(path.display())),
        None => std::io::stdout().lock().write_all(&bytes).map_err(Failure::io("standard output")),
    }
}

/// A bar on a terminal; nothing elsewhere.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(
            "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {wide_msg}",
        ) {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn total(&self, _: u64, bytes: u64) {
        self.0.set_length(self.0.length().unwrap_or(0) + bytes);
    }

    fn read(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    fn done(&self, name: &str) {
        let shown: String = name.chars().filter(|c| !c.is_control()).collect();
        self.0.set_message(shown);
    }
}
