//! `POST /v1/auth/step-up`: a fresh factor, good for five minutes.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_account::usecase::step_up::{Proof, step_up};
use sarai_kernel::{
    ChallengeId, FieldError, Outcome, Refusal, Timestamp, UseCaseError, document::Clear,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cookie;
use crate::{
    app::Ctx,
    post::Post,
    problem::Problem,
    spec::{Routes, Spec},
};

pub(super) fn routes() -> Routes {
    let spec = Spec::post("/v1/auth/step-up", "auth_step_up", "Show a fresh factor")
        .relation("self")
        .suspended_may()
        .opens("secure", "step_up")
        .body::<StepUpRequest>()
        .answers::<StepUp>(200)
        .problems(&["code_wrong", "code_expired", "challenge_spent", "second_factor_required"]);
    Routes::new().add(spec, show)
}

/// One of: a code with its challenge, digits of the authenticator, a recovery code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StepUpRequest {
    challenge: Option<ChallengeId>,
    #[schema(max_length = 12)]
    code: Option<String>,
    #[schema(max_length = 12)]
    totp: Option<String>,
    #[schema(max_length = 40)]
    recovery_code: Option<String>,
}

/// Until when it is good.
#[derive(Debug, Serialize, ToSchema)]
struct StepUp {
    until: Timestamp,
}

impl StepUpRequest {
    fn proof(&self) -> Result<Proof<'_>, Refusal> {
        match (self.challenge, &self.code, &self.totp, &self.recovery_code) {
            (Some(challenge), Some(digits), None, None) => Ok(Proof::Code { challenge, digits }),
            (None, None, Some(digits), None) => Ok(Proof::Totp(digits)),
            (None, None, None, Some(code)) => Ok(Proof::Recovery(code)),
            _ => Err(Refusal::invalid(vec![FieldError::new("/code", "required")])),
        }
    }
}

/// The session goes on under a new token, which is in the cookie only.
async fn show(State(app): Ctx, post: Post<StepUpRequest>) -> Result<Response, Problem> {
    let account = &app.account;
    let (done, stepped) = post
        .once_with(&app, |asked| async move {
            let proof = asked.body.proof().map_err(UseCaseError::Refused)?;
            let stepped = step_up(account, &asked.caller, proof, asked.command.now).await?;
            let outcome = Outcome { status: 200, body: Clear::new() };
            Ok((outcome.with("until", stepped.until.to_string()), stepped))
        })
        .await?;
    let mut response = done.into_response();
    if let Some(stepped) = stepped {
        cookie::set(&app, &mut response, Some((&stepped.token, stepped.life_seconds)));
    }
    Ok(response)
}
