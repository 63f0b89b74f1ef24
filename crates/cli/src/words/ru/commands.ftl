# Что говорят команды.

hint = Подсказка: { $hint }
usage-hint = kadry --help перечислит команды, а kadry КОМАНДА --help — её ключи.
bug = kadry остановилась из-за собственной ошибки: { $place }. Всё, что записано в журнал до этого, сохранено.
bug-hint = Та же команда продолжит с того же места. Пожалуйста, сообщите нам это место.
halting = Завершение: новые запросы не отправляются, ответов на отправленные ещё ждём. Ctrl-C ещё раз — завершить сразу.
interrupted-early = Прервано: ничего не изменено.
interrupted = Прервано. Всё, что сделано, записано в журнал; запросы, на которые не успел прийти ответ, следующая команда сначала проверит.
interrupted-hint =
    Продолжить одобренное:
    {"  "}kadry runs resume --all{ $options }
    Или составить план заново:
    {"  "}{ $command }
interrupted-resume-hint = Продолжить: kadry runs resume --all{ $options }
no-document = Ответ не удаётся записать как JSON: { $fault }
no-output = Ответ не удаётся вывести: { $fault }
no-output-hint = Что сделал запуск, покажет kadry runs show{ $options }.
no-runtime = Система не даёт программе запустить потоки: { $fault }

config-used = Настройки: { $path }
store-is-new = Создано новое хранилище, его счётчики начинаются с нуля: { $path }
runs-asking = { $runs ->
    [one] Один запуск спрашивает, чем закончился шаг
    [few] { $runs } запуска спрашивают, чем закончился шаг, самый старый
   *[other] { $runs } запусков спрашивают, чем закончился шаг, самый старый
}: { $run }, { $what }. О чём вопрос: kadry runs show { $run }{ $options }
allow-unusable = «{ $typed }» ничего не разрешает: ключу --allow нужны вид изменения и число людей, например suspend=40.
allow-unusable-hint = Виды изменений: { $kinds }.
brake-create = создание записей
brake-update = изменение записей
brake-grant = выдача прав
brake-revoke = снятие прав
brake-suspend = закрытие доступа
brake-reactivate = возврат доступа
brake-remove = удаление записей
runs-open = Продолжить незавершённое: kadry runs resume --all{ $options }
runs-unfinished = { $runs ->
    [one] В хранилище есть незавершённый запуск
    [few] В хранилище { $runs } незавершённых запуска, самый старый
   *[other] В хранилище { $runs } незавершённых запусков, самый старый
}: { $run }, { $what }. Продолжить: kadry runs resume --all{ $options }

bad-email = «{ $typed }» — не адрес электронной почты.
bad-email-too-long = Адрес электронной почты не бывает таким длинным: в нём не больше 254 знаков, из них до «@» — не больше 64.
bad-email-hint = Напишите адрес так: anna@example.test
value-unseen = { $place }: в значении есть перевод строки или другой невидимый знак. Напишите его одной строкой, без таких знаков.
value-too-long = { $place }: значение длиннее { $most } знаков.
value-no-phone = { $place }: это не номер телефона. В нём от 5 до 20 цифр, а кроме них — только пробелы, дефисы, точки, скобки и «+» в начале.
who-unclear = Непонятно, о ком речь: «{ $typed }».
who-by-name = Найти человека по имени: kadry people { $query }{ $options }
who-forms = Назовите человека так: anna@example.test, или person:1042 (табельный номер), или messenger:77 (настроенная платформа и номер записи на ней).
onboard-no-key = Не указаны ни почта, ни табельный номер: человека не найти и не отличить от других.
onboard-no-key-hint = Укажите --email или --external-id либо файл, в котором есть одно из них.
transfer-nothing = Не указаны ни роль, ни отдел, ни должность: менять нечего.
transfer-nothing-hint = Укажите --role, --department или --title.
transfer-nowhere-hint = Кого ещё нигде нет, того принимают: kadry onboard { $whom } --role …{ $options }

csv-no-list = Команда «{ $command }» не печатает списка, поэтому вывести её в CSV нельзя. Ничего не сделано.
csv-no-list-hint = Уберите -o csv или укажите -o json. Списки печатают команды: { $commands }.

