//! `POST /v1/verifications`.

use axum::{extract::State, response::Response};
use sarai_account::{
    model::{PaperFile, PaperKind},
    usecase::papers::{self, Papers},
};
use sarai_kernel::{
    Caller, FieldCheck, FieldError, FileId, OrgId, Refusal, Timestamp, VerificationId,
    document::Clear, time::DAY,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::read::card;
use crate::{
    app::Ctx,
    post::Post,
    problem::Problem,
    spec::{Routes, Spec},
};

pub(super) fn routes() -> Routes {
    let spec = Spec::post("/v1/verifications", "verification_post", "Hand in papers")
        .relation("self, admin")
        .opens("verify", "open")
        .body::<VerificationRequest>()
        .answers::<super::read::VerificationCard>(201)
        .problems(&["document_expired", "transition_refused", "not_found"]);
    Routes::new().add(spec, hand_in)
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Person,
    Licence,
    Vehicle,
    Company,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Side {
    Front,
    Back,
    Page,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Paper {
    file: FileId,
    side: Side,
}

/// Papers of a person, licence, vehicle or company. `fields` has the members that belong to the kind, and no other.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerificationRequest {
    kind: Kind,
    /// With `company`.
    org: Option<OrgId>,
    fields: Fields,
    #[schema(max_items = 10)]
    files: Vec<Paper>,
}

/// Members of every kind; which ones are needed follows from the kind.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[schema(max_length = 80)]
    name: Option<String>,
    #[schema(max_length = 40)]
    id_number: Option<String>,
    #[schema(max_length = 40)]
    number: Option<String>,
    #[schema(max_length = 4)]
    class: Option<String>,
    #[schema(max_length = 10)]
    expires_on: Option<String>,
    #[schema(max_length = 40)]
    qualification_number: Option<String>,
    #[schema(max_length = 10)]
    qualification_expires_on: Option<String>,
    #[schema(max_length = 20)]
    plate: Option<String>,
    #[schema(max_length = 20)]
    plate_colour: Option<String>,
    #[schema(max_length = 20)]
    body: Option<String>,
    #[schema(minimum = 1000, maximum = 30000)]
    length_mm: Option<i64>,
    #[schema(minimum = 100, maximum = 100_000)]
    payload_kg: Option<i64>,
    #[schema(minimum = 1, maximum = 300_000)]
    volume_l: Option<i64>,
    #[schema(max_length = 40)]
    vin: Option<String>,
    #[schema(max_length = 10)]
    licence_expires_on: Option<String>,
    #[schema(max_length = 40)]
    permit_number: Option<String>,
    #[schema(max_length = 10)]
    insurance_expires_on: Option<String>,
    #[schema(max_length = 40)]
    credit_code: Option<String>,
    #[schema(max_length = 12)]
    city_code: Option<String>,
}

const CLASSES: [&str; 5] = ["A1", "A2", "B1", "B2", "C1"];
const COLOURS: [&str; 4] = ["yellow", "blue", "green", "yellow_green"];
const BODIES: [&str; 9] =
    ["flatbed", "high_side", "box", "curtain", "low_bed", "reefer", "tanker", "dump", "van"];

/// Reads members one by one and notes what is wrong.
struct Reader {
    check: FieldCheck,
    facts: Clear,
    until: Option<Timestamp>,
}

impl Reader {
    fn new() -> Self {
        Self { check: FieldCheck::new(), facts: Map::new(), until: None }
    }

    fn wrong(&mut self, name: &str, code: &'static str) {
        self.check.require(false, || FieldError::new(format!("/fields/{name}"), code));
    }

    fn needed<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.wrong(name, "required");
        }
        value
    }

    /// The day a paper ends; the soonest one counts.
    fn day(&mut self, name: &'static str, text: Option<String>) {
        let Some(text) = text else { return };
        match day(&text) {
            Some(end) => {
                self.until = Some(self.until.map_or(end, |soonest| soonest.min(end)));
                self.facts.insert(name.to_owned(), text.into());
            }
            None => self.wrong(name, "pattern"),
        }
    }

    fn word(&mut self, name: &'static str, text: Option<String>, known: &[&str]) {
        let Some(text) = self.needed(name, text) else { return };
        if known.contains(&text.as_str()) {
            self.facts.insert(name.to_owned(), text.into());
        } else {
            self.wrong(name, "not_in_list");
        }
    }

    fn count(&mut self, name: &'static str, value: Option<i64>, (min, max): (i64, i64)) {
        let Some(value) = value else { return };
        self.check.range(&format!("/fields/{name}"), value, min, max);
        self.facts.insert(name.to_owned(), value.into());
    }
}

