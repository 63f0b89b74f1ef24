//! What became of a run, as the operator reads it: a table of the steps, what is proven, what is open and what to type next.

use kadry_core::{Access, ProviderId, Reason, State, Step};
use kadry_flow::plan::{Remark, Said};
use kadry_flow::report::{Left, Report, Residue, Sight, StepReport};

use super::open::{is_left_out, is_open};
use super::steps::{short, typed};
use super::table::{Field, Sheet, Tint};
use crate::error::reason;
use crate::words::Words;

/// Writes the ending of a run.
pub(crate) fn write(sheet: &mut Sheet, words: &Words, report: &Report) {
    sheet.heading(&title(words, report));
    sheet.gap();
    if report.steps.is_empty() {
        doors(sheet, words, report);
    } else {
        table(sheet, words, &report.steps);
    }
    ending(sheet, words, report);
}

/// Writes what is proven, what is open and what can never be shown.
pub(crate) fn ending(sheet: &mut Sheet, words: &Words, report: &Report) {
    sheet.gap();
    proof(sheet, words, report);
    after_leaving(sheet, words, report);
}

/// Writes whether something is proven, in one line.
fn proof(sheet: &mut Sheet, words: &Words, report: &Report) {
    let undone = report.steps.iter().any(|step| is_open(step.state));
    let left_out = report
        .remarks
        .iter()
        .any(|remark| is_left_out(&remark.what) || is_kept(&remark.what));
    let (proof, tint) = match (report.verified, report.run.is_some()) {
        (true, true) if !undone && !left_out => ("report-verified", Tint::Good),
        (true, true) => ("report-verified-so-far", Tint::Warning),
        (true, false) if left_out => ("report-as-far-as-possible", Tint::Warning),
        (true, false) => ("report-as-wanted", Tint::Good),
        (false, _) if undone => ("report-not-all-done", Tint::Warning),
        (false, _) => ("report-not-verified", Tint::Warning),
    };
    sheet.paragraph(0, &words.say(proof), tint);
}

/// Reports whether something could not be taken back.
const fn is_kept(said: &Said) -> bool {
    matches!(said, Said::NotTakenBack { .. })
}

/// Writes the ending of a run in two lines: how it went, and whether that is proven.
pub(crate) fn write_short(sheet: &mut Sheet, words: &Words, report: &Report) {
    sheet.heading(&title(words, report));
    proof(sheet, words, report);
}

/// Says what is still open or attached, and what to do about it: a run that has not proven everything may have more to take.
pub(crate) fn residue(words: &Words, residue: &Residue, verified: bool) -> (String, String) {
    match &residue.left {
        Left::DoorOpen { record } => (
            words.say_with("residue-door", &[("record", record.as_str().into())]),
            words.say("residue-door-advice"),
        ),
        Left::Attached { kind, names } => (
            words.say_with(
                "residue-attached",
                &[
                    ("kind", words.kind(kind).into()),
                    ("names", names.join(", ").into()),
                ],
            ),
            words.say(if verified || residue.by_hand {
                "residue-attached-advice"
            } else {
                "residue-attached-again"
            }),
        ),
    }
}

/// Returns what can never be shown, as sentences that begin with the platform's name.
pub(crate) fn caveats(words: &Words, report: &Report) -> Vec<String> {
    report
        .caveats
        .iter()
        .map(|caveat| prefixed(words, &caveat.provider, &reason(words, &caveat.reason)))
        .collect()
}

/// Returns what an undo did not take back, or not all of it, and why.
pub(crate) fn left_as_it_is<'a>(
    words: &Words,
    report: &'a Report,
) -> Vec<(&'a ProviderId, String)> {
    let remarks = report.remarks.iter();
    let left = remarks.filter_map(|remark| {
        let Said::NotTakenBack { step, reason } = &remark.what else {
            return None;
        };
        Some((&remark.provider, not_taken_back(words, step, reason)))
    });
    left.collect()
}

