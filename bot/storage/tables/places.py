"""What a place is and may do: tenants, their secrets, policy, and what buttons remember."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, LargeBinary, String, Table, Text

from bot.storage.tables.base import metadata

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

# What is allowed or denied above the grants: see `bot.core.policy`.
policy_rules = Table(
    "policy_rules",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("what", String(80), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("subject", String(120), primary_key=True),
    Column("channel", String(80), primary_key=True),
    Column("allow", Boolean, nullable=False),
)

# The X account that acts where none is named. scope: place, channel or person; subject: the
# channel's or person's id, "" for the place. The account's ids are null until it was first seen at Xquik.
default_accounts = Table(
    "default_accounts",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("scope", String(8), primary_key=True),
    Column("subject", String(80), primary_key=True),
    Column("account", String(80)),
    Column("x_user", String(40)),
    Column("username", String(40), nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("set_at", Float, nullable=False),
)

# The timezone of a place (subject "") or of a person in it: see `bot.storage.places.timezones`.
timezones = Table(
    "timezones",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("subject", String(80), primary_key=True),
    Column("zone", String(64), nullable=False),
    Column("set_at", Float, nullable=False),
)

# The language of a place (subject ""), what its platform says of it ("*"), or that of a person in it: see
# `bot.storage.places.languages`.
languages = Table(
    "languages",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("subject", String(80), primary_key=True),
    Column("language", String(35), nullable=False),
    Column("set_at", Float, nullable=False),
)

# Above how many credits a place asks before it spends them: see `bot.storage.places.spending`.
spending = Table(
    "spending",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("ask_above", Integer, nullable=False),
    Column("set_at", Float, nullable=False),
)

# Whom the bot tells of troubles: see `bot.storage.places.contacts`.
contacts = Table(
    "contacts",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("subject", String(80), nullable=False),
    Column("at", Float, nullable=False),
)

button_states = Table(
    "button_states",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("tenant", String(120), nullable=False),
    Column("name", String(40), nullable=False),
    Column("state", Text, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
    # Whose it is: a person's share is counted, and their oldest make room for their newest.
    Column("person", String(80), nullable=False, server_default=""),
    Index("ix_button_states_person", "tenant", "person", "expires_at"),
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

# What each process may use of the limits of a key, by window (`bot.core.shares`). bucket: the key, as a
# digest; process: a name for as long as it runs, "" for what Xquik wants held back (429). leased_until: until
# when the process may use its part; ends_at: until when that counts.
request_shares = Table(
    "request_shares",
    metadata,
    Column("bucket", String(32), primary_key=True),
    Column("process", String(32), primary_key=True),
    Column("window", String(16), primary_key=True),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("people", Integer, nullable=False, server_default="0"),
    Column("lacks_total", Integer, nullable=False, server_default="0"),
    Column("lacks_people", Integer, nullable=False, server_default="0"),
    Column("leased_until", Float, nullable=False, server_default="0"),
    Column("ends_at", Float, nullable=False),
    # JSON: how much those used who used most, by a digest of each.
    Column("by_person", Text, nullable=False, server_default="{}"),
    Index("ix_request_shares_ends_at", "ends_at"),
)
