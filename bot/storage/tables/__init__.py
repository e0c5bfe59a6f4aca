"""Every table, for SQLite and PostgreSQL alike. Times are epoch seconds; JSON is text.

`tenant` is `str(TenantId)`. Nothing here is shared between tenants: each table that holds a
tenant's data has the tenant in its key or its unique constraint.
"""

from __future__ import annotations

from bot.storage.tables.audit import audit_intents, audit_people, audit_records
from bot.storage.tables.base import metadata
from bot.storage.tables.changes import changes
from bot.storage.tables.deliveries import deliveries
from bot.storage.tables.events import cursors, events, hook_nonces, hooks, stored_bytes, watermarks
from bot.storage.tables.media import media_files, media_handoff, media_parts
from bot.storage.tables.places import (
    button_states,
    cached_answers,
    claims,
    contacts,
    default_accounts,
    facts,
    grants,
    languages,
    policy_rules,
    request_shares,
    secrets,
    spending,
    tenants,
    timezones,
)
from bot.storage.tables.platforms import (
    gateway_sessions,
    playground_channels,
    playground_files,
    playground_messages,
    slack_installations,
    slack_oauth_states,
    turns,
)
from bot.storage.tables.routes import (
    held,
    known_accounts,
    monitor_uses,
    muted_accounts,
    rate_counters,
    route_places,
    router_lags,
    routes,
)
from bot.storage.tables.watching import silences, wanted_monitors, watched_monitors
from bot.storage.tables.writes import (
    balance_alerts,
    budgets,
    charges,
    draft_authors,
    draw_backups,
    listing_pages,
    local_counts,
    local_numbers,
    media_manifest,
    proposals,
    thread_parts,
    topups,
)

__all__ = [
    "audit_intents",
    "audit_people",
    "audit_records",
    "balance_alerts",
    "budgets",
    "button_states",
    "cached_answers",
    "changes",
    "charges",
    "claims",
    "contacts",
    "cursors",
    "default_accounts",
    "deliveries",
    "draft_authors",
    "draw_backups",
    "events",
    "facts",
    "gateway_sessions",
    "grants",
    "held",
    "hook_nonces",
    "hooks",
    "known_accounts",
    "languages",
    "listing_pages",
    "local_counts",
    "local_numbers",
    "media_files",
    "media_handoff",
    "media_manifest",
    "media_parts",
    "metadata",
    "monitor_uses",
    "muted_accounts",
    "playground_channels",
    "playground_files",
    "playground_messages",
    "policy_rules",
    "proposals",
    "rate_counters",
    "request_shares",
    "route_places",
    "router_lags",
    "routes",
    "secrets",
    "silences",
    "slack_installations",
    "slack_oauth_states",
    "spending",
    "stored_bytes",
    "tenants",
    "thread_parts",
    "timezones",
    "topups",
    "turns",
    "wanted_monitors",
    "watched_monitors",
    "watermarks",
]
