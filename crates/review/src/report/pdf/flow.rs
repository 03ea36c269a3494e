//! Text flowing down pages: wrapping, breaking, and what is drawn in the end.

use krilla::{
    Document,
    color::rgb,
    destination::XyzDestination,
    geom::{Path, PathBuilder, Point},
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill as Paint, Stroke, StrokeDash},
    surface::Surface,
};

use super::face::{Fonts, PdfError, Setter};
use crate::report::{
    html::hides,
    scene::{Anchor, Fill, Ink, Scene, Shape},
};

/// A4 in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const LEFT: f32 = 50.0;
const TOP: f32 = 52.0;
const BOTTOM: f32 = 56.0;
/// Width of the text.
pub const COLUMN: f32 = PAGE.0 - 2.0 * LEFT;

/// Letters of one weight, size and colour.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Size in points.
    pub size: f32,
    /// Bold.
    pub bold: bool,
    /// Colour.
    pub ink: Ink,
    /// Height of a line, in sizes.
    pub leading: f32,
}

impl Style {
    /// Regular text.
    pub const fn text(size: f32, ink: Ink) -> Self {
        Self { size, bold: false, ink, leading: 1.5 }
    }

    /// A head.
    pub const fn head(size: f32, ink: Ink) -> Self {
        Self { size, bold: true, ink, leading: 1.35 }
    }
}

/// One finished page.
pub struct Page {
    shapes: Vec<Shape>,
    footer: String,
}

/// Text flowing down pages.
pub struct Flow<'f> {
    fonts: &'f Fonts,
    pages: Vec<Page>,
    footer: String,
    outline: Outline,
    /// Distance of the cursor from the upper edge.
    pub y: f32,
}

impl<'f> Flow<'f> {
    /// An empty document.
    pub fn new(fonts: &'f Fonts, footer: String) -> Self {
        let mut flow = Self { fonts, pages: Vec::new(), footer, outline: Outline::new(), y: TOP };
        flow.page();
        flow
    }

    /// The pages and their outline.
    pub fn finish(self) -> (Vec<Page>, Outline) {
        (self.pages, self.outline)
    }

    /// Begins a page.
    pub fn page(&mut self) {
        self.pages.push(Page { shapes: Vec::new(), footer: self.footer.clone() });
        self.y = TOP;
    }

    /// Begins a page where less than `height` is left.
    pub fn need(&mut self, height: f32) {
        if self.y + height > PAGE.1 - BOTTOM && self.y > TOP {
            self.page();
        }
    }

    /// Space down.
    pub fn skip(&mut self, height: f32) {
        self.y += height;
    }

    /// An entry of the outline that leads here.
    pub fn mark(&mut self, title: &str) {
        let at = Point::from_xy(0.0, (self.y - 12.0).max(0.0));
        let to = XyzDestination::new(self.pages.len().saturating_sub(1), at);
        self.outline.push_child(OutlineNode::new(clean(title), to));
    }

    fn put(&mut self, shape: Shape) {
        if let Some(page) = self.pages.last_mut() {
            page.shapes.push(shape);
        }
    }

    /// A rectangle at the cursor's page.
    pub fn rect(&mut self, at: (f32, f32), size: (f32, f32), r: f32, fill: Fill) {
        self.put(Shape::Rect { x: LEFT + at.0, y: at.1, w: size.0, h: size.1, r, fill });
    }

    /// A rule across the column.
    pub fn rule(&mut self, ink: Ink, width: f32) {
        let y = self.y;
        let (from, to) = ((LEFT, y), (LEFT + COLUMN, y));
        self.put(Shape::Line { from, to, ink, width, dashed: false });
    }

    /// One line of text that is not wrapped.
    pub fn line(&mut self, at: (f32, f32), anchor: Anchor, style: Style, text: &str) {
        let at = (LEFT + at.0, at.1);
        let Style { size, bold, ink, .. } = style;
        self.put(Shape::Text { at, anchor, size, bold, ink, text: clean(text) });
    }

    /// Width of a text.
    pub fn width(&self, text: &str, style: Style) -> f32 {
        self.setter(style.bold).map_or(0.0, |setter| setter.width(&clean(text), style.size))
    }

