//! Text with delimiters.

use kadry_tables::{Disguise, Preset, RosterError, open_roster, read_roster};

use super::{faults, read, rows};

#[test]
fn an_export_of_an_hr_system_is_read() {
    let text = "\u{feff}ООО \"Ромашка\";;;;;;\r\n\
        Список сотрудников на 01.11.2026;;;;;;\r\n\
        ;;;;;;\r\n\
        № п/п;Таб. №;ФИО;Эл. почта;Моб. телефон;Подразделение;Состояние\r\n\
        1;2;3;4;5;6;7\r\n\
        1;00042;Иванова Анна Петровна;anna@example.test;+7 (000) 000-00-01;\"Отдел \"\"А\"\"; склад\";Работает\r\n\
        ;;;;;;\r\n\
        2;00043;Петров\u{a0}Пётр;petr@example.test;;—;Уволен\r\n\
        № п/п;Таб. №;ФИО;Эл. почта;Моб. телефон;Подразделение;Состояние\r\n\
        3;00044;Орлова Ольга;olga@example.test;;Склад;Отпуск основной\r\n\
        Всего: 3;;;;;;\r\n\
        Директор __________ Сидоров С. С.;;;;;;\r\n";
    let roster = read(text).unwrap();
    assert_eq!(roster.len(), 3);
    let ignored: Vec<_> = roster.ignored().iter().map(ToString::to_string).collect();
    assert_eq!(ignored, ["column A (\"№ п/п\")"]);
    assert_eq!(roster.columns().len(), 6);
    assert_eq!(roster.sha256().len(), 64);
    assert_eq!(
        rows(Ok(roster)),
        [
            "6: email=anna@example.test, external_id=00042, last_name=Иванова, first_name=Анна, middle_name=Петровна, \
             phone=+7 (000) 000-00-01, department=Отдел \"А\"; склад, Stays",
            "8: email=petr@example.test, external_id=00043, last_name=Петров, first_name=Пётр, Left { on: None }",
            "10: email=olga@example.test, external_id=00044, last_name=Орлова, first_name=Ольга, department=Склад, Away",
        ]
    );
}

#[test]
fn an_english_export_is_read() {
    let text = "Employee ID,Last name,First name,Work email,Home email,Job title,Department,Status,Termination date,Hire date\n\
        E-1,Orlova,Anna,anna@example.test,a@home.test,Accountant,Finance,Active,,2020-01-01\n\
        E-2,Petrov,Pyotr,petr@example.test,,Clerk,Finance,Terminated,2026-10-31,2020-01-01\n";
    assert_eq!(
        rows(read(text)),
        [
            "2: email=anna@example.test, external_id=E-1, last_name=Orlova, first_name=Anna, title=Accountant, department=Finance, Stays",
            "3: email=petr@example.test, external_id=E-2, last_name=Petrov, first_name=Pyotr, title=Clerk, department=Finance, \
             Left { on: Some(2026-10-31) }",
        ]
    );
}

#[test]
fn the_vendors_file_has_exactly_its_five_columns() {
    let dealapp = |text: &str| read_roster(text.as_bytes(), Preset::DealApp, None);
    let text =
        "Роль;EMAIL;фио;id;Отдел\nОператор;anna@example.test;Иванова Анна Петровна;00042;Продажи\n";
    assert_eq!(
        rows(dealapp(text)),
        [
            "2: email=anna@example.test, external_id=00042, last_name=Иванова, first_name=Анна Петровна, department=Продажи, role=Оператор"
        ]
    );
    let fault = dealapp("ФИО;id;email;Отдел;Телефон\nа;б;в;г;д\n").unwrap_err();
    assert!(
        matches!(&fault, RosterError::PresetColumns { line: 1, missing, extra } if missing == &["Роль"] && extra.len() == 1),
        "{fault:?}"
    );
}

#[test]
fn of_two_rows_with_one_key_the_first_counts() {
    let text = "id;ФИО;email\n1;Орлова Анна;anna@example.test\n1 ;Орлов Олег;oleg@example.test\n3;Орлова Инна; ANNA@example.test\n";
    assert_eq!(
        faults(text),
        [
            "3: column A (\"id\"): the same as in line 2, column A (\"id\")",
            "4: column C (\"email\"): the same as in line 2, column C (\"email\")"
        ]
    );
}

