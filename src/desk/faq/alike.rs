//! Words that customers use for the same thing, so that an example with one of them is also met by
//! the others, a little less surely.

use std::collections::HashMap;

use frostem::Stemmer;

use super::normal::Tongue;

/// English, a meaning a line. A word in two lines has the first meaning.
const ENGLISH: &str = "\
price cost costs pricing rate rates charge charged fee fees expensive cheap cheaper costly
discount discounts offer offers promo promotion promotions coupon coupons voucher vouchers deal deals rebate sale sales
deliver delivery delivered ship shipping shipped shipment dispatch dispatched courier
parcel package pkg
order orders ordered purchase purchased purchasing buy buying bought
refund refunded reimburse reimbursed reimbursement moneyback
return returns returned returning
exchange exchanged replace replaced replacement swap
cancel cancelled canceled cancellation
pay paying paid payment payments
instalment instalments installment installments emi monthly
shop shops store stores outlet outlets showroom showrooms dealer dealers distributor distributors retailer retailers reseller
hours timing timings opening
size sizes sizing dimension dimensions measurement measurements
custom customize customise customized customised customization customisation bespoke personalise personalised
available availability stock instock
broken damaged defective faulty cracked torn ripped broke
warranty guarantee guaranteed
account profile
login logon signin logged signon
password passcode
contact call phone telephone ring
email mail
talk speak chat
problem problems issue issues trouble troubles
help assist assistance support
show display view see
difference differences different differ compare comparison vs versus
change modify update edit alter amend
track tracking trace status whereabouts
late delay delayed overdue slow
receive received receiving get getting got arrive arrived arriving
lost missing misplaced stolen
pincode zipcode postcode zip
location located address addresses
cash cod
card cards
trial test try
invoice invoices receipt receipts bill bills
job jobs career careers hiring vacancy vacancies recruitment
feature features detail details specification specifications specs characteristics
quality
color colour colors colours
gift present
subscription subscribe subscribed membership
unsubscribe optout
fast quick quickly urgent asap soon
begin start started
stop end ended terminate
create open
delete remove erase
transfer transfers transferred
top topup recharge
bank banks
country countries abroad international overseas
currency currencies
verify verification identity identify
fail failed failing declined rejected refused
wrong incorrect mistake mistaken error
again resend
want need wish
tell know inform
";

/// French, likewise.
const FRENCH: &str = "\
prix tarif tarifs cout couts coute coutent cher chers chere cheres montant combien
remise remises reduction reductions promo promos promotion promotions rabais solde soldes offre offres code codes
livraison livraisons livrer livre livree livres expedition expedier expedie expediee envoi acheminement
colis paquet paquets
commande commandes commander achat achats acheter achete
remboursement remboursements rembourser rembourse rembourses
retour retours retourner renvoyer renvoi
echange echanger remplacer remplacement
annuler annulation annule annulee
payer paiement paiements paye regler reglement
mensualite mensualites echeance echeances credit
magasin magasins boutique boutiques revendeur revendeurs
horaires horaire heures ouverture ouvert ouverte ouverts ouvertes ferme fermes fermeture
taille tailles dimension dimensions mesure mesures pointure pointures
disponible disponibles disponibilite stock stocks rupture dispo
casse cassee casses abime abimee defectueux defectueuse endommage endommagee fissure fele
garantie garanties garanti
compte comptes profil
connexion connecter identifiant identifiants
contacter joindre appeler telephone telephoner
courriel courriels mail mails email
parler discuter
probleme problemes souci soucis
aide aider assistance
difference differences comparer comparaison
modifier modification changer changement corriger
suivre suivi localiser
retard retards tarde tardive
recevoir recu recue reception arriver arrive arrivee
perdu perdue egare egaree vole volee
adresse adresses
facture factures recu justificatif justificatifs
emploi emplois recrutement recruter recrutez embauche candidature candidatures postuler poste postes
cadeau cadeaux
abonnement abonner abonne
desabonner desinscrire desinscription
vite rapide rapidement urgent
erreur erreurs faux fausse
demande demander
inscription inscrire
dossier dossiers
delai delais
";

/// The number of a meaning.
pub type Meaning = u16;

/// The meaning of each word of a language, by its stem.
pub fn meanings(tongue: Tongue, stemmer: &Stemmer) -> HashMap<String, Meaning> {
    let all = match tongue {
        Tongue::French => FRENCH,
        Tongue::English => ENGLISH,
    };
    let mut by_stem = HashMap::new();
    for (meaning, words) in (0..).zip(all.lines()) {
        for word in words.split_whitespace() {
            by_stem.entry(stemmer.stem(word).into_owned()).or_insert(meaning);
        }
    }
    by_stem
}
