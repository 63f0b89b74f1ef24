# Whose a record is.

link-title = Link record { $record } to { $who }
link-name = name
link-person = person
link-person-known = known to the store by: { $keys }
link-person-new = new to the store, will be remembered by: { $keys }
link-gained = found by, from now on
link-store-only = Only kadry’s own store changes; nothing is written to any platform.
link-done = Record { $record } is linked to { $who }. Nothing was written to any platform.
link-already = Record { $record } is linked to { $who } already. Nothing was changed.
question-link = Link this record?

link-nothing-changed = Nothing was changed.
link-not-a-record = “{ $typed }” is not a record: a platform, a colon and the id of a record there are expected.
link-not-a-record-hint = Name the record as messenger:1042. kadry show{ $options } tells the ids of somebody’s records.
link-service-account = Record { $record } is the service account that kadry works with. It belongs to no person.
link-of-another = Record { $record } is linked to another person already, who is known by: { $other }.
link-unlink-hint = First: kadry unlink { $who } { $provider }{ $options }
link-key-of-another = Record { $record } carries { $key }, and that key leads to another person, who is known by: { $other }. With this link two people would become one.
link-key-of-another-hint = If the record is that person’s: kadry link { $other } { $record }{ $options }. What is known of them: kadry show { $other }{ $options }
link-another-record = { $who } is linked to another record of the same platform: { $another }.
link-two-records = { $another } and { $record } are two records of one platform, and a person has only one there. Name the person in another way.
link-nameless = Record { $who } carries neither an e-mail nor an external id, so nothing would lead to the person.
link-unknown-person = The store knows nobody as { $who }, so there is nothing to unlink.
link-nobody-to-ask = There is nobody to ask whether the store should be changed; nothing was changed.
link-nobody-to-ask-hint = Add --yes to change it without a question, or --plan-only to see what would change.

unlink-title = Unlink record { $record } from { $who }
unlink-title-unlinked = Record { $record } is not linked to { $who } and is found only by an earlier key, which is forgotten
unlink-lost = leads to the person no more
unlink-kept = stays
unlink-kept-given = { $key }: the person is named by it in this command. As long as the record carries it, flows find the record. To forget it too, name the person in another way.
unlink-kept-elsewhere = { $key }: another record of the person carries it.
unlink-kept-last = { $key }: it is the last key, and without it nobody could name the person.
unlink-done = Record { $record } is not { $who }’s any more. Nothing was written to any platform.
unlink-nothing = No record on { $provider } is linked to { $who }, and none is found there by an earlier key alone. Nothing was changed.
question-unlink = Forget this?

show-aliases = Remembered by: { $keys }
show-link-unused = { $id }, a link of another account ({ $tenant }), not used; last seen { $at }

offboard-own-successor = The successor is the person who leaves: { $who }.
offboard-own-successor-hint = Name somebody else with --successor, or leave it out.
