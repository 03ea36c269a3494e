//! What the derives see of a struct: its named fields, and which of them hold sealed values.

use syn::{
    Attribute, Data, DeriveInput, Error, Field, Fields, GenericArgument, Ident, PathArguments,
    Result, Type, ext::IdentExt,
};

/// The two arguments of a `Sealed<T, F>` found in a field's type.
pub struct SealedType<'a> {
    pub value: &'a Type,
    pub field: &'a Type,
}

/// The named fields of a struct, or an error that says what else it is.
pub fn named_fields<'a>(input: &'a DeriveInput, derive: &str) -> Result<Vec<&'a Field>> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(fields.named.iter().collect()),
            _ => Err(Error::new_spanned(&input.ident, format!("`{derive}` needs named fields"))),
        },
        _ => Err(Error::new_spanned(&input.ident, format!("`{derive}` is for structs only"))),
    }
}

/// The name of a named field, without `r#`.
pub fn name_of(field: &Field) -> String {
    field.ident.as_ref().map(|i| i.unraw().to_string()).unwrap_or_default()
}

pub fn has_attr(attrs: &[Attribute], name: &str) -> bool {
    attrs.iter().any(|a| a.path().is_ident(name))
}

/// `Sealed<T, F>` itself, or inside a reference or a one-argument wrapper such as
/// `Option`, `Vec` or `Box`.
pub fn sealed_type(ty: &Type) -> Option<SealedType<'_>> {
    match ty {
        Type::Reference(r) => sealed_type(&r.elem),
        Type::Paren(p) => sealed_type(&p.elem),
        Type::Group(g) => sealed_type(&g.elem),
        Type::Path(p) => {
            let last = p.path.segments.last()?;
            let PathArguments::AngleBracketed(args) = &last.arguments else {
                return None;
            };
            let types: Vec<&Type> = args
                .args
                .iter()
                .filter_map(|a| match a {
                    GenericArgument::Type(t) => Some(t),
                    _ => None,
                })
                .collect();
            match (last.ident == "Sealed", types.as_slice()) {
                (true, [value, field]) => Some(SealedType { value, field }),
                (false, [inner]) => sealed_type(inner),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The single identifier of a path type, as in `RiderPhone`.
pub fn plain_ident(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(p) if p.qself.is_none() => p.path.get_ident(),
        _ => None,
    }
}

/// `contact_phone` -> `ContactPhone`.
pub fn pascal(snake: &str) -> String {
    snake
        .split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|c| c.to_uppercase().chain(letters).collect::<String>())
        })
        .collect()
}

/// `ContactPhone` -> `contact_phone`.
pub fn snake(pascal: &str) -> String {
    let mut out = String::with_capacity(pascal.len() + 4);
    for (i, c) in pascal.char_indices() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The one field marked `#[subject]`, if any; an error when there are two.
pub fn subject_field<'a>(fields: &[&'a Field]) -> Result<Option<&'a Field>> {
    let mut marked = fields.iter().copied().filter(|f| has_attr(&f.attrs, "subject"));
    let first = marked.next();
    match marked.next() {
        Some(second) => Err(Error::new_spanned(
            second,
            "`#[subject]` marks exactly one field: this is a second",
        )),
        None => Ok(first),
    }
}

#[cfg(test)]
mod tests {
    use super::{pascal, sealed_type, snake};

    #[test]
    fn names_change_case_and_back() {
        assert_eq!(pascal("contact_phone"), "ContactPhone");
        assert_eq!(snake("ContactPhone"), "contact_phone");
        assert_eq!(snake(&pascal("note")), "note");
    }

    #[test]
    fn sealed_is_found_in_wrappers_only() {
        let found = |s: &str| sealed_type(&syn::parse_str(s).unwrap()).is_some();
        assert!(found("Sealed<Phone, RiderPhone>"));
        assert!(found("Option<sarai_seal::Sealed<Phone, RiderPhone>>"));
        assert!(found("&'a Sealed<Phone, RiderPhone>"));
        assert!(found("Vec<Option<Sealed<Phone, RiderPhone>>>"));
        assert!(!found("Option<Phone>"));
        assert!(!found("HashMap<String, Phone>"));
    }
}
