use super::*;

#[tokio::test]
async fn the_last_token_is_found_again_and_only_we_can_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("romashka.sqlite");
    let keep = FileKeep::beside(&store, "kind", "account");
    assert!(keep.load().await.unwrap().is_none());
    keep.store(&"first".into()).await.unwrap();
    keep.store(&"second".into()).await.unwrap();
    let again = FileKeep::beside(&store, "kind", "account");
    let token = again.load().await.unwrap().unwrap();
    assert_eq!(token.expose_secret(), "second");
    let mode = fs::metadata(&keep.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_token_that_is_written_over_is_the_new_one_and_nothing_of_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.token");
    fs::write(&path, "a longer one").unwrap();
    overwrite(&path, &"short".into()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "short");
    assert!(overwrite(&folder.path().join("missing"), &"short".into()).is_err());
}

#[test]
fn each_credential_has_a_file_of_its_own() {
    let of = |credential| FileKeep::beside(Path::new("/s/a.sqlite"), "kind", credential).path;
    assert_ne!(of("one"), of("other"));
    assert!(of("one").starts_with("/s"));
}

#[tokio::test]
async fn the_lock_is_held_until_it_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let keep = FileKeep::beside(&folder.path().join("a.sqlite"), "kind", "account");
    let held = keep.lock().await.unwrap();
    let other = keep.clone();
    let waiting = tokio::time::timeout(Duration::from_millis(60), other.lock());
    assert!(waiting.await.is_err());
    drop(held);
    assert!(keep.lock().await.is_ok());
}

#[tokio::test]
async fn what_was_made_for_a_turn_goes_with_it_unless_a_token_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("state").join("kadry");
    let keep = FileKeep::beside(&place.join("a.sqlite"), "kind", "account");
    drop(keep.lock().await.unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let turn = keep.lock().await.unwrap();
    keep.store(&"kept".into()).await.unwrap();
    drop(turn);
    let left = fs::read_dir(&place).unwrap();
    let left: Vec<_> = left.map(|file| file.unwrap().path()).collect();
    assert_eq!(left, [keep.path]);
}

#[tokio::test]
async fn only_one_has_the_turn_although_each_takes_its_file_away() {
    let folder = tempfile::tempdir().unwrap();
    let keep = FileKeep::beside(&folder.path().join("a/b.sqlite"), "kind", "account");
    let inside = std::sync::atomic::AtomicU32::new(0);
    let one = || async {
        for _ in 0..8 {
            let turn = keep.lock().await.unwrap();
            assert_eq!(inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
            tokio::task::yield_now().await;
            inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
            drop(turn);
        }
    };
    tokio::join!(one(), one(), one());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_place_that_cannot_be_used_is_named_with_the_cause() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let keep = FileKeep::beside(&folder.path().join("file/a.sqlite"), "kind", "account");
    let Err(error) = keep.lock().await else {
        panic!("a file is no folder");
    };
    let about = |key| error.context().iter().find(|(known, _)| *known == key);
    let place = folder.path().join("file").display().to_string();
    assert_eq!(about(KEPT), Some(&(KEPT, place)));
    assert!(about(KEPT_CAUSE).is_some(), "{error:?}");
}

#[tokio::test]
async fn a_token_that_others_can_read_is_told_and_closed_to_them_when_it_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("romashka.sqlite");
    let keep = FileKeep::beside(&store, "kind", "account");
    keep.store(&"first".into()).await.unwrap();
    drop(keep.lock().await.unwrap());
    fs::write(folder.path().join("romashka.sqlite"), "").unwrap();
    fs::write(folder.path().join("other.kind-00.token"), "").unwrap();
    assert_eq!(kept_beside(&store), [(keep.path.clone(), false)]);
    fs::set_permissions(&keep.path, Permissions::from_mode(0o644)).unwrap();
    assert_eq!(kept_beside(&store), [(keep.path.clone(), true)]);
    keep.load().await.unwrap();
    assert_eq!(kept_beside(&store), [(keep.path.clone(), false)]);
}

#[tokio::test]
async fn a_link_in_the_place_of_a_token_is_replaced_and_leads_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&elsewhere, "not ours").unwrap();
    let keep = FileKeep::beside(&folder.path().join("a.sqlite"), "kind", "account");
    std::os::unix::fs::symlink(&elsewhere, &keep.path).unwrap();
    keep.store(&"ours".into()).await.unwrap();
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "not ours");
    assert!(!fs::symlink_metadata(&keep.path).unwrap().is_symlink());
}

#[tokio::test]
async fn a_reader_finds_the_old_token_or_the_new_one_and_nothing_between() {
    let folder = tempfile::tempdir().unwrap();
    let keep = FileKeep::beside(&folder.path().join("a.sqlite"), "kind", "account");
    let (old, new) = ("o".repeat(60_000), "n".repeat(60_000));
    keep.store(&old.clone().into()).await.unwrap();
    let writer = async {
        for token in [&new, &old].into_iter().cycle().take(20) {
            keep.store(&token.clone().into()).await.unwrap();
        }
    };
    let reader = async {
        for _ in 0..40 {
            let found = keep.load().await.unwrap().unwrap();
            let found = found.expose_secret();
            assert!(*found == *old || *found == *new);
        }
    };
    tokio::join!(writer, reader);
}
