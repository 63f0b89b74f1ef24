# What a platform answers, and what we say of it ourselves. The part that varies stands in “detail”: it is empty or in brackets.

answer-status = it answered { $status }
answer-status-said = it answered { $status }: “{ $said }”
answer-silence = no answer within { $seconds } s
answer-misshapen = its answer is not of the documented shape: line { $line }, column { $column }
answer-without-member = “{ $member }” is missing in its answer: line { $line }, column { $column }
answer-in-other-words = “{ $said }”
effect-applied = The platform did something, but not what was asked.
effect-unknown = It is not known whether the platform has done it. The next run looks first.
platform-billing = The platform asks to be paid, or has no licence left{ $detail }. Its administrator must act.
platform-config = The settings of the platform cannot be used{ $detail }.
platform-conflict = The state of the record does not allow it{ $detail }.
platform-forbidden = The credential lacks a right{ $detail }. The platform's administrator can give it.
platform-invalid = The platform refuses a value{ $detail }.
platform-not-found = The record is not there{ $detail }.
platform-protocol = The platform answered something that its documents do not allow{ $detail }.
platform-rate-limited = Too many requests for the platform{ $detail }.
platform-fields = Not as asked: { $fields }.
platform-kept = What this platform needs to stay signed in is kept beside the store, and { $path } cannot be used for that: { $cause }. Get the right to read and write there, or name another place with --store.
platform-request = For the vendor's support: request { $id }.
platform-retry-after = It asked to wait { $seconds } s.
platform-unauthenticated = The platform does not accept the credential{ $detail }. Check the secret in the configuration.
platform-unavailable = The platform cannot be reached or is faulty{ $detail }.
platform-unsupported = The platform cannot do this{ $detail }.

