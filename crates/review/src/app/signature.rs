//! Who signed a package, and by which scheme.
//!
//! Schemes and certificates are read, and their weaknesses named; that the signature fits the content is *not* checked here.

use std::io::{Read, Seek};

use cms::{
    cert::CertificateChoices,
    content_info::ContentInfo,
    signed_data::{SignedData, SignerIdentifier},
};
use sha2::{Digest, Sha256};
use x509_cert::{
    Certificate,
    der::{
        Decode, Encode, Reader, SliceReader,
        asn1::{ObjectIdentifier, UintRef},
    },
};

use super::{Signer, bytes::Bytes, zip::Archive};

/// Bytes of a signing block and of a signature file.
const BLOCK_BYTES_MAX: u64 = 16 << 20;
/// Signers that are read.
const SIGNERS_MAX: usize = 16;
const MAGIC: &[u8] = b"APK Sig Block 42";

/// Schemes of the signing block by their number.
const SCHEMES: &[(u32, &str)] = &[(0x7109_871a, "v2"), (0xf053_68c0, "v3"), (0x1b93_ad61, "v3.1")];

/// Every signature of a package.
pub(crate) fn signers<R: Read + Seek>(archive: &mut Archive<R>) -> Vec<Signer> {
    let mut found = files(archive);
    found.extend(block(archive));
    found.truncate(SIGNERS_MAX);
    found
}

/// Scheme v1: files under `META-INF`.
fn files<R: Read + Seek>(archive: &mut Archive<R>) -> Vec<Signer> {
    let names: Vec<String> = archive
        .entries()
        .iter()
        .map(|entry| entry.name.as_str())
        .filter(|name| is_signature_file(name))
        .filter(|name| {
            name.rsplit_once('.').is_some_and(|(stem, _)| archive.has(&format!("{stem}.SF")))
        })
        .take(SIGNERS_MAX)
        .map(str::to_owned)
        .collect();
    names
        .iter()
        .filter_map(|name| archive.read(name, BLOCK_BYTES_MAX).ok())
        .filter_map(|content| signer_of(&content).map(|certificate| describe("v1", &certificate)))
        .collect()
}

fn is_signature_file(name: &str) -> bool {
    name.strip_prefix("META-INF/").is_some_and(|rest| {
        !rest.contains('/') && [".RSA", ".DSA", ".EC"].iter().any(|end| rest.ends_with(end))
    })
}

/// The signer's certificate in a PKCS #7 signature.
fn signer_of(content: &[u8]) -> Option<Vec<u8>> {
    let info = ContentInfo::from_der(content).ok()?;
    let signed: SignedData = info.content.decode_as().ok()?;
    let signer = signed.signer_infos.0.get(0)?;
    let certificates: Vec<Certificate> = signed
        .certificates?
        .0
        .into_vec()
        .into_iter()
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate),
            CertificateChoices::Other(_) => None,
        })
        .collect();
    let named = certificates.iter().find(|certificate| match &signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            let tbs = certificate.tbs_certificate();
            *tbs.serial_number() == id.serial_number && *tbs.issuer() == id.issuer
        }
        SignerIdentifier::SubjectKeyIdentifier(_) => false,
    });
    named.or(certificates.first())?.to_der().ok()
}

/// Schemes v2 and later: the block before the list of entries.
fn block<R: Read + Seek>(archive: &mut Archive<R>) -> Vec<Signer> {
    let Ok(tail) = archive.before_directory(24) else { return Vec::new() };
    let tail = Bytes(&tail);
    if tail.slice(8, 16) != Some(MAGIC) {
        return Vec::new();
    }
    let Some(size) = tail.u64(0).filter(|size| *size <= BLOCK_BYTES_MAX) else { return Vec::new() };
    let Ok(block) = archive.before_directory(size) else { return Vec::new() };
    let mut found = Vec::new();
    let pairs = Bytes(&block);
    let mut at = 0;
    while let Some((id, value, next)) = pair(pairs, at) {
        if let Some((_, scheme)) = SCHEMES.iter().find(|(known, _)| *known == id) {
            found.extend(certificates(value).iter().map(|der| describe(scheme, der)));
        }
        at = next;
    }
    found
}

