//! The app catalogue, public: in F-Droid's own layout for its clients, as JSON for the pages. What an order of an authority takes off
//! leaves the index at once and its download answers 451; nobody's phone is touched.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sarai_kernel::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio_util::io::ReaderStream;
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    params::Params,
    problem::Problem,
    shelf::{Published, Shelf, ShelfApp, ShelfFault},
    spec::{Class, Routes, Spec},
    who::Anybody,
};

pub(super) fn routes() -> Routes {
    let get = |path, id, title| Spec::get(path, id, title).anyone();
    Routes::new()
        .add(
            get("/catalogue/apps", "catalogue_apps", "Apps of the catalogue, for the pages")
                .answers::<Apps>(200),
            apps,
        )
        .add(
            get(
                "/catalogue/labels/{package}",
                "catalogue_label",
                "What an app takes, read from its package",
            )
            .answers_bytes("application/json"),
            label,
        )
        .add(
            get("/catalogue/repo/entry.jar", "catalogue_entry_jar", "F-Droid: the signed entry")
                .answers_bytes("application/java-archive"),
            entry_jar,
        )
        .add(
            get("/catalogue/repo/entry.json", "catalogue_entry", "F-Droid: the entry")
                .answers_bytes("application/json"),
            entry,
        )
        .add(
            get(
                "/catalogue/repo/index-v2.json",
                "catalogue_index",
                "F-Droid: the index of version 2",
            )
            .answers_bytes("application/json"),
            index,
        )
        .add(
            get("/catalogue/repo/{file}", "catalogue_package", "An app's package")
                .answers_bytes(PACKAGE)
                .class(Class::Export)
                .problems(&["blocked_by_directive"]),
            package,
        )
}

const PACKAGE: &str = "application/vnd.android.package-archive";
/// Bytes of a package that are read at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// Apps of the catalogue.
#[derive(Serialize, ToSchema)]
struct Apps {
    /// Android packages, the newest version of each.
    apps: Vec<Listed>,
    /// The pages themselves, which install from the browser and ask for nothing at installation.
    pwa: Pwa,
    repo: Repo,
}

/// An app with what stands against it.
#[derive(Serialize, ToSchema)]
struct Listed {
    #[serde(flatten)]
    app: ShelfApp,
    /// The order that keeps it from being downloaded, in the form of a 451's member `legal`; installed copies go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    delisted: Option<Value>,
}

/// The pages as an app.
#[derive(Serialize, ToSchema)]
struct Pwa {
    name: String,
    manifest: &'static str,
    /// Permissions that it may ask for, each when it is needed and not before.
    permissions: [&'static str; 3],
}

/// How clients reach the repository.
#[derive(Serialize, ToSchema)]
struct Repo {
    address: String,
    /// SHA-256 of the signing certificate.
    fingerprint: String,
}

impl From<ShelfFault> for Problem {
    fn from(_: ShelfFault) -> Self {
        Self::new("internal")
    }
}

/// Asks the shelf away from the threads that serve.
async fn ask<T: Send + 'static>(
    app: &Arc<App>,
    question: impl FnOnce(&dyn Shelf) -> Result<T, ShelfFault> + Send + 'static,
) -> Result<T, Problem> {
    let shelf = Arc::clone(&app.shelf);
    let answer = tokio::task::spawn_blocking(move || question(shelf.as_ref())).await;
    Ok(answer.unwrap_or(Err(ShelfFault))?)
}

/// Packages on the shelf that an order keeps out.
async fn delisted(app: &Arc<App>, now: Timestamp) -> Result<BTreeSet<String>, Problem> {
    let all = ask(app, |shelf| shelf.apps()).await?;
    let out = |app_: &ShelfApp| app.gate.orders().app(&app_.package, now).is_err();
    Ok(all.into_iter().filter(out).map(|app_| app_.package).collect())
}

async fn apps(State(app): Ctx, Anybody { now, .. }: Anybody) -> Result<Response, Problem> {
    let (all, address, fingerprint) =
        ask(&app, |shelf| Ok((shelf.apps()?, shelf.address(), shelf.fingerprint()))).await?;
    let listed: Vec<Listed> = all
        .into_iter()
        .map(|found| {
            let order = app.gate.orders().app(&found.package, now).err();
            let delisted = order.and_then(|refusal| refusal.facts.get("legal").cloned());
            Listed { app: found, delisted }
        })
        .collect();
    let ordered = listed.iter().any(|listed| listed.delisted.is_some());
    let pwa = Pwa {
        name: app.config.name.clone(),
        manifest: "/manifest.webmanifest",
        permissions: ["geolocation", "notifications", "camera"],
    };
    let body = Apps { apps: listed, pwa, repo: Repo { address, fingerprint } };
    let mut response = axum::Json(body).into_response();
    cache(response.headers_mut(), ordered);
    Ok(response)
}

/// Five minutes, but while an order is obeyed: then every answer is asked for anew.
fn cache(headers: &mut HeaderMap, ordered: bool) {
    let value = if ordered { "no-cache" } else { "public, max-age=300" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
}

async fn label(State(app): Ctx, Params(package): Params<String>) -> Result<Response, Problem> {
    let found = ask(&app, move |shelf| shelf.label(&package)).await?;
    let label = found.ok_or_else(|| Problem::new("not_found"))?;
    let mut response = axum::Json(label).into_response();
    cache(response.headers_mut(), false);
    Ok(response)
}

async fn entry_jar(State(app): Ctx, Anybody { now, .. }: Anybody) -> Result<Response, Problem> {
    published(&app, now, "application/java-archive", |all| all.entry_jar.clone()).await
}

async fn entry(State(app): Ctx, Anybody { now, .. }: Anybody) -> Result<Response, Problem> {
    published(&app, now, "application/json", |all| all.entry_json.clone()).await
}

async fn index(State(app): Ctx, Anybody { now, .. }: Anybody) -> Result<Response, Problem> {
    published(&app, now, "application/json", |all| all.index_json.clone()).await
}

async fn published(
    app: &Arc<App>,
    now: Timestamp,
    media: &'static str,
    part: fn(&Published) -> Vec<u8>,
) -> Result<Response, Problem> {
    let out = delisted(app, now).await?;
    let ordered = !out.is_empty();
    let all = ask(app, move |shelf| shelf.published(&out, now)).await?;
    let mut response = ([(header::CONTENT_TYPE, media)], part(&all)).into_response();
    cache(response.headers_mut(), ordered);
    Ok(response)
}

async fn package(
    State(app): Ctx,
    Anybody { now, .. }: Anybody,
    Params(file): Params<String>,
) -> Result<Response, Problem> {
    let found = ask(&app, move |shelf| shelf.file(&file)).await?;
    let found = found.ok_or_else(|| Problem::new("not_found"))?;
    app.gate.orders().app(&found.package, now)?;
    let opened = tokio::fs::File::open(&found.path).await.map_err(|_| ShelfFault)?;
    let size = opened.metadata().await.map_err(|_| ShelfFault)?.len();
    let pieces = ReaderStream::with_capacity(opened, PIECE_BYTES);
    let mut response = Response::new(Body::from_stream(pieces));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PACKAGE));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", found.sha256)) {
        headers.insert(header::ETAG, tag);
    }
    cache(headers, false);
    Ok(response)
}
