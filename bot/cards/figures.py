"""Numbers and times as people read them."""

from __future__ import annotations

from bot.core.chat.cards import Inline, Line, Timestamp
from bot.core.messages.message import Joined, JoinedBy, msg, nmsg
from bot.xquik.models import moment


def count(number: int | None) -> str:
    """1234567 → "1,234,567"; an unknown number is a dash."""
    return "–" if number is None else msg("{number}", number=number)


def plural(number: int, one: str, many: str | None = None) -> str:
    """ "1 winner", "3 winners", "2 replies"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def credits_(number: int) -> str:
    """ "1 credit", "30 credits"."""
    return nmsg("{n} credit", "{n} credits", n=number)


def when(text: str | None, *, relative: bool = False) -> Line:
    """A time of the API as a line; a dash when there is none."""
    found = moment(text)
    return ("–",) if found is None else (Timestamp(found.timestamp(), relative=relative),)


def epoch(text: str | None) -> float | None:
    """A time of the API as epoch seconds."""
    found = moment(text)
    return None if found is None else found.timestamp()


def listed(items: tuple[str, ...], limit: int = 10) -> str:
    """ "a, b, c … 4 more"."""
    shown = Joined(items[:limit], JoinedBy.COMMA)
    if len(items) <= limit:
        return msg("{items}", items=shown)
    return nmsg("{items} … {n} more", "{items} … {n} more", n=len(items) - limit, items=shown)


def joined(*parts: Inline | None) -> Line:
    """The parts that are there, with a middle dot between them."""
    line: list[Inline] = []
    for part in parts:
        if part is None or part == "":
            continue
        if line:
            line.append(" · ")
        line.append(part)
    return tuple(line)
