"""``conversations.*``: finding channels, opening direct messages, reading what was said."""

from __future__ import annotations

from ..api import Call, Method
from ..errors import Refused, broken
from ..model import Channel, Json


def _need_scope(call: Call, channel: Channel, action: str) -> None:
    """The scope that reading this kind of conversation takes."""
    assert call.grant is not None
    kind = "groups" if channel.private else "channels"
    if channel.is_dm:
        kind = "im" if len(channel.dm_with) == 1 else "mpim"
    needed = f"{kind}:{action}"
    if needed not in call.grant.scopes:
        extra = {"needed": needed, "provided": ",".join(sorted(call.grant.scopes))}
        raise Refused("missing_scope", rule_broken=True, extra=extra)


def _open(call: Call) -> Json:
    if call.args.get("channel"):
        return {"channel": {"id": call.channel(str(call.args["channel"])).id}}
    (value,) = call.need("users")
    names = value if isinstance(value, list) else str(value).split(",")
    users = [call.user(name.strip()) for name in names]
    if any(user.is_bot for user in users):
        raise Refused("cannot_dm_bot")
    if any(user.deleted for user in users):
        raise Refused("user_disabled")
    channel = users[0].workspace.open_dm(users)
    body = channel.payload() if call.flag("return_im") else {"id": channel.id}
    return {"channel": body, "no_op": False, "already_open": bool(channel.history)}


def _info(call: Call) -> Json:
    (where,) = call.need("channel")
    channel = call.visible_channel(str(where))
    _need_scope(call, channel, "read")
    body = channel.payload()
    if call.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


def _page(call: Call, items: list[Json], default: int) -> tuple[list[Json], Json]:
    """One page and its ``response_metadata``; the cursor is an index."""
    cursor, limit = str(call.args.get("cursor") or 0), str(call.args.get("limit") or default)
    if not cursor.isdigit():
        raise broken("invalid_cursor")
    if not limit.isdigit() or not 1 <= int(limit) <= 1000:
        raise broken("invalid_limit")
    start, size = int(cursor), int(limit)
    following = str(start + size) if start + size < len(items) else ""
    return items[start : start + size], {"next_cursor": following}


def _list(call: Call) -> Json:
    assert call.grant is not None
    wanted = str(call.args.get("types") or "public_channel").split(",")
    scopes = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read"}
    for kind in wanted:
        needed = scopes.get(kind.strip(), "mpim:read")
        if needed not in call.grant.scopes:
            raise Refused("missing_scope", rule_broken=True, extra={"needed": needed})
    channels = [c for w in call.workspaces for c in w.channels.values() if _listed(c, wanted)]
    if call.flag("exclude_archived"):
        channels = [c for c in channels if not c.archived]
    page, metadata = _page(call, [c.payload() for c in channels], 100)
    return {"channels": page, "response_metadata": metadata}


def _listed(channel: Channel, wanted: list[str]) -> bool:
    if channel.is_dm:
        return ("im" if len(channel.dm_with) == 1 else "mpim") in wanted
    if channel.private:
        return "private_channel" in wanted and channel.member
    return "public_channel" in wanted


def _history(call: Call) -> Json:
    (where,) = call.need("channel")
    channel = call.visible_channel(str(where))
    _need_scope(call, channel, "history")
    if not channel.member and not channel.is_dm:
        raise Refused("not_in_channel")
    oldest, latest = str(call.args.get("oldest") or "0"), str(call.args.get("latest") or "9" * 17)
    inclusive = call.flag("inclusive")

    def within(ts: str) -> bool:
        return (inclusive and ts in (oldest, latest)) or float(oldest) < float(ts) < float(latest)

    metadata = call.flag("include_all_metadata")
    top = [m for m in channel.standing if m.thread_ts in (None, m.ts) or m.reply_broadcast]
    newest_first = [m.payload(metadata=metadata) for m in reversed(top) if within(m.ts)]
    page, cursor = _page(call, newest_first, 100)
    return {"messages": page, "has_more": bool(cursor["next_cursor"]), "response_metadata": cursor}


def _replies(call: Call) -> Json:
    where, ts = call.need("channel", "ts")
    channel = call.visible_channel(str(where))
    _need_scope(call, channel, "history")
    parent = next((m for m in channel.standing if m.ts == str(ts)), None)
    if parent is None:
        raise Refused("thread_not_found")
    metadata = call.flag("include_all_metadata")
    thread = [m.payload(metadata=metadata) for m in (parent, *channel.replies(str(ts)))]
    page, cursor = _page(call, thread, 1000)
    return {"messages": page, "has_more": bool(cursor["next_cursor"]), "response_metadata": cursor}


def _join(call: Call) -> Json:
    (where,) = call.need("channel")
    channel = call.visible_channel(str(where))
    if channel.archived:
        raise Refused("is_archived")
    if channel.private or channel.is_dm:
        raise Refused("method_not_supported_for_channel_type")
    channel.invite_bot()
    call.server.changes.notify()
    return {"channel": channel.payload()}


_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")

METHODS = {
    "conversations.open": Method(_open, ("im:write", "mpim:write")),
    "conversations.info": Method(_info, _READ),
    "conversations.list": Method(_list, _READ),
    "conversations.history": Method(_history, _HISTORY),
    "conversations.replies": Method(_replies, _HISTORY),
    "conversations.join": Method(_join, ("channels:join",)),
}
