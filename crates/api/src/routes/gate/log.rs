//! The transfer log, the year's count, and the processing register.

use axum::extract::State;
use sarai_gate::outbound::{Of, Transfer, tally_name, transfers};
use sarai_kernel::{ApprovalId, MechanismId, RecipientId, Stored, Timestamp, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    OFFICER,
    shapes::{PersonCount, WireAnswered, WireCite, WireGround, WireRecipientKind},
};
use crate::{
    app::Ctx,
    cursor::List,
    params::{Params, Query},
    problem::Problem,
    routes::paging::{Page, Paging},
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    let officer = |spec: Spec| spec.roles(OFFICER).relation("po");
    Routes::new()
        .add(
            officer(Spec::get("/v1/gate/transfers", "gate_transfer_list", "The transfer log"))
                .query::<TransferPage>()
                .lists::<WireTransfer>(),
            list,
        )
        .add(
            officer(Spec::get(
                "/v1/gate/counts/{year}",
                "gate_count",
                "Distinct persons whose data left the country in a year",
            ))
            .answers::<YearCount>(200),
            count,
        )
        .add(
            officer(Spec::get("/v1/gate/register", "gate_register", "The processing register"))
                .query::<Page>()
                .lists::<RegisterRecord>(),
            register,
        )
}

/// Which rows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TransferPage {
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    #[schema(max_length = 1024)]
    cursor: Option<String>,
    /// To this recipient only.
    recipient: Option<RecipientId>,
    /// With this answer only; not together with a recipient.
    answer: Option<WireAnswered>,
}

/// A row of the transfer log. It names no person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Transfer)]
struct WireTransfer {
    id: TransferId,
    at: Timestamp,
    actor: String,
    recipient: RecipientId,
    country: String,
    kind: WireRecipientKind,
    purpose: String,
    resource: String,
    fields: Vec<String>,
    categories: Vec<String>,
    class: String,
    /// What a scan of untyped parts found.
    found: Vec<FoundKind>,
    ground: WireGround,
    persons: u64,
    new_persons: u64,
    /// The year whose count it stands in.
    year: Option<i16>,
    counted: PersonCount,
    answer: WireAnswered,
    mechanisms: Vec<MechanismId>,
    approval: Option<ApprovalId>,
    basis: Vec<WireCite>,
    needs: Vec<Vec<String>>,
    reason: Option<String>,
    /// The row is kept until then.
    kept_until: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
struct FoundKind {
    kind: String,
    times: u64,
}

fn view(found: Stored<Transfer>) -> WireTransfer {
    let kept_until = found.record.kept_until();
    let record = found.record;
    WireTransfer {
        id: TransferId::from_uuid(found.id),
        at: record.at,
        actor: record.actor,
        recipient: record.recipient,
        country: record.country,
        kind: record.kind.into(),
        purpose: record.purpose,
        resource: record.resource,
        fields: record.fields,
        categories: record.categories,
        class: record.class,
        found: record.found.into_iter().map(|(kind, times)| FoundKind { kind, times }).collect(),
        ground: record.ground.into(),
        persons: record.persons,
        new_persons: record.new_persons,
        year: record.year,
        counted: record.counted.into(),
        answer: record.answer.into(),
        mechanisms: record.mechanisms,
        approval: record.approval,
        basis: record.basis.into_iter().map(WireCite::from).collect(),
        needs: record.needs,
        reason: record.reason,
        kept_until,
    }
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<TransferPage>,
) -> Result<List<Vec<WireTransfer>>, Problem> {
    let of = match (page.recipient, page.answer) {
        (None, None) => Of::All,
        (Some(id), None) => Of::Recipient(id),
        (None, Some(answer)) => Of::Answer(answer.into()),
        (Some(_), Some(_)) => return Err(Problem::new("parameter_unknown")),
    };
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "gate_transfer_list", caller.actor(), &of, asked, now)?;
    let found = transfers(app.store.as_ref(), of, paging.limit, paging.after).await?;
    let last = found.last().map(|(one, sort)| (*sort, one.id));
    let next_cursor = paging.next(&app, found.len(), last, now)?;
    let items = found.into_iter().map(|(one, _)| view(one)).collect();
    Ok(List { items, next_cursor })
}

/// A year's count.
#[derive(Debug, Serialize, ToSchema)]
struct YearCount {
    year: i16,
    counted: PersonCount,
    as_of: Timestamp,
}

/// First year that can be asked for: no law counted before.
const YEAR_MIN: i16 = 2022;

async fn count(
    State(app): Ctx,
    Anybody { now, .. }: Anybody,
    Params(year): Params<i16>,
) -> Result<axum::Json<YearCount>, Problem> {
    if !(YEAR_MIN..=9999).contains(&year) {
        return Err(Problem::new("id_malformed"));
    }
    let counted = app.store.tally(&tally_name(year)).await?;
    Ok(axum::Json(YearCount { year, counted: counted.into(), as_of: now }))
}

/// A personal record of the register.
#[derive(Debug, Serialize, ToSchema)]
struct RegisterRecord {
    record: &'static str,
    fields: Vec<RegisterField>,
    /// Fields held in clear.
    clear: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RegisterField {
    name: &'static str,
    category: String,
    class: String,
    purposes: Vec<&'static str>,
    basis: String,
    /// How long: `order + 30d`.
    kept: String,
    /// To whom it goes outside.
    leaves: Option<&'static str>,
}

fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

async fn register(
    State(app): Ctx,
    Query(_): Query<Page>,
) -> Result<List<Vec<RegisterRecord>>, Problem> {
    let mut entries = app.account.register.clone();
    entries.sort_by_key(|entry| entry.record);
    let field = |field: &sarai_seal::FieldEntry| RegisterField {
        name: field.name,
        category: word(&field.category),
        class: word(&field.class),
        purposes: field.purposes.iter().map(|purpose| purpose.name).collect(),
        basis: word(&field.basis),
        kept: field.retention.to_string(),
        leaves: field.leaves,
    };
    let items = entries.into_iter().map(|entry| RegisterRecord {
        record: entry.record,
        fields: entry.fields.iter().map(field).collect(),
        clear: entry.clear.to_vec(),
    });
    Ok(List { items: items.collect(), next_cursor: None })
}
