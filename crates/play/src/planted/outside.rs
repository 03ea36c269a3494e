//! What lies outside of the database: the app, its traffic, logs, the policy, the lists, and the subject file itself.

use std::fmt::Write;

use sarai_review::app::make::{Class, Method, Package};
use serde_json::json;

use super::{Plan, rows::resident_id};
use crate::world::Dice;

/// Name and content of every file.
pub fn files(dice: &mut Dice, plan: Plan) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![
        ("app/passenger.apk".to_owned(), package(plan).bytes()),
        ("traffic/first-start.har".to_owned(), har(dice, plan).into_bytes()),
        ("data/permission_events.csv".to_owned(), events(plan).into_bytes()),
        ("access.csv".to_owned(), access(plan).into_bytes()),
        ("policy.txt".to_owned(), policy(plan).into_bytes()),
        ("declared.csv".to_owned(), declared(plan).into_bytes()),
    ];
    files.push(("data/server.log".to_owned(), log(dice, plan).into_bytes()));
    files
}

fn package(plan: Plan) -> Package {
    let texts =
        |list: &[&str]| -> Vec<String> { list.iter().map(|text| (*text).to_owned()).collect() };
    let method = |name: &str, calls: &[&str], strings: &[&str]| Method {
        name: name.to_owned(),
        calls: texts(calls),
        strings: texts(strings),
        ..Method::default()
    };
    let class = |name: &str, methods: Vec<Method>| Class {
        name: name.to_owned(),
        methods,
        ..Class::default()
    };
    let mut permissions = texts(&["INTERNET", "ACCESS_FINE_LOCATION"]);
    let locate = "Landroid/location/LocationManager;->requestLocationUpdates";
    let mut classes = vec![class(
        "cn.xunlu.rider.Main",
        vec![method(
            "onCreate",
            &[locate],
            &["https://api.xunlu.example/v1", "https://www.xunlu.example/privacy.html"],
        )],
    )];
    if plan.planted {
        permissions.extend(texts(&["READ_PHONE_STATE", "QUERY_ALL_PACKAGES", "READ_MEDIA_IMAGES"]));
        classes.push(class(
            "cn.xunlu.rider.Collector",
            vec![
                method("clip", &["Landroid/content/ClipboardManager;->getPrimaryClip"], &[]),
                method("apps", &["Landroid/content/pm/PackageManager;->getInstalledPackages"], &[]),
                method("album", &[], &["content://media/external/images/media", "screenshot"]),
                method("line", &["Landroid/telephony/TelephonyManager;->getDeviceId"], &[]),
            ],
        ));
    }
    Package {
        name: "cn.xunlu.rider".to_owned(),
        version_code: 81,
        version_name: "8.1".to_owned(),
        label: "巡鹿出行".to_owned(),
        target_sdk: 34,
        permissions: permissions.iter().map(|name| format!("android.permission.{name}")).collect(),
        classes,
        ..Package::default()
    }
}

fn har(dice: &mut Dice, plan: Plan) -> String {
    let mut entries = Vec::new();
    let mut request = |at: String, url: String, ip: &str| {
        entries.push(json!({
            "startedDateTime": at,
            "time": 40,
            "request": {
                "method": "GET", "url": url, "httpVersion": "HTTP/2",
                "headers": [{"name": "accept", "value": "application/json"}],
                "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0
            },
            "response": {
                "status": 200, "statusText": "", "httpVersion": "HTTP/2", "headers": [], "cookies": [],
                "content": {"size": 2, "mimeType": "application/json", "text": "{}"},
                "redirectURL": "", "headersSize": -1, "bodySize": 2
            },
            "cache": {}, "timings": {"send": 1, "wait": 38, "receive": 1},
            "serverIPAddress": ip
        }));
    };
    for n in 0..6 {
        let (lat, lng) = (31.2 + f64::from(n) / 1e4, 121.45 + f64::from(n) / 1e4);
        let at = format!("2026-11-20T08:0{n}:30.000Z");
        request(
            at,
            format!("https://api.xunlu.example/v1/near?lat={lat:.6}&lng={lng:.6}"),
            "192.0.2.10",
        );
    }
    if plan.planted {
        for n in 0..8 {
            let at = format!("2026-11-20T07:5{n}:10.000Z");
            let id = resident_id(dice);
            request(
                at,
                format!("https://m.metrics.example/c?id_card={id}&lat=31.2304{n}&lng=121.4737{n}"),
                "203.0.113.9",
            );
        }
    }
    serde_json::to_string_pretty(&json!({"log": {
        "version": "1.2", "creator": {"name": "sarai play", "version": "1"}, "entries": entries
    }}))
    .unwrap_or_default()
}

fn events(plan: Plan) -> String {
    let mut out = String::from("user_id,permission,asked_at,answer,screen\n");
    for n in 0..plan.passengers.min(500) {
        let _ = writeln!(
            out,
            "p{n:07},android.permission.ACCESS_FINE_LOCATION,2026-11-02 09:00:00,granted,home"
        );
        if plan.planted && n % 3 == 0 {
            for hour in [9, 15, 21] {
                let _ = writeln!(
                    out,
                    "p{n:07},android.permission.READ_PHONE_STATE,2026-11-03 {hour:02}:00:00,denied,hitch"
                );
            }
        } else if n % 3 == 1 {
            let _ =
                writeln!(out, "p{n:07},android.permission.CAMERA,2026-11-03 10:00:00,denied,scan");
        }
    }
    out
}

