//! Everything held about a person: by record and field from the register, each value for its owner's eyes only.

use sarai_gate::outbound::{
    Approving, Ground, Leaving, RecipientForm, RecipientKind, Released, Sector, recipient,
};
use sarai_kernel::{
    Caller, Command, Decision, Document, Draft, ExportId, Kind, Outcome, Query, Refusal, StoreExt,
    Stored, Timestamp, UseCaseError, purpose::SelfAccess, time::DAY,
};
use sarai_seal::{Anchor, Content, FieldEntry, Grant, Purpose, Sealed};
use serde_json::{Map, Value, json};

use super::{
    factors,
    warn::{Warning, warn_party},
};
use crate::{
    Account,
    account::{denied, internal, stepped_up},
    model::{Blob, EXPORT_MICROS, EXPORTS_A_DAY_MAX, Export, ExportContent, Payment},
};

/// Fields that are too large to be opened for a list, and are files of their own.
const FILES: [&str; 2] = ["file_content.content", "export.content"];
/// Records of one kind in a copy.
const COPIED_MAX: u32 = 1_000;

/// One sealed value that is held.
pub struct Held {
    /// What the register says of it.
    pub entry: FieldEntry,
    /// The value; `None` for a file, a secret that nobody may see, or what was erased.
    pub value: Option<Value>,
    /// Kind of the record that holds it.
    pub kind: String,
    /// The record.
    pub id: uuid::Uuid,
    /// Kept until then, where that is a day already.
    pub until: Option<Timestamp>,
}

