"""Every table, for SQLite and PostgreSQL alike. Times are epoch seconds; JSON is text.

`tenant` is `str(TenantId)`. Nothing here is shared between tenants: each table that holds a
tenant's data has the tenant in its key or its unique constraint.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives out ascending row ids only for INTEGER PRIMARY KEY; PostgreSQL wants BIGINT.
_Id = BigInteger().with_variant(Integer(), "sqlite")


def _ascending_id() -> Column[int]:
    return Column("id", _Id, primary_key=True, autoincrement=True)


tenants = Table(
    "tenants",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("created_at", Float, nullable=False),
    # Set on a real removal; settings stay for a grace period in case the bot is invited again.
    Column("removed_at", Float),
)

# Ciphertext of the vault; the tenant and field are bound inside it as well.
secrets = Table(
    "secrets",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("field", String(80), primary_key=True),
    Column("ciphertext", LargeBinary, nullable=False),
    # What may be shown of it: "xq_12ab…cd", never enough to guess.
    Column("hint", String(40), nullable=False, server_default=""),
    Column("updated_at", Float, nullable=False),
)

grants = Table(
    "grants",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("subject", String(120), primary_key=True),
    Column("permissions", Integer, nullable=False),
)

button_states = Table(
    "button_states",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("tenant", String(120), nullable=False),
    Column("name", String(40), nullable=False),
    Column("state", Text, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)

# Answers of Xquik that cost credits and stay true for a while (trends: 15 minutes a tenant).
cached_answers = Table(
    "cached_answers",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("body", Text, nullable=False),
    Column("fetched_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)

# Platforms deliver some payloads more than once; whoever claims an id first handles it.
claims = Table(
    "claims",
    metadata,
    Column("scope", String(40), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("claimed_at", Float, nullable=False, index=True),
)

# Small facts of the installation itself: the hash of the synced Discord commands, for one.
facts = Table(
    "facts",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("value", Text, nullable=False),
)

slack_installations = Table(
    "slack_installations",
    metadata,
    # "E…/T…", "E…/-" for an org-wide install, "-/T…".
    Column("key", String(80), primary_key=True),
    Column("enterprise", String(40)),
    Column("team", String(40)),
    Column("bot_user", String(40), nullable=False, server_default=""),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("installed_at", Float, nullable=False),
    # When Slack said so; an older removal that arrives late must not undo a newer installation.
    Column("removed_at", Float),
)

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("state", String(80), primary_key=True),
    Column("expires_at", Float, nullable=False, index=True),
)

playground_messages = Table(
    "playground_messages",
    metadata,
    _ascending_id(),
    Column("tenant", String(120), nullable=False),
    Column("channel", String(80), nullable=False),
    # Who may see it: "" is everyone in the channel.
    Column("viewer", String(80), nullable=False, server_default=""),
    Column("author", String(80), nullable=False),
    Column("body", Text, nullable=False),
    Column("key", String(40)),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("deleted", Boolean, nullable=False, server_default=text("false")),
    Column("at", Float, nullable=False),
    UniqueConstraint("tenant", "channel", "key"),
    Index("ix_playground_messages_channel", "tenant", "channel", "id"),
    # Pages ask for what is newer than an id, so an id must not come back after a removal.
    sqlite_autoincrement=True,
)

playground_channels = Table(
    "playground_channels",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("channel", String(80), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("topic", Text, nullable=False, server_default=""),
    Column("position", Integer, nullable=False),
)

# Files that came with a card of the playground, fetched by the page under a random id.
playground_files = Table(
    "playground_files",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("file", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("content_type", String(120), nullable=False),
    Column("content", LargeBinary, nullable=False),
    # Who may fetch it: "" is everyone.
    Column("viewer", String(80), nullable=False, server_default=""),
    Column("at", Float, nullable=False),
)

# --- relay -----------------------------------------------------------------------------------

hooks = Table(
    "hooks",
    metadata,
    # 128 random bits: the last part of POST /hooks/xquik/<id>.
    Column("id", String(64), primary_key=True),
    Column("tenant", String(120), nullable=False, unique=True),
    Column("webhook", String(40)),  # the id at Xquik, once registered
    Column("url", Text, nullable=False, server_default=""),
    Column("created_at", Float, nullable=False),
    Column("last_delivery_at", Float),
)

hook_nonces = Table(
    "hook_nonces",
    metadata,
    Column("hook", String(64), primary_key=True),
    Column("nonce", String(32), primary_key=True),
    Column("body_hash", LargeBinary(32), nullable=False),
    Column("seen_at", Float, nullable=False, index=True),
)

events = Table(
    "events",
    metadata,
    _ascending_id(),
    Column("tenant", String(120), nullable=False),
    Column("identity", String(120), nullable=False),
    Column("body_hash", LargeBinary(32), nullable=False),
    Column("type", String(80), nullable=False),
    Column("username", String(40)),
    Column("query", Text),
    Column("data", Text, nullable=False),
    Column("occurred_at", Float, nullable=False),
    Column("received_at", Float, nullable=False),
    Column("via", String(16), nullable=False),
    UniqueConstraint("tenant", "identity"),
    # A tenant that lags behind the others is read by itself, and people ask for its newest.
    Index("ix_events_tenant", "tenant", "id"),
    sqlite_autoincrement=True,
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("position", BigInteger, nullable=False),
)

# How far the events of a tenant are known to be stored; see `bot.storage.watermarks`.
watermarks = Table(
    "watermarks",
    metadata,
    Column("tenant", String(120), primary_key=True),
    # Xquik's ids. NULL: not begun; "": begun when there was no event yet.
    Column("event", String(60)),
    Column("happened_at", Float, nullable=False),
    Column("streamed", String(60)),
    # When the key was stored that this was written under, and whether Xquik refused that key.
    Column("key_at", Float, nullable=False),
    Column("refused", Boolean, nullable=False, server_default=text("false")),
)

routes = Table(
    "routes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(120), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("accounts", Text, nullable=False, server_default="[]"),
    Column("keywords", Text, nullable=False, server_default="[]"),
    Column("events", Text, nullable=False, server_default="[]"),
    Column("paused_reason", Text),
    Column("created_by", String(80), nullable=False, server_default=""),
    Column("created_at", Float, nullable=False),
    # JSON of `bot.core.route_json`: filters, appearance, rhythm and policies; what is left out is usual.
    Column("settings", Text, nullable=False, server_default="{}"),
    Column("changed_at", Float, nullable=False, server_default="0"),
    UniqueConstraint("tenant", "name"),
)

# Where a route leads: at least one place, each with how it does there.
route_places = Table(
    "route_places",
    metadata,
    Column("route", String(40), primary_key=True),
    Column("lane", String(240), primary_key=True),
    Column("tenant", String(120), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("channel", String(80), nullable=False),
    Column("thread", String(80)),
    # The place cannot be reached; a route whose places are all lost is paused as a whole.
    Column("lost_reason", Text),
    Column("last_success_at", Float),
    Column("last_failure", Text),
    Index("ix_route_places_lane", "lane"),
)

# Accounts that a channel does not want to see, whatever its routes say.
muted_accounts = Table(
    "muted_accounts",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("channel", String(80), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("muted_by", String(80), nullable=False),
    Column("muted_at", Float, nullable=False),
)

# Tenants that have more to route than their share of a batch: their events behind `position`, up to
# `upto`, are routed beside the others' and not by the common cursor.
router_lags = Table(
    "router_lags",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("upto", BigInteger, nullable=False),
)

# What a route's rhythm needs to remember in each place. Times: epoch seconds.
tempo = Table(
    "tempo",
    metadata,
    Column("route", String(40), primary_key=True),
    Column("lane", String(240), primary_key=True),
    Column("window_began", Float, nullable=False, server_default="0"),
    Column("in_window", Integer, nullable=False, server_default="0"),
    Column("day", String(10), nullable=False, server_default=""),
    Column("in_day", Integer, nullable=False, server_default="0"),
    Column("next_at", Float, nullable=False, server_default="0"),
)

# Events that wait to become one message with others: a digest, quiet hours, a burst, what was missed.
held = Table(
    "held",
    metadata,
    _ascending_id(),
    Column("tenant", String(120), nullable=False),
    Column("route", String(40), nullable=False),
    Column("lane", String(240), nullable=False),
    Column("channel", String(80), nullable=False),
    Column("thread", String(80)),
    Column("event", _Id, nullable=False, index=True),
    # As in deliveries: the same tweet is held once in a place, and posted once.
    Column("purpose", String(80), nullable=False),
    # digest, quiet, burst, missed
    Column("reason", String(8), nullable=False),
    Column("due_at", Float, nullable=False),
    Column("created_at", Float, nullable=False),
    # Once released: the purpose of the message in the same lane it became part of, or "" when it was
    # left out.
    Column("released_as", String(80)),
    UniqueConstraint("lane", "purpose"),
    Index(
        "ix_held_due",
        "due_at",
        sqlite_where=text("released_as IS NULL"),
        postgresql_where=text("released_as IS NULL"),
    ),
    sqlite_autoincrement=True,
)

# Which tenants use which monitor of Xquik: with its last user it is removed there. Xquik's ids of
# monitors are its own and the same for everybody, so they tell accounts apart as well.
monitor_uses = Table(
    "monitor_uses",
    metadata,
    # account or keyword
    Column("kind", String(8), primary_key=True),
    Column("monitor", String(40), primary_key=True),
    Column("tenant", String(120), primary_key=True),
    Column("since", Float, nullable=False),
)

# The outbox: one row a message that has to reach a place. Lanes keep the order of `id`.
deliveries = Table(
    "deliveries",
    metadata,
    _ascending_id(),
    Column("tenant", String(120), nullable=False),
    Column("lane", String(240), nullable=False),
    Column("channel", String(80), nullable=False),
    Column("thread", String(80)),
    # "event": rendered from `event` when sent. "card": `card` as it stands (outcomes, notices).
    # "list": `card`, made of several events of a route. "opener": `card`, which begins a thread.
    # "edit": a card for `edit_message` alone. "tell": a card for `person` alone.
    # "mark", "remove", "publish": something done to the message that `about` names.
    Column("kind", String(16), nullable=False),
    Column("event", _Id),
    Column("route", String(40)),
    # Unique per lane: "e:<event id>", "p:<proposal id>", … The same purpose is sent once.
    Column("purpose", String(80), nullable=False),
    Column("card", Text),
    # Instead of a new message: edit this one first, and tell this person when nothing else works.
    Column("edit_message", String(120)),
    Column("person", String(80)),
    Column("key", String(25), nullable=False),
    # waiting, sending, sent, dead; skipped: not posted, because a rule of its route says so
    Column("state", String(8), nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Float, nullable=False, server_default="0"),
    Column("sending_since", Float),
    # A resend after a send whose outcome is unknown is marked as possibly the second of its kind.
    Column("ambiguous", Boolean, nullable=False, server_default=text("false")),
    Column("message", String(120)),
    Column("error", Text),
    Column("created_at", Float, nullable=False),
    Column("settled_at", Float),
    # The purpose of another row of the same place: the opener of the thread that this one belongs in,
    # or the message that something is done to.
    Column("about", String(80)),
    UniqueConstraint("lane", "purpose"),
    Index(
        "ix_deliveries_dead",
        "tenant",
        "id",
        sqlite_where=text("state = 'dead'"),
        postgresql_where=text("state = 'dead'"),
    ),
    # What is unsettled is few; what is settled is many and never looked at by the lanes.
    Index(
        "ix_deliveries_open",
        "lane",
        "id",
        sqlite_where=text("state IN ('waiting', 'sending')"),
        postgresql_where=text("state IN ('waiting', 'sending')"),
    ),
    Index("ix_deliveries_event", "event"),
    sqlite_autoincrement=True,
)

# --- writes and spends -----------------------------------------------------------------------

proposals = Table(
    "proposals",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(120), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("requester", String(80), nullable=False),
    Column("requester_name", String(120), nullable=False, server_default=""),
    Column("payload", Text, nullable=False),
    Column("payload_hash", String(64), nullable=False),
    Column("preview", Text, nullable=False),
    Column("editable", Text, nullable=False, server_default="[]"),
    Column("credits", Integer, nullable=False, server_default="0"),
    Column("idempotency_key", String(64), nullable=False),
    # open, claimed, dispatching, polling, done, failed, unknown, cancelled, expired
    Column("state", String(16), nullable=False),
    Column("decided_by", String(80)),
    Column("decided_by_name", String(120)),
    Column("channel", String(80), nullable=False),
    Column("thread", String(80)),
    Column("message", String(120)),
    Column("locale", String(16), nullable=False, server_default="en"),
    Column("write_action", String(80)),
    Column("poll_at", Float),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("result", Text),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("claimed_at", Float),
    Column("settled_at", Float),
    Index(
        "ix_proposals_unsettled",
        "state",
        "expires_at",
        sqlite_where=text("state IN ('open', 'claimed', 'dispatching', 'polling')"),
        postgresql_where=text("state IN ('open', 'claimed', 'dispatching', 'polling')"),
    ),
)

# One row a download request (the manifest of seeds/000): written before the call, settled after.
media_manifest = Table(
    "media_manifest",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(120), nullable=False),
    Column("requester", String(80), nullable=False),
    Column("requested", Text, nullable=False),  # JSON list of tweet ids
    # requested, done, failed, unknown
    Column("state", String(16), nullable=False),
    Column("gallery_url", Text),
    Column("tweet", String(40)),
    Column("cache_hit", Boolean),
    Column("successful_tweets", Integer),
    Column("media_items", Integer),
    Column("error", Text),
    Column("created_at", Float, nullable=False),
    Column("settled_at", Float),
    Index("ix_media_manifest_tenant", "tenant", "created_at"),
)

# Backups of a draw that have moved up, so that none is ever called twice.
draw_backups = Table(
    "draw_backups",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("draw", String(80), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("moved_by", String(80), nullable=False),
    Column("moved_at", Float, nullable=False),
)
