//! `sarai directive`: orders of authorities by file, keys of authorities, and what an authority needs to sign.

use std::{
    fs::File,
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use sarai_account::usecase::officers;
use sarai_gate::directive::{
    self, DOCUMENT_BYTES_MAX, Effect, Order, Paper, SigningKey, TwoTexts, keys,
};
use sarai_kernel::{AuthorityId, Clock, Command, DirectiveId, PartyId, time::DAY};
use serde_json::json;

use crate::{
    cli::{Directive, DirectiveKey, Officer, Site},
    clock::SystemClock,
    failure::Failure,
    house,
    house::House,
};

/// Orders that are listed.
const LIST_MAX: u32 = 200;

/// Runs the command.
pub async fn run(command: Directive) -> Result<(), Failure> {
    match command {
        Directive::Issue { file, site } => {
            let house = open(&site).await?;
            let taken = directive::issue(&house.gate, &paper(&file)?, house.now()).await?;
            println!("{}", serde_json::Value::Object(taken.body));
            Ok(())
        }
        Directive::Lift { file, site } => {
            let house = open(&site).await?;
            let lifted = directive::lift(&house.gate, &paper(&file)?, None, house.now()).await?;
            println!("{}", serde_json::Value::Object(lifted.body));
            Ok(())
        }
        Directive::List { json, site } => list(&open(&site).await?, json).await,
        Directive::Key(command) => key(command).await,
        Directive::Sign { example: true, .. } => example(),
        Directive::Sign { document: Some(document), key: Some(key), lift, to, .. } => {
            sign(&document, &key, lift, to.as_deref())
        }
        Directive::Sign { .. } => Err(Failure::Usage("a document and a key are needed".to_owned())),
    }
}

async fn open(site: &Site) -> Result<House, Failure> {
    House::open(house::settings(site)?).await
}

/// A file that is not larger than a document with its signature can be.
fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let from = File::open(file).map_err(Failure::io(file.display()))?;
    let limit = (DOCUMENT_BYTES_MAX * 2) as u64;
    from.take(limit).read_to_end(&mut bytes).map_err(Failure::io(file.display()))?;
    Ok(bytes)
}

fn paper(file: &Path) -> Result<Paper, Failure> {
    serde_json::from_slice(&read(file)?).map_err(|_| {
        Failure::Usage(format!("{} is not a document with its signature", file.display()))
    })
}

async fn list(house: &House, as_json: bool) -> Result<(), Failure> {
    let now = house.now();
    let found = directive::list(house.store.as_ref(), LIST_MAX, None).await?;
    if as_json {
        for (one, _) in &found {
            let record = &one.record;
            println!(
                "{}",
                json!({ "order": record.order, "state": record.state(now), "overdue": record.is_overdue(now),
                        "authority": record.authority, "lifted": record.lifted })
            );
        }
        return Ok(());
    }
    let mut table = Table::new();
    let head = ["directive", "number", "effect", "state", "since", "until", "authority"];
    table.load_style(UTF8_HORIZONTAL_ONLY).set_header(head);
    for (one, _) in &found {
        let (record, order) = (&one.record, &one.record.order);
        table.add_row([
            order.id.to_string(),
            order.number.clone(),
            order.effect.word().to_owned(),
            record.state(now).to_owned(),
            order.not_before.to_string(),
            order.expires.map_or("lifted".to_owned(), |end| end.to_string()),
            record.authority.zh.clone(),
        ]);
    }
    println!("{table}");
    Ok(())
}

async fn key(command: DirectiveKey) -> Result<(), Failure> {
    match command {
        DirectiveKey::Generate { file } => generate(&file),
        DirectiveKey::Add { public, name_zh, name_en, effect, follows, officer, site } => {
            let house = open(&site).await?;
            let who = proven(&house, &officer).await?;
            let effects = effects(&effect)?;
            let follows = follows.map(|id| authority(&id)).transpose()?;
            let name = TwoTexts { zh: name_zh, en: name_en };
            let new = keys::NewKey { name, public: &public, effects: &effects, follows };
            let command = Command::at(house.now());
            let made = keys::propose(house.store.as_ref(), &who, new, command).await?;
            println!("{}", serde_json::Value::Object(made.body));
            println!(
                "Nothing is obeyed before another officer confirms the fingerprint, heard on another channel."
            );
            Ok(())
        }
        DirectiveKey::Confirm { key, fingerprint, officer, site } => {
            let house = open(&site).await?;
            let who = proven(&house, &officer).await?;
            let (id, command) = (authority(&key)?, Command::at(house.now()));
            keys::confirm(house.store.as_ref(), &who, id, &fingerprint, command).await?;
            println!("Orders of this key are obeyed from now on.");
            Ok(())
        }
        DirectiveKey::Revoke { key, officer, site } => {
            let house = open(&site).await?;
            let who = proven(&house, &officer).await?;
            let (id, command) = (authority(&key)?, Command::at(house.now()));
            let done = keys::revoke(house.store.as_ref(), &who, id, command).await?;
            println!("{}", serde_json::Value::Object(done.body));
            Ok(())
        }
        DirectiveKey::List { site } => {
            let house = open(&site).await?;
            for found in keys::list(house.store.as_ref()).await? {
                let (id, key) = (AuthorityId::from_uuid(found.id), found.record);
                let (state, print, last) = (key.state.word(), key.fingerprint, key.last_sequence);
                println!("{id}  {state}  {print}  last {last}  {} / {}", key.name.zh, key.name.en);
            }
            Ok(())
        }
    }
}

