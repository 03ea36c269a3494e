//! The one way out: the project's only HTTP client. It takes a [`Leave`] of the gate for every call, so that nothing goes out that was
//! not asked for and written down. It resolves a name once, refuses every address that is not on the open internet,
//! and connects to the very address that it checked. No redirects, no proxy from the environment, no body kept.

mod address;

use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Request, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioIo},
};
use tokio::{net::TcpStream, time::Instant};
use url::{Host, Url};

use crate::outbound::Leave;

pub use address::is_open;

/// Longest that a try may take.
pub const TRY_SECONDS_MAX: u64 = 15;
/// Most bytes of an answer that are read, and thrown away.
pub const ANSWER_BYTES_MAX: usize = 16 * 1024;
/// Longest address.
pub const URL_BYTES_MAX: usize = 2_048;
/// Ports that may be called.
const PORTS: [u16; 2] = [443, 8443];

/// Why an address is not called. Never repeats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Not an address, or too long, or with a name and password, or with a fragment.
    #[error("not an address that can be called")]
    Malformed,
    /// Not https.
    #[error("only https is called")]
    Scheme,
    /// Another port.
    #[error("only ports 443 and 8443 are called")]
    Port,
    /// Not on the open internet.
    #[error("the address is not on the open internet")]
    Inside,
}

/// Why nothing came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The address may not be called.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// Nobody there, or no TLS.
    #[error("unreachable")]
    Unreachable,
    /// Too slow.
    #[error("too slow")]
    Slow,
    /// The gate did not let it go.
    #[error("not let go")]
    Kept,
}

impl NotSent {
    /// A word for records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Address(_) => "address_refused",
            Self::Unreachable => "unreachable",
            Self::Slow => "timeout",
            Self::Kept => "transfer_refused",
        }
    }
}

/// What came back: status, wish and time, never the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds.
    pub retry_after_seconds: Option<u64>,
    /// How long it took.
    pub duration_ms: u64,
}

/// Turns names into addresses. The system's resolver, or a test's.
#[async_trait]
pub trait Resolver: Send + Sync {
    /// The addresses of a name.
    async fn addresses(&self, name: &str) -> Vec<IpAddr>;
}

/// Asks the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    #[expect(clippy::disallowed_methods, reason = "this is the one client of the house")]
    async fn addresses(&self, name: &str) -> Vec<IpAddr> {
        let found = tokio::net::lookup_host((name, 443)).await;
        found.map(|found| found.map(|address| address.ip()).collect()).unwrap_or_default()
    }
}

/// The client.
pub struct Exit {
    client: Client<HttpsConnector<Guarded>, Full<Bytes>>,
    loopback: bool,
}

impl Exit {
    /// A client; `loopback` also lets it call this machine without TLS, for development and tests.
    pub fn new(loopback: bool, resolver: Arc<dyn Resolver>) -> Self {
        let guarded = Guarded { resolver, loopback };
        let provider = rustls::crypto::ring::default_provider();
        #[expect(
            clippy::expect_used,
            reason = "the provider that is compiled in knows the default protocol versions"
        )]
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(provider)
            .expect("ring knows TLS 1.2 and 1.3")
            .https_or_http()
            .enable_http1()
            .wrap_connector(guarded);
        Self { client: Client::builder(TokioExecutor::new()).build(https), loopback }
    }

    /// The address, if it may be called at all. Names are checked again when they are resolved.
    pub fn check(&self, text: &str) -> Result<Url, BadAddress> {
        if text.len() > URL_BYTES_MAX {
            return Err(BadAddress::Malformed);
        }
        let url = Url::parse(text).map_err(|_| BadAddress::Malformed)?;
        let host = url.host().ok_or(BadAddress::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(BadAddress::Malformed);
        }
        let home = self.loopback && is_loopback(&host);
        if url.scheme() != "https" && !(home && url.scheme() == "http") {
            return Err(BadAddress::Scheme);
        }
        if !home && !PORTS.contains(&url.port_or_known_default().unwrap_or(0)) {
            return Err(BadAddress::Port);
        }
        let inside = match host {
            Host::Ipv4(four) => !is_open(four.into()),
            Host::Ipv6(six) => !is_open(six.into()),
            Host::Domain(name) => is_inside_name(name),
        };
        if inside && !home { Err(BadAddress::Inside) } else { Ok(url) }
    }

    /// Posts bytes that the gate let go. 3xx is an answer like any other: nobody follows it.
    pub async fn post(
        &self,
        leave: Leave,
        url: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Sent, NotSent> {
        let url = self.check(url)?;
        tracing::debug!(transfer.id = %leave.transfer(), "leaves");
        let uri: Uri = url.as_str().parse().map_err(|_| BadAddress::Malformed)?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        let started = Instant::now();
        let trying = self.try_once(request);
        let limit = Duration::from_secs(TRY_SECONDS_MAX);
        let (status, retry_after_seconds) =
            tokio::time::timeout(limit, trying).await.map_err(|_| NotSent::Slow)??;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(Sent { status, retry_after_seconds, duration_ms })
    }

    async fn try_once(&self, request: Request<Full<Bytes>>) -> Result<(u16, Option<u64>), NotSent> {
        let answer = self.client.request(request).await.map_err(|error| refused(&error))?;
        let status = answer.status().as_u16();
        let after = answer.headers().get(header::RETRY_AFTER);
        let after = after.and_then(|text| text.to_str().ok()?.parse().ok());
        // Read so that the connection can be used again; more than the bound closes it.
        let _ = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
        Ok((status, after))
    }
}

