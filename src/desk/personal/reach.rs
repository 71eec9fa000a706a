//! How a person can be reached: mail addresses and telephones, except the house's own.

use std::sync::LazyLock;

use regex::Regex;

use super::reading::{PRODUCT, Reading, ends_with_one_of, pattern, says};
use super::{Found, Personal};

/// Mailboxes that belong to a house, not to a person.
const HOUSE_BOXES: &str = "contact|info|infos|bonjour|hello|hi|support|sav|service|serviceclient\
    |service-client|service.client|clients|client|customer|customers|customerservice|customer-service|care\
    |help|aide|assistance|commande|commandes|order|orders|presse|press|rh|jobs|recrutement|shop|boutique\
    |magasin|store|sales|ventes|pro|b2b|dpo|privacy|rgpd|legal|noreply|no-reply|newsletter|team|equipe\
    |office";

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<it>\b(?P<box>[a-z0-9][a-z0-9._%+-]*)(?:@| ?(?:\(at\)|\[at\]|\(arobase\)) ?)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.[a-z]{2,24}\b)",
    )
});

pub(super) fn emails(reading: &Reading) -> Vec<Found> {
    reading.all(&EMAIL, Personal::Email, |_, c| !HOUSE_BOXES.split('|').any(|b| b == &c["box"]))
}

/// What says that a number is the house's own, meant for everybody.
const HOUSE_LINE: &str = "appelez-nous|appelez nous|nous appeler|nous joindre|joindre notre|nous contacter\
    |contactez-nous|contactez nous|notre numero|notre service|notre boutique|notre magasin|service client\
    |service clients|service conso|standard|hotline|numero vert|joignable|joignables|call us|reach us\
    |ring us|contact us|our number|our line|our team on|customer service|customer care|helpline|our store\
    |our shop";

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:^|[^0-9a-z+#/.,-])(?P<it>",
        // France: 0X XX XX XX XX, +33 …
        r"(?:(?:\+|00)33[ .-]?(?:\(0\)[ .-]?)?[1-9]|0[1-9])(?:[ .-]?[0-9]{2}){4}",
        // Elsewhere, with the country: +44 7911 123456
        r"|(?:\+|00)(?:[1-9][0-9]{0,2})[ .-]?(?:\([0-9]{1,4}\)[ .-]?)?[0-9](?:[ .-]?[0-9]){5,12}",
        // United Kingdom: 07911 123456, 020 7946 0958
        r"|0[1-9][0-9]{2,3} [0-9]{6}|0[1-9][0-9]{1,3} [0-9]{3,4} [0-9]{4}",
        // United States: (555) 123-4567, 555-123-4567
        r"|\([2-9][0-9]{2}\) ?[0-9]{3}-[0-9]{4}|[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}",
        r")(?:$|[^0-9a-z€$£%/-])"
    ))
});

pub(super) fn phones(reading: &Reading) -> Vec<Found> {
    reading.all(&PHONE, Personal::Phone, |r, c| {
        let digits: String = c["it"].chars().filter(char::is_ascii_digit).collect();
        // 08 and 0969 are lines that companies buy.
        let bought = digits.starts_with("08") || digits.starts_with("338") || digits.starts_with("0969");
        !bought && !says(r.before(c), HOUSE_LINE) && !ends_with_one_of(r.before(c), PRODUCT)
    })
}