#[test]
fn a_row_that_is_no_person_for_sure_is_passed_over_and_any_other_has_a_fault() {
    let text = "ФИО;email;Отдел\nОтдел продаж;;\nОрлова Анна;anna@example.test;А\nОрлова Инна;;А\n;b@example.test;А\n";
    assert_eq!(
        faults(text),
        [
            "2: neither an e-mail address nor an id is given",
            "4: neither an e-mail address nor an id is given",
            "5: the last or the first name is missing"
        ]
    );
}

#[test]
fn a_delimiter_or_a_line_end_without_quotes_spoils_its_row_only() {
    let text = "ФИО;email;Отдел;Роль\n\
        Орлова Анна;anna@example.test;Отдел; А;Р\n\
        Орлова Инна;inna@example.test;Отдел\nпродаж;Р\n\
        Орлова Алла;alla@example.test;Отдел;Р;;\n";
    assert_eq!(
        faults(text),
        [
            "2: 5 cells where the header has 4",
            "3: 3 cells where the header has 4",
            "4: 2 cells where the header has 4"
        ]
    );
    let text = "ФИО;email;Отдел;\nОрлова Анна;anna@example.test;Отдел; А\n";
    assert_eq!(faults(text), ["2: 4 cells where the header has 3"]);
    let text = "ФИО;;email;Отдел\nОрлова; Анна;anna@example.test;А\n";
    assert_eq!(
        faults(text),
        ["2: column B (\"\"): a value in a column without a header"]
    );
}

#[test]
fn ids_that_may_have_lost_their_zeros_are_faults() {
    let text = "id;ФИО;email\n00042;Орлова Анна;a@example.test\n43;Орлова Инна;b@example.test\n10044;Орлова Алла;c@example.test\n";
    assert_eq!(
        faults(text),
        ["3: column A (\"id\"): leading zeros may have been lost"]
    );
    let text = "id;ФИО;email\n9;Орлова Анна;a@example.test\n10;Орлова Инна;b@example.test\nА-1;Орлова Алла;c@example.test\n";
    assert_eq!(faults(text), [""; 0]);
}

#[test]
fn names_in_each_others_columns_are_told_for_a_row_and_for_the_file() {
    let text = "Фамилия;Имя;Отчество;id\nОрлова;Анна;Петровна;1\nИнна;Орлова;Петровна;2\nОрлова;Алла;Петровна;3\n\
        Петровна;Анна;;4\nОрлова;Петровна;;5\nОрлова;Cветлана;;6\nВойнович;Пётр;;7\n";
    assert_eq!(
        faults(text),
        [
            "3: column A (\"Фамилия\"): the names stand in another order",
            "5: column A (\"Фамилия\"): a patronymic",
            "6: column B (\"Имя\"): a patronymic",
            "7: column B (\"Имя\"): letters of two alphabets"
        ]
    );
    let text = "Фамилия;Имя;id\nАнна;Орлова;1\nИнна;Орлова;2\nОрлова;Алла;3\n";
    assert_eq!(
        faults(text),
        ["file: column A (\"Фамилия\") and column B (\"Имя\") seem to be swapped"]
    );
}

#[test]
fn a_full_name_must_agree_with_the_single_ones() {
    let text = "ФИО;Фамилия;Имя;id\nОрлова Анна Петровна;Орлова;Анна;1\nОрлова Инна Петровна;Орлова;Анна;2\n";
    assert_eq!(
        faults(text),
        [
            "3: column A (\"ФИО\"): the full name is another one than the single names"
                .replace(" is another one than", " differs from")
        ]
    );
}

