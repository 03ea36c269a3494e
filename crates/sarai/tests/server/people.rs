//! The people of the house: settled once with papers, money and trucks, at work in every round, asking again after every kill.

use std::{collections::HashMap, sync::Arc};

use futures::{StreamExt, stream};
use http::StatusCode;
use sarai_account::{model::Session, rules::token};
use sarai_freight::{
    Estimates, Freight, FreightRules,
    input::VehicleNew,
    model::VehicleCheck,
    usecase::vehicles,
    words::{Body, PlateColour},
};
use sarai_kernel::{
    Account, Caller, Command as At, Currency, Decision, Draft, Money, PartyId, PostingSet, Role,
    SessionId, Store, Timestamp, TruckId, Via,
    party::{Party, Verified},
};
use sarai_testkit::server::Client;
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::{
    house::{House, Server},
    journal::{Command, Journal},
    work::{Board, Carry, Day},
};

/// Shippers with money for all their loads.
const RICH: usize = 6;
/// Shippers whose orders wait for money again and again.
const POOR: usize = 2;
/// Truckers: two fight for each load.
const TRUCKERS: usize = 12;
/// What a rich shipper has, in fen.
const RICH_MINOR: i64 = 1_000_000_000_000;
/// What a poor shipper has: one load's price and a bit.
const POOR_MINOR: i64 = 600_000;
/// What a trucker has for deposits.
const TRUCKER_MINOR: i64 = 50_000_000;
/// Commands that are asked again at once.
const ASKED_AT_ONCE: usize = 16;

/// Money that was put in, in fen: the provider's mirror stands at minus this.
pub const PUT_IN_MINOR: i64 =
    RICH_MINOR * RICH as i64 + POOR_MINOR * POOR as i64 + TRUCKER_MINOR * TRUCKERS as i64;

/// Somebody with a session.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub id: PartyId,
    /// The session's token.
    pub token: String,
}

/// Everybody.
pub struct People {
    /// Who posts.
    pub shippers: Vec<Person>,
    /// Who carries.
    pub truckers: Vec<Carry>,
    board: Arc<Board>,
}

/// What came of asking again.
#[derive(Debug, Default)]
pub struct Told {
    /// Commands that had been answered.
    pub acknowledged: u64,
    /// Commands that the kill had cut off.
    pub unanswered: u64,
}

/// This machine's moment.
#[expect(clippy::disallowed_methods, reason = "the server beside us asks the machine as well")]
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let micros = since.expect("after 1970").as_micros();
    Timestamp::from_micros(i64::try_from(micros).expect("before 294000"))
}

impl People {
    /// Writes everybody into the empty store, before the first server starts.
    pub async fn settle(house: &House) -> Self {
        let store: Arc<dyn Store> = Arc::new(house.store().await);
        let root = house.keyring().derive("freight").expect("a secret");
        let rules = FreightRules::default();
        let market = Freight::new(Arc::clone(&store), Arc::new(Estimates), rules, root.expose());
        let mut shippers = Vec::new();
        for number in 0..RICH + POOR {
            let money = if number < RICH { RICH_MINOR } else { POOR_MINOR };
            shippers.push(settle(&*store, Role::Shipper, &["person"], money).await);
        }
        let mut truckers = Vec::new();
        for number in 0..TRUCKERS {
            let papers = ["person", "licence"];
            let person = settle(&*store, Role::Trucker, &papers, TRUCKER_MINOR).await;
            let truck = truck(&market, &person, number).await;
            truckers.push(Carry::new(person, truck));
        }
        Self { shippers, truckers, board: Arc::default() }
    }

    /// Everybody starts to work, until the server is gone.
    pub fn work(&mut self, server: &Server, journal: &Arc<Journal>) -> Work {
        let mut posting = Vec::new();
        for shipper in &self.shippers {
            let client = server.client(&shipper.token);
            let (board, journal) = (Arc::clone(&self.board), Arc::clone(journal));
            posting.push(tokio::spawn(async move { board.fill(&client, &journal).await }));
        }
        let sides = self.shippers.iter().map(|one| (one.token.clone(), server.client(&one.token)));
        let shippers: Arc<HashMap<_, _>> = Arc::new(sides.collect());
        let mut carrying = Vec::new();
        for mut carry in self.truckers.drain(..) {
            let own = server.client(&carry.person.token);
            let (shippers, board) = (Arc::clone(&shippers), Arc::clone(&self.board));
            let journal = Arc::clone(journal);
            carrying.push(tokio::spawn(async move {
                let day = Day { own: &own, shippers: &shippers, board: &board, journal: &journal };
                while carry.step(&day).await.is_some() {}
                carry
            }));
        }
        Work { posting, carrying }
    }

    /// Waits until everybody noticed that the server is gone.
    pub async fn take_back(&mut self, work: Work) {
        for posting in work.posting {
            posting.await.expect("nobody panics");
        }
        for carrying in work.carrying {
            self.truckers.push(carrying.await.expect("nobody panics"));
        }
    }

