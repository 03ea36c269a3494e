//! Sessions: opened by a code, listed, ended.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use sarai_account::{
    model::SessionDevice,
    usecase::{
        sessions::{self, Which},
        sign_in::{Opened, SignIn, sign_in},
    },
};
use sarai_kernel::{
    ChallengeId, Outcome, PartyId, SessionId, Timestamp, document::Clear, personal::Words,
    purpose::SelfAccess,
};
use sarai_seal::{Disclose, Disclosed, Sealed, SubjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{codes::language, cookie};
use crate::{
    app::{App, Ctx},
    cursor::List,
    params::Params,
    post::PostAnon,
    problem::Problem,
    spec::{Routes, Spec},
    who::{self, Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::post("/v1/auth/sessions", "auth_session_post", "Sign in with a code")
                .anyone()
                .opens("secure", "sign_in")
                .body::<AuthSessionRequest>()
                .answers::<AuthSession>(201)
                .problems(&[
                    "code_wrong",
                    "code_expired",
                    "challenge_spent",
                    "second_factor_required",
                    "registration_suspended",
                    "rate_limited",
                ]),
            open,
        )
        .add(
            Spec::get("/v1/auth/sessions", "auth_session_list", "Where you are signed in")
                .relation("self")
                .opens("self_access", "open")
                .lists::<SessionCard>(),
            list,
        )
        .add(
            Spec::delete("/v1/auth/sessions/{id}", "auth_session_delete", "Sign out")
                .relation("self")
                .suspended_may()
                .audited("sign_out"),
            end,
        )
}

/// A code, and where one was asked for a second factor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AuthSessionRequest {
    /// The challenge that the code came with.
    challenge: ChallengeId,
    /// The digits.
    #[schema(max_length = 12)]
    code: String,
    /// Digits of the authenticator.
    #[schema(max_length = 12)]
    totp: Option<String>,
    /// A recovery code instead.
    #[schema(max_length = 40)]
    recovery_code: Option<String>,
}

/// The session; its secret is in the cookie only.
#[derive(Debug, Serialize, ToSchema)]
struct AuthSession {
    session: SessionId,
    party: PartyId,
    /// The account was made just now.
    new_account: bool,
}

async fn open(
    State(app): Ctx,
    headers: HeaderMap,
    post: PostAnon<AuthSessionRequest>,
) -> Result<Response, Problem> {
    let device = device(&headers);
    let (account, device) = (&app.account, device.as_deref());
    let mark = who::cookie(&headers, cookie::device_name(&app));
    let (language, mark) = (language(&headers), mark.as_deref());
    let (done, opened) = post
        .once_with(&app, |asked| async move {
            let shown = SignIn {
                challenge: asked.body.challenge,
                code: &asked.body.code,
                totp: asked.body.totp.as_deref(),
                recovery_code: asked.body.recovery_code.as_deref(),
                device,
                mark,
                language,
            };
            let opened = sign_in(account, shown, asked.command.now).await?;
            Ok((outcome(&opened), opened))
        })
        .await?;
    let mut response = done.into_response();
    if let Some(opened) = opened {
        cookie::set(&app, &mut response, Some((&opened.token, opened.life_seconds)));
        if let Some(mark) = &opened.mark {
            cookie::mark_device(&app, &mut response, mark);
        }
    }
    Ok(response)
}

/// Never kept for a replay: a session is a secret.
fn outcome(opened: &Opened) -> Outcome {
    Outcome { status: 201, body: Clear::new() }
        .with("session", opened.session.to_string())
        .with("party", opened.party.to_string())
        .with("new_account", opened.new_account)
}

/// Longest name of a device that is kept.
const DEVICE_LETTERS_MAX: usize = 200;

/// The browser as it names itself.
fn device(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(DEVICE_LETTERS_MAX).collect())
}

/// Where somebody is signed in.
#[derive(Disclose, ToSchema)]
struct SessionCard {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    id: SessionId,
    current: bool,
    started_at: Timestamp,
    last_seen_at: Timestamp,
    #[schema(value_type = String)]
    device: Option<Sealed<Words, SessionDevice>>,
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
) -> Result<List<Disclosed<Vec<SessionCard>, SelfAccess>>, Problem> {
    let found = sessions::list(&app.account, caller.party, now).await?;
    let grant =
        app.account.gate.grant_self(&caller, "credential", &["session.device"], now).await?;
    let current = caller.session();
    let cards = found.into_iter().map(|one| {
        let id = SessionId::from_uuid(one.id);
        let unknown = || Words::new("unknown").ok().map(Sealed::new);
        SessionCard {
            subject: one.record.subject,
            id,
            current: current == Some(id),
            started_at: one.record.started_at,
            last_seen_at: one.record.seen_at,
            device: one.record.device.or_else(unknown),
        }
    });
    Ok(List { items: grant.disclose(cards.collect::<Vec<_>>())?, next_cursor: None })
}

async fn end(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(which): Params<String>,
) -> Result<Response, Problem> {
    let which = match which.as_str() {
        "current" => Which::Current,
        "others" => Which::Others,
        id => Which::One(id.parse().map_err(|_| Problem::new("id_malformed"))?),
    };
    let own = which == Which::Current || Some(which) == caller.session().map(Which::One);
    sessions::end(&app.account, &caller, which, now).await?;
    Ok(ended(&app, own))
}

fn ended(app: &App, own: bool) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if own {
        cookie::set(app, &mut response, None);
    }
    response
}
