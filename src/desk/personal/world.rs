//! Numbers of orders and places where people live, in languages that neither French nor English
//! patterns read.

use std::sync::LazyLock;

use regex::Regex;

use super::orders::{MEASURED, is_date};
use super::reading::{Reading, any_of, pattern};
use super::{Found, Personal};

static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    let latin = r"(?-u:\b)(?:bestell(?:ung|nummer|nr)\p{L}*|auftrag\p{L}*|rechnung\p{L}*|sendung\p{L}*|vorgang\p{L}*|kundennummer|ticketnummer|pedido|factura|envio|seguimiento|expediente|ordine|fattura|spedizione|pratica|encomenda|fatura|bestelling|bestelnummer|factuur|zending|zamowieni\p{L}*|faktur\p{L}*|przesy[lł]k\p{L}*|zg[lł]oszeni\p{L}*|objednavk\p{L}*|siparis\p{L}*|kargo|comanda|rendeles\p{L}*|tilaus\p{L}*|ordre|bestilling|bestallning\p{L}*|arende\p{L}*|aarende)";
    let others = any_of(&[
        "заказ",
        "заказа",
        "заявк",
        "обращени",
        "тикет",
        "посылк",
        "накладн",
        "счет",
        "счёт",
        "договор",
        "замовлення",
        "παραγγελία",
        "παραγγελίας",
        "αποστολή",
        "τιμολόγιο",
        "αίτημα",
        "طلب",
        "طلبك",
        "الطلب",
        "طلبية",
        "شحنة",
        "تذكرة",
        "فاتورة",
        "التتبع",
        "הזמנה",
        "הזמנתך",
        "משלוח",
        "פנייה",
        "חשבונית",
        "מעקב",
        "ऑर्डर",
        "आर्डर",
        "आदेश",
        "टिकट",
        "शिकायत",
        "बिल",
        "चालान",
        "คำสั่งซื้อ",
        "ออเดอร์",
        "พัสดุ",
        "ตั๋ว",
        "ใบแจ้งหนี้",
        "订单",
        "訂單",
        "单号",
        "單號",
        "工单",
        "快递",
        "发票",
        "注文",
        "お問い合わせ番号",
        "伝票",
        "チケット",
        "受付番号",
        "ご注文",
        "주문",
        "송장",
        "운송장",
        "접수",
        "티켓",
        "문의",
    ]);
    pattern(&format!(
        r"(?:{latin}|{others})[^0-9\n.!?]{{0,20}}(?:n[.°º]|nr[.])?[^0-9\n!?]{{0,4}}(?P<it>(?:[a-z]{{1,5}}[-_ ]?)?[0-9][0-9a-z\-_/]{{2,24}})"
    ))
});

pub(super) fn orders(reading: &Reading) -> Vec<Found> {
    reading.all(&ORDER, Personal::Order, |r, c| {
        let number = &c["it"];
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let letters = number.chars().filter(char::is_ascii_alphabetic).count();
        let is_year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
        let decimal =
            r.after(c).starts_with([',', '.', ':']) && r.after(c)[1..].starts_with(|d: char| d.is_ascii_digit());
        let named = c[0].contains(" n") || c[0].contains('#') || letters > 0;
        (digits >= 4 || (named && digits >= 3))
            && !is_year
            && !decimal
            && !is_date(number)
            && !MEASURED.is_match(r.after(c))
    })
}

/// Words for “the house’s own” before or after an address.
const OURS: [&str; 21] = [
    "магазин",
    "офис",
    "склад",
    "κατάστημα",
    "κατάστημά",
    "متجرنا",
    "فرعنا",
    "المتجر",
    "חנות",
    "दुकान",
    "स्टोर",
    "ร้าน",
    "สาขา",
    "门店",
    "店铺",
    "本店",
    "店舗",
    "매장",
    "filiale",
    "tienda",
    "negozio",
];

static OUR_PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(&any_of(&OURS)));

