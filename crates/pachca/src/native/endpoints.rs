//! Every endpoint that this room calls.

use kadry_core::{Endpoint, Evidence};

const fn documented(
    name: &'static str,
    used_for: &'static str,
    source: &'static str,
    test: &'static str,
) -> Endpoint {
    Endpoint {
        name,
        used_for,
        source,
        evidence: Evidence::Documented,
        test,
    }
}

/// Every endpoint that is called, by flows or by the operations. Checked 2026-11.
pub static ENDPOINTS: &[Endpoint] = &[
    documented(
        "GET /oauth/token/info",
        "what the token may do",
        "https://dev.pachca.com/api/oauth/token-info",
        "crates/pachca/tests/wire/connection.rs::connecting_asks_the_token_alone_and_learns_its_scopes",
    ),
    documented(
        "GET /profile",
        "whose token it is",
        "https://dev.pachca.com/api/profile/get",
        "crates/pachca/tests/wire/connection.rs::whoami_reads_the_profile_where_scopes_prove_nothing",
    ),
    documented(
        "GET /profile/status",
        "the own status",
        "https://dev.pachca.com/api/profile/get-status",
        "crates/pachca/tests/wire/native_status.rs::the_owner_of_the_token_has_a_status_of_their_own",
    ),
    documented(
        "PUT /profile/status",
        "setting the own status",
        "https://dev.pachca.com/api/profile/update-status",
        "crates/pachca/tests/wire/native_status.rs::the_owner_of_the_token_has_a_status_of_their_own",
    ),
    documented(
        "DELETE /profile/status",
        "clearing the own status",
        "https://dev.pachca.com/api/profile/delete-status",
        "crates/pachca/tests/wire/native_status.rs::the_owner_of_the_token_has_a_status_of_their_own",
    ),
    documented(
        "PUT /profile/avatar",
        "setting the own picture",
        "https://dev.pachca.com/api/profile/update-avatar",
        "crates/pachca/tests/wire/native_avatar.rs::the_owner_of_the_token_has_a_picture_of_their_own",
    ),
    documented(
        "DELETE /profile/avatar",
        "deleting the own picture",
        "https://dev.pachca.com/api/profile/delete-avatar",
        "crates/pachca/tests/wire/native_avatar.rs::the_owner_of_the_token_has_a_picture_of_their_own",
    ),
    documented(
        "GET /custom_properties",
        "the additional fields",
        "https://dev.pachca.com/api/custom-properties/list",
        "crates/pachca/tests/wire/properties.rs::the_fields_that_can_hold_a_value_are_one_unpaged_list",
    ),
    documented(
        "GET /users",
        "listing people and finding them by e-mail",
        "https://dev.pachca.com/api/users/list",
        "crates/pachca/tests/wire/users_read.rs::everybody_is_read_page_by_page_over_an_empty_one",
    ),
    documented(
        "POST /users",
        "making a record",
        "https://dev.pachca.com/api/users/create",
        "crates/pachca/tests/wire/users_write.rs::a_record_is_made_with_everything_in_one_request",
    ),
    documented(
        "GET /users/{id}",
        "reading one record",
        "https://dev.pachca.com/api/users/get",
        "crates/pachca/tests/wire/users_read.rs::a_removed_record_is_none_and_so_is_an_id_of_another_platform",
    ),
    documented(
        "PUT /users/{id}",
        "changing a record, its tags and its door",
        "https://dev.pachca.com/api/users/update",
        "crates/pachca/tests/wire/users_write.rs::a_change_sends_what_changes_and_never_the_door",
    ),
    documented(
        "DELETE /users/{id}",
        "removing a record",
        "https://dev.pachca.com/api/users/delete",
        "crates/pachca/tests/wire/users_write.rs::removing_somebody_already_gone_is_quiet",
    ),
    documented(
        "GET /users/{user_id}/status",
        "somebody's status",
        "https://dev.pachca.com/api/users/get-status",
        "crates/pachca/tests/wire/native_status.rs::a_status_is_shown_and_a_bare_null_is_none",
    ),
    documented(
        "PUT /users/{user_id}/status",
        "setting somebody's status",
        "https://dev.pachca.com/api/users/update-status",
        "crates/pachca/tests/wire/statuses.rs::a_status_is_put_with_its_emoji_and_its_title",
    ),
    documented(
        "DELETE /users/{user_id}/status",
        "clearing somebody's status",
        "https://dev.pachca.com/api/users/remove-status",
        "crates/pachca/tests/wire/statuses.rs::taking_a_status_is_quiet_and_repeats_safely",
    ),
    documented(
        "PUT /users/{user_id}/avatar",
        "setting somebody's picture",
        "https://dev.pachca.com/api/users/update-avatar",
        "crates/pachca/tests/wire/native_avatar.rs::a_picture_goes_out_as_the_file_that_was_shown",
    ),
    documented(
        "DELETE /users/{user_id}/avatar",
        "deleting somebody's picture",
        "https://dev.pachca.com/api/users/remove-avatar",
        "crates/pachca/tests/wire/native_avatar.rs::a_picture_is_deleted_and_known_by_its_address",
    ),
    documented(
        "GET /search/users",
        "searching people",
        "https://dev.pachca.com/api/search/list-users",
        "crates/pachca/tests/wire/native_users.rs::a_search_takes_every_filter_and_ends_at_its_total",
    ),
    documented(
        "GET /group_tags",
        "listing tags and finding them by name",
        "https://dev.pachca.com/api/group-tags/list",
        "crates/pachca/tests/wire/users_write.rs::tags_are_listed_and_made",
    ),
    documented(
        "POST /group_tags",
        "making a tag",
        "https://dev.pachca.com/api/group-tags/create",
        "crates/pachca/tests/wire/users_write.rs::tags_are_listed_and_made",
    ),
    documented(
        "GET /group_tags/{id}",
        "one tag",
        "https://dev.pachca.com/api/group-tags/get",
        "crates/pachca/tests/wire/native_tags.rs::a_tag_is_shown_by_id_and_by_name",
    ),
    documented(
        "PUT /group_tags/{id}",
        "renaming a tag",
        "https://dev.pachca.com/api/group-tags/update",
        "crates/pachca/tests/wire/native_tags.rs::a_tag_is_renamed_and_goes_back_to_its_old_name",
    ),
    documented(
        "DELETE /group_tags/{id}",
        "deleting a tag",
        "https://dev.pachca.com/api/group-tags/delete",
        "crates/pachca/tests/wire/native_tags.rs::a_tag_is_deleted_and_a_second_time_is_quiet",
    ),
    documented(
        "GET /group_tags/{id}/users",
        "all people of a tag",
        "https://dev.pachca.com/api/group-tags/list-users",
        "crates/pachca/tests/wire/native_tags.rs::a_name_is_looked_for_once_whatever_the_pages",
    ),
    documented(
        "GET /chats",
        "listing chats and finding them by name",
        "https://dev.pachca.com/api/chats/list",
        "crates/pachca/tests/wire/chats.rs::the_first_pages_come_together_then_the_rest_of_the_own_chats_and_of_the_open_ones",
    ),
    documented(
        "POST /chats",
        "making a chat",
        "https://dev.pachca.com/api/chats/create",
        "crates/pachca/tests/wire/native_chats.rs::a_chat_is_made_with_people_and_tags",
    ),
    documented(
        "GET /chats/{id}",
        "one chat",
        "https://dev.pachca.com/api/chats/get",
        "crates/pachca/tests/wire/native_chats.rs::a_chat_is_shown_by_its_name",
    ),
    documented(
        "PUT /chats/{id}",
        "renaming a chat",
        "https://dev.pachca.com/api/chats/update",
        "crates/pachca/tests/wire/native_chats.rs::many_chats_are_renamed_by_a_pattern",
    ),
    documented(
        "PUT /chats/{id}/archive",
        "archiving a chat",
        "https://dev.pachca.com/api/chats/archive",
        "crates/pachca/tests/wire/native_chats.rs::a_chat_goes_into_the_archive_and_out_of_it",
    ),
    documented(
        "PUT /chats/{id}/unarchive",
        "taking a chat out of the archive",
        "https://dev.pachca.com/api/chats/unarchive",
        "crates/pachca/tests/wire/native_chats.rs::a_chat_goes_into_the_archive_and_out_of_it",
    ),
    documented(
        "GET /search/chats",
        "searching chats",
        "https://dev.pachca.com/api/search/list-chats",
        "crates/pachca/tests/wire/native_chats.rs::a_search_takes_the_vendors_filters_and_its_largest_page",
    ),
    documented(
        "GET /chats/{id}/members",
        "who is in a chat",
        "https://dev.pachca.com/api/members/list",
        "crates/pachca/tests/wire/chats.rs::those_who_manage_a_chat_are_read_to_the_last_page_without_programs",
    ),
    documented(
        "POST /chats/{id}/members",
        "putting somebody into a chat",
        "https://dev.pachca.com/api/members/add",
        "crates/pachca/tests/wire/chats.rs::a_person_is_put_into_one_chat_silently",
    ),
    documented(
        "PUT /chats/{id}/members/{user_id}",
        "giving somebody a role in a chat",
        "https://dev.pachca.com/api/members/update",
        "crates/pachca/tests/wire/native_members.rs::a_role_is_found_out_given_and_taken_back",
    ),
    documented(
        "DELETE /chats/{id}/members/{user_id}",
        "taking somebody out of a chat",
        "https://dev.pachca.com/api/members/remove",
        "crates/pachca/tests/wire/chats.rs::taking_out_somebody_who_is_not_inside_is_quiet",
    ),
    documented(
        "POST /chats/{id}/group_tags",
        "tying a tag to a chat",
        "https://dev.pachca.com/api/members/add-group-tags",
        "crates/pachca/tests/wire/native_members.rs::tags_are_tied_to_a_chat_and_taken_off_one_by_one",
    ),
    documented(
        "DELETE /chats/{id}/group_tags/{tag_id}",
        "taking a tag off a chat",
        "https://dev.pachca.com/api/members/remove-group-tag",
        "crates/pachca/tests/wire/native_members.rs::tags_are_tied_to_a_chat_and_taken_off_one_by_one",
    ),
    documented(
        "GET /messages",
        "the messages of a chat",
        "https://dev.pachca.com/api/messages/list",
        "crates/pachca/tests/wire/messages.rs::a_message_is_found_in_the_chat_with_the_person",
    ),
    documented(
        "POST /messages",
        "writing to a person or a chat",
        "https://dev.pachca.com/api/messages/create",
        "crates/pachca/tests/wire/messages.rs::a_message_goes_to_the_person",
    ),
    documented(
        "GET /messages/{id}",
        "one message",
        "https://dev.pachca.com/api/messages/get",
        "crates/pachca/tests/wire/native_messages.rs::messages_are_listed_shown_and_searched",
    ),
    documented(
        "GET /search/messages",
        "searching messages",
        "https://dev.pachca.com/api/search/list-messages",
        "crates/pachca/tests/wire/native_messages.rs::messages_are_listed_shown_and_searched",
    ),
    documented(
        "GET /messages/{id}/reactions",
        "the reactions to a message",
        "https://dev.pachca.com/api/reactions/list",
        "crates/pachca/tests/wire/native_messages.rs::a_reaction_is_added_and_removed_by_its_sign",
    ),
    documented(
        "POST /messages/{id}/reactions",
        "reacting to a message",
        "https://dev.pachca.com/api/reactions/add",
        "crates/pachca/tests/wire/native_messages.rs::a_reaction_is_added_and_removed_by_its_sign",
    ),
    documented(
        "DELETE /messages/{id}/reactions",
        "taking a reaction back",
        "https://dev.pachca.com/api/reactions/remove",
        "crates/pachca/tests/wire/native_messages.rs::a_reaction_is_added_and_removed_by_its_sign",
    ),
];
