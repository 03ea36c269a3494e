//! Tokens: random, shown once, kept as SHA-256. Sessions, API keys, first-admin tokens.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Random bytes behind every token.
pub const TOKEN_BYTES: usize = 32;
/// Base-62 digits that hold 32 bytes.
const SECRET_DIGITS: usize = 43;
/// Digits of an API key's public part.
const KEY_ID_DIGITS: usize = 8;
/// Check digits of an API key, so that scanners know one when they see it.
const CHECK_DIGITS: usize = 6;

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 in hexadecimal: the form in which a token is kept and found.
pub fn digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Whether two texts are equal, in a time that does not tell where they differ.
pub fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// 32 random bytes.
pub fn random() -> Result<Zeroizing<[u8; TOKEN_BYTES]>, getrandom::Error> {
    let mut bytes = Zeroizing::new([0; TOKEN_BYTES]);
    getrandom::fill(bytes.as_mut())?;
    Ok(bytes)
}

/// A fresh session token: 43 base-62 digits.
pub fn fresh() -> Result<Zeroizing<String>, getrandom::Error> {
    Ok(base62(random()?.as_ref(), SECRET_DIGITS))
}

/// A number of bytes in base 62, padded on the left.
fn base62(bytes: &[u8], digits: usize) -> Zeroizing<String> {
    let mut rest = Zeroizing::new(bytes.to_vec());
    let mut out = vec![b'0'; digits];
    for slot in out.iter_mut().rev() {
        let mut carry: u32 = 0;
        for byte in rest.iter_mut() {
            let value = (carry << 8) | u32::from(*byte);
            *byte = u8::try_from(value / 62).unwrap_or(0);
            carry = value % 62;
        }
        *slot = BASE62.get(carry as usize).copied().unwrap_or(b'0');
    }
    Zeroizing::new(String::from_utf8(out).unwrap_or_default())
}

/// A fresh API key: `sarai_<8>_<43>_<6>`.
pub struct ApiSecret {
    /// `sarai_<8>`: told to everyone, so that keys can be told apart.
    pub prefix: String,
    /// The whole key, shown once.
    pub whole: Zeroizing<String>,
}

/// Makes an API key.
pub fn api_key() -> Result<ApiSecret, getrandom::Error> {
    let mut id = [0; 6];
    getrandom::fill(&mut id)?;
    let prefix = format!("sarai_{}", base62(&id, KEY_ID_DIGITS).as_str());
    let body = Zeroizing::new(format!("{prefix}_{}", fresh()?.as_str()));
    let whole = Zeroizing::new(format!("{}_{}", body.as_str(), check(&body).as_str()));
    Ok(ApiSecret { prefix, whole })
}

/// The check digits over everything before them.
fn check(body: &str) -> Zeroizing<String> {
    let sum = Sha256::digest(body.as_bytes());
    base62(sum.get(..4).unwrap_or_default(), CHECK_DIGITS)
}

/// Whether the text has the form of an API key, with right check digits.
pub fn is_api_key(text: &str) -> bool {
    let parts: Vec<&str> = text.split('_').collect();
    let [name, id, secret, sum] = parts.as_slice() else {
        return false;
    };
    let formed = *name == "sarai"
        && id.len() == KEY_ID_DIGITS
        && secret.len() == SECRET_DIGITS
        && sum.len() == CHECK_DIGITS;
    formed && same(&check(&format!("{name}_{id}_{secret}")), sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_never_twice() {
        let (one, two) = (fresh().expect("random"), fresh().expect("random"));
        assert_eq!(one.len(), 43);
        assert_ne!(*one, *two);
        assert_eq!(digest(&one).len(), 64);
    }

    #[test]
    fn base_62_holds_every_bit() {
        assert_eq!(base62(&[0; 32], 43).as_str(), "0".repeat(43));
        let most = base62(&[255; 32], 43);
        assert_eq!(most.len(), 43);
        assert_ne!(most.as_str(), base62(&[254; 32], 43).as_str());
        assert_eq!(base62(&[62], 2).as_str(), "10");
    }

    #[test]
    fn an_api_key_with_one_changed_letter_is_no_key() {
        let key = api_key().expect("random");
        assert!(key.whole.starts_with(&key.prefix));
        assert!(is_api_key(&key.whole));
        let changed: String = key
            .whole
            .char_indices()
            .map(|(at, letter)| match at {
                20 if letter == 'a' => 'b',
                20 => 'a',
                _ => letter,
            })
            .collect();
        assert!(!is_api_key(&changed));
        assert!(!is_api_key("sarai_"));
    }
}
