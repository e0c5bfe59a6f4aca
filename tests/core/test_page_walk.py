"""Walking through pages that nobody promises to end."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bot.core.errors import Expired, UpstreamUnavailable
from bot.core.page_walk import BARREN, PageWalk, WalkEnd, walked

Script = list[tuple[str, str] | Exception]
"""Pages in the order in which they are asked for: a letter a row, and the cursor behind them."""


class Pages:
    """What gives them, the last again and again."""

    def __init__(self, script: Script) -> None:
        self.asked: list[str] = []
        self._left = list(script)

    async def __call__(self, cursor: str) -> tuple[Iterable[str], str]:
        self.asked.append(cursor)
        page = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        if isinstance(page, Exception):
            raise page
        return page


async def rows(fetch: Pages, walk: PageWalk[str]) -> str:
    return "".join([row async for row in walked(fetch, walk)])


@pytest.mark.parametrize(
    ("script", "found", "asked", "end"),
    [
        ([("abb", "1"), ("bc", "2"), ("d", "")], "abcd", ["", "1", "2"], WalkEnd.LIST),
        ([("", "")], "", [""], WalkEnd.LIST),
        ([("a", "1"), ("b", "1")], "ab", ["", "1"], WalkEnd.REPEATS),
        ([("a", "1"), ("b", "2"), ("c", "1")], "abc", ["", "1", "2"], WalkEnd.REPEATS),
        ([("a", "1"), ("", "2"), ("b", "")], "ab", ["", "1", "2"], WalkEnd.LIST),
        ([("a", "1"), ("a", "2"), ("a", "3"), ("", "4"), ("z", "5")], "a",
         ["", "1", "2", "3"], WalkEnd.BARREN),
        ([("", "1"), ("", "2"), ("a", "3"), ("", "4"), ("", "5"), ("b", "")], "ab",
         ["", "1", "2", "3", "4", "5"], WalkEnd.LIST),
    ],
    ids=["repeats", "nothing", "its own cursor", "an old cursor", "an empty page", "barren", "patience"],
)  # fmt: skip
async def test_each_row_comes_once_until_the_walk_is_over(
    script: Script, found: str, asked: list[str], end: WalkEnd
) -> None:
    fetch, walk = Pages(script), PageWalk[str](str)
    assert await rows(fetch, walk) == found
    assert fetch.asked == asked
    assert walk.ended is end
    assert walk.pages == len(asked)
    assert walk.at == ""


async def test_a_list_without_an_end_has_a_bound() -> None:
    walk = PageWalk[str](str, most=5)
    taken = [walk.take([str(number)], f"c{number}") for number in range(5)]
    assert len(taken) == 5
    assert walk.ended is WalkEnd.BOUND


async def test_a_forgotten_cursor_begins_the_list_anew_once_and_what_was_seen_stays_out() -> None:
    first: Script = [("ab", "1"), ("c", "2"), ("d", "3"), ("e", "4"), ("f", "5")]
    fetch = Pages([*first, Expired("gone"), *first, ("g", "")])
    assert await rows(fetch, PageWalk(str)) == "abcdefg"
    assert fetch.asked == ["", "1", "2", "3", "4", "5", "", "1", "2", "3", "4", "5"]
    with pytest.raises(Expired):
        await rows(Pages([*first, Expired("gone"), *first, Expired("gone")]), PageWalk(str))
    with pytest.raises(Expired):
        await rows(Pages([Expired("gone")]), PageWalk(str))


async def test_after_a_restart_as_many_pages_may_be_known_as_were_read_and_no_more() -> None:
    same: Script = [(" a"[1:], f"n{number}") for number in range(20)]
    fetch = Pages([("a", "1"), ("b", "2"), Expired("gone"), *same])
    assert await rows(fetch, PageWalk(str)) == "ab"
    assert len(fetch.asked) == 3 + 2 + BARREN


async def test_a_failing_page_is_not_swallowed() -> None:
    with pytest.raises(UpstreamUnavailable):
        await rows(Pages([("a", "1"), UpstreamUnavailable("down")]), PageWalk(str))


def test_a_walk_goes_on_where_another_process_left_it() -> None:
    walk = PageWalk[str](str, seen="abc", cursors=("1", "2"), barren=BARREN - 1)
    assert (walk.at, walk.pages, walk.ended) == ("2", 2, None)
    assert walk.take("cd", "3") == ["d"]
    assert walk.take("e", "1") == ["e"]
    assert walk.ended is WalkEnd.REPEATS
    tired = PageWalk[str](str, seen="a", cursors=("1",), barren=BARREN - 1)
    tired.take("a", "2")
    assert tired.ended is WalkEnd.BARREN
