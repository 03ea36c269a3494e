//! Turn restriction relations: read from tags and members, and resolved to forbidden sequences of arcs.

use crate::map::Core;
use crate::osm::{Member, MemberKind, Tags};
use crate::profile::Vehicle;
use crate::turns::Ban;
use std::collections::HashMap;

/// Members beyond this make no restriction that anybody could sign.
const WAYS_VIA_MAX: usize = 8;
const SIDES_MAX: usize = 16;

/// A restriction as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    pub from: Vec<i64>,
    pub via: Via,
    pub to: Vec<i64>,
    /// Only the named turn may be taken (`only_*`), or it may not (`no_*`).
    pub only: bool,
    pub vehicles: u8,
}

/// Where the turn is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    Node(i64),
    Ways(Vec<i64>),
}

impl Restriction {
    /// The restriction of a relation; none for other relations and for what cannot be understood.
    pub fn of(members: &[Member], tags: &Tags) -> Option<Self> {
        if !matches!(tags.get("type"), Some("restriction")) {
            return None;
        }
        let all = tags.get("restriction");
        let cars = tags.get("restriction:motorcar").or(all);
        let trucks = tags.get("restriction:hgv").or(all);
        let (value, vehicles) = match (cars, trucks) {
            (Some(c), Some(t)) if c == t => (c, Vehicle::Car.bit() | Vehicle::Truck.bit()),
            (Some(c), _) => (c, Vehicle::Car.bit()),
            (None, Some(t)) => (t, Vehicle::Truck.bit()),
            (None, None) => return None,
        };
        let only = match value.split('_').next() {
            Some("only") => true,
            Some("no") => false,
            _ => return None,
        };
        let vehicles = vehicles & !excepted(tags.get("except").unwrap_or_default());
        let ways = |role: &str| -> Vec<i64> {
            members
                .iter()
                .filter(|m| m.role == role && m.kind == MemberKind::Way)
                .map(|m| m.id)
                .collect()
        };
        let node = members.iter().find(|m| m.role == "via" && m.kind == MemberKind::Node);
        let via = node.map_or_else(|| Via::Ways(ways("via")), |n| Via::Node(n.id));
        let whole = Self { from: ways("from"), via, to: ways("to"), only, vehicles };
        whole.is_sound().then_some(whole)
    }

    fn is_sound(&self) -> bool {
        let sides = |side: &[i64]| (1..=SIDES_MAX).contains(&side.len());
        let via = match &self.via {
            Via::Node(_) => true,
            Via::Ways(ways) => (1..=WAYS_VIA_MAX).contains(&ways.len()),
        };
        sides(&self.from) && sides(&self.to) && via && self.vehicles != 0
    }

    /// Ways that it speaks of.
    pub fn ways(&self) -> impl Iterator<Item = i64> + '_ {
        let via: &[i64] = match &self.via {
            Via::Node(_) => &[],
            Via::Ways(ways) => ways,
        };
        self.from.iter().chain(via).chain(&self.to).copied()
    }
}

fn excepted(except: &str) -> u8 {
    except
        .split(';')
        .map(|who| match who.trim() {
            "motorcar" => Vehicle::Car.bit(),
            "hgv" => Vehicle::Truck.bit(),
            "motor_vehicle" | "vehicle" => Vehicle::Car.bit() | Vehicle::Truck.bit(),
            _ => 0,
        })
        .fold(0, |mask, bit| mask | bit)
}

/// What is needed to turn way and node numbers into arcs.
pub struct Resolver<'a> {
    pub core: &'a Core,
    /// Segments of the ways that restrictions speak of, in the way's order.
    pub segments: HashMap<i64, Vec<u32>>,
    /// Graph nodes of via nodes.
    pub nodes: HashMap<i64, u32>,
    /// Arcs that leave each node.
    pub leaving: HashMap<u32, Vec<u32>>,
}

impl Resolver<'_> {
    /// The forbidden sequences of a restriction; empty if it does not fit the roads.
    pub fn bans(&self, r: &Restriction) -> Vec<Ban> {
        let mut bans = Vec::new();
        for from in &r.from {
            for to in &r.to {
                let found = match &r.via {
                    Via::Node(node) => self.over_node(r, *from, *node, *to),
                    Via::Ways(ways) => self.over_ways(r, *from, ways, *to),
                };
                bans.extend(found.unwrap_or_default());
            }
        }
        bans
    }

    fn over_node(&self, r: &Restriction, from: i64, node: i64, to: i64) -> Option<Vec<Ban>> {
        let node = *self.nodes.get(&node)?;
        let first = only_one(self.arcs(from).filter(|a| self.head(*a) == node))?;
        self.at_end(r, vec![first], to)
    }

    /// Follows the via ways from one end to the other, whichever end the `from` way touches.
    fn over_ways(&self, r: &Restriction, from: i64, via: &[i64], to: i64) -> Option<Vec<Ban>> {
        let mut found = None;
        for first in self.arcs(from) {
            let mut path = vec![first];
            if via.iter().all(|way| self.follow(*way, &mut path)) {
                found = found.or_else(|| self.at_end(r, path, to));
            }
        }
        found
    }

    /// Adds a whole way to a path that ends at one of its ends.
    fn follow(&self, way: i64, path: &mut Vec<u32>) -> bool {
        let (Some(segments), Some(last)) = (self.segments.get(&way), path.last().copied()) else {
            return false;
        };
        let at = self.head(last);
        let forward: Vec<u32> = segments.iter().map(|s| s * 2).collect();
        let backward: Vec<u32> = segments.iter().rev().map(|s| s * 2 + 1).collect();
        let fits = |arcs: &[u32]| {
            let joined = arcs.windows(2).all(|p| self.head(p[0]) == self.head(p[1] ^ 1));
            joined && arcs.first().is_some_and(|a| self.head(*a ^ 1) == at && *a != last ^ 1)
        };
        let Some(arcs) = [forward, backward].into_iter().find(|arcs| fits(arcs)) else {
            return false;
        };
        path.extend(arcs);
        true
    }

    /// The bans of a path that ends where the turn is.
    fn at_end(&self, r: &Restriction, path: Vec<u32>, to: i64) -> Option<Vec<Ban>> {
        let end = self.head(*path.last()?);
        let target = only_one(self.arcs(to).filter(|a| self.head(*a ^ 1) == end))?;
        let ban =
            |next: u32| Ban { arcs: [path.as_slice(), &[next]].concat(), vehicles: r.vehicles };
        if !r.only {
            return Some(vec![ban(target)]);
        }
        let others = self.leaving.get(&end)?.iter().filter(|a| **a != target);
        Some(others.map(|a| ban(*a)).collect())
    }

    /// The arcs of a way, both directions.
    fn arcs(&self, way: i64) -> impl Iterator<Item = u32> + '_ {
        let segments = self.segments.get(&way).map_or(&[][..], Vec::as_slice);
        segments.iter().flat_map(|s| [s * 2, s * 2 + 1]).filter(|a| self.is_open(*a))
    }

    fn is_open(&self, arc: u32) -> bool {
        let s = &self.core.segments[(arc >> 1) as usize];
        s.kmh.iter().any(|k| k[(arc & 1) as usize] > 0)
    }

    fn head(&self, arc: u32) -> u32 {
        let s = &self.core.segments[(arc >> 1) as usize];
        if arc & 1 == 0 { s.to } else { s.from }
    }
}

fn only_one(mut arcs: impl Iterator<Item = u32>) -> Option<u32> {
    let first = arcs.next()?;
    arcs.next().is_none().then_some(first)
}
