//! Accepting connections, within bounds: header size and count, time to send a header, connections in all and from one address.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, extract::ConnectInfo};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore, time};
use tower::ServiceExt;

/// Header bytes of one request.
const HEADER_BYTES_MAX: usize = 16 * 1024;
/// Header fields of one request.
const HEADER_FIELDS_MAX: usize = 64;
/// How long a client may take for a header, also while idle between two requests.
const HEADER_SECONDS_MAX: u64 = 60;
/// Connections at once.
const CONNECTIONS_MAX: usize = 10_000;
/// Connections at once from one address.
const CONNECTIONS_OF_ADDRESS_MAX: usize = 64;
/// How long running requests get to end when the server stops.
const FAREWELL_SECONDS: u64 = 10;

/// Counts connections of each address; loopback and trusted proxies stand for many and are not counted.
#[derive(Clone, Default)]
struct Guests(Arc<Mutex<HashMap<IpAddr, usize>>>);

struct Guest {
    guests: Guests,
    address: IpAddr,
}

impl Guests {
    fn welcome(&self, address: IpAddr) -> Option<Guest> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= CONNECTIONS_OF_ADDRESS_MAX {
            return None;
        }
        *count += 1;
        Some(Guest { guests: self.clone(), address })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut counts = self.guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

/// Serves `router` on `listener` until `stop` is done, then lets running requests end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    uncounted: Vec<IpAddr>,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let guests = Guests::default();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEADER_SECONDS_MAX))
        .max_headers(HEADER_FIELDS_MAX)
        .max_buf_size(HEADER_BYTES_MAX)
        .half_close(false);
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file handles, or the peer is gone already: let others end first.
            time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(place) = places.clone().try_acquire_owned() else { continue };
        let counted = !peer.ip().is_loopback() && !uncounted.contains(&peer.ip());
        let guest = if counted { guests.welcome(peer.ip()) } else { None };
        if counted && guest.is_none() {
            continue;
        }
        let _ = stream.set_nodelay(true);
        let service = with_peer(router.clone(), peer);
        let connection =
            http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _kept = (place, guest);
            if connection.await.is_err() {
                tracing::debug!("connection ended early");
            }
        });
    }
    let _ = time::timeout(Duration::from_secs(FAREWELL_SECONDS), graceful.shutdown()).await;
}

fn with_peer(
    router: Router,
    peer: SocketAddr,
) -> impl tower::Service<
    hyper::Request<hyper::body::Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send,
> + Clone {
    router.map_request(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_gets_no_more_than_its_share_and_gives_it_back() {
        let guests = Guests::default();
        let address = IpAddr::from([10, 1, 2, 3]);
        let all: Vec<_> =
            (0..CONNECTIONS_OF_ADDRESS_MAX).map(|_| guests.welcome(address)).collect();
        assert!(all.iter().all(Option::is_some));
        assert!(guests.welcome(address).is_none());
        assert!(guests.welcome(IpAddr::from([10, 1, 2, 4])).is_some());
        drop(all);
        assert!(guests.welcome(address).is_some());
    }
}
