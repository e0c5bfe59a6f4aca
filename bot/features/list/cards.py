"""Lists of accounts on X. What stands in one is untrusted: it goes into `Quote`, fields and cells. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.figures import count, epoch
from bot.cards.tweets import OPEN_ON_X
from bot.core.chat.cards import Button, Card, Field, Fields, Line, Link, Quote, Table, Timestamp, Tone
from bot.core.messages.message import msg
from bot.core.text.shortening import shorten
from bot.xquik.models import User, XList

_NAME = 60


def list_card(found: XList) -> Card:
    """One list with its figures and whose it is."""
    fields = [
        Field(msg("Members"), (count(found.member_count),)),
        Field(msg("Followers"), (count(found.subscriber_count),)),
    ]
    if found.owner is not None:
        fields.append(Field(msg("Owner"), _who(found.owner)))
    created = epoch(found.created_at)
    if created is not None:
        fields.append(Field(msg("Created"), (Timestamp(created),)))
    about = Quote(found.about, author=shorten(found.title, _NAME), author_url=found.url, url=found.url)
    blocks = (about, Fields(tuple(fields)))
    title = msg("List {id}", id=found.id)
    return Card(title, blocks, Tone.INFO, (Button(OPEN_ON_X, url=found.url),))


def lists_table(found: Sequence[XList]) -> Table:
    """A row each, whose name leads to it."""
    rows = tuple(
        (
            (Link(shorten(one.title, _NAME) or one.id, one.url),),
            (f"@{one.owner.username}" if one.owner is not None else "–",),
            (count(one.member_count),),
            (count(one.subscriber_count),),
        )
        for one in found
    )
    return Table((msg("List"), msg("Owner"), msg("Members"), msg("Followers")), rows)


def _who(user: User) -> Line:
    return (Link(f"@{user.username or user.id}", user.url),)
