//! Tokens of JSON out of a stream, in bounded memory.

use std::io::{self, Read};

/// Bytes that are read at once.
const BUFFER_BYTES: usize = 64 * 1024;
/// The longest text that is given as one; a longer one comes in several.
const TEXT_BYTES_MAX: usize = 1 << 20;
/// The longest number.
const NUMBER_BYTES_MAX: usize = 512;

/// A token.
#[derive(Debug, PartialEq)]
pub enum Token<'t> {
    ObjectStart,
    ObjectEnd,
    ArrayStart,
    ArrayEnd,
    Key(&'t str),
    /// A text, or the next part of a long one.
    Text(&'t str),
    Number(&'t str),
    Bool(bool),
    Null,
    End,
}

/// Why there is no token.
#[derive(Debug)]
pub enum Trouble {
    /// The input ends inside a document.
    Ended,
    /// Nested too deep.
    TooDeep,
    /// No JSON.
    Syntax,
    /// The input does not read.
    Io(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A document, or the end.
    Document,
    Value,
    /// A value or the end of the array.
    ValueOrEnd,
    KeyOrEnd,
    Key,
    CommaOrEnd,
    /// The rest of a text that is longer than one token.
    MoreText,
}

/// Cuts a stream into tokens.
#[derive(Debug)]
pub struct Lexer<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    before: u64,
    /// `true` for each object that is open, `false` for each array.
    open: Vec<bool>,
    depth_max: usize,
    expect: Expect,
    text: Vec<u8>,
    /// The token text lies here as UTF-8.
    shown: String,
}

impl<R: Read> Lexer<R> {
    pub fn new(input: R, depth_max: usize) -> Self {
        Self {
            input,
            buffer: vec![0; BUFFER_BYTES],
            at: 0,
            filled: 0,
            before: 0,
            open: Vec::new(),
            depth_max,
            expect: Expect::Document,
            text: Vec::new(),
            shown: String::new(),
        }
    }

    /// Objects and arrays that are open; 0 between documents, and not while a long text goes on.
    pub fn depth(&self) -> usize {
        self.open.len() + usize::from(self.expect == Expect::MoreText)
    }

    /// Bytes read so far.
    pub fn offset(&self) -> u64 {
        self.before + self.at as u64
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.filled {
            self.before += self.filled as u64;
            self.at = 0;
            self.filled = loop {
                match self.input.read(&mut self.buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
        }
        Ok(if self.filled == 0 { None } else { self.buffer.get(self.at).copied() })
    }

    fn bump(&mut self) {
        self.at += 1;
    }

    fn peek_past_space(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.peek()? {
                // A record separator (RFC 7464) and a byte order mark stand between documents.
                Some(b' ' | b'\t' | b'\r' | b'\n' | 0x1E) => self.bump(),
                other => return Ok(other),
            }
        }
    }

    /// Gives the rest of the line to `rest` and forgets what was open.
    pub fn skip_line(&mut self, mut rest: impl FnMut(&[u8])) -> io::Result<()> {
        self.open.clear();
        self.expect = Expect::Document;
        while self.peek()?.is_some() {
            let here = self.buffer.get(self.at..self.filled).unwrap_or_default();
            let end = memchr::memchr(b'\n', here).map(|at| at + 1);
            rest(here.get(..end.unwrap_or(here.len())).unwrap_or_default());
            self.at += end.unwrap_or(here.len());
            if end.is_some() {
                break;
            }
        }
        Ok(())
    }

    /// The next token.
    pub fn next(&mut self) -> Result<Token<'_>, Trouble> {
        if self.expect == Expect::MoreText {
            return self.text();
        }
        let byte = loop {
            let Some(byte) = self.peek_past_space()? else {
                return if self.expect == Expect::Document {
                    Ok(Token::End)
                } else {
                    Err(Trouble::Ended)
                };
            };
            match (self.expect, byte) {
                (Expect::CommaOrEnd, b',') => {
                    self.bump();
                    let object = self.open.last() == Some(&true);
                    self.expect = if object { Expect::Key } else { Expect::Value };
                }
                // Documents in a row, with or without commas between: common in logs.
                (Expect::Document, b',') => self.bump(),
                (_, byte) => break byte,
            }
        };
        match (self.expect, byte) {
            (Expect::KeyOrEnd | Expect::CommaOrEnd, b'}') if self.open.last() == Some(&true) => {
                self.close();
                Ok(Token::ObjectEnd)
            }
            (Expect::ValueOrEnd | Expect::CommaOrEnd, b']') if self.open.last() == Some(&false) => {
                self.close();
                Ok(Token::ArrayEnd)
            }
            (Expect::KeyOrEnd | Expect::Key, b'"') => self.key(),
            (Expect::Document | Expect::Value | Expect::ValueOrEnd, _) => self.value(byte),
            _ => Err(Trouble::Syntax),
        }
    }

    fn close(&mut self) {
        self.bump();
        self.open.pop();
        self.after_value();
    }

    fn after_value(&mut self) {
        self.expect = if self.open.is_empty() { Expect::Document } else { Expect::CommaOrEnd };
    }

    fn value(&mut self, byte: u8) -> Result<Token<'_>, Trouble> {
        match byte {
            b'{' | b'[' => {
                if self.open.len() >= self.depth_max {
                    return Err(Trouble::TooDeep);
                }
                self.bump();
                let object = byte == b'{';
                self.open.push(object);
                self.expect = if object { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
                Ok(if object { Token::ObjectStart } else { Token::ArrayStart })
            }
            b'"' => {
                self.bump();
                self.text()
            }
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word(b"true").map(|()| Token::Bool(true)),
            b'f' => self.word(b"false").map(|()| Token::Bool(false)),
            b'n' => self.word(b"null").map(|()| Token::Null),
            _ => Err(Trouble::Syntax),
        }
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Trouble> {
        for wanted in word {
            match self.peek()? {
                None => return Err(Trouble::Ended),
                Some(byte) if byte == *wanted => self.bump(),
                Some(_) => return Err(Trouble::Syntax),
            }
        }
        self.after_value();
        Ok(())
    }

    fn number(&mut self) -> Result<Token<'_>, Trouble> {
        self.text.clear();
        while let Some(byte @ (b'-' | b'+' | b'.' | b'0'..=b'9' | b'e' | b'E')) = self.peek()? {
            if self.text.len() >= NUMBER_BYTES_MAX {
                return Err(Trouble::Syntax);
            }
            self.text.push(byte);
            self.bump();
        }
        self.after_value();
        self.show();
        Ok(Token::Number(&self.shown))
    }

    fn key(&mut self) -> Result<Token<'_>, Trouble> {
        self.bump();
        if !self.characters()? {
            return Err(Trouble::Syntax);
        }
        match self.peek_past_space()? {
            None => return Err(Trouble::Ended),
            Some(b':') => self.bump(),
            Some(_) => return Err(Trouble::Syntax),
        }
        self.expect = Expect::Value;
        self.show();
        Ok(Token::Key(&self.shown))
    }

    fn text(&mut self) -> Result<Token<'_>, Trouble> {
        if self.characters()? {
            self.after_value();
        } else {
            self.expect = Expect::MoreText;
        }
        self.show();
        Ok(Token::Text(&self.shown))
    }

    fn show(&mut self) {
        self.shown.clear();
        self.shown.push_str(&String::from_utf8_lossy(&self.text));
    }

    /// Reads the characters of a text; true where it ended, false where its next part is full.
    fn characters(&mut self) -> Result<bool, Trouble> {
        self.text.clear();
        loop {
            if self.peek()?.is_none() {
                return Err(Trouble::Ended);
            }
            let here = self.buffer.get(self.at..self.filled).unwrap_or_default();
            let end = memchr::memchr2(b'"', b'\\', here).unwrap_or(here.len());
            let room = TEXT_BYTES_MAX.saturating_sub(self.text.len());
            let take = end.min(room);
            self.text.extend_from_slice(here.get(..take).unwrap_or_default());
            self.at += take;
            if self.text.len() >= TEXT_BYTES_MAX && self.at_boundary() {
                return Ok(false);
            }
            if take < end || end == here.len() {
                continue;
            }
            match self.peek()? {
                Some(b'"') => {
                    self.bump();
                    return Ok(true);
                }
                Some(_) => {
                    self.bump();
                    self.escape()?;
                }
                None => return Err(Trouble::Ended),
            }
        }
    }

    /// Whether the part ends at the end of a character.
    fn at_boundary(&self) -> bool {
        self.text.len() > TEXT_BYTES_MAX + 4
            || std::str::from_utf8(self.text.get(self.text.len() - 4..).unwrap_or_default()).is_ok()
            || self.text.last().is_some_and(u8::is_ascii)
            || self.buffer.get(self.at).is_none_or(|next| next & 0xC0 != 0x80)
    }

    fn escape(&mut self) -> Result<(), Trouble> {
        let byte = self.peek()?.ok_or(Trouble::Ended)?;
        self.bump();
        let plain = match byte {
            b'"' | b'\\' | b'/' => byte,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let char = self.unicode()?;
                self.text.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return Err(Trouble::Syntax),
        };
        self.text.push(plain);
        Ok(())
    }

    fn unicode(&mut self) -> Result<char, Trouble> {
        let first = self.four()?;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        // The other half of a pair.
        if self.peek()? != Some(b'\\') {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        self.bump();
        if self.peek()? != Some(b'u') {
            self.escape()?;
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        self.bump();
        let second = self.four()?;
        let joined = 0x10000 + ((first - 0xD800) << 10) + (second.wrapping_sub(0xDC00) & 0x3FF);
        Ok(char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four(&mut self) -> Result<u32, Trouble> {
        let mut number = 0;
        for _ in 0..4 {
            let byte = self.peek()?.ok_or(Trouble::Ended)?;
            let digit = char::from(byte).to_digit(16).ok_or(Trouble::Syntax)?;
            number = number * 16 + digit;
            self.bump();
        }
        Ok(number)
    }
}
