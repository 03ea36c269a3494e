//! Second factors: an authenticator program, recovery codes; and the number or address that codes go to.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sarai_account::{
    model::FactorKind,
    usecase::{
        factors::{self, Made},
        profile::own_party,
    },
};
use sarai_kernel::{
    FactorId, Outcome, Stored, Timestamp,
    document::Clear,
    party::{Party, PartyEmail, PartyPhone},
    purpose::SelfAccess,
};
use sarai_seal::Grant;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    cursor::List,
    params::Params,
    post::{Asked, Post},
    problem::Problem,
    routes::masks,
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/auth/factors", "auth_factor_list", "Your factors")
                .relation("self")
                .opens("self_access", "open")
                .lists::<Factor>(),
            list,
        )
        .add(
            Spec::post("/v1/auth/factors", "auth_factor_post", "Add or confirm a factor")
                .relation("self")
                .step_up()
                .opens("secure", "factor_made")
                .body::<FactorRequest>()
                .answers::<FactorMade>(201)
                .problems(&["code_wrong", "quota_spent", "secret_not_replayed"]),
            make,
        )
        .add(
            Spec::delete("/v1/auth/factors/{id}", "auth_factor_delete", "Remove a factor")
                .relation("self")
                .step_up()
                .audited("factor_removed"),
            remove,
        )
}

/// A way to show who somebody is.
#[derive(Debug, Serialize, ToSchema)]
struct Factor {
    id: FactorId,
    /// `totp`, `recovery_codes`, `phone`, `email`.
    kind: &'static str,
    /// Covered but for its ends; empty for an authenticator.
    label: String,
    confirmed: bool,
    created_at: Timestamp,
    codes_left: Option<usize>,
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
) -> Result<List<Vec<Factor>>, Problem> {
    let account = &app.account;
    let party = own_party(account, caller.party).await?;
    let fields = ["party.phone", "party.email"];
    let grant = account.gate.grant_self(&caller, "account", &fields, now).await?;
    let mut items = contacts(&grant, &party)?;
    items.extend(factors::of(account, caller.party).await?.into_iter().map(|one| {
        let codes = one.record.kind == FactorKind::RecoveryCodes;
        Factor {
            id: FactorId::from_uuid(one.id),
            kind: word(one.record.kind),
            label: String::new(),
            confirmed: one.record.confirmed,
            created_at: one.record.created_at,
            codes_left: codes.then_some(one.record.hashes.len()),
        }
    }));
    Ok(List { items, next_cursor: None })
}

/// The number and the address that codes go to, covered.
fn contacts(grant: &Grant<SelfAccess>, party: &Stored<Party>) -> Result<Vec<Factor>, Problem> {
    let phone = grant.open_if_present::<PartyPhone>(&party.record)?;
    let email = grant.open_if_present::<PartyEmail>(&party.record)?;
    let row = |kind, label| Factor {
        id: FactorId::from_uuid(party.id),
        kind,
        label,
        confirmed: true,
        created_at: party.created_at,
        codes_left: None,
    };
    let phone = phone.map(|phone| row("phone", masks::number(phone.as_str())));
    let email = email.map(|email| row("email", email.masked()));
    Ok(phone.into_iter().chain(email).collect())
}

const fn word(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Totp => "totp",
        FactorKind::RecoveryCodes => "recovery_codes",
    }
}

/// An authenticator is made unconfirmed, then confirmed by its first code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FactorRequest {
    kind: FactorAsked,
    /// With `totp_confirm`: which.
    id: Option<FactorId>,
    /// With `totp_confirm`: its first digits.
    #[schema(max_length = 12)]
    totp: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FactorAsked {
    Totp,
    RecoveryCodes,
    TotpConfirm,
}

/// Secrets are shown once and never again.
#[derive(Debug, Serialize, ToSchema)]
struct FactorMade {
    id: FactorId,
    kind: &'static str,
    otpauth_url: Option<String>,
    secret: Option<String>,
    recovery_codes: Option<Vec<String>>,
}

impl From<Made> for FactorMade {
    fn from(made: Made) -> Self {
        let plain = |text: zeroize::Zeroizing<String>| text.as_str().to_owned();
        Self {
            id: made.id,
            kind: word(made.kind),
            otpauth_url: made.otpauth_url.map(plain),
            secret: made.secret.map(plain),
            recovery_codes: made.recovery_codes.map(|all| all.into_iter().map(plain).collect()),
        }
    }
}

async fn make(State(app): Ctx, post: Post<FactorRequest>) -> Result<Response, Problem> {
    let account = &app.account;
    let (done, made) = post
        .once_with(&app, |asked| async move {
            let made = made(account, asked).await?;
            let body = Clear::new();
            Ok((Outcome { status: 201, body }.with("id", made.id.to_string()), made))
        })
        .await?;
    let made = made.ok_or_else(|| Problem::new("secret_not_replayed"))?;
    Ok(done.show(FactorMade::from(made)))
}

async fn made(
    account: &sarai_account::Account,
    asked: Asked<FactorRequest>,
) -> Result<Made, sarai_kernel::Refusal> {
    let (caller, now) = (&asked.caller, asked.command.now);
    match asked.body.kind {
        FactorAsked::Totp => factors::make_totp(account, caller, now).await,
        FactorAsked::RecoveryCodes => factors::make_recovery(account, caller, now).await,
        FactorAsked::TotpConfirm => {
            let wrong = |pointer| {
                let error = sarai_kernel::FieldError::new(pointer, "required");
                sarai_kernel::Refusal::invalid(vec![error])
            };
            let id = asked.body.id.ok_or_else(|| wrong("/id"))?;
            let digits = asked.body.totp.as_deref().ok_or_else(|| wrong("/totp"))?;
            factors::confirm_totp(account, caller, id, digits, now).await
        }
    }
}

async fn remove(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<FactorId>,
) -> Result<Response, Problem> {
    factors::remove(&app.account, &caller, id, now).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
