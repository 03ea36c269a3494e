//! `#[derive(Record)]`: clear fields to JSON, sealed fields to parts, and back.

use crate::{
    attrs::{self, Default_, RecordAttr, SerdeAttr, call_site},
    shape,
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Field, Result};

struct Stored<'a> {
    field: &'a Field,
    sealed: bool,
    name: String,
    serde: SerdeAttr,
}

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    attrs::refuse_struct_serde(&input.attrs, "Record")?;
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "`Record`s are not generic"));
    }
    let attr = RecordAttr::of(&input.attrs)?;
    let kind = attr
        .kind
        .ok_or_else(|| call_site("`Record` needs `#[record(kind = \"…\", schema = 1)]`"))?;
    let schema = attr.schema.ok_or_else(|| Error::new(kind.span(), "`schema = 1` is missing"))?;
    let fields = shape::named_fields(input, "Record")?;
    let stored = fields.iter().copied().map(read).collect::<Result<Vec<_>>>()?;
    let this = &input.ident;
    let (to, from) = (to_parts(&stored), from_parts(&stored));
    let retired = &attr.retired;
    Ok(quote! {
        impl ::sarai_seal::Record for #this {
            const KIND: &'static str = #kind;
            const SCHEMA: u16 = #schema;
            fn to_parts(&self)
                -> ::core::result::Result<::sarai_seal::Parts, ::sarai_seal::PartsError> {
                #to
            }
            fn from_parts(parts: ::sarai_seal::Parts)
                -> ::core::result::Result<Self, ::sarai_seal::PartsError> {
                let mut parts = ::sarai_seal::__private::PartsReader::new(
                    <Self as ::sarai_seal::Record>::KIND, parts, &[#(#retired),*]);
                #from
            }
        }
    })
}

fn read(field: &Field) -> Result<Stored<'_>> {
    let serde = SerdeAttr::of(&field.attrs)?;
    let sealed = shape::sealed_type(&field.ty).is_some();
    if sealed && serde.rename.is_some() {
        return Err(Error::new_spanned(
            field,
            "a sealed part is named by its field type: no rename",
        ));
    }
    let name = serde.rename.clone().unwrap_or_else(|| shape::name_of(field));
    Ok(Stored { field, sealed, name, serde })
}

fn to_parts(stored: &[Stored<'_>]) -> TokenStream {
    let any_sealed = stored.iter().any(|s| s.sealed && !s.serde.skip);
    let subject = any_sealed.then(|| quote!(let subject = ::sarai_seal::Personal::subject(self);));
    let puts = stored.iter().filter(|s| !s.serde.skip).map(|s| {
        let (slot, name) = (&s.field.ident, &s.name);
        let put = match s.sealed {
            true => quote!(parts.put_sealed(subject, &self.#slot)?;),
            false => quote!(parts.put_clear(#name, &self.#slot)?;),
        };
        match &s.serde.skip_if {
            Some(test) => quote!(if !#test(&self.#slot) { #put }),
            None => put,
        }
    });
    quote! {
        #subject
        let mut parts = ::sarai_seal::__private::PartsWriter::default();
        #(#puts)*
        ::core::result::Result::Ok(parts.done())
    }
}

fn from_parts(stored: &[Stored<'_>]) -> TokenStream {
    let any_sealed = stored.iter().any(|s| s.sealed && !s.serde.skip);
    let takes = stored.iter().map(|s| {
        let slot = &s.field.ident;
        let take = take(s);
        quote!(#slot: #take)
    });
    let check =
        any_sealed.then(|| quote!(parts.check_subject(::sarai_seal::Personal::subject(&record))?;));
    quote! {
        let record = Self { #(#takes,)* };
        #check
        parts.done()?;
        ::core::result::Result::Ok(record)
    }
}

fn take(s: &Stored<'_>) -> TokenStream {
    let name = &s.name;
    let default = match &s.serde.default {
        Some(Default_::Path(path)) => Some(quote!(#path)),
        Some(Default_::Trait) => Some(quote!(::core::default::Default::default)),
        None => None,
    };
    if s.serde.skip {
        let default = default.unwrap_or_else(|| quote!(::core::default::Default::default));
        return quote!(#default());
    }
    match (s.sealed, default) {
        (false, None) => quote!(parts.take_clear(#name)?),
        (false, Some(default)) => quote!(parts.take_clear_or(#name, #default)?),
        (true, None) => quote!(parts.take_sealed()?),
        (true, Some(default)) => quote!(parts.take_sealed_or(#default)?),
    }
}
