//! Addresses that stand in a package: which hosts, over which scheme, and which of them look like a privacy policy.

use std::collections::BTreeMap;

use super::{HostSeen, tables};

/// Hosts that are kept.
const HOSTS_MAX: usize = 20_000;
/// Links that are kept.
const LINKS_MAX: usize = 20;

/// Names of formats, not places that are talked to.
const NAMESPACES: &[&str] = &[
    "schemas.android.com",
    "www.w3.org",
    "w3.org",
    "xmlpull.org",
    "xml.org",
    "www.xml.org",
    "ns.adobe.com",
    "java.sun.com",
    "xml.apache.org",
    "www.apache.org",
    "schemas.microsoft.com",
    "schemas.xmlsoap.org",
    "purl.org",
    "json-schema.org",
    "www.example.com",
    "example.com",
    "localhost",
];

/// Words in addresses of policies.
const POLICY: &[&str] = &["privacy", "privacypolicy", "yinsi", "隐私"];

/// Addresses gathered over a package.
#[derive(Default)]
pub(crate) struct Hosts {
    pub(crate) seen: BTreeMap<String, HostSeen>,
    pub(crate) policy: Vec<String>,
    pub(crate) screenshots: bool,
}

impl Hosts {
    /// Looks through a text.
    pub(crate) fn text(&mut self, text: &[u8]) {
        self.screenshots |= names_screenshots(text);
        let mut from = 0;
        while let Some(found) = find(text, b"://", from) {
            let end = found + 3 + span(text.get(found + 3..).unwrap_or_default());
            if let Some((scheme, rest)) = scheme(text, found).zip(text.get(found + 3..end)) {
                self.address(scheme, rest);
            }
            from = found + 3;
        }
        if let Some(host) = bare(text) {
            self.host(host, false, true);
        }
    }

    fn address(&mut self, scheme: Scheme, rest: &[u8]) {
        let rest = String::from_utf8_lossy(rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or(authority);
        let host =
            host.split(':').next().unwrap_or(host).trim_end_matches('.').to_ascii_lowercase();
        let numeric = is_numeric(&host);
        if !(numeric || is_host(&host)) || NAMESPACES.contains(&host.as_str()) {
            return;
        }
        let lower = rest.to_lowercase();
        if self.policy.len() < LINKS_MAX && POLICY.iter().any(|word| lower.contains(word)) {
            let link: String = format!("{}://{rest}", scheme.word()).chars().take(200).collect();
            if !self.policy.contains(&link) {
                self.policy.push(link);
            }
        }
        self.host(host, scheme.clear(), numeric);
    }

    fn host(&mut self, host: String, cleartext: bool, numeric: bool) {
        if self.seen.len() >= HOSTS_MAX && !self.seen.contains_key(&host) {
            return;
        }
        let sdk = tables::sdk_of_host(&host).map(|sdk| sdk.id.clone());
        let fresh = HostSeen { count: 0, cleartext: false, sdk, numeric };
        let seen = self.seen.entry(host).or_insert(fresh);
        seen.count += 1;
        seen.cleartext |= cleartext;
    }
}

#[derive(Clone, Copy)]
enum Scheme {
    Http,
    Https,
    Ws,
    Wss,
    Mqtt,
    Ftp,
}

impl Scheme {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Https, "https"),
        (Self::Http, "http"),
        (Self::Wss, "wss"),
        (Self::Ws, "ws"),
        (Self::Mqtt, "mqtt"),
        (Self::Ftp, "ftp"),
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Ws => "ws",
            Self::Wss => "wss",
            Self::Mqtt => "mqtt",
            Self::Ftp => "ftp",
        }
    }

    fn clear(self) -> bool {
        !matches!(self, Self::Https | Self::Wss)
    }
}

/// The scheme that ends at `end`.
fn scheme(text: &[u8], end: usize) -> Option<Scheme> {
    let before = text.get(end.saturating_sub(6)..end)?;
    let start = before.iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |at| at + 1);
    let word = before.get(start..)?.to_ascii_lowercase();
    Scheme::ALL.iter().find(|(_, known)| known.as_bytes() == word).map(|(scheme, _)| *scheme)
}

/// Bytes up to where an address ends.
fn span(text: &[u8]) -> usize {
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace()
            || byte.is_ascii_control()
            || b"\"'<>`{}|\\^,;()[]".contains(byte)
    };
    text.iter().take(2_048).position(ends).unwrap_or(text.len().min(2_048))
}

fn find(text: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    text.get(from..)?.windows(needle.len()).position(|window| window == needle).map(|at| at + from)
}

fn is_host(host: &str) -> bool {
    let Some((_, top)) = host.rsplit_once('.') else { return false };
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    host.len() <= 253
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && host.split('.').all(label)
}

/// A numeric address that leads somewhere outside the device.
pub(crate) fn is_numeric(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| {
        !(address.is_loopback()
            || address.is_unspecified()
            || address.is_broadcast()
            || address.is_documentation())
    })
}

/// A text that is nothing but a numeric address: with a port, or with a part that no version number has.
fn bare(text: &[u8]) -> Option<String> {
    if text.len() > 21 || text.len() < 7 {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let address: std::net::Ipv4Addr = host.parse().ok()?;
    let sure = port.is_some_and(|port| port.parse::<u16>().is_ok())
        || address.octets().iter().any(|part| *part >= 100);
    let [first, ..] = address.octets();
    (sure && is_numeric(host) && first < 224).then(|| host.to_owned())
}

fn names_screenshots(text: &[u8]) -> bool {
    let lower: Vec<u8> = text.iter().take(256).map(u8::to_ascii_lowercase).collect();
    text.len() <= 256
        && ["screenshot", "screen_shot", "screencapture", "截屏", "截图"]
            .iter()
            .any(|word| find(&lower, word.as_bytes(), 0).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(text: &str) -> Vec<(String, bool)> {
        let mut hosts = Hosts::default();
        hosts.text(text.as_bytes());
        hosts.seen.into_iter().map(|(host, seen)| (host, seen.cleartext)).collect()
    }

    #[test]
    fn addresses_are_found_with_their_scheme() {
        let cases: [(&str, &[(&str, bool)]); 10] = [
            ("https://api.example.cn/v1?x=1", &[("api.example.cn", false)]),
            (
                "a http://u:p@Host.Example.cn:80/ b https://b.cn",
                &[("b.cn", false), ("host.example.cn", true)],
            ),
            ("http://schemas.android.com/apk/res/android", &[]),
            ("http://47.95.1.2:8080/up", &[("47.95.1.2", true)]),
            ("http://127.0.0.1/", &[]),
            ("47.95.1.2:9000", &[("47.95.1.2", false)]),
            ("1.2.3.4", &[]),
            ("203.107.1.1", &[("203.107.1.1", false)]),
            ("content://sms https://%s/x", &[]),
            ("xhttp://", &[]),
        ];
        for (text, wanted) in cases {
            let wanted: Vec<_> =
                wanted.iter().map(|(host, clear)| ((*host).to_owned(), *clear)).collect();
            assert_eq!(hosts(text), wanted, "{text}");
        }
    }

    #[test]
    fn links_to_policies_are_kept() {
        let mut hosts = Hosts::default();
        hosts.text(b"see https://static.example.cn/Privacy_policy.html now");
        assert_eq!(hosts.policy, ["https://static.example.cn/Privacy_policy.html"]);
    }
}
