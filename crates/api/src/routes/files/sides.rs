//! Who may read a file because of what carries it: proof and evidence by their order, pictures of goods by their load.

use sarai_account::{
    model::{File, FileContent, FileContentContent, FilePurpose},
    usecase::files::kept,
};
use sarai_freight::{
    model::{Load, Order},
    relations::{self, load_stage, stage},
};
use sarai_gate::{Ask, words};
use sarai_kernel::{
    Caller, FileId, LoadId, OrderId, Role, StoreExt, Timestamp,
    purpose::{Deliver, Publish, Resolve},
};
use sarai_seal::{Purpose, Reads, Scope};
use zeroize::Zeroizing;

use crate::{app::App, problem::Problem};

/// How the caller stands to one of the things that carry a file.
struct Stand {
    relation: &'static str,
    stage: &'static str,
    thing: String,
}

/// The content, for a caller who stands to something that carries it, at a stage at which the law opens it. No relation: not found.
pub(super) async fn content(
    app: &App,
    caller: &Caller,
    id: FileId,
    now: Timestamp,
) -> Result<(File, Zeroizing<Vec<u8>>), Problem> {
    let (file, content) = kept(&app.account, id).await?;
    let mut stands = Vec::new();
    for thing in &file.attached {
        stands.extend(stands_to(app, caller, id, thing, now).await?);
    }
    let look = Look { app, caller, content: &content, now };
    let bytes = match file.purpose {
        FilePurpose::ProofPhoto => look.open::<Deliver>(words::data::PROOF, &stands).await?,
        FilePurpose::Evidence => look.open::<Resolve>(words::data::EVIDENCE, &stands).await?,
        FilePurpose::LoadPhoto => look.open::<Publish>(words::data::PROOF, &stands).await?,
        FilePurpose::Paper => return Err(Problem::new("not_found")),
    };
    Ok((file, bytes))
}

async fn stands_to(
    app: &App,
    caller: &Caller,
    id: FileId,
    thing: &str,
    now: Timestamp,
) -> Result<Vec<Stand>, Problem> {
    if let Ok(order) = thing.parse::<OrderId>() {
        let found = app.store.load::<Order>(order.uuid()).await?;
        return Ok(found.map_or_else(Vec::new, |found| to_order(caller, order, &found.record, now)));
    }
    let Ok(load_id) = thing.parse::<LoadId>() else { return Ok(Vec::new()) };
    let Some(load) = app.store.load::<Load>(load_id.uuid()).await? else { return Ok(Vec::new()) };
    let load = load.record;
    // A picture that was taken off the load again is nobody's but its owner's.
    if !load.photos.contains(&id) {
        return Ok(Vec::new());
    }
    let own = app.freight.own_offers(caller.party, load_id).await?;
    let verified =
        caller.has(Role::Trucker) && app.freight.trucker_lacks(caller.party, now).await?.is_empty();
    let all = relations::to_load(caller, &load, verified, &own, now);
    let mut stands: Vec<Stand> = all
        .into_iter()
        .map(|relation| Stand {
            relation: relation.word(),
            stage: load_stage(&load),
            thing: thing.to_owned(),
        })
        .collect();
    if let Some(order) = load.order {
        let found = app.store.load::<Order>(order.uuid()).await?;
        let sides = found.map(|found| to_order(caller, order, &found.record, now));
        stands.extend(sides.into_iter().flatten());
    }
    Ok(stands)
}

fn to_order(caller: &Caller, id: OrderId, order: &Order, now: Timestamp) -> Vec<Stand> {
    let all = relations::to_order(caller, order).into_iter();
    all.map(|relation| Stand {
        relation: relation.word(),
        stage: stage(order, now),
        thing: id.to_string(),
    })
    .collect()
}

struct Look<'a> {
    app: &'a App,
    caller: &'a Caller,
    content: &'a FileContent,
    now: Timestamp,
}

impl Look<'_> {
    /// Opens the content by the first way that the law knows; where it knows none, its refusal stands in the log.
    async fn open<P>(
        &self,
        data: &'static str,
        stands: &[Stand],
    ) -> Result<Zeroizing<Vec<u8>>, Problem>
    where
        P: Purpose + Reads<FileContentContent>,
    {
        let fields = ["file_content.content"];
        let ask = |stand: &Stand| Ask {
            actor: self.caller.actor(),
            caller: Some(self.caller),
            relation: stand.relation,
            resource_kind: data,
            resource: stand.thing.clone(),
            stage: stand.stage,
            case: None,
            consent: false,
            scope: Scope::One(self.content.subject),
            fields: &fields,
        };
        let may = |stand: &&Stand| self.app.gate.would::<P>(&ask(stand), self.now);
        let stand = stands.iter().find(may).or_else(|| stands.first());
        let stand = stand.ok_or_else(|| Problem::new("not_found"))?;
        let grant = self.app.gate.grant::<P>(ask(stand), self.now).await?;
        let blob = grant.open::<FileContentContent>(self.content)?;
        Ok(Zeroizing::new(blob.0.clone()))
    }
}
