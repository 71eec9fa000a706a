//! A tab's socket without the tab.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use guichet::base::id::TicketId;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::{Desk, Visitor};

/// How long a story waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// An open socket.
pub struct Line(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Line {
    /// Knocks as a page of this origin would; the status of a refusal.
    pub async fn knock(desk: &Desk, token: &str, origin: Option<&str>, since: i64) -> Result<Line, StatusCode> {
        let url = format!("{}/live?since={since}", desk.base.replace("http", "ws"));
        let mut request = url.into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("cookie", format!("guichet={token}").parse().unwrap());
        if let Some(origin) = origin {
            headers.insert("origin", origin.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Line(socket)),
            Err(Error::Http(response)) => Err(response.status()),
            Err(other) => panic!("{other}"),
        }
    }

    /// A colleague's tab, looking at a view.
    pub async fn open(desk: &Desk, who: &Visitor, since: i64, view: &str) -> Line {
        let mut line = Line::knock(desk, &who.token, Some(&desk.base), since).await.unwrap();
        line.look(view, Value::Null, false).await;
        line
    }

    /// A tab at this ticket that listens: an open socket may not hear yet what passes by without
    /// being written down, so one waits until it was told that it is where it is.
    pub async fn at(desk: &Desk, who: &Visitor, view: &str, ticket: TicketId) -> Line {
        let mut line = Line::knock(desk, &who.token, Some(&desk.base), desk.web.bus.seq()).await.unwrap();
        line.look(view, json!(ticket), false).await;
        line.next().await.expect("the line stays open");
        line
    }

    /// Says what the tab looks at.
    pub async fn look(&mut self, view: &str, ticket: Value, composing: bool) {
        let said = json!({"view": view, "ticket": ticket, "composing": composing});
        self.0.send(Message::text(said.to_string())).await.unwrap();
    }

    /// The next things told; the close frame when that comes first.
    pub async fn next(&mut self) -> Result<Vec<Value>, Option<CloseFrame>> {
        let next = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => {
                        let frames: Vec<Value> = serde_json::from_str(&text).unwrap();
                        if !frames.is_empty() {
                            return Ok(frames);
                        }
                    }
                    Some(Ok(Message::Close(frame))) => return Err(frame),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err(None),
                }
            }
        };
        tokio::time::timeout(PATIENCE, next).await.expect("something is told in time")
    }

    /// Everything told until a frame like this came.
    pub async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut told = Vec::new();
        loop {
            told.extend(self.next().await.expect("the line stays open"));
            if told.iter().any(&wanted) {
                return told;
            }
        }
    }

    /// How the other side closes; nothing when the line is simply dead.
    pub async fn closes(&mut self) -> Option<u16> {
        loop {
            if let Err(frame) = self.next().await {
                return frame.map(|f| f.code.into());
            }
        }
    }
}

/// True for a frame of this kind about this ticket.
pub fn is(frame: &Value, t: &str, id: impl ToString) -> bool {
    frame["t"] == t && frame["id"] == id.to_string()
}
