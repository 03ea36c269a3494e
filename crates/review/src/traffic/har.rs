//! HAR files, read one entry at a time: a capture may be larger than memory, and its list of entries may be cut.

use std::io::{BufRead, BufReader, Read};

use serde::Deserialize;

/// Bytes of one entry, as text.
pub const ENTRY_BYTES_MAX: usize = 64 << 20;
/// Brackets inside brackets before the list of entries.
const DEPTH_MAX: usize = 256;

/// Why an entry, or the rest of a capture, is not read.
#[derive(Debug, thiserror::Error)]
pub enum HarFault {
    /// There is no list of entries: not a HAR file.
    #[error("there is no list of entries: it is no HAR file")]
    NotHar,
    /// The file ends inside its list.
    #[error("the file ends inside its list of entries")]
    Cut,
    /// An entry is larger than [`ENTRY_BYTES_MAX`].
    #[error("an entry is larger than the bound of {ENTRY_BYTES_MAX} bytes")]
    TooLarge,
    /// An entry is not as the format says.
    #[error("an entry does not read at column {column}")]
    Entry {
        /// Where in the entry.
        column: usize,
    },
    /// The file could not be read.
    #[error("the file could not be read: {0}")]
    Io(#[from] std::io::Error),
}

/// What is wanted of an entry.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// When it was sent, RFC 3339.
    #[serde(rename = "startedDateTime")]
    pub started: String,
    /// What was sent.
    pub request: Request,
    /// Which address answered.
    #[serde(rename = "serverIPAddress")]
    pub address: String,
}

/// A request.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Request {
    /// `GET` …
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Headers.
    pub headers: Vec<Pair>,
    /// Cookies.
    pub cookies: Vec<Pair>,
    /// The body.
    #[serde(rename = "postData")]
    pub body: Option<Body>,
}

/// A name with its value.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Pair {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A body.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    /// Its type.
    #[serde(rename = "mimeType")]
    pub mime: String,
    /// Its text.
    pub text: String,
    /// Its fields, where the recorder took it apart.
    pub params: Vec<Pair>,
    /// `base64` where the text is so.
    pub encoding: String,
}

/// Entries of a capture, in their order.
pub struct Entries<R> {
    file: BufReader<R>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Inside,
    Done,
}

impl<R: Read> Entries<R> {
    /// Starts reading.
    pub fn new(file: R) -> Self {
        Self { file: BufReader::with_capacity(1 << 16, file), state: State::Before }
    }

    fn byte(&mut self) -> Result<Option<u8>, HarFault> {
        let byte = self.file.fill_buf()?.first().copied();
        if byte.is_some() {
            self.file.consume(1);
        }
        Ok(byte)
    }

    /// Goes to the first entry of `log.entries`.
    fn find_list(&mut self) -> Result<(), HarFault> {
        let mut depth = 0usize;
        let mut last: Vec<u8> = Vec::new();
        let mut key = false;
        while let Some(byte) = self.byte()? {
            match byte {
                b'"' => last = self.string()?,
                b':' => key = depth == 2 && last == b"entries",
                b'[' if key => return Ok(()),
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            key &= matches!(byte, b':' | b' ' | b'\t' | b'\r' | b'\n');
            if depth > DEPTH_MAX {
                return Err(HarFault::NotHar);
            }
        }
        Err(HarFault::NotHar)
    }

    /// The rest of a string, of which the first bytes are kept.
    fn string(&mut self) -> Result<Vec<u8>, HarFault> {
        let mut start = Vec::new();
        let mut escaped = false;
        while let Some(byte) = self.byte()? {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => return Ok(start),
                _ => {}
            }
            if start.len() < 16 {
                start.push(byte);
            }
        }
        Err(HarFault::Cut)
    }

