//! Runs the collectors over everything that a subject names.

use std::{
    collections::BTreeSet,
    fs::File,
    path::{Path, PathBuf},
};

use sarai_detect::{Category, Class};

use super::{Collected, Holding, HostLine, Moments, Points, relating::relate};
use crate::{
    app::review_app,
    facts::{AccessLog, Declaration, Side},
    policy,
    report::{SourceKind, SourceLine},
    scan::{self, Extent, Inventory, Options, Progress, Protection, Target, Unit},
    subject::{Sector, Subject},
    traffic::{Consent, Placed, TrafficOptions, review_traffic},
};

/// Largest policy, list or log line by line that is read whole.
const TEXT_BYTES_MAX: u64 = 16 << 20;

/// Collects. What cannot be read is said in [`Collected::sources`]; nothing stops the rest.
pub fn collect(subject: &Subject, options: &Options, progress: &dyn Progress) -> Collected {
    let mut collected = Collected::default();
    stores(subject, options, progress, &mut collected);
    for app in &subject.app {
        let side = format!("{}.{}", subject.sector.word(), app.role);
        let read = File::open(subject.at(&app.path)).map_err(|error| error.to_string());
        let read =
            read.and_then(|file| review_app(&app.name, file).map_err(|error| error.to_string()));
        match read {
            Ok(review) => {
                let unread = review.unread.first().map(|one| format!("{}: {}", one.place, one.why));
                collected.sources.push(SourceLine {
                    name: app.name.clone(),
                    kind: SourceKind::App,
                    read: review.code.methods.max(1),
                    complete: review.unread.is_empty(),
                    sha256: Some(review.sha256.clone()),
                    note: unread,
                });
                collected.observations.extend(review.observations(Some(&side)));
            }
            Err(why) => collected.unread(&app.name, SourceKind::App, why),
        }
        progress.done(&app.name);
    }
    traffic(subject, progress, &mut collected);
    told(subject, &mut collected);
    for access in &subject.access {
        let read = File::open(subject.at(&access.path)).map_err(|error| error.to_string());
        match read.and_then(|file| AccessLog::parse(&access.name, std::io::BufReader::new(file))) {
            Ok(log) => {
                collected.sources.push(whole(&access.name, SourceKind::Access, log.rows));
                collected.access.push(log);
            }
            Err(why) => collected.unread(&access.name, SourceKind::Access, why),
        }
    }
    collected
}

fn whole(name: &str, kind: SourceKind, read: u64) -> SourceLine {
    SourceLine { name: name.to_owned(), kind, read, complete: true, sha256: None, note: None }
}

impl Collected {
    fn unread(&mut self, name: &str, kind: SourceKind, why: String) {
        let note = Some(why);
        self.sources.push(SourceLine {
            name: name.to_owned(),
            kind,
            read: 0,
            complete: false,
            sha256: None,
            note,
        });
    }
}

/// The targets of a subject: its name for each, its kind, and what to read.
fn targets(subject: &Subject) -> Vec<(String, SourceKind, Result<Target, String>)> {
    let database = |one: &crate::subject::Database| {
        let url = match (&one.url, &one.url_env) {
            (Some(url), _) => Ok(url.clone()),
            (_, Some(name)) => {
                std::env::var(name).map_err(|_| format!("the variable {name} is not set"))
            }
            _ => Err("no address".to_owned()),
        };
        let target = url.and_then(|url| match Target::parse(&url) {
            target @ Target::Database(_) => Ok(target),
            Target::Path(_) => Err("no address of a database".to_owned()),
        });
        (one.name.clone(), SourceKind::Database, target)
    };
    let files = |one: &crate::subject::Files| {
        (one.name.clone(), SourceKind::Files, Ok(Target::Path(subject.at(&one.path))))
    };
    subject.database.iter().map(database).chain(subject.files.iter().map(files)).collect()
}

fn stores(
    subject: &Subject,
    options: &Options,
    progress: &dyn Progress,
    collected: &mut Collected,
) {
    for (name, kind, target) in targets(subject) {
        let target = match target {
            Ok(target) => target,
            Err(why) => {
                collected.unread(&name, kind, why);
                continue;
            }
        };
        let targets = [target];
        match scan::inventory(&targets, options, progress) {
            Ok(inventory) => take(subject, &name, kind, &targets[0], &inventory, collected),
            Err(error) => collected.unread(&name, kind, error.to_string()),
        }
        relate(&name, &targets[0], options, &mut collected.relations);
    }
}

/// A name inside a source: never the folder that the reviewer keeps it in.
fn inside(target: &Target, name: &str) -> String {
    let Target::Path(root) = target else { return String::new() };
    match Path::new(name).strip_prefix(root) {
        Ok(rest) if !rest.as_os_str().is_empty() => rest.display().to_string(),
        _ => PathBuf::from(name)
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
    }
}

