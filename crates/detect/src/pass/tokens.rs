//! Words of letters and digits: VIN, social credit codes, IBAN, documents of many countries, keys.

use super::{Pass, chars::alnum, numbers::resident};
use crate::{
    Category as C,
    Confidence::{self, Likely, Possible, Sure},
    Kind, check,
};

/// The longest word that can be an identifier.
const WORD_BYTES_MAX: usize = 64;

impl Pass<'_, '_> {
    /// Reads the word at `start`, which has a digit in it.
    pub(super) fn token(&mut self, start: usize) {
        if self.prefixed_secret(start) {
            return;
        }
        let end = self.word_stop(start);
        let length = end - start;
        if length > WORD_BYTES_MAX {
            self.cursor = end;
            return;
        }
        if self.hexadecimal(start, end) {
            return;
        }
        self.cursor = self.cursor.max(end);
        let word = self.slice(start, end);
        if length < 5 {
            return self.short_word(start, end);
        }
        // In the middle of base64 or a name in snake_case nothing is an identifier of a person.
        let glued = matches!(self.before(start), b'+' | b'_' | b'%')
            || matches!(self.byte(end), b'_' | b'+');
        if glued {
            return;
        }
        let verdict = self.judge_word(word, start);
        if let Some((kind, confidence)) = verdict {
            self.hit(start, end, kind, confidence);
            if confidence > Possible {
                return;
            }
        }
        self.spaced_word(start, end);
    }

    fn judge_word(&mut self, word: &[u8], start: usize) -> Option<(Kind, Confidence)> {
        let cue = |pass: &mut Self| pass.cue_at(start);
        if self.may_have_cue(start)
            && let Some(category) = cue(self)
            && let Some(found) = cued_shape(category, word)
        {
            return Some(found);
        }
        match word.len() {
            8 => check::hong_kong_id(word)
                .then_some(())
                .and_then(|()| upper(word))
                .map(|()| (Kind::HongKongId, Possible)),
            9 if upper(word).is_some() => {
                if check::nric(word) {
                    Some((Kind::Nric, Sure))
                } else if check::nino(word) && cue(self) != Some(C::NumberSerial) {
                    Some((Kind::UkNino, Likely))
                } else if check::dni(word) {
                    Some((Kind::Dni, Likely))
                } else {
                    cn_passport(word).then_some((Kind::CnPassport, Possible))
                }
            }
            10 if check::taiwan_id(word) => upper(word).map(|()| (Kind::TaiwanId, Likely)),
            10 if check::pan(word) => Some((Kind::Pan, Likely)),
            15..=34 if word.first().is_some_and(u8::is_ascii_alphabetic) && check::iban(word) => {
                Some((Kind::Iban, Sure))
            }
            15 if check::nir(word) => Some((Kind::Nir, Likely)),
            17 if check::vin(word) => match cue(self) {
                Some(C::VehicleVin) => Some((Kind::Vin, Sure)),
                Some(C::NumberSerial) => Some((Kind::Vin, Possible)),
                _ => upper(word).map(|()| (Kind::Vin, Likely)),
            },
            18 if check::resident_18(word) => {
                let cue = cue(self);
                resident(word, cue)
            }
            18 if check::uscc(word) => Some((Kind::Uscc, Sure)),
            28 if word.first() == Some(&b'o') => None,
            _ => None,
        }
    }

    /// Identifiers that are written with spaces or brackets: IBAN, national insurance, Hong Kong.
    fn spaced_word(&mut self, start: usize, end: usize) {
        let length = end - start;
        if self.byte(end) == b'(' && (7..=8).contains(&length) && self.byte(end + 2) == b')' {
            let mut word = self.slice(start, end).to_vec();
            word.push(self.byte(end + 1));
            if check::hong_kong_id(&word) {
                self.hit(start, end + 3, Kind::HongKongId, Sure);
                self.cursor = end + 3;
            }
        }
    }

