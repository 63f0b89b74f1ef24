//! Workbooks.

use std::io::{Cursor, Write as _};

use kadry_tables::{Preset, Roster, RosterError, read_roster};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};

use zip::write::SimpleFileOptions;

use super::rows;

fn book(fill: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book).unwrap();
    book.save_to_buffer().unwrap()
}

fn read(bytes: &[u8]) -> Result<Roster, RosterError> {
    read_roster(bytes, Preset::Common, None)
}

fn line(sheet: &mut Worksheet, row: u32, cells: &[&str]) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        sheet.write_string(row, column, *cell)?;
    }
    Ok(())
}

/// One sheet with a header and people.
fn one(lines: &[&[&str]], more: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    book(|book| {
        let sheet = book.add_worksheet();
        for (row, cells) in (0..).zip(lines) {
            line(sheet, row, cells)?;
        }
        more(sheet)
    })
}

#[test]
fn numbers_dates_and_formulas_are_read_as_they_are_shown() {
    let bytes = one(
        &[
            &["id", "ФИО", "email", "Телефон", "Дата увольнения", "Отдел"],
            &["", "Орлова Анна", "", "", "", ""],
        ],
        |sheet| {
            sheet.write_number_with_format(1, 0, 42, &Format::new().set_num_format("00000"))?;
            sheet.write_formula(
                1,
                2,
                Formula::new("LOWER(\"ANNA@EXAMPLE.TEST\")").set_result("anna@example.test"),
            )?;
            sheet.write_number(1, 3, 79_001_234_567_f64)?;
            let day = ExcelDateTime::from_ymd(2026, 11, 1)?;
            sheet.write_datetime_with_format(
                1,
                4,
                &day,
                &Format::new().set_num_format("dd.mm.yyyy"),
            )?;
            sheet.write_number(1, 5, 7)?;
            Ok(())
        },
    );
    assert_eq!(
        rows(read(&bytes)),
        [
            "2: email=anna@example.test, external_id=00042, last_name=Орлова, first_name=Анна, phone=79001234567, department=7, \
             Left { on: Some(2026-11-01) }"
        ]
    );
}

#[test]
fn cells_that_hold_no_text_are_faults() {
    let bytes = one(
        &[
            &["id", "ФИО", "email", "Отдел"],
            &["1", "Орлова Анна"],
            &["2", "Орлова Инна"],
            &["3", "Орлова Алла"],
        ],
        |sheet| {
            sheet.write_boolean(1, 3, true)?;
            sheet.write_formula(2, 3, Formula::new("A0").set_result("#REF!"))?;
            let day = ExcelDateTime::from_ymd(2026, 11, 1)?;
            sheet.write_datetime_with_format(
                3,
                3,
                &day,
                &Format::new().set_num_format("dd.mm.yyyy"),
            )?;
            Ok(())
        },
    );
    let told: Vec<_> = rows(read(&bytes))
        .iter()
        .map(|row| row.split('!').nth(1).unwrap().trim().to_owned())
        .collect();
    assert_eq!(
        told,
        [
            "column D (\"Отдел\"): true or false",
            "column D (\"Отдел\"): an error of the spreadsheet: #REF",
            "column D (\"Отдел\"): a date"
        ]
    );
}

