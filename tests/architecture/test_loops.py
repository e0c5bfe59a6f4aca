"""What is done again and again with pauses is a `Periodic`; every other loop that waits says why not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.documents import Document
from tests.architecture.parsed import tree_of

ROOT = Path(__file__).parents[2]
WAITS = frozenset({"sleep", "_sleep", "pause", "wait_for", "timeout", "timeout_at"})
TIMERS = frozenset({"call_later", "call_at"})
ENDLESS = frozenset({"count", "cycle", "repeat"})
# Parts of other programs, which share nothing with the bot.
ELSEWHERE = "bot/sandbox/"

RUNNER = "what runs periodic work"
RETRY = "tries one thing again, with growing pauses, and ends with it"
WAITING = "somebody waits there for one thing, and goes on with it"
EVENTS = "is woken by what happens; the pause is for what nobody told of"
BREATH = "one run in small transactions, with a breath between them"
HEARTBEAT = "the heartbeat of a lock, which nothing may hold up and which storage has below all work"
OTHERS = "the loop of a library, without its pauses"
REASONS = {
    "adapters/discord/connection.py": {"Client.launch_shard": RETRY},
    "adapters/discord/interactions.py": {
        "Interactions._handle": "no loop: one timer, for a command that is late with its first answer"
    },
    "adapters/discord/shard.py": {"Shard._renew": RETRY},
    "adapters/playground/hub.py": {"Subscription.events": EVENTS},
    "adapters/slack/asking.py": {"Opener._open": RETRY},
    "adapters/slack/sockets.py": {"new_socket": RETRY},
    "bot/app/demo.py": {"_free_beside": WAITING},
    "bot/jobs/on_asyncio.py": {"AsyncioJobs._go_on": RUNNER},
    "bot/jobs/shared_worker.py": {"SharedWorker._supervise": RETRY, "SharedWorker._watch": HEARTBEAT},
    "bot/proposals/executor.py": {"Executor.outcome": WAITING},
    "bot/relay/fetching/stream.py": {"AccountStream.run": RETRY},
    "bot/relay/pruning.py": {
        "Pruner._drop": BREATH,
        "Pruner._relieve": BREATH,
        "Pruner._relieve_of": BREATH,
        "Pruner._settled": BREATH,
    },
    "bot/relay/routing/router.py": {
        "Router.run": EVENTS,
        "worked_out": "one batch, with turns for others in it",
    },
    "bot/relay/sending/lanes.py": {"LaneDrainer._patiently": RETRY},
    "bot/relay/sending/scheduler.py": {
        "AsyncioScheduler._set_timer": EVENTS,
        "AsyncioScheduler.run": EVENTS,
    },
    "bot/relay/sending/shared_scheduler.py": {
        "SharedScheduler._bury": "by every process that drains, for as long as it does, and for nobody else",
        "SharedScheduler.run": EVENTS,
    },
    "bot/storage/places/claims.py": {
        "StoredClaims.claim": "no loop: what was claimed meanwhile is stored together, once"
    },
    "bot/storage/engine/hearing.py": {"_hear": EVENTS},
    "bot/storage/engine/session_lock.py": {"SessionLock._back": RETRY, "SessionLock._beat": HEARTBEAT},
    "bot/storage/engine/session_locks.py": {"SessionLocks._beat": HEARTBEAT},
    "bot/storage/engine/sqlite_file.py": {"configure": WAITING},
    "bot/storage/engine/writing_turn.py": {"WritingTurn._locked": WAITING},
    "bot/web/leaving.py": {"LeavingServer.main_loop": OTHERS},
    "bot/web/whole_deliveries.py": {"DeliveringProtocol._parse": WAITING},
    "bot/xquik/limits.py": {"RateLimiter.acquire": WAITING},
    "bot/xquik/transport/client.py": {"Transport.request": RETRY},
}


def test_no_other_module_makes_a_timed_loop_by_hand() -> None:
    found = {
        str(path.relative_to(ROOT)): timed_loops(path.read_text(encoding="utf-8"))
        for package in ("bot", "adapters")
        for path in sorted((ROOT / package).rglob("*.py"))
    }
    by_hand = {name: loops for name, loops in found.items() if loops and not name.startswith(ELSEWHERE)}
    assert by_hand == {name: set(reasons) for name, reasons in REASONS.items()}


@pytest.mark.parametrize(
    "breach",
    [
        "async def f():\n    while True:\n        await work()\n        await asyncio.sleep(60)",
        "async def f(self):\n    while not self.stopped:\n        await self._sleep(self.every)",
        "async def f():\n    for turn in itertools.count():\n        await sleep(turn)",
        "async def f(e):\n    while True:\n        async with asyncio.timeout(5):\n            await w()",
        "class A:\n  async def f(self):\n    while True:\n      await self._rest()\n"
        "  async def _rest(self):\n    await asyncio.wait_for(self.e.wait(), 5)",
        "def again():\n    loop.call_later(60, again)",
    ],
)
def test_a_loop_by_hand_is_seen(breach: str) -> None:
    assert timed_loops(breach)


@pytest.mark.parametrize(
    "other",
    [
        "async def f(q):\n    while True:\n        await work(await q.get())",
        "async def f():\n    for pause in (1, 2, 3):\n        await asyncio.sleep(pause)",
        "async def f():\n    await asyncio.sleep(1)",
    ],
)
def test_what_ends_by_itself_or_waits_for_no_time_is_none(other: str) -> None:
    assert not timed_loops(other)


def functions(tree: ast.AST, name: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Every function with its name, as in `Class.method`; what is nested in one belongs to it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from functions(node, f"{name}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name}{node.name}", node
        else:
            yield from functions(node, name)


def called(node: ast.AST) -> set[str]:
    """What is called in it: `.sleep` of anything, `self._sleep`, `wait`."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            of = one.func.value
            found.add(f"{of.id if isinstance(of, ast.Name) else ''}.{one.func.attr}")
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Name):
            found.add(one.func.id)
    return found


