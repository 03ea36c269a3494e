//! What a column holds, batch by batch.

use std::collections::BTreeMap;

use sarai_detect::{Category, Class, Confidence, Detector, Hit, Kind, column, mask_sample};

use super::{
    distinct::{Counter, hash_of},
    moment::{self, Moments},
    protect::Shapes,
};
use crate::scan::{Column, Found, Protection};

/// Values that the detector judges at once.
pub(super) const VERDICT_VALUES_MAX: usize = 1_000;
/// The longest value that a verdict looks at, in bytes; longer ones are read as text.
const VERDICT_BYTES_MAX: usize = 4_096;

/// Of no person, and in every table.
const QUIET: &[Category] = &[
    Category::TimeDate,
    Category::NetUrl,
    Category::LocationPlace,
    Category::OrgPhone,
    Category::NumberSerial,
];

/// The values of a column in a batch of rows.
#[derive(Debug, Default)]
pub(super) struct Batch {
    data: String,
    /// Row in the batch, end in `data`.
    cells: Vec<(u32, usize)>,
}

impl Batch {
    pub(super) fn push(&mut self, row: u32, value: &str) {
        self.data.push_str(value);
        self.cells.push((row, self.data.len()));
    }

    /// Row and value of each cell.
    pub(super) fn values(&self) -> impl Iterator<Item = (u32, &str)> {
        let starts = std::iter::once(0).chain(self.cells.iter().map(|(_, end)| *end));
        self.cells
            .iter()
            .zip(starts)
            .map(|((row, end), start)| (*row, self.data.get(start..*end).unwrap_or_default()))
    }

    pub(super) fn clear(&mut self) {
        self.data.clear();
        self.cells.clear();
    }
}

/// What speaks for one category of a column.
#[derive(Debug, Clone)]
struct Sight {
    kind: Option<Kind>,
    count: u64,
    confidence: Confidence,
    why: String,
    row: u64,
    sample: Option<String>,
}

/// A column so far.
#[derive(Debug, Default)]
pub(super) struct ColumnTally {
    /// Name or path as it is shown.
    pub(super) name: String,
    /// What the detector and the heuristics are told: the last part of a path.
    pub(super) short: String,
    pub(super) batch: Batch,
    pub(super) values: u64,
    /// Different values.
    pub(super) distinct: Counter,
    whole: BTreeMap<Category, Sight>,
    inside: BTreeMap<Category, Sight>,
    /// Persons in whose rows a value stands.
    persons: Counter,
    shapes: Shapes,
    moments: Option<Moments>,
}

impl ColumnTally {
    pub(super) fn new(name: &str) -> Self {
        let short = name.rsplit(['.', '→']).next().unwrap_or(name).trim().replace("[*]", "");
        let short = if short.is_empty() { name.to_owned() } else { short };
        let is_birth = column::named(&short) == Some(Category::PersonBirthDate);
        Self {
            name: name.to_owned(),
            short,
            moments: (!is_birth).then(Moments::default),
            ..Self::default()
        }
    }

    /// The category that most speaks for, if any.
    pub(super) fn category(&self) -> Option<Category> {
        self.best().map(|(category, _)| category)
    }

    fn best(&self) -> Option<(Category, &Sight)> {
        self.whole
            .iter()
            .filter(|(_, sight)| sight.count > 0)
            .max_by_key(|(_, sight)| (sight.confidence, sight.count))
            .map(|(category, sight)| (*category, sight))
    }

    /// Judges the batch: what it holds, how many different. `first_row` is the number of its first row, from 1.
    pub(super) fn judge(&mut self, detector: &Detector, first_row: u64) {
        let epoch = moment::named(&self.short);
        let batch = std::mem::take(&mut self.batch);
        for (_, value) in batch.values() {
            self.values += 1;
            self.distinct.add(hash_of(value));
            self.shapes.value(value);
            if let Some(moments) = &mut self.moments {
                moments.value(value, epoch);
            }
        }
        if self.moments.as_ref().is_some_and(|moments| self.values > 1_000 && !moments.holds()) {
            self.moments = None;
        }
        let cells: Vec<_> = batch.values().collect();
        for part in cells.chunks(VERDICT_VALUES_MAX) {
            self.verdict(detector, part, first_row);
        }
        for (row, value) in cells.iter().filter(|(_, value)| value.len() > VERDICT_BYTES_MAX) {
            self.long(detector, value, first_row + u64::from(*row));
        }
        self.batch = batch;
    }

