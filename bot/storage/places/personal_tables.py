"""What each table holds of persons: by which columns, and what becomes of it when somebody wants it deleted.

A table that is not here fails a test: whoever adds one decides it here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec
from sqlalchemy import Column, ColumnElement, Table, or_, true

from bot.core.messages.message import Message, msg
from bot.storage import tables as t

DELETED: Final = "deleted"
"""What stands in the place of the id and the name of a person in what stays."""
ENDED: Final = ("done", "failed", "unknown")
"""States of proposals that were carried out, well or not, and
"""
NEVER: Final = ("open", "cancelled", "expired")
"""of those that were not."""


class RowFate(StrEnum):
    """DELETED: the rows go. BLANKED: they stay without the person. STAYS: they stay as they are."""

    DELETED = "deleted"
    BLANKED = "blanked"
    STAYS = "stays"


class OfPerson(msgspec.Struct, frozen=True):
    """Rows that are of a person. columns: any of which holds their id; when: which rows alone. blank: what
    the columns become, of BLANKED. why: of what stays, in words for the person."""

    table: Table
    columns: tuple[Column[Any], ...]
    fate: RowFate
    when: ColumnElement[bool] = msgspec.field(default_factory=true)
    blank: Mapping[str, Any] = msgspec.field(default_factory=dict)
    why: Message | None = None

    def of(self, tenant: str, person: str) -> ColumnElement[bool]:
        """Which rows."""
        mine = or_(*(column == person for column in self.columns))
        return (self.table.c.tenant == tenant) & mine & self.when


_RECORD = msg("What was confirmed stays as a record of the place, without you.")
_UNDER_WAY = msg("What is being carried out stays until it has ended; delete again then.")
_SETTINGS = msg("Permissions and rules for you stay: they are the settings of those who manage this place.")
_BUDGET = msg(
    "A budget for you stays; what you used of it counts until its day or month is over, without your name."
)
_CHAIN = msg("The record of what was done stays, and nobody can read any more that it was you.")
_MAY_GO = msg("Messages that are still to be sent to you stay until they are.")


def _blank(*columns: str, value: str | None = DELETED) -> dict[str, str | None]:
    return dict.fromkeys(columns, value)


_P = t.proposals.c
OF_PERSONS: Final = (
    OfPerson(t.timezones, (t.timezones.c.subject,), RowFate.DELETED),
    OfPerson(t.languages, (t.languages.c.subject,), RowFate.DELETED),
    OfPerson(
        t.default_accounts,
        (t.default_accounts.c.subject,),
        RowFate.DELETED,
        t.default_accounts.c.scope == "person",
    ),
    OfPerson(t.default_accounts, (t.default_accounts.c.set_by,), RowFate.BLANKED, blank=_blank("set_by")),
    OfPerson(t.contacts, (t.contacts.c.subject,), RowFate.DELETED, t.contacts.c.kind != "channel"),
    OfPerson(t.button_states, (t.button_states.c.person,), RowFate.DELETED),
    OfPerson(t.draft_authors, (t.draft_authors.c.author,), RowFate.DELETED),
    OfPerson(
        t.playground_messages,
        (t.playground_messages.c.author, t.playground_messages.c.viewer),
        RowFate.DELETED,
    ),
    OfPerson(t.playground_files, (t.playground_files.c.viewer,), RowFate.DELETED),
    OfPerson(t.deliveries, (t.deliveries.c.person,), RowFate.DELETED, t.deliveries.c.settled_at.is_not(None)),
    OfPerson(
        t.deliveries,
        (t.deliveries.c.person,),
        RowFate.STAYS,
        t.deliveries.c.settled_at.is_(None),
        why=_MAY_GO,
    ),
    OfPerson(t.proposals, (_P.requester,), RowFate.DELETED, _P.state.in_(NEVER)),
    OfPerson(
        t.proposals,
        (_P.requester,),
        RowFate.BLANKED,
        _P.state.in_(ENDED),
        {**_blank("requester", "requester_name"), "stopped_by": None},
        _RECORD,
    ),
    OfPerson(
        t.proposals,
        (_P.decided_by,),
        RowFate.BLANKED,
        _P.state.in_((*ENDED, *NEVER)),
        {**_blank("decided_by", "decided_by_name"), "stopped_by": None},
        _RECORD,
    ),
    OfPerson(
        t.proposals,
        (_P.requester, _P.decided_by),
        RowFate.STAYS,
        _P.state.not_in((*ENDED, *NEVER)),
        why=_UNDER_WAY,
    ),
    OfPerson(
        t.media_manifest,
        (t.media_manifest.c.requester,),
        RowFate.BLANKED,
        blank=_blank("requester"),
        why=_RECORD,
    ),
    OfPerson(
        t.draw_backups,
        (t.draw_backups.c.moved_by,),
        RowFate.BLANKED,
        blank=_blank("moved_by", "moved_by_name"),
        why=_RECORD,
    ),
    OfPerson(
        t.topups,
        (t.topups.c.person,),
        RowFate.BLANKED,
        t.topups.c.look_at.is_(None),
        _blank("person"),
        _RECORD,
    ),
    OfPerson(t.topups, (t.topups.c.person,), RowFate.STAYS, t.topups.c.look_at.is_not(None), why=_UNDER_WAY),
    OfPerson(t.charges, (t.charges.c.person,), RowFate.BLANKED, blank=_blank("person"), why=_RECORD),
    OfPerson(t.budgets, (t.budgets.c.subject,), RowFate.STAYS, t.budgets.c.scope == "person", why=_BUDGET),
    OfPerson(t.budgets, (t.budgets.c.set_by,), RowFate.BLANKED, blank=_blank("set_by")),
    # With the row goes the key of its bytes. What belongs to a proposal goes with that.
    OfPerson(t.media_files, (t.media_files.c.person,), RowFate.DELETED, t.media_files.c.proposal.is_(None)),
    OfPerson(
        t.media_files,
        (t.media_files.c.person,),
        RowFate.BLANKED,
        t.media_files.c.proposal.is_not(None),
        _blank("person"),
        _RECORD,
    ),
    OfPerson(t.routes, (t.routes.c.created_by,), RowFate.BLANKED, blank=_blank("created_by", value="")),
    OfPerson(t.muted_accounts, (t.muted_accounts.c.muted_by,), RowFate.BLANKED, blank=_blank("muted_by")),
    OfPerson(t.grants, (t.grants.c.subject,), RowFate.STAYS, t.grants.c.kind == "user", why=_SETTINGS),
    OfPerson(
        t.policy_rules,
        (t.policy_rules.c.subject,),
        RowFate.STAYS,
        t.policy_rules.c.kind == "user",
        why=_SETTINGS,
    ),
    # The key goes, and with it who it was in every record.
    OfPerson(t.audit_people, (t.audit_people.c.person,), RowFate.DELETED, why=_CHAIN),
)
"""In the order in which they are deleted."""

NO_PERSON: Final = frozenset(
    {
        "audit_records",  # pseudonyms and ciphertext; a person's own are read with their key
        "audit_intents",  # the same, for a quarter of an hour
        "balance_alerts",  # a setting of the place
        "cached_answers",  # answers of Xquik about X
        "changes",  # a number that says that something was changed
        "claims",  # ids of what platforms sent
        "cursors",  # positions
        "events",  # what was posted on X
        "facts",  # the installation
        "gateway_sessions",  # of the bot at Discord, by its application
        "held",  # events that wait
        "hook_nonces",  # nonces
        "hooks",  # the webhook of the place
        "known_accounts",  # accounts on X
        "listing_pages",  # what was read of X
        "local_counts",  # numbers
        "local_numbers",  # numbers
        "media_handoff",  # ids and links at X
        "media_parts",  # sealed bytes, whose key stands in media_files
        "monitor_uses",  # monitors at Xquik
        "playground_channels",  # channels
        "request_shares",  # who may ask Xquik how often
        "route_places",  # channels of routes
        "router_lags",  # positions
        "secrets",  # keys of the place
        "silences",  # why a place is quiet
        "slack_installations",  # the app in a workspace; its installer stands in contacts
        "slack_oauth_states",  # installs that were begun
        "spending",  # a setting of the place
        "stored_bytes",  # how much is stored
        "tempo",  # what schedules count
        "tenants",  # the place
        "thread_parts",  # ids of tweets
        "turns",  # what may be done when
        "wanted_monitors",  # accounts on X
        "watched_monitors",  # accounts on X
        "watermarks",  # positions
    }
)
"""Tables that hold nothing of the persons of a place, and what they hold instead."""

HIDDEN: Final[Mapping[str, frozenset[str]]] = {
    "budgets": frozenset({"former"}),
    "secrets": frozenset({"ciphertext"}),
    "audit_people": frozenset({"ciphertext"}),
    "proposals": frozenset({"id", "idempotency_key", "editable", "sealed", "payload_hash"}),
    "playground_files": frozenset({"file", "content"}),
    "button_states": frozenset({"key"}),
    "media_files": frozenset({"id", "sealed_key", "upload_key"}),
    "media_parts": frozenset({"file", "content"}),
    "hooks": frozenset({"id"}),
    "topups": frozenset({"proposal", "session", "url"}),
    "thread_parts": frozenset({"proposal", "key"}),
}
"""Columns that are given to nobody: secrets, what opens something to whoever knows it, the hash by which a
short text could be guessed, and what would say whose a charge was."""

NOT_OF_PLACE: Final = frozenset(
    {
        "button_states",  # what single persons have under their buttons, for an hour or a day
        "playground_files",  # files below messages of the page; single persons see some of them alone
        "media_files",  # what waits to be confirmed, for a day at the most
        "media_parts",  # the same
        "audit_intents",  # recorded within a quarter of an hour
    }
)
"""Tables with a tenant that are no part of an export of the place, and why."""

OPEN_TO_ALL: Final[Mapping[str, ColumnElement[bool]]] = {
    "playground_messages": (t.playground_messages.c.viewer == "") & ~t.playground_messages.c.deleted,
}
"""Which rows an export of the place has, of a table where single persons see some alone."""

LARGE: Final = ("playground_messages", "listing_pages", "deliveries", "held", "events")
"""Last in an export of the place: of these the newest alone, where not all has room."""
