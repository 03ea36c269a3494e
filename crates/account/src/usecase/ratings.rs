//! Ratings: each side once, within fourteen days after the end; blind until both rated or the time is over.

use sarai_kernel::{
    Caller, Command, CommitError, Decision, Draft, FieldCheck, FieldError, Key, Kind, NewEvent,
    OrderId, Outcome, PartyId, Query, RatingId, Refusal, StoreExt, Stored, Timestamp, UseCaseError,
    decide_and_commit,
    document::Clear,
    party::Party,
    personal::Words,
    rating::{RATING_MICROS, Rating},
};
use sarai_seal::Sealed;

use super::{profile::own_party, sides};
use crate::{Account, account::active};

/// Words that may be picked beside the stars.
pub const TAGS: [&str; 10] = [
    "on_time",
    "goods_as_said",
    "paid_at_once",
    "kind",
    "careful",
    "waited_long",
    "goods_differed",
    "hard_to_reach",
    "late",
    "careless",
];
/// Tags of one rating.
const TAGS_MAX: usize = 5;

/// What somebody says of the other side.
pub struct Given {
    /// 1 to 5.
    pub stars: u8,
    /// Picked words.
    pub tags: Vec<String>,
    /// Own words.
    pub words: Option<String>,
}

fn check(given: &Given) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    check.range("/stars", i64::from(given.stars), 1, 5);
    let known =
        given.tags.len() <= TAGS_MAX && given.tags.iter().all(|tag| TAGS.contains(&tag.as_str()));
    check.require(known, || FieldError::new("/tags", "not_in_list"));
    let words = given.words.as_deref().is_none_or(|text| Words::new(text).is_ok());
    check.require(words, || FieldError::new("/words", "pattern"));
    check.finish()
}

/// The keys of a rating.
fn keys(rating: &Rating) -> Vec<Key> {
    let at = rating.at.as_micros();
    let mut keys = vec![
        Key::unique("rating.once", format!("{}/{}", rating.order, rating.author)),
        Key::new("rating.order", rating.order, at),
        Key::new("rating.author", rating.author, at),
    ];
    match rating.shown_at {
        Some(shown) => keys.push(Key::new("rating.about", rating.about, shown.as_micros())),
        None => keys.push(Key::timer("account.rating", rating.at.plus(RATING_MICROS))),
    }
    keys
}

/// Rates the other side of an order.
pub async fn rate(
    account: &Account,
    caller: &Caller,
    order: OrderId,
    given: Given,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    active(caller)?;
    check(&given)?;
    let id = RatingId::new(command.now);
    let given = &given;
    let rated =
        decide_and_commit(&*account.store, || decide(account, caller, order, id, given, command));
    match rated.await {
        Err(UseCaseError::Refused(refusal)) if refusal.code == "already_taken" => {
            Err(Refusal::new("transition_refused", Kind::Conflict).with("state", "rated").into())
        }
        other => other,
    }
}

async fn decide(
    account: &Account,
    caller: &Caller,
    order: OrderId,
    id: RatingId,
    given: &Given,
    command: Command,
) -> Result<(Decision, Outcome), UseCaseError> {
    let now = command.now;
    let about = may_rate(account, caller.party, order, now).await?;
    let mut rating = Rating {
        author_subject: caller.party.subject(),
        order,
        author: caller.party,
        about,
        stars: given.stars,
        tags: given.tags.clone(),
        at: now,
        shown_at: None,
        remark: given.words.as_deref().and_then(|text| Words::new(text).ok()).map(Sealed::new),
    };
    let mut decision = Decision::new("account.rate", now);
    let theirs = of_order(account, order).await?.into_iter().find(|one| one.record.author == about);
    if let Some(theirs) = theirs {
        rating.shown_at = Some(now);
        decision = decision.write(counted(account, &rating).await?);
        if theirs.record.shown_at.is_none() {
            let shown = Rating { shown_at: Some(now), ..theirs.record };
            decision = decision.write(counted(account, &shown).await?).write(Draft::update(
                theirs.id,
                theirs.version,
                &shown,
                keys(&shown),
            )?);
        }
    }
    let outcome = Outcome::of(201, id, 1);
    let decision = decision
        .write(Draft::create(id.uuid(), &rating, keys(&rating))?)
        .event(made(id, &rating))
        .answer(command.once, outcome.clone());
    Ok((decision, outcome))
}

