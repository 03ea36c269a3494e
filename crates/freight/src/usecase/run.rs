//! The driver's steps: arrive, serve, leave; and walking away or refusing goods, with what is shown for it.

use sarai_geo::Point;
use sarai_kernel::{
    Caller, Command, Decision, Draft, FieldCheck, FieldError, FileId, Kind, OrderId, Outcome,
    PartyId, Refusal, Timestamp, UseCaseError,
    document::{Clear, Stored},
    file::{Attach, FilePurpose},
    personal::Words,
    time::{DAY, MINUTE},
};
use sarai_seal::Sealed;
use uuid::Uuid;

use super::{
    act::{acted, apply, decide},
    common::need_active,
};
use crate::{
    input::{ActArrive, ActCancel, ActDispute, ActLeave, ActServe, PointIn},
    market::Freight,
    model::{Order, Proof, order::Shown},
    rules::{
        order::{Action, Actor, CodeShown},
        post::{MASS_KG_MAX, PHOTOS_MAX},
    },
};

/// "At the stop" means within so much of it.
pub const AT_PLACE_M: f64 = 1_000.0;
/// A driver's clock may run ahead by so much.
pub const CLOCK_AHEAD_MICROS: i64 = 10 * MINUTE;
/// A step may be told so much later.
pub const CLOCK_BEHIND_MICROS: i64 = 7 * DAY;

/// A step of the run with everything that is shown for it.
#[derive(Debug, Clone)]
pub enum RunAct {
    /// Arrive.
    Arrive(ActArrive),
    /// Serve.
    Serve(ActServe),
    /// Leave.
    Leave(ActLeave),
}

impl RunAct {
    /// The action of the table.
    pub const fn action(&self) -> Action {
        match self {
            Self::Arrive(act) => Action::Arrive(act.stop),
            Self::Serve(act) => Action::Serve(act.stop),
            Self::Leave(act) => Action::Leave(act.stop),
        }
    }

    const fn happened_at(&self) -> Timestamp {
        match self {
            Self::Arrive(act) => act.happened_at,
            Self::Serve(act) => act.happened_at,
            Self::Leave(act) => act.happened_at,
        }
    }

    /// Bounds of every field.
    fn check(&self, now: Timestamp) -> Result<(), Refusal> {
        let mut check = FieldCheck::new();
        let at = self.happened_at();
        check.require(at.since(now) <= CLOCK_AHEAD_MICROS, || {
            FieldError::new("/happened_at", "too_far_ahead")
        });
        check.require(now.since(at) <= CLOCK_BEHIND_MICROS, || {
            FieldError::new("/happened_at", "in_the_past")
        });
        match self {
            Self::Arrive(act) => {
                if let Some(reason) = &act.reason {
                    check.length("/reason", reason, 1, 500).plain_text("/reason", reason);
                }
                check_position(&mut check, act.position.as_ref());
            }
            Self::Serve(act) => {
                let photos = i64::try_from(act.photos.len()).unwrap_or(i64::MAX);
                check.range("/photos", photos, 0, i64::try_from(PHOTOS_MAX).unwrap_or(9));
                if let Some(mass) = act.mass_kg {
                    check.range("/mass_kg", mass, 1, MASS_KG_MAX);
                }
                if let Some(code) = &act.code {
                    let digits =
                        (4..=6).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
                    check.require(digits, || FieldError::new("/code", "pattern"));
                }
                if let Some(note) = &act.damage_note {
                    check.length("/damage_note", note, 0, 1_000).plain_text("/damage_note", note);
                }
                check_position(&mut check, act.position.as_ref());
            }
            Self::Leave(_) => {}
        }
        check.finish()
    }

    const fn position(&self) -> Option<&PointIn> {
        match self {
            Self::Arrive(act) => act.position.as_ref(),
            Self::Serve(act) => act.position.as_ref(),
            Self::Leave(_) => None,
        }
    }

    fn photos(&self) -> Vec<FileId> {
        match self {
            Self::Arrive(act) => act.photo.into_iter().collect(),
            Self::Serve(act) => act.photos.clone(),
            Self::Leave(_) => Vec::new(),
        }
    }

    /// The photos as files to attach: arriving shows one, serving a list.
    const fn attach(&self, driver: PartyId) -> Attach<'static> {
        let one = matches!(self, Self::Arrive(_));
        let pointer = if one { "/photo" } else { "/photos" };
        Attach { owner: driver, purpose: FilePurpose::ProofPhoto, pointer, one }
    }

    fn note(&self) -> Option<&str> {
        match self {
            Self::Arrive(act) => act.reason.as_deref(),
            Self::Serve(act) => act.damage_note.as_deref(),
            Self::Leave(_) => None,
        }
    }

    const fn mass_kg(&self) -> Option<i64> {
        match self {
            Self::Serve(act) => act.mass_kg,
            _ => None,
        }
    }

    fn code(&self) -> Option<&str> {
        match self {
            Self::Serve(act) => act.code.as_deref(),
            _ => None,
        }
    }
}

