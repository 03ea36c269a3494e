//! Numbers: what a cluster of digits can be.

use super::{Pass, SHORT_REACH, cluster::Cluster};
use crate::{
    Category as C, Confidence,
    Confidence::{Likely, Possible, Sure},
    Kind,
    check::{self, Issuer},
};

/// The most groups that one identifier has.
const ID_GROUPS_MAX: usize = 7;

/// A candidate: groups `first..=last` of a cluster.
struct Candidate<'c> {
    digits: &'c [u8],
    start: usize,
    end: usize,
    first: usize,
    last: usize,
}

impl Pass<'_, '_> {
    /// Reads the number at `at`, the first digit of its run.
    pub(crate) fn number(&mut self, at: usize) {
        let length = self.digits_at(at);
        let (before, next) = (self.before(at), self.byte(at + length));
        if before.is_ascii_alphabetic() {
            return self.token(self.word_start(at).max(self.from));
        }
        if next.is_ascii_alphabetic() {
            return self.token(at);
        }
        match (length, next) {
            (1..=3, b'.') if self.fast_ipv4(at) => return,
            (4, b'-') if self.fast_date(at) => return,
            (1..=4, b':') => {
                if self.near_hexadecimal(at + length) && self.hexadecimal(at, at + length) {
                    return;
                }
                return self.skip_time(at + length);
            }
            (2 | 8, b'-') if self.hexadecimal(at, at + length) => return,
            _ => {}
        }
        if !next.is_ascii() || length == 63 {
            return self.read_cluster(at);
        }
        if joint(next) {
            let after = self.byte(at + length + 1);
            if after.is_ascii_digit()
                || joint(after) && self.byte(at + length + 2).is_ascii_digit()
                || !after.is_ascii()
            {
                return self.joined_number(at, length);
            }
        }
        self.lone_number(at, length);
    }

    /// A time behind its hours, which end at `at`: `:33:44`.
    fn skip_time(&mut self, at: usize) {
        let mut at = at;
        while self.byte(at) == b':' && self.digits_at(at + 1) > 0 {
            at += 1 + self.digits_at(at + 1);
        }
        self.cursor = at;
    }

    /// Digits joined by separators: counted before they are read, because most are too few.
    fn joined_number(&mut self, at: usize, length: usize) {
        let (mut end, mut total, mut groups) = (at + length, length, 1);
        while groups < 12 && joint(self.byte(end)) {
            let start = end + 1 + usize::from(joint(self.byte(end + 1)));
            let more = self.digits_at(start);
            // A word that starts with digits is read as a word.
            if more == 0
                || self.byte(start + more).is_ascii_alphabetic()
                    && total + more != 17
                    && total + more != 18
            {
                break;
            }
            total += more;
            groups += 1;
            end = start + more;
        }
        if total < 9 && groups < 12 && !self.may_have_cue(at) && self.byte(end).is_ascii() {
            self.cursor = end;
            return;
        }
        self.read_cluster(at);
    }

    /// Digits alone.
    fn lone_number(&mut self, at: usize, length: usize) {
        let end = at + length;
        if length < 5 {
            self.cursor = end;
            return self.short_number(at, end);
        }
        let digits = self.slice(at, end);
        let intrinsic = match length {
            11 => matches!(digits, [b'1', b'3'..=b'9', ..]),
            12..=19 => check::luhn(digits) || length == 15 || length == 18,
            20 => digits.starts_with(b"8986"),
            _ => false,
        };
        let told = match self.near_cue(at) {
            Some((C::NumberSerial, end)) if at - end <= 6 => false,
            Some(_) => true,
            None => self.in_prose(at),
        };
        if intrinsic || told || length < 7 && self.byte(end) == b' ' && self.is_capital(end + 1) {
            return self.read_cluster(at);
        }
        self.cursor = end;
    }

    /// A number of up to four digits: what stands on both sides must speak for it.
    #[inline]
    fn short_number(&mut self, at: usize, end: usize) {
        let labelled = self.near_cue(at).is_some_and(|(category, cue)| {
            at - cue <= SHORT_REACH && !matches!(category, C::NumberSerial | C::TimeDate | C::NetIp)
        });
        let (before, next) = (self.before(at), self.byte(end));
        let counts = next == b' ' && (self.byte(end + 1) == b'y' || self.is_capital(end + 1));
        let prose = before == b' '
            && self.before(at - 1).is_ascii_alphabetic()
            && !(next == b' ' && self.byte(end + 1).is_ascii_digit());
        if labelled || counts || prose || !next.is_ascii() {
            self.cursor = at;
            self.small_number(at, end);
            self.cursor = self.cursor.max(end);
        }
        if labelled {
            self.cued_short(at, end);
        }
    }

    /// A short number that its label explains: a postcode, a licence.
    fn cued_short(&mut self, at: usize, end: usize) {
        if end - at >= 3
            && !self.covered(at)
            && self.near_cue(at).is_some_and(|(category, _)| category != C::NumberSerial)
        {
            self.read_cluster(at);
        }
    }

