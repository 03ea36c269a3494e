use std::time::Instant;

use sarai_account::{
    rules::{code, session, totp},
    usecase::{
        factors, first_admin, profile,
        send_code::Contact,
        sessions::{self, Which},
        sign_in::{SignIn, sign_in},
        staff,
        step_up::{Proof, step_up},
    },
};
use sarai_kernel::{
    Command, Role,
    party::Language,
    time::{DAY, HOUR, MINUTE},
};

use crate::town::{Town, code};

const ANN: &str = "13800138001";

#[tokio::test]
async fn a_new_number_gets_an_account_and_the_same_number_finds_it_again() {
    let mut town = Town::new();
    let (challenge, digits) = town.code_for(ANN).await.expect("a code");
    let first = town.show(challenge, &digits, None).await.expect("a session");
    assert!(first.new_account);
    town.pass(MINUTE);
    let (challenge, digits) = town.code_for("+86 138 0013 8001").await.expect("a code");
    let again = town.show(challenge, &digits, None).await.expect("a session");
    assert!(!again.new_account);
    assert_eq!(first.party, again.party);
    assert_ne!(*first.token, *again.token);
    let signs = town.audited().await.into_iter().filter(|action| action == "sign_in").count();
    assert_eq!(signs, 2);
}

#[tokio::test]
async fn a_code_is_good_once_and_only_the_newest_counts() {
    let mut town = Town::new();
    let (old, old_digits) = town.code_for(ANN).await.expect("a code");
    assert_eq!(code(town.code_for(ANN).await), "rate_limited");
    town.pass(code::SEND_GAP_MICROS);
    let (new, digits) = town.code_for(ANN).await.expect("a code");
    assert_eq!(code(town.show(old, &old_digits, None).await), "challenge_spent");
    assert_eq!(code(town.show(new, &digits, None).await), "fine");
    assert_eq!(code(town.show(new, &digits, None).await), "challenge_spent");
}

#[tokio::test]
async fn five_wrong_codes_spend_the_challenge_and_ten_close_the_day() {
    let mut town = Town::new();
    for round in 0..2 {
        let (challenge, digits) = town.code_for(ANN).await.expect("a code");
        let wrong = if digits == "000000" { "000001" } else { "000000" };
        for _ in 0..4 {
            assert_eq!(code(town.show(challenge, wrong, None).await), "code_wrong");
        }
        assert_eq!(code(town.show(challenge, wrong, None).await), "challenge_spent");
        let after = if round == 0 { "challenge_spent" } else { "rate_limited" };
        assert_eq!(code(town.show(challenge, &digits, None).await), after);
        town.pass(2 * MINUTE);
    }
    town.pass(DAY);
    let (challenge, digits) = town.code_for(ANN).await.expect("a code");
    assert_eq!(code(town.show(challenge, &digits, None).await), "fine");
}

#[tokio::test]
async fn an_expired_code_and_an_unknown_challenge_are_refused() {
    let mut town = Town::new();
    let (challenge, digits) = town.code_for(ANN).await.expect("a code");
    town.pass(code::CODE_MICROS);
    assert_eq!(code(town.show(challenge, &digits, None).await), "code_expired");
    let unknown = sarai_kernel::ChallengeId::new(town.now);
    assert_eq!(code(town.show(unknown, &digits, None).await), "challenge_spent");
}

