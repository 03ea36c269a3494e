//! Where packs come from: the binary itself, or a directory.

use std::{borrow::Cow, fs, io, path::Path};

use crate::Fault;

/// A file of a pack.
#[derive(Debug, Clone)]
pub struct PackFile {
    /// `house/order.cedar`.
    pub name: Cow<'static, str>,
    /// Its text.
    pub text: Cow<'static, str>,
}

/// A named set of rules.
#[derive(Debug, Clone)]
pub struct Pack {
    /// `house`, `cn` …
    pub name: Cow<'static, str>,
    /// Its files of rules, in order of name.
    pub files: Vec<PackFile>,
    /// Its numbers with their sources: `facts.toml`.
    pub figures: Option<PackFile>,
}

/// A schema and the packs that are read with it.
#[derive(Debug, Clone)]
pub struct Source {
    /// `schema.cedarschema`.
    pub schema: PackFile,
    /// What a review may observe: `observations.toml`.
    pub observations: PackFile,
    /// The packs.
    pub packs: Vec<Pack>,
}

macro_rules! embedded {
    ($name:literal) => {
        PackFile {
            name: Cow::Borrowed($name),
            text: Cow::Borrowed(include_str!(concat!("../../../laws/", $name))),
        }
    };
}

impl Source {
    /// The packs inside the binary.
    pub fn embedded() -> Self {
        let pack = |name, files, figures| Pack { name: Cow::Borrowed(name), files, figures };
        let house = vec![
            embedded!("house/order.cedar"),
            embedded!("house/person.cedar"),
            embedded!("house/staff.cedar"),
            embedded!("house/system.cedar"),
            embedded!("house/transfer.cedar"),
        ];
        let cn = vec![
            embedded!("cn/breach.cedar"),
            embedded!("cn/classify.cedar"),
            embedded!("cn/exempt.cedar"),
            embedded!("cn/gba.cedar"),
            embedded!("cn/home.cedar"),
            embedded!("cn/method.cedar"),
            embedded!("cn/necessary.cedar"),
            embedded!("cn/outbound.cedar"),
            embedded!("cn/owe.cedar"),
            embedded!("cn/review.cedar"),
            embedded!("cn/sector.cedar"),
            embedded!("cn/stand.cedar"),
        ];
        let eu = vec![
            embedded!("eu/breach.cedar"),
            embedded!("eu/exempt.cedar"),
            embedded!("eu/owe.cedar"),
            embedded!("eu/stand.cedar"),
            embedded!("eu/transfer.cedar"),
        ];
        let us = vec![
            embedded!("us/breach.cedar"),
            embedded!("us/dsp.cedar"),
            embedded!("us/exempt.cedar"),
            embedded!("us/owe.cedar"),
        ];
        Self {
            schema: embedded!("schema.cedarschema"),
            observations: embedded!("observations.toml"),
            packs: vec![
                pack("cn", cn, Some(embedded!("cn/facts.toml"))),
                pack("eu", eu, Some(embedded!("eu/facts.toml"))),
                pack("house", house, None),
                pack("us", us, Some(embedded!("us/facts.toml"))),
            ],
        }
    }

    /// The packs of a directory: `schema.cedarschema` and one folder for each pack. What may be observed is the binary's own where the
    /// directory says nothing.
    pub fn directory(dir: &Path) -> Result<Self, Fault> {
        let schema = read(dir, "schema.cedarschema")?;
        let own = dir.join("observations.toml").exists();
        let observations =
            if own { read(dir, "observations.toml")? } else { embedded!("observations.toml") };
        let mut packs = Vec::new();
        for name in names(dir, |path| path.is_dir())? {
            let wanted = |path: &Path| path.extension().is_some_and(|end| end == "cedar");
            let files = names(&dir.join(&name), wanted)?
                .into_iter()
                .map(|file| read(dir, &format!("{name}/{file}")))
                .collect::<Result<_, _>>()?;
            let figures = format!("{name}/facts.toml");
            let figures =
                if dir.join(&figures).exists() { Some(read(dir, &figures)?) } else { None };
            packs.push(Pack { name: Cow::Owned(name), files, figures });
        }
        Ok(Self { schema, observations, packs })
    }
}

fn read(dir: &Path, name: &str) -> Result<PackFile, Fault> {
    let text = fs::read_to_string(dir.join(name)).map_err(|error| unreadable(name, &error))?;
    Ok(PackFile { name: Cow::Owned(name.to_owned()), text: Cow::Owned(text) })
}

fn names(dir: &Path, wanted: impl Fn(&Path) -> bool) -> Result<Vec<String>, Fault> {
    let place = dir.display().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| unreadable(&place, &error))? {
        let path = entry.map_err(|error| unreadable(&place, &error))?.path();
        if wanted(&path)
            && let Some(name) = path.file_name()
        {
            found.push(name.to_string_lossy().into_owned());
        }
    }
    found.sort();
    Ok(found)
}

fn unreadable(file: &str, error: &io::Error) -> Fault {
    let reason = format!("cannot be read: {}", error.kind());
    Fault { file: file.to_owned(), line: 1, column: 1, rule: None, reason }
}
