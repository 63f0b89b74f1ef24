# What the commands say.

hint = Hint: { $hint }
usage-hint = kadry --help lists the commands, and kadry COMMAND --help its flags.
bug = kadry has met a fault of its own at { $place } and stopped. What was written down before stays written down.
bug-hint = The same command goes on where this one stopped. Please report the place.
halting = Ending: no new request is sent, and those under way are waited for. Ctrl-C once more ends at once.
interrupted-early = Interrupted: nothing was changed.
interrupted = Interrupted. The journal holds the run: what was done is written down, and what was on its way is looked for next time.
interrupted-hint =
    To go on with what was approved:
    {"  "}kadry runs resume --all{ $options }
    Or to plan it anew:
    {"  "}{ $command }
interrupted-resume-hint = To go on: kadry runs resume --all{ $options }
no-document = The answer cannot be written as JSON: { $fault }
no-output = The answer cannot be printed: { $fault }
no-output-hint = kadry runs show{ $options } tells what a run has done.
no-runtime = The system does not let the program start its threads: { $fault }

config-used = Configuration: { $path }
store-is-new = A new store was made, its counters start at zero: { $path }
runs-asking = { $runs ->
    [one] A run asks what became of a step
   *[other] { $runs } runs ask what became of a step, the oldest
}: { $run }, { $what }. What it asks: kadry runs show { $run }{ $options }
allow-unusable = “{ $typed }” allows nothing: --allow wants a kind of change and a number of people, such as suspend=40.
allow-unusable-hint = The kinds are { $kinds }.
brake-create = records made
brake-update = records changed
brake-grant = something given
brake-revoke = something taken
brake-suspend = access closed
brake-reactivate = access reopened
brake-remove = records removed
runs-open = What is open goes on with: kadry runs resume --all{ $options }
runs-unfinished = { $runs ->
    [one] An unfinished run is in the store
   *[other] { $runs } unfinished runs are in the store, the oldest
}: { $run }, { $what }. Go on with: kadry runs resume --all{ $options }

bad-email = “{ $typed }” is not an e-mail address.
bad-email-too-long = This is longer than an e-mail address can be: at most 254 characters, 64 of them before the @.
bad-email-hint = Write it like this: anna@example.test
value-unseen = { $place }: the value holds a line break or another character that cannot be seen. Write it in one line, without such characters.
value-too-long = { $place }: the value is longer than { $most } characters.
value-no-phone = { $place }: this is no phone number. It has 5 to 20 digits, and beside them only blanks, hyphens, dots, brackets, and a plus at the beginning.
who-unclear = It is not clear who is meant by “{ $typed }”.
who-by-name = Whom a name belongs to: kadry people { $query }{ $options }
who-forms = Name a person as anna@example.test, as person:1042 (the employer’s own id) or as messenger:77 (a configured platform and the id of a record there).
onboard-no-key = Neither an e-mail nor the employer’s id is given, so the person cannot be found or told from others.
onboard-no-key-hint = Give --email or --external-id, or a file with one of them.
transfer-nothing = Neither a role nor a department nor a title is given, so nothing is to change.
transfer-nothing-hint = Give --role, --department or --title.
transfer-nowhere-hint = Who is nowhere yet is brought in: kadry onboard { $whom } --role …{ $options }

csv-no-list = “{ $command }” prints no list, so it cannot be printed as CSV. Nothing was done.
csv-no-list-hint = Leave -o csv out, or take -o json. These commands print a list: { $commands }.

yes = Yes
no = No
access-open = open
access-suspended = suspended

sight-unread = could not be read
sight-nobody = no record
column-record = Record
column-access = Access
column-name = Name
column-email = E-mail
column-run = Run
column-started = Begun
column-what = What
people-count = { $people ->
    [0] Nobody
    [one] { $people } person
   *[other] { $people } people
}
platforms-silent = These platforms could not be read and are left out:

show-access = access
show-mark = note
show-links = Seen before
show-link = { $id }, last seen { $at }
show-runs = Last runs
show-unseen = the platform does not show this now
mark-administrator = administers this platform
mark-signer = may sign documents

provider-title = { $provider } ({ $kind })
provider-reachable = Reachable.
provider-administrator = our credential administers it
provider-expires = our credential ends
answer-why = { $answer }. { $why }
can-list = list everybody
can-create = create a record
can-update = change a record
can-suspend = close access
can-reopen = open access again
can-remove = remove a record for good
can-notify = send a message to the person
can-grant = grant: { $kind }
create-notice-unless-quiet = The person gets an e-mail unless the role says invite = false.
create-notice-always = The person always gets an e-mail.
create-notice-never = The person is not told.
grant-on-create = Only together with a new record.
grant-on-update = Together with the record, once it exists.
grant-with-record = Together with the record.
grant-alone = By itself.

