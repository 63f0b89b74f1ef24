# Справка. По-английски её дают комментарии к самим аргументам.

help-heading-usage = Использование
help-heading-commands = Команды
help-heading-arguments = Аргументы
help-heading-options = Ключи
help-heading-global = Ключи всех команд
help-options = КЛЮЧИ
help-command = КОМАНДА
help-default = по умолчанию
help-possible = варианты
help-environment = переменная окружения

help-flag-help = Показать эту справку
help-flag-help-long = Показать эту справку: -h кратко, --help подробно
help-flag-version = Показать версию
help-help-about = Показать справку обо всех командах или об одной

help-value-limit = ПРЕДЕЛ
help-value-address = АДРЕС
help-value-command = КОМАНДА
help-value-dir = КАТАЛОГ
help-value-email = ПОЧТА
help-value-file = ФАЙЛ
help-value-found = ИТОГ
help-value-id = ID
help-value-lang = ЯЗЫК
help-value-ms = МС
help-value-n = ЧИСЛО
help-value-name = ИМЯ
help-value-output = ВИД
help-value-phone = ТЕЛЕФОН
help-value-preset = НАБОР
help-value-provider = ПЛАТФОРМА
help-value-query = ЗАПРОС
help-value-record = ЗАПИСЬ
help-value-role = РОЛЬ
help-value-roster = СПИСОК
help-value-shell = ОБОЛОЧКА
help-value-step = ШАГ
help-value-text = ТЕКСТ
help-value-title = ДОЛЖНОСТЬ
help-value-who = КТО

help-kadry-about = Выдать, изменить и забрать доступ людей на нескольких платформах одной командой
help-kadry-after =
    Первые шаги:
      kadry demo          показать всю историю; настраивать ничего не нужно
      kadry init          записать в этот каталог kadry.toml с пояснениями
      kadry check         проверить, не помешает ли что-нибудь запуску
      kadry providers     показать, что умеет каждая настроенная платформа, а чего
                          нет и почему

    Попробовать всё в пустом каталоге, на эмуляторах платформ:
      kadry emulate --print-config > kadry.toml            # настройки
      chmod 600 kadry.toml
      eval "$(sed -n 's/^# export/export/p' kadry.toml)"   # секреты
      kadry emulate &                                      # остановить: kill %1
      kadry check
      kadry people
      kadry offboard irina.vydumkina@example.test --plan-only
      kadry offboard irina.vydumkina@example.test

    Примеры:
      kadry onboard anna.toml --plan-only
      kadry offboard anna@example.test --now --reason 'уволена' --report anna.html
      kadry people анна --on messenger,calls

    Коды завершения:
      0   сделано, в том числе когда делать было нечего
      1   не удалось или отклонено, ничего не изменено
      2   нельзя использовать саму команду, настройки или файл
      3   что-то из того, о чём просили, не сделано, остальное сделано
      4   reconcile --check или roles check нашла расхождения
      5   отказано, ничего не записано
      6   сделано, но что-то ещё видно открытым
      70  ошибка самой программы kadry
help-kadry-config = Взять эти настройки вместо ./kadry.toml или файла из каталога настроек пользователя
help-kadry-store = Вести журнал в этом файле
help-kadry-output = Печатать для людей (text), одним документом JSON (json), список — таблицей CSV (csv), а строки списка платформы — построчно в JSON (ndjson)
help-kadry-yes = Не спрашивать перед записью
help-kadry-plan-only = Показать план и ничего не записывать
help-kadry-report = Записать отчёт о запуске или плане в этот файл; вид — по окончанию имени: .html для людей, .json для программ; о многих людях ещё .xlsx и .csv
help-kadry-reason = Записать, зачем это делается
help-kadry-actor = Записать, кто просит, если это не пользователь системы
help-kadry-lang = Говорить на этом языке, какой бы ни была локаль
help-kadry-verbose = Подробнее рассказывать в потоке ошибок; дважды и трижды — ещё подробнее
help-kadry-quiet = Не писать в поток ошибок ничего, кроме ошибок и вопросов
help-kadry-no-color = Печатать без цветов

