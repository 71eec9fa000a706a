//! Templates of the simulated account: what is listed, and what a send of one says, or why not.
//!
//! Sources: developers.facebook.com/documentation/business-messaging/whatsapp/templates/components;
//! …/whatsapp/support/error-codes (132000 parameters, 132001 none of this name and language, 132012
//! another form of parameters, 132015 paused, 132016 disabled); read 2026-11.

use serde_json::{Value, json};

use super::super::meta::Gone;
use crate::base::json::Reads;

/// What an account has in the beginning: one with gaps by number, one with named ones in English, one
/// that is paused, and one with a picture.
pub fn usual() -> Vec<Value> {
    let of = |name: &str, language: &str, status: &str, category: &str, components: Value| {
        json!({"id": format!("{}", 700 + name.len()), "name": name, "language": language, "status": status,
            "category": category, "components": components})
    };
    vec![
        of(
            "suivi_commande",
            "fr",
            "APPROVED",
            "UTILITY",
            json!([
                {"type": "HEADER", "format": "TEXT", "text": "Votre commande {{1}}", "example": {"header_text": ["20451"]}},
                {"type": "BODY", "text": "Bonjour {{1}}, nous avons du nouveau : {{2}}. Répondez-nous ici si vous avez une question.",
                 "example": {"body_text": [["Léa", "elle part demain"]]}},
                {"type": "FOOTER", "text": "Le service clients"},
                {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Une question"}]}
            ]),
        ),
        of(
            "we_are_back",
            "en_US",
            "APPROVED",
            "UTILITY",
            json!([{"type": "BODY", "text": "Hello {{first_name}}, we have an answer for you. May we send it?",
                "example": {"body_text_named_params": [{"param_name": "first_name", "example": "Ann"}]}}]),
        ),
        of("soldes", "fr", "PAUSED", "MARKETING", json!([{"type": "BODY", "text": "Les soldes ont commencé."}])),
        of(
            "lookbook",
            "fr",
            "APPROVED",
            "MARKETING",
            json!([{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "La collection est là."}]),
        ),
    ]
}

/// The words of a template that is sent.
pub fn said(all: &[Value], sent: &Value) -> Result<String, Gone> {
    let (name, language) = (sent.text("name"), sent["language"].text("code"));
    let found = all.iter().find(|t| t.text("name") == name && t.text("language") == language);
    let Some(template) = found else { return Err((132_001, 0, "Template name does not exist in the translation")) };
    match template.text("status") {
        Some("PAUSED") => return Err((132_015, 0, "Template is paused")),
        Some("DISABLED") => return Err((132_016, 0, "Template is disabled")),
        _ => {}
    }
    let mut parts = Vec::new();
    for component in template.list("components") {
        let kind = component.text("type").unwrap_or_default();
        let Some(text) = component.text("text").filter(|_| kind != "BUTTONS") else { continue };
        let given = sent.list("components").iter().find(|c| c.text("type").is_some_and(|t| t.to_uppercase() == kind));
        let given = given.map(|c| c.list("parameters")).unwrap_or_default();
        parts.push(filled(text, given)?);
    }
    Ok(parts.join("\n\n"))
}

fn filled(text: &str, given: &[Value]) -> Result<String, Gone> {
    let mut gaps: Vec<&str> =
        text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name).collect();
    gaps.dedup();
    if gaps.len() != given.len() {
        return Err((132_000, 0, "Number of parameters does not match the expected number of params"));
    }
    let mut out = text.to_owned();
    for (n, parameter) in given.iter().enumerate() {
        let value = parameter.text("text").unwrap_or_default();
        let named = parameter.text("parameter_name");
        let gap = named.or(gaps.get(n).copied()).unwrap_or_default();
        if !gaps.contains(&gap) || (gap.parse::<u32>().is_err() && named.is_none()) {
            return Err((132_012, 0, "Parameter format does not match format in the created template"));
        }
        if value.is_empty() || value.contains('\n') || value.contains("    ") {
            return Err((132_018, 0, "There is an issue with the parameters of the template"));
        }
        out = out.replace(&format!("{{{{{gap}}}}}"), value);
    }
    Ok(out)
}
