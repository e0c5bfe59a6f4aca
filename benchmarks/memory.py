"""(e) Memory with ten thousand tenants and a hundred thousand routes, all of them in use."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from sqlalchemy import text

from benchmarks import seeding
from benchmarks.children import child
from benchmarks.figures import Figure, at_most
from benchmarks.options import Options
from benchmarks.seeding import NOW, filling

_HOLDERS = 8


def run(options: Options) -> list[Figure]:
    """Resident memory after an event of every tenant was routed."""
    tenants, routes = options.scale.tenants, options.scale.routes_in_all
    with tempfile.TemporaryDirectory(prefix="xquik-bench-") as directory:
        url = seeding.url(seeding.new_database(Path(directory)))
        fill(url, tenants, routes // tenants)
        with child("benchmarks.memory_child", {"url": url}) as measured:
            found = measured.ready
    with child("benchmarks.libraries_child", {"names": None}) as bot:
        names = bot.ready["names"]
    with child("benchmarks.libraries_child", {"names": names}) as alone:
        libraries = alone.ready["resident"]
    with child("benchmarks.holders_child", {}) as loaded:
        held = Counter(loaded.ready["held"]).most_common(_HOLDERS)
    return [
        Figure(
            "memory, wired and nothing loaded, over its libraries",
            found["before"] - libraries,
            "MiB",
            libraries,
            "its libraries alone",
            at_most(30),
            (
                f"{found['before']:.0f} MiB in all; the largest holders: "
                + ", ".join(f"{name} {size / 2**20:.1f} MiB" for name, size in held),
            ),
        ),
        Figure(
            f"memory, {tenants:,} tenants, {routes:,} routes",
            found["after"],
            "MiB",
            found["before"],
            "wired, nothing loaded",
            at_most(250),
            (f"at most {found['most']:.0f} MiB; {found['events']:.0f} events routed, all indexes held",),
        ),
    ]


def fill(url: str, tenants: int, each: int) -> None:
    """Tenants with hooks, routes with accounts and types of their own, and one event for each tenant."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
    values = {"last": tenants - 1, "all": tenants * each - 1, "each": each, "now": NOW}
    statements = (
        "INSERT INTO tenants (tenant, name, created_at) SELECT 'discord:' || i, 'Guild ' || i, :now FROM n",
        "INSERT INTO hooks (id, tenant, created_at) SELECT 'hook' || i, 'discord:' || i, :now FROM n",
        "INSERT INTO cursors (name, position) SELECT 'routes:discord:' || i, 1 FROM n",
        "INSERT INTO events (tenant, identity, body_hash, type, username, data, occurred_at, received_at,"
        " via) SELECT 'discord:' || i, 'e:1', zeroblob(32), 'tweet.new', 'account0of' || i, '{}', :now, :now,"
        " 'webhook' FROM n",
    )
    routes = (
        "INSERT INTO routes (id, tenant, name, accounts, events, created_at)"
        " SELECT 'route' || i, 'discord:' || (i / :each), 'route' || (i % :each),"
        " '[\"account' || (i % :each) || 'of' || (i / :each) || '\"]',"
        ' \'["tweet.new","tweet.quote"]\', :now FROM n',
        "INSERT INTO route_places (route, lane, tenant, position, channel) SELECT 'route' || i,"
        " 'discord:' || (i / :each) || '/90000' || i, 'discord:' || (i / :each), 0, '90000' || i FROM n",
    )
    with filling(url) as connection:
        for statement in statements:
            connection.execute(text(numbers + statement), values)
        for statement in routes:
            connection.execute(text(numbers.replace(":last", ":all") + statement), values)
        connection.execute(text("ANALYZE"))
