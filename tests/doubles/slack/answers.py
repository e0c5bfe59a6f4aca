"""What an acknowledgement's body does: a message for a slash command, a new state for a modal,
options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .checks import Check
from .content import fill, read_content
from .errors import Refused
from .interaction import Interaction
from .methods.views import checked, close_all, push, replace
from .model import Channel, Json, Message, View

if TYPE_CHECKING:
    from .server import SlackServer


def apply_ack(server: SlackServer, interaction: Interaction, body: Any) -> None:
    """Applies ``body``; what breaks a rule is recorded and has no effect, as on Slack."""
    try:
        match interaction.payload.get("type"):
            case "view_submission":
                _submitted(server, interaction, body)
            case "block_suggestion":
                _suggested(body)
            case _ if interaction.kind == "slash_commands" and body:
                _slash_answer(server, interaction, body)
    except Refused as refused:
        detail = "; ".join(refused.messages)
        server.violation(refused.error, f"ack of {_name(interaction)}", detail)


def _name(interaction: Interaction) -> str:
    return str(interaction.payload.get("type") or interaction.kind)


def _slash_answer(server: SlackServer, interaction: Interaction, body: Any) -> None:
    given = body if isinstance(body, dict) else {"text": str(body)}
    if interaction.channel is None or interaction.user is None:
        return
    reader = None if given.get("response_type") == "in_channel" else interaction.user.id
    post_as_bot(server, interaction.channel, given, "ack", reader)


def post_as_bot(
    server: SlackServer, channel: Channel, given: Json, via: str, ephemeral_to: str | None
) -> Message:
    """A message that needs no membership: an answer to a command, or through a response_url."""
    content = read_content(server, via, given.get)
    workspace = channel.workspace
    message = Message(
        channel,
        server.new_ts(),
        workspace.bot_user_id,
        bot_id=workspace.bot_id,
        app_id=server.app_id,
        thread_ts=given.get("thread_ts"),
        ephemeral_to=ephemeral_to,
        via=via,
        at=server.clock(),
    )
    return server.keep(fill(message, content))


def _submitted(server: SlackServer, interaction: Interaction, body: Any) -> None:
    view, user = interaction.view, interaction.user
    assert view is not None
    assert user is not None
    action = body.get("response_action") if isinstance(body, dict) else None
    if body and action not in ("clear", "update", "push", "errors"):
        _reject(f"response_action must be clear, update, push or errors, not {action!r}")
    if not view.open:
        return
    match action:
        case "errors":
            view.errors = _checked_errors(view, body.get("errors"))
        case "update":
            replace(server, view, checked(body.get("view"), "modal"))
        case "push":
            push(server, user, checked(body.get("view"), "modal"))
        case "clear":
            close_all(user)
        case None:
            close(view)


def close(view: View) -> None:
    """Takes one modal off its person's stack, and what lies above it."""
    stack = view.user.views
    for above in stack[stack.index(view) :] if view in stack else [view]:
        above.open = False
    stack[:] = [v for v in stack if v.open]


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    if not isinstance(errors, dict) or not errors:
        _reject("errors must be a non-empty object of block_id → message")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    strangers = sorted(set(errors) - inputs)
    if strangers:
        _reject(f"errors for {strangers}, which are no input blocks of the view")
    if not all(isinstance(text, str) and text for text in errors.values()):
        _reject("every error must be a non-empty string")
    return dict(errors)


def _suggested(body: Any) -> None:
    if not isinstance(body, dict) or ("options" in body) == ("option_groups" in body):
        _reject("an options answer holds exactly one of options and option_groups")
    check = Check()
    if "options" in body:
        check.options("/options", body["options"], minimum=0)
    else:
        check.option_groups("/option_groups", body["option_groups"])
    if check.problems:
        raise Refused("invalid_options", check.problems, rule_broken=True)


def _reject(why: str) -> None:
    raise Refused("invalid_ack", [why], rule_broken=True)
