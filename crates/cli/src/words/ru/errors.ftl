# Что пошло не так и что делать дальше.

# Подсказки
hint-again = Повторите ту же команду: она сначала смотрит и ничего не делает дважды.
hint-chmod-read = chmod 600 { $path }
hint-chmod-write = chmod go-w { $path }
hint-copy = Верните последнюю копию хранилища или начните новое с помощью --store.
hint-export = export { $variable }='…'
hint-init = Создайте файл настроек командой: kadry init
hint-nearest = Возможно, имелось в виду «{ $nearest }»?
hint-other-folder = Переместите файл или выполните команду в другом каталоге.
hint-people = Кто где есть, покажет команда: kadry people
hint-providers = Добавьте таблицу [providers.ИМЯ] или уберите «#» в той, которую написала команда kadry init.
hint-role-or-on = Укажите роль (--role) или платформы (--on).
hint-runs = Список прогонов: kadry runs
hint-secret = Напишите { $name } = { "{" } env = "ИМЯ" { "}" } или { $name } = { "{" } file = "путь" { "}" }; файл должен быть доступен для чтения только вам.
hint-store = Укажите другое место с помощью --store.
hint-wait = Дождитесь его завершения и повторите ту же команду.

# Файлы
file-exists = Файл { $path } уже есть, он оставлен без изменений.
file-unreadable = Не удалось прочитать { $path }: { $cause }.
file-unwritable = Не удалось записать { $path }: { $cause }.
io-denied = система не разрешает
io-not-found = такого файла нет
io-not-text = это не текст в UTF-8

# Настройки
config-bad-name = { $place }: «{ $name }» не может быть именем. Допустимы буквы, цифры, «-», «_» и «.»; слова «person», «title» и «department» заняты.
config-inline-secret = { $place }: секрет записан прямо в { $name }. В настройках секреты не хранят.
config-missing-key = { $place }: не хватает ключа { $name }.
config-no-providers = В настройках нет ни одной включённой платформы.
config-none = Файл настроек не найден. Проверены места: { $places }.
config-not-toml = { $place }: это не TOML: { $detail }.
config-other = { $place }: { $detail }.
config-others-can-write = Файл настроек { $path } могут изменить другие пользователи. От него зависит, куда уйдут секреты, поэтому он не используется.
config-unknown-blank = { $place }: вместо { $name } нечего подставить.
config-unknown-key = { $place }: ключа «{ $name }» не бывает.
config-unknown-kind = { $place }: платформы вида «{ $name }» не бывает.
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
secret-no-variable = { $provider }: { $name } берётся из переменной { $variable }, а она не задана.
secret-others-can-read = { $provider }: файл { $path }, в котором хранится { $name }, могут прочитать другие пользователи.
secret-too-long = { $provider }: файл { $path }, в котором должен быть { $name }, слишком велик для секрета.
secret-unreadable = { $provider }: не удалось получить { $name }. { $cause }

# Роли и платформы
provider-off = Платформа { $provider } выключена в настройках.
provider-unknown = Платформы с именем «{ $provider }» в настройках нет.
role-of-nothing = Роль «{ $role }» ничего не даёт ни на одной включённой платформе.
role-or-on = Не указано, на каких платформах работает сотрудник.
role-unknown = Роли «{ $role }» в настройках нет.
role-without = Роль «{ $role }» ничего не говорит о платформе { $provider }.

# Файл сотрудника
person-file-format = { $path }: имя файла должно оканчиваться на .toml или .json.
person-file-malformed = { $path }:{ $line }: { $detail }.
person-file-not-text = { $path }:{ $line }: значение ключа «{ $key }» должно быть текстом в кавычках.
person-file-too-long = Файл { $path } слишком велик для данных одного сотрудника.
person-file-twice = { $path }:{ $line }: ключ «{ $key }» указан дважды.
person-file-unknown-key = { $path }:{ $line }: ключа «{ $key }» не бывает.

# Хранилище
store-ambiguous = С этих символов начинаются несколько прогонов. Укажите больше символов.
store-busy = Хранилище слишком долго занято другим процессом.
store-claimed = С этим сотрудником работает другой процесс ({ $pid }). Ничего не изменено.
store-claimed-by-run = С этим сотрудником работает другой процесс ({ $pid }), прогон { $run }, запустил { $actor }. Ничего не изменено.
store-damaged = Хранилище повреждено: { $what }. Ничего не изменено.
store-ended = Прогон завершён, открытых шагов в нём нет.
store-failed = Сбой хранилища: { $cause }. То, что нельзя записать в журнал, не выполняется.
store-full = На диске с хранилищем нет места. То, что нельзя записать в журнал, не выполняется.
store-network = Хранилище лежит на сетевом диске, где блокировки ненадёжны. Перенесите его на локальный диск.
store-newer = Хранилище записано более новой версией kadry. Используйте её.
store-not-found = Такого прогона нет.
store-not-one = Этот файл — не хранилище kadry. Он оставлен без изменений.
store-nowhere = Система не сообщает, где разместить хранилище: переменная HOME не задана.
store-open = Не удалось открыть хранилище { $path }: { $cause }.
store-stopped = Программа завершалась раньше, чем хранилище ответило.
store-taken-over = Сотрудником уже занимается другой процесс.
store-two-people = Эти ключи принадлежат в хранилище двум разным людям. Ничего не изменено.
store-unsettled = Один из шагов прогона начат, и его результат ещё не проверен.