/// The end of a calendar day, as a moment (the papers are Chinese: days end at 16:00 UTC).
fn day(text: &str) -> Option<Timestamp> {
    if text.len() != 10 {
        return None;
    }
    let start: Timestamp = format!("{text}T00:00:00+08:00").parse().ok()?;
    Some(start.plus(DAY))
}

fn empty(kind: PaperKind) -> Papers {
    Papers {
        kind,
        org: None,
        name: None,
        number: None,
        second_number: None,
        vin: None,
        plate: None,
        until: None,
        facts: Map::new(),
        files: Vec::new(),
    }
}

fn papers(request: VerificationRequest) -> Result<Papers, Refusal> {
    let VerificationRequest { kind, org, fields, files } = request;
    let mut reader = Reader::new();
    let mut papers = match kind {
        Kind::Person => person(&mut reader, fields),
        Kind::Licence => licence(&mut reader, fields),
        Kind::Vehicle => vehicle(&mut reader, fields),
        Kind::Company => company(&mut reader, fields, org),
    };
    reader.check.finish()?;
    papers.until = reader.until;
    papers.facts = reader.facts;
    papers.files = files
        .into_iter()
        .map(|paper| PaperFile {
            file: paper.file,
            side: match paper.side {
                Side::Front => "front",
                Side::Back => "back",
                Side::Page => "page",
            }
            .to_owned(),
        })
        .collect();
    Ok(papers)
}

fn person(reader: &mut Reader, fields: Fields) -> Papers {
    let number = reader.needed("id_number", fields.id_number);
    Papers {
        name: reader.needed("name", fields.name),
        number: number.map(|text| ("/fields/id_number", text)),
        ..empty(PaperKind::Person)
    }
}

fn licence(reader: &mut Reader, fields: Fields) -> Papers {
    let number = reader.needed("number", fields.number);
    reader.word("class", fields.class, &CLASSES);
    let ends = reader.needed("expires_on", fields.expires_on);
    reader.day("expires_on", ends);
    reader.day("qualification_expires_on", fields.qualification_expires_on);
    let second = fields.qualification_number;
    Papers {
        number: number.map(|text| ("/fields/number", text)),
        second_number: second.map(|text| ("/fields/qualification_number", text)),
        ..empty(PaperKind::Licence)
    }
}

fn vehicle(reader: &mut Reader, fields: Fields) -> Papers {
    let plate = reader.needed("plate", fields.plate);
    reader.word("plate_colour", fields.plate_colour, &COLOURS);
    reader.word("body", fields.body, &BODIES);
    let length = reader.needed("length_mm", fields.length_mm);
    reader.count("length_mm", length, (1_000, 30_000));
    let payload = reader.needed("payload_kg", fields.payload_kg);
    reader.count("payload_kg", payload, (100, 100_000));
    reader.count("volume_l", fields.volume_l, (1, 300_000));
    let ends = reader.needed("licence_expires_on", fields.licence_expires_on);
    reader.day("licence_expires_on", ends);
    reader.day("insurance_expires_on", fields.insurance_expires_on);
    Papers {
        plate,
        vin: fields.vin,
        second_number: fields.permit_number.map(|text| ("/fields/permit_number", text)),
        ..empty(PaperKind::Vehicle)
    }
}

fn company(reader: &mut Reader, fields: Fields, org: Option<OrgId>) -> Papers {
    if org.is_none() {
        reader.check.require(false, || FieldError::new("/org", "required"));
    }
    let number = reader.needed("credit_code", fields.credit_code);
    if let Some(code) = reader.needed("city_code", fields.city_code) {
        reader.facts.insert("city_code".to_owned(), Value::from(code));
    }
    Papers {
        org,
        name: reader.needed("name", fields.name),
        number: number.map(|text| ("/fields/credit_code", text)),
        ..empty(PaperKind::Company)
    }
}

async fn hand_in(State(app): Ctx, post: Post<VerificationRequest>) -> Result<Response, Problem> {
    let account = &app.account;
    let (caller, now): (Caller, Timestamp) = (post.asked.caller.clone(), post.asked.command.now);
    let done = post
        .once(&app, |asked| async move {
            let papers = papers(asked.body)?;
            papers::hand_in(account, &asked.caller, papers, asked.command).await
        })
        .await?;
    let id: VerificationId = done.id()?;
    let case = papers::own(account, &caller, id).await?;
    let grant = app.account.gate.grant_self(&caller, "papers", &papers::FIELDS, now).await?;
    Ok(done.show(card(&grant, &case, now)?))
}