    /// The text of the next entry; `None` at the end of the list.
    fn text(&mut self) -> Result<Option<Vec<u8>>, HarFault> {
        loop {
            match self.byte()? {
                Some(b'{') => return self.object().map(Some),
                Some(b']') => return Ok(None),
                Some(_) => {}
                None => return Err(HarFault::Cut),
            }
        }
    }

    fn object(&mut self) -> Result<Vec<u8>, HarFault> {
        let mut text = vec![b'{'];
        let (mut depth, mut quoted, mut escaped, mut large) = (1usize, false, false, false);
        while depth > 0 {
            let byte = self.byte()?.ok_or(HarFault::Cut)?;
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            large |= text.len() >= ENTRY_BYTES_MAX;
            if large {
                text = Vec::new();
            } else {
                text.push(byte);
            }
        }
        if large { Err(HarFault::TooLarge) } else { Ok(text) }
    }

    fn advance(&mut self) -> Result<Option<Entry>, HarFault> {
        if self.state == State::Before {
            self.state = State::Done;
            self.find_list()?;
            self.state = State::Inside;
        }
        match self.text()? {
            Some(text) => serde_json::from_slice(&text)
                .map(Some)
                .map_err(|fault| HarFault::Entry { column: fault.column() }),
            None => Ok(None),
        }
    }
}

impl<R: Read> Iterator for Entries<R> {
    type Item = Result<Entry, HarFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Done {
            return None;
        }
        let next = self.advance();
        let ended = match &next {
            Ok(entry) => entry.is_none(),
            Err(fault) => !matches!(fault, HarFault::TooLarge | HarFault::Entry { .. }),
        };
        if ended {
            self.state = State::Done;
        }
        next.transpose()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn urls(text: &str) -> Vec<Result<String, String>> {
        Entries::new(text.as_bytes())
            .map(|entry| entry.map(|entry| entry.request.url).map_err(|fault| fault.to_string()))
            .collect()
    }

    #[test]
    fn entries_are_found_wherever_the_list_stands() {
        let text = r#"{"log":{"pages":[{"entries":[{"request":{"url":"no"}}]}],"comment":"\"entries\":[",
            "entries" : [ {"request":{"url":"a{]\"","extra":[1,{"x":"}"}]}}, {"request":{"url":"b"}} ],"x":1}}"#;
        assert_eq!(urls(text), [Ok("a{]\"".to_owned()), Ok("b".to_owned())]);
    }

    #[test]
    fn a_broken_entry_does_not_hide_the_next() {
        let text =
            r#"{"log":{"entries":[{"request":{"url":1}},{"request":{"url":"b"}},{"request":"#;
        let found = urls(text);
        assert_eq!(found.len(), 3);
        assert!(found[0].as_ref().is_err_and(|why| why.contains("does not read")));
        assert_eq!(found[1], Ok("b".to_owned()));
        assert!(found[2].as_ref().is_err_and(|why| why.contains("ends inside")));
        assert_eq!(urls("[]").len(), 1);
        assert_eq!(urls(r#"{"log":{"entries":[]}}"#).len(), 0);
    }

    #[test]
    fn deep_nesting_costs_nothing() {
        let deep = format!(
            r#"{{"log":{{"entries":[{{"a":{}1{}}}]}}}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(urls(&deep), [Ok(String::new())]);
        let open = format!(r#"{{"log":{}"#, "[".repeat(100_000));
        assert!(urls(&open)[0].is_err());
    }

    proptest! {
        #[test]
        fn reads_as_a_whole_reader_does(urls_in in proptest::collection::vec(".{0,40}", 0..8), noise in ".{0,20}") {
            let entries: Vec<_> =
                urls_in.iter().map(|url| serde_json::json!({"request": {"url": url}, "x": noise})).collect();
            let har = serde_json::json!({"log": {"creator": {"entries": noise}, "entries": entries}}).to_string();
            let wanted: Vec<_> = urls_in.into_iter().map(Ok).collect();
            prop_assert_eq!(urls(&har), wanted);
        }
    }
}
