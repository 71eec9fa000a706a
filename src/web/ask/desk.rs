//! Whoever is signed in at a screen. [`Desk`] comes with a transaction to read in; [`Hand`] comes
//! without one, for acts that open their own.

use std::ops::Deref;
use std::time::Duration;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};

use crate::base::{At, Lang, text};
use crate::desk::agent::Power;
use crate::desk::brand::Brand;
use crate::flow::people::{self, Known};
use crate::store::{Tx, brands};
use crate::web::page::{BrandMark, Chrome, Me, Page, View};
use crate::web::show::{Clockface, tint};
use crate::web::strip::Look;
use crate::web::{Error, Result, Web};

/// Whoever is signed in, and what surrounds them.
pub struct Hand {
    /// What every handler has at hand.
    pub web: Web,
    /// The person and what they may see.
    pub known: Known,
    /// Their language.
    pub lang: Lang,
    /// The brand they look at.
    pub brand: Brand,
    /// Every brand they may look at.
    pub brands: Vec<Brand>,
    /// The hour.
    pub now: At,
    /// The last event that everything read here knows of.
    pub seq: i64,
    here: String,
    token: String,
}

/// Whoever looks on over a socket. As [`Hand`], but looking on is no use of the session, and does
/// not move the person to another brand.
pub struct Onlooker(pub Hand);

/// A [`Hand`] with a transaction to read in.
pub struct Desk {
    hand: Hand,
    /// To read in; writes are refused.
    pub tx: Tx,
}

impl Deref for Desk {
    type Target = Hand;
    fn deref(&self) -> &Hand {
        &self.hand
    }
}

impl Desk {
    /// Lets go of the reading transaction.
    pub fn into_hand(self) -> Hand {
        self.hand
    }

    /// What is needed for showing, beside what is needed for reading.
    pub fn parts(&mut self) -> (&Hand, &mut Tx) {
        (&self.hand, &mut self.tx)
    }
}

/// The value of our session cookie.
pub fn cookie_of(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|h| h.to_str().ok()).flat_map(|h| h.split(';'));
    let found = all.filter_map(|pair| pair.trim().split_once('=')).find(|(k, _)| *k == name);
    found.map(|(_, v)| v.to_owned()).filter(|v| v.len() == 64)
}

/// The language a stranger's browser asks for, or chose on the sign-in page.
pub fn language(parts_uri: &axum::http::Uri, headers: &HeaderMap) -> Lang {
    let asked = parts_uri.query().and_then(|q| {
        url::form_urlencoded::parse(q.as_bytes()).find(|(k, _)| k == "lang").map(|(_, v)| v.into_owned())
    });
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|h| h.to_str().ok()).unwrap_or_default();
    asked.and_then(|l| l.parse().ok()).unwrap_or_else(|| Lang::accepted(header))
}

impl FromRequestParts<Web> for Desk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Desk> {
        let here = parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
        let back = if parts.method == Method::GET { here.clone() } else { "/inbox".to_owned() };
        let token = cookie_of(&parts.headers, web.cookie()).ok_or_else(|| Error::SignIn(back.clone()))?;
        let from_page = parts.headers.contains_key(ORIGIN) || parts.headers.contains_key("sec-fetch-site");
        if parts.method != Method::GET && !from_page {
            return Err(Error::Bad("a session's form comes from a page, and pages say where they are".into()));
        }
        let desk = Desk::read(web, token, here, back, brand_asked(&parts.uri).as_deref()).await?;
        desk.note_use();
        Ok(desk)
    }
}

/// The brand named in an address.
fn brand_asked(uri: &axum::http::Uri) -> Option<String> {
    let pairs = url::form_urlencoded::parse(uri.query()?.as_bytes());
    pairs.into_iter().find(|(k, _)| k == "brand").map(|(_, v)| v.into_owned())
}

impl Desk {
    /// The desk of whoever holds this session, at the brand asked for if they may see it.
    async fn read(web: &Web, token: String, here: String, back: String, asked: Option<&str>) -> Result<Desk> {
        let (now, seq) = (web.house.now(), web.bus.seq());
        let mut tx = web.house.db.read().await?;
        let known = people::by_session(&mut tx, &token, now).await?.ok_or(Error::SignIn(back))?;
        let all = brands::of_agent(&mut tx, known.agent.id).await?;
        let chosen = all.iter().find(|b| asked == Some(b.slug.as_str()));
        let last = || all.iter().find(|b| Some(b.id) == known.brand);
        let brand = chosen.or_else(last).or(all.first()).cloned().ok_or(Error::Forbidden)?;
        let lang = known.agent.locale;
        let hand = Hand { web: web.clone(), lang, brand, brands: all, now, seq, here, token, known };
        Ok(Desk { hand, tx })
    }
}

