//! The figures that an operator sets: fees, bounds, prices by rule. Defaults run.

use sarai_kernel::{Currency, time::DAY};
use serde::{Deserialize, Serialize};

/// The market's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FreightRules {
    /// Currency of all freight.
    pub currency: Currency,
    /// Zone in which days are meant where nobody says another.
    pub zone: String,
    /// From the trucker, basis points of the price.
    pub trucker_fee_bp: u32,
    /// From the shipper, on top, basis points of the price.
    pub shipper_fee_bp: u32,
    /// Least fee where there is one.
    pub fee_min_minor: i64,
    /// Insurance a run, from the trucker; 0 where none is sold.
    pub insurance_minor: i64,
    /// Largest deposit.
    pub deposit_max_minor: i64,
    /// Largest deposit that a new poster may ask for.
    pub deposit_new_poster_max_minor: i64,
    /// Completed orders from which on a poster is not new.
    pub new_poster_orders: u64,
    /// Least price.
    pub price_min_minor: i64,
    /// Largest price.
    pub price_max_minor: i64,
    /// Least price per kilometre; `None` sets no floor.
    pub floor_per_km_minor: Option<i64>,
    /// Largest price per kilometre; `None` sets no ceiling.
    pub ceiling_per_km_minor: Option<i64>,
    /// An empty run to a gate, per kilometre.
    pub empty_run_per_km_minor: i64,
    /// An hour of waiting at a gate.
    pub waiting_hour_minor: i64,
    /// Goods that may not be posted: words in their name, lower case.
    pub banned_words: Vec<String>,
    /// Whether anybody may read the public board.
    pub public_board: bool,
    /// How long a load stays open without being renewed.
    pub open_micros_max: i64,
}

impl Default for FreightRules {
    fn default() -> Self {
        let banned = [
            "explosive",
            "fireworks",
            "firearm",
            "ammunition",
            "narcotic",
            "radioactive",
            "wild animal",
            "炸药",
            "烟花",
            "爆竹",
            "枪支",
            "弹药",
            "毒品",
            "放射性",
            "野生动物",
        ];
        Self {
            currency: Currency::CNY,
            zone: "Asia/Shanghai".to_owned(),
            trucker_fee_bp: 200,
            shipper_fee_bp: 0,
            fee_min_minor: 100,
            insurance_minor: 0,
            deposit_max_minor: 200_000,
            deposit_new_poster_max_minor: 20_000,
            new_poster_orders: 3,
            price_min_minor: 1_000,
            price_max_minor: 100_000_000,
            floor_per_km_minor: None,
            ceiling_per_km_minor: None,
            empty_run_per_km_minor: 200,
            waiting_hour_minor: 5_000,
            banned_words: banned.map(str::to_owned).to_vec(),
            public_board: true,
            open_micros_max: 7 * DAY,
        }
    }
}
