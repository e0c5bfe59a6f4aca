"""The keyed writes on the profile of a connected account."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

from starlette.datastructures import UploadFile
from starlette.responses import Response

from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import SMALL_WRITE
from bot.sandbox.writing import Intent, body_of, invalid, write

_PICTURES = {"image/jpeg", "image/png", "image/gif"}
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


def _picture(action: str, most: int) -> Callable[[ApiCall], Awaitable[Response]]:
    """A handler for a new avatar or banner: a file (multipart), or a URL (JSON), which is never fetched."""

    async def handler(call: ApiCall) -> Response:
        if call.request.headers.get("content-type", "").startswith("multipart/form-data"):
            async with call.request.form() as form:
                file, account = form.get("file"), form.get("account")
                if not isinstance(file, UploadFile):
                    raise invalid("invalid_input", "file is required.")
                content = await file.read()
            if file.content_type not in _PICTURES or not content:
                raise invalid("invalid_input", "Send a JPEG, PNG or GIF file.")
            if len(content) > most:
                raise invalid("media_too_large", f"The picture may have {most} bytes.", 413)
            payload = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            return await write(call, account, Intent(action, payload, SMALL_WRITE))
        body = body_of(call, ["account", "url"])
        url = body.get("url")
        if not isinstance(url, str) or not url.startswith("https://"):
            raise invalid("missing_url", "Send an HTTPS url, or a file as multipart form data.")
        payload = {"url": url, "sha256": hashlib.sha256(url.encode()).hexdigest()}
        return await write(call, body.get("account"), Intent(action, payload, SMALL_WRITE))

    return handler


OPERATIONS = (
    Operation("updateProfile", "PATCH", "/x/profile", update, "writes"),
    Operation("updateAvatar", "PATCH", "/x/profile/avatar", _picture("update_avatar", 700_000), "writes"),
    Operation("updateBanner", "PATCH", "/x/profile/banner", _picture("update_banner", 2_000_000), "writes"),
)
