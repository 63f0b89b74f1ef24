# What went wrong, and what to do next.

# Hints
hint-again = Run the same command again: it looks first and writes nothing twice.
hint-configured = Configured: { $names }.
hint-chmod-read = chmod 600 { $path }
hint-chmod-write = chmod go-w { $path }
hint-copy = Put the last copy of the store in its place. Without one, save what can still be read: kadry runs salvage saved.sqlite{ $options }
hint-export = export { $variable }='…'
hint-file-denied = Type the command as a user who may read it, or get the right to. Whose it is: ls -ld { $path }
hint-file-folder = Name a file in it: { $path }/…
hint-file-missing = Looked for { $path }. Check the path.
hint-file-of-ours = Use a file that belongs to you and that you alone can change and read.
hint-file-text = Save it as text in UTF-8.
hint-init = Write a configuration with: kadry init. To practise without platforms of your own: kadry emulate says what to type.
hint-insecure = Write https://, or add insecure = true to the platform if the network in between is trusted.
hint-mend = Mend it, then type the same command again.
hint-nearest = Did you mean “{ $nearest }”?
hint-of-kind = That is a kind of platform. Configured platforms of this kind: { $names }.
hint-once = Leave one of the two.
hint-other-folder = Move the file away, or run the command in another folder.
hint-people = See who is known where with: kadry people{ $options }
hint-not-configuration = Name a configuration with --config. A file of a person has lines such as email = "anna@example.test", last_name = "…", first_name = "…".
hint-person-file-is-address = If it is an address, write it behind its flag: kadry onboard --email { $path } --last-name … --first-name … --role …
hint-person-file = Write it like this: { $format ->
    [JSON] { "{" } "email": "anna@example.test", "last_name": "…", "first_name": "…", "role": "…" { "}" }
   *[other] email = "anna@example.test", last_name = "…", first_name = "…", role = "…", each on a line of its own
}
hint-providers = Add a [providers.NAME] table, or take “#” away from one that kadry init wrote.
hint-record-ids = The ids of all records of a person are shown by: kadry show EMAIL{ $options }
hint-role-or-on = Name a role with --role, or platforms with --on.
hint-runs = See the runs with: kadry runs{ $options }
hint-secret = Write { $name } = { "{" } env = "NAME" { "}" } or { $name } = { "{" } file = "path" { "}" }; the file must be readable by you alone.
hint-secret-line = Write { $name } into the file, on a line of its own and nothing else.
hint-space = Free space there and make sure that the store can be written, or use --store. Where the store is: kadry check{ $options }.
hint-store-place = Get the right to write in { $path }, or name another place with --store.
hint-store = Name another place with --store.
hint-toml = Each setting is a line such as name = "value"; tables have names such as [providers.messenger]. An example of everything: kadry init in an empty folder.
hint-wait = Wait until it has ended, then run the same command again.

hint-write-elsewhere = Choose a place where you may make files.
hint-write-full = Free space there, or choose another place.

# Files
file-exists = { $path } is there already and was left as it is.
file-unreadable = { $path } cannot be read: { $cause }.
file-unwritable = { $path } cannot be written: { $cause }.
io-address-in-use = another program uses this address already
io-address-not-here = this machine has no such address
io-bad-name = the name is too long or has characters that cannot stand there
io-denied = the system does not allow it
io-folder = it is a folder, not a file
io-full = the disk is full
io-no-folder = what should be a folder on the way there is a file
io-no-new-files = the folder is not there or takes no new files
io-not-found = there is no such file
io-not-text = it is not text in UTF-8
io-other = the system said “{ $said }”
io-read-only = nothing can be written to this disk
io-refused = the system refused
io-too-large = the system takes no file of that size
malformed = { $what ->
    [twice] a key stands there twice
    [ends] the file ends too early
    [open] a bracket or a quotation mark that opens is not closed
    [quotes] text must stand in quotation marks
    [value] a value is missing
    [comma] a comma is missing or is too much
    [colon] a colon is missing after a key
    [assignment] a key, “=” and a value must stand there, on one line
    [escape] a character stands there that cannot stand in a text
    [trailing] something follows after the end
    [object] this must be a table of keys and values
   *[other] something stands there that { $format } does not allow
}

