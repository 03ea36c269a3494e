//! Orders of authorities: taken from the right key once, and from nobody else ever.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use sarai_gate::{
    Gate,
    directive::{
        self, Effect, Forged, LIFT_PREFIX, Lift, Order, PREFIX, Paper, Scope, TwoTexts, keys,
        public_text,
    },
};
use sarai_kernel::{
    AuthorityId, Command, DirectiveId, Store, Timestamp,
    time::{DAY, HOUR, SECOND},
};
use sarai_seal::Category;
use sarai_testkit::MemoryStore;
use serde_json::json;

fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

/// A house, an authority with a confirmed key, and a drawer of signed orders.
struct House {
    gate: Gate,
    store: Arc<MemoryStore>,
    key: SigningKey,
    id: AuthorityId,
}

fn name() -> TwoTexts {
    TwoTexts { zh: "国家互联网信息办公室".into(), en: "Cyberspace Administration".into() }
}

impl House {
    async fn new(effects: &[Effect]) -> Self {
        let store = Arc::new(MemoryStore::new());
        let gate = Gate::embedded(store.clone()).unwrap().of_platform("plt_test");
        let key = SigningKey::from_bytes(&[7; 32]);
        let id = enter(store.as_ref(), &key, effects, None).await;
        Self { gate, store, key, id }
    }

    fn order(&self, sequence: u64, effect: Effect) -> Order {
        Order {
            platform: "plt_test".into(),
            authority: directive::fingerprint(&self.key.verifying_key()),
            id: DirectiveId::new(now().plus(i64::try_from(sequence).unwrap() * 1_000)),
            number: format!("网审〔2026〕{sequence}号"),
            sequence,
            effect,
            scope: Scope::default(),
            basis: vec!["CSR 16".into()],
            issued_at: now(),
            not_before: now(),
            expires: None,
        }
    }

    fn lift_of(&self, order: &Order, sequence: u64) -> Lift {
        Lift {
            platform: order.platform.clone(),
            authority: order.authority.clone(),
            lifts: order.id,
            number: "网审〔2026〕99号".into(),
            sequence,
            issued_at: now(),
        }
    }

    async fn issue(&self, order: &Order) -> Result<(), String> {
        let paper = Paper::sign(PREFIX, order, &self.key).unwrap();
        self.hand_in(&paper).await
    }

    async fn hand_in(&self, paper: &Paper) -> Result<(), String> {
        let taken = directive::issue(&self.gate, paper, now()).await;
        taken.map(|_| ()).map_err(|refusal| reason(&refusal))
    }

    /// Rows of the audit log: action, actor, and what decided.
    async fn log(&self) -> Vec<(String, String, String)> {
        let rows = self.store.audit_after(0, 1_000).await.unwrap();
        rows.into_iter().map(|row| (row.action, row.actor, row.rule)).collect()
    }
}

fn reason(refusal: &sarai_kernel::Refusal) -> String {
    let reason = refusal.facts.get("reason").and_then(|reason| reason.as_str());
    reason.unwrap_or(refusal.code).to_owned()
}

async fn enter(
    store: &dyn Store,
    key: &SigningKey,
    effects: &[Effect],
    follows: Option<AuthorityId>,
) -> AuthorityId {
    let public = public_text(key);
    let new = keys::NewKey { name: name(), public: &public, effects, follows };
    let made = keys::propose(store, "pty_a", new, Command::at(now())).await.unwrap();
    let id: AuthorityId = made.body["id"].as_str().unwrap().parse().unwrap();
    let heard = made.body["fingerprint"].as_str().unwrap();
    keys::confirm(store, "pty_b", id, heard, Command::at(now())).await.unwrap();
    id
}

