# Что пошло не так и что делать дальше.

# Подсказки
hint-again = Повторите ту же команду: она сначала смотрит и ничего не делает дважды.
hint-configured = В настройках есть: { $names }.
hint-chmod-read = chmod 600 { $path }
hint-chmod-write = chmod go-w { $path }
hint-copy = Верните на место последнюю копию хранилища. Если её нет, сохраните то, что ещё читается: kadry runs salvage saved.sqlite{ $options }
hint-export = export { $variable }='…'
hint-file-denied = Выполните команду от имени того, кому разрешено его читать, или получите это право. Чей он, покажет: ls -ld { $path }
hint-file-folder = Укажите файл в нём: { $path }/…
hint-file-missing = Проверено место { $path }. Посмотрите, верен ли путь.
hint-file-of-ours = Возьмите файл, который принадлежит вам: менять и читать его должны только вы.
hint-file-text = Сохраните его как текст в UTF-8.
hint-init = Создайте файл настроек командой: kadry init. Чтобы попробовать без своих платформ: kadry emulate подскажет, что набрать.
hint-insecure = Напишите https:// или добавьте платформе insecure = true, если сети между вами можно доверять.
hint-mend = Устраните причину и повторите ту же команду.
hint-nearest = Возможно, имелось в виду «{ $nearest }»?
hint-of-kind = Это вид платформы. В настройках такого вида: { $names }.
hint-once = Оставьте одно из двух.
hint-other-folder = Переместите файл или выполните команду в другом каталоге.
hint-people = Кто где есть, покажет команда: kadry people{ $options }
hint-not-configuration = Файл настроек указывают в --config. В файле сотрудника стоят строки вида email = "anna@example.test", last_name = "…", first_name = "…".
hint-person-file-is-address = Если это адрес, укажите его после ключа: kadry onboard --email { $path } --last-name … --first-name … --role …
hint-person-file = Напишите так: { $format ->
    [JSON] { "{" } "email": "anna@example.test", "last_name": "…", "first_name": "…", "role": "…" { "}" }
   *[other] email = "anna@example.test", last_name = "…", first_name = "…", role = "…", каждое в своей строке
}
hint-providers = Добавьте таблицу [providers.ИМЯ] или уберите «#» в той, которую написала команда kadry init.
hint-record-ids = Номера всех записей человека покажет команда: kadry show ПОЧТА{ $options }
hint-role-or-on = Укажите роль (--role) или платформы (--on).
hint-runs = Список запусков: kadry runs{ $options }
hint-secret = Напишите { $name } = { "{" } env = "ИМЯ" { "}" } или { $name } = { "{" } file = "путь" { "}" }; файл должен быть доступен для чтения только вам.
hint-secret-line = Запишите { $name } в этот файл одной строкой, без ничего другого.
hint-space = Освободите там место и проверьте, что в хранилище можно писать, или используйте --store. Где хранилище, покажет kadry check{ $options }.
hint-store-place = Получите право записи в { $path } или укажите другое место с помощью --store.
hint-store = Укажите другое место с помощью --store.
hint-toml = Каждая настройка — строка вида name = "значение"; имена таблиц выглядят так: [providers.messenger]. Пример со всеми настройками: kadry init в пустом каталоге.
hint-wait = Дождитесь его завершения и повторите ту же команду.

hint-write-elsewhere = Выберите место, где вам разрешено создавать файлы.
hint-write-full = Освободите там место или выберите другое.

# Файлы
file-exists = Файл { $path } уже есть, он оставлен без изменений.
file-unreadable = Не удалось прочитать { $path }: { $cause }.
file-unwritable = Не удалось записать { $path }: { $cause }.
io-address-in-use = этот адрес уже занят другой программой
io-address-not-here = у этой машины нет такого адреса
io-bad-name = имя слишком длинное или содержит недопустимые знаки
io-denied = система не разрешает
io-folder = это каталог, а не файл
io-full = на диске нет места
io-no-folder = на этом пути вместо каталога стоит файл
io-no-new-files = каталога нет, или создавать в нём файлы нельзя
io-not-found = такого файла нет
io-not-text = это не текст в UTF-8
io-other = система ответила: «{ $said }»
io-read-only = этот диск доступен только для чтения
io-refused = система отказала
io-too-large = система не принимает файл такого размера
malformed = { $what ->
    [twice] один ключ стоит дважды
    [ends] файл обрывается
    [open] открывающая скобка или кавычка не закрыта
    [quotes] текст должен стоять в кавычках
    [value] не хватает значения
    [comma] не хватает запятой, или запятая лишняя
    [colon] не хватает двоеточия после ключа
    [assignment] здесь должны стоять в одной строке ключ, «=» и значение
    [escape] здесь знак, которого не может быть в тексте
    [trailing] после конца стоит что-то ещё
    [object] здесь должна быть таблица из ключей и значений
   *[other] здесь стоит то, чего в { $format } не бывает
}