# The configuration
config-bad-name = { $place }: “{ $name }” cannot be a name. Use letters, digits, “-”, “_” and “.”; “person”, “title”, “department” and “create_missing” are taken.
config-inline-secret = { $place }: a secret stands in { $name } itself. Secrets are not kept in the configuration.
config-missing-key = { $place }: the key { $name } is missing.
config-no-providers = The configuration has no platform that is switched on.
config-none = There is no configuration. Looked for: { $places }.
config-administrator-role = { $place }: “{ $name }” makes an administrator. Administrator is never a role key: kadry does not make administrators.
config-not-toml = { $place }: this is not TOML: { $detail }.
config-other = { $place }: kadry cannot use this value (“{ $detail }”).
config-plain-http = { $place }: { $provider } would be reached by plain http://, which sends secrets in the clear.
config-others-can-write = Other users can change this file: { $path }. It decides where secrets are sent, so it is not used.
config-unknown-blank = { $place }: nothing can be put in place of { $name }.
config-unknown-key = { $place }: there is no key “{ $name }”.
config-unknown-kind = { $place }: there is no kind of platform “{ $name }”.
config-unknown-place = { $place }: “{ $name }” is neither a configured platform nor a kind of platform.
config-wiring = { $provider }: the connection cannot be set up. { $cause }
config-wrong = { $place }: { $wanted ->
    [text] text in quotes
    [flag] true or false
    [number] a number
    [positive] a number above zero
    [list] a list
    [table] a table
    [names] text in quotes or a list of such texts
    [duration] a time such as 30 or "30s"
    [address] the address of a server
    [email] an e-mail address or a list of them
    [source] one of env, file and keyring
    [ceiling] a number of people or a percentage such as "15%"
   *[other] another value
} must stand here.

# Secrets
secret-empty = { $provider }: the file { $path } with { $name } is empty.
secret-no-keyring = { $provider }: { $name } is to come from the keyring of the system, and no keyring is built in yet.
secret-no-variable = { $provider }: { $name } is to come from the variable { $variable }, which is not set or is empty.
secret-others-can-read = { $provider }: other users can read { $path }, which holds { $name }.
secret-too-long = { $provider }: the file { $path } with { $name } is too long to hold a secret.
secret-unreadable = { $provider }: there is no { $name }. { $cause }

# Roles and platforms
provider-off = The platform { $provider } is switched off in the configuration.
provider-unknown = No platform is configured under the name “{ $provider }”.
role-of-nothing = The role “{ $role }” gives nothing on any platform that is switched on.
role-or-on = Neither a role nor platforms are given, so there is nothing to bring the person into.
role-unknown = There is no role “{ $role }” in the configuration.
role-without = The role “{ $role }” says nothing of { $provider }.

# A person's file
person-file-format = { $path }: the name must end in .toml or .json.
person-file-is-configuration = { $path } is a configuration of kadry and not the file of a person.
person-file-is-address = There is no file { $path }.
person-file-malformed = { $path }:{ $line }: { $detail }.
person-file-not-text = { $path }:{ $line }: the value of “{ $key }” must be text in quotes.
person-file-too-long = { $path } is too long to be the file of one person.
person-file-twice = { $path }:{ $line }: “{ $key }” is given twice.
person-file-unknown-key = { $path }:{ $line }: there is no key “{ $key }”.

