//! `GET /v1/me/data`: everything that is held, for what and how long.

use axum::extract::State;
use sarai_account::usecase::my_data::{self, Held};
use sarai_kernel::Timestamp;
use sarai_seal::Category;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::words::{self, Cite, PurposeWords};
use crate::{
    app::Ctx,
    problem::Problem,
    routes::masks,
    shapes::Text2,
    spec::{Class as Crowd, Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    let spec = Spec::get("/v1/me/data", "me_data", "Everything held about you")
        .relation("self")
        .class(Crowd::Export)
        .cost(10)
        .opens("self_access", "open")
        .answers::<MyData>(200);
    Routes::new().add(spec, read)
}

/// Everything that is held.
#[derive(Debug, Serialize, ToSchema)]
struct MyData {
    as_of: Timestamp,
    groups: Vec<Group>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeldGroup)]
struct Group {
    code: &'static str,
    name: Text2,
    items: Vec<HeldItem>,
}

/// One value; covered but for its ends.
#[derive(Debug, Serialize, ToSchema)]
struct HeldItem {
    field: &'static str,
    label: Text2,
    class: &'static str,
    purposes: Vec<PurposeWords>,
    value: Option<String>,
    sealed: bool,
    about: Option<About>,
    keep: Text2,
    keep_until: Option<Timestamp>,
    basis: Option<Cite>,
    correctable: bool,
}

/// The thing that a value belongs to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AboutThing)]
pub(super) struct About {
    pub kind: String,
    pub id: String,
}

/// A value as it may stand in a list: only its ends.
fn covered(category: Category, value: &Value) -> Option<String> {
    let text = value.as_str()?;
    Some(match category {
        Category::Contact if text.contains('@') => {
            let (user, domain) = text.rsplit_once('@').unwrap_or((text, ""));
            format!("{}•••@{domain}", user.chars().next().unwrap_or('•'))
        }
        Category::Contact => masks::number(text),
        Category::Identity => masks::ends(text, 1, 0),
        Category::Message | Category::Conduct | Category::Device => masks::ends(text, 6, 0),
        _ => masks::ends(text, 2, 4),
    })
}

/// Fields that a person corrects by asking; the rest is corrected by handing papers in again, or is a fact.
const CORRECTABLE: [&str; 5] =
    ["party.name", "party.display_name", "party.phone", "party.email", "payout_account.number"];

fn item(held: Held) -> HeldItem {
    let entry = held.entry;
    HeldItem {
        field: entry.name,
        label: words::field(entry.name),
        class: words::class(entry.class),
        purposes: entry.purposes.iter().map(|purpose| words::purpose(purpose.name)).collect(),
        value: held.value.as_ref().and_then(|value| covered(entry.category, value)),
        sealed: true,
        about: (held.kind != "party").then(|| About { kind: held.kind, id: held.id.to_string() }),
        keep: words::keep(entry.retention),
        keep_until: held.until,
        basis: Some(words::basis(entry.basis)),
        correctable: CORRECTABLE.contains(&entry.name),
    }
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
) -> Result<axum::Json<MyData>, Problem> {
    let held = my_data::held(&app.account, &caller, now).await?;
    let mut groups: Vec<Group> = words::GROUPS
        .iter()
        .map(|code| Group { code, name: words::group_name(code), items: Vec::new() })
        .collect();
    for one in held {
        let code = words::group(one.entry.category);
        if let Some(group) = groups.iter_mut().find(|group| group.code == code) {
            group.items.push(item(one));
        }
    }
    groups.retain(|group| !group.items.is_empty());
    Ok(axum::Json(MyData { as_of: now, groups }))
}
