"""Opening forms within the three seconds that a trigger lives.

Where Slack breaks down over it or asks to wait, it is tried again for as long as the trigger lives; after
that the person is told.

When a form is likely and not there after 1.5 s, a loading view takes the trigger, and the form – or
the error that came instead – replaces it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any

import msgspec
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import limits
from adapters.slack.errors import TROUBLES, code_of, note, outcome
from adapters.slack.forms import loading, notice
from adapters.slack.inline import Json
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Busy, Unknown
from bot.core.chat.invocation import Values
from bot.core.clocks import Clock, Sleep
from bot.core.commands.binding import MissingOptions, bind
from bot.core.commands.declaring import Catalogue, Command
from bot.core.commands.dispatch import ACTION_AGAIN, FORM_ACTION, FORM_AGAIN
from bot.core.commands.forms import lacks_nothing
from bot.core.commands.grammar import HelpWanted, Parsed, parse
from bot.core.commands.offers import Offer
from bot.core.errors import AnswerLost, BotError, Expired
from bot.core.messages.message import ENGLISH, LanguageRules, msg
from bot.core.messages.speaking import speaking
from bot.core.tasks import cancelled
from bot.core.x.references import TweetRef

# Seconds before the second try where Slack asks for no wait, doubled each time.
_PAUSE = 0.2
_TRIES = 5
# Slack's words for a request that is wrong in itself.
_OURS = frozenset(
    {"invalid_arguments", "invalid_blocks", "invalid_form_data", "view_too_large", "bad_request"}
    | {"missing_scope"}
)
_SPENT = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "invalid_trigger"})
_RUN_AGAIN = msg("Run the command again.")
_log = logging.getLogger(__name__)


class Opener:
    """Opens at most one view for one trigger."""

    def __init__(
        self, client: AsyncWebClient, trigger: str, *, until: float, clock: Clock, sleep: Sleep
    ) -> None:
        """until: when the trigger ends, in seconds of clock."""
        self._client = client
        self._trigger = trigger
        self._until = until
        self._clock = clock
        self._sleep = sleep
        self._lock = asyncio.Lock()
        self._view: Json | None = None
        self._timer: asyncio.Task[None] | None = None
        self._rules: LanguageRules = ENGLISH

    @property
    def _name(self) -> str:
        """A name of ours: it holds even where Slack's answer, with the name that Slack gave, is lost."""
        return f"xquik-{sha256(self._trigger.encode()).hexdigest()[:32]}"

    def speak(self, rules: LanguageRules) -> None:
        """In which language the loading view is said."""
        self._rules = rules

    @property
    def is_open(self) -> bool:
        """Whether a view stands on the person's screen because of this."""
        return self._view is not None

    def expect(self) -> None:
        """A form is likely: hold its place if it takes long."""
        if self._trigger:
            self._timer = asyncio.create_task(self._hold())

    async def show(self, view: Json) -> None:
        """Open the view, or put it in the place of the loading view. Expired when it is too late."""
        async with self._lock:
            await self._stop()
            try:
                if self._view is not None:
                    await self._client.views_update(**self._view, view=view | {"external_id": self._name})
                elif self._trigger:
                    await self._open(view)
                else:
                    raise Expired(msg("A form cannot be opened from here."), remedy=_RUN_AGAIN)
            except TROUBLES as error:
                code = code_of(error)
                if self._view is not None and code == "not_found":
                    return  # the person closed the loading view: they do not want the form any more
                if code in _SPENT:
                    raise Expired(
                        msg("Slack opens a form only within three seconds, and this one took longer."),
                        remedy=_RUN_AGAIN,
                    ) from None
                if code in _OURS:
                    raise
                note(_log, logging.WARNING, "a form could not be opened", error)
                raise AnswerLost(msg("Slack did not open the form.")) from None

    async def tell(self, card: Card) -> bool:
        """Put words in place of a loading view; False when none is open."""
        async with self._lock:
            await self._stop()
            if self._view is None:
                return False
            try:
                told = notice(card) | {"external_id": self._name}
                await self._client.views_update(**self._view, view=told)
            except TROUBLES as error:
                note(_log, logging.INFO, "views.update", error)
                return False
            return True

    async def settle(self) -> None:
        """No form will come."""
        if self._timer is None and not self._lock.locked():
            return
        async with self._lock:
            await self._stop()

    async def _hold(self) -> None:
        await self._sleep(limits.LOADING_AFTER)
        async with self._lock:
            self._timer = None
            if self._view is None:
                with speaking(self._rules):
                    view = loading()
                with suppress(*TROUBLES):
                    await self._open(view)

    async def _open(self, view: Json) -> None:
        named = view | {"external_id": self._name}
        pause, left = _PAUSE, _TRIES
        while True:
            left -= 1
            try:
                async with asyncio.timeout(max(_PAUSE, self._until - self._clock())):
                    opened = await self._client.views_open(trigger_id=self._trigger, view=named)
                self._view = {"view_id": str(opened["view"]["id"])}
                return
            except TROUBLES as error:
                wait = _wait(error, pause)
                if wait is None or not left or self._clock() + wait >= self._until:
                    raise
                lost = not code_of(error)
            pause *= 2
            await self._sleep(wait)
            if lost and await self._stands(named):
                return

    async def _stands(self, view: Json) -> bool:
        """Whether the view was opened, and only Slack's answer was lost."""
        with suppress(*TROUBLES):
            await self._client.views_update(external_id=self._name, view=view)
            self._view = {"external_id": self._name}
        return self._view is not None

    async def _stop(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            await cancelled([timer])


def _wait(error: BaseException, pause: float) -> float | None:
    """Seconds until another try makes sense; None when none does."""
    match outcome(error):
        case Busy(seconds, _):
            return seconds
        case Unknown():
            return pause
        case _:
            return None


class TypedLine(msgspec.Struct, frozen=True):
    """A line as it was typed. parsed: None where it is help or an error, which the core says itself.
    asks: it will be answered with a form. harmless: as of its command, of help too."""

    text: str
    parsed: Parsed | None
    asks: bool
    harmless: bool


def typed_line(catalogue: Catalogue, text: str) -> TypedLine:
    """What a line means, before anything is done with it."""
    try:
        parsed = parse(catalogue, text)
    except BotError:
        return TypedLine(text, None, asks=False, harmless=False)
    if isinstance(parsed, HelpWanted):
        return TypedLine(text, None, asks=False, harmless=True)
    return TypedLine(text, parsed, _asks(parsed.command, parsed.values), parsed.command.harmless)


def offer_asks(catalogue: Catalogue, offer: Offer, posts: Sequence[TweetRef]) -> bool:
    """Whether an entry of the menu of a message will be answered with a form. posts: what it links to."""
    command = catalogue.command(offer.path)
    if command is None or len(posts) != 1:
        return False
    return offer.asks or _asks(command, {offer.option: (posts[0].url,)})


def _asks(command: Command[Any], values: Values) -> bool:
    """Whether the form of a command opens with these values."""
    if command.form_first:
        return True
    if lacks_nothing(command, values):
        return False
    try:
        bind(command, values)
    except MissingOptions:
        return True
    except BotError:
        return False
    return False


def press_asks(catalogue: Catalogue, ref: ActionRef) -> bool:
    """Whether a button will be answered with a form."""
    action = catalogue.action(ref.name)
    return ref.name in (FORM_ACTION, FORM_AGAIN, ACTION_AGAIN) or (
        action is not None and action.form is not None
    )
