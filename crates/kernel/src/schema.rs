//! Schemas of the wire's document for what the kernel itself writes to JSON: ids, moments, money, windows.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{AdditionalProperties, KnownFormat, Object, Schema, SchemaFormat, Type},
    },
};

use crate::{Currency, Id, Money, Timestamp, Window, id::Noun, money::AMOUNT_MINOR_MAX};

impl<N: Noun> PartialSchema for Id<N> {
    fn schema() -> RefOr<Schema> {
        Object::builder()
            .schema_type(Type::String)
            .pattern(Some(format!("^{}_[0-7][0-9abcdefghjkmnpqrstvwxyz]{{25}}$", N::PREFIX)))
            .max_length(Some(N::PREFIX.len() + 27))
            .into()
    }
}
impl<N: Noun> ToSchema for Id<N> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Id_{}", N::PREFIX))
    }
}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        Object::builder()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .max_length(Some(40))
            .into()
    }
}
impl ToSchema for Timestamp {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Time")
    }
}

impl PartialSchema for Currency {
    fn schema() -> RefOr<Schema> {
        Object::builder()
            .schema_type(Type::String)
            .pattern(Some("^[A-Z]{3}$"))
            .max_length(Some(3))
            .into()
    }
}
impl ToSchema for Currency {}

impl PartialSchema for Money {
    fn schema() -> RefOr<Schema> {
        let bound = AMOUNT_MINOR_MAX;
        Object::builder()
            .property(
                "amount_minor",
                Object::builder()
                    .schema_type(Type::Integer)
                    .minimum(Some(-bound))
                    .maximum(Some(bound)),
            )
            .property("currency", Currency::schema())
            .required("amount_minor")
            .required("currency")
            .additional_properties(Some(AdditionalProperties::FreeForm(false)))
            .into()
    }
}
impl ToSchema for Money {}

impl PartialSchema for Window {
    fn schema() -> RefOr<Schema> {
        Object::builder()
            .property("from", Timestamp::schema())
            .property("to", Timestamp::schema())
            .property(
                "zone",
                Object::builder()
                    .schema_type(Type::String)
                    .pattern(Some("^[A-Za-z_+-]+(/[A-Za-z0-9_+-]+)*$"))
                    .max_length(Some(64)),
            )
            .required("from")
            .required("to")
            .additional_properties(Some(AdditionalProperties::FreeForm(false)))
            .into()
    }
}
impl ToSchema for Window {}
