//! The catalogue: what is put on the shelf, what the index says, and that the tools that clients are built on verify it.

#![expect(clippy::expect_used, reason = "a test that fails here says so")]

use std::{path::PathBuf, process::Command};

use sarai_review::{
    app::make::{Class, Method, Package},
    catalogue::{CatalogueFault, Shelf, SigningKey},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("catalogue-{name}"));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder");
    path
}

fn package(version_code: u32) -> Package {
    let clip = "Landroid/content/ClipboardManager;->getPrimaryClip".to_owned();
    let method = Method { name: "paste".into(), calls: vec![clip], ..Method::default() };
    Package {
        name: "org.example.trucker".into(),
        version_code,
        version_name: format!("1.{version_code}"),
        label: "Trucker".into(),
        target_sdk: 34,
        permissions: vec!["android.permission.CAMERA".into()],
        classes: vec![Class {
            name: "org.example.trucker.Main".into(),
            methods: vec![method],
            ..Class::default()
        }],
        ..Package::default()
    }
}

fn key(seed: u8) -> SigningKey {
    SigningKey::derive(&[seed; 32]).expect("a key")
}

fn put(shelf: &Shelf, at: &std::path::Path, bytes: &[u8]) -> Result<(), CatalogueFault> {
    let apk = at.join("in.apk");
    std::fs::write(&apk, bytes).expect("writes");
    let meta = at.join("meta.toml");
    let words = "license = 'Apache-2.0'\ncategories = ['Navigation']\n[name]\nen = 'Trucker'\nzh = '司机'\n\
        [summary]\nen = 'Loads'\nzh = '货源'\n";
    std::fs::write(&meta, words).expect("writes");
    shelf.add(&apk, Some(&meta), 1_790_000_000_000).map(|_| ())
}

#[test]
fn the_shelf_takes_signed_versions_of_one_signer_once() {
    let at = folder("shelf");
    let shelf = Shelf::open(&at.join("data")).expect("a shelf");
    assert!(matches!(put(&shelf, &at, &package(1).bytes()), Err(CatalogueFault::Unsigned)));
    assert!(matches!(put(&shelf, &at, b"junk"), Err(CatalogueFault::App(_))));
    put(&shelf, &at, &package(1).signed(&key(1)).expect("signed")).expect("on the shelf");
    let again = put(&shelf, &at, &package(1).signed(&key(1)).expect("signed"));
    assert!(matches!(again, Err(CatalogueFault::There { version_code: 1, .. })));
    let other = put(&shelf, &at, &package(2).signed(&key(2)).expect("signed"));
    assert!(matches!(other, Err(CatalogueFault::OtherSigner { .. })));
    put(&shelf, &at, &package(2).signed(&key(1)).expect("signed")).expect("on the shelf");
    let codes: Vec<_> = shelf.apps().expect("reads").iter().map(|app| app.version_code).collect();
    assert_eq!(codes, [1, 2]);
    let label: Value = serde_json::from_slice(
        &shelf.label("org.example.trucker").expect("reads").expect("a label"),
    )
    .expect("json");
    assert_eq!(label["takes"][0]["data"], "device.clipboard");
    assert_eq!(label["takes"][0]["by"][0], "app");
    assert_eq!(label["version_code"], 2);
    for name in [
        "../org.example.trucker_1.apk",
        "org.example.trucker_1.toml",
        "org.example.trucker_3.apk",
        "a_1.apk",
        ".apk",
    ] {
        assert!(shelf.file(name).expect("reads").is_none(), "{name}");
    }
    assert!(shelf.file("org.example.trucker_1.apk").expect("reads").is_some());
    assert_eq!(shelf.remove("org.example.trucker", Some(1)).expect("removes"), 1);
    assert!(matches!(shelf.remove("org.example.trucker", Some(1)), Err(CatalogueFault::Missing)));
}

#[test]
fn the_index_names_each_version_by_its_digest_and_leaves_out_what_is_delisted() {
    let at = folder("index");
    let shelf = Shelf::open(&at.join("data")).expect("a shelf");
    for code in [1, 2] {
        put(&shelf, &at, &package(code).signed(&key(1)).expect("signed")).expect("on the shelf");
    }
    let address = "https://market.example.cn/catalogue/repo";
    let published =
        shelf.publish(|_| false, address, 1_790_000_001_000, &key(9)).expect("publishes");
    let entry: Value = serde_json::from_slice(&published.entry_json).expect("json");
    assert_eq!(entry["index"]["sha256"], hex(&published.index_json));
    assert_eq!(entry["index"]["size"], published.index_json.len());
    let index: Value = serde_json::from_slice(&published.index_json).expect("json");
    let app = &index["packages"]["org.example.trucker"];
    assert_eq!(app["metadata"]["name"]["zh-CN"], "司机");
    for (sha256, version) in app["versions"].as_object().expect("versions") {
        let name = version["file"]["name"].as_str().expect("a name").trim_start_matches('/');
        let (_, path) = shelf.file(name).expect("reads").expect("there");
        assert_eq!(*sha256, hex(&std::fs::read(path).expect("reads")));
    }
    let without = shelf.publish(
        |package| package == "org.example.trucker",
        address,
        1_790_000_002_000,
        &key(9),
    );
    assert_eq!(without.expect("publishes").packages, 0);
    assert!(shelf.file("org.example.trucker_1.apk").expect("reads").is_some(), "the file stays");
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).env("LC_ALL", "C").output();
    let output =
        output.unwrap_or_else(|fault| panic!("{program} is needed (scripts/setup test): {fault}"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {text}");
    text
}

#[test]
fn jarsigner_and_fdroidserver_verify_what_is_published() {
    let at = folder("tools");
    let shelf = Shelf::open(&at.join("data")).expect("a shelf");
    let signed = package(1).signed(&key(1)).expect("signed");
    put(&shelf, &at, &signed).expect("on the shelf");
    let address = "https://market.example.cn/catalogue/repo";
    let published =
        shelf.publish(|_| false, address, 1_790_000_001_000, &key(9)).expect("publishes");
    let jar = at.join("entry.jar");
    std::fs::write(&jar, &published.entry_jar).expect("writes");
    let jar = jar.display().to_string();
    let said = run("jarsigner", &["-verify", "-verbose", &jar]);
    assert!(said.contains("jar verified."), "{said}");
    // F-Droid's own reader: checks the signature and the fingerprint, and gives back the entry.
    let script = "import sys, json, logging\nfrom fdroidserver import common, index\ncommon.config = {}\n\
        common.config['jarsigner'] = 'jarsigner'\n\
        data, key, print_ = index.get_index_from_jar(sys.argv[1], sys.argv[2])\n\
        json.dump([data, print_.replace(' ', '').upper()], sys.stdout)";
    let said = run("/usr/bin/python3", &["-c", script, &jar, &key(9).fingerprint()]);
    let said: Value = serde_json::from_str(said.lines().last().unwrap_or_default()).expect("json");
    assert_eq!(said[0], serde_json::from_slice::<Value>(&published.entry_json).expect("json"));
    assert_eq!(said[1], key(9).fingerprint());
    // One byte changed, and it is refused.
    let mut forged = published.entry_jar.clone();
    let place = forged.windows(9).position(|window| window == b"timestamp").expect("there");
    forged[place + 12] ^= 1;
    let path = at.join("forged.jar");
    std::fs::write(&path, forged).expect("writes");
    let output = Command::new("jarsigner")
        .args(["-verify", &path.display().to_string()])
        .output()
        .expect("runs");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("jar verified."));
}
