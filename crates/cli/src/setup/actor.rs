//! Who asks, when the operator does not say.

use super::Environment;

/// Returns the name of the user of the operating system, else the number of the user.
///
/// The session's own name comes first: it still tells who has asked after a switch to a shared user.
pub(crate) fn system_user(environment: Environment<'_>) -> String {
    let session = environment("USER").filter(|name| !name.trim().is_empty());
    session.unwrap_or_else(|| {
        let uid = rustix::process::getuid().as_raw();
        let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        name_of(uid, &users).map_or_else(|| format!("uid:{uid}"), str::to_owned)
    })
}

/// The lines are `name:password:uid:…`.
fn name_of(uid: u32, users: &str) -> Option<&str> {
    let uid = uid.to_string();
    users.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)? == uid).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_names_the_user_else_the_system_does() {
        assert_eq!(system_user(&|_| Some("anna".to_owned())), "anna");
        assert!(!system_user(&|_| None).is_empty());
    }

    #[test]
    fn a_user_is_found_by_number() {
        let users = "root:x:0:0::/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\n";
        assert_eq!(name_of(1000, users), Some("anna"));
        assert_eq!(name_of(7, users), None);
    }
}
