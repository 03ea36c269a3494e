//! Keys that were looked up: logs have the same few on every line.

use crate::{Category, cue};

/// The longest key that is kept.
const KEPT_BYTES_MAX: usize = 16;
const SLOTS: usize = 64;

/// A key as a number, and what it announces.
type Slot = (u128, Option<Category>);

/// The last keys, each in the slot of its hash. Made when the first key is met.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    slots: Vec<Slot>,
}

impl Keys {
    /// As [`cue::of_key`].
    #[inline]
    pub fn category(&mut self, key: &[u8]) -> Option<Category> {
        let Some(number) = number(key) else { return of(key) };
        if self.slots.is_empty() {
            // 0 is no key.
            self.slots.resize(SLOTS, (0, None));
        }
        let folded = (number ^ number >> 64) as u64;
        let at = (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize;
        let Some(slot) = self.slots.get_mut(at) else { return of(key) };
        if slot.0 != number {
            *slot = (number, of(key));
        }
        slot.1
    }
}

fn of(key: &[u8]) -> Option<Category> {
    cue::of_key(key).map(|cue| cue.category)
}

/// The bytes of a short key that has no byte 0.
#[inline]
fn number(key: &[u8]) -> Option<u128> {
    let mut bytes = [0; KEPT_BYTES_MAX];
    bytes.get_mut(..key.len())?.copy_from_slice(key);
    Some(u128::from_le_bytes(bytes)).filter(|number| *number != 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_kept_key_is_what_it_was(keys in proptest::collection::vec("(user_|order|X)?(id|phone|no|ip|name|zz){0,3}", 1..200)) {
            let mut kept = Keys::default();
            for key in &keys {
                prop_assert_eq!(kept.category(key.as_bytes()), of(key.as_bytes()));
            }
        }
    }
}
