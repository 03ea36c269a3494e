//! From a capture to a [`TrafficReview`].

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::Read,
    net::IpAddr,
};

use jiff::Timestamp;
use sarai_detect::{Category, Class, Detector, Options, column, mask_sample};
use sha2::{Digest, Sha256};

use super::{
    SharedIdentifier, TrafficReview,
    decode::{Leaf, leaves},
    har::{Entries, Entry, HarFault},
    place::{Placed, below, country, registered},
};
use crate::app::{Unread, tables};

/// Identifiers that are followed from host to host.
const IDENTIFIERS_MAX: usize = 200_000;
/// Moments that are kept until the moment of consent is known.
const MOMENTS_MAX: usize = 4_000_000;
/// Faults that are told one by one.
const UNREAD_MAX: usize = 100;
/// Names of fields that are kept for each kind of data.
const FIELDS_MAX: usize = 20;
/// Shortest value that tells one person or device from another.
const IDENTIFIER_MIN: usize = 8;

/// When the person agreed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Consent {
    /// Not known: nothing counts as before it.
    #[default]
    Unknown,
    /// At this moment.
    At(Timestamp),
    /// With the first request whose address holds this text.
    Marker(String),
    /// Never: everything counts as before it.
    Never,
}

/// What the reviewer knows besides the capture.
#[derive(Debug, Clone, Default)]
pub struct TrafficOptions {
    /// Domains and hosts of the subject.
    pub first_party: Vec<String>,
    /// When the person agreed.
    pub consent: Consent,
    /// The operator's table of places.
    pub places: Vec<Placed>,
}

/// Reviews a capture. `source` is how findings name it.
pub fn review_traffic(
    source: &str,
    file: impl Read,
    options: &TrafficOptions,
) -> Result<TrafficReview, HarFault> {
    let mut file = Hashing { file, hasher: Sha256::new() };
    let mut reader = Reader::new(source, options);
    let mut read_one = false;
    for entry in Entries::new(&mut file) {
        match entry {
            Ok(entry) => reader.entry(&entry),
            Err(fault @ (HarFault::NotHar | HarFault::Io(_))) if !read_one => return Err(fault),
            Err(fault) => reader.unread(fault.to_string()),
        }
        read_one = true;
    }
    std::io::copy(&mut file, &mut std::io::sink())?;
    let sha256 = crate::app::hex(&file.hasher.finalize());
    Ok(reader.finish(sha256))
}

struct Hashing<R> {
    file: R,
    hasher: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.hasher.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// An identifier by its digest: the kind, its shape, the domains it went to.
type Followed = HashMap<[u8; 32], (Category, String, BTreeSet<String>)>;

struct Reader<'o> {
    options: &'o TrafficOptions,
    detector: Detector,
    review: TrafficReview,
    moments: BTreeMap<(String, &'static str), Vec<Timestamp>>,
    moments_kept: usize,
    identifiers: Followed,
    marked: Option<Timestamp>,
}

impl<'o> Reader<'o> {
    fn new(source: &str, options: &'o TrafficOptions) -> Self {
        Self {
            options,
            detector: Detector::new(Options::quiet()),
            review: TrafficReview { source: source.to_owned(), ..TrafficReview::default() },
            moments: BTreeMap::new(),
            moments_kept: 0,
            identifiers: HashMap::new(),
            marked: None,
        }
    }

    fn unread(&mut self, why: String) {
        if self.review.unread.len() < UNREAD_MAX {
            let place = format!("entry {}", self.review.requests + 1);
            self.review.unread.push(Unread { place, why });
        }
    }

    fn entry(&mut self, entry: &Entry) {
        let Some((scheme, host)) = host_of(&entry.request.url) else {
            return self.unread("the address has no host".to_owned());
        };
        self.review.requests += 1;
        let at: Option<Timestamp> = entry.started.parse().ok();
        self.mark(entry, at);
        let clear = matches!(scheme.as_str(), "http" | "ws");
        let domain = registered(&host);
        self.host(&host, &domain, entry, clear);
        for (leaf, category, sample) in self.data(&leaves(&entry.request)) {
            self.sent(&host, leaf, category, &sample, clear, at);
            self.follow(&domain, leaf, category, sample);
        }
    }