def is_endless(loop: ast.AST) -> bool:
    """A `for` ends with what it goes over, unless that does not end."""
    if isinstance(loop, ast.For | ast.AsyncFor):
        return any(name.rpartition(".")[2] in ENDLESS for name in called(loop.iter))
    return isinstance(loop, ast.While)


def waits_for_time(node: ast.AST) -> bool:
    return any(name.rpartition(".")[2] in WAITS for name in called(node))


def timed_loops(source: str) -> set[str]:
    """Functions in which a loop waits for time, itself or by a function of the same file; and those that set
    a timer, which may do so again and again."""
    if not any(word in source for word in WAITS | TIMERS):
        return set()
    found = dict(functions(tree_of(source)))
    waiting = {name.rpartition(".")[2] for name, node in found.items() if waits_for_time(node)}
    own = {f"self.{name}" for name in waiting} | waiting
    loops = {name: [loop for loop in ast.walk(node) if is_endless(loop)] for name, node in found.items()}
    return {
        name
        for name, node in found.items()
        if any(waits_for_time(loop) or called(loop) & own for loop in loops[name])
        or any(one.rpartition(".")[2] in TIMERS for one in called(node))
    }


def declared() -> set[tuple[str, str]]:
    """The name and the scope of all periodic work."""
    found = set()
    for path in sorted((ROOT / "bot").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if " Periodic(" not in source and "[Periodic(" not in source:
            continue
        tree = tree_of(source)
        constants = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        } | {
            node.target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Periodic":
                name, scope = node.args[0], ast.unparse(node.args[3])
                called = name.value if isinstance(name, ast.Constant) else constants[ast.unparse(name)]
                found.add((str(called), scope.removeprefix("JobScope.").lower()))
    return found


def test_the_table_of_periodic_work_has_all_of_it_and_no_other() -> None:
    section = Document.read("docs/architecture.md").section("## Periodic work")
    rows = re.findall(r"^\| `([\w-]+)` \| (process|installation) \|", section, re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert set(rows) == declared()