#[test]
fn a_file_that_was_cut_or_glued_is_refused() {
    for (text, fault) in [
        (
            "ФИО;email\nОрлова Анна;a@example.test\nОрлова Ин",
            "file: line 3: the file is cut off: 1 cells of 2 and no line end",
        ),
        (
            "ФИО;email\nОрлова Анна;\"a@example",
            "file: line 2, character 13: the file ends inside a cell in quotes that begins here",
        ),
        (
            "ФИО;email\nОрлова Анна;a@example.test\nВсего: 15\n",
            "file: line 3: 15 people are announced, 1 are read",
        ),
        (
            "ФИО;email\nОрлова Анна;a@example.test\nИтого 15 человек;\n",
            "file: line 3: 15 people are announced, 1 are read",
        ),
        (
            "ФИО;email\nОрлова Анна;a@example.test\nemail;ФИО\nb@example.test;Орлова Инна\n",
            "file: line 3: another header begins here",
        ),
        ("ФИО;email\n\n", "file: nobody is in the file"),
        ("\n \n", "file: nothing is in the file"),
        (
            "Орлова Анна;a@example.test\n",
            "file: no header is found in the first lines",
        ),
        (
            "ФИО;email\n\"Орлова\" Анна;a@example.test\n",
            "file: line 2, character 9: text after the closing quote of a cell",
        ),
    ] {
        assert_eq!(faults(text), [fault], "{text}");
    }
}

#[test]
fn a_last_cell_without_a_line_end_may_be_cut() {
    let cut = ["3: column B (\"email\"): the file ends here without a line end"];
    assert_eq!(
        faults("ФИО;email\nОрлова Анна;a@example.test\nОрлова Инна;b@example.te"),
        cut
    );
    // A cell that ends as others do, and that is the beginning of none of them, is whole.
    let whole = "ФИО;email\nОрлова Анна;a@example.test\nОрлова Инна;b@example.test";
    assert_eq!(faults(whole), [""; 0]);
    let perhaps = "ФИО;email;Отдел\nОрлова Анна;a@example.test;Отдел продаж\n\
                   Орлова Инна;b@example.test;Отдел\nОрлова Вера;c@example.test;Отдел";
    assert_eq!(
        faults(perhaps),
        ["4: column C (\"Отдел\"): the file ends here without a line end"]
    );
    // What is cut in a column that is not read alters nobody.
    assert_eq!(
        faults("ФИО;email;Цвет\nОрлова Анна;a@example.test;синий\nОрлова Инна;b@example.test;си"),
        [""; 0]
    );
}

#[test]
fn sums_by_department_and_sums_of_money_are_no_number_of_people() {
    let text = "ФИО;email;Оклад\nОрлова Анна;a@example.test;1\nИтого по отделу: 1;;\nОрлова Инна;b@example.test;1\n\
        Орлова Алла;c@example.test;1\nИтого по отделу: 2;;\nВсего: 3;;\nИтого;;3000\n";
    assert_eq!(rows(read(text)).len(), 3);
}

#[test]
fn what_is_no_table_is_named_whatever_the_file_is_called() {
    let folder = tempfile::tempdir().unwrap();
    for (bytes, disguise) in [
        (
            &b"<html><body><table><tr><td>1</td></tr></table>"[..],
            Disguise::Html,
        ),
        (
            b"<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook/>",
            Disguise::SpreadsheetXml,
        ),
        (b"%PDF-1.7", Disguise::Pdf),
        (b"[{\"id\": 1}]", Disguise::Json),
    ] {
        let path = folder.path().join("people.xls");
        std::fs::write(&path, bytes).unwrap();
        let fault = open_roster(&path, Preset::Common, None).unwrap_err();
        assert!(
            matches!(fault, RosterError::NotATable(told) if told == disguise),
            "{fault:?}"
        );
    }
    let missing = open_roster(&folder.path().join("none.csv"), Preset::Common, None);
    assert!(matches!(missing, Err(RosterError::Unreadable(_))));
}

#[test]
fn a_day_of_leaving_is_told_and_never_judged() {
    let text = "id;ФИО;Статус;Дата увольнения;Уволен\n1;Орлова Анна;Работает;31.12.2099;\n2;Орлова Инна;В дороге;;\n\
        3;Орлова Алла;;01.01.0001;Да\n4;Орлова Элла;;31.02.2026;\n5;Орлова Белла;;;\n";
    let told: Vec<_> = rows(read(text))
        .iter()
        .map(|row| row.split("first_name=").nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(
        told,
        [
            "Анна, Left { on: Some(2099-12-31) }",
            "Инна, Unknown(\"В дороге\")",
            "Алла, Left { on: None }",
            "Элла, ! column D (\"Дата увольнения\"): no date that can be read in one way only",
            "Белла"
        ]
    );
}