    fn mark(&mut self, entry: &Entry, at: Option<Timestamp>) {
        if let Consent::Marker(marker) = &self.options.consent
            && entry.request.url.contains(marker.as_str())
            && let Some(at) = at
        {
            self.marked = Some(self.marked.map_or(at, |known| known.min(at)));
        }
    }

    fn host(&mut self, host: &str, domain: &str, entry: &Entry, clear: bool) {
        let address: Option<IpAddr> = entry.address.trim_matches(['[', ']']).parse().ok();
        let (options, known) = (self.options, self.review.hosts.contains_key(host));
        let seen = self.review.hosts.entry(host.to_owned()).or_default();
        if !known {
            seen.domain = domain.to_owned();
            seen.first_party =
                options.first_party.iter().any(|own| below(host, &own.to_ascii_lowercase()));
            seen.party = tables::sdk_of_host(host).map(|sdk| sdk.id.clone());
        }
        if !known || seen.country_by == "unknown" {
            let (country, how) = country(host, address, &options.places);
            seen.country = country;
            seen.country_by = how;
        }
        seen.requests += 1;
        seen.cleartext += u64::from(clear);
        let query = entry.request.url.split_once('?').map_or(0, |(_, query)| query.len());
        let body = entry.request.body.as_ref().map_or(0, |body| body.text.len());
        seen.bytes_out += (query + body) as u64;
        seen.addresses.extend(address.filter(|_| seen.addresses.len() < 20).map(|a| a.to_string()));
    }

    /// Kinds of data in the values of a request, with a masked sample of each.
    fn data<'l>(&self, leaves: &'l [Leaf]) -> Vec<(&'l Leaf, Category, String)> {
        let mut found = Vec::new();
        for leaf in leaves {
            let mut kinds = BTreeSet::new();
            let key = leaf.name.rsplit('.').next().unwrap_or_default();
            if let Some(category) = named(key, &leaf.value)
                && kinds.insert(category)
            {
                found.push((leaf, category, shape(&leaf.value)));
            }
            for hit in self.detector.scan(leaf.value.as_bytes()) {
                let category = hit.kind.category();
                if personal(category) && kinds.insert(category) {
                    found.push((leaf, category, mask_sample(leaf.value.as_bytes(), &hit)));
                }
            }
        }
        found.extend(positions(leaves));
        found
    }

    fn sent(
        &mut self,
        host: &str,
        leaf: &Leaf,
        category: Category,
        sample: &str,
        clear: bool,
        at: Option<Timestamp>,
    ) {
        let Some(seen) = self.review.hosts.get_mut(host) else { return };
        let data = seen.data.entry(category.code().to_owned()).or_default();
        data.count += 1;
        data.cleartext += u64::from(clear);
        data.in_address += u64::from(matches!(leaf.part, "path" | "query"));
        data.parts.insert(leaf.part);
        if data.fields.len() < FIELDS_MAX && !leaf.name.is_empty() {
            data.fields.insert(leaf.name.chars().take(100).collect());
        }
        data.sample.get_or_insert_with(|| sample.to_owned());
        if let Some(at) = at.filter(|_| self.moments_kept < MOMENTS_MAX) {
            self.moments_kept += 1;
            self.moments.entry((host.to_owned(), category.code())).or_default().push(at);
        }
    }

    fn follow(&mut self, domain: &str, leaf: &Leaf, category: Category, sample: String) {
        if !identifies(category) || leaf.value.len() < IDENTIFIER_MIN {
            return;
        }
        let digest: [u8; 32] = Sha256::digest(leaf.value.trim().to_lowercase().as_bytes()).into();
        if self.identifiers.len() < IDENTIFIERS_MAX || self.identifiers.contains_key(&digest) {
            let fresh = || (category, sample, BTreeSet::new());
            self.identifiers.entry(digest).or_insert_with(fresh).2.insert(domain.to_owned());
        }
    }

