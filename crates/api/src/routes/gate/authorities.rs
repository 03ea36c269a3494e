//! Keys of authorities: entered by one officer, confirmed by another.

use axum::extract::State;
use sarai_gate::directive::{AuthorityKey, Effect, TwoTexts, keys};
use sarai_kernel::{AuthorityId, Role, Stored, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    body::Nothing,
    cursor::List,
    params::{Params, Query},
    post::{Done, Post},
    problem::Problem,
    routes::paging::Page,
    shapes::Text2,
    spec::{Routes, Spec},
    who::SteppedUp,
};

/// Who may enter and confirm keys.
const OFFICERS: &[Role] = &[Role::PrivacyOfficer, Role::OpAdmin];

pub(super) fn routes() -> Routes {
    let command = |path, id, title| {
        Spec::post(path, id, title)
            .roles(OFFICERS)
            .relation("po or op.admin")
            .step_up()
            .answers::<AuthorityRef>(200)
            .problems(&["four_eyes_required", "transition_refused"])
    };
    Routes::new()
        .add(
            Spec::get("/v1/gate/authorities", "gate_authority_list", "Keys of authorities")
                .roles(OFFICERS)
                .relation("po or op.admin")
                .step_up()
                .query::<Page>()
                .lists::<WireKey>(),
            list,
        )
        .add(
            command("/v1/gate/authorities", "gate_authority_post", "Enter the key of an authority")
                .relation("po or op.admin; nothing is obeyed before another one confirms")
                .audited("authority_proposed")
                .body::<KeyNew>()
                .answers::<KeyMade>(201),
            propose,
        )
        .add(
            command(
                "/v1/gate/authorities/{id}/actions/confirm",
                "gate_authority_confirm",
                "Confirm a key by its fingerprint",
            )
            .relation("po or op.admin, not who entered it")
            .audited("authority_confirmed")
            .body::<Heard>(),
            confirm,
        )
        .add(
            command(
                "/v1/gate/authorities/{id}/actions/revoke",
                "gate_authority_revoke",
                "End a key: the first officer asks, the second does it",
            )
            .audited("authority_revoke_asked or authority_revoked")
            .body::<Nothing>(),
            revoke,
        )
}

/// What a key may order.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DirectiveEffect)]
enum WireEffect {
    SuspendRegistration,
    DelistApp,
    BlockTransfer,
    StopProcessingClass,
    RectifyBy,
    SuspendService,
}

impl From<WireEffect> for Effect {
    fn from(effect: WireEffect) -> Self {
        match effect {
            WireEffect::SuspendRegistration => Self::SuspendRegistration,
            WireEffect::DelistApp => Self::DelistApp,
            WireEffect::BlockTransfer => Self::BlockTransfer,
            WireEffect::StopProcessingClass => Self::StopProcessingClass,
            WireEffect::RectifyBy => Self::RectifyBy,
            WireEffect::SuspendService => Self::SuspendService,
        }
    }
}

/// The key of an authority.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AuthorityKeyNew)]
struct KeyNew {
    #[schema(min_length = 1, max_length = 120)]
    name_zh: String,
    #[schema(min_length = 1, max_length = 120)]
    name_en: String,
    /// Ed25519, base64url without padding.
    #[schema(pattern = "^[A-Za-z0-9_-]{43}$", max_length = 43)]
    public_key: String,
    /// What it may order.
    #[schema(min_items = 1, max_items = 6)]
    effects: Vec<WireEffect>,
    /// The key of the same authority that it takes over from.
    follows: Option<AuthorityId>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AuthorityFingerprint)]
struct Heard {
    /// As it was heard on another channel; spaces and dashes do not matter.
    #[schema(min_length = 32, max_length = 80)]
    fingerprint: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct AuthorityRef {
    id: AuthorityId,
    version: u64,
    state: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuthorityKeyMade)]
struct KeyMade {
    id: AuthorityId,
    version: u64,
    state: String,
    /// To be read out to the second officer by the authority, on another channel.
    fingerprint: String,
}

/// The key of an authority.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuthorityKey)]
struct WireKey {
    id: AuthorityId,
    version: u64,
    name: Text2,
    public_key: String,
    fingerprint: String,
    effects: Vec<&'static str>,
    follows: Option<AuthorityId>,
    /// `proposed`, `active`, `revoked`.
    state: &'static str,
    /// The first officer asked that it be ended.
    revocation_asked: bool,
    proposed_at: Timestamp,
    /// It was entered by whoever asks: another one confirms.
    proposed_by_me: bool,
    confirmed_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    /// The number that the next order must be above.
    last_sequence: u64,
}

fn view(found: Stored<AuthorityKey>, me: &str) -> WireKey {
    let Stored { id, version, record, .. } = found;
    WireKey {
        id: AuthorityId::from_uuid(id),
        version,
        name: Text2 { en: record.name.en, zh: record.name.zh },
        public_key: record.public,
        fingerprint: record.fingerprint,
        effects: record.effects.iter().map(|effect| effect.word()).collect(),
        follows: record.follows,
        state: record.state.word(),
        revocation_asked: record.revoke_asked_by.is_some(),
        proposed_at: record.proposed_at,
        proposed_by_me: record.proposed_by == me,
        confirmed_at: record.confirmed_at,
        revoked_at: record.revoked_at,
        last_sequence: record.last_sequence,
    }
}

async fn list(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Query(_): Query<Page>,
) -> Result<List<Vec<WireKey>>, Problem> {
    let me = caller.party.to_string();
    let found = keys::list(app.store.as_ref()).await?;
    Ok(List { items: found.into_iter().map(|key| view(key, &me)).collect(), next_cursor: None })
}

async fn propose(State(app): Ctx, post: Post<KeyNew>) -> Result<Done, Problem> {
    let store = app.store.as_ref();
    post.once(&app, |asked| async move {
        let KeyNew { name_zh, name_en, public_key, effects, follows } = asked.body;
        let effects: Vec<Effect> = effects.into_iter().map(Effect::from).collect();
        let name = TwoTexts { zh: name_zh, en: name_en };
        let new = keys::NewKey { name, public: &public_key, effects: &effects, follows };
        keys::propose(store, &asked.caller.party.to_string(), new, asked.command).await
    })
    .await
}

async fn confirm(
    State(app): Ctx,
    Params(id): Params<AuthorityId>,
    post: Post<Heard>,
) -> Result<Done, Problem> {
    let store = app.store.as_ref();
    post.once(&app, |asked| async move {
        let officer = asked.caller.party.to_string();
        keys::confirm(store, &officer, id, &asked.body.fingerprint, asked.command).await
    })
    .await
}

async fn revoke(
    State(app): Ctx,
    Params(id): Params<AuthorityId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    let store = app.store.as_ref();
    post.once(&app, |asked| async move {
        keys::revoke(store, &asked.caller.party.to_string(), id, asked.command).await
    })
    .await
}