/// The pair at `at`: number, value, and where the next stands.
fn pair(pairs: Bytes<'_>, at: usize) -> Option<(u32, Bytes<'_>, usize)> {
    let len = usize::try_from(pairs.u64(at)?).ok()?;
    let pair = pairs.part(at + 8, len)?;
    Some((pair.u32(0)?, pair.from(4)?, at + 8 + len))
}

/// The first certificate of each signer.
fn certificates(value: Bytes<'_>) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let Some(signers) = value.prefixed(&mut 0) else { return found };
    let mut at = 0;
    while let Some(signer) = signers.prefixed(&mut at) {
        let first = || {
            let signed = signer.prefixed(&mut 0)?;
            let mut at = 0;
            let _digests = signed.prefixed(&mut at)?;
            let certificates = signed.prefixed(&mut at)?;
            certificates.prefixed(&mut 0)
        };
        found.extend(first().map(|der| der.0.to_vec()));
        if found.len() >= SIGNERS_MAX {
            break;
        }
    }
    found
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// Names of signature algorithms (RFC 8017, RFC 5758), and whether their hash is broken.
const ALGORITHMS: &[(&str, &str, bool)] = &[
    ("1.2.840.113549.1.1.4", "md5WithRSA", true),
    ("1.2.840.113549.1.1.5", "sha1WithRSA", true),
    ("1.2.840.113549.1.1.11", "sha256WithRSA", false),
    ("1.2.840.113549.1.1.12", "sha384WithRSA", false),
    ("1.2.840.113549.1.1.13", "sha512WithRSA", false),
    ("1.2.840.10040.4.3", "dsaWithSha1", true),
    ("2.16.840.1.101.3.4.3.2", "dsaWithSha256", false),
    ("1.2.840.10045.4.1", "ecdsaWithSha1", true),
    ("1.2.840.10045.4.3.2", "ecdsaWithSha256", false),
    ("1.2.840.10045.4.3.3", "ecdsaWithSha384", false),
    ("1.2.840.10045.4.3.4", "ecdsaWithSha512", false),
];

/// Smallest RSA key that is not weak (NIST SP 800-131A).
const RSA_BITS_MIN: u32 = 2_048;

fn describe(scheme: &'static str, der: &[u8]) -> Signer {
    let sha256 = hex(&Sha256::digest(der));
    let Ok(certificate) = Certificate::from_der(der) else {
        return Signer {
            scheme,
            subject: String::new(),
            key: "unread",
            key_bits: None,
            algorithm: "unread".to_owned(),
            sha256,
            weak: vec!["certificate does not read"],
        };
    };
    let tbs = certificate.tbs_certificate();
    let info = tbs.subject_public_key_info();
    let key = key_name(info.algorithm.oid);
    let key_bits = (key == "RSA").then(|| rsa_bits(info.subject_public_key.raw_bytes())).flatten();
    let oid = certificate.signature_algorithm().oid.to_string();
    let known = ALGORITHMS.iter().find(|(known, ..)| *known == oid);
    let subject: String = tbs.subject().to_string().chars().take(300).collect();
    let mut weak = Vec::new();
    if known.is_some_and(|(_, _, broken)| *broken) {
        weak.push("hash of the certificate is broken");
    }
    if key_bits.is_some_and(|bits| bits < RSA_BITS_MIN) {
        weak.push("key is short");
    }
    if subject.contains("CN=Android Debug") {
        weak.push("debug certificate");
    }
    let algorithm = known.map_or(oid.clone(), |(_, name, _)| (*name).to_owned());
    Signer { scheme, subject, key, key_bits, algorithm, sha256, weak }
}

fn key_name(oid: ObjectIdentifier) -> &'static str {
    if oid == RSA {
        "RSA"
    } else if oid == EC {
        "EC"
    } else if oid == DSA {
        "DSA"
    } else {
        "other"
    }
}

/// Bits of the modulus of an RSA key (RFC 8017, A.1.1).
fn rsa_bits(key: &[u8]) -> Option<u32> {
    let mut reader = SliceReader::new(key).ok()?;
    let bytes = reader
        .sequence(|reader| {
            let modulus = UintRef::decode(reader)?;
            let bytes = modulus.as_bytes();
            let zeros = bytes.first().map_or(0, |byte| byte.leading_zeros());
            let bits = u32::try_from(bytes.len()).unwrap_or(u32::MAX / 8) * 8 - zeros;
            UintRef::decode(reader)?;
            Ok::<_, x509_cert::der::Error>(bits)
        })
        .ok()?;
    Some(bytes)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
