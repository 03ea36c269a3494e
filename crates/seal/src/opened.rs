//! Which fields a grant has opened: cheap to note again, exact, any number.

use std::sync::{Mutex, OnceLock, PoisonError};

/// Fields noted without a lock; more go to a list.
const INLINE: usize = 6;

/// The names of opened fields, each once.
#[derive(Default)]
pub struct OpenedFields {
    first: [OnceLock<&'static str>; INLINE],
    more: Mutex<Vec<&'static str>>,
}

impl OpenedFields {
    /// Notes that a field was opened.
    #[inline]
    pub fn mark(&self, name: &'static str) {
        for slot in &self.first {
            let noted = *slot.get_or_init(|| name);
            if same(noted, name) {
                return;
            }
        }
        self.mark_more(name);
    }

    #[cold]
    fn mark_more(&self, name: &'static str) {
        // A panic elsewhere cannot leave the list half-written: pushing is all that is done to it.
        let mut more = self.more.lock().unwrap_or_else(PoisonError::into_inner);
        if !more.contains(&name) {
            more.push(name);
        }
    }

    pub(crate) fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.first.iter().filter_map(|s| s.get().copied()).collect();
        names.extend(self.more.lock().unwrap_or_else(PoisonError::into_inner).iter());
        names
    }
}

/// Equal names are nearly always one constant: compare places first, letters second.
#[inline]
fn same(a: &'static str, b: &'static str) -> bool {
    std::ptr::eq(a, b) || a == b
}

#[cfg(test)]
mod tests {
    use super::OpenedFields;

    #[test]
    fn each_name_is_noted_once_in_order_however_many() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let opened = OpenedFields::default();
        for name in names.iter().chain(&names) {
            opened.mark(name);
        }
        assert_eq!(opened.names(), names);
    }
}
