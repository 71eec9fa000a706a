strip = Démonstration
strip-says = Tout le monde ici est inventé ; rien ne quitte cette machine.
strip-pause = Mettre en pause
strip-resume = Reprendre
strip-speed = Vitesse
strip-times = Vitesse { $n }
