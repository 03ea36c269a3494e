//! The words of the order's table: states, actions, who acts, the facts a guard asks for, and what a step brings about.

use std::fmt;

use sarai_kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    rules::money::{MoneyMove, Split, Terms},
    words::StopKind,
};

/// Why an order was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The sums were never there.
    Unfunded,
    /// The shipper, in the free time.
    ShipperFree,
    /// The shipper, later.
    ShipperLate,
    /// The trucker, in the free time.
    TruckerFree,
    /// The trucker, later.
    TruckerLate,
    /// No truck came.
    NoShow,
    /// The truck came and was not used.
    TruckUnused,
    /// By a ruling.
    Ruled,
}

impl Reason {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unfunded => "unfunded",
            Self::ShipperFree => "shipper_free",
            Self::ShipperLate => "shipper_late",
            Self::TruckerFree => "trucker_free",
            Self::TruckerLate => "trucker_late",
            Self::NoShow => "no_show",
            Self::TruckUnused => "truck_unused",
            Self::Ruled => "ruled",
        }
    }
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Agreed; the sums are not there yet.
    AwaitingFunds,
    /// Both sums are held.
    Booked {
        /// The shipper said that no truck came.
        no_show: bool,
    },
    /// At a stop.
    AtStop {
        /// Which, from 0.
        stop: u8,
        /// Loaded or unloaded there.
        served: bool,
    },
    /// On the way to a stop.
    UnderWay {
        /// Which.
        to: u8,
    },
    /// The last stop was served.
    Delivered,
    /// Signed for and paid.
    Completed,
    /// Ended before delivery.
    Cancelled {
        /// Why.
        reason: Reason,
    },
}

impl State {
    /// The word on the wire, without its numbers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AwaitingFunds => "awaiting_funds",
            Self::Booked { .. } => "booked",
            Self::AtStop { .. } => "at_stop",
            Self::UnderWay { .. } => "under_way",
            Self::Delivered => "delivered",
            Self::Completed => "completed",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    /// Whether nothing is held any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled { .. })
    }

    /// Whether the sums are held: between booking and the end.
    pub const fn is_held(self) -> bool {
        !self.is_over() && !matches!(self, Self::AwaitingFunds)
    }

    /// Whether the run goes on: from booking until the last stop is served.
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Booked { .. } | Self::AtStop { .. } | Self::UnderWay { .. })
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Booked { no_show: true } => f.write_str("booked/no_show"),
            Self::AtStop { stop, served: false } => write!(f, "at_stop/{stop}"),
            Self::AtStop { stop, served: true } => write!(f, "at_stop/{stop}/served"),
            Self::UnderWay { to } => write!(f, "under_way/{to}"),
            other => f.write_str(other.word()),
        }
    }
}

/// The overlay of a dispute: the truck still has to arrive, only releases are frozen while it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dispute {
    /// There is none.
    #[default]
    None,
    /// Open: nothing is released.
    Open,
    /// Ruled on.
    Ruled,
}

/// State and overlay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Where it stands.
    #[serde(flatten)]
    pub state: State,
    /// The overlay.
    #[serde(default)]
    pub dispute: Dispute,
}

impl Standing {
    /// Agreed just now.
    pub const AGREED: Self = Self { state: State::AwaitingFunds, dispute: Dispute::None };
}

/// Why somebody cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum CancelReason {
    /// Other plans.
    PlansChanged,
    /// The truck broke down.
    TruckTrouble,
    /// The goods are not what was posted.
    CargoDiffers,
    /// Nobody loads the truck.
    NotLoaded,
    /// Something else.
    Other,
}

/// Everything that can be tried on an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Set both sums aside.
    Fund,
    /// 30 minutes without the sums.
    Lapse,
    /// Name driver and vehicle.
    Assign,
    /// Be at stop k.
    Arrive(u8),
    /// Load or unload at stop k.
    Serve(u8),
    /// The shipper confirms the loading at stop k instead of giving the code.
    ConfirmLoaded(u8),
    /// Leave stop k.
    Leave(u8),
    /// The shipper signs.
    SignOff,
    /// 48 hours after delivery.
    SignOffByTime,
    /// Open a dispute.
    Dispute,
    /// Rule: it goes on.
    RuleContinue,
    /// Rule: it ends, by a split.
    RuleEnd,
    /// A dispute waits for too long.
    DisputeOverdue,
    /// Walk away.
    Cancel(CancelReason),
    /// No truck came.
    ReportNoShow,
    /// The trucker objects to that.
    Object,
    /// 12 hours without objection.
    NoShowByTime,
    /// The receiver does not take the goods.
    RefuseGoods,
    /// 120 minutes at a stop.
    WaitingByTime,
    /// Silent or late on the road.
    OverdueByTime,
    /// 72 hours without a step.
    StallByTime,
    /// Hidden damage, after the end.
    Claim,
}

