# Что отвечают платформы и что говорим о них мы сами. Переменная часть — в «detail»: она пуста или в скобках.

answer-status = её ответ — { $status }
answer-status-said = её ответ — { $status }: «{ $said }»
answer-silence = нет ответа { $seconds } с
answer-misshapen = форма ответа не та, что в документации: строка { $line }, столбец { $column }
answer-without-member = в ответе нет «{ $member }»: строка { $line }, столбец { $column }
answer-in-other-words = «{ $said }»
effect-applied = Платформа что-то изменила, но не то, о чём её просили.
effect-unknown = Неизвестно, выполнила ли платформа этот шаг. Следующий запуск сначала проверит.
platform-billing = Платформа требует оплаты, или на ней закончились лицензии{ $detail }. Нужен её администратор.
platform-config = С такими настройками платформа работать не может{ $detail }.
platform-conflict = Состояние записи этого не позволяет{ $detail }.
platform-forbidden = У учётной записи не хватает прав{ $detail }. Их может дать администратор платформы.
platform-invalid = Платформа не принимает значение{ $detail }.
platform-not-found = Записи на платформе нет{ $detail }.
platform-protocol = Платформа ответила не так, как сказано в её документации{ $detail }.
platform-rate-limited = Слишком много запросов к платформе{ $detail }.
platform-fields = Отличается от заданного: { $fields }.
platform-kept = Всё, что нужно для входа на эту платформу, хранится рядом с хранилищем, а { $path } для этого не подходит: { $cause }. Получите там право чтения и записи или укажите другое место с помощью --store.
platform-request = Для поддержки платформы: номер запроса { $id }.
platform-retry-after = Платформа просила подождать { $seconds } с.
platform-unauthenticated = Платформа не принимает учётные данные{ $detail }. Проверьте секрет в настройках.
platform-unavailable = Платформа недоступна или неисправна{ $detail }.
platform-unsupported = Платформа этого не умеет{ $detail }.