# The store
store-ambiguous = Several runs begin with these characters. Give more of them.
store-busy = Another process kept the store busy for too long.
store-claimed = Another process ({ $pid }) is working on this person. Nothing was written.
store-claimed-by-run = Another process ({ $pid }) is working on this person in run { $run }, started by { $actor }. Nothing was written.
store-damaged = The store is damaged: { $what ->
    [its-header] its beginning
    [its-pages] its pages
    [the-number-of-its-schema] the number of its schema
   *[other] an entry in it
} cannot be read. Nothing was written.
store-left = What can still be read of it: people { $people }, links { $links }, runs { $runs }, steps { $steps }, events { $events }.
store-ended = The run has ended, and nothing of it is open.
store-failed = The store failed (“{ $cause }”). What cannot be written down is not done.
store-full = The disk that holds the store is full. What cannot be written down is not done.
store-network = The store is on a network share, where locks do not hold. Put it on a local disk.
store-newer = A newer kadry has written the store. Use that one.
store-none = There is no store at { $path }.
run-error-run-ended = Run { $run } is { $state }: nothing of it is open. Nothing was changed.
run-error-run-ended-hint = What it did: kadry runs show { $run }{ $options }
run-error-later-run-first = A later run of the same person is open and goes first. Nothing was changed.
run-error-later-run-first-hint = kadry runs resume { $later }{ $options }
run-error-run-still-open = Run { $run } is still open, so that it cannot be taken back yet. Nothing was changed.
run-error-run-still-open-hint = Go on with it first, or end it: kadry runs resume { $run }{ $options } – kadry runs abandon { $run }{ $options }
run-error-run-did-nothing = Run { $run } has done nothing that could be taken back.
run-error-run-did-nothing-hint = What happened: kadry runs show { $run }{ $options }
run-error-later-run-did = A later run of the same person has done something on the same platform since, so that this one cannot be taken back alone. Nothing was changed.
run-error-later-run-did-hint = Take that one back first: kadry runs undo { $later }{ $options }
run-error-another-tenant = Run { $run } was approved for the account { $was } of { $provider }, and { $provider } is the account { $now } now: nothing there says anything of its steps. Nothing was changed.
run-error-another-tenant-hint = Put the address and the secret of { $was } back and repeat the command, or end the run: kadry runs abandon { $run }{ $options }
run-error-may-still-land = A request of run { $run } may still take effect until { $until }, so that nobody can say yet what became of it. Nothing was changed.
run-error-may-still-land-hint = Go on with the run, which looks and waits: kadry runs resume { $run }{ $options }
run-no-plan-only = “{ $command }” makes no plan, so that --plan-only would show nothing. Nothing was changed.
run-no-plan-only-hint = What is open: kadry runs show ID{ $options }
run-error-no-such-step = Run { $run } has no step { $step }. Nothing was changed.
run-error-no-such-step-hint = Its steps: kadry runs show { $run }{ $options }
run-error-step-not-in-doubt = Step { $step } of run { $run } is not in doubt: { $state }. Nothing was changed.
run-error-step-not-in-doubt-hint = What happened to it: kadry runs show { $run }{ $options }
run-not-found = There is no run “{ $run }”.
store-not-found = There is no such run.
store-not-one = The file is not a store of kadry. It was not touched.
store-nowhere = The system does not say where the store could be: HOME is not set.
store-open = { $path } cannot be used for the store: { $cause }.
store-stopped = The program was ending before the store answered.
store-taken-over = Another process has taken this person over.
store-two-people = These keys belong to two different people in the store. Nothing was written.
store-unsettled = A step of the run has begun, and nobody has looked yet what became of it.

# Flows
failure-bug = This is a fault of kadry itself: “{ $cause }”.
failure-midway = Steps may have been done before.
flow-known-nowhere = Every platform was read, and none of them knows { $who }.
flow-no-such-record = { $provider } has no record { $who }.
flow-record-unread = The record { $who } cannot be read from { $provider }. { $cause }
flow-unread = { $what }: { $cause }
flow-refused = { $who }: refused, nothing was written.