runs-none = There are no runs in the store yet.
run-what = { $flow ->
    [onboard] onboard
    [offboard] offboard
    [native] operation
    [departments] departments as in
    [transfer] transfer
    [undo] undo
   *[other] { $flow }
} { $person }
run-brief = { $flow ->
    [onboard] onboard
    [offboard] offboard
    [native] operation
    [departments] departments as in
    [transfer] transfer
    [undo] undo
   *[other] { $flow }
} { $person }
resume-none = No run is unfinished.
resume-asking = Run { $run } ({ $what }) asks what became of a step: kadry runs show { $run }{ $options }
resume-which = Which run is to go on? Name it, or say --all.
resume-which-hint = See the runs with: kadry runs{ $options } – go on with every run that is not finished: kadry runs resume --all{ $options }
resume-cut-short = Run { $run } ({ $what }) is partly done, and nothing of it is open.
resume-nothing-open = Run { $run } is { $state }: there is nothing to go on with.
resume-not = Run { $run } ({ $what }) does not go on. { $why }
settled-done = Step { $step } ({ $named }, for { $person }) of run { $run } is written down as done. Go on with: kadry runs resume { $run }{ $options }
settled-undone = Step { $step } ({ $named }, for { $person }) of run { $run } is written down as not done. It is carried out by: kadry runs resume { $run }{ $options }
abandoned = Run { $run } has ended. What it left open is not carried out any more; what it has done stays done.
question-abandon = End run { $run } ({ $what }) for good? [yes/no]
abandon-nobody-to-ask = There is nobody to ask whether the run should end; nothing was changed.
abandon-nobody-to-ask-hint = Add --yes to end it without a question.
events-title = What happened, in order:
event-of-step = { $provider }, step { $step } ({ $what }): { $happened }
event-before = Before: { $image }.
event-after = The platform showed afterwards: { $image }.
event-not-before = Not again before { $at }.
event-started = the request leaves.
event-done = the platform says that it is done.
event-failed = not done, and not tried again in this run.
event-held = not done; it may be tried again later.
event-lost = the answer is lost; it may have taken effect.
event-found-done = a look showed that it took effect.
event-found-undone = a look showed that it did not take effect.
event-said-found-done = { $actor } looked and says that it took effect.
event-said-found-undone = { $actor } looked and says that it did not take effect.
event-said-superseded = { $actor } has ended the run for good.
event-reason = Reason: { $reason }.
event-ambiguous = a look could not show whether it took effect.
event-skipped = not needed any more.
event-superseded = left to a later run.
salvaged = Saved: people { $people }, links { $links }, runs { $runs }, steps { $steps }, events { $events }. The damaged store is as it was.
salvaged-nothing = Nothing of the store can be read any more, and nothing was made. The damaged store is as it was.
salvaged-nothing-hint = Put the last copy of the store in its place. Without one, begin a new one with --store: nothing on a platform depends on it, and the same command looks before it writes.
salvaged-next = Go on with it by --store { $store }, or put it in the place of the damaged one.
run-command = command
run-actor = by
run-started = begun
run-ended = ended
run-reason = reason
run-batch = part of
run-superseded-by = superseded by

init-written = Written: { $path }
init-next = Next:
init-next-edit = Open it and take the “#” away from the lines of the platforms and roles that you have.
init-next-secrets = Put the secrets into the environment, or into files that only you can read (chmod 600).
init-next-providers = kadry providers – see that every platform answers and what it can do.
init-next-check = kadry check – see whether everything works: configuration, secrets, platforms, rights, roles.
init-next-plan = kadry offboard anna@example.test --plan-only – see a plan; nothing is written.

emulate-serving = Emulated platforms are at { $address }
emulate-control = State, request log and faults: { $address }/_emulator/
emulate-config = To work on them, in another terminal and an empty folder:
emulate-stop = Ctrl-C stops them.
emulate-head = Emulated platforms. Their secrets stand at the end of this file. To use it:
emulate-cannot-listen = Cannot listen on { $address }: { $fault }.
emulate-cannot-listen-hint = Give another address with --listen; port 0 takes any free one.

demo-title = The whole story on emulated platforms. Nothing outside this process is touched, and nothing is left behind.
demo-platforms = { $platforms ->
    [one] { $platforms } platform is emulated
   *[other] { $platforms } platforms are emulated
} at { $address }: real HTTP, the rules and the limits of the real ones, and { $people } invented people.
demo-onboard = Somebody joins: { $name }. kadry looks at every platform and shows the plan. What is shown is what is written, not one request more.
demo-again = The same command again. Everything is there already, so nothing is written and nobody is greeted twice.
demo-matrix = Who has access where:
demo-offboard = The person leaves. What cannot be seen behind a closed door goes first, then every door closes, none waiting for another; then everything is read once more.
demo-offboard-again = And again: every door is closed, so nothing is written.
demo-proof = The emulators kept count: { $requests } requests, { $violations ->
    [0] none of them undocumented
    [one] { $violations } of them undocumented
   *[other] { $violations } of them undocumented
}. The second time nothing changed on any platform.
demo-end = That was all of it. The emulators and the store are gone now.
demo-next = Next: kadry init writes a configuration for your own platforms, and kadry emulate serves these for as long as you like.
demo-cannot-begin = The demo cannot begin: { $fault }
demo-went-wrong = The demo did not end as it should: { $what }
demo-changed-again = the second run of the same command has changed something.
demo-undocumented = undocumented requests were sent.
demo-not-done = a run is not done.
demo-interrupted = Interrupted. Nothing is left behind.
