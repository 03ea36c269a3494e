//! `POST /v1/auth/codes`: a one-time code, whether anybody holds the number or not.

use axum::{extract::State, http::HeaderMap};
use sarai_account::usecase::send_code::{Asker, Contact, send_code};
use sarai_kernel::{
    ChallengeId, FieldError, Refusal, Timestamp, UseCaseError,
    party::Language,
    personal::{Email, Phone},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    guard::address,
    language::Tongue,
    post::{Done, PostAnon},
    problem::Problem,
    spec::{Routes, Spec},
};

pub(super) fn routes() -> Routes {
    let spec = Spec::post("/v1/auth/codes", "auth_code_post", "Send a one-time code")
        .anyone()
        .cost(20)
        .opens("notify", "open")
        .body::<AuthCodeRequest>()
        .answers::<AuthChallenge>(202)
        .problems(&["rate_limited"]);
    Routes::new().add(spec, send)
}

/// Where the code goes: exactly one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AuthCodeRequest {
    /// Telephone number.
    #[schema(max_length = 20)]
    phone: Option<String>,
    /// E-mail address.
    #[schema(max_length = 254)]
    email: Option<String>,
}

/// A code is on its way, if the number or address exists.
#[derive(Debug, Serialize, ToSchema)]
struct AuthChallenge {
    /// Names the code when it is shown.
    challenge: ChallengeId,
    /// Dead from then on.
    expires_at: Timestamp,
    /// When another code may be asked for.
    again_at: Timestamp,
}

/// The language of a notice.
pub(super) fn language(headers: &HeaderMap) -> Language {
    match Tongue::of(headers) {
        Tongue::English => Language::English,
        Tongue::Chinese => Language::Chinese,
    }
}

fn contact(request: &AuthCodeRequest) -> Result<Contact, Refusal> {
    let wrong = |pointer, code| Refusal::invalid(vec![FieldError::new(pointer, code)]);
    match (&request.phone, &request.email) {
        (Some(text), None) => {
            Phone::new(text).map(Contact::Phone).map_err(|_| wrong("/phone", "pattern"))
        }
        (None, Some(text)) => {
            Email::new(text).map(Contact::Email).map_err(|_| wrong("/email", "pattern"))
        }
        _ => Err(wrong("/phone", "required")),
    }
}

async fn send(
    State(app): Ctx,
    headers: HeaderMap,
    post: PostAnon<AuthCodeRequest>,
) -> Result<Done, Problem> {
    let from = address::key(post.anybody.address);
    let language = language(&headers);
    let (account, from) = (&app.account, from.as_str());
    post.once(&app, |asked| async move {
        let to = contact(&asked.body).map_err(UseCaseError::Refused)?;
        let asker = Asker { address: from, language };
        send_code(account, asker, &to, asked.command).await
    })
    .await
}
