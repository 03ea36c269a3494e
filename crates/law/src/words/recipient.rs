//! To whom, what for, and on what it rests.

use super::words;

words! {
    /// What the recipient is to the operator.
    RecipientKind {
        /// The operator itself: a server or a desk elsewhere.
        Own = "own",
        /// A company of the same group.
        GroupCompany = "group_company",
        /// Works on the operator's orders.
        Processor = "processor",
        /// Decides for itself.
        Handler = "handler",
        /// Deals in data.
        Broker = "broker",
        /// Everybody: publication.
        Public = "public",
        /// The person whom the data is about, or somebody whom that person named.
        Person = "person",
        /// An authority of the operator's own country.
        HomeAuthority = "home_authority",
        /// A court or agency of another country.
        ForeignAuthority = "foreign_authority",
    }
}

words! {
    /// What for.
    Aim {
        /// The service that the person asked for.
        Service = "service",
        /// Matching.
        Match = "match",
        /// Payment.
        Settle = "settle",
        /// Help to users.
        Support = "support",
        /// Safety of persons.
        Safety = "safety",
        /// Advertising.
        Marketing = "marketing",
        /// Profiles.
        Profiling = "profiling",
        /// A statutory duty.
        Statutory = "statutory",
        /// Research.
        Research = "research",
        /// A hiring decision in which the recipient takes part.
        Hiring = "hiring",
        /// Management of employees.
        Hr = "hr",
        /// A copy for safety's sake.
        Backup = "backup",
        /// A court case.
        Litigation = "litigation",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// On what the processing rests (PIPL 13, GDPR 6).
    Basis {
        /// Nothing was named.
        None = "none",
        /// Consent.
        Consent = "consent",
        /// A contract with the person.
        Contract = "contract",
        /// Lawful rules of work and a collective contract.
        Hr = "hr",
        /// A statutory duty.
        Statutory = "statutory",
        /// Life, health or property in an emergency.
        Emergency = "emergency",
        /// News in the public interest.
        News = "news",
        /// Already lawfully public.
        AlreadyPublic = "already_public",
        /// A task in the public interest (GDPR 6(1)(e)).
        PublicTask = "public_task",
        /// A legitimate interest (GDPR 6(1)(f)); no basis in China.
        LegitimateInterest = "legitimate_interest",
        /// Another law.
        OtherLaw = "other_law",
    }
}

words! {
    /// The kind of dealing, in the words of 28 CFR 202.
    Deal {
        /// None of these.
        None = "none",
        /// Data brokerage.
        Brokerage = "brokerage",
        /// Vendor agreement.
        Vendor = "vendor",
        /// Employment agreement.
        Employment = "employment",
        /// Investment agreement, not passive.
        Investment = "investment",
    }
}

words! {
    /// A ground that is claimed and documented for an exemption.
    Ground {
        /// No personal and no important data in it (CBDF 3).
        NoPersonalData = "no_personal_data",
        /// Collected abroad, processed at home, sent out again (CBDF 4).
        Transit = "transit",
        /// A contract with the person cannot be made or kept without (CBDF 5(1)).
        ContractNecessity = "contract_necessity",
        /// Employees across borders, with rules and a collective contract (CBDF 5(2)).
        HrManagement = "hr_management",
        /// Life, health or property in an emergency (CBDF 5(3)).
        Emergency = "emergency",
        /// A statutory duty (NDSR 35(6)).
        StatutoryDuty = "statutory_duty",
        /// Registered in a free-trade zone, outside of its negative list (CBDF 6).
        FreeTradeZone = "free_trade_zone",
        /// Recipient in the Greater Bay Area under its standard contract.
        GreaterBay = "greater_bay",
        /// Certified under the EU-US framework.
        EuUsFramework = "eu_us_framework",
        /// Commercial organisation under Canada's federal act.
        CanadaCommercial = "canada_commercial",
        /// GDPR 49(1)(a).
        ExplicitConsent = "explicit_consent",
        /// GDPR 49(1)(d).
        PublicInterest = "public_interest",
        /// GDPR 49(1)(e).
        LegalClaims = "legal_claims",
        /// 28 CFR 202.501: personal communications.
        PersonalCommunication = "personal_communication",
        /// 28 CFR 202.504: official business of the United States.
        OfficialBusiness = "official_business",
        /// 28 CFR 202.505: ordinarily incident to financial services.
        FinancialServices = "financial_services",
        /// 28 CFR 202.506: inside a corporate group, ancillary to the business.
        CorporateGroup = "corporate_group",
        /// 28 CFR 202.507: required by federal law or treaty.
        FederalLaw = "federal_law",
        /// 28 CFR 202.509: telecommunications services.
        Telecommunications = "telecommunications",
    }
}
