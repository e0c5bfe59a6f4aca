"""Who has a username: by X's id, whatever order the news comes in, and nobody takes anybody else's."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat.ids import TenantId
from bot.core.routes.account_names import (
    MOST_FORMER,
    FormerName,
    KnownAccount,
    KnownNames,
    NameSource,
    Sighting,
    author_of,
    monitored,
    sighting_of,
)
from bot.core.routes.events import RENAMED_TYPE, Event
from bot.core.routes.route import Filtered, Matched, Route, match, takes_from
from tests.relay.harness import route

HERE = TenantId("slack", "T1")
NASA, ESA, OTHER = "11", "22", "33"
T = 1_772_193_600.0


def event(name: str | None, identity: str | None = None, at: float = T, **more: object) -> Event:
    kind, query = str(more.pop("kind", "tweet.new")), more.pop("query", None)
    return Event(1, HERE, kind, name, query, at, at, more, "e:1", identity)  # type: ignore[arg-type]


def renaming(identity: str, before: str, now: str, at: float) -> Sighting:
    return Sighting(identity, now, at, NameSource.RENAME, before)


def seen(identity: str, name: str, at: float, source: NameSource = NameSource.EVENT) -> Sighting:
    return Sighting(identity, name, at, source)


def after(*sightings: Sighting) -> KnownNames:
    names = KnownNames()
    for one in sightings:
        names = names.put(names.after(one))
    return names


def called(names: KnownNames) -> dict[str, str]:
    return {one.id: one.name for one in names if one.holds}


def test_a_renamed_account_is_the_same_and_its_username_is_free_for_another() -> None:
    names = after(
        seen(NASA, "nasa", T), renaming(NASA, "nasa", "nasahq", T + 10), seen(OTHER, "nasa", T + 20)
    )
    assert called(names) == {NASA: "nasahq", OTHER: "nasa"}
    known = names.get(NASA)
    assert known is not None and known.former == (FormerName("nasa", T + 10),)


def test_whatever_order_two_renames_come_in_the_last_one_is_what_it_is_called() -> None:
    first, second = renaming(NASA, "nasa", "nasa_b", T + 10), renaming(NASA, "nasa_b", "nasa_c", T + 20)
    tweet = seen(NASA, "nasa_c", T + 30)
    for order in itertools.permutations([first, second, tweet]):
        assert called(after(seen(NASA, "nasa", T), *order)) == {NASA: "nasa_c"}, order


def test_an_account_may_take_its_username_back() -> None:
    names = after(
        seen(NASA, "nasa", T),
        renaming(NASA, "nasa", "nasahq", T + 10),
        renaming(NASA, "nasahq", "nasa", T + 20),
    )
    known = names.get(NASA)
    assert known is not None and known.name == "nasa"
    assert [one.name for one in known.former] == ["nasahq"]


@pytest.mark.parametrize("source", [NameSource.EVENT, NameSource.AUTHOR, NameSource.RENAME])
def test_an_event_takes_nobodys_username_away(source: NameSource) -> None:
    before = after(seen(NASA, "nasa", T), seen(ESA, "esa", T))
    stolen = Sighting(ESA, "nasa", T + 10, source, "esa" if source is NameSource.RENAME else "")
    assert before.after(stolen) == ()
    stranger = Sighting(OTHER, "nasa", T + 10, source)
    assert before.after(stranger) == ()


def test_what_was_not_believed_is_learnt_once_the_other_account_is_found_elsewhere() -> None:
    names = after(seen(NASA, "nasa", T), seen(ESA, "esa", T), renaming(ESA, "esa", "nasa", T + 10))
    assert called(names) == {NASA: "nasa", ESA: "esa"}
    for one in (renaming(NASA, "nasa", "nasahq", T + 5), seen(ESA, "nasa", T + 20)):
        names = names.put(names.after(one))
    assert called(names) == {NASA: "nasahq", ESA: "nasa"}


def test_a_monitor_asked_for_just_now_says_who_has_a_username() -> None:
    names = after(seen(NASA, "nasa", T), seen(OTHER, "nasa", T + 10, NameSource.MONITOR))
    assert called(names) == {OTHER: "nasa"}
    known = names.get(NASA)
    assert known is not None and not known.holds
    assert called(names.put(names.after(seen(NASA, "nasahq", T + 20)))) == {OTHER: "nasa", NASA: "nasahq"}


def test_what_is_behind_the_times_takes_no_username_back() -> None:
    names = after(seen(NASA, "nasa", T), renaming(NASA, "nasa", "nasahq", T + 10))
    assert names.after(seen(NASA, "nasa", T + 5)) == ()
    assert names.after(seen(NASA, "nasa", T + 60)) == ()
    assert names.after(seen(NASA, "nasa", T + 90_000, NameSource.MONITOR)) == ()
    assert called(names.put(names.after(seen(NASA, "nasa", T + 90_000)))) == {NASA: "nasa"}


def test_former_usernames_are_bounded() -> None:
    names = after(*(renaming(NASA, f"n{i}", f"n{i + 1}", T + i) for i in range(3 * MOST_FORMER)))
    known = names.get(NASA)
    assert known is not None and known.name == f"n{3 * MOST_FORMER}"
    assert [one.name for one in known.former] == [
        f"n{i}" for i in range(3 * MOST_FORMER - MOST_FORMER, 3 * MOST_FORMER)
    ]


_SIGHTINGS = st.builds(
    Sighting,
    st.sampled_from([NASA, ESA, OTHER]),
    st.sampled_from(["a", "b", "c", "d"]),
    st.integers(0, 20).map(lambda n: T + n * 900),
    st.sampled_from(NameSource),
    st.sampled_from(["", "a", "b"]),
)


@given(st.lists(_SIGHTINGS, max_size=12))
def test_no_two_accounts_ever_have_one_username(sightings: list[Sighting]) -> None:
    names = after(*sightings)
    held = [one.name for one in names if one.holds]
    assert len(held) == len(set(held))
    assert all(names.holder(one.name) is one for one in names if one.holds)
    assert all(one.name not in {old.name for old in one.former} for one in names if one.holds)
    threads = [one.thread for one in names]
    assert len(threads) == len(set(threads))


# --- what an event tells -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "name", "before"),
    [
        (event("nasa", NASA), "nasa", ""),
        (event("NASA", NASA), "nasa", ""),
        (event("nasa", NASA, kind=RENAMED_TYPE, previous="nasa", current="NASAhq"), "nasahq", "nasa"),
        (event("nasahq", NASA, kind=RENAMED_TYPE, previous="@nasa", current="@nasahq"), "nasahq", "nasa"),
        (event("nasahq", NASA, kind=RENAMED_TYPE), "nasahq", ""),
        (event("nasahq", NASA, kind=RENAMED_TYPE, previous="nasahq", current="nasahq"), "nasahq", ""),
        (event("nasa", NASA, kind=RENAMED_TYPE, previous=7, current="<!channel>"), "nasa", ""),
        (event("nasa", NASA, kind=RENAMED_TYPE, previous="नासा", current="ناسا"), "nasa", ""),
    ],
)
def test_an_event_of_an_accounts_monitor_tells_its_id_and_its_username(
    told: Event, name: str, before: str
) -> None:
    found = sighting_of(told)
    assert found is not None and (found.id, found.name, found.before) == (NASA, name, before)


@pytest.mark.parametrize(
    "told",
    [
        event("nasa"),
        event(None, NASA),
        event("नासा", NASA),
        event("@everyone hi", NASA),
        event("宇宙", NASA),
        event("nasa", NASA, query="launch"),
    ],
)
def test_an_event_without_an_id_or_a_username_tells_nothing(told: Event) -> None:
    assert sighting_of(told) is None


def test_the_author_of_a_post_is_told_by_id_and_username_together() -> None:
    whole = {"id": ESA, "username": "ESA"}
    found = author_of(event(None, query="launch", author=whole))
    assert found is not None and (found.id, found.name, found.source) == (ESA, "esa", NameSource.AUTHOR)
    for author in ({"username": "esa"}, {"id": ESA}, {"id": "x", "username": "esa"}, {"id": True}, "esa"):
        assert author_of(event(None, query="launch", author=author)) is None


def test_monitors_tell_what_is_an_id_and_a_username() -> None:
    given_ = [("11", "@NASA"), (None, "esa"), ("x", "esa"), ("22", ""), ("22", "宇宙"), ("33", "जल")]
    assert [(one.id, one.name) for one in monitored(given_, T)] == [("11", "nasa")]


# --- which route takes an event ----------------------------------------------------------------


def following(*known: KnownAccount) -> Route:
    return route("r", "C1", accounts=tuple(one.name for one in known), known=known)


RENAMED = KnownAccount(NASA, "nasahq", T + 10, (FormerName("nasa", T + 10),))


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        (event("nasahq", NASA, T + 20), True),
        (event("nasa", NASA, T), True),  # late: under the username that it had then
        (event("whatever", NASA, T + 20), True),
        (event("nasa", OTHER, T + 20), False),  # another person took it
        (event("nasahq", OTHER, T + 20), False),  # wrong: not its id
        (event("nasahq", None, T + 20), True),
        (event("nasahq", None, T), False),  # whose it was before is not known
        (event("nasa", None, T), True),
        (event("nasa", None, T + 20), False),
        (event(None, None, T), False),
    ],
)
def test_a_route_takes_what_is_of_its_account_and_nothing_of_who_took_the_username(
    told: Event, taken: bool
) -> None:
    assert isinstance(match(following(RENAMED), told), Matched) is taken


def test_why_a_route_does_not_take_somebody_elses_event_is_said() -> None:
    held = KnownAccount(NASA, "nasa", T)
    said = match(following(held), event("nasa", OTHER))
    assert said == Filtered("the route takes another account, which was called @nasa")


def test_a_username_whose_id_is_not_known_is_taken_as_it_is_written() -> None:
    plain = route("r", "C1", accounts=("nasa", "esa"), known=(KnownAccount(ESA, "esa", T),))
    assert isinstance(match(plain, event("NASA", NASA)), Matched)
    assert isinstance(match(plain, event("nasa")), Matched)
    assert isinstance(match(plain, event("esa", OTHER)), Filtered)


def test_a_route_keeps_nothing_of_accounts_that_it_names_no_more() -> None:
    edited = route("r", "C1", accounts=("esa",), known=(RENAMED,))
    assert isinstance(match(edited, event("nasahq", NASA, T + 20)), Filtered)
    assert edited.followed == ()


@pytest.mark.parametrize(
    ("account", "identity", "taken"),
    [("nasahq", NASA, True), ("old", NASA, True), ("nasahq", OTHER, False), ("nasahq", None, True)],
)
def test_a_monitor_is_a_routes_by_the_id_of_its_account(
    account: str, identity: str | None, taken: bool
) -> None:
    assert takes_from(following(RENAMED), account=account, account_id=identity) is taken