#[test]
fn numbers_among_ids_with_zeros_are_faults() {
    let bytes = one(
        &[
            &["id", "ФИО"],
            &["00042", "Орлова Анна"],
            &["", "Орлова Инна"],
            &["", "Орлова Алла"],
            &["", "Орлова Элла"],
        ],
        |sheet| {
            sheet.write_number(2, 0, 43)?;
            sheet.write_number(3, 0, 10044)?;
            sheet.write_number_with_format(
                4,
                0,
                45,
                &Format::new().set_num_format("\"А-\"0000"),
            )?;
            Ok(())
        },
    );
    assert_eq!(
        rows(read(&bytes)),
        [
            "2: external_id=00042, last_name=Орлова, first_name=Анна",
            "3: last_name=Орлова, first_name=Инна, ! column A (\"id\"): leading zeros may have been lost",
            "4: external_id=10044, last_name=Орлова, first_name=Алла",
            "5: last_name=Орлова, first_name=Элла, ! column A (\"id\"): the spreadsheet shows the number as something else",
        ]
    );
    let bytes = one(
        &[&["id", "ФИО"], &["", "Орлова Анна"], &["", "Орлова Инна"]],
        |sheet| {
            sheet.write_number(1, 0, 9)?;
            sheet.write_number(2, 0, 10)?;
            Ok(())
        },
    );
    assert_eq!(
        rows(read(&bytes)),
        [
            "2: external_id=9, last_name=Орлова, first_name=Анна",
            "3: external_id=10, last_name=Орлова, first_name=Инна"
        ]
    );
}

#[test]
fn a_merged_header_of_two_rows_is_read() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 5, "Список сотрудников на 01.11.2026", &plain)?;
        sheet.merge_range(2, 0, 3, 0, "Таб. №", &plain)?;
        sheet.merge_range(2, 1, 2, 3, "Сотрудник", &plain)?;
        sheet.merge_range(2, 4, 2, 5, "E-mail", &plain)?;
        line(
            sheet,
            3,
            &["", "Фамилия", "Имя", "Отчество", "Личный", "Рабочий"],
        )?;
        line(
            sheet,
            4,
            &[
                "00042",
                "Орлова",
                "Анна",
                "Петровна",
                "a@home.test",
                "anna@example.test",
            ],
        )
    });
    let roster = read(&bytes).unwrap();
    assert_eq!(roster.ignored().len(), 1);
    assert_eq!(
        rows(Ok(roster)),
        [
            "5: email=anna@example.test, external_id=00042, last_name=Орлова, first_name=Анна, middle_name=Петровна"
        ]
    );
}

#[test]
fn merged_cells_among_people_are_faults_and_so_are_values_under_a_merged_header() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        line(sheet, 0, &["ФИО", "email", "Отдел"])?;
        line(sheet, 1, &["Орлова Анна", "anna@example.test"])?;
        line(sheet, 2, &["Орлова Инна", "inna@example.test"])?;
        sheet.merge_range(1, 2, 2, 2, "Склад", &Format::new())?;
        Ok(())
    });
    assert_eq!(
        rows(read(&bytes)),
        [
            "2: email=anna@example.test, last_name=Орлова, first_name=Анна, department=Склад",
            "3: email=inna@example.test, last_name=Орлова, first_name=Инна, ! column C (\"Отдел\"): part of a merged cell",
        ]
    );
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        sheet.merge_range(0, 1, 0, 2, "E-mail", &Format::new())?;
        line(sheet, 0, &["ФИО"])?;
        line(
            sheet,
            1,
            &["Орлова Анна", "a@home.test", "anna@example.test"],
        )?;
        line(sheet, 2, &["Орлова Инна", "inna@example.test"])
    });
    assert_eq!(
        rows(read(&bytes)),
        [
            "2: email=a@home.test, last_name=Орлова, first_name=Анна, ! column C (\"\"): a value in a column without a header",
            "3: email=inna@example.test, last_name=Орлова, first_name=Инна",
        ]
    );
}

