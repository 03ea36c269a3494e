//! A sealed part as the disk holds it.
//!
//! `form (1) | key generation (4) | nonce (12) | ciphertext and tag`

use super::{Generation, RestError, Secret32, wire};
use crate::{SealedBytes, SubjectId};
use aes_gcm_siv::{
    Aes256GcmSiv, KeyInit, Nonce,
    aead::{Aead, Payload},
};

/// AES-256-GCM-SIV, as above.
const FORM: u8 = 1;
const HEAD: usize = 1 + 4;
const NONCE: usize = 12;
const TAG: usize = 16;

/// Where a sealed part belongs. All of it is authenticated with the ciphertext.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The record's kind.
    pub kind: &'a str,
    /// The record's id, as the store keys it.
    pub record: &'a [u8],
    /// The part's field, with its index if it has one.
    pub field: &'a str,
    /// The record's schema version.
    pub schema: u16,
}

impl Place<'_> {
    fn associated(&self, subject: SubjectId, head: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(160);
        wire::put(&mut out, b"sarai/part");
        wire::put(&mut out, head);
        wire::put(&mut out, self.kind.as_bytes());
        wire::put(&mut out, self.record);
        wire::put(&mut out, self.field.as_bytes());
        wire::put(&mut out, subject.as_bytes());
        wire::put(&mut out, &self.schema.to_be_bytes());
        out
    }
}

/// The cipher of one field of one person.
pub struct FieldCipher(Aes256GcmSiv);

impl FieldCipher {
    pub fn new(key: &Secret32) -> Self {
        Self(Aes256GcmSiv::new(key.expose().into()))
    }

    pub fn seal(
        &self,
        subject: SubjectId,
        generation: Generation,
        place: &Place<'_>,
        bytes: &SealedBytes,
    ) -> Result<Vec<u8>, RestError> {
        let mut out = Vec::with_capacity(HEAD + NONCE + bytes.as_slice().len() + TAG);
        out.push(FORM);
        out.extend_from_slice(&generation.0.to_be_bytes());
        let associated = place.associated(subject, &out);
        let nonce = random_nonce()?;
        out.extend_from_slice(&nonce);
        let payload = Payload { msg: bytes.as_slice(), aad: &associated };
        let sealed = self.0.encrypt(&nonce, payload).map_err(|_| RestError::UnknownForm)?;
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    pub fn open(
        &self,
        subject: SubjectId,
        generation: Generation,
        place: &Place<'_>,
        envelope: &[u8],
    ) -> Result<SealedBytes, RestError> {
        let (head, rest) = envelope.split_at_checked(HEAD).ok_or(RestError::UnknownForm)?;
        let found = generation_of(head)?;
        if found != generation {
            return Err(RestError::OtherGeneration { held: generation, found });
        }
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(RestError::UnknownForm)?;
        let associated = place.associated(subject, head);
        let payload = Payload { msg: sealed, aad: &associated };
        let opened = self.0.decrypt(&Nonce::from(*nonce), payload);
        opened.map(SealedBytes::from_vec).map_err(|_| RestError::NotAuthentic)
    }
}

/// Which of the person's keys an envelope was made under.
pub fn generation_of(envelope: &[u8]) -> Result<Generation, RestError> {
    match envelope.split_first() {
        Some((&FORM, rest)) => rest
            .first_chunk::<4>()
            .map(|b| Generation(u32::from_be_bytes(*b)))
            .ok_or(RestError::UnknownForm),
        _ => Err(RestError::UnknownForm),
    }
}

pub fn random_nonce() -> Result<Nonce, RestError> {
    let mut nonce = Nonce::default();
    getrandom::fill(&mut nonce).map_err(|_| RestError::NoRandom)?;
    Ok(nonce)
}
