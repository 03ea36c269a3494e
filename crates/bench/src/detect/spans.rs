//! Spans of a type in characters, and how well found ones meet true ones.

/// From, to (exclusive), in characters, and the type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// In the names of the benchmark.
    pub name: &'static str,
}

/// Counts over texts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    right: usize,
    wrong: usize,
    missed: usize,
}

/// Spans of one type that only signs and blanks part are one.
pub fn merged(mut spans: Vec<Span>, text: &[char]) -> Vec<Span> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut whole: Vec<Span> = Vec::new();
    for span in spans {
        match whole.last_mut() {
            Some(last)
                if last.name == span.name
                    && !text
                        .get(last.end..span.start.max(last.end))
                        .unwrap_or_default()
                        .iter()
                        .any(|char| char.is_alphanumeric()) =>
            {
                last.end = last.end.max(span.end);
            }
            _ => whole.push(span),
        }
    }
    whole
}

impl Count {
    /// Adds a text. A found span is right if it shares at least half of what it and a true one of its type cover together.
    pub fn add(&mut self, found: &[Span], truth: &[Span]) {
        let mut met = vec![false; truth.len()];
        for span in found {
            let fits = truth.iter().zip(&mut met).find(|(real, met)| {
                let both = span.end.min(real.end).saturating_sub(span.start.max(real.start));
                let all = span.end.max(real.end) - span.start.min(real.start);
                !**met && real.name == span.name && both * 2 >= all
            });
            match fits {
                Some((_, met)) => {
                    *met = true;
                    self.right += 1;
                }
                None => self.wrong += 1,
            }
        }
        self.missed += met.iter().filter(|met| !**met).count();
    }

    /// Twice the right ones over all found and all true ones.
    pub fn f1(&self) -> f64 {
        let all = 2 * self.right + self.wrong + self.missed;
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let share = (2 * self.right) as f64 / all.max(1) as f64;
        share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize) -> Span {
        Span { start, end, name: "A" }
    }

    #[test]
    fn half_of_both_is_enough_and_one_meets_one() {
        let mut count = Count::default();
        count.add(&[span(0, 10), span(0, 9), span(30, 33)], &[span(4, 10), span(30, 40)]);
        assert_eq!((count.right, count.wrong, count.missed), (1, 2, 1));
        assert!((count.f1() - 0.4).abs() < 1e-9);
    }

    #[test]
    fn what_signs_part_is_one() {
        let text: Vec<char> = "ab, cd ef".chars().collect();
        assert_eq!(merged(vec![span(4, 6), span(0, 2)], &text), [span(0, 6)]);
        assert_eq!(merged(vec![span(0, 2), span(7, 9)], &text).len(), 2);
    }
}
