//! What a column holds, from its name and a sample of its values.

use crate::{Category, Category as C, Confidence, Detector, Kind, Options, check, cue};

/// The most values of a sample that are looked at.
const SAMPLES_MAX: usize = 1_000;
/// The longest value that is looked at, in bytes.
const VALUE_BYTES_MAX: usize = 4_096;

/// The verdict on a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnVerdict {
    /// What it holds; nothing where it holds no data of interest.
    pub category: Option<Category>,
    /// The kind of most values that have one.
    pub kind: Option<Kind>,
    /// How sure.
    pub confidence: Confidence,
    /// Why, for a person: the name, the share of values.
    pub why: String,
    /// Values looked at that were not empty.
    pub values: usize,
    /// Values of them that are of the category.
    pub matches: usize,
    /// Categories found inside longer values, with how many values have them: free text.
    pub inside: Vec<(Category, usize)>,
}

/// Judges a column by its name and values.
pub fn verdict<'v>(name: &str, samples: impl Iterator<Item = &'v str>) -> ColumnVerdict {
    let named = named(name);
    let mut tally = Tally::default();
    let detector = Detector::new(Options::default().at_least(Confidence::Possible));
    for value in samples.take(SAMPLES_MAX) {
        let value = value.trim();
        if !value.is_empty() && value.len() <= VALUE_BYTES_MAX {
            tally.value(&detector, named, value);
        }
    }
    tally.verdict(name, named)
}

/// The category that a column's name announces, in English, Chinese or pinyin.
pub fn named(name: &str) -> Option<Category> {
    let name = name.trim();
    let category = if name.is_ascii() {
        cue::of_key(name.as_bytes()).map(|cue| cue.category)
    } else {
        han_named(name)
    };
    category.filter(|category| !matches!(category, C::NumberSerial))
}

/// The longest cue in a Chinese name, the last of them.
fn han_named(name: &str) -> Option<Category> {
    let chars: Vec<_> = name.char_indices().map(|(at, _)| at).chain([name.len()]).collect();
    let mut best = None;
    for (from, start) in chars.iter().enumerate() {
        for end in chars.iter().skip(from + 1) {
            let word = name.get(*start..*end).unwrap_or_default();
            if let Some(cue) = cue::of_word(word.as_bytes()).filter(|cue| !cue.prose_only)
                && best.is_none_or(|(length, _)| word.len() >= length)
            {
                best = Some((word.len(), cue.category));
            }
        }
    }
    best.map(|(_, category)| category)
}

/// Counts of a sample.
#[derive(Debug, Default)]
struct Tally {
    values: usize,
    /// Values that fit the category which the name announces.
    fitting: usize,
    /// Values that are as a whole of a kind, and of them how many surely.
    whole: Vec<(Kind, usize, usize)>,
    inside: Vec<(Category, usize)>,
}

impl Tally {
    fn value(&mut self, detector: &Detector, named: Option<Category>, value: &str) {
        self.values += 1;
        self.fitting += usize::from(named.is_some_and(|category| fits(category, value)));
        let hits = detector.scan(value.as_bytes());
        let mut seen = Vec::new();
        for hit in &hits {
            let category = hit.kind.category();
            // The kind is the value where it makes up nearly all of it.
            if (hit.end - hit.start) * 10 >= value.len() * 9 {
                let at = self.whole.iter().position(|(kind, ..)| *kind == hit.kind);
                let sure = usize::from(hit.confidence == Confidence::Sure);
                match at.and_then(|at| self.whole.get_mut(at)) {
                    Some((_, count, sures)) => (*count, *sures) = (*count + 1, *sures + sure),
                    None => self.whole.push((hit.kind, 1, sure)),
                }
            } else if hit.confidence >= Confidence::Likely && !seen.contains(&category) {
                seen.push(category);
                match self.inside.iter_mut().find(|(known, _)| *known == category) {
                    Some((_, count)) => *count += 1,
                    None => self.inside.push((category, 1)),
                }
            }
        }
    }

