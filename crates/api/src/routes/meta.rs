//! `GET /openapi.json`: the document.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use crate::spec::{Routes, Spec};

pub(super) fn routes() -> Routes {
    let spec = Spec::get("/openapi.json", "openapi", "The OpenAPI document");
    Routes::new().add(spec.anyone().answers_bytes("application/json"), openapi)
}

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(super::openapi().to_string()));

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.clone()).into_response()
}
