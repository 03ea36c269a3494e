//! Lists: keyset pages with sealed cursors. A cursor holds for one route, filter, principal and day, and cannot be read or made outside.

use aes_gcm_siv::{
    Aes256GcmSiv, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sarai_kernel::{
    Timestamp,
    time::{DAY, HOUR},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// Rows of a page if the caller does not say.
pub const LIMIT_DEFAULT: u32 = 20;
/// Most rows of a page.
pub const LIMIT_MAX: u32 = 100;
/// How long a cursor holds.
pub const CURSOR_LIFE_MICROS: i64 = 24 * HOUR;
const CURSOR_BYTES_MAX: usize = 1_024;

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct List<I> {
    /// The rows: anything that serialises as an array.
    pub items: I,
    /// Where the next page starts; `null` at the end.
    pub next_cursor: Option<String>,
}

impl<I: Serialize> axum::response::IntoResponse for List<I> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self).into_response()
    }
}

/// The number of rows wanted, within bounds.
pub fn page_limit(wanted: Option<u32>) -> Result<u32, Problem> {
    match wanted.unwrap_or(LIMIT_DEFAULT) {
        limit @ 1..=LIMIT_MAX => Ok(limit),
        _ => Err(Problem::new("parameter_unknown")),
    }
}

/// For whom and what a cursor holds.
#[derive(Debug, Clone)]
pub struct CursorScope {
    route: &'static str,
    principal: String,
    filter: [u8; 32],
}

impl CursorScope {
    /// The scope of a list: its operation, who asks, and its filter (everything of the query but `limit` and `cursor`).
    pub fn new(route: &'static str, principal: impl Into<String>, filter: &impl Serialize) -> Self {
        let text = serde_json::to_vec(filter).unwrap_or_default();
        Self { route, principal: principal.into(), filter: Sha256::digest(text).into() }
    }

    fn aad(&self) -> Vec<u8> {
        let mut aad = b"sarai cursor v1".to_vec();
        for part in [self.route.as_bytes(), self.principal.as_bytes(), &self.filter] {
            aad.extend_from_slice(&(part.len() as u64).to_le_bytes());
            aad.extend_from_slice(part);
        }
        aad
    }
}

#[derive(Serialize, Deserialize)]
struct Inside<L> {
    last: L,
    until: i64,
}

/// Seals and opens cursors; the key changes daily, yesterday's still opens.
pub struct Cursors {
    root: [u8; 32],
}

impl Cursors {
    /// Cursors under this root key.
    pub const fn new(root: [u8; 32]) -> Self {
        Self { root }
    }

    /// A cursor that points behind `last`.
    pub fn seal<L: Serialize>(
        &self,
        scope: &CursorScope,
        last: &L,
        now: Timestamp,
    ) -> Result<String, Problem> {
        self.seal_for(scope, last, now, CURSOR_LIFE_MICROS)
    }

    /// A cursor with its own life.
    pub(crate) fn seal_for<L: Serialize>(
        &self,
        scope: &CursorScope,
        last: &L,
        now: Timestamp,
        life: i64,
    ) -> Result<String, Problem> {
        let internal = || Problem::new("internal");
        let inside = Inside { last, until: now.plus(life).as_micros() };
        let text = serde_json::to_vec(&inside).map_err(|_| internal())?;
        let mut nonce = [0u8; 12];
        getrandom::fill(&mut nonce).map_err(|_| internal())?;
        let day = day_of(now);
        let aad = scope.aad();
        let sealed = self
            .cipher(day)
            .encrypt(&Nonce::from(nonce), Payload { msg: &text, aad: &aad })
            .map_err(|_| internal())?;
        let mut token = day.to_le_bytes().to_vec();
        token.extend_from_slice(&nonce);
        token.extend_from_slice(&sealed);
        Ok(URL_SAFE_NO_PAD.encode(token))
    }

