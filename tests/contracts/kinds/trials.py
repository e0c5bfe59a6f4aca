"""Every kind through one way it can end, on one side: what was seen at each step, and what came of it.

The kinds are asked for one after another and confirmed at the same time, since people wait for outcomes, not
this machine.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import update

from bot.core.proposal_states import ProposalState
from bot.features.catalogue import PROPOSAL_KINDS
from bot.features.shared.tweet_kinds import POST, THREAD
from bot.proposals.kinds import ProposalKind
from bot.storage.tables import proposals
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.write_kinds import WRITES
from tests.contracts.kinds.sides import KindSide, Look, Message
from tests.features.harness import TWEET
from tests.features.test_every_kind import COUNTED, FIRST, LINES, REQUESTS, TICKET
from tests.journeys.run.harness import until

# What takes long tells in messages of its own how it ended: tests/contracts/test_messenger_contract.py and
# tests/features/test_listing_files.py.
_SHORT = tuple(kind for kind in PROPOSAL_KINDS if not kind.stops)
# A second account is in the way of everything that is asked for after it, so it is asked for last.
LEAVING = "account.disconnect"
ALL = (*sorted(kind.name for kind in _SHORT if kind.name != LEAVING), LEAVING)
KEYED = tuple(sorted(kind.name for kind in _SHORT if kind.write is not None))
# A page to pay on is made anew when its answer was lost; a page costs nothing.
MADE_ANEW = frozenset({"subscribe.link"})
LEAVER = "esa"
EDITED = "Changed before it was confirmed 🚀"
# What an edited text has to go on with, to be one of its kind.
_MORE = {"tweet.thread": " --- And more."}
REFUSED = "There is no such thing on X."
# What the sandbox counts of the kinds that are no keyed write.
_COUNTED = {
    **COUNTED,
    "monitor.start": "monitors",
    "extraction.run": "extractions",
    "extraction.cancel": "canceled_extractions",
}
_LINKS = "POST /subscribe"
_numbers = itertools.count(1)


@dataclass
class Trial:
    """One kind, tried. line: as it was typed; preview: as it was asked for; edited: after Edit; meanwhile:
    once Xquik had taken it and was not finished; end: once it was over; title: of the outcome, as the core
    has it; posts: messages that came beside the preview; told: private answers; direct: direct messages;
    happened: how often Xquik did it."""

    kind: ProposalKind
    line: str
    message: Message
    preview: Look
    edited: Look | None = None
    meanwhile: Look | None = None
    end: Look = field(default_factory=lambda: Look(""))
    title: str = ""
    stored: StoredProposal | None = None
    posts: int = 0
    told: list[str] = field(default_factory=list)
    direct: list[str] = field(default_factory=list)
    happened: int = 0
    key: str = ""

    @property
    def late(self) -> tuple[str, ...]:
        """What a second press is told: while the first is under way, once it is over, or where the page that
        pressed still shows a button that is gone."""
        under_way = f"Already in progress: {self.kind.words({}).running}"
        return (under_way, "already confirmed this, and it was done", "That message has changed")

    def among(self, direct: list[str]) -> list[str]:
        """The direct messages that tell how this one ended."""
        # Of what is written to one person the outcome names the person, and never the text.
        word = "@nasa" if self.kind.sealed else self.line.split()[-1].rpartition(":")[2].strip('"')
        # Platforms put a mark before what they would read as their own.
        return [one for one in direct if self.title in one and word in one.replace("\\", "")]


class Trials:
    """Tries all kinds on a side, in one way after another."""

    def __init__(self, side: KindSide) -> None:
        self.side = side
        self._hands = asyncio.Semaphore(3)

    async def done(self) -> dict[str, Trial]:
        """Edited where that can be, confirmed by two presses at once, and done at once."""
        tried = await self.asked(ALL)
        for trial in tried.values():
            if trial.kind.edit is not None and self.side.pressed:
                await self._edit(trial)
        return await self._ended(tried, presses=2)

    async def accepted(self) -> dict[str, Trial]:
        """Xquik answers 202, and is asked how it stands until it is done: by its own clock, so that this
        machine can take its time."""
        tried = await self.asked(KEYED)
        await self.side.control("writes", outcome="pending", times=len(tried), seconds=3600)

        async def finish() -> None:
            await self._until_all(tried, lambda stored: stored.state is ProposalState.POLLING)
            for trial in tried.values() if self.side.pressed else ():
                trial.meanwhile = await self._running(trial)
            await self.side.control("clock", advance=3600.0)
            await self._sooner()

        return await self._ended(tried, meanwhile=finish)

    async def refused(self) -> dict[str, Trial]:
        """Xquik answers 422."""
        tried = await self.asked(ALL)
        for trial in tried.values():
            await self._fault(trial, status=422, code="x_target_not_found", message=REFUSED)
        return await self._ended(tried)

    async def lost(self) -> dict[str, Trial]:
        """It is done, and the answer does not arrive."""
        tried = await self.asked(ALL)
        for trial in tried.values():
            await self._fault(trial, answer_lost=True)

        async def again() -> None:
            await self._until_all(tried, lambda stored: stored.attempts > 0 or stored.state.settled)
            await self._sooner()

        return await self._ended(tried, meanwhile=again)

    # --- steps -------------------------------------------------------------------------------

    async def asked(self, names: Sequence[str]) -> dict[str, Trial]:
        """The previews of these kinds."""
        found: dict[str, Trial] = {}
        for part in (
            [name for name in names if name != LEAVING],
            [name for name in names if name == LEAVING],
        ):
            found |= await self._asked(part)
        return found

    async def _asked(self, names: Sequence[str]) -> dict[str, Trial]:
        found: dict[str, Trial] = {}
        for name, line in (await self.lines(names)).items():
            kind = PROPOSAL_KINDS[name]
            message = await self.side.ask(line, private=kind.private)
            look = await self.side.look(message)
            found[name] = Trial(kind, line, message, look, key=self.side.key(message))
        return found

    async def lines(self, names: Sequence[str]) -> dict[str, str]:
        """What is typed for these kinds, about tweets of our own."""
        of_tweets = not {*names}.isdisjoint(KEYED)
        liked, deleted = (await self._post(), await self._post()) if of_tweets else ("", "")
        found: dict[str, str] = {}
        for name in names:
            own = deleted
            if name in FIRST and name != "tweet.delete":
                own = await self._made(FIRST[name])
            given = {"job": "", "ticket": "", "leaver": ""}
            if "{job}" in LINES[name]:
                given["job"] = await self._job()
            if "{ticket}" in LINES[name]:
                given["ticket"] = str((await self.side.control("tickets", **TICKET))["id"])
            if "{leaver}" in LINES[name]:
                given["leaver"] = await self._leaver()
            line = LINES[name].format(n=next(_numbers), own=own, **given)
            if name == "credits.topup":
                # What is open is shown in place of another.
                await self.side.control("topups", session="all", status="paid")
            if name == "dm.delete":
                line = line.replace(line.rpartition(":")[2], await self._message())
            found[name] = line if PROPOSAL_KINDS[name].write is None else line.replace(TWEET, liked)
        return found

    async def _job(self) -> str:
        """The id of an extraction that runs, and nobody looks at."""
        request = {"toolType": "follower_explorer", "targetUsername": "cafe_luna", "resultsLimit": 12}
        return str((await self.side.control("jobs", request=request))["id"])

    async def _leaver(self) -> str:
        """An account that is connected beside the one that acts."""
        connected = await self.side.control("accounts", username=LEAVER)
        return str(connected["username"])

    async def _left(self) -> None:
        """What did not leave when it was tried leaves, out of the way of the next way."""
        await self.side.confirm(await self.side.ask(f"account disconnect {LEAVER}", private=True))

        async def gone() -> bool:
            return int((await self.side.control("state", "GET"))["accounts"]) == 1

        await until(gone, what="the disconnection")

    async def _message(self) -> str:
        """The id of a message that stands there: each is deleted once."""
        written = {"from": "nasa", "to": "xquik_demo", "text": "Look up tonight."}
        return str((await self.side.control("messages", **written))["id"])

    async def _post(self) -> str:
        """The link of a tweet that was just posted."""
        return await self._made('tweet post "Something of ours {n}"')

    async def _made(self, line: str) -> str:
        """The link of what such a line made."""
        message = await self.side.ask(line.format(n=next(_numbers)), private=False)
        await self.side.confirm(message)
        return await self._linked(message)

    async def _linked(self, message: Message) -> str:
        async def there() -> bool:
            return bool(await self.side.link(message))

        await until(there, what="the link of what was posted")
        return await self.side.link(message)

    async def _edit(self, trial: Trial) -> None:
        assert trial.kind.edit is not None
        text = f"{EDITED}{_MORE.get(trial.kind.name, '')}"
        await self.side.fill(trial.message, "Edit", {trial.kind.edit.fields[0][0]: text})

        async def changed() -> bool:
            return EDITED in (await self.side.look(trial.message)).text

        await until(changed, what="the edited preview")
        trial.edited, trial.key = await self.side.look(trial.message), self.side.key(trial.message)

    async def _ended(
        self,
        tried: dict[str, Trial],
        *,
        presses: int = 1,
        meanwhile: Callable[[], Awaitable[None]] | None = None,
    ) -> dict[str, Trial]:
        """Confirm all at once, and see each to its end."""
        before = await self.counts()
        posts = await self.side.posts() if self.side.pressed else 0
        confirming = asyncio.gather(*(self._confirm(trial, presses) for trial in tried.values()))
        if meanwhile is not None:
            await meanwhile()
        for trial, gestures in zip(tried.values(), await confirming, strict=True):
            card = await self.side.app.executor.outcome(self.side.tenant, trial.key)
            trial.title = card.title
            await self._heard(trial)
            trial.end = await self.side.look(trial.message)
            trial.stored = await self.side.stored(trial.key)
            trial.told = await self._told(trial, gestures, presses) if self.side.pressed else []
        after = await self.counts()
        beside = await self.side.posts() - posts if self.side.pressed else 0
        direct = await self.side.direct() if self.side.pressed else []
        for name, trial in tried.items():
            trial.happened = after[name] - before[name]
            trial.posts, trial.direct = beside, direct
        await self.side.control("faults", "DELETE")
        if LEAVING in tried and not tried[LEAVING].happened:
            await self._left()
        return tried

    async def _running(self, trial: Trial) -> Look:
        """The message, once it says that it is under way."""
        words = trial.kind.words({}).running
        seen: list[Look] = []

        async def says_so() -> bool:
            # What it says a moment later may be how it ended.
            seen[:] = [await self.side.look(trial.message)]
            return words in seen[0].text

        await until(says_so, what=f"{words} in its message")
        return seen[0]

    async def _confirm(self, trial: Trial, presses: int) -> list[Any]:
        """A few at a time, since platforms give the bot 3 s for each; a terminal waits for the outcome."""
        if not self.side.pressed:
            return await self.side.confirm(trial.message)
        async with self._hands:
            return await self.side.confirm(trial.message, presses)

    async def _told(self, trial: Trial, gestures: list[Any], presses: int) -> list[str]:
        """What was answered to the presses alone, once a second one of several has its answer."""
        told: list[str] = []

        async def answered() -> bool:
            told[:] = await self.side.told(gestures)
            return presses == 1 or any(late in one for one in told for late in trial.late)

        await until(answered, what=f"what the second press of {trial.kind.name} is told")
        return told

    async def _heard(self, trial: Trial) -> None:
        """Until whoever asked reads in the message how it ended."""

        async def heard() -> bool:
            look = await self.side.look(trial.message)
            return trial.title in look.text and "Confirm" not in look.buttons

        await until(heard, what=f"the outcome of {trial.kind.name} in its message")

    async def _fault(self, trial: Trial, **rule: Any) -> None:
        """A fault for the request of this proposal alone, once."""
        stored = await self.side.stored(trial.key)
        if trial.kind.write is None:
            method, path = REQUESTS[trial.kind.name]
            path = path.replace("*", str(stored.payload.get("ticket", "*")))
        else:
            write = WRITES[trial.kind.write]
            method, path = write.method, write.path.format_map(dict(stored.payload))
        fault = {"method": method, "path": path, "times": 1, **rule}
        await self.side.control("faults", fault=[fault])

    async def _until_all(self, tried: dict[str, Trial], holds: Callable[[StoredProposal], bool]) -> None:
        async def all_do() -> bool:
            return all([holds(await self.side.stored(trial.key)) for trial in tried.values()])

        await until(all_do, what="what is stored of all")

    async def _sooner(self) -> None:
        """What is to be tried again later is due now."""
        due = update(proposals).where(proposals.c.poll_at.is_not(None)).values(poll_at=1.0)
        await self.side.app.database.write(lambda connection: connection.execute(due))
        await self.side.app.executor.sweep()

    async def counts(self) -> dict[str, int]:
        """How often Xquik has done each kind."""
        state = await self.side.control("state", "GET")
        counted = {name: int(state[figure]) for name, figure in _COUNTED.items()}
        counted |= {
            LEAVING: -int(state["accounts"]),
            "subscribe.link": int(state["operations"].get(_LINKS, 0)),
        }
        keyed = {kind.name: int(state["writes"].get(kind.write, 0)) for kind in _SHORT if kind.write}
        # A thread of two parts is a tweet and its answer; nothing else here answers any.
        threads = int(state["replies"])
        return counted | keyed | {POST.name: keyed[POST.name] - 2 * threads, THREAD.name: threads}
