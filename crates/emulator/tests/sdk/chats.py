"""Tags, and chats with their members."""

import asyncio
from datetime import datetime, timezone

from pachca.models import (
    AddMembersRequest,
    ChatActivity,
    ChatAvailability,
    ChatCreateRequest,
    ChatCreateRequestChat,
    ChatMemberRole,
    ChatMemberRoleFilter,
    ChatSortField,
    ChatSubtype,
    ChatUpdateRequest,
    ChatUpdateRequestChat,
    ExportRequest,
    GetTagUsersParams,
    GroupTagRequest,
    GroupTagRequestGroupTag,
    ListChatsParams,
    ListCompanyChatsParams,
    ListMembersParams,
    ListTagsParams,
    MarkChatUnreadRequest,
    SearchChatsParams,
    SortOrder,
    UserUpdateRequest,
    UserUpdateRequestUser,
)
from watched import only, refused, seed


def named(name):
    return GroupTagRequest(GroupTagRequestGroupTag(name=name))


async def tags(sdk, made):
    """A tag is made, renamed, given, and deleted."""
    tag = await sdk.group_tags.create_tag(named("Наставники"))
    assert (tag.name, tag.users_count) == ("Наставники", 0)
    assert (await refused(sdk.group_tags.create_tag(named("НАСТАВНИКИ")), "already_exists")).key == "name"
    tag = await sdk.group_tags.update_tag(tag.id, named("Кураторы"))
    assert await sdk.group_tags.get_tag(tag.id) == tag and tag.name == "Кураторы"

    every = await sdk.group_tags.list_tags_all(ListTagsParams(limit=2))
    assert [known.id for known in every] == sorted(known.id for known in every) and len(every) > 4
    names = ListTagsParams(names=["кураторы", "Разработка", "Нет такого"])
    assert {known.name for known in (await sdk.group_tags.list_tags(names)).data} == {"Кураторы", "Разработка"}

    wish = UserUpdateRequest(UserUpdateRequestUser(list_tags=["Кураторы"]))
    assert (await sdk.users.update_user(made.id, wish)).list_tags == ["Кураторы"]
    assert (await sdk.group_tags.get_tag(tag.id)).users_count == 1
    assert only((await sdk.group_tags.get_tag_users(tag.id)).data).id == made.id
    big = max(every, key=lambda known: known.users_count)
    whole = await sdk.group_tags.get_tag_users_all(big.id, GetTagUsersParams(limit=4))
    # The list has the suspended ones, the count has not.
    assert sum(not user.suspended for user in whole) == big.users_count > 4
    assert all(big.name in user.list_tags for user in whole)
    return tag


async def life(sdk, made, tag):
    """A chat is made, renamed, archived and brought back."""
    wish = ChatCreateRequestChat(name="Стажёры", member_ids=[made.id, 1], group_tag_ids=[tag.id], public=True)
    answer = await sdk.chats.create_chat(ChatCreateRequest(wish))
    assert answer.meta.not_found_member_ids == [1]
    chat = answer.data
    me = (await sdk.profile.get_profile()).id
    assert (chat.name, chat.owner_id, chat.public, chat.channel) == ("Стажёры", me, True, False)
    assert sorted(chat.member_ids) == sorted([me, made.id]) and chat.group_tag_ids == [tag.id]
    empty = ChatCreateRequest(ChatCreateRequestChat(name=" "))
    assert (await refused(sdk.chats.create_chat(empty), "blank")).key == "name"

    change = ChatUpdateRequest(ChatUpdateRequestChat(name="Практиканты", public=False))
    chat = await sdk.chats.update_chat(chat.id, change)
    assert (chat.name, chat.public) == ("Практиканты", False)
    assert await sdk.chats.get_chat(chat.id) == chat
    await sdk.chats.archive_chat(chat.id)
    assert (await refused(sdk.chats.archive_chat(chat.id), "not_authorized")).payload["record"]["id"] == chat.id
    archived = await sdk.chats.get_chat(chat.id)
    assert archived.archived and archived.group_tag_ids == [] and made.id in archived.member_ids
    await sdk.chats.unarchive_chat(chat.id)
    assert not (await sdk.chats.get_chat(chat.id)).archived
    return chat


async def lists(sdk, chat):
    """Chats are listed with every filter, and searched."""
    own = await sdk.chats.list_chats_all(ListChatsParams(limit=2))
    ids = [known.id for known in own]
    assert ids == sorted(ids, reverse=True) and ids[0] == chat.id and len(ids) > 4
    rising = ListChatsParams(sort=ChatSortField.ID, order=SortOrder.ASC, archived=False, personal=False)
    assert [known.id for known in (await sdk.chats.list_chats(rising)).data] == ids[::-1]
    opened = ListChatsParams(availability=ChatAvailability.PUBLIC, archived=True)
    assert all(known.public for known in await sdk.chats.list_chats_all(opened))
    since = ListChatsParams(
        sort=ChatSortField.LAST_MESSAGE_AT,
        last_message_at_after=datetime(2020, 1, 1, tzinfo=timezone.utc),
        last_message_at_before=datetime(2020, 1, 2, tzinfo=timezone.utc),
    )
    assert (await sdk.chats.list_chats(since)).data == []

    hit = await sdk.search.search_chats(SearchChatsParams(query="практиканты"))
    assert only(hit.data).id == chat.id and hit.meta.total == 1
    params = SearchChatsParams(
        limit=3,
        order=SortOrder.ASC,
        active=True,
        personal=False,
        chat_subtype=ChatSubtype.DISCUSSION,
        created_from=datetime(2020, 1, 1, tzinfo=timezone.utc),
        created_to=datetime(2040, 1, 1, tzinfo=timezone.utc),
    )
    found = [known.id for known in await sdk.search.search_chats_all(params)]
    assert found == sorted(found) and set(ids) <= set(found)


