//! What holds for every roster, however it is written and wherever it is cut.

use std::fmt::Write as _;

use encoding_rs::WINDOWS_1251;
use kadry_core::FieldName;
use kadry_tables::{Preset, Row, read_roster};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

const LAST: [&str; 6] = [
    "Иванова",
    "Петрова",
    "Салтыкова-Щедрина",
    "Ким",
    "Войнович",
    "Ёлкина",
];
const FIRST: [&str; 5] = ["Анна", "Мария", "Ольга", "Светлана", "Алёна"];
const MIDDLE: [&str; 3] = ["", "Петровна", "Ильинична"];
const DEPARTMENT: [&str; 6] = [
    "",
    "Склад",
    "Отдел \"А\"",
    "Продажи; опт, розница",
    "Учёт\t№ 1|2",
    "Две\nстроки",
];

type Person = [String; 7];

/// The headers of the columns, in the order of a person's values.
const HEADER: [&str; 7] = [
    "Таб. №",
    "Фамилия",
    "Имя",
    "Отчество",
    "E-mail",
    "Отдел",
    "Роль",
];

fn person(dice: &mut ChaCha8Rng, number: usize) -> Person {
    let mut pick = |from: &[&str]| {
        from.get(dice.random_range(0..from.len()))
            .unwrap()
            .to_string()
    };
    [
        format!("{number:05}"),
        pick(&LAST),
        pick(&FIRST),
        pick(&MIDDLE),
        format!("p{number}@example.test"),
        pick(&DEPARTMENT),
        pick(&["", "Оператор", "Бухгалтер"]),
    ]
}

/// How a roster is written.
#[derive(Clone, Copy, Debug)]
struct Dialect {
    delimiter: char,
    end: &'static str,
    quotes: bool,
    titles: bool,
    encoding: usize,
}

fn write(people: &[Person], how: Dialect) -> Vec<u8> {
    let mut text = String::new();
    if how.titles {
        write!(
            text,
            "ООО \"Ромашка\"{0}Список сотрудников на 01.11.2026{0}{0}",
            how.end
        )
        .unwrap();
    }
    let mut line = |cells: &[String]| {
        let cells = cells.iter().map(|cell| {
            let cell = cell.replace('\n', how.end);
            let must = cell.contains([how.delimiter, '"', '\n', '\r']);
            if must || how.quotes {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell
            }
        });
        let cells: Vec<String> = cells.collect();
        text += &cells.join(&how.delimiter.to_string());
        text += how.end;
    };
    line(&HEADER.map(str::to_owned));
    for person in people {
        line(person);
    }
    match how.encoding {
        0 => text.into_bytes(),
        1 => format!("\u{feff}{text}").into_bytes(),
        2 => WINDOWS_1251.encode(&text).0.into_owned(),
        3 => [0xfeff]
            .into_iter()
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect(),
        _ => [0xfeff]
            .into_iter()
            .chain(text.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect(),
    }
}

fn dialects() -> impl Iterator<Item = Dialect> {
    let ends = ["\n", "\r\n", "\r"];
    [';', '\t', ',', '|']
        .into_iter()
        .flat_map(move |delimiter| {
            ends.into_iter().flat_map(move |end| {
                (0..5).flat_map(move |encoding| {
                    [(false, false), (true, false), (false, true), (true, true)]
                        .into_iter()
                        .map(move |(quotes, titles)| Dialect {
                            delimiter,
                            end,
                            quotes,
                            titles,
                            encoding,
                        })
                })
            })
        })
}

/// Returns the person that a row is, in the form in which people are written here.
fn person_of(row: &Row) -> Person {
    let fields = [
        FieldName::ExternalId,
        FieldName::LastName,
        FieldName::FirstName,
        FieldName::MiddleName,
        FieldName::Email,
        FieldName::Department,
    ];
    let mut values = fields
        .iter()
        .map(|field| row.fields.get(field).cloned().unwrap_or_default());
    let mut next = || values.next().unwrap_or_default();
    [
        next(),
        next(),
        next(),
        next(),
        next(),
        next(),
        row.role.clone().unwrap_or_default(),
    ]
}

fn cleaned(person: &Person) -> Person {
    person.clone().map(|value| value.replace(['\n', '\t'], " "))
}

#[test]
fn a_roster_in_any_dialect_reads_back_equal() {
    let mut dice = ChaCha8Rng::seed_from_u64(1);
    for how in dialects() {
        let people: Vec<Person> = (0..8).map(|number| person(&mut dice, number)).collect();
        let roster = read_roster(&write(&people, how), Preset::Common, None).unwrap();
        let rows: Vec<Row> = roster.rows().collect();
        for row in &rows {
            assert!(row.faults.is_empty(), "{how:?}: {:?}", row.faults);
        }
        let read: Vec<Person> = rows.iter().map(person_of).collect();
        assert_eq!(
            read,
            people.iter().map(cleaned).collect::<Vec<_>>(),
            "{how:?}"
        );
    }
}

#[test]
fn a_roster_cut_at_any_byte_alters_nobody() {
    let mut dice = ChaCha8Rng::seed_from_u64(2);
    // Coprime to every turn of the dialects, so that each delimiter, line end and encoding has its turn.
    for how in dialects().step_by(11) {
        let people: Vec<Person> = (0..2).map(|number| person(&mut dice, number)).collect();
        let cleaned: Vec<Person> = people.iter().map(cleaned).collect();
        let bytes = write(&people, how);
        for cut in 0..bytes.len() {
            let Ok(roster) = read_roster(bytes.get(..cut).unwrap(), Preset::Common, None) else {
                continue;
            };
            let rows: Vec<Row> = roster.rows().collect();
            assert!(rows.len() <= cleaned.len(), "{how:?} at {cut}");
            for (row, person) in rows.iter().zip(&cleaned) {
                let whole = row.faults.is_empty();
                assert!(
                    !whole || person_of(row) == *person,
                    "{how:?} at {cut}: {row:?}"
                );
            }
        }
    }
}

#[test]
fn bytes_by_chance_never_stop_the_reader() {
    let mut dice = ChaCha8Rng::seed_from_u64(3);
    let people: Vec<Person> = (0..3).map(|number| person(&mut dice, number)).collect();
    let how = dialects().next().unwrap();
    let bytes = write(&people, how);
    for _ in 0..2000 {
        let mut spoiled = bytes.clone();
        for _ in 0..dice.random_range(1..4) {
            let at = dice.random_range(0..spoiled.len());
            *spoiled.get_mut(at).unwrap() = dice.random();
        }
        if let Ok(roster) = read_roster(&spoiled, Preset::Common, None) {
            assert_eq!(roster.rows().count(), roster.len());
        }
    }
}

#[test]
fn twenty_thousand_people_are_read_without_a_fault() {
    let mut dice = ChaCha8Rng::seed_from_u64(4);
    let people: Vec<Person> = (0..20_000)
        .map(|number| person(&mut dice, number))
        .collect();
    let how = dialects()
        .find(|how| how.encoding == 2 && how.titles)
        .unwrap();
    let roster = read_roster(&write(&people, how), Preset::Common, None).unwrap();
    let whole = roster.rows().filter(|row| row.faults.is_empty());
    assert_eq!(whole.count(), people.len());
}