fn refused(error: &(dyn std::error::Error + 'static)) -> NotSent {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<BadAddress>() {
            return NotSent::Address(BadAddress::Inside);
        }
        if let Some(inner) =
            error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref)
            && inner.is::<BadAddress>()
        {
            return NotSent::Address(BadAddress::Inside);
        }
        cause = error.source();
    }
    NotSent::Unreachable
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(four) => four.is_loopback(),
        Host::Ipv6(six) => six.is_loopback(),
        Host::Domain(name) => *name == "localhost",
    }
}

/// Names that never mean the open internet.
fn is_inside_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let ends = [".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet"];
    name == "localhost" || !name.contains('.') || ends.iter().any(|end| name.ends_with(end))
}

/// Connects to an address that it resolved and checked itself: nothing is resolved a second time.
#[derive(Clone)]
struct Guarded {
    resolver: Arc<dyn Resolver>,
    loopback: bool,
}

impl Guarded {
    #[expect(clippy::disallowed_methods, reason = "this is the one client of the house")]
    async fn connect(self, uri: Uri) -> Result<TokioIo<TcpStream>, std::io::Error> {
        let refused = || std::io::Error::other(BadAddress::Inside);
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let port =
            uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
        let found = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => self.resolver.addresses(host).await,
        };
        let fine = |address: &IpAddr| is_open(*address) || (self.loopback && address.is_loopback());
        // One inside address among many is a trick: none of them is called.
        if found.is_empty() || !found.iter().all(fine) {
            return Err(refused());
        }
        let address = found.first().copied().ok_or_else(refused)?;
        TcpStream::connect(SocketAddr::new(address, port)).await.map(TokioIo::new)
    }
}

impl tower::Service<Uri> for Guarded {
    type Response = TokioIo<TcpStream>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(Vec<&'static str>);

    #[async_trait]
    impl Resolver for Fixed {
        async fn addresses(&self, _: &str) -> Vec<IpAddr> {
            self.0.iter().map(|text| text.parse().expect("ip")).collect()
        }
    }

    #[test]
    fn only_https_to_open_addresses_on_listed_ports_is_called() {
        let exit = Exit::new(false, Arc::new(SystemResolver));
        for fine in [
            "https://hooks.example.com/x?y=1",
            "https://hooks.example.com:8443/",
            "https://93.184.216.34/",
            "https://[2606:2800:220:1::1]/",
        ] {
            assert!(exit.check(fine).is_ok(), "{fine}");
        }
        for (wrong, why) in [
            ("http://hooks.example.com/", BadAddress::Scheme),
            ("ftp://hooks.example.com/", BadAddress::Scheme),
            ("https://hooks.example.com:22/", BadAddress::Port),
            ("https://user:pass@hooks.example.com/", BadAddress::Malformed),
            ("https://hooks.example.com/#x", BadAddress::Malformed),
            ("//hooks.example.com", BadAddress::Malformed),
            ("https://localhost/", BadAddress::Inside),
            ("https://printer/", BadAddress::Inside),
            ("https://db.internal/", BadAddress::Inside),
            ("https://db.internal./", BadAddress::Inside),
            // One machine in many spellings.
            ("https://127.0.0.1/", BadAddress::Inside),
            ("https://127.1/", BadAddress::Inside),
            ("https://2130706433/", BadAddress::Inside),
            ("https://0x7f000001/", BadAddress::Inside),
            ("https://0177.0.0.1/", BadAddress::Inside),
            ("https://0/", BadAddress::Inside),
            ("https://[::1]/", BadAddress::Inside),
            ("https://[::ffff:127.0.0.1]/", BadAddress::Inside),
            ("https://[::127.0.0.1]/", BadAddress::Inside),
            ("https://[64:ff9b::7f00:1]/", BadAddress::Inside),
            ("https://169.254.169.254/latest/meta-data/", BadAddress::Inside),
            ("https://[fd00:ec2::254]/", BadAddress::Inside),
        ] {
            assert_eq!(exit.check(wrong), Err(why), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_called() {
        let home = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
        for answers in
            [vec!["127.0.0.1"], vec!["93.184.216.34", "10.0.0.1"], vec!["::ffff:10.0.0.1"], vec![]]
        {
            let exit = Exit::new(false, Arc::new(Fixed(answers)));
            let sent = exit
                .post(
                    Leave::of_test(),
                    "https://hooks.example.com/",
                    HeaderMap::new(),
                    Bytes::new(),
                )
                .await;
            assert_eq!(sent, Err(NotSent::Address(BadAddress::Inside)));
        }
        let nobody_came = tokio::time::timeout(Duration::from_millis(20), home.accept()).await;
        assert!(nobody_came.is_err());
    }
}
