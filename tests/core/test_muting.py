"""What a channel has muted: by X's id where both sides name one, else by username."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.chat.ids import TenantId
from bot.core.routes.events import Event
from bot.core.routes.muting import NOTHING_MUTED, Muting


def event(name: str | None, identity: str | None = None, **data: Any) -> Event:
    query = None if name else "launch"
    return Event(1, TenantId("slack", "T1"), "tweet.new", name, query, 1.0, 1.0, data, "e:1", identity)


def by(name: str, identity: str | None) -> dict[str, Any]:
    return {"author": {"username": name, "id": identity}}


MUTING = Muting([("A", "nasa", "11"), ("B", "esa"), ("C", "nasa", "11"), ("C", "esa", None)])


@pytest.mark.parametrize(
    ("told", "hidden"),
    [
        (event("nasa", "11"), "AC"),
        (event("NASAhq", "11"), "AC"),
        (event("nasa", "12"), ""),  # somebody else by that username
        (event("nasa"), "AC"),
        (event("esa", "22"), "BC"),
        (event("ESA"), "BC"),
        (event(None, **by("nasahq", "11")), "AC"),
        (event(None, **by("nasa", "12")), ""),
        (event(None, **by("NASA", None)), "AC"),
        (event(None, **by("esa", "22")), "BC"),
        (event("jaxa", "33", **by("esa", "22")), "BC"),
        (event("jaxa", "33", **by("jaxa", "33")), ""),
        (event(None), ""),
    ],
)
def test_channels_hide_the_account_they_muted_and_nobody_elses_events(told: Event, hidden: str) -> None:
    assert MUTING.hidden_in(told) == set(hidden)
    assert [MUTING.hides(one, told) for one in "ABC"] == [one in hidden for one in "ABC"]
    assert NOTHING_MUTED.hidden_in(told) == set()


def test_the_channels_of_an_account_are_those_that_muted_its_id_or_a_username_without_one() -> None:
    assert MUTING.of_account("11", "nasahq") == {"A", "C"}
    assert MUTING.of_account("22", "esa") == {"B", "C"}
    assert MUTING.of_account("33", "nasa") == set()
    assert MUTING.nameless == {"esa"}
