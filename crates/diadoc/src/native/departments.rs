//! The departments of the box: reading them, and making, changing and deleting a single one.

use std::collections::BTreeSet;

use kadry_core::{
    Back, Error, ErrorKind, FieldName, Look, NativeCall, Offer, Repeat, Result, Thing, fold, meant,
    same_value,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{as_asked, invalid, is_true};
use crate::calls::raw::DEPARTMENTS;
use crate::departments::Tree;
use crate::provider::Diadoc;
use crate::wire::department::Department;
use crate::wire::employee::HEAD_DEPARTMENT;

/// The texts of a department that go to the wire as they are.
const TEXTS: [&str; 3] = ["Name", "Abbreviation", "Kpp"];
/// By what incoming documents are brought to a department.
const ROUTING: [&str; 2] = ["Routing.Kpp", "Routing.Address"];

pub(super) const PARENT: &str = "ParentDepartmentId";
const ADDRESS: &str = "Address";

const DEPARTMENT: Thing<'static> = Thing {
    kind: "department",
    list: "diadoc departments list --all",
};

/// What of a department is changed for itself: the name goes with the short name, and each routing with the other.
pub(super) const APART: &[&[&str]] = &[
    &[PARENT],
    &["Name", "Abbreviation"],
    &["Kpp"],
    &[ADDRESS],
    &ROUTING,
];

/// Returns the id of a department that is given by its id, its path, its name or its short name.
///
/// The path may begin with the head department or below it. Names are not documented as unique, so that two are a stop.
pub(super) fn department_id(rows: &[Value], typed: &str, argument: &'static str) -> Result<String> {
    if let Ok(id) = Uuid::try_parse(typed.trim()) {
        let id = id.to_string();
        let is_there = id == HEAD_DEPARTMENT || find(rows, &id).is_some();
        return if is_there {
            Ok(id)
        } else {
            Err(DEPARTMENT.none(typed, []).with("argument", argument))
        };
    }
    let typed_rows: Vec<Department> = rows
        .iter()
        .filter_map(|row| serde_json::from_value(row.clone()).ok())
        .collect();
    let whole = Tree::new(typed_rows).offers();
    let below = |offer: &Offer| {
        let mut offer = offer.clone();
        if offer.path.len() > 1 {
            offer.path.remove(0);
        }
        offer
    };
    let below: Vec<Offer> = whole.iter().map(below).collect();
    let short = |row: &Value| {
        let name = row.get("Abbreviation").and_then(Value::as_str)?;
        let id = DEPARTMENTS.id_of(row);
        let mut offer = whole.iter().find(|offer| offer.id.as_str() == id)?.clone();
        offer.path = vec![name.to_owned()];
        Some(offer)
    };
    let short: Vec<Offer> = rows.iter().filter_map(short).collect();
    for offers in [&below, &whole, &short] {
        match meant(offers, typed, DEPARTMENT) {
            Ok(offer) => return Ok(offer.id.to_string()),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.with("argument", argument)),
        }
    }
    let names = whole.iter().map(|offer| offer.name.as_str());
    Err(DEPARTMENT.none(typed, names).with("argument", argument))
}

impl Diadoc {
    /// Returns one department, in the shape that is not only for administrators.
    pub(super) async fn department(&self, call: &NativeCall) -> Result<Value> {
        let typed = call.required("departmentId")?;
        let id = match Uuid::try_parse(typed.trim()) {
            Ok(id) => id.to_string(),
            Err(_) => department_id(&self.api.raw_departments().await?, typed, "departmentId")?,
        };
        let query = [("departmentId", id.as_str())];
        self.api.raw("/V2/GetDepartment", &query).await
    }