    /// A short word that groups behind a space may continue.
    fn short_word(&mut self, start: usize, end: usize) {
        if self.byte(end) != b' ' && self.byte(end) != b'-' {
            return;
        }
        let head = self.slice(start, end);
        let lettered = head.iter().take(2).all(u8::is_ascii_uppercase);
        match head.len() {
            4 if lettered => self.spaced_iban(start),
            _ => {}
        }
    }

    fn spaced_iban(&mut self, start: usize) {
        let Some(length) =
            self.slice(start, start + 2).try_into().ok().and_then(check::iban_length)
        else {
            return;
        };
        let mut plain = Vec::with_capacity(length);
        let mut at = start;
        while plain.len() < length {
            match self.byte(at) {
                byte if byte.is_ascii_alphanumeric() => plain.push(byte),
                b' ' | b'-' if self.byte(at + 1).is_ascii_alphanumeric() => {}
                _ => return,
            }
            at += 1;
        }
        if !self.byte(at).is_ascii_alphanumeric() && check::iban(&plain) {
            self.hit(start, at, Kind::Iban, Sure);
            self.cursor = at;
        }
    }

    /// Two capital letters with nothing behind that a lower-case name has: `QQ 12 34 56 C`.
    pub(super) fn spaced_nino(&mut self, start: usize) -> bool {
        let mut plain = [0_u8; 9];
        let (mut at, mut count) = (start, 0);
        while let Some(slot) = plain.get_mut(count) {
            match self.byte(at) {
                byte if byte.is_ascii_alphanumeric() => {
                    *slot = byte;
                    count += 1;
                }
                b' ' if count % 2 == 0 && count > 0 => {}
                _ => return false,
            }
            at += 1;
        }
        if !check::nino(&plain) || self.byte(at).is_ascii_alphanumeric() {
            return false;
        }
        self.hit(start, at, Kind::UkNino, Likely);
        self.cursor = at;
        true
    }

    /// A word that is known only by the label before it.
    pub(super) fn cued_word(&mut self, category: C, label_end: usize) {
        let start =
            self.run(label_end, 4, |byte| matches!(byte, b' ' | b'"' | b'\'' | b'\t' | b'\\'));
        let end = self.run(start, WORD_BYTES_MAX, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
        });
        let word = self.slice(start, end);
        // A word with a digit meets its reader by itself, but for those that may be letters only.
        let lettered = matches!(category, C::AccountWechat | C::OrgBic | C::AccountOpenid);
        if !lettered
            && !word.iter().any(|byte| matches!(byte, b'_' | b'-'))
            && category != C::DeviceAndroidId
        {
            return;
        }
        if let Some((kind, confidence)) = cued_shape(category, word) {
            self.hit(start, end, kind, confidence);
            self.cursor = self.cursor.max(end);
        }
    }

    /// A number that is known only by the words before it. Whether it was one.
    pub(super) fn cued_number(&mut self, cluster: &super::cluster::Cluster, at: usize) -> bool {
        let group = cluster.group(at);
        let alone = !matches!(cluster.gap(at), b'.' | b'-' | b'/')
            && !matches!(cluster.gap(at + 1), b'.' | b'-' | b'/');
        let Some(category) = (group.len >= 3).then(|| self.cue_at(group.start)).flatten() else {
            return false;
        };
        if category == C::IdDriverLicence && cluster.len(at) >= 3 && cluster.gap(at + 1) == b'-' {
            let last = (at..cluster.count)
                .take_while(|next| *next == at || cluster.gap(*next) == b'-')
                .last()
                .unwrap_or(at);
            self.hit(group.start, cluster.group(last).end, Kind::UsDriverLicence, Likely);
            return true;
        }
        let digits = cluster.digits(at, at);
        let ein = cluster.lengths(at, &[2, 7])
            && category == C::OrgEin
            && check::ein(cluster.digits(at, at + 1));
        if ein {
            self.hit(group.start, cluster.group(at + 1).end, Kind::UsEin, Sure);
            return true;
        }
        let nhs = cluster.lengths(at, &[3, 3, 4])
            && category == C::HealthNhs
            && check::nhs(cluster.digits(at, at + 2));
        if nhs {
            self.hit(group.start, cluster.group(at + 2).end, Kind::UkNhs, Sure);
            return true;
        }
        if !alone {
            return false;
        }
        let Some((kind, confidence)) =
            cued_digits(category, digits).or_else(|| cued_shape(category, digits))
        else {
            return false;
        };
        self.hit(group.start, group.end, kind, confidence);
        confidence > Possible
    }
}

