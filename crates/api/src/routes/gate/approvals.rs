//! Transfers that wait for the privacy officer.

use axum::extract::State;
use sarai_gate::outbound::{Approval, ApprovalState, approvals, decide_approval};
use sarai_kernel::{ApprovalId, Kind, RecipientId, Refusal, Stored, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{OFFICER, shapes::WireGround};
use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{Params, Query},
    post::{Done, Post},
    problem::Problem,
    routes::paging::Paging,
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    let decide = |path, id, title| {
        Spec::post(path, id, title)
            .roles(OFFICER)
            .relation("po, not who asked")
            .versioned()
            .step_up()
            .body::<Reason>()
            .answers::<ApprovalMade>(200)
            .problems(&["four_eyes_required", "transition_refused"])
    };
    Routes::new()
        .add(
            Spec::get("/v1/gate/approvals", "gate_approval_list", "Transfers that wait")
                .roles(OFFICER)
                .relation("po")
                .query::<ApprovalQuery>()
                .lists::<WireApproval>(),
            list,
        )
        .add(
            decide("/v1/gate/approvals/{id}/actions/approve", "gate_approval_approve", "Let it go")
                .audited("transfer_approved"),
            approve,
        )
        .add(
            decide(
                "/v1/gate/approvals/{id}/actions/refuse",
                "gate_approval_refuse",
                "Do not let it go",
            )
            .audited("transfer_not_approved"),
            refuse,
        )
}

/// Which.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApprovalQuery {
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    #[schema(max_length = 1024)]
    cursor: Option<String>,
    /// All of them if not said.
    state: Option<WireState>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TransferApprovalState)]
enum WireState {
    Waiting,
    Approved,
    Refused,
    Used,
}

impl From<WireState> for ApprovalState {
    fn from(state: WireState) -> Self {
        match state {
            WireState::Waiting => Self::Waiting,
            WireState::Approved => Self::Approved,
            WireState::Refused => Self::Refused,
            WireState::Used => Self::Used,
        }
    }
}

/// A transfer that waits, or waited.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransferApproval)]
struct WireApproval {
    id: ApprovalId,
    version: u64,
    recipient: RecipientId,
    purpose: String,
    resource: String,
    fields: Vec<String>,
    persons: u64,
    ground: WireGround,
    asked_by: String,
    asked_at: Timestamp,
    until: Timestamp,
    state: &'static str,
    decided_by: Option<String>,
    decided_at: Option<Timestamp>,
    reason: Option<String>,
}

fn view(found: Stored<Approval>) -> WireApproval {
    let Stored { id, version, record, .. } = found;
    WireApproval {
        id: ApprovalId::from_uuid(id),
        version,
        recipient: record.recipient,
        purpose: record.purpose,
        resource: record.resource,
        fields: record.fields,
        persons: record.persons,
        ground: record.ground.into(),
        asked_by: record.asked_by,
        asked_at: record.asked_at,
        until: record.until,
        state: record.state.word(),
        decided_by: record.decided_by,
        decided_at: record.decided_at,
        reason: record.reason,
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TransferReason)]
struct Reason {
    #[schema(min_length = 1, max_length = 300)]
    reason: String,
}

/// Where to look.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransferApprovalRef)]
struct ApprovalMade {
    id: ApprovalId,
    version: u64,
    state: String,
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<ApprovalQuery>,
) -> Result<List<Vec<WireApproval>>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "gate_approval_list", caller.actor(), &page.state, asked, now)?;
    let state = page.state.map(ApprovalState::from);
    let found = approvals(app.store.as_ref(), state, paging.limit, paging.after).await?;
    let last = found.last().map(|(one, sort)| (*sort, one.id));
    let next_cursor = paging.next(&app, found.len(), last, now)?;
    Ok(List { items: found.into_iter().map(|(one, _)| view(one)).collect(), next_cursor })
}

async fn decide(
    app: &App,
    id: ApprovalId,
    post: Post<Reason>,
    approve: bool,
) -> Result<Done, Problem> {
    let store = app.store.as_ref();
    post.once(app, |asked| async move {
        let needed = || Refusal::new("version_required", Kind::Malformed);
        let version = asked.version.ok_or_else(needed)?;
        let what = (approve, asked.body.reason.as_str());
        decide_approval(store, &asked.caller, (id, version), what, asked.command).await
    })
    .await
}

async fn approve(
    State(app): Ctx,
    Params(id): Params<ApprovalId>,
    post: Post<Reason>,
) -> Result<Done, Problem> {
    decide(&app, id, post, true).await
}

async fn refuse(
    State(app): Ctx,
    Params(id): Params<ApprovalId>,
    post: Post<Reason>,
) -> Result<Done, Problem> {
    decide(&app, id, post, false).await
}
