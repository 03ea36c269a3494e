//! Words of SQL scripts out of a stream, in bounded memory.

use std::io::{self, Read};

const BUFFER_BYTES: usize = 64 * 1024;
/// The longest word; the rest of a longer one is dropped into the next words.
const WORD_BYTES_MAX: usize = 4 << 20;

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A bare word.
    Name(String),
    /// In the quotes of names: `` `a` `` or `"a"`.
    Quoted(String),
    /// In the quotes of texts.
    Text(String),
    /// Bytes in hexadecimal, or a text that is no UTF-8.
    Bytes(Vec<u8>),
    /// A number.
    Number(String),
    /// A comment, or what MySQL runs inside one.
    Comment(String),
    /// Any other sign.
    Sign(u8),
    /// The end.
    End,
}

/// Cuts a script into words.
#[derive(Debug)]
pub struct Words<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    /// Whether a backslash in a text takes the meaning off what follows: so in MySQL, not so in PostgreSQL.
    escapes: bool,
}

impl<R: Read> Words<R> {
    pub fn new(input: R) -> Self {
        Self { input, buffer: vec![0; BUFFER_BYTES], at: 0, filled: 0, escapes: true }
    }

    /// From here on a backslash is a character like others.
    pub fn plain_backslashes(&mut self) {
        self.escapes = false;
    }

