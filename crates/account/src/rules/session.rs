//! How long a session lives, and when it is thin.

use sarai_kernel::{
    Timestamp,
    time::{DAY, HOUR, MINUTE, SECOND},
};

/// Idle life of a person's session.
pub const PERSON_IDLE_MICROS: i64 = 14 * DAY;
/// Whole life of a person's session.
pub const PERSON_LIFE_MICROS: i64 = 30 * DAY;
/// Idle life of a staff session.
pub const STAFF_IDLE_MICROS: i64 = 30 * MINUTE;
/// Whole life of a staff session.
pub const STAFF_LIFE_MICROS: i64 = 12 * HOUR;
/// Sessions of a person at once.
pub const PERSON_SESSIONS_MAX: usize = 10;
/// Sessions of a member of staff at once.
pub const STAFF_SESSIONS_MAX: usize = 2;
/// A number unused for so long is a quiet one: a code alone opens a thin session.
pub const QUIET_MICROS: i64 = 90 * DAY;
/// The last moment of use is written at most so often.
pub const SEEN_EVERY_MICROS: i64 = MINUTE;

/// How long the token before a step-up still names its session, without its factor.
pub const FORMER_MICROS: i64 = 10 * SECOND;

/// How long a session may be idle, and how long it lives in all.
pub const fn lives(staff: bool) -> (i64, i64) {
    if staff {
        (STAFF_IDLE_MICROS, STAFF_LIFE_MICROS)
    } else {
        (PERSON_IDLE_MICROS, PERSON_LIFE_MICROS)
    }
}

/// How many sessions at once.
pub const fn most(staff: bool) -> usize {
    if staff { STAFF_SESSIONS_MAX } else { PERSON_SESSIONS_MAX }
}

/// Whether a session is still alive.
pub fn is_alive(started: Timestamp, seen: Timestamp, staff: bool, now: Timestamp) -> bool {
    let (idle, life) = lives(staff);
    now.since(seen) < idle && now.since(started) < life
}

/// Whether a code alone opens only a thin session.
pub fn is_quiet(last_signed_in: Option<Timestamp>, now: Timestamp) -> bool {
    last_signed_in.is_some_and(|last| now.since(last) >= QUIET_MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_end_by_idleness_and_by_age() {
        let start = Timestamp::from_micros(0);
        for staff in [false, true] {
            let (idle, life) = lives(staff);
            let at = |micros| Timestamp::from_micros(micros);
            assert!(is_alive(start, start, staff, at(idle - 1)));
            assert!(!is_alive(start, start, staff, at(idle)));
            assert!(is_alive(start, at(life - 1), staff, at(life - 1)));
            assert!(!is_alive(start, at(life - 1), staff, at(life)));
        }
    }

    #[test]
    fn a_number_is_quiet_after_ninety_days_and_a_new_one_is_not() {
        let now = Timestamp::from_micros(100 * DAY);
        assert!(!is_quiet(None, now));
        assert!(is_quiet(Some(now.plus(-QUIET_MICROS)), now));
        assert!(!is_quiet(Some(now.plus(1 - QUIET_MICROS)), now));
    }
}
