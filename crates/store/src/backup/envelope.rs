//! The sealed file: header, then chunks that cannot be changed, moved, dropped or cut.

use std::io::{self, Read, Write};

use aes_gcm_siv::{
    Aes256GcmSiv, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use sarai_seal::rest::Secret32;
use serde::{Deserialize, Serialize};

use super::{BackupError, BackupIdentity, BackupRecipient};
use crate::hex::{hex, unhex};

const TITLE: &[u8] = b"sarai backup 1\n";
/// Plain bytes of a chunk.
const CHUNK: usize = 256 * 1024;
/// Authentication tag of a chunk.
const TAG: usize = 16;
/// A header is shorter: some hundred recipients.
const HEADER_MAX: usize = 64 * 1024;

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    schema: i64,
    recipients: Vec<SealedKey>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SealedKey {
    encapsulated: String,
    key: String,
}

/// Cipher and place in the sequence of chunks.
struct Chunks {
    cipher: Aes256GcmSiv,
    header: [u8; 32],
    place: u64,
}

impl Chunks {
    fn new(key: &[u8; 32], header: &[u8]) -> Self {
        let header = *blake3::hash(header).as_bytes();
        Self { cipher: Aes256GcmSiv::new(key.into()), header, place: 0 }
    }

    /// The key is used for one file only, so a counter is a nonce.
    fn next(&mut self, last: bool) -> (Nonce, [u8; 33]) {
        let mut nonce = Nonce::default();
        nonce.iter_mut().zip(self.place.to_le_bytes()).for_each(|(to, from)| *to = from);
        self.place += 1;
        let mut bound = [u8::from(last); 33];
        bound.iter_mut().zip(self.header).for_each(|(to, from)| *to = from);
        (nonce, bound)
    }

    fn seal(&mut self, plain: &[u8], last: bool) -> io::Result<Vec<u8>> {
        let (nonce, aad) = self.next(last);
        let sealed = self.cipher.encrypt(&nonce, Payload { msg: plain, aad: &aad });
        sealed.map_err(|_| io::Error::other("cipher"))
    }

    fn open(&mut self, sealed: &[u8], last: bool) -> io::Result<Vec<u8>> {
        let (nonce, aad) = self.next(last);
        let opened = self.cipher.decrypt(&nonce, Payload { msg: sealed, aad: &aad });
        opened.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))
    }
}

/// Seals what is written to it.
pub struct Sealer<W> {
    to: W,
    chunks: Chunks,
    held: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Writes the header.
    pub fn start(
        mut to: W,
        schema: i64,
        recipients: &[BackupRecipient],
    ) -> Result<Self, BackupError> {
        let key = Secret32::random().map_err(|_| BackupError::NoRandom)?;
        let sealed = recipients.iter().map(|recipient| {
            let (encapsulated, sealed) = recipient.seal(key.expose())?;
            Ok(SealedKey { encapsulated: hex(&encapsulated), key: hex(&sealed) })
        });
        let header = Header { schema, recipients: sealed.collect::<Result<_, BackupError>>()? };
        let header = serde_json::to_vec(&header).map_err(io::Error::other)?;
        to.write_all(TITLE)?;
        to.write_all(&length(&header)?)?;
        to.write_all(&header)?;
        Ok(Self { to, chunks: Chunks::new(key.expose(), &header), held: Vec::with_capacity(CHUNK) })
    }

