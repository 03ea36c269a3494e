//! Machine-readable zones of travel documents (ICAO 9303).

fn value(byte: u8) -> Option<u32> {
    match byte {
        b'<' => Some(0),
        b'0'..=b'9' | b'A'..=b'Z' => char::from(byte).to_digit(36),
        _ => None,
    }
}

/// Check digit over a field with weights 7 3 1.
pub fn mrz_digit(field: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (byte, weight) in field.iter().zip([7, 3, 1].into_iter().cycle()) {
        sum += value(*byte)? * weight;
    }
    Some(b'0' + (sum % 10) as u8)
}

fn checked(line: &[u8], field: std::ops::Range<usize>) -> bool {
    let end = field.end;
    let given = line.get(end).map(|byte| if *byte == b'<' { b'0' } else { *byte });
    given.is_some() && line.get(field).and_then(mrz_digit) == given
}

/// A line of a machine-readable zone: the names' line of a passport (44) or card (30, 36), or a second line whose
/// check digits are right (document number, birth, expiry).
pub fn mrz_line(line: &[u8]) -> bool {
    if !matches!(line.len(), 30 | 36 | 44) || !line.iter().all(|byte| value(*byte).is_some()) {
        return false;
    }
    let letters = |range: std::ops::Range<usize>| {
        line.get(range)
            .is_some_and(|part| part.iter().all(|b| b.is_ascii_uppercase() || *b == b'<'))
    };
    let names = matches!(line.first(), Some(b'P' | b'I' | b'A' | b'C' | b'V'))
        && letters(1..line.len().min(44))
        && line.len() > 30
        && line.windows(2).any(|pair| pair == b"<<");
    let second =
        letters(10..13) && checked(line, 0..9) && checked(line, 13..19) && checked(line, 21..27);
    let card = line.len() == 30
        && (matches!(line.first(), Some(b'I' | b'A' | b'C'))
            && letters(1..5)
            && checked(line, 5..14)
            || checked(line, 0..6) && checked(line, 8..14) && letters(15..18));
    names || second || card
}
