//! A face that has both Latin and Chinese letters: finding it, measuring with it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::{
    FontRef, MetadataProvider,
    instance::{LocationRef, Size},
    raw::FileRef,
    string::StringId,
};

/// Why there is no PDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// No face with Chinese letters on this machine.
    #[error(
        "no font with Chinese letters was found (looked for Noto Sans CJK, Source Han Sans, WenQuanYi); install fonts-noto-cjk or name a file with --font"
    )]
    NoFont,
    /// The named file cannot be read.
    #[error("font {path}: {reason}")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The named file has no Chinese letters.
    #[error("font {0} has no Chinese letters")]
    NotChinese(String),
    /// The writer refused.
    #[error("the PDF could not be written")]
    Write,
}

/// Where systems keep such faces: regular, then bold.
const KNOWN: &[(&str, &str)] = &[
    (
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    ),
    (
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    ),
    (
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
    ),
    (
        "/usr/share/fonts/adobe-source-han-sans/SourceHanSansCN-Regular.otf",
        "/usr/share/fonts/adobe-source-han-sans/SourceHanSansCN-Bold.otf",
    ),
    (
        "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    ),
    ("/System/Library/Fonts/Hiragino Sans GB.ttc", "/System/Library/Fonts/Hiragino Sans GB.ttc"),
];

/// Characters that a face for this report must have.
const PROBE: &str = "网络安全审查依据整改";

/// A face of one weight.
pub struct Face {
    data: Arc<Vec<u8>>,
    index: u32,
    /// As the writer wants it.
    pub font: Font,
}

/// The faces of a report.
pub struct Fonts {
    /// For text.
    pub regular: Face,
    /// For heads; the regular one where there is no other.
    pub bold: Option<Face>,
}

impl Fonts {
    /// Reads the named file, or the first known one of this machine.
    ///
    /// # Errors
    /// There is none, it cannot be read, or it has no Chinese letters.
    pub fn find(named: Option<&Path>) -> Result<Self, PdfError> {
        if let Some(path) = named {
            return Ok(Self { regular: Face::read(path)?, bold: sibling(path) });
        }
        for (regular, bold) in KNOWN {
            if let Ok(regular) = Face::read(Path::new(regular)) {
                return Ok(Self { regular, bold: Face::read(Path::new(bold)).ok() });
            }
        }
        Err(PdfError::NoFont)
    }

    /// The face of a weight.
    pub fn face(&self, bold: bool) -> &Face {
        if bold { self.bold.as_ref().unwrap_or(&self.regular) } else { &self.regular }
    }
}

/// The bold file beside a regular one.
fn sibling(path: &Path) -> Option<Face> {
    let name = path.file_name()?.to_str()?;
    let bold = name.replace("Regular", "Bold");
    (bold != name).then(|| Face::read(&path.with_file_name(bold)).ok()).flatten()
}

impl Face {
    fn read(path: &Path) -> Result<Self, PdfError> {
        let shown = path.display().to_string();
        let bad =
            |reason: &str| PdfError::Unreadable { path: shown.clone(), reason: reason.to_owned() };
        let data = std::fs::read(PathBuf::from(path)).map_err(|error| bad(&error.to_string()))?;
        let index = simplified(&data).ok_or_else(|| bad("not a font"))?;
        let data = Arc::new(data);
        let holder: Arc<dyn AsRef<[u8]> + Send + Sync> = data.clone();
        let font = Font::new(krilla::Data::from(holder), index).ok_or_else(|| bad("not a font"))?;
        let face = Self { data, index, font };
        match PROBE.chars().all(|c| face.has(c)) {
            true => Ok(face),
            false => Err(PdfError::NotChinese(shown)),
        }
    }

    fn open(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.data, self.index).ok()
    }

    fn has(&self, c: char) -> bool {
        self.open()
            .is_some_and(|font| font.charmap().map(c).is_some_and(|glyph| glyph.to_u32() != 0))
    }

    /// Measures and sets texts; opened once, as a page has thousands of letters.
    pub fn setter(&self) -> Option<Setter<'_>> {
        let font = self.open()?;
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let em =
            f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em.max(1));
        Some(Setter { charmap: font.charmap(), metrics, em })
    }
}

/// Index of the simplified Chinese face in a file; the first where the file has one only.
fn simplified(data: &[u8]) -> Option<u32> {
    match FileRef::new(data).ok()? {
        FileRef::Font(_) => Some(0),
        FileRef::Collection(all) => {
            let is_simplified = |index: &u32| {
                all.get(*index).ok().is_some_and(|font| {
                    let names = font.localized_strings(StringId::FAMILY_NAME);
                    names.into_iter().any(|name| {
                        let name: String = name.chars().collect();
                        name.ends_with(" SC") || name.ends_with(" CN")
                    })
                })
            };
            Some((0..all.len()).find(is_simplified).unwrap_or(0))
        }
    }
}

/// Sets text in one face.
pub struct Setter<'f> {
    charmap: skrifa::charmap::Charmap<'f>,
    metrics: skrifa::metrics::GlyphMetrics<'f>,
    em: f32,
}

/// Shown where the face lacks a character.
const LACKING: char = '\u{25a1}';

impl Setter<'_> {
    fn glyph(&self, c: char) -> skrifa::GlyphId {
        let known = |c| self.charmap.map(c).filter(|glyph: &skrifa::GlyphId| glyph.to_u32() != 0);
        known(c).or_else(|| known(LACKING)).unwrap_or(skrifa::GlyphId::NOTDEF)
    }

    /// Width of one character in ems.
    pub fn ems(&self, c: char) -> f32 {
        self.metrics.advance_width(self.glyph(c)).unwrap_or(self.em) / self.em
    }

    /// Width of a text in points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.ems(c)).sum::<f32>() * size
    }

    /// The glyphs of a text, left to right.
    pub fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        text.char_indices()
            .map(|(at, c)| {
                let range = at..at + c.len_utf8();
                let glyph = GlyphId::new(self.glyph(c).to_u32());
                KrillaGlyph::new(glyph, self.ems(c), 0.0, 0.0, 0.0, range, None)
            })
            .collect()
    }
}
