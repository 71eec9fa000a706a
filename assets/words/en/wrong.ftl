# What is wrong with a file of canned replies.
wrong-no-tests = it can be a bot answer and has no tests
wrong-title-missing =
    the title in { $language ->
        [fr] French
       *[other] English
    } is missing
wrong-no-examples =
    there are no examples in { $language ->
        [fr] French
       *[other] English
    }
wrong-text-missing =
    the text “{ $name }” in { $language ->
        [fr] French
       *[other] English
    } is missing
wrong-no-text = it has no text
wrong-step-says-nothing = a step says the text “{ $name }”, and there is none
wrong-slot-asks-nothing = “{ $slot }” is asked for with the text “{ $name }”, and there is none
wrong-slot-asks-again = “{ $slot }” is asked for again with “{ $name }”, and there is none
wrong-slot-pattern = the pattern of “{ $slot }” is none, or too large
wrong-step-needs-nothing = a step needs “{ $need }”, which nothing asks for
wrong-unknown-name = nobody knows “{ $name }”
wrong-personal-name = “{ $name }” is personal, and everybody may read this text
wrong-personal-words = “{ $words }” looks like personal data, and everybody may read this text
wrong-too-long =
    “{ $name }” in { $language ->
        [fr] French
       *[other] English
    } is { $n } long, { $network } takes { $most }
wrong-keeps-out = “{ $word }” keeps the example “{ $example }” out
wrong-none-of-words = none of the words asked for is in the example “{ $example }”
wrong-same-id = { $other } has the same id
wrong-same-shortcut = { $other } has the same shortcut
wrong-same-example = the example “{ $example }” is also one of { $other }
wrong-slot-never-asked = no step needs “{ $name }”: it is never asked for
wrong-slot-tries = “{ $name }” is asked for 1 to 4 times
wrong-unknown-team = “{ $team }” is no team a brand begins with: support, sales, community
wrong-label = “{ $label }” is no label: 1 to 60 characters
wrong-no-review = nobody is asked to read it again: review_by is missing
wrong-asked-in-public = “{ $what }” would be asked for in public: say something there before
wrong-never-reached = “{ $what }” is never reached: “{ $text }” is said before, and one text at a time
wrong-never-said = “{ $name }” is never said: “{ $first }” is said before it
wrong-nobody-tells = nobody tells “{ $name }”: no step asks a connector
wrong-one-persons = “{ $name }” is one person's, and everybody reads this text
wrong-near-miss = the near miss “{ $text }” comes very near
wrong-hijacked = without it, “{ $text }” finds { $other } ({ $theirs }) before its own entry ({ $mine })
wrong-file-name = an entry is a file FOLDER/NAME.md
wrong-no-block = the file must begin with a block between two +++ lines
wrong-block = { $detail }
wrong-id = the id is “{ $id }”, the file is called “{ $file }”
wrong-twice = “{ $name }” stands here a second time for the same network
wrong-no-words = “{ $name }” has no words
wrong-no-language = a text stands under a language: ## fr or ## en
wrong-section = “{ $name }” is no section: fr, en or tests
wrong-no-heading = this stands under no heading
wrong-conv-open = the conv block does not end: ~~~ is missing
wrong-conv-text = after < stands the name of a text
wrong-conv-outcome = after = stands silence, handoff, suggest:ENTRY or not:ENTRY
wrong-conv-connector = after ! stands: connector NAME = {"{"} value = "…" {"}"}, or connector NAME = false
wrong-conv-mark = a line of a test begins with > < = ! @ or #, not with { $mark }
wrong-default = default takes one text in quotes
wrong-not-allowed = { $what } is not allowed here: a text may hold names, a default and if
wrong-template = { $detail }
wrong-lock = { $detail }
wrong-no-entry = there is no entry { $entry }
wrong-no-such-text = there is no such text
wrong-own-already = this network has a text of its own already
wrong-heading = a line of this text would be read as a heading
wrong-by-hand = this file’s lists are written in a way that only a text editor changes
