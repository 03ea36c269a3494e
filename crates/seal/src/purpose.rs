//! Declared reasons of use.

use serde::Serialize;

/// A purpose as the register and the audit log name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct PurposeEntry {
    /// Short name: `dispatch`.
    pub name: &'static str,
    /// What is told to the person, in English.
    pub en: &'static str,
    /// What is told to the person, in Chinese.
    pub zh: &'static str,
}

/// A declared reason to use personal data. Made by [`purpose!`](crate::purpose), never by hand.
pub trait Purpose: Sized + 'static {
    /// Name and legal descriptions.
    const ENTRY: PurposeEntry;
    /// Short name, as in `ENTRY`.
    const NAME: &'static str = Self::ENTRY.name;
}

/// Declares purposes: unit types, each with its name and its legal description in two languages.
///
/// ```
/// sarai_seal::purpose! {
///     /// Bringing a load to its receiver.
///     pub Deliver = "deliver",
///         en: "To carry out the transport you ordered or accepted.",
///         zh: "为履行您下单或承接的运输。";
/// }
/// # use sarai_seal::Purpose;
/// assert_eq!(Deliver::NAME, "deliver");
/// ```
#[macro_export]
macro_rules! purpose {
    ($($(#[$meta:meta])* $vis:vis $name:ident = $text:literal, en: $en:literal, zh: $zh:literal;)+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug)]
            $vis struct $name;
            impl $crate::Purpose for $name {
                const ENTRY: $crate::PurposeEntry =
                    $crate::PurposeEntry { name: $text, en: $en, zh: $zh };
            }
        )+
    };
}
