"""In which language something is said to people: the tags that they and their platforms name. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChosenLanguages:
    """Tags of BCP 47, "" where nobody named one. own: a person's; place: that of where they are; told: what
    the platform says of the place."""

    own: str = ""
    place: str = ""
    told: str = ""


def of_person(chosen: ChosenLanguages, locale: str) -> tuple[str, ...]:
    """The languages in which a person may be spoken to, the first first. locale: as `Invocation.locale`."""
    return tuple(filter(None, (chosen.own, locale, chosen.place, chosen.told)))


def of_place(chosen: ChosenLanguages) -> tuple[str, ...]:
    """The same for what everybody sees."""
    return tuple(filter(None, (chosen.place, chosen.told)))
