//! A drawing as plain shapes, so that page and PDF show the same chart.

use std::fmt::Write;

use super::html::escaped;

/// A colour by its meaning; the values stand in `tokens.css` and, for print, in [`Ink::print`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Text.
    Text,
    /// Second voice.
    Ink2,
    /// Third voice.
    Ink3,
    /// Dividers.
    Line,
    /// Recess.
    Well,
    /// Harm.
    Harm,
    /// Its soft ground.
    HarmSoft,
    /// Waiting.
    HoldFill,
    /// Fine, can be done.
    Act,
    /// Law.
    Law,
    /// Its soft ground.
    LawSoft,
    /// A quiet series.
    Grey,
}

impl Ink {
    /// Class of the page's style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Text => "k-ink",
            Self::Ink2 => "k-ink2",
            Self::Ink3 => "k-ink3",
            Self::Line => "k-line",
            Self::Well => "k-well",
            Self::Harm => "k-harm",
            Self::HarmSoft => "k-harms",
            Self::HoldFill => "k-hold",
            Self::Act => "k-act",
            Self::Law => "k-law",
            Self::LawSoft => "k-laws",
            Self::Grey => "k-grey",
        }
    }

    /// Red, green, blue on paper: the light theme's values.
    pub const fn print(self) -> [u8; 3] {
        match self {
            Self::Text => [0x19, 0x18, 0x15],
            Self::Ink2 => [0x45, 0x42, 0x3b],
            Self::Ink3 => [0x63, 0x5e, 0x53],
            Self::Line => [0xdc, 0xd8, 0xcc],
            Self::Well => [0xec, 0xea, 0xe2],
            Self::Harm => [0xa3, 0x21, 0x1b],
            Self::HarmSoft => [0xfa, 0xe3, 0xdf],
            Self::HoldFill => [0xe3, 0x9a, 0x1c],
            Self::Act => [0x0b, 0x5d, 0x57],
            Self::Law => [0x3a, 0x37, 0x8a],
            Self::LawSoft => [0xe8, 0xe7, 0xf6],
            Self::Grey => [0x7a, 0x74, 0x66],
        }
    }
}

/// How an area is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// One colour.
    Solid(Ink),
    /// Stripes of harm: told from solid without colour.
    Hatch,
    /// Only its edge, dashed or not.
    Edge {
        /// Colour of the edge.
        ink: Ink,
        /// Dashed.
        dashed: bool,
    },
}

/// On which side of its point a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// To the right of it.
    Start,
    /// Around it.
    Middle,
    /// To the left of it.
    End,
}

/// One shape. Units are px on the page and points on paper.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A rectangle.
    Rect {
        /// Left edge.
        x: f32,
        /// Upper edge.
        y: f32,
        /// Width.
        w: f32,
        /// Height.
        h: f32,
        /// Radius of its corners.
        r: f32,
        /// Its fill.
        fill: Fill,
    },
    /// A straight line.
    Line {
        /// From.
        from: (f32, f32),
        /// To.
        to: (f32, f32),
        /// Colour.
        ink: Ink,
        /// Width.
        width: f32,
        /// Dashed.
        dashed: bool,
    },
    /// One line of text.
    Text {
        /// Where.
        at: (f32, f32),
        /// On which side.
        anchor: Anchor,
        /// Size.
        size: f32,
        /// Bold.
        bold: bool,
        /// Colour.
        ink: Ink,
        /// The words.
        text: String,
    },
}

/// A drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
    /// The same in words, for who cannot see it.
    pub label: String,
    /// From back to front.
    pub shapes: Vec<Shape>,
}

impl Scene {
    /// An empty drawing.
    pub fn new(w: f32, label: String) -> Self {
        Self { w, h: 0.0, label, shapes: Vec::new() }
    }

    /// Adds a rectangle.
    pub fn rect(&mut self, (x, y): (f32, f32), (w, h): (f32, f32), r: f32, fill: Fill) {
        self.shapes.push(Shape::Rect { x, y, w, h, r, fill });
    }

