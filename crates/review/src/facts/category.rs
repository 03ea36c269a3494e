//! Kinds of data: their names for readers, and which a service needs.

use crate::{Text2, subject::Sector};

/// On which side of the market a person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Passengers, shippers, candidates.
    Demand,
    /// Drivers, carriers, employers.
    Supply,
}

impl Side {
    /// Reads the side from names of tables and columns.
    pub fn of_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        const SUPPLY: &[&str] = &[
            "driver",
            "trucker",
            "courier",
            "carrier",
            "employer",
            "司机",
            "siji",
            "货车主",
            "骑手",
        ];
        let supply = names.into_iter().any(|name| {
            let name = name.to_lowercase();
            SUPPLY.iter().any(|word| name.contains(word))
        });
        if supply { Self::Supply } else { Self::Demand }
    }
}

macro_rules! labels {
    ($($code:literal $en:literal $zh:literal;)*) => {
        const LABELS: &[(&str, Text2)] = &[$(($code, Text2::fixed($en, $zh)),)*];
    };
}

labels! {
    "id.resident" "identity numbers" "身份证号";
    "id.passport" "passport numbers" "护照号";
    "id.driver_licence" "driving licence numbers" "驾驶证号";
    "contact.mobile" "mobile numbers" "手机号";
    "contact.phone" "telephone numbers" "电话号码";
    "contact.email" "e-mail addresses" "电子邮箱";
    "contact.address" "addresses" "住址";
    "contact.list" "address books" "通讯录";
    "finance.card" "bank card numbers" "银行卡号";
    "finance.account" "bank accounts" "银行账户";
    "finance.amount" "payments" "支付信息";
    "vehicle.plate" "number plates" "车牌号";
    "vehicle.vin" "vehicle identification numbers" "车架号";
    "location.precise" "precise positions" "精准位置";
    "location.track" "tracks" "行踪轨迹";
    "device.imei" "IMEI" "IMEI";
    "device.imsi" "IMSI" "IMSI";
    "device.iccid" "SIM serial numbers" "SIM 卡序列号";
    "device.mac" "MAC addresses" "MAC 地址";
    "device.android_id" "Android IDs" "Android ID";
    "device.ad_id" "advertising identifiers" "广告标识符";
    "device.id" "device identifiers" "设备标识";
    "device.app_list" "lists of installed apps" "应用列表";
    "device.clipboard" "clipboard contents" "剪切板内容";
    "photo_album" "pictures from albums" "相册图片";
    "net.ip" "IP addresses" "IP 地址";
    "person.name" "names" "姓名";
    "person.birth_date" "dates of birth" "出生日期";
    "person.age" "ages" "年龄";
    "person.gender" "sexes" "性别";
    "profile.age_band" "age brackets" "年龄段";
    "profile.occupation" "occupations" "职业";
    "profile.education" "education" "学历";
    "social.kinship" "family relations" "亲情关系";
    "address.home" "home addresses" "“家”地址";
    "address.work" "work addresses" "“公司”地址";
    "biometric.face" "faces" "人脸识别信息";
    "biometric.voice" "voice prints" "声纹";
    "biometric.fingerprint" "fingerprints" "指纹";
    "inferred.travel_intent" "inferred travel intentions" "推断的出行意图";
    "inferred.home_city" "inferred cities of residence" "推断的常驻城市";
    "inferred.trip_kind" "inferred kinds of journeys" "推断的商务/旅游出行";
    "person.religion" "religions" "宗教信仰";
    "person.marriage" "marital status" "婚姻状况";
    "person.ethnicity" "ethnic groups" "民族";
    "health.record" "health records" "健康信息";
    "credential.password" "passwords" "口令";
}

/// A category for readers; its code where it has no name here.
pub fn label(code: &str) -> Text2 {
    let known = LABELS.iter().find(|(known, _)| *known == code);
    known.map_or_else(|| Text2::made(code.to_owned(), code.to_owned()), |(_, text)| text.clone())
}

/// What the basic service of a sector needs of the demand side: the list of necessary personal information of 2021 (ride-hailing is
/// its no. 2, recruitment its no. 12). Freight is not on that list; its own minimum is stated here and can be judged.
const NEEDED: &[(Sector, &[&str])] = &[
    (
        Sector::Ride,
        &[
            "contact.mobile",
            "contact.phone",
            "location.precise",
            "location.track",
            "finance.amount",
            "finance.account",
        ],
    ),
    (
        Sector::Jobs,
        &[
            "contact.mobile",
            "contact.phone",
            "contact.email",
            "person.name",
            "profile.education",
            "profile.occupation",
            "person.age",
            "person.gender",
            "person.birth_date",
            "contact.address",
        ],
    ),
    (
        Sector::Freight,
        &[
            "contact.mobile",
            "contact.phone",
            "person.name",
            "contact.address",
            "location.precise",
            "location.track",
            "finance.amount",
            "finance.account",
            "order.waybill",
        ],
    ),
];

/// What rules on licences and payment make a platform hold of the supply side.
const NEEDED_OF_SUPPLY: &[&str] = &[
    "contact.mobile",
    "contact.phone",
    "person.name",
    "id.resident",
    "id.driver_licence",
    "id.driver_qualification",
    "vehicle.plate",
    "vehicle.vin",
    "vehicle.permit",
    "vehicle.engine",
    "location.precise",
    "location.track",
    "finance.card",
    "finance.account",
    "finance.amount",
    "person.birth_date",
    "person.age",
    "person.gender",
    "biometric.face",
];

/// Whether the basic service needs it.
pub fn needed(sector: Sector, side: Side, code: &str) -> bool {
    match side {
        Side::Supply => NEEDED_OF_SUPPLY.contains(&code),
        Side::Demand => NEEDED
            .iter()
            .find(|(known, _)| *known == sector)
            .is_none_or(|(_, codes)| codes.contains(&code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_side() {
        assert_eq!(Side::of_names(["orders", "passenger_id"]), Side::Demand);
        assert_eq!(Side::of_names(["t_Driver_info"]), Side::Supply);
        assert_eq!(Side::of_names(["司机信息"]), Side::Supply);
    }

    #[test]
    fn a_ride_needs_a_number_and_no_occupation() {
        assert!(needed(Sector::Ride, Side::Demand, "contact.mobile"));
        assert!(!needed(Sector::Ride, Side::Demand, "profile.occupation"));
        assert!(needed(Sector::Jobs, Side::Demand, "profile.occupation"));
        assert!(!needed(Sector::Ride, Side::Supply, "profile.education"));
    }

    #[test]
    fn each_label_stands_for_a_category_of_the_engine() {
        let known: Vec<&str> =
            sarai_detect::CATEGORIES.iter().map(|category| category.code()).collect();
        for (code, text) in LABELS {
            assert!(known.contains(code), "{code}");
            assert!(!text.en.is_empty() && !text.zh.is_empty());
        }
    }
}
