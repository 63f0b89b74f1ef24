# Проверка доступа: каждый против своей роли.

review-title = Проверка доступа
review-column-role = Роль
review-column-found = Найдено
review-column-beyond = Сверх роли
review-column-lacks = Не хватает
review-column-besides = Есть ещё, роль об этом не говорит
review-column-rights = Права и отметки
review-column-remarks = Примечания

review-role-given = как выдал наш последний запуск
review-role-none = без роли
review-role-left = уже не работает
review-role-unknown = роль неизвестна
review-role-unclear = неясно

review-as-role = как велит роль
review-no-access = ни доступа, ни роли
review-set-apart = служебная запись или исключение
review-differs = не так, как велит роль
review-unaccounted = доступ, о котором никто не знает
review-unsure = сказать нельзя

review-access-unread = не прочитано
review-access-none = записи нет
review-thing-record = запись
review-thing-access = доступ
review-beyond = сверх роли: { $things }
review-lacks = не хватает: { $things }

review-administrator = администратор
review-signer = вправе подписывать
review-own = служебная запись
review-exempt = исключение
review-privileged = особый
review-not-registered = ни разу не входил

review-unseen = { $kind }: неизвестно
review-blind = { $kind }: неизвестно, что у кого есть. { $why }
review-administrators-hidden = Платформа не показывает, кто её администратор.
review-hidden-from-us = Чего не видно ни у кого
review-hidden = Платформа нам этого не показывает.
review-two-people = Указанное об этом человеке принадлежит, по данным хранилища, двум людям.
review-twice = Эта запись уже отнесена к другому человеку.
review-twice-line = Эта запись уже отнесена к человеку из строки { $line }.
review-other-key = В записи { $record } нет ничего, что известно об этом человеке, кроме того, что стоит в другой его записи. Проверьте, чья она.

review-all-hint = Те, у кого всё как надо, здесь только сосчитаны. Всех покажет --all, и все есть в отчёте --report.
review-silent = Эти платформы прочитать не удалось, и ни о ком там нельзя сказать, что всё в порядке:
review-administrators = Администраторы
review-signers = Вправе подписывать
review-source = Откуда взяты роли
review-source-file = файл { $file }
review-source-journal = последний приём, перевод или загрузка каждого человека
review-read = Прочитанные платформы
review-not-read = Платформы, которые прочитать не удалось
review-people = { $people ->
    [one] { $people } человек
    [few] { $people } человека
   *[many] { $people } человек
}
review-narrowed = В списке только те
review-narrowed-beyond = у кого есть что-то сверх роли
review-narrowed-lacks = кому чего-то не хватает
review-narrowed-rights = кто администратор или вправе подписывать
review-signed = Кто и когда проверил
review-result-clean = У каждого есть то, что велит его роль, и ничего больше.
review-result-differs = Есть расхождения с ролями. Ничего не изменено.
review-result-partial = Что-то прочитать или установить не удалось, поэтому проверка неполная. Ничего не изменено.
roles-check-no-file = --role — для людей, которых называет файл, а файла нет. Без того и другого, у кого какая роль, говорит журнал.
