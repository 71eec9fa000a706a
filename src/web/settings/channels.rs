//! Channels: connected ones with their health, and connecting another.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::base::Lang;
use crate::base::id::ChannelId;
use crate::base::locale::t;
use crate::desk::agent::Power;
use crate::desk::channel::{Channel, Health};
use crate::flow::connect::{self, NewChannel};
use crate::flow::{self};
use crate::networks::{Field, Network};
use crate::store::channels as store;
use crate::web::ask::{Desk, Form, Hand};
use crate::web::error::refusal;
use crate::web::ill::{self, Ill};
use crate::web::page::{Page, View};
use crate::web::{Error, Result};

/// The channels page.
#[derive(Debug, Serialize)]
pub struct ListView {
    channels: Vec<Card>,
    networks: Vec<(String, String, String)>,
    may_manage: bool,
}

/// A channel with its health.
#[derive(Debug, Serialize)]
pub struct Card {
    id: String,
    name: String,
    network: String,
    network_name: String,
    account: String,
    state: String,
    state_label: String,
    /// What is the matter with it, if anything.
    ill: Option<Ill>,
    last_in: Option<String>,
    last_out: Option<String>,
    usage: Option<i64>,
    quiet: Option<String>,
    login_until: Option<String>,
}

impl Card {
    fn sample() -> Card {
        Card {
            id: "0".into(),
            name: "Aubépine".into(),
            network: "facebook".into(),
            network_name: "Facebook".into(),
            account: "1055".into(),
            state: "needs_reauth".into(),
            state_label: "Reconnexion demandée".into(),
            ill: Some(Ill::sample(Health::NeedsReauth)),
            last_in: Some("12:04".into()),
            last_out: Some("12:05".into()),
            usage: Some(42),
            quiet: Some("12:30".into()),
            login_until: Some("17 janv.".into()),
        }
    }
}

impl View for ListView {
    const FILE: &'static str = "settings/channels.html";
    fn samples() -> Vec<ListView> {
        let networks = vec![("facebook".into(), "Facebook".into(), "Commentaires".into())];
        vec![
            ListView { channels: vec![Card::sample()], networks: networks.clone(), may_manage: true },
            ListView { channels: Vec::new(), networks, may_manage: false },
        ]
    }
}

fn card(hand: &Hand, c: Channel) -> Card {
    let clock = hand.clockface();
    let quiet = c.quiet_until.filter(|q| *q > hand.now);
    let key = format!("channel-state-{}", c.health(hand.now));
    Card {
        id: c.id.to_string(),
        ill: ill::of(hand, &c),
        network_name: hand
            .web
            .house
            .network(&c.network)
            .map_or_else(|| c.network.clone(), |n| n.card().name.to_owned()),
        name: c.name,
        network: c.network,
        account: c.account,
        state: c.state.to_string(),
        state_label: t(hand.lang, &key, &[]),
        last_in: c.last_in_at.map(|at| clock.short(at)),
        last_out: c.last_out_at.map(|at| clock.short(at)),
        usage: c.usage,
        quiet: quiet.map(|q| clock.short(q)),
        login_until: c.login_until.map(|at| clock.short(at)),
    }
}

fn in_lang(lang: Lang, pair: (&str, &str)) -> String {
    if lang == Lang::Fr { pair.0 } else { pair.1 }.to_owned()
}

/// The channels of the brand.
pub async fn list(mut desk: Desk) -> Result<Page> {
    let (hand, tx) = desk.parts();
    let channels = store::of_brand(tx, hand.brand.id).await?;
    let networks = hand
        .web
        .house
        .networks
        .iter()
        .map(|n| (n.slug().to_owned(), n.card().name.to_owned(), in_lang(hand.lang, n.card().brings)));
    let view = ListView {
        channels: channels.into_iter().map(|c| card(hand, c)).collect(),
        networks: networks.collect(),
        may_manage: hand.may(Power::Manage),
    };
    desk.show("settings", &view)
}

/// The form to connect a channel, or to renew its login.
#[derive(Debug, Serialize)]
pub struct ConnectView {
    network: String,
    network_name: String,
    brings: String,
    help: String,
    name: String,
    fields: Vec<FieldView>,
    /// What is asked before one logs in at the network's own page; empty where there is none.
    login: Vec<FieldView>,
    /// Where that page sends one back.
    back: String,
    error: Option<String>,
}