help-demo-about = Показать всю историю на эмуляторах платформ: человек приходит, уходит, и это доказано
help-demo-long = Не нужны настройки, не используется окружение, ничего не остаётся.
help-demo-after =
    Примеры:
      kadry demo
      kadry demo --lang en

help-init-about = Записать в этот каталог kadry.toml с пояснениями
help-init-long = Файл доступен только вам (0600). Если он уже есть, он остаётся без изменений.
help-init-after =
    Пример:
      kadry init && $EDITOR kadry.toml && kadry check

help-emulate-about = Запустить эмуляторы платформ на одном порту, до Ctrl-C
help-emulate-long = У них те же правила и ограничения, что у настоящих. Состояние, журнал запросов, сбои и сброс — по адресу /_emulator/.
help-emulate-after =
    Примеры:
      kadry emulate --print-config > kadry.toml && chmod 600 kadry.toml
      eval "$(sed -n 's/^# export/export/p' kadry.toml)"
      kadry emulate --people 200 --latency 80
help-emulate-listen = Принимать запросы здесь; порт 0 — любой свободный
help-emulate-people = Сколько на платформах выдуманных людей
help-emulate-seed = Число, от которого зависят выдуманные люди, номера и токены
help-emulate-latency = Сколько миллисекунд самое меньшее длится каждый ответ
help-emulate-strict = Отклонять недокументированные запросы, а не только отмечать их
help-emulate-sdk-answers = Отвечать так, чтобы выдержали SDK самих платформ там, где настоящий ответ их ломает
help-emulate-print-config = Напечатать kadry.toml и переменные окружения к нему и завершиться

help-providers-about = Показать, что умеет каждая настроенная платформа с нашим доступом, а чего нет и почему
help-providers-after =
    Примеры:
      kadry providers
      kadry providers --on messenger -o json
help-providers-on = Только эти платформы

help-check-about = Проверить, не помешает ли что-нибудь следующему запуску; на платформах ничего не меняется
help-check-long = Читает настройки, секреты, хранилище и каждую платформу. О молчащей платформе становится известно через 30 секунд, остальных она не задерживает. Годится для таймера: код завершения 0 — сбоев нет, 3 — сбой в какой-то части, 1 — ни с одной платформой нельзя работать, 2 — настройки непригодны.
help-check-after =
    Примеры:
      kadry check
      kadry check --on messenger --strict
      kadry check -o json
help-check-on = Только эти платформы
help-check-strict = Учитывать в коде завершения и предупреждения

help-people-about = Показать, у кого где есть доступ
help-people-long = Строка — человек, столбец — платформа.
help-people-after =
    Примеры:
      kadry people
      kadry people анна --on messenger,calls
      kadry people --suspended -o json
      kadry people -o csv > people.csv
help-people-query = Только люди, у которых это есть в имени, почте или номере
help-people-suspended = Только люди, которым где-то закрыт доступ
help-people-on = Только на этих платформах

help-show-about = Показать одного человека везде: профиль, доступ, права, связи и последние запуски
help-show-after =
    Примеры:
      kadry show anna@example.test
      kadry show person:1042 --on messenger -o json
help-show-who = Почта, person:ID или ПЛАТФОРМА:ID
help-show-on = Только на этих платформах

help-onboard-about = Принять человека: создать или снова открыть записи, дать то, что даёт роль, отправить приветствие
help-onboard-long = Затрагивает платформы, для которых в роли есть раздел; --on сужает их список. То, что уже есть, остаётся как есть; та же команда ещё раз ничего не записывает. Значения из ключей команды важнее значений из файла, а те и другие важнее значений из роли.
help-onboard-after =
    Примеры:
      kadry onboard anna.toml --plan-only
      kadry onboard --email anna@example.test --last-name Образцова --first-name Анна --role accountant
help-onboard-file = Прочитать данные человека из этого файла TOML или JSON; его ключи названы так же, как ключи команды
help-onboard-external-id = Табельный номер: номер человека у работодателя
help-onboard-email = Адрес электронной почты
help-onboard-last-name = Фамилия
help-onboard-first-name = Имя
help-onboard-middle-name = Отчество
help-onboard-phone = Номер телефона
help-onboard-title = Должность
help-onboard-department = Отдел
help-onboard-role = Роль, как она названа в настройках
help-onboard-on = Только на этих платформах
help-onboard-privileged = Продолжить, даже если этот человек — администратор платформы
help-onboard-allow = Разрешить этому запуску затронуть больше людей, чем разрешают пределы, например grant=40; укажите и причину

