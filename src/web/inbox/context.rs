//! The contact beside the conversation: who, where else, what before.

use serde::Serialize;

use super::asked::Asked;
use super::matter::Matter;
use super::queue::shown_name;
use crate::base::locale::t;
use crate::base::text;
use crate::desk::event::EventKind;
use crate::desk::ticket::Ticket;
use crate::desk::trace::Trace;
use crate::store::events::Past;
use crate::store::tickets;
use crate::web::Result;
use crate::web::ask::Desk;
use crate::web::show::tint;

/// The contact pane.
#[derive(Debug, Serialize)]
pub struct ContactPane {
    id: String,
    name: String,
    initials: String,
    tint: usize,
    about: String,
    stage: String,
    stage_label: String,
    rank: usize,
    stage_why: Option<String>,
    held: bool,
    identities: Vec<(String, String)>,
    labels: Vec<String>,
    labels_text: String,
    is_complaint: bool,
    /// What the brand's own corrections suggest.
    own: Option<String>,
    /// The labels once a person has said the contrary.
    turned: String,
    others: Vec<Other>,
    journey: Vec<(String, usize, String)>,
}

/// Another ticket of the same person.
#[derive(Debug, Serialize)]
pub struct Other {
    id: String,
    href: String,
    network: String,
    number: i64,
    excerpt: String,
    when: String,
    state: String,
    /// True when it is the public or private half of this one.
    linked: bool,
    /// True when it can be merged into this one.
    mergeable: bool,
}

impl ContactPane {
    /// For trying the template.
    pub fn sample() -> ContactPane {
        let other = Other {
            id: "1".into(),
            href: "/tickets/1".into(),
            network: "facebook".into(),
            number: 7,
            excerpt: "Changement d’adresse".into(),
            when: "août".into(),
            state: "Résolue".into(),
            linked: true,
            mergeable: true,
        };
        ContactPane {
            id: "0".into(),
            name: "Camille Roussel".into(),
            initials: "CR".into(),
            tint: 1,
            about: "français · depuis avril".into(),
            stage: "customer".into(),
            stage_label: "Client".into(),
            rank: 4,
            stage_why: Some("Demande d’aide 2 = parle de sa commande 2 « ma commande »".into()),
            held: true,
            identities: vec![("facebook".into(), "@camille.rsl".into())],
            labels: vec!["livraison".into()],
            labels_text: "livraison".into(),
            is_complaint: false,
            own: Some("D’après 24 corrections : plutôt une réclamation".into()),
            turned: "livraison, complaint".into(),
            others: vec![other],
            journey: vec![("Client".into(), 4, "12 avr.".into())],
        }
    }
}

/// Reads the contact of a ticket, beside what is known of it already.
///
/// # Errors
/// As the database reports.
pub async fn read(desk: &mut Desk, ticket: &Ticket, asked: &Asked, matter: &Matter) -> Result<ContactPane> {
    let (hand, tx) = desk.parts();
    let Matter { contact, handles: identities, past, .. } = matter;
    let all = tickets::of_contact(tx, ticket.brand_id, contact.id).await?;
    let clock = hand.clockface();
    let handle = identities.iter().find_map(|i| i.handle.as_deref());
    let name = shown_name(hand, &contact.name, handle);
    let words = |key: String| t(hand.lang, &key, &[]);
    let language = ticket.language.as_deref().or(contact.language.as_deref());
    let since = t(hand.lang, "since", &[("when", clock.short(contact.created_at).into())]);
    let spoken = language
        .map(|l| crate::base::locale::find(hand.lang, &format!("language-{l}"), &[]).unwrap_or_else(|| l.to_owned()));
    let about = spoken.map_or(since.clone(), |s| format!("{s} · {since}"));
    let trace = serde_json::from_value::<Trace>(ticket.stage_evidence.clone()).ok();
    let evidence = trace.and_then(|trace| super::evidence::told(&hand.web.house.rules, hand.lang, &trace));
    let undone: Vec<&str> = past.iter().filter_map(|e| e.data["undid"].as_str()).collect();
    let stands = |e: &&Past| !e.data["act"]["id"].as_str().is_some_and(|act| undone.contains(&act));
    let staged = past.iter().rev().filter(|e| e.kind == EventKind::Staged).filter(stands);
    let journey = staged.filter_map(|e| {
        let stage: crate::desk::stage::Stage = e.data["to"].as_str()?.parse().ok()?;
        Some((words(format!("stage-{stage}")), stage.rank(), clock.short(e.at)))
    });
    let others = all.iter().filter(|o| o.id != ticket.id).map(|o| Other {
        id: o.id.to_string(),
        href: format!("/tickets/{}{}", o.id, asked.tail()),
        network: o.network.clone(),
        number: o.number,
        excerpt: o.excerpt.clone(),
        when: clock.short(o.last_message_at),
        state: words(format!("state-{}", o.state)),
        linked: o.continues == Some(ticket.id) || ticket.continues == Some(o.id),
        mergeable: true,
    });
    let said = crate::store::examples::latest(tx, ticket.brand_id).await?;
    let own = matter.last.as_ref().and_then(|m| super::own::suggestion(hand.lang, &said, &m.text));
    let labels = ticket.label_list();
    let is_complaint = ticket.is_labelled("complaint");
    let mut turned: Vec<String> = labels.iter().filter(|l| *l != "complaint").cloned().collect();
    turned.extend((!is_complaint).then(|| "complaint".to_owned()));
    Ok(ContactPane {
        id: contact.id.to_string(),
        initials: text::initials(&name),
        tint: tint(&name),
        name,
        about,
        stage: ticket.stage.to_string(),
        stage_label: words(format!("stage-{}", ticket.stage)),
        rank: ticket.stage.rank(),
        stage_why: evidence.filter(|_| !ticket.stage_held),
        held: ticket.stage_held,
        identities: identities
            .iter()
            .map(|i| {
                let shown = i.handle.clone().or_else(|| i.name.clone());
                (i.network.clone(), shown.unwrap_or_else(|| words("nobody-named".into())))
            })
            .collect(),
        labels_text: labels.join(", "),
        is_complaint,
        own,
        turned: turned.join(", "),
        labels,
        others: others.collect(),
        journey: journey.collect(),
    })
}
