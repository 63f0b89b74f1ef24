# Commands about many people.

many-title = { $flow ->
        [import] Import
        [reconcile] Reconcile
        [onboard] Onboard
        [offboard] Offboard
        [transfer] Transfer
        [undo] Undo
       *[other] { $flow }
    } { $about }: { $people ->
        [one] { $people } person
       *[other] { $people } people
    }
many-created = to get access
many-updated = to be changed
many-unchanged = nothing to do
many-refused = refused
many-outvoted = Of { $people } people a department was given, and the role names another one on some platform, which counts.
many-tidied-later = People of whom more than is listed here is read and taken, in the same run, as soon as their access is closed: { $people }.
many-surplus = not in the file
many-unread = cannot be read, so nothing is done there: { $cause }
many-not-done = Not done:
many-line = line { $line }, { $person }
many-more-people = … and { $people ->
        [one] { $people } person more
       *[other] { $people } people more
    }. To see everybody: kadry plan … --save plan.json, then kadry plan show plan.json
many-more = … and { $people } more. To see everybody, add --report FILE
many-as-wanted = Everybody is as they should be. Nothing was written.
many-nothing-but = Nothing was to be done, except for those named above. Nothing was written.
many-ended = Run { $run }: { $flow ->
        [import] import
        [reconcile] reconcile
        [onboard] onboard
        [offboard] offboard
        [transfer] transfer
       *[other] { $flow }
    } { $about }, { $people ->
        [one] { $people } person
       *[other] { $people } people
    }
many-result-created = got access
batch-title = Run { $run }: { $what }, { $state }
batch-plan = plan
many-their-run = Their run: { $run }.
many-why-superseded = What was left of it is not carried out any more.
batches-unfinished = { $runs ->
    [one] An unfinished run for many people is in the store
   *[other] { $runs } unfinished runs for many people are in the store, the oldest
}: { $run }, { $what }. Go on with: kadry runs resume { $run }{ $options }
batch-what = { $flow ->
        [import] import
        [reconcile] reconcile
        [onboard] onboard
        [offboard] offboard
        [transfer] transfer
        [undo] undo
       *[other] { $flow }
    } { $about }, { $people ->
        [one] { $people } person
       *[other] { $people } people
    }
batch-done = { $people } done
batch-refused = { $people } refused
batch-failed = { $people } not all done
batch-open = { $people } open
run-part-of = part of { $batch }
many-result-updated = changed
many-result-unchanged = as they should be already
many-result-refused = refused
many-result-failed = not all done
many-result-waiting = not begun
many-result-surplus = not in the file
many-resume = Do what is left: kadry{ $options } runs resume { $run }
many-why-two-people = The store knows this e-mail as one person and this external id as another. See both: kadry show EMAIL{ $options }, kadry show person:ID{ $options }. Correct what is wrong, then type the same command again.
many-why-at-work = Another command is at work on this person. When it has ended, type the same command again.
many-why-twice = { $known ->
        [0] The same person is named before, and that counts. When it is done, type the same command again.
       *[other] Line { $line } is about the same person, and that line counts. Leave one of the two lines in the file.
    }
many-why-left-out = A platform does not answer or cannot do what was asked, and nothing else is to be done. What is wrong there: kadry check{ $options }. Then type the same command again.
many-why-moved = { $on ->
        [0] A guard says no by now, or the person is not there any more.
       *[other] Something has changed since the plan was approved: { $platforms }.
    } Type the command that made the plan again.
