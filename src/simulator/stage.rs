//! What the simulated networks with a plain HTTP side share: calls in whatever weather, refusals
//! asked for by tests, a ledger of what we did there, and a journal of what was said, which the tests
//! hold against the vendors' rules.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use serde_json::Value;

use super::push::Pusher;
use super::weather::Weather;
use crate::base::Given;

/// How many exchanges the journal holds.
const PAGES: usize = 4_000;

/// A call of ours, as the network sees it.
#[derive(Debug, Clone)]
pub struct Call {
    /// `GET`, `POST` …
    pub method: Method,
    /// The path below the network's own address, without its slash in front.
    pub path: String,
    /// Query parameters.
    pub query: BTreeMap<String, String>,
    /// The bearer token, or the header the network reads instead.
    pub token: String,
    /// Every header.
    pub headers: HeaderMap,
    /// The body: a JSON document, or a form's fields.
    pub body: Value,
}

impl Call {
    /// The pieces of the path, percent-decoded.
    pub fn pieces(&self) -> Vec<String> {
        let decode = |p: &str| percent_encoding::percent_decode_str(p).decode_utf8_lossy().into_owned();
        self.path.trim_matches('/').split('/').map(decode).collect()
    }

    /// A query parameter; empty when it is absent.
    pub fn asked(&self, key: &str) -> &str {
        self.query.get(key).map_or("", String::as_str)
    }
}

/// The network's answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers beside the media type.
    pub headers: Vec<(&'static str, String)>,
    /// The body; null for none.
    pub body: Value,
}

impl Reply {
    /// 200 with this.
    pub fn ok(body: Value) -> Reply {
        Reply::of(200, body)
    }

    /// This status with this.
    pub fn of(status: u16, body: Value) -> Reply {
        Reply { status, headers: Vec::new(), body }
    }

    /// With a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }
}

/// A call and its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// What we asked.
    pub call: Call,
    /// What the network said.
    pub reply: Reply,
}

/// One thing we did there, as the network saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// `reply`, `dm`, `hide` …
    pub what: &'static str,
    /// Upon what.
    pub on: String,
    /// The words.
    pub text: String,
    /// The id of what was made.
    pub id: String,
}

/// What every network of this kind stands on.
pub struct Stage {
    /// The clock and the dice.
    pub given: Given,
    /// Sends events to hooks.
    pub pusher: Pusher,
    /// What befalls calls.
    pub weather: Weather,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    refusals: VecDeque<Reply>,
    reads: VecDeque<Reply>,
    to_lose: usize,
    ledger: Vec<Deed>,
    journal: VecDeque<Exchange>,
}

impl Stage {
    /// An empty stage.
    pub fn new(given: Given, pusher: Pusher, weather: Weather) -> Stage {
        Stage { given, pusher, weather, book: Mutex::default() }
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next call to do something is answered like this.
    pub fn refuse_next(&self, reply: Reply) {
        self.book().refusals.push_back(reply);
    }

    /// The next call to read something is answered like this.
    pub fn refuse_read(&self, reply: Reply) {
        self.book().reads.push_back(reply);
    }

    /// The answer to the next call to do something is lost, after it was carried out.
    pub fn lose_next(&self) {
        self.book().to_lose += 1;
    }

    /// Notes what we did.
    pub fn did(&self, what: &'static str, on: &str, text: &str, id: &str) {
        let (on, text, id) = (on.to_owned(), text.to_owned(), id.to_owned());
        self.book().ledger.push(Deed { what, on, text, id });
    }

    /// Everything we did there, in order.
    pub fn ledger(&self) -> Vec<Deed> {
        self.book().ledger.clone()
    }

    /// What was said on the wire, in order.
    pub fn journal(&self) -> Vec<Exchange> {
        self.book().journal.iter().cloned().collect()
    }

    fn is_to_lose(&self) -> bool {
        let mut book = self.book();
        let some = book.to_lose > 0;
        book.to_lose = book.to_lose.saturating_sub(1);
        some
    }

    /// Waits until every event was taken by its hook.
    pub async fn all_taken(&self) {
        self.pusher.all_taken().await;
    }

    fn note(&self, call: Call, reply: Reply) {
        let mut book = self.book();
        if book.journal.len() == PAGES {
            book.journal.pop_front();
        }
        book.journal.push_back(Exchange { call, reply });
    }
}

/// A network that answers calls.
pub trait Played: Send + Sync + 'static {
    /// What it stands on.
    fn stage(&self) -> &Stage;
    /// Its answer to a call, and what it does about it.
    fn serve(&self, call: &Call) -> Reply;
    /// True for a call that logs somebody in: no weather there.
    fn is_login(&self, call: &Call) -> bool {
        call.path.contains("oauth")
    }
}

