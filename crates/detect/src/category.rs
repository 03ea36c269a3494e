//! Sorts of data and the class that the law gives each, by source and date.

use crate::{Knowledge, Reading};

/// Legal class, from the least to the most guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// About no person by itself.
    General,
    /// About an organisation; of a sole trader it points to a person.
    Organisation,
    /// Personal information.
    Personal,
    /// Sensitive personal information (PIPL article 28).
    Sensitive,
    /// Opens something: a key, a password, a token.
    Credential,
    /// May be important data (GB/T 43697-2024 annex G): a person must judge, by field, region, precision and scale.
    ImportantCandidate,
}

macro_rules! categories {
    ($($category:ident $code:literal $class:ident;)*) => {
        /// A sort of data, finer than a class and wider than a kind.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Category { $(#[doc = $code] $category,)* }

        /// Every category.
        pub const CATEGORIES: &[Category] = &[$(Category::$category,)*];

        impl Category {
            /// Stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$category => $code,)* }
            }

            /// Its class where no dated source says otherwise.
            pub fn class(self) -> Class {
                match self { $(Self::$category => Class::$class,)* }
            }
        }
    };
}

categories! {
    IdResident "id.resident" Personal;
    IdResidencePermit "id.residence_permit" Personal;
    IdForeignPermanent "id.foreign_permanent" Personal;
    IdPassport "id.passport" Personal;
    IdPermitHm "id.permit_hm" Personal;
    IdPermitTw "id.permit_tw" Personal;
    IdTravelPermit "id.travel_permit" Personal;
    IdHkid "id.hkid" Personal;
    IdTw "id.tw" Personal;
    IdDriverLicence "id.driver_licence" Personal;
    IdDriverQualification "id.driver_qualification" Personal;
    IdSocial "id.social" Personal;
    IdMilitary "id.military" Sensitive;
    IdSsn "id.ssn" Personal;
    IdItin "id.itin" Personal;
    IdNino "id.nino" Personal;
    IdAadhaar "id.aadhaar" Personal;
    IdSnils "id.snils" Personal;
    IdCccd "id.cccd" Personal;
    IdRrn "id.rrn" Personal;
    IdMynumber "id.mynumber" Personal;
    IdNric "id.nric" Personal;
    IdCpf "id.cpf" Personal;
    IdNir "id.nir" Personal;
    IdDni "id.dni" Personal;
    IdMrz "id.mrz" Personal;
    TaxPan "tax.pan" Personal;
    TaxInn "tax.inn" Personal;
    TaxSteuer "tax.steuer" Personal;
    ContactMobile "contact.mobile" Personal;
    ContactLandline "contact.landline" Personal;
    ContactPhone "contact.phone" Personal;
    ContactEmail "contact.email" Personal;
    ContactAddress "contact.address" Personal;
    ContactPostcode "contact.postcode" Personal;
    ContactList "contact.list" Sensitive;
    FinanceCard "finance.card" Sensitive;
    FinanceAccount "finance.account" Sensitive;
    FinanceIban "finance.iban" Sensitive;
    FinanceCvv "finance.cvv" Sensitive;
    FinanceAmount "finance.amount" Personal;
    OrgPhone "org.phone" General;
    OrgUscc "org.uscc" Organisation;
    OrgCode "org.code" Organisation;
    OrgReg "org.reg" Organisation;
    OrgLicence "org.licence" Organisation;
    OrgEin "org.ein" Organisation;
    OrgBic "org.bic" Organisation;
    OrgName "org.name" Organisation;
    VehiclePlate "vehicle.plate" Personal;
    VehicleVin "vehicle.vin" Personal;
    VehicleEngine "vehicle.engine" Personal;
    VehiclePermit "vehicle.permit" Personal;
    OrderWaybill "order.waybill" Personal;
    AccountWechat "account.wechat" Personal;
    AccountOpenid "account.openid" Personal;
    AccountQq "account.qq" Personal;
    AccountAlipay "account.alipay" Personal;
    AccountUser "account.user" Personal;
    LocationPrecise "location.precise" Personal;
    LocationTrack "location.track" Sensitive;
    LocationPlace "location.place" General;
    LocationFlow "location.flow" ImportantCandidate;
    DeviceImei "device.imei" Personal;
    DeviceImsi "device.imsi" Personal;
    DeviceIccid "device.iccid" Personal;
    DeviceMac "device.mac" Personal;
    DeviceAndroidId "device.android_id" Personal;
    DeviceAdId "device.ad_id" Personal;
    DeviceId "device.id" Personal;
    DeviceAppList "device.app_list" Personal;
    DeviceClipboard "device.clipboard" Personal;
    PhotoAlbum "photo_album" Personal;
    NetIp "net.ip" Personal;
    NetUrl "net.url" General;
    SecretPassword "credential.password" Credential;
    SecretKey "credential.key" Credential;
    SecretPrivateKey "credential.private_key" Credential;
    SecretToken "credential.token" Credential;
    HealthNhs "health.nhs" Sensitive;
    HealthRecord "health.record" Sensitive;
    PersonName "person.name" Personal;
    PersonBirthDate "person.birth_date" Personal;
    PersonAge "person.age" Personal;
    PersonAgeBand "profile.age_band" Personal;
    PersonGender "person.gender" Personal;
    PersonGroup "person.group" Personal;
    PersonEthnicity "person.ethnicity" Personal;
    PersonReligion "person.religion" Sensitive;
    PersonMarriage "person.marriage" Personal;
    PersonOccupation "profile.occupation" Personal;
    PersonEducation "profile.education" Personal;
    SocialKinship "social.kinship" Personal;
    AddressHome "address.home" Personal;
    AddressWork "address.work" Personal;
    BiometricFace "biometric.face" Sensitive;
    BiometricVoice "biometric.voice" Sensitive;
    BiometricFinger "biometric.fingerprint" Sensitive;
    BiometricGene "biometric.gene" Sensitive;
    InferredIntent "inferred.travel_intent" Personal;
    InferredHomeCity "inferred.home_city" Personal;
    InferredTripKind "inferred.trip_kind" Personal;
    TimeDate "time.date" General;
    NumberSerial "number.serial" General;
}