yes = Да
no = Нет
access-open = открыт
access-suspended = закрыт

sight-unread = не удалось прочитать
sight-nobody = записи нет
column-record = Запись
column-access = Доступ
column-name = Имя
column-email = Почта
column-run = Запуск
column-started = Начат
column-what = Что
people-count = { $people ->
    [0] Никого не найдено
    [one] { $people } человек
    [few] { $people } человека
   *[other] { $people } человек
}
platforms-silent = Эти платформы не удалось прочитать, в таблице их нет:

show-access = доступ
show-mark = отметка
show-links = Известные записи
show-link = { $id }, последний раз { $at }
show-runs = Последние запуски
show-unseen = платформа сейчас этого не показывает
mark-administrator = администратор этой платформы
mark-signer = может подписывать документы

provider-title = { $provider } ({ $kind })
provider-reachable = Доступна.
provider-administrator = учётная запись — администратор
provider-expires = учётные данные действуют до
answer-why = { $answer }. { $why }
can-list = перечислить всех
can-create = создать запись
can-update = изменить запись
can-suspend = закрыть доступ
can-reopen = снова открыть доступ
can-remove = удалить запись навсегда
can-notify = написать человеку
can-grant = выдать: { $kind }
create-notice-unless-quiet = Человеку придёт письмо, если в роли не сказано invite = false.
create-notice-always = Человеку всегда приходит письмо.
create-notice-never = Человеку ничего не приходит.
grant-on-create = Только вместе с новой записью.
grant-on-update = Вместе с записью, когда она уже создана.
grant-with-record = Вместе с записью.
grant-alone = Отдельно.

runs-none = Запусков в хранилище пока нет.
run-what = { $flow ->
    [onboard] выдача доступа
    [offboard] закрытие доступа
    [native] операция
    [departments] приведение подразделений к файлу
    [transfer] перевод
    [undo] отмена запуска
   *[other] { $flow }
} — { $person }
run-brief = { $flow ->
    [onboard] выдача
    [offboard] закрытие
    [native] операция
    [departments] подразделения
    [transfer] перевод
    [undo] отмена
   *[other] { $flow }
}: { $person }
resume-none = Незавершённых запусков нет.
resume-asking = Запуск { $run } ({ $what }) спрашивает, чем закончился шаг: kadry runs show { $run }{ $options }
resume-which = Какой запуск продолжить? Назовите его или укажите --all.
resume-which-hint = Список запусков: kadry runs{ $options } — продолжить все незавершённые: kadry runs resume --all{ $options }
resume-cut-short = Запуск { $run } ({ $what }) выполнен частично, и открытого в нём нет.
resume-nothing-open = Запуск { $run } — { $state }: продолжать нечего.
resume-not = Запуск { $run } ({ $what }) не продолжен. { $why }
settled-done = Шаг { $step } ({ $named }, { $person }) запуска { $run } записан как сделанный. Продолжить: kadry runs resume { $run }{ $options }
settled-undone = Шаг { $step } ({ $named }, { $person }) запуска { $run } записан как не сделанный. Сделать его: kadry runs resume { $run }{ $options }
abandoned = Запуск { $run } закончен. То, что в нём осталось открытым, больше не выполняется; что сделано, остаётся сделанным.
question-abandon = Закончить запуск { $run } ({ $what }) навсегда? [да/нет]
abandon-nobody-to-ask = Некого спросить, закончить ли запуск; ничего не изменено.
abandon-nobody-to-ask-hint = Добавьте --yes, чтобы закончить его без вопроса.
events-title = Что происходило, по порядку:
event-of-step = { $provider }, шаг { $step } ({ $what }): { $happened }
event-before = До этого: { $image }.
event-after = После этого платформа показала: { $image }.
event-not-before = Повторить не раньше { $at }.
event-started = запрос уходит.
event-done = платформа ответила, что сделано.
event-failed = не сделано, и в этом запуске больше не повторяется.
event-held = не сделано; позже можно повторить.
event-lost = ответ потерян; запрос мог подействовать.
event-found-done = проверка показала, что запрос подействовал.
event-found-undone = проверка показала, что запрос не подействовал.
event-said-found-done = { $actor } проверил(а) и говорит, что запрос подействовал.
event-said-found-undone = { $actor } проверил(а) и говорит, что запрос не подействовал.
event-said-superseded = { $actor } закончил(а) запуск навсегда.
event-reason = Причина: { $reason }.
event-ambiguous = проверка не показала, подействовал ли запрос.
event-skipped = больше не нужно.
event-superseded = оставлено более позднему запуску.
salvaged = Сохранено: людей { $people }, связей { $links }, запусков { $runs }, шагов { $steps }, событий { $events }. Повреждённое хранилище осталось как было.
salvaged-nothing = В хранилище больше ничего не прочитать, и ничего не создано. Повреждённое хранилище осталось как было.
salvaged-nothing-hint = Верните на место последнюю копию хранилища. Если её нет, начните новое с --store: платформы от него не зависят, и та же команда сначала смотрит, а потом пишет.
salvaged-next = Работать с ним: --store { $store }, или положите его на место повреждённого.
run-command = команда
run-actor = кто
run-started = начат
run-ended = окончен
run-reason = причина
run-batch = часть запуска
run-superseded-by = заменён запуском

