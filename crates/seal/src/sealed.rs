//! The sealed value itself.

use crate::Field;
use serde::{Deserialize, Deserializer, de::Error as _};
use std::{fmt, marker::PhantomData, ops::Deref};
use zeroize::Zeroize;

/// A value of type `T` under the rules of field `F`.
///
/// It has no `Display`, `Serialize`, `Deref`, `PartialEq` or `Clone`; `Debug` prints
/// `<sealed rider.phone>`. It is opened by a [`Grant`](crate::Grant) or read with a [`Key`], and
/// its memory is overwritten when it is dropped. A value whose key was destroyed is *erased*: the
/// record survives, the value does not.
pub struct Sealed<T: Zeroize, F> {
    value: Option<T>,
    field: PhantomData<fn() -> F>,
}

impl<T: Zeroize, F> Sealed<T, F> {
    /// Seals a value.
    #[inline]
    pub const fn new(value: T) -> Self {
        Self { value: Some(value), field: PhantomData }
    }

    /// A value whose key is gone.
    #[inline]
    pub const fn erased() -> Self {
        Self { value: None, field: PhantomData }
    }

    /// Whether the value's key is gone.
    #[inline]
    pub const fn is_erased(&self) -> bool {
        self.value.is_none()
    }

    /// Overwrites the value and leaves it erased.
    pub fn erase(&mut self) {
        self.value.zeroize();
    }

    /// Transforms without opening: what comes out is under the same rules. A `fn` pointer cannot
    /// capture, so a closure carries nothing out.
    pub fn map<U: Zeroize>(&self, with: fn(&T) -> U) -> Sealed<U, F> {
        Sealed { value: self.value.as_ref().map(with), field: PhantomData }
    }

    /// A second copy under the same rules, for a view that outlives its record. Named, not
    /// `Clone`, so that copies are made on purpose.
    pub fn duplicate(&self) -> Self
    where
        T: Clone,
    {
        self.map(T::clone)
    }

    /// Reads with a sweep key: no check is left to do. `None` when erased.
    #[inline]
    pub fn read<'a>(&'a self, _key: &Key<'a, F>) -> Option<Opened<'a, T>> {
        self.value.as_ref().map(Opened::new)
    }

    #[inline]
    pub(crate) fn take_value(&mut self) -> Option<T> {
        self.value.take()
    }

    #[inline]
    pub(crate) fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }
}

impl<T: Zeroize, F> Drop for Sealed<T, F> {
    fn drop(&mut self) {
        self.value.zeroize();
    }
}

impl<T: Zeroize, F: Field> fmt::Debug for Sealed<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_erased() { "erased" } else { "sealed" };
        write!(f, "<{state} {}>", F::NAME)
    }
}

impl<'de, T: Zeroize + Deserialize<'de>, F> Deserialize<'de> for Sealed<T, F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The inner error may quote the value, so its text is dropped.
        T::deserialize(deserializer)
            .map(Self::new)
            .map_err(|_| D::Error::custom("malformed sealed field"))
    }
}

/// An opened value, borrowed. Not `Send`, so that a spawned task cannot hold it across an
/// `.await`; no `Debug`, so that it does not slip into a log line.
pub struct Opened<'a, T: ?Sized> {
    value: &'a T,
    not_send: PhantomData<*const ()>,
}

impl<'a, T: ?Sized> Opened<'a, T> {
    #[inline]
    pub(crate) const fn new(value: &'a T) -> Self {
        Self { value, not_send: PhantomData }
    }
}

impl<T: ?Sized> Deref for Opened<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.value
    }
}

/// Proof that a grant covers everyone's `F`: made once by [`Grant::sweep`](crate::Grant::sweep),
/// it costs nothing to use.
pub struct Key<'g, F> {
    grant: PhantomData<&'g ()>,
    field: PhantomData<fn() -> F>,
}

impl<F> Key<'_, F> {
    pub(crate) const fn new() -> Self {
        Self { grant: PhantomData, field: PhantomData }
    }
}
