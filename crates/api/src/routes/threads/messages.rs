//! Messages: words with what is covered cut out, and the offers between them.

use axum::{extract::State, response::Response};
use sarai_account::usecase::talk;
use sarai_gate::Ask;
use sarai_kernel::{
    Caller, Kind, MessageId, PartyId, Refusal, StoreExt, Stored, ThreadId, Timestamp,
    mask::{Covered, Span},
    purpose::Converse,
    thread::{Message, MessageKind, MessageWords, Thread},
};
use sarai_seal::{Grant, Scope};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::cards::side;
use crate::{
    app::{App, Ctx},
    body::Nothing,
    params::{Params, Query},
    post::{Done, Post},
    problem::Problem,
    routes::{
        me::words::{Cite, cite},
        paging::{Page, Paging},
    },
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/threads/{id}/messages", "message_list", "What was said")
                .relation("peer")
                .opens("converse", "open")
                .query::<Page>()
                .answers::<Messages>(200),
            list,
        )
        .add(
            Spec::post("/v1/threads/{id}/messages", "message_post", "Say something")
                .relation("peer")
                .opens("converse", "open")
                .body::<MessageNew>()
                .answers::<WireMessage>(201)
                .problems(&["listing_closed", "rate_limited"]),
            say,
        )
        .add(
            Spec::post("/v1/threads/{id}/actions/read", "thread_read", "Mark as read")
                .relation("peer")
                .cost(1)
                .body::<Nothing>()
                .answers::<ThreadRef>(200),
            mark,
        )
        .add(
            Spec::post("/v1/threads/{id}/actions/report", "thread_report", "Report a talk")
                .relation("peer")
                .body::<ReportRequest>()
                .answers::<ThreadRef>(202),
            report,
        )
}

#[derive(Debug, Serialize, ToSchema)]
struct Messages {
    items: Vec<WireMessage>,
    next_cursor: Option<String>,
    mask_note: Option<MaskNote>,
}

/// When what is covered opens, and why it is covered.
#[derive(Debug, Serialize, ToSchema)]
struct MaskNote {
    opens: &'static str,
    basis: Cite,
}

/// Words or an offer, or both.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Message)]
struct WireMessage {
    id: MessageId,
    at: Timestamp,
    by: &'static str,
    mine: bool,
    parts: Vec<Part>,
    #[schema(value_type = Option<MessageOffer>)]
    offer: Option<MessageOffer>,
}