#[test]
fn of_several_sheets_the_only_roster_is_read_and_hidden_ones_are_not_seen() {
    let people = |sheet: &mut Worksheet| {
        line(sheet, 0, &["ФИО", "email"])?;
        line(sheet, 1, &["Орлова Анна", "anna@example.test"])
    };
    let bytes = book(|book| {
        line(
            book.add_worksheet().set_name("Справка")?,
            0,
            &["Как заполнять"],
        )?;
        people(book.add_worksheet().set_name("Люди")?)?;
        people(book.add_worksheet().set_name("Старые")?.set_hidden(true))
    });
    let roster = read(&bytes).unwrap();
    assert_eq!(
        (roster.sheet(), roster.unread_sheets()),
        (Some("Люди"), &["Справка".to_owned()][..])
    );
    assert!(read_roster(&bytes, Preset::Common, Some("Старые")).is_ok());
    let bytes = book(|book| {
        people(book.add_worksheet().set_name("А")?)?;
        people(book.add_worksheet().set_name("Б")?)
    });
    let fault = read(&bytes).unwrap_err();
    assert!(
        matches!(&fault, RosterError::SeveralSheets(names) if names == &["А", "Б"]),
        "{fault:?}"
    );
    assert_eq!(
        read_roster(&bytes, Preset::Common, Some("Б"))
            .unwrap()
            .len(),
        1
    );
    assert!(matches!(
        read_roster(&bytes, Preset::Common, Some("В")),
        Err(RosterError::NoSuchSheet { .. })
    ));
}

#[test]
fn a_workbook_that_is_cut_anywhere_is_refused() {
    let bytes = one(
        &[&["ФИО", "email"], &["Орлова Анна", "anna@example.test"]],
        |_| Ok(()),
    );
    for cut in (0..bytes.len()).step_by(7) {
        assert!(read(bytes.get(..cut).unwrap()).is_err(), "{cut}");
    }
    for at in (0..bytes.len()).step_by(11) {
        let mut spoiled = bytes.clone();
        *spoiled.get_mut(at).unwrap() ^= 0x55;
        // What a check sum covers is noticed, and what none covers changes nobody.
        if let Ok(roster) = read(&spoiled) {
            assert_eq!(
                rows(Ok(roster)),
                ["2: email=anna@example.test, last_name=Орлова, first_name=Анна"],
                "{at}"
            );
        }
    }
}

/// A sheet as an office suite of free software writes it.
fn ods(cells: &str, encrypted: &str) -> Vec<u8> {
    let parts = [
        (
            "mimetype",
            "application/vnd.oasis.opendocument.spreadsheet".to_owned(),
        ),
        (
            "META-INF/manifest.xml",
            format!(
                "<manifest:manifest><manifest:file-entry manifest:full-path=\"content.xml\">{encrypted}</manifest:file-entry></manifest:manifest>"
            ),
        ),
        (
            "content.xml",
            format!(
                "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"Люди\">{cells}</table:table>\
                 </office:spreadsheet></office:body></office:document-content>"
            ),
        ),
    ];
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, stored).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_sheet_of_libreoffice_is_read_but_for_ids_whose_zeros_it_does_not_tell() {
    let text = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let number = "<table:table-cell office:value-type=\"float\" office:value=\"42\"><text:p>00042</text:p></table:table-cell>".to_owned();
    let day = "<table:table-cell office:value-type=\"date\" office:date-value=\"2026-11-01\"><text:p>1.11</text:p></table:table-cell>".to_owned();
    let cells = [
        row(&[
            text("id"),
            text("ФИО"),
            text("email"),
            text("Дата увольнения"),
        ]),
        row(&[
            text("00041"),
            text("Орлова Анна"),
            text("anna@example.test"),
            day,
        ]),
        row(&[
            number,
            text("Орлова Инна"),
            text("inna@example.test"),
            text(""),
        ]),
    ];
    let cells = cells.concat();
    assert_eq!(
        rows(read(&ods(&cells, ""))),
        [
            "2: email=anna@example.test, external_id=00041, last_name=Орлова, first_name=Анна, Left { on: Some(2026-11-01) }",
            "3: email=inna@example.test, last_name=Орлова, first_name=Инна, ! column A (\"id\"): \
             how the number is shown cannot be seen, so leading zeros may be lost",
        ]
    );
    let locked = read(&ods(&cells, "<manifest:encryption-data/>"));
    assert!(matches!(locked, Err(RosterError::Password)));
}
