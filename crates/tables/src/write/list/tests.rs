#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use tempfile::tempdir;

use super::*;
use crate::write::html::Tone;

const FORMATS: [Format; 3] = [Format::Csv, Format::Xlsx, Format::Html];
const EVIL: &str = "\"><script src=//evil.test></script><img onerror='x' src=x>&";

fn list() -> List {
    List {
        lang: "ru".to_owned(),
        title: "Кто ушёл".to_owned(),
        result: Some(Outcome {
            tone: Tone::Warning,
            text: "У двоих остался доступ.".to_owned(),
            items: vec!["пачка".to_owned()],
        }),
        facts: vec![Fact {
            label: "Кто спросил".to_owned(),
            value: "=1+1".to_owned(),
        }],
        columns: vec![Column::new("Человек"), Column::wide("Доступ", 30)],
        footer: "kadry 0.1".to_owned(),
        sheet: "Люди".to_owned(),
        about: "О списке".to_owned(),
        made_ms: Some(1_700_000_000_000),
        ..List::default()
    }
}

fn written(format: Format, list: List, rows: &[[&str; 2]]) -> Vec<u8> {
    let scratch = tempdir().unwrap();
    let mut writer = ListWriter::begin(format, list, scratch.path(), Vec::new()).unwrap();
    for row in rows {
        writer.row(&row.map(Cell::from)).unwrap();
    }
    writer.finish().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn opened(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// The rows of a sheet; every cell is a text or nothing.
fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Vec<Vec<String>> {
    let range = book.worksheet_range(name).unwrap();
    assert!(book.worksheet_formula(name).unwrap().is_empty());
    let text = |cell: &Data| {
        assert!(matches!(cell, Data::String(_) | Data::Empty), "{cell:?}");
        cell.to_string()
    };
    range
        .rows()
        .map(|row| row.iter().map(text).collect())
        .collect()
}

/// A place that tells how much has come, and takes no more than it can hold.
#[derive(Default)]
struct Place {
    came: usize,
    room: Option<usize>,
}

impl Write for Place {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.came += bytes.len();
        match self.room {
            Some(room) if self.came > room => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_ending_of_a_name_tells_the_form() {
    for (name, format) in [
        ("people.csv", Some(Format::Csv)),
        ("a/People.XLSX", Some(Format::Xlsx)),
        ("people.old.html", Some(Format::Html)),
        ("people.xls", None),
        ("csv", None),
    ] {
        assert_eq!(Format::of(Path::new(name)), format, "{name}");
    }
}

#[test]
fn csv_has_a_mark_and_neutral_cells() {
    let rows = [["=1+1", "00042"], ["+7 900 000-00-00", "Орлова, Анна"]];
    assert_eq!(
        text(written(Format::Csv, list(), &rows)),
        "\u{feff}Человек,Доступ\r\n'=1+1,00042\r\n'+7 900 000-00-00,\"Орлова, Анна\"\r\n"
    );
    let russian = List {
        separator: Separator::Semicolon,
        ..list()
    };
    assert_eq!(
        text(written(Format::Csv, russian, &rows)),
        "\u{feff}Человек;Доступ\r\n'=1+1;00042\r\n'+7 900 000-00-00;Орлова, Анна\r\n"
    );
}

#[test]
fn a_workbook_holds_texts_and_nothing_else() {
    let rows = [
        ["=1+1", "00042"],
        ["+7900", "-1"],
        ["", "@A1"],
        ["a\r\nb", "1e5"],
        ["_x003D_1", "2020-01-01"],
        [" ", "\0TRUE"],
    ];
    let mut book = opened(written(Format::Xlsx, list(), &rows));
    assert_eq!(book.sheet_names(), ["Люди", "О списке"]);
    let people = sheet(&mut book, "Люди");
    assert_eq!(people[0], ["Человек", "Доступ"]);
    assert_eq!(people[1..4], rows[..3]);
    assert_eq!(people[4], ["a\nb", "1e5"]);
    assert_eq!(people[5][1], "2020-01-01");
    assert_eq!(people[6], [" ", "TRUE"]);
    let about = sheet(&mut book, "О списке");
    let said: Vec<&str> = about
        .iter()
        .flatten()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    assert_eq!(
        said,
        [
            "Кто ушёл",
            "У двоих остался доступ.",
            "• пачка",
            "Кто спросил",
            "=1+1",
            "kadry 0.1"
        ]
    );
}

#[test]
fn a_workbook_goes_on_on_another_sheet() {
    let scratch = tempdir().unwrap();
    let mut book = Workbook::begin_small(list(), scratch.path(), Vec::new(), 3).unwrap();
    for row in 1..=5 {
        book.row(&[row.to_string().into(), Cell::new("да", Tone::Good)])
            .unwrap();
    }
    let mut book = opened(book.finish().unwrap());
    assert_eq!(book.sheet_names(), ["Люди", "Люди 2", "Люди 3", "О списке"]);
    for (name, ids) in [
        ("Люди", &["1", "2"][..]),
        ("Люди 2", &["3", "4"]),
        ("Люди 3", &["5"]),
    ] {
        let people = sheet(&mut book, name);
        assert_eq!(people[0][0], "Человек");
        assert!(
            people[1..]
                .iter()
                .map(|row| row[0].as_str())
                .eq(ids.iter().copied()),
            "{people:?}"
        );
    }
}

#[test]
fn a_page_escapes_every_text() {
    let page = |text: &str| {
        let outcome = Outcome {
            tone: Tone::Bad,
            text: text.to_owned(),
            items: vec![text.to_owned()],
        };
        let fact = Fact {
            label: text.to_owned(),
            value: text.to_owned(),
        };
        let list = List {
            lang: text.to_owned(),
            title: text.to_owned(),
            result: Some(outcome),
            facts: vec![fact],
            columns: vec![Column::wide(text, 9), Column::wide(text, 9)],
            footer: text.to_owned(),
            ..List::default()
        };
        self::text(written(Format::Html, list, &[[text, text]]))
    };
    let (harmless, html) = (page("x"), page(EVIL));
    for markup in ["<", ">", "\"", "'"] {
        assert_eq!(
            html.matches(markup).count(),
            harmless.matches(markup).count(),
            "{markup} in {html}"
        );
    }
    assert_eq!(html.matches("&#60;script").count(), 12, "{html}");
    for outside in [
        "<script", "<link", "<img", "@import", "url(", "http:", "https:", "src=/",
    ] {
        assert!(!harmless.contains(outside), "{outside}");
    }
    assert!(html.contains("default-src 'none'"));
}

#[test]
fn a_page_is_whole_and_shows_tones() {
    let scratch = tempdir().unwrap();
    let mut writer = ListWriter::begin(Format::Html, list(), scratch.path(), Vec::new()).unwrap();
    writer
        .row(&["Орлова".into(), Cell::new("открыт", Tone::Bad)])
        .unwrap();
    writer.row(&["Зуева".into(), "".into()]).unwrap();
    let html = text(writer.finish().unwrap());
    let body = html.split_once("</style>\n").unwrap().1;
    assert_eq!(
        body,
        "</head>\n<body>\n<header>\n<h1>Кто ушёл</h1>\n<div class=\"result warning\">\n<p>У двоих остался доступ.</p>\n\
         <ul>\n<li>пачка</li>\n</ul>\n</div>\n<dl>\n<dt>Кто спросил</dt><dd>=1+1</dd>\n</dl>\n</header>\n<main>\n<table>\n\
         <colgroup><col style=\"--letters: 10; --share: 25%\"><col style=\"--letters: 30; --share: 75%\"></colgroup>\n\
         <thead><tr><th scope=\"col\">Человек</th><th scope=\"col\">Доступ</th></tr></thead>\n<tbody>\n\
         <tr><td>Орлова</td><td class=\"bad\">открыт</td></tr>\n<tr><td>Зуева</td><td></td></tr>\n</tbody>\n</table>\n</main>\n\
         <footer>kadry 0.1</footer>\n</body>\n</html>\n"
    );
}

#[test]
fn the_same_list_is_the_same_file() {
    let rows = [["1", "да"], ["2", "нет"]];
    for format in FORMATS {
        let once = written(format, list(), &rows);
        assert!(once == written(format, list(), &rows), "{format:?}");
    }
}

#[test]
fn a_row_of_another_length_breaks_the_list() {
    let scratch = tempdir().unwrap();
    for format in FORMATS {
        for cells in [0, 1, 3] {
            let mut writer = ListWriter::begin(format, list(), scratch.path(), Vec::new()).unwrap();
            let refused = writer.row(&vec![Cell::default(); cells]).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
            assert!(writer.row(&["1".into(), "да".into()]).is_err());
            assert!(writer.finish().is_err());
        }
    }
}

#[test]
fn a_list_without_columns_or_with_too_many_is_refused() {
    let scratch = tempdir().unwrap();
    let begin = |format, columns| {
        let list = List { columns, ..list() };
        ListWriter::begin(format, list, scratch.path(), Vec::new()).map(drop)
    };
    for format in FORMATS {
        assert_eq!(
            begin(format, Vec::new()).unwrap_err().kind(),
            io::ErrorKind::InvalidInput
        );
    }
    let many = vec![Column::new("a"); 16_385];
    assert_eq!(
        begin(Format::Xlsx, many).unwrap_err().kind(),
        io::ErrorKind::InvalidInput
    );
}

#[test]
fn what_the_place_answers_comes_through() {
    let scratch = tempdir().unwrap();
    for format in FORMATS {
        let place = Place {
            room: Some(4),
            ..Place::default()
        };
        let write = || {
            let mut writer = ListWriter::begin(format, list(), scratch.path(), place)?;
            writer.row(&["1".into(), "да".into()])?;
            writer.finish()
        };
        assert_eq!(
            write().err().unwrap().kind(),
            io::ErrorKind::StorageFull,
            "{format:?}"
        );
    }
    let nowhere = scratch.path().join("nowhere");
    let refused = ListWriter::begin(Format::Xlsx, list(), &nowhere, Vec::new());
    assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[test]
fn rows_leave_as_they_come() {
    let scratch = tempdir().unwrap();
    let row = ["x".repeat(500).into(), "y".repeat(500).into()];
    for format in [Format::Csv, Format::Html] {
        let mut place = Place::default();
        let mut writer = ListWriter::begin(format, list(), scratch.path(), &mut place).unwrap();
        for _ in 0..1_000 {
            writer.row(&row).unwrap();
        }
        // Dropped without an end: what has come by now did not wait for it.
        writer.is_broken = true;
        drop(writer);
        assert!(place.came > 900_000, "{format:?}: {}", place.came);
    }
}

#[test]
fn a_workbook_of_a_hundred_thousand_people_is_read_back_whole() {
    let scratch = tempdir().unwrap();
    let mut writer = ListWriter::begin(Format::Xlsx, list(), scratch.path(), Vec::new()).unwrap();
    for id in 0..100_000 {
        writer
            .row(&[format!("{id:06}").into(), Cell::new("да", Tone::Good)])
            .unwrap();
    }
    // The file for the rows has no name, so nobody finds people in it.
    assert_eq!(scratch.path().read_dir().unwrap().count(), 0);
    let mut book = opened(writer.finish().unwrap());
    let people = sheet(&mut book, "Люди");
    assert_eq!(people.len(), 100_001);
    assert_eq!(people[43], ["000042", "да"]);
    assert_eq!(people[100_000], ["099999", "да"]);
}