# What we say ourselves, under the words by which the code says it
own-a-guard-says-no = a guard says no
own-a-name-needs-both-the-last-and-the-first-name = both the last and the first name are needed
own-a-page-of-the-list-repeats-the-ones-before-it = a page of its list repeats the ones before it
own-a-record-cannot-be-made-without-this = a record cannot be made without this
own-a-record-needs-a-login-that-is-an-e-mail-address = the login must be an e-mail address
own-an-id-in-the-path-is-empty-or-made-of-dots = an id is empty or made of dots
own-the-platform-is-not-configured-or-is-switched-off = it is not configured, or is switched off
own-an-interrupted-step-of-this-person-could-not-be-looked-for = it could not be found out what became of a step that was interrupted
own-base-url-is-not-an-address = base_url is not an address
own-base-url-is-not-the-address-of-a-server = base_url is not the address of a server
own-email-is-not-the-e-mail-of-a-service-account = email is not an e-mail address
own-no-answer-in-time-the-door-does-not-wait = no answer in time, and closing access does not wait
own-no-request-may-leave = no more requests are sent
own-no-such-operation = there is no such operation
own-nobody-can-be-invited-without-an-e-mail = nobody can be invited without an e-mail
own-nothing-on-this-platform-has-this-id = nothing there has this id
own-powers-of-attorney-are-still-attached = powers of attorney are still attached
own-secure-connections-cannot-be-set-up = secure connections cannot be set up
own-several-departments-have-this-name = several departments have this name
own-several-employees-have-this-login = several employees have this login
own-several-records-match-so-nobody-can-tell-which-one-was-meant = several records match, so nobody can tell which one was meant
own-signing-in-failed-a-moment-ago = signing in failed a moment ago
own-the-address-of-the-proxy-cannot-be-used = the address of the proxy cannot be used
own-the-answer-broke-off = the answer broke off
own-the-answer-did-not-arrive = the answer did not arrive
own-the-answer-is-too-long-to-be-true = the answer is too long to be true
own-the-base-address-does-not-begin-with-https = the address does not begin with https://
own-the-base-address-goes-on-after-its-path = the address goes on after its path
own-the-base-address-holds-a-password = a password stands in the address
own-the-base-address-is-plain-http-which-sends-secrets-in-the-clear = the address is plain http://, which sends secrets in the clear
own-the-certificate-of-the-platform-is-not-trusted = its certificate is not trusted; if your organisation signs it, name the authority in ca_file
own-the-certificates-cannot-be-read-as-pem = the certificates in ca_file cannot be read as PEM
own-the-department-above-it-is-not-there = the department above it is not there
own-the-department-exists = the department is there already
own-the-file-of-certificates-has-no-certificate-in-it = the file ca_file has no certificate in it
own-the-list-changed-each-time-while-it-was-read-so-nobody-can-tell-what-is-on-it = its list changed each time it was read, so nobody can tell what is on it
own-the-list-does-not-say-whether-it-goes-on = its list does not say whether it goes on
own-the-list-goes-on-but-the-cursor-of-its-next-page-is-missing = its list goes on, but does not say where
own-the-list-repeats-a-cursor-and-would-never-end = its list comes back to the same page and would never end
own-the-platform-answered-with-other-values-than-it-was-asked-for = it shows other values than it was asked for
own-the-platform-asked-for-a-long-pause-and-it-is-not-over = it asked for a long pause, which is not over
own-the-platform-cannot-be-reached = there is no connection to it
own-the-platform-did-not-store-what-was-sent = it did not store what was sent
own-the-platform-does-not-know-the-unit-or-the-role = it does not know the unit or the role
own-the-platform-has-no-such-field = it has no such field
own-the-platform-hides-from-us-what-people-are-matched-by-so-nobody-is-proven-to-be-absent = it hides what people are matched by, so nobody is proven to be absent
own-the-platform-knows-no-id-of-the-employer-s = it knows no id of the employer's
own-the-platform-lists-nobody = it lists nobody
own-the-platform-made-a-department-of-another-name-or-in-another-place = it made a department of another name or in another place
own-the-platform-made-another-unit-than-the-one-that-was-asked-for = it made another unit than the one that was asked for
own-the-platform-refused-the-e-mail-and-password-of-the-service-account = it refused the e-mail and the password of the service account
own-the-platform-said-yes-and-shows-no-such-record = it said yes and shows no such record
own-the-platform-said-yes-and-shows-no-such-unit = it said yes and shows no such unit
own-the-record-has-changed-since-the-plan-was-approved = the record has changed since the plan was approved
own-the-record-is-gone = the record is gone
own-the-record-is-still-there-after-it-was-deleted = the record is still there after it was deleted
own-the-record-was-made-and-clashes-with-another-one = the record was made and clashes with another one
own-the-role-has-no-section-for-this-platform = the role has no section for this platform
own-the-session-cannot-be-sent = the session that it opened cannot be sent
own-the-session-cannot-be-written = the session cannot be written down
own-the-sign-in-answered-without-a-header = a header is missing in the answer to signing in
own-the-sign-in-brought-no-access-token = signing in brought no access token
own-the-sign-in-was-cut-off = signing in was cut off
own-the-step-is-about-nobody = the step is about nobody
own-the-tag-has-another-name-than-was-sent = the tag has another name than was sent
own-the-token-has-characters-that-cannot-be-sent = the token has characters that cannot be sent
own-the-tokens-cannot-be-written-as-text = the tokens cannot be written down as text
own-the-unit-above-does-not-exist = the unit above it is not there
own-the-unit-exists = the unit is there already
own-this-is-the-service-account-itself = this is the service account itself
own-we-are-blocked-in-the-box = the service account is blocked in the box
own-we-are-no-employee-of-the-box = the service account is no employee of the box

# Names that are typed to the commands that only one platform has
thing-none = There is no { $thing ->
    [tag] tag
    [chat] chat
    [unit] unit
    [role] role
    [level] level
    [department] department
    [power-of-attorney] attached power of attorney
   *[other] thing
} “{ $typed }”.
thing-near = Near: { $near }.
thing-several = Several { $thing ->
    [tag] tags
    [chat] chats
    [unit] units
    [role] roles
    [level] levels
    [department] departments
    [power-of-attorney] powers of attorney
   *[other] things
} are called “{ $typed }”: { $ids }. Say which one by its id.
thing-held = A tag that is tied to the chat holds the person in it: { $tags }. The platform would say yes and remove nobody.
