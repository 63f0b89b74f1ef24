# Commands about many people.

many-title = { $flow ->
        [import] Import
        [reconcile] Reconcile
        [onboard] Onboard
        [offboard] Offboard
        [transfer] Transfer
       *[other] { $flow }
    } { $about }: { $people ->
        [one] { $people } person
       *[other] { $people } people
    }
many-created = come in
many-updated = change
many-unchanged = nothing to do
many-refused = refused
many-surplus = not in the file
many-unread = not read, so nothing is done there: { $cause }
many-not-done = Not done:
many-line = line { $line }, { $person }
many-more-people = … and { $people ->
        [one] { $people } person more
       *[other] { $people } people more
    }. Everybody is shown by: kadry plan … --save plan.json, then kadry plan show plan.json
many-more = … and { $people } more. --report FILE tells everybody.
many-as-wanted = Everybody is as wanted. Nothing was written.
many-nothing-but = Nothing was to be done but for those who are named above. Nothing was written.
many-ended = Run { $run }: { $flow } { $about }, { $people ->
        [one] { $people } person
       *[other] { $people } people
    }
many-result-created = made
many-result-updated = changed
many-result-unchanged = as wanted already
many-result-refused = refused
many-result-failed = not all done
many-result-waiting = not begun
many-result-surplus = not in the file
many-resume = Go on with what is open: kadry{ $options } runs resume { $run }
many-why-two-people = The store knows the e-mail and the external id as two people's. See both: kadry show
many-why-at-work = Another command is at work on this person. Run the same command again when it has ended.
many-why-twice = { $line ->
        [""] Somebody earlier in the list is the same person, and that one counts.
       *[other] Line { $line } is about the same person, and the first one counts.
    }
many-why-left-out = What was asked for cannot be done there now, and nothing else is to be done.
many-why-moved = { $platforms ->
        [""] A guard says no by now, or the person is gone. Make a new plan.
       *[other] Something has changed since the plan was approved ({ $platforms }). Make a new plan.
    }
many-why-later = A later command has been at work on this person since.
many-why-surplus = Has access and is not in the file. --suspend-surplus shuts them out.
many-why-unreadable = Has access and is not in the file, but may be meant by lines that cannot be read: { $lines }. Correct these first.
many-why-waiting = Not begun yet.
many-why-unproven = It could not be proven that everything is done.
question-carry-out-many = Carry out { $steps ->
        [one] { $steps } step
       *[other] { $steps } steps
    } for { $people ->
        [one] { $people } person
       *[other] { $people } people
    }? [yes/no]
interrupted-many-hint = What was done is done, and no line is lost. Go on: kadry{ $options } runs resume { $run }
progress-listing = reading everybody: { $read }
progress-people = { $done } of { $of } people
progress-people-rate = { $done } of { $of } people, { $rate } a second, { $left } left
duration-seconds = { $seconds } s
duration-minutes = { $minutes } min { $seconds } s
duration-hours = { $hours } h { $minutes } min
plan-saved = The plan is saved: { $path } ({ $hash }).
plan-saved-hint = Carry it out: kadry{ $options } apply { $path }
plan-moved = { $path }: nothing was done. Something has changed since the plan was made, for { $people ->
        [one] { $people } person
       *[other] { $people } people
    }:
plan-moved-more =
    { "" }
    … and { $people } more.
plan-moved-refused = a guard says no by now, or the person is gone
plan-moved-hint = Make a new plan, or leave these people out: kadry apply … --skip-moved
line-left = Has left by this file{ $day ->
        [""] { "" }
       *[other] { " " }({ $day })
    }, so they are not let in.
line-left-of-all = Has left by this file{ $day ->
        [""] { "" }
       *[other] { " " }({ $day })
    }. If they still have access, they are among those who are not in the file.
line-inactive = Is switched off by this file, which need not mean that they have left: nothing is done.
preset-unknown = There is no preset { $name }.
preset-unknown-hint = Known presets: { $names }
preset-without-platform = None of the platforms is one that the preset { $preset } is for.
roster-ignored = Columns that are not used: { $columns }
roster-unread-sheets = Sheets that are not read: { $sheets }
roster-shrank = { $file } names { $lines } people, and the last file of this name had { $before }. Nothing was done: it may have been cut off.
roster-shrank-hint = If it is right: --shrunk --reason "…"
roster-unusable = { $path } cannot be used: { $fault }
roster-cell = { $fault }.
