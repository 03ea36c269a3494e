//! Addresses of networks and positions on the earth.

use super::{Pass, cluster::Cluster};
use crate::{
    Category as C,
    Confidence::{Likely, Possible, Sure},
    Kind,
};

/// Decimal places that make a position precise: four are about 11 m.
const PLACES_MIN: usize = 4;

impl Pass<'_, '_> {
    /// An IPv4 address of the groups from `at`: how many it takes, the port with it.
    pub(super) fn ipv4(&mut self, cluster: &Cluster, at: usize) -> usize {
        let dotted = (at + 1..at + 4).all(|group| cluster.gap(group) == b'.');
        if !dotted || cluster.gap(at) == b'.' || cluster.gap(at + 4) == b'.' {
            return 0;
        }
        let octet = |group: usize| {
            let value = cluster.value(group);
            let padded = cluster.len(group) > 1 && cluster.digits(group, group).starts_with(b"0");
            cluster.len(group) <= 3 && !padded && value.is_some_and(|value| value <= 255)
        };
        if !(at..at + 4).all(octet) {
            return 0;
        }
        let (start, end) = (cluster.group(at).start, cluster.group(at + 3).end);
        let values = [0, 1, 2, 3].map(|group| cluster.value(at + group).unwrap_or(0));
        self.found_ipv4(start, end, values);
        if cluster.gap(at + 4) == b':' { 5 } else { 4 }
    }

    fn found_ipv4(&mut self, start: usize, end: usize, values: [u32; 4]) {
        // Versions look alike: 1.2.3.4, v2.0.0.1, Chrome/126.0.0.0.
        let behind_word = |pass: &Self| {
            pass.before(start) == b'/' && pass.before(start - 1).is_ascii_alphanumeric()
        };
        let version = matches!(self.before(start), b'v' | b'V' | b'-')
            || behind_word(self)
            || values.iter().all(|value| *value < 20)
                && self.cue_at(start) == Some(C::NumberSerial);
        let confidence = match values {
            [0, ..] | [127, 0, 0, 1] | [255, 255, ..] => Possible,
            _ if version => Possible,
            _ => Sure,
        };
        self.hit(start, end, Kind::Ipv4, confidence);
    }

    /// Whether hexadecimal groups may go on with the colon at `at`.
    pub(super) fn near_hexadecimal(&self, at: usize) -> bool {
        let next = self.byte(at + 1);
        // The common case, a time: two digits, and no colon where a MAC address has its third.
        if self.digits_at(at + 1) == 2
            && !self.byte(at + 3).is_ascii_hexdigit()
            && self.byte(at + 6) != b':'
        {
            return self.byte(at + 3) == b':' && self.byte(at + 4) == b':';
        }
        // The fourth colon of a MAC address: a time has no more than two.
        let mac = self.byte(at + 6) == b':' && self.byte(at + 9) == b':';
        next == b':'
            || mac
            || matches!(next, b'a'..=b'f' | b'A'..=b'F')
            || next.is_ascii_digit() && {
                let end = self.run(at + 1, 5, |byte| byte.is_ascii_hexdigit());
                // Times have two digits between colons; groups of an address have up to four, or letters.
                end - at - 1 > 2 && self.byte(end) == b':'
                    || self.slice(at + 1, end).iter().any(u8::is_ascii_alphabetic)
            }
    }

    /// An IPv4 address in plain digits at `at`, its first digit.
    #[inline]
    pub(super) fn fast_ipv4(&mut self, at: usize) -> bool {
        let mut next = at;
        let mut values = [0_u32; 4];
        for (part, value) in values.iter_mut().enumerate() {
            if part > 0 {
                if self.byte(next) != b'.' {
                    return false;
                }
                next += 1;
            }
            let length = self.digits_at(next);
            let digits = self.slice(next, next + length);
            if !(1..=3).contains(&length) || length > 1 && digits.starts_with(b"0") {
                return false;
            }
            *value = digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
            next += length;
        }
        let (before, after) = (self.before(at), self.byte(next));
        if values.iter().any(|value| *value > 255)
            || after == b'.' && self.byte(next + 1).is_ascii_digit()
            || before == b'.'
            || !after.is_ascii()
                && super::chars::sign(self.text.get(next..).unwrap_or_default()).0
                    != super::chars::Sign::Other
        {
            return false;
        }
        self.found_ipv4(at, next, values);
        self.cursor = next;
        if after == b':' {
            self.cursor += 1 + self.digits_at(next + 1);
        }
        true
    }

    /// A pair of decimal degrees, or one under its label: how many groups it takes.
    pub(super) fn coordinate(&mut self, cluster: &Cluster, at: usize) -> usize {
        let decimal = |group: usize| {
            cluster.gap(group + 1) == b'.'
                && (1..=3).contains(&cluster.len(group))
                && (PLACES_MIN..=17).contains(&cluster.len(group + 1))
        };
        if !decimal(at) || cluster.gap(at) == b'.' || cluster.gap(at + 2) == b'.' {
            return 0;
        }
        let start =
            cluster.group(at).start - usize::from(self.before(cluster.group(at).start) == b'-');
        let end = cluster.group(at + 1).end;
        let Some(first) = cluster.value(at).filter(|degrees| *degrees < 180) else { return 0 };
        if let Some((second, pair_end, groups)) = self.second_of_pair(cluster, at + 2, end)
            && (first < 90 || second < 90)
        {
            let places = cluster.len(at + 1);
            // Two short decimals side by side are measurements as often as places.
            let china = in_china(first, second) || in_china(second, first);
            let cue = self.cue_at(start);
            let labelled = matches!(cue, Some(C::LocationPrecise | C::LocationTrack));
            let confidence = match (labelled, china, places) {
                (true, _, _) => Sure,
                (_, true, 5..) => Sure,
                (_, true, _) | (_, false, 5..) => Likely,
                _ => Possible,
            };
            self.hit(start, pair_end, Kind::Coordinate, confidence);
            self.cursor = self.cursor.max(pair_end);
            return 2 + groups;
        }
        if let Some((C::LocationPrecise, cue_end)) = self.cue
            && cue_end <= start
            && start - cue_end <= 4
        {
            self.hit(start, end, Kind::Coordinate, Likely);
            return 2;
        }
        0
    }