/// A field of the form.
#[derive(Debug, Serialize)]
struct FieldView {
    key: &'static str,
    label: String,
    secret: bool,
    required: bool,
    value: String,
}

impl View for ConnectView {
    const FILE: &'static str = "settings/connect.html";
    fn samples() -> Vec<ConnectView> {
        let field = |secret| FieldView {
            key: "page_id",
            label: "Identifiant de la page".into(),
            secret,
            required: true,
            value: "1".into(),
        };
        vec![ConnectView {
            network: "facebook".into(),
            network_name: "Facebook".into(),
            brings: "Commentaires".into(),
            help: "https://example.org".into(),
            name: "Ma page".into(),
            fields: vec![field(false), field(true)],
            login: vec![field(false)],
            back: "https://desk.example/back/".into(),
            error: Some("Il manque un réglage".into()),
        }]
    }
}

fn connect_view(hand: &Hand, network: &dyn Network, given: &[(String, String)], error: Option<String>) -> ConnectView {
    let card = network.card();
    let value = |key: &str| given.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()).unwrap_or_default();
    // The address of the API is for tests; a person never needs it.
    let shown = |f: &&Field| f.key != "api_base" || hand.web.house.tuning.demo;
    let view = |f: &Field| FieldView {
        key: f.key,
        label: in_lang(hand.lang, f.label),
        secret: f.secret,
        required: f.required,
        value: if f.secret { String::new() } else { value(f.key) },
    };
    let asked =
        |f: &&Field| network.login_asks().contains(&f.key) || (f.key == "api_base" && !network.login_asks().is_empty());
    ConnectView {
        network: network.slug().to_owned(),
        network_name: card.name.to_owned(),
        brings: in_lang(hand.lang, card.brings),
        help: card.help.to_owned(),
        name: value("name"),
        fields: card.fields.iter().filter(shown).map(view).collect(),
        login: card.fields.iter().filter(shown).filter(asked).map(view).collect(),
        back: format!("{}{}", hand.web.public_url, flow::login::BACK),
        error,
    }
}

/// The form to connect a channel of a network.
pub async fn form(desk: Desk, Path(network): Path<String>) -> Result<Page> {
    desk.needs(Power::Manage)?;
    let network = desk.web.house.network(&network).ok_or(Error::NotFound)?;
    let view = connect_view(&desk, network, &[], None);
    desk.show("settings", &view)
}