    fn setter(&self, bold: bool) -> Option<Setter<'f>> {
        self.fonts.face(bold).setter()
    }

    /// A paragraph, wrapped between `left` and `left + room`; goes on on the next page.
    pub fn paragraph(&mut self, left: f32, room: f32, style: Style, text: &str) {
        let Some(setter) = self.setter(style.bold) else { return };
        let height = style.size * style.leading;
        for line in wrap(&setter, &clean(text), style.size, room) {
            self.need(height);
            let base = self.y + style.size * (0.5 * style.leading + 0.36);
            self.line((left, base), Anchor::Start, style, &line);
            self.y += height;
        }
    }

    /// Height that a paragraph will take.
    pub fn height(&self, room: f32, style: Style, text: &str) -> f32 {
        let lines = self
            .setter(style.bold)
            .map_or(1, |setter| wrap(&setter, &clean(text), style.size, room).len());
        #[expect(clippy::cast_precision_loss, reason = "lines of a paragraph")]
        let lines = lines as f32;
        lines * style.size * style.leading
    }

    /// A drawing made for width `scene.w`, scaled to the column.
    pub fn scene(&mut self, scene: &Scene) {
        let scale = COLUMN / scene.w;
        self.need(scene.h * scale);
        let top = self.y;
        for shape in &scene.shapes {
            let moved = moved(shape, scale, top);
            self.put(moved);
        }
        self.y += scene.h * scale;
    }
}

fn moved(shape: &Shape, scale: f32, top: f32) -> Shape {
    let at = |(x, y): (f32, f32)| (LEFT + x * scale, top + y * scale);
    match shape.clone() {
        Shape::Rect { x, y, w, h, r, fill } => {
            let (x, y) = at((x, y));
            Shape::Rect { x, y, w: w * scale, h: h * scale, r: r * scale, fill }
        }
        Shape::Line { from, to, ink, width, dashed } => {
            Shape::Line { from: at(from), to: at(to), ink, width: width * scale, dashed }
        }
        Shape::Text { at: place, anchor, size, bold, ink, text } => {
            Shape::Text { at: at(place), anchor, size: size * scale, bold, ink, text: clean(&text) }
        }
    }
}

/// Text without what hides or turns letters.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c == '\n' || c == '\t' { ' ' } else { c })
        .filter(|c| !hides(*c))
        .collect()
}

/// Breaks a text into lines: between words, and between any two Han characters but not before closing marks.
fn wrap(setter: &Setter<'_>, text: &str, size: f32, room: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for piece in pieces(text) {
        let width = setter.width(piece, size);
        let trimmed = setter.width(piece.trim_end(), size);
        if used > 0.0 && used + trimmed > room {
            lines.push(String::new());
            used = 0.0;
        }
        if trimmed <= room {
            if let Some(line) = lines.last_mut() {
                line.push_str(piece);
            }
            used += width;
            continue;
        }
        for c in piece.chars() {
            let wide = setter.ems(c) * size;
            if used + wide > room && used > 0.0 {
                lines.push(String::new());
                used = 0.0;
            }
            if let Some(line) = lines.last_mut() {
                line.push(c);
            }
            used += wide;
        }
    }
    lines
}

const CLOSING: &str = "，。；：！？、）》」』】〉”’,.;:!?)]}%";
const OPENING: &str = "（《「『【〈“‘([{§";

/// What must not be broken: a word with the space behind it, or a Han character with the marks around it.
fn pieces(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let wide = |c: char| u32::from(c) >= 0x2e80;
        let breaks = before.is_some_and(|before| {
            before == ' ' && c != ' '
                || (wide(before) || wide(c))
                    && !CLOSING.contains(c)
                    && !OPENING.contains(before)
                    && c != ' '
        });
        if breaks {
            out.extend(text.get(start..at));
            start = at;
        }
        before = Some(c);
    }
    out.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    out
}

impl Page {
    /// Draws the page into the document.
    pub fn draw(
        self,
        document: &mut Document,
        fonts: &Fonts,
        index: usize,
        total: usize,
    ) -> Result<(), PdfError> {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or(PdfError::Write)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for shape in &self.shapes {
            draw(&mut surface, fonts, shape);
        }
        let base = PAGE.1 - 28.0;
        let number = format!("{} / {total}", index + 1);
        for (x, anchor, text) in
            [(LEFT, Anchor::Start, clean(&self.footer)), (PAGE.0 - LEFT, Anchor::End, number)]
        {
            let shape =
                Shape::Text { at: (x, base), anchor, size: 8.0, bold: false, ink: Ink::Ink3, text };
            draw(&mut surface, fonts, &shape);
        }
        surface.finish();
        page.finish();
        Ok(())
    }
}

fn colour(ink: Ink) -> rgb::Color {
    let [r, g, b] = ink.print();
    rgb::Color::new(r, g, b)
}

