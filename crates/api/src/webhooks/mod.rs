//! Webhooks: events to programs of a company, by the Standard Webhooks scheme. An endpoint must answer a signed test before it is on.
//!
//! [`record`] is what is kept, [`sign`] how a message is signed, [`pump`] turns events into deliveries, [`worker`] brings them,
//! [`manage`] and [`read`] are the routes.

mod manage;
mod pump;
mod read;
pub mod record;
pub mod sign;
mod worker;

use sarai_kernel::{Caller, DeliveryId, OrgId, StoreExt, Stored, WebhookId};

use crate::{app::App, problem::Problem, spec::Routes};
use record::{Delivery, Webhook};

pub(crate) use pump::Read;
pub use pump::pump;
pub use worker::{Carrier, run_due, start_due};

pub(crate) fn routes() -> Routes {
    Routes::new().and(manage::routes()).and(read::routes())
}

/// The endpoint of a company that the caller runs; anything else is not found.
async fn endpoint(
    app: &App,
    caller: &Caller,
    org: OrgId,
    id: WebhookId,
) -> Result<Stored<Webhook>, Problem> {
    administered(app, caller, org).await?;
    let found = app.store.load::<Webhook>(id.uuid()).await?;
    found
        .filter(|found| found.record.org == org && !found.record.removed)
        .ok_or_else(|| Problem::new("not_found"))
}

/// A delivery of one endpoint.
async fn delivery(
    app: &App,
    webhook: WebhookId,
    id: DeliveryId,
) -> Result<Stored<Delivery>, Problem> {
    let found = app.store.load::<Delivery>(id.uuid()).await?;
    found.filter(|found| found.record.webhook == webhook).ok_or_else(|| Problem::new("not_found"))
}

async fn administered(app: &App, caller: &Caller, org: OrgId) -> Result<(), Problem> {
    sarai_account::usecase::orgs::administered(&app.account, caller, org).await?;
    Ok(())
}
