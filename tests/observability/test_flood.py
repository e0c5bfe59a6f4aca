"""What strangers cause does not fill the log, whoever writes it, and is counted all the same."""

from __future__ import annotations

import io
import json
import logging
import tracemalloc
from collections.abc import Iterator

import pytest

from bot.observability.flood import A_LOGGER, A_MINUTE, WINDOW, Flood, LineKind
from bot.observability.loggers import log
from bot.observability.logs import configure
from bot.observability.quick_lines import LineHandler, QuickLines
from bot.observability.seldom import Seldom


class Log:
    """A log in a text, and its clock."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.now = 1000.0
        configure("info", "json", self.stream)
        (self.handler,) = logging.getLogger().handlers
        assert isinstance(self.handler, LineHandler)
        self.handler._monotonic = lambda: self.now

    def said(self) -> list[str]:
        lines = [json.loads(line)["event"] for line in self.stream.getvalue().splitlines()]
        self.stream.truncate(0)
        self.stream.seek(0)
        return lines


@pytest.fixture
def written() -> Iterator[Log]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield Log()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_of_one_kind_some_a_minute_are_written_and_the_rest_is_counted(written: Log) -> None:
    library = logging.getLogger("a.library")
    for number in range(1234 + A_MINUTE):
        library.warning("Invalid request %d, 100%% wrong.", number)
    said = written.said()
    assert said == [f"Invalid request {number}, 100% wrong." for number in range(A_MINUTE)]
    log("bot").warning("something else")
    assert written.said() == ["something else"]
    written.now += WINDOW
    library.warning("Invalid request %d, 100%% wrong.", 9)
    assert written.said() == [
        "… and 1,234 more of this kind in a minute: Invalid request %d, 100%% wrong.",
        "Invalid request 9, 100% wrong.",
    ]


def test_errors_of_an_application_are_told_apart_by_their_type(written: Log) -> None:
    library = logging.getLogger("a.library")
    for _ in range(A_MINUTE + 5):
        for kind in (ValueError, KeyError):
            try:
                raise kind("x")
            except (ValueError, KeyError) as error:
                library.error("Exception in ASGI application\n", exc_info=error)
    assert len(written.said()) == 2 * A_MINUTE


def test_ours_are_counted_by_event_and_cause(written: Log) -> None:
    for cause in ("one", "two"):
        for number in range(A_MINUTE + 1):
            log("bot.x").warning("refused", cause=cause, number=number)
    assert written.said() == ["refused"] * 2 * A_MINUTE


def test_made_up_texts_do_not_help_and_take_no_memory(written: Log) -> None:
    library = logging.getLogger("some.library")
    for number in range(5000):
        library.warning(f"no such thing: {number}")
    assert len(written.said()) == A_LOGGER
    flood = Flood()
    tracemalloc.start()
    for number in range(20_000):
        flood.admits(LineKind("some.library", logging.WARNING, f"no such thing: {number}", ""), number / 1000)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken < 500_000


def test_what_is_no_warning_is_written_always_and_brings_the_count_along(written: Log) -> None:
    library = logging.getLogger("a.library")
    for _ in range(A_MINUTE + 2):
        library.warning("bad")
    written.said()
    written.now += WINDOW
    QuickLines("bot.relay").write("event received", [{"trace": str(n)} for n in range(500)])
    said = written.said()
    assert said == ["… and 2 more of this kind in a minute: bad", *["event received"] * 500]
    for _ in range(500):
        log("bot").info("usual")
    assert written.said() == ["usual"] * 500


def test_the_end_of_the_log_brings_the_count_too(written: Log) -> None:
    for _ in range(A_MINUTE + 7):
        log("bot").error("bad")
    written.said()
    written.handler.close()
    assert written.said() == ["… and 7 more of this kind in a minute: bad"]


def test_seldom_tells_a_cause_again_after_its_silence_and_forgets_the_oldest() -> None:
    now = 0.0
    seldom = Seldom(10.0, lambda: now, causes=2)
    assert [seldom.due("a") for _ in range(4)] == [0, None, None, None]
    now = 10.0
    assert (seldom.due("b"), seldom.due("a")) == (0, 3)
    assert seldom.due("c") == 0
    assert (seldom.due("a"), seldom.due("b")) == (None, 0)