    /// Writes the last chunk.
    pub fn finish(mut self) -> io::Result<W> {
        self.chunk(true)?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn chunk(&mut self, last: bool) -> io::Result<()> {
        let sealed = self.chunks.seal(&self.held, last)?;
        self.held.clear();
        self.to.write_all(&length(&sealed)?)?;
        self.to.write_all(&sealed)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits for more: the last one must be known to be the last.
        if self.held.len() == CHUNK {
            self.chunk(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.held.len());
        self.held.extend(bytes.iter().take(taken));
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn length(bytes: &[u8]) -> io::Result<[u8; 4]> {
    Ok(u32::try_from(bytes.len()).map_err(io::Error::other)?.to_le_bytes())
}

/// Opens what it reads.
pub struct Opener<R> {
    from: R,
    chunks: Chunks,
    /// The chunk after the one that is being read: only when there is none was that one the last.
    ahead: Option<Vec<u8>>,
    held: io::Cursor<Vec<u8>>,
}

impl<R: Read> Opener<R> {
    /// Reads the header; gives the schema as well.
    pub fn start(mut from: R, identity: &BackupIdentity) -> Result<(Self, i64), BackupError> {
        let mut title = [0; TITLE.len()];
        from.read_exact(&mut title).map_err(|_| BackupError::Form)?;
        if title != *TITLE {
            return Err(BackupError::Form);
        }
        let bytes = part(&mut from, HEADER_MAX)?.ok_or(BackupError::Form)?;
        let header: Header = serde_json::from_slice(&bytes).map_err(|_| BackupError::Form)?;
        let key = header.recipients.iter().find_map(|sealed| {
            let key = identity.open(&unhex(&sealed.encapsulated)?, &unhex(&sealed.key)?)?;
            key.first_chunk::<32>().map(|key| Secret32::from_bytes(*key))
        });
        let chunks = Chunks::new(key.ok_or(BackupError::NotForUs)?.expose(), &bytes);
        let ahead = part(&mut from, CHUNK + TAG)?;
        let opener = Self { from, chunks, ahead, held: io::Cursor::default() };
        Ok((opener, header.schema))
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.held.read(to)?;
        if read > 0 || to.is_empty() {
            return Ok(read);
        }
        let Some(sealed) = self.ahead.take() else { return Ok(0) };
        self.ahead = part(&mut self.from, CHUNK + TAG)?;
        let opened = self.chunks.open(&sealed, self.ahead.is_none())?;
        self.held = io::Cursor::new(opened);
        self.held.read(to)
    }
}

/// A part with its length before it; `None` at the end.
fn part(from: &mut impl Read, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > most {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(plain: &[u8], identity: &BackupIdentity) -> Vec<u8> {
        let recipients = [BackupIdentity::generate().recipient(), identity.recipient()];
        let mut sealer = Sealer::start(Vec::new(), 7, &recipients).expect("starts");
        sealer.write_all(plain).expect("writes");
        sealer.finish().expect("finishes")
    }

    fn open(file: &[u8], identity: &BackupIdentity) -> Result<Vec<u8>, BackupError> {
        let (mut opener, schema) = Opener::start(file, identity)?;
        assert_eq!(schema, 7);
        let mut plain = Vec::new();
        opener.read_to_end(&mut plain)?;
        Ok(plain)
    }

    #[test]
    fn what_is_sealed_comes_back_at_every_border_of_chunks() {
        let identity = BackupIdentity::generate();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK] {
            let plain: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let file = sealed(&plain, &identity);
            assert_eq!(open(&file, &identity).expect("opens"), plain);
        }
    }

    #[test]
    fn a_changed_cut_or_foreign_file_does_not_open() {
        let identity = BackupIdentity::generate();
        let file = sealed(&vec![5; CHUNK + 10], &identity);
        assert!(matches!(open(&file, &BackupIdentity::generate()), Err(BackupError::NotForUs)));
        for cut in [file.len() - 1, file.len() - 30 - TAG, 40, 3] {
            assert!(open(&file[..cut], &identity).is_err(), "cut at {cut}");
        }
        for place in [0, 25, 200, TITLE.len() + 500, file.len() - 5] {
            let mut changed = file.clone();
            changed[place] ^= 1;
            assert!(open(&changed, &identity).is_err(), "changed at {place}");
        }
        let text = identity.to_text();
        let again: BackupIdentity = text.parse().expect("reads");
        assert!(open(&file, &again).is_ok());
        let public = identity.recipient().to_string();
        assert!(
            public.parse::<BackupRecipient>().is_ok() && text.parse::<BackupRecipient>().is_err()
        );
    }
}
