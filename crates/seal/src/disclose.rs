//! Outward views, and the one road from them to JSON.

use crate::{Denied, Field, Reads, Scope, Sealed, opened::OpenedFields};
use serde::{Serialize, Serializer};
use std::marker::PhantomData;
use zeroize::Zeroize;

/// An outward view that purpose `P` may show. Made by `#[derive(Disclose)]`.
///
/// Clear fields are written as they are; sealed ones (also in `Option`, `Vec` or by reference) as
/// their value, `null` when erased; fields marked `#[view]` are views themselves, alone or in
/// `Option`, `Vec` or `Box`. `#[subject]` says whose the sealed fields are; it is written like any
/// other field unless `#[serde(skip)]`. `rename`, `skip` and `skip_serializing_if` work as in serde.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view that purpose `{P}` may show",
    note = "views derive `Disclose`; each sealed field shown must declare the purpose"
)]
pub trait Disclose<P> {
    /// Whether the scope covers the view's subject, and those of the views within.
    fn check(&self, scope: &Scope) -> Result<(), Denied>;
    /// Notes the sealed fields that are shown.
    fn mark(&self, opened: &OpenedFields);
    /// Writes the view. Only a [`Disclosed`] has the pass for it.
    fn serialize_view<S: Serializer>(
        &self,
        pass: &Pass<P>,
        serializer: S,
    ) -> Result<S::Ok, S::Error>;
}

/// A view that a grant let out: the only serialisable form of sealed data.
pub struct Disclosed<V, P> {
    view: V,
    pass: Pass<P>,
}

impl<V, P> Disclosed<V, P> {
    pub(crate) fn new(view: V) -> Self {
        Self { view, pass: Pass { purpose: PhantomData } }
    }

    /// The view; what is sealed in it stays sealed.
    pub fn view(&self) -> &V {
        &self.view
    }
}

impl<V: Disclose<P>, P> Serialize for Disclosed<V, P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.view.serialize_view(&self.pass, serializer)
    }
}

/// Lets a view write its sealed fields, for one purpose.
pub struct Pass<P> {
    purpose: PhantomData<fn() -> P>,
}

impl<P> Pass<P> {
    /// The wire form of a sealed field.
    pub fn show<'a, W: WireSlot>(&self, slot: &'a W) -> Shown<'a, W>
    where
        P: Reads<W::Field>,
    {
        Shown(slot)
    }

    /// The wire form of a view within.
    pub fn view<'a, V: Disclose<P>>(&'a self, view: &'a V) -> ShownView<'a, V, P> {
        ShownView(view, self)
    }
}

/// A sealed field on its way out.
pub struct Shown<'a, W>(&'a W);

impl<W: WireSlot> Serialize for Shown<'_, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer, Leave(()))
    }
}

/// A view within, on its way out.
pub struct ShownView<'a, V, P>(&'a V, &'a Pass<P>);

impl<V: Disclose<P>, P> Serialize for ShownView<'_, V, P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_view(self.1, serializer)
    }
}

/// Shown that a [`Pass`] was; cannot be made outside this module.
pub struct Leave(());

/// A place in a view that holds sealed values.
pub trait WireSlot {
    /// The field they are of.
    type Field;
    /// Writes the values out.
    fn write<S: Serializer>(&self, serializer: S, leave: Leave) -> Result<S::Ok, S::Error>;
    /// Notes the field if there is a value to show.
    fn mark(&self, opened: &OpenedFields);
}

impl<T: Zeroize + Serialize, F: Field> WireSlot for Sealed<T, F> {
    type Field = F;

    fn write<S: Serializer>(&self, serializer: S, _: Leave) -> Result<S::Ok, S::Error> {
        match self.value() {
            Some(value) => value.serialize(serializer),
            None => serializer.serialize_none(),
        }
    }

    fn mark(&self, opened: &OpenedFields) {
        if !self.is_erased() {
            opened.mark(F::NAME);
        }
    }
}

impl<W: WireSlot> WireSlot for &W {
    type Field = W::Field;

    fn write<S: Serializer>(&self, serializer: S, leave: Leave) -> Result<S::Ok, S::Error> {
        W::write(self, serializer, leave)
    }

    fn mark(&self, opened: &OpenedFields) {
        W::mark(self, opened);
    }
}

impl<W: WireSlot> WireSlot for Option<W> {
    type Field = W::Field;

    fn write<S: Serializer>(&self, serializer: S, leave: Leave) -> Result<S::Ok, S::Error> {
        match self {
            Some(slot) => slot.write(serializer, leave),
            None => serializer.serialize_none(),
        }
    }

    fn mark(&self, opened: &OpenedFields) {
        self.iter().for_each(|slot| slot.mark(opened));
    }
}

impl<W: WireSlot> WireSlot for Vec<W> {
    type Field = W::Field;

    fn write<S: Serializer>(&self, serializer: S, _: Leave) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Shown))
    }

    fn mark(&self, opened: &OpenedFields) {
        self.iter().for_each(|slot| slot.mark(opened));
    }
}

impl<P, V: Disclose<P>> Disclose<P> for Vec<V> {
    fn check(&self, scope: &Scope) -> Result<(), Denied> {
        self.iter().try_for_each(|view| view.check(scope))
    }

    fn mark(&self, opened: &OpenedFields) {
        self.iter().for_each(|view| view.mark(opened));
    }

    fn serialize_view<S: Serializer>(
        &self,
        pass: &Pass<P>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|view| ShownView(view, pass)))
    }
}

impl<P, V: Disclose<P>> Disclose<P> for Option<V> {
    fn check(&self, scope: &Scope) -> Result<(), Denied> {
        self.iter().try_for_each(|view| view.check(scope))
    }

    fn mark(&self, opened: &OpenedFields) {
        self.iter().for_each(|view| view.mark(opened));
    }

    fn serialize_view<S: Serializer>(
        &self,
        pass: &Pass<P>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match self {
            Some(view) => view.serialize_view(pass, serializer),
            None => serializer.serialize_none(),
        }
    }
}

impl<P, V: Disclose<P>> Disclose<P> for Box<V> {
    fn check(&self, scope: &Scope) -> Result<(), Denied> {
        V::check(self, scope)
    }

    fn mark(&self, opened: &OpenedFields) {
        V::mark(self, opened);
    }

    fn serialize_view<S: Serializer>(
        &self,
        pass: &Pass<P>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        V::serialize_view(self, pass, serializer)
    }
}

impl<P, V: Disclose<P>> Disclose<P> for &V {
    fn check(&self, scope: &Scope) -> Result<(), Denied> {
        V::check(self, scope)
    }

    fn mark(&self, opened: &OpenedFields) {
        V::mark(self, opened);
    }

    fn serialize_view<S: Serializer>(
        &self,
        pass: &Pass<P>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        V::serialize_view(self, pass, serializer)
    }
}
