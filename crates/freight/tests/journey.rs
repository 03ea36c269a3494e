//! The main job, over the use cases: post, find, agree, fund, run, sign, pay; and what goes wrong on the way.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

mod town;

use sarai_freight::{
    board::{Filters, Scope, Search, Sort},
    input::{
        ActArrive, ActCancel, ActDispute, ActLeave, ActServe, CounterRequest, DisputeReason,
        OfferNew,
    },
    rules::{
        money::Split,
        order::{Action, CancelReason, Reason, State},
    },
    usecase::{
        act::act,
        offers::{Ending, accept, bid, counter, end_offer},
        post_load::post_load,
        rule::rule,
        run::{RunAct, cancel, dispute, run_step},
    },
    words::PriceMode,
};
use sarai_kernel::{
    Account, Caller, OfferId, OrderId, Outcome, TruckId, UseCaseError,
    file::FilePurpose,
    time::{DAY, HOUR, MINUTE},
};
use town::{T0, Town, id_of, place, point, refused, yuan};
use uuid::Uuid;

async fn arrive(
    town: &Town,
    driver: &Caller,
    order: OrderId,
    stop: u8,
    city: &str,
) -> Result<Outcome, UseCaseError> {
    let act = ActArrive {
        stop,
        happened_at: town.now,
        position: Some(point(place(city).point)),
        photo: None,
        reason: None,
    };
    run_step(&town.market, driver, town.at(), order, &RunAct::Arrive(act)).await
}

async fn serve(
    town: &Town,
    driver: &Caller,
    order: OrderId,
    stop: u8,
    code: &str,
) -> Result<Outcome, UseCaseError> {
    let act = ActServe {
        stop,
        happened_at: town.now,
        mass_kg: Some(28_100),
        photos: vec![town.file(driver, FilePurpose::ProofPhoto).await],
        code: Some(code.to_owned()),
        damage_note: None,
        position: None,
    };
    run_step(&town.market, driver, town.at(), order, &RunAct::Serve(act)).await
}

async fn leave(
    town: &Town,
    driver: &Caller,
    order: OrderId,
    stop: u8,
) -> Result<Outcome, UseCaseError> {
    let act = ActLeave { stop, happened_at: town.now };
    run_step(&town.market, driver, town.at(), order, &RunAct::Leave(act)).await
}

async fn deliver(town: &mut Town, driver: &Caller, order: OrderId) {
    town.now = town.now.plus(25 * HOUR);
    arrive(town, driver, order, 0, "Wuxi").await.expect("at the first stop");
    let code = town.code(order, 0).await;
    assert_eq!(code.len(), 6);
    serve(town, driver, order, 0, &code).await.expect("loaded");
    leave(town, driver, order, 0).await.expect("on the way");
    town.now = town.now.plus(13 * HOUR);
    arrive(town, driver, order, 1, "Jinan").await.expect("at the last stop");
    let code = town.code(order, 1).await;
    assert_eq!(code.len(), 4);
    let done = serve(town, driver, order, 1, &code).await.expect("delivered");
    assert_eq!(done.body["state"], "delivered");
}

async fn state(town: &Town, order: OrderId) -> State {
    town.market.order(order).await.expect("an order").record.standing.state
}

#[tokio::test]
async fn a_load_is_posted_taken_run_signed_for_and_paid() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let trucker = town.trucker(500).await;
    let load = town.post(&shipper, &town.load(PriceMode::OnePrice, 4_400)).await;
    let search = Search {
        scope: Scope::Near { at: place("Suzhou").point, radius_m: 100_000.0 },
        filters: Filters::default(),
        sort: Sort::Best,
        limit: 20,
        after: None,
        now: town.now,
    };
    let found = town.market.board.search(&search);
    assert_eq!(found.hits.iter().map(|hit| hit.listing.id).collect::<Vec<_>>(), [load]);
    let taken = town.take(&trucker, load, 4_400).await.expect("taken");
    assert_eq!(taken.body["state"], "booked");
    let order: OrderId = id_of(&taken, "order");
    assert!(town.market.board.search(&search).hits.is_empty(), "a booked load is off the board");
    assert_eq!(town.wallet(&shipper).await, 560_000);
    assert_eq!(town.wallet(&trucker.0).await, 30_000);
    deliver(&mut town, &trucker.0, order).await;
    act(&town.market, &shipper, town.at(), order, Action::SignOff).await.expect("signed");
    assert_eq!(state(&town, order).await, State::Completed);
    assert_eq!(town.wallet(&trucker.0).await, 50_000 + 431_200);
    assert_eq!(town.balance(Account::Fee).await, 8_800);
    assert_eq!(town.balance(Account::HoldPrice(order)).await, 0);
    assert_eq!(town.balance(Account::HoldDeposit(order)).await, 0);
    town.ledger_is_whole().await;
    let kinds: Vec<String> = town
        .market
        .store
        .events_of(&order.to_string())
        .await
        .expect("events")
        .into_iter()
        .map(|event| event.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            "freight.order.agreed",
            "freight.order.booked",
            "freight.stop.arrived",
            "freight.stop.served",
            "freight.stop.left",
            "freight.stop.arrived",
            "freight.order.delivered",
            "freight.order.completed",
        ]
    );
}

