"""Everything people, the vendor and a crash can do to proposals, in any order."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.core.access import Actor
from bot.core.errors import BotError
from bot.core.proposal_states import ProposalState
from bot.storage.engine.database import Database
from tests import fuzzing
from tests.conftest import ManualClock, PostgresServer
from tests.proposals.harness import ANN, BOB, EVE, PEOPLE, ProposalsHarness
from tests.proposals.vendor import Vendor

STEPS = ("claimed", "dispatching", "answered", "polling", "postponed", "settling", "settled")
MAY_PUBLISH = (ANN, BOB)
ENDED = (ProposalState.DONE, ProposalState.FAILED, ProposalState.UNKNOWN)


class Killed(BaseException):
    """The process is gone."""


class Killer:
    """Stops the executor where a step is reached for the n-th time."""

    def __init__(self) -> None:
        self.at: tuple[str, int] | None = None

    def __call__(self, name: str) -> None:
        if self.at is None or self.at[0] != name:
            return
        self.at = (name, self.at[1] - 1)
        if self.at[1] == 0:
            self.at = None
            raise Killed


class ProposalMachine(RuleBasedStateMachine):
    """One tenant, three people of whom one may not publish, and a process that dies."""

    new_url: Callable[[], str]
    drop: Callable[[str], None]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.directory = Path(tempfile.mkdtemp(prefix="proposals-"))
        self.killer = Killer()
        self.keys: list[str] = []
        self.allowed: dict[str, str] = {}
        self.ended: dict[str, tuple[Any, ...]] = {}

    def run(self, work: Any) -> Any:
        """The result of a coroutine, on this machine's loop."""
        return self.loop.run_until_complete(work)

    @initialize()
    def begin(self) -> None:
        self.url = type(self).new_url()
        self.database = self.run(Database.open(self.url))
        self.house = ProposalsHarness(self.database, ManualClock(), self.directory)
        self.house.rebuild(self.killer)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.killer.at = None
            self.house.vendor.plan.clear()
            self.house.vendor.polls.clear()
            self.restart()
            self.run(self.house.finish())
            self.truths()
            self.run(self.every_end())
            self.run(self.house.executor.stop())
            self.run(self.database.close())
            type(self).drop(self.url)
        self.loop.close()
        shutil.rmtree(self.directory)

    # --- what people do ----------------------------------------------------------------------

    @rule(who=st.sampled_from(MAY_PUBLISH), words=st.text("abc ", min_size=1, max_size=8))
    def propose(self, who: Actor, words: str) -> None:
        payload = {"account": "acme", "text": f"{words}.{len(self.keys)}"}
        self.keys.append(self.run(self.house.open(payload, who=who)))

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def confirm(self, data: st.DataObject, who: Actor) -> None:
        key = data.draw(st.sampled_from(self.keys))
        if self.press("confirm", key, who) is not None:
            assert who in MAY_PUBLISH
            assert key not in self.allowed, "claimed twice"
            self.allowed[key] = who.id

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), people=st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=5))
    def confirm_together(self, data: st.DataObject, people: list[Actor]) -> None:
        key = data.draw(st.sampled_from(self.keys))

        async def together() -> list[Any]:
            presses = [self.house.press("confirm", key, who) for who in people]
            return await asyncio.gather(*presses, return_exceptions=True)

        answers = self.run(together())
        won = [
            who
            for who, answer in zip(people, answers, strict=True)
            if not isinstance(answer, BaseException) and answer.replace
        ]
        assert len(won) <= 1
        if won:
            assert won[0] in MAY_PUBLISH
            assert key not in self.allowed
            self.allowed[key] = won[0].id

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), who=st.sampled_from(PEOPLE), words=st.text("xyz", min_size=1, max_size=8))
    def edit(self, data: st.DataObject, who: Actor, words: str) -> None:
        key = data.draw(st.sampled_from(self.keys))
        card = self.press("edit", key, who, {"text": f"{words}.{len(self.keys)}"})
        if card is not None:
            assert who in MAY_PUBLISH
            assert key not in self.allowed
            self.keys.append(card.buttons[0].action.key)

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def cancel(self, data: st.DataObject, who: Actor) -> None:
        key = data.draw(st.sampled_from(self.keys))
        if self.press("cancel", key, who) is not None:
            assert key not in self.allowed
            assert who is not EVE

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def try_again(self, data: st.DataObject, who: Actor) -> None:
        key = data.draw(st.sampled_from(self.keys))
        card = self.press("retry", key, who)
        if card is not None:
            assert who in MAY_PUBLISH
            assert self.run(self.house.row(key)).state is ProposalState.FAILED
            self.keys.append(card.buttons[0].action.key)

    # --- what the world does -----------------------------------------------------------------

    @rule(
        plans=st.lists(st.sampled_from(Vendor.PLANS), max_size=3),
        polls=st.lists(st.sampled_from(Vendor.POLLS), max_size=3),
        kill=st.none() | st.tuples(st.sampled_from(STEPS), st.integers(1, 2)),
        who=st.sampled_from(MAY_PUBLISH),
        seconds=st.sampled_from((0, 5, 400)),
    )
    def confirm_in_trouble(
        self, plans: list[str], polls: list[str], kill: Any, who: Actor, seconds: int
    ) -> None:
        """The usual way of a post, with a vendor and a process that do not have their day."""
        self.house.vendor.plan.extend(plans)
        self.house.vendor.polls.extend(polls)
        self.killer.at = kill
        self.keys.append(self.run(self.house.open({"account": "acme", "text": f"t{len(self.keys)}"})))
        assert self.press("confirm", self.keys[-1], who) is not None
        self.allowed[self.keys[-1]] = who.id
        self.sweep()
        self.house.clock.advance(seconds)
        self.sweep()

    @rule(seconds=st.sampled_from((1, 5, 60, 400, 1000)))
    def time_passes(self, seconds: int) -> None:
        self.house.clock.advance(seconds)

    @rule()
    def sweep(self) -> None:
        """Everything that is due goes on by a step; what was killed stays as it is."""
        self.run(self.house.executor.sweep())

    @rule(step=st.sampled_from(STEPS), nth=st.integers(1, 2))
    def will_be_killed(self, step: str, nth: int) -> None:
        self.killer.at = (step, nth)

    @rule()
    def restart(self) -> None:
        async def again() -> None:
            await self.house.executor.stop()
            self.house.rebuild(self.killer)
            await self.house.executor.recover()
            await self.house.executor.stop()

        self.run(again())

    # --- what is always true -----------------------------------------------------------------

    @invariant()
    def truths(self) -> None:
        if not hasattr(self, "house"):
            return
        vendor = self.house.vendor
        rows = [self.run(self.house.row(key)) for key in self.keys]
        by_key = {row.idempotency_key: row for row in rows}
        assert len(by_key) == len(rows), "a key was used for two proposals"
        posted = Counter(tweet["key"] for tweet in vendor.tweets)
        for _, _, key, body in vendor.writes():
            row = by_key[key or ""]
            assert row.id in self.allowed, "a write without a claim"
            assert row.payload["text"] in body.decode()
        assert len({(w[2], w[3]) for w in vendor.writes()}) == len({w[2] for w in vendor.writes()})
        for row in rows:
            assert posted[row.idempotency_key] <= 1
            assert (row.id in self.allowed) == (row.claimed_at is not None)
            if row.state is ProposalState.DONE:
                assert posted[row.idempotency_key] == 1
            if row.state is ProposalState.FAILED and (row.result or {}).get("again"):
                assert posted[row.idempotency_key] == 0, "offered again, and posted"
            if row.state in ENDED:
                told = (row.state, (row.result or {}).get("detail"), row.settled_at)
                assert self.ended.setdefault(row.id, told) == told, "an outcome changed"

    async def every_end(self) -> None:
        """At the end all that was confirmed has ended, and each end was told exactly once."""
        kept = Counter(row.purpose for row in await self.house.outcomes())
        ended = [key for key in self.keys if (await self.house.row(key)).state in ENDED]
        assert set(ended) == set(self.allowed)
        assert kept == Counter(f"p:{key}" for key in ended)

    def press(self, name: str, key: str, who: Actor, values: Any = None) -> Any:
        """The card that took the place of the pressed message, or None when nothing was decided."""

        async def pressed() -> Any:
            try:
                return await self.house.press(name, key, who, values)
            except BotError:
                return None

        reply = self.run(pressed())
        return reply.card if reply is not None and reply.replace else None


RULES = settings(
    deadline=None,
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


def test_no_order_of_events_posts_twice_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    def new_url() -> str:
        path = Path(tempfile.mkdtemp(dir=tmp_path)) / "bot.db"
        shutil.copyfile(sqlite_template, path)
        return f"sqlite:///{path}"

    def drop(url: str) -> None:
        shutil.rmtree(Path(url.removeprefix("sqlite:///")).parent)

    run_machine(new_url, drop, examples=30)


def test_no_order_of_events_posts_twice_on_postgresql(postgres: PostgresServer) -> None:
    run_machine(lambda: postgres.create(tables=True), postgres.drop, examples=6)


def run_machine(new_url: Callable[[], str], drop: Callable[[str], None], examples: int) -> None:
    machine = type("Machine", (ProposalMachine,), {"new_url": new_url, "drop": drop})
    machine.new_url, machine.drop = staticmethod(new_url), staticmethod(drop)  # type: ignore[attr-defined]  # made here
    run_state_machine_as_test(machine, settings=settings(RULES, max_examples=fuzzing.examples(examples)))
