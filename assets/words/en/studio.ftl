# The bot’s studio.
place-bot = Bot
bot-studio = Bot studio
bot-tab-rules = Rules & FAQ
bot-phrases = { $n ->
    [one] 1 phrase
   *[other] { $n } phrases
}
bot-no-rules = No reply has phrases yet.