#[tokio::test]
async fn two_sides_bargain_and_the_counter_is_accepted() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let (trucker, truck) = town.trucker(500).await;
    let load = town.post(&shipper, &town.load(PriceMode::Bargain, 4_400)).await;
    let new = OfferNew {
        vehicle: truck,
        price: yuan(4_800),
        words: Some("call 13800138000, can load tomorrow".to_owned()),
    };
    let offer: OfferId =
        id_of(&bid(&town.market, &trucker, town.at(), load, &new).await.expect("bid"), "id");
    assert_eq!(
        refused(bid(&town.market, &trucker, town.at(), load, &new).await).code,
        "offer_superseded"
    );
    // Whose turn it is not may not accept, and nobody accepts what changed.
    assert_eq!(
        refused(accept(&town.market, &trucker, town.at(), offer, 1).await).code,
        "transition_refused"
    );
    let request = CounterRequest { price: yuan(4_500), words: None };
    counter(&town.market, &shipper, town.at(), offer, 1, &request).await.expect("countered");
    assert_eq!(
        refused(accept(&town.market, &trucker, town.at(), offer, 1).await).code,
        "terms_changed"
    );
    let made = accept(&town.market, &trucker, town.at(), offer, 2).await.expect("accepted");
    assert_eq!(made.body["state"], "booked");
    let order: OrderId = id_of(&made, "order");
    assert_eq!(town.market.order(order).await.unwrap().record.terms.price(), yuan(4_500));
    assert_eq!(town.balance(Account::HoldPrice(order)).await, 450_000);
}

