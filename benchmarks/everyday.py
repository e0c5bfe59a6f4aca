"""(b) An everyday load: processor seconds for 1,000 events that come evenly, with all that is done for them.

At 400 a second hardly two events come together, so nothing is shared between them by itself. Counted are all
processes of the bot, from the first event until the last one is routed; the bare handler takes turns with it.
"""

from __future__ import annotations

from functools import partial
from statistics import median

from benchmarks.children import Child
from benchmarks.databases import Databases, on_each
from benchmarks.figures import Figure, at_most
from benchmarks.intake import caught_up, servers, slice_of
from benchmarks.options import Options

RATE = 400.0
_LONGER = 2.5  # than a slice of the other benchmarks


def run(options: Options) -> list[Figure]:
    """Processor seconds for 1,000 events, and how long a sender waits for the answer."""
    return on_each(options.databases, partial(_measured, options))


def _measured(options: Options, databases: Databases) -> list[Figure]:
    title = "everyday, the loop's thread of the durable server"
    with servers(options, databases, title) as (bare, ours, load):
        return _measure(options, bare, ours, load)


def _measure(options: Options, bare: Child, ours: Child, load: Child) -> list[Figure]:
    seconds = options.scale.seconds * _LONGER
    rate = min(RATE, options.scale.most_requests / seconds)
    theirs: list[float] = []
    own: list[float] = []
    waited: list[float] = []
    parts: dict[str, float] = {}
    events = 0.0
    for number in range(options.scale.rounds + 1):
        spent, _ = _slice(load, bare, seconds, rate)
        used, found = _slice(load, ours, seconds, rate)
        if not number and options.scale.rounds > 1:
            continue  # to warm up
        theirs.append(sum(spent.values()) / found["requests"] * 1000)
        own.append(sum(used.values()) / found["requests"] * 1000)
        waited.append(found["p50"] * 1000)
        events += found["requests"]
        for kind, busy in used.items():
            parts[kind] = parts.get(kind, 0.0) + busy
    by_kind = ", ".join(
        f"{kind} {busy / events * 1000:.2f}"
        for kind, busy in sorted(parts.items(), key=lambda pair: -pair[1])
        if busy / events >= 1e-5
    )
    notes = (f"by process and thread: {by_kind}; an answer takes {median(waited):.1f} ms (p50)",)
    return [
        Figure(
            "everyday",
            median(own),
            "s/1,000 events",
            median(theirs),
            "bare handler",
            target=at_most(0.45),
            notes=notes,
        )
    ]


def _slice(
    load: Child, server: Child, seconds: float, rate: float
) -> tuple[dict[str, float], dict[str, float]]:
    before = server.ask("cpu")["cpu"]
    found = slice_of(load, server, seconds, int(seconds * rate), rate)
    caught_up(server)
    after = server.ask("cpu")["cpu"]
    return {kind: after[kind] - before.get(kind, 0.0) for kind in after}, found
