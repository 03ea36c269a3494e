//! The grammar of `keep = "…"`: `ANCHOR`, or `ANCHOR + N UNIT…` as in `trip + 30d`, `order + 1y 6m`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Error, LitStr, Result};

const ANCHORS: [&str; 8] =
    ["account", "trip", "order", "record", "consent", "session", "dispute", "listing"];

/// Keep for a fixed time after an anchor.
#[derive(Debug, PartialEq, Eq)]
pub struct Retention {
    anchor: &'static str,
    years: u16,
    months: u16,
    days: u16,
}

impl Retention {
    pub fn tokens(&self) -> TokenStream {
        let Self { anchor, years, months, days } = self;
        let anchor = format_ident!("{}", crate::shape::pascal(anchor));
        quote! { ::sarai_seal::Retention {
            from: ::sarai_seal::Anchor::#anchor, years: #years, months: #months, days: #days,
        } }
    }
}

pub fn parse(text: &LitStr) -> Result<Retention> {
    read(&text.value()).map_err(|message| Error::new(text.span(), message))
}

fn read(text: &str) -> std::result::Result<Retention, String> {
    let (anchor, span) = match text.split_once('+') {
        None => (text.trim(), None),
        Some((anchor, span)) => (anchor.trim(), Some(span.trim())),
    };
    let anchor = ANCHORS.into_iter().find(|known| *known == anchor).ok_or_else(|| {
        format!("`keep`: unknown anchor `{anchor}`; known are {}", ANCHORS.join(", "))
    })?;
    let mut retention = Retention { anchor, years: 0, months: 0, days: 0 };
    if let Some(span) = span {
        read_span(span, &mut retention)?;
    }
    Ok(retention)
}

fn read_span(span: &str, into: &mut Retention) -> std::result::Result<(), String> {
    if span.is_empty() {
        return Err("`keep`: nothing after `+`; write e.g. `trip + 30d`".to_owned());
    }
    for part in span.split_whitespace() {
        let unit = part.chars().last().unwrap_or_default();
        let count = part.strip_suffix(unit).unwrap_or_default();
        let count: u16 = count
            .parse()
            .ok()
            .filter(|n| *n > 0)
            .ok_or_else(|| format!("`keep`: `{part}` is not a count and a unit (d, m, y)"))?;
        let slot = match unit {
            'd' => &mut into.days,
            'm' => &mut into.months,
            'y' => &mut into.years,
            _ => {
                return Err(format!("`keep`: unknown unit in `{part}`; units are d, m, y"));
            }
        };
        if *slot != 0 {
            return Err(format!("`keep`: unit `{unit}` is given twice"));
        }
        *slot = count;
    }
    Ok(())
}

/// An error at the attribute, for a field that says nothing about retention.
pub fn missing(span: Span) -> Error {
    Error::new(span, "`keep = \"…\"` is missing: say how long, e.g. `keep = \"trip + 30d\"`")
}

#[cfg(test)]
mod tests {
    use super::{Retention, read};

    #[test]
    fn anchors_and_spans_are_read() {
        let all = read("order + 1y 6m 3d");
        assert_eq!(all, Ok(Retention { anchor: "order", years: 1, months: 6, days: 3 }));
        let bare = read(" account ");
        assert_eq!(bare, Ok(Retention { anchor: "account", years: 0, months: 0, days: 0 }));
    }

    #[test]
    fn nonsense_is_refused() {
        let bad = [
            "",
            "soon",
            "trip 30d",
            "trip +",
            "trip + 30",
            "trip + d",
            "trip + 30w",
            "trip + 1d 2d",
            "trip + 0d",
            "trip + -3d",
            "trip + 99999d",
            "Trip + 3d",
            "trip + 3é",
        ];
        for text in bad {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
