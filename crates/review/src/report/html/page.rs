//! The frame of the page.

use std::fmt::Write;

use super::{
    escape::escaped,
    finding::finding,
    part::{cover, figures, first, sources},
};
use crate::{
    Lang, Text2,
    report::{Report, words},
};

/// In which languages a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Languages {
    /// Both, with a switch; the named one shows first.
    Both(Lang),
    /// One.
    One(Lang),
}

impl Languages {
    /// Which shows first.
    pub const fn first(self) -> Lang {
        match self {
            Self::Both(lang) | Self::One(lang) => lang,
        }
    }
}

/// Writes a page. Holds the languages so that every part says all of them.
pub struct Page<'r> {
    /// What it is about.
    pub report: &'r Report,
    languages: Languages,
    out: String,
}

/// What the page may load: nothing but its own style and drawings.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// A report as one page.
pub fn html(report: &Report, languages: Languages) -> String {
    let mut page = Page { report, languages, out: String::with_capacity(64 << 10) };
    page.head();
    page.raw("<main class=\"doc\" id=\"main\">");
    page.contents();
    page.raw("<div>");
    cover(&mut page);
    first(&mut page);
    figures(&mut page);
    page.raw("<section class=\"part\" id=\"find\"><h2>");
    page.say(&words::FINDINGS);
    page.raw("</h2>");
    if report.findings.is_empty() {
        page.raw("<p>");
        page.say(&words::NONE);
        page.raw("</p>");
    }
    for (index, one) in report.findings.iter().enumerate() {
        finding(&mut page, index, one);
    }
    page.raw("</section>");
    sources(&mut page);
    page.raw("</div></main>");
    page.foot();
    page.out
}

impl Page<'_> {
    /// Markup of this module's own; never text of others.
    pub fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Text of others.
    pub fn text(&mut self, text: &str) {
        let _ = write!(self.out, "{}", escaped(text));
    }

    /// A sentence in every language of the page.
    pub fn say(&mut self, text: &Text2) {
        self.each(|page, lang| page.text(text.of(lang)));
    }

    /// Something for every language of the page.
    pub fn each(&mut self, mut write: impl FnMut(&mut Self, Lang)) {
        self.every("span", &mut write);
    }

    /// The same for blocks.
    pub fn each_block(&mut self, mut write: impl FnMut(&mut Self, Lang)) {
        self.every("div", &mut write);
    }

    fn every(&mut self, tag: &str, write: &mut dyn FnMut(&mut Self, Lang)) {
        match self.languages {
            Languages::One(lang) => write(self, lang),
            Languages::Both(_) => {
                for lang in Lang::ALL {
                    let _ = write!(self.out, "<{tag} lang=\"{}\">", lang.tag());
                    write(self, lang);
                    let _ = write!(self.out, "</{tag}>");
                }
            }
        }
    }

    fn head(&mut self) {
        let lang = self.languages.first();
        let report = self.report;
        let _ = write!(
            self.out,
            "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\
             <meta name=\"referrer\" content=\"no-referrer\"><title>{} · {}</title><style>",
            lang.tag(),
            escaped(report.head.name.of(lang)),
            escaped(words::REVIEW.of(lang)),
        );
        self.raw(include_str!("../../../assets/tokens.css"));
        self.raw(include_str!("../../../assets/report.css"));
        self.raw("</style></head><body><a class=\"skip\" href=\"#main\">");
        self.say(&words::SKIP);
        self.raw("</a><header class=\"top\"><span class=\"logo\"><svg viewBox=\"0 0 26 26\" aria-hidden=\"true\"><path fill=\"currentColor\" d=\"M2 25V12.5C2 7 7.2 4.6 13 1c5.8 3.6 11 6 11 11.5V25h-6v-9.5c0-3-2.2-4.6-5-6.5-2.8 1.9-5 3.5-5 6.5V25z\"/></svg><span>Sarai</span></span><span class=\"what\">");
        self.say(&words::REVIEW);
        self.raw("</span>");
        self.switch();
        self.raw("</header><svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"var(--harm-soft)\"/><rect width=\"2.4\" height=\"6\" fill=\"var(--harm)\"/></pattern></defs></svg>");
    }

    fn switch(&mut self) {
        let Languages::Both(first) = self.languages else { return };
        self.raw("<fieldset class=\"switch\"><legend class=\"vh\">Language / 语言</legend>");
        for (lang, id, name) in [(Lang::En, "to-en", "English"), (Lang::Zh, "to-zh", "中文")] {
            let checked = if lang == first { " checked" } else { "" };
            let _ = write!(
                self.out,
                "<input class=\"vh\" type=\"radio\" name=\"to\" id=\"{id}\"{checked}><label for=\"{id}\">{name}</label>"
            );
        }
        self.raw("</fieldset>");
    }

    fn contents(&mut self) {
        let findings = self.report.findings.len();
        let counted = Text2::made(
            format!("{} ({findings})", words::FINDINGS.en),
            format!("{}（{findings}）", words::FINDINGS.zh),
        );
        self.each_block(|page, lang| {
            let _ =
                write!(page.out, "<nav class=\"toc\" aria-label=\"{}\">", words::CONTENTS.of(lang));
            for (id, text) in [
                ("sum", &words::SUMMARY),
                ("first", &words::FIRST),
                ("figs", &words::FIGURES),
                ("find", &counted),
                ("src", &words::SOURCES),
            ] {
                if !(id == "first" && findings == 0) {
                    let _ = write!(page.out, "<a href=\"#{id}\">{}</a>", escaped(text.of(lang)));
                }
            }
            page.raw("</nav>");
        });
    }

    fn foot(&mut self) {
        let head = &self.report.head;
        let made = Text2::made(
            format!("Made {} by sarai {}.", head.made.strftime("%Y-%m-%d %H:%M UTC"), head.version),
            format!(
                "由 sarai {} 于 {} 生成。",
                head.version,
                head.made.strftime("%Y-%m-%d %H:%M UTC")
            ),
        );
        self.raw("<footer>");
        self.say(&made);
        self.raw("</footer></body></html>\n");
    }
}