#[tokio::test]
async fn twelve_forgeries_are_refused_and_each_is_in_the_log() {
    let house = House::new(&[Effect::SuspendRegistration, Effect::DelistApp]).await;
    let true_order = house.order(5, Effect::SuspendRegistration);
    house.issue(&true_order).await.unwrap();
    let good = house.order(6, Effect::SuspendRegistration);
    let paper = Paper::sign(PREFIX, &good, &house.key).unwrap();
    let stranger = SigningKey::from_bytes(&[9; 32]);
    let text = |order: &Order| serde_json::to_value(order).unwrap();
    let signed = |value: serde_json::Value| {
        Paper::of_bytes(PREFIX, value.to_string().as_bytes(), &house.key)
    };
    let with = |change: &dyn Fn(&mut Order)| {
        let mut order = good.clone();
        change(&mut order);
        Paper::sign(PREFIX, &order, &house.key).unwrap()
    };
    let unknown_key =
        Order { authority: directive::fingerprint(&stranger.verifying_key()), ..good.clone() };
    let longer =
        Paper::sign(PREFIX, &Order { expires: Some(now().plus(DAY)), ..good.clone() }, &house.key)
            .unwrap();
    let mut extra = text(&good);
    extra["persons"] = json!(["pty_x"]);
    let mut effect = text(&good);
    effect["effect"] = json!("hand_over_everything");
    let doubled = text(&good).to_string().replacen('{', r#"{"sequence":7,"#, 1);
    let forgeries = [
        (
            "signed by a stranger in its name",
            Paper::sign(PREFIX, &good, &stranger).unwrap(),
            Forged::Signature,
        ),
        (
            "a key that nobody entered",
            Paper::sign(PREFIX, &unknown_key, &stranger).unwrap(),
            Forged::UnknownKey,
        ),
        (
            "stretched after it was signed",
            Paper { document: longer.document, signature: paper.signature.clone() },
            Forged::Signature,
        ),
        (
            "signed as a lifting",
            Paper::sign(LIFT_PREFIX, &good, &house.key).unwrap(),
            Forged::Signature,
        ),
        ("replayed", Paper::sign(PREFIX, &true_order, &house.key).unwrap(), Forged::Replayed),
        ("an old number under a new id", with(&|order| order.sequence = 5), Forged::Replayed),
        (
            "for another platform",
            with(&|order| order.platform = "plt_other".into()),
            Forged::OtherPlatform,
        ),
        (
            "expired",
            with(&|order| {
                order.not_before = now().plus(-2 * HOUR);
                order.expires = Some(now());
            }),
            Forged::Expired,
        ),
        (
            "signed tomorrow",
            with(&|order| order.issued_at = now().plus(DAY)),
            Forged::FromTheFuture,
        ),
        ("an unknown field", signed(extra), Forged::Malformed),
        ("an effect that is not in the list", signed(effect), Forged::Malformed),
        (
            "a member twice",
            Paper::of_bytes(PREFIX, doubled.as_bytes(), &house.key),
            Forged::Malformed,
        ),
        (
            "beyond the powers of the key",
            with(&|order| order.effect = Effect::SuspendService),
            Forged::BeyondPowers,
        ),
        (
            "ambiguous: another effect's scope",
            with(&|order| order.scope.countries = vec!["US".into()]),
            Forged::Malformed,
        ),
        (
            "ends before it begins",
            with(&|order| {
                order.not_before = now().plus(2 * DAY);
                order.expires = Some(now().plus(DAY));
            }),
            Forged::Malformed,
        ),
        ("rests on nothing", with(&|order| order.basis.clear()), Forged::Malformed),
        (
            "no document at all",
            Paper { document: "%%".into(), signature: paper.signature.clone() },
            Forged::Malformed,
        ),
        ("no signature", Paper { signature: String::new(), ..paper.clone() }, Forged::Malformed),
    ];
    for (what, forged, why) in &forgeries {
        assert_eq!(house.hand_in(forged).await, Err(why.word().to_owned()), "{what}");
    }
    let log = house.log().await;
    let refused: Vec<_> = log.iter().filter(|(action, ..)| action == "directive_refused").collect();
    assert_eq!(refused.len(), forgeries.len());
    for ((_, _, why), row) in forgeries.iter().zip(&refused) {
        assert_eq!(row.2, why.word());
    }
    // Nothing came of them, and the true one with the same number is still taken.
    assert_eq!(house.gate.orders().in_force(now()).len(), 1);
    house.hand_in(&paper).await.unwrap();
}

#[tokio::test]
async fn a_key_counts_only_when_a_second_officer_heard_its_fingerprint() {
    let store = MemoryStore::new();
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = public_text(&key);
    let new =
        || keys::NewKey { name: name(), public: &public, effects: &Effect::ALL, follows: None };
    let at = Command::at(now());
    let made = keys::propose(&store, "pty_a", new(), at).await.unwrap();
    let id: AuthorityId = made.body["id"].as_str().unwrap().parse().unwrap();
    let heard = made.body["fingerprint"].as_str().unwrap().to_owned();
    let code = |error: sarai_kernel::UseCaseError| match error {
        sarai_kernel::UseCaseError::Refused(refusal) => refusal.code,
        sarai_kernel::UseCaseError::Answered(_) => "answered",
    };
    assert_eq!(
        keys::confirm(&store, "pty_a", id, &heard, at).await.map_err(code).err(),
        Some("four_eyes_required")
    );
    assert_eq!(
        keys::confirm(&store, "pty_b", id, "00", at).await.map_err(code).err(),
        Some("validation_failed")
    );
    assert_eq!(
        keys::propose(&store, "pty_c", new(), at).await.map_err(code).err(),
        Some("validation_failed")
    );
    keys::confirm(&store, "pty_b", id, &heard, at).await.unwrap();
    assert_eq!(
        keys::confirm(&store, "pty_c", id, &heard, at).await.map_err(code).err(),
        Some("transition_refused")
    );
    // And it ends only when two say so.
    keys::revoke(&store, "pty_a", id, at).await.unwrap();
    assert_eq!(
        keys::revoke(&store, "pty_a", id, at).await.map_err(code).err(),
        Some("four_eyes_required")
    );
    assert_eq!(keys::list(&store).await.unwrap()[0].record.state, directive::KeyState::Active);
    keys::revoke(&store, "pty_b", id, at).await.unwrap();
    assert_eq!(keys::list(&store).await.unwrap()[0].record.state, directive::KeyState::Revoked);
}

#[tokio::test]
async fn each_effect_stops_its_own_acts_until_it_is_lifted() {
    let house = House::new(&Effect::ALL).await;
    let orders = house.gate.orders();
    let to = sarai_kernel::RecipientId::new(now());
    let scoped = |sequence, effect, scope: serde_json::Value| Order {
        scope: serde_json::from_value(scope).unwrap(),
        ..house.order(sequence, effect)
    };
    let acts = |at: Timestamp| {
        [
            orders.registration(at).is_ok(),
            orders.app("org.sarai.app", at).is_ok(),
            orders.transfer(to, "US", "CN", at).is_ok(),
            orders.transfer(to, "CN", "CN", at).is_ok(),
            orders.processing(Category::Track, at).is_ok(),
            orders.processing(Category::Contact, at).is_ok(),
            orders.service(at).is_ok(),
        ]
    };
    let fine = [true; 7];
    let but = |stopped: &[usize]| {
        let mut acts = fine;
        stopped.iter().for_each(|at| acts[*at] = false);
        acts
    };
    let cases = [
        (scoped(1, Effect::SuspendRegistration, json!({})), but(&[0])),
        (scoped(3, Effect::DelistApp, json!({"packages": ["org.sarai.app"]})), but(&[1])),
        (scoped(5, Effect::BlockTransfer, json!({})), but(&[2])),
        (scoped(7, Effect::BlockTransfer, json!({"recipients": [to]})), but(&[2, 3])),
        (scoped(9, Effect::StopProcessingClass, json!({"categories": ["track"]})), but(&[4])),
        (scoped(11, Effect::SuspendService, json!({})), but(&[0, 6])),
        (
            scoped(
                13,
                Effect::RectifyBy,
                json!({"by": now().plus(DAY), "what": {"zh": "改", "en": "x"}}),
            ),
            fine,
        ),
    ];
    for (order, wanted) in cases {
        assert_eq!(acts(now()), fine);
        house.issue(&order).await.unwrap();
        assert_eq!(acts(now()), wanted, "{}", order.effect.word());
        assert_eq!(acts(now().plus(-SECOND)), fine, "not before its time");
        assert_eq!(orders.to_rectify(now()).len(), usize::from(order.effect == Effect::RectifyBy));
        let lift = house.lift_of(&order, order.sequence + 1);
        let paper = Paper::sign(LIFT_PREFIX, &lift, &house.key).unwrap();
        directive::lift(&house.gate, &paper, None, now()).await.unwrap();
        let again =
            Paper::sign(LIFT_PREFIX, &Lift { sequence: 1_000, ..lift }, &house.key).unwrap();
        let twice = directive::lift(&house.gate, &again, None, now()).await.unwrap_err();
        assert_eq!(reason(&twice), "nothing_to_lift");
    }
    assert_eq!(acts(now()), fine);
    let refusal = {
        let order = scoped(2_000, Effect::SuspendRegistration, json!({}));
        house.issue(&order).await.unwrap();
        orders.registration(now()).unwrap_err()
    };
    let legal = &refusal.facts["legal"];
    assert_eq!(refusal.code, "registration_suspended");
    assert_eq!(legal["number"], "网审〔2026〕2000号");
    assert_eq!(legal["authority"]["zh"], "国家互联网信息办公室");
    assert_eq!((legal["basis"][0].as_str(), legal["until"].is_null()), (Some("CSR 16"), true));
}

#[tokio::test]
async fn a_key_that_follows_another_goes_on_with_its_sequence_and_lifts_its_orders() {
    let house = House::new(&Effect::ALL).await;
    let order = house.order(40, Effect::SuspendService);
    house.issue(&order).await.unwrap();
    let next = SigningKey::from_bytes(&[8; 32]);
    enter(house.store.as_ref(), &next, &Effect::ALL, Some(house.id)).await;
    assert_eq!(
        house.issue(&house.order(41, Effect::SuspendService)).await,
        Err("unknown_key".into())
    );
    let lift = Lift {
        authority: directive::fingerprint(&next.verifying_key()),
        ..house.lift_of(&order, 40)
    };
    let paper = Paper::sign(LIFT_PREFIX, &lift, &next).unwrap();
    let old = directive::lift(&house.gate, &paper, None, now()).await.unwrap_err();
    assert_eq!(reason(&old), "replayed");
    let paper = Paper::sign(LIFT_PREFIX, &Lift { sequence: 41, ..lift }, &next).unwrap();
    directive::lift(&house.gate, &paper, None, now()).await.unwrap();
    assert!(house.gate.orders().service(now()).is_ok());
    // Another authority lifts nothing of this one's.
    let order = Order {
        authority: directive::fingerprint(&next.verifying_key()),
        ..house.order(50, Effect::SuspendService)
    };
    let paper = Paper::sign(PREFIX, &order, &next).unwrap();
    directive::issue(&house.gate, &paper, now()).await.unwrap();
    let third = SigningKey::from_bytes(&[3; 32]);
    enter(house.store.as_ref(), &third, &Effect::ALL, None).await;
    let foreign = Lift {
        authority: directive::fingerprint(&third.verifying_key()),
        ..house.lift_of(&order, 60)
    };
    let paper = Paper::sign(LIFT_PREFIX, &foreign, &third).unwrap();
    let refused = directive::lift(&house.gate, &paper, None, now()).await.unwrap_err();
    assert_eq!(reason(&refused), "nothing_to_lift");
}

#[tokio::test]
async fn of_two_documents_with_one_number_one_is_taken() {
    let house = House::new(&Effect::ALL).await;
    let mut other = house.order(1, Effect::SuspendService);
    other.id = DirectiveId::new(now().plus(HOUR));
    let one = house.order(1, Effect::SuspendRegistration);
    let (a, b) = tokio::join!(house.issue(&one), house.issue(&other));
    assert_eq!([a, b].iter().filter(|taken| taken.is_ok()).count(), 1);
}

#[tokio::test]
async fn a_node_that_was_away_obeys_when_it_is_back() {
    let house = House::new(&Effect::ALL).await;
    let away = Gate::embedded(house.store.clone()).unwrap().of_platform("plt_test");
    house.issue(&house.order(1, Effect::SuspendRegistration)).await.unwrap();
    assert!(away.orders().registration(now()).is_ok());
    away.orders().reload(house.store.as_ref()).await.unwrap();
    assert!(away.orders().registration(now()).is_err());
}
