//! The invented company, and everything else that follows from the seed.

use std::collections::BTreeSet;

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Returns a source of randomness that follows from the seed and a label alone.
#[must_use]
pub fn rng(seed: u64, label: &str) -> ChaCha8Rng {
    let digest = Sha256::new()
        .chain_update(seed.to_be_bytes())
        .chain_update(label.as_bytes())
        .finalize();
    ChaCha8Rng::from_seed(digest.into())
}

/// Returns a token of url-safe characters.
#[must_use]
pub fn token(seed: u64, label: &str, length: usize) -> String {
    let mut rng = rng(seed, label);
    (0..length)
        .filter_map(|_| URL_SAFE.choose(&mut rng))
        .map(|&byte| char::from(byte))
        .collect()
}

/// Returns a UUID of the random kind.
#[must_use]
pub fn uuid(seed: u64, label: &str) -> String {
    let bytes: [u8; 16] = rng(seed, label).random();
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

/// One invented employee of the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The number in the company, from 1.
    pub number: u32,
    /// The e-mail address, unique, in Latin letters, at `example.test`.
    pub email: String,
    /// The last name, in Russian.
    pub last_name: String,
    /// The first name, in Russian.
    pub first_name: String,
    /// The patronymic, in Russian.
    pub middle_name: String,
    /// The job title, in Russian.
    pub title: String,
    /// The department, in Russian.
    pub department: String,
    /// The kinds of platform that the person is on, at least one.
    pub on: Vec<&'static str>,
    /// Whether the person's access is closed.
    pub suspended: bool,
}

/// The invented company: the same people appear on several platforms, each on some of them.
#[derive(Clone, Debug)]
pub struct People {
    /// Everybody, by number.
    pub list: Vec<Person>,
}

impl People {
    /// Invents `count` people who are spread over the `kinds` of platform.
    #[must_use]
    pub fn new(seed: u64, count: u32, kinds: &[&'static str]) -> Self {
        let mut rng = rng(seed, "people");
        let mut taken = BTreeSet::new();
        let list = (1..=count)
            .map(|number| person(&mut rng, number, kinds, &mut taken))
            .collect();
        Self { list }
    }

    /// Lists the people who are on one kind of platform.
    pub fn on<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Person> {
        self.list
            .iter()
            .filter(move |person| person.on.contains(&kind))
    }
}

/// A name in Russian and in Latin letters.
type Name = (&'static str, &'static str);

/// Last names in the masculine form; the feminine one adds `а` and `a`.
const LAST_NAMES: &[Name] = &[
    ("Выдумкин", "vydumkin"),
    ("Примеров", "primerov"),
    ("Образцов", "obraztsov"),
    ("Небылицын", "nebylitsyn"),
    ("Сказкин", "skazkin"),
    ("Пробников", "probnikov"),
    ("Макетов", "maketov"),
    ("Учебнов", "uchebnov"),
    ("Черновиков", "chernovikov"),
    ("Шаблонов", "shablonov"),
    ("Эскизов", "eskizov"),
    ("Тестов", "testov"),
];

const MEN: &[Name] = &[
    ("Антон", "anton"),
    ("Борис", "boris"),
    ("Виктор", "viktor"),
    ("Глеб", "gleb"),
    ("Денис", "denis"),
    ("Иван", "ivan"),
    ("Олег", "oleg"),
    ("Пётр", "petr"),
];

const WOMEN: &[Name] = &[
    ("Анна", "anna"),
    ("Вера", "vera"),
    ("Дарья", "darya"),
    ("Елена", "elena"),
    ("Ирина", "irina"),
    ("Мария", "maria"),
    ("Ольга", "olga"),
    ("Софья", "sofya"),
];

const FATHERS: &[(&str, &str)] = &[
    ("Андреевич", "Андреевна"),
    ("Борисович", "Борисовна"),
    ("Викторович", "Викторовна"),
    ("Иванович", "Ивановна"),
    ("Олегович", "Олеговна"),
    ("Петрович", "Петровна"),
];

/// Departments with their titles. Every platform's starting data knows the first three.
pub const DEPARTMENTS: &[(&str, &[&str])] = &[
    ("Бухгалтерия", &["Бухгалтер", "Старший бухгалтер"]),
    (
        "Продажи",
        &["Менеджер по продажам", "Руководитель группы продаж"],
    ),
    ("Разработка", &["Разработчик", "Тестировщик"]),
    ("Поддержка", &["Специалист поддержки"]),
];

fn person(
    rng: &mut ChaCha8Rng,
    number: u32,
    kinds: &[&'static str],
    taken: &mut BTreeSet<String>,
) -> Person {
    let woman = rng.random_bool(0.5);
    let (last, last_latin) = pick(rng, LAST_NAMES);
    let (first, first_latin) = pick(rng, if woman { WOMEN } else { MEN });
    let (son, daughter) = pick(rng, FATHERS);
    let (department, titles) = pick(rng, DEPARTMENTS);
    let title = pick(rng, titles);
    let (end, end_latin) = if woman { ("а", "a") } else { ("", "") };

    let mut local = format!("{first_latin}.{last_latin}{end_latin}");
    if !taken.insert(local.clone()) {
        local = format!("{local}{number}");
        taken.insert(local.clone());
    }
    let mut on: Vec<&'static str> = kinds
        .iter()
        .copied()
        .filter(|_| rng.random_bool(0.75))
        .collect();
    if on.is_empty() {
        on.extend(kinds.first());
    }
    Person {
        number,
        email: format!("{local}@example.test"),
        last_name: format!("{last}{end}"),
        first_name: first.to_owned(),
        middle_name: if woman { daughter } else { son }.to_owned(),
        title: title.to_owned(),
        department: department.to_owned(),
        on,
        suspended: number % 11 == 7,
    }
}

fn pick<T: Copy + Default>(rng: &mut ChaCha8Rng, from: &[T]) -> T {
    from.choose(rng).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{People, token, uuid};

    const KINDS: &[&str] = &["one", "two"];

    #[test]
    fn same_seed_gives_the_same_people() {
        let first = People::new(7, 50, KINDS);
        let again = People::new(7, 50, KINDS);
        assert_eq!(first.list, again.list);
        assert_ne!(first.list, People::new(8, 50, KINDS).list);
    }

    #[test]
    fn everybody_has_an_own_email_and_a_platform() {
        let people = People::new(1, 500, KINDS);
        let emails: BTreeSet<&str> = people.list.iter().map(|p| p.email.as_str()).collect();
        assert_eq!(emails.len(), 500);
        assert!(people.list.iter().all(|p| !p.on.is_empty()));
        assert!(people.list.iter().any(|p| p.suspended));
    }

    #[test]
    fn tokens_follow_from_seed_and_label() {
        assert_eq!(token(1, "a", 43), token(1, "a", 43));
        assert_ne!(token(1, "a", 43), token(1, "b", 43));
        assert_eq!(token(1, "a", 43).len(), 43);
        assert_eq!(uuid(1, "box").len(), 36);
    }
}
