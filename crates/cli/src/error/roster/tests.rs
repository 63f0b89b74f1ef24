//! Every fault of a roster has its sentence.

use std::collections::BTreeSet;
use std::io;

use kadry_core::FieldName;
use kadry_tables::{Preset, read_roster};

use super::*;
use crate::words::Lang;

const LANGS: [Lang; 2] = [Lang::Ru, Lang::En];

fn at(number: u32, header: &str) -> At {
    At {
        number,
        header: header.to_owned(),
    }
}

fn errors() -> Vec<RosterError> {
    let spot = Spot { line: 4, column: 7 };
    let disguises = [
        Disguise::Html,
        Disguise::Mht,
        Disguise::SpreadsheetXml,
        Disguise::Xml,
        Disguise::Json,
        Disguise::Pdf,
        Disguise::Document,
        Disguise::Archive,
        Disguise::OldExcel,
        Disguise::Binary,
    ];
    let garbles = [
        Garble::Lost,
        Garble::Control,
        Garble::TwiceEncoded,
        Garble::UnknownEncoding,
    ];
    let line = 4;
    let mut all = vec![
        RosterError::Unreadable(io::Error::from(io::ErrorKind::NotFound)),
        RosterError::TooLarge,
        RosterError::Password,
        RosterError::Damaged("invalid Zip archive".to_owned()),
        RosterError::CutInCharacter(spot),
        RosterError::CutInQuotes(spot),
        RosterError::CutInRecord {
            line,
            found: 2,
            expected: 5,
        },
        RosterError::Nul(spot),
        RosterError::BadQuote(spot),
        RosterError::AmbiguousDelimiter('\t', ';'),
        RosterError::Blank,
        RosterError::Nobody,
        RosterError::NoHeader,
        RosterError::ColumnTwice {
            line,
            meaning: Meaning::Field(FieldName::Email),
            first: at(2, "E-mail"),
            second: at(3, "Почта"),
        },
        RosterError::NearHeader {
            line,
            at: at(3, "Фамлия"),
            meant: "фамилия",
            meaning: Meaning::Field(FieldName::LastName),
        },
        RosterError::NoKeyColumn { line },
        RosterError::NoNameColumn { line },
        RosterError::PresetColumns {
            line,
            missing: vec!["id", "email"],
            extra: vec![at(6, "Город")],
        },
        RosterError::SeveralSheets(vec!["Офис".to_owned(), "Склад".to_owned()]),
        RosterError::NoSuchSheet {
            asked: "Офис".to_owned(),
            sheets: vec!["Склад".to_owned()],
        },
        RosterError::NoSuchSheet {
            asked: "Офис".to_owned(),
            sheets: Vec::new(),
        },
        RosterError::HeaderAgain { line },
        RosterError::TotalDiffers {
            line,
            said: 45,
            read: 44,
        },
        RosterError::ColumnsSwapped {
            last: at(1, "Фамилия"),
            first: at(2, "Имя"),
        },
    ];
    all.extend(disguises.map(RosterError::NotATable));
    all.extend(garbles.map(|how| RosterError::Garbled { at: spot, how }));
    all
}

fn faults() -> Vec<Fault> {
    vec![
        Fault::NoKey,
        Fault::NoName,
        Fault::TooManyCells {
            found: 6,
            expected: 5,
        },
        Fault::TooFewCells {
            found: 4,
            expected: 5,
        },
        Fault::Unheaded,
        Fault::PerhapsCut,
        Fault::SameAs {
            line: 4,
            column: at(3, "Почта"),
        },
        Fault::ErrorValue("#REF!".to_owned()),
        Fault::Formula,
        Fault::Merged,
        Fault::Boolean,
        Fault::DateHere,
        Fault::Placeholder("NULL".to_owned()),
        Fault::LettersLost,
        Fault::Scientific,
        Fault::NotWhole,
        Fault::DigitsLost,
        Fault::ZerosLost,
        Fault::FormatUnseen,
        Fault::ShownOtherwise,
        Fault::NotAnId,
        Fault::NotAnEmail,
        Fault::Several,
        Fault::Decorated,
        Fault::SpaceInside,
        Fault::MixedAlphabets,
        Fault::NotAPhone,
        Fault::NotADate,
        Fault::NotInAName('7'),
        Fault::Initials,
        Fault::OneWord,
        Fault::ManyWords,
        Fault::SwappedNames,
        Fault::OrderUnknown,
        Fault::Patronymic,
        Fault::NamesDiffer,
    ]
}

/// The keys of the sentences that begin like this.
fn worded(begins: &str) -> BTreeSet<&'static str> {
    let lines = include_str!("../../words/en/roster.ftl").lines();
    let keys = lines.filter_map(|line| line.split_once(" =").map(|(key, _)| key));
    keys.filter(|key| key.starts_with(begins) && *key != "cell-at")
        .collect()
}