#[tokio::test]
async fn contact_in_words_is_covered_until_the_order_is_booked() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let (trucker, truck) = town.trucker(500).await;
    let load = town.post(&shipper, &town.load(PriceMode::Bargain, 4_400)).await;
    let new =
        OfferNew { vehicle: truck, price: yuan(4_800), words: Some("call 13800138000".to_owned()) };
    let offer: OfferId =
        id_of(&bid(&town.market, &trucker, town.at(), load, &new).await.unwrap(), "id");
    let thread = town.market.offer(offer).await.unwrap().record.thread;
    let messages = || async {
        use sarai_kernel::{Query, StoreExt, thread::Message};
        let query = Query::by("message", "message.thread", thread);
        town.market.store.records::<Message>(query).await.unwrap()
    };
    assert_eq!(messages().await[0].0.record.covered.len(), 1);
    accept(&town.market, &shipper, town.at(), offer, 1).await.expect("accepted");
    use sarai_kernel::{StoreExt, thread::Thread};
    let held = town.market.store.load::<Thread>(thread.uuid()).await.unwrap().unwrap().record;
    assert!(held.open_contact && held.order.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_takers_at_once_and_one_gets_it() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let mut truckers = Vec::new();
    for _ in 0..40 {
        truckers.push(town.trucker(500).await);
    }
    let load = town.post(&shipper, &town.load(PriceMode::OnePrice, 4_400)).await;
    let town = std::sync::Arc::new(town);
    let tries: Vec<_> = truckers
        .into_iter()
        .map(|trucker| {
            let town = std::sync::Arc::clone(&town);
            tokio::spawn(async move { town.take(&trucker, load, 4_400).await })
        })
        .collect();
    let mut won = 0;
    for one in tries {
        match one.await.expect("ran") {
            Ok(_) => won += 1,
            Err(UseCaseError::Refused(refusal)) => {
                assert!(
                    ["already_taken", "busy_retry"].contains(&refusal.code),
                    "{}",
                    refusal.code
                );
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(won, 1);
    town.ledger_is_whole().await;
}

#[tokio::test]
async fn one_truck_is_not_booked_twice_for_the_same_days() {
    let mut town = Town::new().await;
    let shipper = town.shipper(20_000).await;
    let trucker = town.trucker(5_000).await;
    town.booked(&shipper, &trucker, 4_400).await;
    let mut other = town.load(PriceMode::OnePrice, 4_300);
    other.cargo.name = "Pipes".to_owned();
    let load = town.post(&shipper, &other).await;
    assert_eq!(refused(town.take(&trucker, load, 4_300).await).code, "party_busy");
}

#[tokio::test]
async fn without_the_shippers_money_the_order_waits_and_then_lapses_and_the_load_comes_back() {
    let mut town = Town::new().await;
    let shipper = town.shipper(100).await;
    let trucker = town.trucker(500).await;
    let load = town.post(&shipper, &town.load(PriceMode::OnePrice, 4_400)).await;
    let taken = town.take(&trucker, load, 4_400).await.expect("agreed");
    assert_eq!(taken.body["state"], "awaiting_funds");
    let order: OrderId = id_of(&taken, "order");
    let fund = act(&town.market, &shipper, town.at(), order, Action::Fund).await;
    assert_eq!(refused(fund).code, "funds_insufficient");
    town.now = town.now.plus(30 * MINUTE);
    town.market.run_due(town.now).await.expect("ran");
    assert_eq!(state(&town, order).await, State::Cancelled { reason: Reason::Unfunded });
    assert_eq!(town.market.board.len(), 1, "the load is on the board again");
    let taken = town.take(&trucker, load, 4_400).await.expect("the truck is free again");
    let order: OrderId = id_of(&taken, "order");
    town.top_up(&shipper, 5_000).await;
    assert_eq!(town.market.fund_waiting(shipper.party, town.now).await, Ok(1));
    assert_eq!(state(&town, order).await, State::Booked { no_show: false });
    town.ledger_is_whole().await;
}

#[tokio::test]
async fn a_trucker_without_the_deposit_is_told_what_is_missing() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let trucker = town.trucker(50).await;
    let load = town.post(&shipper, &town.load(PriceMode::OnePrice, 4_400)).await;
    let refusal = refused(town.take(&trucker, load, 4_400).await);
    assert_eq!(refusal.code, "funds_insufficient");
    assert_eq!(refusal.facts["missing"]["amount_minor"], 15_000);
}

#[tokio::test]
async fn five_wrong_codes_and_the_stop_is_shut_until_the_shipper_makes_a_new_one() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let trucker = town.trucker(500).await;
    let order = town.booked(&shipper, &trucker, 4_400).await;
    town.now = town.now.plus(25 * HOUR);
    arrive(&town, &trucker.0, order, 0, "Wuxi").await.expect("there");
    let right = town.code(order, 0).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for left in (0..5).rev() {
        let refusal = refused(serve(&town, &trucker.0, order, 0, wrong).await);
        assert_eq!(
            (refusal.code, &refusal.facts["tries_left"]),
            ("receiver_code_wrong", &left.into())
        );
    }
    assert_eq!(
        refused(serve(&town, &trucker.0, order, 0, &right).await).code,
        "receiver_code_wrong"
    );
    sarai_freight::usecase::codes::renew_code(&town.market, &shipper, town.at(), order, 0)
        .await
        .expect("renewed");
    let right = town.code(order, 0).await;
    serve(&town, &trucker.0, order, 0, &right).await.expect("loaded");
}

#[tokio::test]
async fn somebody_else_finds_nothing_and_may_nothing() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let trucker = town.trucker(500).await;
    let stranger = town.trucker(500).await;
    let order = town.booked(&shipper, &trucker, 4_400).await;
    assert_eq!(refused(arrive(&town, &stranger.0, order, 0, "Wuxi").await).code, "not_found");
    assert_eq!(
        refused(act(&town.market, &stranger.0, town.at(), order, Action::SignOff).await).code,
        "not_found"
    );
    assert_eq!(refused(arrive(&town, &shipper, order, 0, "Wuxi").await).code, "driver_not_on_run");
    let far = arrive(&town, &trucker.0, order, 0, "Jinan").await;
    assert_eq!(refused(far).code, "proof_required");
}