fn upper(word: &[u8]) -> Option<()> {
    (!word.iter().any(u8::is_ascii_lowercase)).then_some(())
}

/// The ASCII form of a word in full-width letters and digits, and its end.
pub(super) fn plain_word(text: &[u8], start: usize) -> (Vec<u8>, usize) {
    let (mut word, mut at) = (Vec::new(), start);
    while let Some((byte, width)) = alnum(text.get(at..).unwrap_or_default()) {
        if word.len() >= WORD_BYTES_MAX {
            break;
        }
        word.push(byte);
        at += width;
    }
    (word, at)
}

fn all_digits(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_digit)
}

fn cn_passport(word: &[u8]) -> bool {
    match word {
        [b'E', second, rest @ ..] if rest.len() == 7 => {
            second.is_ascii_alphanumeric() && !matches!(second, b'I' | b'O') && all_digits(rest)
        }
        [b'G' | b'D' | b'S' | b'P', rest @ ..] if rest.len() == 8 => all_digits(rest),
        [b'P' | b'S' | b'D', b'E', rest @ ..]
        | [b'K', b'J', rest @ ..]
        | [b'M', b'A', rest @ ..]
            if rest.len() == 7 =>
        {
            all_digits(rest)
        }
        _ => false,
    }
}

fn lettered(
    word: &[u8],
    letters: std::ops::RangeInclusive<usize>,
    digits: std::ops::RangeInclusive<usize>,
) -> bool {
    let head = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    letters.contains(&head)
        && word.get(head..).is_some_and(|rest| digits.contains(&rest.len()) && all_digits(rest))
}

/// Shapes of words that count under a label.
fn cued_shape(category: C, word: &[u8]) -> Option<(Kind, Confidence)> {
    let length = word.len();
    let hex = word.iter().all(u8::is_ascii_hexdigit);
    let wide = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let found = match category {
        C::IdPassport if cn_passport(word) => Kind::CnPassport,
        C::IdPassport
            if (6..=9).contains(&length)
                && word.iter().any(u8::is_ascii_digit)
                && word.iter().all(u8::is_ascii_alphanumeric) =>
        {
            Kind::Passport
        }
        C::IdPermitHm
            if matches!(word.first(), Some(b'H' | b'M')) && lettered(word, 1..=1, 8..=10) =>
        {
            Kind::HomeReturnPermit
        }
        C::IdTravelPermit | C::IdPermitHm
            if matches!(word.first(), Some(b'C' | b'W' | b'L' | b'T'))
                && lettered(word, 1..=2, 7..=8) =>
        {
            Kind::TravelPermit
        }
        C::IdPermitTw
            if matches!(length, 8..=11) && word.iter().take(8).all(u8::is_ascii_digit) =>
        {
            Kind::TaiwanPermit
        }
        C::IdHkid | C::IdResident if check::hong_kong_id(word) => Kind::HongKongId,
        C::IdDriverLicence if (5..=16).contains(&length) && lettered(word, 1..=2, 4..=14) => {
            Kind::UsDriverLicence
        }
        C::IdDriverQualification
            if matches!(length, 18 | 19) && word.iter().take(17).all(u8::is_ascii_digit) =>
        {
            Kind::TransportQualification
        }
        C::OrgCode if check::org_code(word) => Kind::OrgCode,
        C::VehicleEngine
            if (6..=14).contains(&length)
                && word.iter().any(u8::is_ascii_digit)
                && word.iter().all(wide) =>
        {
            Kind::EngineNo
        }
        C::OrderWaybill if lettered(word, 0..=4, 10..=18) => Kind::Waybill,
        C::AccountWechat
            if (6..=20).contains(&length)
                && word.first().is_some_and(u8::is_ascii_alphabetic)
                && word.iter().all(wide) =>
        {
            Kind::WeChat
        }
        C::AccountOpenid
            if length == 28 && word.first() == Some(&b'o') && word.iter().all(wide) =>
        {
            Kind::OpenId
        }
        C::DeviceAndroidId if length == 16 && hex => Kind::AndroidId,
        C::DeviceAdId if matches!(length, 16 | 32 | 64) && hex => Kind::AdId,
        C::DeviceMac if length == 12 && hex => Kind::Mac,
        C::LocationPrecise
            if (7..=12).contains(&length)
                && word.iter().any(u8::is_ascii_digit)
                && word.iter().any(u8::is_ascii_lowercase)
                && word.iter().all(|byte| b"0123456789bcdefghjkmnpqrstuvwxyz".contains(byte)) =>
        {
            Kind::Geohash
        }
        C::OrgBic
            if matches!(length, 8 | 11)
                && word.iter().take(6).all(u8::is_ascii_uppercase)
                && word.iter().all(u8::is_ascii_alphanumeric) =>
        {
            Kind::Bic
        }
        C::IdNino if check::nino(word) => Kind::UkNino,
        C::ContactPostcode
            if (5..=8).contains(&length)
                && word.iter().all(u8::is_ascii_alphanumeric)
                && word.iter().any(u8::is_ascii_digit) =>
        {
            Kind::Postcode
        }
        _ => return None,
    };
    Some((found, Likely))
}

