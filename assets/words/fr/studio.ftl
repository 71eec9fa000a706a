# Le studio du robot.
place-bot = Robot
bot-studio = Studio du robot
bot-tab-rules = Règles et FAQ
bot-tab-replay = Rejeu
bot-tab-versions = Versions
bot-tab-report = Rapport
bot-live = v{ $n } en ligne
bot-live-for = v{ $n } en ligne depuis { $since }
bot-back-to = Revenir à v{ $n }
bot-publish-n = Publier v{ $n }
bot-trial-tenth = v{ $n } répond dans une conversation sur dix, jusqu’au { $until }.
bot-trial-shadow = v{ $n } écoute dans l’ombre, jusqu’au { $until } : rien n’en sort.
bot-trial-over = L’essai de v{ $n } est terminé : v{ $live } répond partout, jusqu’à ce que quelqu’un publie pour tous.
bot-trial-figures = Voir les chiffres
bot-find = Chercher une règle
bot-hits-30 = réponses, 30 j
bot-phrases = { $n ->
    [one] 1 formulation
   *[other] { $n } formulations
}
bot-no-rules = Aucune réponse n’a encore de formulations.
bot-no-such-rule = Aucune règle ne correspond.
bot-starter = Partir des réponses fournies
bot-new-rule = Nouvelle règle
bot-proposals = Modifications proposées
bot-proposal-done = C’est traité
bot-what-added = nouvelle
bot-what-changed = modifiée
bot-what-removed = à retirer
bot-kind-answer = répond
bot-kind-collect = recueille, puis passe la main
bot-kind-escalate = transmet
bot-kind-never = ne répond jamais
bot-said-proposed = Proposition notée.
bot-said-dropped = Le brouillon ne change plus cette règle.
bot-said-drafted = Enregistré dans le brouillon. Rien n’est publié.
bot-said-published = C’est publié.
bot-said-back = Retour effectué. La version choisie répond à nouveau.
bot-does-answer = répond
bot-does-suggest = propose
bot-does-silent = aucune réponse
bot-does-handoff = passe à une personne
bot-replay-of = Brouillon v{ $draft } comparé à v{ $live } en ligne
bot-replay-told = { $n } messages réels rejoués, du { $from } au { $to }, en { $seconds } s. Rien n’a été envoyé.
bot-replay-running = { $done } sur { $most } messages rejoués ; ce qui est trouvé se lit déjà.
bot-replay-nobody = Aucun message de cet échantillon.
bot-replay-cancelled = Le rejeu a été interrompu.
bot-replay-old = Le brouillon ou la version en ligne ont changé depuis : rejouez.
bot-replay-never = Pas encore rejoué. Rien ne sera envoyé.
bot-replay-invite = Rejouez les derniers messages réels pour voir ce que le brouillon changerait.
bot-replay-go = Rejouer
bot-replay-cancel = Interrompre
bot-refresh = Actualiser
bot-replay-share = { $n } changent, { $share } %
bot-sample = Échantillon
bot-sample-last = Combien de messages, les derniers d’abord
bot-sample-days = Des derniers jours seulement
bot-sample-network = Réseau
bot-sample-language = Langue
bot-any = Toutes et tous
bot-lang-fr = Français
bot-lang-en = Anglais
bot-lang-told = Langue reconnue
bot-bucket-all = Tout
bot-buckets-regression = Régressions
bot-buckets-escalated = Transférées
bot-buckets-changed = Modifiées
bot-buckets-new = Nouvelles
bot-buckets-unchanged = Identiques
bot-bucket-regression = Régression
bot-bucket-escalated = Transférée
bot-bucket-changed = Modifiée
bot-bucket-new = Nouvelle
bot-bucket-unchanged = Identique
bot-by-risk = Triées par risque · { $reviewed } revues sur { $n }
bot-key-move = parcourir
bot-better = v{ $n } est mieux
bot-was-better = v{ $n } était mieux
bot-changed-messages = Messages dont le traitement change
bot-more-rows = { $n ->
    [one] Et 1 autre.
   *[other] Et { $n } autres.
}
bot-none-here = Aucun message de cette sorte.
bot-nothing-changes = Aucun message ne serait traité autrement.
bot-no-draft = Le brouillon ne change rien : tout est comme en ligne.
bot-detail = Détail du message
bot-blocked = Publication bloquée :
bot-ready = Prêt à publier
bot-missing-nothing = rien à publier
bot-missing-stale = { $n ->
    [one] 1 règle a changé en ligne entre-temps : relisez-la et enregistrez-la
   *[other] { $n } règles ont changé en ligne entre-temps : relisez-les et enregistrez-les
}
bot-missing-lint = { $n ->
    [one] 1 erreur dans les fichiers
   *[other] { $n } erreurs dans les fichiers
}
bot-missing-tests = { $n ->
    [one] 1 essai échoue
   *[other] { $n } essais échouent
}
bot-came-text = le texte « { $name } » de « { $what } »
bot-came-with = le texte « { $name } » avec { $what }
bot-came-entry = « { $what } »
bot-came-not = tout sauf « { $what } »
bot-came-silence = le silence
bot-came-person = une personne
bot-came-differs = attendu { $expected }, obtenu { $got }
bot-failed-line = « { $said } » : { $words }
bot-withdraw-test = Retirer ce verdict
bot-missing-replay = ce brouillon n’a pas été rejoué
bot-missing-verdicts = { $n ->
    [one] 1 régression à revoir
   *[other] { $n } régressions à revoir
}
bot-missing-wrong = { $n ->
    [one] 1 changement jugé mauvais reste
   *[other] { $n } changements jugés mauvais restent
}
bot-missing-second = une deuxième personne doit relire ce qui se lit en public, ou ce qui ne doit jamais être dit
bot-missing-more = { $n ->
    [one] et 1 autre point
   *[other] et { $n } autres points
}
bot-moment-first = premier message
bot-moment-person = une personne avait répondu
bot-moment-depth = deux réponses automatiques avant
bot-moment-rate = réponse automatique récente
bot-moment-machine = message automatique
bot-see-ticket = voir la conversation
bot-under-post = Sous la publication :
bot-side-live = en ligne
bot-side-draft = brouillon
bot-really-said = Réponse réelle de { $name }
bot-nobody-answered = Personne n’a répondu à ce message.
bot-why-chose = Pourquoi v{ $n } a choisi « { $title } »
bot-why-silent = Pourquoi v{ $n } se tait
bot-trace-example = formulation
bot-trace-new = ajoutée en v{ $n }
bot-trace-words = mots reconnus :
bot-trace-second = en second : { $title }
bot-trace-score = Score, seuil { $threshold }
bot-other-words = , texte modifié
bot-judged-right = validée
bot-judged-wrong = refusée
bot-to-judge = à revoir
bot-fix-near-miss = Ajouter comme « presque » de « { $title } » : { $words }
bot-fix-drop-example = Retirer de « { $title } » la formulation : { $words }
bot-fix-none-of = Exclure de « { $title } » les messages qui disent : { $words }
bot-fix-give-back = Rendre à « { $title } » la formulation : { $words }
bot-fix-let-in = Ne plus exclure de « { $title } » : { $words }
bot-fix-cost = Corrige { $mends } des { $of } régressions, fait perdre { $loses } des { $among } nouvelles réponses.
bot-fix-apply = Appliquer au brouillon et rejouer
bot-try = Essayer un message
bot-try-on = Essayer un message sur v{ $n }…
bot-try-message = Le message
bot-try-post = Sous une publication qui dit… (public)
bot-try-go = Essayer
bot-try-real = Ou un vrai message récent
bot-who-reads = Qui le lit
bot-for-two = Ce brouillon change ce qui se lit en public, ou ce qui ne doit jamais être dit : une deuxième personne le relit avant publication.
bot-agreed-by = Relu et approuvé par { $name }
bot-agree = J’ai relu, j’approuve
bot-to-whom = Pour qui
bot-reach-all = Tout le monde
bot-reach-tenth = 10 % des conversations, 24 h
bot-reach-shadow = Dans l’ombre, 24 h
bot-reach-why-all = Devient la version en ligne, tout de suite.
bot-reach-why-tenth = Toujours les mêmes conversations. Après 24 h la version en ligne reprend, tant que personne ne publie pour tous.
bot-reach-why-shadow = Décide à côté de la version en ligne, sans rien proposer ni envoyer.
bot-publish-why = Pourquoi (pour l’historique)
bot-what-changes = Ce qui change
bot-trial-of = Essai de v{ $n }
bot-trial-told = Messages comparés : { $n }. L’essai a parlé dans { $heard } d’entre eux.
bot-trial-nobody = Personne n’a encore écrit depuis le début de l’essai.
bot-heard = entendue
bot-promote = Publier v{ $n } pour tous
bot-releases = Versions publiées
bot-no-releases = Rien n’a encore été publié depuis le studio.
bot-no-why = Sans commentaire
bot-standing-live = en ligne
bot-acts = Historique
bot-did-published = v{ $n } publiée pour tous
bot-did-tried = v{ $n } publiée pour 10 %
bot-did-shadowed = v{ $n } mise dans l’ombre
bot-did-promoted = v{ $n } étendue à tous
bot-did-withdrawn = essai de v{ $n } arrêté
bot-did-rolled_back = retour à v{ $n }
bot-did-imported = v{ $n } importée depuis des fichiers
bot-beside = Comparée à v{ $n }
bot-no-differences = Rien ne diffère.
bot-more = Un texte pour un seul réseau…
bot-more-why = Par exemple plus court pour X. Les autres réseaux gardent le texte commun ; vider ce texte plus tard le retire.
bot-more-text = Texte
bot-more-network = Réseau
bot-more-language = Langue
bot-more-words = Ce qui s’y dit
bot-save-draft = Enregistrer dans le brouillon
bot-drafted-by = Dans le brouillon : modifiée par { $name }, { $at }.
bot-goes = Cette règle sera retirée à la publication.
bot-list-examples = Formulations, une par ligne
bot-list-not-examples = Presque, mais non : une par ligne
bot-list-any-of = Un de ces mots doit y être
bot-list-none-of = Aucun de ces mots
bot-text = Texte « { $name } »
bot-file = Le fichier (mode expert)
bot-drop = Abandonner ces modifications
bot-remove = Retirer la règle
bot-only-looking = Vous pouvez lire cette règle ; pour la changer, proposez.
bot-propose = Proposer une modification
bot-propose-go = Proposer
bot-about-rule = À propos de la règle
bot-in-words = En clair
bot-conflicts = Conflits et remarques
bot-in-draft = Dans le brouillon
bot-last-hits = Derniers messages reconnus
bot-no-hits = Aucun pour l’instant.
bot-history = Qui a changé quoi
bot-sentence-like = Quand un message ressemble à « { $example } » ou à d’autres des { $n } formulations,
bot-sentence-any = et contient l’un de ces mots : { $words },
bot-sentence-none = et aucun de ceux-ci : { $words },
bot-sentence-auto = { $place } : répondre seul avec le texte « { $text } », s’il est sûr.
bot-sentence-suggest = { $place } : proposer le texte « { $text } » à l’agent.
bot-sentence-off = { $place } : se taire, sans dire « { $text } ».
bot-sentence-mute = { $place } : aucun texte ; { $text }une personne répond.
bot-reading-only = Votre rôle permet de lire les règles.
