"""REST operations on interactions: the first answer, the original answer, and follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.doubles.discord import errors, payloads
from tests.doubles.discord.api import Call, Route
from tests.doubles.discord.compose import edit_message, new_message
from tests.doubles.discord.errors import Problem
from tests.doubles.discord.faults import Answer
from tests.doubles.discord.interactions import (
    FIRST_ANSWER_SECONDS,
    TOKEN_SECONDS,
    Callback,
    FirstResponse,
    Interaction,
    Kind,
)
from tests.doubles.discord.messages import Message
from tests.doubles.discord.rules_commands import check_choices
from tests.doubles.discord.rules_components import check_modal
from tests.doubles.discord.rules_messages import Flag

if TYPE_CHECKING:
    from tests.doubles.discord.server import DiscordServer

_POSSIBLE = {
    Kind.COMMAND: {Callback.MESSAGE, Callback.DEFERRED_MESSAGE, Callback.MODAL},
    Kind.COMPONENT: set(Callback) - {Callback.CHOICES},
    Kind.AUTOCOMPLETE: {Callback.CHOICES},
    Kind.MODAL: set(Callback) - {Callback.CHOICES, Callback.MODAL},
}


class InteractionRoutes:
    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._world = server.world

    def routes(self) -> list[Route]:
        hook = "/webhooks/{webhook_id}/{webhook_token}"
        return [
            Route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", self.callback),
            Route("POST", hook, self.follow_up),
            Route("GET", f"{hook}/messages/@original", self.get),
            Route("PATCH", f"{hook}/messages/@original", self.edit),
            Route("DELETE", f"{hook}/messages/@original", self.delete),
            Route("GET", f"{hook}/messages/{{message_id}}", self.get),
            Route("PATCH", f"{hook}/messages/{{message_id}}", self.edit),
            Route("DELETE", f"{hook}/messages/{{message_id}}", self.delete),
        ]

    def callback(self, call: Call) -> Answer:
        ix = self._server.interactions.get(call.id("interaction_id"))
        if ix is None or ix.token != call.params["interaction_token"]:
            raise errors.unknown_interaction()
        if ix.first_response is not None:
            raise errors.already_acknowledged()
        if ix.age > FIRST_ANSWER_SECONDS:
            raise errors.unknown_interaction()
        kind = call.json.get("type")
        # Without a message there is nothing to update; a deferred update then only closes the modal.
        if kind not in _POSSIBLE[ix.kind] or (kind == Callback.UPDATE and ix.source is None):
            raise errors.invalid_form(
                Problem("type", f"{kind} cannot answer a {ix.kind.name.lower()} interaction")
            )
        self._first(ix, Callback(kind), call.json.get("data") or {}, call)
        if call.query.get("with_response", "").lower() not in ("1", "true"):
            return Answer(204)
        return Answer(200, _callback_answer(ix, Callback(kind)))

    def _first(self, ix: Interaction, kind: Callback, data: dict[str, Any], call: Call) -> None:
        if kind is Callback.MODAL:
            if problems := list(check_modal(data)):
                raise errors.invalid_form(*problems)
        elif kind is Callback.CHOICES:
            if problems := list(check_choices("choices", data.get("choices") or [])):
                raise errors.invalid_form(*problems)
        elif kind is Callback.MESSAGE:
            ix.original = self._new(ix, data, call)
        elif kind is Callback.DEFERRED_MESSAGE:
            ix.original = self._thinking(ix, data, call)
        elif kind is Callback.UPDATE:
            assert ix.source is not None
            edit_message(ix.source, data, call.uploads)
            ix.original = ix.source
            self._tell("MESSAGE_UPDATE", ix.source)
        else:
            ix.original = ix.source
        ix.first_response = FirstResponse(int(kind), data, ix.age)

    def _thinking(self, ix: Interaction, data: dict[str, Any], call: Call) -> Message:
        """ "… is thinking": carries the ephemeral flag and nothing else (Discord drops the rest
        silently).
        """
        flags = data.get("flags") or 0
        more = [key for key, value in data.items() if key != "flags" and value]
        if more or flags & ~int(Flag.EPHEMERAL):
            detail = f"a deferred answer carries the ephemeral flag only, not flags={flags} {more}"
            self._server.violate(call.method, call.path, detail, code=0)
        message = Message(self._world.next_id(), ix.channel, self._world.bot)
        message.flags = int(Flag.LOADING) | (flags & int(Flag.EPHEMERAL))
        return self._place(ix, message)

    def _new(self, ix: Interaction, body: dict[str, Any], call: Call) -> Message:
        return self._place(ix, new_message(ix.channel, self._world.bot, body, call.uploads, interaction=True))

    def _place(self, ix: Interaction, message: Message) -> Message:
        """An ephemeral message is shown to the invoker alone and never enters the channel."""
        message.interaction_metadata = _metadata(ix, message)
        message.kind = 20 if ix.kind is Kind.COMMAND else 19
        if message.ephemeral:
            message.visible_to = ix.user.id
        else:
            ix.channel.history.append(message)
            self._tell("MESSAGE_CREATE", message)
        return message

    def follow_up(self, call: Call) -> Answer:
        ix = self._interaction(call)
        original = ix.original
        if original is not None and original.loading:
            # The first follow-up after a deferral fills the deferred message, whose
            # visibility is fixed already.
            self._change(
                original, {k: v for k, v in call.json.items() if k != "flags"} | _v2(call.json), call
            )
            return Answer(200, _hook_message(original, ix))
        message = self._new(ix, call.json, call)
        ix.followups.append(message)
        return Answer(200, _hook_message(message, ix))

    def get(self, call: Call) -> Answer:
        ix = self._interaction(call)
        return Answer(200, _hook_message(self._message(ix, call), ix))

    def edit(self, call: Call) -> Answer:
        ix = self._interaction(call)
        message = self._message(ix, call)
        self._change(message, call.json, call)
        return Answer(200, _hook_message(message, ix))

    def delete(self, call: Call) -> Answer:
        self._server.remove_message(self._message(self._interaction(call), call))
        return Answer(204)

    def _change(self, message: Message, body: dict[str, Any], call: Call) -> None:
        edit_message(message, body, call.uploads)
        self._tell("MESSAGE_UPDATE", message)

    def _tell(self, event: str, message: Message) -> None:
        if message.visible_to is None:
            message.channel.announce(event, message)

    def _interaction(self, call: Call) -> Interaction:
        """The interaction whose token this is; it must have had its first answer, and be younger
        than 15 minutes.
        """
        token = call.params["webhook_token"]
        ix = next((i for i in self._server.interactions.values() if i.token == token), None)
        if ix is None or call.id("webhook_id") != self._world.bot.id:
            raise errors.unknown_webhook()
        if ix.age > TOKEN_SECONDS:
            raise errors.invalid_webhook_token()
        if ix.first_response is None:
            raise errors.unknown_webhook()
        return ix

    def _message(self, ix: Interaction, call: Call) -> Message:
        if "message_id" not in call.params:
            candidates = [ix.original]
        else:
            wanted = call.id("message_id")
            candidates = [m for m in (ix.original, *ix.followups) if m is not None and m.id == wanted]
        if not candidates or candidates[0] is None or candidates[0].deleted:
            raise errors.unknown_message()
        return candidates[0]


def _metadata(ix: Interaction, message: Message) -> dict[str, Any]:
    """What a message tells of the interaction it answers; discord.py finds its views by this id."""
    owners = ix.payload["authorizing_integration_owners"]
    about: dict[str, Any] = {
        "id": str(ix.id),
        "type": int(ix.kind),
        "user": payloads.user(ix.user),
        "authorizing_integration_owners": owners,
    }
    if ix.original is not None and ix.original is not message:
        about["original_response_message_id"] = str(ix.original.id)
    if ix.kind is Kind.COMPONENT and ix.source is not None:
        about["interacted_message_id"] = str(ix.source.id)
    if ix.opened_by is not None:
        about["triggering_interaction_metadata"] = _metadata(ix.opened_by, message)
    return about


def _v2(body: dict[str, Any]) -> dict[str, int]:
    flags = (body.get("flags") or 0) & int(Flag.COMPONENTS_V2)
    return {"flags": flags} if flags else {}


def _hook_message(message: Message, ix: Interaction) -> dict[str, Any]:
    application = str(ix.world.bot.id)
    return payloads.message(message) | {"webhook_id": application, "application_id": application}


def _callback_answer(ix: Interaction, kind: Callback) -> dict[str, Any]:
    """The answer with `with_response=true`: the interaction, and the message if there is one."""
    about: dict[str, Any] = {"id": str(ix.id), "type": int(ix.kind), "channel_id": str(ix.channel.id)}
    if ix.guild is not None:
        about["guild_id"] = str(ix.guild.id)
    if ix.original is None or kind is Callback.DEFERRED_UPDATE:
        return {"interaction": about}
    about |= {
        "response_message_id": str(ix.original.id),
        "response_message_loading": ix.original.loading,
        "response_message_ephemeral": ix.original.ephemeral,
    }
    if kind is Callback.DEFERRED_MESSAGE:
        return {"interaction": about}
    return {
        "interaction": about,
        "resource": {"type": int(kind), "message": _hook_message(ix.original, ix)},
    }
