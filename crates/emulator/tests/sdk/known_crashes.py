"""Where the SDK breaks on a faithful answer, and that it does not with the answers made for it. The argument says which are served."""

import asyncio
import json
import sys

import httpx
from pachca.models import (
    ApiError,
    ListChatMessagesParams,
    MessageCreateRequest,
    MessageCreateRequestMessage,
    MessageEntityType,
)
from watched import client

# More than pass while the SDK goes on trying: four at once, then four a second for some four seconds. Not many more, because it
# never closes an answer that it tries again after, and has a hundred connections.
MANY = 30

# A machine that is very slow lets them all pass in time, so that it has to be tried again.
ROUNDS = 5


async def unset_status(sdk, faithful):
    """A status that nobody has set is the bare `null`, in which the SDK looks for `data`."""
    me = await sdk.profile.get_profile()
    for call in [sdk.profile.get_status, lambda: sdk.users.get_user_status(me.id)]:
        try:
            status = await call()
        except TypeError as crash:
            assert faithful, crash
        else:
            assert not faithful and status is None, status


async def haste(content):
    """Sends many messages to oneself at once; returns what was sent, and the exceptions of the rest."""
    sdk = client()
    me = await sdk.profile.get_profile()
    message = MessageCreateRequestMessage(entity_id=me.id, content=content, entity_type=MessageEntityType.USER)
    calls = [sdk.messages.create_message(MessageCreateRequest(message)) for _ in range(MANY)]
    ended = await asyncio.gather(*calls, return_exceptions=True)
    await sdk.close()
    # What a slow machine has no time for says nothing about the limit.
    refused = [end for end in ended if isinstance(end, Exception) and not isinstance(end, httpx.TimeoutException)]
    return [end for end in ended if not isinstance(end, Exception)], refused


async def frequency_limit(sdk, faithful):
    """A frequency limit is told in plain text, which the SDK reads as JSON once it has tried four times."""
    for turn in range(ROUNDS):
        sent, refused = await haste(f"turn {turn}")
        if refused:
            break
    assert refused and sent, "the limit was never met"
    for error in refused:
        if faithful:
            assert type(error) is json.JSONDecodeError, repr(error)
        else:
            assert type(error) is ApiError, repr(error)
            assert [item.code for item in error.errors] == ["rate_limit"], error
    # What was refused was not carried out.
    listed = await sdk.messages.list_chat_messages_all(ListChatMessagesParams(chat_id=sent[0].chat_id))
    kept = {one.id for one in listed if one.content == sent[0].content}
    assert {one.id for one in sent} <= kept and len(kept) + len(refused) <= MANY


async def main(faithful):
    sdk = client()
    await unset_status(sdk, faithful)
    await frequency_limit(sdk, faithful)
    await sdk.close()


asyncio.run(asyncio.wait_for(main({"faithful": True, "sdk-answers": False}[sys.argv[1]]), 120))