#[tokio::test]
async fn walking_away_late_pays_the_trucker_and_gives_the_rest_back() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let trucker = town.trucker(500).await;
    let order = town.booked(&shipper, &trucker, 4_400).await;
    town.now = town.now.plus(23 * HOUR);
    let why = ActCancel { reason: CancelReason::PlansChanged, words: None, photo: None };
    cancel(&town.market, &shipper, town.at(), order, &why).await.expect("cancelled");
    assert_eq!(state(&town, order).await, State::Cancelled { reason: Reason::ShipperLate });
    assert_eq!(town.wallet(&shipper).await, 1_000_000 - 22_000);
    assert_eq!(town.wallet(&trucker.0).await, 50_000 + 22_000);
    town.ledger_is_whole().await;
}

#[tokio::test]
async fn delivered_and_not_signed_for_two_days_it_signs_itself() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let trucker = town.trucker(500).await;
    let order = town.booked(&shipper, &trucker, 4_400).await;
    deliver(&mut town, &trucker.0, order).await;
    town.market.run_due(town.now.plus(48 * HOUR - 1)).await.expect("ran");
    assert_eq!(state(&town, order).await, State::Delivered);
    town.market.run_due(town.now.plus(48 * HOUR)).await.expect("ran");
    assert_eq!(state(&town, order).await, State::Completed);
    town.market.run_due(town.now.plus(60 * DAY)).await.expect("ran");
    town.ledger_is_whole().await;
}

#[tokio::test]
async fn a_dispute_freezes_the_money_until_the_desk_divides_it() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let trucker = town.trucker(500).await;
    let desk = town.staff().await;
    let order = town.booked(&shipper, &trucker, 4_400).await;
    deliver(&mut town, &trucker.0, order).await;
    let why = ActDispute {
        reason: DisputeReason::Damage,
        words: "two coils are wet".to_owned(),
        evidence: vec![town.file(&shipper, FilePurpose::Evidence).await],
    };
    dispute(&town.market, &shipper, town.at(), order, &why).await.expect("opened");
    assert_eq!(
        refused(act(&town.market, &shipper, town.at(), order, Action::SignOff).await).code,
        "money_frozen"
    );
    town.market.run_due(town.now.plus(3 * DAY)).await.expect("ran");
    assert_eq!(state(&town, order).await, State::Delivered);
    let split = Split {
        price_to_trucker: 300_000,
        price_to_fee: 8_800,
        price_to_shipper: 131_200,
        deposit_to_trucker: 20_000,
        deposit_to_shipper: 0,
    };
    let short = Split { price_to_shipper: 1, ..split };
    let mut desk = desk;
    desk.via = sarai_kernel::Via::Session {
        id: sarai_kernel::SessionId::from_uuid(Uuid::nil()),
        factor_at: Some(town.now),
        thin: false,
    };
    let ruled = rule(&town.market, &desk, town.at(), order, Some(short), "half wet").await;
    assert_eq!(refused(ruled).code, "amount_out_of_bounds");
    rule(&town.market, &desk, town.at(), order, Some(split), "half wet").await.expect("ruled");
    assert_eq!(state(&town, order).await, State::Completed);
    assert_eq!(town.wallet(&trucker.0).await, 50_000 + 300_000);
    town.ledger_is_whole().await;
}

