"""The messages of a web page are found where it says them, and a call that says none is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.i18n.extracted import Extracted, NoLiteral, OtherPlaces
from bot.i18n.page_messages import in_markup, in_script
from bot.i18n.plurals import numbers_of


def _made(found: Iterator[Extracted]) -> list[tuple[str, str, str]]:
    return [(one.id, one.plural, one.context) for one in found]


def test_a_script_has_the_messages_that_it_says() -> None:
    script = """
    // msg("of a comment")
    const a = msg("Close"); const b = x ? msg("Try {line}", { line: f(`a ${b}`, { c: [d, e] }) }) : "";
    node.append(pmsg("the button", 'Run'), ...spread("{bot} on {line}", { bot, line: f(words) }));
    f(nmsg("{n} of {who}", "{n} s of {who}", { n: list.length, who }), /msg("x")/);
    export function nmsg(one, many) {}
    """
    assert _made(in_script(script, "x.js")) == [
        ("Close", "", ""),
        ("Try {line}", "", ""),
        ("Run", "", "the button"),
        ("{bot} on {line}", "", ""),
        ("{n} of {who}", "{n} s of {who}", ""),
    ]


def test_a_page_has_the_messages_that_its_elements_name() -> None:
    markup = """<p data-msg="text">Some &amp; more</p><img alt="x"><p>none</p>
    <textarea aria-label="Command" placeholder="Type" data-msg="aria-label placeholder"></textarea>
    <span data-msg="text" data-context="what a key does">run</span>"""
    assert _made(in_markup(markup, "x.html")) == [
        ("Some & more", "", ""),
        ("Command", "", ""),
        ("Type", "", ""),
        ("run", "", "what a key does"),
    ]


@pytest.mark.parametrize(
    ("read", "source", "error"),
    [
        (in_script, "msg(text)", NoLiteral),
        (in_script, "msg(`a`)", NoLiteral),
        (in_script, 'msg("a" + b)', NoLiteral),
        (in_script, 'nmsg("one", many, { n })', NoLiteral),
        (in_script, 'msg("{a}", values)', NoLiteral),
        (in_script, 'msg("{a}", { ...values })', NoLiteral),
        (in_script, 'f(`a ${msg("b")}`)', NoLiteral),
        (in_script, 'msg("{a}", { b })', OtherPlaces),
        (in_script, 'msg("{a}")', OtherPlaces),
        (in_script, 'msg("a", { a })', OtherPlaces),
        (in_script, 'nmsg("{n}", "many", { n })', OtherPlaces),
        (in_markup, '<p data-msg="text">a <b>b</b></p>', NoLiteral),
        (in_markup, '<p data-msg="title">a</p>', NoLiteral),
    ],
)
def test_a_call_that_is_no_message_is_named(
    read: Callable[[str, str], Iterator[Extracted]], source: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match=r"x:1: "):
        list(read(source, "x"))


@pytest.mark.parametrize(
    ("tag", "numbers"),
    [
        ("en", {"one": 1, "other": 2}),
        ("en-XA", {"one": 1, "other": 2}),
        ("pl", {"many": 0, "one": 1, "few": 2, "other": 1_000_000}),
        ("ja", {"other": 0}),
    ],
)
def test_each_plural_category_has_a_number(tag: str, numbers: dict[str, int]) -> None:
    assert numbers_of(tag) == numbers