/// Everything sealed that is held about the caller.
pub async fn held(
    account: &Account,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<Held>, Refusal> {
    let documents = account.store.about(caller.party.subject()).await?;
    let grant = right(account, caller, now).await?;
    documents.iter().try_fold(Vec::new(), |mut all, document| {
        all.extend(of_document(account, &grant, document, caller)?);
        Ok(all)
    })
}

async fn right(
    account: &Account,
    caller: &Caller,
    now: Timestamp,
) -> Result<Grant<SelfAccess>, Refusal> {
    let fields = account.register.iter().flat_map(|entry| entry.fields.iter());
    let names: Vec<&str> = fields
        .filter(|field| field.purposes.iter().any(|purpose| purpose.name == "self_access"))
        .map(|field| field.name)
        .collect();
    account.gate.grant_self(caller, "account", &names, now).await
}

fn of_document(
    account: &Account,
    grant: &Grant<SelfAccess>,
    document: &Document,
    caller: &Caller,
) -> Result<Vec<Held>, Refusal> {
    let mut held = Vec::new();
    for part in &document.parts.sealed {
        if part.subject != caller.party.subject() || matches!(part.content, Content::Erased) {
            continue;
        }
        let name = part.field.split('#').next().unwrap_or_default();
        let Some(entry) = entry(account, name) else { continue };
        let file = FILES.contains(&name);
        let value = if file { None } else { grant.open_part(&entry, part).map_err(denied)? };
        held.push(Held {
            until: until(&entry, document.created_at),
            entry,
            value,
            kind: document.at.kind.clone(),
            id: document.at.id,
        });
    }
    Ok(held)
}

/// The register's entry of a field.
pub fn entry(account: &Account, name: &str) -> Option<FieldEntry> {
    let fields = account.register.iter().flat_map(|record| record.fields.iter());
    fields.copied().find(|field| field.name == name)
}

/// The day a value goes, where it counts from the record itself.
fn until(entry: &FieldEntry, made: Timestamp) -> Option<Timestamp> {
    let keep = entry.retention;
    let days = i64::from(keep.years) * 365 + i64::from(keep.months) * 30 + i64::from(keep.days);
    (keep.from == Anchor::Record).then(|| made.plus(days * DAY))
}

/// Makes a copy of everything: sealed values, and what belongs to the person without being sealed.
pub async fn export(
    account: &Account,
    caller: &Caller,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    stepped_up(caller, now)?;
    let earlier = exports(account, caller).await?;
    let today = earlier.iter().filter(|one| now.since(one.record.asked_at) < DAY);
    if today.count() >= EXPORTS_A_DAY_MAX {
        return Err(Refusal::new("quota_spent", Kind::TooMany).into());
    }
    // Without an authenticator a code by message is all there is: then the copy waits, and every channel hears of it meanwhile.
    let wait = match factors::has_totp(account, caller.party).await? {
        true => 0,
        false => account.rules.payout_wait_micros,
    };
    let copy = copy(account, caller, now).await?;
    let bytes = serde_json::to_vec_pretty(&copy).map_err(|_| internal())?;
    let id = ExportId::new(now);
    let record = Export {
        subject: caller.party.subject(),
        party: caller.party,
        asked_at: now,
        ready_at: Some(now.plus(wait)),
        expires_at: now.plus(wait + EXPORT_MICROS),
        bytes: Some(bytes.len() as u64),
        content: Some(Sealed::new(Blob(bytes))),
    };
    let state = if wait == 0 { "ready" } else { "preparing" };
    let outcome = Outcome::of(202, id, 1).state(state);
    let mut decision = Decision::new("account.export", now);
    decision.drafts = warn_party(account, caller.party, Warning::Export, now).await?;
    let decision = decision
        .write(Draft::create(id.uuid(), &record, record.keys())?)
        .answer(command.once, outcome.clone());
    account.store.commit(decision).await?;
    Ok(outcome)
}

async fn copy(account: &Account, caller: &Caller, now: Timestamp) -> Result<Value, Refusal> {
    let documents = account.store.about(caller.party.subject()).await?;
    let grant = right(account, caller, now).await?;
    let mut records = Vec::new();
    for document in &documents {
        let mut sealed = Map::new();
        for held in of_document(account, &grant, document, caller)? {
            sealed.insert(held.entry.name.to_owned(), held.value.unwrap_or(Value::Null));
        }
        records.push(json!({
            "kind": document.at.kind,
            "made_at": document.created_at,
            "changed_at": document.updated_at,
            "facts": document.parts.clear,
            "personal": sealed,
        }));
    }
    let party = caller.party;
    let query = Query::by("payment", "payment.party", party).limit(COPIED_MAX);
    let payments = account.store.records::<Payment>(query).await?;
    let payments = payments.iter().map(|(one, _)| {
        json!({ "kind": one.record.kind, "amount": one.record.amount, "at": one.record.asked_at,
            "state": one.record.state })
    });
    let query = Query::by("order", "order.party", party).limit(COPIED_MAX);
    let orders = account.store.find(query).await?;
    let orders = orders.iter().map(|one| Value::Object(one.document.parts.clear.clone()));
    let lines = super::wallet::postings(account, party, None, COPIED_MAX).await?;
    let lines = lines.iter().map(|line| {
        json!({ "at": line.at, "amount": line.money, "cause": line.cause, "about": line.subject })
    });
    Ok(json!({
        "about": party,
        "as_of": now,
        "records": records,
        "payments": payments.collect::<Vec<_>>(),
        "orders": orders.collect::<Vec<_>>(),
        "postings": lines.collect::<Vec<_>>(),
    }))
}

/// The caller's copies, newest first.
pub async fn exports(account: &Account, caller: &Caller) -> Result<Vec<Stored<Export>>, Refusal> {
    let query = Query::by("export", "export.party", caller.party).newest_first();
    let found = account.store.records::<Export>(query).await?;
    Ok(found.into_iter().map(|(one, _)| one).collect())
}

/// One of the caller's copies.
pub async fn own_export(
    account: &Account,
    caller: &Caller,
    id: ExportId,
) -> Result<Stored<Export>, Refusal> {
    let found = account.store.load::<Export>(id.uuid()).await?;
    found.filter(|one| one.record.party == caller.party).ok_or_else(Refusal::not_found)
}

/// The content of a copy, while it lasts.
pub async fn export_content(
    account: &Account,
    caller: &Caller,
    id: ExportId,
    now: Timestamp,
) -> Result<Vec<u8>, Refusal> {
    stepped_up(caller, now)?;
    let found = own_export(account, caller, id).await?.record;
    if now >= found.expires_at {
        return Err(Refusal::new("retention_over", Kind::Gone));
    }
    if let Some(ready_at) = found.ready_at.filter(|at| now < *at) {
        let refusal = Refusal::new("transition_refused", Kind::Conflict);
        return Err(refusal.with("state", "preparing").with("ready_at", ready_at.to_string()));
    }
    let grant = account.gate.grant_self(caller, "account", &["export.content"], now).await?;
    hand_over(account, caller, id, now).await?;
    let blob = grant.open::<ExportContent>(&found).map_err(denied)?;
    Ok(blob.0.clone())
}

/// A copy leaves to the person whom it is about (PIPL 45): the gate writes it down like everything that leaves.
async fn hand_over(
    account: &Account,
    caller: &Caller,
    id: ExportId,
    now: Timestamp,
) -> Result<(), Refusal> {
    let form = RecipientForm {
        name: "The person whom the data is about".to_owned(),
        country: account.gate.operator().country.clone(),
        kind: RecipientKind::Subject,
        purposes: vec![SelfAccess::NAME.to_owned()],
        categories: Vec::new(),
        group: None,
        approving: Approving::Standing,
    };
    let what = Leaving {
        to: recipient::of_way(account.store.as_ref(), "subject", form, now).await?,
        actor: &caller.actor(),
        purpose: SelfAccess::NAME,
        resource: &id.to_string(),
        fields: &["export.content"],
        persons: &[caller.party.subject()],
        more_persons: 0,
        untyped: &[],
        ground: Ground::LegalDuty,
        sector: Sector::General,
        approval: None,
    };
    match account.gate.release(&what, now).await? {
        Released::Whole(_) | Released::Covered(..) => Ok(()),
        Released::Held(_) => Err(Refusal::new("transfer_held", Kind::Forbidden)),
    }
}