#[tokio::test]
async fn a_load_is_refused_with_every_wrong_field_named() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let mut load = town.load(PriceMode::OnePrice, 4_400);
    load.stops[0].window.to = load.stops[0].window.from;
    load.stops[1].area_code = "nowhere".to_owned();
    load.stops[1].contact.phone = "12".to_owned();
    load.cargo.mass_kg = 0;
    load.lengths_mm = vec![13_001];
    load.deposit = yuan(5_000);
    let refusal = refused(post_load(&town.market, &shipper, town.at(), &load).await);
    let fields: Vec<_> =
        refusal.errors.iter().map(|error| (error.pointer.as_str(), error.code)).collect();
    for wanted in [
        ("/stops/0/window/to", "window_reversed"),
        ("/stops/1/area_code", "place_unknown"),
        ("/stops/1/contact/phone", "pattern"),
        ("/cargo/mass_kg", "out_of_range"),
        ("/lengths_mm/0", "not_in_list"),
        ("/deposit/amount_minor", "out_of_range"),
    ] {
        assert!(fields.contains(&wanted), "{wanted:?} not in {fields:?}");
    }
    let mut load = town.load(PriceMode::OnePrice, 4_400);
    load.cargo.name = "Fireworks".to_owned();
    assert_eq!(
        refused(post_load(&town.market, &shipper, town.at(), &load).await).code,
        "goods_banned"
    );
    let mut load = town.load(PriceMode::OnePrice, 4_400);
    load.deposit = yuan(500);
    let refusal = refused(post_load(&town.market, &shipper, town.at(), &load).await);
    assert_eq!(refusal.errors[0].params["max"], 20_000, "a new poster's deposit is capped");
    let load = town.load(PriceMode::OnePrice, 4_400);
    town.post(&shipper, &load).await;
    assert_eq!(
        refused(post_load(&town.market, &shipper, town.at(), &load).await).code,
        "load_duplicate"
    );
}

#[tokio::test]
async fn an_offer_past_its_half_hour_is_expired_whether_or_not_a_worker_came() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let (trucker, truck): (Caller, TruckId) = town.trucker(500).await;
    let load = town.post(&shipper, &town.load(PriceMode::Bargain, 4_400)).await;
    let new = OfferNew { vehicle: truck, price: yuan(4_800), words: None };
    let offer: OfferId =
        id_of(&bid(&town.market, &trucker, town.at(), load, &new).await.unwrap(), "id");
    town.now = town.now.plus(30 * MINUTE);
    assert_eq!(
        refused(accept(&town.market, &shipper, town.at(), offer, 1).await).code,
        "offer_expired"
    );
    let again: OfferId =
        id_of(&bid(&town.market, &trucker, town.at(), load, &new).await.expect("a new one"), "id");
    assert_ne!(offer, again);
    let version = town.offer_version(again).await;
    end_offer(&town.market, &trucker, town.at(), again, version, Ending::Withdraw)
        .await
        .expect("withdrawn");
    assert!(town.now > T0);
}

/// What the account room writes down when it approves a vehicle's papers, as far as the plate is concerned.
#[derive(Debug, sarai_seal::Personal, sarai_seal::Record)]
#[record(kind = "verification", schema = 1)]
struct Case {
    #[subject]
    subject: sarai_seal::SubjectId,
    owner: sarai_kernel::PartyId,
    state: String,
    until: Option<sarai_kernel::Timestamp>,
    #[personal(class = Vehicle, purposes(sarai_kernel::purpose::Verify), keep = "account", basis = "contract")]
    plate: Option<sarai_seal::Sealed<sarai_kernel::personal::Plate, CasePlate>>,
}

#[tokio::test]
async fn a_vehicle_is_verified_by_the_case_of_its_own_plate_and_owner() {
    use sarai_freight::{
        input::VehicleNew,
        usecase::vehicles::add_vehicle,
        words::{Body, PlateColour},
    };
    use sarai_kernel::{Decision, Draft, Key, document::blind, personal::Plate};
    let mut town = Town::new().await;
    let (owner, _) = town.trucker(0).await;
    let (other, _) = town.trucker(0).await;
    let new = VehicleNew {
        plate: "鲁A·83K61".to_owned(),
        plate_colour: PlateColour::Yellow,
        body: Body::Flatbed,
        length_mm: 13_000,
        payload_kg: 32_000,
        volume_l: None,
    };
    let truck: TruckId =
        id_of(&add_vehicle(&town.market, &owner, town.at(), &new).await.unwrap(), "id");
    add_vehicle(&town.market, &other, town.at(), &new).await.unwrap();
    assert_eq!(town.market.follow_papers(owner.party, town.now).await.unwrap(), 0);
    let case = Case {
        subject: owner.party.subject(),
        owner: owner.party,
        state: "approved".to_owned(),
        until: Some(town.now.plus(30 * DAY)),
        plate: Some(sarai_seal::Sealed::new(Plate::new("鲁A83K61").unwrap())),
    };
    let key =
        Key::new("verification.approved_plate", blind(&case, "verification.plate").unwrap(), 1);
    let draft = Draft::create(Uuid::from_u128(77), &case, vec![key]).unwrap();
    town.market.store.commit(Decision::new("test.case", town.now).write(draft)).await.unwrap();
    assert_eq!(
        town.market.follow_papers(other.party, town.now).await.unwrap(),
        0,
        "another's case"
    );
    assert_eq!(town.market.follow_papers(owner.party, town.now).await.unwrap(), 1);
    let vehicle = town.market.own_vehicle(owner.party, truck).await.unwrap().record;
    assert!(vehicle.may_run(town.now.plus(29 * DAY)) && !vehicle.may_run(town.now.plus(31 * DAY)));
}