help-offboard-about = Закрыть доступ уходящему на всех платформах, доказать, что он закрыт, и убрать остальное
help-offboard-long = Сначала забирается то, чего после закрытия доступа уже не видно, но не дольше 30 секунд; с --now сначала закрывается доступ. Ни одна платформа не ждёт другую. В конце сказано, что ещё видно открытым. Та же команда ещё раз продолжит с того места, где эта остановилась.
help-offboard-after =
    Примеры:
      kadry offboard anna@example.test --plan-only
      kadry offboard person:1042 --now --yes --reason 'последний день'
      kadry offboard anna@example.test --successor boris@example.test
      kadry offboard anna@example.test --remove --on messenger
help-offboard-who = Почта, person:ID или ПЛАТФОРМА:ID
help-offboard-now = Сначала закрыть доступ, а уже потом убирать остальное
help-offboard-remove = Когда доступ закрыт везде, удалить записи навсегда там, где платформа это умеет
help-offboard-successor = Передать этому человеку то, что остаётся без уходящего, например его чаты; называется так же, как КТО
help-offboard-on = Только на этих платформах
help-offboard-privileged = Продолжить, даже если этот человек — администратор платформы
help-offboard-allow = Разрешить этому запуску затронуть больше людей, чем разрешают пределы, например suspend=40; укажите и причину

help-transfer-about = Перевести человека: другая роль, другой отдел или другая должность
help-transfer-long = Сначала даётся новое, потом снимается то, что было в прежней роли и чего нет в новой. Что есть сверх обеих, остаётся и называется; --strict снимает и это. Прежняя роль — из --from, иначе та, что дал kadry. Где человека ещё нет, его запись создаётся; закрытый доступ не открывается, открытый не закрывается. Без --role меняются только отдел и должность.
help-transfer-after =
    Примеры:
      kadry transfer anna@example.test --role seller --plan-only
      kadry transfer anna@example.test --role seller --from accountant --strict
      kadry transfer person:1042 --department Продажи --title 'Старший менеджер'
help-transfer-who = Почта, person:ID или ПЛАТФОРМА:ID
help-transfer-role = Новая роль, как она названа в настройках
help-transfer-department = Новый отдел
help-transfer-title = Новая должность
help-transfer-from = Прежняя роль, если её дал не kadry
help-transfer-strict = Снять всё, чего нет в новой роли
help-transfer-on = Только на этих платформах
help-transfer-privileged = Продолжить, даже если этот человек — администратор платформы
help-transfer-allow = Разрешить этому запуску затронуть больше людей, чем разрешают пределы, например revoke=40; укажите и причину

help-departments-about = Показать подразделения платформ или привести их к виду из файла
help-departments-after =
    Примеры:
      kadry departments show
      kadry departments sync departments.txt --plan-only
      kadry departments sync people.csv --on calls

help-departments-show-about = Показать дерево каждой платформы, где есть подразделения, и сколько в них людей
help-departments-show-after =
    Примеры:
      kadry departments show
      kadry departments show --on calls -o csv > departments.csv
help-departments-show-on = Только на этих платформах

help-departments-sync-about = Создать, переименовать и переместить подразделения так, как они стоят в файле
help-departments-sync-long = Файл — текст с отступами (два пробела или табуляция на уровень, идентификатор вашей системы в квадратных скобках в конце строки), таблица со столбцами «название» или «путь», «родитель» и «id» либо список людей со столбцом подразделений; названия одного пути разделены « / ». Вышестоящее создаётся первым. Подразделение узнаётся по идентификатору, если платформа его хранит, иначе по месту, иначе по названию, которое есть только одно. Чего нет в файле, остаётся и называется. Людей никто не переводит.
help-departments-sync-after =
    Примеры:
      kadry departments sync departments.txt --plan-only
      kadry departments sync departments.csv --on calls,edo
      kadry departments sync people.xlsx --remove-empty
