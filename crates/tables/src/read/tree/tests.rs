use super::*;

/// Each department with its line, as a path.
fn read(text: &str) -> Vec<(u32, String)> {
    let tree = match read_tree(text.as_bytes(), None) {
        Ok(tree) => tree,
        Err(error) => panic!("{error:?}"),
    };
    let path = |one: &ListedDepartment| {
        let mut names = vec![one.name.clone()];
        let mut above = one.above;
        while let Some(at) = above {
            names.insert(0, tree[at].name.clone());
            above = tree[at].above;
        }
        let id = one.external_id.as_ref();
        names.join(" / ") + &id.map(|id| format!(" [{id}]")).unwrap_or_default()
    };
    tree.iter().map(|one| (one.line, path(one))).collect()
}

fn faults(text: &str) -> Vec<(u32, TreeMistake)> {
    match read_tree(text.as_bytes(), None) {
        Err(TreeError::Lines(faults)) => faults
            .into_iter()
            .map(|fault| (fault.line, fault.what))
            .collect(),
        other => panic!("{other:?}"),
    }
}

fn listed(expected: &[(u32, &str)]) -> Vec<(u32, String)> {
    expected
        .iter()
        .map(|(line, path)| (*line, (*path).to_owned()))
        .collect()
}

#[test]
fn an_indented_text_is_a_tree() {
    let text = "# состав\nКонтакт-центр [10]\n  Первая линия [11]\n\tВторая  линия\n\nСклад\n  Приёмка / Касса\n";
    let expected = [
        (2, "Контакт-центр [10]"),
        (3, "Контакт-центр / Первая линия [11]"),
        (4, "Контакт-центр / Вторая линия"),
        (6, "Склад"),
        (7, "Склад / Приёмка"),
        (7, "Склад / Приёмка / Касса"),
    ];
    assert_eq!(read(text), listed(&expected));
}

#[test]
fn a_table_names_departments_below_others_in_any_order() {
    let expected = [
        (2, "Контакт-центр [10]"),
        (2, "Контакт-центр / Линия [11]"),
        (4, "Склад"),
    ];
    // The one above is told by its name, or by its id, and may come later.
    for parent in ["Контакт-центр", "контакт-центр", "10"] {
        let text =
            format!("Подразделение;Родитель;Код\nЛиния;{parent};11\nКонтакт-центр;;10\nСклад;;\n");
        let mut read = read(&text);
        assert_eq!(read.remove(0).1, expected[0].1, "{parent}");
        assert_eq!(read, listed(&expected[1..]), "{parent}");
    }
    let shown = "provider,path,external_id,people,remote_id\ncalls,A,10,3,7\ncalls,A / B,,,8\n";
    assert_eq!(read(shown), listed(&[(2, "A [10]"), (3, "A / B")]));
    let english = "external_id,path\n10,A\n11,A / B\n";
    assert_eq!(read(english), listed(&[(2, "A [10]"), (3, "A / B [11]")]));
    assert_eq!(
        read("Отдел\nA / B\nC\n"),
        listed(&[(2, "A"), (2, "A / B"), (3, "C")])
    );
}

#[test]
fn the_departments_of_a_roster_are_its_column() {
    let text = "ФИО;Почта;Отдел\nИванова Анна;anna@example.test;Контакт-центр / Первая линия\n\
        Петров Пётр;petr@example.test;Склад\nСидоров Иван;ivan@example.test;Контакт-центр / Первая линия\n";
    let expected = [
        (2, "Контакт-центр"),
        (2, "Контакт-центр / Первая линия"),
        (3, "Склад"),
    ];
    assert_eq!(read(text), listed(&expected));
    let without = "ФИО;Почта\nИванова Анна;anna@example.test\n";
    let error = read_tree(without.as_bytes(), None);
    assert!(matches!(error, Err(TreeError::NoDepartments)), "{error:?}");
}

#[test]
fn every_wrong_line_is_told() {
    use TreeMistake::{Circle, IdTwice, Indent, Jump, Nameless, Spelling, Twice, UnknownParent};
    for (text, expected) in [
        ("A\n B\n", vec![(2, Indent)]),
        ("A\n    B\n  A / \n", vec![(2, Jump)]),
        ("A /  / B\n", vec![(1, Nameless)]),
        ("A\nB\nA\n", vec![(3, Twice { first: 1 })]),
        ("A [1]\nB [1]\n", vec![(2, IdTwice { first: 1 })]),
        (
            "Учёт\n  Касса\nУчет\n",
            vec![(
                3,
                Spelling {
                    first: 1,
                    other: "Учёт".to_owned(),
                },
            )],
        ),
        (
            "name;parent\nA;B\n",
            vec![(2, UnknownParent("B".to_owned()))],
        ),
        ("name;parent\nA;B\nB;A\n", vec![(2, Circle), (3, Circle)]),
        (
            "name;parent\nA;\nA / C;\nB;\nB / C;\nD;C\n",
            vec![(6, TreeMistake::SeveralParents("C".to_owned()))],
        ),
    ] {
        assert_eq!(faults(text), expected, "{text}");
    }
}
