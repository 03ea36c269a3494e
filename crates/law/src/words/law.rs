//! What the law asks for.

use super::words;

words! {
    /// Whose law is asked. Each has a pack of the same name.
    Jurisdiction {
        /// China.
        Cn = "cn",
        /// The United States.
        Us = "us",
        /// The European Union.
        Eu = "eu",
    }
}

words! {
    /// Something that must be in place.
    Requirement {
        /// The official standard contract, in effect.
        StandardContract = "standard_contract",
        /// Certification of outbound transfers.
        Certification = "certification",
        /// A passed security assessment of the outbound transfer.
        SecurityAssessment = "security_assessment",
        /// The standard contract of the Greater Bay Area.
        GreaterBayContract = "greater_bay_contract",
        /// A passed cybersecurity review.
        CybersecurityReview = "cybersecurity_review",
        /// The persons were told.
        Notice = "notice",
        /// Consent.
        Consent = "consent",
        /// Separate consent to sending it abroad.
        ConsentOutbound = "consent_outbound",
        /// Separate consent to giving it to another handler.
        ConsentShare = "consent_share",
        /// Separate consent to publication.
        ConsentPublish = "consent_publish",
        /// Separate consent to another use of a public camera's pictures.
        ConsentCamera = "consent_camera",
        /// Separate consent to sensitive data.
        ConsentSensitive = "consent_sensitive",
        /// Consent of a parent or guardian.
        ConsentGuardian = "consent_guardian",
        /// The impact assessment is done and kept.
        ImpactAssessment = "impact_assessment",
        /// The competent authority approved this very provision.
        Approval = "approval",
        /// Encrypted on the way and at rest.
        Encryption = "encryption",
        /// A contract with the processor.
        ProcessorContract = "processor_contract",
        /// GDPR 46(2)(c): standard contractual clauses with a transfer impact assessment.
        StandardClauses = "standard_clauses",
        /// GDPR 47: binding corporate rules.
        BindingRules = "binding_rules",
        /// GDPR 46(2)(e)-(f): approved code or certification.
        CodeOrCertificate = "code_or_certificate",
        /// 28 CFR 202.302: a contract that bars onward transfer.
        OnwardBan = "onward_ban",
        /// 28 CFR 202.248: CISA's security requirements.
        CisaSecurity = "cisa_security",
        /// 28 CFR 202.1001-1002: due diligence programme and audit.
        DiligenceAndAudit = "diligence_and_audit",
    }
}

words! {
    /// A consent that stands.
    Consent {
        /// To the processing itself.
        Plain = "plain",
        /// PIPL 39.
        Outbound = "outbound",
        /// PIPL 23.
        Share = "share",
        /// PIPL 25.
        Publish = "publish",
        /// PIPL 26.
        Camera = "camera",
        /// PIPL 29.
        Sensitive = "sensitive",
        /// PIPL 31.
        Guardian = "guardian",
    }
}

impl Consent {
    /// The requirement that it meets.
    pub const fn meets(self) -> Requirement {
        match self {
            Self::Plain => Requirement::Consent,
            Self::Outbound => Requirement::ConsentOutbound,
            Self::Share => Requirement::ConsentShare,
            Self::Publish => Requirement::ConsentPublish,
            Self::Camera => Requirement::ConsentCamera,
            Self::Sensitive => Requirement::ConsentSensitive,
            Self::Guardian => Requirement::ConsentGuardian,
        }
    }
}

words! {
    /// What an exemption lifts. Only rules that name it are lifted.
    Lift {
        /// Filing, certification and assessment in China.
        CnFiling = "cn.filing",
        /// The tools of GDPR chapter V.
        EuTool = "eu.tool",
        /// 28 CFR 202.
        UsProgram = "us.program",
    }
}

words! {
    /// A day from which, or before which, a term runs.
    Event {
        /// The transfer.
        Transfer = "transfer",
        /// The standard contract took effect.
        ContractEffective = "contract_effective",
        /// The security assessment ends.
        AssessmentExpires = "assessment_expires",
        /// The certificate ends.
        CertificateExpires = "certificate_expires",
        /// The application for assessment was handed in at the province.
        AssessmentFiled = "assessment_filed",
        /// The assessment was taken up in writing.
        AssessmentAccepted = "assessment_accepted",
        /// The result of the assessment arrived.
        AssessmentResult = "assessment_result",
        /// All materials for a cybersecurity review were there.
        ReviewMaterials = "review_materials",
        /// The party was told in writing that it is reviewed.
        ReviewOpened = "review_opened",
        /// The draft conclusion reached the departments.
        ReviewDraft = "review_draft",
        /// The special procedure began.
        ReviewSpecial = "review_special",
        /// A leak or its likelihood was found.
        BreachFound = "breach_found",
        /// A flaw that touches national security or the public was found.
        FlawFound = "flaw_found",
        /// The number of persons reached one million.
        ReachedMillion = "reached_million",
        /// The number of stored faces reached 100,000.
        FacesReached = "faces_reached",
        /// A person's request came in.
        RequestReceived = "request_received",
        /// A complaint came in.
        ComplaintReceived = "complaint_received",
        /// The yearly risk assessment was finished.
        RiskAssessed = "risk_assessed",
        /// The last audit was finished.
        LastAudit = "last_audit",
        /// The year's last day.
        YearEnd = "year_end",
        /// A forbidden offer of a prohibited transaction was rejected.
        OfferRejected = "offer_rejected",
        /// A breach of the onward ban became known.
        OnwardBreach = "onward_breach",
    }
}
