"""Retention: what is deleted by its age, from which table, and what is kept while something else stands.

Everything is deleted in small transactions of their own, found by one step into an index, so that no
request waits for it. Events, their messages and what is held have rules of their own (`bot.relay.pruning`).
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from sqlalchemy import Column, ColumnElement, Table, TextClause, and_, bindparam, delete, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tables as t
from bot.storage.engine.database import Database

DAY: Final = 86_400.0
# Rows of one transaction.
BATCH: Final = 1000


class Rule(msgspec.Struct, frozen=True):
    """Rows of a table that may go. age: the column with the epoch seconds from which they age, which an
    index begins with. after: seconds; None for as long as sent messages are kept. of: which rows alone."""

    table: Table
    age: Column[Any]
    after: float | None
    of: ColumnElement[bool] | TextClause = msgspec.field(default_factory=true)


_RULES: Final = (
    # Xquik may repeat a delivery for as long as its timestamp is taken: ten minutes, five either way.
    Rule(t.hook_nonces, t.hook_nonces.c.seen_at, 2 * 600.0),
    # Platforms repeat what they were not answered for within minutes; sessions of the operator end sooner.
    Rule(t.claims, t.claims.c.claimed_at, 7 * DAY),
    # These carry the moment they end at.
    Rule(t.button_states, t.button_states.c.expires_at, 0.0),
    Rule(t.cached_answers, t.cached_answers.c.expires_at, 0.0),
    # By the server's clock, from which ours may differ.
    Rule(t.request_shares, t.request_shares.c.ends_at, 3600.0),
    Rule(t.slack_oauth_states, t.slack_oauth_states.c.expires_at, 0.0),
    Rule(t.gateway_sessions, t.gateway_sessions.c.expires_at, 0.0),
    # A turn that came long ago says nothing any more.
    Rule(t.turns, t.turns.c.due, 3600.0),
    # Previews that came to nothing. What was confirmed is a record, and is kept.
    Rule(t.proposals, t.proposals.c.created_at, None, text("state IN ('cancelled', 'expired')")),
    # A removal that Slack tells of late must find that it is over; a month is more than it takes.
    Rule(
        t.slack_installations,
        t.slack_installations.c.removed_at,
        30 * DAY,
        t.slack_installations.c.removed_at.is_not(None),
    ),
    # These too: half an hour until they are proposed, a day at most from then on.
    Rule(t.media_files, t.media_files.c.expires_at, 0.0),
    Rule(t.media_parts, t.media_parts.c.expires_at, 0.0),
    # A week: who stopped, or ran out of credits, may go on with what was paid for.
    Rule(t.listing_pages, t.listing_pages.c.read_at, 7 * DAY),
    Rule(t.playground_messages, t.playground_messages.c.at, None),
    Rule(t.playground_files, t.playground_files.c.at, None),
)

RULES: Final = {rule.table.name: rule for rule in _RULES}
"""By table."""

# What goes by its age in the order of its id, once it is settled.
SETTLED: Final = frozenset({"events", "deliveries", "held"})

# What stays, by table, and until when: it is small, or a record.
KEPT: Final = {
    **dict.fromkeys(
        ("media_manifest", "draw_backups", "topups", "charges", "media_handoff", "thread_parts"),
        "records of what was spent, drawn and posted",
    ),
    **dict.fromkeys(("tenants", "secrets", "grants", "hooks", "routes", "route_places"), "as the tenant"),
    "policy_rules": "as the tenant; at most 200",
    **dict.fromkeys(
        ("muted_accounts", "monitor_uses", "watermarks", "stored_bytes", "default_accounts"), "as the tenant"
    ),
    "watched_monitors": "until the monitor is paused, replaced or wanted no more; at most 1,000",
    "wanted_monitors": "until the monitor runs, or no route of the file names it",
    "known_accounts": "as the tenant; at most 2,000 beside those that routes and mutes name",
    "playground_channels": "as the tenant",
    "local_numbers": "as the tenant; of a draft until it is deleted here",
    "local_counts": "as the tenant",
    "silences": "until they are over",
    **dict.fromkeys(
        ("contacts", "timezones", "languages", "spending", "budgets", "balance_alerts"), "as the tenant"
    ),
    "audit_records": "as the tenant: a chain is only whole as a whole",
    "audit_people": "as the tenant, or until that person's data is deleted",
    "audit_intents": "until it is recorded how it ended, minutes at most",
    "draft_authors": "until the draft is deleted; at most 100 a person",
    "tempo": "as its route",
    "router_lags": "until the tenant has caught up",
    "cursors": "one row for each of a few names",
    "changes": "one row",
    "facts": "small facts of the installation; outages until they end",
}


async def drop(db: Database, rule: Rule, before: float, limit: int = BATCH) -> int:
    """Delete up to `limit` rows of a rule that are older than a moment (epoch seconds); how many it were."""
    find, take = _STATEMENTS[rule.table.name]

    async def work(connection: AsyncConnection) -> int:
        found = await connection.execute(find, {"before": before, "most": limit})
        keys = [dict(zip(_names(rule.table), row, strict=True)) for row in found]
        if keys:
            await connection.execute(take, keys)
        return len(keys)

    return await db.write(work)


def oldest(rule: Rule) -> Any:
    """The query for the keys of the rows that go, the oldest first. Values: before, most."""
    keys = list(rule.table.primary_key)
    chosen = select(*keys).where(rule.age < bindparam("before"), rule.of)
    return chosen.order_by(rule.age).limit(bindparam("most", type_=t.events.c.id.type))


def _names(table: Table) -> list[str]:
    return [f"key_{column.name}" for column in table.primary_key]


def _take(rule: Rule) -> Any:
    keys = zip(rule.table.primary_key, _names(rule.table), strict=True)
    return delete(rule.table).where(and_(*(column == bindparam(name) for column, name in keys), rule.of))


_STATEMENTS: Final = {name: (oldest(rule), _take(rule)) for name, rule in RULES.items()}