    pub(super) fn read_cluster(&mut self, at: usize) {
        let mut at = at;
        loop {
            let cluster = self.cluster(at);
            let mut group = 0;
            while group < cluster.count {
                group += self.read_group(&cluster, group).max(1);
            }
            self.cursor = self.cursor.max(cluster.resume).max(at + 1);
            // Where it was too long, the rest is read from where the next may begin.
            if !cluster.more || self.cursor > cluster.resume || cluster.resume >= self.to {
                return;
            }
            at = cluster.resume;
        }
    }

    /// Reads what starts with group `at` and says how many groups it took; 0 where it is nothing.
    fn read_group(&mut self, cluster: &Cluster, at: usize) -> usize {
        let taken = self.date_or_time(cluster, at);
        if taken > 0 {
            return taken;
        }
        let taken = self.ipv4(cluster, at);
        if taken > 0 {
            return taken;
        }
        let taken = self.coordinate(cluster, at);
        if taken > 0 {
            return taken;
        }
        let taken = self.mixed(cluster, at);
        if taken > 0 {
            return taken;
        }
        let taken = self.identifier(cluster, at);
        if taken > 0 {
            return taken;
        }
        let taken = self.phone(cluster, at);
        if taken > 0 {
            return taken;
        }
        let group = cluster.group(at);
        if self.cued_number(cluster, at) {
            return 1;
        }
        if group.len <= 5 {
            self.small_number(group.start, group.end);
        }
        0
    }

    /// Numbers whose groups have different gaps between them.
    fn mixed(&mut self, cluster: &Cluster, at: usize) -> usize {
        if !cluster.lengths(at, &[3, 3, 3, 2])
            || cluster.len(at + 4) != 0 && cluster.gap(at + 4) != b' '
        {
            return 0;
        }
        let gaps = [cluster.gap(at + 1), cluster.gap(at + 2), cluster.gap(at + 3)];
        let digits = cluster.digits(at, at + 3);
        let kind = match gaps {
            [b'.', b'.', b'-'] if check::cpf(digits) => Kind::Cpf,
            [b'-', b'-', b' ' | b'-'] if check::snils(digits) => Kind::Snils,
            _ => return 0,
        };
        self.hit(cluster.group(at).start, cluster.group(at + 3).end, kind, Sure);
        4
    }

    /// Identifiers with structure: the longest run of groups from `first` that is one.
    fn identifier(&mut self, cluster: &Cluster, first: usize) -> usize {
        // Inside a decimal number or behind a dash it is part of something longer.
        let loose = matches!(cluster.gap(first), 0 | b' ' | b':' | b'/' | b'(' | b')');
        let mut total = 0;
        let mut found = 0;
        for last in first..cluster.count.min(first + ID_GROUPS_MAX) {
            total += cluster.len(last);
            if total > 20 {
                break;
            }
            let inner = cluster.gap(first + 1);
            if last > first && !(matches!(inner, b' ' | b'-' | b'.') && cluster.gap(last) == inner)
            {
                break;
            }
            let ends = matches!(cluster.gap(last + 1), 0 | b' ' | b':' | b'/' | b'(' | b')');
            let alone = loose && ends;
            let long = first == last && total >= 18;
            if total < 9 || !(alone || long) {
                continue;
            }
            let candidate = Candidate {
                digits: cluster.digits(first, last),
                start: cluster.group(first).start,
                end: cluster.group(last).end,
                first,
                last,
            };
            if self.judge(cluster, &candidate) {
                found = last - first + 1;
            }
        }
        found
    }

    fn judge(&mut self, cluster: &Cluster, candidate: &Candidate<'_>) -> bool {
        let verdict = match candidate.digits.len() {
            18 => self.eighteen(candidate),
            15 => self.fifteen(cluster, candidate),
            19 | 20 if candidate.digits.starts_with(b"8986") => {
                check::luhn(candidate.digits).then_some((Kind::Iccid, Sure))
            }
            _ => None,
        };
        let verdict = verdict.or_else(|| self.grouped(cluster, candidate));
        let verdict = verdict.or_else(|| self.payment_card(cluster, candidate));
        let Some((kind, confidence)) = verdict else { return false };
        self.hit(candidate.start, candidate.end, kind, confidence);
        confidence > Possible
    }

    /// Resident numbers and social credit codes without letters.
    fn eighteen(&mut self, candidate: &Candidate<'_>) -> Option<(Kind, Confidence)> {
        let digits = candidate.digits;
        if check::resident_18(digits) {
            let cue = self.cue_at(candidate.start);
            return resident(digits, cue);
        }
        if candidate.first != candidate.last || !check::uscc(digits) {
            return None;
        }
        let code = digits.get(8..17).is_some_and(check::org_code);
        let area = digits.get(2..8).is_some_and(check::area_known);
        match (self.cue_at(candidate.start), code && area) {
            (Some(C::OrgUscc), _) | (_, true) => Some((Kind::Uscc, Sure)),
            (Some(C::NumberSerial), false) => None,
            _ => Some((Kind::Uscc, Possible)),
        }
    }

