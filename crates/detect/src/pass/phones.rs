//! Telephone numbers: Chinese ones by their plan, others by an international prefix, by grouping, or by the words
//! around them.

use super::{Pass, cluster::Cluster};
use crate::{
    Category as C,
    Confidence::{self, Likely, Possible, Sure},
    Kind,
};

/// ITU-T E.164: the most digits of an international number, and the least of a local one that is grouped.
const DIGITS_MAX: usize = 15;
const DIGITS_MIN: usize = 7;
const PHONE_GROUPS_MAX: usize = 7;

impl Pass<'_, '_> {
    /// A telephone number that starts with group `at`: how many groups it takes.
    pub(super) fn phone(&mut self, cluster: &Cluster, at: usize) -> usize {
        if matches!(cluster.gap(at), b'.' | b'-') {
            return 0;
        }
        let taken = self.chinese_phone(cluster, at);
        if taken > 0 { taken } else { self.world_phone(cluster, at) }
    }

    fn chinese_phone(&mut self, cluster: &Cluster, at: usize) -> usize {
        let lead = match cluster.digits(at, at) {
            b"86" | b"086" | b"0086" => 1,
            _ => 0,
        };
        let taken = self.mobile(cluster, at, lead);
        if taken > 0 {
            return taken;
        }
        self.landline(cluster, at)
    }

    fn mobile(&mut self, cluster: &Cluster, at: usize, lead: usize) -> usize {
        let first = at + lead;
        let fits = |lengths: &[usize]| cluster.lengths(first, lengths).then_some(lengths.len());
        let Some(groups) = fits(&[3, 4, 4])
            .or_else(|| fits(&[11]))
            .or_else(|| fits(&[3, 8]))
            .or_else(|| fits(&[7, 4]))
            .or_else(|| fits(&[13]))
            .or_else(|| fits(&[15]))
        else {
            return 0;
        };
        let last = first + groups - 1;
        let digits = cluster.digits(first, last);
        let number = match digits.len() {
            11 => digits,
            13 => digits.strip_prefix(b"86").unwrap_or_default(),
            15 => digits.strip_prefix(b"0086").unwrap_or_default(),
            _ => return 0,
        };
        let uniform = groups < 3 || cluster.gap(first + 1) == cluster.gap(first + 2);
        let open = matches!(cluster.gap(last + 1), b'.' | b'-');
        if !mobile_number(number)
            || !uniform
            || (open && groups > 1)
            || (groups > 1 && cluster.gap(first + 1) == b':')
        {
            return 0;
        }
        if open {
            return 0;
        }
        let start = self.with_plus(cluster.group(at).start);
        let end = cluster.group(last).end;
        let cue = self.cue_at(start);
        let confidence = match cue {
            Some(C::NumberSerial | C::OrderWaybill | C::FinanceAccount | C::DeviceId)
                if lead == 0 && groups == 1 =>
            {
                Possible
            }
            Some(C::ContactMobile | C::ContactPhone | C::PersonName) => Sure,
            _ if mobile_prefix_known(number) => Sure,
            _ => Likely,
        };
        self.hit(start, end, Kind::Mobile, confidence);
        last + 1 - at
    }

