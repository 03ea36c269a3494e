//! Vehicles.

/// Value of a VIN character by ISO 3779; I, O and Q do not occur.
fn transliterate(byte: u8) -> Option<u32> {
    Some(match byte.to_ascii_uppercase() {
        digit @ b'0'..=b'9' => u32::from(digit - b'0'),
        letter @ b'A'..=b'H' => u32::from(letter - b'A') + 1,
        letter @ b'J'..=b'N' => u32::from(letter - b'J') + 1,
        b'P' => 7,
        b'R' => 9,
        letter @ b'S'..=b'Z' => u32::from(letter - b'S') + 2,
        _ => return None,
    })
}

/// A vehicle identification number with a right check digit at position 9 (ISO 3779; binding in China by GB 16735
/// and in North America, not in Europe).
pub fn vin(text: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let Ok(text): Result<&[u8; 17], _> = text.try_into() else { return false };
    let mut sum = 0;
    for (byte, weight) in text.iter().zip(WEIGHTS) {
        let Some(value) = transliterate(*byte) else { return false };
        sum += value * weight;
    }
    let check = match sum % 11 {
        10 => b'X',
        other => b'0' + other as u8,
    };
    text[8].to_ascii_uppercase() == check && text.iter().any(u8::is_ascii_alphabetic)
}
