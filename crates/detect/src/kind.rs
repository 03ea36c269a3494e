//! What can be found: one row a kind, with its category, its legal class and how its format is known.

use crate::{Category, Class};

/// How the format of a kind is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Knowledge {
    /// The rule was run on generated or published values.
    Tested,
    /// The format stands here from memory and was not held against its standard's text.
    Memory,
}

/// A reading of a kind's class by one source, in force between two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The class by this source.
    pub class: Class,
    /// The source.
    pub source: &'static str,
    /// First day in force, ISO 8601; empty where it always was.
    pub from: &'static str,
    /// First day no longer in force, ISO 8601; empty where it still is.
    pub until: &'static str,
    /// Whether the source's text was read for this line.
    pub knowledge: Knowledge,
}

/// What is known about a kind.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// The kind.
    pub kind: Kind,
    /// Stable code, `country.name` where one country issues it.
    pub code: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// Name in Chinese.
    pub zh: &'static str,
    /// What sort of data it is.
    pub category: Category,
    /// The standard or the rule that the format and check come from.
    pub standard: &'static str,
    /// How the format is known.
    pub knowledge: Knowledge,
}

macro_rules! kinds {
    ($($kind:ident $code:literal $en:literal $zh:literal $category:ident $standard:literal $knowledge:ident;)*) => {
        /// A kind of data that the engine finds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Kind { $(#[doc = $en] $kind,)* }

        /// Every kind with what is known about it, in the order of [`Kind`].
        pub const KINDS: &[Facts] = &[$(Facts {
            kind: Kind::$kind, code: $code, en: $en, zh: $zh, category: Category::$category,
            standard: $standard, knowledge: Knowledge::$knowledge,
        },)*];
    };
}

