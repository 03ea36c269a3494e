//! Files: announced, filled, read, removed.

mod sides;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sarai_account::{
    model::{File, FilePurpose, FileState},
    rules::picture::PAPER_BYTES_MAX,
    usecase::files::{self, NewFile},
};
use sarai_kernel::{FileId, Kind, Stored};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    body::Raw,
    params::Params,
    post::Post,
    problem::Problem,
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

const MEDIA: &[&str] = &["image/jpeg", "image/png", "image/webp", "application/pdf"];
/// A little over the largest file, so that the file itself says why it was refused.
const BODY_BYTES_MAX: usize = PAPER_BYTES_MAX as usize + 1_024;

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::post("/v1/files", "file_post", "Announce a file")
                .relation("any")
                .body::<FileRequest>()
                .answers::<FileRecord>(201)
                .problems(&["quota_spent"]),
            announce,
        )
        .add(
            Spec::put("/v1/files/{id}/content", "file_content_put", "Fill a file")
                .relation("owner")
                .bytes_in(MEDIA, BODY_BYTES_MAX)
                .answers::<FileRecord>(200)
                .problems(&["transition_refused", "media_type_refused", "body_too_large"]),
            fill,
        )
        .add(
            Spec::get("/v1/files/{id}", "file_get", "A file's state")
                .relation("owner")
                .answers::<FileRecord>(200),
            read,
        )
        .add(
            Spec::get("/v1/files/{id}/content", "file_content_get", "A file's content")
                .relation("owner; readers of what it is attached to")
                .opens("self_access, verify, deliver, resolve, publish", "open")
                .answers_bytes("application/octet-stream")
                .problems(&["not_found", "purpose_not_allowed", "key_destroyed"]),
            content,
        )
        .add(
            Spec::delete("/v1/files/{id}", "file_delete", "Remove a file")
                .relation("owner")
                .problems(&["transition_refused"]),
            remove,
        )
}

/// What is announced of a file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FileRequest {
    #[schema(value_type = String, pattern = "^(proof_photo|load_photo|paper|evidence)$")]
    purpose: FilePurpose,
    #[schema(max_length = 40)]
    media_type: String,
    #[schema(minimum = 1)]
    bytes: u64,
    #[schema(pattern = "^[0-9a-fA-F]{64}$", max_length = 64)]
    sha256: String,
}

/// What is known of a file.
#[derive(Debug, Serialize, ToSchema)]
struct FileRecord {
    id: FileId,
    state: &'static str,
    media_type: String,
    bytes: u64,
    width_px: Option<u32>,
    height_px: Option<u32>,
    reason: Option<String>,
}

fn view(file: Stored<File>) -> FileRecord {
    let record = file.record;
    FileRecord {
        id: FileId::from_uuid(file.id),
        state: match record.state {
            FileState::Empty => "empty",
            FileState::Ready => "ready",
            FileState::Refused => "refused",
        },
        media_type: record.media_type,
        bytes: record.bytes,
        width_px: record.width_px,
        height_px: record.height_px,
        reason: record.reason,
    }
}

async fn announce(State(app): Ctx, post: Post<FileRequest>) -> Result<Response, Problem> {
    let account = &app.account;
    let caller = post.asked.caller.clone();
    let done = post
        .once(&app, |asked| async move {
            let FileRequest { purpose, media_type, bytes, sha256 } = asked.body;
            let new = NewFile { purpose, media_type, bytes, sha256 };
            files::announce(account, &asked.caller, new, asked.command).await
        })
        .await?;
    let file = files::owned(account, &caller, done.id()?).await?;
    Ok(done.show(view(file)))
}

async fn fill(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<FileId>,
    raw: Raw,
) -> Result<axum::Json<FileRecord>, Problem> {
    files::fill(&app.account, &caller, id, &raw.media, raw.bytes.to_vec(), now).await?;
    Ok(axum::Json(view(files::owned(&app.account, &caller, id).await?)))
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Params(id): Params<FileId>,
) -> Result<axum::Json<FileRecord>, Problem> {
    Ok(axum::Json(view(files::owned(&app.account, &caller, id).await?)))
}

async fn content(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<FileId>,
) -> Result<Response, Problem> {
    let (file, bytes) = match files::content(&app.account, &caller, id, now).await {
        Err(refusal) if refusal.kind == Kind::NotFound => {
            sides::content(&app, &caller, id, now).await?
        }
        own => own?,
    };
    let mut response = Response::new(Body::from(bytes.to_vec()));
    let headers = response.headers_mut();
    let media = HeaderValue::from_str(&file.media_type);
    let media = media.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, media);
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

async fn remove(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<FileId>,
) -> Result<Response, Problem> {
    files::remove(&app.account, &caller, id, now).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
