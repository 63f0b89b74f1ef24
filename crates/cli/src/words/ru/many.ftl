# Команды о многих людях.

many-title = { $flow ->
        [import] Импорт
        [reconcile] Сверка
        [onboard] Приём
        [offboard] Увольнение
        [transfer] Перевод
       *[other] { $flow }
    } { $about }: { $people ->
        [one] { $people } человек
        [few] { $people } человека
       *[many] { $people } человек
    }
many-created = заводятся
many-updated = меняются
many-unchanged = делать нечего
many-refused = отказано
many-surplus = нет в файле
many-unread = не прочитана, поэтому там ничего не делается: { $cause }
many-not-done = Не сделано:
many-line = строка { $line }, { $person }
many-more-people = … и ещё { $people ->
        [one] { $people } человек
        [few] { $people } человека
       *[many] { $people } человек
    }. Показать всех: kadry plan … --save plan.json, затем kadry plan show plan.json
many-more = … и ещё { $people }. Обо всех расскажет --report ФАЙЛ.
many-as-wanted = У всех всё как надо. Ничего не записано.
many-nothing-but = Кроме названных выше, делать было нечего. Ничего не записано.
many-ended = Запуск { $run }: { $flow } { $about }, { $people ->
        [one] { $people } человек
        [few] { $people } человека
       *[many] { $people } человек
    }
many-result-created = заведены
many-result-updated = изменены
many-result-unchanged = уже как надо
many-result-refused = отказано
many-result-failed = сделано не всё
many-result-waiting = не начаты
many-result-surplus = нет в файле
many-resume = Продолжить с того, что осталось: kadry{ $options } runs resume { $run }
many-why-two-people = В журнале эта почта и этот табельный номер записаны за двумя людьми. Посмотрите обоих: kadry show
many-why-at-work = С этим человеком сейчас работает другая команда. Когда она закончит, повторите эту.
many-why-twice = { $line ->
        [""] Раньше в списке уже есть этот человек: учтена первая запись.
       *[other] Об этом человеке уже говорит строка { $line }: учтена она.
    }
many-why-left-out = То, о чём просили, там сейчас сделать нельзя, а больше делать нечего.
many-why-moved = { $platforms ->
        [""] Теперь это запрещает защита, либо человека там уже нет. Составьте план заново.
       *[other] С тех пор как план утвердили, что-то изменилось ({ $platforms }). Составьте план заново.
    }
many-why-later = С тех пор этим человеком занималась более поздняя команда.
many-why-surplus = Доступ есть, а в файле человека нет. Закрыть доступ: --suspend-surplus
many-why-unreadable = Доступ есть, а в файле человека нет, но его могут иметь в виду строки, которые не читаются: { $lines }. Сначала исправьте их.
many-why-waiting = Ещё не начато.
many-why-unproven = Не удалось доказать, что сделано всё.
question-carry-out-many = Выполнить { $steps ->
        [one] { $steps } шаг
        [few] { $steps } шага
       *[many] { $steps } шагов
    } для { $people ->
        [one] { $people } человека
       *[many] { $people } человек
    }? [да/нет]
interrupted-many-hint = Сделанное сделано, ни одна строка не потеряна. Продолжить: kadry{ $options } runs resume { $run }
progress-listing = читаю всех: { $read }
progress-people = { $done } из { $of } человек
progress-people-rate = { $done } из { $of } человек, { $rate } в секунду, осталось { $left }
duration-seconds = { $seconds } с
duration-minutes = { $minutes } мин { $seconds } с
duration-hours = { $hours } ч { $minutes } мин
plan-saved = План сохранён: { $path } ({ $hash }).
plan-saved-hint = Выполнить: kadry{ $options } apply { $path }
plan-moved = { $path }: ничего не сделано. С составления плана что-то изменилось у { $people ->
        [one] { $people } человека
       *[many] { $people } человек
    }:
plan-moved-more =
    { "" }
    … и ещё { $people }.
plan-moved-refused = теперь это запрещает защита, либо человека там уже нет
plan-moved-hint = Составьте план заново или оставьте этих людей в стороне: kadry apply … --skip-moved
line-left = По этому файлу человек уволен{ $day ->
        [""] { "" }
       *[other] { " " }({ $day })
    }, поэтому доступ не открывается.
line-left-of-all = По этому файлу человек уволен{ $day ->
        [""] { "" }
       *[other] { " " }({ $day })
    }. Если доступ ещё есть, он среди тех, кого нет в файле.
line-inactive = По этому файлу запись выключена, а это не обязательно увольнение: ничего не делается.
preset-unknown = Нет такого набора столбцов: { $name }.
preset-unknown-hint = Известные наборы: { $names }
preset-without-platform = Среди платформ нет той, для которой набор столбцов { $preset }.
roster-ignored = Столбцы, которые не используются: { $columns }
roster-unread-sheets = Листы, которые не читаются: { $sheets }
roster-shrank = В файле { $file } людей: { $lines }, а в прошлом файле с этим именем было { $before }. Ничего не сделано: файл мог быть обрезан.
roster-shrank-hint = Если всё верно: --shrunk --reason "…"
roster-unusable = Файл { $path } использовать нельзя: { $fault }
roster-cell = { $fault }.
