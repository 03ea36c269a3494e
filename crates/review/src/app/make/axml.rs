//! Writing of binary XML.

use std::collections::BTreeMap;

/// Attributes of the system, with their numbers (`android.R.attr`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attribute {
    /// `android:label`
    Label,
    /// `android:name`
    Name,
    /// `android:permission`
    Permission,
    /// `android:debuggable`
    Debuggable,
    /// `android:exported`
    Exported,
    /// `android:value`
    Value,
    /// `android:minSdkVersion`
    MinSdk,
    /// `android:versionCode`
    VersionCode,
    /// `android:versionName`
    VersionName,
    /// `android:targetSdkVersion`
    TargetSdk,
    /// `android:allowBackup`
    AllowBackup,
    /// `android:usesCleartextTraffic`
    Cleartext,
}

impl Attribute {
    const fn row(self) -> (u32, &'static str) {
        match self {
            Self::Label => (0x0101_0001, "label"),
            Self::Name => (0x0101_0003, "name"),
            Self::Permission => (0x0101_0006, "permission"),
            Self::Debuggable => (0x0101_000f, "debuggable"),
            Self::Exported => (0x0101_0010, "exported"),
            Self::Value => (0x0101_0024, "value"),
            Self::MinSdk => (0x0101_020c, "minSdkVersion"),
            Self::VersionCode => (0x0101_021b, "versionCode"),
            Self::VersionName => (0x0101_021c, "versionName"),
            Self::TargetSdk => (0x0101_0270, "targetSdkVersion"),
            Self::AllowBackup => (0x0101_0280, "allowBackup"),
            Self::Cleartext => (0x0101_04ec, "usesCleartextTraffic"),
        }
    }
}

/// A value.
#[derive(Debug, Clone)]
pub enum Typed {
    /// Text.
    Text(String),
    /// A number.
    Number(u32),
    /// Yes or no.
    Bool(bool),
}

impl From<&str> for Typed {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u32> for Typed {
    fn from(number: u32) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Typed {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

/// An element to be written.
#[derive(Debug, Clone)]
pub struct Node {
    name: String,
    attributes: Vec<(Attribute, Typed)>,
    plain: Vec<(String, String)>,
    children: Vec<Node>,
}

impl Node {
    /// An element.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            attributes: Vec::new(),
            plain: Vec::new(),
            children: Vec::new(),
        }
    }

    /// With an attribute of the system.
    pub fn with(mut self, attribute: Attribute, value: impl Into<Typed>) -> Self {
        self.attributes.push((attribute, value.into()));
        self
    }

    /// With an attribute without namespace.
    pub fn plain(mut self, name: &str, value: &str) -> Self {
        self.plain.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a child.
    pub fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }
}

const NAMESPACE: &str = "http://schemas.android.com/apk/res/android";

#[derive(Default)]
struct Strings {
    list: Vec<String>,
    known: BTreeMap<String, u32>,
}

impl Strings {
    fn add(&mut self, text: &str) -> u32 {
        if let Some(index) = self.known.get(text) {
            return *index;
        }
        let index = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(text.to_owned());
        self.known.insert(text.to_owned(), index);
        index
    }
}

/// A document in binary XML.
pub fn axml(root: &Node) -> Vec<u8> {
    let mut used = Vec::new();
    collect(root, &mut used);
    used.sort();
    used.dedup();
    // Names with numbers stand first: the table of numbers runs beside the first strings.
    let mut strings = Strings::default();
    for attribute in &used {
        strings.add(attribute.row().1);
    }
    let mut body = Vec::new();
    let prefix = strings.add("android");
    let uri = strings.add(NAMESPACE);
    words(&mut body, &[0x0010_0100, 24, 1, u32::MAX, prefix, uri]);
    element(root, &mut strings, &mut body);
    words(&mut body, &[0x0010_0101, 24, 1, u32::MAX, prefix, uri]);
    let pool = pool(&strings.list);
    let mut out = Vec::new();
    let numbers = len(used.len() * 4 + 8);
    words(&mut out, &[0x0008_0003, len(pool.len() + body.len() + 8) + numbers]);
    out.extend(pool);
    words(&mut out, &[0x0008_0180, numbers]);
    for attribute in used {
        words(&mut out, &[attribute.row().0]);
    }
    out.extend(body);
    out
}

fn collect(node: &Node, used: &mut Vec<Attribute>) {
    used.extend(node.attributes.iter().map(|(attribute, _)| *attribute));
    node.children.iter().for_each(|child| collect(child, used));
}

fn element(node: &Node, strings: &mut Strings, out: &mut Vec<u8>) {
    let name = strings.add(&node.name);
    let uri = strings.add(NAMESPACE);
    let count = node.attributes.len() + node.plain.len();
    words(out, &[0x0010_0102, len(36 + count * 20), 1, u32::MAX, u32::MAX, name, 0x0014_0014]);
    words(out, &[len(count), 0]);
    for (attribute, value) in &node.attributes {
        let key = strings.add(attribute.row().1);
        match value {
            Typed::Text(text) => {
                let text = strings.add(text);
                words(out, &[uri, key, text, 0x0300_0008, text]);
            }
            Typed::Number(number) => words(out, &[uri, key, u32::MAX, 0x1000_0008, *number]),
            Typed::Bool(yes) => {
                words(out, &[uri, key, u32::MAX, 0x1200_0008, if *yes { u32::MAX } else { 0 }])
            }
        }
    }
    for (key, value) in &node.plain {
        let (key, value) = (strings.add(key), strings.add(value));
        words(out, &[u32::MAX, key, value, 0x0300_0008, value]);
    }
    node.children.iter().for_each(|child| element(child, strings, out));
    words(out, &[0x0010_0103, 24, 1, u32::MAX, u32::MAX, name]);
}

fn pool(strings: &[String]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut offsets = Vec::new();
    for text in strings {
        offsets.push(len(data.len()));
        let units = u16::try_from(text.encode_utf16().count()).unwrap_or(0);
        data.extend(units.to_le_bytes());
        text.encode_utf16().for_each(|unit| data.extend(unit.to_le_bytes()));
        data.extend([0, 0]);
    }
    while data.len() % 4 != 0 {
        data.push(0);
    }
    let start = 28 + strings.len() * 4;
    let mut out = Vec::new();
    words(
        &mut out,
        &[0x001c_0001, len(start + data.len()), len(strings.len()), 0, 0, len(start), 0],
    );
    words(&mut out, &offsets);
    out.extend(data);
    out
}

fn words(out: &mut Vec<u8>, words: &[u32]) {
    words.iter().for_each(|word| out.extend(word.to_le_bytes()));
}

fn len(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
