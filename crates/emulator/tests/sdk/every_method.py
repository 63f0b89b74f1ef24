"""Calls every method of the SDK that concerns people, tags, chats and messages, and checks what comes back."""

import asyncio

import chats
import people
import writing
from watched import Watched, client

SERVICES = [
    "users",
    "profile",
    "custom_properties",
    "group_tags",
    "chats",
    "members",
    "messages",
    "link_previews",
    "reactions",
    "read_members",
    "threads",
    "search",
]

# Of these only some methods concern people; the others are about tokens and files.
OTHERS = ["common", "oauth"]


class Sdk:
    """The client, each service of which is under watch."""

    def __init__(self, plain):
        for name in SERVICES + OTHERS:
            setattr(self, name, Watched(name, getattr(plain, name)))


async def main():
    plain = client()
    sdk = Sdk(plain)
    made = await people.play(sdk)
    await chats.play(sdk, made)
    await writing.play(sdk, made)
    await people.removed(sdk, made)
    await plain.close()
    uncalled = [method for name in SERVICES for method in getattr(sdk, name).uncalled()]
    assert uncalled == [], f"nobody has called {uncalled}"


asyncio.run(asyncio.wait_for(main(), 120))
