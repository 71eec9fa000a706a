//! The first words on a connection. Until a caller has said a whole request head they get no more
//! than the few bytes they have sent: what is needed to serve them is made when there is something
//! to serve.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// How long a head may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Longest head; hyper says no to it in the proper words.
pub const LONGEST: usize = 64 << 10;

/// A connection that has said its first head.
pub struct Spoken {
    said: Vec<u8>,
    heard: usize,
    stream: TokioIo<TcpStream>,
}

/// Waits for a whole head; none when the caller left or took too long.
pub async fn heard(stream: TcpStream) -> Option<Spoken> {
    let said = tokio::time::timeout(PATIENCE, listen(&stream)).await.ok()?.ok()?;
    Some(Spoken { said, heard: 0, stream: TokioIo::new(stream) })
}

async fn listen(stream: &TcpStream) -> io::Result<Vec<u8>> {
    let mut said = Vec::new();
    loop {
        stream.readable().await?;
        // An empty line may have begun in what came before.
        let before = said.len().saturating_sub(3);
        hear(stream, &mut said)?;
        if ends(&said[before..]) || said.len() >= LONGEST {
            return Ok(said);
        }
    }
}

/// Takes what has come. The room to read into is lent, not kept: who says little holds little.
fn hear(stream: &TcpStream, said: &mut Vec<u8>) -> io::Result<()> {
    let mut piece = [0; 4 << 10];
    match stream.try_read(&mut piece) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(n) => {
            said.extend_from_slice(&piece[..n]);
            Ok(())
        }
        Err(e) if e.kind() == io::ErrorKind::WouldBlock => Ok(()),
        Err(e) => Err(e),
    }
}

/// True when an empty line is among what was said, by either habit of ending lines.
fn ends(said: &[u8]) -> bool {
    said.windows(2).any(|w| w == b"\n\n") || said.windows(3).any(|w| w == b"\n\r\n")
}

impl Read for Spoken {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, mut buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        if self.heard < self.said.len() {
            let end = self.said.len().min(self.heard + buf.remaining());
            buf.put_slice(&self.said[self.heard..end]);
            self.heard = end;
            if self.heard == self.said.len() {
                (self.said, self.heard) = (Vec::new(), 0);
            }
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl Write for Spoken {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_with_an_empty_line() {
        for (said, whole) in [
            (&b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"[..], true),
            (b"GET / HTTP/1.1\nHost: x\n\n", true),
            (b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", true),
            (b"GET / HTTP/1.1\r\nHost: x\r\n", false),
            (b"GET / HTTP/1.1\r\nHost: x\r\n\r", false),
            (b"", false),
        ] {
            assert_eq!(ends(said), whole, "{}", String::from_utf8_lossy(said));
        }
    }
}
