"""Messages: a template, its arguments, and what is made of both. No argument is ever read as a template."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.messages.inlines import Bold, Code, Link, Timestamp, UserMention, line
from bot.core.messages.message import (
    ENGLISH,
    Argument,
    Duration,
    Joined,
    JoinedBy,
    LanguageName,
    Message,
    msg,
    nmsg,
    pmsg,
    said,
    spread,
    spread_line,
)
from bot.core.messages.templates import as_template, spans_of
from tests.contracts.any_card import HOSTILE_TEXTS
from tests.fuzzing import examples


def test_a_message_reads_as_its_english_words_and_keeps_what_it_is_made_of() -> None:
    message = msg("Draw {number} by {who} is done.", number=1234, who="Ada")
    assert message == "Draw 1,234 by Ada is done."
    assert (message.id, message.arguments) == (
        "Draw {number} by {who} is done.",
        {"number": 1234, "who": "Ada"},
    )
    assert f"{message}" == str(message) == "Draw 1,234 by Ada is done."


@pytest.mark.parametrize(
    ("n", "words"), [(0, "0 winners"), (1, "1 winner"), (2, "2 winners"), (12_000, "12,000 winners")]
)
def test_a_number_chooses_the_plural(n: int, words: str) -> None:
    assert nmsg("{n} winner", "{n} winners", n=n) == words


def test_a_context_tells_messages_with_the_same_words_apart() -> None:
    assert pmsg("the button", "Draw").context == "the button"
    assert pmsg("the button", "Draw") == msg("Draw")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (7, "7"),
        (-1_234_567, "-1,234,567"),
        (1234.5, "1,234.5"),
        (2.0, "2"),
        (0.125, "0.12"),
        ("text", "text"),
        (Duration(93_784), "1d 2h"),
        (Duration(0.4), "0s"),
        (LanguageName("de", "German"), "German"),
        (LanguageName("pt-br", "Portuguese"), "Portuguese (pt-br)"),
        (msg("inner {x}", x=1000), "inner 1,000"),
        (Joined(()), ""),
        (Joined(("a",)), "a"),
        (Joined(("a", "b")), "a and b"),
        (Joined(("a", Bold("b"), 1000), JoinedBy.OR), "a, b or 1,000"),
        (Joined(("a", "b", "c"), JoinedBy.COMMA), "a, b, c"),
        (Code("draw run"), "draw run"),
        (Link("here", "https://x.com/"), "here (https://x.com/)"),
        (UserMention("1", "Ada"), "@Ada"),
        (Timestamp(0), "1970-01-01 00:00 UTC"),
        (Timestamp(1e18), "an unknown time"),
    ],
)
def test_what_can_stand_in_a_place_and_how_it_is_said(value: Argument, words: str) -> None:
    assert msg("<{value}>", value=value) == f"<{words}>"


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: msg("No place", extra=1), ValueError),
        (lambda: msg("A {place}"), ValueError),
        (lambda: msg("{0}"), ValueError),
        (lambda: msg("{}"), ValueError),
        (lambda: msg("{x!r}", x=1), ValueError),
        (lambda: msg("{x:>9}", x=1), ValueError),
        (lambda: msg("{x.y}", x=1), ValueError),
        (lambda: msg("{x", x=1), ValueError),
        (lambda: nmsg("one winner", "{n} winners", n=1), ValueError),
        (lambda: nmsg("{n} of {x}", "{n} of {y}", n=1, x=1), ValueError),
        (lambda: msg("{x}", x=None), TypeError),  # type: ignore[arg-type]
        (lambda: msg("{x}", x=True), TypeError),
        (lambda: msg("{x}", x=b"bytes"), TypeError),  # type: ignore[arg-type]
        (lambda: nmsg("{n}", "{n}", n=1.5), TypeError),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_message_is_refused_where_it_is_made(
    make: Callable[[], Message], error: type[Exception]
) -> None:
    with pytest.raises(error):
        make()


def test_in_a_line_inlines_stay_inlines_and_backticks_are_code() -> None:
    message = msg(
        "{who} ran `draw {what}` {when}.",
        who=Bold("Ada"),
        what=Code("run"),
        when=msg("at {t}", t=Timestamp(5)),
    )
    assert spread(message, ENGLISH) == (
        Bold("Ada"),
        " ran ",
        Code("draw run"),
        " at ",
        Timestamp(5),
        ".",
    )
    assert message == "Ada ran `draw run` at 1970-01-01 00:00 UTC."
    assert spread_line(line("a ", msg("b"), Bold(msg("c"))), ENGLISH) == ("a b", Bold("c"))
    untouched = line("a", Bold("b"))
    assert spread_line(untouched, ENGLISH) is untouched


@pytest.mark.parametrize("template", ["one ` alone", "`a` and ` alone"])
def test_a_backtick_that_none_closes_is_text(template: str) -> None:
    assert msg(template) == template
    last = spread(msg(template), ENGLISH)[-1]
    assert isinstance(last, str) and "` alone" in last


@pytest.mark.parametrize(
    "text", [*HOSTILE_TEXTS, "{x}", "{{x}}", "{0.__class__}", "%s %(n)d", "`code`", "{x!r:>9}"]
)
def test_text_of_strangers_is_never_interpreted(text: str) -> None:
    message = msg("Said: {text}, {again}", text=text, again=Bold(text))
    assert spread(message, ENGLISH) == (f"Said: {text}, ", Bold(text))
    assert message == f"Said: {text}, {text}"
    assert spread(msg("in `{text}`", text=text), ENGLISH) == ("in ", Code(text))


@settings(max_examples=examples(200))
@given(st.text())
def test_any_text_can_be_made_a_template_that_says_it(text: str) -> None:
    assert msg(as_template(text)) == text


@settings(max_examples=examples(200))
@given(st.text(alphabet="ab{}`!:.0 "))
def test_any_template_is_read_or_refused(template: str) -> None:
    try:
        spans_of(template)
    except ValueError:
        return
    names = {piece.text for span in spans_of(template) for piece in span.pieces if piece.named}
    assert isinstance(Message(template, dict.fromkeys(names, "x")), str)


def test_a_message_can_be_copied_and_pickled() -> None:
    message = nmsg("{n} of {who}", "{n} of {who}", n=2, who=Bold("x"))
    for again in (copy.copy(message), copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert again == message
        assert (again.id, again.plural, again.arguments) == (message.id, message.plural, message.arguments)


def test_arguments_are_changed_wherever_they_stand() -> None:
    message = msg("{a} {b} {c}", a="x", b=msg("{d}", d="x"), c=Joined(("x", msg("{e}", e="x"))))
    upper = message.with_arguments(lambda value: value.upper() if isinstance(value, str) else value)
    assert upper == "X X X and X" and upper.id == message.id
    assert message.with_arguments(lambda value: value) is message


def test_said_keeps_backticks_for_titles() -> None:
    assert said(msg("Run `help {x}`", x="draw"), ENGLISH) == "Run `help draw`"
