//! Turn restrictions: sequences of arcs that may not be driven, over one node or over several ways.
//!
//! They become an automaton (Aho and Corasick): a state is an arc just driven, and where that matters also the
//! beginning of a forbidden sequence that was driven to get there. So a restriction over several ways holds
//! exactly, also where several overlap, and all other arcs stay one state each.

use std::collections::{HashMap, HashSet};

/// A sequence of two or more arcs that may not be driven one after another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ban {
    pub arcs: Vec<u32>,
    /// Mask of the vehicles that it holds for.
    pub vehicles: u8,
}

/// The forbidden sequences, the states of their beginnings, and the arcs that follow a beginning.
struct Known<'a> {
    banned: HashSet<&'a [u32]>,
    prefixes: HashMap<&'a [u32], u32>,
    continued: HashMap<&'a [u32], Vec<u32>>,
}

/// The automaton of one vehicle. States below the number of arcs are the arcs themselves.
pub struct Turns {
    arcs: u32,
    /// Arcs of the states above.
    extra_arcs: Vec<u32>,
    /// Steps that lead elsewhere than to the plain state of the arc; none for forbidden.
    steps: HashMap<(u32, u32), Option<u32>>,
    /// States that have any such step.
    special: HashSet<u32>,
}

impl Turns {
    /// The automaton of these sequences over so many arcs.
    pub fn of<'a>(arcs: usize, bans: impl Iterator<Item = &'a Ban>) -> Self {
        let banned: HashSet<&[u32]> =
            bans.map(|b| b.arcs.as_slice()).filter(|a| a.len() >= 2).collect();
        let mut turns = Self {
            arcs: arcs as u32,
            extra_arcs: Vec::new(),
            steps: HashMap::new(),
            special: HashSet::new(),
        };
        let prefixes = turns.number_prefixes(&banned);
        let mut continued: HashMap<&[u32], Vec<u32>> = HashMap::new();
        for longer in banned.iter().chain(prefixes.keys()) {
            if let Some((last, begin)) = longer.split_last() {
                continued.entry(begin).or_default().push(*last);
            }
        }
        let known = Known { banned, prefixes, continued };
        for (prefix, state) in &known.prefixes {
            turns.add_steps(prefix, *state, &known);
        }
        turns.special = turns.steps.keys().map(|(state, _)| *state).collect();
        turns
    }

    /// Every proper beginning of a sequence is a state; of one arc it is the arc's own.
    fn number_prefixes<'a>(&mut self, banned: &HashSet<&'a [u32]>) -> HashMap<&'a [u32], u32> {
        let mut sorted: Vec<&[u32]> = banned.iter().copied().collect();
        sorted.sort_unstable();
        let mut states = HashMap::new();
        for ban in sorted {
            for end in 1..ban.len() {
                let prefix = &ban[..end];
                if states.contains_key(prefix) {
                    continue;
                }
                let state = match prefix {
                    [arc] => *arc,
                    _ => {
                        self.extra_arcs.push(prefix[end - 1]);
                        self.arcs + self.extra_arcs.len() as u32 - 1
                    }
                };
                states.insert(prefix, state);
            }
        }
        states
    }

    /// From the state of a prefix, every arc that continues one of its endings towards a ban.
    fn add_steps(&mut self, prefix: &[u32], state: u32, known: &Known) {
        let endings: Vec<&[u32]> = (0..prefix.len()).map(|from| &prefix[from..]).collect();
        let next: HashSet<u32> =
            endings.iter().filter_map(|e| known.continued.get(e)).flatten().copied().collect();
        for arc in next {
            let sequences = endings.iter().map(|e| [*e, &[arc]].concat());
            let mut to = Some(arc);
            for longer in sequences {
                if known.banned.contains(longer.as_slice()) {
                    to = None;
                    break;
                }
                if let (Some(t), Some(deeper)) = (to, known.prefixes.get(longer.as_slice()))
                    && t == arc
                {
                    to = Some(*deeper);
                }
            }
            if to != Some(arc) {
                self.steps.insert((state, arc), to);
            }
        }
    }

    /// How many states there are.
    pub fn states(&self) -> usize {
        self.arcs as usize + self.extra_arcs.len()
    }

    /// The arc that was driven last in a state.
    pub fn arc(&self, state: u32) -> u32 {
        if state < self.arcs { state } else { self.extra_arcs[(state - self.arcs) as usize] }
    }

    /// The state after driving `arc` next; none where that is forbidden.
    pub fn step(&self, state: u32, arc: u32) -> Option<u32> {
        if self.special.is_empty() || !self.special.contains(&state) {
            return Some(arc);
        }
        self.steps.get(&(state, arc)).copied().unwrap_or(Some(arc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Drives a sequence; false as soon as a step is forbidden.
    fn drives(turns: &Turns, path: &[u32]) -> bool {
        let mut state = path[0];
        for arc in &path[1..] {
            match turns.step(state, *arc) {
                Some(next) => state = next,
                None => return false,
            }
            assert_eq!(turns.arc(state), *arc);
        }
        true
    }

    proptest! {
        #[test]
        fn a_path_is_driven_exactly_if_no_forbidden_sequence_is_in_it(
            bans in prop::collection::vec(prop::collection::vec(0..5u32, 2..5), 0..6),
            path in prop::collection::vec(0..5u32, 1..14),
        ) {
            let bans: Vec<Ban> = bans.into_iter().map(|arcs| Ban { arcs, vehicles: 3 }).collect();
            let turns = Turns::of(5, bans.iter());
            let forbidden = bans.iter().any(|b| path.windows(b.arcs.len()).any(|w| w == b.arcs));
            prop_assert_eq!(drives(&turns, &path), !forbidden);
        }
    }
}
