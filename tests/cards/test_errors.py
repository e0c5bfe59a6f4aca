"""An error card for every class of error and every code of Xquik: what happened and what next."""

from __future__ import annotations

import pytest

import bot.core.errors as kinds
from bot.cards.errors import error_card, with_code
from bot.core.chat.cards import Bold, Button, Code, Line, Text
from bot.core.errors import BotError, UsageError
from bot.i18n.translator import ENGLISH_TRANSLATOR
from bot.xquik.advice import ADVICE
from bot.xquik.errors import error_from
from tests.features.edge import words

CLASSES = sorted(
    (kind for kind in vars(kinds).values() if isinstance(kind, type) and issubclass(kind, BotError)),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_says_what_happened_and_what_next(kind: type[BotError]) -> None:
    card = error_card(kind("Something precise happened."))
    assert card.title == kind.title
    assert "Something precise happened." in words(card)
    assert "What next: " + kind.default_remedy.replace("`", "") in words(card)
    assert kind.default_remedy.endswith((".", "`."))


def test_titles_are_told_apart() -> None:
    titles = [kind.title for kind in CLASSES if kind is not UsageError]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("code", sorted(ADVICE))
def test_every_code_of_xquik_has_a_card(code: str) -> None:
    error = error_from(400, {"error": code, "message": "Some <words>"}, {})
    card = error_card(error)
    assert code in words(card)
    assert "What next" in words(card)


def test_what_others_said_is_plain_text_and_commands_of_ours_are_code() -> None:
    card = error_card(BotError("their *words* `here`", code="their_code", remedy="Run `setup key`."))
    assert card.blocks[0] == Text(("their *words* `here`",))
    assert card.blocks[1] == Text((Bold("What next:"), " ", "Run ", Code("setup key"), "."))
    said = ENGLISH_TRANSLATOR.card(card)
    assert said.blocks[-1] == Text(("Code: ", Code("their_code")), subtle=True)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Run `setup key`.", ("Run ", Code("setup key"), ".")),
        ("`help` lists all", (Code("help"), " lists all")),
        ("Call it ` please", ("Call it ` please",)),
        ("Run `help`, then ` and `x", ("Run ", Code("help"), ", then ", Code(" and "), "x")),
        ("Run `help`, then `", ("Run ", Code("help"), ", then `")),
    ],
)
def test_commands_in_backticks_are_code_and_nothing_is_left_out(text: str, drawn: Line) -> None:
    assert with_code(text) == drawn


def test_an_example_and_a_wait_are_told() -> None:
    card = ENGLISH_TRANSLATOR.card(error_card(UsageError("Wrong.", option="x", example="draw run …")))
    assert Text(("For example: ", Code("draw run …"))) in card.blocks
    assert "in 30 s" in words(error_card(BotError("Wait.", retry_after=30)))
    assert "in 10 min" in words(error_card(BotError("Wait.", retry_after=600)))
    assert "in 1 s" in words(error_card(BotError("Wait.", retry_after=0.01)))


def test_buttons_are_kept() -> None:
    button = Button("Change it", url="https://x.com")
    assert error_card(BotError("x"), (button,)).buttons == (button,)


def test_a_usage_error_names_its_option_for_the_form_and_other_errors_name_none() -> None:
    assert error_card(UsageError("account: no.", option="account")).about == "account"
    assert error_card(UsageError("What was that?")).about == ""
    assert error_card(BotError("Something happened.")).about == ""
