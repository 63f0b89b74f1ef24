# The commands that only one platform has.

native-again = Whatever is not begun is begun by the same command; what stands is left alone.
native-concerns = { $people ->
    [one] concerns one person
   *[other] concerns { $people } people
}
native-shows-nothing = Nothing is set there: { $what }
native-examples = Examples:
native-flag-all = Read every page, not only the first one
native-flag-allow = Let this run concern more people than the limits say, such as grant=40; give the reason too
native-flag-privileged = Go on even if the record administers its platform
native-flag-provider = The platform, by its name in the configuration; needed where several are of this kind
native-kind = What only { $name } has: { $below }
native-more = { $rows ->
    [one] One row; there are more. --all reads them all.
   *[other] { $rows } rows; there are more. --all reads them all.
}
native-none = There is nothing.
native-not-begun = Not begun: { $people }.
native-now = now: { $value }
native-people = { $people ->
    [one] one person
   *[other] { $people } people
}
native-same-person = { $who } and { $other } are the same person; it is done once.
help-value-moment = MOMENT
help-value-value = VALUE
ndjson-no-list = “{ $command }” prints no rows, so they cannot be printed line by line. Nothing was done.
ndjson-no-list-hint = Leave -o ndjson out, or take -o json. These commands print rows: { $commands }.
provider-choose = Name one with --provider: { $providers }.
provider-none = No platform of the kind “{ $kind }” is configured, or it is switched off.
provider-none-hint = Add one to the configuration: [providers.NAME] with kind = "{ $kind }".
provider-of-another-kind = “{ $provider }” is not of the kind “{ $kind }”.
provider-several = Several platforms of the kind “{ $kind }” are configured.
usage-not-a-moment = “{ $value }” does not fit “{ $argument }”: a moment with its offset is needed, such as 2026-12-31T18:00:00+03:00.
usage-not-a-number = “{ $value }” does not fit “{ $argument }”: a whole number is needed.
usage-unreadable-file = “{ $value }” does not fit “{ $argument }”: { $cause }.

