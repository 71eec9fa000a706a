//! A conversation with everything in it, for trying the template.

use super::deeds::Why;
use super::entries::{Attached, Entry, Line};
use super::judged::Verdict;
use super::marks::Piece;
use super::{Conversation, PostBar};
use crate::web::inbox::beside::Beside;

impl Conversation {
    /// For trying the template.
    #[expect(clippy::too_many_lines, reason = "one of everything a conversation can hold")]
    pub fn sample() -> Conversation {
        let why = Why {
            rule: "hot-to-sales".into(),
            version: "1a2b".into(),
            signals: vec!["« combien » asks-price +2".into()],
            score: Some("3 / 3".into()),
            like: Some("c’est combien ?".into()),
            runner_up: Some("Délais".into()),
            sentences: vec!["Le robot répond avec « Horaires »".into()],
            evidence: Some((58, 60, 90)),
        };
        let said = |out, text: &str| Line {
            id: "0".into(),
            out,
            public: true,
            by: "Camille".into(),
            initials: "C".into(),
            tint: 1,
            time: "11:38".into(),
            full: "21 nov. 2026, 11:38".into(),
            iso: "2026-11-21T10:38:00Z".into(),
            lang: "fr".into(),
            text: vec![
                Piece { text: text.into(), why: None },
                Piece { text: "<script>".into(), why: Some("x +1".into()) },
            ],
            repeated: "> Bonjour <b>".into(),
            attachments: vec![
                Attached { kind: "image".into(), title: String::new(), href: Some("/media/0/0".into()) },
                Attached { kind: "file".into(), title: "suivi.png".into(), href: None },
            ],
            rating: Some("positive".into()),
            edited: Some(vec![("avant".into(), "ancien".into())]),
            why: out.then(|| why.clone()),
            verdict: Some(Verdict {
                told: "Le robot proposait « Horaires »".into(),
                judged: if out { String::new() } else { "envoyé tel quel".into() },
                right: (!out).then_some(true),
                may: true,
            }),
            deleted: !out,
            hidden: !out,
            liked: !out,
            reactions: "❤️ 2".into(),
            delivery: out.then(|| "Échec · fenêtre fermée".into()),
            delivery_state: "failed".into(),
            delivery_why: out.then(|| "outside of allowed window (10/2018278)".into()),
            trouble: out,
            may_take_back: out,
            may_decide: out,
            may_send_again: out,
            bot: out,
            page: out,
            acts: vec![("like", "heart", false), ("delete", "trash-2", false)],
            left: out.then_some(8_000),
            key: "k".into(),
            other_person: !out,
            handle: "@camille".into(),
        };
        Conversation {
            id: "0".into(),
            number: 12,
            name: "Camille Roussel".into(),
            network: "facebook".into(),
            channel: "Aubépine".into(),
            kind_label: "Commentaire".into(),
            state: "open".into(),
            state_label: "Ouverte".into(),
            resolved: false,
            sla: "8 min".into(),
            sla_class: "soon",
            assignee: Some(("SL".into(), 2, "Sarah".into())),
            mine: true,
            team: Some("Support".into()),
            priority: "high".into(),
            tail: "?in=mine".into(),
            back: "/inbox/mine".into(),
            post: Some(PostBar {
                text: "Petit Loup est de retour".into(),
                about: "Publication Facebook".into(),
                href: Some("https://x".into()),
                gone: true,
            }),
            entries: vec![
                Entry::Across { id: "day-0".into(), icon: "", text: "aujourd’hui".into() },
                Entry::Message(Box::new(said(false, "Bonjour "))),
                Entry::Done {
                    id: "e-0".into(),
                    icon: "split",
                    text: "Transférée".into(),
                    time: "11:39".into(),
                    why: Some(why.clone()),
                },
                Entry::Message(Box::new(said(true, "Bonjour "))),
                Entry::Note {
                    by: "Karim".into(),
                    time: "11:52".into(),
                    full: "21 nov.".into(),
                    text: "Vu".into(),
                    id: "0".into(),
                    key: "n".into(),
                },
            ],
            earlier: Some("/tickets/0?before=1".into()),
            ill: Some("Facebook demande une reconnexion".into()),
            may_handle: true,
            colleagues: vec![("0".into(), "Sarah".into(), true)],
            teams: vec![("0".into(), "Support".into(), true)],
            stages: vec![("customer".into(), "Client".into(), 4, true)],
            priorities: vec![("high".into(), "Haute".into(), true)],
            merged: vec![("0".into(), "12 nov.".into())],
            seen: 12,
            beside: vec![Beside::sample(true), Beside::sample(false)],
        }
    }
}
