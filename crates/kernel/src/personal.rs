//! Personal values: the types that live inside `Sealed`. They parse strictly and clear their memory when dropped.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A personal value that does not read as one. Never quotes the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct NotValid(pub &'static str);

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses and normalises the text.
            pub fn new(text: &str) -> Result<Self, NotValid> {
                let check: fn(&str) -> Option<String> = $check;
                check(text.trim()).map(Self).ok_or(NotValid($what))
            }

            /// The text. Only reachable on an opened value.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotValid;
            fn try_from(text: String) -> Result<Self, NotValid> {
                Self::new(&text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    )*};
}

texts! {
    /// Telephone number in E.164 form. Eleven digits starting with 1 are taken as Chinese mobile.
    Phone, "telephone number", phone;
    /// E-mail address, the domain in lower case.
    Email, "e-mail address", email;
    /// Name of a person or company.
    Name, "name", |text| plain(text, 1, 80);
    /// Street address, gate, site notes.
    Address, "address", |text| plain(text, 1, 300);
    /// Words of a message or remark.
    Words, "text", |text| plain(text, 1, 2_000);
    /// Number of an identity paper, licence or company.
    PaperNumber, "paper number", paper;
    /// Registration plate, without separators.
    Plate, "plate", plate;
    /// Bank account or card for payouts.
    BankAccount, "bank account", bank;
    /// A short secret: one-time code, receiver's code, seed of a factor.
    Secret, "secret", |text| plain(text, 1, 500);
}

fn plain(text: &str, min: usize, max: usize) -> Option<String> {
    let hidden = |letter: char| {
        (letter.is_control() && letter != '\n')
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let count = text.chars().count();
    ((min..=max).contains(&count) && !text.chars().any(hidden)).then(|| text.to_owned())
}

fn phone(text: &str) -> Option<String> {
    let digits: String =
        text.chars().filter(|letter| !matches!(letter, ' ' | '-' | '(' | ')')).collect();
    let (international, number) = match digits.strip_prefix('+').or(digits.strip_prefix("00")) {
        Some(rest) => (true, rest),
        None => (false, digits.as_str()),
    };
    if !number.bytes().all(|byte| byte.is_ascii_digit()) || number.starts_with('0') {
        return None;
    }
    match (international, number.len()) {
        (true, 8..=15) => Some(format!("+{number}")),
        (false, 11) if number.starts_with('1') => Some(format!("+86{number}")),
        _ => None,
    }
}

fn email(text: &str) -> Option<String> {
    let (user, domain) = text.rsplit_once('@')?;
    let fine_user = !user.is_empty()
        && user.len() <= 64
        && user
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte));
    let fine_domain = domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
    (fine_user && fine_domain).then(|| format!("{user}@{}", domain.to_ascii_lowercase()))
}

fn paper(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let fine = (4..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    fine.then(|| text.to_ascii_uppercase())
}

fn plate(text: &str) -> Option<String> {
    let text: String =
        text.chars().filter(|letter| !matches!(letter, ' ' | '·' | '-' | '.')).collect();
    let count = text.chars().count();
    let fine = (4..=10).contains(&count) && text.chars().all(char::is_alphanumeric);
    fine.then(|| text.to_uppercase())
}

fn bank(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let fine =
        (8..=34).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fine.then(|| text.to_ascii_uppercase())
}

impl Phone {
    /// The last four digits, for "…8001".
    pub fn last_four(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default()
    }

    /// All but the last four digits: what one block of numbers has in common.
    pub fn prefix(&self) -> &str {
        self.0.get(..self.0.len().saturating_sub(4)).unwrap_or_default()
    }
}

impl Email {
    /// The address with its user part covered but for the first letter.
    pub fn masked(&self) -> String {
        let (user, domain) = self.0.rsplit_once('@').unwrap_or(("", ""));
        format!("{}•••@{domain}", user.chars().next().unwrap_or('•'))
    }
}

impl BankAccount {
    /// The last four characters.
    pub fn last_four(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(result: Result<Phone, NotValid>) -> Option<String> {
        result.ok().map(|phone| phone.as_str().to_owned())
    }

    #[test]
    fn telephone_numbers_come_out_in_one_form() {
        assert_eq!(read(Phone::new("138 0013 8000")).as_deref(), Some("+8613800138000"));
        assert_eq!(read(Phone::new("+358 40 123 4567")).as_deref(), Some("+358401234567"));
        for bad in ["", "12", "0138001380", "13800138000x", "+0123456789"] {
            assert_eq!(read(Phone::new(bad)), None, "{bad}");
        }
        assert_eq!(Phone::new("13800138001").map(|p| p.last_four().to_owned()), Ok("8001".into()));
    }

    #[test]
    fn addresses_need_a_user_and_a_domain() {
        assert!(Email::new("a@Example.ORG").is_ok_and(|mail| mail.as_str() == "a@example.org"));
        for bad in ["a", "@b.c", "a@b", "a b@c.d", "a@-b.c", "a@b..c", "a@b.c\r\nBcc: d@e.f"] {
            assert!(Email::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn plates_and_papers_lose_their_separators() {
        assert!(Plate::new("鲁A·83K61").is_ok_and(|plate| plate.as_str() == "鲁A83K61"));
        assert!(PaperNumber::new("3701 0219 9001 0112 3x").is_ok());
        assert!(Words::new("\u{202e}evil").is_err());
    }
}
