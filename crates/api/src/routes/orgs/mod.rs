//! Companies, their members, their programs' keys.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sarai_account::{
    model::{OrgCreditCode, OrgName, OrgRole},
    usecase::{
        orgs::{self, NewKey},
        papers,
        profile::own_party,
        send_code::Contact,
    },
};
use sarai_gate::Ask;
use sarai_kernel::{
    Caller, FieldError, KeyId, OrgId, PartyId, Refusal, Timestamp, UseCaseError,
    party::PartyDisplayName,
    personal::Name,
    purpose::{Converse, Verify},
};
use sarai_seal::{Disclose, Disclosed, Scope, Sealed, SubjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{Params, Query},
    post::{Patch, Post},
    problem::Problem,
    routes::{cards::display_name, paging::Page},
    spec::{Routes, Spec},
    version::{Fresh, Tagged},
    who::{Anybody, SignedIn, SteppedUp},
};

pub(super) fn routes() -> Routes {
    companies().and(people()).and(programs())
}

fn companies() -> Routes {
    Routes::new()
        .add(
            Spec::post("/v1/orgs", "org_post", "Make a company")
                .relation("any")
                .opens("verify", "open")
                .body::<OrgNew>()
                .answers::<Org>(201)
                .problems(&["quota_spent"]),
            make,
        )
        .add(
            Spec::get("/v1/orgs/{id}", "org_get", "A company")
                .relation("member")
                .opens("verify", "open")
                .answers::<Org>(200),
            read,
        )
        .add(
            Spec::patch("/v1/orgs/{id}", "org_patch", "Change a company")
                .relation("admin")
                .opens("verify", "open")
                .body::<OrgPatch>()
                .answers::<Org>(200),
            change,
        )
}

fn people() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/orgs/{id}/members", "org_member_list", "Who belongs to it")
                .relation("admin")
                .opens("converse", "open")
                .query::<Page>()
                .lists::<MemberShape>(),
            members,
        )
        .add(
            Spec::post("/v1/orgs/{id}/members", "org_member_post", "Take somebody in")
                .relation("admin")
                .step_up()
                .audited("member_added")
                .body::<MemberNew>()
                .answers::<MemberShape>(202)
                .problems(&["not_found", "already_taken"]),
            add_member,
        )
        .add(
            Spec::delete("/v1/orgs/{id}/members/{party}", "org_member_delete", "Let somebody go")
                .relation("admin")
                .step_up()
                .audited("member_removed"),
            remove_member,
        )
}

fn programs() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/orgs/{id}/api-keys", "org_key_list", "Keys of its programs")
                .relation("admin")
                .query::<Page>()
                .lists::<ApiKey>(),
            keys,
        )
        .add(
            Spec::post("/v1/orgs/{id}/api-keys", "org_key_post", "Make a key")
                .relation("admin")
                .step_up()
                .audited("key_made")
                .body::<ApiKeyNew>()
                .answers::<ApiKeyMade>(201)
                .problems(&["quota_spent", "secret_not_replayed"]),
            make_key,
        )
        .add(
            Spec::delete("/v1/orgs/{id}/api-keys/{key}", "org_key_delete", "Revoke a key")
                .relation("admin")
                .step_up()
                .audited("key_revoked"),
            revoke_key,
        )
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrgNew {
    #[schema(max_length = 80)]
    name: String,
    #[schema(max_length = 40)]
    credit_code: String,
    #[schema(max_length = 12)]
    city_code: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrgPatch {
    #[schema(max_length = 80)]
    name: Option<String>,
    #[schema(max_length = 12)]
    city_code: Option<String>,
}

/// A company as its member sees it.
#[derive(Debug, Serialize, ToSchema)]
struct Org {
    id: OrgId,
    version: u64,
    name: String,
    /// Covered, except to those who run the company.
    credit_code: String,
    city_code: String,
    verification: &'static str,
    #[schema(value_type = String)]
    my_role: OrgRole,
    created_at: Timestamp,
}

async fn view(
    app: &App,
    caller: &Caller,
    id: OrgId,
    now: Timestamp,
) -> Result<(u64, Org), Problem> {
    let (found, role) = orgs::joined(&app.account, caller, id).await?;
    let (name, code) = names(app, caller, id, (&found.record, role), now).await?;
    let kind = sarai_account::model::PaperKind::Company;
    let case = papers::newest(&app.account, caller.party, kind);
    let waits = case.await?.is_some_and(|case| case.record.org == Some(id));
    let verification = match (found.record.verified, waits) {
        (true, _) => "verified",
        (false, true) => "waiting",
        (false, false) => "none",
    };
    let org = Org {
        id,
        version: found.version,
        name,
        credit_code: code,
        city_code: found.record.city_code,
        verification,
        my_role: role,
        created_at: found.record.created_at,
    };
    Ok((found.version, org))
}

/// Name and registration number: the number for those who run the company, the name for every member.
async fn names(
    app: &App,
    caller: &Caller,
    id: OrgId,
    (org, role): (&sarai_account::model::Org, OrgRole),
    now: Timestamp,
) -> Result<(String, String), Problem> {
    let runs = role.administers();
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: if runs { "admin" } else { "member" },
        resource_kind: if runs { "company" } else { "card" },
        resource: id.to_string(),
        stage: "",
        case: None,
        consent: false,
        scope: Scope::One(org.subject),
        fields: if runs { &["org.name", "org.credit_code"] } else { &["org.name"] },
    };
    if !runs {
        let grant = app.account.gate.grant::<Converse>(ask, now).await?;
        let name = grant.open_if_present::<OrgName>(org)?;
        let name = name.map(|name| name.as_str().to_owned()).unwrap_or_default();
        return Ok((name, "••••".to_owned()));
    }
    let grant = app.account.gate.grant::<Verify>(ask, now).await?;
    let name = grant.open_if_present::<OrgName>(org)?;
    let code = grant.open_if_present::<OrgCreditCode>(org)?;
    let name = name.map(|name| name.as_str().to_owned()).unwrap_or_default();
    Ok((name, code.map(|code| code.as_str().to_owned()).unwrap_or_default()))
}