# Ход работы
failure-bug = Это ошибка самой программы kadry: { $cause }.
failure-midway = Часть шагов могла быть выполнена раньше.
flow-known-nowhere = Все платформы прочитаны, и ни на одной нет { $who }. Ничего не изменено.
flow-no-such-record = На платформе { $provider } нет записи { $who }. Ничего не изменено.
flow-record-unread = Не удалось прочитать запись { $who } на платформе { $provider }. { $cause } Ничего не изменено.
flow-refused = { $who }: отказано, ничего не изменено.

# Ответы платформ
effect-applied = Платформа что-то изменила, но не то, о чём её просили.
effect-unknown = Неизвестно, выполнила ли платформа этот шаг. Следующий прогон сначала проверит.
platform-billing = Платформа требует оплаты, или на ней закончились лицензии. Нужен её администратор ({ $detail }).
platform-config = С такими настройками платформа работать не может ({ $detail }).
platform-conflict = Состояние записи этого не позволяет ({ $detail }).
platform-forbidden = У учётной записи не хватает прав. Их может дать администратор платформы ({ $detail }).
platform-invalid = Платформа не принимает значение ({ $detail }).
platform-not-found = Записи на платформе нет ({ $detail }).
platform-protocol = Платформа ответила не так, как сказано в её документации ({ $detail }).
platform-rate-limited = Слишком много запросов к платформе ({ $detail }).
platform-fields = Отличается от заданного: { $fields }.
platform-request = Для поддержки платформы: номер запроса { $id }.
platform-retry-after = Платформа просила подождать { $seconds } с.
platform-unauthenticated = Платформа не принимает учётные данные. Проверьте секрет в настройках ({ $detail }).
platform-unavailable = Платформа недоступна или неисправна ({ $detail }).
platform-unsupported = Платформа этого не умеет ({ $detail }).

# Запреты
guard-administrator = Эта запись — администратор платформы. Если вы действительно этого хотите, добавьте --privileged.
guard-ambiguous = Название из роли подходит сразу к нескольким ({ $kind } «{ $name }»): { $paths }. Укажите в роли полный путь.
guard-bad-value = Платформа не примет значение поля «{ $field }». { $reason }
guard-belongs-to-another = У записи { $record } другой табельный номер: это другой человек. Проверьте почту и табельный номер.
guard-cannot-see = Платформа не показывает, что уже есть у сотрудника ({ $kind }), а записать пришлось бы всё целиком. Дайте сервисной учётной записи право на чтение.
guard-exempt = По настройкам этого сотрудника трогать нельзя. Если это ошибка, уберите его из protect.exempt.
guard-impossible = { $what ->
    [create] Создать запись нельзя.
    [update] Изменить запись нельзя.
    [reopen] Открыть доступ снова нельзя.
    [suspend] Закрыть доступ нельзя.
   *[other] Это сделать нельзя.
} { $reason }
guard-missing = Без этого запись существовать не может: { $kind }. Добавьте в роль ключ { $key } и укажите роль (--role).
guard-no-key = Платформа ищет сотрудников по ключу, который не указан. Укажите --email или --external-id.
guard-no-such-kind = В роли указан ключ «{ $key }», а такого на платформе нет.
guard-not-offered = В роли указано то, чего на платформе нет: { $kind } «{ $name }».
guard-old-alias = Запись { $record } подходит только по прежнему адресу сотрудника; теперь она может принадлежать другому. Укажите нужную запись как платформа:ID.
guard-only-one = У сотрудника это бывает только одно: { $kind }. Оставьте в роли одно название.
guard-service-account = Это сервисная учётная запись, от имени которой работает kadry. Дайте kadry другую учётную запись и повторите.
guard-privileged = По настройкам этого сотрудника трогают только с --privileged. Если вы действительно этого хотите, добавьте этот ключ.
guard-several-matches = Подходит несколько записей: { $records }. Укажите нужную как платформа:ID или исправьте лишние.
guard-strayed = Запись { $record } была связана с этим сотрудником, но теперь содержит другие ключи. Укажите её как платформа:ID или проверьте вручную.

# Те же запреты, когда известны только их имена
guard-name-administrator = Эта запись — администратор платформы.
guard-name-ambiguous = Название из роли подходит сразу к нескольким.
guard-name-bad-value = Платформа не примет одно из значений.
guard-name-belongs-to-another = У записи другой табельный номер.
guard-name-cannot-see = Платформа не показывает то, что пришлось бы записать заново целиком.
guard-name-exempt = По настройкам этого сотрудника трогать нельзя.
guard-name-impossible = Там этого сделать нельзя.
guard-name-missing = В роли нет того, без чего запись существовать не может.
guard-name-no-key = Платформа ищет сотрудников по ключу, который не указан.
guard-name-no-such-kind = В роли указано то, чего на платформе не бывает.
guard-name-not-offered = В роли указано название, которого на платформе нет.
guard-name-old-alias = Запись подходит только по прежнему адресу этого сотрудника.
guard-name-only-one = В роли указано несколько значений того, что бывает только одно.
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
kind-role = роль
kind-subscription = подписка
kind-tag = тег
kind-unit = отдел