    /// The next byte behind spaces, without reading it.
    pub fn peek(&mut self) -> io::Result<Option<u8>> {
        while self.byte()?.is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
        self.byte()
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.filled {
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

    fn take(&mut self) -> io::Result<Option<u8>> {
        let byte = self.byte()?;
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }

    /// The next word.
    pub fn next(&mut self) -> io::Result<Word> {
        let Some(byte) = self.peek()? else { return Ok(Word::End) };
        self.at += 1;
        match byte {
            b'\'' => self.text(self.escapes),
            b'"' => self.quoted(b'"'),
            b'`' => self.quoted(b'`'),
            b'-' if self.byte()? == Some(b'-') => self.line_comment(),
            b'#' => self.line_comment(),
            b'/' if self.byte()? == Some(b'*') => self.block_comment(),
            b'-' | b'+' | b'.' if self.byte()?.is_some_and(|next| next.is_ascii_digit()) => {
                self.number(byte)
            }
            b'0'..=b'9' => self.number(byte),
            b'$' => self.dollar(),
            _ if is_name(byte) => self.name(byte),
            _ => Ok(Word::Sign(byte)),
        }
    }

    fn while_it(&mut self, word: &mut Vec<u8>, fits: impl Fn(u8) -> bool) -> io::Result<()> {
        while word.len() < WORD_BYTES_MAX {
            match self.byte()? {
                Some(byte) if fits(byte) => word.push(byte),
                _ => break,
            }
            self.at += 1;
        }
        Ok(())
    }

    fn name(&mut self, first: u8) -> io::Result<Word> {
        let mut word = vec![first];
        self.while_it(&mut word, is_name_or_digit)?;
        let next = self.byte()?;
        match (word.as_slice(), next) {
            (b"E" | b"e" | b"N" | b"n", Some(b'\'')) => {
                self.at += 1;
                self.text(true)
            }
            (b"X" | b"x", Some(b'\'')) => {
                self.at += 1;
                Ok(match self.text(false)? {
                    Word::Text(text) => Word::Bytes(unhex(text.as_bytes())),
                    other => other,
                })
            }
            _ => Ok(Word::Name(lossy(word))),
        }
    }

    fn number(&mut self, first: u8) -> io::Result<Word> {
        let mut word = vec![first];
        self.while_it(&mut word, |byte| byte.is_ascii_alphanumeric() || byte == b'.')?;
        if word.ends_with(b"e") || word.ends_with(b"E") {
            self.while_it(&mut word, |byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+'))?;
        }
        Ok(match word.strip_prefix(b"0x") {
            Some(digits) => Word::Bytes(unhex(digits)),
            None => Word::Number(lossy(word)),
        })
    }

    /// A text up to its quote: a doubled quote stands for one, and so does one behind a backslash.
    fn text(&mut self, escapes: bool) -> io::Result<Word> {
        let mut text = Vec::new();
        while text.len() < WORD_BYTES_MAX {
            match self.take()? {
                None => break,
                Some(b'\'') if self.byte()? == Some(b'\'') => {
                    self.at += 1;
                    text.push(b'\'');
                }
                Some(b'\'') => break,
                Some(b'\\') if escapes => match self.take()? {
                    None => break,
                    Some(byte) => text.push(unescaped(byte)),
                },
                Some(byte) => text.push(byte),
            }
        }
        Ok(match String::from_utf8(text) {
            Ok(text) => Word::Text(text),
            Err(error) => Word::Bytes(error.into_bytes()),
        })
    }

    fn quoted(&mut self, quote: u8) -> io::Result<Word> {
        let mut name = Vec::new();
        while name.len() < WORD_BYTES_MAX {
            match self.take()? {
                None => break,
                Some(byte) if byte == quote && self.byte()? == Some(quote) => {
                    self.at += 1;
                    name.push(quote);
                }
                Some(byte) if byte == quote => break,
                Some(byte) => name.push(byte),
            }
        }
        Ok(Word::Quoted(lossy(name)))
    }

    fn line_comment(&mut self) -> io::Result<Word> {
        let mut comment = Vec::new();
        self.while_it(&mut comment, |byte| byte != b'\n')?;
        Ok(Word::Comment(lossy(comment)))
    }

    fn block_comment(&mut self) -> io::Result<Word> {
        let mut comment = Vec::new();
        while comment.len() < WORD_BYTES_MAX && !comment.ends_with(b"*/") {
            match self.take()? {
                None => break,
                Some(byte) => comment.push(byte),
            }
        }
        Ok(Word::Comment(lossy(comment)))
    }

    /// `$$ … $$` and `$tag$ … $tag$`: the body of a function; a text.
    fn dollar(&mut self) -> io::Result<Word> {
        let mut tag = vec![b'$'];
        self.while_it(&mut tag, is_name_or_digit)?;
        if self.byte()? != Some(b'$') {
            return Ok(Word::Sign(b'$'));
        }
        self.at += 1;
        tag.push(b'$');
        let mut body = Vec::new();
        while body.len() < WORD_BYTES_MAX && !body.ends_with(&tag) {
            match self.take()? {
                None => break,
                Some(byte) => body.push(byte),
            }
        }
        Ok(Word::Text(lossy(body)))
    }

    /// Goes to the next line.
    pub fn skip_line(&mut self) -> io::Result<()> {
        while self.take()?.is_some_and(|byte| byte != b'\n') {}
        Ok(())
    }

    /// Reads a line of `COPY` without its end; false at the end of the script.
    pub fn line(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        let mut some = false;
        while self.byte()?.is_some() {
            some = true;
            let here = self.buffer.get(self.at..self.filled).unwrap_or_default();
            let end = memchr::memchr(b'\n', here);
            let part = here.get(..end.unwrap_or(here.len())).unwrap_or_default();
            let room = WORD_BYTES_MAX.saturating_sub(line.len());
            line.extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
            // A line beyond the bound is cut there; the next part is a line by itself.
            let took = room.min(part.len());
            self.at += took + usize::from(end == Some(took));
            if end == Some(took) || line.len() >= WORD_BYTES_MAX {
                break;
            }
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(some)
    }
}

/// A field of `COPY` with its escapes undone.
pub fn copy_field(field: &[u8]) -> String {
    if !field.contains(&b'\\') {
        return String::from_utf8_lossy(field).into_owned();
    }
    let mut out = Vec::with_capacity(field.len());
    let mut bytes = field.iter();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'\\' => bytes.next().copied().map_or(b'\\', unescaped),
            other => *other,
        });
    }
    lossy(out)
}

fn unescaped(byte: u8) -> u8 {
    match byte {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'0' => 0,
        b'b' => 8,
        b'Z' => 26,
        other => other,
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_name_or_digit(byte: u8) -> bool {
    is_name(byte) || byte.is_ascii_digit()
}

fn unhex(digits: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap_or(0) as u8;
    digits
        .chunks_exact(2)
        .map(|pair| pair.first().map_or(0, digit) << 4 | pair.last().map_or(0, digit))
        .collect()
}

fn lossy(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}
