//! The report on paper: A4, Chinese and Latin from one face, only the characters used are embedded.

mod face;
mod flow;
mod part;

pub use face::{Fonts, PdfError};

use krilla::{
    Document,
    metadata::{DateTime, Metadata},
};

use self::flow::Flow;
use super::{Report, words};
use crate::Lang;

/// A report as PDF.
///
/// # Errors
/// [`PdfError::Write`] where the writer refuses; fonts were checked before.
pub fn pdf(report: &Report, lang: Lang, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let mut document = Document::new();
    let name = report.head.name.of(lang);
    document.set_metadata(
        Metadata::new()
            .title(format!("{name} · {}", words::REVIEW.of(lang)))
            .language(lang.tag().to_owned())
            .creator("sarai review".to_owned())
            .creation_date(moment(report)),
    );
    let mut flow = Flow::new(fonts, format!("{name} · {}", words::REVIEW.of(lang)));
    part::write(&mut flow, report, lang);
    let (pages, outline) = flow.finish();
    let total = pages.len();
    for (index, page) in pages.into_iter().enumerate() {
        page.draw(&mut document, fonts, index, total)?;
    }
    document.set_outline(outline);
    document.finish().map_err(|_| PdfError::Write)
}

fn moment(report: &Report) -> DateTime {
    let at = jiff::tz::Offset::UTC.to_datetime(report.head.made);
    let two = |n: i8| u8::try_from(n).unwrap_or(0);
    DateTime::new(u16::try_from(at.year()).unwrap_or(1970))
        .month(two(at.month()))
        .day(two(at.day()))
        .hour(two(at.hour()))
        .minute(two(at.minute()))
        .second(two(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
