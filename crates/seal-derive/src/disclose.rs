//! `#[derive(Disclose)]`: an outward view, with one `Reads` bound for each sealed field shown.

use crate::{
    attrs::{self, SerdeAttr},
    shape,
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{DeriveInput, Error, Field, GenericParam, Result, parse_quote};

enum Kind {
    Clear,
    Sealed,
    View,
}

struct Shown<'a> {
    field: &'a Field,
    kind: Kind,
    name: String,
    serde: SerdeAttr,
}

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    attrs::refuse_struct_serde(&input.attrs, "Disclose")?;
    let fields = shape::named_fields(input, "Disclose")?;
    let subject = shape::subject_field(&fields)?;
    let shown = fields.iter().copied().map(read).collect::<Result<Vec<_>>>()?;
    if subject.is_none()
        && let Some(sealed) = shown.iter().find(|s| matches!(s.kind, Kind::Sealed))
    {
        return Err(Error::new_spanned(
            sealed.field,
            "a view with sealed fields needs `#[subject]` on the field that says whose they are",
        ));
    }
    Ok(imp(input, subject, &shown))
}

fn read(field: &Field) -> Result<Shown<'_>> {
    let serde = SerdeAttr::of(&field.attrs)?;
    let sealed = shape::sealed_type(&field.ty).is_some();
    let view = shape::has_attr(&field.attrs, "view");
    let kind = match (sealed, view) {
        (true, true) => {
            return Err(Error::new_spanned(field, "a sealed field is not a `#[view]`"));
        }
        (true, false) => Kind::Sealed,
        (false, true) => Kind::View,
        (false, false) => Kind::Clear,
    };
    let name = serde.rename.clone().unwrap_or_else(|| shape::name_of(field));
    Ok(Shown { field, kind, name, serde })
}

fn imp(input: &DeriveInput, subject: Option<&Field>, shown: &[Shown<'_>]) -> TokenStream {
    let this = &input.ident;
    let (_, ty_generics, _) = input.generics.split_for_impl();
    let mut generics = input.generics.clone();
    generics.params.push(GenericParam::Type(parse_quote!(__P)));
    let where_clause = generics.make_where_clause();
    for s in shown.iter().filter(|s| !s.serde.skip) {
        let ty = &s.field.ty;
        match s.kind {
            Kind::Clear => {}
            Kind::Sealed => where_clause.predicates.push(sealed_bound(ty)),
            Kind::View => {
                where_clause.predicates.push(parse_quote!(#ty: ::sarai_seal::Disclose<__P>));
            }
        }
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let admit = subject.map(|f| {
        let slot = &f.ident;
        quote!(scope.admit(<::sarai_seal::SubjectId as ::core::convert::From<_>>::from(self.#slot))?;)
    });
    let (checks, marks) = (checks(shown), marks(shown));
    let body = serialise(this, shown);
    quote! {
        impl #impl_generics ::sarai_seal::Disclose<__P> for #this #ty_generics #where_clause {
            fn check(&self, scope: &::sarai_seal::Scope)
                -> ::core::result::Result<(), ::sarai_seal::Denied> {
                #admit
                #checks
                ::core::result::Result::Ok(())
            }
            fn mark(&self, opened: &::sarai_seal::__private::OpenedFields) {
                #marks
            }
            fn serialize_view<__S: ::sarai_seal::__private::serde::Serializer>(
                &self,
                pass: &::sarai_seal::__private::Pass<__P>,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                #body
            }
        }
    }
}

/// `P: Reads<F>`, with `F` as written so that the compiler's message names it.
fn sealed_bound(ty: &syn::Type) -> syn::WherePredicate {
    match shape::sealed_type(ty) {
        Some(found) => {
            let field = found.field;
            parse_quote!(__P: ::sarai_seal::Reads<#field>)
        }
        None => parse_quote!(#ty: ::sarai_seal::Disclose<__P>),
    }
}

fn checks(shown: &[Shown<'_>]) -> TokenStream {
    each(shown, |s| match s.kind {
        Kind::View => {
            let slot = &s.field.ident;
            quote!(::sarai_seal::Disclose::<__P>::check(&self.#slot, scope)?;)
        }
        _ => quote!(),
    })
}

fn marks(shown: &[Shown<'_>]) -> TokenStream {
    each(shown, |s| {
        let slot = &s.field.ident;
        match s.kind {
            Kind::Clear => quote!(),
            Kind::Sealed => quote!(::sarai_seal::__private::WireSlot::mark(&self.#slot, opened);),
            Kind::View => quote!(::sarai_seal::Disclose::<__P>::mark(&self.#slot, opened);),
        }
    })
}

fn each(shown: &[Shown<'_>], with: impl Fn(&Shown<'_>) -> TokenStream) -> TokenStream {
    shown.iter().filter(|s| !s.serde.skip).map(with).collect()
}

fn serialise(this: &syn::Ident, shown: &[Shown<'_>]) -> TokenStream {
    let name = this.to_string();
    let count = shown.iter().filter(|s| !s.serde.skip).count();
    let members = each(shown, |s| {
        let (slot, key) = (&s.field.ident, &s.name);
        let value = match s.kind {
            Kind::Clear => quote!(&self.#slot),
            Kind::Sealed => quote!(&pass.show(&self.#slot)),
            Kind::View => quote!(&pass.view(&self.#slot)),
        };
        let write = quote!(serialize_field(&mut members, #key, #value)?;);
        match &s.serde.skip_if {
            None => quote!(::sarai_seal::__private::serde::ser::SerializeStruct::#write),
            Some(test) => quote! {
                if #test(&self.#slot) {
                    ::sarai_seal::__private::serde::ser::SerializeStruct::skip_field(&mut members, #key)?;
                } else {
                    ::sarai_seal::__private::serde::ser::SerializeStruct::#write
                }
            },
        }
    });
    quote! {
        let mut members = ::sarai_seal::__private::serde::Serializer::serialize_struct(
            serializer, #name, #count)?;
        #members
        ::sarai_seal::__private::serde::ser::SerializeStruct::end(members)
    }
    .into_token_stream()
}
