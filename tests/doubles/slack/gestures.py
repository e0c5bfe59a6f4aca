"""What a person does in a workspace. Each gesture is delivered and returns once acknowledged (or too
late).

A gesture that Slack's clients would not allow – pressing a button that is not there, submitting a form
with an empty required input – raises ``LookupError`` or ``NotSubmittable`` in the test, and sends
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from . import payloads
from .answers import close
from .interaction import Interaction
from .model import Channel, Json, Message, User, View

if TYPE_CHECKING:
    from .server import SlackServer
    from .workspace import Workspace

SLASH, INTERACTIVE, EVENT = "slash_commands", "interactive", "events_api"


class NotSubmittable(Exception):
    """Slack's client would mark these inputs and keep the modal open. ``inputs``: block_id → what is
    wrong."""

    def __init__(self, inputs: dict[str, str]) -> None:
        super().__init__(f"the modal cannot be submitted: {inputs}")
        self.inputs = inputs


def elements(target: Message | View) -> Iterator[tuple[Json, Json]]:
    """(block, element) for every interactive element of a message or view."""
    for block in target.blocks:
        for element in (*block.get("elements", []), block.get("accessory"), block.get("element")):
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def find(target: Message | View, action_id: str) -> tuple[Json, Json]:
    """The element that a person would press; ``LookupError`` when it is not there to be pressed."""
    if target.deleted if isinstance(target, Message) else not target.open:
        raise LookupError(f"{action_id!r} is gone: the message is deleted, or the modal closed")
    for block, element in elements(target):
        if element["action_id"] == action_id:
            return block, element
    there = [element["action_id"] for _, element in elements(target)]
    raise LookupError(f"no element {action_id!r}; there are {there}")


class Gestures:
    """Mixed into ``Workspace``."""

    server: SlackServer
    users: dict[str, User]

    @property
    def _here(self) -> Workspace:
        return cast("Workspace", self)

    async def slash(self, user: User, channel: Channel, command: str, text: str = "") -> Interaction:
        """Types ``/command text`` in ``channel``."""
        server = self.server
        url, record = server.response_urls.issue(channel, user.id)
        trigger = server.triggers.issue(user)
        payload = payloads.slash(user, channel, command, text)
        payload |= {"response_url": url, "trigger_id": trigger.id}
        ix = server.interaction(SLASH, payload, self._here, user=user, channel=channel, accepts_payload=True)
        ix.trigger_id, ix.response_url, record.interaction = trigger.id, url, ix
        return await server.deliver(ix)

    async def press(
        self, target: Message | View, action_id: str, user: User, value: Any = None
    ) -> Interaction:
        """Presses a button, or chooses ``value`` in a select, picker, overflow or checkbox group."""
        server = self.server
        block, element = find(target, action_id)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise LookupError(f"{action_id!r} is an input that tells the bot nothing before Submit")
        action: Json = {
            "action_id": action_id,
            "block_id": block["block_id"],
            "action_ts": server.new_ts(),
        }
        if element["type"] == "button":
            action |= {"type": "button", "text": element["text"]}
            action |= {key: element[key] for key in ("value", "style", "url") if key in element}
        else:
            action |= payloads.state(element, value)
            if isinstance(target, View):
                entered = payloads.state(element, value)
                target.values.setdefault(block["block_id"], {})[action_id] = entered
        view = target if isinstance(target, View) else None
        trigger = server.triggers.issue(user, view)
        payload = payloads.frame("block_actions", user, trigger.id) | payloads.place(target)
        payload |= {"actions": [action], "state": {"values": view.values if view is not None else {}}}
        return await self._act(payload, user, target, trigger.id)

    async def _act(self, payload: Json, user: User, target: Message | View, trigger_id: str) -> Interaction:
        server = self.server
        ix = server.interaction(INTERACTIVE, payload, self._here, user=user)
        ix.trigger_id = trigger_id
        if isinstance(target, View):
            ix.view = target
        else:
            ix.message, ix.channel = target, target.channel
            ix.response_url, record = server.response_urls.issue(target.channel, user.id, target)
            record.interaction = ix
            payload["response_url"] = ix.response_url
        return await server.deliver(ix)

    async def submit_view(
        self, view: View, values: Mapping[str, Any] | None = None, user: User | None = None
    ) -> Interaction:
        """Fills the modal in and submits it. Keys are ``block_id/action_id``, or either of them alone;
        inputs not named keep what was entered before, else their initial value."""
        server, person = self.server, user or view.user
        if view not in view.user.views[-1:]:
            raise LookupError(f"modal {view.title!r} is not the one on the screen")
        fill_in(view, values or {})
        trigger = server.triggers.issue(person, view)
        payload = payloads.frame("view_submission", person, trigger.id)
        payload |= {"view": view.payload(), "response_urls": []}
        ix = server.interaction(INTERACTIVE, payload, self._here, user=person, accepts_payload=True)
        ix.view, ix.trigger_id = view, trigger.id
        return await server.deliver(ix)

    async def close_view(
        self, view: View, user: User | None = None, *, clear: bool = False
    ) -> Interaction | None:
        """Presses Close (``clear``: the ✕ that closes the whole stack). Slack tells the bot only about
        a view with ``notify_on_close``; None otherwise."""
        person = user or view.user
        close(view.user.views[0] if clear and view.user.views else view)
        self.server.changes.notify()
        if not view.body.get("notify_on_close"):
            return None
        payload = payloads.frame("view_closed", person)
        payload |= {"view": view.payload(), "is_cleared": clear}
        ix = self.server.interaction(INTERACTIVE, payload, self._here, user=person)
        ix.view = view
        return await self.server.deliver(ix)

    async def shortcut(self, user: User, callback_id: str) -> Interaction:
        """A global shortcut."""
        trigger = self.server.triggers.issue(user)
        payload = payloads.frame("shortcut", user, trigger.id)
        payload |= {"callback_id": callback_id, "action_ts": self.server.new_ts()}
        ix = self.server.interaction(INTERACTIVE, payload, self._here, user=user)
        ix.trigger_id = trigger.id
        return await self.server.deliver(ix)

    async def message_shortcut(self, user: User, message: Message, callback_id: str) -> Interaction:
        """A shortcut from the menu of ``message``, in a thread as well as in a channel."""
        trigger = self.server.triggers.issue(user)
        channel = message.channel
        payload = payloads.frame("message_action", user, trigger.id)
        payload |= {
            "callback_id": callback_id,
            "action_ts": self.server.new_ts(),
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": channel.name},
            "message": message.payload(),
        }
        return await self._act(payload, user, message, trigger.id)

    async def suggest(
        self, target: Message | View, action_id: str, user: User, value: str = ""
    ) -> Interaction:
        """Types ``value`` into an external select; the answer is in ``.options``."""
        block, element = find(target, action_id)
        if element["type"] not in ("external_select", "multi_external_select"):
            raise LookupError(f"{action_id!r} is a {element['type']}, which does not ask for options")
        payload = payloads.frame("block_suggestion", user) | payloads.place(target)
        payload |= {"action_id": action_id, "block_id": block["block_id"], "value": value}
        ix = self.server.interaction(INTERACTIVE, payload, self._here, user=user, accepts_payload=True)
        ix.view = target if isinstance(target, View) else None
        return await self.server.deliver(ix)

    async def event(self, kind: str, fields: Json | None = None, **outer: Any) -> Interaction:
        """An Events API event, e.g. ``event("app_home_opened", {"user": "U1", "tab": "home"})``; ``outer``
        overrides what surrounds it, e.g. ``team_id=None``."""
        fields = dict(fields or {})
        payload = payloads.event(self._here, kind, fields) | outer
        ix = self.server.interaction(EVENT, payload, self._here)
        ix.user = self.users.get(str(fields.get("user", "")))
        return await self.server.deliver(ix)

    async def uninstall(self, *, tokens_first: bool = False, **outer: Any) -> list[Interaction]:
        """An admin removes the app: its tokens die, and two events tell so, in either order."""
        self._here.deactivate()
        tokens = {"oauth": [], "bot": [self._here.bot_user_id]}
        events: list[tuple[str, Json]] = [("app_uninstalled", {}), ("tokens_revoked", {"tokens": tokens})]
        return [await self.event(*e, **outer) for e in (reversed(events) if tokens_first else events)]


def fill_in(view: View, values: Mapping[str, Any]) -> None:
    """Enters ``values``; ``LookupError`` for a key that names no input, ``NotSubmittable`` as a client
    would."""
    left, wrong = dict(values), {}
    ids = [element["action_id"] for _, element in elements(view)]
    ambiguous = [key for key in left if ids.count(key) > 1]
    if ambiguous:
        raise LookupError(f"{ambiguous} stand in more than one block: write block_id/action_id")
    for block, element in elements(view):
        block_id, action_id = block["block_id"], element["action_id"]
        key = next((k for k in (f"{block_id}/{action_id}", block_id, action_id) if k in left), None)
        earlier = view.values.get(block_id, {}).get(action_id)
        if block["type"] != "input" and key is None:
            continue
        state = payloads.state(element, left.pop(key) if key is not None else None)
        if key is None and earlier is not None:
            state = earlier
        view.values.setdefault(block_id, {})[action_id] = state
        if block["type"] == "input" and (problem := _problem(block, element, state)):
            wrong[block_id] = problem
    if left:
        there = [f"{b['block_id']}/{e['action_id']}" for b, e in elements(view)]
        raise LookupError(f"no inputs {sorted(left)} in {view.title!r}; there are {there}")
    if wrong:
        raise NotSubmittable(wrong)


def _problem(block: Json, element: Json, state: Json) -> str | None:
    """Why Slack's client would not submit this input."""
    value = state[payloads.PICKED.get(element["type"], "value")]
    if value in (None, "", []):
        return None if block.get("optional") else "required"
    match element["type"]:
        case "plain_text_input" if len(value) < element.get("min_length", 0):
            return f"shorter than {element['min_length']}"
        case "plain_text_input" if len(value) > element.get("max_length", 3000):
            return f"longer than {element.get('max_length', 3000)}"
        case "number_input" if not str(value).lstrip("-").replace(".", "", 1).isdigit():
            return "not a number"
        case "email_text_input" if "@" not in value:
            return "not an email address"
        case "url_text_input" if "://" not in value:
            return "not a URL"
    return None
