# Plans, steps and reports.

flow = { $flow ->
    [onboard] onboarding
    [offboard] offboarding
    [native] operation
    [departments] departments
    [transfer] transfer of
    [undo] undo for
    [import] import
    [reconcile] reconciliation
   *[other] { $flow }
}

plan-title = { $flow ->
    [onboard] Onboarding
    [offboard] Offboarding
    [native] Operation
    [departments] Departments as in
    [transfer] Transfer of
    [undo] Undo for
   *[other] { $flow }
} { $person }: { $steps ->
    [0] nothing to do
    [one] { $steps } step on { $platforms } platform
   *[other] { $steps } steps on { $platforms ->
        [one] { $platforms } platform
       *[other] { $platforms } platforms
    }
}
plan-title-unseen = { $flow ->
    [onboard] Onboarding
    [offboard] Offboarding
    [native] Operation
    [departments] Departments as in
    [transfer] Transfer of
    [undo] Undo for
   *[other] { $flow }
} { $person }: nothing can be written now
lane-of-record = { $provider }, record { $record }
lane-of-person = { $provider }, record { $record } – { $person }

labelled = { $label }: { $value }
empty-value = (empty)

step-create = Create a record: { $what }
step-create-short = Create a record
step-update = Change the record: { $changes }
step-update-short = Change the record
step-open = Open access
step-close = Close access
step-give = { $kind ->
    [tag] Add tags: { $names }
    [chat] Add to chats: { $names }
    [unit] Put into the unit { $names }
    [role] Give the role { $names }
    [level] Give the level { $names }
    [department] Put into the department { $names }
    [access-level] Set the access level { $names }
    [permission] Give permissions: { $names }
    [subscription] Subscribe to { $names }
    [power-of-attorney] Attach powers of attorney: { $names }
    [property] Fill in: { $names }
    [status] Set the status { $names }
    [seen-department] Let the person see the departments: { $names }
   *[other] Give { $label }: { $names }
}
step-take = { $kind ->
    [tag] Take away tags: { $names }
    [chat] Take out of chats: { $names }
    [permission] Take away permissions: { $names }
    [subscription] Unsubscribe from { $names }
    [power-of-attorney] Detach powers of attorney: { $names }
    [seen-department] No longer let the person see the departments: { $names }
   *[other] Take away { $label }: { $names }
}
step-notify = Send the welcome: “{ $text }”
step-notify-short = Send the welcome
step-define = Create what is missing, { $kind }: { $name }
step-define-short = Create what is missing
step-remove = Remove the record for good
step-hand-over = Let { $person } in, { $kind }: { $names }
step-native = Run { $operation }
step-late = Close access once more – after an interrupted request can no longer take effect, for the record found by { $keys }
step-sought = { $step } – once the platform can be used, for the record found by { $keys }
edit-add = add { $kind }: { $names }
edit-drop = take away { $kind }: { $names }
edit-replace = { $label }: { $old } → { $new }

note-nobody-there = This person has no record here.
note-no-key = Nobody can be looked for here: the record that was named bears neither an e-mail nor an external id.
note-late = An interrupted run's request may still arrive until { $until }; access is closed once more after that.
note-cannot-close = Access cannot be closed here: { $why }
note-mail-goes-out = The platform sends the person an e-mail about the new record.
note-not-written = Not written here: { $field }. { $why }
note-no-welcome = No welcome is sent. { $why }
note-possible = Nobody here has a key of this person, but somebody has the name: { $people }. If it is the same person, connect the record with: kadry link { $who } { $record }{ $options }
note-outvoted = The department “{ $department }” was given, and the role names another { $kind } here, which counts: { $names }.
note-resembles = “{ $name }” is about to be created ({ $kind }), and “{ $nearest }” exists already.
note-cannot-read = What the person has here cannot be seen ({ $kind }). { $why }
note-cannot-read-hidden = What the person has here cannot be seen ({ $kind }), and behind the closed door it never will be: give the right before, or take it away on the platform itself. { $why }
note-cannot-remove = The record cannot be removed here. { $why }
note-cannot-hand-over = Cannot be handed over here ({ $kind }). { $why }
note-nothing-to-hand-over = There is nothing to hand over to { $who } here.
note-tidied-later = Read and taken away once access is closed – { $kind }.
note-not-read = What the person has here was not read in time ({ $kind }), and the platform hides it once access is closed.
note-keeps = Stays as it is – { $kind }: { $names }. { $why }
note-comes-back = Comes back with access – { $kind }: { $names }.
note-comes-back-unseen = May come back with access – { $kind }: the platform does not show them now.
note-left-elsewhere = Run { $run } left something open in another account ({ $tenant }), where nobody looks now. It stays open: go on with it when that account is configured again, or end it with “kadry runs abandon { $run }{ $options }”.
note-not-limited = The limit { $limit } is a part of all people. Nobody has counted them, so the built-in number holds.
note-not-taken-back = Not taken back, or not all of it: { $what }
left-undone = { $step }: it is done, but without { $left }, left out by the platform without a word. The rest is done by: { $command }
not-taken-back-line = { $step }. { $why }
note-stays-closed = Access is closed here and stays closed: a change of place opens no door. If the person shall be in: kadry onboard { $whom } --role … --on { $provider }{ $options }
note-made-later = This person has no record here yet. It is made when every platform was read: their records tell the name.
note-stays-open = The role says nothing of this platform, and access here stays open. To close it: kadry offboard { $who } --on { $provider }{ $options }
note-beyond = Kept, because neither the old role nor the new one names it – { $kind }: { $names }. With --strict it goes.
note-beyond-blind = The old role is not known here, so nothing is taken away. Held beyond the new one – { $kind }: { $names }. Name the old role with --from ROLE, or let all of it go with --strict.
note-goes-along = May go along with what is taken away, because the platform ties it to that – { $kind }: { $names }.
note-cannot-take = Cannot be taken away here – { $kind }: { $names }. { $why }
note-stays = Will still be attached – { $kind }: { $names }. { $why }

