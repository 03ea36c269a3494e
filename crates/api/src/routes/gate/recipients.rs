//! Recipients: every place that data may go to.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_gate::outbound::{Recipient, RecipientForm, recipient};
use sarai_kernel::{RecipientId, Stored, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    OFFICER,
    shapes::{RecipientRef, WireApproving, WireRecipientKind},
};
use crate::{
    app::Ctx,
    body::Nothing,
    cursor::List,
    params::{Params, Query},
    post::{Done, Patch, Post},
    problem::Problem,
    routes::paging::{Page, Paging},
    spec::{Routes, Spec},
    version::{Fresh, Tagged},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    let officer = |spec: Spec| spec.roles(OFFICER).relation("po");
    Routes::new()
        .add(
            officer(Spec::get("/v1/gate/recipients", "gate_recipient_list", "Recipients of data"))
                .query::<Page>()
                .lists::<WireRecipient>(),
            list,
        )
        .add(
            officer(Spec::post(
                "/v1/gate/recipients",
                "gate_recipient_post",
                "Register a recipient",
            ))
            .step_up()
            .audited("recipient_made")
            .body::<RecipientNew>()
            .answers::<RecipientRef>(201),
            register,
        )
        .add(
            officer(Spec::get("/v1/gate/recipients/{id}", "gate_recipient_get", "A recipient"))
                .answers::<WireRecipient>(200),
            one,
        )
        .add(
            officer(Spec::patch(
                "/v1/gate/recipients/{id}",
                "gate_recipient_patch",
                "Change a recipient; its country and kind stay",
            ))
            .step_up()
            .audited("recipient_changed")
            .body::<RecipientNew>()
            .answers::<WireRecipient>(200)
            .problems(&["transition_refused"]),
            change,
        )
        .add(
            officer(Spec::post(
                "/v1/gate/recipients/{id}/actions/close",
                "gate_recipient_close",
                "Close a recipient: nothing goes there any more",
            ))
            .step_up()
            .audited("recipient_closed")
            .body::<Nothing>()
            .answers::<RecipientRef>(200),
            close,
        )
}

/// A recipient to be registered, or as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecipientNew {
    /// Its legal name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// ISO 3166: where the data is stored or can be read from.
    #[schema(pattern = "^[A-Z]{2}$", max_length = 2)]
    country: String,
    kind: WireRecipientKind,
    /// As the processing register names them.
    #[schema(min_items = 1, max_items = 20)]
    purposes: Vec<String>,
    /// As the processing register names them; none means no data of persons.
    #[serde(default)]
    #[schema(max_items = 20)]
    categories: Vec<String>,
    /// Group of companies that it belongs to.
    #[schema(max_length = 80)]
    group: Option<String>,
    #[serde(default = "each")]
    approving: WireApproving,
}

const fn each() -> WireApproving {
    WireApproving::Each
}

impl From<RecipientNew> for RecipientForm {
    fn from(new: RecipientNew) -> Self {
        Self {
            name: new.name,
            country: new.country,
            kind: new.kind.into(),
            purposes: new.purposes,
            categories: new.categories,
            group: new.group,
            approving: new.approving.into(),
        }
    }
}

/// A registered recipient.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recipient)]
struct WireRecipient {
    id: RecipientId,
    version: u64,
    name: String,
    country: String,
    /// It lies in another country than the house.
    abroad: bool,
    kind: WireRecipientKind,
    purposes: Vec<String>,
    categories: Vec<String>,
    group: Option<String>,
    approving: WireApproving,
    /// One of the house's own ways out, such as its sender of messages.
    own_way: bool,
    /// `open` or `closed`.
    state: &'static str,
    made_at: Timestamp,
    closed_at: Option<Timestamp>,
}

fn view(app: &crate::app::App, found: Stored<Recipient>) -> WireRecipient {
    let Stored { id, version, record, .. } = found;
    WireRecipient {
        id: RecipientId::from_uuid(id),
        version,
        abroad: record.country != app.gate.operator().country,
        name: record.name,
        country: record.country,
        kind: record.kind.into(),
        purposes: record.purposes,
        categories: record.categories,
        group: record.group,
        approving: record.approving.into(),
        own_way: record.own_way.is_some(),
        state: if record.closed_at.is_some() { "closed" } else { "open" },
        made_at: record.made_at,
        closed_at: record.closed_at,
    }
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<Page>,
) -> Result<List<Vec<WireRecipient>>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "gate_recipient_list", caller.actor(), &(), asked, now)?;
    let found = recipient::list(app.store.as_ref(), paging.limit, paging.after).await?;
    let last = found.last().map(|(one, sort)| (*sort, one.id));
    let next_cursor = paging.next(&app, found.len(), last, now)?;
    let items = found.into_iter().map(|(one, _)| view(&app, one)).collect();
    Ok(List { items, next_cursor })
}

async fn one(
    State(app): Ctx,
    Params(id): Params<RecipientId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let found = recipient::one(app.store.as_ref(), id).await?;
    Ok(fresh.answer(found.version, "po", view(&app, found)))
}

async fn register(State(app): Ctx, post: Post<RecipientNew>) -> Result<Done, Problem> {
    let store = app.store.as_ref();
    post.once(&app, |asked| async move {
        recipient::register(store, &asked.caller, asked.body.into(), asked.command).await
    })
    .await
}

async fn change(
    State(app): Ctx,
    Params(id): Params<RecipientId>,
    patch: Patch<RecipientNew>,
) -> Result<Response, Problem> {
    let Patch { caller, command, version, body } = patch;
    let store = app.store.as_ref();
    let place = (id, version);
    let version = recipient::change(store, &caller, place, body.into(), command.now).await?;
    let body = view(&app, recipient::one(store, id).await?);
    Ok(Tagged { version, view: "po", body }.into_response())
}

async fn close(
    State(app): Ctx,
    Params(id): Params<RecipientId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    let store = app.store.as_ref();
    post.once(&app, |asked| async move {
        recipient::close(store, &asked.caller, id, asked.command).await
    })
    .await
}
