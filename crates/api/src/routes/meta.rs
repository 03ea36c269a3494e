//! `GET /openapi.json` and `GET /v1/meta`: what this installation is, can and allows.

use std::sync::LazyLock;

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use sarai_account::rules::picture::{PAPER_BYTES_MAX, PHOTO_BYTES_MAX};
use sarai_freight::{
    FreightRules,
    usecase::{
        lanes::LANES_MAX,
        offers::{COUNTERS_MAX, OFFER_MICROS},
    },
    words::{Body, CargoKind, LENGTHS_MM},
};
use sarai_gate::directive::Directive;
use sarai_kernel::{Currency, DirectiveId, Money, Timestamp, time::SECOND};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    cursor::LIMIT_MAX,
    shapes::Text2,
    spec::{Routes, Spec},
};

pub(super) fn routes() -> Routes {
    let document = Spec::get("/openapi.json", "openapi", "The OpenAPI document");
    let meta = Spec::get("/v1/meta", "meta", "What this installation is, can and allows");
    Routes::new()
        .add(document.anyone().answers_bytes("application/json"), openapi)
        .add(meta.anyone().answers::<Meta>(200), tell)
}

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(super::openapi().to_string()));

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.clone()).into_response()
}

/// What this installation is, can and allows.
#[derive(Serialize, ToSchema)]
struct Meta {
    name: String,
    version: &'static str,
    api: &'static str,
    /// A synthetic world; pages say so.
    demo: bool,
    /// Where codes go: `outbox`, `smtp`, `hook`.
    sender: &'static str,
    languages: [&'static str; 2],
    currency: Currency,
    country: &'static str,
    zone: String,
    features: Features,
    fees: Fees,
    limits: Limits,
    freight: FreightWords,
    /// Imported road maps; none means that every distance is an estimate.
    maps: Vec<MapName>,
    /// The word by which orders of authorities name this installation.
    platform: String,
    /// Orders of authorities that are in force.
    directives: Vec<InForce>,
}

/// What is switched on.
#[derive(Serialize, ToSchema)]
struct Features {
    public_board: bool,
    sealed_bid: bool,
    lanes: bool,
    tiles: bool,
    passkeys: bool,
}

/// What the platform takes.
#[derive(Serialize, ToSchema)]
struct Fees {
    /// Basis points of the price, from the trucker.
    trucker_fee_bp: u32,
    /// Basis points of the price, from the shipper.
    shipper_fee_bp: u32,
    fee_min: Money,
    insurance: Money,
    /// How long after the sign-off the trucker has the money.
    paid_within_seconds: u32,
}

/// Bounds that pages show.
#[derive(Serialize, ToSchema)]
struct Limits {
    photo_bytes_max: u64,
    paper_bytes_max: u64,
    board_limit_max: u32,
    lanes_max: u32,
    counters_max: u8,
    offer_life_seconds: i64,
    deposit_max: Money,
    price_max: Money,
}

/// The closed words of the trade.
#[derive(Serialize, ToSchema)]
struct FreightWords {
    bodies: Vec<&'static str>,
    lengths_mm: Vec<u32>,
    cargo_kinds: Vec<&'static str>,
}

/// An imported map.
#[derive(Serialize, ToSchema)]
struct MapName {
    name: String,
    attribution: &'static str,
}

/// An order of an authority that is in force, as short as a banner needs it.
#[derive(Serialize, ToSchema)]
#[schema(as = DirectiveInForce)]
struct InForce {
    id: DirectiveId,
    number: String,
    authority: Text2,
    effect: &'static str,
    since: Timestamp,
    until: Option<Timestamp>,
}

impl InForce {
    fn of(directive: Directive) -> Self {
        let order = directive.order;
        Self {
            id: order.id,
            number: order.number,
            authority: Text2 { en: directive.authority.en, zh: directive.authority.zh },
            effect: order.effect.word(),
            since: order.not_before,
            until: order.expires,
        }
    }
}

async fn tell(State(app): Ctx) -> Json<Meta> {
    Json(meta(&app))
}

fn meta(app: &App) -> Meta {
    let directives = app.gate.orders().in_force(app.clock.now());
    let rules = &app.freight.rules;
    let maps = app
        .config
        .maps
        .iter()
        .map(|name| MapName { name: name.clone(), attribution: "© OpenStreetMap contributors" });
    Meta {
        name: app.config.name.clone(),
        version: env!("CARGO_PKG_VERSION"),
        api: "v1",
        demo: app.config.demo,
        sender: app.config.sender,
        languages: ["en", "zh-Hans"],
        currency: rules.currency,
        country: "CN",
        zone: rules.zone.clone(),
        features: Features {
            public_board: app.config.public_board && rules.public_board,
            sealed_bid: false,
            lanes: true,
            tiles: false,
            passkeys: false,
        },
        fees: fees(rules),
        limits: limits(rules),
        freight: FreightWords {
            bodies: Body::ALL.iter().map(|body| body.word()).collect(),
            lengths_mm: LENGTHS_MM.to_vec(),
            cargo_kinds: CargoKind::ALL.iter().map(|kind| kind.word()).collect(),
        },
        maps: maps.collect(),
        platform: app.gate.platform().to_owned(),
        directives: directives.into_iter().map(InForce::of).collect(),
    }
}

fn fees(rules: &FreightRules) -> Fees {
    Fees {
        trucker_fee_bp: rules.trucker_fee_bp,
        shipper_fee_bp: rules.shipper_fee_bp,
        fee_min: sum(rules, rules.fee_min_minor),
        insurance: sum(rules, rules.insurance_minor),
        // The ledger pays in the same transaction as the sign-off.
        paid_within_seconds: 0,
    }
}

fn limits(rules: &FreightRules) -> Limits {
    Limits {
        photo_bytes_max: PHOTO_BYTES_MAX,
        paper_bytes_max: PAPER_BYTES_MAX,
        board_limit_max: LIMIT_MAX,
        lanes_max: LANES_MAX,
        counters_max: COUNTERS_MAX,
        offer_life_seconds: OFFER_MICROS / SECOND,
        deposit_max: sum(rules, rules.deposit_max_minor),
        price_max: sum(rules, rules.price_max_minor),
    }
}

const fn sum(rules: &FreightRules, amount_minor: i64) -> Money {
    Money { amount_minor, currency: rules.currency }
}
