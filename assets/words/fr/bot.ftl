# Les preuves du robot, et son rapport.
proof-ready-title = Prêtes à répondre seules
proof-ready-why = Ce que vos collègues ont fait des propositions du robot le permet. Rien ne s’ouvre tout seul : une personne qui administre la marque décide.
proof-carried = { $right } des { $of } messages jugés avaient la bonne fiche ({ $sent } réponses envoyées telles quelles) : au moins { $least } % juste, à partir d’un score de { $score }.
proof-gathering = { $right } des { $of } messages jugés avaient la bonne fiche ({ $sent } réponses envoyées telles quelles) : au moins { $least } %. Il faut { $aim } % ; sans aucune erreur, { $fewest } messages jugés suffisent.
proof-gathering-title = { $n ->
    [one] Une fiche rassemble encore des preuves
   *[other] { $n } fiches rassemblent encore des preuves
}
proof-language = { $language } : { $right } sur { $of }
proof-open-private = Laisser répondre en privé
proof-open-public = Laisser répondre en public
proof-anew = Reprendre le nouveau seuil
proof-closed-title = Refermées par le frein
proof-closed-why = Deux corrections parmi les vingt dernières réponses automatiques ramènent une fiche à « suggère », aussitôt.
proof-closed = Le { $when } : { $corrected } corrections parmi { $answers } réponses automatiques.
why-evidence = Seuil fondé sur { $of } messages jugés, dont { $right } justes : au moins { $least } %.
judge-offered = Le robot proposait « { $entry } »
judge-said = Le robot a répondu avec « { $entry } »
judge-right = C’était la bonne fiche
judge-wrong = Ce n’était pas la bonne
judged-not-yet = Juste ?
judged-sent = envoyé tel quel
judged-edited = envoyé avec des retouches
judged-another = une autre fiche a été choisie
judged-own-words = répondu autrement
judged-not-useful = jugé inutile
judged-corrected = corrigé
judged-right = confirmé juste
judged-wrong = déclaré faux
judged-alone = répondu sans le robot
said-judged = Noté : cela compte pour les preuves du robot.
report-title = Rapport du robot
report-time = Période
report-networks = Réseau
report-languages = Langue
report-all-network = Tous les réseaux
report-all-language = Toutes les langues
report-language-unknown = langue inconnue
report-days = { $n } jours
report-sum = En tout
report-answered = Répondu
report-suggested = Proposé
report-handed-over = Main passée
report-silent = Muet
report-corrected = Corrigé
report-right = Juste
report-of-all = { $percent } % des messages
report-of-answers = { $n ->
    [one] sur une réponse automatique
   *[other] sur { $n } réponses automatiques
}
report-few-short = { $n ->
    [one] un seul jugé
   *[other] { $n } jugés
}
report-few = { $n } jugés : moins de { $few }, trop peu pour un chiffre
report-between = entre { $low } et { $high } % ({ $right } sur { $of } jugés)
percent = { $n } %
report-gaps = Ce que coûtent les manques
report-gap = { $n ->
    [one] Une personne a répondu à une question pour laquelle le robot n’avait rien, après { $median }.
   *[other] Des personnes ont répondu à { $n } questions pour lesquelles le robot n’avait rien ; la moitié a attendu plus de { $median }. En tout, vos clients y ont attendu environ { $cost }.
}
report-gap-how = Du message à la première réponse d’une personne : la médiane, multipliée par le nombre.
report-see = Voir ces conversations
report-by-day = Jour par jour
report-by-week = Semaine par semaine
report-day = Jour
report-week = Semaine du
report-by-entry = Par fiche
report-by-network = Par réseau
report-by-language = Par langue
report-empty = Le robot n’a rien lu pendant cette période.
report-how = « Juste » compte les propositions et réponses jugées : par ce que vos collègues en ont fait, par un bouton, ou par une journée sans objection après une réponse automatique. L’intervalle est celui de Wilson, à 95 %.
report-list = Conversations
report-none = Aucune conversation.
report-more = Plus anciennes
report-score = score { $n }
report-did-answered = Le robot a répondu
report-did-suggested = Le robot a proposé
report-did-handed-over = Le robot a passé la main
report-did-silent = Le robot s’est tu
report-came-right = juste
report-came-wrong = faux ou corrigé
report-came-alone = une personne a répondu seule
report-came-open = pas encore jugé
# Le modèle extérieur.
settings-assist = Modèle extérieur
assist-title = Modèle extérieur
assist-why = Un service de votre choix, qui parle comme « /chat/completions », peut aider vos agents quand ils le demandent. Guichet est complet sans lui. Il ne répond jamais à personne, ne choisit jamais seul, et n’est appelé que sur un bouton.
assist-leaves = Ce qui part d’ici : le dernier message du client, sans ce qui ressemble à des données personnelles, le nom de la marque et les textes des fiches proposées. Ce qui revient passe les mêmes contrôles que tout texte, puis un agent le lit.
assist-may = Ce qu’il peut faire
assist-may-off = Rien
assist-may-choose = Choisir parmi les fiches proposées ; le texte reste celui de la bibliothèque
assist-may-draft = Écrire un brouillon pour l’agent
assist-address = Adresse, sans « /chat/completions »
assist-model = Nom du modèle
assist-key = Clé
assist-key-kept = Une clé est gardée, scellée. Laissez vide pour la garder ; une autre adresse la fait oublier.
assist-key-none = Aucune clé n’est gardée.
assist-save = Enregistrer
assist-saved = Enregistré.
assist-draft = Proposer un brouillon
assist-choose = Demander quelle fiche
assist-drafted = Brouillon d’un modèle extérieur ({ $model }) : relisez tout, il peut se tromper.
assist-chose = Fiche choisie par un modèle extérieur ({ $model }) ; le texte est le vôtre.
assist-unfit-form = la réponse n’a pas la forme demandée
assist-unfit-entry = il a choisi ce qui n’était pas proposé
assist-unfit-nothing = rien ne convient
assist-unfit-long = la réponse est trop longue
assist-unfit-link = elle contient un lien qui n’est pas le vôtre
assist-unfit-personal = elle contient ce qui ressemble à des données personnelles
assist-unfit-placeholder = elle contient un champ à remplir
did-assist = { $who } a interrogé le modèle extérieur