kinds! {
    ResidentId "cn.resident_id" "Chinese resident identity number" "居民身份证号码" IdResident "GB 11643-1999, ISO 7064 MOD 11-2" Tested;
    ResidentId15 "cn.resident_id_15" "Chinese resident identity number of 15 digits" "15位身份证号码" IdResident "GB 11643-1989" Memory;
    ResidencePermitHmt "cn.residence_permit_hmt" "Residence permit for Hong Kong, Macau and Taiwan residents" "港澳台居民居住证号码" IdResidencePermit "18 digits as GB 11643" Memory;
    ForeignPermanent "cn.foreign_pr_card_2023" "Chinese permanent resident card of a foreigner" "外国人永久居留身份证号码" IdForeignPermanent "18 digits as GB 11643, from 2023-12" Memory;
    Mobile "cn.mobile" "Chinese mobile number" "手机号码" ContactMobile "national numbering plan" Tested;
    Landline "cn.landline" "Chinese fixed telephone number" "固定电话号码" ContactLandline "national numbering plan" Memory;
    ServicePhone "cn.phone_400_95" "Chinese service number of an organisation" "400/95服务号码" OrgPhone "national numbering plan" Memory;
    Phone "phone" "Telephone number" "电话号码" ContactPhone "ITU-T E.164 and national groupings" Tested;
    BankCard "bank.card" "Payment card number" "银行卡号" FinanceCard "ISO/IEC 7812, Luhn, issuer ranges" Tested;
    BankAccount "bank.account" "Bank account number" "银行账号" FinanceAccount "context" Memory;
    CnPassport "cn.passport" "Chinese passport number" "中国护照号码" IdPassport "context" Memory;
    Passport "passport" "Passport number" "护照号码" IdPassport "ICAO 9303, context" Memory;
    HomeReturnPermit "cn.hk_mo_home_return" "Home return permit of a Hong Kong or Macau resident" "回乡证号码" IdPermitHm "context" Memory;
    TaiwanPermit "cn.tw_mtp" "Mainland travel permit of a Taiwan resident" "台胞证号码" IdPermitTw "context" Memory;
    TravelPermit "cn.eep_hk_mo" "Exit-entry permit for Hong Kong, Macau or Taiwan" "往来港澳台通行证号码" IdTravelPermit "context" Memory;
    HongKongId "hk.hkid" "Hong Kong identity card number" "香港身份证号码" IdHkid "mod 11, weights 9 to 1" Memory;
    TaiwanId "tw.id" "Taiwan identity number" "台湾身份证号码" IdTw "mod 10, weights 1 9 8 7 6 5 4 3 2 1 1" Memory;
    Uscc "cn.uscc" "Unified social credit code" "统一社会信用代码" OrgUscc "GB 32100-2015 mod 31, GB 11714 mod 11" Tested;
    OrgCode "cn.org_code" "Organisation code" "组织机构代码" OrgCode "GB 11714 mod 11" Memory;
    BusinessReg "cn.business_reg_15" "Business registration number" "工商注册号" OrgReg "ISO 7064 MOD 11,10" Memory;
    Plate "cn.plate" "Chinese vehicle plate" "车牌号" VehiclePlate "GA 36" Tested;
    PlateNewEnergy "cn.plate_new_energy" "Chinese new-energy vehicle plate" "新能源车牌号" VehiclePlate "GA 36" Tested;
    Vin "vin" "Vehicle identification number" "车辆识别代号" VehicleVin "ISO 3779, GB 16735" Tested;
    EngineNo "cn.engine_no" "Engine number" "发动机号" VehicleEngine "context" Memory;
    DrivingLicence "cn.driving_licence" "Chinese driving licence file number" "驾驶证档案编号" IdDriverLicence "12 digits, context" Memory;
    TransportQualification "cn.transport_qualification" "Road transport practitioner certificate number" "道路运输从业资格证号" IdDriverQualification "context" Memory;
    RoadTransportPermit "cn.road_transport_permit" "Road transport certificate number of a vehicle" "道路运输证号" VehiclePermit "area code and context" Memory;
    RoadBusinessLicence "cn.road_business_licence" "Road transport business licence number" "道路运输经营许可证号" OrgLicence "area code and context" Memory;
    Waybill "cn.waybill" "Waybill number" "运单号" OrderWaybill "context" Memory;
    WeChat "cn.wechat" "WeChat account" "微信号" AccountWechat "context or wxid_ prefix" Memory;
    OpenId "cn.openid" "WeChat OpenID or UnionID" "微信OpenID" AccountOpenid "28 characters, context or entropy" Memory;
    Qq "cn.qq" "QQ number" "QQ号" AccountQq "context" Memory;
    Alipay "cn.alipay" "Alipay user number" "支付宝账号" AccountAlipay "prefix 2088, 16 digits" Memory;
    CnAddress "cn.address" "Chinese address" "中国地址" ContactAddress "GB/T 2260 divisions and street grammar" Tested;
    CnPlace "cn.place" "Chinese division or place" "中国地名" LocationPlace "GB/T 2260 divisions" Tested;
    CnPostcode "cn.postcode" "Chinese postcode" "邮政编码" ContactPostcode "context" Memory;
    CnName "cn.name" "Chinese personal name" "中文姓名" PersonName "surname list, context, titles" Memory;
    CnOrganisation "cn.organisation" "Chinese organisation" "中国机构名称" OrgName "suffix grammar" Tested;
    SocialSecurity "cn.social_security" "Chinese social security number" "社会保障号码" IdSocial "as GB 11643, context" Memory;
    MilitaryId "cn.military_id" "Chinese military identity document" "军人证件号" IdMilitary "prefix" Memory;
    Coordinate "coordinate" "Precise position" "经纬度坐标" LocationPrecise "decimal degrees, four places or more" Tested;
    Geohash "geohash" "Geohash" "地理哈希" LocationPrecise "context" Memory;
    Imei "imei" "IMEI" "IMEI设备号" DeviceImei "3GPP TS 23.003, Luhn" Memory;
    Imsi "imsi" "IMSI" "IMSI号" DeviceImsi "ITU-T E.212, MCC 460" Memory;
    Iccid "iccid" "SIM card number (ICCID)" "SIM卡号" DeviceIccid "ITU-T E.118, 8986, Luhn" Memory;
    Mac "mac" "MAC address" "MAC地址" DeviceMac "IEEE 802" Memory;
    AndroidId "android_id" "Android ID" "安卓ID" DeviceAndroidId "16 hexadecimal digits, context" Memory;
    AdId "idfa_gaid_oaid" "Advertising identifier" "广告标识符" DeviceAdId "context" Memory;
    Ipv4 "ipv4" "IPv4 address" "IPv4地址" NetIp "RFC 791" Tested;
    Ipv6 "ipv6" "IPv6 address" "IPv6地址" NetIp "RFC 4291" Memory;
    Email "email" "E-mail address" "电子邮箱" ContactEmail "RFC 5322, narrowed" Tested;
    Url "url" "Web address" "网址" NetUrl "RFC 3986, http and https" Tested;
    Jwt "jwt_secret" "JSON web token" "JWT令牌" SecretToken "RFC 7519" Memory;
    ApiKey "secret.api_key" "API key" "接口密钥" SecretKey "issuers' prefixes" Memory;
    PrivateKey "secret.private_key" "Private key" "私钥" SecretPrivateKey "RFC 7468" Tested;
    Password "secret.password" "Password" "口令" SecretPassword "context" Tested;
    Secret "secret.token" "Secret or token in an assignment" "密钥或令牌" SecretToken "context" Tested;
    UsSsn "us.ssn" "US social security number" "美国社会安全号" IdSsn "SSA numbering" Tested;
    UsItin "us.itin" "US individual taxpayer number" "美国个人纳税号" IdItin "IRS ranges" Memory;
    UsEin "us.ein" "US employer number" "美国雇主识别号" OrgEin "context" Memory;
    UsDriverLicence "us.driver_licence" "US driver's licence number" "美国驾照号" IdDriverLicence "context" Memory;
    Iban "iban" "IBAN" "国际银行账号" FinanceIban "ISO 13616, MOD 97-10" Tested;
    Bic "bic" "BIC" "银行识别码" OrgBic "ISO 9362, context" Memory;
    UkNino "gb.nino" "UK national insurance number" "英国国民保险号" IdNino "HMRC prefixes" Memory;
    UkNhs "gb.nhs" "UK NHS number" "英国医疗号" HealthNhs "mod 11, weights 10 to 2, context" Memory;
    Aadhaar "in.aadhaar" "Indian Aadhaar number" "印度身份号" IdAadhaar "Verhoeff" Memory;
    Pan "in.pan" "Indian PAN" "印度税号" TaxPan "fourth letter" Memory;
    Snils "ru.snils" "Russian SNILS" "俄罗斯养老保险号" IdSnils "weights 9 to 1, mod 101" Memory;
    Inn "ru.inn" "Russian INN" "俄罗斯税号" TaxInn "mod 11, context" Memory;
    Cccd "vn.cccd" "Vietnamese citizen card number" "越南公民证号" IdCccd "context" Memory;
    Rrn "kr.rrn" "Korean resident registration number" "韩国居民登记号" IdRrn "date, mod 11 before 2020-10" Memory;
    MyNumber "jp.mynumber" "Japanese My Number" "日本个人编号" IdMynumber "mod 11, context" Memory;
    Nric "sg.nric" "Singapore NRIC or FIN" "新加坡身份证号" IdNric "weights 2 7 6 5 4 3 2" Memory;
    Cpf "br.cpf" "Brazilian CPF" "巴西税号" IdCpf "two mod-11 digits" Memory;
    Nir "fr.nir" "French NIR" "法国社会保险号" IdNir "97 - n mod 97" Memory;
    Dni "es.dni" "Spanish DNI or NIE" "西班牙身份证号" IdDni "mod 23 letter" Memory;
    SteuerId "de.steuer_id" "German tax number" "德国税号" TaxSteuer "ISO 7064 MOD 11,10, context" Memory;
    Mrz "mrz" "Machine-readable zone of a travel document" "证件机读区" IdMrz "ICAO 9303, weights 7 3 1" Tested;
    PersonName "person.name" "Personal name" "人名" PersonName "name lists, context" Tested;
    BirthDate "person.birth_date" "Date of birth" "出生日期" PersonBirthDate "context" Tested;
    Age "person.age" "Age" "年龄" PersonAge "context" Tested;
    Nationality "person.nationality" "Nationality, religion or political group" "国籍、宗教或政治团体" PersonGroup "word list" Tested;
    Date "time.date" "Date or time" "日期" TimeDate "ISO 8601 and national forms" Tested;
    StreetAddress "address" "Street address" "街道地址" ContactAddress "street grammar" Tested;
    Place "place" "City, region or country" "地点" LocationPlace "GeoNames, CLDR" Tested;
    Postcode "postcode" "Postcode" "邮编" ContactPostcode "context" Tested;
    Organisation "organisation" "Organisation" "机构" OrgName "suffix grammar" Tested;
}

