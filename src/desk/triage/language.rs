//! Which language a message is in. Short comments are mostly function words, so those are counted
//! first; a statistical guess is asked only for longer texts, and believed only when it is sure.

const FR: &str = " le la les un une des du de et est ce c'est ca ou je tu il elle on nous vous ils elles mon ma mes \
 votre vos notre nos que qui quoi quel quelle quels quelles dans pour avec sans sur pas ne plus tres bien merci bonjour \
 bonsoir salut svp stp combien quand comment pourquoi avez avoir etes suis sont fait faire encore toujours rien recu \
 au aux en y a-t-il est-ce qu'il j'ai j'aimerais voudrais commande livraison bjr slt cdt tjs cest jai prix dispo taille ";
const EN: &str = " the a an and is are am i you he she it we they my your our their that this these those what which who \
 how when where why do does did not don't doesn't can could would will have has had with without for of to in on at from \
 by please thanks thank hello hi hey still any some much many there here i'm it's i've you're order delivery parcel love \
 get got buy price size ship shipping u pls plz ";

/// The language of a text as ISO 639-1, or nothing when it does not say.
pub fn of(text: &str) -> Option<&'static str> {
    let folded = crate::base::text::fold(text).text;
    let (mut fr, mut en) = (0_u32, 0_u32);
    for word in folded.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '-'))).filter(|w| !w.is_empty()) {
        let elided = word
            .split_once('\'')
            .filter(|(head, _)| matches!(*head, "l" | "d" | "j" | "qu" | "n" | "s" | "m" | "t" | "c"));
        let padded = format!(" {word} ");
        fr += u32::from(elided.is_some()) * 2 + u32::from(FR.contains(&padded));
        en += u32::from(EN.contains(&padded));
    }
    let accents = text.chars().filter(|c| matches!(c, 'é' | 'è' | 'ê' | 'à' | 'ç' | 'ù' | 'œ')).count();
    fr += u32::try_from(accents.min(2)).unwrap_or(2);
    if fr > en {
        return Some("fr");
    }
    if en > fr {
        return Some("en");
    }
    let sure =
        |g: &whatlang::Info| g.script() != whatlang::Script::Latin || (g.is_reliable() && text.chars().count() >= 20);
    iso(whatlang::detect(text).filter(sure)?.lang())
}

/// The two-letter code of the languages whatlang is right about most often.
fn iso(lang: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang;
    Some(match lang {
        Lang::Fra => "fr",
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Spa => "es",
        Lang::Ita => "it",
        Lang::Por => "pt",
        Lang::Nld => "nl",
        Lang::Pol => "pl",
        Lang::Ara => "ar",
        Lang::Rus => "ru",
        Lang::Tur => "tr",
        Lang::Heb => "he",
        Lang::Jpn => "ja",
        Lang::Cmn => "zh",
        Lang::Kor => "ko",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn short_comments_are_told_apart() {
        for (text, lang) in [
            ("Combien coûte la gourde ?", "fr"),
            ("bjr c dispo en bleu svp", "fr"),
            ("J'ai toujours rien reçu", "fr"),
            ("How much is the bottle?", "en"),
            ("do you ship to Ireland", "en"),
            ("still waiting for my order", "en"),
            ("Wie lange dauert die Lieferung nach Österreich, bitte?", "de"),
            ("مرحبا، هل الزجاجة مناسبة للمشروبات الساخنة؟", "ar"),
        ] {
            assert_eq!(of(text), Some(lang), "{text}");
        }
        assert_eq!(of("❤️❤️"), None);
        assert_eq!(of("AB-48213"), None);
    }
}