help-departments-sync-file = Подразделения: текст с отступами, таблица или список людей с подразделениями
help-departments-sync-sheet = Лист книги, если подойти могут несколько
help-departments-sync-on = Только на этих платформах
help-departments-sync-remove-empty = Удалить то, чего нет в файле, если внутри никого и ничего нет

help-import-about = Принять людей из файла или привести их записи в соответствие с ним
help-import-long = Каждая строка планируется сама по себе, и в конце сказано о каждой. Ошибка в одной строке или на одной платформе не мешает остальным. Кому доступ закрыт, тому он остаётся закрыт, если нет --reactivate; никому доступ не закрывается.
help-import-after =
    Примеры:
      kadry import people.csv --role operator --plan-only
      kadry import people.xlsx --report import.xlsx
      kadry import dealapp.csv --preset dealapp
help-import-file = Файл с людьми: CSV или таблица (.xlsx, .xls, .ods), как их выгружают другие программы
help-import-role = Роль тех, у кого в строке роли нет
help-import-preset = Читать файл, столбцы которого задал поставщик: у dealapp это ФИО, id, email, Отдел и Роль
help-import-sheet = Лист таблицы, если подходит не один
help-import-on = Только на этих платформах
help-import-reactivate = Снова открыть доступ тем людям из файла, которым он закрыт
help-import-privileged = Продолжить, даже если запись — администратор платформы
help-import-shrunk = Принять файл или платформу, где людей намного меньше, чем в прошлый раз; укажите и причину
help-import-allow = Разрешить этому запуску затронуть больше людей, чем разрешают пределы, например create=40; укажите и причину

help-reconcile-about = Привести платформы в соответствие с файлом, в котором названы все, и найти тех, кого в нём нет
help-reconcile-long = Как import, но тот, у кого есть доступ и кого нет в файле, попадает в перечень, а с --suspend-surplus ему закрывается доступ, как это делает offboard, в тех же пределах. С --check ничего не записывается, а код завершения 4 означает, что есть расхождения.
help-reconcile-after =
    Примеры:
      kadry reconcile staff.csv --role operator --check
      kadry reconcile staff.xlsx --role operator --suspend-surplus --plan-only
      kadry reconcile staff.xlsx --role operator --suspend-surplus --allow suspend=40 --reason 'филиал закрыт'
      kadry reconcile staff.xlsx --role operator --suspend-surplus --now --yes --reason 'сверка'
help-reconcile-file = Файл с людьми: CSV или таблица (.xlsx, .xls, .ods), как их выгружают другие программы
help-reconcile-role = Роль тех, у кого в строке роли нет
help-reconcile-preset = Читать файл, столбцы которого задал поставщик: у dealapp это ФИО, id, email, Отдел и Роль
help-reconcile-sheet = Лист таблицы, если подходит не один
help-reconcile-on = Только на этих платформах
help-reconcile-reactivate = Снова открыть доступ тем людям из файла, которым он закрыт
help-reconcile-privileged = Продолжить, даже если запись — администратор платформы
help-reconcile-shrunk = Принять файл или платформу, где людей намного меньше, чем в прошлый раз; укажите и причину
help-reconcile-check = Только показать расхождения: ничего не записывать и, если они есть, завершиться с кодом 4
help-reconcile-suspend-surplus = Закрыть доступ тем, у кого он есть и кого нет в файле
help-reconcile-now = Сначала закрыть доступ, а уже потом убирать остальное; с --yes до этого ничего из остального и не читается
help-reconcile-allow = Разрешить этому запуску затронуть больше людей, чем разрешают пределы, например suspend=40; укажите и причину

help-plan-about = Составить план и не выполнять его, сохранить план или показать сохранённый
help-plan-after =
    Примеры:
      kadry plan offboard anna@example.test --save anna.json
      kadry plan import people.csv --role operator --save import.json
      kadry plan show import.json
      kadry apply import.json
help-plan-save = Сохранить план в этот файл, чтобы выполнить его потом

help-plan-onboard-about = { help-onboard-about }
help-plan-onboard-long = { help-onboard-long }
help-plan-onboard-after =
    Примеры:
      kadry plan onboard anna.toml
      kadry plan onboard anna.toml --save anna.json