    fn finish(mut self, sha256: String) -> TrafficReview {
        self.review.sha256 = sha256;
        let (agreed, known) = match (&self.options.consent, self.marked) {
            (Consent::At(at), _) => (Some(*at), "given"),
            (Consent::Marker(_), Some(at)) => (Some(at), "marker"),
            (Consent::Never, _) => (None, "never"),
            (Consent::Marker(_), None) | (Consent::Unknown, _) => (None, "unknown"),
        };
        self.review.consent_at = agreed.map(|at| at.to_string());
        self.review.consent_known = known;
        for ((host, code), moments) in &self.moments {
            let before = match agreed {
                Some(agreed) => moments.iter().filter(|at| **at < agreed).count(),
                None if known == "never" => moments.len(),
                None => 0,
            };
            let host = self.review.hosts.get_mut(host);
            if let Some(data) = host.and_then(|host| host.data.get_mut(*code)) {
                data.before_consent = before as u64;
            }
        }
        let several = |(category, sample, domains): (Category, String, BTreeSet<String>)| {
            (domains.len() > 1).then(|| SharedIdentifier {
                data: category.code().to_owned(),
                sample,
                domains,
            })
        };
        self.review.shared = self.identifiers.into_values().filter_map(several).collect();
        self.review.shared.sort_by(|a, b| (&a.data, &a.domains).cmp(&(&b.data, &b.domains)));
        self.review
    }
}

/// Scheme and host of an address, in small letters.
fn host_of(url: &str) -> Option<(String, String)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next()?,
        None => host.split(':').next()?,
    };
    (!host.is_empty())
        .then(|| (scheme.to_ascii_lowercase(), host.trim_end_matches('.').to_ascii_lowercase()))
}

fn personal(category: Category) -> bool {
    matches!(category.class(), Class::Personal | Class::Sensitive | Class::ImportantCandidate)
}

/// Kinds by which one person or device is told from others.
fn identifies(category: Category) -> bool {
    let code = category.code();
    ["device.", "contact.mobile", "contact.email", "id.", "account."]
        .iter()
        .any(|start| code.starts_with(start))
        && !matches!(category, Category::DeviceAppList | Category::DeviceClipboard)
}

/// Values that say that there is nothing.
const NOTHING: &[&str] =
    &["", "0", "-", "null", "none", "undefined", "unknown", "true", "false", "-1", "nan", "0.0"];

/// The kind that a field's name announces, where its value can be that.
fn named(key: &str, value: &str) -> Option<Category> {
    let category = column::named(key).filter(|category| personal(*category))?;
    let value = value.trim();
    if NOTHING.contains(&value.to_ascii_lowercase().as_str()) {
        return None;
    }
    let zeros = value.bytes().all(|byte| matches!(byte, b'0' | b'-' | b':'));
    let fits = match category {
        Category::PersonName => column::name_like(value),
        Category::LocationPrecise => value.contains(|c: char| c.is_ascii_digit()),
        _ => !zeros,
    };
    fits.then_some(category)
}

/// Pairs of latitude and longitude under one name.
fn positions(leaves: &[Leaf]) -> Vec<(&Leaf, Category, String)> {
    let mut groups: BTreeMap<(&str, &str), Vec<&Leaf>> = BTreeMap::new();
    for leaf in leaves {
        let (within, _) = leaf.name.rsplit_once('.').unwrap_or(("", &leaf.name));
        groups.entry((leaf.part, within)).or_default().push(leaf);
    }
    let mut found = Vec::new();
    for group in groups.values() {
        let of = |leaf: &Leaf| leaf.name.rsplit('.').next().unwrap_or_default().to_owned();
        let names: Vec<String> = group.iter().map(|leaf| of(leaf)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for joint in column::joint(&names) {
            let first = joint.columns.first();
            let leaf = group.iter().find(|leaf| Some(&of(leaf)) == first);
            let number =
                |leaf: &&&Leaf| leaf.value.trim().parse::<f64>().is_ok_and(|value| value != 0.0);
            if let Some(leaf) = leaf.filter(number) {
                found.push((*leaf, Category::LocationPrecise, shape(&leaf.value)));
            }
        }
    }
    found
}

/// The shape of a value: digits as `9`, letters as `a`, all else of a script as `汉`.
fn shape(value: &str) -> String {
    let letter = |c: char| match c {
        '0'..='9' => '9',
        'a'..='z' => 'a',
        'A'..='Z' => 'A',
        c if c.is_alphanumeric() => '汉',
        c => c,
    };
    value.chars().take(64).map(letter).collect()
}
