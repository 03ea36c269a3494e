//! Reading a text of any length in pieces: the same hits as of the whole, with a bounded buffer.

use crate::{
    Detector, Hit,
    detector::{BEFORE_BYTES, BEHIND_BYTES, SEGMENT_BYTES_MAX, Scratch},
};

/// A text that arrives in pieces. Offsets of hits count from its first byte.
#[derive(Debug)]
pub struct Stream<'d> {
    detector: &'d Detector,
    buffer: Vec<u8>,
    /// Bytes of the text before the buffer.
    gone: usize,
    /// Where the next segment starts in the buffer.
    next: usize,
    hits: Vec<Hit>,
    scratch: Scratch,
}

/// What a segment needs behind its start so that what comes later changes nothing.
const AHEAD_BYTES: usize = SEGMENT_BYTES_MAX + BEHIND_BYTES;

impl<'d> Stream<'d> {
    /// A stream that has read nothing yet.
    pub fn new(detector: &'d Detector) -> Self {
        Self {
            detector,
            buffer: Vec::new(),
            gone: 0,
            next: 0,
            hits: Vec::new(),
            scratch: Scratch::default(),
        }
    }

    /// Takes the next piece and calls `found` with the hits that are certain now. The buffer never holds more than
    /// the piece and about 72 KiB.
    pub fn push(&mut self, piece: &[u8], mut found: impl FnMut(Hit)) {
        self.buffer.extend_from_slice(piece);
        while self.buffer.len() > self.next + AHEAD_BYTES {
            self.read(&mut found);
        }
        self.forget();
    }

    /// Ends the text and calls `found` with the last hits.
    pub fn finish(mut self, mut found: impl FnMut(Hit)) {
        while self.next < self.buffer.len() {
            self.read(&mut found);
        }
    }

    fn read(&mut self, found: &mut impl FnMut(Hit)) {
        self.next =
            self.detector.segment(&self.buffer, self.next, &mut self.scratch, &mut self.hits);
        for mut hit in self.hits.drain(..) {
            hit.start += self.gone;
            hit.end += self.gone;
            found(hit);
        }
    }

    fn forget(&mut self) {
        let done = self.next.saturating_sub(BEFORE_BYTES + 4);
        // Moving the rest down costs its length; this keeps that below a piece's share.
        if done > BEHIND_BYTES {
            self.buffer.drain(..done);
            self.gone += done;
            self.next -= done;
        }
    }
}
