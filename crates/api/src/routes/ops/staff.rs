//! Staff and their roles.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_account::usecase::{
    factors,
    profile::own_party,
    send_code::Contact,
    sessions,
    staff::{self, needs},
};
use sarai_gate::Ask;
use sarai_kernel::{
    Caller, FieldError, Outcome, PartyId, Refusal, Role, Stored, Timestamp, UseCaseError,
    party::{Party, PartyDisplayName},
    personal::Name,
    purpose::Converse,
};
use sarai_seal::{Disclose, Disclosed, Scope, Sealed, SubjectId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{Params, Query},
    post::{Patch, Post},
    problem::Problem,
    routes::{cards::display_name, paging::Page},
    spec::{Routes, Spec},
    version::Tagged,
    who::{Anybody, SteppedUp},
};

const ADMIN: &[Role] = &[Role::OpAdmin];

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/ops/staff", "ops_staff_list", "Who is staff")
                .roles(ADMIN)
                .relation("op.admin")
                .step_up()
                .opens("converse", "open")
                .query::<Page>()
                .lists::<StaffShape>(),
            list,
        )
        .add(
            Spec::post("/v1/ops/staff", "ops_staff_post", "Make a member staff")
                .roles(ADMIN)
                .relation("op.admin")
                .step_up()
                .audited("role_given")
                .body::<StaffNew>()
                .answers::<StaffShape>(201)
                .problems(&["not_found"]),
            add,
        )
        .add(
            Spec::patch("/v1/ops/staff/{id}", "ops_staff_patch", "Change roles of staff")
                .roles(ADMIN)
                .relation("op.admin")
                .step_up()
                .audited("role_given")
                .body::<StaffPatch>()
                .answers::<StaffShape>(200)
                .problems(&["transition_refused"]),
            change,
        )
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
enum StaffRole {
    #[serde(rename = "op.verify")]
    Verify,
    #[serde(rename = "op.market")]
    Market,
    #[serde(rename = "op.money")]
    Money,
    #[serde(rename = "op.support")]
    Support,
    #[serde(rename = "op.safety")]
    Safety,
    #[serde(rename = "op.admin")]
    Admin,
    #[serde(rename = "po")]
    PrivacyOfficer,
    #[serde(rename = "rev")]
    Reviewer,
}

fn roles(wanted: &[StaffRole]) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    for role in wanted {
        let role = match role {
            StaffRole::Verify => Role::OpVerify,
            StaffRole::Market => Role::OpMarket,
            StaffRole::Money => Role::OpMoney,
            StaffRole::Support => Role::OpSupport,
            StaffRole::Safety => Role::OpSafety,
            StaffRole::Admin => Role::OpAdmin,
            StaffRole::PrivacyOfficer => Role::PrivacyOfficer,
            StaffRole::Reviewer => Role::Reviewer,
        };
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StaffNew {
    #[schema(max_length = 254)]
    phone_or_email: String,
    #[schema(min_items = 1, max_items = 6)]
    roles: Vec<StaffRole>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StaffPatch {
    #[schema(max_items = 6)]
    roles: Vec<StaffRole>,
}

#[derive(Disclose)]
struct Staff {
    #[subject]
    #[serde(skip)]
    subject: SubjectId,
    party: PartyId,
    version: u64,
    display_name: Sealed<Name, PartyDisplayName>,
    roles: Vec<&'static str>,
    second_factor: bool,
    last_seen_at: Option<Timestamp>,
}

/// A member of staff.
#[derive(ToSchema)]
#[schema(as = Staff)]
#[expect(dead_code, reason = "shape of the document")]
struct StaffShape {
    party: PartyId,
    version: u64,
    display_name: String,
    roles: Vec<String>,
    second_factor: bool,
    last_seen_at: Option<Timestamp>,
}

async fn views(
    app: &App,
    caller: &Caller,
    parties: Vec<Stored<Party>>,
    now: Timestamp,
) -> Result<Disclosed<Vec<Staff>, Converse>, Problem> {
    let subjects = parties.iter().map(|party| party.record.subject);
    let scope = Scope::several(subjects).ok_or_else(|| Problem::new("internal"))?;
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: "reader",
        resource_kind: "card",
        resource: "staff".to_owned(),
        stage: "",
        case: None,
        consent: false,
        scope,
        fields: &["party.display_name"],
    };
    let grant = app.account.gate.grant::<Converse>(ask, now).await?;
    let mut rows = Vec::new();
    for party in parties {
        let id = PartyId::from_uuid(party.id);
        let seen = sessions::list(&app.account, id, now).await?;
        let staff = party.record.roles.iter().filter(|role| role.is_staff());
        rows.push(Staff {
            subject: party.record.subject,
            party: id,
            version: party.version,
            display_name: display_name(&party.record, id),
            roles: staff.map(|role| role.word()).collect(),
            second_factor: factors::has_totp(&app.account, id).await?,
            last_seen_at: seen.iter().map(|session| session.record.seen_at).max(),
        });
    }
    Ok(grant.disclose(rows)?)
}

async fn list(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Anybody { now, .. }: Anybody,
    Query(_): Query<Page>,
) -> Result<List<Disclosed<Vec<Staff>, Converse>>, Problem> {
    needs(&caller, Role::OpAdmin, now)?;
    let parties = staff::list(&app.account).await?;
    Ok(List { items: views(&app, &caller, parties, now).await?, next_cursor: None })
}

/// One member of staff, as an object of its own.
async fn one(
    app: &App,
    caller: &Caller,
    id: PartyId,
    now: Timestamp,
) -> Result<(u64, serde_json::Value), Problem> {
    let party = own_party(&app.account, id).await?;
    let version = party.version;
    let shown = views(app, caller, vec![party], now).await?;
    let rows = serde_json::to_value(&shown).map_err(|_| Problem::new("internal"))?;
    let row = rows.get(0).cloned().ok_or_else(|| Problem::new("internal"))?;
    Ok((version, row))
}

async fn add(State(app): Ctx, post: Post<StaffNew>) -> Result<Response, Problem> {
    let account = &app.account;
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let done = post
        .once(&app, |asked| async move {
            let wrong = || {
                let error = FieldError::new("/phone_or_email", "pattern");
                UseCaseError::Refused(Refusal::invalid(vec![error]))
            };
            let contact = Contact::parse(&asked.body.phone_or_email).ok_or_else(wrong)?;
            let roles = roles(&asked.body.roles);
            let now = asked.command.now;
            let id = staff::add(account, &asked.caller, contact, &roles, now).await?;
            Ok(Outcome::of(201, id, 1))
        })
        .await?;
    let (_, row) = one(&app, &caller, done.id()?, now).await?;
    Ok(done.show(row))
}

async fn change(
    State(app): Ctx,
    Params(id): Params<PartyId>,
    patch: Patch<StaffPatch>,
) -> Result<Response, Problem> {
    let Patch { caller, command, version, body } = patch;
    let roles = roles(&body.roles);
    staff::change(&app.account, &caller, id, version, &roles, command.now).await?;
    let (version, body) = one(&app, &caller, id, command.now).await?;
    Ok(Tagged { version, view: "staff", body }.into_response())
}
