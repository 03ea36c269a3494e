//! Who calls what: the table of interfaces against the code, with the party that each call stands in.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    Use,
    dex::{Dex, Visit, Walked},
    tables,
};
use crate::By;

/// Callers that are named for each use.
const CALLERS_MAX: usize = 8;
/// Classes above a class.
const PARENTS_MAX: usize = 32;

/// Member of the table: class and name, as in bytecode.
type Member = (Box<[u8]>, Box<[u8]>);

/// The tables of interfaces, ready for looking up.
pub(crate) struct Watch {
    calls: HashMap<Member, Vec<usize>>,
    call_names: HashSet<Box<[u8]>>,
    fields: HashMap<Member, Vec<usize>>,
    strings: HashMap<Box<[u8]>, Vec<usize>>,
}

impl Watch {
    pub(crate) fn new() -> Self {
        let mut watch = Self {
            calls: HashMap::new(),
            call_names: HashSet::new(),
            fields: HashMap::new(),
            strings: HashMap::new(),
        };
        for (index, api) in tables::apis().iter().enumerate() {
            for (class, name) in api.calls.iter().filter_map(|call| member(call)) {
                watch.call_names.insert(name.clone());
                watch.calls.entry((class, name)).or_default().push(index);
            }
            for field in api.fields.iter().filter_map(|field| member(field)) {
                watch.fields.entry(field).or_default().push(index);
            }
            for string in &api.strings {
                watch.strings.entry(string.as_bytes().into()).or_default().push(index);
            }
        }
        watch
    }
}

fn member(text: &str) -> Option<Member> {
    let (class, name) = text.split_once("->")?;
    Some((class.as_bytes().into(), name.as_bytes().into()))
}

/// Classes of all files of code with the class that each extends.
#[derive(Default)]
pub(crate) struct Parents(HashMap<Box<[u8]>, Box<[u8]>>);

impl Parents {
    pub(crate) fn add(&mut self, dex: &Dex<'_>) {
        for (class, parent) in dex.classes() {
            if let Some(parent) = parent.filter(|parent| *parent != b"Ljava/lang/Object;") {
                self.0.entry(class.into()).or_insert_with(|| parent.into());
            }
        }
    }

    /// The class itself and what it extends, nearest first.
    fn line<'a>(&'a self, class: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        std::iter::successors(Some(class), |class| self.0.get(*class).map(AsRef::as_ref))
            .take(PARENTS_MAX)
    }
}

/// Gathers uses over all files of code of a package.
pub(crate) struct Gather<'w> {
    watch: &'w Watch,
    package: String,
    found: BTreeMap<(usize, By), (u64, Vec<String>)>,
}

impl<'w> Gather<'w> {
    pub(crate) fn new(watch: &'w Watch, package: &str) -> Self {
        Self { watch, package: package.to_owned(), found: BTreeMap::new() }
    }

    /// Walks a file of code.
    pub(crate) fn walk(&mut self, dex: &Dex<'_>, parents: &Parents) -> Walked {
        let rows = Rows::of(dex, self.watch, parents);
        let mut visitor = Visitor { dex, rows, gather: self, caller: 0 };
        dex.walk(&mut visitor)
    }

    fn add(&mut self, api: usize, dex: &Dex<'_>, caller: u32) {
        let Some((class, method)) = dex.method(caller) else { return };
        let class = dotted(class);
        let by = party(&class, &self.package);
        let (count, callers) = self.found.entry((api, by)).or_default();
        *count += 1;
        if callers.len() < CALLERS_MAX {
            let caller = format!("{class}.{}", String::from_utf8_lossy(method));
            if !callers.contains(&caller) {
                callers.push(caller);
            }
        }
    }

    /// What was found, by interface and party.
    pub(crate) fn uses(self) -> Vec<Use> {
        let row = |((api, by), (count, callers))| {
            Some(Use { api: tables::apis().get::<usize>(api)?, by, count, callers })
        };
        self.found.into_iter().filter_map(row).collect()
    }
}

/// Rows of a file's tables that are watched.
struct Rows {
    calls: HashMap<u32, Vec<usize>>,
    fields: HashMap<u32, Vec<usize>>,
    strings: HashMap<u32, Vec<usize>>,
}