# Что говорим мы сами, под теми словами, которыми это говорит код
own-a-guard-says-no = действует запрет
own-a-name-needs-both-the-last-and-the-first-name = нужны и фамилия, и имя
own-a-page-of-the-list-repeats-the-ones-before-it = страница списка повторяет предыдущие
own-a-record-cannot-be-made-without-this = без этого запись не создать
own-a-record-needs-a-login-that-is-an-e-mail-address = логином должен быть адрес почты
own-an-id-in-the-path-is-empty-or-made-of-dots = номер пуст или состоит из точек
own-the-platform-is-not-configured-or-is-switched-off = её нет в настройках, или она выключена
own-an-interrupted-step-of-this-person-could-not-be-looked-for = не удалось узнать, чем закончился прерванный шаг
own-base-url-is-not-an-address = base_url — не адрес
own-base-url-is-not-the-address-of-a-server = base_url — не адрес сервера
own-email-is-not-the-e-mail-of-a-service-account = в email — не адрес почты
own-no-answer-in-time-the-door-does-not-wait = ответ не пришёл вовремя, а закрытие доступа не ждёт
own-no-request-may-leave = запросы больше не отправляются
own-no-such-operation = такой операции нет
own-nobody-can-be-invited-without-an-e-mail = без почты никого не пригласить
own-nothing-on-this-platform-has-this-id = там нет ничего с таким номером
own-powers-of-attorney-are-still-attached = МЧД ещё привязаны
own-secure-connections-cannot-be-set-up = не удаётся подготовить защищённое соединение
own-several-departments-have-this-name = так называются несколько подразделений
own-several-employees-have-this-login = с этим логином есть несколько сотрудников
own-several-records-match-so-nobody-can-tell-which-one-was-meant = подходят несколько записей, и неясно, о которой шла речь
own-signing-in-failed-a-moment-ago = только что не удалось войти
own-the-address-of-the-proxy-cannot-be-used = адрес прокси не годится
own-the-answer-broke-off = ответ оборвался
own-the-answer-did-not-arrive = ответ не пришёл
own-the-answer-is-too-long-to-be-true = ответ неправдоподобно длинный
own-the-base-address-does-not-begin-with-https = адрес не начинается с https://
own-the-base-address-goes-on-after-its-path = после пути в адресе есть что-то ещё
own-the-base-address-holds-a-password = в адресе записан пароль
own-the-base-address-is-plain-http-which-sends-secrets-in-the-clear = адрес начинается с http://, и секреты были бы видны в сети
own-the-certificate-of-the-platform-is-not-trusted = нет доверия к её сертификату; если его подписывает ваша организация, укажите её корневой сертификат в ca_file
own-the-certificates-cannot-be-read-as-pem = сертификаты из ca_file не читаются как PEM
own-the-department-above-it-is-not-there = вышестоящего подразделения нет
own-the-department-exists = такое подразделение уже есть
own-the-file-of-certificates-has-no-certificate-in-it = в файле ca_file нет ни одного сертификата
own-the-list-changed-each-time-while-it-was-read-so-nobody-can-tell-what-is-on-it = список менялся при каждом чтении, и что в нём есть, сказать нельзя
own-the-list-does-not-say-whether-it-goes-on = из списка не видно, есть ли продолжение
own-the-list-goes-on-but-the-cursor-of-its-next-page-is-missing = у списка есть продолжение, но не сказано где
own-the-list-repeats-a-cursor-and-would-never-end = список возвращается на ту же страницу и никогда не кончился бы
own-the-platform-answered-with-other-values-than-it-was-asked-for = она показывает не те значения, которые были заданы
own-the-platform-asked-for-a-long-pause-and-it-is-not-over = она просила о долгой паузе, и та ещё не кончилась
own-the-platform-cannot-be-reached = нет соединения с ней
own-the-platform-did-not-store-what-was-sent = она сохранила не то, что было отправлено
own-the-platform-does-not-know-the-unit-or-the-role = она не знает этого подразделения или этой роли
own-the-platform-has-no-such-field = такого поля у неё нет
own-the-platform-hides-from-us-what-people-are-matched-by-so-nobody-is-proven-to-be-absent = она скрывает то, по чему ищут людей, поэтому доказать отсутствие нельзя
own-the-platform-knows-no-id-of-the-employer-s = табельных номеров она не знает
own-the-platform-lists-nobody = она никого не перечисляет
own-the-platform-made-a-department-of-another-name-or-in-another-place = она создала подразделение с другим названием или в другом месте
own-the-platform-made-another-unit-than-the-one-that-was-asked-for = она создала не то подразделение, о котором просили
own-the-platform-refused-the-e-mail-and-password-of-the-service-account = она не приняла почту и пароль сервисной учётной записи
own-the-platform-said-yes-and-shows-no-such-record = она ответила согласием, но такой записи не показывает
own-the-platform-said-yes-and-shows-no-such-unit = она ответила согласием, но такого подразделения не показывает
own-the-record-has-changed-since-the-plan-was-approved = запись изменилась с тех пор, как план был одобрен
own-the-record-is-gone = записи больше нет
own-the-record-is-still-there-after-it-was-deleted = запись осталась и после удаления
own-the-record-was-made-and-clashes-with-another-one = запись создана, но совпадает с другой
own-the-role-has-no-section-for-this-platform = в роли нет раздела для этой платформы
own-the-session-cannot-be-sent = сеанс, который она открыла, нельзя отправить
own-the-session-cannot-be-written = сеанс не удаётся записать
own-the-sign-in-answered-without-a-header = в ответе на вход не хватает заголовка
own-the-sign-in-brought-no-access-token = при входе не выдан токен доступа
own-the-sign-in-was-cut-off = вход прервался
own-the-step-is-about-nobody = шаг никого не касается
own-the-tag-has-another-name-than-was-sent = тег получил не то название
own-the-token-has-characters-that-cannot-be-sent = в токене есть знаки, которые нельзя отправить
own-the-tokens-cannot-be-written-as-text = токены не удаётся записать текстом
own-the-unit-above-does-not-exist = вышестоящего подразделения нет
own-the-unit-exists = такое подразделение уже есть
own-this-is-the-service-account-itself = это сама сервисная учётная запись
own-we-are-blocked-in-the-box = сервисная учётная запись заблокирована в ящике
own-we-are-no-employee-of-the-box = сервисной учётной записи нет среди сотрудников ящика

# Названия в командах, которые есть только у одной платформы
thing-none = { $thing ->
    [tag] Тега
    [chat] Чата
    [unit] Отдела
    [role] Роли
    [level] Уровня
    [department] Подразделения
    [power-of-attorney] Прикреплённой доверенности
   *[other] Записи
} «{ $typed }» нет.
thing-near = Похожие: { $near }.
thing-several = { $thing ->
    [tag] Несколько тегов называются
    [chat] Несколько чатов называются
    [unit] Несколько отделов называются
    [role] Несколько ролей называются
    [level] Несколько уровней называются
    [department] Несколько подразделений называются
    [power-of-attorney] Несколько доверенностей имеют номер
   *[other] Несколько записей называются
} «{ $typed }»: { $ids }. Укажите нужный id.
thing-held = Сотрудника держит в чате привязанный к нему тег: { $tags }. Платформа ответила бы согласием и никого не исключила.
