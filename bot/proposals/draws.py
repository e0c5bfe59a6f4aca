"""Draws: they spend credits, so each is sent under the key that was stored with its proposal.

After a crash or a lost answer the same request goes out with the same key, which Xquik answers with the
one draw. Where that says nothing (it is refused, or the click is long ago) the draw is looked up:
`GET /draws` for one of the same tweet, made since it was confirmed. Found: done, with it. Not found after
a while: "not confirmed", and a person may have it offered again. It never goes out under another key.

The payload is `bot.xquik.draw_requests.DrawRequest.body()`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from bot.core.chat.cards import Card
from bot.core.clocks import Clock
from bot.core.errors import BotError, OutcomeUnknown, StorageUnavailable, UpstreamUnavailable
from bot.core.messages.message import msg
from bot.core.x import prices
from bot.core.x.references import find_posts
from bot.proposals.attempts import (
    AttemptDone,
    AttemptFailed,
    AttemptProblem,
    AttemptResult,
    AttemptUnknown,
    NoAnswer,
    never_sent,
)
from bot.proposals.ports import XquikClients
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.client import XquikClient
from bot.xquik.draw_requests import DrawRequest
from bot.xquik.errors import NotSent
from bot.xquik.models import Draw, DrawDetail, moment

OutcomePresenter = Callable[[StoredProposal, DrawDetail], Awaitable[Card]]
"""The card of a finished draw, with its buttons."""

SKEW: Final = 5.0
"""Seconds by which the vendor's clock may be behind ours."""
PATIENCE: Final = 90.0
"""Seconds from the click for which a draw may still be on its way into the list."""
LOOK_AGAIN: Final = 10.0
"""Seconds between two looks."""
REPEATED_FOR: Final = 3_600.0
"""Seconds from the click for which the request is repeated with its key. Later other people have replied,
so it is not run any more; and Xquik does not say for how long it knows a key."""
_PAGES: Final = 4
_UNFINISHED: Final = frozenset({"pending", "queued", "running", "processing"})