# Настройки
config-bad-name = { $place }: «{ $name }» не может быть именем. Допустимы буквы, цифры, «-», «_» и «.»; слова «person», «title», «department» и «create_missing» заняты.
config-inline-secret = { $place }: секрет записан прямо в { $name }. В настройках секреты не хранят.
config-missing-key = { $place }: не хватает ключа { $name }.
config-no-providers = В настройках нет ни одной включённой платформы.
config-none = Файл настроек не найден. Проверены места: { $places }.
config-administrator-role = { $place }: «{ $name }» сделает человека администратором. Дать это через роль нельзя: kadry администраторов не назначает.
config-not-toml = { $place }: это не TOML: { $detail }.
config-other = { $place }: такое значение не годится («{ $detail }»).
config-plain-http = { $place }: к платформе { $provider } запросы шли бы по открытому http://, секреты были бы видны в сети.
config-others-can-write = Файл настроек { $path } могут изменить другие пользователи. От него зависит, куда уйдут секреты, поэтому он не используется.
config-unknown-blank = { $place }: вместо { $name } нечего подставить.
config-unknown-key = { $place }: нет такого ключа: «{ $name }».
config-unknown-kind = { $place }: нет такого вида платформы: «{ $name }».
config-unknown-place = { $place }: «{ $name }» — не имя платформы из настроек и не вид платформы.
config-wiring = { $provider }: не удалось подготовить соединение. { $cause }
config-wrong = { $place }: здесь должно быть другое значение: { $wanted ->
    [text] текст в кавычках
    [flag] true или false
    [number] число
    [positive] число больше нуля
    [list] список
    [table] таблица
    [names] текст в кавычках или список таких текстов
    [duration] время, например 30 или "30s"
    [address] адрес сервера
    [email] адрес электронной почты или список адресов
    [source] одно из env, file и keyring
    [ceiling] число людей или доля, например "15%"
   *[other] значение другого вида
}.

# Секреты
secret-empty = { $provider }: файл { $path }, в котором должен быть { $name }, пуст.
secret-no-keyring = { $provider }: { $name } задан через системное хранилище ключей, а оно пока не поддерживается.
secret-no-variable = { $provider }: { $name } берётся из переменной { $variable }, а она не задана или пуста.
secret-others-can-read = { $provider }: файл { $path }, в котором хранится { $name }, могут прочитать другие пользователи.
secret-too-long = { $provider }: файл { $path }, в котором должен быть { $name }, слишком велик для секрета.
secret-unreadable = { $provider }: не удалось получить { $name }. { $cause }

# Роли и платформы
provider-off = Платформа { $provider } выключена в настройках.
provider-unknown = Платформы с именем «{ $provider }» в настройках нет.
role-of-nothing = Роль «{ $role }» ничего не даёт ни на одной включённой платформе.
role-or-on = Не указаны ни роль, ни платформы: непонятно, куда добавлять сотрудника.
role-unknown = Роли «{ $role }» в настройках нет.
role-without = Роль «{ $role }» ничего не говорит о платформе { $provider }.

# Файл сотрудника
person-file-format = { $path }: имя файла должно оканчиваться на .toml или .json.
person-file-is-configuration = { $path } — это файл настроек kadry, а не файл сотрудника.
person-file-is-address = Файла { $path } нет.
person-file-malformed = { $path }:{ $line }: { $detail }.
person-file-not-text = { $path }:{ $line }: значение ключа «{ $key }» должно быть текстом в кавычках.
person-file-too-long = Файл { $path } слишком велик для данных одного сотрудника.
person-file-twice = { $path }:{ $line }: ключ «{ $key }» указан дважды.
person-file-unknown-key = { $path }:{ $line }: нет такого ключа: «{ $key }».