help-plan-onboard-file = { help-onboard-file }
help-plan-onboard-external-id = { help-onboard-external-id }
help-plan-onboard-email = { help-onboard-email }
help-plan-onboard-last-name = { help-onboard-last-name }
help-plan-onboard-first-name = { help-onboard-first-name }
help-plan-onboard-middle-name = { help-onboard-middle-name }
help-plan-onboard-phone = { help-onboard-phone }
help-plan-onboard-title = { help-onboard-title }
help-plan-onboard-department = { help-onboard-department }
help-plan-onboard-role = { help-onboard-role }
help-plan-onboard-on = { help-onboard-on }
help-plan-onboard-privileged = { help-onboard-privileged }
help-plan-onboard-allow = { help-onboard-allow }

help-plan-offboard-about = { help-offboard-about }
help-plan-offboard-long = { help-offboard-long }
help-plan-offboard-after =
    Примеры:
      kadry plan offboard anna@example.test
      kadry plan offboard anna@example.test --save anna.json
help-plan-offboard-who = { help-offboard-who }
help-plan-offboard-now = { help-offboard-now }
help-plan-offboard-remove = { help-offboard-remove }
help-plan-offboard-successor = { help-offboard-successor }
help-plan-offboard-on = { help-offboard-on }
help-plan-offboard-privileged = { help-offboard-privileged }
help-plan-offboard-allow = { help-offboard-allow }

help-plan-transfer-about = { help-transfer-about }
help-plan-transfer-long = { help-transfer-long }
help-plan-transfer-after =
    Примеры:
      kadry plan transfer anna@example.test --role seller
      kadry plan transfer anna@example.test --role seller --save anna.json
help-plan-transfer-who = { help-transfer-who }
help-plan-transfer-role = { help-transfer-role }
help-plan-transfer-department = { help-transfer-department }
help-plan-transfer-title = { help-transfer-title }
help-plan-transfer-from = { help-transfer-from }
help-plan-transfer-strict = { help-transfer-strict }
help-plan-transfer-on = { help-transfer-on }
help-plan-transfer-privileged = { help-transfer-privileged }
help-plan-transfer-allow = { help-transfer-allow }

help-plan-import-about = { help-import-about }
help-plan-import-long = { help-import-long }
help-plan-import-after =
    Примеры:
      kadry plan import people.csv --role operator
      kadry plan import people.csv --role operator --save import.json
help-plan-import-file = { help-import-file }
help-plan-import-role = { help-import-role }
help-plan-import-preset = { help-import-preset }
help-plan-import-sheet = { help-import-sheet }
help-plan-import-on = { help-import-on }
help-plan-import-reactivate = { help-import-reactivate }
help-plan-import-privileged = { help-import-privileged }
help-plan-import-shrunk = { help-import-shrunk }
help-plan-import-allow = { help-import-allow }

help-plan-reconcile-about = { help-reconcile-about }
help-plan-reconcile-long = { help-reconcile-long }
help-plan-reconcile-after =
    Примеры:
      kadry plan reconcile staff.xlsx --role operator
      kadry plan reconcile staff.xlsx --role operator --suspend-surplus --save staff.json
help-plan-reconcile-file = { help-reconcile-file }
help-plan-reconcile-role = { help-reconcile-role }
help-plan-reconcile-preset = { help-reconcile-preset }
help-plan-reconcile-sheet = { help-reconcile-sheet }
help-plan-reconcile-on = { help-reconcile-on }
help-plan-reconcile-reactivate = { help-reconcile-reactivate }
help-plan-reconcile-privileged = { help-reconcile-privileged }
help-plan-reconcile-shrunk = { help-reconcile-shrunk }
help-plan-reconcile-check = { help-reconcile-check }
help-plan-reconcile-suspend-surplus = { help-reconcile-suspend-surplus }
help-plan-reconcile-now = { help-reconcile-now }
help-plan-reconcile-allow = { help-reconcile-allow }

help-plan-show-about = Показать всё, что есть в сохранённом плане
help-plan-show-after =
    Примеры:
      kadry plan show import.json
      kadry plan show import.json --report import.html
help-plan-show-file = План

