# Команды о многих людях.

many-title = { $flow ->
        [import] Приём по файлу
        [reconcile] Сверка с файлом
        [onboard] Выдача доступа
        [offboard] Закрытие доступа
        [transfer] Перевод
        [undo] Отмена
       *[other] { $flow }
    } { $about }: { $people ->
        [one] { $people } человек
        [few] { $people } человека
       *[many] { $people } человек
    }
many-created = получат доступ
many-updated = будут изменены
many-unchanged = делать нечего
many-refused = отказано
many-outvoted = Людей, у которых указан отдел, а роль на какой-то платформе называет другой и считается он: { $people }.
many-tidied-later = Людей, у которых сверх этого плана, в этом же запуске, будет прочитано и забрано остальное, как только доступ закроется: { $people }.
many-surplus = нет в файле
many-unread = не удаётся прочитать, поэтому там ничего не делается: { $cause }
many-not-done = Не сделано:
many-line = строка { $line }, { $person }
many-more-people = … и ещё { $people ->
        [one] { $people } человек
        [few] { $people } человека
       *[many] { $people } человек
    }. Увидеть всех: kadry plan … --save plan.json, затем kadry plan show plan.json
many-more = … и ещё { $people }. Чтобы увидеть всех, добавьте --report ФАЙЛ
many-as-wanted = У всех всё так, как должно быть. Ничего не записано.
many-nothing-but = Кроме тех, кто назван выше, делать ни для кого ничего не нужно. Ничего не записано.
many-ended = Запуск { $run }: { $flow ->
        [import] приём по файлу
        [reconcile] сверка с файлом
        [onboard] выдача доступа
        [offboard] закрытие доступа
        [transfer] перевод
       *[other] { $flow }
    } { $about }, { $people ->
        [one] { $people } человек
        [few] { $people } человека
       *[many] { $people } человек
    }
many-result-created = получили доступ
batch-title = Запуск { $run }: { $what }, { $state }
batch-plan = план
many-their-run = Запуск для этого человека: { $run }.
many-why-superseded = То, что осталось, больше не выполняется.
batches-unfinished = { $runs ->
    [one] В хранилище есть незавершённый запуск для многих людей
    [few] В хранилище { $runs } незавершённых запуска для многих людей, самый старый
   *[other] В хранилище { $runs } незавершённых запусков для многих людей, самый старый
}: { $run }, { $what }. Продолжить: kadry runs resume { $run }{ $options }
batch-what = { $flow ->
        [import] импорт
        [reconcile] сверка
        [onboard] выдача
        [offboard] закрытие
        [transfer] перевод
        [undo] отмена
       *[other] { $flow }
    }: { $about }, { $people ->
        [one] { $people } человек
        [few] { $people } человека
       *[many] { $people } человек
    }
batch-done = готово: { $people }
batch-refused = отказано: { $people }
batch-failed = сделано не всё: { $people }
batch-open = осталось: { $people }
run-part-of = часть запуска { $batch }
many-result-updated = изменены
many-result-unchanged = уже так, как должно быть
many-result-refused = отказано
many-result-failed = сделано не всё
many-result-waiting = не начато
many-result-surplus = нет в файле
many-resume = Сделать остальное: kadry{ $options } runs resume { $run }
many-why-two-people = В хранилище эта почта записана за одним человеком, а этот табельный номер — за другим. Посмотрите обоих: kadry show ПОЧТА{ $options }, kadry show person:ID{ $options }. Исправьте то, что неверно, и повторите ту же команду.
many-why-at-work = С этим человеком сейчас работает другая команда. Когда она закончит, повторите ту же команду.
many-why-twice = { $known ->
        [0] Этот же человек назван раньше, учтено то, что сказано там. Когда это будет сделано, повторите ту же команду.
       *[other] Об этом же человеке говорит строка { $line }, учтена она. Оставьте в файле одну из двух строк.
    }
many-why-left-out = Одна из платформ не отвечает или не умеет того, о чём просили, а больше делать нечего. Что с ней не так: kadry check{ $options }. Потом повторите ту же команду.
many-why-moved = { $on ->
        [0] Теперь это запрещено, или человека там уже нет.
       *[other] С тех пор как план одобрен, что-то изменилось: { $platforms }.
    } Повторите команду, которая составила план.