/// A network's side of the wire.
pub fn routes<N: Played>(network: Arc<N>) -> Router {
    Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
        let network = Arc::clone(&network);
        async move { answer(&network, read(method, &uri, headers, &body)).await }
    })
}

fn read(method: Method, uri: &Uri, headers: HeaderMap, body: &[u8]) -> Call {
    let text = |name: &str| headers.get(name).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let token = text("authorization").strip_prefix("Bearer ").unwrap_or_else(|| text("access-token")).to_owned();
    let body = if text("content-type").contains("json") {
        crate::base::json::parse(body).unwrap_or_default()
    } else if body.is_empty() {
        Value::Null
    } else {
        let fields = url::form_urlencoded::parse(body);
        fields.map(|(k, v)| (k.into_owned(), Value::from(v.into_owned()))).collect::<serde_json::Map<_, _>>().into()
    };
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    Call { method, path: uri.path().trim_start_matches('/').to_owned(), query, token, headers, body }
}

/// One call, in whatever weather.
async fn answer<N: Played>(network: &Arc<N>, call: Call) -> Response {
    let stage = network.stage();
    let reads = call.method == Method::GET;
    let asked_for = match (network.is_login(&call), reads) {
        (true, _) => None,
        (false, true) => stage.book().reads.pop_front(),
        (false, false) => stage.book().refusals.pop_front(),
    };
    if let Some(reply) = asked_for {
        stage.note(call, reply.clone());
        return sent(&reply);
    }
    if !reads && !network.is_login(&call) {
        if stage.given.chance(stage.weather.refuse) {
            return sent(&Reply::of(503, Value::Null));
        }
        if stage.given.chance(stage.weather.act_late) {
            let (later, late_by) = (Arc::clone(network), stage.weather.late_by);
            tokio::spawn(async move {
                tokio::time::sleep(late_by).await;
                let _ = later.serve(&call);
            });
            return broken();
        }
    }
    let reply = network.serve(&call);
    let acts = !reads && !network.is_login(&call) && !call.path.contains("ubscriptions");
    let lost = acts && (stage.is_to_lose() || stage.given.chance(stage.weather.lose_answer));
    stage.note(call, reply.clone());
    if acts {
        stage.weather.hold_answer().await;
    }
    if lost { broken() } else { sent(&reply) }
}

/// An answer that breaks off: status 200 and then nothing.
fn broken() -> Response {
    let cut = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("the line was cut")) });
    Response::new(Body::from_stream(cut))
}

fn sent(reply: &Reply) -> Response {
    let body = if reply.body.is_null() { Body::empty() } else { Body::from(reply.body.to_string()) };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/json; charset=utf-8"));
    for (name, value) in &reply.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// Somebody comes to a page where one lets an application in, and does: back with a code.
pub fn let_in(call: &Call, code: &str) -> Reply {
    let mut back = url::Url::parse(call.asked("redirect_uri"))
        .unwrap_or_else(|_| url::Url::parse("http://127.0.0.1/").expect("an address"));
    back.query_pairs_mut().append_pair("code", code).append_pair("state", call.asked("state"));
    Reply::of(302, Value::Null).with("location", back.to_string())
}
