//! Where the store is.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::config::Config;
use super::fault::Fault;

/// Returns where the store is: `--store`, else `kadry/<organisation>.sqlite` in the user's folder for state.
///
/// # Errors
///
/// [`Fault::NoStateFolder`] when the system does not say where that is.
pub(crate) fn path(
    given: Option<&Path>,
    config: &Config,
    config_path: &Path,
) -> Result<PathBuf, Fault> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    let base = etcetera::choose_base_strategy().map_err(|_| Fault::NoStateFolder)?;
    let state = base.state_dir().ok_or(Fault::NoStateFolder)?;
    Ok(file(&state, &config.store_name(config_path)))
}

fn file(state: &Path, name: &Path) -> PathBuf {
    let mut name = name.as_os_str().to_owned();
    name.push(".sqlite");
    state.join("kadry").join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_dot_keeps_all_of_itself() {
        assert_eq!(
            file(Path::new("/state"), Path::new("romashka.north")),
            Path::new("/state/kadry/romashka.north.sqlite")
        );
    }

    #[test]
    fn the_store_is_named_by_the_organisation_else_by_the_configuration() {
        let path = Path::new("/etc/kadry/romashka.toml");
        let named = Config::parse("organisation = \"lyutik\"", path);
        let named = named.map(|config| config.store_name(path));
        assert_eq!(named.ok(), Some(PathBuf::from("lyutik")));
        assert_eq!(
            Config::default().store_name(path),
            PathBuf::from("romashka")
        );
        assert_eq!(
            super::path(Some(Path::new("a.sqlite")), &Config::default(), path).ok(),
            Some(PathBuf::from("a.sqlite"))
        );
    }
}
