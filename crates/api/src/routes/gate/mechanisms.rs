//! Mechanisms: contracts, certificates, assessments and approvals that lift a requirement for one recipient.

use axum::extract::State;
use sarai_gate::outbound::{Mechanism, MechanismForm, mechanism};
use sarai_kernel::{MechanismId, RecipientId, Stored, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    OFFICER,
    shapes::{MechanismRef, WireMechanismKind},
};
use crate::{
    app::Ctx,
    body::Nothing,
    cursor::List,
    params::{Params, Query},
    post::{Done, Post},
    problem::Problem,
    routes::paging::{Page, Paging},
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    let officer = |spec: Spec| spec.roles(OFFICER).relation("po");
    Routes::new()
        .add(
            officer(Spec::get("/v1/gate/mechanisms", "gate_mechanism_list", "Mechanisms"))
                .query::<Page>()
                .lists::<WireMechanism>(),
            list,
        )
        .add(
            officer(Spec::post("/v1/gate/mechanisms", "gate_mechanism_post", "Enter a mechanism"))
                .step_up()
                .audited("mechanism_made")
                .body::<MechanismNew>()
                .answers::<MechanismRef>(201),
            enter,
        )
        .add(
            officer(Spec::post(
                "/v1/gate/mechanisms/{id}/actions/end",
                "gate_mechanism_end",
                "End a mechanism before its time",
            ))
            .step_up()
            .audited("mechanism_ended")
            .body::<Nothing>()
            .answers::<MechanismRef>(200)
            .problems(&["transition_refused"]),
            end,
        )
}

/// A mechanism to be entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MechanismNew {
    recipient: RecipientId,
    kind: WireMechanismKind,
    /// Number of the filing, certificate, assessment or approval.
    #[schema(min_length = 1, max_length = 80)]
    number: String,
    effective_at: Timestamp,
    /// When a standard contract was filed.
    filed_at: Option<Timestamp>,
    /// Demanded for certificates and assessments: both are given for three years.
    expires_at: Option<Timestamp>,
}

/// A mechanism.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mechanism)]
struct WireMechanism {
    id: MechanismId,
    version: u64,
    recipient: RecipientId,
    kind: WireMechanismKind,
    number: String,
    effective_at: Timestamp,
    filed_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    /// `coming`, `in_force`, `expired`, `ended`; only what is in force lifts anything.
    state: &'static str,
}

fn view(found: Stored<Mechanism>, now: Timestamp) -> WireMechanism {
    let Stored { id, version, record, .. } = found;
    WireMechanism {
        id: MechanismId::from_uuid(id),
        version,
        state: record.state(now),
        recipient: record.recipient,
        kind: record.kind.into(),
        number: record.number,
        effective_at: record.effective_at,
        filed_at: record.filed_at,
        expires_at: record.expires_at,
        ended_at: record.ended_at,
    }
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<Page>,
) -> Result<List<Vec<WireMechanism>>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "gate_mechanism_list", caller.actor(), &(), asked, now)?;
    let found = mechanism::list(app.store.as_ref(), paging.limit, paging.after).await?;
    let last = found.last().map(|(one, sort)| (*sort, one.id));
    let next_cursor = paging.next(&app, found.len(), last, now)?;
    let items = found.into_iter().map(|(one, _)| view(one, now)).collect();
    Ok(List { items, next_cursor })
}

async fn enter(State(app): Ctx, post: Post<MechanismNew>) -> Result<Done, Problem> {
    let store = app.store.as_ref();
    post.once(&app, |asked| async move {
        let new = asked.body;
        let form = MechanismForm {
            recipient: new.recipient,
            kind: new.kind.into(),
            number: new.number,
            effective_at: new.effective_at,
            filed_at: new.filed_at,
            expires_at: new.expires_at,
        };
        mechanism::enter(store, &asked.caller, form, asked.command).await
    })
    .await
}

async fn end(
    State(app): Ctx,
    Params(id): Params<MechanismId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    let store = app.store.as_ref();
    post.once(
        &app,
        |asked| async move { mechanism::end(store, &asked.caller, id, asked.command).await },
    )
    .await
}
