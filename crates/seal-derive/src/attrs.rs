//! Reading `#[personal(…)]`, `#[record(…)]` and the few `#[serde(…)]` keys that the derives honour.

use crate::retention::{self, Retention};
use proc_macro2::Span;
use syn::{
    Attribute, Error, Ident, LitInt, LitStr, Path, Result, Token, meta::ParseNestedMeta,
    parenthesized, punctuated::Punctuated, spanned::Spanned,
};

const BASES: [&str; 7] = [
    "contract",
    "consent",
    "separate_consent",
    "legal_obligation",
    "emergency",
    "public_interest",
    "legitimate_interest",
];

/// `#[personal(class = …, purposes(…), keep = "…", basis = "…", leaves = "…")]`.
pub struct PersonalAttr {
    pub class: Ident,
    pub purposes: Vec<Path>,
    pub keep: Retention,
    pub basis: &'static str,
    pub leaves: Option<LitStr>,
}

impl PersonalAttr {
    pub fn of(attrs: &[Attribute]) -> Result<Option<Self>> {
        let mut found = attrs.iter().filter(|a| a.path().is_ident("personal"));
        let Some(attr) = found.next() else {
            return Ok(None);
        };
        if let Some(second) = found.next() {
            return Err(Error::new_spanned(second, "`#[personal]` is given twice"));
        }
        Self::parse(attr).map(Some)
    }

    fn parse(attr: &Attribute) -> Result<Self> {
        let (mut class, mut purposes, mut keep) = (None, Vec::new(), None);
        let (mut basis, mut leaves) = ("contract", None);
        attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("class") {
                class = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("purposes") {
                purposes = purpose_list(&meta)?;
            } else if meta.path.is_ident("keep") {
                keep = Some(retention::parse(&meta.value()?.parse()?)?);
            } else if meta.path.is_ident("basis") {
                basis = known_basis(&meta.value()?.parse()?)?;
            } else if meta.path.is_ident("leaves") {
                leaves = Some(meta.value()?.parse()?);
            } else {
                return Err(meta.error("known keys: class, purposes, keep, basis, leaves"));
            }
            Ok(())
        })?;
        let span = attr.span();
        let class = class.ok_or_else(|| Error::new(span, "`class = …` is missing"))?;
        if purposes.is_empty() {
            return Err(Error::new(
                span,
                "`purposes(…)` is missing: data without a purpose may not be held",
            ));
        }
        let keep = keep.ok_or_else(|| retention::missing(span))?;
        Ok(Self { class, purposes, keep, basis, leaves })
    }
}

fn purpose_list(meta: &ParseNestedMeta<'_>) -> Result<Vec<Path>> {
    let content;
    parenthesized!(content in meta.input);
    let paths = Punctuated::<Path, Token![,]>::parse_terminated(&content)?;
    let mut seen = Vec::new();
    for path in paths {
        if seen.contains(&path) {
            return Err(Error::new_spanned(path, "this purpose is listed twice"));
        }
        seen.push(path);
    }
    Ok(seen)
}

fn known_basis(text: &LitStr) -> Result<&'static str> {
    let given = text.value();
    BASES.into_iter().find(|known| *known == given).ok_or_else(|| {
        Error::new(text.span(), format!("unknown basis `{given}`; known are {}", BASES.join(", ")))
    })
}

/// `#[record(kind = "load", schema = 1, retired("old_name"))]` on a struct.
#[derive(Default)]
pub struct RecordAttr {
    pub kind: Option<LitStr>,
    pub schema: Option<u16>,
    pub retired: Vec<LitStr>,
}

impl RecordAttr {
    pub fn of(attrs: &[Attribute]) -> Result<Self> {
        let mut out = Self::default();
        for attr in attrs.iter().filter(|a| a.path().is_ident("record")) {
            attr.parse_nested_meta(|meta| out.key(&meta))?;
        }
        if let Some(kind) = &out.kind {
            check_kind(kind)?;
        }
        Ok(out)
    }

    fn key(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        if meta.path.is_ident("kind") {
            self.kind = Some(meta.value()?.parse()?);
        } else if meta.path.is_ident("schema") {
            self.schema = Some(meta.value()?.parse::<LitInt>()?.base10_parse()?);
        } else if meta.path.is_ident("retired") {
            let content;
            parenthesized!(content in meta.input);
            self.retired.extend(Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?);
        } else {
            return Err(meta.error("known keys: kind, schema, retired"));
        }
        Ok(())
    }
}

/// Kinds become key labels and file names: lower-case letters, digits and `_`.
fn check_kind(kind: &LitStr) -> Result<()> {
    let text = kind.value();
    let fine = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    match fine && text.starts_with(|c: char| c.is_ascii_lowercase()) {
        true => Ok(()),
        false => Err(Error::new(kind.span(), "a kind is lower-case letters, digits and `_`")),
    }
}

/// What of serde's field attributes the derives honour.
#[derive(Default)]
pub struct SerdeAttr {
    pub rename: Option<String>,
    pub skip: bool,
    pub skip_if: Option<Path>,
    pub default: Option<Default_>,
}

/// `#[serde(default)]` or `#[serde(default = "path")]`.
pub enum Default_ {
    Trait,
    Path(Path),
}

impl SerdeAttr {
    pub fn of(attrs: &[Attribute]) -> Result<Self> {
        let mut out = Self::default();
        for attr in attrs.iter().filter(|a| a.path().is_ident("serde")) {
            attr.parse_nested_meta(|meta| out.key(&meta))?;
        }
        Ok(out)
    }

    fn key(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let path = &meta.path;
        if path.is_ident("rename") {
            self.rename = Some(meta.value()?.parse::<LitStr>()?.value());
        } else if path.is_ident("skip") || path.is_ident("skip_serializing") {
            self.skip = true;
        } else if path.is_ident("skip_serializing_if") {
            self.skip_if = Some(meta.value()?.parse::<LitStr>()?.parse()?);
        } else if path.is_ident("default") {
            self.default = Some(match meta.input.peek(Token![=]) {
                true => Default_::Path(meta.value()?.parse::<LitStr>()?.parse()?),
                false => Default_::Trait,
            });
        } else {
            let known =
                "of serde's keys the derive honours rename, skip, skip_serializing_if, default";
            return Err(meta.error(known));
        }
        Ok(())
    }
}

/// Struct-level serde attributes change names in ways the derives do not follow: refuse all but
/// those that concern reading only.
pub fn refuse_struct_serde(attrs: &[Attribute], derive: &str) -> Result<()> {
    for attr in attrs.iter().filter(|a| a.path().is_ident("serde")) {
        attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("deny_unknown_fields") || meta.path.is_ident("crate") {
                if meta.input.peek(Token![=]) {
                    meta.value()?.parse::<LitStr>()?;
                }
                return Ok(());
            }
            Err(meta.error(format!(
                "`{derive}` names fields as they are written: rename a field by itself"
            )))
        })?;
    }
    Ok(())
}

/// Where an attribute is missing altogether.
pub fn call_site(message: &str) -> Error {
    Error::new(Span::call_site(), message)
}
