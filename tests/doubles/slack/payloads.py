"""The payloads Slack sends (source: Slack's interaction, slash command and Events API references)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .model import Channel, Json, Message, User, View

if TYPE_CHECKING:
    from .workspace import Workspace


def team(workspace: Workspace) -> Json:
    body: Json = {"id": workspace.id, "domain": workspace.domain}
    if workspace.enterprise is not None:
        body |= {"enterprise_id": workspace.enterprise.id, "enterprise_name": workspace.enterprise.name}
    return body


def _who(user: User) -> Json:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team}


def frame(kind: str, user: User, trigger_id: str | None = None) -> Json:
    """What every interactive payload begins with."""
    workspace = user.workspace
    enterprise, org_wide = workspace.enterprise, workspace.server.is_org_wide(workspace)
    body: Json = {
        "type": kind,
        "token": workspace.server.verification_token,
        "team": None if workspace.server.null_team and org_wide else team(workspace),
        "user": _who(user),
        "api_app_id": workspace.server.app_id,
        "enterprise": enterprise.payload() if enterprise is not None else None,
        "is_enterprise_install": org_wide,
    }
    return body | ({"trigger_id": trigger_id} if trigger_id is not None else {})


def slash(user: User, channel: Channel, command: str, text: str) -> Json:
    workspace = user.workspace
    body: Json = {
        "token": workspace.server.verification_token,
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel.name if not channel.private else "privategroup",
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.server.app_id,
        "is_enterprise_install": "true" if workspace.server.is_org_wide(workspace) else "false",
    }
    if workspace.enterprise is not None:
        body |= {"enterprise_id": workspace.enterprise.id, "enterprise_name": workspace.enterprise.name}
    return body


def place(target: Message | View) -> Json:
    """Where an element stands: ``container``, and the message with its channel, or the view."""
    if isinstance(target, View):
        return {"container": {"type": "view", "view_id": target.id}, "view": target.payload()}
    container: Json = {
        "type": "message",
        "message_ts": target.ts,
        "channel_id": target.channel.id,
        "is_ephemeral": target.ephemeral_to is not None,
    }
    if target.thread_ts:
        container["thread_ts"] = target.thread_ts
    body: Json = {
        "container": container,
        "channel": {"id": target.channel.id, "name": target.channel.name},
    }
    # Slack does not hand an ephemeral message back: the handler must not rely on `message` there.
    return body | ({} if target.ephemeral_to is not None else {"message": target.payload()})


def event(workspace: Workspace, kind: str, fields: Json) -> Json:
    server = workspace.server
    now = server.clock()
    org_wide = server.is_org_wide(workspace)
    enterprise_id = workspace.enterprise.id if workspace.enterprise is not None else None
    body: Json = {
        "token": server.verification_token,
        "team_id": workspace.id,
        "api_app_id": server.app_id,
        "event": {"type": kind, "event_ts": f"{now:.6f}", **fields},
        "type": "event_callback",
        "event_id": server.new_id("Ev"),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": enterprise_id,
                "team_id": None if org_wide else workspace.id,
                "user_id": workspace.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": org_wide,
            }
        ],
        "is_ext_shared_channel": False,
    }
    return body | ({"enterprise_id": enterprise_id} if enterprise_id else {})


PICKED = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "file_input": "files",
    "rich_text_input": "rich_text_value",
}
"""Where a payload carries the state of an element; anything else is in ``value``."""

INITIAL = {
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "value": "initial_value",
    "rich_text_value": "initial_value",
}


def offered(element: Json) -> list[Json]:
    groups = element.get("option_groups") or []
    return list(element.get("options") or [option for group in groups for option in group["options"]])


def state(element: Json, value: Any) -> Json:
    """The state of ``element`` once ``value`` was entered or chosen: an option by its value (or, from
    an external source, as the option object), a list of them for a multi-select, else the value itself.

    ``LookupError`` when the option is not on offer: a person could not choose it.
    """
    kind = element["type"]
    key = PICKED.get(kind, "value")
    if value is None:
        initial = element.get(INITIAL.get(key, ""))
        nothing: Any = [] if key.endswith("s") and key != "files" else None
        return {"type": kind, key: initial if initial is not None else nothing}
    if key == "selected_option":
        value = _option(element, value)
    elif key == "selected_options":
        value = [_option(element, one) for one in value]
    return {"type": kind, key: value}


def _option(element: Json, value: Any) -> Json:
    external = element["type"].endswith("external_select")
    if isinstance(value, dict) and (external or value in offered(element)):
        return value
    for option in offered(element):
        if option["value"] == value:
            return option
    choices = [option["value"] for option in offered(element)]
    raise LookupError(f"{value!r} is not among the options of {element.get('action_id')!r}: {choices}")
