# Ce que le robot apprend des personnes : questions manquées, couverture.
bot-tab-missed = Questions manquées
bot-tab-coverage = Couverture
missed-head = { $n ->
    [0] Questions manquées
    [one] Un sujet manqué
   *[other] { $n } sujets manqués
}
missed-made = { $n ->
    [0] Regardé le { $when }, cinq semaines en arrière.
    [one] Une question sans bonne réponse en cinq semaines, regardée le { $when }.
   *[other] { $n } questions sans bonne réponse en cinq semaines, regardées le { $when }.
}
missed-capped = Il y en avait davantage : seules les plus récentes sont comptées.
missed-not-yet = Rien n’a encore été regardé.
missed-first = Le premier regard se fait en arrière-plan, revenez dans une minute.
missed-nothing = Rien n’a été manqué en cinq semaines : aucune question n’est revenue assez souvent sans réponse.
missed-again = Regarder à nouveau
missed-waits = En cours, actualiser
missed-questions = { $n ->
    [one] { $n } question
   *[other] { $n } questions
}
missed-saves = { $n ->
    [one] { $n } réponse épargnée
   *[other] { $n } réponses épargnées
}
missed-would-save = { $n ->
    [one] Une réponse type aurait épargné { $n } réponse écrite à la main en cinq semaines.
   *[other] Une réponse type aurait épargné { $n } réponses écrites à la main en cinq semaines.
}
missed-week = { $n } cette semaine
missed-weeks = Questions par semaine, la plus récente en dernier : { $list }
trend-new = nouveau
trend-up = en hausse
trend-same = stable
trend-down = en baisse
missed-pick = Choisissez un sujet pour voir les questions, ce qui a été répondu et ce que l’on peut en faire.
missed-all = Tous les sujets
missed-only-writers = Les community managers, responsables et administrateurs décident de la suite.
missed-make = Nouvelle réponse type
missed-make-why = Les formulations et la réponse la plus donnée sont déjà remplies.
missed-make-act = En faire une réponse type
missed-attach = Ajouter à une réponse type
missed-attach-to = Réponse type
missed-attach-act = Ajouter ces formulations
missed-near = La plus proche : { $title }.
missed-phrases = Formulations qui seront ajoutées
missed-phrases-in-fr = En français, une par ligne
missed-phrases-in-en = En anglais, une par ligne
missed-other-language = Les réponses types sont écrites en français et en anglais ; ces questions sont dans une autre langue.
missed-never = Ne jamais répondre
missed-ignore = Ignorer
missed-answers = Ce qui a été répondu
missed-alike = { $alike } réponses sur { $given } disent la même chose.
missed-no-answers = Personne n’a encore répondu à ces questions.
missed-examples = Les questions
missed-page-before = Précédentes
missed-page-next = Suivantes
missed-decided = { $n ->
    [one] Une décision prise
   *[other] { $n } décisions prises
}
missed-take-back = Revenir dessus
chosen-entry = devenu une réponse type
chosen-attached = ajouté à une réponse type
chosen-never = jamais de réponse automatique
chosen-ignored = ignoré
missed-said-entry = La réponse type est dans le brouillon du robot : rejouez-le, puis publiez-le.
missed-said-attached = Les formulations sont ajoutées au brouillon du robot : rejouez-le, puis publiez-le.
missed-said-never = Le robot se tait sur ce sujet.
missed-said-ignored = Ignoré, et ne reviendra pas.
missed-said-asked = Le regard est lancé, il se fait en arrière-plan.
missed-said-back = La décision est annulée, le sujet reviendra au prochain regard.
missed-said-accepted = La proposition est dans le brouillon du robot : rejouez-le, puis publiez-le.
missed-said-declined = La proposition est écartée.
missed-said-proposed = Votre proposition attend une décision.
proposals = Propositions des collègues
proposal-somebody = Quelqu’un
proposal-look = Examiner
proposal-decline = Écarter
make-canned = En faire une réponse type
entry-of-cluster = Nouvelle réponse type, des questions manquées
entry-of-reply = Nouvelle réponse type, d’une réponse envoyée
entry-proposed = Réponse type proposée
entry-why = Relisez, complétez l’autre langue, enregistrez. La réponse commence en suggestion : le robot ne l’envoie pas seul.
entry-why-propose = Relisez et complétez l’autre langue. Une personne qui écrit la bibliothèque décidera.
entry-folder = Dossier
entry-name = Nom du fichier
entry-title-fr = Titre en français
entry-title-en = Titre en anglais
entry-examples-fr = Formulations en français, une par ligne
entry-examples-en = Formulations en anglais, une par ligne
entry-answer-fr = Réponse en français
entry-answer-en = Réponse en anglais
entry-holes = Les noms et numéros ont été remplacés. Ce qui n’a pas de champ prévu ({"{{ phone }}"}, {"{{ email }}"}…) est à réécrire avant d’enregistrer.
entry-never = Le robot se tait toujours sur ce sujet ; les agents gardent le texte
entry-save = Enregistrer
entry-propose = Proposer
fate-asked = Questions
fate-known = Avec réponse type
fate-unknown = Sans réponse type
fate-suggested = Suggérées
fate-answered = Répondues par le robot
fate-deflected = Réglées par le robot
coverage-choose = Choisir ce qui est compté
coverage-days = Période
coverage-last-days = { $n } derniers jours
coverage-by-folder = Dossier
coverage-by-channel = Canal
coverage-by-language = Langue
coverage-all-channels = Tous les canaux
coverage-all-languages = Toutes les langues
coverage-no-entry = Sans réponse type
coverage-no-language = inconnue
coverage-show = Afficher
coverage-means = Une question est un message auquel le robot a réfléchi, hors réclamations, menaces et spam. « Réglée » : le robot a répondu, personne d’ici n’a écrit dans les 48 heures, et ni la même question ni un conseiller n’ont été demandés.
coverage-nothing = Aucune question sur cette période.
coverage-overdue = Réponses à relire
coverage-since = depuis le { $day }
coverage-none-overdue = Aucune réponse n’attend d’être relue.
coverage-idle = Réponses que personne ne demande
coverage-none-idle = Chaque réponse du robot a été demandée.
coverage-no-questions = Aucune question derrière ce chiffre.
folder-account = Compte
folder-availability = Disponibilité
folder-care = Entretien
folder-complaints = Réclamations
folder-delivery = Livraison
folder-greetings = Échanges courants
folder-hours = Horaires et contact
folder-jobs = Emploi
folder-partners = Partenariats
folder-payment = Paiement
folder-press = Presse
folder-prices = Prix et devis
folder-returns = Retours et garantie
folder-sizes = Tailles et produits
folder-thanks = Remerciements
