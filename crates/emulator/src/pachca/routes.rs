//! Every call that is played, with the scope that it needs.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::MethodFilter as M;

use crate::pachca::{
    Pachca, avatars, call, chats, exports, members, messages, open_call, posted, profile,
    reactions, search, statuses, tags, threads, unknown, users,
};

/// Returns the routes of the whole API.
pub(super) fn router() -> Router<Pachca> {
    people()
        .merge(own())
        .merge(tagged())
        .merge(talked())
        .merge(written())
        .merge(searched())
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
}

fn people() -> Router<Pachca> {
    let users =
        call(M::GET, "users:read", users::list).merge(call(M::POST, "users:create", users::create));
    let user = call(M::GET, "users:read", users::show)
        .merge(call(M::PUT, "users:update", users::edit))
        .merge(call(M::DELETE, "users:delete", users::delete));
    let status = call(M::GET, "user_status:read", statuses::show)
        .merge(call(M::PUT, "user_status:write", statuses::set))
        .merge(call(M::DELETE, "user_status:write", statuses::clear));
    // The documents say PUT, and the vendor's own Python SDK says POST.
    let avatar = call(M::PUT, "user_avatar:write", avatars::set)
        .merge(call(M::POST, "user_avatar:write", avatars::set_by_post))
        .merge(call(M::DELETE, "user_avatar:write", avatars::clear));
    Router::new()
        .route("/users", users)
        .route("/users/{id}", user)
        .route("/users/{id}/status", status)
        // How large a picture may be is not documented.
        .route(
            "/users/{id}/avatar",
            avatar.layer(DefaultBodyLimit::disable()),
        )
        .route(
            "/custom_properties",
            call(M::GET, "custom_properties:read", profile::properties),
        )
}

fn own() -> Router<Pachca> {
    let status = call(M::GET, "profile_status:read", statuses::show_own)
        .merge(call(M::PUT, "profile_status:write", statuses::set_own))
        .merge(call(M::DELETE, "profile_status:write", statuses::clear_own));
    let avatar = call(M::PUT, "profile_avatar:write", avatars::set_own)
        .merge(call(
            M::POST,
            "profile_avatar:write",
            avatars::set_own_by_post,
        ))
        .merge(call(M::DELETE, "profile_avatar:write", avatars::clear_own));
    Router::new()
        .route("/oauth/token/info", open_call(M::GET, profile::token))
        .route("/profile", call(M::GET, "profile:read", profile::me))
        .route("/profile/status", status)
        .route("/profile/avatar", avatar.layer(DefaultBodyLimit::disable()))
}

fn tagged() -> Router<Pachca> {
    let all = call(M::GET, "group_tags:read", tags::list).merge(call(
        M::POST,
        "group_tags:write",
        tags::create,
    ));
    let one = call(M::GET, "group_tags:read", tags::show)
        .merge(call(M::PUT, "group_tags:write", tags::rename))
        .merge(call(M::DELETE, "group_tags:write", tags::delete));
    Router::new()
        .route("/group_tags", all)
        .route("/group_tags/{id}", one)
        .route(
            "/group_tags/{id}/users",
            call(M::GET, "group_tags:read", tags::users),
        )
}

fn talked() -> Router<Pachca> {
    let write = "chat_members:write";
    let chats =
        call(M::GET, "chats:read", chats::list).merge(call(M::POST, "chats:create", chats::create));
    let chat =
        call(M::GET, "chats:read", chats::show).merge(call(M::PUT, "chats:update", chats::edit));
    let members =
        call(M::GET, "chat_members:read", members::list).merge(call(M::POST, write, members::add));
    let member =
        call(M::PUT, write, members::set_role).merge(call(M::DELETE, write, members::remove));
    Router::new()
        .route("/chats", chats)
        .route("/chats/{id}", chat)
        .route(
            "/chats/{id}/archive",
            call(M::PUT, "chats:archive", chats::archive),
        )
        .route(
            "/chats/{id}/unarchive",
            call(M::PUT, "chats:archive", chats::unarchive),
        )
        .route(
            "/chats/{id}/leave",
            call(M::DELETE, "chats:leave", members::leave),
        )
        .route("/chats/{id}/members", members)
        .route("/chats/{id}/members/{user_id}", member)
        .route(
            "/chats/{id}/group_tags",
            call(M::POST, write, members::attach_tags),
        )
        .route(
            "/chats/{id}/group_tags/{tag_id}",
            call(M::DELETE, write, members::detach_tag),
        )
        .route(
            "/chats/exports",
            call(M::POST, "chat_exports:write", exports::request),
        )
        .route(
            "/chats/exports/{id}",
            call(M::GET, "chat_exports:read", exports::download),
        )
        .route(
            "/company/chats",
            call(M::GET, "company_chats:read", chats::company),
        )
}

fn written() -> Router<Pachca> {
    let messages = call(M::GET, "messages:read", messages::list).merge(call(
        M::POST,
        "messages:create",
        messages::send,
    ));
    let message = call(M::GET, "messages:read", posted::show)
        .merge(call(M::PUT, "messages:update", posted::edit))
        .merge(call(M::DELETE, "messages:delete", posted::delete));
    let reactions = call(M::GET, "reactions:read", reactions::list)
        .merge(call(M::POST, "reactions:write", reactions::add))
        .merge(call(M::DELETE, "reactions:write", reactions::remove));
    let pin = call(M::POST, "pins:write", posted::pin).merge(call(
        M::DELETE,
        "pins:write",
        posted::unpin,
    ));
    let threads = call(M::GET, "threads:read", threads::list).merge(call(
        M::POST,
        "threads:create",
        threads::create_alone,
    ));
    Router::new()
        .route("/messages", messages)
        .route("/messages/{id}", message)
        .route("/messages/{id}/reactions", reactions)
        .route("/messages/{id}/pin", pin)
        .route(
            "/messages/{id}/read_member_ids",
            call(M::GET, "messages:read", posted::readers),
        )
        .route(
            "/messages/{id}/link_previews",
            call(M::POST, "link_previews:write", posted::unfurl),
        )
        .route(
            "/messages/{id}/thread",
            call(M::POST, "threads:create", threads::create),
        )
        .route("/threads", threads)
        .route("/threads/{id}", call(M::GET, "threads:read", threads::show))
}

fn searched() -> Router<Pachca> {
    Router::new()
        .route("/search/users", call(M::GET, "search:users", search::users))
        .route("/search/chats", call(M::GET, "search:chats", search::chats))
        .route(
            "/search/messages",
            call(M::GET, "search:messages", search::messages),
        )
}