# Guards
guard-administrator = This record administers the platform. Add --privileged if you mean it.
guard-ambiguous = The role names the { $kind } “{ $name }”, and there are several: { $paths }. Write the whole path in the role.
guard-bad-value = The platform would refuse the value of “{ $field }”. { $reason }
guard-bad-grant = The platform would refuse the { $kind } “{ $name }” of the role. { $reason }
guard-belongs-to-another = Record { $record } is another person's: its external id, or its e-mail and name together, are not the ones that were given. Check the e-mail and the external id.
guard-cannot-see = The platform does not show what the person has ({ $kind }), and all of it would be overwritten. Give the service account the right to read it.
guard-over-limit-run = This run would concern { $people } people: { $brake }. The limit of a run is { $limit } (limits.{ $kind }). --allow { $kind }={ $people } --reason "…" lets it pass.
guard-over-limit-day = In 24 hours this would concern { $people } people: { $brake }. The limit of a day is { $limit } (limits.{ $kind }). --allow { $kind }={ $people } --reason "…" lets it pass.
guard-over-limit-month = In 30 days this would concern { $people } people: { $brake }. The limit of a month is { $limit } (limits.{ $kind }). --allow { $kind }={ $people } --reason "…" lets it pass.
plan-file-io = The plan { $path } cannot be used: { $cause }
plan-file-no-plan = { $path } is not a plan of kadry. Line { $line }, column { $column }: { $fault }
plan-file-cut-off = The plan { $path } ends in line { $line }, before it is complete. Nothing was changed.
plan-file-format = { $path } is written in another way ({ $found }): by another version of kadry, or by something else.
plan-file-edited = The plan { $path } was edited after it was made: what stands in it does not give the hash that stands in it. Nothing was changed.
hint-plan-anew = Make the plan again: kadry plan … --save FILE
guard-suspended = Record { $record } is suspended, and a list does not let people in again by itself: it may be older than their leave. --reactivate lets everybody of the list in again.
guard-known-by-another-id = The store knows whoever has this e-mail by another external id: { $known }. If the e-mail has passed to somebody else, take it from them first: kadry unlink person:{ $known } PROVIDER. If the person has got a new id, correct it where it was given.
guard-concerns = It concerns { $who }. { $why }
guard-exempt = The configuration says that this person is never touched. Take them out of protect.exempt if that is wrong.
guard-last-administrator = Nobody else with open access administers this platform, the service account left aside. Make somebody else an administrator first. To close the other doors now, name their platforms with --on.
guard-last-signer = Nobody else with open access may sign here, the service account left aside. Give somebody else the right to sign first. To close the other doors now, name their platforms with --on.
guard-unknown-successor = Every platform was read, and none of them knows the successor. Check what follows --successor.
guard-cannot-grant = The role gives something of this kind here: { $kind }. { $reason } Give the service account the right, or take it out of the role.
guard-own-successor = The successor is the person who leaves. Name somebody else with --successor.
guard-successor-suspended = The successor's access here is closed, so nothing can be handed over. Open it first, or name somebody else with --successor.
guard-no-successor = There is something to hand over here, and { $found ->
    [0] the successor has no record
   *[other] several records match the successor: { $records }
}. Name somebody else with --successor, or leave it out.
guard-impossible = { $what ->
    [create] A record cannot be created.
    [update] The record cannot be changed.
    [reopen] Access cannot be opened again.
    [suspend] Access cannot be closed.
    [welcome] The role greets people here, and that cannot be done: give the right, or take the greeting out of the role.
   *[other] This cannot be done.
} { $reason }
guard-missing = A record cannot exist without this: { $kind }. Add { $key } to the role, and name the role with --role.
guard-missing-field = A record cannot be made without “{ $field }”. Give it with { $flag }, or write it into the file of the person.
guard-not-known = There is no record of this person here, and “{ $field }”, without which none can be made, is not known. Bring the person in with it: kadry onboard { $whom } { $flag } … --role …{ $options }.
guard-no-key = { $missing ->
    [email] The platform finds people by e-mail, and none is known. Name the person by e-mail, or give --email.
    [external-id] The platform finds people by the employer’s id, and none is known. Name the person as person:ID, or give --external-id.
   *[other] The platform finds people by a key that is not known. Name the person by e-mail or as person:ID.
}
guard-no-such-kind = The role asks for “{ $key }”, which the platform does not have.
guard-not-offered = The platform has no { $kind } “{ $name }”, which the role or the department asks for.
guard-not-offered-out = Correct the name, or make it there first; a missing tag or department is made if the role says create_missing = true.
guard-old-alias = Record { $record } matches only by an address that this person had earlier; it may be somebody else's now. If it is theirs: kadry link { $who } { $provider }:{ $record }{ $options }. If it is somebody else's: kadry unlink { $who } { $provider }{ $options }.
guard-only-one = A person has only one of this: { $kind }. Leave one name in the role.
guard-service-account = This is the service account that kadry works with. Use another account for kadry, then try again.
guard-privileged = The configuration says that this person is touched only with --privileged. Add it if you mean it.
guard-several-matches = Several records match: { $records }. Settle on the platform which of them is this person’s.
guard-strayed = Record { $record }, which was linked to this person, carries other keys now. If it is still theirs: kadry link { $who } { $provider }:{ $record }{ $options }. If it is somebody else's: kadry unlink { $who } { $provider }{ $options }.

