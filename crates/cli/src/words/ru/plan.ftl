# Планы, шаги и отчёты.

flow = { $flow ->
    [onboard] выдача доступа
    [offboard] закрытие доступа
    [native] операция
    [departments] приведение подразделений к файлу
    [transfer] перевод
    [undo] отмена запуска
    [import] импорт
    [reconcile] сверка
   *[other] { $flow }
}

plan-title = { $flow ->
    [onboard] Выдача доступа
    [offboard] Закрытие доступа
    [native] Операция
    [departments] Приведение подразделений к файлу
    [transfer] Перевод
    [undo] Отмена запуска
   *[other] { $flow }
} — { $person }: { $steps ->
    [0] делать нечего
    [one] { $steps } шаг
    [few] { $steps } шага
   *[other] { $steps } шагов
}{ $steps ->
    [0] {""}
   *[other] {" "}на { $platforms ->
        [one] { $platforms } платформе
       *[other] { $platforms } платформах
    }
}
plan-title-unseen = { $flow ->
    [onboard] Выдача доступа
    [offboard] Закрытие доступа
    [native] Операция
    [departments] Приведение подразделений к файлу
    [transfer] Перевод
    [undo] Отмена запуска
   *[other] { $flow }
} — { $person }: сейчас ничего сделать нельзя
lane-of-record = { $provider }, запись { $record }
lane-of-person = { $provider }, запись { $record } — { $person }

labelled = { $label }: { $value }
empty-value = (пусто)

step-create = Создать запись: { $what }
step-create-short = Создать запись
step-update = Изменить запись: { $changes }
step-update-short = Изменить запись
step-open = Открыть доступ
step-close = Закрыть доступ
step-give = { $kind ->
    [tag] Добавить теги: { $names }
    [chat] Добавить в чаты: { $names }
    [unit] Перевести в подразделение: { $names }
    [role] Назначить роль: { $names }
    [level] Назначить уровень: { $names }
    [department] Перевести в подразделение: { $names }
    [access-level] Назначить уровень доступа: { $names }
    [permission] Дать права: { $names }
    [subscription] Подписать на уведомления: { $names }
    [power-of-attorney] Прикрепить доверенности (МЧД): { $names }
    [property] Заполнить поля: { $names }
    [status] Поставить статус { $names }
    [seen-department] Открыть документы подразделений: { $names }
   *[other] Выдать — { $label }: { $names }
}
step-take = { $kind ->
    [tag] Снять теги: { $names }
    [chat] Исключить из чатов: { $names }
    [permission] Забрать права: { $names }
    [subscription] Отписать от уведомлений: { $names }
    [power-of-attorney] Открепить доверенности (МЧД): { $names }
    [seen-department] Закрыть документы подразделений: { $names }
   *[other] Забрать — { $label }: { $names }
}
step-notify = Отправить приветствие: «{ $text }»
step-notify-short = Отправить приветствие
step-define = Создать недостающее — { $kind }: { $name }
step-define-short = Создать недостающее
step-remove = Удалить запись навсегда
step-hand-over = Добавить преемника { $person }, { $kind }: { $names }
step-native = Выполнить { $operation }
step-late = Закрыть доступ ещё раз — когда прерванный запрос уже не сможет подействовать, у записи, найденной по { $keys }
step-sought = { $step } — как только с платформой можно будет работать, у записи, найденной по { $keys }
edit-add = добавить — { $kind }: { $names }
edit-drop = убрать — { $kind }: { $names }
edit-replace = { $label }: { $old } → { $new }

