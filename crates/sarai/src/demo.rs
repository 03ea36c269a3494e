//! The demo world brought to life by the product's own use cases: people sign in with codes from the outbox, hand in papers, are checked,
//! add vehicles, put money in, post loads. Nothing is written past a use case.

use std::sync::Arc;

use sarai_account::{
    Account, Outbox, Sender,
    model::PaperKind,
    usecase::{
        notices, papers,
        papers::{Deed, Papers},
        profile, send_code,
        send_code::{Asker, Contact},
        sessions, sign_in,
        sign_in::SignIn,
        wallet,
    },
};
use sarai_freight::{
    Freight,
    input::{CargoIn, ContactIn, LoadNew, PointIn, StopIn, VehicleNew},
    usecase::{post_load::post_load, vehicles::add_vehicle},
    words::{Body, CargoKind, PlateColour, PriceMode, StopKind},
};
use sarai_geo::{Datum, Gazetteer};
use sarai_kernel::{
    Caller, Command, Currency, Kind, Money, Outcome, PartyId, Query, Refusal, Role, SessionId,
    Store, Timestamp, UseCaseError, VerificationId, Via, Window,
    document::Clear,
    party::Language,
    personal::Phone,
    time::{DAY, HOUR, MINUTE},
};
use sarai_play::{LoadPlan, ShipperPlan, TruckerPlan, World};
use serde::de::{DeserializeOwned, IntoDeserializer, value::Error as WordError};
use uuid::Uuid;

use crate::{failure::Failure, house::House};

/// The same people at every start.
const SEED: u64 = 20_210_702;
/// What a shipper has to spend, in fen.
const SHIPPER_MONEY: i64 = 20_000_000;
/// What a trucker has for deposits, in fen.
const TRUCKER_MONEY: i64 = 500_000;
/// Fewer open loads than this are topped up at a start.
const LOADS_MIN: usize = 200;
/// A truck drives this far in an hour with rests, for the unloading window.
const METRES_PER_HOUR: u64 = 50_000;

/// Who lives in the demo, for the terminal.
pub struct People {
    shipper: ShipperPlan,
    trucker: TruckerPlan,
}

impl People {
    /// Says whom to be.
    pub fn print(&self, origin: &str) {
        println!(
            "  A demo world: every person, company, plate and number is synthetic. Codes: {origin}/outbox"
        );
        println!("    shipper  {}   {}", self.shipper.phone, self.shipper.name);
        println!("    trucker  {}   {}", self.trucker.phone, self.trucker.name);
    }
}

/// Fills an empty demo, or adds loads where too few are open.
pub async fn fill(house: &House, account: &Account, freight: &Freight) -> Result<People, Failure> {
    let world = World::generate(SEED, sarai_play::Freight::default(), Gazetteer::shared());
    let people = world.shippers.first().zip(world.truckers.first());
    let (shipper, trucker) =
        people.ok_or_else(|| Failure::Usage("an empty demo world".to_owned()))?;
    let people = People { shipper: shipper.clone(), trucker: trucker.clone() };
    let open = freight.board.len();
    if open >= LOADS_MIN {
        return Ok(people);
    }
    println!("  Filling the demo world …");
    let outbox = account.outbox.clone();
    let outbox =
        outbox.ok_or_else(|| Failure::Usage("--demo needs the outbox sender".to_owned()))?;
    let town = Town { account, freight, outbox, clerk: clerk(house.now()), now: house.now() };
    let fresh = house.store.find(Query::by("party", "party.all", "1").limit(1)).await?.is_empty();
    let mut shippers = Vec::new();
    for plan in &world.shippers {
        let caller = match town.sign_in(&plan.phone).await {
            // Started twice within minutes: codes are rationed, and the world is there already.
            Err(Failure::Refused(refusal)) if !fresh && refusal.kind == Kind::TooMany => {
                return Ok(people);
            }
            other => other?,
        };
        if fresh {
            town.shipper(&caller, plan).await?;
        }
        shippers.push(town.again(caller).await?);
    }
    if fresh {
        for plan in &world.truckers {
            town.trucker(plan).await?;
        }
    }
    for load in world.loads.iter().skip(open) {
        if let Some(caller) = shippers.get(load.shipper) {
            town.post(caller, load).await?;
        }
    }
    Ok(people)
}

