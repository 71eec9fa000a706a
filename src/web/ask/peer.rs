//! Where a request comes from: the address that connected, or, when that is a proxy we were told to
//! trust, the one it names.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::web::Web;

/// The address of whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl FromRequestParts<Web> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Peer, Infallible> {
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let near = connected.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |c| c.0.ip().to_canonical());
        Ok(Peer(behind(near, &parts.headers, &web.proxies)))
    }
}

/// Reads `X-Forwarded-For` from its end, as far as each name was written by a trusted proxy.
fn behind(near: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let trusted = |ip: IpAddr| proxies.iter().any(|net| net.contains(&ip));
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|h| h.to_str().ok()).collect();
    let mut named = lines.iter().flat_map(|l| l.split(',')).map(str::trim).rev();
    let mut ip = near;
    while trusted(ip) {
        let Some(next) = named.next().and_then(|n| n.parse::<IpAddr>().ok()) else { return ip };
        ip = next.to_canonical();
    }
    ip
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(near: &str, forwarded: &str, proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let proxies: Vec<IpNet> = proxies.iter().map(|p| p.parse().unwrap()).collect();
        behind(near.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn a_strangers_word_for_their_address_counts_for_nothing() {
        assert_eq!(seen("203.0.113.9", "198.51.100.1", &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", "198.51.100.1", &["10.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxys_word_counts_and_only_what_it_added() {
        let proxies = ["127.0.0.1/32", "10.0.0.0/8"];
        assert_eq!(seen("127.0.0.1", "198.51.100.1", &proxies), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", &proxies), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", "nonsense", &proxies), "127.0.0.1");
    }
}