help-apply-about = Выполнить сохранённый план: ровно его шаги и только если с тех пор ничего не изменилось
help-apply-long = Каждого, кто есть в плане, проверяют ещё раз. Если кто-то уже не такой, каким был, его называют, и не делается ничего; с --skip-moved выполняется остальное. План, который правили, не выполняется.
help-apply-after =
    Примеры:
      kadry apply anna.json
      kadry apply import.json --skip-moved --reason 'согласовано с кадрами'
help-apply-file = План
help-apply-skip-moved = Оставить в стороне тех, у кого что-то изменилось, и выполнить остальное

help-link-about = Указать, что запись принадлежит человеку, чтобы команды её находили
help-link-long = Для записи, в которой стоят не те ключи, по которым известен человек: например, на платформе поменяли почту. Дальше человек находится и по ключам этой записи. Меняется только хранилище kadry: ни на одной платформе ничего не записывается.
help-link-after =
    Примеры:
      kadry link anna@example.test messenger:1042
      kadry link person:1042 edo:8f14e45f --plan-only
help-link-who = Почта, person:ID или ПЛАТФОРМА:ID
help-link-record = Запись: ПЛАТФОРМА:ID

help-unlink-about = Забыть, что запись принадлежит человеку
help-unlink-long = Ключи, которые пришли только с этой записью, больше не ведут к человеку; последний ключ остаётся. Если связи нет, то речь о записи, которая находится там по прежнему ключу человека, и забывается этот ключ. Меняется только хранилище kadry: ни на одной платформе ничего не записывается.
help-unlink-after =
    Примеры:
      kadry unlink anna@example.test messenger
      kadry unlink person:1042 edo --plan-only
help-unlink-who = Почта, person:ID или ПЛАТФОРМА:ID
help-unlink-provider = Платформа, на которой эта запись

help-roles-about = Сверить каждого с его ролью
help-roles-after =
    Примеры:
      kadry roles check staff.xlsx --report review.html
      kadry roles check --rights

help-roles-check-about = Сказать, что у каждого есть сверх роли, чего не хватает и кто администратор или вправе подписывать
help-roles-check-long = Проверка доступа; ничего не меняется. Роль берётся из файла, а где её в строке нет — из --role; без файла это то, что выдали последний приём, перевод или загрузка. Кто есть на платформе, а роль его неизвестна, тоже перечислен: это доступ, о котором никто не знает. Имена, должности и телефоны не сверяются, для этого есть «kadry reconcile --check». Код завершения 4 — есть расхождения, 3 — что-то прочитать не удалось; ключи, сужающие список, на него не влияют.
help-roles-check-after =
    Примеры:
      kadry roles check staff.xlsx --report review.html
      kadry roles check staff.csv --role operator --on calls
      kadry roles check --rights
      kadry roles check --beyond -o csv > beyond.csv
help-roles-check-file = Файл с людьми: CSV или книга (.xlsx, .xls, .ods); без него о ролях говорят записанные запуски
help-roles-check-role = Роль тех, у кого она в строке не названа
help-roles-check-preset = Прочитать собственный файл поставщика, столбцы которого известны по этому набору
help-roles-check-sheet = Лист книги, если подходят несколько
help-roles-check-on = Только на этих платформах
help-roles-check-beyond = Перечислить тех, у кого есть что-то сверх роли
help-roles-check-lacks = Перечислить тех, кому чего-то не хватает
help-roles-check-rights = Перечислить тех, кто администратор или вправе подписывать
help-roles-check-all = Показать в таблице всех, в том числе тех, у кого есть ровно то, что велит роль
help-roles-check-shrunk = Принять платформу, где людей намного меньше, чем в прошлый раз; назовите и причину

help-runs-about = Показать, что было сделано, продолжить прерванное или отменить сделанное
help-runs-long = Команда о многих людях стоит в списке одной строкой, и её номер годится везде, где нужен номер запуска. Кроме того, у каждого её человека есть запуск со своим номером.
help-runs-after =
    Примеры:
      kadry runs
      kadry runs show 4f2a
      kadry runs resume --all
      kadry runs undo 4f2a --plan-only

help-runs-list-about = Перечислить последние запуски, сначала новые
help-runs-list-after =
    Примеры:
      kadry runs list
      kadry runs list --limit 100 -o json
