"""(a) Durable intake against a bare handler: requests a second, and the slowest of a hundred.

The two servers are up all the time and take the load in turns, so that whatever else the machine does
meets both.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

from benchmarks.children import Child, child
from benchmarks.databases import Databases, on_each
from benchmarks.figures import Figure, at_most, ratio_at_least, ratio_at_most
from benchmarks.options import Options
from benchmarks.relay_parts import TENANT
from benchmarks.seeding import add_routes, filling

_LANES = 3
_CATCH_UP_SECONDS = 30.0
_AGAINST = "bare handler"


def run(options: Options) -> list[Figure]:
    """Requests a second, p99, and how far the router is behind when the load ends."""
    return on_each(options.databases, partial(_measured, options))


def _measured(options: Options, databases: Databases) -> list[Figure]:
    title = "intake, the loop's thread of the durable server"
    with servers(options, databases, title) as (bare, ours, load):
        return _measure(options, bare, ours, load)


@contextmanager
def servers(options: Options, databases: Databases, title: str) -> Iterator[tuple[Child, Child, Child]]:
    """The bare handler, the durable intake with its relay, and what sends to them. title: of a profile."""
    with tempfile.TemporaryDirectory(prefix="xquik-bench-") as directory:
        url = databases.new()
        with filling(url) as connection:
            add_routes(connection, str(TENANT), _LANES)
        common = {"loop": options.loop, "url": url, "server": databases.server, "log": f"{directory}/log"}
        profile = title if options.profile else None
        with (
            child(
                "benchmarks.intake_server", {"kind": "bare", **common, "log": f"{directory}/bare.log"}
            ) as bare,
            child("benchmarks.intake_server", {"kind": "durable", "profile": profile, **common}) as ours,
            child("benchmarks.load", {"connections": options.scale.connections}) as load,
        ):
            yield bare, ours, load


def _measure(options: Options, bare: Child, ours: Child, load: Child) -> list[Figure]:
    scale = options.scale
    for server in (bare, ours):
        slice_of(load, server, min(1.0, scale.seconds), scale.most_requests)
    caught_up(ours)
    before = {"bare": bare.ask("cpu")["cpu"], "ours": ours.ask("cpu")["cpu"]}
    theirs, own, behind, late, held = [], [], [], [], []
    for _ in range(scale.rounds):
        theirs.append(slice_of(load, bare, scale.seconds, scale.most_requests))
        ours.ask("held")
        own.append(slice_of(load, ours, scale.seconds, scale.most_requests))
        held.append(ours.ask("held"))
        unrouted = ours.ask("standing")["unrouted"]
        behind.append(unrouted)
        late.append(unrouted / own[-1]["per_second"])
        caught_up(ours)
    after = {"bare": bare.ask("cpu")["cpu"], "ours": ours.ask("cpu")["cpu"]}
    rates = _paired(own, theirs, "per_second")
    slow = _paired(own, theirs, "p99")
    where = (
        _per_request("durable", before["ours"], after["ours"], own),
        _per_request("bare", before["bare"], after["bare"], theirs),
        f"durable: the loop was held for {median(h['p99'] for h in held):.1f} ms (p99), "
        f"{max(h['most'] for h in held):.0f} ms at most",
        f"the load generator was busy {max(r['busy'] for r in (*own, *theirs)):.0%} of the time at most",
    )
    return [
        Figure("intake", *rates, _AGAINST, target=ratio_at_least(0.65), notes=where),
        Figure("intake p99", *slow, _AGAINST, target=ratio_at_most(3.0)),
        Figure(
            "intake: router behind",
            max(late),
            "s of events",
            target=at_most(1.0),
            notes=(f"events stored and not yet routed when a slice ends: {', '.join(map(str, behind))}",),
        ),
    ]


def slice_of(load: Child, server: Child, seconds: float, most: int, rate: float = 0.0) -> dict[str, Any]:
    """Send to a server for that long. rate: requests a second; 0: as many as it answers."""
    found = load.ask(f"{server.ready['port']} {seconds} {most} {rate}")
    if found["refused"]:
        raise RuntimeError(
            f"{found['refused']} of {found['requests']} requests were refused: {found['refusal']}"
        )
    return found


def _second(pair: tuple[str, float]) -> float:
    return -pair[1]


def _paired(
    own: Sequence[dict[str, Any]], theirs: Sequence[dict[str, Any]], key: str
) -> tuple[float, str, float]:
    """Value, unit and baseline of the round whose ratio is the median of the rounds' ratios."""
    pairs = sorted(((o[key], t[key]) for o, t in zip(own, theirs, strict=True)), key=lambda p: p[0] / p[1])
    value, baseline = pairs[len(pairs) // 2]
    return (value, "/s", baseline) if key == "per_second" else (value * 1000, "ms", baseline * 1000)


def _per_request(
    name: str, before: dict[str, float], after: dict[str, float], rounds: Sequence[dict[str, Any]]
) -> str:
    requests = sum(found["requests"] for found in rounds)
    spent = {kind: (after[kind] - before.get(kind, 0.0)) / requests * 1e6 for kind in after}
    parts = ", ".join(
        f"{kind} {micros:.0f}" for kind, micros in sorted(spent.items(), key=_second) if micros >= 1
    )
    p50 = median(found["p50"] for found in rounds) * 1000
    return f"{name}: processor µs a request by thread: {parts}; p50 {p50:.1f} ms"


def caught_up(server: Child) -> None:
    """Wait until nothing is left unrouted."""
    deadline = time.monotonic() + _CATCH_UP_SECONDS
    while server.ask("standing")["unrouted"]:
        if time.monotonic() > deadline:
            raise RuntimeError("the router did not catch up")
        time.sleep(0.02)