static ADDRESS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let number = r"[0-9]{1,4}(?: ?[-/] ?[0-9]{1,4})?(?-u:[a-d]\b)?";
    // Before the name: calle Mayor 12, ул. Ленина, д. 5, οδός Ερμού 12, شارع التحرير ١٢.
    let before = r"(?-u:\b)(?:calle|c/|avenida|avda\.?|paseo|plaza|carrer|via|viale|piazza|piazzale|corso|largo|rua|travessa|praca|alameda|estrada|ulica|ul\.|aleja|al\.|strada|str\.|bulevardul|calea|ulice)";
    let others = any_of(&[
        "улица",
        "улице",
        "ул.",
        "проспект",
        "проспекте",
        "пр-т",
        "просп.",
        "переулок",
        "пер.",
        "бульвар",
        "шоссе",
        "набережная",
        "вулиця",
        "вул.",
        "οδός",
        "οδό",
        "οδού",
        "λεωφόρος",
        "λεωφόρο",
        "λεωφ.",
        "πλατεία",
        "شارع",
        "طريق",
        "حي",
        "רחוב",
        "רח'",
        "שדרות",
        "שד'",
        "ถนน",
        "ซอย",
        "ถ.",
        "ซ.",
        "मार्ग",
        "सड़क",
        "गली",
        "रोड",
    ]);
    let house = any_of(&["д.", "дом", "д", "буд.", "αρ.", "αριθμός", "رقم", "מס'", "מספר", "เลขที่", "नंबर"]);
    // After the name: Hauptstraße 12, Kerkstraat 5, Storgatan 3, Atatürk Caddesi No: 12, Kossuth utca 5.
    let after = r"\p{L}{3,}(?:strasse|straat|gasse|allee|platz|damm|ufer|laan|plein|gracht|kade|gatan|vagen|gata|gade|vej|veien|katu|weg)|\p{L}+str\.|\p{L}{3,} (?:strasse|straat|caddesi|cad\.|sokak|sokagi|sok\.|bulvari|utca|ut|ter|namesti|trida)";
    [
        format!(r"(?P<it>{before} (?:de |del |della |dei |da |do |dos |la |las |los |el )*(?P<name>\p{{L}}[\p{{L}}\p{{M}}.'-]*)(?: [\p{{L}}\p{{M}}.'-]+){{0,4}}?,? ?(?:n[°ºo]?\.? ?|nr\.? ?|num\.? ?)?{number})"),
        format!(r"(?P<it>{others}\s?[^0-9\n!?]{{2,40}}?(?:,? ?{house})?[ :]?{number})"),
        format!(r"(?P<it>(?P<name>{after}),? ?(?:no:? ?|nr\.? ?)?{number})"),
        format!(r"(?P<it>{number},? {}\s?[^0-9\n,.!?]{{2,30}})", any_of(&["شارع", "улица", "ул.", "ถนน", "ซอย", "หมู่", "רחוב"])),
        format!(r"(?P<it>{number},? [^0-9\n,.!?]{{2,24}} ?{})", any_of(&["मार्ग", "रोड", "सड़क", "गली", "नगर", "कॉलोनी", "улица", "проспект"])),
        format!(r"(?P<it>{}[^0-9\n!?]{{0,8}}[0-9]{{1,4}})", any_of(&["บ้านเลขที่", "मकान नंबर", "मकान संख्या", "मकान", "फ्लैट", "प्लॉट", "кв.", "квартира", "דירה"])),
        r"(?P<it>\p{Han}{1,8}(?:路|街|大道|巷|弄|胡同|道) ?[0-9]{1,5} ?(?:号|號|弄|巷|之))".to_owned(),
        r"(?P<it>[0-9]{1,3} ?丁目|[0-9]{1,5} ?番地|[0-9]{1,3} ?番 ?[0-9]{1,3} ?号|\p{Han}{1,6}(?:区|市|町|村|郡)[\p{Han}\p{Hiragana}\p{Katakana}]{0,14} ?[0-9]{1,4}-[0-9]{1,4})".to_owned(),
        format!(r"(?P<it>{}\s?\S{{1,30}}?{}\s?[0-9]{{1,4}}(?:-[0-9]{{1,4}})?)", any_of(&["구 ", "시 ", "군 ", "동 ", "읍 ", "면 "]), any_of(&["로", "길"])),
        format!(r"(?P<it>[0-9]{{1,4}}(?:-[0-9]{{1,4}})? ?{})", any_of(&["번지", "번길"])),
        r"(?P<it>(?-u:\b)(?:po box|p\.o\. box|postfach|apartado(?: de correos)?|casella postale|boite postale|bp|postbus) ?(?:n[°o] ?)?[0-9]{2,6}(?-u:\b))".to_owned(),
    ]
    .iter()
    .map(|p| pattern(p))
    .collect()
});

pub(super) fn addresses(reading: &Reading) -> Vec<Found> {
    let mut all = Vec::new();
    for street in ADDRESS.iter() {
        all.extend(reading.all(street, Personal::Address, |r, c| {
            // A name begins with a capital, where the script has them: “via email 24” is no street.
            let name = c.name("name").map(|m| r.written(m.range()));
            let named = name.is_none_or(|n| n.starts_with(char::is_uppercase) || n.chars().all(|c| !c.is_lowercase()));
            named && !OUR_PLACE.is_match(r.before(c)) && !MEASURED.is_match(r.after(c))
        }));
    }
    all
}
