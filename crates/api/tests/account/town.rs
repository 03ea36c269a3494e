//! A server whose doorkeeper is the real one, and people who sign in.

use sarai_account::{
    rules::totp,
    usecase::{first_admin, notices},
};
use sarai_api::{Config, Routes};
use sarai_kernel::{
    Timestamp,
    time::{MINUTE, SECOND},
};
use sarai_testkit::server::{Bare, Client};
use serde_json::{Value, json};

/// A server and its outbox.
pub struct Town(pub Bare);

/// Somebody who is signed in.
pub struct Person {
    pub client: Client,
    pub number: String,
    pub seed: Option<Vec<u8>>,
}

impl Town {
    pub async fn start() -> Self {
        let config =
            Config { demo: true, units_per_minute: (100_000, 100_000), ..Config::default() };
        Self(Bare::with_accounts(Routes::new(), config).await)
    }

    pub fn pass(&self, micros: i64) -> Timestamp {
        self.0.clock.pass(micros)
    }

    fn now(&self) -> Timestamp {
        self.0.clock.pass(0)
    }

    /// Asks for a code and reads it from the outbox page.
    pub async fn code(&self, client: &Client, number: &str) -> (Value, Value) {
        self.pass(61 * SECOND);
        let sent = client.post("/v1/auth/codes", json!({ "phone": number })).await.ok();
        let account = &self.0.app.account;
        let outbox = account.outbox.clone().expect("an outbox");
        notices::deliver_due(account, &*outbox, self.now()).await.expect("delivered");
        let letters = client.get("/v1/ops/outbox").await.ok();
        let letters = letters["items"].as_array().cloned().unwrap_or_default();
        let code = letters.iter().map(|letter| &letter["code"]).find(|code| !code.is_null());
        (sent["challenge"].clone(), code.expect("a letter with a code").clone())
    }

    /// Signs in with a code alone, in a new browser.
    pub async fn enter(&self, number: &str) -> Person {
        let person = Person { client: self.0.client(), number: number.to_owned(), seed: None };
        self.sign_in(&person).await;
        person
    }

    /// Signs in with a code alone, in the person's own browser.
    pub async fn sign_in(&self, person: &Person) {
        let (challenge, code) = self.code(&person.client, &person.number).await;
        let body = json!({ "challenge": challenge, "code": code });
        person.client.post("/v1/auth/sessions", body).await.ok();
    }

    /// What the person was told since that was no code.
    pub async fn told(&self, person: &Person) -> Vec<String> {
        let account = &self.0.app.account;
        let outbox = account.outbox.clone().expect("an outbox");
        notices::deliver_due(account, &*outbox, self.now()).await.expect("delivered");
        let letters = outbox.items().into_iter().filter(|letter| letter.code.is_none());
        let own = letters.filter(|letter| letter.to.ends_with(&person.number));
        own.map(|letter| letter.body).collect()
    }

    /// Signs somebody in again who has an authenticator.
    pub async fn return_of(&self, person: &Person) -> Person {
        let seed = person.seed.clone().expect("an authenticator");
        let client = self.0.client();
        let (challenge, code) = self.code(&client, &person.number).await;
        let bare = json!({ "challenge": challenge, "code": code });
        let refused = client.post("/v1/auth/sessions", bare).await;
        assert_eq!(refused.verdict(), (401, "second_factor_required".to_owned()));
        let digits = totp::digits(&seed, totp::step_of(self.now()));
        let body = json!({ "challenge": challenge, "code": code, "totp": digits });
        client.post("/v1/auth/sessions", body).await.ok();
        Person { client, number: person.number.clone(), seed: Some(seed) }
    }

    /// Shows a fresh factor.
    pub async fn step_up(&self, person: &Person) {
        let body = match &person.seed {
            Some(seed) => {
                let now = self.pass(MINUTE);
                json!({ "totp": totp::digits(seed, totp::step_of(now)) })
            }
            None => {
                let (challenge, code) = self.code(&person.client, &person.number).await;
                json!({ "challenge": challenge, "code": code })
            }
        };
        person.client.post("/v1/auth/step-up", body).await.ok();
    }

    /// Enrols an authenticator.
    pub async fn enrol(&self, person: &mut Person) {
        self.step_up(person).await;
        self.add_authenticator(person).await;
    }

    /// Enrols an authenticator for somebody who has just shown a code.
    pub async fn add_authenticator(&self, person: &mut Person) {
        let made = person.client.post("/v1/auth/factors", json!({ "kind": "totp" })).await.ok();
        let secret = made["secret"].as_str().expect("a seed");
        let seed = totp::from_base32(secret).expect("base 32").to_vec();
        let digits = totp::digits(&seed, totp::step_of(self.now()));
        let confirm = json!({ "kind": "totp_confirm", "id": made["id"], "totp": digits });
        person.client.post("/v1/auth/factors", confirm).await.ok();
        person.seed = Some(seed);
    }

    /// The first admin.
    pub async fn admin(&self) -> Person {
        let account = &self.0.app.account;
        let token = first_admin::issue(account, self.now()).await.expect("store");
        let token = token.expect("no admin yet");
        let mut person = self.enter("13900000001").await;
        let role = json!({ "role": "op.admin", "token": token.as_str() });
        person.client.post("/v1/me/roles", role).await.ok();
        self.enrol(&mut person).await;
        person
    }

    /// Staff with these roles, a factor shown just now.
    pub async fn staff(&self, admin: &Person, number: &str, roles: &[&str]) -> Person {
        self.enter(number).await;
        self.step_up(admin).await;
        let new = json!({ "phone_or_email": number, "roles": roles });
        admin.client.post("/v1/ops/staff", new).await.ok();
        let mut person = self.enter(number).await;
        self.enrol(&mut person).await;
        person
    }
}
