"""The keyed write on the profile of a connected account."""

from __future__ import annotations

from starlette.responses import Response

from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import SMALL_WRITE
from bot.sandbox.writing import Intent, body_of, invalid, write

_LONGEST = {"name": 50, "description": 160, "location": 30, "url": 100}


async def update(call: ApiCall) -> Response:
    body = body_of(call, ["account", *_LONGEST])
    given = {name: value for name, value in body.items() if name != "account"}
    if not given:
        raise invalid("invalid_input", "Send name, description, location or url.")
    for name, value in given.items():
        if not isinstance(value, str):
            raise invalid("invalid_input", f"{name} must be text.")
        if len(value.encode("utf-16-le")) // 2 > _LONGEST[name]:
            raise invalid("invalid_input", f"{name} may have {_LONGEST[name]} characters.")
    if given.get("name") == "":
        raise invalid("invalid_input", "name must have 1 to 50 characters.")
    return await write(call, body.get("account"), Intent("update_profile", given, SMALL_WRITE))


OPERATIONS = (Operation("updateProfile", "PATCH", "/x/profile", update, "writes"),)
