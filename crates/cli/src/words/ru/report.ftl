# Отчёт, который записывает --report, и то, что этому мешает.

report-file-ending = «{ $path }»: вид отчёта определяет окончание имени файла, а по этому имени он непонятен.
report-file-ending-hint = Для людей — --report report.html, для программ — --report report.json. Команды о многих людях принимают ещё report.xlsx и report.csv.
report-file-no-folder = Нет каталога { $folder }, чтобы записать в него отчёт.
report-file-is-folder = { $path } — это каталог. Назовите файл отчёта.
report-file-no-run = Команда «{ $command }» не делает ничего, о чём можно отчитаться, поэтому ничего не сделано.
report-file-no-run-hint = Уберите --report. Отчёт записывают команды: { $commands }.
report-file-one = «{ $path }»: команда об одном человеке таблицы не составляет.
report-file-one-hint = Возьмите .html или .json. Таблицы .csv и .xlsx составляют команды: { $commands }.
report-file-in-use = С файлом { $path } работает сама команда, и отчёт заменил бы его. Назовите другой файл.
report-file-lost-plan = План не удалось записать в { $path }: { $cause }. Ни на одной платформе ничего не изменено.
report-file-lost = Отчёт не удалось записать в { $path }: { $cause }. Всё сделанное остаётся в силе.

page-title = { $flow ->
    [onboard] Выдача доступа
    [offboard] Закрытие доступа
    [native] Операция
    [departments] Приведение подразделений к файлу
    [transfer] Перевод
    [undo] Отмена запуска
    [import] Импорт
    [reconcile] Сверка
   *[other] { $flow }
} — { $person }
page-title-plan = План: { $flow ->
    [onboard] выдача доступа
    [offboard] закрытие доступа
    [native] операция
    [departments] приведение подразделений к файлу
    [transfer] перевод
    [undo] отмена запуска
    [import] импорт
    [reconcile] сверка
   *[other] { $flow }
} — { $person }
page-title-unknown = Команда, которая не началась
page-result-done = Всё сделано и проверено: после последней записи прочитаны все платформы, делать больше нечего.
page-result-idle = Делать было нечего: прочитаны все платформы, всё так, как должно быть.
page-result-residue = Всё запланированное сделано, но что-то ещё видно открытым или прикреплённым.
page-result-partial = Сделано или проверено не всё.
page-result-unread = Ничего не записано, и не доказано, что делать нечего.
page-result-failed = Ничего не сделано. Что помешало, названо ниже.
page-result-plan = Это план. Ничего не записано.
page-result-plan-empty = Делать нечего. Ничего не записано.
page-result-plan-unseen = Сейчас ничего сделать нельзя. Ничего не записано.

page-organisation = Организация
page-flow = О чём просили
page-person = О ком речь
page-file = Файл
page-actor = Кто просил
page-reason = Зачем
page-reason-none = причина не указана
page-began = Начато
page-ended = Окончено
page-run = Запуск
page-command = Команда
page-hint = Что делать
page-again = Как продолжить
page-exit = Код завершения
page-exit-text = { $code } — { $meaning }
page-footer = Составлено программой kadry { $version }: { $at }.

page-doors = Доступ по последней проверке
page-steps = Шаги
page-steps-none = Шаги не понадобились.
page-steps-none-begun = Ни один шаг не начат.
page-not-done = Не сделано
page-open = Осталось открытым или прикреплённым
page-not-taken-back = Не отменено или отменено не полностью
page-caveats = Чего платформы не покажут никогда
page-notes = Замечания к плану
page-column-record = Над какой записью
page-column-record-new = над новой
page-column-when = Когда ({ $zone })
page-column-took = Длительность
page-column-fault = Что помешало
page-column-what = Что
page-column-why = Почему
page-column-advice = Что делать

exit-0 = сделано, в том числе когда делать было нечего
exit-1 = не удалось или отклонено, ничего не изменено
exit-2 = нельзя использовать саму команду, настройки или файл
exit-3 = что-то из того, о чём просили, не сделано, остальное сделано
exit-4 = reconcile --check или roles check нашла расхождения
exit-5 = отказано, ничего не записано
exit-6 = сделано, но что-то ещё видно открытым
exit-70 = ошибка самой программы kadry

# Страницы руководства.
man-manual = Руководство kadry
man-name = НАЗВАНИЕ
man-synopsis = КАК ВЫЗЫВАТЬ
man-description = ОПИСАНИЕ
man-commands = КОМАНДЫ
man-written = Страницы руководства записаны в { $folder }: { $pages }.
