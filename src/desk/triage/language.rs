//! Which language a message is in. Short comments are mostly function words, so those are counted
//! first; a statistical guess is asked only for longer texts, and believed only when it is sure.

/// Words that are common in one language and rare in the others, accents folded.
const WORDS: [(&str, &str); 7] = [
    (
        "fr",
        " le la les un une des du de et est ce c'est ca ou je tu il elle on nous vous ils elles mon ma mes \
 votre vos notre nos que qui quoi quel quelle quels quelles dans pour avec sans sur pas ne plus tres bien merci bonjour \
 bonsoir salut svp stp combien quand comment pourquoi avez avoir etes suis sont fait faire encore toujours rien recu \
 au aux en y a-t-il est-ce qu'il j'ai j'aimerais voudrais commande livraison bjr slt cdt tjs cest jai prix dispo taille \
 trop tout tous toute tres jamais aussi mais donc comme meme ici hier demain aujourd'hui peut peux veux veut vais va depuis apres avant chez \
 mois semaine semaines jours jour heure heures euros gratuit gratuite colis rembourse remboursement arnaque honte nul service client magasin \
 joyeux noel tous vivement bravo miam genial super fuyez acheter achetez vente compte banque voiture maison enfant enfants cette ces cet son sa ses \
 leur leurs leurs lui moi toi etait sera serait ete faut doit dois savoir cher chere cherche besoin probleme soucis facture carte ligne abonnement \
 vrmt mtn bcp jsuis jveux chui ptn mdr ptdr dsl ",
    ),
    (
        "en",
        " the a an and is are am i you he she it we they my your our their that this these those what which who \
 how when where why do does did not don't doesn't can could would will have has had with without for of to in on at from \
 by please thanks thank hello hi hey still any some much many there here i'm it's i've you're order delivery parcel love \
 get got buy price size ship shipping u pls plz be been was were just me him her them his its if so but or as about after before all again \
 worst best ever customer service never always refund cancel card account bank free money work working works need want like help good bad great \
 scam avoid total away stay yes yum week weeks month months day days today tomorrow yesterday online loan quick cheap mattress appalling interesting \
 available cash offer discount difference between which sizes product problem issue broken late time only very really too more than then now new no one \
 happy christmas friday sorry wrong missing back out up down off over made make why's wanna gonna lol omg dont cant im ive ur ",
    ),
    (
        "de",
        " der die das ein eine einen und ist ich nicht wir sie ihr mein meine wie wo wann warum auf fur mit von zu dem den im \
 aber auch noch bitte danke hallo guten tag bestellung lieferung paket wurde habe haben kann kein keine sehr geld ",
    ),
    (
        "es",
        " el los las una unos y es yo tu mi mis su sus que como cuando donde por para con sin pero muy mas gracias hola \
 buenos dias pedido envio no me ha se lo al del esta estoy tengo quiero puedo cuanto cuesta dinero ",
    ),
    (
        "it",
        " il lo gli una uno e di che non per con sono mio mia come quando dove perche ma molto piu grazie ciao buongiorno \
 ordine spedizione della del ho ha mi si questo questa quanto costa vorrei soldi ",
    ),
    (
        "pt",
        " o os as um uma e de que nao para com sem meu minha como quando onde mas muito mais obrigado obrigada ola bom dia \
 pedido entrega voce voces eu estou tenho quero posso quanto custa dinheiro ",
    ),
    (
        "nl",
        " de het een en is ik niet wij zij mijn jouw hoe waar wanneer waarom op voor met van naar maar ook nog bedankt \
 hallo bestelling levering pakket heb heeft kan geen zeer geld wat dit dat ",
    ),
];

/// The language of a text as ISO 639-1, or nothing when it does not say.
pub fn of(text: &str) -> Option<&'static str> {
    let folded = crate::base::text::fold(text).text;
    let mut counts = WORDS.map(|_| 0_u32);
    for word in folded.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '-'))).filter(|w| !w.is_empty()) {
        let padded = format!(" {word} ");
        for (count, (_, words)) in counts.iter_mut().zip(WORDS) {
            *count += u32::from(words.contains(&padded));
        }
        let elided = word
            .split_once('\'')
            .filter(|(head, _)| matches!(*head, "l" | "d" | "j" | "qu" | "n" | "s" | "m" | "t" | "c"));
        counts[0] += u32::from(elided.is_some()) * 2;
    }
    let accents = text.chars().filter(|c| matches!(c, 'é' | 'è' | 'ê' | 'à' | 'ç' | 'ù' | 'œ')).count();
    let told: u32 = counts.iter().sum();
    counts[0] += u32::try_from(accents.min(if told == 0 { 1 } else { 2 })).unwrap_or(2);
    let most = counts.iter().copied().max().unwrap_or(0);
    let mut first = WORDS.iter().zip(counts).filter(|(_, n)| *n == most).map(|((l, _), _)| *l);
    if most > 0
        && let (Some(language), None) = (first.next(), first.next())
    {
        return Some(language);
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
