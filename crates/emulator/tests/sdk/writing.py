"""Messages with their reactions and threads."""

from datetime import datetime, timezone

from pachca.models import (
    Button,
    LinkPreview,
    LinkPreviewsRequest,
    ListChatMessagesParams,
    ListChatsParams,
    ListReactionsParams,
    ListReadMembersParams,
    ListThreadsParams,
    MessageCreateRequest,
    MessageCreateRequestMessage,
    MessageEntityType,
    MessageSearchSort,
    MessageSortField,
    MessageUpdateRequest,
    MessageUpdateRequestMessage,
    ReactionRequest,
    RemoveReactionParams,
    SearchMessagesParams,
    SortOrder,
)
from watched import only, refused


def say(sdk, entity_id, content, **fields):
    message = MessageCreateRequestMessage(entity_id=entity_id, content=content, **fields)
    return sdk.messages.create_message(MessageCreateRequest(message))


async def direct(sdk, made):
    """Messages to a person are in the one chat with them."""
    first = await say(sdk, made.id, "Добро пожаловать", entity_type=MessageEntityType.USER)
    assert (first.entity_type, first.entity_id) == (MessageEntityType.USER, made.id)
    assert first.user_id == (await sdk.profile.get_profile()).id
    assert first.root_chat_id == first.chat_id and first.files == [] and first.buttons is None
    second = await say(sdk, made.id, "Ещё раз", entity_type=MessageEntityType.USER)
    assert second.chat_id == first.chat_id
    chat = only((await sdk.chats.list_chats(ListChatsParams(personal=True))).data)
    assert chat.id == first.chat_id and chat.last_message_at == second.created_at
    assert await sdk.messages.get_message(first.id) == first
    return first


async def messages(sdk):
    """Messages of a chat are written, answered, listed, edited, pinned and deleted."""
    chats = await sdk.chats.list_chats_all()
    chat = only([known for known in chats if known.name == "Общий"])
    buttons = [[Button(text="Да", url="https://example.test"), Button(text="Нет", data="no")]]
    first = await say(sdk, chat.id, "Собрание", buttons=buttons)
    assert (first.entity_type, first.entity_id) == (MessageEntityType.DISCUSSION, chat.id)
    assert first.buttons == buttons and first.changed_at is None and first.deleted_at is None
    reply = await say(sdk, chat.id, "В пять", parent_message_id=first.id)
    assert reply.parent_message_id == first.id
    third = await say(sdk, chat.id, "В шесть собрание")
    assert (await refused(say(sdk, chat.id, " "), "blank")).key == "content"
    await refused(say(sdk, 1, "x"), "not_found")

    pages = ListChatMessagesParams(chat_id=chat.id, limit=1)
    listed = await sdk.messages.list_chat_messages_all(pages)
    assert [message.id for message in listed] == [third.id, reply.id, first.id]
    rising = ListChatMessagesParams(chat_id=chat.id, sort=MessageSortField.ID, order=SortOrder.ASC)
    assert [message.id for message in (await sdk.messages.list_chat_messages(rising)).data] == [first.id, reply.id, third.id]

    wish = MessageUpdateRequest(MessageUpdateRequestMessage(content="Собрание в пять", buttons=[]))
    changed = await sdk.messages.update_message(first.id, wish)
    assert (changed.content, changed.buttons) == ("Собрание в пять", []) and changed.changed_at
    await sdk.messages.pin_message(first.id)
    await sdk.messages.unpin_message(first.id)
    await refused(sdk.messages.unpin_message(first.id), "not_found")
    preview = LinkPreviewsRequest({"https://example.test": LinkPreview(title="Ссылка", description="Куда-то")})
    # Only bots that were made for it give previews.
    await refused(sdk.messages.unfurl(first.id, preview), "not_authorized")
    await refused(sdk.link_previews.create_link_previews(first.id, preview), "not_authorized")

    hit = await sdk.search.search_messages(SearchMessagesParams(query="собрание", chat_ids=[chat.id]))
    assert [message.id for message in hit.data] == [third.id, first.id] and hit.meta.total == 2
    params = SearchMessagesParams(
        query="собрание",
        limit=1,
        sort=MessageSearchSort.CREATED_AT,
        order=SortOrder.ASC,
        user_ids=[first.user_id],
        active=True,
        created_from=datetime(2020, 1, 1, tzinfo=timezone.utc),
        created_to=datetime(2040, 1, 1, tzinfo=timezone.utc),
    )
    assert [message.id for message in await sdk.search.search_messages_all(params)] == [first.id, third.id]

    await sdk.messages.delete_message(third.id)
    await sdk.messages.delete_message(third.id)
    gone = await sdk.messages.get_message(third.id)
    assert gone.content == "" and gone.deleted_at
    left = await sdk.messages.list_chat_messages(ListChatMessagesParams(chat_id=chat.id))
    assert [message.id for message in left.data] == [reply.id, first.id]
    return first


