//! Categories, kinds and classes on the wire: by their stable codes.

use sarai_detect::{Category, Class, Kind};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// The word of a class.
pub const fn class_word(class: Class) -> &'static str {
    match class {
        Class::General => "general",
        Class::Organisation => "organisation",
        Class::Personal => "personal",
        Class::Sensitive => "sensitive",
        Class::Credential => "credential",
        Class::ImportantCandidate => "important_candidate",
    }
}

/// Every class.
pub const CLASSES: &[Class] = &[
    Class::General,
    Class::Organisation,
    Class::Personal,
    Class::Sensitive,
    Class::Credential,
    Class::ImportantCandidate,
];

/// The class of a word.
pub fn class_of(word: &str) -> Option<Class> {
    CLASSES.iter().copied().find(|class| class_word(*class) == word)
}

/// A category by its code.
pub mod category {
    use super::{Category, Deserialize, Deserializer, Error, Serializer};

    /// Writes the code.
    pub fn serialize<S: Serializer>(category: &Category, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(category.code())
    }

    /// Reads the code.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Category, D::Error> {
        let code = String::deserialize(from)?;
        Category::from_code(&code).ok_or_else(|| D::Error::custom("no such category"))
    }
}

/// A kind by its code, or null.
pub mod kind {
    use super::{Deserialize, Deserializer, Error, Kind, Serializer};

    /// Writes the code.
    pub fn serialize<S: Serializer>(kind: &Option<Kind>, to: S) -> Result<S::Ok, S::Error> {
        match kind {
            Some(kind) => to.serialize_some(kind.code()),
            None => to.serialize_none(),
        }
    }

    /// Reads the code.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Kind>, D::Error> {
        Option::<String>::deserialize(from)?
            .map(|code| Kind::from_code(&code).ok_or_else(|| D::Error::custom("no such kind")))
            .transpose()
    }
}

/// A class by its word.
pub mod class {
    use super::{Class, Deserialize, Deserializer, Error, Serializer, class_of, class_word};

    /// Writes the word.
    pub fn serialize<S: Serializer>(class: &Class, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(class_word(*class))
    }

    /// Reads the word.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Class, D::Error> {
        let word = String::deserialize(from)?;
        class_of(&word).ok_or_else(|| D::Error::custom("no such class"))
    }
}

/// A category by its code, or null.
pub mod category_or_none {
    use super::{Category, Deserialize, Deserializer, Error, Serializer};

    /// Writes the code.
    pub fn serialize<S: Serializer>(category: &Option<Category>, to: S) -> Result<S::Ok, S::Error> {
        match category {
            Some(category) => to.serialize_some(category.code()),
            None => to.serialize_none(),
        }
    }

    /// Reads the code.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Category>, D::Error> {
        Option::<String>::deserialize(from)?
            .map(|code| {
                Category::from_code(&code).ok_or_else(|| D::Error::custom("no such category"))
            })
            .transpose()
    }
}
