//! Names for those who come after everybody of the play has spoken.

use crate::base::Lang;

const FIRST: [&[&str]; 2] = [
    &[
        "Adèle",
        "Baptiste",
        "Clémence",
        "Dorian",
        "Élise",
        "Farid",
        "Gaëlle",
        "Hélène",
        "Ibrahim",
        "Jeanne",
        "Kenza",
        "Loïc",
        "Mathilde",
        "Noémie",
        "Océane",
        "Pascal",
        "Quentin",
        "Romane",
        "Samir",
        "Tiphaine",
        "Ugo",
        "Valérie",
        "Wendy",
        "Yasmine",
        "Zoé",
        "Amandine",
        "Bruno",
        "Cyril",
        "Delphine",
        "Fatou",
    ],
    &[
        "Abigail", "Brendan", "Carys", "Declan", "Eleanor", "Fergus", "Georgia", "Harriet", "Imogen", "Jack", "Keira",
        "Liam", "Megan", "Nathan", "Orla", "Poppy", "Quinn", "Rory", "Sophie", "Tom", "Una", "Vincent", "Will", "Zara",
    ],
];

const LAST: [&[&str]; 2] = [
    &[
        "Arnaud",
        "Bertin",
        "Chevalier",
        "Delmas",
        "Etienne",
        "Fontaine",
        "Guérin",
        "Hamdi",
        "Imbert",
        "Jacquet",
        "Kermarrec",
        "Lacombe",
        "Maillard",
        "Nguyen",
        "Ollivier",
        "Perrot",
        "Rey",
        "Sanchez",
        "Tessier",
        "Vasseur",
        "Weber",
        "Zidi",
    ],
    &[
        "Ashford", "Bennett", "Crawley", "Doyle", "Ellis", "Fletcher", "Grant", "Hughes", "Irving", "Jennings",
        "Kendrick", "Lowe", "Murphy", "Norris", "Osborne", "Parker", "Reid", "Sheridan", "Thornton", "Webb",
    ],
];

/// One of many names of a language, by a number.
pub fn name(lang: Lang, number: usize) -> String {
    let of = usize::from(lang == Lang::En);
    let (first, last) = (FIRST[of], LAST[of]);
    format!("{} {}", first[number % first.len()], last[(number / first.len()) % last.len()])
}