    /// Adds a line.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), ink: Ink, width: f32, dashed: bool) {
        self.shapes.push(Shape::Line { from, to, ink, width, dashed });
    }

    /// Adds a text.
    pub fn text(&mut self, at: (f32, f32), anchor: Anchor, size: f32, ink: Ink, text: &str) {
        let text = text.to_owned();
        self.shapes.push(Shape::Text { at, anchor, size, bold: false, ink, text });
    }

    /// Adds a bold text.
    pub fn bold(&mut self, at: (f32, f32), anchor: Anchor, size: f32, ink: Ink, text: &str) {
        let text = text.to_owned();
        self.shapes.push(Shape::Text { at, anchor, size, bold: true, ink, text });
    }

    /// As SVG for the page.
    pub fn svg(&self, class: &str) -> String {
        let mut out = String::new();
        let _ = write!(
            out,
            "<svg class=\"{class}\" viewBox=\"0 0 {} {}\" width=\"100%\" role=\"img\" aria-label=\"{}\">",
            round(self.w),
            round(self.h),
            escaped(&self.label)
        );
        for shape in &self.shapes {
            shape.svg(&mut out);
        }
        out.push_str("</svg>");
        out
    }
}

impl Shape {
    fn svg(&self, out: &mut String) {
        let _ = match self {
            Self::Rect { x, y, w, h, r, fill } => {
                let (class, more) = match fill {
                    Fill::Solid(ink) => (ink.class(), ""),
                    Fill::Hatch => ("k-hatch", ""),
                    Fill::Edge { ink: Ink::Law, dashed: false } => ("k-edge", ""),
                    Fill::Edge { ink: Ink::Law, dashed: true } => {
                        ("k-edge", " stroke-dasharray=\"4 3\"")
                    }
                    Fill::Edge { .. } => ("k-edge k-edge2", ""),
                };
                let (x, y, w, h, r) = (round(*x), round(*y), round(*w), round(*h), round(*r));
                write!(
                    out,
                    "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{r}\"{more}/>"
                )
            }
            Self::Line { from, to, ink, width, dashed } => write!(
                out,
                "<line class=\"{} k-st\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke-width=\"{}\"{}/>",
                ink.class(),
                round(from.0),
                round(from.1),
                round(to.0),
                round(to.1),
                round(*width),
                if *dashed { " stroke-dasharray=\"6 4\"" } else { "" }
            ),
            Self::Text { at, anchor, size, bold, ink, text } => write!(
                out,
                "<text class=\"{}{}\" x=\"{}\" y=\"{}\" font-size=\"{}\"{}>{}</text>",
                ink.class(),
                if *bold { " k-b" } else { "" },
                round(at.0),
                round(at.1),
                round(*size),
                match anchor {
                    Anchor::Start => "",
                    Anchor::Middle => " text-anchor=\"middle\"",
                    Anchor::End => " text-anchor=\"end\"",
                },
                escaped(text)
            ),
        };
    }
}

/// A tenth is as fine as anybody sees.
fn round(n: f32) -> f32 {
    (n * 10.0).round() / 10.0
}

/// Width of a text in the system's faces, near enough to lay out a chart: a Han character is as wide as high.
pub fn width_of(text: &str, size: f32) -> f32 {
    let ems: f32 = text
        .chars()
        .map(|c| match c {
            'i' | 'l' | 'j' | '.' | ',' | ':' | '\'' | '|' | 'I' | ' ' => 0.3,
            'm' | 'w' | 'M' | 'W' | '@' => 0.86,
            c if c.is_ascii_uppercase() => 0.66,
            c if c.is_ascii() => 0.55,
            _ => 1.0,
        })
        .sum();
    ems * size
}

/// A text cut so that it fits, with an ellipsis where something is missing.
pub fn fitted(text: &str, size: f32, room: f32) -> String {
    if width_of(text, size) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        out.push(c);
        if width_of(&out, size) + size > room {
            break;
        }
    }
    out.push('…');
    out
}
