//! A signed JAR of one file, as `jarsigner` makes and verifies it (JAR file specification, "Signed JAR file"; RFC 5652).

use base64::{Engine, engine::general_purpose::STANDARD};
use cms::{
    cert::{CertificateChoices, IssuerAndSerialNumber},
    content_info::{CmsVersion, ContentInfo},
    signed_data::{
        CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo,
        SignerInfos,
    },
};
use sha2::{Digest, Sha256};
use x509_cert::{
    der::{
        Any, Encode,
        asn1::{ObjectIdentifier, OctetString, SetOfVec},
    },
    spki::AlgorithmIdentifierOwned,
};

use super::key::SigningKey;
use crate::pack::zip;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// A JAR with these files, signed.
pub(crate) fn signed(files: &[(&str, &[u8])], key: &SigningKey) -> Option<Vec<u8>> {
    let digest = |bytes: &[u8]| STANDARD.encode(Sha256::digest(bytes));
    let mut manifest = "Manifest-Version: 1.0\r\nCreated-By: Sarai\r\n\r\n".to_owned();
    let mut entries = String::new();
    for (name, content) in files {
        let entry = section(name, &digest(content));
        entries.push_str(&section(name, &digest(entry.as_bytes())));
        manifest.push_str(&entry);
    }
    let signed = format!(
        "Signature-Version: 1.0\r\nSHA-256-Digest-Manifest: {}\r\nCreated-By: Sarai\r\n\r\n{entries}",
        digest(manifest.as_bytes()),
    );
    let block = block(signed.as_bytes(), key)?;
    let mut all: Vec<(&str, &[u8])> = vec![
        ("META-INF/MANIFEST.MF", manifest.as_bytes()),
        ("META-INF/SARAI.SF", signed.as_bytes()),
        ("META-INF/SARAI.EC", &block),
    ];
    all.extend_from_slice(files);
    Some(zip(&all))
}

/// Longest line of a manifest, in bytes, with its end.
const LINE_MAX: usize = 70;

/// A section of a manifest; long lines go on after a blank.
fn section(name: &str, digest: &str) -> String {
    let mut out = String::new();
    for line in [format!("Name: {name}"), format!("SHA-256-Digest: {digest}")] {
        let mut room = LINE_MAX;
        for c in line.chars() {
            if c.len_utf8() > room {
                out.push_str("\r\n ");
                room = LINE_MAX - 1;
            }
            out.push(c);
            room -= c.len_utf8();
        }
        out.push_str("\r\n");
    }
    out.push_str("\r\n");
    out
}

/// The detached signature over `content` (PKCS #7 in JARs).
fn block(content: &[u8], key: &SigningKey) -> Option<Vec<u8>> {
    let certificate = key.certificate();
    let tbs = certificate.tbs_certificate();
    let algorithm = |oid| AlgorithmIdentifierOwned { oid, parameters: None };
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer().clone(),
            serial_number: tbs.serial_number().clone(),
        }),
        digest_alg: algorithm(SHA256),
        signed_attrs: None,
        signature_algorithm: algorithm(ECDSA_SHA256),
        signature: OctetString::new(key.sign(content)).ok()?,
        unsigned_attrs: None,
    };
    let signed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm(SHA256)]).ok()?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
        certificates: Some(
            CertificateSet::try_from(vec![CertificateChoices::Certificate(certificate.clone())])
                .ok()?,
        ),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![signer]).ok()?,
    };
    let info = ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&signed).ok()? };
    info.to_der().ok()
}