impl FromRequestParts<Web> for Onlooker {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Onlooker> {
        let back = "/inbox".to_owned();
        let token = cookie_of(&parts.headers, web.cookie()).ok_or_else(|| Error::SignIn(back.clone()))?;
        let desk = Desk::read(web, token, back.clone(), back, brand_asked(&parts.uri).as_deref()).await?;
        Ok(Onlooker(desk.into_hand()))
    }
}

impl FromRequestParts<Web> for Hand {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Hand> {
        <Desk as FromRequestParts<Web>>::from_request_parts(parts, web).await.map(Desk::into_hand)
    }
}

impl OptionalFromRequestParts<Web> for Desk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Option<Desk>> {
        match <Desk as FromRequestParts<Web>>::from_request_parts(parts, web).await {
            Ok(desk) => Ok(Some(desk)),
            Err(Error::SignIn(_) | Error::Forbidden) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

impl Hand {
    /// Notes once a minute that the session is used, and the brand when it is another one.
    fn note_use(&self) {
        let moved = self.known.brand != Some(self.brand.id);
        if moved || self.now.since(self.known.seen_at) > Duration::from_mins(1) {
            let (house, token, brand) = (self.web.house.clone(), self.token.clone(), self.brand.id);
            // Not waited for: looking must not wait for the writer.
            tokio::spawn(async move {
                if let Err(error) = people::seen(&house, &token, Some(brand)).await {
                    tracing::debug!(name: "web.seen_failed", %error, "the session's use was not noted");
                }
            });
        }
    }

    /// A desk to read at, for whoever is at hand: after an act, to show what came of it.
    ///
    /// # Errors
    /// As when coming in.
    pub async fn read_again(&self) -> Result<Desk> {
        let request = axum::http::Request::builder().method(Method::GET).uri(&self.here);
        let request = request.header(COOKIE, format!("{}={}", self.web.cookie(), self.token));
        let (mut parts, ()) = request.body(()).map_err(|e| Error::Internal(e.to_string()))?.into_parts();
        <Desk as FromRequestParts<Web>>::from_request_parts(&mut parts, &self.web).await
    }

    /// A desk at this very brand, judged afresh, without counting as use of the session: for
    /// telling a socket what is new.
    ///
    /// # Errors
    /// [`Error::SignIn`] when the session is over, [`Error::Forbidden`] when the brand is.
    pub async fn look_again(&self) -> Result<Desk> {
        let (token, here) = (self.token.clone(), self.here.clone());
        let desk = Desk::read(&self.web, token, here.clone(), here, Some(&self.brand.slug)).await?;
        if desk.brand.id == self.brand.id { Ok(desk) } else { Err(Error::Forbidden) }
    }

    /// True when this may be done at the brand looked at.
    pub fn may(&self, power: Power) -> bool {
        self.known.scope.may(self.brand.id, power)
    }

    /// Refuses unless this may be done at the brand looked at.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn needs(&self, power: Power) -> Result<()> {
        if self.may(power) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// How times are shown here.
    pub fn clockface(&self) -> Clockface {
        Clockface::new(self.now, &self.brand.timezone, self.lang)
    }

    /// The session's token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// This page's own address.
    pub fn here(&self) -> &str {
        &self.here
    }

    /// What surrounds a page.
    pub fn chrome(&self, active: &'static str) -> Chrome {
        let mark = |b: &Brand| BrandMark {
            slug: b.slug.clone(),
            name: b.name.clone(),
            mark: b.name.chars().take(2).collect(),
        };
        let agent = &self.known.agent;
        let may = Power::ALL.iter().filter(|p| self.may(**p)).map(|p| p.as_str()).collect();
        let me = Me {
            id: agent.id.to_string(),
            name: agent.name.clone(),
            initials: text::initials(&agent.name),
            tint: tint(&agent.name),
            brand: mark(&self.brand),
            brands: self.brands.iter().map(mark).collect(),
            todo: self.web.counts.numbers(self.brand.id, agent.id, self.now).todo,
            may,
        };
        Chrome {
            theme: agent.theme.clone(),
            density: agent.density.clone(),
            seq: self.seq,
            keys: agent.keys,
            active,
            me: Some(me),
            strip: self.web.strip.as_ref().map(|s| Look::of(s.pace(), self.lang)),
            ..Chrome::bare(self.lang, &self.here)
        }
    }

    /// Shows a page.
    ///
    /// # Errors
    /// [`Error::Internal`] when the template asks for what is not there.
    pub fn show<V: View>(&self, active: &'static str, view: &V) -> Result<Page> {
        self.show_as(StatusCode::OK, active, view)
    }

    /// Shows a page with another status: a form that came back.
    ///
    /// # Errors
    /// As [`Hand::show`].
    pub fn show_as<V: View>(&self, status: StatusCode, active: &'static str, view: &V) -> Result<Page> {
        Ok(Page::new(status, self.web.templates.render(self.lang, &self.chrome(active), view)?))
    }
}