async fn make(State(app): Ctx, post: Post<OrgNew>) -> Result<Response, Problem> {
    let account = &app.account;
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let done = post
        .once(&app, |asked| async move {
            let OrgNew { name, credit_code, city_code } = &asked.body;
            let new = (name.as_str(), credit_code.as_str(), city_code.as_str());
            orgs::make(account, &asked.caller, new, asked.command).await
        })
        .await?;
    let (_, org) = view(&app, &caller, done.id()?, now).await?;
    Ok(done.show(org))
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<OrgId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let (version, org) = view(&app, &caller, id, now).await?;
    Ok(fresh.answer(version, "member", org))
}

async fn change(
    State(app): Ctx,
    Params(id): Params<OrgId>,
    patch: Patch<OrgPatch>,
) -> Result<Response, Problem> {
    let Patch { caller, command, version, body } = patch;
    let new = (body.name.as_deref(), body.city_code.as_deref());
    orgs::change(&app.account, &caller, id, version, new, command.now).await?;
    let (version, body) = view(&app, &caller, id, command.now).await?;
    Ok(Tagged { version, view: "member", body }.into_response())
}

#[derive(Disclose)]
struct Member {
    #[subject]
    #[serde(skip)]
    subject: SubjectId,
    party: PartyId,
    display_name: Sealed<Name, PartyDisplayName>,
    role: OrgRole,
    since: Timestamp,
}

/// Somebody in a company.
#[derive(ToSchema)]
#[schema(as = Member)]
#[expect(dead_code, reason = "shape of the document")]
struct MemberShape {
    party: PartyId,
    display_name: String,
    role: String,
    since: Timestamp,
}

async fn member_views(
    app: &App,
    caller: &Caller,
    org: OrgId,
    only: Option<PartyId>,
    now: Timestamp,
) -> Result<Disclosed<Vec<Member>, Converse>, Problem> {
    orgs::administered(&app.account, caller, org).await?;
    let mut rows = Vec::new();
    for member in orgs::members(&app.account, org).await? {
        let record = member.record;
        if only.is_some_and(|only| only != record.party) {
            continue;
        }
        let party = own_party(&app.account, record.party).await?.record;
        rows.push(Member {
            subject: party.subject,
            party: record.party,
            display_name: display_name(&party, record.party),
            role: record.role,
            since: record.since,
        });
    }
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: "admin",
        resource_kind: "card",
        resource: org.to_string(),
        stage: "",
        case: None,
        consent: false,
        scope: Scope::several(rows.iter().map(|row| row.subject))
            .ok_or_else(|| Problem::new("internal"))?,
        fields: &["party.display_name"],
    };
    let grant = app.account.gate.grant::<Converse>(ask, now).await?;
    Ok(grant.disclose(rows)?)
}

