//! A small town for the tests: a market over the store in memory, shippers and truckers with papers, money in their wallets.

use std::sync::Arc;

use sarai_freight::{
    Estimates, Freight, FreightRules,
    input::{CargoIn, ContactIn, LoadNew, PointIn, StopIn, TakeRequest, VehicleNew},
    model::VehicleCheck,
    usecase::{post_load::post_load, take::take, vehicles},
    words::{Body, CargoKind, PlateColour, PriceMode, StopKind},
};
use sarai_geo::{Datum, Gazetteer, Point};
use sarai_kernel::{
    Account, Caller, Command, Currency, Decision, Draft, FileId, LoadId, Money, OfferId, OrderId,
    Outcome, PartyId, PostingSet, Refusal, Role, SessionId, Store, Timestamp, TruckId,
    UseCaseError, Via, Window,
    file::{File, FilePurpose, FileState},
    party::{Party, Verified},
    time::HOUR,
};
use sarai_testkit::MemoryStore;
use uuid::Uuid;

pub const T0: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

pub fn yuan(amount: i64) -> Money {
    Money { amount_minor: amount * 100, currency: Currency::CNY }
}

pub struct Town {
    pub market: Arc<Freight>,
    pub now: Timestamp,
    next: u128,
}

pub fn refused<T: std::fmt::Debug>(result: Result<T, UseCaseError>) -> Refusal {
    match result {
        Err(UseCaseError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

pub fn id_of<T: std::str::FromStr>(outcome: &Outcome, name: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    outcome.body[name].as_str().expect("an id").parse().expect("of this kind")
}

impl Town {
    pub async fn new() -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let market = Freight::new(store, Arc::new(Estimates), FreightRules::default(), &[7; 32]);
        market.start(T0).await.expect("an empty store");
        Self { market: Arc::new(market), now: T0, next: 1 }
    }

    pub fn at(&self) -> Command {
        Command::at(self.now)
    }

    async fn party(&mut self, role: Role, verified: &[&str]) -> Caller {
        self.next += 1;
        let id = PartyId::from_uuid(Uuid::from_u128(self.next));
        let mut party = Party::new(id);
        party.roles = vec![role];
        party.verified = verified
            .iter()
            .map(|what| Verified { what: (*what).to_owned(), at: T0, until: None })
            .collect();
        let keys = party.keys(T0);
        let draft = Draft::create(id.uuid(), &party, keys).expect("a party");
        self.market
            .store
            .commit(Decision::new("test.party", T0).write(draft))
            .await
            .expect("fresh");
        Caller {
            party: id,
            roles: vec![role],
            suspended: false,
            via: Via::Session {
                id: SessionId::from_uuid(id.uuid()),
                factor_at: Some(T0),
                thin: false,
            },
        }
    }

    pub async fn shipper(&mut self, wallet: i64) -> Caller {
        let caller = self.party(Role::Shipper, &["person"]).await;
        self.top_up(&caller, wallet).await;
        caller
    }

    pub async fn trucker(&mut self, wallet: i64) -> (Caller, TruckId) {
        let caller = self.party(Role::Trucker, &["person", "licence"]).await;
        self.top_up(&caller, wallet).await;
        let new = VehicleNew {
            plate: format!("苏B{:05}", self.next),
            plate_colour: PlateColour::Yellow,
            body: Body::Flatbed,
            length_mm: 13_000,
            payload_kg: 32_000,
            volume_l: None,
        };
        let made =
            vehicles::add_vehicle(&self.market, &caller, self.at(), &new).await.expect("a truck");
        let truck: TruckId = id_of(&made, "id");
        vehicles::note_check(&self.market, truck, VehicleCheck::Verified, &[], self.now)
            .await
            .expect("checked");
        (caller, truck)
    }

    /// A file that somebody uploaded and that is fine.
    pub async fn file(&self, owner: &Caller, purpose: FilePurpose) -> FileId {
        let id = FileId::from_uuid(Uuid::new_v4());
        let file = File {
            owner: owner.party,
            purpose,
            media_type: "image/jpeg".to_owned(),
            bytes: 1,
            sha256: String::new(),
            state: FileState::Ready,
            width_px: Some(1),
            height_px: Some(1),
            reason: None,
            attached: Vec::new(),
            created_at: self.now,
        };
        let draft = Draft::create(id.uuid(), &file, file.keys()).expect("a file");
        let decision = Decision::new("test.file", self.now).write(draft);
        self.market.store.commit(decision).await.expect("fresh");
        id
    }

    pub async fn staff(&mut self) -> Caller {
        self.party(Role::OpMoney, &["person"]).await
    }

    pub async fn top_up(&mut self, caller: &Caller, amount: i64) {
        self.next += 1;
        let set = PostingSet::new(format!("pay_{}", self.next), "topup", Currency::CNY)
            .transfer(Account::Provider("demo"), Account::Wallet(caller.party), yuan(amount))
            .expect("balanced");
        self.market
            .store
            .commit(Decision::new("test.topup", self.now).post(set))
            .await
            .expect("posted");
    }

    pub async fn wallet(&self, caller: &Caller) -> i64 {
        self.balance(Account::Wallet(caller.party)).await
    }

    pub async fn balance(&self, account: Account) -> i64 {
        self.market.store.balance(&account, Currency::CNY).await.expect("a balance")
    }

    pub async fn ledger_is_whole(&self) {
        for (currency, sum) in self.market.store.ledger_sums().await.expect("sums") {
            assert_eq!(sum, 0, "{currency}");
        }
    }

    /// Steel coil from Wuxi Huishan to Jinan, loading in a day.
    pub fn load(&self, mode: PriceMode, price: i64) -> LoadNew {
        let from = self.now.plus(24 * HOUR);
        LoadNew {
            stops: vec![
                stop(StopKind::Pickup, "Wuxi", from),
                stop(StopKind::Drop, "Jinan", from.plus(14 * HOUR)),
            ],
            cargo: CargoIn {
                kind: CargoKind::Steel,
                name: "Steel coil".to_owned(),
                mass_kg: 28_000,
                volume_l: None,
                pieces: Some(2),
                handling: Vec::new(),
            },
            bodies: vec![Body::Flatbed],
            lengths_mm: vec![13_000, 17_500],
            price_mode: mode,
            price: Some(yuan(price)),
            bids_close_at: None,
            deposit: yuan(200),
            deposit_refundable: true,
            photos: Vec::new(),
            copies: None,
            draft: None,
        }
    }

    pub async fn post(&self, shipper: &Caller, load: &LoadNew) -> LoadId {
        let made = post_load(&self.market, shipper, self.at(), load).await.expect("posted");
        made.body["items"][0]["id"].as_str().expect("an id").parse().expect("a load")
    }

    pub async fn take(
        &self,
        trucker: &(Caller, TruckId),
        load: LoadId,
        price: i64,
    ) -> Result<Outcome, UseCaseError> {
        let request = TakeRequest { vehicle: trucker.1, price: yuan(price) };
        let version = self.market.load(load).await?.version;
        take(&self.market, &trucker.0, self.at(), load, version, request).await
    }

    pub async fn booked(
        &self,
        shipper: &Caller,
        trucker: &(Caller, TruckId),
        price: i64,
    ) -> OrderId {
        let load = self.post(shipper, &self.load(PriceMode::OnePrice, price)).await;
        id_of(&self.take(trucker, load, price).await.expect("taken"), "order")
    }

    pub async fn offer_version(&self, offer: OfferId) -> u64 {
        self.market.offer(offer).await.expect("an offer").version
    }

    /// The code of a stop, as the shipper would read it out.
    pub async fn code(&self, order: OrderId, stop: usize) -> String {
        use sarai_freight::model::codes::OrderCodesCodes;
        use sarai_kernel::purpose::Deliver;
        let codes = self.market.codes(order).await.expect("codes").record;
        let scope = sarai_seal::Scope::One(codes.subject);
        let grant = sarai_seal::gatekeeper::mint::<Deliver>(scope, sarai_seal::AuditRow(1));
        let opened = grant.open_all::<OrderCodesCodes>(&codes).expect("open");
        opened[stop].as_str().to_owned()
    }
}

pub fn place(name: &str) -> sarai_geo::Place {
    Gazetteer::shared().search(name, sarai_geo::Lang::En, 1, None).remove(0)
}

pub fn stop(kind: StopKind, city: &str, from: Timestamp) -> StopIn {
    let place = place(city);
    StopIn {
        kind,
        area_code: place.id,
        point: point(place.point),
        address: "8 Steel Road, gate 3".to_owned(),
        notes: Some("report at the weighbridge".to_owned()),
        window: Window { from, to: from.plus(4 * HOUR), zone: "Asia/Shanghai".to_owned() },
        contact: ContactIn { name: "Li Wei".to_owned(), phone: "13800138000".to_owned() },
    }
}

pub fn point(point: Point) -> PointIn {
    PointIn { lat: point.lat(), lon: point.lon(), datum: Datum::Wgs84 }
}
