//! Packages made here, read as packages are; and the same, broken in every way, which never ends a review.

#![expect(clippy::expect_used, reason = "a test that fails here says so")]

use std::io::Cursor;

use proptest::prelude::*;
use sarai_review::{
    By, Fact, Observation,
    app::{
        AppReview,
        make::{Class, Method, Package, archive},
        review_app,
    },
};

fn class(name: &str, methods: &[(&str, &[&str], &[&str])]) -> Class {
    let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let method = |(name, calls, strings): &(&str, &[&str], &[&str])| Method {
        name: (*name).to_owned(),
        calls: list(calls),
        strings: list(strings),
        ..Method::default()
    };
    Class {
        name: name.to_owned(),
        methods: methods.iter().map(method).collect(),
        ..Class::default()
    }
}

const CLIP: &str = "Landroid/content/ClipboardManager;->getPrimaryClip";
const LIST: &str = "Landroid/content/pm/PackageManager;->getInstalledPackages";
const IMEI: &str = "Landroid/telephony/TelephonyManager;->getImei";
const HARMLESS: &str = "Landroid/util/Log;->d";

fn planted() -> Package {
    let mut main = class(
        "com.example.rider.Main",
        &[
            (
                "onCreate",
                &[CLIP, HARMLESS],
                &["https://api.example.cn/v1", "http://47.95.1.2:8080/up"],
            ),
            ("album", &[], &["content://media/external/images/media", "screenshot"]),
        ],
    );
    main.extends = "com.example.rider.Base".to_owned();
    Package {
        name: "com.example.rider".into(),
        version_code: 7,
        version_name: "1.2".into(),
        label: "乘客".into(),
        target_sdk: 22,
        permissions: [
            "READ_CONTACTS",
            "READ_PHONE_STATE",
            "ACCESS_BACKGROUND_LOCATION",
            "INTERNET",
        ]
        .map(|name| format!("android.permission.{name}"))
        .to_vec(),
        debuggable: true,
        cleartext: true,
        backup: true,
        exported: vec![".Upload".into()],
        classes: vec![
            main,
            class(
                "com.umeng.analytics.Agent",
                &[("start", &[LIST, LIST, IMEI], &["https://ulogs.umeng.com/u"])],
            ),
        ],
        files: vec![
            ("lib/arm64-v8a/libBugly.so".into(), b"\x7fELF".to_vec()),
            ("assets/app.properties".into(), b"db.password=Zq8!kL0pWx33\n".to_vec()),
        ],
    }
}

fn clean() -> Package {
    Package {
        name: "com.example.rider".into(),
        version_code: 8,
        version_name: "1.3".into(),
        label: "乘客".into(),
        target_sdk: 34,
        permissions: vec![
            "android.permission.INTERNET".into(),
            "android.permission.ACCESS_FINE_LOCATION".into(),
        ],
        classes: vec![class(
            "com.example.rider.Main",
            &[(
                "onCreate",
                &[HARMLESS, "Landroid/location/LocationManager;->requestLocationUpdates"],
                &["https://api.example.cn/v1", "https://www.example.cn/privacy.html"],
            )],
        )],
        ..Package::default()
    }
}

fn read(package: &Package) -> AppReview {
    review_app("rider.apk", Cursor::new(package.bytes())).expect("a package")
}

fn of(seen: &[Observation], fact: Fact) -> Vec<&Observation> {
    seen.iter().filter(|observation| observation.fact == fact).collect()
}

#[test]
fn everything_planted_is_seen_with_who_does_it() {
    let review = read(&planted());
    assert_eq!((review.package.as_str(), review.version_code), ("com.example.rider", Some(7)));
    assert_eq!(review.label.as_deref(), Some("乘客"));
    assert!(
        review.unread.is_empty() && review.oddities.is_empty(),
        "{:?} {:?}",
        review.unread,
        review.oddities
    );
    let seen = review.observations(Some("ride.passenger"));
    let clip = of(&seen, Fact::AppReadsClipboard);
    assert_eq!(clip[0].by, Some(By::App));
    assert_eq!(clip[0].place.within, "com.example.rider.Main.onCreate");
    let list = of(&seen, Fact::AppReadsAppList);
    assert_eq!((list[0].count, list[0].by.clone()), (2, Some(By::Sdk("umeng".into()))));
    assert_eq!(of(&seen, Fact::AppReadsDeviceId)[0].details["asked"], "yes");
    assert_eq!(of(&seen, Fact::AppReadsScreenshots).len(), 1);
    assert_eq!(of(&seen, Fact::AppReadsAlbum)[0].details["asked"], "no");
    assert_eq!(of(&seen, Fact::AppPermissionUnused)[0].data.as_deref(), Some("contact.list"));
    let unneeded: Vec<_> = of(&seen, Fact::AppPermissionUnneeded)
        .iter()
        .map(|o| o.details["permission"].clone())
        .collect();
    assert_eq!(
        unneeded,
        ["ACCESS_BACKGROUND_LOCATION", "READ_CONTACTS", "READ_PHONE_STATE"]
            .map(|name| format!("android.permission.{name}"))
    );
    let sdks: Vec<_> = review.sdks.iter().map(|found| found.sdk.id.as_str()).collect();
    assert_eq!(sdks, ["bugly", "umeng"]);
    assert_eq!(of(&seen, Fact::AppComponentExported)[0].place.within, "com.example.rider.Upload");
    assert_eq!(of(&seen, Fact::AppHardcodedIp)[0].place.within, "47.95.1.2");
    let secret = of(&seen, Fact::AppHardcodedSecret)[0];
    assert!(!secret.sample.as_deref().expect("a sample").contains("Zq8"), "{secret:?}");
    assert!(review.hosts["47.95.1.2"].cleartext && !review.hosts["api.example.cn"].cleartext);
    assert_eq!(review.hosts["ulogs.umeng.com"].sdk.as_deref(), Some("umeng"));
    for fact in [
        Fact::AppDebuggable,
        Fact::AppBackup,
        Fact::AppCleartext,
        Fact::AppOldTarget,
        Fact::AppLocationBackground,
        Fact::AppNoPolicyLink,
        Fact::AppWeakSignature,
    ] {
        assert_eq!(of(&seen, fact).len(), 1, "{fact:?}");
    }
}