#[test]
fn every_fault_of_a_file_has_a_sentence_and_a_way_out_in_both_languages() {
    let path = Path::new("people.csv");
    let mut said = BTreeSet::new();
    for words in LANGS.map(Words::new) {
        for error in errors() {
            let failure = of_roster(&words, &error, path);
            assert_eq!(failure.exit, crate::error::Exit::Usage);
            let (message, hint) = (failure.message, failure.hint.unwrap_or_default());
            assert!(message.contains("people.csv"), "{error:?}: {message}");
            assert!(message.ends_with('.'), "{error:?}: {message}");
            assert!(!hint.is_empty(), "{error:?} has no hint");
            for text in [&message, &hint] {
                let raw = text.contains("roster-") || text.contains('{');
                assert!(!raw, "{error:?}: {text}");
            }
            said.insert(told(&words, &error).1);
        }
    }
    said.remove("file-unreadable");
    let mut sentences = worded("roster-");
    let hints = sentences.clone();
    sentences.retain(|key| hints.contains(format!("{key}-hint").as_str()));
    assert_eq!(said, sentences, "the list above forgets some");
}

#[test]
fn every_fault_of_a_cell_has_a_sentence_in_both_languages() {
    let listed: BTreeSet<_> = faults().iter().map(|fault| told_of_cell(fault).0).collect();
    assert_eq!(listed, worded("cell-"), "the list above forgets some");
    for words in LANGS.map(Words::new) {
        for what in faults() {
            for column in [None, Some(at(3, "Почта"))] {
                let said = cell_fault(
                    &words,
                    &CellFault {
                        column,
                        what: what.clone(),
                    },
                );
                assert!(said.ends_with('.'), "{what:?}: {said}");
                assert!(!said.contains("cell-") && !said.contains('{'), "{said}");
                assert!(said.starts_with(char::is_uppercase), "{said}");
                // What is wrong, and what would be right.
                assert!(said.matches(". ").count() > 0, "{what:?}: {said}");
            }
        }
    }
}

#[test]
fn a_cell_is_named_by_its_letters_and_its_header() {
    let said = |lang, column, what| {
        let column = Some(column);
        cell_fault(&Words::new(lang), &CellFault { column, what })
    };
    assert_eq!(
        said(Lang::Ru, at(3, "Почта"), Fault::SpaceInside),
        "Столбец C «Почта»: внутри адреса стоит пробел. Уберите его."
    );
    assert_eq!(
        said(
            Lang::En,
            at(28, "Email"),
            Fault::Placeholder("NULL".to_owned())
        ),
        "Column AB “Email”: there is “NULL” in place of a value. Write the value, or leave the cell empty."
    );
    let unheaded = said(Lang::Ru, at(4, ""), Fault::Unheaded);
    assert!(
        unheaded.starts_with("Столбец D без заголовка: "),
        "{unheaded}"
    );
    let long = said(Lang::Ru, at(1, &"я".repeat(50)), Fault::Several);
    assert!(long.contains(&format!("«{}…»", "я".repeat(40))), "{long}");
}

#[test]
fn a_file_is_told_by_its_line_its_column_and_what_would_be_right() {
    let of = |lang, text: &str| {
        let error = read_roster(text.as_bytes(), Preset::Common, None).unwrap_err();
        let failure = of_roster(&Words::new(lang), &error, Path::new("staff.csv"));
        (failure.message, failure.hint.unwrap())
    };
    assert_eq!(
        of(Lang::Ru, "Фамлия;Имя;Почта\nа;б;в\n"),
        (
            "staff.csv, строка 1: столбец A «Фамлия» — заголовок похож на «Фамилия», но написан не так.".to_owned(),
            "Исправьте заголовок на «Фамилия». Если в столбце что-то другое, назовите его иначе.".to_owned()
        )
    );
    assert_eq!(
        of(Lang::En, "Full name;Email;E-mail\na;b;c\n").0,
        "staff.csv, line 1: column B “Email” and column C “E-mail” are both read as “Email”."
    );
    let (cut, _) = of(Lang::Ru, "ФИО;Почта\nОбразцова Анна;\"anna");
    assert!(cut.starts_with("staff.csv, строка 2, знак 16: "), "{cut}");
}

#[test]
fn the_file_of_one_person_is_told_from_a_list() {
    let words = Words::new(Lang::Ru);
    let json = RosterError::NotATable(Disguise::Json);
    for (name, error) in [("anna.toml", &RosterError::NoHeader), ("anna.json", &json)] {
        let hint = of_roster(&words, error, Path::new(name)).hint.unwrap();
        assert!(hint.ends_with(&format!("kadry onboard {name}")), "{hint}");
    }
    let hint = of_roster(&words, &json, Path::new("anna.csv"))
        .hint
        .unwrap();
    assert!(!hint.contains("onboard"), "{hint}");
}

#[test]
fn the_headers_that_are_proposed_are_known() {
    let others = [
        Meaning::FullName,
        Meaning::Role,
        Meaning::LeftOn,
        Meaning::HasLeft,
        Meaning::Active,
        Meaning::Status,
    ];
    let meanings: Vec<_> = FieldName::ALL
        .into_iter()
        .map(Meaning::Field)
        .chain(others)
        .collect();
    for words in LANGS.map(Words::new) {
        let headers = meanings.iter().map(|meaning| header(&words, *meaning));
        let headers = headers.collect::<Vec<_>>().join(";");
        let row = "x;".repeat(meanings.len() - 1);
        let text = format!("{headers}\n{row}\n");
        let roster = read_roster(text.as_bytes(), Preset::Common, None).unwrap();
        let read = roster.columns().iter().map(|column| column.meaning);
        assert_eq!(read.collect::<Vec<_>>(), meanings, "{headers}");
    }
}
