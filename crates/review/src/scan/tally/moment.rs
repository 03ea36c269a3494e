//! Moments in columns, for what is kept too long.

/// Oldest and newest moment, as `YYYYMMDDhhmmss` in one number.
#[derive(Debug, Clone, Default)]
pub struct Moments {
    range: Option<(u64, u64)>,
    seen: u64,
    read: u64,
}

impl Moments {
    /// Looks at a value; `epoch` where the column's name says that it holds moments, so that bare seconds count.
    pub fn value(&mut self, value: &str, epoch: bool) {
        self.seen += 1;
        let Some(moment) = moment(value, epoch) else { return };
        self.read += 1;
        self.range = Some(match self.range {
            Some((oldest, newest)) => (oldest.min(moment), newest.max(moment)),
            None => (moment, moment),
        });
    }

    /// Whether most values are moments, so that it is worth going on.
    pub fn holds(&self) -> bool {
        self.read * 2 >= self.seen
    }

    /// Oldest and newest as `YYYY-MM-DDThh:mm:ss`, where most values are moments.
    pub fn range(&self) -> Option<(String, String)> {
        let (oldest, newest) = self.range.filter(|_| self.holds())?;
        Some((iso(oldest), iso(newest)))
    }
}

/// Whether a column's name says that it holds moments.
pub fn named(name: &str) -> bool {
    let plain: String = name.to_lowercase().chars().filter(|char| char.is_alphanumeric()).collect();
    [
        "time",
        "timestamp",
        "ts",
        "date",
        "created",
        "updated",
        "createdat",
        "updatedat",
        "gmtcreate",
        "时间",
        "日期",
    ]
    .iter()
    .any(|end| plain.ends_with(end))
        || name.ends_with("_at")
        || name.ends_with("At")
}

fn iso(moment: u64) -> String {
    let (day, time) = (moment / 1_000_000, moment % 1_000_000);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        day / 10_000,
        day / 100 % 100,
        day % 100,
        time / 10_000,
        time / 100 % 100,
        time % 100
    )
}

/// A moment as `YYYYMMDDhhmmss`: `2021-07-02`, `2021/7/2 8:05`, `2021-07-02T08:05:09.123Z`, `20210702`, or seconds, milliseconds or
/// microseconds since 1970 between 2000 and 2100. Zones are not reckoned with: a day more or less does not matter here.
fn moment(value: &str, epoch: bool) -> Option<u64> {
    let value = value.trim();
    if value.len() > 40 || value.len() < 8 {
        return None;
    }
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: u64 = value.parse().ok()?;
        return match value.len() {
            8 => whole(number / 10_000, number / 100 % 100, number % 100, [0; 3]),
            14 => whole(
                number / 10_000_000_000,
                number / 100_000_000 % 100,
                number / 1_000_000 % 100,
                [number / 10_000 % 100, number / 100 % 100, number % 100],
            ),
            9 | 10 if epoch => since_1970(number),
            13 if epoch => since_1970(number / 1_000),
            16 if epoch => since_1970(number / 1_000_000),
            _ => None,
        };
    }
    let mut parts = value
        .split(|char: char| !char.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| if part.len() <= 9 { part.parse::<u64>().ok() } else { None });
    let separator = value.chars().find(|char| !char.is_ascii_digit())?;
    if !matches!(separator, '-' | '/' | '.' | '年') || value.find(separator) != Some(4) {
        return None;
    }
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let mut time = [0; 3];
    for slot in &mut time {
        *slot = parts.next().flatten().unwrap_or(0);
    }
    whole(year, month, day, time)
}

fn whole(year: u64, month: u64, day: u64, [hour, minute, second]: [u64; 3]) -> Option<u64> {
    let real = (1970..=2100).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    real.then_some(
        ((year * 100 + month) * 100 + day) * 1_000_000 + (hour * 100 + minute) * 100 + second,
    )
}

fn since_1970(seconds: u64) -> Option<u64> {
    const FROM_2000: u64 = 946_684_800;
    const UNTIL_2100: u64 = 4_102_444_800;
    if !(FROM_2000..UNTIL_2100).contains(&seconds) {
        return None;
    }
    let at = jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
    let at = jiff::tz::Offset::UTC.to_datetime(at);
    let field = |number: i8| u64::try_from(number).unwrap_or(0);
    whole(
        u64::try_from(at.year()).ok()?,
        field(at.month()),
        field(at.day()),
        [field(at.hour()), field(at.minute()), field(at.second())],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_the_forms_that_tables_have() {
        let cases = [
            ("2021-07-02", false, Some("2021-07-02T00:00:00")),
            ("2021/7/2 8:05", false, Some("2021-07-02T08:05:00")),
            ("2021-07-02T08:05:09.123+08:00", false, Some("2021-07-02T08:05:09")),
            ("2021年7月2日", false, Some("2021-07-02T00:00:00")),
            ("20210702", false, Some("2021-07-02T00:00:00")),
            ("1625184000", true, Some("2021-07-02T00:00:00")),
            ("1625184000000", true, Some("2021-07-02T00:00:00")),
            ("1625184000", false, None),
            ("13800138000", true, None),
            ("2021-13-02", false, None),
            ("021-62345678", false, None),
            ("hello world", false, None),
        ];
        for (value, epoch, wanted) in cases {
            assert_eq!(moment(value, epoch).map(iso).as_deref(), wanted, "{value}");
        }
    }

    #[test]
    fn names_of_moments_are_known() {
        assert!(
            ["created_at", "gpsTime", "gmt_create", "下单时间", "updatedAt"].into_iter().all(named)
        );
        assert!(!["name", "stats_id", "address", "lat"].into_iter().any(named));
    }
}