    fn verdict(mut self, name: &str, named: Option<Category>) -> ColumnVerdict {
        self.inside.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        self.whole.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
        let best = self.whole.first().copied();
        let share = |count: usize| count as f64 / self.values.max(1) as f64;
        let percent = |count: usize| (share(count) * 100.0).round();
        let (category, kind, confidence, why, matches) = match (named, best) {
            (Some(category), Some((kind, count, _)))
                if kind.category() == category || close(kind.category(), category) =>
            {
                let sure = if share(count) >= 0.5 { Confidence::Sure } else { Confidence::Likely };
                let why = format!(
                    "named {name}, {}% of {} values are {}",
                    percent(count),
                    self.values,
                    kind.code()
                );
                (Some(narrow(category, kind)), Some(kind), sure, why, count)
            }
            (_, Some((kind, count, sures)))
                if share(count) >= 0.5 && sures * 2 >= count && count > 1 =>
            {
                let why = format!(
                    "{}% of {} values are {}, whatever its name {name} says",
                    percent(count),
                    self.values,
                    kind.code()
                );
                (Some(kind.category()), Some(kind), Confidence::Sure, why, count)
            }
            (Some(category), _) if self.values == 0 => (
                Some(category),
                None,
                Confidence::Likely,
                format!("named {name}, no values seen"),
                0,
            ),
            (Some(category), _) if share(self.fitting) >= 0.5 => {
                let why = format!(
                    "named {name}, {}% of {} values have the form",
                    percent(self.fitting),
                    self.values
                );
                (Some(category), None, Confidence::Likely, why, self.fitting)
            }
            (Some(category), _) => {
                let why = format!(
                    "named {name}, but only {}% of {} values have the form",
                    percent(self.fitting),
                    self.values
                );
                (Some(category), None, Confidence::Possible, why, self.fitting)
            }
            (None, Some((kind, count, _)))
                if share(count) >= 0.1 && count > 1 && kind != Kind::Date =>
            {
                let why = format!(
                    "{}% of {} values look like {}",
                    percent(count),
                    self.values,
                    kind.code()
                );
                (Some(kind.category()), Some(kind), Confidence::Possible, why, count)
            }
            _ => {
                (None, None, Confidence::Possible, format!("nothing in {} values", self.values), 0)
            }
        };
        ColumnVerdict {
            category,
            kind,
            confidence,
            why,
            values: self.values,
            matches,
            inside: self.inside,
        }
    }
}

/// Categories that are one thing under two names.
fn close(found: Category, named: Category) -> bool {
    let family = |category: Category| category.code().split('.').next().unwrap_or_default();
    let phones = |category| {
        matches!(category, C::ContactMobile | C::ContactLandline | C::ContactPhone | C::OrgPhone)
    };
    let places = |category| {
        matches!(category, C::ContactAddress | C::AddressHome | C::AddressWork | C::LocationPlace)
    };
    phones(found) && phones(named)
        || places(found) && places(named)
        || family(found) == "id" && family(named) == "id"
        || found == C::TimeDate && named == C::PersonBirthDate
        || matches!(found, C::LocationPrecise) && matches!(named, C::LocationTrack)
        || found == C::PersonName && named == C::SocialKinship
}

/// The narrower of the name's category and the kind's.
fn narrow(named: Category, kind: Kind) -> Category {
    match named {
        C::AddressHome
        | C::AddressWork
        | C::PersonBirthDate
        | C::LocationTrack
        | C::SocialKinship => named,
        C::ContactAddress => named,
        _ => kind.category(),
    }
}

/// Whether a value has the form of a category that only a label can tell.
fn fits(category: Category, value: &str) -> bool {
    let number = || value.parse::<f64>().ok();
    let short = value.chars().count() <= 40;
    match category {
        C::PersonAge => value.parse::<u32>().is_ok_and(|age| (1..=120).contains(&age)),
        C::LocationPrecise => {
            number().is_some_and(|degrees| degrees.abs() <= 180.0 && value.contains('.'))
        }
        C::PersonBirthDate => date_like(value),
        C::PersonName => name_like(value),
        C::PersonGender => ["男", "女", "m", "f", "male", "female", "0", "1", "2"]
            .contains(&value.to_lowercase().as_str()),
        C::BiometricFace | C::BiometricVoice | C::BiometricFinger | C::BiometricGene => {
            value.len() >= 32
        }
        C::SecretPassword | C::SecretKey | C::SecretToken => {
            value.len() >= 6 && !value.contains(' ')
        }
        C::FinanceCvv => {
            matches!(value.len(), 3 | 4) && value.bytes().all(|byte| byte.is_ascii_digit())
        }
        C::AccountOpenid => value.len() == 28,
        C::FinanceAmount => number().is_some(),
        C::IdResident => {
            matches!(value.len(), 15 | 18)
                && value.bytes().take(15).all(|byte| byte.is_ascii_digit())
        }
        C::DeviceAppList => value.contains('.') || value.contains(','),
        C::DeviceClipboard
        | C::PhotoAlbum
        | C::HealthRecord
        | C::ContactList
        | C::ContactAddress
        | C::AddressHome
        | C::AddressWork => true,
        C::TimeDate | C::NetUrl | C::NetIp | C::ContactEmail => false,
        _ => short,
    }
}