init-written = Записано: { $path }
init-next = Дальше:
init-next-edit = Откройте файл и уберите «#» перед строками своих платформ и ролей.
init-next-secrets = Положите секреты в переменные окружения или в файлы, которые читаете только вы (chmod 600).
init-next-providers = kadry providers — убедиться, что каждая платформа отвечает, и увидеть, что она умеет.
init-next-check = kadry check — проверить, что всё работает: настройки, секреты, платформы, права, роли.
init-next-plan = kadry offboard anna@example.test --plan-only — увидеть план; ничего не записывается.

emulate-serving = Эмуляторы платформ работают: { $address }
emulate-control = Состояние, журнал запросов и сбои: { $address }/_emulator/
emulate-config = Чтобы работать с ними, в другом терминале и в пустом каталоге:
emulate-stop = Остановить — Ctrl-C.
emulate-head = Эмуляторы платформ. Секреты к ним стоят в конце этого файла. Как им пользоваться:
emulate-cannot-listen = Не удаётся слушать { $address }: { $fault }.
emulate-cannot-listen-hint = Укажите другой адрес в --listen; порт 0 займёт любой свободный.

demo-title = Вся история на эмуляторах. За пределами этого процесса ничего не меняется и ничего не остаётся.
demo-platforms = { $platforms ->
    [one] { $platforms } платформа работает
    [few] { $platforms } платформы работают
   *[other] { $platforms } платформ работают
} в эмуляторе по адресу { $address }: настоящий HTTP, правила и ограничения настоящих платформ, выдуманных людей — { $people }.
demo-onboard = Приходит новый человек: { $name }. kadry смотрит на все платформы и показывает план. Что показано, то и будет записано, ни одним запросом больше.
demo-again = Та же команда ещё раз. Всё уже есть, поэтому ничего не записывается и никого не приветствуют дважды.
demo-matrix = У кого где есть доступ:
demo-offboard = Человек уходит. Сначала забирается то, чего после закрытия доступа не видно, потом закрывается доступ на всех платформах, без ожидания друг друга, потом всё перечитывается.
demo-offboard-again = И ещё раз: доступ везде закрыт, записывать нечего.
demo-proof = Эмуляторы всё посчитали: запросов — { $requests }, { $violations ->
    [0] недокументированных среди них нет
    [one] недокументированных среди них — { $violations }
   *[other] недокументированных среди них — { $violations }
}. Во второй раз ни на одной платформе ничего не изменилось.
demo-end = Это всё. Эмуляторов и хранилища больше нет.
demo-next = Дальше: kadry init запишет настройки для ваших платформ, а kadry emulate оставит эти эмуляторы работать, сколько нужно.
demo-cannot-begin = Показ не может начаться: { $fault }
demo-went-wrong = Показ закончился не так, как должен: { $what }
demo-changed-again = второй запуск той же команды что-то изменил.
demo-undocumented = отправлены недокументированные запросы.
demo-not-done = запуск выполнен не до конца.
demo-interrupted = Прервано. Ничего не осталось.