/// A run of words, or a bar over what is covered.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = MessagePart)]
enum Part {
    Text { text: String },
    Masked { what: &'static str, length: usize },
}

/// One version of an offer, as it stood in the talk.
#[derive(Debug, Serialize, ToSchema)]
struct MessageOffer {
    id: Value,
    version: Value,
    price: Value,
    keep: Value,
    pay: Value,
    against_band: Option<String>,
    state: Value,
    expires_at: Value,
    standing: bool,
}

/// The words in order, with what is covered cut out.
fn parts(text: &str, covered: &[Span]) -> Vec<Part> {
    let letters: Vec<char> = text.chars().collect();
    let (mut parts, mut at) = (Vec::new(), 0);
    let run = |from: usize, to: usize| -> Option<Part> {
        let text: String = letters.iter().take(to).skip(from).collect();
        (!text.is_empty()).then_some(Part::Text { text })
    };
    for span in covered {
        parts.extend(run(at, span.from));
        let what = match span.kind {
            Covered::Number => "phone",
            Covered::Email => "email",
            Covered::Link => "link",
            Covered::Handle => "account",
        };
        parts.push(Part::Masked { what, length: span.to.saturating_sub(span.from) });
        at = span.to;
    }
    parts.extend(run(at, letters.len()));
    parts
}

fn offer(message: &Message, now: Timestamp, newest: Option<u64>) -> Option<MessageOffer> {
    if message.kind != MessageKind::Offer {
        return None;
    }
    let fact = |name: &str| message.facts.get(name).cloned().unwrap_or(Value::Null);
    let ends = fact("expires_at").as_str().and_then(|at| at.parse::<Timestamp>().ok());
    let pending = fact("state") == "pending" && ends.is_some_and(|ends| now < ends);
    let past = fact("state") == "pending" && !pending;
    Some(MessageOffer {
        id: fact("offer"),
        version: fact("version"),
        price: fact("price"),
        keep: fact("keep"),
        pay: fact("pay"),
        against_band: None,
        state: if past { "expired".into() } else { fact("state") },
        expires_at: fact("expires_at"),
        standing: pending && newest == Some(message.number),
    })
}

fn view(
    grant: &Grant<Converse>,
    thread: &Thread,
    me: PartyId,
    found: &Stored<Message>,
    (now, newest): (Timestamp, Option<u64>),
) -> Result<WireMessage, Problem> {
    let message = &found.record;
    let words = match grant.open_if_present::<MessageWords>(message) {
        Ok(words) => words,
        // The author left: what was said is gone with the key.
        Err(sarai_seal::Denied::Erased) => None,
        Err(error) => return Err(error.into()),
    };
    let covered: &[Span] = if thread.open_contact { &[] } else { &message.covered };
    let mut offer = offer(message, now, newest);
    if let Some(offer) = &mut offer {
        // Each side sees its own sum.
        if side(thread, me) == "shipper" {
            offer.keep = Value::Null;
        } else {
            offer.pay = Value::Null;
        }
    }
    Ok(WireMessage {
        id: MessageId::from_uuid(found.id),
        at: message.at,
        by: match message.kind {
            MessageKind::System => "system",
            _ => side(thread, message.author),
        },
        mine: message.author == me && message.kind != MessageKind::System,
        parts: words.map(|words| parts(words.as_str(), covered)).unwrap_or_default(),
        offer,
    })
}

/// The right to read what the two said.
async fn right(
    app: &App,
    caller: &Caller,
    id: ThreadId,
    thread: &Thread,
    now: Timestamp,
) -> Result<Grant<Converse>, Problem> {
    let both = [thread.poster.subject(), thread.other.subject()];
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: "peer",
        resource_kind: "thread",
        resource: id.to_string(),
        stage: if thread.closed { "closed" } else { "open" },
        case: None,
        consent: false,
        scope: Scope::several(both).ok_or_else(|| Problem::new("internal"))?,
        fields: &["message.words"],
    };
    Ok(app.account.gate.grant::<Converse>(ask, now).await?)
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<ThreadId>,
    Query(page): Query<Page>,
) -> Result<axum::Json<Messages>, Problem> {
    let thread = talk::thread(&app.account, caller.party, id).await?.record;
    let asked = (page.limit, page.cursor.as_deref());
    let filter = id.to_string();
    let paging = Paging::open(&app, "message_list", caller.actor(), &filter, asked, now)?;
    let rows = talk::messages(&app.account, id, paging.limit, paging.after).await?;
    let grant = right(&app, &caller, id, &thread, now).await?;
    let offers = rows.iter().filter(|(one, _)| one.record.kind == MessageKind::Offer);
    let newest = offers.map(|(one, _)| one.record.number).max();
    let items = rows
        .iter()
        .map(|(one, _)| view(&grant, &thread, caller.party, one, (now, newest)))
        .collect::<Result<Vec<_>, _>>()?;
    let hides =
        |item: &WireMessage| item.parts.iter().any(|part| matches!(part, Part::Masked { .. }));
    let mask_note = items
        .iter()
        .any(hides)
        .then(|| MaskNote { opens: "deposit_held", basis: cite("PIPL 6", "text") });
    let last = rows.last().map(|(one, sort)| (*sort, one.id));
    let next_cursor = paging.next(&app, rows.len(), last, now)?;
    Ok(axum::Json(Messages { items, next_cursor, mask_note }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MessageNew {
    #[schema(min_length = 1, max_length = 2000)]
    text: String,
}

async fn say(
    State(app): Ctx,
    Params(id): Params<ThreadId>,
    post: Post<MessageNew>,
) -> Result<Response, Problem> {
    let account = &app.account;
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let done = post
        .once(&app, |asked| async move {
            talk::say(account, &asked.caller, id, &asked.body.text, asked.command).await
        })
        .await?;
    let message: MessageId = done.id()?;
    let thread = talk::thread(account, caller.party, id).await?.record;
    let found = app.store.load::<Message>(message.uuid()).await?;
    let found = found.filter(|found| found.record.thread == id);
    let found = found.ok_or_else(|| Refusal::new("not_found", Kind::NotFound))?;
    let grant = right(&app, &caller, id, &thread, now).await?;
    Ok(done.show(view(&grant, &thread, caller.party, &found, (now, None))?))
}

#[derive(Debug, Serialize, ToSchema)]
struct ThreadRef {
    id: ThreadId,
    version: u64,
    state: &'static str,
}

async fn mark(
    State(app): Ctx,
    Params(id): Params<ThreadId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    let account = &app.account;
    post.once(
        &app,
        |asked| async move { talk::read(account, &asked.caller, id, asked.command).await },
    )
    .await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportRequest {
    message: Option<MessageId>,
    #[schema(max_length = 40)]
    reason: String,
    #[schema(max_length = 2000)]
    words: Option<String>,
}

async fn report(
    State(app): Ctx,
    Params(id): Params<ThreadId>,
    post: Post<ReportRequest>,
) -> Result<Done, Problem> {
    let account = &app.account;
    post.once(&app, |asked| async move {
        let ReportRequest { message, reason, words } = &asked.body;
        let what = (reason.as_str(), words.as_deref());
        talk::report(account, &asked.caller, id, *message, what, asked.command).await
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covered_words_are_cut_out_and_the_rest_stays_in_order() {
        let text = "call 13800138000 now";
        let spans = sarai_kernel::mask::contacts(text);
        let text = |text: &str| Part::Text { text: text.to_owned() };
        let bar = Part::Masked { what: "phone", length: 11 };
        assert_eq!(parts("call 13800138000 now", &spans), [text("call "), bar, text(" now")]);
        assert_eq!(parts("fine", &[]), [text("fine")]);
    }
}