    /// Every command of the round once more, under its own key: what was answered is answered the same; what was cut off is
    /// answered now, and the same the next time.
    pub async fn ask_again(&mut self, server: &Server, commands: Vec<Command>) -> Told {
        let tokens = self.tokens().map(|token| (token.clone(), server.client(token)));
        let clients: HashMap<_, _> = tokens.collect();
        let mut told = Told::default();
        let mut asking = stream::iter(commands)
            .map(|command| {
                let client = clients.get(&command.token).expect("a person of ours").clone();
                again(client, command)
            })
            .buffer_unordered(ASKED_AT_ONCE);
        while let Some((command, new)) = asking.next().await {
            if new {
                told.unanswered += 1;
                self.learn(&command);
            } else {
                told.acknowledged += 1;
            }
        }
        told
    }

    fn tokens(&self) -> impl Iterator<Item = &String> {
        let shippers = self.shippers.iter().map(|one| &one.token);
        shippers.chain(self.truckers.iter().map(|one| &one.person.token))
    }

    /// What was cut off may have happened: whoever asked learns of it.
    fn learn(&mut self, command: &Command) {
        let Some(done) = command.done() else { return };
        if command.path == "/v1/freight/loads" {
            self.board.put(&command.token, &command.body, &done);
        }
        if command.path.ends_with("/actions/take")
            && let Some(carry) =
                self.truckers.iter_mut().find(|one| one.person.token == command.token)
        {
            carry.order = done["order"].as_str().map(str::to_owned);
        }
    }
}

/// Everybody at work.
pub struct Work {
    posting: Vec<JoinHandle<()>>,
    carrying: Vec<JoinHandle<Carry>>,
}

/// Asks once more; says whether the answer is news.
async fn again(client: Client, mut command: Command) -> (Command, bool) {
    let new = command.answer.is_none();
    if new {
        let first = command.send(&client).await.expect("the server is up");
        command.answer = Some((first.status.as_u16(), first.body));
    }
    if !command.is_decided() {
        return (command, new);
    }
    let (status, body) = command.answer.clone().expect("answered");
    let second = command.send(&client).await.expect("the server is up");
    let told = (second.status, plain(&command, &second.body));
    let wanted = (StatusCode::from_u16(status).expect("a status"), plain(&command, &body));
    assert_eq!(told, wanted, "{} answers another way the second time", command.path);
    (command, new)
}

/// What must be the same twice: all but the number of the request and the port that the server has this time. Files and messages are
/// shown as they are now: of them, the id.
fn plain(command: &Command, body: &[u8]) -> Value {
    let mut value: Value = serde_json::from_slice(body).unwrap_or_default();
    if command.shows_the_present() {
        return value["id"].take();
    }
    if let Some(members) = value.as_object_mut() {
        members.retain(|name, _| !matches!(name.as_str(), "instance" | "type"));
    }
    value
}

async fn settle(store: &dyn Store, role: Role, papers: &[&str], minor: i64) -> Person {
    let now = now();
    let id = PartyId::new(now);
    let token = token::fresh().expect("random").as_str().to_owned();
    let paper = |what: &&str| Verified { what: (*what).to_owned(), at: now, until: None };
    let mut party = Party::new(id);
    party.roles = vec![role];
    party.verified = papers.iter().map(paper).collect();
    let session = Session {
        subject: id.subject(),
        party: id,
        token: token::digest(&token),
        former: None,
        started_at: now,
        seen_at: now,
        factor_at: Some(now),
        strong: true,
        staff: false,
        thin: false,
        device: None,
    };
    let money = Money { amount_minor: minor, currency: Currency::CNY };
    let set = PostingSet::new(id, "topup", Currency::CNY)
        .transfer(Account::Provider("test"), Account::Wallet(id), money)
        .expect("balances");
    let decision = Decision::new("test.settle", now)
        .write(Draft::create(id.uuid(), &party, party.keys(now)).expect("a party"))
        .write(
            Draft::create(SessionId::new(now).uuid(), &session, session.keys()).expect("a session"),
        )
        .post(set);
    store.commit(decision).await.expect("nobody has this id");
    Person { id, token }
}

async fn truck(market: &Freight, person: &Person, number: usize) -> TruckId {
    let caller = Caller {
        party: person.id,
        roles: vec![Role::Trucker],
        suspended: false,
        via: Via::Session { id: SessionId::new(now()), factor_at: None, thin: false },
    };
    let new = VehicleNew {
        plate: format!("苏B{number:05}"),
        plate_colour: PlateColour::Yellow,
        body: Body::Flatbed,
        length_mm: 13_000,
        payload_kg: 32_000,
        volume_l: None,
    };
    let made = vehicles::add_vehicle(market, &caller, At::at(now()), &new).await.expect("a truck");
    let id: TruckId = made.body["id"].as_str().expect("an id").parse().expect("an id");
    vehicles::note_check(market, id, VehicleCheck::Verified, &[], now()).await.expect("checked");
    id
}