# The same guards, when only their names are known
guard-name-administrator = The record administers the platform.
guard-name-ambiguous = The role gives a name that several things carry.
guard-name-bad-grant = The platform would refuse something that the role gives.
guard-name-bad-value = The platform would refuse a value.
guard-name-belongs-to-another = The record carries another external id.
guard-name-cannot-see = The platform does not show what would be overwritten.
guard-name-over-limit = More people would be concerned than the limits allow.
guard-name-suspended = The record is suspended.
guard-name-known-by-another-id = The store knows whoever has this e-mail by another external id.
guard-name-concerns = It concerns somebody who may not be touched.
guard-name-exempt = The configuration says that this person is never touched.
guard-name-impossible = It cannot be done there.
guard-name-last-administrator = Nobody else with open access administers the platform.
guard-name-last-signer = Nobody else with open access may sign there.
guard-name-missing = The role lacks something without which a record cannot exist.
guard-name-missing-field = A value is not given without which a record cannot be made.
guard-name-not-known = A value is not known without which a record cannot be made.
guard-name-no-key = The platform finds people by a key that was not given.
guard-name-no-successor = There is no successor who could take over.
guard-name-unknown-successor = No platform knows the successor.
guard-name-cannot-grant = A right is missing to give what the role asks for.
guard-name-own-successor = The successor is the person who leaves.
guard-name-no-such-kind = The role asks for something that the platform does not have.
guard-name-not-offered = The role gives a name that the platform does not have.
guard-name-old-alias = The record matches only by an address that this person had earlier.
guard-name-only-one = The role gives several of what a person has only one of.
guard-name-privileged = The configuration says that this person is touched only with --privileged.
guard-name-service-account = The record is the service account that kadry works with.
guard-name-several-matches = Several records match.
guard-name-strayed = The record that was linked to this person carries other keys now.

# What people call things
field-department = department
field-email = e-mail
field-external-id = external id
field-first-name = first name
field-last-name = last name
field-middle-name = middle name
field-phone = phone
field-title = title
kind-access-level = access level
kind-chat = chat
kind-department = department
kind-level = level
kind-permission = permission
kind-power-of-attorney = power of attorney
kind-property = custom property
kind-role = role
kind-seen-department = visible department
kind-status = status
kind-subscription = subscription
kind-tag = tag
kind-unit = unit
hint-held = Untie the tag, and everybody of it who is in by nothing else leaves; or take the tag from the person. It is untied by: { $command }
hint-see = See what there is: { $command }
flow-nobody-there = { $provider } has no record of { $who }.