impl Rows {
    fn of(dex: &Dex<'_>, watch: &Watch, parents: &Parents) -> Self {
        let call = |row: u32| {
            let (class, name) = dex.method(row)?;
            if !watch.call_names.contains(name) {
                return None;
            }
            parents.line(class).find_map(|class| watch.calls.get(&(class.into(), name.into())))
        };
        let field = |row: u32| {
            let (class, name) = dex.field(row)?;
            watch.fields.get(&(class.into(), name.into()))
        };
        let string = |row: u32| watch.strings.get(dex.string(row)?);
        Self {
            calls: rows(dex.method_count(), call),
            fields: rows(dex.field_count(), field),
            strings: rows(dex.string_count(), string),
        }
    }
}

fn rows<'w>(
    count: u32,
    watched: impl Fn(u32) -> Option<&'w Vec<usize>>,
) -> HashMap<u32, Vec<usize>> {
    (0..count).filter_map(|row| Some((row, watched(row)?.clone()))).collect()
}

struct Visitor<'v, 'w, 'd> {
    dex: &'v Dex<'d>,
    rows: Rows,
    gather: &'v mut Gather<'w>,
    caller: u32,
}

impl Visit for Visitor<'_, '_, '_> {
    fn enter(&mut self, method: u32) {
        self.caller = method;
    }

    fn call(&mut self, method: u32) {
        for api in self.rows.calls.get(&method).into_iter().flatten() {
            self.gather.add(*api, self.dex, self.caller);
        }
    }

    fn field(&mut self, field: u32) {
        for api in self.rows.fields.get(&field).into_iter().flatten() {
            self.gather.add(*api, self.dex, self.caller);
        }
    }

    fn string(&mut self, string: u32) {
        for api in self.rows.strings.get(&string).into_iter().flatten() {
            self.gather.add(*api, self.dex, self.caller);
        }
    }
}

/// `Lcom/example/Main;` as `com.example.Main`.
pub(crate) fn dotted(descriptor: &[u8]) -> String {
    let inner = descriptor.strip_prefix(b"L").unwrap_or(descriptor);
    let inner = inner.strip_suffix(b";").unwrap_or(inner);
    String::from_utf8_lossy(inner).replace('/', ".")
}

/// Packages of the language and the system's own libraries: whoever calls through them is not told by them.
const LIBRARIES: &[&str] =
    &["androidx.", "android.support.", "kotlin.", "kotlinx.", "java.", "javax."];

/// Whose code a class is.
pub(crate) fn party(class: &str, package: &str) -> By {
    if let Some((sdk, _)) = tables::sdk_of_class(class) {
        return By::Sdk(sdk.id.clone());
    }
    if owns(package, class) {
        return By::App;
    }
    if let Some(library) = LIBRARIES.iter().find(|library| class.starts_with(**library)) {
        return By::Other(library.trim_end_matches('.').to_owned());
    }
    let parts: Vec<&str> = class.split('.').collect();
    match parts.as_slice() {
        // Shrinkers rename packages to one or two letters, or take them away.
        [_] => By::Unknown,
        [first, ..] if first.len() <= 2 && parts.len() <= 3 => By::Unknown,
        [first, second, third, _, ..] => By::Other(format!("{first}.{second}.{third}")),
        [first, second, ..] if parts.len() == 3 => By::Other(format!("{first}.{second}")),
        [first, ..] => By::Other((*first).to_owned()),
        [] => By::Unknown,
    }
}

/// The app's own code: under its package, or under the first two parts of it.
fn owns(package: &str, class: &str) -> bool {
    let mut ends = package.match_indices('.').map(|(at, _)| at);
    let base = match (ends.next(), ends.next()) {
        (Some(_), Some(second)) => package.get(..second).unwrap_or(package),
        _ => package,
    };
    !base.is_empty() && class.strip_prefix(base).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_told_apart_by_whose_they_are() {
        let of = |class| party(class, "com.example.rider");
        assert_eq!(of("com.example.rider.Main"), By::App);
        assert_eq!(of("com.example.core.Net"), By::App);
        assert_eq!(of("com.exampled.core.Net"), By::Other("com.exampled.core".into()));
        assert_eq!(of("com.umeng.analytics.Agent"), By::Sdk("umeng".into()));
        assert_eq!(of("androidx.core.View"), By::Other("androidx".into()));
        assert_eq!(of("a.b"), By::Unknown);
        assert_eq!(of("a"), By::Unknown);
        assert_eq!(of("okhttp3.Call"), By::Other("okhttp3".into()));
        assert_eq!(party("org.acme.Main", "org.acme"), By::App);
    }
}
