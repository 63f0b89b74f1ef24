//! Two platforms of one kind: which of them an operation is for.

use crate::support::Company;

/// Two companies, of which the first knows the messenger of the second as one for guests.
fn with_two() -> (Company, Company) {
    let (company, other) = (Company::open(), Company::open());
    company.configure(|settings| {
        let guests = format!(
            "[providers.guests]\nkind = \"pachca\"\nbase_url = \"{}/pachca/api/shared/v1\"\n\
             token = {{ env = \"PACHCA_TOKEN\" }}\n\n[providers.calls]",
            other.address
        );
        assert!(settings.contains("[providers.calls]"));
        settings.replacen("[providers.calls]", &guests, 1)
    });
    (company, other)
}

const CREATE: [&str; 6] = ["pachca", "tags", "create", "--name", "Гости", "--yes"];

#[test]
fn of_two_platforms_of_a_kind_one_must_be_named() {
    let (company, other) = with_two();
    for line in [&CREATE[..], &["pachca", "tags", "list"]] {
        for (lang, says) in [("en", "Several platforms"), ("ru", "несколько")] {
            let ended = company.kadry(&[line, &["--lang", lang]].concat());
            assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{ended:?}");
            for part in [says, "--provider", "guests", "messenger"] {
                assert!(ended.err.contains(part), "{part}: {ended:?}");
            }
        }
    }
    let wrong = company.kadry(&[&CREATE[..], &["--provider", "calls"]].concat());
    assert_eq!(wrong.code, 2, "{wrong:?}");
    for part in ["calls", "guests", "messenger"] {
        assert!(wrong.err.contains(part), "{part}: {wrong:?}");
    }
    assert!(company.emulator.log().is_empty() && other.emulator.log().is_empty());
}

#[test]
fn only_the_platform_that_is_named_is_asked_and_changed() {
    let (company, other) = with_two();
    let ended = company.kadry(&[&CREATE[..], &["--provider", "guests"]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    let label = "pachca tags create --name Гости --provider guests";
    assert!(ended.out.contains(label), "{ended:?}");
    assert_eq!(other.writes_since(0).len(), 1);
    assert!(company.emulator.log().is_empty());

    let list = |provider| {
        let line = [
            "pachca",
            "tags",
            "list",
            "--all",
            "-o",
            "csv",
            "--provider",
            provider,
        ];
        let ended = company.kadry(&line);
        assert_eq!(ended.code, 0, "{ended:?}");
        ended.out.contains("Гости")
    };
    assert!(list("guests") && !list("messenger"));

    // The same on the other one is another run, not the same one again.
    let ended = company.kadry(&[&CREATE[..], &["--provider", "messenger"]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(
        (company.writes_since(0).len(), other.writes_since(0).len()),
        (1, 1)
    );
    let run = company.json(&["runs", "list"]).0;
    let run = run["runs"][0]["run"].as_str().unwrap();
    let undone = company.kadry(&["runs", "undo", run, "--yes"]);
    assert_eq!(undone.code, 0, "{undone:?}");
    assert!(list("guests") && !list("messenger"));
    assert_eq!((company.violations(), other.violations()), (vec![], vec![]));
}
