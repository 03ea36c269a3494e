//! `GET` and `PATCH /v1/me`.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_account::{
    model::{CaseState, Erasure, OrgName, OrgRole, PaperKind},
    usecase::{factors, orgs, papers, profile},
};
use sarai_kernel::{
    Caller, OrgId, PartyId, Role, StoreExt, Timestamp,
    party::{Language, Party, PartyDisplayName, PartyEmail, PartyName, PartyPhone, Standing},
    personal::{Email, Name, Phone},
    purpose::SelfAccess,
};
use sarai_seal::{Disclose, Disclosed, Scope, Sealed, SubjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    body::Clearable,
    post::Patch,
    problem::Problem,
    routes::cards::{RatingSum, display_name, rating},
    spec::{Routes, Spec},
    version::{Fresh, Tagged},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/me", "me_get", "Your own profile")
                .relation("self")
                .opens("self_access", "open")
                .answers::<Me>(200),
            read,
        )
        .add(
            Spec::patch("/v1/me", "me_patch", "Change your profile")
                .relation("self")
                .opens("self_access", "open")
                .body::<MePatch>()
                .answers::<Me>(200)
                .problems(&["transition_refused"]),
            change,
        )
}

/// What a person sees of the own account.
#[derive(Disclose, ToSchema)]
pub(super) struct Me {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    id: PartyId,
    version: u64,
    #[schema(value_type = Option<String>)]
    name: Option<Sealed<Name, PartyName>>,
    #[schema(value_type = String)]
    display_name: Sealed<Name, PartyDisplayName>,
    #[schema(value_type = Option<String>)]
    phone: Option<Sealed<Phone, PartyPhone>>,
    #[schema(value_type = Option<String>)]
    email: Option<Sealed<Email, PartyEmail>>,
    language: &'static str,
    roles: Vec<&'static str>,
    staff: Vec<&'static str>,
    #[view]
    #[schema(value_type = Vec<OrgLineShape>)]
    orgs: Vec<OrgLine>,
    verification: Checks,
    missing: Vec<Missing>,
    second_factor: bool,
    rating: Option<RatingSum>,
    /// Home place; not kept yet.
    #[schema(value_type = Option<String>)]
    home: Option<&'static str>,
    suspended: bool,
    erasure_at: Option<Timestamp>,
    created_at: Timestamp,
}

/// A company that the person belongs to.
#[derive(Disclose)]
pub(super) struct OrgLine {
    #[subject]
    #[serde(skip)]
    subject: SubjectId,
    id: OrgId,
    name: Option<Sealed<Name, OrgName>>,
    role: OrgRole,
}

#[derive(ToSchema)]
#[schema(as = OrgLine)]
#[expect(dead_code, reason = "shape of the document")]
struct OrgLineShape {
    id: OrgId,
    name: String,
    role: String,
}

/// How far each paper was checked: `none`, `waiting`, `verified`, `refused`, `expired`.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct Checks {
    person: &'static str,
    licence: &'static str,
    vehicle: &'static str,
    company: &'static str,
}

/// What a role still needs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Missing {
    role: &'static str,
    kind: &'static str,
}

/// How far the papers of a party were checked.
pub(crate) async fn checks(
    app: &App,
    party: PartyId,
    record: &Party,
    now: Timestamp,
) -> Result<Checks, Problem> {
    let mut states = ["none"; 4];
    for (state, kind) in states.iter_mut().zip(PaperKind::ALL) {
        *state = check(app, party, record, kind, now).await?;
    }
    let [person, licence, vehicle, company] = states;
    Ok(Checks { person, licence, vehicle, company })
}

async fn check(
    app: &App,
    party: PartyId,
    record: &Party,
    kind: PaperKind,
    now: Timestamp,
) -> Result<&'static str, Problem> {
    if record.is_verified(kind.word(), now) {
        return Ok("verified");
    }
    let case = papers::newest(&app.account, party, kind).await?;
    Ok(match case.map(|case| case.record.state) {
        None => "none",
        Some(CaseState::Waiting | CaseState::Claimed) => "waiting",
        Some(CaseState::Refused) => "refused",
        Some(CaseState::Approved) => "expired",
    })
}

