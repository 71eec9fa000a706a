# The bot’s studio.
place-bot = Bot
bot-studio = Bot studio
bot-tab-rules = Rules & FAQ
bot-tab-replay = Replay
bot-tab-versions = Versions
bot-tab-report = Report
bot-live = v{ $n } live
bot-live-for = v{ $n } live for { $since }
bot-back-to = Roll back to v{ $n }
bot-publish-n = Publish v{ $n }
bot-trial-tenth = v{ $n } answers in one conversation of ten, until { $until }.
bot-trial-shadow = v{ $n } listens in the shadow, until { $until }: nothing of it leaves.
bot-trial-over = The trial of v{ $n } is over: v{ $live } answers everywhere, until somebody publishes to all.
bot-trial-figures = See the figures
bot-find = Find a rule
bot-hits-30 = answers, 30 d
bot-phrases = { $n ->
    [one] 1 phrase
   *[other] { $n } phrases
}
bot-no-rules = No reply has phrases yet.
bot-no-such-rule = No rule like this.
bot-starter = Begin with the starter pack
bot-new-rule = New rule
bot-proposals = Proposed changes
bot-proposal-done = Dealt with
bot-what-added = new
bot-what-changed = changed
bot-what-removed = to be removed
bot-kind-answer = answers
bot-kind-collect = collects, then hands over
bot-kind-escalate = escalates
bot-kind-never = never answers
bot-said-proposed = Your proposal was noted.
bot-said-dropped = The draft no longer changes this rule.
bot-said-drafted = Saved in the draft. Nothing is published.
bot-said-published = Published.
bot-said-back = Rolled back. The chosen version answers again.
bot-does-answer = answers
bot-does-suggest = suggests
bot-does-silent = no answer
bot-does-handoff = hands over to a person
bot-replay-of = Draft v{ $draft } against live v{ $live }
bot-replay-told = { $n } real messages replayed, { $from } to { $to }, in { $seconds } s. Nothing was sent.
bot-replay-running = { $done } of { $most } messages replayed; what was found can be read already.
bot-replay-nobody = No message in this sample.
bot-replay-cancelled = The replay was cancelled.
bot-replay-old = The draft or what is live has changed since: replay.
bot-replay-never = Not replayed yet. Nothing will be sent.
bot-replay-invite = Replay the last real messages to see what the draft would change.
bot-replay-go = Replay
bot-replay-cancel = Cancel
bot-refresh = Refresh
bot-replay-share = { $n } change, { $share }%
bot-sample = Sample
bot-sample-last = How many messages, the newest first
bot-sample-days = Of the last days only
bot-sample-network = Network
bot-sample-language = Language
bot-any = Any
bot-lang-fr = French
bot-lang-en = English
bot-lang-told = Language as told
bot-bucket-all = All
bot-buckets-regression = Regressions
bot-buckets-escalated = Escalated
bot-buckets-changed = Changed
bot-buckets-new = New
bot-buckets-unchanged = Unchanged
bot-bucket-regression = Regression
bot-bucket-escalated = Escalated
bot-bucket-changed = Changed
bot-bucket-new = New
bot-bucket-unchanged = Unchanged
bot-by-risk = Sorted by risk · { $reviewed } of { $n } reviewed
bot-key-move = move
bot-better = v{ $n } is better
bot-was-better = v{ $n } was better
bot-changed-messages = Messages that would fare differently
bot-more-rows = { $n ->
    [one] And 1 more.
   *[other] And { $n } more.
}
bot-none-here = No message of this kind.
bot-nothing-changes = No message would fare differently.
bot-no-draft = The draft changes nothing: all is as live.
bot-detail = The message in detail
bot-blocked = Publishing is blocked:
bot-ready = Ready to publish
bot-missing-nothing = nothing to publish
bot-missing-stale = { $n ->
    [one] 1 rule has changed live meanwhile: read it and save it again
   *[other] { $n } rules have changed live meanwhile: read and save them again
}
bot-missing-lint = { $n ->
    [one] 1 mistake in the files
   *[other] { $n } mistakes in the files
}
bot-missing-tests = { $n ->
    [one] 1 test fails
   *[other] { $n } tests fail
}
bot-came-text = the text “{ $name }” of “{ $what }”
bot-came-with = the text “{ $name }” with { $what }
bot-came-entry = “{ $what }”
bot-came-not = anything but “{ $what }”
bot-came-silence = silence
bot-came-person = a person
bot-came-differs = expected { $expected }, got { $got }
bot-failed-line = “{ $said }”: { $words }
bot-withdraw-test = Withdraw this verdict
bot-missing-replay = this draft was not replayed
bot-missing-verdicts = { $n ->
    [one] 1 regression to review
   *[other] { $n } regressions to review
}
bot-missing-wrong = { $n ->
    [one] 1 change judged wrong is still there
   *[other] { $n } changes judged wrong are still there
}
bot-missing-second = a second person has to read what is said in public, or must never be said
bot-missing-more = { $n ->
    [one] and 1 more
   *[other] and { $n } more
}
bot-moment-first = first message
bot-moment-person = a person had answered
bot-moment-depth = two automatic answers before
bot-moment-rate = an automatic answer just before
bot-moment-machine = an automatic message
bot-see-ticket = see the conversation
bot-under-post = Under the post:
bot-side-live = live
bot-side-draft = draft
bot-really-said = What { $name } really replied
bot-nobody-answered = Nobody answered this message.
bot-why-chose = Why v{ $n } chose “{ $title }”
bot-why-silent = Why v{ $n } is silent
bot-trace-example = phrase
bot-trace-new = added in v{ $n }
bot-trace-words = words it knows:
bot-trace-second = second: { $title }
bot-trace-score = Score, threshold { $threshold }
bot-other-words = , new wording
bot-judged-right = approved
bot-judged-wrong = rejected
bot-to-judge = to review
bot-fix-near-miss = Add as near misses of “{ $title }”: { $words }
bot-fix-drop-example = Take this phrase out of “{ $title }”: { $words }
bot-fix-none-of = Keep messages out of “{ $title }” that say: { $words }
bot-fix-give-back = Give this phrase back to “{ $title }”: { $words }
bot-fix-let-in = No longer keep out of “{ $title }”: { $words }
bot-fix-cost = Fixes { $mends } of { $of } regressions, gives up { $loses } of { $among } new answers.
bot-fix-apply = Apply to draft and replay
bot-try = Try a message
bot-try-on = Try a message on v{ $n }…
bot-try-message = The message
bot-try-post = Under a post that says… (public)
bot-try-go = Try
bot-try-real = Or a recent real message
bot-who-reads = Who reads it
bot-for-two = This draft changes what is said in public, or what must never be said: a second person reads it before it is published.
bot-agreed-by = Read and approved by { $name }
bot-agree = I have read it and agree
bot-to-whom = To whom
bot-reach-all = Everybody
bot-reach-tenth = 10% of conversations, 24 h
bot-reach-shadow = In the shadow, 24 h
bot-reach-why-all = Becomes what is live, at once.
bot-reach-why-tenth = Always the same conversations. After 24 h what is live takes over again, until somebody publishes to all.
bot-reach-why-shadow = Decides beside what is live, and neither suggests nor sends anything.
bot-publish-why = Why (for the history)
bot-what-changes = What changes
bot-trial-of = Trial of v{ $n }
bot-trial-told = Messages compared: { $n }. The trial was heard in { $heard } of them.
bot-trial-nobody = Nobody has written since the trial began.
bot-heard = heard
bot-promote = Publish v{ $n } to all
bot-releases = Published versions
bot-no-releases = Nothing has been published from the studio yet.
bot-no-why = No comment
bot-standing-live = live
bot-acts = History
bot-did-published = v{ $n } published to all
bot-did-tried = v{ $n } published to 10%
bot-did-shadowed = v{ $n } put in the shadow
bot-did-promoted = v{ $n } extended to all
bot-did-withdrawn = trial of v{ $n } ended
bot-did-rolled_back = rolled back to v{ $n }
bot-did-imported = v{ $n } imported from files
bot-beside = Beside v{ $n }
bot-no-differences = Nothing differs.
bot-more = A text for one network…
bot-more-why = Shorter for X, for instance. The other networks keep the common text; emptying this one later removes it.
bot-more-text = Text
bot-more-network = Network
bot-more-language = Language
bot-more-words = What is said there
bot-save-draft = Save in the draft
bot-drafted-by = In the draft: changed by { $name }, { $at }.
bot-goes = This rule goes when the draft is published.
bot-list-examples = Phrases, one a line
bot-list-not-examples = Near misses, one a line
bot-list-any-of = One of these words must be there
bot-list-none-of = None of these words
bot-text = Text “{ $name }”
bot-file = The file (expert view)
bot-drop = Give up these changes
bot-remove = Remove the rule
bot-only-looking = You may read this rule; to change it, propose.
bot-propose = Propose a change
bot-propose-go = Propose
bot-about-rule = About the rule
bot-in-words = In plain words
bot-conflicts = Conflicts and remarks
bot-in-draft = In the draft
bot-last-hits = Last messages it was found for
bot-no-hits = None so far.
bot-history = Who changed what
bot-sentence-like = When a message is like “{ $example }” or others of { $n } phrases,
bot-sentence-any = and has one of these words: { $words },
bot-sentence-none = and none of these: { $words },
bot-sentence-auto = { $place }: answer by itself with the text “{ $text }”, when it is sure.
bot-sentence-suggest = { $place }: suggest the text “{ $text }” to the agent.
bot-sentence-off = { $place }: keep silent, without saying “{ $text }”.
bot-sentence-mute = { $place }: no text; { $text }a person answers.
bot-reading-only = Your role lets you read the rules.