/// Whom the party may rate now.
async fn may_rate(
    account: &Account,
    party: PartyId,
    order: OrderId,
    now: Timestamp,
) -> Result<PartyId, Refusal> {
    let sides = sides::of(account, order, party).await?;
    let refused = |state: &str| {
        Refusal::new("transition_refused", Kind::Conflict)
            .with("state", state)
            .with("allowed_from", ["completed"].as_slice())
    };
    let completed = sides.completed_at.ok_or_else(|| refused("not_completed"))?;
    if now.since(completed) >= RATING_MICROS {
        return Err(refused("window_over"));
    }
    sides.other_than(party).ok_or_else(Refusal::not_found)
}

/// Whether a side has rated an order.
pub async fn has_rated(account: &Account, party: PartyId, order: OrderId) -> Result<bool, Refusal> {
    let own = Query::by("rating", "rating.once", format!("{order}/{party}"));
    Ok(account.store.first::<Rating>(own).await?.is_some())
}

/// The party that is rated, with the stars of a rating that is shown now.
async fn counted(account: &Account, rating: &Rating) -> Result<Draft, UseCaseError> {
    let mut party: Stored<Party> = own_party(account, rating.about).await?;
    party.record.stars += u64::from(rating.stars);
    party.record.ratings += 1;
    Ok(party.record.draft(rating.about, party.version, party.created_at)?)
}

fn made(id: RatingId, rating: &Rating) -> NewEvent {
    let mut data = Clear::new();
    data.insert("order".to_owned(), rating.order.to_string().into());
    data.insert("visible".to_owned(), rating.shown_at.is_some().into());
    NewEvent {
        kind: "kernel.rating.made",
        subject_kind: "rating",
        subject: id.to_string(),
        version: 1,
        audience: vec![rating.author, rating.about],
        on_board: false,
        data,
    }
}

/// The ratings of an order.
async fn of_order(account: &Account, order: OrderId) -> Result<Vec<Stored<Rating>>, Refusal> {
    let found = account.store.records::<Rating>(Query::by("rating", "rating.order", order)).await?;
    Ok(found.into_iter().map(|(rating, _)| rating).collect())
}

/// The ratings of an order that a side may see: the own one, and the other's once it is shown.
pub async fn seen(
    account: &Account,
    party: PartyId,
    order: OrderId,
) -> Result<Vec<Stored<Rating>>, Refusal> {
    sides::of(account, order, party).await?;
    let all = of_order(account, order).await?;
    let seen = |one: &Stored<Rating>| one.record.author == party || one.record.shown_at.is_some();
    Ok(all.into_iter().filter(seen).collect())
}

/// Ratings about a party that are shown, newest first.
pub async fn about(
    account: &Account,
    party: PartyId,
    limit: u32,
    after: Option<(i64, uuid::Uuid)>,
) -> Result<Vec<(Stored<Rating>, i64)>, Refusal> {
    let query = Query::by("rating", "rating.about", party).newest_first();
    Ok(account.store.records::<Rating>(query.limit(limit).after(after)).await?)
}

/// Shows lone ratings whose time is over. How many.
pub(crate) async fn show_due(account: &Account, now: Timestamp) -> Result<usize, Refusal> {
    let due = Query::by("rating", "timer", "account.rating").up_to(now.as_micros());
    let mut shown = 0;
    for (stored, _) in account.store.records::<Rating>(due).await? {
        let rating = Rating { shown_at: Some(now), ..stored.record };
        let party = match counted(account, &rating).await {
            Ok(draft) => draft,
            Err(UseCaseError::Refused(refusal)) => return Err(refusal),
            Err(UseCaseError::Answered(_)) => continue,
        };
        let decision = Decision::new("account.show_rating", now).write(party).write(Draft::update(
            stored.id,
            stored.version,
            &rating,
            keys(&rating),
        )?);
        match account.store.commit(decision).await {
            Ok(_) => shown += 1,
            // Next round.
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(shown)
}
