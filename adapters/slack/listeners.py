"""What Slack sends, acknowledged at once and handled in tasks of ours.

bolt looks every 10 ms whether a listener has acknowledged; with `process_before_response` it answers
as soon as the listener returns. So each listener acknowledges, starts a task, and returns. Slack
repeats what it thinks was lost: each id is claimed durably, and handled once.

Slash commands, of which most of the load is made, are taken up before bolt looks for their listener: that
takes half of what bolt costs, and what it finds out on the way (whose token, who sent it) is none of ours.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeAlias

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse

from adapters.slack import forms, limits, notation, offered, shortcuts
from adapters.slack.asking import offer_asks, press_asks, typed_line
from adapters.slack.files import files_in
from adapters.slack.inline import CHANNEL_ID, Json
from adapters.slack.interaction import SlackInteraction, of_command, of_event, of_interaction, own_users
from adapters.slack.interactions import InteractionHandler
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import PICKED
from bot.core.chat.invocation import Invocation
from bot.core.errors import Expired
from bot.core.messages.message import msg
from bot.core.ports import Remember, Responder

_ANY = re.compile(".*", re.DOTALL)
# Added to an action that stands twice in one message; see `parts.buttons`.
_OFFERED = re.compile(re.escape(offered.PREFIX) + ".+", re.DOTALL)
_REPEATED = re.compile(r"~\d+$")


Uninstalled: TypeAlias = Callable[[str | None, str | None, float], Awaitable[None]]
"""Told the enterprise and the workspace that the app was removed from, and when: epoch seconds."""


ChannelOpened: TypeAlias = Callable[[str, str], Awaitable[None]]
"""Told the workspace and the channel that the bot was invited to."""


class Listeners:
    """The listeners of one app. gone: told of (enterprise, team, epoch seconds) when it is removed.

    opened: told of the team and the channel where the bot may be able to post again.
    """

    def __init__(
        self,
        handler: InteractionHandler,
        *,
        gone: Uninstalled,
        remember: Remember,
        opened: ChannelOpened,
    ) -> None:
        """remember: told of what a payload lets its holder do."""
        self._handler = handler
        self._gone = gone
        self._remember = remember
        self._opened = opened

    def ahead(self, command: str) -> AsyncMiddleware:
        """What sees every payload first, and takes the slash command: the app's `before_authorize`."""
        return _Ahead(command, self._keep_secret, self._command)

    def register(self, app: AsyncApp) -> None:
        """Add every listener to the app."""
        app.options(shortcuts.PICK)(self._suggest)
        app.options(_OFFERED)(self._offer)
        app.action(_ANY)(self._action)
        app.view(shortcuts.RUN)(self._run_view)
        app.view(forms.FORM)(self._form)
        app.view(_ANY)(self._other)
        app.options(_ANY)(self._no_choices)
        app.shortcut({"type": "message_action", "callback_id": _ANY})(self._message_shortcut)
        app.shortcut(shortcuts.RUN)(self._global_shortcut)
        app.shortcut(_ANY)(self._other)
        app.event("app_home_opened")(self._home)
        app.event("app_uninstalled")(self._removed)
        app.event("tokens_revoked")(self._removed)
        app.event("member_joined_channel")(self._joined)
        app.event("channel_unarchive")(self._unarchived)
        app.event("group_unarchive")(self._unarchived)
        app.event(_ANY)(self._other_event)

    def _keep_secret(self, body: Json) -> None:
        """First of all: what opens a form, answers, or is Slack's old way of saying that it is Slack."""
        for name in ("trigger_id", "response_url", "token"):
            self._remember(_last_part(body.get(name)), passing=True)
        for one in body.get("response_urls") or []:
            self._remember(_last_part(one.get("response_url")), passing=True)

    # --- commands ----------------------------------------------------------------------------

    def _command(self, body: Json) -> None:
        interaction = of_command(body, self._handler.now())
        line = typed_line(self._handler.catalogue, str(body.get("text") or ""))
        self._handler.take(
            interaction,
            claim=interaction.trigger,
            asks=line.asks,
            harmless=line.harmless,
            job=lambda invocation, responder: self._handler.line(invocation, line, responder),
        )

    async def _action(self, ack: AsyncAck, body: Json, action: Json) -> None:
        await ack()
        ref = ActionRef.parse(_REPEATED.sub("", str(action.get("action_id", ""))))
        if ref is None:
            if not str(action.get("action_id", "")).startswith("url:"):  # one that only opens a link
                self._unknown(of_interaction(body, self._handler.now()))
            return
        interaction = of_interaction(body, self._handler.now())
        values = _picked(action)
        self._handler.take(
            interaction,
            claim=interaction.trigger,
            asks=values is None and press_asks(self._handler.catalogue, ref),
            job=lambda invocation, responder: self._handler.commands.press(
                invocation, ref, responder, values
            ),
        )

    # --- views -------------------------------------------------------------------------------

    async def _form(self, ack: AsyncAck, body: Json, view: Json) -> None:
        await ack()
        submitted = of_interaction(body, self._handler.now())
        opened = forms.recall(str(view.get("private_metadata", "")), submitted)
        if opened is None:
            self._unknown(submitted)
            return
        values = notation.entered(forms.values(_state(view)))
        action, attached = opened.action, files_in(_state(view))
        self._handler.take(
            opened.interaction,
            claim=_submission(view),
            asks=False,
            job=lambda invocation, responder: self._handler.form(
                invocation, submitted, action, responder, values, attached
            ),
        )

    async def _run_view(self, ack: AsyncAck, body: Json, view: Json) -> None:
        await ack()
        entered = notation.entered(forms.values(_state(view)))
        line = f"{entered.get(shortcuts.COMMAND_INPUT, '')} {entered.get(shortcuts.OPTIONS_INPUT, '')}"
        interaction = _chosen_place(of_interaction(body, self._handler.now()), body, entered)
        self._handler.take(
            interaction,
            claim=_submission(view),
            asks=typed_line(self._handler.catalogue, line).asks,
            job=lambda invocation, responder: self._handler.commands.run_text(invocation, line, responder),
        )

    async def _other(self, ack: AsyncAck, body: Json) -> None:
        """A form, or an entry of a menu, that this version does not have. (A view that only tells
        something has nothing to submit.)"""
        await ack()
        self._unknown(of_interaction(body, self._handler.now()))

    def _unknown(self, interaction: SlackInteraction) -> None:
        """Say that nothing of ours is meant any more."""

        async def job(_invocation: Invocation, responder: Responder) -> None:
            gone = Expired(msg("This belongs to an older version of the bot."))
            await responder.fail(self._handler.error_card(gone))

        self._handler.take(interaction, claim=interaction.trigger, asks=False, job=job)

    async def _no_choices(self, ack: AsyncAck) -> None:
        """A menu that this version does not have has nothing to offer."""
        await ack(options=[])

    async def _suggest(self, ack: AsyncAck, body: Json, payload: Json) -> None:
        interaction = of_interaction(body, self._handler.now())
        reader = await self._handler.speaker(interaction)
        typed = str(payload.get("value", ""))
        await ack(options=shortcuts.matching_commands(self._handler.catalogue, typed, reader))

    async def _offer(self, ack: AsyncAck, body: Json, payload: Json) -> None:
        """Values for a field of a form, for what was typed into it."""
        interaction = of_interaction(body, self._handler.now())
        asked = offered.asked(self._handler.catalogue, str(payload.get("action_id", "")))
        typed = str(payload.get("value") or "")[: limits.INPUT_TEXT]
        given = forms.filled_in(body.get("view"))
        found = () if asked is None else await self._handler.offered(interaction, asked, typed, given)
        await ack(options=[] if asked is None else offered.answer(found, typed, asked.parameter))

    # --- shortcuts ---------------------------------------------------------------------------

    async def _message_shortcut(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        interaction = of_interaction(body, self._handler.now())
        offer = shortcuts.offer_of(self._handler.catalogue, str(body.get("callback_id", "")))
        if offer is None:
            self._unknown(interaction)
            return
        posts = shortcuts.tweets_in(body.get("message") or {})
        self._handler.take(
            interaction,
            claim=interaction.trigger,
            asks=offer_asks(self._handler.catalogue, offer, posts),
            job=lambda invocation, responder: self._handler.commands.on_message(
                invocation, offer, posts, responder
            ),
        )

    async def _global_shortcut(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        interaction = of_interaction(body, self._handler.now())
        self._handler.open_view(interaction, shortcuts.run_view, claim=interaction.trigger)

    # --- events ------------------------------------------------------------------------------

    async def _home(self, ack: AsyncAck, body: Json, event: Json) -> None:
        await ack()
        if event.get("tab", "home") == "home":
            interaction = of_event(body, self._handler.now())
            self._handler.show_home(interaction, claim=str(body.get("event_id", "")))

    async def _removed(self, ack: AsyncAck, body: Json, event: Json) -> None:
        """The app was removed, or its tokens were revoked: Slack tells both, in either order.

        Awaited before the answer: when it cannot be stored, Slack sends it again.
        """
        if event["type"] == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
            await ack()
            return
        interaction = of_event(body, self._handler.now())
        # Without any workspace it is the organisation's, whether Slack says so or not.
        whole = interaction.org_wide or interaction.team == interaction.enterprise
        team = None if whole else interaction.team
        await self._gone(interaction.enterprise, team, float(body.get("event_time") or interaction.issued_at))
        await ack()

    async def _joined(self, ack: AsyncAck, body: Json, event: Json) -> None:
        """Somebody joined a channel. Slack tells it of everybody; it matters when it is the bot."""
        if event.get("user") in own_users(body):
            await self._opened(of_event(body, self._handler.now()).team, str(event.get("channel") or ""))
        await ack()

    async def _unarchived(self, ack: AsyncAck, body: Json, event: Json) -> None:
        """A channel is no longer archived. As with a removal, Slack sends again what cannot be stored."""
        await self._opened(of_event(body, self._handler.now()).team, str(event.get("channel") or ""))
        await ack()

    async def _other_event(self, ack: AsyncAck) -> None:
        """An event that an older manifest asked for: Slack would repeat what nobody acknowledges."""
        await ack()


TakePayload: TypeAlias = Callable[[Json], None]
"""Told what Slack sent."""


class _Ahead(AsyncMiddleware):
    """See `Listeners.ahead`."""

    def __init__(self, command: str, seen: TakePayload, take: TakePayload) -> None:
        """seen: told of every payload; take: of the slash command, and starts what it asks for."""
        self._command = command
        self._seen = seen
        self._take = take

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse:
        """The empty acknowledgement of a command; what bolt answers to anything else."""
        del resp
        self._seen(req.body)
        if req.body.get("command") != self._command:
            return await next()
        self._take(req.body)
        return BoltResponse(status=200, body="")


def _last_part(value: object) -> str:
    """What is secret in it: of an address its end, the rest says which workspace it is of."""
    return value.rpartition("/")[2] if isinstance(value, str) else ""


def _submission(view: Json) -> str:
    """The same for every delivery of one submission."""
    return f"view:{view.get('id')}:{view.get('hash')}"


def _state(view: Json) -> Json:
    """What stands in the inputs of a view."""
    values = (view.get("state") or {}).get("values")
    return values if isinstance(values, dict) else {}


def _picked(action: Json) -> dict[str, str] | None:
    """The value chosen in a message's menu; None for a press of a button."""
    option = action.get("selected_option")
    return {PICKED: str(option.get("value", ""))} if isinstance(option, dict) else None


def _chosen_place(interaction: SlackInteraction, body: Json, entered: dict[str, str]) -> SlackInteraction:
    """The conversation that was chosen in the form, and the response_url Slack gives for it."""
    chosen = entered.get(shortcuts.PLACE_INPUT, "")
    if not CHANNEL_ID.fullmatch(chosen):
        return interaction
    urls = [one for one in body.get("response_urls") or [] if one.get("channel_id") == chosen]
    url: Any = urls[0].get("response_url", "") if urls else ""
    return replace(interaction, channel=chosen, response_url=str(url))
