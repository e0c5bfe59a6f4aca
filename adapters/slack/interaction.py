"""Who did what, where: the facts in a payload of Slack, whatever its kind.

Sources: docs.slack.dev/interactivity/implementing-slash-commands, …/reference/interaction-payloads,
…/apis/events-api. Org-wide installations of Enterprise Grid may send `"team": null`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.chat.ids import Destination, MessageRef, TenantId

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SlackInteraction:
    """One thing a person did.

    channel: "" where Slack tells none (global shortcuts, the home tab). message: the timestamp of
    the message it happened on. ephemeral: that message is one that only this person sees.
    response_url: answers without membership, five times within half an hour of `issued_at`.
    """

    team: str
    enterprise: str | None
    org_wide: bool
    user: str
    user_name: str
    channel: str = ""
    thread: str | None = None
    message: str | None = None
    ephemeral: bool = False
    trigger: str = field(default="", repr=False)
    response_url: str = field(default="", repr=False)
    issued_at: float = 0.0

    @property
    def tenant(self) -> TenantId:
        """The workspace; on an org-wide installation too, each workspace is a tenant."""
        return TenantId("slack", self.team)

    @property
    def place(self) -> Destination:
        """Where public answers go. A person's own id stands for their direct messages."""
        return Destination(self.tenant, self.channel or self.user, self.thread)

    @property
    def alone(self) -> bool:
        """Whether this person alone sees the message: in their direct messages with the bot."""
        return self.channel.startswith("D")

    @property
    def pressed(self) -> MessageRef | None:
        """The message of ours that was pressed, when it can be edited."""
        if self.message is None or self.ephemeral:
            return None
        return MessageRef(replace(self, thread=None).place, self.message)


def of_command(body: Payload, at: float) -> SlackInteraction:
    """A slash command."""
    return SlackInteraction(
        **_who(body),
        user=_text(body, "user_id"),
        user_name=_text(body, "user_name"),
        channel=_text(body, "channel_id"),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        issued_at=at,
    )


def of_interaction(body: Payload, at: float) -> SlackInteraction:
    """A button, a shortcut, or the submission of a view (whose place the view itself remembers).

    The message of a shortcut is anybody's, so it is not one that was pressed.
    """
    user, container = _object(body, "user"), _object(body, "container")
    message, channel = _object(body, "message"), _object(body, "channel")
    ts = _text(container, "message_ts") or _text(message, "ts")
    # A reply names its thread; the first message of a thread names itself, once it has replies.
    thread = _text(container, "thread_ts") or _text(message, "thread_ts")
    return SlackInteraction(
        **_who(body),
        user=_text(user, "id"),
        user_name=_text(user, "username") or _text(user, "name"),
        channel=_text(channel, "id") or _text(container, "channel_id"),
        thread=thread if thread and thread != ts else None,
        message=(ts or None) if body.get("type") == "block_actions" else None,
        ephemeral=bool(container.get("is_ephemeral")),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        issued_at=at,
    )


def of_event(body: Payload, at: float) -> SlackInteraction:
    """An event of the Events API."""
    event = _object(body, "event")
    return SlackInteraction(**_who(body), user=_text(event, "user"), user_name="", issued_at=at)


def own_users(body: Payload) -> frozenset[str]:
    """The users of ours that an event was sent for: the bot, by Slack's own word."""
    found = body.get("authorizations")
    known = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    return frozenset(_text(one, "user_id") for one in known if one.get("is_bot") is True) - {""}


def _who(body: Payload) -> dict[str, Any]:
    """team, enterprise and org_wide."""
    authorizations = body.get("authorizations") or [{}]
    first = authorizations[0] if isinstance(authorizations[0], Mapping) else {}
    # In a shared channel, what stands beside the authorization may be the other company's.
    enterprise = _text(first, "enterprise_id")
    if not _text(first, "team_id"):
        enterprise = enterprise or _text(_object(body, "enterprise"), "id") or _text(body, "enterprise_id")
        enterprise = enterprise or _text(_object(body, "team"), "enterprise_id")
    team = _text(_object(body, "view"), "app_installed_team_id") or _text(_object(body, "team"), "id")
    team = team or _text(first, "team_id") or _text(body, "team_id")
    team = team or _text(_object(body, "user"), "team_id") or _text(_object(body, "view"), "team_id")
    flag = first.get("is_enterprise_install", body.get("is_enterprise_install"))
    return {
        "team": team or enterprise,
        "enterprise": enterprise or None,
        "org_wide": flag is True or flag == "true",
    }


def _object(body: Payload, name: str) -> Payload:
    value = body.get(name)
    # In this order: to ask whether it is a Mapping takes ten times as long.
    return value if isinstance(value, dict) or (value is not None and isinstance(value, Mapping)) else {}


def _text(body: Payload, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