    fn landline(&mut self, cluster: &Cluster, at: usize) -> usize {
        let area = cluster.digits(at, at);
        let known = matches!(area, b"010")
            || (area.len() == 3 && area.starts_with(b"02"))
            || (area.len() == 4 && matches!(area, [b'0', b'3'..=b'9', ..]));
        let gap = cluster.gap(at + 1);
        let mut groups = 2;
        let local = match (cluster.len(at + 1), cluster.len(at + 2)) {
            (7 | 8, _) => cluster.digits(at + 1, at + 1),
            (3 | 4, 4) if cluster.gap(at + 2) == gap => {
                groups = 3;
                cluster.digits(at + 1, at + 2)
            }
            _ => return self.service_phone(cluster, at),
        };
        if !known
            || !matches!(gap, b'-' | b' ' | b')')
            || !matches!(local.first(), Some(b'2'..=b'9'))
        {
            return 0;
        }
        if cluster.gap(at + groups) == b'-' && (1..=6).contains(&cluster.len(at + groups)) {
            groups += 1;
        }
        if matches!(cluster.gap(at + groups), b'-' | b'.') {
            return 0;
        }
        let start = cluster.group(at).start
            - usize::from(gap == b')' && self.before(cluster.group(at).start) == b'(');
        let cue = self.cue_at(start);
        let phone = matches!(cue, Some(C::ContactMobile | C::ContactPhone));
        if !phone && (gap == b' ' || cue == Some(C::NumberSerial)) {
            return 0;
        }
        let confidence = if phone { Sure } else { Likely };
        self.hit(start, cluster.group(at + groups - 1).end, Kind::Landline, confidence);
        groups
    }

    fn service_phone(&mut self, cluster: &Cluster, at: usize) -> usize {
        let group = cluster.group(at);
        let alone = !matches!(cluster.gap(at + 1), b'-' | b'.');
        let digits = cluster.digits(at, at);
        let freephone = cluster.lengths(at, &[3, 3, 4]) && matches!(digits, b"400" | b"800");
        if freephone
            && matches!(cluster.gap(at + 1), b'-' | b' ')
            && self.is_phone_cue(group.start, false)
        {
            self.hit(group.start, cluster.group(at + 2).end, Kind::ServicePhone, Likely);
            return 3;
        }
        let cued = |pass: &mut Self| pass.is_phone_cue(group.start, true);
        if alone && matches!(group.len, 5..=8) && digits.starts_with(b"95") && cued(self)
            || alone && group.len == 10 && digits.starts_with(b"400") && cued(self)
        {
            self.hit(group.start, group.end, Kind::ServicePhone, Likely);
            return 1;
        }
        if alone
            && matches!(group.len, 11 | 12)
            && digits.starts_with(b"0")
            && self.han_phone_cue(group.start)
        {
            self.hit(group.start, group.end, Kind::Landline, Likely);
            return 1;
        }
        0
    }

    fn is_phone_cue(&mut self, at: usize, strict: bool) -> bool {
        match self.cue_at(at) {
            Some(C::ContactMobile | C::ContactPhone) => true,
            Some(C::NumberSerial) => false,
            _ => !strict,
        }
    }

    fn han_phone_cue(&mut self, at: usize) -> bool {
        self.cue.is_some_and(|(category, end)| {
            matches!(category, C::ContactMobile | C::ContactPhone) && end <= at && at - end <= 8
        })
    }

    fn with_plus(&self, start: usize) -> usize {
        if self.before(start) == b'+' {
            start - 1
        } else if self.slice(start.saturating_sub(3), start) == "＋".as_bytes() {
            start - 3
        } else {
            start
        }
    }

    /// Numbers of other countries, by their form and the words before and behind them.
    fn world_phone(&mut self, cluster: &Cluster, at: usize) -> usize {
        let digits_start = cluster.group(at).start;
        let plus = self.with_plus(digits_start);
        let international = plus < digits_start;
        let (mut total, mut last, mut best) = (0, at, None);
        for group in at..cluster.count.min(at + PHONE_GROUPS_MAX) {
            if group > at && (cluster.gap(group) == b':' || cluster.len(group) > 11) {
                break;
            }
            total += cluster.len(group);
            if total > DIGITS_MAX {
                break;
            }
            last = group;
            if total >= DIGITS_MIN {
                best = Some((group, total));
            }
        }
        let Some((last_fit, total)) = best.filter(|(fit, _)| *fit == last) else { return 0 };
        // What goes on behind it would have to be part of it.
        if matches!(cluster.gap(last_fit + 1), b'.' | b'-' | b'/' | b'(' | b')') {
            return 0;
        }
        let grouped = last_fit > at;
        let Some(confidence) = self.phone_confidence(cluster, at, last_fit, total, international)
        else {
            return 0;
        };
        if !grouped && !international && confidence < Likely {
            return 0;
        }
        let start =
            if self.before(plus) == b'(' && cluster.gap(at + 1) == b')' { plus - 1 } else { plus };
        let end = self.extension(cluster.group(last_fit).end);
        self.hit(start, end, Kind::Phone, confidence);
        self.cursor = self.cursor.max(end);
        last_fit + 1 - at
    }