/// What each role needs, in the order to do it.
fn missing(record: &Party, checks: Checks) -> Vec<Missing> {
    let needs = |role: Role, kinds: &[(&'static str, &'static str)]| {
        let open = kinds.iter().filter(|(_, state)| *state != "verified");
        let rows: Vec<Missing> =
            open.map(|(kind, _)| Missing { role: role.word(), kind }).collect();
        if record.roles.contains(&role) { rows } else { Vec::new() }
    };
    let person = ("person", checks.person);
    let trucker = [person, ("licence", checks.licence), ("vehicle", checks.vehicle)];
    let mut all = needs(Role::Trucker, &trucker);
    if checks.company != "verified" {
        all.extend(needs(Role::Shipper, &[person]));
    }
    all
}

async fn view(
    app: &App,
    caller: &Caller,
    now: Timestamp,
) -> Result<(u64, Disclosed<Me, SelfAccess>), Problem> {
    let account = &app.account;
    let party = profile::own_party(account, caller.party).await?;
    let (version, created_at, record) = (party.version, party.created_at, party.record);
    let checks = checks(app, caller.party, &record, now).await?;
    let members = orgs::of(account, caller.party).await?;
    let mut lines = Vec::new();
    for member in members {
        let found = account.store.load::<sarai_account::model::Org>(member.org.uuid()).await?;
        lines.extend(found.map(|org| OrgLine {
            subject: org.record.subject,
            id: member.org,
            name: org.record.name,
            role: member.role,
        }));
    }
    let erasure = account.store.load::<Erasure>(caller.party.uuid()).await?;
    let erasure = erasure.filter(|one| !one.record.called_off && one.record.done_at.is_none());
    let fields = ["party.name", "party.display_name", "party.phone", "party.email"];
    let ask = sarai_gate::Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: "self",
        resource_kind: "account",
        resource: caller.party.to_string(),
        stage: "",
        case: None,
        consent: false,
        scope: scope(caller.party, &lines),
        fields: &fields,
    };
    let grant = account.gate.grant::<SelfAccess>(ask, now).await?;
    let (staff, roles): (Vec<Role>, Vec<Role>) =
        record.roles.iter().copied().partition(|role| role.is_staff());
    let me = Me {
        subject: record.subject,
        id: caller.party,
        version,
        display_name: display_name(&record, caller.party),
        language: match record.language {
            Language::English => "en",
            Language::Chinese => "zh-Hans",
        },
        roles: roles.into_iter().map(Role::word).collect(),
        staff: staff.into_iter().map(Role::word).collect(),
        orgs: lines,
        verification: checks,
        missing: missing(&record, checks),
        second_factor: factors::has_totp(account, caller.party).await?,
        rating: rating(&record),
        home: None,
        suspended: matches!(record.standing, Standing::Suspended { .. }),
        erasure_at: erasure.map(|one| one.record.runs_at),
        created_at,
        name: record.name,
        phone: record.phone,
        email: record.email,
    };
    Ok((version, grant.disclose(me)?))
}

/// The person, and the companies whose names stand in the profile.
fn scope(party: PartyId, orgs: &[OrgLine]) -> Scope {
    let subjects = orgs.iter().map(|org| org.subject).chain([party.subject()]);
    Scope::several(subjects).unwrap_or(Scope::One(party.subject()))
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let (version, me) = view(&app, &caller, now).await?;
    Ok(fresh.answer(version, "me", me))
}

/// Changes by merge patch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MePatch {
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 80)]
    name: Clearable<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 80)]
    display_name: Clearable<String>,
    language: Option<Tongue>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
enum Tongue {
    #[serde(rename = "en")]
    English,
    #[serde(rename = "zh-Hans")]
    Chinese,
}

async fn change(State(app): Ctx, patch: Patch<MePatch>) -> Result<Response, Problem> {
    let Patch { caller, command, version, body } = patch;
    let changes = profile::Changes {
        name: match body.name {
            Clearable::Absent => None,
            Clearable::Clear => Some(None),
            Clearable::Set(text) => Some(Some(text)),
        },
        display_name: match body.display_name {
            Clearable::Set(text) => Some(text),
            _ => None,
        },
        language: body.language.map(|language| match language {
            Tongue::English => Language::English,
            Tongue::Chinese => Language::Chinese,
        }),
    };
    profile::change(&app.account, &caller, version, changes, command.now).await?;
    let (version, body) = view(&app, &caller, command.now).await?;
    Ok(Tagged { version, view: "me", body }.into_response())
}
