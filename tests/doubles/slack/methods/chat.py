"""``chat.*``: messages, ephemerals, changes, deletions, unfurls."""

from __future__ import annotations

from ..api import Call, Method
from ..content import Content, change, fill, read_content
from ..errors import Refused, broken
from ..faults import limit_channel
from ..model import Channel, Json, Message


def content_of(call: Call, *, needs_body: bool = True) -> Content:
    structured = ("blocks", "attachments", "metadata")

    def get(name: str) -> object:
        return call.decoded(name) if name in structured else call.args.get(name)

    return read_content(call.server, call.method, get, needs_body=needs_body)


def check_writable(call: Call, channel: Channel) -> None:
    """Whether the bot may post here now."""
    assert call.grant is not None
    if channel.archived:
        raise Refused("is_archived")
    if channel.private and not channel.member:
        raise Refused("channel_not_found")
    if not channel.member and not channel.is_dm and "chat:write.public" not in call.grant.scopes:
        raise Refused("not_in_channel")
    if channel.read_only:
        raise Refused("restricted_action_read_only_channel")


def _post(call: Call) -> Json:
    (where,) = call.need("channel")
    channel = call.channel(str(where), names=True)
    check_writable(call, channel)
    content = content_of(call)
    thread_ts = call.args.get("thread_ts") or None
    _check_thread(call, channel, thread_ts)
    client_msg_id = call.args.get("client_msg_id") or None
    server = call.server
    if client_msg_id and server.dedupe_client_msg_id:
        earlier = next((m for m in channel.messages if m.client_msg_id == client_msg_id), None)
        if earlier is not None:
            return {"channel": channel.id, "ts": earlier.ts, "message": earlier.payload(metadata=True)}
    limit_channel(channel, server.clock(), server.channel_rate)
    message = fill(_from_bot(call, channel, "chat.postMessage"), content)
    message.thread_ts = str(thread_ts) if thread_ts else None
    message.reply_broadcast = call.flag("reply_broadcast")
    message.client_msg_id = client_msg_id
    message.emphasised = "mrkdwn" not in call.args or call.flag("mrkdwn")
    message.unfurl_links = call.flag("unfurl_links")
    message.notified = tuple(message.pings)
    server.keep(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.payload(metadata=True)}


def _check_thread(call: Call, channel: Channel, thread_ts: object) -> None:
    """Slack posts into a thread that never was, or under a reply; both are mistakes of the sender."""
    if thread_ts is None:
        return
    parent = next((m for m in channel.history if m.ts == thread_ts), None)
    if parent is None:
        call.server.violation("unknown_thread", call.method, str(thread_ts))
    elif parent.thread_ts not in (None, parent.ts):
        call.server.violation("thread_ts_of_a_reply", call.method, str(thread_ts))


def _from_bot(call: Call, channel: Channel, via: str) -> Message:
    workspace, server = channel.workspace, call.server
    return Message(
        channel,
        server.new_ts(),
        workspace.bot_user_id,
        bot_id=workspace.bot_id,
        app_id=server.app_id,
        via=via,
        at=server.clock(),
    )


def _ephemeral(call: Call) -> Json:
    where, reader = call.need("channel", "user")
    channel = call.channel(str(where))
    if channel.archived:
        raise Refused("is_archived")
    if not channel.member and not channel.is_dm:
        raise Refused("channel_not_found" if channel.private else "not_in_channel")
    user = call.user(str(reader))
    if channel.members and user.id not in channel.members:
        raise Refused("user_not_in_channel")
    message = fill(_from_bot(call, channel, "chat.postEphemeral"), content_of(call))
    message.ephemeral_to = user.id
    message.thread_ts = call.args.get("thread_ts") or None
    call.server.keep(message)
    return {"message_ts": message.ts}


def _own(call: Call, refusal: str) -> Message:
    where, ts = call.need("channel", "ts")
    channel = call.visible_channel(str(where))
    message = channel.message(str(ts))
    if message is None:
        raise Refused("message_not_found")
    if message.bot_id != channel.workspace.bot_id:
        raise broken(refusal)
    return message


def _update(call: Call) -> Json:
    message = _own(call, "cant_update_message")
    if message.channel.archived:
        raise Refused("is_inactive")
    content = content_of(call, needs_body="metadata" not in call.args and "blocks" not in call.args)
    change(message, content, call.server.clock())
    call.server.changes.notify()
    body = message.payload(metadata=True)
    return {"channel": message.channel.id, "ts": message.ts, "text": message.text, "message": body}


def _delete(call: Call) -> Json:
    message = _own(call, "cant_delete_message")
    message.deleted = True
    call.server.changes.notify()
    return {"channel": message.channel.id, "ts": message.ts}


def _unfurl(call: Call) -> Json:
    unfurls = call.decoded("unfurls")
    if not isinstance(unfurls, dict):
        raise broken("cannot_parse_attachment" if unfurls else "missing_unfurls")
    for unfurl in unfurls.values():
        read_content(call.server, call.method, {"text": "unfurl", **unfurl}.get)
    if call.args.get("unfurl_id"):
        return {}
    where, ts = call.need("channel", "ts")
    message = call.visible_channel(str(where)).message(str(ts))
    if message is None:
        raise Refused("cannot_find_message")
    message.unfurls = unfurls
    call.server.changes.notify()
    return {}


def _permalink(call: Call) -> Json:
    where, ts = call.need("channel", "message_ts")
    channel = call.visible_channel(str(where))
    if channel.message(str(ts)) is None:
        raise Refused("message_not_found")
    path = f"archives/{channel.id}/p{str(ts).replace('.', '')}"
    return {"channel": channel.id, "permalink": f"https://{channel.workspace.domain}.slack.com/{path}"}


_WRITE = ("chat:write",)

METHODS = {
    "chat.postMessage": Method(_post, _WRITE),
    "chat.postEphemeral": Method(_ephemeral, _WRITE),
    "chat.update": Method(_update, _WRITE),
    "chat.delete": Method(_delete, _WRITE),
    "chat.unfurl": Method(_unfurl, ("links:write",)),
    "chat.getPermalink": Method(_permalink),
}