# What does not fit a call of an operation that only one platform has.
own-a-chat-is-renamed-with-id-and-name-or-many-of-them-with-pattern-and-to = one chat is renamed with --id and --name, many of them with --pattern and --to
own-a-chat-would-be-left-without-a-name-or-with-one-that-is-too-long = a chat would be left without a name, or with one that is too long
own-a-message-is-answered-in-its-own-chat-only = a message is answered in its own chat only, so only one --entity_id fits
own-a-number-is-out-of-its-range = a whole number from 1 to { $most } is needed
own-a-part-of-the-id-is-missing = a power of attorney is named by --RegistrationNumber, --IssuerInn and --RepresentativeInn, and none of them may be empty
own-a-reaction-is-exactly-one-emoji = exactly one emoji is needed, such as 👍
own-a-status-is-exactly-one-emoji = exactly one emoji is needed, such as 🏖
own-a-tag-has-no-in-its-name-and-is-not-called-here-or-all = the name of a tag has no @ in it, and is neither here nor all
own-a-unit-cannot-be-moved-below-itself = a unit cannot be moved below itself
own-a-unit-needs-a-name = a unit needs a name
own-an-address-is-json-with-either-russianaddress-or-foreignaddress = an address is JSON with either RussianAddress or ForeignAddress in it
own-an-argument-is-empty = it cannot be empty
own-an-argument-is-given-several-times = it is given once
own-an-argument-is-missing = it must be given
own-an-argument-is-neither-true-nor-false = true or false is needed
own-an-argument-is-none-of-the-words-that-it-may-be = it takes one of the words that the help lists
own-an-argument-is-not-a-moment-as-rfc-3339-spells-it = a moment with its offset is needed, such as 2026-12-31T18:00:00+03:00
own-an-argument-is-not-a-whole-number = a whole number is needed
own-an-argument-is-not-a-whole-number-above-zero = a whole number above zero is needed
own-an-argument-is-too-long = it has { $most } characters at most
own-an-empty-text-is-not-documented-to-clear-anything = it cannot be empty: nothing says that this would clear what is there
own-departments-to-see-need-the-access-level-selecteddepartments = departments to see need --DocumentAccessLevel SelectedDepartments
own-give-either-integration-uid-or-email = give either --integration_uid or --email
own-give-one-of-boxid-orgid-fnsparticipantid-and-inn = give one of --boxId, --orgId, --fnsParticipantId and --inn
own-kpp-goes-beside-inn-only = it goes beside --inn only
own-moving-a-unit-to-the-top-is-not-documented = a unit that stands below another one cannot be moved to the top
own-no-mail-to-turn-on-or-off-was-named = name at least one mail with true or false
own-no-right-to-give-or-take-was-named = name at least one right with true or false, or the access level
own-nobody-is-named = a name or an e-mail is needed
own-nothing-to-change-was-given = say what to change
own-routing-needs-what-it-goes-by = routing by it needs the value
own-somebody-is-named-neither-by-id-nor-by-e-mail = people are named by their id on the platform or by e-mail
own-sorting-downwards-is-not-documented = the platform sorts upwards only
own-the-access-level-selecteddepartments-needs-the-departments-to-see = SelectedDepartments needs --SelectedDepartmentIds as well
own-the-file-cannot-be-read = the file cannot be read
own-the-file-is-empty = the file is empty
own-the-file-is-not-the-one-that-was-meant = the file has changed since the plan was made
own-the-new-name-asks-for-a-group-that-the-pattern-does-not-have = it asks for the group { $group }, which the pattern does not have
own-the-pattern-is-no-regular-expression = it is no regular expression
own-the-picture-is-none-of-jpg-jpeg-png-and-gif = a picture with one of these endings is needed: jpg, jpeg, png, gif
own-the-status-would-be-over-at-once = a moment that is still to come is needed
own-an-argument-is-named-without-its-id = it is named without its id
own-groups-cannot-be-read = its groups cannot be read
own-no-chat-that-can-be-seen-has-this-name = no chat that can be seen has this name
own-no-employee-of-the-box-has-this-login = no employee of the box has this login
own-no-tag-has-this-name = no tag has this name
own-nobody-carries-this-key = nobody has this key
own-nobody-has-this-e-mail = nobody has this e-mail
own-nothing-has-this-name = nothing has this name
own-several-bear-this-name-say-which-one-by-its-id = several bear this name; say which one by its id
own-several-people-carry-this-key = several people have this key
own-several-powers-of-attorney-have-this-number-give-all-parts-of-the-id = several powers of attorney have this number; give the ИНН of both sides too
own-several-things-have-this-name-give-the-whole-path-or-the-id = several bear this name; give the whole path or the id
own-somebody-who-is-suspended-cannot-be-put-into-a-chat = somebody who is suspended cannot be put into a chat
own-the-call-stands-for-many-changes = it stands for many changes
own-the-chat-was-made-but-somebody-was-left-out-of-it = the chat was made, but somebody was left out of it
own-the-department-is-not-there = the department is not there
own-the-employee-has-no-such-power-of-attorney = the employee has no such power of attorney
own-the-employee-is-not-there = the employee is not there
own-the-head-department-cannot-be-changed-or-deleted = the head department cannot be changed or deleted
own-the-list-changed-while-it-was-read-read-it-again = its list changed while it was read; read it again
own-the-operation-has-no-such-argument = the operation has no such argument
own-the-pattern-fits-the-name-of-no-chat = the pattern fits the name of no chat
own-the-platform-has-no-such-operation = there is no such operation
own-the-platform-said-yes-and-kept-another-unit-than-the-one-that-was-asked-for = it said yes and kept another unit than the one that was asked for
own-we-do-not-change-our-own-rights = the service account's own rights are not changed
