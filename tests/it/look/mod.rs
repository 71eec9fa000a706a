//! What a person sees: every page in every state, by axe-core in both languages and themes and on
//! two sizes of window, and by the eye of a ruler at six widths. Each story says all it found at once.

mod gallery;
mod learning;
mod pictures;
mod weight;

use std::collections::{BTreeMap, BTreeSet};

use guichet::base::Lang;
use guichet::web::router::{Access, table};
use serde_json::{Value, json};

use self::gallery::{Gallery, NO_PAGES, Sight};
use crate::support::Visitor;
use crate::support::browser::Browser;

const AXE: &str = include_str!("../../assets/axe-core/axe.min.js");
const RUN_AXE: &str = include_str!("axe.js");
const RULER: &str = include_str!("ruler.js");

/// What was found, with the places where: the same fault on forty pages is one line.
#[derive(Default)]
struct Found(BTreeMap<String, BTreeSet<String>>);

impl Found {
    fn add(&mut self, fault: &str, place: &str) {
        self.0.entry(fault.to_owned()).or_default().insert(place.to_owned());
    }

    /// Fails with everything, or not at all.
    fn nothing(&self, looked_at: usize) {
        assert!(looked_at > 50, "only {looked_at} looks were taken");
        let lines: Vec<String> = self
            .0
            .iter()
            .map(|(fault, places)| {
                let some: Vec<&str> = places.iter().take(4).map(String::as_str).collect();
                format!("{fault}\n    {} of {looked_at}: {}", places.len(), some.join(" · "))
            })
            .collect();
        assert!(lines.is_empty(), "{} faults:\n{}", lines.len(), lines.join("\n"));
    }
}

/// A browser whose theme and sizes can be changed on the spot: nothing on a page fades or slides.
async fn still_browser() -> Browser {
    let mut browser = Browser::open().await;
    let still = json!({"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]});
    browser.ask("Emulation.setEmulatedMedia", still).await;
    browser
}

/// A window, or a telephone that is touched.
async fn as_wide(browser: &mut Browser, width: u32) {
    let telephone = width < 760;
    let height = if telephone { 844 } else { 900 };
    let params = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": telephone});
    browser.ask("Emulation.setDeviceMetricsOverride", params).await;
    browser.ask("Emulation.setTouchEmulationEnabled", json!({"enabled": telephone})).await;
}

/// Goes to a sight, as whoever looks at it, and does what is to be done there.
async fn look_at(browser: &mut Browser, gallery: &Gallery, sight: &Sight, lang: Lang) {
    let url = gallery.url(sight, lang);
    match gallery.visitor(sight.who) {
        Some(Visitor { token, .. }) => browser.sign_in(&gallery.desk.base, token).await,
        None => drop(browser.ask("Network.clearBrowserCookies", json!({})).await),
    }
    browser.go(&url).await;
    if !sight.act.is_empty() {
        browser.eval(&format!("void (() => {{ {} }})()", sight.act)).await;
    }
    if !sight.until.is_empty() {
        browser.until(&format!("document.readyState === 'complete' && ({})", sight.until)).await;
    }
    let language = browser.eval("document.documentElement.lang").await;
    assert_eq!(language, lang.as_str(), "{}: {url}", sight.name);
}

#[test]
fn every_page_is_looked_at() {
    let rows = table();
    let pages: BTreeSet<&str> = rows
        .iter()
        .filter(|r| r.method == "GET" && matches!(r.access, Access::Open | Access::Person))
        .map(|r| r.path)
        .filter(|p| !p.starts_with("/api/"))
        .collect();
    let seen: BTreeSet<&str> = gallery::ROUTES.iter().copied().collect();
    let others: BTreeSet<&str> = NO_PAGES.iter().map(|(path, _)| *path).collect();
    assert!(seen.is_disjoint(&others), "either a page or none");
    let known: BTreeSet<&str> = seen.union(&others).copied().collect();
    assert_eq!(pages, known, "left: the router's pages; right: what tests/it/look/gallery.rs looks at");
}

/// axe-core, with what WCAG 2.2 AA asks for and what its authors advise. Dark only differs in its
/// colours, so there only those are looked at again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing() {
    let gallery = Gallery::open().await;
    let mut browser = still_browser().await;
    let (mut found, mut looks) = (Found::default(), 0);
    for lang in [Lang::Fr, Lang::En] {
        gallery.speaks(lang).await;
        for sight in &gallery.sights {
            look_at(&mut browser, &gallery, sight, lang).await;
            browser.eval(&format!("{AXE}; {RUN_AXE}")).await;
            for width in [1440, 390] {
                as_wide(&mut browser, width).await;
                for theme in ["light", "dark"] {
                    let rules = if theme == "light" {
                        "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']"
                    } else {
                        "['color-contrast','link-in-text-block']"
                    };
                    let faults = browser.eval(&format!("guichetAxe('{theme}', {rules}, '{}')", sight.part())).await;
                    looks += 1;
                    for v in faults.as_array().expect("axe answers") {
                        found.add(v.as_str().unwrap(), &format!("{} [{lang} {theme} {width}]", sight.name));
                    }
                }
            }
        }
    }
    found.nothing(looks);
}

/// Nothing reaches past the window's edge, no list has to be pushed sideways, no control is cut
/// off; on a telephone, what is touched is large enough.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_wider_than_the_window() {
    let gallery = Gallery::open().await;
    let mut browser = still_browser().await;
    let (mut found, mut looks) = (Found::default(), 0);
    for lang in [Lang::Fr, Lang::En] {
        gallery.speaks(lang).await;
        for sight in &gallery.sights {
            look_at(&mut browser, &gallery, sight, lang).await;
            browser.eval(RULER).await;
            for width in [1920, 1440, 1024, 768, 390, 320] {
                as_wide(&mut browser, width).await;
                let faults = browser.eval(&format!("guichetRuler({})", width < 760)).await;
                looks += 1;
                let Value::Array(faults) = faults else { panic!("the ruler answers: {faults}") };
                for fault in faults {
                    found.add(fault.as_str().unwrap(), &format!("{} [{lang} {width}]", sight.name));
                }
            }
        }
    }
    found.nothing(looks);
}
