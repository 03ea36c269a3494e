//! What stands around `@`, `:` and `=`: e-mail, web addresses, keys and their values.

use super::Pass;
use crate::{
    Category as C,
    Confidence::{Likely, Sure},
    Kind, cue,
};

/// RFC 5321 section 4.5.3.1: the longest local part and domain.
const LOCAL_BYTES_MAX: usize = 64;
const DOMAIN_BYTES_MAX: usize = 255;
/// The longest web address that is read.
const URL_BYTES_MAX: usize = 2_048;

fn local_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-')
}

impl Pass<'_, '_> {
    /// An e-mail address around the `@` at `at`, or a password in a web address before it.
    pub(super) fn at_sign(&mut self, at: usize) {
        let start = self.run_back(at, LOCAL_BYTES_MAX, local_byte);
        if start == at {
            return;
        }
        if self.before(start) == b':' {
            self.url_password(start, at);
        }
        let end = self.run(at + 1, DOMAIN_BYTES_MAX, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
        });
        let mut domain = self.slice(at + 1, end);
        while let [rest @ .., b'.' | b'-'] = domain {
            domain = rest;
        }
        let mut local = self.slice(start, at);
        while let [b'.' | b'-' | b'+' | b'%', rest @ ..] = local {
            local = rest;
        }
        let top = domain.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
        let dotted = domain.len() > top.len() + 1 && !domain.windows(2).any(|pair| pair == b"..");
        if local.is_empty() || !dotted || !top_level(top) || self.before(at - local.len()) == b'@' {
            return;
        }
        let end = at + 1 + domain.len();
        self.hit(at - local.len(), end, Kind::Email, Sure);
        self.cursor = end;
    }

    /// `scheme://user:password@`: the password lies in `start..at`.
    fn url_password(&mut self, start: usize, at: usize) {
        let user = self.run_back(start - 1, LOCAL_BYTES_MAX, local_byte);
        if user < start - 1 && self.slice(user.saturating_sub(3), user) == b"://" && at - start >= 3
        {
            self.hit(start, at, Kind::Password, Sure);
        }
    }

    /// The `:` or `=` at `at`: a web address, hexadecimal groups, or a key with its value.
    pub(super) fn key(&mut self, at: usize) {
        if self.byte(at) == b':' {
            if self.goes_on(at, b"://") {
                return self.url(at);
            }
            if self.byte(at + 1) == b':' || self.before(at).is_ascii_hexdigit() {
                let start = self.run_back(at, 4, |byte| byte.is_ascii_hexdigit());
                if !self.before(start).is_ascii_alphanumeric()
                    && start >= self.from
                    && self.hexadecimal(start, at)
                {
                    return;
                }
            }
        }
        let end = if self.before(at).is_ascii_alphanumeric() {
            at
        } else {
            self.run_back(at, 3, |byte| matches!(byte, b' ' | b'"' | b'\'' | b'\\' | b'*'))
        };
        let length = (self.signs_before(end, |signs| signs.key).leading_ones() as usize)
            .min(cue::KEY_BYTES_MAX);
        let key = self.slice(end - length, end);
        if length < 2 {
            return;
        }
        if !cue::may_end(key) {
            if !key.iter().all(u8::is_ascii_digit) {
                self.cue = None;
            }
            return;
        }
        if key.iter().all(u8::is_ascii_digit) {
            return;
        }
        match self.keys.category(key) {
            Some(category) => {
                self.cue = Some((category, at + 1));
                self.value(category, at + 1);
            }
            None => self.cue = None,
        }
    }

    /// Values that need their label to be found at all.
    pub(super) fn value(&mut self, category: C, label_end: usize) {
        match category {
            C::SecretPassword | C::SecretKey | C::SecretToken => {
                self.secret_value(category, label_end)
            }
            C::PersonName => self.name_value(label_end),
            C::ContactAddress | C::AddressHome | C::AddressWork => self.address_value(label_end),
            C::OrgName => self.organisation_value(label_end),
            C::IdDriverLicence
            | C::IdPassport
            | C::AccountWechat
            | C::DeviceAndroidId
            | C::VehicleEngine
            | C::AccountOpenid
            | C::OrgBic
            | C::IdDriverQualification
            | C::DeviceAdId => self.cued_word(category, label_end),
            _ => {}
        }
    }

    fn url(&mut self, colon: usize) {
        let start = self.run_back(colon, 12, |byte| byte.is_ascii_alphabetic());
        if !matches!(
            self.slice(start, colon),
            b"http" | b"https" | b"ftp" | b"wss" | b"ws" | b"HTTP" | b"HTTPS"
        ) {
            return;
        }
        let end = self.run(colon + 3, URL_BYTES_MAX, |byte| {
            byte.is_ascii_graphic()
                && !matches!(
                    byte,
                    b'"' | b'\''
                        | b'<'
                        | b'>'
                        | b'`'
                        | b'\\'
                        | b'^'
                        | b'{'
                        | b'}'
                        | b'|'
                        | b')'
                        | b']'
                        | b','
                        | b';'
                )
        });
        let mut url = self.slice(start, end);
        while let [rest @ .., b'.' | b':' | b'!' | b'?' | b'*'] = url {
            url = rest;
        }
        if url.len() > colon + 3 - start + 3 {
            self.hit(start, start + url.len(), Kind::Url, Likely);
        }
        // Its path and query are read for what is in them.
        self.cursor = self.cursor.max(colon + 3);
    }
}

/// A top-level domain: letters, two at least, and not the ending of a file.
fn top_level(top: &[u8]) -> bool {
    const FILES: &[&[u8]] = &[
        b"png", b"jpg", b"jpeg", b"gif", b"svg", b"webp", b"js", b"css", b"html", b"json", b"xml",
        b"java", b"class", b"log", b"txt",
    ];
    (2..=18).contains(&top.len())
        && top.iter().all(u8::is_ascii_alphabetic)
        && !FILES.contains(&top.to_ascii_lowercase().as_slice())
}
