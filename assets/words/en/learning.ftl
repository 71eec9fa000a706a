# What the bot learns from people: missed questions, coverage.
bot-tab-missed = Missed questions
bot-tab-coverage = Coverage
missed-head = { $n ->
    [0] Missed questions
    [one] One missed topic
   *[other] { $n } missed topics
}
missed-made = { $n ->
    [0] Looked at on { $when }, five weeks back.
    [one] One question without a good answer in five weeks, looked at on { $when }.
   *[other] { $n } questions without a good answer in five weeks, looked at on { $when }.
}
missed-capped = There were more: only the latest are counted.
missed-not-yet = Nothing has been looked at yet.
missed-first = The first look is made in the background; come back in a minute.
missed-nothing = Nothing was missed in five weeks: no question came up often enough without an answer.
missed-again = Look again
missed-waits = Under way, refresh
missed-questions = { $n ->
    [one] { $n } question
   *[other] { $n } questions
}
missed-saves = { $n ->
    [one] { $n } reply saved
   *[other] { $n } replies saved
}
missed-would-save = { $n ->
    [one] A canned reply would have saved { $n } reply written by hand in five weeks.
   *[other] A canned reply would have saved { $n } replies written by hand in five weeks.
}
missed-week = { $n } this week
missed-weeks = Questions by week, the latest last: { $list }
trend-new = new
trend-up = rising
trend-same = steady
trend-down = falling
missed-pick = Choose a topic to see the questions, what was answered and what can be made of them.
missed-all = All topics
missed-only-writers = Community managers, leads and admins decide what becomes of them.
missed-make = New canned reply
missed-make-why = The phrases and the answer given most are filled in.
missed-make-act = Make it a canned reply
missed-attach = Add to a canned reply
missed-attach-to = Canned reply
missed-attach-act = Add these phrases
missed-near = The nearest: { $title }.
missed-phrases = Phrases that will be added
missed-phrases-in-fr = In French, one a line
missed-phrases-in-en = In English, one a line
missed-other-language = Canned replies are written in French and English; these questions are in another language.
missed-never = Never answer
missed-ignore = Ignore
missed-answers = What was answered
missed-alike = { $alike } replies of { $given } say the same.
missed-no-answers = Nobody has answered these questions yet.
missed-examples = The questions
missed-page-before = Previous
missed-page-next = Next
missed-decided = { $n ->
    [one] One decision taken
   *[other] { $n } decisions taken
}
missed-take-back = Take back
chosen-entry = became a canned reply
chosen-attached = added to a canned reply
chosen-never = never answered automatically
chosen-ignored = ignored
missed-said-entry = The canned reply is in the bot’s draft: replay it, then publish it.
missed-said-attached = The phrases are added to the bot’s draft: replay it, then publish it.
missed-said-never = The bot keeps silent on this.
missed-said-ignored = Ignored, and will not come back.
missed-said-asked = A new look is under way in the background.
missed-said-back = The decision is taken back; the topic returns with the next look.
missed-said-accepted = The proposal is in the bot’s draft: replay it, then publish it.
missed-said-declined = The proposal is declined.
missed-said-proposed = Your proposal waits for a decision.
proposals = What colleagues propose
proposal-somebody = Somebody
proposal-look = Look at it
proposal-decline = Decline
make-canned = Make it a canned reply
entry-of-cluster = New canned reply, of missed questions
entry-of-reply = New canned reply, of a reply that was sent
entry-proposed = Proposed canned reply
entry-why = Read it again, complete the other language, save. It begins as a suggestion: the bot does not send it by itself.
entry-why-propose = Read it again and complete the other language. Somebody who writes the library will decide.
entry-folder = Folder
entry-name = File name
entry-title-fr = Title in French
entry-title-en = Title in English
entry-examples-fr = Phrases in French, one a line
entry-examples-en = Phrases in English, one a line
entry-answer-fr = Answer in French
entry-answer-en = Answer in English
entry-holes = Names and numbers have been replaced. What has no field of its own ({"{{ phone }}"}, {"{{ email }}"} …) must be rewritten before saving.
entry-never = The bot always keeps silent on this; agents have the text
entry-save = Save
entry-propose = Propose
fate-asked = Questions
fate-known = With a canned reply
fate-unknown = Without a canned reply
fate-suggested = Suggested
fate-answered = Answered by the bot
fate-deflected = Settled by the bot
coverage-choose = Choose what is counted
coverage-days = Period
coverage-last-days = Last { $n } days
coverage-by-folder = Folder
coverage-by-channel = Channel
coverage-by-language = Language
coverage-all-channels = All channels
coverage-all-languages = All languages
coverage-no-entry = Without a canned reply
coverage-no-language = unknown
coverage-show = Show
coverage-means = A question is a message the bot thought about, complaints, threats and spam aside. “Settled”: the bot answered, nobody here wrote within 48 hours, and neither the same question nor a person was asked for.
coverage-nothing = No questions in this period.
coverage-overdue = Replies to read again
coverage-since = since { $day }
coverage-none-overdue = No reply waits to be read again.
coverage-idle = Replies nobody asks for
coverage-none-idle = Every reply of the bot has been asked for.
coverage-no-questions = No questions behind this figure.
folder-account = Account
folder-availability = Availability
folder-care = Care
folder-complaints = Complaints
folder-delivery = Delivery
folder-greetings = Small talk
folder-hours = Hours and contact
folder-jobs = Jobs
folder-partners = Partnerships
folder-payment = Payment
folder-press = Press
folder-prices = Prices and quotes
folder-returns = Returns and warranty
folder-sizes = Sizes and products
folder-thanks = Thanks
