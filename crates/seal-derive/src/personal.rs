//! `#[derive(Personal)]`: field types, `Field`, `Reads`, and the register entry.

use crate::{
    attrs::{PersonalAttr, RecordAttr, call_site},
    shape::{self, SealedType},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, Error, Field, Ident, Result};

/// One personal field, read and checked.
struct Sealed<'a> {
    source: &'a Field,
    ty: SealedType<'a>,
    marker: &'a Ident,
    attr: PersonalAttr,
}

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "`Personal` records are not generic"));
    }
    let fields = shape::named_fields(input, "Personal")?;
    let subject = shape::subject_field(&fields)?.ok_or_else(|| {
        call_site("`Personal` needs `#[subject]` on the field that says whose data it is")
    })?;
    let record = record_name(input)?;
    let mut sealed = Vec::new();
    let mut clear = Vec::new();
    for field in fields.iter().copied() {
        match read_field(&input.ident, field)? {
            Some(found) => sealed.push(found),
            None => clear.push(shape::name_of(field)),
        }
    }
    if sealed.is_empty() {
        return Err(call_site("`Personal` needs at least one `#[personal(…)]` field"));
    }
    let markers = sealed.iter().map(|s| marker(input, &record, s));
    let personal = personal_impl(input, &record, subject, &sealed, &clear);
    Ok(quote! { #(#markers)* #personal })
}

/// The kind given to `Record`, or the struct's name in snake case.
fn record_name(input: &DeriveInput) -> Result<String> {
    let attr = RecordAttr::of(&input.attrs)?;
    Ok(attr.kind.map_or_else(|| shape::snake(&input.ident.to_string()), |kind| kind.value()))
}

fn read_field<'a>(record: &Ident, field: &'a Field) -> Result<Option<Sealed<'a>>> {
    let attr = PersonalAttr::of(&field.attrs)?;
    let ty = shape::sealed_type(&field.ty);
    match (attr, ty) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Error::new_spanned(
            &field.ty,
            "a personal field is `Sealed<T, F>`, or an `Option` or `Vec` of it",
        )),
        (None, Some(_)) => Err(Error::new_spanned(
            field,
            "a sealed field needs `#[personal(class = …, purposes(…), keep = \"…\")]`",
        )),
        (Some(attr), Some(ty)) => {
            let wanted = format!("{record}{}", shape::pascal(&shape::name_of(field)));
            match shape::plain_ident(ty.field) {
                Some(marker) if *marker == wanted => {
                    Ok(Some(Sealed { source: field, ty, marker, attr }))
                }
                _ => Err(Error::new_spanned(
                    ty.field,
                    format!("this field's type is `{wanted}`: the derive declares it"),
                )),
            }
        }
    }
}

fn marker(input: &DeriveInput, record: &str, sealed: &Sealed<'_>) -> TokenStream {
    let Sealed { source, ty, marker, attr } = sealed;
    let (vis, this, slot) = (&input.vis, &input.ident, &source.ident);
    let value = ty.value;
    let name = format!("{record}.{}", shape::name_of(source));
    let doc = format!("The personal field `{name}`.");
    let entry = entry(&name, attr);
    let purposes = &attr.purposes;
    quote! {
        #[doc = #doc]
        #vis enum #marker {}
        impl ::sarai_seal::Field for #marker {
            type Record = #this;
            type Value = #value;
            const NAME: &'static str = #name;
            const ENTRY: ::sarai_seal::FieldEntry = #entry;
            #[inline]
            fn of(record: &#this) -> &[::sarai_seal::Sealed<#value, Self>] {
                ::sarai_seal::__private::Slot::slice(&record.#slot)
            }
        }
        #(impl ::sarai_seal::Reads<#marker> for #purposes {})*
    }
}

fn entry(name: &str, attr: &PersonalAttr) -> TokenStream {
    let PersonalAttr { class, purposes, keep, basis, leaves } = attr;
    let keep = keep.tokens();
    let basis = format_ident!("{}", shape::pascal(basis));
    let leaves = match leaves {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    };
    quote! { ::sarai_seal::FieldEntry {
        name: #name,
        category: ::sarai_seal::Category::#class,
        class: ::sarai_seal::Category::#class.level(),
        purposes: &[#(<#purposes as ::sarai_seal::Purpose>::ENTRY),*],
        basis: ::sarai_seal::Basis::#basis,
        retention: #keep,
        leaves: #leaves,
    } }
}

fn personal_impl(
    input: &DeriveInput,
    record: &str,
    subject: &Field,
    sealed: &[Sealed<'_>],
    clear: &[String],
) -> TokenStream {
    let (this, slot) = (&input.ident, &subject.ident);
    let markers = sealed.iter().map(|s| s.marker);
    quote! {
        impl ::sarai_seal::Personal for #this {
            const ENTRY: ::sarai_seal::RegisterEntry = ::sarai_seal::RegisterEntry {
                record: #record,
                fields: &[#(<#markers as ::sarai_seal::Field>::ENTRY),*],
                clear: &[#(#clear),*],
            };
            #[inline]
            fn subject(&self) -> ::sarai_seal::SubjectId {
                <::sarai_seal::SubjectId as ::core::convert::From<_>>::from(self.#slot)
            }
        }
    }
}
