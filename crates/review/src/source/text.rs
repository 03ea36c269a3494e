//! Running text: logs, prose, markup, and bytes that are nothing else.

use std::io::{self, Read};

use super::{Sink, UnitId};

/// Bytes that are read at once.
pub(super) const PIECE_BYTES: usize = 256 * 1024;

/// Hands all of a text over, whatever the length of its lines.
///
/// # Errors
/// It does not read.
pub fn read(mut text: impl Read, sink: &mut dyn Sink, unit: UnitId) -> io::Result<()> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match text.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => sink.text(unit, piece.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
