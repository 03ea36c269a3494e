//! Who acts.

use super::words;

words! {
    /// How the law sees who acts.
    Operator {
        /// Anybody else.
        Ordinary = "ordinary",
        /// An operator of critical information infrastructure, as notified by its authority.
        Ciio = "ciio",
    }
}

words! {
    /// The trade that rules of one trade look at. An operator may be in several.
    Sector {
        /// Matches shippers and trucks, and is no carrier.
        Freight = "freight",
        /// Signs as the carrier: network freight operation.
        NetworkFreight = "network_freight",
        /// A platform of ride-hailing.
        Ride = "ride",
        /// Recruitment.
        Jobs = "jobs",
        /// Works with data of motor vehicles; mobility services count.
        Automobile = "automobile",
        /// Distributes apps.
        AppStore = "app_store",
        /// Surveys or draws maps.
        Map = "map",
        /// Any other.
        Other = "other",
    }
}

words! {
    /// Where shares are listed or to be listed.
    Venue {
        /// Nowhere.
        None = "none",
        /// In mainland China.
        Domestic = "domestic",
        /// In Hong Kong, which is no foreign country.
        Hk = "hk",
        /// In a foreign country.
        Foreign = "foreign",
    }
}
