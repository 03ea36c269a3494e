//! Recovery codes: ten of sixteen letters, kept as Argon2id under one salt a set, each good once.

use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{token, totp};

/// Codes in a set.
pub const CODES: usize = 10;
/// Letters of a code.
pub const CODE_LETTERS: usize = 16;
/// Memory of the hash, in KiB.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const SALT_BYTES: usize = 16;

/// A fresh set: what is shown once, and what is kept.
pub struct Set {
    /// The codes, shown once.
    pub codes: Vec<Zeroizing<String>>,
    /// Salt of the set, in hexadecimal.
    pub salt: String,
    /// Hashes of the codes, in hexadecimal.
    pub hashes: Vec<String>,
}

/// The hash could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("hashing failed")]
pub struct HashFailed;

/// Makes a set. Slow on purpose: about a tenth of a second a code.
pub fn fresh() -> Result<Set, HashFailed> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(|_| HashFailed)?;
    let salt = token::hex(&salt);
    let mut set = Set { codes: Vec::with_capacity(CODES), salt, hashes: Vec::with_capacity(CODES) };
    for _ in 0..CODES {
        let mut bytes = Zeroizing::new([0; CODE_LETTERS * 5 / 8]);
        getrandom::fill(bytes.as_mut()).map_err(|_| HashFailed)?;
        let code = totp::base32(bytes.as_ref());
        set.hashes.push(hash(&code, &set.salt)?);
        set.codes.push(code);
    }
    Ok(set)
}

/// The hash of a code under a set's salt.
pub fn hash(code: &str, salt: &str) -> Result<String, HashFailed> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).map_err(|_| HashFailed)?;
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(code.as_bytes(), salt.as_bytes(), &mut out)
        .map_err(|_| HashFailed)?;
    Ok(token::hex(&out))
}

/// A code as typed, without the spaces and dashes that people add.
pub fn tidy(typed: &str) -> Zeroizing<String> {
    Zeroizing::new(
        typed
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(CODE_LETTERS + 1)
            .map(|letter| letter.to_ascii_uppercase())
            .collect(),
    )
}

/// Place of the hash among those left; every one is compared, whichever matches.
pub fn place(hash: &str, left: &[String]) -> Option<usize> {
    left.iter().enumerate().fold(None, |found, (at, known)| {
        if bool::from(known.as_bytes().ct_eq(hash.as_bytes())) { Some(at) } else { found }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_by_its_hash_however_it_is_typed() {
        let salt = "00112233445566778899aabbccddeeff";
        let kept = vec![hash("ABCDEFGHIJKLMNOP", salt).expect("hash")];
        let typed = tidy("abcd-efgh ijkl-mnop");
        assert_eq!(place(&hash(&typed, salt).expect("hash"), &kept), Some(0));
        assert_eq!(place(&hash("ABCDEFGHIJKLMNOQ", salt).expect("hash"), &kept), None);
    }
}