    /// What a cursor points behind; forged, foreign, stale or with another filter is `cursor_invalid`.
    pub fn open<L: DeserializeOwned>(
        &self,
        scope: &CursorScope,
        token: &str,
        now: Timestamp,
    ) -> Result<L, Problem> {
        self.try_open(scope, token, now).ok_or_else(|| Problem::new("cursor_invalid"))
    }

    /// As [`open`](Self::open), for a cursor that need not be there.
    pub fn open_if<L: DeserializeOwned>(
        &self,
        scope: &CursorScope,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<L>, Problem> {
        token.map(|token| self.open(scope, token, now)).transpose()
    }

    pub(crate) fn try_open<L: DeserializeOwned>(
        &self,
        scope: &CursorScope,
        token: &str,
        now: Timestamp,
    ) -> Option<L> {
        if token.len() > CURSOR_BYTES_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (day, rest) = bytes.split_first_chunk::<4>()?;
        let (nonce, sealed) = rest.split_first_chunk::<12>()?;
        let day = u32::from_le_bytes(*day);
        let aad = scope.aad();
        let text = self
            .cipher(day)
            .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: &aad })
            .ok()?;
        let inside: Inside<L> = serde_json::from_slice(&text).ok()?;
        (now.as_micros() <= inside.until).then_some(inside.last)
    }

    fn cipher(&self, day: u32) -> Aes256GcmSiv {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.root).expect("any length");
        mac.update(b"sarai cursor day");
        mac.update(&day.to_le_bytes());
        let key: [u8; 32] = mac.finalize().into_bytes().into();
        Aes256GcmSiv::new(&key.into())
    }
}

fn day_of(now: Timestamp) -> u32 {
    u32::try_from(now.as_micros().div_euclid(DAY)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

    #[test]
    fn a_cursor_opens_only_in_its_scope_and_time() {
        let cursors = Cursors::new([7; 32]);
        let scope = CursorScope::new("freight_load_list", "pty_a", &("open", 3));
        let token = cursors.seal(&scope, &(42i64, "id"), NOW).expect("seals");
        let open = |scope: &CursorScope, token: &str, now| {
            cursors.open::<(i64, String)>(scope, token, now).map_err(|problem| problem.code())
        };
        assert_eq!(open(&scope, &token, NOW), Ok((42, "id".to_owned())));
        assert!(open(&scope, &token, NOW.plus(CURSOR_LIFE_MICROS)).is_ok());
        assert_eq!(open(&scope, &token, NOW.plus(CURSOR_LIFE_MICROS + 1)), Err("cursor_invalid"));
        for other in [
            CursorScope::new("freight_order_list", "pty_a", &("open", 3)),
            CursorScope::new("freight_load_list", "pty_b", &("open", 3)),
            CursorScope::new("freight_load_list", "pty_a", &("open", 4)),
        ] {
            assert_eq!(open(&other, &token, NOW), Err("cursor_invalid"));
        }
        let foreign = Cursors::new([8; 32]);
        assert!(foreign.open::<(i64, String)>(&scope, &token, NOW).is_err());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let cursors = Cursors::new([7; 32]);
        let scope = CursorScope::new("r", "p", &());
        let token = cursors.seal(&scope, &1i64, NOW).expect("seals");
        let bytes = URL_SAFE_NO_PAD.decode(&token).expect("base64");
        for at in 0..bytes.len() {
            let mut forged = bytes.clone();
            forged[at] ^= 1;
            assert!(cursors.open::<i64>(&scope, &URL_SAFE_NO_PAD.encode(&forged), NOW).is_err());
            assert!(
                cursors.open::<i64>(&scope, &URL_SAFE_NO_PAD.encode(&bytes[..at]), NOW).is_err()
            );
        }
        assert!(cursors.open::<i64>(&scope, "", NOW).is_err());
        assert!(cursors.open::<i64>(&scope, "not base64 !", NOW).is_err());
    }
}