impl Action {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fund => "fund",
            Self::Lapse => "lapse",
            Self::Assign => "assign",
            Self::Arrive(_) => "arrive",
            Self::Serve(_) => "serve",
            Self::ConfirmLoaded(_) => "confirm_loaded",
            Self::Leave(_) => "leave",
            Self::SignOff => "sign_off",
            Self::SignOffByTime => "sign_off_by_time",
            Self::Dispute => "dispute",
            Self::RuleContinue => "rule_continue",
            Self::RuleEnd => "rule_end",
            Self::DisputeOverdue => "dispute_overdue",
            Self::Cancel(_) => "cancel",
            Self::ReportNoShow => "report_no_show",
            Self::Object => "object",
            Self::NoShowByTime => "no_show_by_time",
            Self::RefuseGoods => "refuse_goods",
            Self::WaitingByTime => "waiting_by_time",
            Self::OverdueByTime => "overdue_by_time",
            Self::StallByTime => "stall_by_time",
            Self::Claim => "claim",
        }
    }
}

/// Who acts on an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Who has the goods.
    Shipper,
    /// Who took the order.
    Trucker,
    /// The person on this run.
    Driver,
    /// The house itself: time has passed.
    System,
    /// Staff who rules on money.
    Money,
}

/// What became of a code that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeShown {
    /// None was shown.
    Missing,
    /// The right one.
    Right,
    /// A wrong one, and so many tries are left.
    Wrong {
        /// Tries left after this one.
        tries_left: u8,
    },
    /// Wrong too often: a new one must be made.
    Spent,
}

/// What the guards ask for. Built from stored facts and from what the actor shows.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What happens at each stop.
    pub stops: &'a [StopKind],
    /// The money agreed on.
    pub terms: &'a Terms,
    /// When it was agreed.
    pub agreed_at: Timestamp,
    /// When it was booked.
    pub booked_at: Option<Timestamp>,
    /// When loading may begin.
    pub pickup_from: Timestamp,
    /// When loading must have begun.
    pub pickup_to: Timestamp,
    /// When the truck came to the present stop.
    pub arrived_at: Option<Timestamp>,
    /// The last step of the run.
    pub step_at: Timestamp,
    /// When the truck is expected at the next stop.
    pub eta: Option<Timestamp>,
    /// The last sign of life on the road.
    pub heard_at: Option<Timestamp>,
    /// When the last stop was served.
    pub delivered_at: Option<Timestamp>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// When no-show was reported.
    pub no_show_at: Option<Timestamp>,
    /// When the dispute was opened.
    pub dispute_at: Option<Timestamp>,
    /// The step that runs by time was told before for this state.
    pub told: bool,
    /// Both sums are there.
    pub funds: bool,
    /// A driver and a vehicle are named.
    pub assigned: bool,
    /// Papers of driver and vehicle hold until the last window.
    pub papers_hold: bool,
    /// Within 1 km of the stop.
    pub at_place: bool,
    /// A photo is shown.
    pub photo: bool,
    /// A reason is given.
    pub reason: bool,
    /// A weight is given.
    pub mass: bool,
    /// The code of the stop.
    pub code: CodeShown,
    /// The shipper confirmed the loading of the present stop.
    pub confirmed: bool,
    /// What the empty run costs by rule, in minor units.
    pub empty_run_minor: i64,
    /// What an hour of waiting costs by rule, in minor units.
    pub waiting_hour_minor: i64,
    /// The ruling's division of the held sums.
    pub split: Option<Split>,
}

/// What a step brings about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Where the order stands after it.
    pub standing: Standing,
    /// What happens to the money.
    pub money: MoneyMove,
    /// The fact to be recorded.
    pub event: &'static str,
    /// The load is opened again, if its window lasts.
    pub reopens_load: bool,
}