const GBT_35273: &str = "GB/T 35273-2020 annex B";
const GBT_45574: &str = "GB/T 45574-2025";
const FROM_45574: &str = "2025-11-01";

const fn until_45574(knowledge: Knowledge) -> Reading {
    Reading { class: Class::Sensitive, source: GBT_35273, from: "", until: FROM_45574, knowledge }
}

const fn from_45574(class: Class, knowledge: Knowledge) -> Reading {
    Reading { class, source: GBT_45574, from: FROM_45574, until: "", knowledge }
}

/// The number of the resident card: sensitive by the older standard, not listed by the newer one, whose list has
/// the photograph of the card.
const RESIDENT: &[Reading] =
    &[until_45574(Knowledge::Tested), from_45574(Class::Personal, Knowledge::Tested)];
/// Numbers of other identity documents, of which the newer standard is read as of the resident card.
const DOCUMENT: &[Reading] =
    &[until_45574(Knowledge::Memory), from_45574(Class::Personal, Knowledge::Memory)];
/// A single precise position: sensitive by the older standard, "other" by the newer one; a series is a track.
const POSITION: &[Reading] =
    &[until_45574(Knowledge::Memory), from_45574(Class::Personal, Knowledge::Memory)];

impl Category {
    /// Readings of its class by dated sources; empty where only [`Category::class`] speaks.
    pub fn readings(self) -> &'static [Reading] {
        use Category as C;
        match self {
            C::IdResident | C::IdSocial => RESIDENT,
            C::IdResidencePermit
            | C::IdForeignPermanent
            | C::IdPassport
            | C::IdPermitHm
            | C::IdPermitTw
            | C::IdTravelPermit
            | C::IdDriverLicence => DOCUMENT,
            C::LocationPrecise => POSITION,
            _ => &[],
        }
    }

    /// The strictest class that a source in force on this day gives; `day` is ISO 8601.
    pub fn class_on(self, day: &str) -> Class {
        let in_force = |r: &&Reading| r.from <= day && (r.until.is_empty() || day < r.until);
        self.readings().iter().filter(in_force).map(|r| r.class).max().unwrap_or(self.class())
    }

    /// The category that has this code.
    pub fn from_code(code: &str) -> Option<Self> {
        CATEGORIES.iter().copied().find(|category| category.code() == code)
    }
}
