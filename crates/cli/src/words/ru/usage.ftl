# Что не так в набранной команде.

usage-call-unfit = «{ $argument }»: { $cause }.
usage-call-value = Значение «{ $value }» не подходит для «{ $argument }»: { $cause }.
usage-command-help = Ключи этой команды: { $command } --help
usage-conflict = «{ $argument }» нельзя указать вместе с этим: { $others }.
usage-missing = Не указано то, без чего команда не работает:
usage-nearest = Возможно, имелось в виду «{ $nearest }»?
usage-no-command = Не указано, что делать. Есть команды: { $commands }.
usage-no-value = После «{ $argument }» нужно значение.
usage-possible = Возможные значения: { $values }.
usage-too-many = Значение «{ $value }» лишнее: для «{ $argument }» оно уже не нужно.
usage-twice = «{ $argument }» можно указать только один раз.
usage-unknown-argument = Нет такого ключа или аргумента: «{ $argument }».
usage-unknown-command = Нет такой команды: «{ $command }».
usage-wrong-address = Значение «{ $value }» не подходит для «{ $argument }»: нужны адрес и порт, например 127.0.0.1:8100.
usage-wrong-number = Значение «{ $value }» не подходит для «{ $argument }»: нужно целое число не меньше нуля.
usage-wrong-range = Значение «{ $value }» не подходит для «{ $argument }»: нужно целое число не меньше { $least }.
usage-wrong-value = Значение «{ $value }» не подходит для «{ $argument }».
usage-wrong-value-why = Значение «{ $value }» не подходит для «{ $argument }»: { $cause }