    fn phone_confidence(
        &mut self,
        cluster: &Cluster,
        at: usize,
        last: usize,
        total: usize,
        international: bool,
    ) -> Option<Confidence> {
        let start = cluster.group(at).start;
        if self.before(start).is_ascii_alphabetic()
            || matches!(self.before(start), b'_' | b'.' | b'/' | b'#' | b'$')
        {
            return None;
        }
        let cue = self.cue_at(start);
        let behind = self.phone_word_behind(cluster.group(last).end);
        if behind || matches!(cue, Some(C::ContactMobile | C::ContactPhone)) {
            return Some(Sure);
        }
        if international {
            return (total >= 8).then_some(Likely);
        }
        let american = cluster.lengths(at, &[3, 3, 4])
            && last == at + 2
            && north_american(cluster.digits(at, at + 1));
        let bracketed = american && cluster.gap(at + 1) == b')';
        match cue {
            Some(
                C::NumberSerial
                | C::FinanceCard
                | C::FinanceAccount
                | C::OrderWaybill
                | C::IdSsn
                | C::IdDriverLicence,
            ) => None,
            Some(C::HealthNhs | C::ContactPostcode) => None,
            _ if bracketed => Some(Likely),
            _ if american
                && matches!(cluster.gap(at + 1), b'-' | b'.')
                && cluster.gap(at + 2) == cluster.gap(at + 1) =>
            {
                Some(Likely)
            }
            _ if last > at => Some(Possible),
            _ => None,
        }
    }

    fn phone_word_behind(&self, end: usize) -> bool {
        let at = self.run(end, 1, |byte| matches!(byte, b' ' | b'-'));
        at > end
            && [&b"office"[..], b"Office", b"fax", b"Fax", b"mobile", b"Mobile", b"cell", b"home"]
                .iter()
                .any(|word| {
                    self.goes_on(at, word) && !self.byte(at + word.len()).is_ascii_alphabetic()
                })
    }

    /// The end with an extension such as `x4587` or ` ext. 12`.
    fn extension(&self, end: usize) -> usize {
        for lead in [&b"x"[..], b" x", b" ext. ", b" ext ", b"#"] {
            if self.goes_on(end, lead) {
                let digits = self.run(end + lead.len(), 6, |byte| byte.is_ascii_digit());
                if digits > end + lead.len() && !self.byte(digits).is_ascii_alphanumeric() {
                    return digits;
                }
            }
        }
        end
    }
}

fn mobile_number(digits: &[u8]) -> bool {
    matches!(digits, [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9)
        && !digits.iter().skip(2).all(|digit| Some(digit) == digits.get(2))
}

/// Prefixes that the numbering plan has given to networks (from memory).
fn mobile_prefix_known(digits: &[u8]) -> bool {
    match crate::check::number(digits.get(..3).unwrap_or_default()) {
        Some(prefix) => matches!(prefix,
            130..=139 | 145..=149 | 150..=153 | 155..=159 | 162 | 165..=167 | 170..=178 | 180..=193 | 195..=199),
        None => false,
    }
}

/// NPA-NXX of the North American plan: both from 2.
fn north_american(digits: &[u8]) -> bool {
    matches!(digits, [b'2'..=b'9', _, _, b'2'..=b'9', ..])
}
