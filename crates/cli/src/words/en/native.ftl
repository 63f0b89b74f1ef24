# The commands that only one platform has.

native-again = Whatever is not begun is begun by the same command; what stands is left alone.
native-concerns = { $people ->
    [one] concerns one person
   *[other] concerns { $people } people
}
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
native-noun = What can be done with { $name }: { $below }
native-now = now: { $value }
native-people = { $people ->
    [one] one person
   *[other] { $people } people
}
native-same-person = { $who } and { $other } are the same person; it is done once.
help-value-moment = MOMENT
help-value-value = VALUE
ndjson-no-list = “{ $command }” prints no rows, so they cannot be printed line by line. Nothing was done.
ndjson-no-list-hint = Leave -o ndjson out, or take -o json.
provider-choose = Name one with --provider: { $providers }.
provider-none = No platform of the kind “{ $kind }” is configured, or it is switched off.
provider-none-hint = Add one to the configuration: [providers.NAME] with kind = "{ $kind }".
provider-of-another-kind = “{ $provider }” is not of the kind “{ $kind }”.
provider-several = Several platforms of the kind “{ $kind }” are configured.
usage-not-a-moment = “{ $value }” does not fit “{ $argument }”: a moment with its offset is needed, such as 2026-12-31T18:00:00+03:00.
usage-not-a-number = “{ $value }” does not fit “{ $argument }”: a whole number is needed.
usage-unreadable-file = “{ $value }” does not fit “{ $argument }”: { $cause }.
