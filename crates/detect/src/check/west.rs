//! Identity and tax numbers of the Americas.

use super::{digits, weighted};

/// US social security number of nine digits: area not 000, 666 or 9xx, group not 00, serial not 0000.
pub fn ssn(text: &[u8]) -> bool {
    digits::<9>(text).is_some_and(|v| {
        let area = v[0] * 100 + v[1] * 10 + v[2];
        area != 0
            && area != 666
            && area < 900
            && v[3] + v[4] != 0
            && v[5] + v[6] + v[7] + v[8] != 0
            && text != b"123456789"
            && text != b"078051120"
    })
}

/// US individual taxpayer number: 9xx with the group in the ranges that the IRS gives out.
pub fn itin(text: &[u8]) -> bool {
    digits::<9>(text).is_some_and(|v| {
        v[0] == 9 && matches!(v[3] * 10 + v[4], 50..=65 | 70..=88 | 90..=92 | 94..=99)
    })
}

/// US employer number: nine digits with a prefix that was given out.
pub fn ein(text: &[u8]) -> bool {
    digits::<9>(text).is_some_and(|v| {
        !matches!(v[0] * 10 + v[1], 0 | 7..=9 | 17..=19 | 28 | 29 | 49 | 69 | 70 | 78 | 79 | 89 | 96 | 97)
    })
}

/// Brazilian CPF: eleven digits with two mod-11 digits, not one digit over and over.
pub fn cpf(text: &[u8]) -> bool {
    let Some(values) = digits::<11>(text) else { return false };
    let check = |count: usize| {
        let sum: u32 =
            values.iter().take(count).zip((2..=count as u32 + 1).rev()).map(|(v, w)| v * w).sum();
        sum * 10 % 11 % 10
    };
    values.iter().any(|value| *value != values[0])
        && check(9) == values[9]
        && weighted(&values, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10 == values[10]
}
