"""What strangers write, and what libraries let slip, harms neither the terminal nor the log it goes to."""

from __future__ import annotations

import base64
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from bot.observability.cleaning import redact
from bot.observability.loggers import log
from bot.observability.logs import configure

KEY = "xq_" + "0123abcd" * 8
FERNET = base64.urlsafe_b64encode(bytes(range(200, 232))).decode()
FORGED = "2026-01-01T00:00:00Z [info     ] forged"
HOSTILE = f"a\x1b[2Jb\r\x07\u202egnp.exe\u2066\x9b\ud800\u2028\n{FORGED}"
RAW = "\x1b\r\x07\x9b\u202e\u2066\u2028\ud800"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def written(form: Any, act: Callable[[], None]) -> str:
    stream = io.StringIO()
    configure("debug", form, stream)
    act()
    return stream.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"keys {FERNET}, {FERNET}", "keys [redacted], [redacted]"),
        (f"vault.keys={FERNET}", "vault.keys=[redacted]"),
        ("XQ_" + "0123ABCD" * 8, "[redacted]"),
        ("be postgresql://USER:PASSWORD@HOST:PORT/DB", "be postgresql://USER:PASSWORD@HOST:PORT/DB"),
        ("at postgresql://bot:PASSWORD9@db/x", "at postgresql://bot:[redacted]@db/x"),
        ("at postgresql://bot:PASSWORD@x@db/x", "at postgresql://bot:[redacted]@db/x"),
        ("at postgresql://bot:pw@db.example/x", "at postgresql://bot:[redacted]@db.example/x"),
        ("postgresql+asyncpg://bot:p@s/w?d#1@db/x", "postgresql+asyncpg://bot:[redacted]@db/x"),
        ("https://ada:pw@proxy.example:8080/", "https://ada:[redacted]@proxy.example:8080/"),
        ("redis://:pw@cache", "redis://:[redacted]@cache"),
    ],
)
def test_keys_and_passwords_in_addresses_are_blanked(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "GET http://127.0.0.1:8080/@nasa?q=a@b",
        "https://x.com/xquik/status/1893456789012345678",
        "sent to ada@example.com: 12:30",
        "a" * 43 + " = " + "b" * 44,
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


class Shy:
    """An object of a library, whose repr tells too much."""

    def __repr__(self) -> str:
        return f"Shy({KEY!r}, '\x1b[2J')"


class Broken:
    """An object that cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError(KEY)


@pytest.mark.parametrize("form", ["console", "json"])
def test_secrets_inside_other_values_are_blanked(form: str) -> None:
    circle: list[Any] = [KEY]
    circle.append(circle)

    def act() -> None:
        log("ours").warning(
            "said",
            headers={"x-api-key": KEY, KEY: ["Bearer " + FERNET, (f"postgresql://u:{FERNET}@db/x",)]},
            error=RuntimeError(f"broke with {KEY}", {"key": f"line\n{FERNET}"}),
            kinds={KEY},
            raw=KEY.encode(),
            shy=Shy(),
            shies=[Shy()],
            circle=circle,
            broken=Broken(),
            brokens=[Broken()],
            number=7,
            nothing=None,
        )
        logging.getLogger("theirs").warning("headers %s", {"x-api-key": KEY, "deep": [FERNET]})

    text = written(form, act)
    assert KEY not in text
    assert FERNET not in text
    assert "number" in text
    assert "broke with [redacted]" in text
    assert len(text.splitlines()) == 2
    assert not set(RAW) & set(text)


def test_json_keeps_the_shape_of_values() -> None:
    def act() -> None:
        log("ours").info("said", found={"n": 1, "ok": True, "list": [1.5, None, "x"]})

    assert json.loads(written("json", act))["found"] == {"n": 1, "ok": True, "list": [1.5, None, "x"]}


def _say_it() -> None:
    log("ours").info(
        HOSTILE, value=HOSTILE, short="\x1b", nested={"text": [HOSTILE]}, error=ValueError(HOSTILE)
    )
    logging.getLogger("theirs").warning("said %s", HOSTILE)
    logging.getLogger(f"theirs\n{FORGED}\x1b").warning("from an odd name")


def _fail() -> None:
    try:
        raise ValueError(HOSTILE)
    except ValueError as error:
        log("ours").error("failed", exc_info=error)
        logging.getLogger("theirs").exception("failed too")


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize("act", [_say_it, _fail])
def test_no_control_or_reordering_character_is_written(form: str, act: Callable[[], None]) -> None:
    text = written(form, act)
    assert not set(RAW) & set(text)
    assert not any(line.startswith("2026-01-01") for line in text.split("\n"))


def test_a_value_stays_in_its_line_and_is_readable() -> None:
    lines = written("console", _say_it).splitlines()
    assert len(lines) == 3
    assert rf"a\x1b[2Jb\r\x07\u202egnp.exe\u2066\x9b\ud800\u2028\n{FORGED}" in lines[0]
    assert r"value='a\x1b[2Jb\r" in lines[0]
    assert r"short=\x1b" in lines[0]
    assert r"\\n" not in written("console", lambda: log("ours").info("x", value="two\nlines here"))


def test_a_traceback_keeps_its_lines_indented_so_that_none_passes_for_an_event() -> None:
    lines = written("console", _fail).splitlines()
    heads = [line for line in lines if not line.startswith("  ")]
    assert len(heads) == 2
    assert all(head.rstrip().endswith(("[ours]", "[theirs]")) for head in heads)
    assert sum(FORGED in line for line in lines) == 2
    assert any(line.strip().startswith("Traceback") for line in lines)


def test_json_escapes_what_a_reader_would_print_and_keeps_line_breaks() -> None:
    first = json.loads(written("json", _say_it).splitlines()[0])
    for shown in (first["event"], first["value"], first["nested"]["text"][0], first["error"]):
        assert not set(RAW) & set(shown)
    assert first["value"].endswith(f"\n{FORGED}")
    assert "\n" in json.loads(written("json", _fail).splitlines()[0])["exception"]
