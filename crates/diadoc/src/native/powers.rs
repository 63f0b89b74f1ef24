//! Powers of attorney (МЧД) of an employee. The id of the employee is always sent: the platform takes a missing one for our own.

use kadry_core::{
    Back, Brake, Does, Look, NativeCall, Operation, Parameter, Repeat, Result, Thing,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::parameter::{USER, flag, help, required, text};
use super::{invalid, is_true};
use crate::calls::BoxApi;
use crate::calls::raw::rows;

/// The three parts of the id of a power of attorney.
const PARTS: [&str; 3] = ["RegistrationNumber", "IssuerInn", "RepresentativeInn"];

const NUMBER: Parameter = required(text(
    "RegistrationNumber",
    help("The number of the power of attorney", "Номер доверенности"),
));
const ISSUER: Parameter = text(
    "IssuerInn",
    help("The ИНН of who issued it", "ИНН доверителя"),
);
const REPRESENTATIVE: Parameter = text(
    "RepresentativeInn",
    help("The ИНН of who may act by it", "ИНН представителя"),
);

pub(super) const LIST: Operation = Operation {
    noun: "poa",
    verb: "list",
    parameters: &[
        USER,
        flag(
            "onlyActual",
            "Without those that have expired",
            "Без истёкших",
        ),
    ],
    help: help(
        "List the powers of attorney of an employee",
        "Список доверенностей (МЧД) сотрудника",
    ),
    example: "diadoc poa list --userId anna@example.test --onlyActual true",
    endpoint: "GET /GetEmployeePowersOfAttorney",
    does: Does::Lists {
        columns: &[
            "PowerOfAttorney.FullId.RegistrationNumber",
            "PowerOfAttorney.FullId.IssuerInn",
            "PowerOfAttorney.FullId.RepresentativeInn",
            "IsDefault",
        ],
    },
};

pub(super) const ATTACH: Operation = Operation {
    noun: "poa",
    verb: "attach",
    parameters: &[USER, NUMBER, required(ISSUER), required(REPRESENTATIVE)],
    help: help(
        "Attach a registered power of attorney to an employee",
        "Прикрепить зарегистрированную доверенность (МЧД) к сотруднику",
    ),
    example: "diadoc poa attach --userId anna@example.test --RegistrationNumber 24426b02-d608-4be9-baca-ea660dbf6be9 --IssuerInn 9600000016 --RepresentativeInn 960000000000",
    endpoint: "POST /V2/AddEmployeePowerOfAttorney",
    does: Does::Writes {
        brakes: &[Brake::Grant],
    },
};

pub(super) const SET_DEFAULT: Operation = Operation {
    noun: "poa",
    verb: "set-default",
    parameters: &[
        USER,
        NUMBER,
        ISSUER,
        REPRESENTATIVE,
        flag(
            "IsDefault",
            "Whether it becomes the default one; without this it does",
            "Сделать ли её доверенностью по умолчанию; без этого параметра — да",
        ),
    ],
    help: help(
        "Make a power of attorney the one that an employee signs with by default, or no longer",
        "Сделать доверенность (МЧД) доверенностью сотрудника по умолчанию или снять эту отметку",
    ),
    example: "diadoc poa set-default --userId anna@example.test --RegistrationNumber 24426b02-d608-4be9-baca-ea660dbf6be9",
    endpoint: "POST /V2/UpdateEmployeePowerOfAttorney",
    does: Does::Writes {
        brakes: &[Brake::Update],
    },
};

pub(super) const DETACH: Operation = Operation {
    noun: "poa",
    verb: "detach",
    parameters: &[USER, NUMBER, ISSUER, REPRESENTATIVE],
    help: help(
        "Detach a power of attorney from an employee; it is not revoked at the tax service",
        "Открепить доверенность (МЧД) от сотрудника; в реестре ФНС она не отзывается",
    ),
    example: "diadoc poa detach --userId anna@example.test --RegistrationNumber 24426b02-d608-4be9-baca-ea660dbf6be9",
    endpoint: "POST /V2/DeleteEmployeePowerOfAttorney",
    does: Does::Writes {
        brakes: &[Brake::Revoke],
    },
};

pub(super) const REGISTER: Operation = Operation {
    noun: "poa",
    verb: "register",
    parameters: &[NUMBER, required(ISSUER), required(REPRESENTATIVE)],
    help: help(
        "Tell the platform of a power of attorney that the tax service has, so that it can be attached",
        "Зарегистрировать в Диадоке доверенность (МЧД) из реестра ФНС, чтобы её можно было прикрепить",
    ),
    example: "diadoc poa register --RegistrationNumber 24426b02-d608-4be9-baca-ea660dbf6be9 --IssuerInn 9600000016 --RepresentativeInn 960000000000",
    endpoint: "POST /RegisterPowerOfAttorney",
    does: Does::Writes { brakes: &[] },
};

pub(super) const REGISTRATION: Operation = Operation {
    noun: "poa",
    verb: "registration",
    parameters: &[required(text(
        "taskId",
        help(
            "The task that registering answered",
            "Идентификатор задачи из ответа на регистрацию",
        ),
    ))],
    help: help(
        "Show how far the registration of a power of attorney has come",
        "Показать состояние регистрации доверенности (МЧД)",
    ),
    example: "diadoc poa registration --taskId 0c5f5445-ced0-4e5c-b752-0dd28303d9bd",
    endpoint: "GET /RegisterPowerOfAttorneyResult",
    does: Does::Shows,
};

/// Returns the powers of attorney of an employee.
pub(super) async fn list(api: &BoxApi, call: &NativeCall) -> Result<Vec<Value>> {
    let only_actual = call.flag("onlyActual")?.map(|only| only.to_string());
    let mut query = vec![("userId", call.required("userId")?)];
    query.extend(only_actual.as_deref().map(|only| ("onlyActual", only)));
    let mut list = api.raw("/GetEmployeePowersOfAttorney", &query).await?;
    Ok(rows(&mut list, "PowersOfAttorney"))
}

/// Returns how far a registration has come.
pub(super) async fn registration(api: &BoxApi, call: &NativeCall) -> Result<Value> {
    let query = [("taskId", call.required("taskId")?)];
    api.raw("/RegisterPowerOfAttorneyResult", &query).await
}

/// Returns everything that is attached to an employee, expired or not; null if there is no such employee.
pub(super) async fn look(api: &BoxApi, call: &NativeCall) -> Result<Value> {
    let Some(user) = call.one("userId") else {
        // Nothing tells whether a power of attorney is known. https://developer.kontur.ru/doc/diadoc-api. Checked 2026-11.
        return Ok(Value::Null);
    };
    let path = "/GetEmployeePowersOfAttorney";
    api.raw_if_there(path, &[("userId", user)]).await
}

/// Reports whether a call names a power of attorney that no list shows yet.
fn attaches(call: &NativeCall) -> bool {
    matches!(call.operation.as_str(), "poa attach" | "poa register")
}

/// Refuses a call that does not name a power of attorney as far as it must.
pub(super) fn check(call: &NativeCall) -> Result<()> {
    let is_missing = |part: &&&str| {
        let given = call.one(part);
        given.map_or(attaches(call), |text| text.trim().is_empty())
    };
    match PARTS.iter().find(is_missing) {
        Some(part) => Err(invalid("a part of the id is missing").with("argument", part)),
        None => Ok(()),
    }
}

/// Returns the call with every part of the id that the employee's list shows.
pub(super) async fn resolve(api: &BoxApi, call: &NativeCall) -> Result<NativeCall> {
    check(call)?;
    if attaches(call) {
        return Ok(call.clone());
    }
    let shown = look(api, call).await?;
    let held: Vec<&Value> = powers(&shown).filter(|power| is_it(call, power)).collect();
    let number = call.required(PARTS[0])?;
    let list = format!("diadoc poa list --userId {}", call.required("userId")?);
    let thing = Thing {
        kind: "power-of-attorney",
        list: &list,
    };
    let power = match held.as_slice() {
        [power] => *power,
        // It is not attached, or no longer: nothing is to be done. What is no number at all was mistyped.
        [] if call.operation == "poa detach" && Uuid::try_parse(number.trim()).is_ok() => {
            return Ok(call.clone());
        }
        [] => {
            let numbers = powers(&shown).filter_map(|power| part(power, PARTS[0]));
            return Err(thing.none(number, numbers));
        }
        several => {
            let whole = several.iter().map(|power| {
                let parts = PARTS.iter().filter_map(|name| part(power, name));
                parts.collect::<Vec<_>>().join("/")
            });
            return Err(thing.several(number, whole));
        }
    };
    let mut whole = call.clone();
    for name in PARTS {
        if let Some(text) = part(power, name) {
            whole
                .arguments
                .insert(name.to_owned(), vec![text.to_owned()]);
        }
    }
    if call.operation == "poa set-default" {
        let default = vec![wanted(call).to_string()];
        whole.arguments.insert("IsDefault".to_owned(), default);
    }
    Ok(whole)
}

pub(super) fn stands(call: &NativeCall, before: Option<&Value>, now: &Value) -> Look {
    let held = powers(now).find(|power| is_it(call, power));
    let there = match call.operation.as_str() {
        // Once it was asked for, only the task tells.
        "poa register" if before.is_some() => return Look::CannotTell,
        "poa attach" => held.is_some(),
        "poa detach" => held.is_none(),
        "poa set-default" => held.is_some_and(|power| is_default(power) == wanted(call)),
        _ => false,
    };
    if there { Look::Found } else { Look::Absent }
}

/// Returns what takes a change back. What is attached again is the default one only if it is made so.
pub(super) fn back(call: &NativeCall, before: &Value) -> Back {
    let own = |name: &'static str| call.one(name).map(str::to_owned);
    match call.operation.as_str() {
        "poa attach" => with_id("poa detach", call, &own).into(),
        "poa detach" => {
            let Some(was) = powers(before).find(|power| is_it(call, power)) else {
                return Back::default();
            };
            let attach = with_id("poa attach", call, &own)
                .filter(|back| PARTS.iter().all(|name| back.one(name).is_some()));
            if attach.is_none() {
                return Back::default();
            }
            let mark = with_id("poa set-default", call, &own).filter(|_| is_default(was));
            Back::from(attach).then(mark.map(|mark| mark.with("IsDefault", "true")))
        }
        "poa set-default" => other_default(call, before, &own).into(),
        _ => Back::default(),
    }
}

/// Returns the change that makes the default one what it was.
fn other_default(call: &NativeCall, before: &Value, own: &Id<'_>) -> Option<NativeCall> {
    let was = powers(before).find(|power| is_default(power));
    if was.is_some_and(|was| is_it(call, was)) == wanted(call) {
        return None;
    }
    match was.filter(|_| wanted(call)) {
        // Another one was the default, and is no longer.
        Some(was) => {
            let id = |name: &'static str| part(was, name).map(str::to_owned);
            Some(with_id("poa set-default", call, &id)?.with("IsDefault", "true"))
        }
        None => {
            let before = (!wanted(call)).to_string();
            Some(with_id("poa set-default", call, own)?.with("IsDefault", before))
        }
    }
}

/// The parts of the id of a power of attorney.
type Id<'a> = dyn Fn(&'static str) -> Option<String> + 'a;

