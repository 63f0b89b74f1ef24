//! The configuration file that goes with an emulator.

use std::sync::Arc;

use crate::Place;

/// A role whose every name exists in the starting data.
const ROLES: &str = r#"[roles.accountant]
title = "Бухгалтер"
department = "Бухгалтерия"
messenger = { tags = ["Бухгалтерия"], chats = ["Общий"], role = "user", invite = true, welcome = "Добро пожаловать, {first_name}!" }
calls = { unit = "Бухгалтерия", role = "Оператор" }
edo = { department = "Бухгалтерия", access_level = "DepartmentOnly", permissions = ["CreateDocuments"], subscriptions = ["NewIncomingDocuments"] }
"#;

/// Returns the file: the organisation, each platform's tables, a role, and the exports as comments.
pub(crate) fn compose(
    places: &[Arc<dyn Place>],
    base: &str,
    exports: &[(&'static str, String)],
) -> String {
    let base = base.trim_end_matches('/');
    let tables = places.iter().map(|place| place.settings(base));
    let mut parts = vec!["organisation = \"emulated\"".to_owned()];
    parts.extend(tables.map(|table| table.trim().to_owned()));
    parts.push(ROLES.trim().to_owned());
    let exports: Vec<String> = exports
        .iter()
        .map(|(name, value)| format!("# export {name}='{value}'\n"))
        .collect();
    format!("{}\n\n{}", parts.join("\n\n"), exports.concat())
}
