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

help-value-address = АДРЕС
help-value-email = ПОЧТА
help-value-file = ФАЙЛ
help-value-id = ID
help-value-lang = ЯЗЫК
help-value-ms = МС
help-value-n = ЧИСЛО
help-value-name = ИМЯ
help-value-output = ВИД
help-value-phone = ТЕЛЕФОН
help-value-provider = ПЛАТФОРМА
help-value-query = ЗАПРОС
help-value-role = РОЛЬ
help-value-text = ТЕКСТ
help-value-title = ДОЛЖНОСТЬ
help-value-who = КТО

help-kadry-about = Выдать, изменить и забрать доступ людей на нескольких платформах одной командой
help-kadry-after =
    Первые шаги:
      kadry demo          показать всю историю; ничего не нужно настраивать и ничего не остаётся
      kadry init          записать в этот каталог kadry.toml с пояснениями
      kadry providers     показать, что умеет каждая настроенная платформа, а чего нет и почему

    Коды завершения: 0 сделано, 1 не удалось или отклонено, 2 команда или настройки,
    3 сделано частично, 4 найдены расхождения, 5 отказано и ничего не записано,
    6 сделано, но что-то осталось открытым, 70 наша собственная ошибка.
help-kadry-config = Взять эти настройки вместо ./kadry.toml или файла из каталога настроек пользователя
help-kadry-store = Вести журнал в этом файле
help-kadry-output = Печатать для людей (text) или одним документом JSON (json)
help-kadry-yes = Не спрашивать перед записью
help-kadry-plan-only = Показать план и ничего не записывать
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
      kadry init && $EDITOR kadry.toml && kadry providers

help-emulate-about = Запустить эмуляторы платформ на одном порту, до Ctrl-C
help-emulate-long = У них те же правила и ограничения, что у настоящих. Состояние, журнал запросов, сбои и сброс — по адресу /_emulator/.
help-emulate-after =
    Примеры:
      kadry emulate --print-config > kadry.toml && chmod 600 kadry.toml
      kadry emulate --people 200 --latency 80
help-emulate-listen = Принимать запросы здесь; порт 0 — любой свободный
help-emulate-people = Сколько на платформах выдуманных людей
help-emulate-seed = Из чего получаются люди, номера и токены
help-emulate-latency = Сколько миллисекунд длится каждый ответ, самое меньшее
help-emulate-strict = Отклонять недокументированные запросы, а не только отмечать их
help-emulate-print-config = Напечатать kadry.toml и переменные окружения к нему и завершиться

help-providers-about = Показать, что умеет каждая настроенная платформа с нашим доступом, а чего нет и почему
help-providers-after =
    Примеры:
      kadry providers
      kadry providers --on messenger -o json
help-providers-on = Только эти платформы

help-people-about = Показать, у кого где есть доступ
help-people-long = Строка — человек, столбец — платформа.
help-people-after =
    Примеры:
      kadry people
      kadry people анна --on messenger,calls
      kadry people --suspended -o json
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

help-onboard-about = Принять человека: создать или снова открыть записи, дать то, что даёт роль, поздороваться
help-onboard-long = Затрагивает платформы, для которых в роли есть раздел; --on сужает их список. То, что уже есть, остаётся как есть; та же команда ещё раз ничего не записывает. Ключи важнее файла, а оба важнее роли.
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
help-onboard-privileged = Продолжить, даже если запись управляет своей платформой

help-offboard-about = Проводить человека: закрыть все двери, доказать, что они закрыты, убрать остальное
help-offboard-long = Сначала забирается то, чего за закрытой дверью уже не видно, но не дольше 30 секунд; с --now двери закрываются раньше. Ни одна платформа не ждёт другую. В конце сказано, что ещё видно открытым. Та же команда ещё раз продолжит с того места, где эта остановилась.
help-offboard-after =
    Примеры:
      kadry offboard anna@example.test --plan-only
      kadry offboard person:1042 --now --yes --reason 'последний день'
help-offboard-who = Почта, person:ID или ПЛАТФОРМА:ID
help-offboard-now = Закрыть двери раньше, чем убирать остальное
help-offboard-on = Только на этих платформах
help-offboard-privileged = Продолжить, даже если запись управляет своей платформой

help-runs-about = Показать, что было сделано; платформы не спрашиваются
help-runs-after =
    Примеры:
      kadry runs
      kadry runs show 4f2a

help-runs-list-about = Перечислить последние запуски, сначала новые
help-runs-list-limit = Не больше стольких

help-runs-show-about = Показать один запуск по шагам
help-runs-show-run = Номер запуска или его первые знаки
