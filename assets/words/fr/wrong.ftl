# Ce qui ne va pas dans un fichier de réponses types.
wrong-no-tests = elle peut servir au robot et n’a pas de tests
wrong-title-missing =
    il manque le titre en { $language ->
        [fr] français
       *[other] anglais
    }
wrong-no-examples =
    il n’y a pas d’exemples en { $language ->
        [fr] français
       *[other] anglais
    }
wrong-text-missing =
    il manque le texte « { $name } » en { $language ->
        [fr] français
       *[other] anglais
    }
wrong-no-text = elle n’a aucun texte
wrong-step-says-nothing = une étape dit le texte « { $name } », qui n’existe pas
wrong-slot-asks-nothing = « { $slot } » se demande avec le texte « { $name } », qui n’existe pas
wrong-slot-asks-again = « { $slot } » se redemande avec « { $name } », qui n’existe pas
wrong-slot-pattern = le motif de « { $slot } » n’en est pas un, ou il est trop grand
wrong-step-needs-nothing = une étape a besoin de « { $need } », que rien ne demande
wrong-unknown-name = personne ne connaît « { $name } »
wrong-personal-name = « { $name } » est personnel, et tout le monde peut lire ce texte
wrong-personal-words = « { $words } » ressemble à une donnée personnelle, et tout le monde peut lire ce texte
wrong-too-long =
    « { $name } » en { $language ->
        [fr] français
       *[other] anglais
    } compte { $n } caractères, { $network } en accepte { $most }
wrong-keeps-out = « { $word } » écarte l’exemple « { $example } »
wrong-none-of-words = aucun des mots demandés n’est dans l’exemple « { $example } »
wrong-same-id = { $other } a le même id
wrong-same-shortcut = { $other } a le même raccourci
wrong-same-example = l’exemple « { $example } » est aussi dans { $other }
wrong-slot-never-asked = aucune étape n’a besoin de « { $name } » : ce n’est jamais demandé
wrong-slot-tries = « { $name } » se demande de 1 à 4 fois
wrong-unknown-team = « { $team } » n’est pas une équipe de départ d’une marque : support, sales, community
wrong-label = « { $label } » n’est pas une étiquette : de 1 à 60 caractères
wrong-no-review = personne n’est invité à la relire : il manque review_by
wrong-asked-in-public = « { $what } » serait demandé en public : dites-y d’abord quelque chose
wrong-never-reached = on n’arrive jamais à « { $what } » : « { $text } » se dit avant, et un texte à la fois
wrong-never-said = « { $name } » ne se dit jamais : « { $first } » se dit avant
wrong-nobody-tells = personne ne donne « { $name } » : aucune étape n’interroge de connecteur
wrong-one-persons = « { $name } » concerne une seule personne, et tout le monde lit ce texte
wrong-near-miss = le contre-exemple « { $text } » s’en approche beaucoup
wrong-hijacked = sans cet exemple, « { $text } » trouve { $other } ({ $theirs }) avant sa propre fiche ({ $mine })
wrong-file-name = une fiche est un fichier DOSSIER/NOM.md
wrong-no-block = le fichier commence par un bloc entre deux lignes +++
wrong-block = ce qui est entre les +++ ne se lit pas : { $detail }
wrong-id = l’id est « { $id } », le fichier s’appelle « { $file } »
wrong-twice = « { $name } » est ici une deuxième fois pour le même réseau
wrong-no-words = « { $name } » est vide
wrong-no-language = un texte se place sous une langue : ## fr ou ## en
wrong-section = « { $name } » n’est pas une section : fr, en ou tests
wrong-no-heading = ceci n’est sous aucun titre
wrong-conv-open = le bloc conv ne se termine pas : il manque ~~~
wrong-conv-text = après < vient le nom d’un texte
wrong-conv-outcome = après = vient silence, handoff, suggest:FICHE ou not:FICHE
wrong-conv-connector = après ! vient : connector NOM = {"{"} valeur = "…" {"}"}, ou connector NOM = false
wrong-conv-mark = une ligne de test commence par > < = ! @ ou #, pas par { $mark }
wrong-default = default prend un texte entre guillemets droits
wrong-not-allowed = { $what } n’est pas permis ici : un texte contient des noms, un default et des if
wrong-template = ce texte ne se lit pas : { $detail }
wrong-lock = { $detail }
wrong-no-entry = il n’y a pas de fiche { $entry }
wrong-no-such-text = ce texte n’existe pas
wrong-own-already = ce réseau a déjà un texte à lui
wrong-heading = une ligne de ce texte se lirait comme un titre
wrong-by-hand = les listes de ce fichier sont écrites d’une façon que seul un éditeur de texte peut changer
