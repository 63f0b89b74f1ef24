//! What the platforms hold before a story begins.

use serde_json::json;

use crate::scenario::{EMAIL, SUCCESSOR, Scenario};
use crate::support::platforms::{PLATFORMS, Platform};
use crate::support::world::World;

/// Puts the successor where there are chats, and what the person has there; lets nobody else sign, where that is so.
pub(crate) fn furnish(world: &World, scenario: &Scenario) {
    for (platform, record) in PLATFORMS.iter().zip(&scenario.there) {
        if let Some(record) = record {
            world.put(platform, record);
        }
    }
    let has_chats = |platform: &&Platform| world.state(platform)["chats"].is_array();
    for platform in PLATFORMS.iter().filter(has_chats) {
        let state = world.state(platform);
        let mut records = platform.records(&state).into_iter();
        let is_there = records.any(|(_, email)| email == EMAIL);
        let mut users = vec![json!({
            "email": SUCCESSOR, "last_name": "Преемник", "first_name": "Борис",
        })];
        if is_there && scenario.shows {
            users.push(json!({
                "email": EMAIL, "status": { "emoji": "🏖️", "title": "В отпуске" },
                "custom_properties": { "Город": "Старск", "Табельный номер": "00017" },
            }));
        }
        let mut chats = Vec::new();
        if is_there && scenario.keeps {
            chats.push(json!({ "name": "Кружок", "public": true, "owner": EMAIL }));
            if !scenario.loses_sight() {
                chats.push(json!({ "name": "Смена", "admins": [EMAIL] }));
            }
        }
        let records = json!({ platform.kind: { "users": users, "chats": chats } });
        world.emulator.seed(&records).unwrap();
    }
    for platform in PLATFORMS.iter().filter(|_| scenario.alone) {
        let state = world.state(platform);
        let employees = state["employees"].as_array().into_iter().flatten();
        let logins = employees.filter_map(|employee| employee["login"].as_str());
        let others = logins.filter(|login| login.to_lowercase() != EMAIL);
        let idle: Vec<_> = others
            .map(|login| json!({ "login": login, "actions": [] }))
            .collect();
        if !idle.is_empty() {
            let records = json!({ platform.kind: { "employees": idle } });
            world.emulator.seed(&records).unwrap();
        }
    }
}
