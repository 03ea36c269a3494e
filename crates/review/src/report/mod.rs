//! A review written down: for a terminal, for programs (JSON, SARIF), for a director (HTML, PDF).
//!
//! Every form is made from the same [`Report`]; none holds a value of a person.

mod chart;
mod figure;
mod html;
mod json;
mod model;
mod pdf;
mod sarif;
mod scene;
mod term;
mod words;

pub use figure::number;
pub use html::{Languages, html};
pub use json::{SCHEMA, json};
pub use model::{ClassLine, Figures, FlowLine, Head, Report, RuleSpan, SourceKind, SourceLine};
pub use pdf::{Fonts, PdfError, pdf};
pub use sarif::sarif;
pub use term::{Paint, text};
pub use words::country;