# Хранилище
store-ambiguous = С этих символов начинаются несколько запусков. Укажите больше символов.
store-busy = Хранилище слишком долго занято другим процессом.
store-claimed = С этим сотрудником работает другой процесс ({ $pid }). Ничего не изменено.
store-claimed-by-run = С этим сотрудником работает другой процесс ({ $pid }), запуск { $run }, его начал { $actor }. Ничего не изменено.
store-damaged = Хранилище повреждено: не удаётся прочитать { $what ->
    [its-header] его начало
    [its-pages] его страницы
    [the-number-of-its-schema] номер его схемы
   *[other] одну из записей
}. Ничего не изменено.
store-left = Ещё читается: людей { $people }, связей { $links }, запусков { $runs }, шагов { $steps }, событий { $events }.
store-ended = Запуск завершён, открытых шагов в нём нет.
store-failed = Сбой хранилища («{ $cause }»). То, что нельзя записать в журнал, не выполняется.
store-full = На диске с хранилищем нет места. То, что нельзя записать в журнал, не выполняется.
store-network = Хранилище лежит на сетевом диске, где блокировки ненадёжны. Перенесите его на локальный диск.
store-newer = Хранилище записано более новой версией kadry. Используйте её.
store-none = Хранилища { $path } нет.
run-error-run-ended = Запуск { $run } — { $state }: открытых шагов в нём нет. Ничего не изменено.
run-error-run-ended-hint = Что он сделал: kadry runs show { $run }{ $options }
run-error-later-run-first = Открыт более поздний запуск для того же человека, сначала нужен он. Ничего не изменено.
run-error-later-run-first-hint = kadry runs resume { $later }{ $options }
run-error-run-still-open = Запуск { $run } ещё не завершён, поэтому отменить его пока нельзя. Ничего не изменено.
run-error-run-still-open-hint = Сначала продолжите его или закончите: kadry runs resume { $run }{ $options } — kadry runs abandon { $run }{ $options }
run-error-run-did-nothing = Запуск { $run } не сделал ничего, что можно отменить.
run-error-run-did-nothing-hint = Что происходило: kadry runs show { $run }{ $options }
run-error-later-run-did = Более поздний запуск для того же человека уже сделал что-то на той же платформе, поэтому отменить только этот нельзя. Ничего не изменено.
run-error-later-run-did-hint = Сначала отмените тот: kadry runs undo { $later }{ $options }
run-error-another-tenant = Запуск { $run } утверждён для учётной записи { $was } на { $provider }, а сейчас { $provider } — это { $now }: увиденное там ничего не говорит о его шагах. Ничего не изменено.
run-error-another-tenant-hint = Верните адрес и секрет учётной записи { $was } и повторите команду или завершите запуск: kadry runs abandon { $run }{ $options }
run-error-may-still-land = Запрос запуска { $run } может подействовать до { $until }, поэтому сказать, чем он закончился, пока нельзя. Ничего не изменено.
run-error-may-still-land-hint = Продолжите запуск, он посмотрит и подождёт: kadry runs resume { $run }{ $options }
run-no-plan-only = «{ $command }» не составляет плана, поэтому --plan-only показать нечего. Ничего не изменено.
run-no-plan-only-hint = Что осталось открытым: kadry runs show ID{ $options }
run-error-no-such-step = В запуске { $run } нет шага { $step }. Ничего не изменено.
run-error-no-such-step-hint = Его шаги: kadry runs show { $run }{ $options }
run-error-step-not-in-doubt = О шаге { $step } запуска { $run } всё известно: { $state }. Ничего не изменено.
run-error-step-not-in-doubt-hint = Что с ним происходило: kadry runs show { $run }{ $options }
run-not-found = Запуска «{ $run }» нет.
store-not-found = Такого запуска нет.
store-not-one = Этот файл — не хранилище kadry. Он оставлен без изменений.
store-nowhere = Система не сообщает, где разместить хранилище: переменная HOME не задана.
store-open = { $path } не подходит для хранилища: { $cause }.
store-stopped = Программа завершилась раньше, чем ответило хранилище.
store-taken-over = Сотрудником уже занимается другой процесс.
store-two-people = Эти ключи принадлежат в хранилище двум разным людям. Ничего не изменено.
store-unsettled = Один из шагов запуска начат, и его результат ещё не проверен.

# Ход работы
failure-bug = Это ошибка самой программы kadry: «{ $cause }».
failure-midway = Часть шагов могла быть выполнена раньше.
flow-known-nowhere = Все платформы прочитаны, и ни на одной нет { $who }.
flow-no-such-record = На платформе { $provider } нет записи { $who }.
flow-record-unread = Не удалось прочитать запись { $who } на платформе { $provider }. { $cause }
flow-unread = { $what }: { $cause }
flow-refused = { $who }: отказано, ничего не изменено.