#[tokio::test]
async fn the_answer_takes_as_long_for_a_known_number_as_for_an_unknown_one() {
    const SAMPLES: usize = 200;
    let mut town = Town::new();
    let mut numbers = Vec::new();
    for n in 0..SAMPLES {
        let number = format!("139{:04}{:04}", n, n);
        town.enter(&number).await;
        numbers.push((number, format!("137{:04}{:04}", n, n)));
    }
    town.pass(DAY);
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for (member, stranger) in &numbers {
        // Turn about, so that whatever else the machine does meets both alike.
        for (who, times) in [(member, &mut known), (stranger, &mut unknown)] {
            let asker = sarai_account::usecase::send_code::Asker {
                address: who,
                language: Language::English,
            };
            let contact = Contact::parse(who).expect("a number");
            let start = Instant::now();
            let command = Command::at(town.now);
            sarai_account::usecase::send_code::send_code(&town.account, asker, &contact, command)
                .await
                .expect("sent");
            times.push(start.elapsed().as_nanos());
        }
    }
    let median = |times: &mut Vec<u128>| {
        times.sort_unstable();
        *times.get(times.len() / 2).expect("samples") as f64
    };
    let ratio = median(&mut known) / median(&mut unknown);
    assert!((0.67..1.5).contains(&ratio), "known takes {ratio:.2} times as long");
}

#[tokio::test]
async fn a_session_that_was_ended_is_over_with_the_next_request() {
    let mut town = Town::new();
    let (challenge, digits) = town.code_for(ANN).await.expect("a code");
    let opened = town.show(challenge, &digits, None).await.expect("a session");
    let ann = town.caller(&opened).await;
    let other = town.enter(ANN).await;
    assert_eq!(sessions::list(&town.account, ann.party, town.now).await.expect("list").len(), 2);
    sessions::end(&town.account, &other, Which::Others, town.now).await.expect("ended");
    let held = sessions::holder(&town.account, &opened.token, town.now).await.expect("store");
    assert!(held.is_none());
    let strange = Which::One(sarai_kernel::SessionId::new(town.now));
    assert_eq!(code(sessions::end(&town.account, &other, strange, town.now).await), "not_found");
}

#[tokio::test]
async fn an_idle_session_expires_and_the_eleventh_ends_the_oldest() {
    let mut town = Town::new();
    let (challenge, digits) = town.code_for(ANN).await.expect("a code");
    let opened = town.show(challenge, &digits, None).await.expect("a session");
    let later = town.now.plus(session::PERSON_IDLE_MICROS);
    assert_eq!(
        code(sessions::holder(&town.account, &opened.token, later).await),
        "session_expired"
    );
    for _ in 0..10 {
        town.pass(3 * HOUR);
        town.enter(ANN).await;
    }
    let held = sessions::holder(&town.account, &opened.token, town.now).await.expect("store");
    assert!(held.is_none());
    let left = sessions::list(&town.account, opened.party, town.now).await.expect("list");
    assert_eq!(left.len(), session::PERSON_SESSIONS_MAX);
}

#[tokio::test]
async fn the_first_admin_has_no_role_until_an_authenticator_was_shown() {
    let mut town = Town::new();
    let token = first_admin::issue(&town.account, town.now).await.expect("store").expect("none");
    let caller = town.enter(ANN).await;
    let wrong = first_admin::claim(&town.account, &caller, "x", Command::at(town.now)).await;
    assert!(wrong.is_err());
    let claimed = first_admin::claim(&town.account, &caller, &token, Command::at(town.now)).await;
    assert!(claimed.is_ok());
    let caller = town.again(&caller).await;
    assert!(!caller.has(Role::OpAdmin));
    assert_eq!(
        code(factors::make_totp(&town.account, &caller, town.now).await),
        "step_up_required"
    );
    let caller = town.stepped(ANN, &caller).await;
    assert!(!caller.has(Role::OpAdmin), "a code by message is no factor of staff");
    let (caller, seed) = town.enrol(&caller).await;
    assert!(caller.has(Role::OpAdmin));
    // The token is spent, and there is no second first admin.
    let other = town.enter("13800138002").await;
    let again = first_admin::claim(&town.account, &other, &token, Command::at(town.now)).await;
    assert!(again.is_err());
    assert!(first_admin::issue(&town.account, town.now).await.expect("store").is_none());
    // From now on the code alone does not open a session.
    town.pass(2 * MINUTE);
    let (challenge, digits) = town.code_for(ANN).await.expect("a code");
    assert_eq!(code(town.show(challenge, &digits, None).await), "second_factor_required");
    let shown = totp::digits(&seed, totp::step_of(town.now));
    assert_eq!(code(town.show(challenge, &digits, Some("000000")).await), "code_wrong");
    assert_eq!(code(town.show(challenge, &digits, Some(&shown)).await), "fine");
}

