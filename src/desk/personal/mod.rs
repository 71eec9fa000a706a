//! Somebody's personal data in a text that everybody would read: order numbers, addresses, phones.
//! It would rather miss one than stop a price, a date or the shop's own number: whoever writes is
//! a colleague, not an enemy.

mod codes;
mod money;
mod orders;
mod phones;
mod places;
mod reach;
mod reading;
mod world;

use std::ops::Range;

use self::reading::Reading;

crate::words! {
    /// What kind of personal data.
    pub enum Personal {
        /// The number of an order, a parcel, an invoice, a file.
        Order = "order",
        /// Somebody's e-mail address.
        Email = "email",
        /// Somebody's telephone number.
        Phone = "phone",
        /// A bank account.
        Iban = "iban",
        /// A payment card.
        Card = "card",
        /// Where somebody lives.
        Address = "address",
        /// A code that opens something.
        Code = "code",
    }
}

/// Where something personal stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: Personal,
    /// The characters it stands in.
    pub chars: Range<usize>,
}

impl Found {
    /// The piece itself.
    pub fn piece(&self, text: &str) -> String {
        text.chars().skip(self.chars.start).take(self.chars.len()).collect()
    }
}

/// Every piece of a text that looks like somebody's personal data, in order, none overlapping.
pub fn find(text: &str) -> Vec<Found> {
    let reading = Reading::of(text);
    // What is surest comes first: a later find inside an earlier one is the same piece.
    let finders: [fn(&Reading) -> Vec<Found>; 9] = [
        reach::emails,
        money::ibans,
        money::cards,
        codes::codes,
        orders::orders,
        world::orders,
        phones::phones,
        places::addresses,
        world::addresses,
    ];
    let mut all: Vec<Found> = Vec::new();
    for found in finders.iter().flat_map(|find| find(&reading)) {
        let apart = |other: &Found| found.chars.end <= other.chars.start || other.chars.end <= found.chars.start;
        if all.iter().all(apart) {
            all.push(found);
        }
    }
    all.sort_by_key(|f| f.chars.start);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(Personal, String)> {
        find(text).iter().map(|f| (f.kind, f.piece(text))).collect()
    }

    fn one(kind: Personal, text: &str, piece: &str) {
        assert_eq!(seen(text), [(kind, piece.to_owned())], "{text}");
    }

    #[test]
    fn order_numbers() {
        one(Personal::Order, "Votre commande AB-48213 est chez le transporteur.", "AB-48213");
        one(Personal::Order, "Je retrouve bien AB-48213, merci !", "AB-48213");
        one(Personal::Order, "La commande n° 4821 est partie hier.", "4821");
        one(Personal::Order, "Commande n°2026-00412 expédiée", "2026-00412");
        one(Personal::Order, "Your order #1001 has shipped", "1001");
        one(Personal::Order, "Order number 774512 is on its way", "774512");
        one(Personal::Order, "Le suivi est 6A12345678901", "6A12345678901");
        one(Personal::Order, "C’est le colis LX123456789FR.", "LX123456789FR");
        one(Personal::Order, "Votre facture FA20261103 est jointe", "FA20261103");
        one(Personal::Order, "voir #48213", "#48213");
        one(Personal::Order, "Votre numéro client : 558210", "558210");
    }

    #[test]
    fn mail_addresses() {
        one(Personal::Email, "Écrivez à camille.roussel@exemple.fr", "camille.roussel@exemple.fr");
        one(Personal::Email, "c’est bien Zoe+boutique@mail.example.co.uk ?", "Zoe+boutique@mail.example.co.uk");
        one(Personal::Email, "camille (at) exemple.fr", "camille (at) exemple.fr");
    }

    #[test]
    fn phones_of_people() {
        for (text, piece) in [
            ("Je vous appelle au 06 12 34 56 78.", "06 12 34 56 78"),
            ("au 06.12.34.56.78", "06.12.34.56.78"),
            ("0612345678", "0612345678"),
            ("+33 6 12 34 56 78 c’est bien vous ?", "+33 6 12 34 56 78"),
            ("votre numéro (+33 (0)6 12 34 56 78)", "+33 (0)6 12 34 56 78"),
            ("call you on +44 7911 123456", "+44 7911 123456"),
            ("is it 07911 123456?", "07911 123456"),
            ("we have (555) 123-4567 on file", "(555) 123-4567"),
            ("+49 (30) 901820 ist notiert", "+49 (30) 901820"),
        ] {
            one(Personal::Phone, text, piece);
        }
    }

    #[test]
    fn bank_accounts_and_cards() {
        let text = "Remboursement sur FR76 3000 6000 0112 3456 7890 189 demain";
        assert_eq!(seen(text)[0].0, Personal::Iban);
        assert_eq!(seen("GB82 WEST 1234 5698 7654 32")[0].0, Personal::Iban);
        assert_eq!(seen("DE89370400440532013000")[0].0, Personal::Iban);
        assert!(
            seen("FR76 3000 6000 0112 3456 7890 188").iter().all(|(k, _)| *k != Personal::Iban),
            "wrong check digits"
        );
        one(Personal::Card, "la carte 4111 1111 1111 1111", "4111 1111 1111 1111");
        assert!(seen("la carte 4111 1111 1111 1112").is_empty(), "no card has these digits");
    }

    #[test]
    fn where_people_live() {
        for text in [
            "On livre au 12 rue de la Paix, 75002 Paris ?",
            "C’est le 3 bis avenue Jean Jaurès",
            "12 rue des lilas c’est bien ça ?",
            "14, place Bellecour 69002 Lyon",
            "3 place de la République",
            "We have 221B Baker Street, London",
            "to 10 Downing Street, SW1A 2AA please",
        ] {
            let all = seen(text);
            assert!(matches!(all.as_slice(), [(Personal::Address, _)]), "{text}: {all:?}");
        }
    }

    #[test]
    fn what_is_nobodys_passes() {
        for text in [
            "Elle est à 23,90 € la pièce, 1 250 € le lot de 50.",
            "Elle est à 12 345,67 € TTC",
            "Ouvert de 10h00 à 19h00, du 01/12/2026 au 24/12/2026.",
            "Open 10:00-19:00 until 2026-12-24",
            "La Petit Loup existe en 350 ml et 500 ml.",
            "Réf. PL-350001 disponible en trois couleurs",
            "La référence PL-35000 et le modèle GT-30012 sont épuisés",
            "EAN 3760123450019",
            "code promo NOEL-20266",
            "Il en reste 2 places pour l’atelier",
            "Il reste 1 place de parking",
            "Depuis 2019, plus de 120 000 gourdes vendues",
            "Votre commande de 1200 gourdes nous intéresse",
            "La commande 2026 ouvrira en mars",
            "Votre commande dès 15000 points",
            "Livraison offerte dès 50 €, 48 h ouvrées",
            "Résiste à -18 °C et 95 °C",
            "Norme EN-14350 et ISO-9001",
            "Le lot 20261114 n’est pas concerné",
            "Appelez-nous au 01 23 45 67 89, du lundi au vendredi.",
            "Notre service client : 0 800 123 456",
            "Call us on 020 7946 0958 anytime",
            "Notre numéro vert est le 0800 123 456",
            "Écrivez-nous à contact@aubepine.fr ou bonjour@aubepine.fr",
            "Notre boutique du 12 rue de la Paix, 75002 Paris est ouverte",
            "Our shop is at 10 Queen Street, London",
            "Merci @camille.rsl !",
            "https://aubepine.fr/produits/gourde-350-ml?ref=12345",
            "Commande passée avant le 15-12 : livrée à Noël",
            "order before 12/12/2026",
            "Bonjour Camille, elle est à 23,90 €. Je vous la mets de côté ?",
            "1, 2, 3, 4, 5 couleurs",
            "12 000 km de pistes",
            "Score 3-2-1",
            "Le 06 12 2026 nous serons fermés",
            "Version 2.10.3.4 de l’application",
            "192.168.10.254",
            "Un retour sous 14 jours, un retour de 1000 pièces",
            "30 cours de yoga offerts",
            "il y a 2 rues piétonnes",
            "#2026 #NoelEnAubepine",
        ] {
            assert_eq!(seen(text), [], "{text}");
        }
    }

    #[test]
    fn several_are_found_in_order_each_once() {
        let text = "Camille, AB-48213 part au 12 rue des Lilas ; on vous appelle au 06 12 34 56 78.";
        let kinds: Vec<Personal> = seen(text).into_iter().map(|(k, _)| k).collect();
        assert_eq!(kinds, [Personal::Order, Personal::Address, Personal::Phone]);
    }

    proptest::proptest! {
        #[test]
        fn pieces_stand_in_the_text_whatever_it_is(text in "\\PC{0,80}", tail in "[0-9a-zA-Z@+#° .,-]{0,60}") {
            let text = format!("{text}{tail}");
            let n = text.chars().count();
            let mut last = 0;
            for f in find(&text) {
                proptest::prop_assert!(f.chars.start >= last && f.chars.start < f.chars.end && f.chars.end <= n);
                last = f.chars.end;
            }
        }
    }
}
