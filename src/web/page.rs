//! Pages: a file in `templates/`, a struct that fills it, and samples to try it with. The same
//! template serves a first load and a form that came back with an error.

use std::collections::HashMap;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fluent_bundle::FluentValue;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, context};
use rust_embed::RustEmbed;
use serde::Serialize;

use super::assets;
use super::strip::Look;
use crate::base::{Lang, locale};
use crate::networks;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/templates"]
struct Files;

/// What fills a template.
pub trait View: Serialize {
    /// The template's file.
    const FILE: &'static str;

    /// Examples that between them show every part of the template.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// A template and how it is tried: rendered with each of its samples.
pub struct Trial {
    /// Its file.
    pub file: &'static str,
    /// Renders every sample in a language, for somebody signed in and for a stranger.
    pub render: fn(&Templates, Lang) -> anyhow::Result<Vec<String>>,
}

impl Trial {
    /// The trial of a view.
    pub const fn of<V: View>() -> Trial {
        Trial { file: V::FILE, render: tried::<V> }
    }
}

fn tried<V: View>(templates: &Templates, lang: Lang) -> anyhow::Result<Vec<String>> {
    let chromes = [Chrome::sample(lang), Chrome::bare(lang, "/")];
    let samples = V::samples();
    let each = chromes.iter().flat_map(|chrome| samples.iter().map(move |view| (chrome, view)));
    each.map(|(chrome, view)| templates.render(lang, chrome, view)).collect()
}

/// The templates, ready in each language.
pub struct Templates(HashMap<Lang, Environment<'static>>);

impl Templates {
    /// Reads and compiles every template.
    ///
    /// # Errors
    /// When one of them is no template.
    pub fn load() -> anyhow::Result<Templates> {
        let each = Lang::ALL.iter().map(|lang| Ok((*lang, environment(*lang)?)));
        Ok(Templates(each.collect::<anyhow::Result<_>>()?))
    }

    /// Fills a template: `chrome` is what surrounds every page, `view` what it is about.
    ///
    /// # Errors
    /// When the template asks for what is not there.
    pub fn render<V: View>(&self, lang: Lang, chrome: &Chrome, view: &V) -> anyhow::Result<String> {
        let env = self.0.get(&lang).expect("every language is loaded");
        let ctx = context! { chrome => Value::from(Serde(chrome)), v => Value::from(Serde(view)) };
        Ok(env.get_template(V::FILE)?.render(ctx)?)
    }

    /// Fills a part of a page that is called by itself: `c` is what it is about.
    ///
    /// # Errors
    /// As [`Templates::render`].
    pub fn part<T: Serialize>(&self, lang: Lang, file: &str, about: &T) -> anyhow::Result<String> {
        let env = self.0.get(&lang).expect("every language is loaded");
        Ok(env.get_template(file)?.render(context! { c => Value::from(Serde(about)) })?)
    }

    /// Calls one of the small pieces in `bits.html`.
    ///
    /// # Errors
    /// As [`Templates::render`].
    pub fn piece<T: Serialize>(&self, lang: Lang, name: &str, about: &T) -> anyhow::Result<String> {
        let env = self.0.get(&lang).expect("every language is loaded");
        let mut bits = env.get_template("bits.html")?.render_captured(context! {})?;
        Ok(bits.with_state_mut(|state| state.call_macro(name, &[Value::from(Serde(about))]))?)
    }

    /// The names of every template file.
    pub fn names() -> Vec<String> {
        Files::iter().map(std::borrow::Cow::into_owned).collect()
    }

    /// A template file's text.
    pub fn source(name: &str) -> Option<String> {
        Files::get(name).map(|f| String::from_utf8_lossy(&f.data).into_owned())
    }
}

fn environment(lang: Lang) -> anyhow::Result<Environment<'static>> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    env.add_global("lang", lang.as_str());
    env.add_function("t", move |key: &str, args: Kwargs| -> Result<String, minijinja::Error> {
        let mut named: Vec<(String, FluentValue<'static>)> = Vec::new();
        for name in args.args() {
            let value: Value = args.get(name)?;
            let value = match value.as_i64() {
                Some(n) => FluentValue::from(n),
                None => FluentValue::from(value.to_string()),
            };
            named.push((name.to_owned(), value));
        }
        let borrowed: Vec<locale::Arg<'_>> = named.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
        locale::find(lang, key, &borrowed)
            .ok_or_else(|| minijinja::Error::new(ErrorKind::InvalidOperation, format!("no words for “{key}”")))
    });
    // A network's name: in this language where it differs, else as the vendor writes it.
    env.add_function("network", move |slug: &str| {
        let named = locale::find(lang, &format!("network-{slug}"), &[]);
        named.or_else(|| networks::find(slug).map(|n| n.card().name.to_owned())).unwrap_or_else(|| slug.to_owned())
    });
    // A folder's name: in this language where it is one of the starter pack's, else as its author wrote it.
    env.add_function("folder", move |name: &str| {
        locale::find(lang, &format!("folder-{name}"), &[]).unwrap_or_else(|| name.to_owned())
    });
    env.add_function("asset", |name: &str| assets::path(name));
    env.add_filter("num", move |n: i64| super::show::number(lang, n));
    for name in Files::iter() {
        let text = Templates::source(&name).unwrap_or_default();
        env.add_template_owned(name.into_owned(), text)?;
    }
    Ok(env)
}

/// What surrounds every page.
#[derive(Debug, Clone, Serialize)]
pub struct Chrome {
    /// The page's language.
    pub lang: Lang,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// `comfortable` or `compact`.
    pub density: String,
    /// True when single letters are commands.
    pub keys: bool,
    /// Which entry of the rail is lit.
    pub active: &'static str,
    /// This page's own address, to come back to.
    pub here: String,
    /// The last event the page knows of.
    pub seq: i64,
    /// Whoever is signed in.
    pub me: Option<Me>,
    /// The strip above the page, where one was handed in.
    pub strip: Option<Look>,
    /// Guichet's version.
    pub version: &'static str,
}

/// Whoever is signed in, and where.
#[derive(Debug, Clone, Serialize)]
pub struct Me {
    /// Who: what a browser keeps for one person is not another's.
    pub id: String,
    /// Their name.
    pub name: String,
    /// For the avatar.
    pub initials: String,
    /// Its tint.
    pub tint: usize,
    /// The brand looked at.
    pub brand: BrandMark,
    /// The brands they may look at.
    pub brands: Vec<BrandMark>,
    /// Tickets to do at this brand.
    pub todo: usize,
    /// What they may do here: words of `Power`.
    pub may: Vec<&'static str>,
}

/// A brand in the switcher.
#[derive(Debug, Clone, Serialize)]
pub struct BrandMark {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its first letters.
    pub mark: String,
}

impl Chrome {
    /// The surroundings of pages that know nobody yet.
    pub fn bare(lang: Lang, here: &str) -> Chrome {
        Chrome {
            lang,
            theme: "auto".into(),
            density: "comfortable".into(),
            keys: true,
            active: "",
            here: here.to_owned(),
            seq: 0,
            me: None,
            strip: None,
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// The surroundings of somebody signed in, for trying templates.
    pub fn sample(lang: Lang) -> Chrome {
        let brand = BrandMark { slug: "aubepine".into(), name: "Aubépine".into(), mark: "Au".into() };
        let me = Me {
            id: "1".into(),
            name: "Sarah Lenoir".into(),
            initials: "SL".into(),
            tint: 2,
            brands: vec![brand.clone(), BrandMark { slug: "velora".into(), name: "Vélora".into(), mark: "Vé".into() }],
            brand,
            todo: 38,
            may: crate::desk::agent::Power::ALL.iter().map(|p| p.as_str()).collect(),
        };
        Chrome {
            me: Some(me),
            active: "inbox",
            strip: Some(Look::of((1.0, false), lang)),
            ..Chrome::bare(lang, "/inbox")
        }
    }
}

/// A page on its way out.
pub struct Page {
    status: StatusCode,
    html: String,
    ahead: bool,
}

impl Page {
    /// A page of this status.
    pub fn new(status: StatusCode, html: String) -> Page {
        Page { status, html, ahead: false }
    }

    /// The same page, whose conversations browsers may fetch before they are opened: the one under the
    /// pointer, and those the keyboard comes to next. What changes meanwhile the page hears of by
    /// itself, since it says how far in the log it was written.
    #[must_use]
    pub fn ahead(self) -> Page {
        Page { ahead: true, ..self }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
        let mut response = (self.status, headers, self.html).into_response();
        if self.ahead
            && let Ok(rules) = HeaderValue::try_from(format!("\"{}\"", assets::path("speculation.json")))
        {
            response.headers_mut().insert(HeaderName::from_static("speculation-rules"), rules);
        }
        response
    }
}
