"""``files.*``: the two-step upload. ``files.upload`` is gone and says so."""

from __future__ import annotations

from typing import Any

from ..api import Call, Method
from ..content import fill
from ..errors import Refused, broken
from ..model import Channel, File, Json, Message
from .chat import check_writable, content_of


def _upload_url(call: Call) -> Json:
    filename, length = call.need("filename", "length")
    if not str(length).isdigit() or int(length) == 0:
        raise broken("invalid_arguments", "[ERROR] must be a positive integer [json-pointer:/length]")
    workspace = call.workspaces[0]
    file = File(
        call.server.new_id("F"),
        str(filename),
        int(length),
        alt_text=str(call.args.get("alt_txt") or ""),
    )
    file.url_private = f"{call.server.base_url}/files/{workspace.id}/{file.id}"
    workspace.files[file.id] = file
    return {
        "upload_url": f"{call.server.base_url}/upload/v1/{workspace.id}/{file.id}",
        "file_id": file.id,
    }


def _finished(call: Call, given: Any) -> list[File]:
    if not isinstance(given, list) or not given or not all(isinstance(f, dict) and "id" in f for f in given):
        raise broken("invalid_arguments", "[ERROR] must be a list of {id, title} [json-pointer:/files]")
    found = []
    for entry in given:
        file = _find(call, str(entry["id"]))
        if file.content is None:
            raise broken("file_not_found", "[ERROR] nothing was uploaded to its upload_url")
        if file.completed:
            raise broken("file_upload_already_completed")
        file.title = str(entry.get("title") or file.name)
        found.append(file)
    return found


def _find(call: Call, file_id: str) -> File:
    for workspace in call.workspaces:
        if file_id in workspace.files:
            return workspace.files[file_id]
    raise Refused("file_not_found")


def _complete(call: Call) -> Json:
    files = _finished(call, call.decoded("files"))
    given = call.args.get("channels") or call.args.get("channel_id") or ""
    channels = [call.channel(name.strip()) for name in str(given).split(",") if name.strip()]
    for channel in channels:
        check_writable(call, channel)
    for file in files:
        file.completed = True
        file.shared_in = [channel.id for channel in channels]
    for channel in channels:
        _share(call, channel, files)
    return {"files": [file.payload() for file in files]}


def _share(call: Call, channel: Channel, files: list[File]) -> None:
    server, workspace = call.server, channel.workspace
    comment = call.args.get("initial_comment")
    call.args.setdefault("text", comment)
    message = Message(
        channel,
        server.new_ts(),
        workspace.bot_user_id,
        bot_id=workspace.bot_id,
        app_id=server.app_id,
        via="files.completeUploadExternal",
        at=server.clock(),
        files=files,
        thread_ts=call.args.get("thread_ts") or None,
    )
    server.keep(fill(message, content_of(call, needs_body=False)))


def _info(call: Call) -> Json:
    (file_id,) = call.need("file")
    return {"file": _find(call, str(file_id)).payload()}


def _delete(call: Call) -> Json:
    (file_id,) = call.need("file")
    file = _find(call, str(file_id))
    for workspace in call.workspaces:
        workspace.files.pop(file.id, None)
        for channel in workspace.channels.values():
            for message in channel.history:
                message.files = [f for f in message.files if f is not file]
    call.server.changes.notify()
    return {}


def _gone(call: Call) -> Json:
    raise broken("method_deprecated")


METHODS = {
    "files.getUploadURLExternal": Method(_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(_complete, ("files:write",)),
    "files.info": Method(_info, ("files:read",)),
    "files.delete": Method(_delete, ("files:write",)),
    "files.upload": Method(_gone, ("files:write",)),
}