#[test]
fn nothing_is_said_of_a_clean_twin_but_that_it_is_unsigned_and_where_it_looks() {
    let review = read(&clean());
    let facts: Vec<_> =
        review.observations(Some("ride.passenger")).into_iter().map(|o| o.fact).collect();
    assert_eq!(facts, [Fact::AppReadsLocation, Fact::AppWeakSignature]);
    assert!(!review.flags.cleartext);
}

#[test]
fn a_call_through_a_subclass_counts() {
    let mut package = clean();
    package.classes.push(Class {
        name: "com.example.rider.Web".into(),
        extends: "android.webkit.WebView".into(),
        methods: Vec::new(),
    });
    let call = "Lcom/example/rider/Web;->addJavascriptInterface";
    package.classes.push(class("com.example.rider.Page", &[("open", &[call], &[])]));
    assert_eq!(of(&read(&package).observations(None), Fact::AppWebBridge).len(), 1);
}

#[test]
fn bundles_are_read_with_their_parts() {
    let base = planted().bytes();
    let split = Package { name: "com.example.rider".into(), ..clean() }.bytes();
    let bytes = archive(&[("config.xxhdpi.apk", &split), ("base.apk", &base), ("toc.pb", b"")]);
    let review = review_app("rider.apks", Cursor::new(bytes)).expect("a bundle");
    assert_eq!(review.package, "com.example.rider");
    assert_eq!(review.splits, ["base.apk", "config.xxhdpi.apk"]);
    assert_eq!(review.code.files, 2);
    assert_eq!(of(&review.observations(None), Fact::AppReadsClipboard).len(), 1);
}

#[test]
fn what_is_no_package_is_said_to_be_none() {
    for bytes in [b"".as_slice(), b"PK", b"not a package at all", &[0; 4096]] {
        assert!(review_app("x.apk", Cursor::new(bytes)).is_err());
    }
}

#[test]
fn lies_about_sizes_do_not_fill_memory() {
    let zeros = vec![0u8; 40 << 20];
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, &zeros).expect("compresses");
    let packed = packed.finish().expect("compresses");
    let mut package = clean();
    package.files = vec![("assets/bomb.json".into(), packed.clone())];
    let mut bytes = package.bytes();
    // The entry claims to be deflated and small; it inflates to 40 MiB, and texts are read to 4.
    let name = b"assets/bomb.json";
    let local = (0..bytes.len()).find(|at| bytes[*at..].starts_with(name)).expect("local") - 30;
    let central =
        (0..bytes.len()).rfind(|at| bytes[*at..].starts_with(name)).expect("central") - 46;
    bytes[local + 8] = 8;
    bytes[central + 10] = 8;
    bytes[central + 24..central + 28].copy_from_slice(&1_000u32.to_le_bytes());
    let review = review_app("x.apk", Cursor::new(bytes)).expect("a package");
    assert_eq!(review.unread.len(), 1);
    assert!(review.unread[0].why.contains("larger"), "{:?}", review.unread);
}

#[test]
fn many_elements_inside_one_another_are_read() {
    use sarai_review::app::make::{Node, axml, dex};
    // The tree is built and written by recursion here; reading has none.
    let mut node = Node::new("deep");
    for _ in 0..500 {
        node = Node::new("deep").child(node);
    }
    let manifest = axml(&Node::new("manifest").plain("package", "com.example.deep").child(node));
    let bytes = archive(&[("AndroidManifest.xml", &manifest), ("classes.dex", &dex(&[]))]);
    let review = review_app("deep.apk", Cursor::new(bytes)).expect("a package");
    assert_eq!(review.package, "com.example.deep");
}

/// Bytes changed at places that a seed chooses: single bytes, runs of zeros and ones, and cuts.
fn mutated(bytes: &[u8], changes: &[(usize, u8, u8)]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for (at, how, value) in changes {
        if out.is_empty() {
            break;
        }
        let at = at % out.len();
        match how % 5 {
            0 | 1 => out[at] = *value,
            2 => out[at..].iter_mut().take(4).for_each(|byte| *byte = 0xff),
            3 => out[at..].iter_mut().take(8).for_each(|byte| *byte = 0),
            _ => out.truncate(at.max(1)),
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn broken_packages_never_end_a_review(
        changes in proptest::collection::vec((any::<usize>(), any::<u8>(), any::<u8>()), 1..12),
    ) {
        let bytes = mutated(&planted().bytes(), &changes);
        let _ = review_app("x.apk", Cursor::new(bytes)).map(|review| review.observations(Some("ride.driver")));
    }

    #[test]
    fn random_bytes_never_end_a_review(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = review_app("x.apk", Cursor::new(bytes));
    }
}