many-why-later = С этим человеком потом работала другая команда. Что она сделала: kadry runs{ $options }
many-why-surplus = Доступ есть, а в файле человека нет. Чтобы закрыть доступ, добавьте --suspend-surplus.
many-why-unread = Доступ есть, а в файле этого человека не видно, но прочитаны не все платформы ({ $platforms }), а там он может быть известен под этим адресом. Ничего не делается. Когда платформы ответят, повторите ту же команду.
many-why-namesake = Доступ есть, а в файле этого человека нет, но имя то же, что в строке { $line }. Ничего не делается: проверьте почту и табельный номер в этой строке. Если это два разных человека: kadry offboard КТО{ $options }
many-why-unreadable = Доступ есть, а в файле этого человека не видно. Возможно, он в одной из строк, которые не читаются: { $lines }. Исправьте эти строки и повторите ту же команду.
many-why-waiting = Ещё не начато. Начать: kadry runs resume --all{ $options }
many-why-unproven = Не доказано, что сделано всё. Повторите ту же команду: она сначала смотрит и ничего не делает дважды.
many-why-given-up = { $actor } закончил(а) запуск до того, как это было сделано.
many-why-still-open = Запуск { $run } для этого человека спрашивает, чем закончился шаг, поэтому отменить его пока нельзя: kadry runs show { $run }{ $options }
question-carry-out-many = Выполнить { $steps ->
        [one] { $steps } шаг
        [few] { $steps } шага
       *[many] { $steps } шагов
    } для { $people ->
        [one] { $people } человека
       *[many] { $people } человек
    }? [да/нет]
interrupted-many-hint = Сделанное остаётся сделанным, ни одна строка не потеряна. Продолжить: kadry{ $options } runs resume { $run }
progress-listing = чтение списков: { $read }
progress-people = людей: { $done } из { $of }
progress-people-rate = людей: { $done } из { $of }, { $rate } в секунду, осталось { $left }
duration-seconds = { $seconds } с
duration-minutes = { $minutes } мин { $seconds } с
duration-hours = { $hours } ч { $minutes } мин
plan-saved = План сохранён: { $path } ({ $hash }).
plan-saved-hint = Выполнить: kadry{ $options } apply { $path }
plan-moved = { $path }: ничего не сделано. С тех пор как план составлен, что-то изменилось у { $people ->
        [one] { $people } человека
       *[many] { $people } человек
    }:
plan-moved-more =
    { "" }
    … и ещё { $people }; все до одного: kadry apply … --skip-moved --plan-only --report moved.csv
plan-moved-refused = теперь это запрещено, или человека там уже нет
plan-moved-hint = Составьте план заново или выполните остальное без этих людей: kadry apply … --skip-moved
line-left = В файле сказано, что человек уволен{ $dated ->
        [0] { "" }
       *[other] { " " }({ $day })
    }, поэтому доступ ему не открывается.
line-left-of-all = В файле сказано, что человек уволен{ $dated ->
        [0] { "" }
       *[other] { " " }({ $day })
    }. Если доступ у него ещё есть, он назван среди тех, кого нет в файле.
line-inactive = В файле сказано, что запись отключена. Это не обязательно увольнение, поэтому ничего не делается. Если человек уволен: kadry offboard КТО{ $options }
preset-unknown = Нет такого набора столбцов: «{ $name }».
preset-unknown-hint = Есть такие наборы: { $names }.
preset-without-platform = Набор столбцов «{ $preset }» — для такого вида платформ, какого здесь нет.
roster-shrank = В файле { $file } людей { $lines }, а в прошлом таком файле было { $before }. Ничего не сделано: возможно, файл обрезан.
roster-shrank-hint = Если в файле все, добавьте --shrunk --reason "…"

# Таблица, которую записывает --report: что в ней стоит о каждом человеке и что сказано обо всех.
list-sheet = Люди
list-about = Об отчёте
list-line = Строка
list-who = Человек
list-verdict = Итог
list-planned = Что задумано
list-open = Осталось открытым или прикреплённым
list-step = { $step } — { $state }
row-created = заведён
row-updated = изменён
row-unchanged = без изменений
row-refused = отказано
row-failed = сделано не всё
row-waiting = не начат
row-surplus = нет в файле
row-planned-created = завести
row-planned-updated = изменить
row-planned-unchanged = делать нечего
row-planned-refused = отказано
row-planned-surplus = нет в файле
list-people = Людей
list-steps = Шагов
list-residue = У скольких людей что-то осталось открытым или прикреплённым
list-limits = Какие пределы можно превысить
list-source = SHA-256 файла
list-plan = Хеш плана
list-saved = План сохранён в
list-done = Всё сделано для всех и проверено: после последней записи прочитаны все платформы.
list-residue-seen = Всё запланированное сделано, но что-то ещё видно открытым или прикреплённым.
list-partial = Сделано или проверено не всё. Для кого и почему, сказано в таблице.
list-nothing-done = Ни для кого ничего не сделано. Почему, сказано в таблице.
list-running = Это ещё не закончено. Как далеко дошло, сказано в таблице.
list-as-wanted = У всех всё как надо. Ничего не записано.
list-nothing-but = Кроме тех, кому отказано или кого нет в файле, делать было нечего. Ничего не записано.
list-differs = Что-то расходится. Ничего не записано.
list-stands = Это план. Ничего не записано.