# Запреты
guard-administrator = Эта запись — администратор платформы. Если вы действительно этого хотите, добавьте --privileged.
guard-ambiguous = Название из роли подходит сразу к нескольким ({ $kind } «{ $name }»): { $paths }. Укажите в роли полный путь.
guard-bad-value = Платформа не примет значение поля «{ $field }». { $reason }
guard-bad-grant = Платформа не примет то, что указано в роли: { $kind } «{ $name }». { $reason }
guard-belongs-to-another = Запись { $record } принадлежит другому человеку: у неё другой табельный номер либо и почта, и имя не те, что указаны. Проверьте почту и табельный номер.
guard-cannot-see = Платформа не показывает, что уже есть у сотрудника ({ $kind }), а записать пришлось бы всё целиком. Дайте сервисной учётной записи право на чтение.
guard-over-limit-run = Запуск затронул бы людей: { $people } ({ $brake }). Предел одного запуска — { $limit } (limits.{ $kind }). Если так и задумано, добавьте --allow { $kind }={ $people } --reason "…" к команде.
guard-over-limit-day = За 24 часа это затронуло бы людей: { $people } ({ $brake }). Предел за сутки — { $limit } (limits.{ $kind }). Если так и задумано, добавьте --allow { $kind }={ $people } --reason "…" к команде.
guard-over-limit-month = За 30 дней это затронуло бы людей: { $people } ({ $brake }). Предел за месяц — { $limit } (limits.{ $kind }). Если так и задумано, добавьте --allow { $kind }={ $people } --reason "…" к команде.
plan-file-io = План { $path } использовать нельзя: { $cause }
plan-file-no-plan = { $path } — не план kadry. Строка { $line }, столбец { $column }: { $fault }
plan-file-cut-off = План { $path } обрывается на строке { $line }. Ничего не изменено.
plan-file-format = { $path } записан иначе ({ $found }): другой версией kadry или не ею.
plan-file-edited = План { $path } правили после составления: содержимое не сходится с контрольной суммой. Ничего не изменено.
hint-plan-anew = Составьте план заново: kadry plan … --save ФАЙЛ
guard-suspended = Запись { $record } заблокирована, а список сам по себе никого не впускает снова: он может быть старше увольнения. Чтобы впустить всех из списка, добавьте --reactivate.
guard-known-by-another-id = В журнале владелец этой почты известен под другим табельным номером: { $known }. Если почта перешла к другому человеку, сначала отвяжите её: kadry unlink person:{ $known } ПЛАТФОРМА. Если у сотрудника сменился номер, исправьте его там, где он указан.
guard-concerns = Это касается { $who }. { $why }
guard-exempt = По настройкам этого сотрудника трогать нельзя. Если это ошибка, уберите его из protect.exempt.
guard-last-administrator = Кроме сервисной учётной записи, других администраторов с открытым доступом здесь нет. Сначала назначьте администратором кого-то ещё. Чтобы закрыть доступ на остальных платформах сейчас, перечислите их в --on.
guard-last-signer = Кроме сервисной учётной записи, подписывать здесь больше некому. Сначала дайте право подписи кому-то ещё. Чтобы закрыть доступ на остальных платформах сейчас, перечислите их в --on.
guard-unknown-successor = Прочитаны все платформы, и преемника не знает ни одна. Проверьте, что указано в --successor.
guard-cannot-grant = Роль даёт здесь: { $kind }. { $reason } Дайте сервисной учётной записи это право или уберите это из роли.
guard-own-successor = Преемником указан сам увольняемый. Укажите в --successor кого-то другого.
guard-successor-suspended = Доступ преемника здесь закрыт, передать ничего нельзя. Сначала откройте его или укажите в --successor кого-то другого.
guard-no-successor = Здесь есть что передать, но { $found ->
    [0] записи преемника нет
   *[other] преемнику подходит несколько записей: { $records }
}. Укажите в --successor кого-то другого или не указывайте вовсе.
guard-impossible = { $what ->
    [create] Создать запись нельзя.
    [update] Изменить запись нельзя.
    [reopen] Открыть доступ снова нельзя.
    [suspend] Закрыть доступ нельзя.
    [welcome] В роли есть приветствие, а отправить его здесь нельзя: дайте нужное право или уберите приветствие из роли.
   *[other] Это сделать нельзя.
} { $reason }
guard-missing = Без этого запись существовать не может: { $kind }. Добавьте в роль ключ { $key } и укажите роль (--role).
guard-missing-field = Без поля «{ $field }» запись не создать. Укажите { $flag } или впишите его в файл сотрудника.
guard-not-known = Записи этого человека здесь нет, а «{ $field }», без чего её не создать, неизвестно. Примите человека, указав это: kadry onboard { $whom } { $flag } … --role …{ $options }.
guard-no-key = { $missing ->
    [email] Платформа ищет сотрудников по почте, а она неизвестна. Назовите сотрудника по почте или укажите --email.
    [external-id] Платформа ищет сотрудников по табельному номеру, а он неизвестен. Назовите сотрудника как person:ID или укажите --external-id.
   *[other] Платформа ищет сотрудников по ключу, который неизвестен. Назовите сотрудника по почте или как person:ID.
}
guard-no-such-kind = В роли указан ключ «{ $key }», а такого на платформе нет.
guard-not-offered = На платформе нет того, что указано в роли или отделе: { $kind } «{ $name }».
guard-not-offered-out = Исправьте название или создайте это на платформе; недостающий тег или подразделение kadry создаст сама, если в роли есть create_missing = true.
guard-old-alias = Запись { $record } подходит только по прежнему адресу сотрудника; теперь она может принадлежать другому. Если она его: kadry link { $who } { $provider }:{ $record }{ $options }. Если чужая: kadry unlink { $who } { $provider }{ $options }.
guard-only-one = У сотрудника может быть только одно такое значение: { $kind }. Оставьте в роли одно название.
guard-service-account = Это сервисная учётная запись, от имени которой работает kadry. Дайте kadry другую учётную запись и повторите.
guard-privileged = По настройкам этого сотрудника трогают только с --privileged. Если вы действительно этого хотите, добавьте этот ключ.
guard-several-matches = Подходит несколько записей: { $records }. Разберитесь на самой платформе, какая из них этого сотрудника.
guard-strayed = Запись { $record } была связана с этим сотрудником, но теперь содержит другие ключи. Если она по-прежнему его: kadry link { $who } { $provider }:{ $record }{ $options }. Если теперь чужая: kadry unlink { $who } { $provider }{ $options }.