help-runs-list-limit = Сколько запусков показать самое большее

help-runs-show-about = Показать один запуск по шагам, а команду о многих — по людям
help-runs-show-after =
    Примеры:
      kadry runs show 4f2a
      kadry runs show 4f2a -o json
help-runs-show-run = Номер запуска или его первые знаки

help-runs-resume-about = Продолжить прерванный запуск в пределах одобренного плана
help-runs-resume-long = Сначала проверяется, подействовали ли потерянные запросы. Потом выполняются те одобренные шаги, которые ещё нужны и чьи записи с тех пор никто не изменил. Больше ничего не отправляется, поэтому вопросов нет. Шаг, о котором ничего узнать нельзя, остаётся вам: см. «kadry runs settle».
help-runs-resume-after =
    Примеры:
      kadry runs resume 4f2a
      kadry runs resume --all
      kadry runs resume --all -o json
help-runs-resume-run = Номер запуска или его первые знаки
help-runs-resume-all = Все незавершённые запуски, сначала последний

help-runs-settle-about = Сказать, что стало с шагом, о котором kadry узнать не может; сначала посмотрите на платформе
help-runs-settle-long = Меняется только хранилище kadry. Продолжить потом: «kadry runs resume».
help-runs-settle-after =
    Примеры:
      kadry runs show 4f2a
      kadry runs settle 4f2a 3 done
      kadry runs settle 4f2a 3 undone
help-runs-settle-run = Номер запуска или его первые знаки
help-runs-settle-step = Номер шага, как его показывает «kadry runs show»
help-runs-settle-found = Что вы увидели на платформе

help-runs-undo-about = Отменить сделанное запуском, насколько это возможно
help-runs-undo-long = Каждое значение и каждое право, которое изменил запуск, становится прежним, если с тех пор его никто не менял. Запись, которую создал запуск, блокируется. План называет то, что остаётся: отправленное сообщение, удалённую запись.
help-runs-undo-after =
    Примеры:
      kadry runs undo 4f2a --plan-only
      kadry runs undo 4f2a --reason 'не тот человек'
help-runs-undo-run = Номер запуска или его первые знаки
help-runs-undo-privileged = Продолжить, даже если этот человек — администратор платформы
help-runs-undo-allow = Разрешить этому запуску затронуть больше людей, чем разрешают пределы, например suspend=40; укажите и причину

help-runs-salvage-about = Сохранить в новое хранилище то, что ещё читается в повреждённом
help-runs-salvage-long = Повреждённое хранилище остаётся как есть. С сохранённым работают с помощью --store или кладут его на место повреждённого.
help-runs-salvage-after =
    Примеры:
      kadry runs salvage saved.sqlite
      kadry runs salvage saved.sqlite --store damaged.sqlite
help-runs-salvage-into = Новое хранилище

help-runs-abandon-about = Закончить запуск навсегда: то, что в нём осталось открытым, больше не выполняется
help-runs-abandon-long = Меняется только хранилище kadry; что запуск сделал, остаётся сделанным.
help-runs-abandon-after =
    Примеры:
      kadry runs abandon 4f2a
      kadry runs abandon 4f2a --yes --reason 'принят в другом месте'
help-runs-abandon-run = Номер запуска или его первые знаки

help-completions-about = Напечатать сценарий, который дополняет команды, ключи и значения в командной оболочке
help-completions-long = Значения берутся из тех настроек, которые были бы использованы: платформы, роли. К платформам команда не обращается.
help-completions-after =
    Примеры:
      source <(kadry completions bash)   # в ~/.bashrc
      source <(kadry completions zsh)    # в ~/.zshrc, после compinit
      kadry completions fish | source    # в ~/.config/fish/config.fish
help-completions-shell = Командная оболочка

help-man-about = Напечатать страницу руководства о kadry или об одной команде, чтобы её показала man
help-man-after =
    Примеры:
      kadry man | man -l -
      kadry man runs show | man -l -
      kadry man --all ~/.local/share/man/man1
      kadry man --lang ru --all ~/.local/share/man/ru/man1
help-man-command = Команда, слово за словом; без неё — вся программа
help-man-all = Записать страницы всех команд в этот каталог