    fn fifteen(
        &mut self,
        cluster: &Cluster,
        candidate: &Candidate<'_>,
    ) -> Option<(Kind, Confidence)> {
        let digits = candidate.digits;
        let cue = self.cue_at(candidate.start);
        let shape = cluster.lengths(candidate.first, &[2, 6, 6, 1]);
        if check::luhn(digits) && !digits.starts_with(b"000") {
            match cue {
                Some(C::DeviceImei) => return Some((Kind::Imei, Sure)),
                Some(C::FinanceCard | C::NumberSerial) => {}
                _ if shape || digits.starts_with(b"35") || digits.starts_with(b"86") => {
                    return Some((Kind::Imei, Likely));
                }
                _ => {}
            }
        }
        let operator = digits.starts_with(b"4600")
            || digits.starts_with(b"46011")
            || digits.starts_with(b"46015");
        if operator && cue != Some(C::NumberSerial) {
            return Some((Kind::Imsi, if cue == Some(C::DeviceImsi) { Sure } else { Likely }));
        }
        match cue {
            Some(C::IdResident) if check::resident_15(digits) => Some((Kind::ResidentId15, Likely)),
            Some(C::OrgReg) if check::business_reg(digits) => Some((Kind::BusinessReg, Sure)),
            _ if cluster.lengths(candidate.first, &[1, 2, 2, 2, 3, 3, 2]) && check::nir(digits) => {
                Some((Kind::Nir, Sure))
            }
            _ => None,
        }
    }

    /// Numbers that are known by how they are grouped.
    fn grouped(
        &mut self,
        cluster: &Cluster,
        candidate: &Candidate<'_>,
    ) -> Option<(Kind, Confidence)> {
        let Candidate { digits, first, last, start, .. } = *candidate;
        let gap = cluster.gap(first + 1);
        let are = |lengths: &[usize]| {
            last + 1 - first == lengths.len() && cluster.lengths(first, lengths)
        };
        if are(&[3, 2, 4]) && gap != b'.' {
            if check::ssn(digits) {
                return Some((Kind::UsSsn, if gap == b'-' { Sure } else { Likely }));
            }
            return check::itin(digits).then_some((Kind::UsItin, Likely));
        }
        if are(&[6, 7]) && gap == b'-' && check::rrn(digits, false) {
            return Some((Kind::Rrn, if check::rrn(digits, true) { Sure } else { Likely }));
        }
        if are(&[4, 4, 4]) && check::aadhaar(digits) {
            let cue = self.cue_at(start);
            return match cue {
                Some(C::IdAadhaar) => Some((Kind::Aadhaar, Sure)),
                Some(C::IdMynumber) | Some(C::NumberSerial) | Some(C::FinanceCard) => None,
                _ => Some((Kind::Aadhaar, Likely)),
            };
        }
        None
    }

    fn payment_card(
        &mut self,
        cluster: &Cluster,
        candidate: &Candidate<'_>,
    ) -> Option<(Kind, Confidence)> {
        let digits = candidate.digits;
        let issuer = check::card(digits)?;
        let grouped = candidate.last > candidate.first;
        if grouped && !(cluster.len(candidate.first) == 4 && candidate.last - candidate.first >= 2)
        {
            return None;
        }
        let cue = self.cue_at(candidate.start);
        let confidence = match (cue, issuer) {
            (Some(C::FinanceCard | C::FinanceAccount), _) => Sure,
            (_, Issuer::ChineseBank) => Sure,
            (Some(C::NumberSerial | C::OrderWaybill | C::DeviceImei | C::TimeDate), _) => Possible,
            (_, Issuer::Scheme) if grouped => Sure,
            // Of other lengths there are few cards, and many counters.
            (_, Issuer::Scheme) if matches!(digits.len(), 15 | 16) => Likely,
            _ if grouped && digits.len() >= 16 => Likely,
            _ => Possible,
        };
        Some((Kind::BankCard, confidence))
    }
}

/// What may stand between two digits of one number.
#[inline]
pub(super) fn joint(byte: u8) -> bool {
    matches!(byte, b'-' | b'.' | b' ' | b'/' | b':' | b'(' | b')')
}

/// Which 18-character number a valid one is, by its area.
pub(super) fn resident(digits: &[u8], cue: Option<C>) -> Option<(Kind, Confidence)> {
    if cue == Some(C::IdSocial) {
        return Some((Kind::SocialSecurity, Sure));
    }
    match digits.get(..6)? {
        b"810000" | b"820000" | b"830000" => Some((Kind::ResidencePermitHmt, Sure)),
        [b'9', ..] => Some((Kind::ForeignPermanent, if cue.is_some() { Likely } else { Possible })),
        area if check::area_known(area) => Some((Kind::ResidentId, Sure)),
        _ if cue == Some(C::IdResident) => Some((Kind::ResidentId, Likely)),
        _ => Some((Kind::ResidentId, Possible)),
    }
}