async def reactions(sdk, message):
    """Reactions are put once, listed, and taken back."""
    service = sdk.reactions
    thumb = await service.add_reaction(message.id, ReactionRequest(code="👍", name=":+1:"))
    assert (thumb.code, thumb.name) == ("👍", ":+1:") and thumb.user_id == message.user_id
    assert await service.add_reaction(message.id, ReactionRequest(code="👍", name=":+1:")) == thumb
    await service.add_reaction(message.id, ReactionRequest(code="🎉"))
    await refused(service.add_reaction(message.id, ReactionRequest(code=":+1:")), "invalid")
    listed = await service.list_reactions(message.id)
    assert [reaction.code for reaction in listed.data] == ["👍", "🎉"]
    assert listed.data == await service.list_reactions_all(message.id, ListReactionsParams(limit=1))
    await service.remove_reaction(message.id, RemoveReactionParams(code="👍", name=":+1:"))
    await refused(service.remove_reaction(message.id, RemoveReactionParams(code="👍")), "not_found")
    assert [reaction.code for reaction in await service.list_reactions_all(message.id)] == ["🎉"]
    # Nobody but its author has written or reacted since. The SDK gives this one as it comes.
    readers = await sdk.read_members.list_read_members(message.id, ListReadMembersParams(limit=300))
    assert readers["data"] == [] and readers["meta"]["paginate"]["has_next"] is False


async def threads(sdk, message):
    """Threads are started on a message or alone, commented in, and listed."""
    thread = await sdk.threads.create_thread(message.id)
    assert (thread.message_id, thread.message_chat_id) == (message.id, message.chat_id)
    assert await sdk.threads.create_thread(message.id) == thread
    comment = await say(sdk, thread.id, "Буду", entity_type=MessageEntityType.THREAD)
    assert (comment.entity_type, comment.entity_id) == (MessageEntityType.THREAD, thread.id)
    assert (comment.chat_id, comment.root_chat_id) == (thread.chat_id, message.chat_id)
    shown = await sdk.messages.get_message(message.id)
    assert (shown.thread.id, shown.thread.chat_id) == (thread.id, thread.chat_id)
    assert (await sdk.threads.get_thread(thread.id)).updated_at == comment.created_at
    inner = await sdk.messages.list_chat_messages_all(ListChatMessagesParams(chat_id=thread.chat_id))
    assert only(inner).id == comment.id
    alone = await sdk.threads.create_standalone_thread()
    assert alone.message_id is None and alone.message_chat_id is None
    assert {known.id for known in await sdk.threads.list_threads_all(ListThreadsParams(limit=1))} == {thread.id, alone.id}
    never = ListThreadsParams(last_message_at_before=datetime(2020, 1, 1, tzinfo=timezone.utc))
    assert (await sdk.threads.list_threads(never)).data == []


async def play(sdk, made):
    """All that concerns messages."""
    await direct(sdk, made)
    message = await messages(sdk)
    await reactions(sdk, message)
    await threads(sdk, message)