# Те же запреты, когда известны только их имена
guard-name-administrator = Эта запись — администратор платформы.
guard-name-ambiguous = Название из роли подходит сразу к нескольким.
guard-name-bad-grant = Платформа не примет что-то из роли.
guard-name-bad-value = Платформа не примет одно из значений.
guard-name-belongs-to-another = У записи другой табельный номер.
guard-name-cannot-see = Платформа не показывает то, что пришлось бы записать заново целиком.
guard-name-over-limit = Затронуто было бы больше людей, чем разрешают пределы.
guard-name-suspended = Запись заблокирована.
guard-name-known-by-another-id = В журнале владелец этой почты известен под другим табельным номером.
guard-name-concerns = Это касается того, кого трогать нельзя.
guard-name-exempt = По настройкам этого сотрудника трогать нельзя.
guard-name-impossible = Там этого сделать нельзя.
guard-name-last-administrator = Других администраторов с открытым доступом на платформе нет.
guard-name-last-signer = Подписывать на платформе больше некому.
guard-name-missing = В роли нет того, без чего запись существовать не может.
guard-name-missing-field = Не указано значение, без которого запись не создать.
guard-name-not-known = Неизвестно значение, без которого запись не создать.
guard-name-no-key = Платформа ищет сотрудников по ключу, который не указан.
guard-name-no-successor = Нет преемника, который мог бы принять дела.
guard-name-unknown-successor = Преемника не знает ни одна платформа.
guard-name-cannot-grant = Не хватает права, чтобы выдать то, что указано в роли.
guard-name-own-successor = Преемником указан сам увольняемый.
guard-name-no-such-kind = В роли указано то, чего на платформе нет.
guard-name-not-offered = В роли указано название, которого на платформе нет.
guard-name-old-alias = Запись подходит только по прежнему адресу этого сотрудника.
guard-name-only-one = В роли указано несколько значений там, где может быть только одно.
guard-name-privileged = По настройкам этого сотрудника трогают только с --privileged.
guard-name-service-account = Это сервисная учётная запись, от имени которой работает kadry.
guard-name-several-matches = Подходит несколько записей.
guard-name-strayed = Запись, которая была связана с этим сотрудником, теперь содержит другие ключи.

# Как что называется
field-department = отдел
field-email = почта
field-external-id = табельный номер
field-first-name = имя
field-last-name = фамилия
field-middle-name = отчество
field-phone = телефон
field-title = должность
kind-access-level = уровень доступа
kind-chat = чат
kind-department = подразделение
kind-level = уровень
kind-permission = право
kind-power-of-attorney = МЧД
kind-property = дополнительное поле
kind-role = роль
kind-seen-department = видимое подразделение
kind-status = статус
kind-subscription = подписка
kind-tag = тег
kind-unit = подразделение
hint-held = Отвяжите тег от чата, и выйдут все его сотрудники, кого больше ничто не держит; или снимите тег с сотрудника. Отвязывает тег: { $command }
hint-see = Что есть, покажет: { $command }
flow-nobody-there = На { $provider } нет записи для { $who }.