async def members(sdk, made, chat, tag):
    """People come, get a role, and go; so do tags with their people."""
    service = sdk.members

    async def inside(role=None):
        return [user.id for user in await service.list_members_all(chat.id, ListMembersParams(role=role, limit=1))]

    me = (await sdk.profile.get_profile()).id
    assert sorted(await inside()) == sorted([me, made.id])
    assert await inside(ChatMemberRoleFilter.OWNER) == [me]
    await service.update_member_role(chat.id, made.id, ChatMemberRole.MEMBER)
    await refused(service.update_member_role(chat.id, made.id, ChatMemberRole.MEMBER), "already_assigned")
    await refused(service.update_member_role(chat.id, made.id, ChatMemberRole.EDITOR), "not_applicable")
    assert await inside(ChatMemberRoleFilter.MEMBER) == [made.id]
    await service.update_member_role(chat.id, made.id, ChatMemberRole.ADMIN)
    assert await inside(ChatMemberRoleFilter.ADMIN) == [made.id]

    await service.remove_member(chat.id, made.id)
    assert await inside() == [me]
    await refused(service.remove_member(chat.id, made.id), "not_found")
    await refused(service.remove_member(chat.id, me), "cannot_kick_owner")
    await refused(service.add_members(chat.id, AddMembersRequest([made.id, 1])), "not_found")
    assert await inside() == [me]
    await service.add_members(chat.id, AddMembersRequest([made.id], silent=True))
    await service.add_members(chat.id, AddMembersRequest([made.id]))
    assert made.id in [user.id for user in (await service.list_members(chat.id)).data]
    await service.remove_member(chat.id, made.id)

    await service.add_tags(chat.id, [tag.id])
    await refused(service.add_tags(chat.id, [1]), "not_found")
    assert made.id in await inside()
    # Whom a tag holds stays, although the answer says otherwise.
    await service.remove_member(chat.id, made.id)
    assert made.id in await inside()
    await service.remove_tag(chat.id, tag.id)
    await refused(service.remove_tag(chat.id, tag.id), "not_found")
    await asyncio.sleep(0.4)
    assert await inside() == [me]
    await service.add_tags(chat.id, [tag.id])
    await sdk.group_tags.delete_tag(tag.id)
    await refused(sdk.group_tags.get_tag(tag.id), "not_found")
    # Nobody leaves a chat because its tag is gone.
    assert made.id in await inside()

    await service.leave_chat(chat.id)
    await refused(service.leave_chat(chat.id), "not_authorized")
    await refused(service.list_members(chat.id), "not_authorized")


async def unplayed(sdk, chat):
    """What the emulator does not play is refused in a form that the SDK reads."""
    await refused(sdk.chats.mark_chat_unread(chat.id, MarkChatUnreadRequest()), "not_found")
    await refused(sdk.chats.update_chat_avatar(chat.id, b"x"), "not_found")
    await refused(sdk.chats.delete_chat_avatar(chat.id), "not_found")


async def company(sdk):
    """What an administrator's token may not, the owner's may."""
    export = ExportRequest(start_at="2026-11-01", end_at="2026-11-02")
    for call in [
        sdk.chats.list_company_chats(),
        sdk.chats.list_company_chats_all(),
        sdk.chats.request_export(export),
        sdk.common.request_export(export),
        sdk.chats.download_export(1),
        sdk.common.download_export(1),
    ]:
        await refused(call, "insufficient_scope")
    scopes = (await sdk.oauth.get_token_info()).scopes
    await seed(owner="svc@example.test", scopes=["company_chats:read", "chat_exports:read", "chat_exports:write"])
    every = await sdk.chats.list_company_chats_all(ListCompanyChatsParams(limit=3))
    archived = await sdk.chats.list_company_chats(ListCompanyChatsParams(activity=ChatActivity.ARCHIVED))
    assert len(every) > 3 and not any(chat.personal for chat in every)
    assert [chat.id for chat in archived.data] == [chat.id for chat in every if chat.archived]
    first, second = await sdk.chats.request_export(export), await sdk.common.request_export(export)
    assert second.id == first.id + 1
    assert (await sdk.chats.download_export(first.id)).startswith("https://")
    assert (await sdk.common.download_export(second.id)).startswith("https://")
    await refused(sdk.chats.download_export(second.id + 1), "export_file_not_found")
    await seed(owner="ceo@example.test", scopes=scopes)


async def play(sdk, made):
    """All that concerns tags and chats."""
    tag = await tags(sdk, made)
    chat = await life(sdk, made, tag)
    await lists(sdk, chat)
    await members(sdk, made, chat, tag)
    await unplayed(sdk, chat)
    await company(sdk)
