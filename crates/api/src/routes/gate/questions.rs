//! `POST /v1/gate/questions`: may this leave? Answers with the article and changes nothing.

use axum::extract::State;
use sarai_gate::outbound::Question;
use sarai_kernel::{FieldCheck, FieldError, RecipientId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    OFFICER,
    shapes::{PersonCount, WireAnswered, WireCite, WireGround, WireSector},
};
use crate::{
    app::Ctx,
    body::Json,
    problem::Problem,
    spec::{Routes, Spec},
    who::Anybody,
};

/// Most persons of one question.
const PERSONS_MAX: u64 = 10_000_000_000;

pub(super) fn routes() -> Routes {
    let spec = Spec::search("/v1/gate/questions", "gate_question", "May this leave?")
        .roles(OFFICER)
        .relation("po")
        .body::<QuestionAsked>()
        .answers::<QuestionAnswer>(200)
        .problems(&["not_found"]);
    Routes::new().add(spec, ask)
}

/// What would leave, to whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuestionAsked {
    recipient: RecipientId,
    #[schema(min_length = 1, max_length = 40)]
    purpose: String,
    /// Fields as the register names them.
    #[schema(max_items = 100)]
    fields: Vec<String>,
    /// So many persons, each taken for new this year.
    #[schema(minimum = 0, maximum = 10_000_000_000_i64)]
    persons: u64,
    #[serde(default = "nothing")]
    ground: WireGround,
    #[serde(default = "freight")]
    sector: WireSector,
    /// Suppose that each of them consented to it.
    #[serde(default)]
    consented: bool,
}

const fn nothing() -> WireGround {
    WireGround::None
}

const fn freight() -> WireSector {
    WireSector::Freight
}

/// What would be answered.
#[derive(Debug, Serialize, ToSchema)]
struct QuestionAnswer {
    answer: WireAnswered,
    /// `blocked_by_directive`, `recipient_closed`, `purpose_not_registered`, `category_not_registered`, `field_does_not_leave`,
    /// `law`, `approval`.
    reason: Option<&'static str>,
    abroad: bool,
    class: String,
    basis: Vec<WireCite>,
    /// What is missing; within each need one of the words is enough.
    needs: Vec<Vec<String>>,
    counted: PersonCount,
    counted_with_it: PersonCount,
}

async fn ask(
    State(app): Ctx,
    Anybody { now, .. }: Anybody,
    Json(asked): Json<QuestionAsked>,
) -> Result<axum::Json<QuestionAnswer>, Problem> {
    let mut check = FieldCheck::new();
    check.require(asked.persons <= PERSONS_MAX, || FieldError::new("/persons", "out_of_range"));
    for (at, name) in asked.fields.iter().enumerate() {
        let known = app.gate.field(name).is_some();
        check.require(known, || FieldError::new(format!("/fields/{at}"), "not_in_list"));
    }
    check.finish()?;
    let fields: Vec<&str> = asked.fields.iter().map(String::as_str).collect();
    let question = Question {
        to: asked.recipient,
        purpose: &asked.purpose,
        fields: &fields,
        persons: asked.persons,
        ground: asked.ground.into(),
        sector: asked.sector.into(),
        consented: asked.consented,
    };
    let answer = app.gate.question(&question, now).await?;
    let class = serde_json::to_value(answer.class).ok();
    Ok(axum::Json(QuestionAnswer {
        answer: answer.answer.into(),
        reason: answer.reason,
        abroad: answer.abroad,
        class: class.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default(),
        basis: answer.basis.into_iter().map(WireCite::from).collect(),
        needs: answer.needs,
        counted: answer.counted.into(),
        counted_with_it: answer.with_it.into(),
    }))
}