#[tokio::test]
async fn a_code_of_the_authenticator_is_not_taken_twice() {
    let mut town = Town::new();
    let admin = town.admin().await;
    town.pass(MINUTE);
    let digits = totp::digits(&admin.1, totp::step_of(town.now));
    let step = |digits| step_up(&town.account, &admin.0, Proof::Totp(digits), town.now);
    assert_eq!(code(step(&digits).await), "fine");
    assert_eq!(code(step(&digits).await), "code_wrong");
}

#[tokio::test]
async fn a_recovery_code_opens_once() {
    let mut town = Town::new();
    let caller = town.enter(ANN).await;
    let caller = town.stepped(ANN, &caller).await;
    let (caller, _) = town.enrol(&caller).await;
    let made = factors::make_recovery(&town.account, &caller, town.now).await.expect("codes");
    let codes = made.recovery_codes.expect("codes");
    assert_eq!(codes.len(), 10);
    for after in ["fine", "code_wrong"] {
        town.pass(2 * MINUTE);
        let (challenge, digits) = town.code_for(ANN).await.expect("a code");
        let shown = SignIn {
            challenge,
            code: &digits,
            totp: None,
            recovery_code: codes.first().map(|text| text.as_str()),
            device: None,
            mark: None,
            language: Language::Chinese,
        };
        assert_eq!(code(sign_in(&town.account, shown, town.now).await), after);
    }
}

#[tokio::test]
async fn a_number_that_was_quiet_for_ninety_days_opens_a_thin_session() {
    let mut town = Town::new();
    town.enter(ANN).await;
    town.pass(session::QUIET_MICROS);
    let caller = town.enter(ANN).await;
    let sarai_kernel::Via::Session { thin, .. } = caller.via else { panic!("a session") };
    assert!(thin);
}

#[tokio::test]
async fn roles_of_staff_come_from_an_admin_only_and_the_last_admin_stays() {
    let mut town = Town::new();
    let admin = town.admin().await;
    let ann = town.enter(ANN).await;
    let taken = profile::take_role(&town.account, &ann, Role::OpMoney, Command::at(town.now)).await;
    assert!(taken.is_err());
    let taken = profile::take_role(&town.account, &ann, Role::Trucker, Command::at(town.now)).await;
    assert!(taken.is_ok());
    let money = town.colleague(&admin, "13900000002", &[Role::OpMoney]).await;
    assert!(money.has(Role::OpMoney));
    let contact = Contact::parse(ANN).expect("a number");
    let refused = staff::add(&town.account, &money, contact, &[Role::OpMoney], town.now).await;
    assert_eq!(code(refused), "role_missing");
    let fresh = town.fresh(&admin).await;
    let me = profile::own_party(&town.account, fresh.party).await.expect("a party");
    let leaves =
        staff::change(&town.account, &fresh, fresh.party, me.version, &[Role::OpMoney], town.now);
    assert_eq!(code(leaves.await), "transition_refused");
}

#[tokio::test]
async fn a_suspended_member_may_sign_in_and_do_nothing_with_roles() {
    let mut town = Town::new();
    let admin = town.admin().await;
    let ann = town.enter(ANN).await;
    let fresh = town.fresh(&admin).await;
    let done = staff::suspend(&town.account, &fresh, ann.party, Some("fraud"), town.now).await;
    assert_eq!(code(done), "fine");
    let ann = town.enter(ANN).await;
    assert!(ann.suspended);
    let taken = profile::take_role(&town.account, &ann, Role::Trucker, Command::at(town.now)).await;
    assert!(taken.is_err());
    let own = staff::suspend(&town.account, &fresh, fresh.party, Some("x"), town.now).await;
    assert_eq!(code(own), "four_eyes_required");
}