fn date_like(value: &str) -> bool {
    let digits: Vec<u8> = value.bytes().filter(u8::is_ascii_digit).take(8).collect();
    let part = |from: usize, to: usize| digits.get(from..to).and_then(check::number).unwrap_or(0);
    digits.len() == 8 && check::real_date(part(0, 4), part(4, 6), part(6, 8))
}

/// Whether a whole value looks like a person's name: two to four Chinese characters that start with a surname, or two
/// to four capitalised Latin words.
pub fn name_like(value: &str) -> bool {
    use crate::{han, words};
    let chars: Vec<char> = value.chars().collect();
    let han = |char: &char| ('\u{4e00}'..='\u{9fff}').contains(char);
    if chars.iter().all(|char| han(char) || *char == '·') {
        let surname = [2, 1].into_iter().any(|length| {
            let head: String = chars.iter().take(length).collect();
            han::TABLES.word(head.as_bytes()) & han::is::SURNAME != 0 && chars.len() > length
        });
        return chars.contains(&'·') || (2..=4).contains(&chars.len()) && surname;
    }
    let parts: Vec<&str> = value.split(' ').collect();
    (1..=4).contains(&parts.len())
        && parts.iter().all(|part| {
            part.chars().next().is_some_and(char::is_uppercase)
                && !part.bytes().any(|byte| byte.is_ascii_digit())
        })
        && parts.iter().any(|part| {
            words::LATIN.get(part.as_bytes()) & (words::is::FIRST | words::is::LAST) != 0
        })
}

/// Columns of one table that together say more than each alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joint {
    /// Positions, or tracks where a person or device and a time stand beside them.
    pub category: Category,
    /// The columns' names: latitude, longitude, and what makes a track of them.
    pub columns: Vec<String>,
    /// Why, for a person.
    pub why: String,
}

/// Finds pairs of latitude and longitude among a table's columns, and whether they are tracks.
pub fn joint(names: &[&str]) -> Vec<Joint> {
    let plain = |name: &str| name.to_lowercase().replace(['_', '-', '.', ' '], "");
    let stem = |name: &str, endings: &[&str]| {
        let plain = plain(name);
        endings.iter().find_map(|ending| plain.strip_suffix(ending).map(str::to_owned))
    };
    let who = names.iter().find(|name| {
        let plain = plain(name);
        ["id", "no", "phone", "plate", "imei", "车牌号", "司机", "用户", "手机号"]
            .iter()
            .any(|ending| plain.ends_with(ending))
    });
    let when = names.iter().find(|name| {
        let plain = plain(name);
        ["time", "ts", "date", "at", "timestamp", "时间", "gpstime"]
            .iter()
            .any(|ending| plain.ends_with(ending))
            && !plain.ends_with("lat")
    });
    let mut found = Vec::new();
    for lat in names {
        let Some(stem_lat) = stem(lat, &["latitude", "lat", "weidu", "wd", "纬度"]) else {
            continue;
        };
        let lon = names.iter().find(|name| {
            stem(name, &["longitude", "lng", "lon", "long", "jingdu", "jd", "经度"]).as_deref()
                == Some(&stem_lat)
        });
        let Some(lon) = lon else { continue };
        let mut columns = vec![(*lat).to_owned(), (*lon).to_owned()];
        let (category, why) = match (who, when) {
            (Some(who), Some(when)) => {
                columns.extend([(*who).to_owned(), (*when).to_owned()]);
                (C::LocationTrack, format!("{lat} and {lon} with {who} and {when}: a track"))
            }
            _ => (C::LocationPrecise, format!("{lat} and {lon}: positions")),
        };
        found.push(Joint { category, columns, why });
    }
    found
}

#[cfg(test)]
mod tests;