/// Says which step an undo does not take back, and why.
pub(crate) fn not_taken_back(words: &Words, step: &Step, why: &Reason) -> String {
    let step = ("step", short(words, step).into());
    let why = ("why", reason(words, why).into());
    words.say_with("not-taken-back-line", &[step, why])
}

/// Says what a step left undone although it is done, and which command does the rest.
pub(crate) fn left_undone(words: &Words, remark: &Remark) -> String {
    let Said::LeftUndone { step, left, rest } = &remark.what else {
        return String::new();
    };
    let variables = [
        ("step", short(words, step).into()),
        ("left", left.join(", ").into()),
        ("command", typed(words, &remark.provider, rest).into()),
    ];
    words.say_with("left-undone", &variables)
}

/// Returns a sentence about a platform that begins with its name.
pub(crate) fn prefixed(words: &Words, provider: &ProviderId, text: &str) -> String {
    words.say_with(
        "about-provider",
        &[
            ("provider", provider.as_str().into()),
            ("text", text.into()),
        ],
    )
}

/// Writes the steps and what became of them; a platform is named once.
pub(crate) fn table(sheet: &mut Sheet, words: &Words, steps: &[StepReport]) {
    let header = [
        "column-provider",
        "column-number",
        "column-step",
        "column-state",
        "column-took",
    ];
    let mut last = None;
    let rows = steps.iter().map(|step| {
        let provider = &step.step.provider;
        let name = if last == Some(provider) {
            ""
        } else {
            provider.as_str()
        };
        last = Some(provider);
        vec![
            Field::from(name),
            step.step.seq.to_string().into(),
            short(words, &step.step).into(),
            state(words, step.state),
            step.took_ms
                .map(|ms| took(words, ms))
                .unwrap_or_default()
                .into(),
        ]
    });
    sheet.table(
        &header.map(|key| words.say(key)),
        rows.collect(),
        &[0, 1, 3, 4],
    );
}

