# Команды, которые есть только на одной платформе.

native-again = Неначатое начнёт та же команда; сделанное она не тронет.
native-concerns = { $people ->
    [one] касается { $people } человека
   *[other] касается { $people } человек
}
native-shows-nothing = Там ничего не задано: { $what }
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
ndjson-no-list-hint = Уберите -o ndjson или возьмите -o json. Строки печатают команды: { $commands }.
provider-choose = Назовите одну ключом --provider: { $providers }.
provider-none = Платформа вида «{ $kind }» не настроена или отключена.
provider-none-hint = Добавьте её в настройки: [providers.ИМЯ] с kind = "{ $kind }".
provider-of-another-kind = «{ $provider }» — платформа не вида «{ $kind }».
provider-several = Настроено несколько платформ вида «{ $kind }».
usage-not-a-moment = «{ $value }» не подходит для «{ $argument }»: нужен момент со смещением, например 2026-12-31T18:00:00+03:00.
usage-not-a-number = «{ $value }» не подходит для «{ $argument }»: нужно целое число.
usage-unreadable-file = «{ $value }» не подходит для «{ $argument }»: { $cause }.

# Что не подходит операции, которая есть только на одной платформе.
own-a-chat-is-renamed-with-id-and-name-or-many-of-them-with-pattern-and-to = один чат переименовывают через --id и --name, несколько — через --pattern и --to
own-a-chat-would-be-left-without-a-name-or-with-one-that-is-too-long = какой-то чат остался бы без названия или со слишком длинным
own-a-message-is-answered-in-its-own-chat-only = ответить на сообщение можно только в его чате, поэтому нужен ровно один --entity_id
own-a-number-is-out-of-its-range = нужно целое число от 1 до { $most }
own-a-part-of-the-id-is-missing = доверенность называют через --RegistrationNumber, --IssuerInn и --RepresentativeInn, и ни одно из них не бывает пустым
own-a-reaction-is-exactly-one-emoji = нужен ровно один эмодзи, например 👍
own-a-status-is-exactly-one-emoji = нужен ровно один эмодзи, например 🏖
own-a-tag-has-no-in-its-name-and-is-not-called-here-or-all = в названии тега нет @, и это не here и не all
own-a-unit-cannot-be-moved-below-itself = отдел нельзя переместить в самого себя
own-a-unit-needs-a-name = отделу нужно название
own-an-address-is-json-with-either-russianaddress-or-foreignaddress = адрес — это JSON, в котором есть либо RussianAddress, либо ForeignAddress
own-an-argument-is-empty = значение не может быть пустым
own-an-argument-is-given-several-times = указывается один раз
own-an-argument-is-missing = без этого нельзя
own-an-argument-is-neither-true-nor-false = нужно true или false
own-an-argument-is-none-of-the-words-that-it-may-be = нужно одно из слов, которые перечислены в справке
own-an-argument-is-not-a-moment-as-rfc-3339-spells-it = нужен момент со смещением, например 2026-12-31T18:00:00+03:00
own-an-argument-is-not-a-whole-number = нужно целое число
own-an-argument-is-not-a-whole-number-above-zero = нужно целое число больше нуля
own-an-argument-is-too-long = не больше { $most } знаков
own-an-empty-text-is-not-documented-to-clear-anything = значение не может быть пустым: нигде не сказано, что так можно что-то очистить
own-departments-to-see-need-the-access-level-selecteddepartments = доступные подразделения указывают вместе с --DocumentAccessLevel SelectedDepartments
own-give-either-integration-uid-or-email = нужно либо --integration_uid, либо --email
own-give-one-of-boxid-orgid-fnsparticipantid-and-inn = нужно что-то одно из --boxId, --orgId, --fnsParticipantId и --inn
own-kpp-goes-beside-inn-only = указывается только вместе с --inn
own-moving-a-unit-to-the-top-is-not-documented = отдел, который стоит в другом, нельзя переместить на верхний уровень
own-no-mail-to-turn-on-or-off-was-named = назовите хотя бы одно письмо и true или false
own-no-right-to-give-or-take-was-named = назовите хотя бы одно право и true или false либо уровень доступа
own-nobody-is-named = нужны имя или почта
own-nothing-to-change-was-given = укажите, что изменить
own-routing-needs-what-it-goes-by = для такой маршрутизации нужно само значение
own-somebody-is-named-neither-by-id-nor-by-e-mail = людей называют по id на платформе или по почте
own-sorting-downwards-is-not-documented = платформа сортирует только по возрастанию
own-the-access-level-selecteddepartments-needs-the-departments-to-see = для SelectedDepartments нужен и --SelectedDepartmentIds
own-the-file-cannot-be-read = файл не читается
own-the-file-is-empty = файл пустой
own-the-file-is-not-the-one-that-was-meant = файл изменился с тех пор, как был составлен план
own-the-new-name-asks-for-a-group-that-the-pattern-does-not-have = здесь нужна группа { $group }, а в выражении её нет
own-the-pattern-is-no-regular-expression = это не регулярное выражение
own-the-picture-is-none-of-jpg-jpeg-png-and-gif = нужна картинка с одним из расширений: jpg, jpeg, png, gif
own-the-status-would-be-over-at-once = нужен момент, который ещё не наступил
own-an-argument-is-named-without-its-id = нет идентификатора
own-groups-cannot-be-read = группы в выражении не читаются
own-no-chat-that-can-be-seen-has-this-name = чата с таким названием не видно
own-no-employee-of-the-box-has-this-login = сотрудника с таким логином в ящике нет
own-no-tag-has-this-name = тега с таким названием нет
own-nobody-carries-this-key = никого с таким ключом нет
own-nobody-has-this-e-mail = никого с такой почтой нет
own-nothing-has-this-name = с таким названием ничего нет
own-several-bear-this-name-say-which-one-by-its-id = такое название у нескольких; укажите id нужного
own-several-people-carry-this-key = такой ключ у нескольких человек
own-several-powers-of-attorney-have-this-number-give-all-parts-of-the-id = доверенностей с таким номером несколько; укажите и ИНН обеих сторон
own-several-things-have-this-name-give-the-whole-path-or-the-id = такое название у нескольких; укажите весь путь или id
own-somebody-who-is-suspended-cannot-be-put-into-a-chat = отключённого сотрудника нельзя добавить в чат
own-the-call-stands-for-many-changes = это сразу много изменений
own-the-chat-was-made-but-somebody-was-left-out-of-it = чат создан, но кто-то в него не попал
own-the-department-is-not-there = подразделения нет
own-the-employee-has-no-such-power-of-attorney = такой доверенности у сотрудника нет
own-the-employee-is-not-there = сотрудника нет
own-the-head-department-cannot-be-changed-or-deleted = головное подразделение нельзя изменить или удалить
own-the-list-changed-while-it-was-read-read-it-again = список изменился во время чтения; прочитайте ещё раз
own-the-operation-has-no-such-argument = такого аргумента у операции нет
own-the-pattern-fits-the-name-of-no-chat = под выражение не подходит ни один чат
own-the-platform-has-no-such-operation = такой операции нет
own-the-platform-said-yes-and-kept-another-unit-than-the-one-that-was-asked-for = она ответила согласием, но отдел не такой, как просили
own-we-do-not-change-our-own-rights = права самой служебной учётной записи не меняются