many-why-later = A later command has been at work on this person since. See what it did: kadry runs{ $options }
many-why-surplus = Has access and is not in the file. To shut them out, add --suspend-surplus.
many-why-unread = Has access and is not in the file, but not every platform could be read ({ $platforms }), and somebody of the file may be known there by this address. Nothing is done. When the platforms answer, type the same command again.
many-why-namesake = Has access and is not in the file, but has the name of line { $line }. Nothing is done: check the e-mail and the id in that line. If they are two people: kadry offboard WHO{ $options }
many-why-unreadable = Has access and is not in the file, but may be one of those in the lines that cannot be read: { $lines }. Correct these lines, then type the same command again.
many-why-waiting = Not begun yet. Begin: kadry runs resume --all{ $options }
many-why-unproven = It could not be proven that all is done. Type the same command again: it looks first and writes nothing twice.
many-why-given-up = { $actor } has ended the run before all of this was done.
many-why-still-open = Run { $run } of this person asks what became of a step, so that it cannot be taken back yet: kadry runs show { $run }{ $options }
question-carry-out-many = Carry out { $steps ->
        [one] { $steps } step
       *[other] { $steps } steps
    } for { $people ->
        [one] { $people } person
       *[other] { $people } people
    }? [yes/no]
interrupted-many-hint = What is done stays done, and no line is lost. Go on: kadry{ $options } runs resume { $run }
progress-listing = reading everybody: { $read }
progress-people = people: { $done } of { $of }
progress-people-rate = people: { $done } of { $of }, { $rate } a second, { $left } left
duration-seconds = { $seconds } s
duration-minutes = { $minutes } min { $seconds } s
duration-hours = { $hours } h { $minutes } min
plan-saved = The plan is saved: { $path } ({ $hash }).
plan-saved-hint = Carry it out: kadry{ $options } apply { $path }
plan-moved = { $path }: nothing was done. Since the plan was made, something has changed for { $people ->
        [one] { $people } person
       *[other] { $people } people
    }:
plan-moved-more =
    { "" }
    … and { $people } more; all of them: kadry apply … --skip-moved --plan-only --report moved.csv
plan-moved-refused = a guard says no by now, or the person is not there any more
plan-moved-hint = Make the plan again, or carry out the rest without these people: kadry apply … --skip-moved
line-left = The file says that this person has left{ $dated ->
        [0] { "" }
       *[other] { " " }({ $day })
    }, so they get no access.
line-left-of-all = The file says that this person has left{ $dated ->
        [0] { "" }
       *[other] { " " }({ $day })
    }. Access that they still have is told of among those who are not in the file.
line-inactive = The file says that this record is switched off. The person need not have left, so nothing is done. If they have: kadry offboard WHO{ $options }
preset-unknown = There is no preset “{ $name }”.
preset-unknown-hint = There are these presets: { $names }.
preset-without-platform = The preset “{ $preset }” is for a kind of platform that is not among the ones here.
roster-shrank = { $file } has { $lines } people, and the last such file had { $before }. Nothing was done: perhaps it is cut off.
roster-shrank-hint = If all of it is there, add --shrunk --reason "…"

# The table that --report writes: what stands in it for one of many, and what is said of all.
list-sheet = People
list-about = About this report
list-line = Line
list-who = Person
list-verdict = Result
list-planned = Planned
list-open = Still open or attached
list-step = { $step } – { $state }
row-created = created
row-updated = updated
row-unchanged = unchanged
row-refused = refused
row-failed = not all done
row-waiting = not begun
row-surplus = not in the file
row-planned-created = to be created
row-planned-updated = to be updated
row-planned-unchanged = nothing to do
row-planned-refused = refused
row-planned-surplus = not in the file
list-people = People
list-steps = Steps
list-residue = People with something still open or attached
list-limits = Limits that may be passed
list-source = SHA-256 of the file
list-plan = Hash of the plan
list-saved = The plan is in
list-done = Everything is done for everybody, and it is proven: every platform was read after the last write.
list-residue-seen = Everything planned is done, and something was seen that is still open or attached.
list-partial = Not everything is done or proven. The table says for whom, and why.
list-nothing-done = Nothing was done for anybody. The table says why.
list-running = This has not come to its end. The table says how far it has come.
list-as-wanted = Everybody is as wanted. Nothing was written.
list-nothing-but = Nothing was to be done but for those who are refused or not in the file. Nothing was written.
list-differs = Something differs. Nothing was written.
list-stands = This is a plan. Nothing was written.
