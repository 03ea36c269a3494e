//! A record's place for sealed values, as a slice whatever its shape.

use crate::Sealed;
use zeroize::Zeroize;

/// One value, none or one, or many.
pub trait Slot<T: Zeroize, F> {
    /// The values held.
    fn slice(&self) -> &[Sealed<T, F>];
}

impl<T: Zeroize, F> Slot<T, F> for Sealed<T, F> {
    #[inline]
    fn slice(&self) -> &[Self] {
        std::slice::from_ref(self)
    }
}

impl<T: Zeroize, F> Slot<T, F> for Option<Sealed<T, F>> {
    #[inline]
    fn slice(&self) -> &[Sealed<T, F>] {
        self.as_slice()
    }
}

impl<T: Zeroize, F> Slot<T, F> for Vec<Sealed<T, F>> {
    #[inline]
    fn slice(&self) -> &[Sealed<T, F>] {
        self
    }
}
