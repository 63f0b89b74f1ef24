"""The SDK under watch: which of its methods were called, and whether what they return is what they declare."""

import dataclasses
import os
import types
import typing
from datetime import datetime
from enum import Enum

import httpx
from pachca.client import PachcaClient
from pachca.models import ApiError, OAuthError


def client():
    """The SDK's client as anybody makes it, for the emulator that the environment names."""
    return PachcaClient(os.environ["PACHCA_TOKEN"], os.environ["PACHCA_URL"])


def well_typed(value, hint, at):
    """Demands that a value is of the type that the SDK declares for it, all the way down. The SDK itself does not look."""
    if hint is typing.Any or hint is object:
        return
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        arms = typing.get_args(hint)
        if value is None:
            assert type(None) in arms, f"{at} is None"
            return
        arms = [arm for arm in arms if arm is not type(None)]
        assert len(arms) == 1, f"{at}: {hint}"
        well_typed(value, arms[0], at)
    elif origin is list:
        assert type(value) is list, f"{at}: {value!r} is no list"
        for index, item in enumerate(value):
            well_typed(item, typing.get_args(hint)[0], f"{at}[{index}]")
    elif dataclasses.is_dataclass(hint):
        assert type(value) is hint, f"{at}: {value!r} is no {hint.__name__}"
        for name, inner in typing.get_type_hints(hint).items():
            well_typed(getattr(value, name), inner, f"{at}.{name}")
    elif hint is datetime:
        assert type(value) is datetime and value.tzinfo is not None, f"{at}: {value!r} is no moment"
    elif isinstance(hint, type) and issubclass(hint, Enum):
        assert isinstance(value, hint), f"{at}: {value!r} is no {hint.__name__}"
        assert getattr(value, "is_known", True), f"{at}: {value!r} is unknown"
    elif hint is None or hint is type(None):
        assert value is None, f"{at}: {value!r}"
    else:
        assert type(value) is hint, f"{at}: {value!r} is no {hint}"


class Watched:
    """One service of the client."""

    def __init__(self, name, service):
        self._name = name
        self._service = service
        self._called = set()

    def __getattr__(self, method):
        call = getattr(self._service, method)
        declared = typing.get_type_hints(call)["return"]

        async def watched(*arguments, **named):
            self._called.add(method)
            result = await call(*arguments, **named)
            well_typed(result, declared, f"{self._name}.{method}")
            return result

        return watched

    def uncalled(self):
        """The methods of the service that nobody has called yet."""
        every = {name for name in dir(type(self._service)) if not name.startswith("_")}
        return sorted(f"{self._name}.{name}" for name in every - self._called)


async def seed(**records):
    """Puts records into the emulated messenger from outside, as no client can."""
    async with httpx.AsyncClient() as outside:
        address = os.environ["PACHCA_URL"].split("/pachca/")[0]
        answer = await outside.post(f"{address}/_emulator/seed", json={"pachca": records})
        assert answer.status_code == 204, answer.text


async def refused(call, code):
    """Demands that the platform refuses a call with this code, in a form that the SDK reads."""
    try:
        result = await call
    except ApiError as error:
        codes = [item.code for item in error.errors]
        assert codes == [code], f"{codes} instead of {code}"
        for item in error.errors:
            assert item.code.is_known and item.key and item.message
        return error.errors[0]
    except OAuthError as error:
        assert error.error == code and error.error_description, f"{error.error} instead of {code}"
        return error
    raise AssertionError(f"{code} was expected, not {result!r}")


def only(items):
    """The only one of a list."""
    assert len(items) == 1, items
    return items[0]