    fn verdict(&mut self, detector: &Detector, cells: &[(u32, &str)], first_row: u64) {
        let verdict = column::verdict(&self.short, cells.iter().map(|(_, value)| *value));
        let place = |hit: Option<&(u32, &str)>| {
            hit.map_or(first_row, |(row, _)| first_row + u64::from(*row))
        };
        if let Some(category) = verdict.category.filter(|_| verdict.matches > 0) {
            let count = verdict.matches as u64;
            let sight = self.whole.entry(category).or_insert_with(|| {
                let shown = shown(detector, cells, category)
                    .or_else(|| cells.first().map(|cell| (cell, whole_shape(cell.1))));
                Sight {
                    kind: verdict.kind,
                    count: 0,
                    confidence: verdict.confidence,
                    why: verdict.why.clone(),
                    row: place(shown.as_ref().map(|(cell, _)| *cell)),
                    sample: shown.map(|(_, sample)| sample),
                }
            });
            sight.count += count;
            if verdict.confidence > sight.confidence {
                (sight.confidence, sight.why) = (verdict.confidence, verdict.why);
            }
        }
        for (category, count) in verdict.inside {
            let sight = self.inside.entry(category).or_insert_with(|| {
                let shown = shown(detector, cells, category);
                Sight {
                    kind: None,
                    count: 0,
                    confidence: Confidence::Likely,
                    why: "inside longer values".to_owned(),
                    row: place(shown.as_ref().map(|(cell, _)| *cell)),
                    sample: shown.map(|(_, sample)| sample),
                }
            });
            sight.count += count as u64;
        }
    }

    /// A value that is longer than what a verdict looks at.
    fn long(&mut self, detector: &Detector, value: &str, row: u64) {
        let mut seen = Vec::new();
        detector.for_each(value.as_bytes(), |hit| {
            let category = hit.kind.category();
            if seen.contains(&category) {
                return;
            }
            seen.push(category);
            let sight = self.inside.entry(category).or_insert_with(|| Sight {
                kind: None,
                count: 0,
                confidence: hit.confidence,
                why: "inside longer values".to_owned(),
                row,
                sample: Some(mask_sample(value.as_bytes(), &hit)),
            });
            sight.count += 1;
        });
    }

    /// Takes in the oldest and newest moment of the whole column.
    pub(super) fn range(&mut self, oldest: &str, newest: &str) {
        if let Some(moments) = &mut self.moments {
            moments.value(oldest, true);
            moments.value(newest, true);
        }
    }

    /// Counts the persons in whose rows the batch has a value.
    pub(super) fn count_persons(&mut self, key_of_row: &[Option<u64>]) {
        if self.whole.is_empty() && self.inside.is_empty() {
            return;
        }
        for (row, _) in self.batch.values() {
            if let Some(Some(key)) = key_of_row.get(row as usize) {
                self.persons.add(*key);
            }
        }
    }

    /// The column as it is reported.
    pub(super) fn column(&self) -> Column {
        let range = self.moments.as_ref().and_then(Moments::range);
        let (oldest, newest) = range.map_or((None, None), |(old, new)| (Some(old), Some(new)));
        Column {
            name: self.name.clone(),
            named: column::named(&self.short),
            values: self.values,
            distinct: self.distinct.distinct(),
            protection: self.shapes.protection(),
            oldest,
            newest,
        }
    }

    /// What was found in it, at least this sure.
    pub(super) fn found(&self, day: &str, confidence_min: Confidence, keyed: bool) -> Vec<Found> {
        let best = self.best();
        let whole = best.into_iter().map(|found| (true, found));
        let inside = self
            .inside
            .iter()
            .filter(|(category, _)| best.is_none_or(|(best, _)| best != **category))
            .map(|(category, sight)| (false, (*category, sight)));
        let protection = self.shapes.protection();
        whole
            .chain(inside)
            .filter(|(_, (category, sight))| {
                !QUIET.contains(category) && sight.confidence >= confidence_min
            })
            .map(|(whole, (category, sight))| Found {
                category,
                kind: sight.kind,
                class: category.class_on(day),
                column: Some(self.name.clone()),
                whole,
                first: format!("row {}", sight.row),
                count: sight.count,
                distinct: self.distinct.distinct(),
                persons: keyed.then(|| self.persons.distinct()),
                confidence: sight.confidence.percent(),
                protection: if whole { protection } else { Protection::Plain },
                sample: sight.sample.clone(),
                why: sight.why.clone(),
            })
            .collect()
    }
}

/// The first cell with a hit of a category, and the shape of the hit.
fn shown<'c, 'v>(
    detector: &Detector,
    cells: &'c [(u32, &'v str)],
    category: Category,
) -> Option<(&'c (u32, &'v str), String)> {
    cells.iter().find_map(|cell| {
        let text = cell.1.as_bytes();
        let hit = detector.scan(text).into_iter().find(|hit| hit.kind.category() == category)?;
        Some((cell, mask_sample(text, &hit)))
    })
}

/// The shape of a whole value.
fn whole_shape(value: &str) -> String {
    let all =
        Hit { start: 0, end: value.len(), kind: Kind::Secret, confidence: Confidence::Likely };
    mask_sample(value.as_bytes(), &all)
}

/// The order in which findings are shown: the most guarded class first, then the most.
pub(super) fn by_weight(a: &Found, b: &Found) -> std::cmp::Ordering {
    let rank = |class: Class| match class {
        Class::Sensitive => 0,
        Class::Credential => 1,
        Class::ImportantCandidate => 2,
        Class::Personal => 3,
        Class::Organisation => 4,
        Class::General => 5,
    };
    rank(a.class)
        .cmp(&rank(b.class))
        .then(b.count.cmp(&a.count))
        .then(a.category.code().cmp(b.category.code()))
        .then(a.column.cmp(&b.column))
}
