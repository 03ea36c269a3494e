//! Figures and dates for readers.

use jiff::civil::Date;

use crate::Lang;

/// A whole number with its thousands apart: `13,240`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A large number in few characters: `1.3 million`, `130 万`. Rounds down, so that it never says more than was counted.
pub fn rough(n: u64, lang: Lang) -> String {
    let tenths = |n: u64, unit: u64| {
        let tenth = n / (unit / 10);
        match tenth % 10 {
            0 => number(tenth / 10),
            rest => format!("{}.{rest}", number(tenth / 10)),
        }
    };
    match lang {
        Lang::En if n >= 1_000_000_000 => format!("{} billion", tenths(n, 1_000_000_000)),
        Lang::En if n >= 1_000_000 => format!("{} million", tenths(n, 1_000_000)),
        Lang::Zh if n >= 100_000_000 => format!("{} 亿", tenths(n, 100_000_000)),
        Lang::Zh if n >= 100_000 => format!("{} 万", tenths(n, 10_000)),
        _ => number(n),
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day: `23 November 2026`, `2026 年 11 月 23 日`.
pub fn day(date: Date, lang: Lang) -> String {
    let month = usize::try_from(date.month()).unwrap_or(1);
    match lang {
        Lang::En => format!(
            "{} {} {}",
            date.day(),
            MONTHS.get(month.saturating_sub(1)).unwrap_or(&""),
            date.year()
        ),
        Lang::Zh => format!("{} 年 {} 月 {} 日", date.year(), date.month(), date.day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let told: Vec<String> = [0, 7, 999, 1_000, 13_240, 1_234_567].map(number).into();
        assert_eq!(told, ["0", "7", "999", "1,000", "13,240", "1,234,567"]);
    }

    #[test]
    fn rough_figures_never_say_more_than_was_counted() {
        assert_eq!(rough(1_399_999, Lang::En), "1.3 million");
        assert_eq!(rough(1_300_000, Lang::Zh), "130 万");
        assert_eq!(rough(8_323_000_000, Lang::Zh), "83.2 亿");
        assert_eq!(rough(8_323_000_000, Lang::En), "8.3 billion");
        assert_eq!(rough(99_999, Lang::Zh), "99,999");
    }

    #[test]
    fn a_day_reads_in_both_languages() {
        let date = Date::constant(2026, 11, 3);
        assert_eq!(day(date, Lang::En), "3 November 2026");
        assert_eq!(day(date, Lang::Zh), "2026 年 11 月 3 日");
    }
}