fn take(
    subject: &Subject,
    name: &str,
    kind: SourceKind,
    target: &Target,
    inventory: &Inventory,
    collected: &mut Collected,
) {
    let mut line = whole(name, kind, 0);
    let mut notes = BTreeSet::new();
    for source in &inventory.sources {
        let file = inside(target, &source.name);
        for unit in &source.units {
            line.read += unit.rows.max(1);
            let place = At { name, file: &file, sha256: source.sha256.as_ref(), unit };
            place.holdings(subject, collected);
            place.points(collected);
            place.moments(collected);
        }
        if matches!(source.extent, Extent::Partial | Extent::Unread) {
            line.complete = false;
        }
        if source.extent == Extent::Sampled {
            notes.insert("sampled".to_owned());
        }
        for problem in &source.problems {
            let at = if problem.within.is_empty() { &file } else { &problem.within };
            notes.insert(format!("{at}: {}", problem.reason));
        }
    }
    if inventory.stopped {
        line.complete = false;
        notes.insert("stopped before its end".to_owned());
    }
    if let [source] = inventory.sources.as_slice() {
        line.sha256.clone_from(&source.sha256);
    }
    const NOTES_MAX: usize = 5;
    let more = notes.len().saturating_sub(NOTES_MAX);
    let mut note: Vec<String> = notes.into_iter().take(NOTES_MAX).collect();
    if more > 0 {
        note.push(format!("and {more} more"));
    }
    line.note = (!note.is_empty()).then(|| note.join("; "));
    collected.sources.push(line);
}

/// A unit of a source, with the names by which findings know it.
struct At<'a> {
    name: &'a str,
    file: &'a str,
    sha256: Option<&'a String>,
    unit: &'a Unit,
}

impl At<'_> {
    /// The table's name alone.
    fn table(&self) -> String {
        let within = self.unit.within.rsplit(" → ").next().unwrap_or("");
        let table = within.strip_prefix("table ").unwrap_or(within);
        if table.is_empty() {
            let stem = Path::new(self.file).file_stem().unwrap_or_default();
            return stem.to_string_lossy().into_owned();
        }
        table.rsplit('.').next().unwrap_or(table).to_owned()
    }

    fn within(&self, column: Option<&str>) -> String {
        let parts = [self.file, &self.unit.within];
        let mut out: Vec<String> =
            parts.into_iter().filter(|part| !part.is_empty()).map(str::to_owned).collect();
        out.extend(column.map(|column| format!("column {column}")));
        out.join(", ")
    }

    fn side(&self, column: Option<&str>) -> Side {
        let table = self.table();
        let key = self.unit.person_key.as_deref();
        Side::of_names([Some(table.as_str()), key, column].into_iter().flatten())
    }

    fn holdings(&self, subject: &Subject, collected: &mut Collected) {
        for found in &self.unit.found {
            let column = found.column.as_deref();
            let hint = column.and_then(|column| {
                let at = format!("{}/{}/{column}", self.name, self.table());
                subject.column.iter().find(|hint| hint.at == at)
            });
            let category = hint.map_or(found.category.code(), |hint| hint.category.as_str());
            if category == "none" {
                continue;
            }
            collected.holdings.push(Holding {
                source: self.name.to_owned(),
                within: match column {
                    Some(_) => self.within(column),
                    None => format!("{}, {}", self.within(None), found.first),
                },
                category: category.to_owned(),
                sensitive: found.class == Class::Sensitive,
                in_text: column.is_none(),
                whole: found.whole,
                plain: found.protection == Protection::Plain,
                count: found.count,
                persons: found.persons.map(|persons| persons.number()),
                confidence: found.confidence,
                sample: found.sample.clone(),
                sha256: self.sha256.cloned(),
                side: self.side(column),
            });
        }
    }

    /// Where trips themselves are kept, start and end are positions too, and belong to the trip.
    fn holds_trips(&self) -> bool {
        let table = self.table().to_lowercase();
        ["trip", "order", "ride", "行程", "订单"].iter().any(|word| table.contains(word))
    }

    fn points(&self, collected: &mut Collected) {
        if self.holds_trips() {
            return;
        }
        let shift = |name: &str| {
            ["shift", "duty", "班次", "出车"].iter().any(|word| name.to_lowercase().contains(word))
        };
        for positions in &self.unit.positions {
            collected.points.push(Points {
                source: self.name.to_owned(),
                within: format!("{}, columns {}", self.within(None), positions.columns.join(", ")),
                without_trip: positions.without_trip,
                points: positions.points,
                persons: positions.persons_without_trip.map(|persons| persons.number()),
                track: positions.category == Category::LocationTrack,
                on_shift: self.unit.columns.iter().any(|column| shift(&column.name)),
                side: self.side(None),
            });
        }
    }

    fn moments(&self, collected: &mut Collected) {
        let dated =
            self.unit.columns.iter().filter_map(|column| Some((column, column.oldest.as_ref()?)));
        let Some((column, oldest)) = dated.min_by(|a, b| a.1.cmp(b.1)) else { return };
        collected.moments.push(Moments {
            source: self.name.to_owned(),
            table: self.table(),
            column: column.name.clone(),
            oldest: oldest.clone(),
            rows: self.unit.rows,
            persons: self.unit.persons.map(|persons| persons.number()),
        });
    }
}

