//! Writing of small ZIP archives: entries as they are, one fixed date, so that the same content gives the same bytes.

/// 1 January 1980, the first day that the format knows.
const DATE: u16 = 0x21;

/// An archive of these entries, in this order. Entries and the whole stay below 4 GiB.
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in entries {
        let at = len32(out.len());
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let mut fields = Vec::new();
        for field in [20u16, 0x0800, 0, 0, DATE] {
            fields.extend(field.to_le_bytes());
        }
        for field in [crc.sum(), len32(content.len()), len32(content.len())] {
            fields.extend(field.to_le_bytes());
        }
        fields.extend(len16(name.len()).to_le_bytes());
        fields.extend([0, 0]);
        out.extend(0x0403_4b50u32.to_le_bytes());
        out.extend(&fields);
        out.extend(name.as_bytes());
        out.extend(*content);
        directory.extend(0x0201_4b50u32.to_le_bytes());
        directory.extend(20u16.to_le_bytes());
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let at = len32(out.len());
    let count = len16(entries.len()).to_le_bytes();
    let size = len32(directory.len());
    out.extend(directory);
    out.extend(0x0605_4b50u32.to_le_bytes());
    out.extend([0; 4]);
    out.extend(count);
    out.extend(count);
    out.extend(size.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0; 2]);
    out
}

fn len32(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn len16(len: usize) -> u16 {
    u16::try_from(len).unwrap_or(u16::MAX)
}
