# The bot's evidence, and its report.
proof-ready-title = Ready to answer by themselves
proof-ready-why = What your colleagues made of the bot’s offers carries it. Nothing opens by itself: somebody who manages the brand decides.
proof-carried = { $right } of { $of } judged messages had the right entry ({ $sent } replies sent as they were): at least { $least } % right, from a score of { $score } on.
proof-gathering = { $right } of { $of } judged messages had the right entry ({ $sent } replies sent as they were): at least { $least } %. { $aim } % are needed; without a single mistake, { $fewest } judged messages suffice.
proof-gathering-title = { $n ->
    [one] One entry is still gathering evidence
   *[other] { $n } entries are still gathering evidence
}
proof-language = { $language }: { $right } of { $of }
proof-open-private = Let it answer in private
proof-open-public = Let it answer in public
proof-anew = Take the new threshold
proof-closed-title = Closed by the brake
proof-closed-why = Two corrections among the last twenty automatic answers put an entry back to “suggests”, at once.
proof-closed = { $when }: { $corrected } corrections among { $answers } automatic answers.
why-evidence = Threshold from { $of } judged messages, { $right } of them right: at least { $least } %.
judge-offered = The bot offered “{ $entry }”
judge-said = The bot answered with “{ $entry }”
judge-right = It was the right entry
judge-wrong = It was the wrong one
judged-not-yet = Right?
judged-sent = sent as it was
judged-edited = sent with changes
judged-another = another entry was chosen
judged-own-words = answered otherwise
judged-not-useful = judged not useful
judged-corrected = corrected
judged-right = confirmed right
judged-wrong = said to be wrong
judged-alone = answered without the bot
said-judged = Noted: it counts as evidence about the bot.
report-title = Report of the bot
report-time = Time
report-networks = Network
report-languages = Language
report-all-network = All networks
report-all-language = All languages
report-language-unknown = language unknown
report-days = { $n } days
report-sum = Altogether
report-answered = Answered
report-suggested = Suggested
report-handed-over = Handed over
report-silent = Silent
report-corrected = Corrected
report-right = Right
report-of-all = { $percent } % of messages
report-of-answers = { $n ->
    [one] of one automatic answer
   *[other] of { $n } automatic answers
}
report-few-short = { $n ->
    [one] only one judged
   *[other] { $n } judged
}
report-few = { $n } judged: fewer than { $few }, too few for a figure
report-between = between { $low } and { $high } % ({ $right } of { $of } judged)
percent = { $n } %
report-gaps = What the gaps cost
report-gap = { $n ->
    [one] A person answered one question the bot had nothing for, after { $median }.
   *[other] People answered { $n } questions the bot had nothing for; half of them waited longer than { $median }. Altogether your customers waited about { $cost } there.
}
report-gap-how = From the message to a person’s first answer: the median, times their number.
report-see = See these conversations
report-by-day = Day by day
report-by-week = Week by week
report-day = Day
report-week = Week of
report-by-entry = By entry
report-by-network = By network
report-by-language = By language
report-empty = The bot read nothing in this time.
report-how = “Right” counts offers and answers that were judged: by what your colleagues made of them, by a button, or by a day without objection after an automatic answer. The interval is Wilson’s, at 95 %.
report-list = Conversations
report-none = No conversation.
report-more = Older ones
report-score = score { $n }
report-did-answered = The bot answered
report-did-suggested = The bot offered
report-did-handed-over = The bot handed over
report-did-silent = The bot kept silent
report-came-right = right
report-came-wrong = wrong or corrected
report-came-alone = a person answered alone
report-came-open = not judged yet
# The outside model.
settings-assist = Outside model
assist-title = Outside model
assist-why = A service of your choice that speaks like “/chat/completions” may help your agents when they ask. Guichet is whole without it. It never answers anybody, never chooses by itself, and is called by a button only.
assist-leaves = What leaves this house: the customer’s last message without what looks like personal data, the brand’s name and the texts of the entries that are offered. What comes back passes the same checks as any text, then an agent reads it.
assist-may = What it may do
assist-may-off = Nothing
assist-may-choose = Choose among the entries that are offered; the text stays the library’s
assist-may-draft = Write a draft for the agent
assist-address = Address, without “/chat/completions”
assist-model = Name of the model
assist-key = Key
assist-key-kept = A key is kept, sealed. Leave empty to keep it; another address makes it forgotten.
assist-key-none = No key is kept.
assist-save = Save
assist-saved = Saved.
assist-draft = Propose a draft
assist-choose = Ask which entry
assist-drafted = Draft by an outside model ({ $model }): read all of it, it may be wrong.
assist-chose = Entry chosen by an outside model ({ $model }); the text is yours.
assist-unfit-form = the answer is not in the form that was asked for
assist-unfit-entry = it chose what was not offered
assist-unfit-nothing = nothing fits
assist-unfit-long = the answer is too long
assist-unfit-link = it holds a link that is not yours
assist-unfit-personal = it holds what looks like personal data
assist-unfit-placeholder = it holds a field to be filled in
did-assist = { $who } asked the outside model
