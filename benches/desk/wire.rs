//! A small HTTP client: one connection kept alive, one request after the other. It reads just
//! enough of an answer to know where it ends.

use std::io::{self, Read, Write};
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection.
pub struct Line {
    stream: TcpStream,
    got: Vec<u8>,
}

/// What an answer's head tells.
struct Head {
    status: u16,
    /// None: it comes in chunks.
    length: Option<usize>,
}

impl Line {
    /// Dials.
    pub async fn open(address: SocketAddr) -> io::Result<Line> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Line { stream, got: Vec::with_capacity(128 << 10) })
    }

    /// Sends a request as it is; the answer's status and its body, which must tell its length.
    pub async fn read(&mut self, request: &[u8]) -> io::Result<(u16, Vec<u8>)> {
        let (status, length) = self.ask(request).await?;
        Ok((status, self.got[self.got.len() - length..].to_vec()))
    }

    /// Sends a request as it is; the answer's status and the bytes of its body on the wire.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<(u16, usize)> {
        self.stream.write_all(request).await?;
        self.got.clear();
        let mut seen = 0;
        let begins = loop {
            if let Some(i) = self.got[seen..].windows(4).position(|w| w == b"\r\n\r\n") {
                break seen + i + 4;
            }
            seen = self.got.len().saturating_sub(3);
            self.more().await?;
        };
        let head = read_head(&self.got[..begins])?;
        match head.length {
            Some(length) => {
                while self.got.len() < begins + length {
                    self.more().await?;
                }
            }
            None => {
                while !self.got[begins..].ends_with(b"0\r\n\r\n") {
                    self.more().await?;
                }
            }
        }
        Ok((head.status, self.got.len() - begins))
    }

    async fn more(&mut self) -> io::Result<()> {
        if self.stream.read_buf(&mut self.got).await? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server hung up"));
        }
        Ok(())
    }
}

fn read_head(bytes: &[u8]) -> io::Result<Head> {
    let strange = || io::Error::new(io::ErrorKind::InvalidData, "this is no HTTP answer");
    let text = std::str::from_utf8(bytes).map_err(|_| strange())?;
    let status = text.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(strange)?;
    let length = text.lines().find_map(|l| {
        let (name, value) = l.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Ok(Head { status, length })
}

/// One question on a connection of its own, for what is not measured: the status and the body.
pub fn get(address: SocketAddr, path: &str, headers: &str) -> io::Result<(u16, String)> {
    let mut stream = std::net::TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\n{headers}connection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text.as_str(), ""));
    let status = read_head(head.as_bytes())?.status;
    Ok((status, body.to_owned()))
}

/// A request as it is, on a connection of its own; the answer's status.
pub fn post(address: SocketAddr, request: &[u8]) -> io::Result<u16> {
    let mut stream = std::net::TcpStream::connect(address)?;
    stream.write_all(request)?;
    let mut answer = vec![0; 512];
    let n = stream.read(&mut answer)?;
    Ok(read_head(&answer[..n])?.status)
}
