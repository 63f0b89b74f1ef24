# What the doctor says.

check-configuration = Configuration
check-store = Store
check-protect = Protected people
check-ok = ok
check-note = note
check-warning = warning
check-failure = FAILURE
check-next = Next: { $hint }
check-all-well = Everything is in order.
check-counted = Failures: { $failures }. Warnings: { $warnings }.
check-size = { $number } { $unit ->
    [kilo] kB
   *[mega] MB
}

# The configuration
check-config-read = { $path } can be used.
check-config-ours = Other users cannot change it.
check-config-foreign = { $path } belongs to another user, who can change it at any time. It decides where secrets are sent.
check-config-folder = Every user of this system can put another file into { $path } and so replace the configuration.
check-limits-none = No [limits] are set. The built-in ones hold: when access is closed, reopened or taken, 10 people in a run, 20 in a day, 60 in a month; when records are removed, 3, 5 and 20.
check-limits-set = [limits] says { $limits }. What it does not say has its built-in number.
check-limits-parts = [limits] says { $limits }: of so many people as there were when all were last counted, which import, reconcile and apply do. Until the first count the built-in number holds.
check-hint-own = chown "$USER" { $path }
check-hint-folder = Move the configuration into a folder in which nobody else can write, and name it with --config.

# The store
check-store-none = There is no store yet. The first run makes it: { $path }
check-store-unmakeable = There is no store yet, and the first run could not make { $path }. { $cause }
check-store-writable = The next run can write into it.
check-store-facts = { $path }: { $size }, people: { $people }, runs: { $runs }, since { $since }.
check-store-whole = It was read through and is whole.
check-store-too-large = It is larger than { $size } and was not read through.
check-store-private = Only its owner can read it.
check-store-shared = Other users can read it, names and addresses included. The next run takes that away from them.
check-store-local = It lies on a local disk.
check-store-remote = It seems to lie on a share of another machine, where the locks between processes may not hold.
check-disk = { $free } are free on its disk.
check-disk-scarce = Only { $free } are free on its disk. A run that cannot be written down is not done.
check-runs-ended = No run waits for anybody.
check-runs-open = { $runs ->
    [one] { $runs } run waits: it has not come to its end, was only partly done, or asks what became of a step.
   *[other] { $runs } runs wait: they have not come to their end, were only partly done, or ask what became of a step.
}
check-kept-private = { $files ->
    [one] The file beside it that keeps a token is readable by its owner alone.
   *[other] The { $files } files beside it that keep tokens are readable by their owner alone.
}
check-kept-shared = Other users can read { $path }, which keeps a token.
check-hint-shared = Look for what changed its mode: a copy, a backup, another umask.
check-hint-space = Free space there, or put the store on another disk with --store.
check-hint-local = Put the store on a local disk, with --store.
check-hint-runs = kadry runs resume --all{ $options }

# The secrets
check-secret-env = { $name } comes from the variable { $variable }.
check-secret-file = { $name } comes from { $path }, which its owner alone can read.
check-secret-keyring = { $name } comes from the keyring of the system.

# A platform
check-answered = It answered in { $took } ms.
check-credential = It accepts the credential.
check-credential-administrator = It accepts the credential, which administers it.
check-credential-plain = It accepts the credential, which does not administer it.
check-tenant-first = The store remembers no account here yet. This one is { $tenant }.
check-tenant-known = The account is the one that the store remembers: { $tenant }.
check-tenant-other = The account is { $tenant }, and the store remembers { $known }. What it knows of records there is not used: people are looked for by their keys.
check-clock-untold = It does not say what time it is there.
check-clock-agrees = Its clock and ours agree.
check-clock-off = Its clock is { $seconds } s { $side ->
    [ahead] ahead of ours
   *[behind] behind ours
}.
check-expiry-untold = It does not say when the credential ends.
check-expiry = The credential lasts until { $at }, { $days ->
    [0] less than a day
    [one] { $days } day
   *[other] { $days } days
} more.
check-expiry-ended = The credential ended at { $at }.
check-hint-reach = Check the address in the configuration, the network and the proxy; if all is well there, wait and check again.
check-hint-wait = There is nothing to mend: wait as long as it asks, then check again.
check-hint-credential = Put a valid secret where the configuration says, then check again.
check-hint-settings = Compare the settings of the platform in the configuration with what its administrator gave you.
check-hint-tenant = If the change was not meant, check the address and the secret. If it was, the next run remembers the new account.
check-hint-clock = Set the clock of this machine by the network: timedatectl set-ntp true
check-hint-expiry = Get a new one on the platform, put it where the configuration says, then check again.

# Flows
check-flow-onboard = onboard
check-flow-offboard = offboard
check-flow-remove = offboard --remove
check-flow-successor = offboard --successor
check-flow-welcome = the welcome
check-flow-lost-welcome = looking whether a welcome arrived
check-flow-works = { $flow }: works.
check-flow-mostly = { $flow }: works, as far as it is possible there. What is not: { $lacks }
check-flow-never = { $flow }: not possible there. { $lacks }
check-flow-partly = { $flow }: works in part. What fails: { $lacks }
check-flow-fails = { $flow }: fails. Why: { $lacks }
check-lack = { $what }: { $why }
check-see = see: { $kind }
check-revoke = take away: { $kind }
check-hint-rights = Ask the administrator of the platform to give the credential what it lacks.

# Roles and protected people
check-role-known = role { $role }: all its names are known there.
check-roles-known = { $roles ->
    [one] { $roles } role: all its names are known there.
   *[other] { $roles } roles: all their names are known there.
}
check-role-wrong = role { $role }: nobody can be brought in with it. { $what }
check-role-unread = role { $role }: its names could not be looked up. { $cause }
check-hint-role = Write the names in the configuration as they are on the platform, or make on the platform what is missing.
check-hint-role-of-nothing = Give the role a section for a platform that is switched on, or take the role out.
check-protect-known = protect.{ $list }: every address is somebody's.
check-protect-nobody = protect.{ $list }: nobody has these addresses on any platform, so they protect nobody: { $emails }
check-protect-unread = protect.{ $list }: not every platform was read, and nobody was found yet with { $emails }
check-hint-protect = Look for a slip of the pen, or take the addresses out.
