//! The only way out: every call to a network goes through here, with an address guard, one total
//! deadline, no redirects, no retries, and a cap on what is read back.
//!
//! What went wrong is told apart by the one thing that matters to a sender: did bytes leave?

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use serde_json::Value;

use super::guard::{Forbidden, Guard, GuardedNames};

/// How a call ended when it did not end in an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Nothing left this machine: the name, the connection or the handshake failed.
    #[error("could not reach {host}: {why}")]
    NotSent {
        /// The host that was called.
        host: String,
        /// What the connection said.
        why: String,
    },
    /// Bytes left and no whole answer came back: it may have been carried out.
    #[error("{host} gave no answer: {why}")]
    NoAnswer {
        /// The host that was called.
        host: String,
        /// What happened instead.
        why: String,
    },
    /// The address may not be called.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
}

/// A whole answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Response headers.
    pub headers: HeaderMap,
    /// The body, within the cap.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        super::json::parse(&self.body).unwrap_or(Value::Null)
    }

    /// True for status 200 to 299.
    pub fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What goes with a call.
#[derive(Debug, Clone, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    Empty,
    /// A JSON document.
    Json(Value),
    /// Form fields.
    Form(Vec<(String, String)>),
    /// Bytes and their media type.
    Raw(Vec<u8>, &'static str),
    /// Fields of a form, and one file among them.
    Parts(Vec<(&'static str, String)>, FilePart),
}

/// A file in a form.
#[derive(Debug, Clone)]
pub struct FilePart {
    /// The field.
    pub field: &'static str,
    /// The file's name.
    pub name: String,
    /// `image/png`.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// One call.
#[derive(Debug, Clone)]
pub struct Ask {
    method: Method,
    url: String,
    query: Vec<(String, String)>,
    headers: Vec<(&'static str, String)>,
    body: Body,
}

impl Ask {
    /// Reads.
    pub fn get(url: impl Into<String>) -> Ask {
        Ask::new(Method::GET, url)
    }
    /// Sends.
    pub fn post(url: impl Into<String>) -> Ask {
        Ask::new(Method::POST, url)
    }
    /// Replaces.
    pub fn put(url: impl Into<String>) -> Ask {
        Ask::new(Method::PUT, url)
    }
    /// Removes.
    pub fn delete(url: impl Into<String>) -> Ask {
        Ask::new(Method::DELETE, url)
    }

    fn new(method: Method, url: impl Into<String>) -> Ask {
        Ask { method, url: url.into(), query: Vec::new(), headers: Vec::new(), body: Body::Empty }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, key: &str, value: impl Into<String>) -> Ask {
        self.query.push((key.to_owned(), value.into()));
        self
    }
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Ask {
        self.headers.push((name, value.into()));
        self
    }
    /// Adds `Authorization: Bearer`.
    #[must_use]
    pub fn bearer(self, token: &str) -> Ask {
        self.header("authorization", format!("Bearer {token}"))
    }
    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: Body) -> Ask {
        self.body = body;
        self
    }
    /// Sets a JSON body.
    #[must_use]
    pub fn json(self, body: Value) -> Ask {
        self.body(Body::Json(body))
    }
}

/// The way out, with its limits.
#[derive(Clone)]
pub struct Fetch {
    reader: Client,
    sender: Client,
    pub(super) guard: Arc<Guard>,
    pub(super) tls: Arc<ClientConfig>,
    deadline: Duration,
    cap: usize,
}

impl Fetch {
    /// A way out under this guard: 20 s for a whole call, 5 s to connect, 10 MiB read back.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn new(guard: Guard) -> anyhow::Result<Fetch> {
        Fetch::trusting(guard, Vec::new())
    }

    /// As [`Fetch::new`], believing these authorities besides the public ones.
    ///
    /// # Errors
    /// As [`Fetch::new`], or when one of them is no certificate.
    pub fn trusting(guard: Guard, authorities: Vec<CertificateDer<'static>>) -> anyhow::Result<Fetch> {
        let guard = Arc::new(guard);
        let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for authority in authorities {
            roots.add(authority)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        // A kept connection that the other side has just closed would turn a send into an
        // unknown; so what changes the world opens its own connection, what reads may share.
        let reader = client(&guard, &tls).build()?;
        let sender = client(&guard, &tls).pool_max_idle_per_host(0).build()?;
        let tls = Arc::new(tls);
        Ok(Fetch { reader, sender, guard, tls, deadline: Duration::from_secs(20), cap: 10 << 20 })
    }

    /// The same way out with another deadline for the whole call.
    #[must_use]
    pub fn within(&self, deadline: Duration) -> Fetch {
        Fetch { deadline, ..self.clone() }
    }

    /// The same way out, reading at most so many bytes back.
    #[must_use]
    pub fn reading(&self, cap: usize) -> Fetch {
        Fetch { cap, ..self.clone() }
    }

    /// Makes the call and reads the whole answer.
    ///
    /// # Errors
    /// [`Trouble`]; a status of 400 and above is an answer, not trouble.
    pub async fn call(&self, ask: Ask) -> Result<Answer, Trouble> {
        let mut url = url::Url::parse(&ask.url).map_err(|_| Forbidden(ask.url.clone()))?;
        self.guard.check(&url)?;
        if !ask.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&ask.query);
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let client = if ask.method == Method::GET { &self.reader } else { &self.sender };
        let mut request = client.request(ask.method, url).timeout(self.deadline);
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        let request = match ask.body {
            Body::Empty => request,
            Body::Json(body) => request.json(&body),
            Body::Form(fields) => request.form(&fields),
            Body::Raw(bytes, kind) => request.header("content-type", kind).body(bytes),
            Body::Parts(fields, file) => request.multipart(form(fields, file).map_err(|e| trouble(&e, &host))?),
        };
        self.answer(request, host).await
    }

    async fn answer(&self, request: RequestBuilder, host: String) -> Result<Answer, Trouble> {
        let mut response = request.send().await.map_err(|e| trouble(&e.without_url(), &host))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| trouble(&e, &host))? {
            if body.len() + chunk.len() > self.cap {
                return Err(Trouble::NoAnswer { host, why: format!("the answer is longer than {} bytes", self.cap) });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }
}

/// Fields first, the file last, as servers that read along expect.
fn form(fields: Vec<(&'static str, String)>, file: FilePart) -> reqwest::Result<Form> {
    let part = Part::bytes(file.bytes).file_name(file.name).mime_str(&file.media_type)?;
    Ok(fields.into_iter().fold(Form::new(), |form, (name, value)| form.text(name, value)).part(file.field, part))
}

fn client(guard: &Arc<Guard>, tls: &ClientConfig) -> reqwest::ClientBuilder {
    #[expect(clippy::disallowed_methods, reason = "the one place that makes HTTP clients")]
    let builder = Client::builder();
    builder
        .tls_backend_preconfigured(tls.clone())
        .dns_resolver(GuardedNames(Arc::clone(guard)))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(Duration::from_secs(5))
        .user_agent(concat!("Guichet/", env!("CARGO_PKG_VERSION")))
}

/// Connecting is the only step of which one knows that nothing was carried out.
fn trouble(error: &reqwest::Error, host: &str) -> Trouble {
    let mut why = String::new();
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(e) = cause {
        if let Some(forbidden) = e.downcast_ref::<Forbidden>() {
            return Trouble::Forbidden(forbidden.clone());
        }
        why = e.to_string();
        cause = e.source();
    }
    if error.is_timeout() && !error.is_connect() {
        why = String::from("time ran out");
    }
    let host = host.to_owned();
    if error.is_connect() || error.is_builder() {
        Trouble::NotSent { host, why }
    } else {
        Trouble::NoAnswer { host, why }
    }
}