/// Connects a channel.
pub async fn connect(
    hand: Hand,
    Path(network): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    hand.needs(Power::Manage)?;
    let network = hand.web.house.network(&network).ok_or(Error::NotFound)?;
    let name = fields.iter().find(|(k, _)| k == "name").map(|(_, v)| v.clone()).unwrap_or_default();
    let settings = fields.iter().filter(|(k, v)| k != "name" && !v.trim().is_empty()).cloned().collect();
    let new = NewChannel { network: network.slug().to_owned(), brand: hand.brand.id, name, connection: None, settings };
    match connect::connect(&hand.web.house, &hand.known.scope, new).await {
        Ok((id, _)) => Ok(Redirect::to(&format!("/settings/channels/{id}")).into_response()),
        Err(flow::Error::Refused(reason, about)) => {
            let label = network
                .card()
                .fields
                .iter()
                .find(|f| Some(f.key) == about.as_deref())
                .map(|f| in_lang(hand.lang, f.label));
            let error = Some(refusal(hand.lang, reason, label.as_deref().or(about.as_deref())));
            let view = connect_view(&hand, network, &fields, error);
            Ok(hand.show_as(StatusCode::UNPROCESSABLE_ENTITY, "settings", &view)?.into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// One channel: health, hook, login.
#[derive(Debug, Serialize)]
pub struct ChannelView {
    card: Card,
    hook: Option<String>,
    public: bool,
    fields: Vec<FieldView>,
    login: bool,
    may_manage: bool,
    checked: Option<Checked>,
    error: Option<String>,
}

/// What a check found.
#[derive(Debug, Serialize)]
struct Checked {
    name: Option<String>,
    problems: Vec<String>,
    missing: Vec<String>,
    can: Vec<String>,
}

impl View for ChannelView {
    const FILE: &'static str = "settings/channel.html";
    fn samples() -> Vec<ChannelView> {
        let field =
            FieldView { key: "page_token", label: "Jeton".into(), secret: true, required: true, value: String::new() };
        let checked = Checked {
            name: Some("Aubépine".into()),
            problems: vec!["Le jeton est expiré".into()],
            missing: vec!["Sans webhook".into()],
            can: vec!["Répondre en public".into()],
        };
        vec![ChannelView {
            card: Card::sample(),
            hook: Some("https://desk.example/hooks/ab".into()),
            public: false,
            fields: vec![field],
            login: true,
            may_manage: true,
            checked: Some(checked),
            error: Some("Il manque un réglage".into()),
        }]
    }
}

/// One channel.
pub async fn show(mut desk: Desk, Path(id): Path<ChannelId>) -> Result<Page> {
    let view = channel_view(&mut desk, id, None, None).await?;
    desk.show("settings", &view)
}

async fn channel_view(
    desk: &mut Desk,
    id: ChannelId,
    checked: Option<Checked>,
    error: Option<String>,
) -> Result<ChannelView> {
    let (hand, tx) = desk.parts();
    let channel = store::get(tx, &hand.known.scope, id).await?;
    let may_manage = hand.known.scope.may(channel.brand_id, Power::Manage);
    let network = hand.web.house.network(&channel.network).ok_or(Error::NotFound)?;
    let connection = store::connection(tx, channel.brand_id, channel.connection_id).await?;
    // The hook's address is a key: only who may connect channels sees it.
    let path = if may_manage { connect::hook_path(&hand.web.house, network, &connection)? } else { None };
    let secrets = network.card().fields.iter().filter(|f| f.secret);
    let fields = secrets.map(|f| FieldView {
        key: f.key,
        label: in_lang(hand.lang, f.label),
        secret: true,
        required: false,
        value: String::new(),
    });
    Ok(ChannelView {
        card: card(hand, channel),
        hook: path.map(|p| format!("{}{p}", hand.web.public_url)),
        public: hand.web.is_secure(),
        fields: fields.collect(),
        login: !network.login_asks().is_empty(),
        may_manage,
        checked,
        error,
    })
}

/// Tries the login.
pub async fn check(hand: Hand, mut desk: Desk, Path(id): Path<ChannelId>) -> Result<Page> {
    let channel = store::get(&mut desk.tx, &hand.known.scope, id).await?;
    if !hand.known.scope.may(channel.brand_id, Power::Manage) {
        return Err(Error::Forbidden);
    }
    let found = connect::check(&hand.web.house, &hand.known.scope, id).await?;
    let said = |(fr, en): (String, String)| if hand.lang == Lang::Fr { fr } else { en };
    let checked = Checked {
        name: found.name,
        problems: found.problems.into_iter().map(said).collect(),
        missing: found.missing.into_iter().map(said).collect(),
        can: found.can.into_iter().map(|c| t(hand.lang, &format!("can-{c}"), &[])).collect(),
    };
    let view = channel_view(&mut desk, id, Some(checked), None).await?;
    desk.show("settings", &view)
}

/// Whether it shall rest.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    paused: bool,
}

/// Pauses a channel or lets it go on.
pub async fn pause(hand: Hand, Path(id): Path<ChannelId>, Form(form): Form<Pause>) -> Result<Redirect> {
    connect::pause(&hand.web.house, &hand.known.scope, id, form.paused).await?;
    Ok(Redirect::to(&format!("/settings/channels/{id}")))
}

/// Renews a channel's login; fields left empty stay as they are.
pub async fn reconnect(
    hand: Hand,
    Path(id): Path<ChannelId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Redirect> {
    let given: Vec<(String, String)> = fields.into_iter().filter(|(_, v)| !v.trim().is_empty()).collect();
    connect::reconnect(&hand.web.house, &hand.known.scope, id, &given).await?;
    Ok(Redirect::to(&format!("/settings/channels/{id}")))
}