state-waiting = not begun
state-deferred = deferred
state-started = under way
state-done = done
state-failed = failed
state-unsure = not known
state-parked = undecided
state-skipped = not needed
state-superseded = superseded

run-at-work = at work
run-running = unfinished
run-done = done
run-partial = partly done
run-failed = failed
run-refused = refused
run-superseded = superseded
run-given-up = given up

column-provider = Platform
column-number = #
column-step = Step
column-state = State
column-took = Time
took-ms = { $ms } ms
took-s = { $whole }.{ $tenth } s

report-title = { $flow ->
    [onboard] Onboarding
    [offboard] Offboarding
    [native] Operation
    [departments] Departments as in
    [transfer] Transfer of
    [undo] Undo for
   *[other] { $flow }
} { $person }: { $state } (run { $run })
report-nothing-to-do = { $flow ->
    [onboard] Onboarding
    [offboard] Offboarding
    [native] Operation
    [departments] Departments as in
    [transfer] Transfer of
    [undo] Undo for
   *[other] { $flow }
} { $person }: nothing to do
report-nothing-written = { $flow ->
    [onboard] Onboarding
    [offboard] Offboarding
    [native] Operation
    [departments] Departments as in
    [transfer] Transfer of
    [undo] Undo for
   *[other] { $flow }
} { $person }: nothing was written
report-verified = Checked: every platform was read after the last write, and nothing is left to do.
report-as-wanted = Checked: every platform was read, and everything is as it should be.
report-verified-so-far = Checked: every platform was read after the last write; what is not done is named below.
report-as-far-as-possible = Checked: every platform was read, and nothing more can be done; what was asked for and cannot be done is named below.
report-not-verified = Not proven: not every platform could be read after the last write, or something is left to do there.
report-not-all-done = Not proven, because not everything is done.
report-no-residue = Nothing that can be seen is open or attached.
report-residue = Still open or attached:
residue-door = access of record { $record } is open
residue-door-advice = Run the same command again, or close it on the platform itself.
residue-attached = { $kind }: { $names }
residue-attached-advice = Take it away on the platform itself.
residue-attached-again = The same command takes it away.
residue-line = { $what }. { $advice }
report-not-taken-back = Not taken back, or not all of it:
report-caveats = What a platform can never show:
about-provider = { $provider }: { $text }

report-open = Not everything is done:
report-again = The same command goes on where this run stopped:
report-mend-again = Mend what is named above; the same command then does the rest:
report-anew = A run does not try again what was refused, and does no more than was approved. Mend what is named above and give the command that began it once more: it makes a new plan.
report-again-later = Run the same command again when the platforms can be used:
open-line = { $step }. { $why }
open-waiting = Not begun, because a step before it is not done.
open-waiting-remove = Not begun, because it waits until every platform was read back with its door closed.
open-silent = Not done. { $detail }
open-cannot-close = Access is not closed. { $why }
open-cannot-read = What the person has could not all be seen, and stays. { $why }
open-cannot-read-hidden = What the person has could not all be seen. It stays, and kadry does not see it behind the closed door either: take it away on the platform itself. { $why }
open-cannot-take = Not everything is taken away – { $kind }: { $names }. { $why }
open-cannot-remove = The record is not removed. { $why }
open-cannot-hand-over = Not everything is handed over. { $why }
open-late = An interrupted request may still have taken effect after the last look.
open-deferred = The platform could not be used.
open-started = The request left, and nobody knows yet what it did.
open-failed = Failed.
open-unsure = The request left, and nobody knows yet what it did.
open-parked = Looking did not show whether it was done.
open-not-before = Not before { $at }; then: kadry runs resume --all{ $options }.
open-settle = Look at the platform, then answer: done if it took effect, undone if it did not:
open-settled-then = Then go on:
open-next = Go on with it:
open-waiting-free = Not begun.
open-more-than-approved = More is to be done there by now than was approved. Give the command that began the run once more to see it.
question-create-several = Several records have the key of the person. Leave one of them the key; is that one the record that this step was to make?
question-create = Is record { $record } the one that this step was to make?
question-notify = Has the person got this message: “{ $message }”?
question-set-grants = Does the person have it?
question-update = Does the record hold these values?
question-any = Did it take effect?

progress-reading = reading the platforms
progress-awaiting = reading the platforms, waiting for { $names }
progress-settling = the answer was lost, looking what became of it
progress-verifying = reading everything once more
progress-step = { $step } – { $state }

question-carry-out = { $steps ->
    [one] Carry out { $steps } step? [yes/no]
   *[other] Carry out { $steps } steps? [yes/no]
}
answers-yes = y yes д да
declined = Declined: nothing was changed.
nobody-to-ask = There is nobody to ask whether the plan should be carried out; nothing was changed.
nobody-to-ask-hint = Add --yes to carry it out without a question, or --plan-only to see the plan.
plan-has-changed = Everything was looked at again meanwhile, and the plan is another one now:
names-more = { $names } and { $more } more