note-nobody-there = Записи этого человека здесь нет.
note-no-key = Здесь искать некого: у указанной записи нет ни почты, ни табельного номера.
note-late = Запрос прерванного запуска ещё может дойти до { $until }; после этого доступ закрывается ещё раз.
note-cannot-close = Доступ здесь не закрыть: { $why }
note-mail-goes-out = Платформа пришлёт человеку письмо о новой записи.
note-not-written = Здесь не записывается: { $field }. { $why }
note-no-welcome = Приветствия не будет. { $why }
note-possible = Ни у кого здесь нет ключей этого сотрудника, но имя совпадает: { $people }. Если это тот же человек, свяжите запись: kadry link { $who } { $record }{ $options }
note-outvoted = Указан отдел «{ $department }», но роль называет здесь своё ({ $kind }), и считается оно: { $names }.
note-resembles = Будет создано «{ $name }» ({ $kind }), а похожее «{ $nearest }» уже есть.
note-cannot-read = Что здесь есть у сотрудника ({ $kind }), не видно. { $why }
note-cannot-read-hidden = Что здесь есть у сотрудника ({ $kind }), не видно, а когда доступ будет закрыт, не станет видно никогда: дайте право заранее или уберите это на самой платформе. { $why }
note-cannot-remove = Удалить запись здесь нельзя. { $why }
note-cannot-hand-over = Передать это здесь нельзя ({ $kind }). { $why }
note-nothing-to-hand-over = Преемнику { $who } здесь передавать нечего.
note-tidied-later = Будет прочитано и убрано, как только доступ закроется, — { $kind }.
note-not-read = Что здесь есть у сотрудника ({ $kind }), не успели прочитать, а после закрытия доступа платформа этого не показывает.
note-keeps = Остаётся как есть — { $kind }: { $names }. { $why }
note-comes-back = Вернётся вместе с доступом — { $kind }: { $names }.
note-comes-back-unseen = Может вернуться вместе с доступом — { $kind }: сейчас платформа этого не показывает.
note-left-elsewhere = Запуск { $run } оставил незавершённое в другой учётной записи ({ $tenant }), куда сейчас никто не смотрит. Это остаётся открытым: продолжите запуск, когда та учётная запись снова будет настроена, или завершите его командой «kadry runs abandon { $run }{ $options }».
note-not-limited = Предел { $limit } — доля от всех людей. Их никто не пересчитал, поэтому действует встроенное число.
note-not-taken-back = Не отменяется или отменяется не полностью: { $what }
left-undone = { $step }: сделано, но без { $left }: платформа молча их пропустила. Остальное сделает: { $command }
not-taken-back-line = { $step }. { $why }
note-stays-closed = Доступ здесь закрыт и таким останется: перевод доступ не открывает. Если человек должен работать и здесь: kadry onboard { $whom } --role … --on { $provider }{ $options }
note-made-later = Записи этого человека здесь ещё нет. Она создаётся, когда прочитаны все платформы: имя видно по их записям.
note-stays-open = В роли об этой платформе ничего нет, а доступ здесь остаётся открытым. Закрыть его: kadry offboard { $who } --on { $provider }{ $options }
note-beyond = Остаётся, потому что этого нет ни в прежней роли, ни в новой, — { $kind }: { $names }. С --strict это будет снято.
note-beyond-blind = Прежняя роль здесь неизвестна, поэтому ничего не снимается. Сверх новой роли есть — { $kind }: { $names }. Назовите прежнюю роль: --from РОЛЬ, или снимите всё лишнее: --strict.
note-goes-along = Может пропасть вместе со снятым, потому что платформа это связывает, — { $kind }: { $names }.
note-cannot-take = Снять это здесь нельзя — { $kind }: { $names }. { $why }
note-stays = Останется за человеком — { $kind }: { $names }. { $why }

state-waiting = не начато
state-deferred = отложено
state-started = выполняется
state-done = готово
state-failed = не выполнено
state-unsure = неизвестно
state-parked = не решено
state-skipped = не нужно
state-superseded = заменено

run-at-work = выполняется
run-running = не завершён
run-done = выполнен
run-partial = выполнен частично
run-failed = не выполнен
run-refused = отклонён
run-superseded = заменён
run-given-up = прекращён

column-provider = Платформа
column-number = №
column-step = Шаг
column-state = Состояние
column-took = Время
took-ms = { $ms } мс
took-s = { $whole },{ $tenth } с

