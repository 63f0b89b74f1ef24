# What is wrong with what was typed.

usage-call-unfit = “{ $argument }”: { $cause }.
usage-call-value = “{ $value }” does not fit “{ $argument }”: { $cause }.
usage-command-help = The flags of this command: { $command } --help
usage-conflict = “{ $argument }” cannot be given together with this: { $others }.
usage-missing = The command does not work without:
usage-nearest = Did you mean “{ $nearest }”?
usage-no-command = It is not said what to do. The commands are: { $commands }.
usage-no-value = “{ $argument }” needs a value.
usage-possible = Possible values: { $values }.
usage-too-many = The value “{ $value }” is one too many: “{ $argument }” needs no more.
usage-twice = “{ $argument }” can be given only once.
usage-unknown-argument = There is no flag or argument “{ $argument }” here.
usage-unknown-command = There is no command “{ $command }”.
usage-wrong-address = “{ $value }” does not fit “{ $argument }”: an address and a port are needed, such as 127.0.0.1:8100.
usage-wrong-number = “{ $value }” does not fit “{ $argument }”: a whole number that is not negative is needed.
usage-wrong-range = “{ $value }” does not fit “{ $argument }”: it takes a whole number not below { $least }.
usage-wrong-value = “{ $value }” does not fit “{ $argument }”.
usage-wrong-value-why = “{ $value }” does not fit “{ $argument }”: { $cause }