async fn members(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<OrgId>,
    Query(_): Query<Page>,
) -> Result<List<Disclosed<Vec<Member>, Converse>>, Problem> {
    let items = member_views(&app, &caller, id, None, now).await?;
    Ok(List { items, next_cursor: None })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberNew {
    #[schema(max_length = 254)]
    phone_or_email: String,
    #[schema(value_type = String, pattern = "^(admin|dispatcher|finance|driver)$")]
    role: OrgRole,
}

async fn add_member(
    State(app): Ctx,
    Params(id): Params<OrgId>,
    post: Post<MemberNew>,
) -> Result<Response, Problem> {
    let account = &app.account;
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let done = post
        .once(&app, |asked| async move {
            let wrong = || {
                let error = FieldError::new("/phone_or_email", "pattern");
                UseCaseError::Refused(Refusal::invalid(vec![error]))
            };
            let contact = Contact::parse(&asked.body.phone_or_email).ok_or_else(wrong)?;
            let role = asked.body.role;
            orgs::add_member(account, &asked.caller, id, contact, role, asked.command).await
        })
        .await?;
    let rows = member_views(&app, &caller, id, Some(done.id()?), now).await?;
    let rows = serde_json::to_value(&rows).map_err(|_| Problem::new("internal"))?;
    Ok(done.show(rows.get(0).cloned().ok_or_else(|| Problem::new("not_found"))?))
}

async fn remove_member(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Anybody { now, .. }: Anybody,
    Params((id, party)): Params<(OrgId, PartyId)>,
) -> Result<Response, Problem> {
    orgs::remove_member(&app.account, &caller, id, party, now).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApiKeyNew {
    #[schema(max_length = 80)]
    name: String,
    #[schema(min_items = 1, max_items = 8)]
    scopes: Vec<String>,
    #[schema(minimum = 1, maximum = 365)]
    expires_in_days: i64,
    #[serde(default)]
    #[schema(max_items = 20)]
    addresses: Vec<String>,
}

/// A key without its secret.
#[derive(Debug, Serialize, ToSchema)]
struct ApiKey {
    id: KeyId,
    name: String,
    prefix: String,
    scopes: Vec<String>,
    addresses: Vec<String>,
    created_at: Timestamp,
    expires_at: Timestamp,
    last_used_at: Option<Timestamp>,
}

/// The secret, shown once.
#[derive(Debug, Serialize, ToSchema)]
struct ApiKeyMade {
    id: KeyId,
    secret: String,
    expires_at: String,
}

async fn keys(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Params(id): Params<OrgId>,
    Query(_): Query<Page>,
) -> Result<List<Vec<ApiKey>>, Problem> {
    orgs::administered(&app.account, &caller, id).await?;
    let found = orgs::keys(&app.account, id).await?;
    let items = found.into_iter().map(|key| ApiKey {
        id: KeyId::from_uuid(key.id),
        name: key.record.name,
        prefix: key.record.prefix,
        scopes: key.record.scopes,
        addresses: key.record.addresses,
        created_at: key.record.created_at,
        expires_at: key.record.expires_at,
        last_used_at: key.record.last_used_at,
    });
    Ok(List { items: items.collect(), next_cursor: None })
}

async fn make_key(
    State(app): Ctx,
    Params(id): Params<OrgId>,
    post: Post<ApiKeyNew>,
) -> Result<Response, Problem> {
    let account = &app.account;
    let (done, secret) = post
        .once_with(&app, |asked| async move {
            let ApiKeyNew { name, scopes, expires_in_days, addresses } = &asked.body;
            let new = NewKey { name, scopes, days: *expires_in_days, addresses };
            orgs::make_key(account, &asked.caller, id, new, asked.command).await
        })
        .await?;
    let key: KeyId = done.id()?;
    let expires_at = done.text("expires_at").unwrap_or_default().to_owned();
    let Some(secret) = secret else {
        return Err(Problem::new("secret_not_replayed").with("id", key.to_string()));
    };
    Ok(done.show(ApiKeyMade { id: key, secret: secret.as_str().to_owned(), expires_at }))
}

async fn revoke_key(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Anybody { now, .. }: Anybody,
    Params((id, key)): Params<(OrgId, KeyId)>,
) -> Result<Response, Problem> {
    orgs::revoke_key(&app.account, &caller, id, key, now).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
