//! The flows over the emulated platforms, with a journal on disk: what the command line carries out.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use kadry_core::{Brake, Connect, FieldName, Fields, ProviderId, Random, RunState};
use kadry_flow::intent::{Flow, Intent, Who};
use kadry_flow::many::{Asked, Batch, Counted, Drafting, Head, PlanWriter, Results, Verdict};
use kadry_flow::plan::{Limits, Most, Protected, Window};
use kadry_flow::{CancellationToken, Organisation, Purpose, Timing, Unwatched};
use kadry_journal::{Journal, RunId};

use crate::world::{Reach, World};

/// How many people the command line plans at once.
pub(crate) const CHUNK: usize = 256;

/// Returns a journal on disk. A store is made once in its life, so that this is never measured.
pub(crate) async fn journal(world: &World, folder: &Path) -> Journal {
    let path = folder.join("journal.sqlite");
    let opened = Journal::open(&path, world.clock.clone(), Random::seeded(7)).await;
    opened.unwrap().journal
}

/// Returns an organisation on these platforms.
pub(crate) fn organisation(world: &World, reaches: Vec<Reach>, journal: Journal) -> Organisation {
    let connects = reaches
        .into_iter()
        .map(|reach| Arc::new(reach) as Arc<dyn Connect>);
    Organisation {
        journal,
        connects: connects.collect(),
        protected: Protected::default(),
        limits: unbraked(),
        timing: Timing::default(),
        clock: world.clock.clone(),
        halt: CancellationToken::new(),
    }
}

/// Returns limits that let everybody be shut out at once.
fn unbraked() -> Limits {
    let mut limits = Limits::default();
    for brake in [Brake::Suspend, Brake::Revoke] {
        for window in [Window::Run, Window::Day, Window::Month] {
            limits.set(brake, window, Most::People(100_000));
        }
    }
    limits
}

/// Plans for many and carries that out, as `import` does.
pub(crate) async fn carry_out(organisation: &Organisation, folder: &Path, asked: Vec<Asked>) {
    let on = |connect: &Arc<dyn Connect>| connect.id().clone();
    let on: Vec<ProviderId> = organisation.connects.iter().map(on).collect();
    let drafting = Drafting::begin(
        organisation,
        &on,
        Purpose::CarryOutUnasked,
        Counted::MayNotShrink,
        &Unwatched,
    );
    let mut drafting = drafting.await.unwrap();
    let head = head(on);
    let mut writer = PlanWriter::begin(&folder.join("plan.json"), &head).unwrap();
    let mut rows = asked.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk = rows.by_ref().take(CHUNK).collect();
        for one in &drafting.plan(chunk).await.unwrap() {
            assert!(one.who.why.is_none(), "{:?}", one.who.why);
            writer.add(one).unwrap();
        }
    }
    let plan = writer.finish().unwrap();
    let batch = Batch {
        head,
        command: None,
    };
    let begun = organisation.begin_batch(&plan, &drafting, &batch).await;
    let id = begun.unwrap().unwrap();
    let listings = Some(Arc::clone(drafting.listings()));
    let state = organisation.work(&id, listings, &Unwatched).await.unwrap();
    assert_eq!(state, RunState::Done, "{}", story(organisation, id).await);
}

/// Tells for how many people not everything is done, and what stands in the way of some of them.
async fn story(organisation: &Organisation, batch: RunId) -> String {
    const SOME: usize = 5;
    let mut results = Results::of(&organisation.journal, batch);
    let (mut many, mut some) = (0, String::new());
    loop {
        let page = results.next().await.unwrap();
        if page.is_empty() {
            return format!("{many} people:\n{some}");
        }
        let is_done = |verdict| matches!(verdict, Verdict::Created | Verdict::Updated);
        for one in page.into_iter().filter(|one| !is_done(one.result)) {
            many += 1;
            if many <= SOME {
                writeln!(some, "{one:?}").unwrap();
            }
        }
    }
}

/// Returns what the plan file says of itself.
pub(crate) fn head(on: Vec<ProviderId>) -> Head {
    Head {
        flow: "import".to_owned(),
        about: "roster.csv".to_owned(),
        source: None,
        on,
        allow: BTreeMap::new(),
        actor: "bench".to_owned(),
        reason: None,
        lines: None,
    }
}

/// Returns what is known of somebody.
pub(crate) fn fields(number: usize) -> Fields {
    Fields::from([
        (FieldName::Email, format!("p{number}@example.test")),
        (FieldName::ExternalId, number.to_string()),
        (FieldName::LastName, format!("Фамилия{number}")),
        (FieldName::FirstName, format!("Имя{number}")),
    ])
}

/// Returns a row of a list: what is asked for somebody.
pub(crate) fn row(number: usize, who: Who, flow: Flow) -> Asked {
    Asked {
        line: u32::try_from(number).ok(),
        label: who.to_string(),
        fields: fields(number),
        is_there: matches!(flow, Flow::Onboard(_)),
        what: Ok(intent(who, flow)),
    }
}

/// Returns what is asked for somebody.
pub(crate) fn intent(who: Who, flow: Flow) -> Intent {
    Intent {
        who,
        flow,
        actor: "bench".to_owned(),
        reason: None,
        allow: BTreeMap::new(),
        command: None,
    }
}
