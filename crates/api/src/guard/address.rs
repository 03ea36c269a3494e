//! Where a request comes from. `X-Forwarded-For` is believed from listed proxies only, and only its last hop before them.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};

/// Proxies whose word is taken.
pub(crate) struct Trusted(Vec<IpAddr>);

impl Trusted {
    pub(crate) const fn new(proxies: Vec<IpAddr>) -> Self {
        Self(proxies)
    }
}

/// Most hops that are looked at.
const HOPS_MAX: usize = 16;

/// The client's address, if the server knows its peer.
pub(crate) fn of(trusted: &Trusted, request: &Request) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let peer = plain(peer.ip());
    if !trusted.0.contains(&peer) {
        return Some(peer);
    }
    let lines = request.headers().get_all("x-forwarded-for").into_iter();
    let text: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
    let mut hops: Vec<&str> = text.iter().flat_map(|line| line.split(',')).map(str::trim).collect();
    hops.reverse();
    for hop in hops.into_iter().take(HOPS_MAX) {
        // What cannot be read was written by somebody whom nobody vouches for.
        let Ok(address) = hop.parse::<IpAddr>() else { return Some(peer) };
        let address = plain(address);
        if !trusted.0.contains(&address) {
            return Some(address);
        }
    }
    Some(peer)
}

fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        four @ IpAddr::V4(_) => four,
    }
}

/// The group that limits count: an IPv4 address, or an IPv6 /64.
pub(crate) fn key(address: Option<IpAddr>) -> String {
    match address {
        None => "nowhere".to_owned(),
        Some(IpAddr::V4(four)) => four.to_string(),
        Some(IpAddr::V6(six)) => {
            let [a, b, c, d, ..] = six.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&str]) -> String {
        let mut request = Request::new(axum::body::Body::empty());
        let peer = SocketAddr::new(peer.parse().expect("ip"), 1);
        request.extensions_mut().insert(ConnectInfo(peer));
        for line in forwarded {
            request.headers_mut().append("x-forwarded-for", line.parse().expect("header"));
        }
        let proxies = ["10.0.0.1", "10.0.0.2"].map(|ip| ip.parse().expect("ip"));
        of(&Trusted::new(proxies.to_vec()), &request).map(|ip| ip.to_string()).unwrap_or_default()
    }

    #[test]
    fn only_listed_proxies_are_believed_and_only_their_own_hop() {
        assert_eq!(from("1.2.3.4", &["9.9.9.9"]), "1.2.3.4");
        assert_eq!(from("10.0.0.1", &["9.9.9.9"]), "9.9.9.9");
        assert_eq!(from("10.0.0.1", &["6.6.6.6, 9.9.9.9, 10.0.0.2"]), "9.9.9.9");
        assert_eq!(from("10.0.0.1", &["6.6.6.6", "9.9.9.9"]), "9.9.9.9");
        assert_eq!(from("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(from("::ffff:10.0.0.1", &["9.9.9.9"]), "9.9.9.9");
    }

    #[test]
    fn an_ipv6_network_counts_as_one() {
        let key_of = |text: &str| key(text.parse().ok());
        assert_eq!(key_of("2001:db8:1:2:3::4"), key_of("2001:db8:1:2:ffff::1"));
        assert_ne!(key_of("2001:db8:1:2::1"), key_of("2001:db8:1:3::1"));
    }
}