struct Town<'a> {
    account: &'a Account,
    freight: &'a Freight,
    outbox: Arc<Outbox>,
    clerk: Caller,
    now: Timestamp,
}

/// Checks the papers of the demo's people. Nobody can sign in as the clerk: there is no such account.
fn clerk(now: Timestamp) -> Caller {
    Caller {
        party: PartyId::new(now),
        roles: vec![Role::OpVerify],
        suspended: false,
        via: Via::Session { id: SessionId::new(now), factor_at: Some(now), thin: false },
    }
}

impl Town<'_> {
    fn at(&self) -> Command {
        Command::at(self.now)
    }

    async fn sign_in(&self, phone: &str) -> Result<Caller, Failure> {
        let number = Phone::new(phone).map_err(|_| internal())?;
        let asker = Asker { address: phone, language: Language::Chinese };
        let sent =
            send_code::send_code(self.account, asker, &Contact::Phone(number), self.at()).await?;
        notices::deliver_due(self.account, self.outbox.as_ref() as &dyn Sender, self.now).await?;
        let letter =
            self.outbox.items().into_iter().find(|item| item.to == phone && item.code.is_some());
        let code = letter.and_then(|letter| letter.code).ok_or_else(internal)?;
        let shown = SignIn {
            challenge: id_in(&sent, "challenge")?,
            code: &code,
            totp: None,
            recovery_code: None,
            device: Some("demo"),
            mark: None,
            language: Language::Chinese,
        };
        let opened = sign_in::sign_in(self.account, shown, self.now).await?;
        let caller = sessions::holder(self.account, &opened.token, self.now).await?;
        Ok(caller.ok_or_else(internal)?)
    }

    /// The caller with the roles taken up since.
    async fn again(&self, mut caller: Caller) -> Result<Caller, Failure> {
        caller.roles = profile::own_party(self.account, caller.party).await?.record.roles;
        Ok(caller)
    }

    async fn shipper(&self, caller: &Caller, plan: &ShipperPlan) -> Result<(), Failure> {
        self.name(caller, &plan.name).await?;
        profile::take_role(self.account, caller, Role::Shipper, self.at()).await?;
        self.papers(caller, person(&plan.name)).await?;
        self.money(caller, SHIPPER_MONEY).await
    }

    async fn trucker(&self, plan: &TruckerPlan) -> Result<(), Failure> {
        let caller = self.sign_in(&plan.phone).await?;
        self.name(&caller, &plan.name).await?;
        profile::take_role(self.account, &caller, Role::Trucker, self.at()).await?;
        let caller = self.again(caller).await?;
        let vehicle = VehicleNew {
            plate: plan.plate.clone(),
            plate_colour: PlateColour::Yellow,
            body: word::<Body>(plan.body)?,
            length_mm: plan.length_mm,
            payload_kg: i64::from(plan.payload_kg),
            volume_l: None,
        };
        add_vehicle(self.freight, &caller, self.at(), &vehicle).await?;
        self.papers(&caller, person(&plan.name)).await?;
        self.papers(&caller, licence(&plan.name, self.now)).await?;
        self.papers(&caller, truck(&plan.plate, self.now)).await?;
        self.freight.follow_papers(caller.party, self.now).await?;
        self.money(&caller, TRUCKER_MONEY).await
    }

    async fn name(&self, caller: &Caller, name: &str) -> Result<(), Failure> {
        let version = profile::own_party(self.account, caller.party).await?.version;
        let changes =
            profile::Changes { display_name: Some(name.to_owned()), ..profile::Changes::default() };
        Ok(profile::change(self.account, caller, version, changes, self.now).await?)
    }

    /// Hands papers in and lets the clerk find them fine.
    async fn papers(&self, caller: &Caller, given: Papers) -> Result<(), Failure> {
        let made = papers::hand_in(self.account, caller, given, self.at()).await?;
        let id: VerificationId = id_in(&made, "id")?;
        let claimed = papers::act(self.account, &self.clerk, id, 1, Deed::Claim, self.at()).await?;
        let version = claimed.body.get("version").and_then(|version| version.as_u64()).unwrap_or(2);
        papers::act(self.account, &self.clerk, id, version, Deed::Approve, self.at()).await?;
        Ok(())
    }

    async fn money(&self, caller: &Caller, amount_minor: i64) -> Result<(), Failure> {
        let amount = Money { amount_minor, currency: Currency::CNY };
        wallet::top_up(self.account, caller, amount, "demo", self.at()).await?;
        Ok(())
    }

    async fn post(&self, caller: &Caller, plan: &LoadPlan) -> Result<(), Failure> {
        let load = load(plan, self.now)?;
        match post_load(self.freight, caller, self.at(), &load).await {
            // Two loads of one shipper may look alike by chance: the market's own rule leaves the second out.
            Err(UseCaseError::Refused(refusal)) if refusal.code == "load_duplicate" => Ok(()),
            other => Ok(other.map(drop)?),
        }
    }
}

