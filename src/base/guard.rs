//! Which addresses Guichet may call: the public internet, and what the configuration file allows.
//!
//! A name that resolves to an address inside the house is how a stranger makes a server attack its
//! own neighbours. So every address is judged at the moment of connecting, whether it came from a
//! name, a number in the URL or a redirect.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The rule for outgoing calls.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// Ranges that are not public but may be called, over plain http too.
    pub allow: Vec<IpNet>,
    /// True where nothing outside `allow` may be called at all (tests, the demo).
    pub only: bool,
}

/// An address or URL that may not be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} may not be called from here; a private address must be listed under [outbound] allow in guichet.toml")]
pub struct Forbidden(pub String);

impl Guard {
    /// True when this address may be connected to.
    pub fn admits(&self, ip: IpAddr) -> bool {
        let ip = plain(ip);
        self.is_allowed(ip) || (!self.only && is_public(ip))
    }

    /// True when the file allows this address by name of its range, in the clear, too.
    pub(super) fn is_allowed(&self, ip: IpAddr) -> bool {
        self.allow.iter().any(|net| net.contains(&plain(ip)))
    }

    /// Judges a URL before any connection: scheme, absence of user names, and the address where it
    /// is written as a number. Names are judged once resolved.
    ///
    /// # Errors
    /// [`Forbidden`] with the URL's host.
    pub fn check(&self, url: &url::Url) -> Result<(), Forbidden> {
        let refuse = || Err(Forbidden(url.host_str().unwrap_or("the URL").to_owned()));
        if !url.username().is_empty() || url.password().is_some() {
            return refuse();
        }
        let address = match url.host() {
            Some(url::Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(url::Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(url::Host::Domain(_)) => None,
            None => return refuse(),
        };
        match (url.scheme(), address) {
            ("https", None) => Ok(()),
            ("https", Some(ip)) if self.admits(ip) => Ok(()),
            // Plain http only to a number that the file allows: a name could move meanwhile.
            ("http", Some(ip)) if self.is_allowed(ip) => Ok(()),
            _ => refuse(),
        }
    }
}

/// The IPv4 address inside an IPv6 one, where there is one.
fn plain(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(ip, IpAddr::V4),
        IpAddr::V4(_) => ip,
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// Global unicast by the IANA special-purpose registry (2026-11).
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)))
}

/// Global unicast is 2000::/3; out of it go documentation, 6to4, Teredo and the like.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    (a & 0xE000) == 0x2000 && a != 0x2002 && !(a == 0x2001 && (b < 0x0200 || b == 0x0DB8)) && a != 0x3FFF
}

/// Resolves names and passes on only the addresses the guard admits.
#[derive(Clone)]
pub struct GuardedNames(pub Arc<Guard>);

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.0);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let admitted: Vec<SocketAddr> = found.into_iter().filter(|a| guard.admits(a.ip())).collect();
            if admitted.is_empty() {
                return Err(Forbidden(name.as_str().to_owned()).into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> url::Url {
        url::Url::parse(text).unwrap()
    }

    #[test]
    fn every_spelling_of_an_inner_address_is_refused() {
        let guard = Guard::default();
        for inside in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://①②⑦.⓪.⓪.①/",
            "https://10.1.2.3/",
            "https://169.254.169.254/",
            "https://192.168.1.1/",
            "https://100.64.0.1/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://0.0.0.0/",
            "https://255.255.255.255/",
            "https://198.18.0.1/",
            "http://93.184.215.14/",
            "http://example.org/",
            "ftp://example.org/",
            "https://user:pw@example.org/",
            "file:///etc/passwd",
        ] {
            assert!(guard.check(&url(inside)).is_err(), "{inside} was let through");
        }
        assert!(guard.check(&url("https://graph.facebook.com/v25.0/me")).is_ok());
        assert!(guard.check(&url("https://157.240.1.1/")).is_ok());
    }

    #[test]
    fn the_file_may_allow_a_range_and_only_that() {
        let guard = Guard { allow: vec!["127.0.0.0/8".parse().unwrap()], only: true };
        assert!(guard.check(&url("http://127.0.0.1:9000/v25.0/me")).is_ok());
        assert!(guard.check(&url("http://[::ffff:127.0.0.1]:9000/")).is_ok());
        assert!(guard.check(&url("https://157.240.1.1/")).is_err());
        assert!(!guard.admits("8.8.8.8".parse().unwrap()));
    }
}