#[tokio::test]
async fn a_lane_is_told_of_a_new_load_once_and_of_no_other() {
    use sarai_freight::{
        input::LaneNew,
        usecase::lanes::{add_lane, seen_lane},
    };
    use sarai_kernel::LaneId;
    let mut town = Town::new().await;
    let shipper = town.shipper(0).await;
    let (trucker, truck) = town.trucker(0).await;
    town.market.match_lanes(town.now).await.expect("begins to listen");
    let lane = |from: &str, to: &str| LaneNew {
        from_area_code: place(from).id,
        from_radius_m: 60_000,
        to_area_code: Some(place(to).id),
        to_radius_m: Some(100_000),
        vehicle: Some(truck),
        keep_per_km_min: None,
        quiet: None,
    };
    let made = add_lane(&town.market, &trucker, town.at(), &lane("Suzhou", "Jinan"))
        .await
        .expect("a lane");
    let id: LaneId = id_of(&made, "id");
    add_lane(&town.market, &trucker, town.at(), &lane("Guangzhou", "Jinan"))
        .await
        .expect("another");
    town.post(&shipper, &town.load(PriceMode::OnePrice, 4_400)).await;
    assert_eq!(town.market.match_lanes(town.now).await, Ok(1));
    assert_eq!(town.market.match_lanes(town.now).await, Ok(0), "nobody is told twice");
    let events = town.market.store.events_of(&id.to_string()).await.unwrap();
    assert_eq!(events.len(), 1);
    assert!(events[0].kind == "freight.lane.matched" && events[0].is_for(trucker.party));
    assert_eq!(town.market.own_lane(&trucker, id).await.unwrap().record.fresh, 1);
    seen_lane(&town.market, &trucker, town.at(), id).await.expect("seen");
    assert_eq!(town.market.own_lane(&trucker, id).await.unwrap().record.fresh, 0);
}

#[tokio::test]
async fn steps_of_a_dead_zone_happen_once_in_order_and_stop_at_the_first_refusal() {
    use sarai_freight::{
        input::{RunEventsRequest, RunStep, RunStepOf},
        model::Fix,
        usecase::run_events::run_events,
    };
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let trucker = town.trucker(500).await;
    let order = town.booked(&shipper, &trucker, 4_400).await;
    town.now = town.now.plus(26 * HOUR);
    let code = town.code(order, 0).await;
    let arrive = ActArrive {
        stop: 0,
        happened_at: town.now.plus(-HOUR),
        position: Some(point(place("Wuxi").point)),
        photo: None,
        reason: None,
    };
    let serve = ActServe {
        stop: 0,
        happened_at: town.now.plus(-30 * MINUTE),
        mass_kg: Some(28_000),
        photos: vec![town.file(&trucker.0, FilePurpose::ProofPhoto).await],
        code: Some(code),
        damage_note: None,
        position: None,
    };
    let too_soon = ActLeave { stop: 1, happened_at: town.now };
    let step = |id: &str| id.to_owned();
    let fixes = [0i64, 6, 8, 12].map(|seconds| Fix {
        at: town.now.plus(-HOUR + seconds * 1_000_000),
        point: place("Wuxi").point,
        heading_deg: None,
        speed_mps: None,
        accuracy_m: None,
    });
    let batch = RunEventsRequest {
        steps: vec![
            RunStep::Arrive(RunStepOf { id: step("a"), act: arrive }),
            RunStep::Serve(RunStepOf { id: step("b"), act: serve }),
            RunStep::Leave(RunStepOf { id: step("c"), act: too_soon }),
        ],
        points: fixes.to_vec(),
    };
    let answer =
        run_events(&town.market, &trucker.0, town.at(), order, &batch).await.expect("a batch");
    assert_eq!(answer.taken, ["a", "b"]);
    assert_eq!(
        answer.refused.map(|(id, refusal)| (id, refusal.code)),
        Some((step("c"), "transition_refused"))
    );
    assert_eq!(answer.points_taken, 3, "one fix every five seconds at most");
    let again =
        run_events(&town.market, &trucker.0, town.at(), order, &batch).await.expect("again");
    assert_eq!((again.taken.len(), again.points_taken, again.version), (2, 0, answer.version));
}

