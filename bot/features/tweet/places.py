"""The places that `tweet search` searches: X finds them by their names, once for each name, and takes ids.

What was found here is kept a month, so that it is found again for nothing, and offered to who types.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias

import msgspec

from bot.core.afterwards import or_else
from bot.core.chat.cards import Choice
from bot.core.commands.declaring import Option
from bot.core.commands.price_list import PLACES_ASKED
from bot.core.errors import NotFound
from bot.core.messages.message import msg
from bot.core.text.sameness import folded
from bot.core.x import prices
from bot.features.services import CommandCall
from bot.features.shared.newest import KEPT_SECONDS, Newest
from bot.features.shared.suggesting import fitting
from bot.xquik.models import TaggedPlace, parse
from bot.xquik.resources.regions import REGIONS

_KNOWN: Final = Newest[TaggedPlace]("x-places-known", TaggedPlace)
_LONGEST: Final = 80
_ID: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)
_UNREAD: Final = "the places of X that were found here cannot be read"  # no message: for the log

PlaceOption: TypeAlias = Annotated[
    str | None,
    Option("Written in this town or country", max_length=_LONGEST, suggest="x_places"),
]


class PlaceFound(msgspec.Struct, frozen=True):
    """The place that is meant. name: as X calls it, "" where only its id was given; others: what X found by
    the same name; charged: credits of finding it."""

    id: str
    name: str = ""
    others: tuple[TaggedPlace, ...] = ()
    charged: int = 0


def may_cost(place: str | None) -> int:
    """Credits that finding it costs at most."""
    return 0 if place is None or _ID.fullmatch(place.strip().lower()) else PLACES_ASKED * prices.PLACE


async def find_place(call: CommandCall, text: str) -> PlaceFound:
    """The place of that name or id. X is asked for a name that was not found here before. NotFound for one
    that X does not know."""
    known = await or_else(known_places(call), (), what=_UNREAD)
    if _ID.fullmatch(text.strip().lower()):
        given = text.strip().lower()
        return PlaceFound(given, next((one.title for one in known if one.id == given), ""))
    wanted = folded(text)
    titled = [one for one in known if folded(one.title) == wanted]
    if len(titled) == 1:
        return PlaceFound(titled[0].id, titled[0].title)
    mark = hashlib.blake2b(wanted.encode("utf-8", "surrogatepass"), digest_size=16)
    key = f"x-places:{mark.hexdigest()}"
    kept = await or_else(call.services.answers.get(call.tenant, key), None, what=_UNREAD)
    if kept is not None:
        return _likeliest(parse(tuple[TaggedPlace, ...], msgspec.json.decode(kept.body)), wanted)
    xquik = await call.xquik()
    found = (await xquik.places.search(text.strip(), rows=PLACES_ASKED)).places
    if not found:
        raise NotFound(
            msg("X knows no place that is called {name}.", name=text),
            remedy=msg("Try its name in English, or the country alone. Nothing was spent."),
        )
    body = msgspec.json.encode(found).decode()
    await call.services.answers.put(call.tenant, key, body, lifetime=KEPT_SECONDS)
    await _KNOWN.add(call, {one.id: one for one in found})
    return _likeliest(found, wanted, charged=len(found) * prices.PLACE)


def _likeliest(found: Sequence[TaggedPlace], wanted: str, *, charged: int = 0) -> PlaceFound:
    """The one that is called so, or what X puts first."""
    named = [one for one in found if wanted in (folded(one.name), folded(one.title))]
    chosen = (named or found)[0]
    others = tuple(one for one in found if one.id != chosen.id)
    return PlaceFound(chosen.id, chosen.title, others, charged)


async def known_places(call: CommandCall) -> tuple[TaggedPlace, ...]:
    """Those that were found here."""
    return tuple((await _KNOWN.known(call)).values())


async def suggest_places(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Places that were found here, those of one name by their ids; and some countries. X is not asked: it
    would charge for every letter."""
    known = await known_places(call)
    times = Counter(folded(one.title) for one in known)
    found = [
        Choice(one.title, one.title)
        if times[folded(one.title)] == 1
        else Choice(msg("{name} ({id})", name=one.title, id=one.id), one.id)
        for one in known
    ]
    countries = [Choice(one.name, one.name) for one in REGIONS if len(one.code) == 2]
    return fitting([*found, *(one for one in countries if folded(one.value) not in times)], typed)