fn id_in<T: std::str::FromStr>(outcome: &Outcome, name: &str) -> Result<T, Failure> {
    let text = outcome.body.get(name).and_then(|id| id.as_str());
    Ok(text.and_then(|text| text.parse().ok()).ok_or_else(internal)?)
}

fn internal() -> Refusal {
    Refusal::new("internal", Kind::Internal)
}

fn word<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    let word: Result<T, WordError> = T::deserialize(text.into_deserializer());
    word.map_err(|_| Failure::Usage(format!("{text} is no word of the market")))
}

fn blank(kind: PaperKind) -> Papers {
    Papers {
        kind,
        org: None,
        name: None,
        number: None,
        second_number: None,
        vin: None,
        plate: None,
        until: None,
        facts: Clear::new(),
        files: Vec::new(),
    }
}

fn person(name: &str) -> Papers {
    let number = Some(("/fields/number", format!("DEMO-{}", Uuid::new_v4().simple())));
    Papers { name: Some(name.to_owned()), number, ..blank(PaperKind::Person) }
}

fn licence(name: &str, now: Timestamp) -> Papers {
    let until = Some(now.plus(3 * 365 * DAY));
    Papers { until, ..Papers { kind: PaperKind::Licence, ..person(name) } }
}

fn truck(plate: &str, now: Timestamp) -> Papers {
    let until = Some(now.plus(365 * DAY));
    Papers { plate: Some(plate.to_owned()), until, ..blank(PaperKind::Vehicle) }
}

fn load(plan: &LoadPlan, now: Timestamp) -> Result<LoadNew, Failure> {
    let hour = Timestamp::from_micros(now.as_micros() - now.as_micros().rem_euclid(30 * MINUTE));
    let from = hour.plus(plan.pickup_in_hours * HOUR);
    let pickup = Window { from, to: from.plus(plan.pickup_hours * HOUR), zone: zone() };
    let drive = i64::try_from(plan.distance_m / METRES_PER_HOUR).unwrap_or(0) + 2;
    let drop_from = pickup.from.plus(drive * HOUR);
    let drop = Window { from: drop_from, to: pickup.to.plus((drive + 6) * HOUR), zone: zone() };
    let stops = plan.stops.iter().enumerate().map(|(at, lane)| StopIn {
        kind: if at == 0 { StopKind::Pickup } else { StopKind::Drop },
        area_code: lane.place.id.clone(),
        point: PointIn { lat: lane.point.lat(), lon: lane.point.lon(), datum: Datum::Wgs84 },
        address: lane.address.clone(),
        notes: None,
        window: if at == 0 { pickup.clone() } else { drop.clone() },
        contact: ContactIn { name: lane.contact.clone(), phone: lane.phone.clone() },
    });
    let money = |amount_minor| Money { amount_minor, currency: Currency::CNY };
    Ok(LoadNew {
        stops: stops.collect(),
        cargo: CargoIn {
            kind: word::<CargoKind>(plan.cargo)?,
            name: plan.cargo_name.to_owned(),
            mass_kg: i64::from(plan.mass_kg),
            volume_l: Some(i64::from(plan.volume_l)),
            pieces: None,
            handling: Vec::new(),
        },
        bodies: plan.bodies.iter().map(|body| word(body)).collect::<Result<_, _>>()?,
        lengths_mm: plan.lengths_mm.clone(),
        price_mode: if plan.one_price { PriceMode::OnePrice } else { PriceMode::Bargain },
        price: Some(money(plan.price_minor)),
        bids_close_at: None,
        deposit: money(plan.deposit_minor),
        deposit_refundable: true,
        photos: Vec::new(),
        copies: None,
        draft: None,
    })
}

fn zone() -> String {
    "Asia/Shanghai".to_owned()
}