#[tokio::test]
async fn a_truck_that_nobody_loads_may_go_after_four_hours_paid_for_run_and_wait() {
    use sarai_freight::{model::Fix, usecase::track::add_track};
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let trucker = town.trucker(500).await;
    let order = town.booked(&shipper, &trucker, 4_400).await;
    town.now = town.now.plus(24 * HOUR);
    arrive(&town, &trucker.0, order, 0, "Wuxi").await.expect("there");
    let why = ActCancel { reason: CancelReason::NotLoaded, words: None, photo: None };
    town.now = town.now.plus(4 * HOUR - 1);
    let early = cancel(&town.market, &trucker.0, town.at(), order, &why).await;
    assert_eq!(refused(early).code, "transition_refused");
    town.now = town.now.plus(1);
    let gone = cancel(&town.market, &trucker.0, town.at(), order, &why).await;
    assert_eq!(
        refused(gone).code,
        "proof_required",
        "nobody knows whether the truck is still there"
    );
    let fix = Fix {
        at: town.now,
        point: place("Wuxi").point,
        heading_deg: None,
        speed_mps: None,
        accuracy_m: None,
    };
    add_track(&town.market, &trucker.0, town.now, order, &[fix]).await.expect("taken");
    cancel(&town.market, &trucker.0, town.at(), order, &why).await.expect("may go");
    assert_eq!(state(&town, order).await, State::Cancelled { reason: Reason::TruckUnused });
    // Four hours of waiting at 50.00, the deposit back.
    assert_eq!(town.wallet(&trucker.0).await, 50_000 + 20_000);
    town.ledger_is_whole().await;
}

#[tokio::test]
async fn a_photo_counts_only_if_the_driver_uploaded_it_for_this_and_it_is_fine() {
    let mut town = Town::new().await;
    let shipper = town.shipper(10_000).await;
    let trucker = town.trucker(500).await;
    let order = town.booked(&shipper, &trucker, 4_400).await;
    town.now = town.now.plus(25 * HOUR);
    arrive(&town, &trucker.0, order, 0, "Wuxi").await.expect("at the first stop");
    let code = town.code(order, 0).await;
    let act = |photos| ActServe {
        stop: 0,
        happened_at: town.now,
        mass_kg: Some(28_100),
        photos,
        code: Some(code.clone()),
        damage_note: None,
        position: None,
    };
    let never = sarai_kernel::FileId::from_uuid(Uuid::from_u128(1));
    let anothers = town.file(&shipper, FilePurpose::ProofPhoto).await;
    let paper = town.file(&trucker.0, FilePurpose::Paper).await;
    let good = town.file(&trucker.0, FilePurpose::ProofPhoto).await;
    for (photos, pointer) in [
        (vec![never], "/photos/0"),
        (vec![good, anothers], "/photos/1"),
        (vec![paper], "/photos/0"),
        (vec![good, good], "/photos/1"),
    ] {
        let act = RunAct::Serve(act(photos));
        let no = refused(run_step(&town.market, &trucker.0, town.at(), order, &act).await);
        assert_eq!((no.code, no.errors[0].pointer.as_str()), ("validation_failed", pointer));
    }
    let act = RunAct::Serve(act(vec![good]));
    run_step(&town.market, &trucker.0, town.at(), order, &act).await.expect("loaded");
    let kept =
        sarai_kernel::StoreExt::load::<sarai_kernel::file::File>(&*town.market.store, good.uuid());
    assert_eq!(kept.await.expect("store").expect("there").record.attached, [order.to_string()]);
}