fn filled(ink: Ink) -> Option<Paint> {
    Some(Paint { paint: colour(ink).into(), ..Paint::default() })
}

fn stroked(ink: Ink, width: f32, dashed: bool) -> Option<Stroke> {
    let dash = dashed.then(|| StrokeDash { array: vec![4.0, 3.0], offset: 0.0 });
    Some(Stroke {
        paint: colour(ink).into(),
        width,
        dash,
        opacity: NormalizedF32::ONE,
        ..Stroke::default()
    })
}

fn draw(surface: &mut Surface<'_>, fonts: &Fonts, shape: &Shape) {
    match shape {
        Shape::Rect { x, y, w, h, r, fill } => rectangle(surface, (*x, *y, *w, *h, *r), *fill),
        Shape::Line { from, to, ink, width, dashed } => {
            surface.set_fill(None);
            surface.set_stroke(stroked(*ink, *width, *dashed));
            let mut path = PathBuilder::new();
            path.move_to(from.0, from.1);
            path.line_to(to.0, to.1);
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        Shape::Text { at, anchor, size, bold, ink, text } => {
            let face = fonts.face(*bold);
            let Some(setter) = face.setter() else { return };
            let width = setter.width(text, *size);
            let x = match anchor {
                Anchor::Start => at.0,
                Anchor::Middle => at.0 - width / 2.0,
                Anchor::End => at.0 - width,
            };
            surface.set_stroke(None);
            surface.set_fill(filled(*ink));
            let glyphs = setter.glyphs(text);
            surface.draw_glyphs(
                Point::from_xy(x, at.1),
                &glyphs,
                face.font.clone(),
                text,
                *size,
                false,
            );
        }
    }
}

fn rounded((x, y, w, h, r): (f32, f32, f32, f32, f32)) -> Option<Path> {
    let r = r.min(w / 2.0).min(h / 2.0).max(0.0);
    if w <= 0.0 || h <= 0.0 {
        return None;
    }
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.line_to(x + w - r, y);
    path.quad_to(x + w, y, x + w, y + r);
    path.line_to(x + w, y + h - r);
    path.quad_to(x + w, y + h, x + w - r, y + h);
    path.line_to(x + r, y + h);
    path.quad_to(x, y + h, x, y + h - r);
    path.line_to(x, y + r);
    path.quad_to(x, y, x + r, y);
    path.close();
    path.finish()
}

fn rectangle(surface: &mut Surface<'_>, frame: (f32, f32, f32, f32, f32), fill: Fill) {
    let Some(path) = rounded(frame) else { return };
    match fill {
        Fill::Solid(ink) => {
            surface.set_stroke(None);
            surface.set_fill(filled(ink));
            surface.draw_path(&path);
        }
        Fill::Edge { ink, dashed } => {
            surface.set_fill((ink == Ink::Law).then(|| filled(Ink::LawSoft)).flatten());
            surface.set_stroke(stroked(ink, 0.9, dashed));
            surface.draw_path(&path);
        }
        Fill::Hatch => hatch(surface, &path, frame),
    }
}

/// Stripes of harm on its soft ground, cut to the shape.
fn hatch(surface: &mut Surface<'_>, path: &Path, (x, y, w, h, _): (f32, f32, f32, f32, f32)) {
    surface.set_stroke(None);
    surface.set_fill(filled(Ink::HarmSoft));
    surface.draw_path(path);
    surface.push_clip_path(path, &krilla::paint::FillRule::NonZero);
    surface.set_fill(None);
    surface.set_stroke(stroked(Ink::Harm, 1.4, false));
    let mut at = x - h;
    let mut lines = PathBuilder::new();
    while at < x + w {
        lines.move_to(at, y + h);
        lines.line_to(at + h, y);
        at += 4.0;
    }
    if let Some(lines) = lines.finish() {
        surface.draw_path(&lines);
    }
    surface.pop();
    surface.set_stroke(stroked(Ink::Harm, 0.9, false));
    surface.draw_path(path);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_text_breaks_anywhere_but_before_a_closing_mark() {
        assert_eq!(pieces("加密，删除 ok now"), ["加", "密，", "删", "除 ", "ok ", "now"]);
        assert_eq!(pieces("（甲）乙"), ["（甲）", "乙"]);
    }

    #[test]
    fn a_piece_is_never_lost() {
        for text in ["", " ", "a  b", "甲 乙（丙）x.y", "§ PIPL 28"] {
            assert_eq!(pieces(text).concat(), text);
        }
    }
}