    /// Returns the call with ids for names, and with what the platform wants together.
    pub(super) async fn resolve_department(&self, call: &NativeCall) -> Result<NativeCall> {
        check(call)?;
        let rows = self.api.raw_departments().await?;
        let mut whole = call.clone();
        for name in [PARENT, "departmentId"] {
            if let Some(typed) = call.one(name) {
                let id = department_id(&rows, typed, name)?;
                whole.arguments.insert(name.to_owned(), vec![id]);
            }
        }
        let Some(id) = whole.one("departmentId").map(str::to_owned) else {
            return Ok(completed(whole, None));
        };
        // https://developer.kontur.ru/doc/diadoc-api, UpdateDepartment and DeleteDepartment. Checked 2026-11.
        if id == HEAD_DEPARTMENT {
            let message = "the head department cannot be changed or deleted";
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        let row = find(&rows, &id).ok_or_else(|| DEPARTMENT.none(&id, []))?;
        if call.operation == "departments delete" {
            return Ok(whole);
        }
        // The platform refuses a circle. https://developer.kontur.ru/doc/diadoc-api, UpdateDepartment. Checked 2026-11.
        if whole
            .one(PARENT)
            .is_some_and(|above| is_within(&rows, above, &id))
        {
            let message = "a department cannot be moved below itself";
            return Err(invalid(message)
                .with("argument", PARENT)
                .with("department.id", id));
        }
        Ok(completed(whole, Some(row)))
    }

    /// Returns what a change is about: the department, or for one that is made those of its name at its place.
    pub(super) async fn look_at_department(&self, call: &NativeCall) -> Result<Value> {
        let rows = self.api.raw_departments().await?;
        if let Some(id) = call.one("departmentId") {
            return Ok(find(&rows, id).cloned().unwrap_or_default());
        }
        let rows = rows.into_iter().filter(|row| is_at_place(call, row));
        Ok(rows.collect())
    }

    /// Sends one change and returns the department as it then is; nothing for one that is deleted.
    ///
    /// # Repeats
    ///
    /// A change is absolute; a second creation makes a second department, unless it has a КПП.
    pub(super) async fn write_department(&self, call: &NativeCall) -> Result<Value> {
        let id = call.one("departmentId");
        let query: Vec<(&str, &str)> = id.map(|id| ("departmentId", id)).into_iter().collect();
        let (path, repeat, body) = match call.operation.as_str() {
            "departments create" => (
                "/admin/CreateDepartment",
                Repeat::Once,
                Some(creation(call)?),
            ),
            "departments update" => ("/admin/UpdateDepartment", Repeat::Safe, Some(patch(call)?)),
            _ => ("/admin/DeleteDepartment", Repeat::Once, None),
        };
        let answer = self
            .api
            .raw_write(path, repeat, &query, body.as_ref())
            .await?;
        let look = match call.operation.as_str() {
            "departments create" if is_at_place(call, &answer) => Look::Found,
            "departments create" => Look::Absent,
            "departments update" => changed(call, &answer),
            _ => Look::Found,
        };
        as_asked(look)?;
        Ok(answer)
    }
}

/// Refuses what no request can say.
pub(super) fn check(call: &NativeCall) -> Result<()> {
    for name in TEXTS {
        if call.one(name).is_some_and(|text| text.trim().is_empty()) {
            let message = "an empty text is not documented to clear anything";
            return Err(invalid(message).with("argument", name));
        }
    }
    for name in ROUTING {
        call.flag(name)?;
    }
    address(call)?;
    if call.operation == "departments update" && call.arguments.len() < 2 {
        return Err(invalid("nothing to change was given").with("argument", "Name"));
    }
    if call.operation == "departments create" {
        for (flag, needs) in [("Routing.Kpp", "Kpp"), ("Routing.Address", ADDRESS)] {
            if call.flag(flag)? == Some(true) && call.one(needs).is_none() {
                return Err(invalid("routing needs what it goes by").with("argument", needs));
            }
        }
    }
    Ok(())
}

/// Returns the address, which is typed as the vendor's structure.
fn address(call: &NativeCall) -> Result<Option<Value>> {
    let Some(typed) = call.one(ADDRESS) else {
        return Ok(None);
    };
    let address: Option<Value> = serde_json::from_str(typed).ok();
    let is_address = |address: &Value| {
        let has = |name| address.get(name).is_some_and(Value::is_object);
        has("RussianAddress") != has("ForeignAddress")
    };
    match address.filter(is_address) {
        Some(address) => Ok(Some(address)),
        None => Err(
            invalid("an address is JSON with either RussianAddress or ForeignAddress")
                .with("argument", ADDRESS),
        ),
    }
}

/// Adds what has to be sent along: the name goes with the short name, and each routing with the other.
pub(super) fn completed(mut call: NativeCall, row: Option<&Value>) -> NativeCall {
    let shown = |name: &str| row.and_then(|row| row.get(name)).and_then(Value::as_str);
    let add = |call: &mut NativeCall, name: &str, value: String| {
        call.arguments.insert(name.to_owned(), vec![value]);
    };
    match (call.one("Name"), call.one("Abbreviation")) {
        (Some(name), None) => {
            // A short name that was a name of its own stays.
            let own = shown("Abbreviation").filter(|short| Some(*short) != shown("Name"));
            let short = own.unwrap_or(name).to_owned();
            add(&mut call, "Abbreviation", short);
        }
        (None, Some(_)) => {
            let name = shown("Name").unwrap_or_default().to_owned();
            add(&mut call, "Name", name);
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
    if ROUTING.iter().any(|name| call.one(name).is_some()) {
        for name in ROUTING
            .into_iter()
            .filter(|name| call.one(name).is_none())
            .collect::<Vec<_>>()
        {
            let before = row.is_some_and(|row| routes(row, name));
            add(&mut call, name, before.to_string());
        }
    }
    call
}

fn routing(call: &NativeCall) -> Result<Value> {
    let flag = |name| call.flag(name).map(Option::unwrap_or_default);
    Ok(json!({"Kpp": flag("Routing.Kpp")?, "Address": flag("Routing.Address")?}))
}

/// Returns the body that makes a department.
fn creation(call: &NativeCall) -> Result<Value> {
    let mut body = Map::new();
    for name in [PARENT].into_iter().chain(TEXTS) {
        if let Some(text) = call.one(name) {
            body.insert(name.to_owned(), json!(text.trim()));
        }
    }
    if let Some(address) = address(call)? {
        body.insert(ADDRESS.to_owned(), address);
    }
    body.insert("Routing".to_owned(), routing(call)?);
    Ok(Value::Object(body))
}

/// Returns the body that changes a department: only what changes.
fn patch(call: &NativeCall) -> Result<Value> {
    let mut body = Map::new();
    if let Some(id) = call.one(PARENT) {
        body.insert("ParentDepartment".to_owned(), json!({ PARENT: id }));
    }
    if let (Some(name), Some(short)) = (call.one("Name"), call.one("Abbreviation")) {
        let naming = json!({"Name": name.trim(), "Abbreviation": short.trim()});
        body.insert("DepartmentNaming".to_owned(), naming);
    }
    if let Some(kpp) = call.one("Kpp") {
        body.insert("Kpp".to_owned(), json!({"Kpp": kpp.trim()}));
    }
    if let Some(address) = address(call)? {
        body.insert(ADDRESS.to_owned(), json!({ ADDRESS: address }));
    }
    if ROUTING.iter().any(|name| call.one(name).is_some()) {
        body.insert("Routing".to_owned(), routing(call)?);
    }
    Ok(Value::Object(body))
}

/// Says whether a department was made. Names are not unique: once the call was sent, only one that was not there before counts.
pub(super) fn made(call: &NativeCall, before: Option<&Value>, now: &Value) -> Look {
    let listed = |rows: &Value| rows.as_array().cloned().unwrap_or_default();
    let Some(before) = before else {
        let has_kpp = |row: &Value| call.one("Kpp").is_none_or(|kpp| shown(row, "Kpp") == kpp);
        return found(listed(now).iter().any(has_kpp));
    };
    let ids = |rows: &Value| -> BTreeSet<String> {
        listed(rows)
            .iter()
            .map(|row| DEPARTMENTS.id_of(row).to_lowercase())
            .collect()
    };
    match ids(now).difference(&ids(before)).count() {
        0 => Look::Absent,
        1 => Look::Found,
        _ => Look::CannotTell,
    }
}

/// Says whether a department is as a change leaves it.
pub(super) fn changed(call: &NativeCall, now: &Value) -> Look {
    let texts = TEXTS.iter().all(|name| {
        let same = |asked| same_value(FieldName::Department, asked, shown(now, name));
        call.one(name).is_none_or(same)
    });
    let place = call
        .one(PARENT)
        .is_none_or(|id| parent(now).eq_ignore_ascii_case(id));
    let routing = ROUTING.iter().all(|name| {
        let asked = call.flag(name).ok().flatten();
        asked.is_none_or(|asked| routes(now, name) == asked)
    });
    let address = address(call).ok().flatten();
    let there = address.is_none_or(|address| {
        let shown = now.get(ADDRESS);
        holds(shown.unwrap_or(&Value::Null), &address)
    });
    found(!now.is_null() && texts && place && routing && there)
}

/// Returns the change that takes a change back, but for what was empty before, since nothing is documented to clear it.
pub(super) fn back(call: &NativeCall, before: &Value) -> Back {
    let Some(id) = call.one("departmentId").filter(|_| !before.is_null()) else {
        return Back::default();
    };
    let mut back = NativeCall::new(&call.operation).with("departmentId", id);
    let mut stays = Vec::new();
    if call.one(PARENT).is_some() {
        back = back.with(PARENT, parent(before));
    }
    for name in TEXTS.into_iter().filter(|name| call.one(name).is_some()) {
        match Some(shown(before, name)).filter(|old| !old.is_empty()) {
            Some(old) => back = back.with(name, old),
            None => stays.push(name),
        }
    }
    if call.one(ADDRESS).is_some() {
        match before.get(ADDRESS).filter(|old| old.is_object()) {
            Some(old) => back = back.with(ADDRESS, old.to_string()),
            None => stays.push(ADDRESS),
        }
    }
    for name in ROUTING.into_iter().filter(|name| call.one(name).is_some()) {
        back = back.with(name, routes(before, name).to_string());
    }
    // The short name is sent with the name, whatever it was.
    let back = completed(back, None);
    let changes_any = back.arguments.len() > 1;
    Back::from(changes_any.then_some(back)).except(&stays)
}

/// Returns the deletion of a department that was made, as the answer shows it, or the look after it.
pub(super) fn unmade(before: &Value, after: &Value) -> Option<NativeCall> {
    let looked = after.as_array().map(Vec::as_slice);
    let rows = looked.unwrap_or(std::slice::from_ref(after)).iter();
    let mut ids: BTreeSet<&str> = rows.map(|row| DEPARTMENTS.id_of(row)).collect();
    for row in before.as_array().into_iter().flatten() {
        ids.remove(DEPARTMENTS.id_of(row));
    }
    let mut ids = ids.into_iter().filter(|id| !id.is_empty());
    match (ids.next(), ids.next()) {
        (Some(id), None) => Some(NativeCall::new("departments delete").with("departmentId", id)),
        _ => None,
    }
}

pub(super) fn found(is_there: bool) -> Look {
    if is_there { Look::Found } else { Look::Absent }
}

fn find<'a>(rows: &'a [Value], id: &str) -> Option<&'a Value> {
    rows.iter()
        .find(|row| DEPARTMENTS.id_of(row).eq_ignore_ascii_case(id))
}

/// Reports whether a department is another one or somewhere below it.
fn is_within(rows: &[Value], id: &str, other: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut at = Some(id);
    while let Some(id) = at.take().filter(|id| seen.insert(id.to_lowercase())) {
        if id.eq_ignore_ascii_case(other) {
            return true;
        }
        at = find(rows, id).map(parent);
    }
    false
}

pub(super) fn shown<'a>(row: &'a Value, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the id of the department above; right below the head department it may be left out.
pub(super) fn parent(row: &Value) -> &str {
    match shown(row, PARENT) {
        "" => HEAD_DEPARTMENT,
        id => id,
    }
}

fn routes(row: &Value, name: &str) -> bool {
    let member = name.trim_start_matches("Routing.");
    is_true(row.get("Routing").and_then(|routing| routing.get(member)))
}

/// Reports whether a row has the name of a department that is made, and its place where it shows one.
fn is_at_place(call: &NativeCall, row: &Value) -> bool {
    let above = call.one(PARENT).unwrap_or(HEAD_DEPARTMENT);
    fold(shown(row, "Name")) == fold(call.one("Name").unwrap_or_default())
        && !DEPARTMENTS.id_of(row).eq_ignore_ascii_case(HEAD_DEPARTMENT)
        && parent(row).eq_ignore_ascii_case(above)
}

/// Reports whether a value has everything that was asked for. The platform shows empty texts where nothing is.
fn holds(shown: &Value, asked: &Value) -> bool {
    match asked {
        Value::Object(members) => members
            .iter()
            .all(|(name, asked)| holds(shown.get(name).unwrap_or(&Value::Null), asked)),
        Value::String(text) => shown.as_str().unwrap_or_default().trim() == text.trim(),
        Value::Null => shown.is_null() || shown.as_str() == Some(""),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => shown == asked,
    }
}
