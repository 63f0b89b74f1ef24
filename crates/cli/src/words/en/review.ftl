# The access review: everybody against their role.

review-title = Access review
review-column-role = Role
review-column-found = Found
review-column-beyond = Beyond the role
review-column-lacks = Lacking
review-column-besides = Also there, and the role says nothing of it
review-column-rights = Rights and marks
review-column-remarks = Remarks

review-role-given = as our last run gave it
review-role-none = no role
review-role-left = has left
review-role-unknown = no role is known
review-role-unclear = unclear

review-as-role = as the role says
review-no-access = no access, no role
review-set-apart = service account or exempt
review-differs = differs from the role
review-unaccounted = access nobody accounts for
review-unsure = could not be told

review-access-unread = not read
review-access-none = no record
review-thing-record = a record
review-thing-access = access
review-beyond = beyond the role: { $things }
review-lacks = lacks: { $things }

review-administrator = administrator
review-signer = may sign
review-own = service account
review-exempt = exempt
review-privileged = privileged
review-not-registered = has never come in

review-unseen = { $kind }: not known
review-blind = { $kind }: it is not known who has what. { $why }
review-administrators-hidden = The platform does not show who administers it.
review-hidden-from-us = What is not shown of anybody
review-hidden = The platform does not show it to us.
review-two-people = What is given of this person is two people's, as far as the store knows.
review-twice = This record was told to be somebody else's already.
review-twice-line = This record was told to be the person's in line { $line } already.
review-other-key = Record { $record } carries nothing that is known of this person but what stands on another record of theirs. Check whose it is.

review-all-hint = Whoever is as they should be is only counted here. --all shows everybody, and so does --report.
review-silent = These platforms could not be read, so nobody is called clean there:
review-administrators = Administrators
review-signers = People who may sign
review-source = Roles are taken from
review-source-file = the file { $file }
review-source-journal = the last onboarding, transfer or import of each person
review-read = Platforms that were read
review-not-read = Platforms that could not be read
review-people = { $people ->
    [one] { $people } person
   *[other] { $people } people
}
review-narrowed = Only these people are listed
review-narrowed-beyond = who have something beyond their role
review-narrowed-lacks = who lack something
review-narrowed-rights = who administer a platform or may sign there
review-signed = Reviewed by, and when
review-result-clean = Everybody has what their role gives, and nothing else.
review-result-differs = Something differs from the roles. Nothing was changed.
review-result-partial = Something could not be read or told, so this review is not complete. Nothing was changed.
roles-check-no-file = --role is for people whom a file names, and no file is given. Without both the journal says who has which role.