fn access(plan: Plan) -> String {
    let mut out = String::from("at,who,role,data,person,reason\n");
    for n in 0..120 {
        let _ = writeln!(
            out,
            "2026-11-{:02} 10:00:00,s{:02},support,contact.mobile,p{n:07},ticket {}",
            1 + n % 20,
            n % 7,
            4_000 + n
        );
        if plan.planted && n % 3 == 0 {
            let reason = if n % 2 == 0 { "" } else { "campaign" };
            let _ = writeln!(
                out,
                "2026-11-{:02} 11:00:00,m{:02},marketing,location.track,p{n:07},{reason}",
                1 + n % 20,
                n % 4
            );
        }
    }
    out
}

fn log(dice: &mut Dice, plan: Plan) -> String {
    let mut out = String::new();
    for n in 0..200 {
        let _ = writeln!(
            out,
            "2026-11-20 08:{:02}:{:02} INFO dispatch round {n} done in {} ms",
            n / 60 % 60,
            n % 60,
            dice.between(3, 60)
        );
        if plan.planted && n % 10 == 0 {
            let _ = writeln!(
                out,
                "2026-11-20 08:{:02}:{:02} WARN driver check failed for 身份证号 {}",
                n / 60 % 60,
                n % 60,
                resident_id(dice)
            );
        }
    }
    out
}

/// What the platform says that it collects. The planted one is silent on the rest, and gives no purpose for device data.
fn declared(plan: Plan) -> String {
    let mut out = String::from("data,purpose\n");
    let base = [
        (
            "contact.mobile",
            "create the account and let driver and passenger reach each other 注册账号并联系",
        ),
        ("location.track", "match a trip, show it and settle its fare 匹配、展示行程并计费"),
        ("person.name", "show the passenger who drives 向乘客展示驾驶员"),
        ("id.resident", "check the driver's identity as the licence rules ask 核验驾驶员身份"),
        ("vehicle.plate", "let the passenger find the car 便于乘客识别车辆"),
        ("biometric.face", "check that the licensed driver drives 核验驾驶员本人"),
    ];
    for (data, purpose) in base {
        let _ = writeln!(out, "{data},{purpose}");
    }
    if plan.planted {
        for data in
            ["device.android_id", "device.imei", "device.imsi", "device.mac", "device.ad_id"]
        {
            let _ = writeln!(out, "{data},提升用户体验");
        }
    } else {
        let _ = writeln!(
            out,
            "device.android_id,recognise a known device when signing in 登录时识别常用设备"
        );
    }
    out
}

fn policy(plan: Plan) -> String {
    let device = if plan.planted {
        "我们可能收集您的设备信息,用于提升用户体验。"
    } else {
        "登录时,我们收集Android ID,用于识别您的常用设备。"
    };
    format!(
        "巡鹿出行隐私政策\n\
        巡鹿出行(以下称“我们”)是个人信息处理者。联系方式:privacy@xunlu.example,电话 021-00000000。\n\
        注册账号时,我们收集您的手机号,用于创建账号并让司机与乘客联系。\n\
        为您匹配行程时,我们收集您的位置信息和行踪轨迹,用于派单、展示行程并计费。\n\
        {device}\n\
        为核验驾驶员身份,我们收集驾驶员的姓名、身份证号、车牌号和人脸信息。\n\
        我们未接入第三方SDK。\n\
        行程信息保存两年,之后删除。\n\
        您可以在“设置”中查询、更正、删除您的个人信息,撤回同意,注销账号。\n\
        我们将在十五个工作日内答复您的请求和投诉。\n\
        我们不收集不满十四周岁儿童的个人信息。\n\
        您的个人信息存储在中国境内。\n"
    )
}

/// The subject file.
pub fn subject(plan: Plan, data: &str) -> String {
    let (listing, users) = if plan.planted { ("foreign", 1_300_000) } else { ("none", 1_300_000) };
    let mut out = format!(
        r#"# A made-up platform. Everything in it is synthetic.
name = {{ en = "Xunlu Rides", zh = "巡鹿出行" }}
sector = "ride"
users = {users}
listing = "{listing}"
hosts = ["xunlu.example"]
synthetic = true
on = "2026-11-23"
case = "2026-017"

[[files]]
name = "platform"
{data}

[[app]]
name = "passenger.apk"
path = "app/passenger.apk"
role = "passenger"

[[traffic]]
name = "first-start.har"
path = "traffic/first-start.har"
consent_at = "2026-11-20T08:00:00Z"

[policy]
path = "policy.txt"

[declared]
path = "declared.csv"

[[access]]
name = "access.csv"
path = "access.csv"
may = {{ support = ["contact.mobile"] }}

[[keep]]
table = "platform/trips"
days = 730

# Whose addresses these are, as far as the reviewer knows.
[[place]]
what = "192.0.2.0/24"
country = "CN"

[[place]]
what = "203.0.113.0/24"
country = "SG"
"#
    );
    if plan.planted {
        out.push_str(
            r#"
[[flow]]
recipient = "Metrics Pte"
country = "SG"
kind = "processor"
data = ["id.resident", "location.track"]
persons = 240000
sensitive_persons = 13240
"#,
        );
    }
    out
}