/// Returns an operation on a power of attorney of the same employee.
fn with_id(operation: &str, call: &NativeCall, id: &Id<'_>) -> Option<NativeCall> {
    let named = NativeCall::new(operation).with("userId", call.one("userId")?);
    let named = named.with(PARTS[0], id(PARTS[0])?);
    let rest = PARTS[1..]
        .iter()
        .filter_map(|name| Some((*name, id(name)?)));
    Some(rest.fold(named, |named, (name, text)| named.with(name, text)))
}

/// Sends one change and returns what the platform answered; nothing for one that is detached.
///
/// # Repeats
///
/// Detaching again and making it the default again change nothing. What attaching again does is not documented: look first.
pub(super) async fn write(api: &BoxApi, call: &NativeCall) -> Result<Value> {
    let id: Value = PARTS
        .iter()
        .filter_map(|part| Some(((*part).to_owned(), json!(call.one(part)?))))
        .collect();
    if call.operation == "poa register" {
        let body = json!({ "FullId": id });
        let path = "/RegisterPowerOfAttorney";
        return api.raw_write(path, Repeat::Once, &[], Some(&body)).await;
    }
    let (path, repeat, body) = match call.operation.as_str() {
        // What a second attaching does is not documented. Checked 2026-11.
        "poa attach" => ("/V2/AddEmployeePowerOfAttorney", Repeat::Once, id),
        "poa detach" => ("/V2/DeleteEmployeePowerOfAttorney", Repeat::Safe, id),
        _ => {
            let is_default = json!({ "IsDefault": wanted(call) });
            let body = json!({ "PowerOfAttorneyFullId": id, "IsDefaultPatch": is_default });
            ("/V2/UpdateEmployeePowerOfAttorney", Repeat::Safe, body)
        }
    };
    let query = [("userId", call.required("userId")?)];
    api.raw_write(path, repeat, &query, Some(&body)).await
}

fn wanted(call: &NativeCall) -> bool {
    call.one("IsDefault") != Some("false")
}

fn powers(shown: &Value) -> impl Iterator<Item = &Value> {
    let list = shown.get("PowersOfAttorney").and_then(Value::as_array);
    list.into_iter().flatten()
}

fn part<'a>(power: &'a Value, name: &str) -> Option<&'a str> {
    power
        .pointer(&format!("/PowerOfAttorney/FullId/{name}"))
        .and_then(Value::as_str)
}

/// Reports whether a power of attorney has every part of the id that the call names. The platform may not show the third one.
fn is_it(call: &NativeCall, power: &Value) -> bool {
    PARTS
        .iter()
        .all(|name| match (call.one(name), part(power, name)) {
            (Some(wanted), Some(shown)) => wanted.trim().eq_ignore_ascii_case(shown),
            (None, _) | (Some(_), None) => *name != PARTS[0],
        })
}

fn is_default(power: &Value) -> bool {
    is_true(power.get("IsDefault"))
}
