//! Where a host stands and whose it is: by the operator's table first, then by names that tell, else unknown.

use std::{net::IpAddr, sync::LazyLock};

use serde::Deserialize;

/// A country of which nothing is known.
pub const UNKNOWN: &str = "unknown";

/// A row of the operator's table of places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placed {
    /// A host and all below it.
    Host {
        /// `api.example.cn`
        host: String,
        /// ISO 3166-1 alpha-2.
        country: String,
    },
    /// A block of addresses.
    Block {
        /// First address.
        address: IpAddr,
        /// Leading bits that are the block's.
        bits: u8,
        /// ISO 3166-1 alpha-2.
        country: String,
    },
}

/// Why a row of the operator's table does not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither a host nor a block of addresses with a country of two letters")]
pub struct PlacedFault(String);

impl Placed {
    /// `203.0.113.0/24` or `api.example.cn`, with its country.
    pub fn read(what: &str, country: &str) -> Result<Self, PlacedFault> {
        let fault = || PlacedFault(what.to_owned());
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(fault());
        }
        let country = country.to_owned();
        let (address, bits) = match what.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| fault())?)),
            None => (what, None),
        };
        if let Ok(address) = address.parse::<IpAddr>() {
            let most = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.unwrap_or(most);
            return if bits <= most {
                Ok(Self::Block { address, bits, country })
            } else {
                Err(fault())
            };
        }
        let host = what.trim_start_matches("*.").to_ascii_lowercase();
        if bits.is_some() || host.is_empty() || host.contains(char::is_whitespace) {
            return Err(fault());
        }
        Ok(Self::Host { host, country })
    }

    fn holds(&self, host: &str, address: Option<IpAddr>) -> Option<&str> {
        match self {
            Self::Host { host: known, country } => below(host, known).then_some(country),
            Self::Block { address: start, bits, country } => address
                .filter(|address| in_block(*address, *start, *bits))
                .map(|_| country.as_str()),
        }
    }
}

/// Whether `host` is `known` or stands below it.
pub fn below(host: &str, known: &str) -> bool {
    host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn in_block(address: IpAddr, start: IpAddr, bits: u8) -> bool {
    let shift = |width: u32| width.saturating_sub(u32::from(bits));
    match (address, start) {
        (IpAddr::V4(address), IpAddr::V4(start)) => {
            (address.to_bits() ^ start.to_bits()).checked_shr(shift(32)).unwrap_or(0) == 0
        }
        (IpAddr::V6(address), IpAddr::V6(start)) => {
            (address.to_bits() ^ start.to_bits()).checked_shr(shift(128)).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Services {
    region: Vec<Region>,
    service: Vec<Service>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Region {
    domain: String,
    countries: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    country: String,
    domains: Vec<String>,
}

#[expect(clippy::expect_used, reason = "the table is part of the program, and a test reads it")]
static SERVICES: LazyLock<Services> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/services.toml")).expect("the table of services reads")
});

/// Country of a host and how it is known: `operator`, `address`, `service`, `suffix`, `unknown`.
pub fn country(host: &str, address: Option<IpAddr>, table: &[Placed]) -> (String, &'static str) {
    let address = address.or_else(|| host.parse().ok());
    for row in table {
        if let Some(country) = row.holds(host, address) {
            let how = if matches!(row, Placed::Block { .. }) { "address" } else { "operator" };
            return (country.to_owned(), how);
        }
    }
    if let Some(country) = region(host).or_else(|| service(host)) {
        return (country.to_owned(), "service");
    }
    // A name under .cn is licensed in the mainland; where its server stands it does not prove.
    if below(host, "cn") {
        return ("CN".to_owned(), "suffix");
    }
    (UNKNOWN.to_owned(), "unknown")
}

fn region(host: &str) -> Option<&'static str> {
    let region = SERVICES.region.iter().find(|region| below(host, &region.domain))?;
    let rest = host.strip_suffix(region.domain.as_str())?;
    let part = |name: &str| {
        rest.split('.').any(|part| {
            part == name
                || part.ends_with(&format!("-{name}"))
                || part.starts_with(&format!("{name}-"))
        })
    };
    // Longer names first: `us-west-1` also ends `xx-us-west-1`.
    region.countries.iter().find(|(name, _)| part(name)).map(|(_, country)| country.as_str())
}

fn service(host: &str) -> Option<&'static str> {
    let of = |service: &&Service| service.domains.iter().any(|domain| below(host, domain));
    SERVICES.service.iter().find(of).map(|service| service.country.as_str())
}

/// The registered domain of a host by the public suffix list; the host itself where it has none.
pub fn registered(host: &str) -> String {
    match psl::domain_str(host) {
        Some(domain) if host.parse::<IpAddr>().is_err() => domain.to_owned(),
        _ => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_said_only_where_something_tells() {
        let table = [
            Placed::read("203.0.113.0/24", "SG").expect("a block"),
            Placed::read("*.api.example.com", "US").expect("a host"),
        ];
        let of = |host, address: Option<&str>| {
            let address = address.map(|address| address.parse().expect("an address"));
            country(host, address, &table)
        };
        let said = |country: &str, how| (country.to_owned(), how);
        assert_eq!(of("a.api.example.com", None), said("US", "operator"));
        assert_eq!(of("x.example.com", Some("203.0.113.9")), said("SG", "address"));
        assert_eq!(of("x.example.com", Some("203.0.114.9")), said("unknown", "unknown"));
        assert_eq!(of("203.0.113.200", None), said("SG", "address"));
        assert_eq!(of("b.oss-cn-hangzhou.aliyuncs.com", None), said("CN", "service"));
        assert_eq!(of("b.oss-us-west-1.aliyuncs.com", None), said("US", "service"));
        assert_eq!(of("s3.ap-southeast-1.amazonaws.com", None), said("SG", "service"));
        assert_eq!(of("b.cos.ap-guangzhou.myqcloud.com", None), said("CN", "service"));
        assert_eq!(of("t.appsflyer.com", None), said("US", "service"));
        assert_eq!(of("m.didi.cn", None), said("CN", "suffix"));
        assert_eq!(of("notcn", None), said("unknown", "unknown"));
    }

    #[test]
    fn rows_of_the_operator_are_read_strictly() {
        for (what, country) in [
            ("203.0.113.0/33", "SG"),
            ("a b", "SG"),
            ("", "SG"),
            ("x.cn", "china"),
            ("x.cn/8", "CN"),
        ] {
            assert!(Placed::read(what, country).is_err(), "{what} {country}");
        }
        assert!(Placed::read("2001:db8::/32", "DE").is_ok());
    }

    #[test]
    fn domains_are_registered_ones() {
        assert_eq!(registered("a.b.example.com.cn"), "example.com.cn");
        assert_eq!(registered("s3.amazonaws.com"), "s3.amazonaws.com");
        assert_eq!(registered("10.0.0.1"), "10.0.0.1");
    }
}
