//! Pictures: decoded within bounds and encoded afresh, so that nothing but the picture itself stays (no place, no device, no script).

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

/// Largest photo as uploaded.
pub const PHOTO_BYTES_MAX: u64 = 10 * 1024 * 1024;
/// Largest paper as uploaded.
pub const PAPER_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// Most pixels.
pub const PIXELS_MAX: u64 = 40_000_000;
/// Longest side.
const SIDE_MAX: u32 = 20_000;
/// Longest side kept: enough to read a paper, small enough to keep.
const SIDE_KEPT_MAX: u32 = 2_400;
/// Memory that decoding may take.
const DECODE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Why a file was not taken. The codes are those that the wire shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureRefused {
    /// Not the declared type, or broken.
    #[error("unreadable")]
    Unreadable,
    /// More pixels than allowed.
    #[error("too_many_pixels")]
    TooManyPixels,
    /// Another type than those allowed.
    #[error("media_type_refused")]
    MediaType,
}

impl PictureRefused {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::TooManyPixels => "too_many_pixels",
            Self::MediaType => "media_type_refused",
        }
    }
}

/// A picture as it is kept.
#[derive(Debug)]
pub struct Clean {
    /// JPEG bytes without metadata.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
}

/// The format of a declared media type.
fn format_of(media_type: &str) -> Option<ImageFormat> {
    match media_type {
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/png" => Some(ImageFormat::Png),
        "image/webp" => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// Decodes a picture of the declared type and encodes it afresh as JPEG.
pub fn clean(bytes: &[u8], media_type: &str) -> Result<Clean, PictureRefused> {
    let format = format_of(media_type).ok_or(PictureRefused::MediaType)?;
    let size = ImageReader::with_format(Cursor::new(bytes), format);
    let (width, height) = size.into_dimensions().map_err(|_| PictureRefused::Unreadable)?;
    if u64::from(width) * u64::from(height) > PIXELS_MAX || width.max(height) > SIDE_MAX {
        return Err(PictureRefused::TooManyPixels);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let mut picture = reader.decode().map_err(|_| PictureRefused::Unreadable)?;
    if width.max(height) > SIDE_KEPT_MAX {
        picture = picture.thumbnail(SIDE_KEPT_MAX, SIDE_KEPT_MAX);
    }
    let mut out = Cursor::new(Vec::new());
    let picture = picture.to_rgb8();
    picture.write_to(&mut out, ImageFormat::Jpeg).map_err(|_| PictureRefused::Unreadable)?;
    Ok(Clean { width_px: picture.width(), height_px: picture.height(), bytes: out.into_inner() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image::RgbImage::from_pixel(width, height, image::Rgb([9, 80, 200]))
            .write_to(&mut out, ImageFormat::Png)
            .expect("encodes");
        out.into_inner()
    }

    #[test]
    fn a_comment_in_a_picture_does_not_survive() {
        let mut jpeg = clean(&png(20, 10), "image/png").expect("picture").bytes;
        // A JPEG comment segment right after the start of the image.
        let note = b"\xff\xfe\x00\x16GPS 36.65,117.12 home";
        jpeg.splice(2..2, note.iter().copied());
        let found = |bytes: &[u8]| bytes.windows(3).any(|three| three == b"GPS");
        assert!(found(&jpeg));
        let kept = clean(&jpeg, "image/jpeg").expect("picture");
        assert!(!found(&kept.bytes));
        assert_eq!((kept.width_px, kept.height_px), (20, 10));
    }

    #[test]
    fn another_type_than_declared_and_rubbish_are_refused() {
        let picture = png(4, 4);
        let refused = |bytes: &[u8], kind| clean(bytes, kind).map(|_| ()).expect_err("refused");
        assert_eq!(refused(&picture, "image/jpeg"), PictureRefused::Unreadable);
        assert_eq!(refused(b"<svg/>", "image/png"), PictureRefused::Unreadable);
        assert_eq!(refused(&picture, "image/svg+xml"), PictureRefused::MediaType);
    }

    #[test]
    fn a_picture_that_claims_too_many_pixels_is_refused_before_it_is_decoded() {
        // Width and height of the PNG header raised to 30,000 by 30,000; its checksum is then wrong, so both ways end in a refusal.
        let mut picture = png(4, 4);
        for at in [16, 20] {
            picture.splice(at..at + 4, 30_000_u32.to_be_bytes());
        }
        assert!(clean(&picture, "image/png").is_err());
    }
}
