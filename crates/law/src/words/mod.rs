//! Closed vocabularies: the words of the schema as Rust values, and sets of them.
//!
//! A word that is not listed cannot be said, and a test holds each list against the schema.

mod country;
mod law;
mod operator;
mod payload;
mod recipient;

pub use country::Country;
pub use law::{Consent, Event, Jurisdiction, Lift, Requirement};
pub use operator::{Operator, Sector, Venue};
pub use payload::{Class, Kind};
pub use recipient::{Aim, Basis, Deal, Ground, RecipientKind};

use std::{fmt, hash::Hash, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A word of a closed vocabulary. There are at most 64 of a kind.
pub trait Word: Copy + Eq + Hash + fmt::Debug + 'static {
    /// The schema's name of the vocabulary.
    const KIND: &'static str;
    /// All of them, in order.
    const ALL: &'static [Self];
    /// As it stands in the schema and on the wire.
    fn word(self) -> &'static str;
    /// Its place in [`Self::ALL`].
    fn index(self) -> u8;
    /// The word that is written so.
    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.word() == word)
    }
}

/// A set of words.
pub struct Set<T>(u64, PhantomData<T>);

impl<T: Word> Set<T> {
    /// None of them.
    pub const fn empty() -> Self {
        Self(0, PhantomData)
    }

    /// These.
    pub fn of(words: &[T]) -> Self {
        words.iter().copied().collect()
    }

    /// With one more.
    pub fn insert(&mut self, word: T) {
        self.0 |= 1 << word.index();
    }

    /// Whether it is in.
    pub fn contains(self, word: T) -> bool {
        self.0 & (1 << word.index()) != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those of either.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0, PhantomData)
    }

    /// Whether they share one.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// One bit each, in order.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// In order.
    pub fn iter(self) -> impl Iterator<Item = T> {
        T::ALL.iter().copied().filter(move |word| self.contains(*word))
    }
}

impl<T> Clone for Set<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Set<T> {}
impl<T> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Set<T> {}
impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(0, PhantomData)
    }
}
impl<T: Word> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(T::word)).finish()
    }
}
impl<T: Word> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(words: I) -> Self {
        let mut set = Self::empty();
        words.into_iter().for_each(|word| set.insert(word));
        set
    }
}
impl<T: Word> Serialize for Set<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(T::word))
    }
}
impl<'de, T: Word + Deserialize<'de>> Deserialize<'de> for Set<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Vec::<T>::deserialize(from).map(|words| words.into_iter().collect())
    }
}

/// What is said of a word that is not one.
pub(crate) fn unknown<E: de::Error>(kind: &str, word: &str, known: &[&str]) -> E {
    let shown: String = word.chars().take(40).collect();
    E::custom(format!("`{shown}` is not one of {kind}: {}", known.join(", ")))
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* $variant,)+ }

        impl $crate::words::Word for $name {
            const KIND: &'static str = stringify!($name);
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
            fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
            fn index(self) -> u8 {
                self as u8
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str($crate::words::Word::word(*self))
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = std::borrow::Cow::<str>::deserialize(from)?;
                <Self as $crate::words::Word>::of(&word)
                    .ok_or_else(|| $crate::words::unknown(stringify!($name), &word, &[$($word,)+]))
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::words::Word::word(*self))
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let set = Set::of(&[Kind::Face, Kind::Track]);
        assert_eq!(set.iter().map(Kind::word).collect::<Vec<_>>(), ["track", "face"]);
        assert!(set.contains(Kind::Face) && !set.contains(Kind::Contact));
        assert!(Set::<Kind>::empty().is_empty() && !set.is_empty());
    }

    #[test]
    fn every_word_is_itself_and_there_are_no_more_than_64() {
        fn check<T: Word>() {
            assert!(T::ALL.len() <= 64, "{}", T::KIND);
            for (at, word) in T::ALL.iter().enumerate() {
                assert_eq!(usize::from(word.index()), at);
                assert_eq!(T::of(word.word()), Some(*word));
            }
        }
        check::<Kind>();
        check::<Ground>();
        check::<Requirement>();
        check::<Event>();
        check::<Sector>();
        check::<Aim>();
    }
}
