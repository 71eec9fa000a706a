//! The way out for what is not HTTP: a connection to a host and port, under the same guard as
//! [`super::fetch`], with a deadline for every step and a cap on what is read.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::fetch::{Fetch, Trouble};
use super::guard::Forbidden;

/// How long connecting may take, for each address tried.
const CONNECT: Duration = Duration::from_secs(5);
/// How long agreeing on TLS may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The ports a public host may be dialled on: those of mail (RFC 9051, RFC 5321, RFC 8314, and the
/// second submission port many providers offer). Other services are not ours to knock at.
const PORTS: [u16; 6] = [25, 143, 465, 587, 993, 2525];

/// Whether a connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// Plain at first; [`Wire::secure`] before anything is told.
    StartTls,
    /// Never: only to addresses that the configuration file allows.
    Plain,
}

/// A connection.
pub struct Wire {
    inner: Inner,
    host: String,
    tls: TlsConnector,
    left: usize,
}

enum Inner {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wire({})", self.host)
    }
}

impl Fetch {
    /// Connects to a host and port. At most `cap` bytes are read from it.
    ///
    /// # Errors
    /// [`Trouble::Forbidden`] or [`Trouble::NotSent`]: nothing was told to anybody.
    pub async fn dial(&self, host: &str, port: u16, security: Security, cap: usize) -> Result<Wire, Trouble> {
        let not_sent = |why: String| Trouble::NotSent { host: host.to_owned(), why };
        let found: Vec<SocketAddr> = if let Ok(ip) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            vec![SocketAddr::new(ip, port)]
        } else {
            let looked = tokio::time::timeout(CONNECT, tokio::net::lookup_host((host, port))).await;
            let looked = looked.map_err(|_| not_sent("the name was not found in time".into()))?;
            looked.map_err(|e| not_sent(e.to_string()))?.collect()
        };
        let plain = security == Security::Plain;
        let admitted = |a: &&SocketAddr| {
            self.guard.is_allowed(a.ip()) || (!plain && PORTS.contains(&port) && self.guard.admits(a.ip()))
        };
        let admitted: Vec<&SocketAddr> = found.iter().filter(admitted).collect();
        if admitted.is_empty() {
            return Err(Trouble::Forbidden(Forbidden(format!("{host}:{port}"))));
        }
        let mut why = String::from("no address");
        for address in admitted {
            #[expect(clippy::disallowed_methods, reason = "the one place that dials, under the guard")]
            let connecting = TcpStream::connect(address);
            match tokio::time::timeout(CONNECT, connecting).await {
                Ok(Ok(stream)) => {
                    // Commands are short: they should not wait for one another.
                    let _ = stream.set_nodelay(true);
                    let tls = TlsConnector::from(Arc::clone(&self.tls));
                    let wire = Wire { inner: Inner::Plain(stream), host: host.to_owned(), tls, left: cap };
                    return if security == Security::Tls { wire.secure().await } else { Ok(wire) };
                }
                Ok(Err(error)) => why = error.to_string(),
                Err(_) => "time ran out while connecting".clone_into(&mut why),
            }
        }
        Err(not_sent(why))
    }
}

impl Wire {
    /// The same connection under TLS, with the host's name checked.
    ///
    /// # Errors
    /// [`Trouble::NotSent`] when no trustworthy TLS came about.
    pub async fn secure(self) -> Result<Wire, Trouble> {
        let not_sent = |why: String| Trouble::NotSent { host: self.host.clone(), why };
        let Inner::Plain(stream) = self.inner else { return Ok(self) };
        let name = ServerName::try_from(self.host.clone()).map_err(|e| not_sent(e.to_string()))?;
        let shaken = tokio::time::timeout(HANDSHAKE, self.tls.connect(name, stream)).await;
        let stream = shaken.map_err(|_| not_sent("time ran out while agreeing on TLS".into()))?;
        let stream = stream.map_err(|e| not_sent(e.to_string()))?;
        Ok(Wire { inner: Inner::Tls(Box::new(stream)), host: self.host, tls: self.tls, left: self.left })
    }

    /// Who is on the other side.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.left == 0 {
            return Poll::Ready(Err(io::Error::other("the other side says more than is listened to")));
        }
        let before = buf.filled().len();
        let polled = match &mut self.inner {
            Inner::Plain(s) => Pin::new(s).poll_read(cx, buf),
            Inner::Tls(s) => Pin::new(s).poll_read(cx, buf),
        };
        self.left = self.left.saturating_sub(buf.filled().len() - before);
        polled
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.inner {
            Inner::Plain(s) => Pin::new(s).poll_write(cx, bytes),
            Inner::Tls(s) => Pin::new(s).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.inner {
            Inner::Plain(s) => Pin::new(s).poll_flush(cx),
            Inner::Tls(s) => Pin::new(s).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.inner {
            Inner::Plain(s) => Pin::new(s).poll_shutdown(cx),
            Inner::Tls(s) => Pin::new(s).poll_shutdown(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::guard::Guard;

    #[tokio::test]
    async fn the_guard_holds_for_every_connection() {
        let here = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = here.local_addr().unwrap().port();
        let strict = Fetch::new(Guard::default()).unwrap();
        for host in ["127.0.0.1", "localhost", "::1", "[::1]", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"] {
            for security in [Security::Plain, Security::StartTls, Security::Tls] {
                let refused = strict.dial(host, port, security, 1_000).await.unwrap_err();
                assert!(!matches!(refused, Trouble::NoAnswer { .. }), "{host}: {refused}");
                let told = matches!(refused, Trouble::Forbidden(_)) || host == "localhost";
                assert!(told, "{host}: {refused}");
            }
        }
        // A public address: not in the clear, and not on any port.
        for (port, security) in [(25, Security::Plain), (22, Security::Tls), (5432, Security::StartTls)] {
            let refused = strict.dial("93.184.215.14", port, security, 1_000).await.unwrap_err();
            assert!(matches!(refused, Trouble::Forbidden(_)), "{port}: {refused}");
        }
        let allowed = Guard { allow: vec!["127.0.0.0/8".parse().unwrap()], only: true };
        assert!(Fetch::new(allowed).unwrap().dial("127.0.0.1", port, Security::Plain, 1_000).await.is_ok());
    }

    #[tokio::test]
    async fn nobody_is_listened_to_for_ever() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let here = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = here.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut talker, _) = here.accept().await.unwrap();
            while talker.write_all(&[b'x'; 1_000]).await.is_ok() {}
        });
        let guard = Guard { allow: vec!["127.0.0.0/8".parse().unwrap()], only: true };
        let mut wire = Fetch::new(guard).unwrap().dial("127.0.0.1", port, Security::Plain, 5_000).await.unwrap();
        let mut heard = Vec::new();
        assert!(wire.read_to_end(&mut heard).await.is_err());
        assert!(heard.len() < 5_000 + 64 * 1_024, "{}", heard.len());
    }
}
