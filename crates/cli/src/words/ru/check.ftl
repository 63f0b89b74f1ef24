# Что говорит проверка.

check-configuration = Настройки
check-store = Хранилище
check-protect = Защищённые люди
check-ok = хорошо
check-note = к сведению
check-warning = внимание
check-failure = СБОЙ
check-next = Что делать: { $hint }
check-all-well = Всё в порядке.
check-counted = Сбоев: { $failures }. Предупреждений: { $warnings }.
check-size = { $number } { $unit ->
    [kilo] кБ
   *[mega] МБ
}

# Настройки
check-config-read = Файл { $path } годится к работе.
check-config-ours = Другие пользователи изменить его не могут.
check-config-foreign = Файл { $path } принадлежит другому пользователю, и тот может его изменить в любой момент. От него зависит, куда уйдут секреты.
check-config-folder = Любой пользователь системы может положить в каталог { $path } другой файл и так подменить настройки.
check-limits-none = Раздела [limits] нет. Действуют встроенные пределы: закрыть, вернуть или снять доступ — 10 человек за запуск, 20 за сутки, 60 за месяц; удалить записи — 3, 5 и 20.
check-limits-set = В [limits] указано: { $limits }. Для остального действуют встроенные числа.
check-limits-uncounted = В [limits] указано: { $limits }. Доля от всех людей не действует, пока все не пересчитаны, а эта версия их не считает.
check-hint-own = chown "$USER" { $path }
check-hint-folder = Перенесите файл настроек в каталог, где никто другой не может писать, и укажите его в --config.
check-hint-limits = Укажите вместо неё число людей.

# Хранилище
check-store-none = Хранилища пока нет. Его создаст первый запуск: { $path }
check-store-unmakeable = Хранилища пока нет, и первый запуск не сможет создать { $path }. { $cause }
check-store-writable = Следующий запуск сможет в него писать.
check-store-facts = { $path }: { $size }, людей — { $people }, запусков — { $runs }, ведётся с { $since }.
check-store-whole = Оно прочитано целиком, повреждений нет.
check-store-too-large = Оно больше { $size }, поэтому целиком не прочитано.
check-store-private = Прочитать его может только владелец.
check-store-shared = Его могут прочитать другие пользователи — вместе с именами и адресами. Следующий запуск закроет им доступ.
check-store-local = Оно лежит на локальном диске.
check-store-remote = Похоже, оно лежит на диске другой машины, где блокировки между процессами могут не действовать.
check-disk = На его диске свободно { $free }.
check-disk-scarce = На его диске свободно всего { $free }. Запуск, который нельзя записать, не выполняется.
check-runs-ended = Незавершённых запусков нет.
check-runs-open = { $runs ->
    [one] { $runs } запуск ждёт: он не доведён до конца, выполнен частично или спрашивает, чем закончился шаг.
    [few] { $runs } запуска ждут: они не доведены до конца, выполнены частично или спрашивают, чем закончился шаг.
   *[other] { $runs } запусков ждут: они не доведены до конца, выполнены частично или спрашивают, чем закончился шаг.
}
check-kept-private = { $files ->
    [one] Файл с токеном рядом с ним может прочитать только владелец.
   *[other] Файлы с токенами рядом с ним ({ $files }) может прочитать только владелец.
}
check-kept-shared = Другие пользователи могут прочитать { $path }, а в этом файле хранится токен.
check-hint-shared = Выясните, что изменило права файла: копирование, резервная копия, другой umask.
check-hint-space = Освободите там место или перенесите хранилище на другой диск и укажите его в --store.
check-hint-local = Перенесите хранилище на локальный диск и укажите его в --store.
check-hint-runs = kadry runs resume --all{ $options }

# Секреты
check-secret-env = { $name } берётся из переменной { $variable }.
check-secret-file = { $name } берётся из файла { $path }, прочитать который может только владелец.
check-secret-keyring = { $name } берётся из системного хранилища ключей.

# Платформа
check-answered = Ответила за { $took } мс.
check-credential = Учётные данные приняты.
check-credential-administrator = Учётные данные приняты, это администратор платформы.
check-credential-plain = Учётные данные приняты, но это не администратор платформы.
check-tenant-first = Хранилище ещё не знает здесь ни одной учётной записи. Сейчас это { $tenant }.
check-tenant-known = Учётная запись та же, что помнит хранилище: { $tenant }.
check-tenant-other = Учётная запись — { $tenant }, а хранилище помнит { $known }. То, что оно знает о записях на этой платформе, не используется: людей ищут по их ключам.
check-clock-untold = Платформа не сообщает своё время.
check-clock-agrees = Её часы и наши идут одинаково.
check-clock-off = Её часы { $side ->
    [ahead] спешат
   *[behind] отстают
} относительно наших на { $seconds } с.
check-expiry-untold = Платформа не сообщает, до какого времени действуют учётные данные.
check-expiry = Учётные данные действуют до { $at }, осталось { $days ->
    [0] меньше суток
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}.
check-expiry-ended = Срок учётных данных истёк { $at }.
check-hint-reach = Проверьте адрес в настройках, сеть и прокси; если там всё верно, подождите и повторите проверку.
check-hint-credential = Положите действующий секрет туда, куда указывают настройки, и повторите проверку.
check-hint-settings = Сверьте настройки платформы с тем, что дал её администратор.
check-hint-tenant = Если замена не задумана, проверьте адрес и секрет. Если задумана, следующий запуск запомнит новую учётную запись.
check-hint-clock = Настройте часы этой машины по сети: timedatectl set-ntp true
check-hint-expiry = Получите на платформе новые, положите их туда, куда указывают настройки, и повторите проверку.

# Что сработает
check-flow-onboard = onboard
check-flow-offboard = offboard
check-flow-remove = offboard --remove
check-flow-successor = offboard --successor
check-flow-welcome = приветствие
check-flow-lost-welcome = поиск потерянного приветствия
check-flow-works = { $flow }: работает.
check-flow-mostly = { $flow }: работает, насколько это возможно на платформе. Невозможно — { $lacks }
check-flow-never = { $flow }: на этой платформе невозможно. { $lacks }
check-flow-partly = { $flow }: работает частично. Не сработает — { $lacks }
check-flow-fails = { $flow }: не сработает. Причина — { $lacks }
check-lack = { $what }: { $why }
check-see = увидеть: { $kind }
check-revoke = забрать: { $kind }
check-hint-rights = Попросите администратора платформы дать учётным данным то, чего им не хватает.

# Роли и защищённые люди
check-role-known = Роль { $role }: все названия на платформе есть.
check-roles-known = { $roles ->
    [one] { $roles } роль: все названия на платформе есть.
    [few] { $roles } роли: все названия на платформе есть.
   *[other] { $roles } ролей: все названия на платформе есть.
}
check-role-wrong = Роль { $role }: с ней никого нельзя принять. { $what }
check-role-unread = Роль { $role }: её названия не удалось сверить. { $cause }
check-hint-role = Напишите названия в настройках так, как на платформе, или создайте на платформе недостающее.
check-hint-role-of-nothing = Добавьте в роль раздел для включённой платформы или уберите роль.
check-protect-known = protect.{ $list }: каждый адрес кому-то принадлежит.
check-protect-nobody = protect.{ $list }: таких адресов нет ни у кого ни на одной платформе, они никого не защищают: { $emails }
check-protect-unread = protect.{ $list }: прочитаны не все платформы, пока никого не нашлось с адресами { $emails }
check-hint-protect = Проверьте, нет ли опечатки, или уберите эти адреса.
