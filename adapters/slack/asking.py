"""Opening forms within the three seconds that a trigger lives.

When a form is likely and not there after 1.5 s, a loading view takes the trigger, and the form – or
the error that came instead – replaces it.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import limits
from adapters.slack.forms import loading, notice
from adapters.slack.outcomes import code_of
from adapters.slack.ports import Sleep
from adapters.slack.runs import Json
from bot.core.actions import ActionRef
from bot.core.binding import MissingOptions, bind
from bot.core.cards import Card
from bot.core.commands import Catalogue
from bot.core.dispatch import ACTION_AGAIN, FORM_ACTION, FORM_AGAIN
from bot.core.errors import BotError, Expired
from bot.core.grammar import HelpWanted, parse

_SPENT = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "invalid_trigger"})
_log = logging.getLogger(__name__)


class Opener:
    """Opens at most one view for one trigger."""

    def __init__(self, client: AsyncWebClient, trigger: str, sleep: Sleep) -> None:
        self._client = client
        self._trigger = trigger
        self._sleep = sleep
        self._lock = asyncio.Lock()
        self._view: str | None = None
        self._timer: asyncio.Task[None] | None = None

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
                    await self._client.views_update(view_id=self._view, view=view)
                elif self._trigger:
                    await self._open(view)
                else:
                    raise Expired("A form cannot be opened from here.", remedy="Run the command again.")
            except SlackApiError as error:
                if self._view is not None and code_of(error) == "not_found":
                    return  # the person closed the loading view: they do not want the form any more
                if code_of(error) not in _SPENT:
                    raise
                raise Expired(
                    "Slack opens a form only within three seconds, and this one took longer.",
                    remedy="Run the command again.",
                ) from error

    async def tell(self, card: Card) -> bool:
        """Put words in place of a loading view; False when none is open."""
        async with self._lock:
            await self._stop()
            if self._view is None:
                return False
            try:
                await self._client.views_update(view_id=self._view, view=notice(card))
            except SlackApiError as error:
                _log.info("views.update: %s", code_of(error))
                return False
            return True

    async def settle(self) -> None:
        """No form will come."""
        async with self._lock:
            await self._stop()

    async def _hold(self) -> None:
        await self._sleep(limits.LOADING_AFTER)
        async with self._lock:
            self._timer = None
            if self._view is None:
                with suppress(SlackApiError):
                    await self._open(loading())

    async def _open(self, view: Json) -> None:
        opened = await self._client.views_open(trigger_id=self._trigger, view=view)
        self._view = str(opened["view"]["id"])

    async def _stop(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            await asyncio.gather(timer, return_exceptions=True)


def line_asks(catalogue: Catalogue, text: str) -> bool:
    """Whether a typed line will be answered with a form."""
    try:
        parsed = parse(catalogue, text)
        if isinstance(parsed, HelpWanted):
            return False
        if parsed.command.form_first:
            return True
        bind(parsed.command, parsed.values)
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
