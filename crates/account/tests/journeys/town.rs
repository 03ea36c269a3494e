//! A small world: the room over a store in memory, and people who sign in as they would on the page.

use std::sync::Arc;

use sarai_account::{
    Account, AccountRules, Outbox, Secrets,
    rules::{code::SEND_GAP_MICROS, totp},
    usecase::{
        factors, first_admin, notices, profile,
        send_code::{Asker, Contact, send_code},
        sessions,
        sign_in::{Opened, SignIn, sign_in},
        staff,
        step_up::{Proof, step_up},
    },
};
use sarai_kernel::{
    Caller, ChallengeId, Command, Refusal, Role, Store, Timestamp, UseCaseError,
    party::Language,
    time::{MINUTE, SECOND},
};
use sarai_testkit::MemoryStore;

/// 2026-06-01, eight in the morning in Shanghai.
pub const MORNING: Timestamp = Timestamp::from_micros(1_780_272_000_000_000);

/// The room, its outbox, and the time of the world.
pub struct Town {
    pub account: Account,
    pub store: Arc<MemoryStore>,
    pub outbox: Arc<Outbox>,
    pub now: Timestamp,
}

/// What is left of a refusal: its code.
pub fn code<T>(result: Result<T, Refusal>) -> &'static str {
    result.err().map_or("fine", |refusal| refusal.code)
}

impl Town {
    pub fn new() -> Self {
        Self::with(AccountRules { demo_topups: true, ..AccountRules::default() })
    }

    pub fn with(rules: AccountRules) -> Self {
        let store = Arc::new(MemoryStore::new());
        let outbox = Arc::new(Outbox::default());
        let gate = super::gate(store.clone());
        let secrets = Secrets::derive(|label| {
            let mut bytes = [7; 32];
            bytes[0] = u8::try_from(label.len()).expect("short");
            bytes
        });
        let account =
            Account::new(store.clone(), gate, secrets, rules, &[], Some(Arc::clone(&outbox)));
        Self { account, store, outbox, now: MORNING }
    }

    pub fn pass(&mut self, micros: i64) {
        self.now = self.now.plus(micros);
    }

    /// Asks for a code and reads it from the outbox.
    pub async fn code_for(&self, to: &str) -> Result<(ChallengeId, String), Refusal> {
        let contact = Contact::parse(to).expect("a number or address");
        let asker = Asker { address: to, language: Language::English };
        let sent = send_code(&self.account, asker, &contact, Command::at(self.now)).await;
        let outcome = match sent {
            Ok(outcome) => outcome,
            Err(UseCaseError::Refused(refusal)) => return Err(refusal),
            Err(UseCaseError::Answered(_)) => unreachable!("no key was given"),
        };
        let challenge = outcome.body.get("challenge").and_then(|id| id.as_str());
        let challenge = challenge.and_then(|id| id.parse().ok()).expect("a challenge");
        notices::deliver_due(&self.account, &*self.outbox, self.now).await?;
        let code = self.outbox.items().into_iter().find_map(|letter| letter.code);
        Ok((challenge, code.expect("a code")))
    }

    /// Shows a code.
    pub async fn show(
        &self,
        challenge: ChallengeId,
        digits: &str,
        totp: Option<&str>,
    ) -> Result<Opened, Refusal> {
        let shown = SignIn {
            challenge,
            code: digits,
            totp,
            recovery_code: None,
            device: Some("test"),
            mark: None,
            language: Language::English,
        };
        sign_in(&self.account, shown, self.now).await
    }

    /// Signs somebody in who has no second factor.
    pub async fn enter(&mut self, who: &str) -> Caller {
        self.pass(SEND_GAP_MICROS);
        let (challenge, digits) = self.code_for(who).await.expect("a code");
        let opened = self.show(challenge, &digits, None).await.expect("a session");
        self.caller(&opened).await
    }

