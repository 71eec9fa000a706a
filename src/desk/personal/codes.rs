//! Codes that open something: for one use, of a card, of a parcel. Codes of promotions are no secrets.

use std::sync::LazyLock;

use regex::Regex;

use super::reading::{Reading, any_of, ends_with_one_of, pattern};
use super::{Found, Personal};

/// Words before “code” that make it everybody's.
const EVERYBODYS: &str = "zip|postal|post|bar|colour|color|promo|discount|dress|qr|country|area|voucher|coupon|product\
    |error|erreur|source|hs|ape|naf|shoe|cheat|referral|parrainage|remise|reduction|avantage|promotion|http|status";

static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?-u:\b)(?:(?:code|codigo|codice|kod|kode|bestatigungscode|sicherheitscode|otp|pin|puk|tan|passcode|mot de passe|password|mdp|passwort|contrasena)",
        r"(?:[ -](?:de |d'|à |a )?(?:verification|verificacion|verifica|securite|security|confirmation|validation|connexion|retrait|deblocage|secret|sms|unique|usage unique|pin|puk|otp|acces|access|activation|seguridad|sicurezza|weryfikacyjny))?)",
        r"(?: (?:est|is|ist|es|e|recu|received|suivant|ci-dessous|sms))*[ :=«“(-]{0,4}",
        r"(?P<it>[0-9]{3}[ -][0-9]{3}|[0-9]{4,8})(?-u:\b)"
    ))
});

static CODE_ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    let words = any_of(&[
        "код",
        "пароль",
        "пин",
        "κωδικός",
        "κωδικο",
        "رمز",
        "كود",
        "كلمة السر",
        "קוד",
        "סיסמה",
        "कोड",
        "ओटीपी",
        "पासवर्ड",
        "รหัส",
        "โอทีพี",
        "验证码",
        "驗證碼",
        "密码",
        "密碼",
        "認証コード",
        "確認コード",
        "暗証番号",
        "コード",
        "パスワード",
        "인증번호",
        "비밀번호",
        "인증 코드",
        "코드",
    ]);
    pattern(&format!(r"{words}[^0-9\n.!?]{{0,32}}(?P<it>[0-9]{{3}}[ -][0-9]{{3}}|[0-9]{{4,8}})(?:$|[^0-9])"))
});

/// Words of promotions and of the post, whose codes are everybody’s.
static PROMOTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&any_of(&[
        "промо",
        "割引",
        "クーポン",
        "할인",
        "쿠폰",
        "ส่วนลด",
        "خصم",
        "הנחה",
        "कूपन",
        "优惠",
        "折扣",
        "почтов",
        "郵便",
        "우편",
        "邮政",
    ]))
});

pub(super) fn codes(reading: &Reading) -> Vec<Found> {
    let is_year = |it: &str| it.len() == 4 && (it.starts_with("19") || it.starts_with("20"));
    let latin =
        reading.all(&CODE, Personal::Code, |r, c| !ends_with_one_of(r.before(c), EVERYBODYS) && !is_year(&c["it"]));
    let elsewhere = reading.all(&CODE_ELSEWHERE, Personal::Code, |r, c| {
        !PROMOTION.is_match(r.before(c)) && !PROMOTION.is_match(&c[0]) && !is_year(&c["it"])
    });
    [latin, elsewhere].concat()
}
