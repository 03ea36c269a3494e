//! Path ids and query parameters, strictly: a wrong id is `id_malformed` before any look-up, an unknown parameter is an error.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use crate::{app::App, problem::Problem};

/// Ids of the path: one id, or a tuple or struct of several.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let found = Path::<T>::from_request_parts(parts, app).await;
        found.map(|Path(ids)| Self(ids)).map_err(|_| Problem::new("id_malformed"))
    }
}

/// Query parameters of a type with `deny_unknown_fields`.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// Longest query.
const QUERY_BYTES_MAX: usize = 4 * 1024;

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let refused = || Problem::new("parameter_unknown");
        if query.len() > QUERY_BYTES_MAX {
            return Err(refused());
        }
        let mut names = std::collections::HashSet::new();
        if !url::form_urlencoded::parse(query.as_bytes()).all(|(name, _)| names.insert(name)) {
            return Err(refused());
        }
        let found = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        found.map(|axum::extract::Query(value)| Self(value)).map_err(|_| refused())
    }
}

/// A list's query without filters.
#[derive(Debug, Clone, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Rows wanted, 1 to 100; 20 if not given.
    #[schema(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// Where the last page ended.
    #[schema(max_length = 1024)]
    pub cursor: Option<String>,
}
