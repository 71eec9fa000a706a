# L’atelier du robot.
place-bot = Robot
bot-studio = Studio du robot
bot-tab-rules = Règles et FAQ
bot-phrases = { $n ->
    [one] 1 formulation
   *[other] { $n } formulations
}
bot-no-rules = Aucune réponse n’a encore de formulations.