    /// The second of a pair behind `end`: its whole degrees, its end, and the groups of the cluster that it takes.
    fn second_of_pair(
        &self,
        cluster: &Cluster,
        at: usize,
        end: usize,
    ) -> Option<(u32, usize, usize)> {
        let inside = cluster.gap(at) == b' '
            && cluster.gap(at + 1) == b'.'
            && cluster.len(at + 1) >= PLACES_MIN;
        let start = if inside {
            cluster.group(at).start
        } else {
            let mut at = end;
            at = self.run(at, 1, |byte| byte == b' ');
            at = self.run(at, 1, |byte| matches!(byte, b',' | b';' | b'|' | b'/'));
            if at == end || at - end == 1 && self.byte(end) == b' ' && self.byte(at) != b'-' {
                return None;
            }
            self.run(at, 1, |byte| byte == b' ')
        };
        let digits = self.run(start, 1, |byte| byte == b'-');
        let whole = self.run(digits, 4, |byte| byte.is_ascii_digit());
        let degrees =
            crate::check::number(self.slice(digits, whole)).filter(|degrees| *degrees < 180)?;
        if self.byte(whole) != b'.' {
            return None;
        }
        let done = self.run(whole + 1, 18, |byte| byte.is_ascii_digit());
        let again = self.byte(done) == b'.' && self.byte(done + 1).is_ascii_digit();
        (done - whole > PLACES_MIN && !again).then_some((degrees, done, if inside { 2 } else { 0 }))
    }

    /// Words of hexadecimal digits with `:` or `-` between: MAC, IPv6, UUID. Whether it was one; the cursor is then
    /// behind it.
    pub(super) fn hexadecimal(&mut self, start: usize, first_end: usize) -> bool {
        match (first_end - start, self.byte(first_end)) {
            (2, gap @ (b':' | b'-')) => self.mac(start, gap) || (gap == b':' && self.ipv6(start)),
            (0..=4, b':') => self.ipv6(start),
            (8, b'-') => self.uuid(start),
            _ => false,
        }
    }

    fn mac(&mut self, start: usize, gap: u8) -> bool {
        let text = self.slice(start, start + 17);
        let fits = |(at, byte): (usize, &u8)| {
            if at % 3 == 2 { *byte == gap } else { byte.is_ascii_hexdigit() }
        };
        if text.len() != 17 || !text.iter().enumerate().all(fits) {
            return false;
        }
        let after = self.byte(start + 17);
        if after == gap || after.is_ascii_alphanumeric() || self.before(start) == gap {
            return false;
        }
        let flat = text
            .iter()
            .step_by(3)
            .chain(text.iter().skip(1).step_by(3))
            .all(|byte| Some(byte) == text.first());
        let confidence = if flat {
            Possible
        } else if gap == b':' {
            Sure
        } else {
            Likely
        };
        self.hit(start, start + 17, Kind::Mac, confidence);
        self.cursor = start + 17;
        true
    }

    fn ipv6(&mut self, start: usize) -> bool {
        let end =
            self.run(start, 45, |byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
        let text = self.slice(start, end);
        let text = text.strip_suffix(b".").or(text.strip_suffix(b":")).unwrap_or(text);
        let colons = text.iter().filter(|byte| **byte == b':').count();
        let Ok(written) = std::str::from_utf8(text) else { return false };
        if colons < 2 || self.before(start) == b':' || self.byte(end).is_ascii_alphanumeric() {
            return false;
        }
        let Ok(address) = written.parse::<std::net::Ipv6Addr>() else { return false };
        if address.is_loopback() || address.is_unspecified() || (colons < 7 && text.len() < 8) {
            return false;
        }
        let end = start + text.len();
        self.hit(start, end, Kind::Ipv6, Sure);
        self.cursor = end;
        true
    }

    fn uuid(&mut self, start: usize) -> bool {
        let text = self.slice(start, start + 36);
        let fits = |(at, byte): (usize, &u8)| {
            if matches!(at, 8 | 13 | 18 | 23) { *byte == b'-' } else { byte.is_ascii_hexdigit() }
        };
        if text.len() != 36
            || text.get(13) != Some(&b'-')
            || text.get(23) != Some(&b'-')
            || !text.iter().enumerate().all(fits)
            || self.byte(start + 36).is_ascii_alphanumeric()
        {
            return false;
        }
        if self.cue_at(start) == Some(C::DeviceAdId) {
            self.hit(start, start + 36, Kind::AdId, Sure);
        }
        self.cursor = start + 36;
        true
    }
}

/// Whether whole degrees lie in the box of China: longitude 73 to 135, latitude 3 to 53.
fn in_china(longitude: u32, latitude: u32) -> bool {
    (73..=135).contains(&longitude) && (3..=53).contains(&latitude)
}
