//! JSON of any length: one document, or one a line. Read token by token in bounded memory; the fields of objects become columns by
//! their path, each object of an outermost array and each document of a stream a row.

mod lexer;
mod paths;

use std::io::{self, Read};

use lexer::{Lexer, Token, Trouble};
use paths::Paths;

use super::{Cell, Fault, Format, Limits, Problem, Sink, UnitId};

/// Whether a text is JSON: its first document, or as much of it as is there, reads.
pub fn is_json(text: &[u8], ended: bool) -> bool {
    let start = text.iter().position(|byte| !byte.is_ascii_whitespace());
    if !start.and_then(|at| text.get(at)).is_some_and(|byte| matches!(byte, b'{' | b'[')) {
        return false;
    }
    let mut lexer = Lexer::new(text, 64);
    let mut tokens = 0;
    loop {
        let next = lexer.next().map(|token| token == Token::End);
        match next {
            Ok(true) => return tokens > 1,
            Ok(false) if lexer.depth() == 0 => return true,
            Ok(false) => tokens += 1,
            Err(Trouble::Ended) => return !ended && tokens > 1 || tokens > 8,
            Err(Trouble::TooDeep) => return true,
            Err(_) => return tokens > 64,
        }
    }
}

/// Reads documents in UTF-8.
///
/// # Errors
/// They do not read.
pub fn read(
    input: impl Read,
    limits: &Limits,
    within: &str,
    sink: &mut dyn Sink,
) -> io::Result<()> {
    let unit = sink.open(within, Format::Json);
    let mut reader = Reader {
        lexer: Lexer::new(input, limits.nesting_max),
        rows: Rows { paths: Paths::new(limits.columns_max), unit, sink, count: 0, dirty: false },
        within,
        broken: 0,
    };
    let outcome = reader.documents();
    let Reader { broken, rows: Rows { sink, .. }, .. } = reader;
    if broken > 1 {
        let reason = format!("{broken} places are no JSON; they were read as running text");
        sink.problem(Problem::new(within, Fault::Broken, reason));
    }
    outcome
}

struct Reader<'s, R> {
    lexer: Lexer<R>,
    rows: Rows<'s>,
    within: &'s str,
    broken: u64,
}

impl<R: Read> Reader<'_, R> {
    fn documents(&mut self) -> io::Result<()> {
        loop {
            match self.lexer.next() {
                Ok(Token::End) => return Ok(()),
                Ok(token) => {
                    self.rows.token(token);
                    if self.lexer.depth() == 0 {
                        self.rows.end_document();
                    }
                }
                Err(Trouble::Io(error)) => return Err(error),
                Err(trouble) => {
                    self.rows.end_document();
                    self.told(&trouble);
                    if matches!(trouble, Trouble::Ended) {
                        return Ok(());
                    }
                    // The rest of the line as text; the next line may be a document again.
                    let Self { lexer, rows: Rows { sink, unit, .. }, .. } = self;
                    lexer.skip_line(|bytes| sink.text(*unit, bytes))?;
                }
            }
        }
    }

    fn told(&mut self, trouble: &Trouble) {
        self.broken += 1;
        if self.broken > 1 && !matches!(trouble, Trouble::Ended) {
            return;
        }
        let (fault, reason) = match trouble {
            Trouble::Ended => (Fault::Truncated, "it ends inside a document".to_owned()),
            Trouble::TooDeep => {
                let reason = "it is nested deeper than a scan follows; read as running text";
                (Fault::TooDeep, reason.to_owned())
            }
            _ => {
                let at = self.lexer.offset();
                (Fault::Broken, format!("no JSON at byte {at}; read as running text"))
            }
        };
        self.rows.sink.problem(Problem::new(self.within, fault, reason));
    }
}

/// Values on their way into rows.
struct Rows<'s> {
    paths: Paths,
    unit: UnitId,
    sink: &'s mut dyn Sink,
    /// Rows of the document so far.
    count: u64,
    /// Values since the last end of a row.
    dirty: bool,
}

impl Rows<'_> {
    fn end_document(&mut self) {
        if self.dirty || self.count == 0 {
            self.end_row();
        }
        self.count = 0;
        self.paths.restart();
    }

    fn end_row(&mut self) {
        self.sink.end_row(self.unit);
        self.count += 1;
        self.dirty = false;
    }

    fn value(&mut self, value: &str) {
        let column = self.sink.column(self.unit, self.paths.path());
        self.sink.cell(self.unit, column, Cell::Text(value));
        self.dirty = true;
    }

    fn token(&mut self, token: Token<'_>) {
        if !matches!(token, Token::Number(_) | Token::ArrayEnd) {
            self.kept();
        }
        match token {
            Token::ObjectStart => self.paths.enter_object(),
            Token::ArrayStart => self.paths.enter_array(),
            Token::ObjectEnd => {
                if self.paths.leave_object() {
                    self.end_row();
                }
            }
            Token::ArrayEnd => {
                if let Some(position) = self.paths.position() {
                    self.value(&position);
                }
                self.kept();
                self.paths.leave_array();
            }
            Token::Key(key) => self.paths.key(key),
            Token::Text(text) => self.value(text),
            Token::Number(text) => {
                if !self.paths.number(text) {
                    self.kept();
                    self.value(plain_number(text).as_ref());
                }
            }
            // So that the column is known, whatever its values.
            Token::Null | Token::Bool(_) => {
                self.sink.column(self.unit, self.paths.path());
            }
            Token::End => {}
        }
    }

    /// Numbers that were kept as a possible position and are none.
    fn kept(&mut self) {
        for number in self.paths.kept_numbers() {
            self.value(plain_number(&number).as_ref());
        }
    }
}

/// A number as other formats write it: `1.38e10` and `13800138000.0` as `13800138000`.
fn plain_number(text: &str) -> std::borrow::Cow<'_, str> {
    if text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
        && let Ok(number) = text.parse::<f64>()
    {
        return std::borrow::Cow::Owned(Cell::Real(number).text().into_owned());
    }
    std::borrow::Cow::Borrowed(text)
}

#[cfg(test)]
mod tests;