report-title = { $flow ->
    [onboard] Выдача доступа
    [offboard] Закрытие доступа
    [native] Операция
    [departments] Приведение подразделений к файлу
    [transfer] Перевод
    [undo] Отмена запуска
   *[other] { $flow }
} — { $person }. Запуск { $run }: { $state }
report-nothing-to-do = { $flow ->
    [onboard] Выдача доступа
    [offboard] Закрытие доступа
    [native] Операция
    [departments] Приведение подразделений к файлу
    [transfer] Перевод
    [undo] Отмена запуска
   *[other] { $flow }
} — { $person }: делать нечего
report-nothing-written = { $flow ->
    [onboard] Выдача доступа
    [offboard] Закрытие доступа
    [native] Операция
    [departments] Приведение подразделений к файлу
    [transfer] Перевод
    [undo] Отмена запуска
   *[other] { $flow }
} — { $person }: ничего не сделано
report-verified = Проверено: после последней записи прочитаны все платформы, делать больше нечего.
report-as-wanted = Проверено: прочитаны все платформы, всё так, как должно быть.
report-verified-so-far = Проверено: после последней записи прочитаны все платформы; что не сделано, перечислено ниже.
report-as-far-as-possible = Проверено: прочитаны все платформы, больше ничего сделать нельзя; то, что из запрошенного невозможно, перечислено ниже.
report-not-verified = Не доказано: после последней записи удалось прочитать не все платформы, или там ещё не всё сделано.
report-not-all-done = Не доказано, потому что сделано не всё.
report-no-residue = Ничего открытого или прикреплённого из того, что видно, не осталось.
report-residue = Осталось открытым или прикреплённым:
residue-door = доступ записи { $record } открыт
residue-door-advice = Повторите ту же команду или закройте его на самой платформе.
residue-attached = { $kind }: { $names }
residue-attached-advice = Снимите это на самой платформе.
residue-attached-again = Это заберёт та же команда.
residue-line = { $what }. { $advice }
report-not-taken-back = Не отменено или отменено не полностью:
report-caveats = Чего платформа не покажет никогда:
about-provider = { $provider }: { $text }

report-open = Сделано не всё:
report-again = Та же команда продолжит с того места, где остановился этот запуск:
report-mend-again = Устраните названные причины, и та же команда сделает остальное:
report-anew = Запуск не повторяет того, в чём было отказано, и не делает больше, чем одобрено. Устраните названные причины и повторите команду, с которой он начался: она составит новый план.
report-again-later = Повторите ту же команду, когда с платформами можно будет работать:
open-line = { $step }. { $why }
open-waiting = Не начато, потому что не выполнен предыдущий шаг.
open-waiting-remove = Не начато: сначала нужно перечитать все платформы и увидеть, что доступ закрыт.
open-silent = Не сделано. { $detail }
open-cannot-close = Доступ не закрыт. { $why }
open-cannot-read = Не всё, что есть у сотрудника, удалось увидеть; это остаётся. { $why }
open-cannot-read-hidden = Не всё, что есть у сотрудника, удалось увидеть. Это остаётся, а при закрытом доступе kadry этого не видит: уберите это на самой платформе. { $why }
open-cannot-take = Снято не всё — { $kind }: { $names }. { $why }
open-cannot-remove = Запись не удалена. { $why }
open-cannot-hand-over = Передано не всё. { $why }
open-late = Прерванный запрос мог подействовать и после последней проверки.
open-deferred = С платформой не удалось работать.
open-started = Запрос ушёл, и пока неизвестно, что он сделал.
open-failed = Шаг не выполнен.
open-unsure = Запрос ушёл, и пока неизвестно, что он сделал.
open-parked = Проверка не показала, сделано ли это.
open-not-before = Не раньше { $at }; потом: kadry runs resume --all{ $options }.
open-settle = Посмотрите на платформе и ответьте: done — подействовало, undone — нет:
open-settled-then = Затем продолжите:
open-next = Продолжить:
open-waiting-free = Не начато.
open-more-than-approved = Теперь там нужно сделать больше, чем было одобрено. Повторите команду, с которой начался запуск, чтобы это увидеть.
question-create-several = Ключи этого сотрудника есть у нескольких записей. Оставьте их одной; это та запись, которую должен был создать этот шаг?
question-create = Запись { $record } — та, которую должен был создать этот шаг?
question-notify = Получил ли человек это сообщение: «{ $message }»?
question-set-grants = Есть ли это у сотрудника?
question-update = Стоят ли в записи эти значения?
question-any = Подействовал ли запрос?

progress-reading = чтение платформ
progress-awaiting = чтение платформ, ещё не ответили: { $names }
progress-settling = ответ потерян, идёт проверка
progress-verifying = повторное чтение для проверки
progress-step = { $step } — { $state }

question-carry-out = { $steps ->
    [one] Выполнить { $steps } шаг? [да/нет]
    [few] Выполнить { $steps } шага? [да/нет]
   *[other] Выполнить { $steps } шагов? [да/нет]
}
answers-yes = y yes д да
declined = Отказ: ничего не изменено.
nobody-to-ask = Некого спросить, выполнять ли план; ничего не изменено.
nobody-to-ask-hint = Добавьте --yes, чтобы выполнить без вопроса, или --plan-only, чтобы только увидеть план.
plan-has-changed = Тем временем всё прочитано ещё раз, и план теперь другой:
names-more = { $names } и ещё { $more }
