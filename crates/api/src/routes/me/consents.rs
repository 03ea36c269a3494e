//! Consents: given, listed, withdrawn.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sarai_gate::consent::{self, Give, OFFERS, Offer};
use sarai_kernel::{Command, ConsentId, Stored, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{self, Cite, PurposeWords};
use crate::{
    app::Ctx,
    params::Params,
    post::Post,
    problem::Problem,
    shapes::Text2,
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/me/consents", "me_consent_list", "What you agreed to")
                .relation("self")
                .answers::<Consents>(200),
            list,
        )
        .add(
            Spec::post("/v1/me/consents", "me_consent_post", "Agree")
                .relation("self")
                .audited("consent_give")
                .body::<ConsentRequest>()
                .answers::<Consent>(201)
                .problems(&["terms_changed"]),
            give,
        )
        .add(
            Spec::delete("/v1/me/consents/{id}", "me_consent_delete", "Withdraw a consent")
                .relation("self")
                .suspended_may()
                .audited("consent_withdraw"),
            withdraw,
        )
}

#[derive(Debug, Serialize, ToSchema)]
struct Consents {
    items: Vec<Consent>,
    /// Not given now. Never ticked before.
    offers: Vec<ConsentOffer>,
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Consent {
    id: ConsentId,
    purpose: PurposeWords,
    what: Text2,
    without: Text2,
    version: String,
    given_at: Timestamp,
    withdrawn_at: Option<Timestamp>,
    basis: Option<Cite>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ConsentOffer {
    purpose: PurposeWords,
    what: Text2,
    without: Text2,
    version: &'static str,
    basis: Option<Cite>,
}

/// `purpose` is the code of an offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsentRequest {
    #[schema(max_length = 40)]
    purpose: String,
    #[schema(max_length = 40)]
    version: String,
}

/// An offer is named by its own code, with the words of the purpose that it serves.
fn named(offer: &Offer) -> PurposeWords {
    PurposeWords { code: offer.code.to_owned(), name: words::purpose(offer.purpose).name }
}

fn view(found: Stored<consent::Consent>) -> Option<Consent> {
    let offer = consent::offer(&found.record.code)?;
    Some(Consent {
        id: ConsentId::from_uuid(found.id),
        purpose: named(offer),
        what: Text2::of(offer.what.0, Some(offer.what.1)),
        without: Text2::of(offer.without.0, Some(offer.without.1)),
        version: found.record.version,
        given_at: found.record.given_at,
        withdrawn_at: found.record.withdrawn_at,
        basis: Some(words::cite(offer.cite, "text")),
    })
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
) -> Result<axum::Json<Consents>, Problem> {
    let found = consent::list(app.store.as_ref(), caller.party).await?;
    let stands = |offer: &Offer| {
        found.iter().any(|one| one.record.code == offer.code && one.record.stands(now))
    };
    let open = OFFERS.iter().filter(|offer| !stands(offer)).map(|offer| ConsentOffer {
        purpose: named(offer),
        what: Text2::of(offer.what.0, Some(offer.what.1)),
        without: Text2::of(offer.without.0, Some(offer.without.1)),
        version: offer.version,
        basis: Some(words::cite(offer.cite, "text")),
    });
    let offers = open.collect();
    let items = found.into_iter().filter_map(view).collect();
    Ok(axum::Json(Consents { items, offers, next_cursor: None }))
}

async fn give(State(app): Ctx, post: Post<ConsentRequest>) -> Result<Response, Problem> {
    let store = app.store.as_ref();
    let caller = post.asked.caller.clone();
    let done = post
        .once(&app, |asked| async move {
            let what = Give {
                code: &asked.body.purpose,
                version: &asked.body.version,
                to: None,
                expires_at: None,
            };
            consent::give(store, &asked.caller, asked.command, what).await
        })
        .await?;
    let id: ConsentId = done.id()?;
    let all = consent::list(store, caller.party).await?;
    let one = all.into_iter().find(|one| one.id == id.uuid()).and_then(view);
    Ok(done.show(one.ok_or_else(|| Problem::new("not_found"))?))
}

async fn withdraw(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<ConsentId>,
) -> Result<Response, Problem> {
    consent::withdraw(app.store.as_ref(), &caller, Command::at(now), id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
