"""Whatever id comes back from a page, its person reads an answer, and the log no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.chat.ids import TenantId
from tests.adapters.logged import Logged, logged
from tests.adapters.playground.harness import PlaygroundHarness, Visitor

IDS: list[Any] = [
    *("", "x", "x1:", "x1::", "x1:test.choose", "x1:gone.action:k1", "x1:test.post:k1", "x2:test.post:k1"),
    *('{"a": 1}', "[", "null", "\x00", "🏴", "x" * 120, "x" * 5_000, "x1:test.post:" + "k" * 61, "\ud800"),
    *(None, 7, [], {"a": 1}, True, "x1:form.command:gone", "x1:form.action:gone", "x1:test.post:k1\n"),
]
PATHS: list[Any] = [[], ["gone"], ["tweet"], ["tweet", "gone"], ["tweet", 7], "tweet", None, ["x" * 5_000]]


@pytest.fixture
def said() -> Iterator[Logged]:
    with logged() as found:
        yield found


async def foreign(house: PlaygroundHarness) -> str:
    """An id that another workspace's message carries."""
    elsewhere = TenantId("playground", "elsewhere")
    return f"x1:test.post:{await house.services.states.keep(elsewhere, 'test.post', {}, lifetime=60.0)}"


async def test_every_button_and_menu_is_answered(
    ada: Visitor, house: PlaygroundHarness, said: Logged
) -> None:
    await ada.say("credits choose")
    message = await ada.until_card("Who acts?")
    for action in [*IDS, await foreign(house)]:
        for more in ({}, {"picked": "nasa"}, {"picked": 7}, {"picked": "x" * 5_000}):
            for where in (message["id"], 1, 2**40, "1", None, -1):
                answer = await ada.post("press", {"message": where, "action": action, **more})
                assert answer.status_code in (400, 404, 409), (action, more, where)
                assert answer.json()["message"]
    assert house.services.posted == []
    said.is_without_traceback()


FORMS: tuple[object, ...] = ({}, {"gone": "x"}, {"text": "x" * 30_000}, {"text": 7}, [], None)


async def test_every_form_is_answered(ada: Visitor, house: PlaygroundHarness, said: Logged) -> None:
    for action in [*IDS, await foreign(house)]:
        for values in FORMS:
            answer = await ada.post("form", {"action": action, "values": values})
            told = answer.json()
            if answer.status_code == 200:
                assert (told["status"], told["card"]["title"]) == ("failed", "This has expired")
            else:
                assert answer.status_code == 400 and told["message"]
    assert house.services.posted == []
    said.is_without_traceback()


async def test_what_suggests_nothing_suggests_nothing(ada: Visitor, said: Logged) -> None:
    for path in PATHS:
        for option in ("gone", "", "x" * 5_000, None, 7):
            answer = await ada.post("suggest", {"path": path, "option": option, "typed": "a"})
            if answer.status_code == 200:
                assert answer.json()["choices"] == []
            else:
                assert answer.status_code == 400 and answer.json()["message"]
    said.is_without_traceback()
