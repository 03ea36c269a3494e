//! What is in the data.

use super::words;

words! {
    /// How the law weighs data.
    Class {
        /// About a person.
        Personal = "personal",
        /// Harms a person easily when it leaks (PIPL 28).
        Sensitive = "sensitive",
        /// Notified or published as important (DSL 21).
        Important = "important",
        /// Lifelines of the state (DSL 21).
        Core = "core",
    }
}

words! {
    /// A kind of data that some rule names.
    Kind {
        /// Name.
        Name = "name",
        /// Telephone, e-mail.
        Contact = "contact",
        /// Number of a resident's identity card.
        ResidentId = "resident_id",
        /// Picture of an identity paper.
        IdPhoto = "id_photo",
        /// Number of another identity paper.
        Passport = "passport",
        /// Postal address.
        Address = "address",
        /// One position.
        Location = "location",
        /// Positions in a row.
        Track = "track",
        /// Face images or templates.
        Face = "face",
        /// Other biometrics.
        Biometric = "biometric",
        /// Health.
        Health = "health",
        /// Number of a bank or payment account.
        FinancialAccount = "financial_account",
        /// A payment made.
        Payment = "payment",
        /// Of children under fourteen.
        Minor = "minor",
        /// Religion.
        Religion = "religion",
        /// A specific identity, such as a religious, disabled or convicted person's.
        SpecificIdentity = "specific_identity",
        /// Age or its bracket.
        Age = "age",
        /// Occupation.
        Occupation = "occupation",
        /// Education.
        Education = "education",
        /// Family relations.
        Kinship = "kinship",
        /// A résumé.
        Resume = "resume",
        /// Records of employees.
        Employee = "employee",
        /// What was inferred of a person's plans.
        Inferred = "inferred",
        /// Messages.
        Message = "message",
        /// Numbers of a device.
        DeviceId = "device_id",
        /// A trip of a ride-hailing platform.
        Trip = "trip",
        /// Business data of a ride-hailing platform.
        RideBusiness = "ride_business",
        /// Records of loads and runs.
        FreightRecord = "freight_record",
        /// Vehicle flow, logistics: what mirrors how the economy runs.
        Flow = "flow",
        /// Geography or flows at military and government sites.
        GeoSensitive = "geo_sensitive",
        /// Running of a charging network.
        Charging = "charging",
        /// Pictures from outside a car with faces or plates.
        OutsideVideo = "outside_video",
        /// Movements of strategic or dangerous goods, or of the army's.
        StrategicGoods = "strategic_goods",
        /// Staff lists of defence, government and key posts.
        KeyStaff = "key_staff",
        /// Surveying results and map coordinates.
        Map = "map",
        /// Human genomic data.
        Genomic = "genomic",
        /// Other human 'omic data.
        Omic = "omic",
        /// Data of a government's locations or officials (28 CFR 202.222).
        Government = "government",
        /// Political opinions, union membership, sex life (GDPR 9).
        Belief = "belief",
        /// Convictions (GDPR 10).
        Conviction = "conviction",
        /// Trade, transport, production without persons.
        Trade = "trade",
    }
}
