//! Topics: which of one's events a listener wants.

use std::str::FromStr;

use sarai_kernel::{Event, LaneId};

use crate::problem::Problem;

/// One topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Loads, offers, orders and their steps.
    Orders,
    /// Messages.
    Threads,
    /// Money.
    Wallet,
    /// Everything else about oneself.
    Me,
    /// The board that anybody may read.
    PublicBoard,
    /// One's standing subscription of a lane.
    Lane(LaneId),
}

/// Most topics of one stream: the four, the board, and every lane that one may have.
pub const TOPICS_MAX: usize = 55;

impl FromStr for Topic {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Ok(match text {
            "orders" => Self::Orders,
            "threads" => Self::Threads,
            "wallet" => Self::Wallet,
            "me" => Self::Me,
            "board:public" => Self::PublicBoard,
            other => {
                let lane = other.strip_prefix("board:").and_then(|id| id.parse().ok());
                Self::Lane(lane.ok_or_else(|| Problem::new("parameter_unknown"))?)
            }
        })
    }
}

/// The topics of one listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topics(Vec<Topic>);

impl Topics {
    /// Topics from a comma-separated list; all of one's own where none is given.
    pub fn parse(text: Option<&str>) -> Result<Self, Problem> {
        let Some(text) = text else {
            return Ok(Self(vec![Topic::Orders, Topic::Threads, Topic::Wallet, Topic::Me]));
        };
        let topics: Vec<Topic> =
            text.split(',').take(TOPICS_MAX + 1).map(str::parse).collect::<Result<_, _>>()?;
        if topics.len() > TOPICS_MAX {
            Err(Problem::new("parameter_unknown"))
        } else {
            Ok(Self(topics))
        }
    }

    /// Whether the public board is among them.
    pub fn public_board(&self) -> bool {
        self.0.contains(&Topic::PublicBoard)
    }

    /// Whether any is about the listener's own things.
    pub fn own(&self) -> bool {
        self.0.iter().any(|topic| *topic != Topic::PublicBoard)
    }

    /// Whether an event of one's own is wanted.
    pub fn wants(&self, event: &Event) -> bool {
        let lane = || event.subject.parse::<LaneId>().ok();
        let noun = event.kind.split('.').nth(1).unwrap_or_default();
        match noun {
            "message" | "thread" => self.has(Topic::Threads),
            "wallet" | "payment" | "posting" => self.has(Topic::Wallet),
            "lane" => self.has(Topic::Me) || lane().is_some_and(|lane| self.has(Topic::Lane(lane))),
            "load" | "offer" | "order" | "stop" | "track" | "dispute" | "rating" => {
                self.has(Topic::Orders)
            }
            _ => self.has(Topic::Me),
        }
    }

    fn has(&self, topic: Topic) -> bool {
        self.0.contains(&topic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_topics_are_taken() {
        let lane = "board:lane_01jd0000000000000000000000";
        assert!(Topics::parse(Some("orders,threads,wallet,me,board:public")).is_ok());
        assert!(Topics::parse(Some(lane)).is_ok());
        for wrong in
            ["", "order", "orders,", "board:", "board:load_01jd0000000000000000000000", " orders"]
        {
            assert!(Topics::parse(Some(wrong)).is_err(), "{wrong}");
        }
        let many = vec![lane; TOPICS_MAX + 1].join(",");
        assert!(Topics::parse(Some(&many)).is_err());
        assert!(Topics::parse(Some(&vec![lane; TOPICS_MAX].join(","))).is_ok());
    }
}