fn traffic(subject: &Subject, progress: &dyn Progress, collected: &mut Collected) {
    let mut places = Vec::new();
    for place in &subject.place {
        match Placed::read(&place.what, &place.country) {
            Ok(place) => places.push(place),
            Err(error) => collected.unread(&place.what, SourceKind::Traffic, error.to_string()),
        }
    }
    for capture in &subject.traffic {
        let consent = match (capture.consent_at, capture.never_agreed) {
            (Some(at), _) => Consent::At(at),
            (None, true) => Consent::Never,
            (None, false) => Consent::Unknown,
        };
        let options =
            TrafficOptions { first_party: subject.hosts.clone(), consent, places: places.clone() };
        let read = File::open(subject.at(&capture.path)).map_err(|error| error.to_string());
        let read = read.and_then(|file| {
            let file = std::io::BufReader::new(file);
            review_traffic(&capture.name, file, &options).map_err(|error| error.to_string())
        });
        match read {
            Ok(review) => {
                let unread = review.unread.first().map(|one| format!("{}: {}", one.place, one.why));
                collected.sources.push(SourceLine {
                    name: capture.name.clone(),
                    kind: SourceKind::Traffic,
                    read: review.requests,
                    complete: review.unread.is_empty(),
                    sha256: Some(review.sha256.clone()),
                    note: unread,
                });
                for (host, traffic) in &review.hosts {
                    let country = match traffic.country.as_str() {
                        "unknown" => "??",
                        country => country,
                    };
                    collected.hosts.push(HostLine {
                        host: host.clone(),
                        party: traffic.party.clone(),
                        own: traffic.first_party,
                        country: country.to_owned(),
                        requests: traffic.requests,
                        before_consent: traffic
                            .data
                            .values()
                            .map(|sent| sent.before_consent)
                            .max()
                            .unwrap_or(0),
                    });
                }
                collected.observations.extend(review.observations(&subject.country));
            }
            Err(why) => collected.unread(&capture.name, SourceKind::Traffic, why),
        }
        progress.done(&capture.name);
    }
}

/// A text file, whole, with its hash.
fn text(path: &Path) -> Result<(String, String), String> {
    use sha2::{Digest, Sha256};
    let length = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if length > TEXT_BYTES_MAX {
        return Err(format!("larger than {TEXT_BYTES_MAX} bytes"));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let sha256 = crate::app::hex(&Sha256::digest(&bytes));
    Ok((String::from_utf8_lossy(&bytes).into_owned(), sha256))
}

fn told(subject: &Subject, collected: &mut Collected) {
    if let Some(declared) = &subject.declared {
        let name = "declared";
        let read = text(&subject.at(&declared.path))
            .and_then(|(text, sha256)| Ok((Declaration::parse(name, &text)?, sha256)));
        match read {
            Ok((mut list, sha256)) => {
                let items = u64::try_from(list.items.len()).unwrap_or(0);
                list.sha256 = Some(sha256.clone());
                collected.sources.push(SourceLine {
                    sha256: Some(sha256),
                    ..whole(name, SourceKind::Declared, items)
                });
                collected.declaration = Some(list);
            }
            Err(why) => collected.unread(name, SourceKind::Declared, why),
        }
    }
    if let Some(stated) = &subject.policy {
        let name = "policy";
        match text(&subject.at(&stated.path)) {
            Ok((text, sha256)) => {
                let review = policy::review_policy(name, &text);
                collected.sources.push(SourceLine {
                    sha256: Some(sha256),
                    ..whole(name, SourceKind::Policy, review.sentences)
                });
                collected.policy = Some(review.collected.keys().cloned().collect());
                collected.named_parties = review.third_parties.keys().cloned().collect();
                collected.observations.extend(review.observations());
            }
            Err(why) => collected.unread(name, SourceKind::Policy, why),
        }
    }
    if subject.sector == Sector::Other && collected.sources.is_empty() {
        collected.unread("subject.toml", SourceKind::Files, "no evidence is named".to_owned());
    }
}
