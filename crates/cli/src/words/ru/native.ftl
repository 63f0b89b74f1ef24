# Команды, которые есть только на одной платформе.

native-again = Неначатое начнёт та же команда; сделанное она не тронет.
native-concerns = { $people ->
    [one] касается { $people } человека
   *[other] касается { $people } человек
}
native-examples = Примеры:
native-flag-all = Прочитать все страницы, а не только первую
native-flag-allow = Разрешить этому запуску затронуть больше людей, чем разрешают пределы, например grant=40; укажите и причину
native-flag-privileged = Продолжить, даже если этот человек — администратор платформы
native-flag-provider = Имя платформы в настройках; нужно, если платформ этого вида несколько
native-kind = Что есть только на { $name }: { $below }
native-more = { $rows ->
    [one] { $rows } строка, и это не всё. Прочитать всё: --all.
    [few] { $rows } строки, и это не всё. Прочитать всё: --all.
   *[other] { $rows } строк, и это не всё. Прочитать всё: --all.
}
native-none = Ничего нет.
native-not-begun = Не начато: { $people }.
native-noun = Что можно сделать с { $name }: { $below }
native-now = сейчас: { $value }
native-people = { $people ->
    [one] { $people } человек
    [few] { $people } человека
   *[other] { $people } человек
}
native-same-person = { $who } и { $other } — один и тот же человек; делается один раз.
help-value-moment = МОМЕНТ
help-value-value = ЗНАЧЕНИЕ
ndjson-no-list = «{ $command }» не печатает строк, поэтому построчно их не напечатать. Ничего не сделано.
ndjson-no-list-hint = Уберите -o ndjson или возьмите -o json.
provider-choose = Назовите одну ключом --provider: { $providers }.
provider-none = Платформа вида «{ $kind }» не настроена или отключена.
provider-none-hint = Добавьте её в настройки: [providers.ИМЯ] с kind = "{ $kind }".
provider-of-another-kind = «{ $provider }» — платформа не вида «{ $kind }».
provider-several = Настроено несколько платформ вида «{ $kind }».
usage-not-a-moment = «{ $value }» не подходит для «{ $argument }»: нужен момент со смещением, например 2026-12-31T18:00:00+03:00.
usage-not-a-number = «{ $value }» не подходит для «{ $argument }»: нужно целое число.
usage-unreadable-file = «{ $value }» не подходит для «{ $argument }»: { $cause }.
