//! The closed words of the trade: bodies, cargo, price modes, handling, sides.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal,)+ })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$each])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every word, in the order of the wire.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word on the wire.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// This word's bit in a set of words.
            pub const fn bit(self) -> u32 {
                1 << self as u32
            }
        }
    )*};
}

words! {
    /// What a truck's body is.
    Body {
        /// Open platform.
        Flatbed = "flatbed",
        /// High side boards.
        HighSide = "high_side",
        /// Closed box.
        Box = "box",
        /// Curtain sides.
        Curtain = "curtain",
        /// Low bed for machines.
        LowBed = "low_bed",
        /// Refrigerated.
        Reefer = "reefer",
        /// Tank.
        Tanker = "tanker",
        /// Tipping body.
        Dump = "dump",
        /// Van.
        Van = "van",
    }
    /// What sort of goods.
    CargoKind {
        /// Steel.
        Steel = "steel",
        /// Machines.
        Machinery = "machinery",
        /// Building material.
        Building = "building",
        /// Food.
        Food = "food",
        /// Fresh produce.
        Produce = "produce",
        /// Chemicals that are not dangerous goods.
        Chemicals = "chemicals",
        /// Textiles.
        Textiles = "textiles",
        /// Parcels.
        Parcels = "parcels",
        /// Furniture.
        Furniture = "furniture",
        /// Electronics.
        Electronics = "electronics",
        /// Paper.
        Paper = "paper",
        /// Parts of vehicles.
        AutoParts = "auto_parts",
        /// Something else.
        Other = "other",
    }
    /// How goods are loaded.
    Handling {
        /// By hand.
        ByHand = "by_hand",
        /// Fork-lift.
        Forklift = "forklift",
        /// Crane.
        Crane = "crane",
        /// Conveyor.
        Conveyor = "conveyor",
    }
    /// How a price is found.
    PriceMode {
        /// The shown price, first come first served.
        OnePrice = "one_price",
        /// By offer and counter-offer.
        Bargain = "bargain",
        /// Closed bids until a moment.
        SealedBid = "sealed_bid",
    }
    /// What happens at a stop.
    StopKind {
        /// Goods come on.
        Pickup = "pickup",
        /// Goods go off.
        Drop = "drop",
    }
    /// The two sides of an order.
    Side {
        /// Who has goods.
        Shipper = "shipper",
        /// Who has a truck.
        Trucker = "trucker",
    }
    /// Colour of a plate.
    PlateColour {
        /// Heavy trucks.
        Yellow = "yellow",
        /// Light vehicles.
        Blue = "blue",
        /// New-energy light vehicles.
        Green = "green",
        /// New-energy heavy trucks.
        YellowGreen = "yellow_green",
    }
    /// From where a distance comes.
    Basis {
        /// From the imported roads.
        Road = "road",
        /// Great circle times a stated factor.
        Estimated = "estimated",
    }
}

impl Side {
    /// The side across the table.
    pub const fn other(self) -> Self {
        match self {
            Self::Shipper => Self::Trucker,
            Self::Trucker => Self::Shipper,
        }
    }
}

/// Truck lengths that the market knows, in millimetres, rising.
pub const LENGTHS_MM: [u32; 16] = [
    1_800, 2_700, 3_800, 4_200, 5_000, 6_200, 6_800, 7_700, 8_200, 8_700, 9_600, 11_700, 13_000,
    13_700, 15_000, 17_500,
];

/// The set of lengths as bits, in the order of [`LENGTHS_MM`]; unknown lengths set none.
pub fn lengths_bits(lengths: &[u32]) -> u32 {
    lengths
        .iter()
        .filter_map(|length| LENGTHS_MM.iter().position(|known| known == length))
        .fold(0, |bits, place| bits | 1 << place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_written_as_it_is_named() {
        for body in Body::ALL {
            assert_eq!(serde_json::to_value(body).unwrap(), body.word());
        }
        assert!(serde_json::from_str::<Body>("\"Flatbed\"").is_err());
    }

    #[test]
    fn bits_of_words_and_lengths_do_not_meet() {
        let all = Body::ALL.iter().fold(0, |bits, body| {
            assert_eq!(bits & body.bit(), 0);
            bits | body.bit()
        });
        assert_eq!(all.count_ones() as usize, Body::ALL.len());
        assert_eq!(lengths_bits(&[1_800, 17_500, 42]).count_ones(), 2);
    }
}
