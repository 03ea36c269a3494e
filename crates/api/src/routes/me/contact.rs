//! `POST /v1/me/contact`: another telephone number or e-mail address, with a code to what is held and one to what is new.

use axum::extract::State;
use sarai_account::usecase::contact::{ShownCode, change_contact};
use sarai_kernel::{ChallengeId, PartyId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    post::{Done, Post},
    problem::Problem,
    spec::{Routes, Spec},
};

pub(super) fn routes() -> Routes {
    let spec = Spec::post("/v1/me/contact", "me_contact_post", "Change your number or address")
        .relation("self")
        .step_up()
        .opens("secure", "contact_changed")
        .body::<ContactChange>()
        .answers::<ContactChanged>(200)
        .problems(&["code_wrong", "code_expired", "challenge_spent", "rate_limited"]);
    Routes::new().add(spec, change)
}

/// A code, with the challenge that it came with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContactCode {
    challenge: ChallengeId,
    #[schema(max_length = 12)]
    code: String,
}

impl ContactCode {
    fn shown(&self) -> ShownCode<'_> {
        ShownCode { challenge: self.challenge, digits: &self.code }
    }
}

/// Codes are asked for at `/v1/auth/codes`: one goes to a number or address that is held now, one to the new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContactChange {
    held: ContactCode,
    new: ContactCode,
}

/// It is changed; every other session has ended.
#[derive(Debug, Serialize, ToSchema)]
struct ContactChanged {
    id: PartyId,
    version: u64,
    state: &'static str,
}

async fn change(State(app): Ctx, post: Post<ContactChange>) -> Result<Done, Problem> {
    let account = &app.account;
    post.once(&app, |asked| async move {
        let codes = (asked.body.held.shown(), asked.body.new.shown());
        change_contact(account, &asked.caller, codes, asked.command).await
    })
    .await
}
