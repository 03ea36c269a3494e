use super::*;

#[test]
fn names_in_three_languages_say_what_a_column_holds() {
    let cases = [
        ("sfzh", C::IdResident),
        ("id_card", C::IdResident),
        ("身份证号", C::IdResident),
        ("phone", C::ContactMobile),
        ("driverMobile", C::ContactMobile),
        ("联系电话", C::ContactMobile),
        ("openid", C::AccountOpenid),
        ("kin", C::SocialKinship),
        ("emergency_contact", C::SocialKinship),
        ("age", C::PersonAge),
        ("age_band", C::PersonAgeBand),
        ("occupation", C::PersonOccupation),
        ("face_feature", C::BiometricFace),
        ("lng", C::LocationPrecise),
        ("LAT", C::LocationPrecise),
        ("home_address", C::AddressHome),
        ("company_address", C::AddressWork),
        ("clipboard", C::DeviceClipboard),
        ("installed_apps", C::DeviceAppList),
        ("resident_city", C::InferredHomeCity),
        ("travel_intent", C::InferredIntent),
        ("教育程度", C::PersonEducation),
        ("紧急联系人", C::PersonName),
        ("xueli", C::PersonEducation),
    ];
    for (name, wanted) in cases {
        assert_eq!(named(name), Some(wanted), "{name}");
    }
    for name in ["order_no", "qty", "created", "weight_kg", "订单号"] {
        assert_eq!(named(name), None, "{name}");
    }
}

#[test]
fn values_confirm_the_name_or_speak_for_themselves() {
    let ids = ["11010519491231002X", "110105194912310038", ""];
    let named = verdict("sfzh", ids.into_iter());
    assert_eq!(
        (named.category, named.confidence),
        (Some(C::IdResident), Confidence::Sure),
        "{}",
        named.why
    );
    let phones = ["13812345678", "13912345679", "15012345670"];
    let hidden = verdict("c7", phones.into_iter());
    assert_eq!(
        (hidden.category, hidden.kind),
        (Some(C::ContactMobile), Some(Kind::Mobile)),
        "{}",
        hidden.why
    );
    let wrong = verdict("phone", ["yes", "no", "maybe so"].into_iter());
    assert_eq!(wrong.confidence, Confidence::Likely.min(wrong.confidence), "{}", wrong.why);
    assert_eq!(verdict("weight_kg", ["12", "30", "7"].into_iter()).category, None);
}

#[test]
fn free_text_tells_what_lies_inside() {
    let remark = verdict(
        "remark",
        ["请提前联系13812345678收货", "已装车", "司机手机 13912345679"].into_iter(),
    );
    assert_eq!(remark.category, None, "{}", remark.why);
    assert_eq!(remark.inside.first(), Some(&(C::ContactMobile, 2)));
}

#[test]
fn ages_and_occupations_need_their_name() {
    let age = verdict("age", ["23", "41", "67"].into_iter());
    assert_eq!((age.category, age.confidence), (Some(C::PersonAge), Confidence::Likely));
    let face = verdict("face_feature", ["no", "none"].into_iter());
    assert_eq!(face.confidence, Confidence::Possible, "{}", face.why);
}

#[test]
fn latitude_and_longitude_pair_and_become_a_track() {
    let track = joint(&["id", "driver_id", "gps_time", "lat", "lng", "speed"]);
    assert_eq!(track.first().map(|joint| joint.category), Some(C::LocationTrack));
    let points = joint(&["pickup_lat", "dropoff_lat", "pickup_lng", "dropoff_lng"]);
    assert_eq!(points.len(), 2);
    assert!(points.iter().all(|joint| joint.category == C::LocationPrecise));
    assert!(joint(&["flat", "price"]).is_empty());
}
