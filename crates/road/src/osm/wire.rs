//! Protobuf: varints, and messages as fields.

use super::OsmError;

/// One field's value; fixed-width numbers are passed over by every reader here.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    pub fn number(self) -> Result<u64, OsmError> {
        match self {
            Self::Number(n) => Ok(n),
            Self::Bytes(_) => Err(OsmError::Malformed("a number was expected")),
        }
    }

    pub fn bytes(self) -> Result<&'a [u8], OsmError> {
        match self {
            Self::Bytes(b) => Ok(b),
            Self::Number(_) => Err(OsmError::Malformed("bytes were expected")),
        }
    }
}

/// The fields of a message, in order. After an error it gives nothing more.
pub struct Fields<'a>(pub &'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), OsmError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = field(&mut self.0);
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

fn field<'a>(rest: &mut &'a [u8]) -> Result<(u64, Value<'a>), OsmError> {
    let key = varint(rest)?;
    let value = match key & 7 {
        0 => Value::Number(varint(rest)?),
        1 => Value::Bytes(take(rest, 8)?),
        2 => {
            let length = varint(rest)?;
            Value::Bytes(take(rest, length)?)
        }
        5 => Value::Bytes(take(rest, 4)?),
        _ => return Err(OsmError::Malformed("unknown field type")),
    };
    Ok((key >> 3, value))
}

fn take<'a>(rest: &mut &'a [u8], length: u64) -> Result<&'a [u8], OsmError> {
    let length = usize::try_from(length).map_err(|_| OsmError::Truncated)?;
    let (head, tail) = rest.split_at_checked(length).ok_or(OsmError::Truncated)?;
    *rest = tail;
    Ok(head)
}

/// Reads one varint of at most ten bytes.
pub fn varint(rest: &mut &[u8]) -> Result<u64, OsmError> {
    let mut value = 0u64;
    for (i, byte) in rest.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).wrapping_shl(7 * i as u32);
        if byte & 0x80 == 0 {
            *rest = &rest[i + 1..];
            return Ok(value);
        }
    }
    Err(if rest.len() < 10 { OsmError::Truncated } else { OsmError::Malformed("number too long") })
}

/// Undoes the zig-zag of signed numbers.
pub fn signed(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

/// Packed varints, one after another.
#[derive(Clone)]
pub struct Packed<'a>(pub &'a [u8]);

impl Iterator for Packed<'_> {
    type Item = Result<u64, OsmError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let number = varint(&mut self.0);
        if number.is_err() {
            self.0 = &[];
        }
        Some(number)
    }
}

/// Packed differences, summed up.
pub struct Deltas<'a> {
    packed: Packed<'a>,
    sum: i64,
}

impl<'a> Deltas<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { packed: Packed(bytes), sum: 0 }
    }
}

impl Iterator for Deltas<'_> {
    type Item = Result<i64, OsmError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.packed.next()?.map(|n| {
            self.sum = self.sum.wrapping_add(signed(n));
            self.sum
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_are_read_and_their_ends_are_seen() {
        let mut b: &[u8] = &[0xac, 0x02, 0x05];
        assert_eq!((varint(&mut b).unwrap(), varint(&mut b).unwrap()), (300, 5));
        assert!(matches!(varint(&mut &[0x80u8, 0x80][..]), Err(OsmError::Truncated)));
        assert!(matches!(varint(&mut &[0xffu8; 11][..]), Err(OsmError::Malformed(_))));
        assert_eq!([0, 1, 2, 3].map(signed), [0, -1, 1, -2]);
        assert_eq!(signed(u64::MAX), i64::MIN);
    }

    #[test]
    fn a_length_beyond_the_end_is_truncated() {
        let mut fields = Fields(&[0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1]);
        assert!(matches!(fields.next(), Some(Err(OsmError::Truncated))));
        assert!(fields.next().is_none());
    }
}
