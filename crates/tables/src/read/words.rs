//! The words of headers, in the form in which they are compared: lower case, ё as е, letters and digits only.

use kadry_core::FieldName;

use super::header::Meaning;
use super::hear::Whose;

const fn field(field: FieldName) -> Meaning {
    Meaning::Field(field)
}

/// Every header that is known, by what it says.
const KNOWN: [(Meaning, &[&str]); 14] = [
    (
        Meaning::FullName,
        &[
            "фио",
            "фамилияимяотчество",
            "фамилияимя",
            "сотрудник",
            "сотрудникфио",
            "фиосотрудника",
            "физическоелицо",
            "физлицо",
            "работник",
            "фиоработника",
            "полноеимя",
            "фиополностью",
            "полноефио",
            "fullname",
            "name",
            "employee",
            "employeename",
        ],
    ),
    (
        field(FieldName::LastName),
        &["фамилия", "lastname", "surname", "familyname", "фам"],
    ),
    (
        field(FieldName::FirstName),
        &["имя", "firstname", "givenname", "forename"],
    ),
    (
        field(FieldName::MiddleName),
        &[
            "отчество",
            "middlename",
            "patronymic",
            "patronymicname",
            "secondname",
        ],
    ),
    (
        field(FieldName::Email),
        &[
            "email",
            "почта",
            "электроннаяпочта",
            "элпочта",
            "эпочта",
            "электронныйадрес",
            "адресэлектроннойпочты",
            "адресэлпочты",
            "адреспочты",
            "emailaddress",
            "emailадрес",
            "почтаemail",
            "адресemail",
            "емейл",
            "имейл",
            "емайл",
            "мейл",
            "майл",
            "mail",
            "электроннаяпочтаemail",
            "emailпочта",
        ],
    ),
    (
        field(FieldName::Phone),
        &[
            "телефон",
            "мобильный",
            "мобильныйтелефон",
            "сотовый",
            "сотовыйтелефон",
            "номертелефона",
            "телефонмобильный",
            "тел",
            "мобтелефон",
            "мобтел",
            "телефонныйномер",
            "phone",
            "mobile",
            "mobilephone",
            "phonenumber",
            "mobilenumber",
            "cellphone",
            "cell",
            "telephone",
            "контактныйтелефон",
        ],
    ),
    (
        field(FieldName::Title),
        &[
            "должность",
            "jobtitle",
            "title",
            "position",
            "job",
            "должностьпоштатномурасписанию",
            "наименованиедолжности",
            "штатнаядолжность",
        ],
    ),
    (
        field(FieldName::Department),
        &[
            "отдел",
            "подразделение",
            "department",
            "структурноеподразделение",
            "departmentname",
            "наименованиеподразделения",
            "отделподразделение",
            "подразделениеотдел",
            "dept",
            "департамент",
        ],
    ),
    (
        Meaning::Role,
        &["роль", "role", "рольдоступа", "accessrole"],
    ),
    (
        field(FieldName::ExternalId),
        &[
            "id",
            "ид",
            "idсотрудника",
            "идсотрудника",
            "сотрудникid",
            "табельныйномер",
            "табномер",
            "табельныйномерсотрудника",
            "таб",
            "табельный",
            "табельныйn",
            "табn",
            "номертабельный",
            "employeeid",
            "employeenumber",
            "personnelnumber",
            "personnelid",
            "externalid",
            "employeeno",
            "staffid",
            "staffnumber",
            "userid",
            "внешнийid",
            "кодсотрудника",
            "идентификатор",
            "идентификаторсотрудника",
            "personid",
            "внешнийкод",
            "внешнийидентификатор",
        ],
    ),
    (
        Meaning::LeftOn,
        &[
            "датаувольнения",
            "terminationdate",
            "датаокончанияработы",
            "дататерминации",
            "lastworkingday",
            "lastday",
            "enddate",
            "dateoftermination",
            "датаокончания",
            "последнийрабочийдень",
            "leavingdate",
            "exitdate",
        ],
    ),
    (
        Meaning::HasLeft,
        &["уволен", "уволена", "terminated", "увольнение", "dismissed"],
    ),
    (
        Meaning::Active,
        &["активен", "активна", "активность", "active", "isactive"],
    ),
    (
        Meaning::Status,
        &[
            "статус",
            "состояние",
            "status",
            "employmentstatus",
            "статуссотрудника",
            "состояниесотрудника",
            "employeestatus",
            "статусзанятости",
        ],
    ),
];

/// What only says that a cell must be filled in, and the like.
pub(super) const NOISE: [&str; 8] = [
    "обязательно",
    "обязательное",
    "обязательный",
    "обязательная",
    "required",
    "optional",
    "необязательно",
    "mandatory",
];

/// Words that only say that the row is about its own person.
pub(super) const OWNER: [&str; 8] = [
    "сотрудника",
    "сотрудники",
    "работника",
    "физического",
    "лица",
    "employee",
    "employees",
    "полностью",
];

/// The beginnings of words that say that a group of columns is about somebody else.
pub(super) const OTHERS: [&str; 11] = [
    "руководител",
    "начальник",
    "куратор",
    "наставник",
    "замести",
    "manager",
    "supervisor",
    "head",
    "boss",
    "mentor",
    "родител",
];

/// Headers that are known to say nothing to us, though they look like some that do.
const IGNORED: [&str; 62] = [
    "номер",
    "пп",
    "номерпп",
    "n",
    "nпп",
    "no",
    "датаприема",
    "датаприеманаработу",
    "датарождения",
    "деньрождения",
    "датаперевода",
    "датаначала",
    "датаначалаработы",
    "hiredate",
    "startdate",
    "birthdate",
    "dateofbirth",
    "birthday",
    "пол",
    "город",
    "регион",
    "страна",
    "адрес",
    "руководитель",
    "организация",
    "компания",
    "company",
    "city",
    "country",
    "address",
    "location",
    "gender",
    "sex",
    "manager",
    "инн",
    "снилс",
    "паспорт",
    "оклад",
    "ставка",
    "график",
    "графикработы",
    "комментарий",
    "примечание",
    "comment",
    "comments",
    "notes",
    "логин",
    "login",
    "пароль",
    "password",
    "username",
    "видзанятости",
    "возраст",
    "стаж",
    "факс",
    "fax",
    "фото",
    "photo",
    "внутреннийтелефон",
    "внутреннийномер",
    "код",
    "дата",
];

/// Returns what a whole header says.
pub(super) fn meaning(whole: &str) -> Option<Meaning> {
    KNOWN
        .iter()
        .find(|(_, known)| known.contains(&whole))
        .map(|(meaning, _)| *meaning)
}

/// Returns every header that is known.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Meaning)> {
    KNOWN
        .iter()
        .flat_map(|(meaning, known)| known.iter().map(|word| (*word, *meaning)))
}

/// Reports whether a header is known to say nothing to us.
pub(super) fn ignored(whole: &str) -> bool {
    IGNORED.contains(&whole)
}

/// Returns whose address or number a word says that it is.
pub(super) fn whose(word: &str) -> Whose {
    let begins = |beginnings: &[&str]| {
        beginnings
            .iter()
            .any(|beginning| word.starts_with(beginning))
    };
    if begins(&[
        "рабоч",
        "служебн",
        "корпоратив",
        "work",
        "business",
        "corporate",
        "office",
        "офис",
    ]) {
        Whose::Work
    } else if begins(&[
        "личн",
        "персональн",
        "домашн",
        "personal",
        "private",
        "home",
    ]) {
        Whose::Personal
    } else {
        Whose::Unsaid
    }
}
