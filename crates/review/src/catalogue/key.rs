//! The key that signs the index, and its certificate: by its fingerprint clients know the catalogue.
//!
//! ECDSA on P-256 with SHA-256: what Java, Android and `jarsigner` verify, and what has no padding to attack. Key and certificate follow
//! from 32 secret bytes alone, so that a restored house is the same catalogue.

use p256::{
    ecdsa::{DerSignature, SigningKey as P256, signature::Signer},
    pkcs8::EncodePublicKey,
};
use sha2::{Digest, Sha256};
use x509_cert::{
    Certificate, TbsCertificate,
    builder::{Builder, CertificateBuilder, profile::BuilderProfile},
    der::{DateTime, Decode, Encode, asn1::GeneralizedTime},
    ext::Extension,
    name::Name,
    serial_number::SerialNumber,
    spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef},
    time::{Time, Validity},
};

/// Name in the certificate. It names nobody: clients compare fingerprints.
const SUBJECT: &str = "CN=Sarai catalogue";

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the catalogue's key cannot be made")]
pub struct KeyFault;

/// The key with its certificate.
pub struct SigningKey {
    key: P256,
    certificate: Certificate,
    der: Vec<u8>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<catalogue key {}>", self.fingerprint())
    }
}

struct SelfSigned(Name);

impl BuilderProfile for SelfSigned {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.0.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> Result<Vec<Extension>, x509_cert::builder::Error> {
        Ok(Vec::new())
    }
}

impl SigningKey {
    /// The key that follows from these secret bytes.
    pub fn derive(secret: &[u8; 32]) -> Result<Self, KeyFault> {
        // A digest is outside of the curve's order once in 2^32 times: the next is taken.
        let scalar =
            |round: u8| Sha256::new().chain_update(secret).chain_update([round]).finalize();
        let key = (0..8).find_map(|round| P256::from_slice(&scalar(round)).ok()).ok_or(KeyFault)?;
        let certificate = certificate(&key).ok_or(KeyFault)?;
        let der = certificate.to_der().map_err(|_| KeyFault)?;
        Ok(Self { key, certificate, der })
    }

    /// SHA-256 of the certificate in capital hexadecimal, as F-Droid shows it.
    pub fn fingerprint(&self) -> String {
        crate::app::hex(&Sha256::digest(&self.der)).to_uppercase()
    }

    pub(super) fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let signature: DerSignature = self.key.sign(bytes);
        signature.as_bytes().to_vec()
    }
}

fn certificate(key: &P256) -> Option<Certificate> {
    let public = key.verifying_key().to_public_key_der().ok()?;
    let info = SubjectPublicKeyInfoOwned::from_der(public.as_bytes()).ok()?;
    let day = |year| {
        let at = DateTime::new(year, 1, 1, 0, 0, 0).ok()?;
        Some(Time::GeneralTime(GeneralizedTime::from_date_time(at)))
    };
    let validity = Validity::new(day(2020)?, day(2070)?);
    let serial = Sha256::digest(public.as_bytes());
    let mut serial = serial.get(..16)?.to_vec();
    if let Some(first) = serial.first_mut() {
        *first = *first & 0x7f | 0x40;
    }
    let serial = SerialNumber::new(&serial).ok()?;
    let subject: Name = SUBJECT.parse().ok()?;
    let builder = CertificateBuilder::new(SelfSigned(subject), serial, validity, info).ok()?;
    builder.build::<_, DerSignature>(key).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_secret_makes_one_certificate() {
        let a = SigningKey::derive(&[7; 32]).expect("a key");
        let b = SigningKey::derive(&[7; 32]).expect("a key");
        let c = SigningKey::derive(&[8; 32]).expect("a key");
        assert_eq!(a.fingerprint(), b.fingerprint());
        assert_ne!(a.fingerprint(), c.fingerprint());
        assert_eq!(a.fingerprint().len(), 64);
    }
}
