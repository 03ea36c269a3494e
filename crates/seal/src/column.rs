//! Many sealed values of one field side by side, for engines.

use crate::{Key, Opened, Sealed};
use std::{fmt, marker::PhantomData, mem};
use zeroize::Zeroize;

/// A column of an engine's live index: the values of field `F` of many persons, by place.
///
/// A slice of [`Sealed`] values carries an erased mark each; here every place holds a value, so
/// that reading with a sweep key is reading a plain slice. Memory is overwritten when it grows,
/// shrinks or is dropped.
pub struct Column<T: Zeroize, F> {
    values: Vec<T>,
    field: PhantomData<fn() -> F>,
}

impl<T: Zeroize, F> Column<T, F> {
    /// An empty column.
    pub const fn new() -> Self {
        Self { values: Vec::new(), field: PhantomData }
    }

    /// How many values it holds.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Appends a value and tells its place; an erased one has none.
    pub fn push(&mut self, mut sealed: Sealed<T, F>) -> Option<usize> {
        let value = sealed.take_value()?;
        self.make_room();
        self.values.push(value);
        Some(self.values.len() - 1)
    }

    /// Puts a value in a place; `false` when there is no such place or the value is erased.
    pub fn set(&mut self, place: usize, mut sealed: Sealed<T, F>) -> bool {
        match (self.values.get_mut(place), sealed.take_value()) {
            (Some(held), Some(value)) => {
                mem::replace(held, value).zeroize();
                true
            }
            _ => false,
        }
    }

    /// Takes a value out; the last one moves into its place.
    pub fn swap_remove(&mut self, place: usize) -> Option<Sealed<T, F>> {
        (place < self.values.len()).then(|| Sealed::new(self.values.swap_remove(place)))
    }

    /// All values as a slice, with a sweep key.
    #[inline]
    pub fn read<'a>(&'a self, _key: &Key<'a, F>) -> Opened<'a, [T]> {
        Opened::new(&self.values)
    }

    /// A vector that grows by itself leaves its old values behind.
    fn make_room(&mut self) {
        if self.values.len() == self.values.capacity() {
            let mut larger = Vec::with_capacity((self.values.len() * 2).max(16));
            larger.append(&mut self.values);
            self.values.zeroize();
            self.values = larger;
        }
    }
}

impl<T: Zeroize, F> Default for Column<T, F> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Zeroize, F> Drop for Column<T, F> {
    fn drop(&mut self) {
        self.values.zeroize();
    }
}

impl<T: Zeroize, F> FromIterator<Sealed<T, F>> for Column<T, F> {
    /// Collects what is not erased.
    fn from_iter<I: IntoIterator<Item = Sealed<T, F>>>(sealed: I) -> Self {
        let mut column = Self::new();
        for value in sealed {
            column.push(value);
        }
        column
    }
}

impl<T: Zeroize, F: crate::Field> fmt::Debug for Column<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} sealed {}>", self.values.len(), F::NAME)
    }
}
