//! The derives of `sarai-seal`: `Personal`, `Disclose` and `Record`.
//!
//! What it never knows: any purpose, any record, any key. It only turns declarations into the
//! impls that `sarai-seal` documents.
//!
//! Start at `shape.rs`: what a struct looks like once its attributes are read.

mod attrs;
mod disclose;
mod personal;
mod record;
mod retention;
mod shape;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Declares the personal fields of a record: their field types, who may read them, and the
/// record's entry in the register. See `sarai_seal::Personal`.
#[proc_macro_derive(Personal, attributes(personal, subject, record))]
pub fn derive_personal(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), personal::expand)
}

/// Makes a struct an outward view that a grant can disclose. See `sarai_seal::Disclose`.
#[proc_macro_derive(Disclose, attributes(subject, view, serde))]
pub fn derive_disclose(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), disclose::expand)
}

/// Takes a record apart into clear JSON and sealed parts, and puts it together again.
/// See `sarai_seal::Record`.
#[proc_macro_derive(Record, attributes(record, serde))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), record::expand)
}

fn expand(
    input: DeriveInput,
    with: fn(&DeriveInput) -> syn::Result<proc_macro2::TokenStream>,
) -> TokenStream {
    with(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