impl Kind {
    /// What is known about this kind.
    pub fn facts(self) -> &'static Facts {
        // The table is made by the same list as the enum: the index always exists.
        KINDS.get(self as usize).unwrap_or(&KINDS[0])
    }

    /// Stable code.
    pub fn code(self) -> &'static str {
        self.facts().code
    }

    /// What sort of data it is.
    pub fn category(self) -> Category {
        self.facts().category
    }

    /// The kind that has this code.
    pub fn from_code(code: &str) -> Option<Self> {
        KINDS.iter().find(|facts| facts.code == code).map(|facts| facts.kind)
    }

    /// Readings of its class by source and date. More than one where the sources disagree.
    pub fn readings(self) -> &'static [Reading] {
        self.category().readings()
    }

    /// The strictest class that a source in force on this day gives it; `day` is ISO 8601.
    pub fn class_on(self, day: &str) -> Class {
        self.category().class_on(day)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_found_again() {
        let codes: BTreeSet<_> = KINDS.iter().map(|facts| facts.code).collect();
        assert_eq!(codes.len(), KINDS.len());
        for (at, facts) in KINDS.iter().enumerate() {
            assert_eq!(facts.kind as usize, at);
            assert_eq!(Kind::from_code(facts.code), Some(facts.kind));
        }
    }

    #[test]
    fn resident_number_is_read_by_the_day() {
        assert_eq!(Kind::ResidentId.class_on("2025-10-31"), Class::Sensitive);
        assert_eq!(Kind::ResidentId.class_on("2025-11-01"), Class::Personal);
        assert_eq!(Kind::BankCard.class_on("2026-01-01"), Class::Sensitive);
    }
}