/// Numbers without letters that count under a label.
fn cued_digits(category: C, digits: &[u8]) -> Option<(Kind, Confidence)> {
    let length = digits.len();
    let zeros = digits.iter().all(|digit| *digit == b'0');
    if zeros {
        return None;
    }
    let area = digits.get(..6).is_some_and(check::area_known);
    let found = match category {
        C::IdSsn if check::ssn(digits) => (Kind::UsSsn, Likely),
        C::IdItin if check::itin(digits) => (Kind::UsItin, Sure),
        C::IdDriverLicence if length == 12 && area => (Kind::DrivingLicence, Likely),
        C::IdDriverLicence if (7..=14).contains(&length) => (Kind::UsDriverLicence, Likely),
        C::IdDriverQualification if length == 19 => (Kind::TransportQualification, Likely),
        C::VehiclePermit if length == 12 && area => (Kind::RoadTransportPermit, Likely),
        C::OrgLicence if length == 12 && area => (Kind::RoadBusinessLicence, Likely),
        C::AccountQq if (5..=11).contains(&length) && !digits.starts_with(b"0") => {
            (Kind::Qq, Likely)
        }
        C::AccountAlipay if length == 16 && digits.starts_with(b"2088") => (Kind::Alipay, Sure),
        C::ContactPostcode if length == 6 => (Kind::CnPostcode, Likely),
        C::ContactPostcode if (3..=5).contains(&length) => (Kind::Postcode, Likely),
        C::FinanceAccount if (9..=28).contains(&length) => (Kind::BankAccount, Likely),
        C::HealthNhs if check::nhs(digits) => (Kind::UkNhs, Sure),
        C::IdAadhaar if check::aadhaar(digits) => (Kind::Aadhaar, Sure),
        C::TaxInn if check::inn(digits) => (Kind::Inn, Sure),
        C::IdCccd if check::cccd(digits) => (Kind::Cccd, Likely),
        C::IdMynumber if check::my_number(digits) => (Kind::MyNumber, Sure),
        C::IdRrn if check::rrn(digits, false) => (Kind::Rrn, Sure),
        C::TaxSteuer if check::steuer_id(digits) => (Kind::SteuerId, Sure),
        C::DeviceImsi if length == 15 => (Kind::Imsi, Likely),
        C::DeviceIccid if matches!(length, 19 | 20) && digits.starts_with(b"89") => {
            (Kind::Iccid, Likely)
        }
        C::OrgCode if check::org_code(digits) => (Kind::OrgCode, Likely),
        _ => return None,
    };
    Some(found)
}
