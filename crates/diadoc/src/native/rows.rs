//! The rows about departments, which have more arguments than all the others.

use kadry_core::{Does, Operation, Parameter};

use super::parameter::{COUNT, PAGE, flag, help, required, text};

const DEPARTMENT: Parameter = required(text(
    "departmentId",
    help(
        "The department, by its id, its path or its name",
        "Подразделение: идентификатор, путь или название",
    ),
));
const PARENT: Parameter = text(
    "ParentDepartmentId",
    help(
        "The department above, by its id, its path or its name",
        "Вышестоящее подразделение: идентификатор, путь или название",
    ),
);
const NAME: Parameter = text("Name", help("The name", "Название"));
const ABBREVIATION: Parameter = text(
    "Abbreviation",
    help(
        "The short name; without it, the name",
        "Сокращённое название; без этого параметра — само название",
    ),
);
const KPP: Parameter = text(
    "Kpp",
    help("The КПП of the department", "КПП подразделения"),
);
const ADDRESS: Parameter = text(
    "Address",
    help(
        "The address, as JSON with RussianAddress or ForeignAddress",
        "Адрес: JSON с RussianAddress или ForeignAddress",
    ),
);
const BY_KPP: Parameter = flag(
    "Routing.Kpp",
    "Whether documents come to it by КПП",
    "Направлять ли документы по КПП",
);
const BY_ADDRESS: Parameter = flag(
    "Routing.Address",
    "Whether documents come to it by address",
    "Направлять ли документы по адресу",
);

pub(super) const LIST: Operation = Operation {
    noun: "departments",
    verb: "list",
    parameters: &[PAGE, COUNT],
    help: help(
        "List the departments of the box, the head one first",
        "Список подразделений ящика, первым — головное",
    ),
    example: "diadoc departments list",
    endpoint: "GET /admin/GetDepartments",
    does: Does::Lists {
        columns: &["Id", "Name", "Abbreviation", "ParentDepartmentId", "Kpp"],
    },
};

pub(super) const SHOW: Operation = Operation {
    noun: "departments",
    verb: "show",
    parameters: &[DEPARTMENT],
    help: help("Show one department", "Показать подразделение"),
    example: "diadoc departments show --departmentId Бухгалтерия",
    endpoint: "GET /V2/GetDepartment",
    does: Does::Shows,
};

pub(super) const CREATE: Operation = Operation {
    noun: "departments",
    verb: "create",
    parameters: &[
        required(NAME),
        ABBREVIATION,
        PARENT,
        KPP,
        ADDRESS,
        BY_KPP,
        BY_ADDRESS,
    ],
    help: help("Make a department", "Создать подразделение"),
    example: "diadoc departments create --Name Касса --ParentDepartmentId Бухгалтерия",
    endpoint: "POST /admin/CreateDepartment",
    does: Does::Writes { brakes: &[] },
};

pub(super) const UPDATE: Operation = Operation {
    noun: "departments",
    verb: "update",
    parameters: &[
        DEPARTMENT,
        NAME,
        text(
            "Abbreviation",
            help("The short name", "Сокращённое название"),
        ),
        PARENT,
        KPP,
        ADDRESS,
        BY_KPP,
        BY_ADDRESS,
    ],
    help: help(
        "Rename a department, move it, or change its КПП, address or routing",
        "Переименовать подразделение, перенести его, изменить КПП, адрес или маршрутизацию",
    ),
    example: "diadoc departments update --departmentId 'Бухгалтерия / Касса' --Name 'Расчёты'",
    endpoint: "POST /admin/UpdateDepartment",
    does: Does::Writes { brakes: &[] },
};

pub(super) const DELETE: Operation = Operation {
    noun: "departments",
    verb: "delete",
    parameters: &[DEPARTMENT],
    help: help(
        "Delete a department that has nobody, no documents and no departments below it",
        "Удалить подразделение без сотрудников, документов и дочерних подразделений",
    ),
    example: "diadoc departments delete --departmentId 'Бухгалтерия / Касса'",
    endpoint: "POST /admin/DeleteDepartment",
    does: Does::Writes { brakes: &[] },
};
