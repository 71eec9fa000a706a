//! What a message of each type says: words, or things that came along.
//!
//! Source: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/
//! messages (one page a type); read 2026-11.

use serde_json::Value;

use crate::base::json::{self, Reads};
use crate::desk::attachment::{Attachment, AttachmentKind};

/// Words and attachments of a message. What this version does not know is shown as such: somebody
/// wrote, after all.
pub(super) fn content(message: &Value) -> (Option<String>, Vec<Attachment>) {
    let kind = message.text("type").unwrap_or_default();
    let of = &message[kind];
    let mut attachments = Vec::new();
    let text = match kind {
        "text" => of.text("body").map(str::to_owned),
        "button" => of.text("text").or_else(|| of.text("payload")).map(str::to_owned),
        "interactive" => pressed(of),
        "image" | "video" | "audio" | "voice" | "document" | "sticker" => {
            attachments.push(media(kind, of));
            of.text("caption").map(str::to_owned)
        }
        "location" => {
            attachments.push(Attachment::new(AttachmentKind::Location, of.text("url")).titled(Some(&place(of))));
            None
        }
        "contacts" => {
            let cards = message.list("contacts").iter().map(card);
            attachments.extend(cards.map(|c| Attachment::new(AttachmentKind::File, None).titled(Some(&c))));
            None
        }
        "order" => Some(order(of)),
        _ => {
            attachments.push(Attachment::new(AttachmentKind::Unsupported, None));
            None
        }
    };
    // Whoever came by an advertisement, or asks about a product: what it was.
    let ad = &message["referral"];
    if ad.is_object() {
        attachments.push(Attachment::new(AttachmentKind::Link, ad.text("source_url")).titled(ad.text("headline")));
    }
    let product = &message["context"]["referred_product"];
    if let Some(id) = product.id("product_retailer_id") {
        attachments.push(Attachment::new(AttachmentKind::Link, None).titled(Some(&id)));
    }
    if attachments.is_empty() && text.as_deref().is_none_or(|t| t.trim().is_empty()) {
        attachments.push(Attachment::new(AttachmentKind::Unsupported, None));
    }
    (text, attachments)
}

/// Media are named by an id; the address, where there is one, lives for minutes and asks for the token.
fn media(kind: &str, of: &Value) -> Attachment {
    let kind = match kind {
        "image" => AttachmentKind::Image,
        "video" => AttachmentKind::Video,
        "audio" | "voice" => AttachmentKind::Audio,
        "sticker" => AttachmentKind::Sticker,
        _ => AttachmentKind::File,
    };
    Attachment { external_id: of.id("id"), ..Attachment::new(kind, None).titled(of.text("filename")) }
}

/// A button, a row of a list, or a form that was filled in.
fn pressed(of: &Value) -> Option<String> {
    let kind = of.text("type").unwrap_or_default();
    let answer = &of[kind];
    if kind == "nfm_reply" {
        return form(answer);
    }
    let title = answer.text("title").or_else(|| answer.id("id").and(answer.text("id")))?;
    match answer.text("description").filter(|d| !d.trim().is_empty()) {
        Some(more) => Some(format!("{title}\n{more}")),
        None => Some(title.to_owned()),
    }
}

/// A form’s answers are a document inside a string.
fn form(of: &Value) -> Option<String> {
    let inside = of.text("response_json").and_then(|t| json::parse(t.as_bytes()).ok()).unwrap_or_default();
    let said = |(k, v): (&String, &Value)| {
        let value = v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        (k != "flow_token").then(|| format!("{k}: {value}"))
    };
    let lines: Vec<String> = inside.as_object().into_iter().flatten().filter_map(said).collect();
    if lines.is_empty() { of.text("body").map(str::to_owned) } else { Some(lines.join("\n")) }
}

fn place(of: &Value) -> String {
    let number = |key: &str| of.get(key).and_then(Value::as_f64).map(|n| format!("{n:.5}"));
    let at = number("latitude").zip(number("longitude")).map(|(a, b)| format!("({a}, {b})"));
    let mut parts: Vec<String> = Vec::new();
    for part in [of.text("name"), of.text("address")].into_iter().flatten().filter(|p| !p.trim().is_empty()) {
        if !parts.iter().any(|p| p == part) {
            parts.push(part.to_owned());
        }
    }
    parts.extend(at);
    parts.join(" ")
}

/// A card: name and numbers; of people without a number only the file says it.
fn card(of: &Value) -> String {
    let file = of.text("vcard").unwrap_or_default();
    let line = |key: &str| {
        let found = file.lines().find(|l| l.split([':', ';']).next() == Some(key));
        found.and_then(|l| l.split_once(':')).map(|(_, v)| v.trim().to_owned())
    };
    let name = of["name"].text("formatted_name").map(str::to_owned).or_else(|| line("FN"));
    let numbers: Vec<String> = of
        .list("phones")
        .iter()
        .filter_map(|p| p.text("phone").or_else(|| p.text("wa_id")).map(str::to_owned))
        .collect();
    let mails = of.list("emails").iter().filter_map(|m| m.text("email").map(str::to_owned));
    let numbers = if numbers.is_empty() { line("TEL").into_iter().collect() } else { numbers };
    name.into_iter().chain(numbers).chain(mails).collect::<Vec<_>>().join(" · ")
}

/// An order, a line a product.
fn order(of: &Value) -> String {
    let item = |i: &Value| {
        let price = i.get("item_price").filter(|p| !p.is_null()).map(|p| p.to_string().trim_matches('"').to_owned());
        let price = price.map(|p| format!(" · {p} {}", i.text("currency").unwrap_or_default()));
        format!(
            "{} × {}{}",
            i.number("quantity").unwrap_or(1),
            i.id("product_retailer_id").unwrap_or_default(),
            price.as_deref().unwrap_or_default().trim_end()
        )
    };
    let words = of.text("text").filter(|t| !t.trim().is_empty()).map(str::to_owned);
    words.into_iter().chain(of.list("product_items").iter().map(item)).collect::<Vec<_>>().join("\n")
}
