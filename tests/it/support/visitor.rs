//! Who acts in a story: a colleague with a browser's cookie, a program with a token, a stranger
//! with nothing. Requests go through the router in this process.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use guichet::web::Web;
use serde_json::Value;
use tower::ServiceExt;

use super::Desk;

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: BTreeMap<String, String>,
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text))
    }

    /// The place a redirect leads to.
    pub fn location(&self) -> &str {
        self.headers.get("location").map(String::as_str).unwrap_or_default()
    }

    /// The text a reader sees, without marks and superfluous blanks.
    pub fn seen(&self) -> String {
        let html = scraper::Html::parse_document(&self.text);
        html.root_element().text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    /// The texts of everything a selector finds.
    pub fn all(&self, selector: &str) -> Vec<String> {
        let html = scraper::Html::parse_document(&self.text);
        let selector = scraper::Selector::parse(selector).unwrap();
        html.select(&selector).map(|e| e.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")).collect()
    }

    /// An attribute of the first thing a selector finds.
    pub fn attr(&self, selector: &str, name: &str) -> Option<String> {
        let html = scraper::Html::parse_document(&self.text);
        let selector = scraper::Selector::parse(selector).unwrap();
        html.select(&selector).next()?.value().attr(name).map(str::to_owned)
    }

    /// As expected, or the whole answer is shown.
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
}

/// Sends a request through the router.
pub async fn send(web: &Web, request: Request<Body>) -> Answer {
    let mut request = request;
    request.extensions_mut().insert(ConnectInfo(Desk::peer()));
    let response = guichet::web::router(web.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let headers =
        response.headers().iter().map(|(k, v)| (k.to_string(), v.to_str().unwrap_or_default().to_owned())).collect();
    let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
    Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A colleague at a screen.
pub struct Visitor {
    web: Web,
    /// Their address.
    pub email: String,
    /// Their session.
    pub token: String,
}

impl Visitor {
    /// Somebody with a session.
    pub fn new(web: Web, email: String, token: String) -> Visitor {
        Visitor { web, email, token }
    }

    /// Somebody without one.
    pub fn stranger(web: Web) -> Visitor {
        Visitor { web, email: String::new(), token: String::new() }
    }

    fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "desk.example");
        request.header(header::COOKIE, format!("guichet={}", self.token)).header("sec-fetch-site", "same-origin")
    }

    /// Looks at a page.
    pub async fn get(&self, path: &str) -> Answer {
        send(&self.web, self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request =
            self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        send(&self.web, request.body(Body::from(encoded(fields))).unwrap()).await
    }

    /// Sends a form with files: the field, the name, the bytes.
    pub async fn post_files(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--PART\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for (field, name, bytes) in files {
            body.extend(
                format!("--PART\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n")
                    .bytes(),
            );
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--PART--\r\n");
        let request = self.request(Method::POST, path);
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=PART");
        send(&self.web, request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a form from another site.
    pub async fn post_from_elsewhere(&self, path: &str, fields: &[(&str, &str)], site: &str) -> Answer {
        let request = Request::builder().method(Method::POST).uri(path).header(header::HOST, "desk.example");
        let request = request.header(header::COOKIE, format!("guichet={}", self.token)).header(header::ORIGIN, site);
        let request = request
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        send(&self.web, request.body(Body::from(encoded(fields))).unwrap()).await
    }
}

/// A program at the API.
pub struct Program {
    web: Web,
    token: Option<String>,
}

impl Program {
    /// A program with or without a token.
    pub fn new(web: Web, token: Option<String>) -> Program {
        Program { web, token }
    }

    /// Any call.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        send(&self.web, request.unwrap()).await
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", &format!("/api/v1{path}"), None).await
    }

    /// Sends.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", &format!("/api/v1{path}"), Some(body)).await
    }

    /// Changes.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call("PATCH", &format!("/api/v1{path}"), Some(body)).await
    }
}