/// The officer at the terminal, by role and authenticator: whoever can read the data directory is not yet an officer.
async fn proven(house: &House, officer: &Officer) -> Result<String, Failure> {
    let party: PartyId = officer
        .officer
        .parse()
        .map_err(|_| Failure::Usage(format!("{} is not a pty_ id", officer.officer)))?;
    let account = house.account(false, None)?;
    officers::prove(&account, party, &officer.totp, house.now()).await?;
    Ok(party.to_string())
}

fn authority(id: &str) -> Result<AuthorityId, Failure> {
    id.parse().map_err(|_| Failure::Usage(format!("{id} is not an auk_ id")))
}

fn effects(words: &[String]) -> Result<Vec<Effect>, Failure> {
    if words.is_empty() {
        return Ok(Effect::ALL.to_vec());
    }
    let known = |word: &String| {
        let all: Vec<&str> = Effect::ALL.iter().map(|effect| effect.word()).collect();
        let unknown = || Failure::Usage(format!("{word} is none of {}", all.join(", ")));
        Effect::of(word).ok_or_else(unknown)
    };
    words.iter().map(known).collect()
}

fn generate(file: &Path) -> Result<(), Failure> {
    let mut secret = zeroize::Zeroizing::new([0u8; 32]);
    getrandom::fill(secret.as_mut_slice())
        .map_err(|_| Failure::Usage("the system gave no random bytes".to_owned()))?;
    let key = SigningKey::from_bytes(&secret);
    let mut out = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(Failure::io(file.display()))?;
    let text = zeroize::Zeroizing::new(directive::secret_text(&key));
    writeln!(out, "{}", text.as_str())
        .and_then(|()| out.sync_all())
        .map_err(Failure::io(file.display()))?;
    println!("public key   {}", directive::public_text(&key));
    println!("fingerprint  {}", directive::fingerprint(&key.verifying_key()));
    Ok(())
}

fn sign(document: &Path, key: &Path, lift: bool, to: Option<&Path>) -> Result<(), Failure> {
    let bytes = read(document)?;
    let wrong = |what: &Path| Failure::Usage(format!("{} does not read", what.display()));
    // What would be refused for its form is not signed.
    let (fine, prefix) = if lift {
        let lift =
            serde_json::from_slice::<directive::Lift>(&bytes).map_err(|_| wrong(document))?;
        (lift.is_whole(), directive::LIFT_PREFIX)
    } else {
        let order = serde_json::from_slice::<Order>(&bytes).map_err(|_| wrong(document))?;
        (order.is_whole(), directive::PREFIX)
    };
    if !fine || bytes.len() > DOCUMENT_BYTES_MAX {
        let what = document.display();
        return Err(Failure::Usage(format!(
            "{what}: out of bounds, or its scope does not fit its effect"
        )));
    }
    let secret = zeroize::Zeroizing::new(String::from_utf8(read(key)?).map_err(|_| wrong(key))?);
    let key = directive::secret_key(secret.trim()).ok_or_else(|| wrong(key))?;
    let paper = serde_json::to_string_pretty(&Paper::of_bytes(prefix, &bytes, &key))
        .map_err(|_| wrong(document))?;
    match to {
        Some(to) => std::fs::write(to, paper + "\n").map_err(Failure::io(to.display())),
        None => {
            println!("{paper}");
            Ok(())
        }
    }
}

fn example() -> Result<(), Failure> {
    let now = SystemClock.now();
    let order = Order {
        platform: "plt_… of GET /v1/meta".to_owned(),
        authority: "fingerprint of the key that signs".to_owned(),
        id: DirectiveId::new(now),
        number: "网审〔2026〕1号".to_owned(),
        sequence: 1,
        effect: Effect::SuspendRegistration,
        scope: directive::Scope::default(),
        basis: vec!["CSR 16".to_owned()],
        issued_at: now,
        not_before: now,
        expires: Some(now.plus(90 * DAY)),
    };
    let text = serde_json::to_string_pretty(&order)
        .map_err(|_| Failure::Usage("the example cannot be written".to_owned()))?;
    println!("{text}");
    Ok(())
}