fn check_position(check: &mut FieldCheck, position: Option<&PointIn>) {
    if let Some(position) = position {
        let _ = position.read("/position", check);
    }
}

fn point(position: &PointIn) -> Option<Point> {
    Point::new(position.lat, position.lon).ok().map(|point| position.datum.to_wgs84(point))
}

/// A step of the run by the driver on it.
pub async fn run_step(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OrderId,
    act: &RunAct,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    act.check(command.now)?;
    step(market, caller, command, id, act, None).await
}

/// The step itself; `taken` is the id of an offline step, which happens once.
pub(super) async fn step(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OrderId,
    act: &RunAct,
    taken: Option<&str>,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    let action = act.action();
    let code = shown_code(market, caller, id, act, now).await?;
    market
        .commit(now, || async {
            let mut stored = market.related_order(caller, id).await?;
            let actors = stored.record.actors_of(caller.party);
            let shown = shown(&stored.record, act, code);
            let (step, actor) = decide(market, &stored.record, &actors, action, shown, now)?;
            let mut decision = Decision::new("freight.run_step", now);
            let things = [id.to_string()];
            let photos = act.photos();
            let attach = act.attach(caller.party);
            decision.drafts.extend(attach.to(&*market.store, &photos, &things).await?);
            decision = prove(decision, caller, id, act, now)?;
            note(&mut stored, act, taken);
            let mut data = Clear::new();
            data.insert("happened_at".to_owned(), act.happened_at().to_string().into());
            let done = apply(market, decision, stored, (action, step, actor), now, data).await?;
            let actors = done.order.actors_of(caller.party);
            let outcome = acted(id, done.version, &done.order, &actors, market);
            Ok((done.decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

/// Counts a wrong code only where the step is possible at all: a code is no toy to be spent by others.
async fn shown_code(
    market: &Freight,
    caller: &Caller,
    id: OrderId,
    act: &RunAct,
    now: Timestamp,
) -> Result<CodeShown, UseCaseError> {
    let RunAct::Serve(serve) = act else { return Ok(CodeShown::Missing) };
    let order = market.related_order(caller, id).await?.record;
    let right = shown(&order, act, CodeShown::Right);
    decide(market, &order, &order.actors_of(caller.party), act.action(), right, now)?;
    market.show_code(id, serve.stop, act.code(), caller.party, now).await
}

fn shown(order: &Order, act: &RunAct, code: CodeShown) -> Shown {
    let (Action::Arrive(at) | Action::Serve(at) | Action::Leave(at)) = act.action() else {
        return Shown::NOTHING;
    };
    let stop = order.stops.get(usize::from(at)).map(|stop| stop.point);
    let here = act.position().and_then(point);
    Shown {
        at_place: matches!((stop, here), (Some(stop), Some(here)) if stop.distance_m(here) <= AT_PLACE_M),
        photo: !act.photos().is_empty(),
        reason: act.note().is_some_and(|note| !note.trim().is_empty()),
        mass: act.mass_kg().is_some(),
        code,
        ..Shown::NOTHING
    }
}

fn note(stored: &mut Stored<Order>, act: &RunAct, taken: Option<&str>) {
    let order = &mut stored.record;
    if let RunAct::Serve(serve) = act
        && let Some(stop) = order.stops.get_mut(usize::from(serve.stop))
    {
        stop.mass_kg = serve.mass_kg;
        stop.photos.clone_from(&serve.photos);
    }
    if let Some(taken) = taken {
        order.taken.push(taken.to_owned());
        let over = order.taken.len().saturating_sub(crate::model::order::TAKEN_MAX);
        order.taken.drain(..over);
    }
}

fn prove(
    decision: Decision,
    caller: &Caller,
    id: OrderId,
    act: &RunAct,
    now: Timestamp,
) -> Result<Decision, UseCaseError> {
    let (Action::Arrive(stop) | Action::Serve(stop)) = act.action() else { return Ok(decision) };
    let proof = Proof {
        subject: caller.party.subject(),
        order: id,
        stop,
        step: act.action().word().to_owned(),
        happened_at: act.happened_at(),
        photos: act.photos(),
        mass_kg: act.mass_kg(),
        note: words(act.note())?,
    };
    Ok(decision.write(Draft::create(Uuid::now_v7_at(now), &proof, proof.keys(now))?))
}

fn words<F>(text: Option<&str>) -> Result<Option<Sealed<Words, F>>, Refusal> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| Words::new(text).map(Sealed::new))
        .transpose()
        .map_err(|_| Refusal::new("validation_failed", Kind::Invalid))
}

/// Time-ordered ids of documents that are never named outside.
trait At {
    fn now_v7_at(now: Timestamp) -> Uuid;
}
impl At for Uuid {
    fn now_v7_at(now: Timestamp) -> Uuid {
        sarai_kernel::NoticeId::new(now).uuid()
    }
}

/// Walks away from an order, by the table.
pub async fn cancel(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OrderId,
    act: &ActCancel,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    let mut check = FieldCheck::new();
    if let Some(words) = &act.words {
        check.length("/words", words, 0, 1_000).plain_text("/words", words);
    }
    check.finish()?;
    let shown = Shown { photo: act.photo.is_some(), reason: true, ..Shown::NOTHING };
    let now = command.now;
    let action = Action::Cancel(act.reason);
    market
        .commit(now, || async {
            let mut stored = market.related_order(caller, id).await?;
            let actors = stored.record.actors_of(caller.party);
            stored.record.empty_run_minor = market.empty_run(id, &stored.record).await?;
            let at_place = super::track::still_at_first_stop(market, id, now).await?;
            let shown = Shown { at_place, ..shown };
            let (step, actor) = decide(market, &stored.record, &actors, action, shown, now)?;
            let proof = statement(caller, id, "cancel", act.photo, act.words.as_deref(), now)?;
            let mut decision = Decision::new("freight.cancel", now).write(proof);
            let photo: Vec<FileId> = act.photo.into_iter().collect();
            decision.drafts.extend(evidence(market, caller, id, "/photo", &photo).await?);
            let taken =
                apply(market, decision, stored, (action, step, actor), now, Clear::new()).await?;
            let actors = taken.order.actors_of(caller.party);
            let outcome = acted(id, taken.version, &taken.order, &actors, market);
            Ok((taken.decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

fn statement(
    caller: &Caller,
    id: OrderId,
    step: &str,
    photo: Option<FileId>,
    note: Option<&str>,
    now: Timestamp,
) -> Result<Draft, UseCaseError> {
    let proof = Proof {
        subject: caller.party.subject(),
        order: id,
        stop: 0,
        step: step.to_owned(),
        happened_at: now,
        photos: photo.into_iter().collect(),
        mass_kg: None,
        note: words(note)?,
    };
    Ok(Draft::create(Uuid::now_v7_at(now), &proof, proof.keys(now))?)
}

/// The files of a statement, attached to the order.
async fn evidence(
    market: &Freight,
    caller: &Caller,
    id: OrderId,
    pointer: &str,
    files: &[FileId],
) -> Result<Vec<Draft>, UseCaseError> {
    let one = pointer == "/photo";
    let attach = Attach { owner: caller.party, purpose: FilePurpose::Evidence, pointer, one };
    attach.to(&*market.store, files, &[id.to_string()]).await
}

/// Opens a dispute: releases are frozen until it is ruled on. The words stay sealed under who says them.
pub async fn dispute(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OrderId,
    act: &ActDispute,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    let mut check = FieldCheck::new();
    check.length("/words", act.words.trim(), 1, 2_000).plain_text("/words", &act.words);
    let pieces = i64::try_from(act.evidence.len()).unwrap_or(i64::MAX);
    check.range("/evidence", pieces, 0, i64::try_from(PHOTOS_MAX).unwrap_or(9));
    check.finish()?;
    let now = command.now;
    let shown = Shown { reason: true, ..Shown::NOTHING };
    market
        .commit(now, || async {
            let stored = market.related_order(caller, id).await?;
            let actors: Vec<Actor> = stored.record.actors_of(caller.party);
            let (step, actor) =
                decide(market, &stored.record, &actors, Action::Dispute, shown, now)?;
            let mut proof = Proof {
                subject: caller.party.subject(),
                order: id,
                stop: 0,
                step: "dispute".to_owned(),
                happened_at: now,
                photos: act.evidence.clone(),
                mass_kg: None,
                note: words(Some(&act.words))?,
            };
            proof.photos.truncate(PHOTOS_MAX);
            let draft = Draft::create(Uuid::now_v7_at(now), &proof, proof.keys(now))?;
            let mut decision = Decision::new("freight.dispute", now).write(draft);
            decision.drafts.extend(evidence(market, caller, id, "/evidence", &act.evidence).await?);
            let taken =
                apply(market, decision, stored, (Action::Dispute, step, actor), now, Clear::new())
                    .await?;
            let actors = taken.order.actors_of(caller.party);
            let mut outcome = acted(id, taken.version, &taken.order, &actors, market);
            outcome.status = 201;
            Ok((taken.decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}
