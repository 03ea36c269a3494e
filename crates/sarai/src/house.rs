//! The house put together: keys, store, law, gate, roads, markets. Every command starts here.

use std::{path::PathBuf, sync::Arc};

use sarai_account::{Account, AccountRules, Outbox, Secrets};
use sarai_bus::Feed;
use sarai_freight::Freight;
use sarai_gate::{
    Gate, Laws,
    audit::{CheckpointKey, Checkpoints, OutsideFile},
    outbound::{Operator, Sector},
};
use sarai_kernel::{Clock, Store, Timestamp, event::EventSink, time::HOUR};
use sarai_road::Roads;
use sarai_seal::rest::{FileMaster, Keyring};
use sarai_store::{SqlStore, StoreOptions};

use crate::{
    cli::Site,
    clock::SystemClock,
    config::{Config, OperatorConfig},
    failure::Failure,
    site::Directory,
};

/// Label of the key that signs audit checkpoints.
const AUDIT_KEY: &str = "audit signing";

/// Everything that the commands and the server stand on.
pub struct House {
    /// Settings in force.
    pub config: Config,
    /// The data directory.
    pub directory: Directory,
    /// The machine's clock.
    pub clock: Arc<SystemClock>,
    /// The keys.
    pub keyring: Arc<Keyring>,
    /// The store.
    pub store: Arc<SqlStore>,
    /// Committed events inside the process.
    pub feed: Feed,
    /// The gate.
    pub gate: Arc<Gate>,
    /// Imported roads.
    pub roads: Arc<Roads>,
}

/// The configuration of a site: file first, then arguments and environment over it.
pub fn settings(site: &Site) -> Result<Config, Failure> {
    let mut config = Config::read(site.config.as_deref())?;
    if let Some(data) = &site.data {
        config.data.clone_from(data);
    }
    if let Some(store) = &site.store {
        config.store = Some(store.clone());
    }
    Ok(config)
}

impl House {
    /// Opens the house of `config`.
    pub async fn open(config: Config) -> Result<Self, Failure> {
        let directory = Directory::open(&config.data)?;
        let keyring = Arc::new(keyring(&directory)?);
        let feed = Feed::default();
        let sink: Arc<dyn EventSink> = Arc::new(feed.clone());
        let address = address(&config)?;
        let options = StoreOptions { sink: Some(sink) };
        let store = Arc::new(SqlStore::open(&address, Arc::clone(&keyring), options).await?);
        // Whom a restored backup would bring back is erased again before anything else is read.
        store.follow_erasures(&config.data.join("erased")).await?;
        let mut entries = sarai_account::register();
        entries.extend(sarai_freight::register());
        let gate = Gate::new(store.clone(), Arc::new(Laws::embedded()?))
            .of_platform(platform(&keyring)?)
            .of_operator(operator(&config.operator))
            .with_secret(*keyring.derive("gate")?.expose())
            .with_register(&entries);
        // A house that does not know which orders stand against it does not open.
        gate.orders().reload(store.as_ref()).await?;
        let gate = Arc::new(gate);
        let roads = Arc::new(roads(&directory)?);
        let clock = Arc::new(SystemClock);
        Ok(Self { config, directory, clock, keyring, store, feed, gate, roads })
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The store as its port.
    pub fn port(&self) -> Arc<dyn Store> {
        self.store.clone()
    }

    /// 32 bytes for a label, from the master key.
    pub fn derive(&self, label: &str) -> Result<[u8; 32], Failure> {
        Ok(*self.keyring.derive(label)?.expose())
    }

    /// The room of members.
    pub fn account(&self, demo: bool, outbox: Option<Arc<Outbox>>) -> Result<Account, Failure> {
        let codes = self.derive("account")?;
        let secrets = Secrets::derive(|label| {
            sarai_seal::rest::Secret32::from_bytes(codes).derive(&[label]).expose().to_owned()
        });
        let rules = AccountRules {
            payout_wait_micros: i64::from(self.config.payout_account_wait_hours) * HOUR,
            demo_topups: demo,
            ..AccountRules::default()
        };
        let entries = sarai_freight::register();
        Ok(Account::new(self.port(), self.gate.clone(), secrets, rules, &entries, outbox))
    }

    /// The freight market, its board filled from the store.
    pub async fn freight(&self) -> Result<Freight, Failure> {
        let root = self.derive("freight")?;
        let freight =
            Freight::new(self.port(), self.roads.clone(), self.config.freight.clone(), &root);
        freight.start(self.now()).await?;
        Ok(freight)
    }

    /// Who signs the audit log.
    pub fn checkpoints(&self) -> Result<Checkpoints, Failure> {
        let outside = Arc::new(OutsideFile::new(self.directory.checkpoints()));
        Ok(Checkpoints::new(self.port(), self.audit_key()?, Some(outside)))
    }

    /// The key that signs the audit log.
    pub fn audit_key(&self) -> Result<CheckpointKey, Failure> {
        Ok(CheckpointKey::new(&self.derive(AUDIT_KEY)?))
    }
}

/// Who runs the house, as far as the law of transfers asks.
fn operator(config: &OperatorConfig) -> Operator {
    Operator {
        country: config.country.clone(),
        critical: config.critical_infrastructure,
        sector: Sector::Freight,
    }
}

/// The word by which orders of authorities name this installation: it tells nothing, and stays as long as the master key does.
fn platform(keyring: &Keyring) -> Result<String, Failure> {
    let bytes = *keyring.derive("platform id")?.expose();
    let digits = bytes.iter().take(10).map(|byte| format!("{byte:02x}"));
    Ok(format!("plt_{}", digits.collect::<String>()))
}

/// Where the store of a configuration is: a database's address, or a directory of its own.
pub fn address(config: &Config) -> Result<String, Failure> {
    match &config.store {
        Some(address) => Ok(address.clone()),
        None => Ok(Directory::open(&config.data)?.folder("store")?.display().to_string()),
    }
}

/// The keys of a data directory; the master key is made at the first start.
pub fn keyring(directory: &Directory) -> Result<Keyring, Failure> {
    Ok(Keyring::new(Arc::new(FileMaster::open_or_create(directory.master_key()?)?)))
}

/// Folder of imported maps.
pub fn maps(directory: &Directory) -> Result<PathBuf, Failure> {
    Ok(directory.folder("maps")?)
}

/// The imported maps; one that does not read is named in the log and left out.
pub fn roads(directory: &Directory) -> Result<Roads, Failure> {
    let (roads, failed) = Roads::open(&maps(directory)?);
    for (name, error) in failed {
        tracing::error!(map = name, %error, "map left out");
    }
    Ok(roads)
}
