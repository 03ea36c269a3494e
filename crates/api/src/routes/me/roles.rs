//! `POST /v1/me/roles`: take up a market role, or with the terminal's token become the first admin.

use axum::extract::State;
use sarai_account::usecase::{first_admin, profile};
use sarai_kernel::{FieldError, PartyId, Refusal, Role, UseCaseError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    post::{Done, Post},
    problem::Problem,
    spec::{Routes, Spec},
};

pub(super) fn routes() -> Routes {
    let spec = Spec::post("/v1/me/roles", "me_role_post", "Take up a role")
        .relation("self")
        .audited("role_taken")
        .body::<RoleRequest>()
        .answers::<RoleTaken>(200)
        .problems(&["not_allowed", "registration_suspended"]);
    Routes::new().add(spec, take)
}

/// A market role, or `op.admin` with the one-use token of the operator's terminal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleRequest {
    role: Asked,
    #[schema(max_length = 64)]
    token: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Asked {
    Shipper,
    Trucker,
    #[serde(rename = "op.admin")]
    Admin,
}

#[derive(Debug, Serialize, ToSchema)]
struct RoleTaken {
    id: PartyId,
    version: u64,
    state: &'static str,
}

async fn take(State(app): Ctx, post: Post<RoleRequest>) -> Result<Done, Problem> {
    let account = &app.account;
    post.once(&app, |asked| async move {
        let role = match asked.body.role {
            Asked::Shipper => Role::Shipper,
            Asked::Trucker => Role::Trucker,
            Asked::Admin => {
                let needed = || Refusal::invalid(vec![FieldError::new("/token", "required")]);
                let token = asked.body.token.as_deref();
                let token = token.ok_or_else(needed).map_err(UseCaseError::Refused)?;
                return first_admin::claim(account, &asked.caller, token, asked.command).await;
            }
        };
        profile::take_role(account, &asked.caller, role, asked.command).await
    })
    .await
}