class DrawPerformer:
    """Runs `draw.run`. clock: epoch seconds."""

    def __init__(self, clients: XquikClients, present: OutcomePresenter, clock: Clock) -> None:
        self._clients = clients
        self._present = present
        self._clock = clock

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Run the draw under its key; when it may have run already, that finds it, or a look does."""
        if again and self._since_click(proposal) > REPEATED_FOR:
            return await self._look(proposal)
        try:
            request = request_of(proposal.payload)
        except (KeyError, TypeError):
            return AttemptFailed(_NO_DRAW, {"charged": 0})
        try:
            runs = await self._clients.draw_runs(proposal.tenant)
            drawn = await runs.run(request, proposal.idempotency_key)
        except (NotSent, StorageUnavailable) as error:
            return NoAnswer(AttemptProblem.of(error), maybe_sent=again, after=error.retry_after)
        except BotError as error:
            if error.code == _IN_PROGRESS:
                return NoAnswer(_RUNNING, maybe_sent=True, after=error.retry_after or LOOK_AGAIN)
            if again:
                return await self._look(proposal)
            problem = AttemptProblem.of(error).offering(True)
            if isinstance(error, OutcomeUnknown | UpstreamUnavailable) and not never_sent(error):
                return NoAnswer(problem, maybe_sent=True)
            return AttemptFailed(problem.offering(never_sent(error)))
        return await self._done(proposal, await self._whole(proposal, drawn))

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """A look: a draw leaves no write action."""
        return await self._look(proposal)

    async def _whole(self, proposal: StoredProposal, drawn: DrawDetail) -> DrawDetail:
        """The draw with its tweet. The answer to a new one says nothing of that, and without the count
        of replies nobody could see how many were inspected. Looking is free, and never spoils what was
        drawn."""
        if drawn.draw.tweet_reply_count is not None:
            return drawn
        try:
            whole = await (await self._clients.client(proposal.tenant)).draws.show(drawn.draw.id)
        except BotError:
            return drawn
        return whole if whole.winners is not None else DrawDetail(draw=whole.draw, winners=drawn.winners)

    async def _look(self, proposal: StoredProposal) -> AttemptResult:
        try:
            xquik = await self._clients.client(proposal.tenant)
            found = await _find(xquik, proposal)
            if len(found) > 1:
                return AttemptUnknown(_SEVERAL)
            if found and found[0].status not in _UNFINISHED:
                drawn = await xquik.draws.show(found[0].id)
                if _as_asked(drawn, proposal.payload):
                    return await self._done(proposal, drawn)
                found = []
        except BotError as error:
            return NoAnswer(AttemptProblem.of(error).offering(True), maybe_sent=True, after=error.retry_after)
        if found or self._since_click(proposal) < PATIENCE:
            return NoAnswer(_NOT_CONFIRMED, maybe_sent=True, after=LOOK_AGAIN)
        return AttemptUnknown(_NOT_CONFIRMED)

    def _since_click(self, proposal: StoredProposal) -> float:
        return self._clock() - (proposal.claimed_at or proposal.created_at)

    async def _done(self, proposal: StoredProposal, drawn: DrawDetail) -> AttemptDone:
        # Xquik does not say what it charged: each entry that was inspected costs the same.
        entries = drawn.draw.total_entries
        charged = {} if entries is None else {"charged": entries * prices.DRAW_PER_ENTRY}
        return AttemptDone({"draw": drawn.draw.id, **charged}, await self._present(proposal, drawn))


def request_of(payload: Mapping[str, Any]) -> DrawRequest:
    """The request whose body is the payload; KeyError or TypeError when it is no such body."""
    known = {_camel(item.name): item.name for item in fields(DrawRequest)}
    values: dict[str, Any] = {
        known[name]: tuple(value) if isinstance(value, list) else value for name, value in payload.items()
    }
    return DrawRequest(**values)


async def _find(xquik: XquikClient, proposal: StoredProposal) -> list[Draw]:
    """The draws of the tweet that were made since the click. The account may be others' as well, so
    more than one leaves open which is ours."""
    tweet = _tweet_of(proposal.payload.get("tweetUrl"))
    since = (proposal.claimed_at or proposal.created_at) - SKEW
    found: list[Draw] = []
    cursor: str | None = None
    for _ in range(_PAGES):
        page = await xquik.draws.list(cursor)
        for draw in page.items:
            made = moment(draw.created_at)
            if made is None or made.timestamp() < since:
                continue
            if tweet is not None and tweet in (draw.tweet_id, _tweet_of(draw.tweet_url)):
                found.append(draw)
        cursor = page.next_cursor
        if not page.has_more or cursor is None:
            break
    return found


def _as_asked(drawn: DrawDetail, payload: Mapping[str, Any]) -> bool:
    """Whether a draw can be the one that was asked for: no more winners and backups than that."""
    if drawn.winners is None:
        return True
    winners, backups = payload.get("winnerCount") or 1, payload.get("backupCount") or 0
    return len(drawn.main_winners) <= winners and len(drawn.backups) <= backups


def _tweet_of(url: Any) -> str | None:
    return next((found.id for found in find_posts(str(url or ""))), None)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


_IN_PROGRESS: Final = "idempotency_in_progress"
_RUNNING: Final = AttemptProblem(
    msg("The draw is still running"),
    msg("Xquik has the draw and has not finished it."),
    msg("Look at `draw list` in a few minutes; it is not run a second time."),
)
_NO_DRAW: Final = AttemptProblem(
    msg("This is not a draw"),
    msg("What was confirmed can no longer be read."),
    msg("Run `draw run` again."),
)
_SEVERAL: Final = AttemptProblem(
    msg("It is not certain which draw this is"),
    msg("The connection was lost while the draw ran, and Xquik lists several draws of the tweet since then."),
    msg("Look at them with `draw list` before you run it again: a second draw costs credits again."),
    again=True,
)
_NOT_CONFIRMED: Final = AttemptProblem(
    msg("The draw is not confirmed"),
    msg("The connection was lost while the draw ran, and Xquik does not list such a draw."),
    msg("Look at `draw list` once more before you run it again: a second draw costs credits again."),
    again=True,
)