/// Writes whether the person can get in, platform by platform, as it was read last.
pub(crate) fn doors(sheet: &mut Sheet, words: &Words, report: &Report) {
    let header = [
        "column-provider",
        "column-record",
        "column-name",
        "column-access",
    ];
    let rows = report.doors.iter().map(|door| {
        let (record, name) = match &door.sight {
            Sight::Record { id, name, .. } => (id.as_str(), name.as_str()),
            Sight::Unread | Sight::Nobody => ("", ""),
        };
        let (said, tint) = sighted(words, &door.sight, &report.flow);
        vec![
            Field::from(door.provider.as_str()),
            record.into(),
            name.into(),
            Field::new(said, tint),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        sheet.table(&header.map(|key| words.say(key)), rows, &[0, 1, 3]);
    }
}

/// Says what was seen of a person on a platform, in the colour that it has for the flow.
pub(crate) fn sighted(words: &Words, sight: &Sight, flow: &str) -> (String, Tint) {
    let leaves = flow == "offboard";
    match sight {
        Sight::Unread => (words.say("sight-unread"), Tint::Bad),
        Sight::Nobody => (words.say("sight-nobody"), Tint::Faint),
        Sight::Record { access, .. } => {
            let is_open = *access == Access::Open;
            let tint = match (is_open, leaves) {
                (true, false) | (false, true) => Tint::Good,
                (true, true) | (false, false) => Tint::Bad,
            };
            (
                words.say(if is_open {
                    "access-open"
                } else {
                    "access-suspended"
                }),
                tint,
            )
        }
    }
}

/// Returns where a step stands, in its colour.
pub(crate) fn state(words: &Words, state: State) -> Field {
    let tint = match state {
        State::Done => Tint::Good,
        State::Failed | State::Unsure | State::Parked => Tint::Bad,
        State::Waiting | State::Deferred | State::Started => Tint::Warning,
        State::Skipped | State::Superseded => Tint::Faint,
    };
    Field::new(words.say(&format!("state-{state}")), tint)
}

/// Says how long something took.
pub(crate) fn took(words: &Words, ms: i64) -> String {
    if ms < 1000 {
        return words.say_with("took-ms", &[("ms", ms.into())]);
    }
    let tenths = ms.saturating_add(50) / 100;
    words.say_with(
        "took-s",
        &[
            ("whole", (tenths / 10).into()),
            ("tenth", (tenths % 10).into()),
        ],
    )
}

fn title(words: &Words, report: &Report) -> String {
    let state = words.say(&format!("run-{}", report.state));
    let named = [
        ("flow", report.flow.as_str().into()),
        ("person", report.person.as_str().into()),
    ];
    match &report.run {
        Some(run) => words.say_with(
            "report-title",
            &[
                named[0].clone(),
                named[1].clone(),
                ("state", state.into()),
                ("run", run.as_str().into()),
            ],
        ),
        None if report.verified && !report.remarks.iter().any(|remark| is_kept(&remark.what)) => {
            words.say_with("report-nothing-to-do", &named)
        }
        None => words.say_with("report-nothing-written", &named),
    }
}

fn after_leaving(sheet: &mut Sheet, words: &Words, report: &Report) {
    if !report.residue.is_empty() {
        sheet.gap();
        sheet.paragraph(0, &words.say("report-residue"), Tint::Warning);
        sheet.pairs(
            2,
            report.residue.iter().map(|left| {
                let (what, advice) = residue(words, left, report.verified);
                let text = words.say_with(
                    "residue-line",
                    &[("what", what.into()), ("advice", advice.into())],
                );
                (left.provider.to_string(), text)
            }),
        );
    } else if report.flow == "offboard" && report.verified {
        sheet.text(0, &words.say("report-no-residue"));
    }
    let stays = left_as_it_is(words, report);
    if !stays.is_empty() {
        sheet.gap();
        sheet.paragraph(0, &words.say("report-not-taken-back"), Tint::Warning);
        let lines = stays.into_iter();
        sheet.pairs(
            2,
            lines.map(|(provider, what)| (provider.to_string(), what)),
        );
    }
    if !report.caveats.is_empty() {
        sheet.gap();
        sheet.text(0, &words.say("report-caveats"));
        sheet.pairs(
            2,
            report
                .caveats
                .iter()
                .map(|caveat| (caveat.provider.to_string(), reason(words, &caveat.reason))),
        );
    }
}

#[cfg(test)]
mod tests {
    use kadry_core::RunState;

    use super::*;
    use crate::words::Lang;

    const STATES: [State; 9] = [
        State::Waiting,
        State::Deferred,
        State::Started,
        State::Done,
        State::Failed,
        State::Unsure,
        State::Parked,
        State::Skipped,
        State::Superseded,
    ];

    const RUNS: [RunState; 6] = [
        RunState::Running,
        RunState::Done,
        RunState::Partial,
        RunState::Failed,
        RunState::Refused,
        RunState::Superseded,
    ];

    #[test]
    fn every_state_has_a_word_and_what_is_open_a_reason() {
        for words in [Lang::Ru, Lang::En].map(Words::new) {
            let has = |key: String| assert!(words.try_say(&key, &[]).is_some(), "{key}");
            STATES
                .iter()
                .for_each(|state| has(format!("state-{state}")));
            let open = STATES.iter().filter(|state| is_open(**state));
            open.for_each(|state| has(format!("open-{state}")));
            RUNS.iter().for_each(|state| has(format!("run-{state}")));
            has(format!("access-{}", Access::Open));
            has(format!("access-{}", Access::Suspended));
        }
    }

    #[test]
    fn times_are_told_in_the_way_of_the_language() {
        let (ru, en) = (Words::new(Lang::Ru), Words::new(Lang::En));
        assert_eq!(
            (took(&ru, 48), took(&en, 48)),
            ("48 мс".into(), "48 ms".into())
        );
        assert_eq!(
            (took(&ru, 1_960), took(&en, 1_960)),
            ("2,0 с".into(), "2.0 s".into())
        );
        assert_eq!(took(&en, 61_240), "61.2 s");
    }
}
