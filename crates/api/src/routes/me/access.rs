//! `GET /v1/me/access-log`: who opened what, when and for what.

use axum::extract::State;
use sarai_account::usecase::{my_data, wallet};
use sarai_gate::audit::{AccessRow, Who};
use sarai_kernel::{Timestamp, time::DAY};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    data::About,
    words::{self, Cite, PurposeWords},
};
use crate::{
    app::{App, Ctx},
    params::Query,
    problem::Problem,
    routes::paging::{Page, Paging},
    shapes::Text2,
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    let spec = Spec::get("/v1/me/access-log", "me_access_log", "Who opened your data")
        .relation("self")
        .cost(2)
        .query::<Page>()
        .answers::<AccessLog>(200);
    Routes::new().add(spec, read)
}

#[derive(Debug, Serialize, ToSchema)]
struct AccessLog {
    items: Vec<AccessEntry>,
    next_cursor: Option<String>,
    summary: Summary,
}

/// One opening or refusal.
#[derive(Debug, Serialize, ToSchema)]
struct AccessEntry {
    id: String,
    at: Timestamp,
    who_kind: &'static str,
    who: Text2,
    fields: Vec<FieldWords>,
    purpose: PurposeWords,
    about: Option<About>,
    outcome: &'static str,
    reason: Option<Text2>,
    basis: Option<Cite>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessField)]
struct FieldWords {
    field: String,
    label: Text2,
    group: &'static str,
}

/// Over the last thirty days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessSummary)]
struct Summary {
    from: Timestamp,
    companies: u64,
    persons: u64,
    staff: u64,
    engine: u64,
    openings: u64,
    refused: u64,
}

fn who(row: &AccessRow) -> (&'static str, Text2) {
    match &row.who {
        Who::Own => ("self", Text2::of("You", Some("您本人"))),
        Who::Person(_) => ("person", relation(&row.relation)),
        Who::Company => ("company", Text2::of("A company's program", Some("企业程序"))),
        Who::Staff(_) => ("staff", Text2::of("Staff", Some("平台工作人员"))),
        Who::Engine(_) => {
            ("engine", Text2::of("The machine; nobody read it", Some("系统自动处理，无人查看")))
        }
    }
}

fn relation(relation: &str) -> Text2 {
    let (en, zh) = match relation {
        "shipper" => ("The shipper of your order", "您运单的货主"),
        "trucker" => ("The trucker of your order", "您运单的承运人"),
        "driver" => ("The driver of your order", "您运单的司机"),
        "peer" => ("The other side of a talk", "聊天对方"),
        "bidder" => ("Somebody bidding on your load", "对您货源报价的人"),
        "reader" => ("A member reading a card", "查看名片的会员"),
        _ => ("Another member", "其他会员"),
    };
    Text2::of(en, Some(zh))
}

/// The thing that a row is about, from its wire id.
fn about(resource: &str) -> Option<About> {
    let kind = match resource.split_once('_')?.0 {
        "ord" => "order",
        "thr" => "thread",
        "load" => "load",
        "vrf" => "verification",
        "file" => "file",
        "offer" => "offer",
        _ => return None,
    };
    Some(About { kind: kind.to_owned(), id: resource.to_owned() })
}

fn entry(app: &App, row: AccessRow) -> AccessEntry {
    let (who_kind, who) = who(&row);
    let fields = row.fields.iter().map(|field| FieldWords {
        label: words::field(field),
        group: my_data::entry(&app.account, field)
            .map_or("other", |entry| words::group(entry.category)),
        field: field.clone(),
    });
    AccessEntry {
        // The log's own number would tell how much is opened in all.
        id: wallet::posting_id(&app.account, row.seq).to_string().replacen("post_", "acc_", 1),
        at: row.at,
        who_kind,
        who,
        fields: fields.collect(),
        purpose: words::purpose(&row.purpose),
        about: about(&row.resource),
        outcome: if row.allowed { "opened" } else { "refused" },
        reason: (!row.allowed)
            .then(|| Text2::of("No rule allows it", Some("没有规则允许此项访问"))),
        basis: row.citations.first().map(words::citation),
    }
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<Page>,
) -> Result<axum::Json<AccessLog>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "me_access_log", caller.actor(), &(), asked, now)?;
    let subject = caller.party.subject();
    let before = paging.after.map(|(seq, _)| seq);
    let gate = &app.account.gate;
    let found = gate.access_log(subject, before, paging.limit as usize).await?;
    let last = found.next_before.map(|seq| (seq, Uuid::nil()));
    let next_cursor = paging.next(&app, usize::MAX, last, now)?;
    let from = now.plus(-30 * DAY);
    let sum = gate.access_summary(subject, from).await?;
    let summary = Summary {
        from,
        companies: sum.companies,
        persons: sum.persons,
        staff: sum.staff,
        engine: sum.engine,
        openings: sum.openings,
        refused: sum.refused,
    };
    let items = found.rows.into_iter().map(|row| entry(&app, row)).collect();
    Ok(axum::Json(AccessLog { items, next_cursor, summary }))
}