    /// Who holds the session now.
    pub async fn caller(&self, opened: &Opened) -> Caller {
        let held = sessions::holder(&self.account, &opened.token, self.now).await;
        held.expect("the store answers").expect("the session lives")
    }

    /// The caller after a fresh code was shown.
    pub async fn stepped(&mut self, who: &str, caller: &Caller) -> Caller {
        self.pass(SEND_GAP_MICROS);
        let (challenge, digits) = self.code_for(who).await.expect("a code");
        let proof = Proof::Code { challenge, digits: &digits };
        step_up(&self.account, caller, proof, self.now).await.expect("a step up");
        self.again(caller).await
    }

    /// The caller as the next request would find it.
    pub async fn again(&self, caller: &Caller) -> Caller {
        let all = sessions::list(&self.account, caller.party, self.now).await.expect("sessions");
        let id = caller.session().expect("a session").uuid();
        let session = all.into_iter().find(|one| one.id == id).expect("it lives");
        let party = profile::own_party(&self.account, caller.party).await.expect("a party");
        let strong = session.record.strong;
        let roles = party.record.roles.into_iter().filter(|role| strong || !role.is_staff());
        let suspended =
            matches!(party.record.standing, sarai_kernel::party::Standing::Suspended { .. });
        let via = sarai_kernel::Via::Session {
            id: caller.session().expect("a session"),
            factor_at: session.record.factor_at,
            thin: session.record.thin,
        };
        Caller { party: caller.party, roles: roles.collect(), suspended, via }
    }

    /// Enrols an authenticator for somebody signed in and stepped up; the caller afterwards and the seed.
    pub async fn enrol(&mut self, caller: &Caller) -> (Caller, Vec<u8>) {
        let made = factors::make_totp(&self.account, caller, self.now).await.expect("a factor");
        let seed = totp::from_base32(&made.secret.expect("a seed")).expect("base 32").to_vec();
        let digits = totp::digits(&seed, totp::step_of(self.now));
        factors::confirm_totp(&self.account, caller, made.id, &digits, self.now)
            .await
            .expect("confirmed");
        self.pass(SECOND);
        (self.again(caller).await, seed)
    }

    /// The first admin, made as on a real server: token, code, authenticator.
    pub async fn admin(&mut self) -> (Caller, Vec<u8>) {
        let token = first_admin::issue(&self.account, self.now).await.expect("store");
        let token = token.expect("there is no admin yet");
        let caller = self.enter("13900000001").await;
        first_admin::claim(&self.account, &caller, &token, Command::at(self.now))
            .await
            .expect("the first admin");
        let caller = self.stepped("13900000001", &caller).await;
        self.enrol(&caller).await
    }

    /// A member of staff with these roles, with an authenticator shown just now.
    pub async fn colleague(
        &mut self,
        admin: &(Caller, Vec<u8>),
        who: &str,
        roles: &[Role],
    ) -> Caller {
        let caller = self.enter(who).await;
        let admin = self.fresh(admin).await;
        let contact = Contact::parse(who).expect("a number");
        staff::add(&self.account, &admin, contact, roles, self.now).await.expect("staff");
        // A change of roles ended the session.
        let caller = {
            let _ = caller;
            self.enter(who).await
        };
        let caller = self.stepped(who, &caller).await;
        self.enrol(&caller).await.0
    }

    /// Staff with a factor shown just now.
    pub async fn fresh(&mut self, staff: &(Caller, Vec<u8>)) -> Caller {
        self.pass(MINUTE);
        let digits = totp::digits(&staff.1, totp::step_of(self.now));
        step_up(&self.account, &staff.0, Proof::Totp(&digits), self.now).await.expect("step up");
        self.again(&staff.0).await
    }

    /// Actions in the audit log, in order.
    pub async fn audited(&self) -> Vec<String> {
        let rows = self.store.audit_after(0, 1_000).await.expect("the log");
        rows.into_iter().map(|row| row.action).collect()
    }
}
