//! `/auth`: signing in and out.

use axum::extract::State as Handed;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::document::answer;
use super::errors::auth_refused;
use super::records::User;
use super::request::{Call, Holds, Member, cast_text};
use super::session::digest;
use super::state::Shared;
use crate::wire::Refused;

const SIGN_IN: &[Member] = &[
    Member::new("email", Holds::Text, false),
    Member::new("password", Holds::Text, false),
];

/// Opens a session.
pub(super) async fn sign_in(
    Handed(shared): Handed<Shared>,
    call: Call,
) -> Result<Response, Refused> {
    call.only_query(&[])?;
    call.only_members(SIGN_IN)?;
    let sent = |name: &str| {
        call.body
            .get(name)
            .and_then(cast_text)
            .flatten()
            .unwrap_or_default()
    };
    let now_ms = shared.now_ms();

    let mut state = shared.lock();
    let password = digest(&sent("password"));
    let found = state
        .records
        .users
        .by_email(&sent("email"))
        .filter(|user| user.password == Some(password))
        .cloned();
    let Some(mut user) = found else {
        return Ok(auth_refused(
            StatusCode::UNAUTHORIZED,
            "Invalid login credentials. Please try again.",
        ));
    };
    if !user.active {
        return Ok(auth_refused(
            StatusCode::UNAUTHORIZED,
            "Your account is not activated yet.",
        ));
    }
    user.last_active_ms = Some(now_ms);
    let body = if state.habits.sign_in_shows_account {
        json!({ "data": own_data(&user) })
    } else {
        json!({})
    };
    let mut signed_in = answer(StatusCode::OK, &body);
    let (id, uid) = (user.id.clone(), user.email.clone());
    let state = &mut *state;
    state.records.users.put(user);
    signed_in
        .headers_mut()
        .extend(state.sessions.open(&id, &uid, &mut state.tokens, now_ms));
    Ok(signed_in)
}

/// Refuses to show a sign-in form.
pub(super) async fn sign_in_form(call: Call) -> Result<Response, Refused> {
    call.wire.undocumented("reading the sign-in endpoint")?;
    Ok(auth_refused(
        StatusCode::METHOD_NOT_ALLOWED,
        "Use POST /sign_in to sign in. GET is not supported.",
    ))
}

/// Tells whether the session is accepted.
pub(super) async fn validate_token(
    Handed(shared): Handed<Shared>,
    call: Call,
) -> Result<Response, Refused> {
    call.wire
        .undocumented("`validate_token` is inferred, not documented")?;
    let mut state = shared.lock();
    let known = call
        .shown()
        .and_then(|shown| Some((state.caller(&shown, shared.now_ms())?, shown)));
    let Some((caller, shown)) = known else {
        return Ok(auth_refused(
            StatusCode::UNAUTHORIZED,
            "Invalid login credentials",
        ));
    };
    let data = state.records.users.get(&caller).map(own_data);
    let mut valid = answer(StatusCode::OK, &json!({ "success": true, "data": data }));
    state.stamp(&mut valid, &caller, &shown, call.span(shared.now_ms()));
    Ok(valid)
}

/// Ends the session that the request was sent with.
pub(super) async fn sign_out(
    Handed(shared): Handed<Shared>,
    call: Call,
) -> Result<Response, Refused> {
    call.wire
        .undocumented("`sign_out` is inferred, not documented")?;
    let mut state = shared.lock();
    let known = call
        .shown()
        .and_then(|shown| Some((state.caller(&shown, shared.now_ms())?, shown)));
    let Some((caller, shown)) = known else {
        return Ok(auth_refused(
            StatusCode::NOT_FOUND,
            "User was not found or was not logged in.",
        ));
    };
    state.sessions.close(&caller, &shown.client);
    Ok(answer(StatusCode::OK, &json!({ "success": true })))
}

/// Returns what a user is told about the own record: a plain object, unlike the API's documents, without what is secret.
///
/// The vendor shows no body. This is what the library answers: the columns of the record and `type`. Checked 2026-11.
fn own_data(user: &User) -> Value {
    json!({
        "id": user.id,
        "type": "user",
        "provider": "email",
        "uid": user.email,
        "email": user.email,
        "last_name": user.last_name,
        "first_name": user.first_name,
        "phone_number": user.phone_number,
        "integration_uid": user.integration_uid,
        "active": user.active,
        "prefered_locale": user.locale,
    })
}
