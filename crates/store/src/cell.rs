//! Values on their way to and from a database, the same for both.

use uuid::Uuid;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// 64-bit number; also moments (microseconds), amounts (minor units) and flags (0, 1).
    Int,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// An id.
    Id,
}

/// One value. There is no NULL in this store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// See [`Type::Int`].
    Int(i64),
    /// See [`Type::Text`].
    Text(String),
    /// See [`Type::Bytes`].
    Bytes(Vec<u8>),
    /// See [`Type::Id`].
    Id(Uuid),
}

macro_rules! from {
    ($($from:ty => $variant:ident by $how:expr;)*) => {$(
        impl From<$from> for Cell {
            fn from(value: $from) -> Self {
                Self::$variant($how(value))
            }
        }
    )*};
}

from! {
    i64 => Int by |value| value;
    bool => Int by i64::from;
    String => Text by |value| value;
    &str => Text by str::to_owned;
    Vec<u8> => Bytes by |value| value;
    &[u8] => Bytes by <[u8]>::to_vec;
    [u8; 32] => Bytes by |value: [u8; 32]| value.to_vec();
    Uuid => Id by |value| value;
}

/// One row. Read it from the left with the `take` methods.
pub type Row = Vec<Cell>;

/// A row that does not have the promised columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongColumn;

/// Reads a row from the left.
pub struct Columns(std::vec::IntoIter<Cell>);

impl Columns {
    /// The columns of a row.
    pub fn of(row: Row) -> Self {
        Self(row.into_iter())
    }

    /// The next column, a number.
    pub fn int(&mut self) -> Result<i64, WrongColumn> {
        match self.0.next() {
            Some(Cell::Int(value)) => Ok(value),
            _ => Err(WrongColumn),
        }
    }

    /// The next column, a text.
    pub fn text(&mut self) -> Result<String, WrongColumn> {
        match self.0.next() {
            Some(Cell::Text(value)) => Ok(value),
            _ => Err(WrongColumn),
        }
    }

    /// The next column, bytes.
    pub fn bytes(&mut self) -> Result<Vec<u8>, WrongColumn> {
        match self.0.next() {
            Some(Cell::Bytes(value)) => Ok(value),
            _ => Err(WrongColumn),
        }
    }

    /// The next column, exactly 32 bytes.
    pub fn hash(&mut self) -> Result<[u8; 32], WrongColumn> {
        self.bytes()?.try_into().map_err(|_| WrongColumn)
    }

    /// The next column, an id.
    pub fn id(&mut self) -> Result<Uuid, WrongColumn> {
        match self.0.next() {
            Some(Cell::Id(value)) => Ok(value),
            _ => Err(WrongColumn),
        }
    }
}

/// A row from values.
macro_rules! row {
    ($($value:expr),* $(,)?) => { vec![$($crate::cell::Cell::from($value)),*] };
}
pub(crate) use row;
