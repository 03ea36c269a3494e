//! An authority with a key that two officers of the town confirmed.

use ed25519_dalek::SigningKey;
use sarai_gate::directive::{
    Effect, LIFT_PREFIX, Lift, Order, PREFIX, Paper, Scope, fingerprint, public_text,
};
use sarai_kernel::{Clock, DirectiveId, Role, time::MINUTE};
use sarai_testkit::server::{Answer, Client, Member, PLATFORM, Town};
use serde_json::{Value, json};

/// Who may order.
pub struct Authority {
    key: SigningKey,
    sequence: u64,
}

/// Two officers of the town.
pub async fn officers(town: &Town) -> [Member; 2] {
    [
        town.member(&[Role::PrivacyOfficer], &[]).await,
        town.member(&[Role::OpAdmin, Role::PrivacyOfficer], &[]).await,
    ]
}

impl Authority {
    /// Enters and confirms the key over the desk's routes.
    pub async fn in_town(town: &Town) -> Self {
        let key = SigningKey::from_bytes(&[7; 32]);
        let [first, second] = officers(town).await;
        let effects: Vec<&str> = Effect::ALL.iter().map(|effect| effect.word()).collect();
        let new = json!({
            "name_zh": "国家互联网信息办公室",
            "name_en": "Cyberspace Administration",
            "public_key": public_text(&key),
            "effects": effects,
        });
        let made = first.client.post("/v1/gate/authorities", new).await.ok();
        let path =
            format!("/v1/gate/authorities/{}/actions/confirm", made["id"].as_str().expect("id"));
        let heard = json!({ "fingerprint": made["fingerprint"] });
        let alone = first.client.post(&path, heard.clone()).await;
        assert_eq!(alone.verdict(), (403, "four_eyes_required".to_owned()));
        second.client.post(&path, heard).await.ok();
        Self { key, sequence: 0 }
    }

    /// A signed order, and what it says.
    pub fn order(&mut self, town: &Town, effect: Effect, scope: Value) -> (Order, Paper) {
        self.sequence += 1;
        let now = town.clock.now();
        let order = Order {
            platform: PLATFORM.to_owned(),
            authority: fingerprint(&self.key.verifying_key()),
            id: DirectiveId::new(now.plus(MINUTE * i64::try_from(self.sequence).expect("few"))),
            number: format!("网审〔2026〕{}号", self.sequence),
            sequence: self.sequence,
            effect,
            scope: serde_json::from_value::<Scope>(scope).expect("a scope"),
            basis: vec!["CSR 16".to_owned()],
            issued_at: now,
            not_before: now,
            expires: None,
        };
        let paper = Paper::sign(PREFIX, &order, &self.key).expect("JSON");
        (order, paper)
    }

    /// Signs an order and hands it in.
    pub async fn orders(&mut self, town: &Town, effect: Effect, scope: Value) -> Order {
        let (order, paper) = self.order(town, effect, scope);
        hand_in(&town.client(), "/v1/directives", &paper).await.ok();
        order
    }

    /// Lifts an order.
    pub async fn lifts(&mut self, town: &Town, order: &Order) {
        self.sequence += 1;
        let lift = Lift {
            platform: order.platform.clone(),
            authority: order.authority.clone(),
            lifts: order.id,
            number: "网审〔2026〕99号".to_owned(),
            sequence: self.sequence,
            issued_at: town.clock.now(),
        };
        let paper = Paper::sign(LIFT_PREFIX, &lift, &self.key).expect("JSON");
        let path = format!("/v1/directives/{}/lift", order.id);
        hand_in(&town.client(), &path, &paper).await.ok();
    }
}

/// Hands a paper in, as a program of the authority does: no session, no key.
pub async fn hand_in(client: &Client, path: &str, paper: &Paper) -> Answer {
    let body = serde_json::to_value(paper).expect("JSON");
    client.call(http::Method::POST, path).json(&body).send().await
}
