"""What the page is given to say: nothing in English, every message of its own in another language."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.playground.page_words import STATIC, page_words
from bot.i18n.languages import PSEUDO
from bot.i18n.page_messages import page_messages
from bot.i18n.pseudo import OPENING
from bot.i18n.rules import CldrRules
from bot.i18n.translations import Translations
from bot.i18n.translator import ENGLISH_TRANSLATOR, Translator, translator
from tests.adapters.playground.harness import PlaygroundHarness, Visitor
from tests.adapters.playground.test_stream import page

PO = """msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "Cancel"
msgstr "Anuluj"

msgctxt "the button"
msgid "Create"
msgstr "Utwórz"

msgid "{n} character"
msgid_plural "{n} characters"
msgstr[0] "{n} znak"
msgstr[1] "{n} znaki"
msgstr[2] "{n} znaków"

msgid "Show the trends"
msgstr "Pokaż trendy"
"""


def test_english_needs_nothing() -> None:
    assert page_words(ENGLISH_TRANSLATOR) == {}


def test_another_language_has_every_message_of_the_page() -> None:
    found = page_words(translator(PSEUDO))
    assert {one.id for one in page_messages(STATIC)} == {key.rpartition("\x04")[2] for key in found}
    forms = [form for said in found.values() for form in ([said] if isinstance(said, str) else said.values())]
    assert all(form.startswith(OPENING) for form in forms)


def test_what_a_catalogue_has_of_the_page_is_said_with_its_plurals(tmp_path: Path) -> None:
    (tmp_path / "pl.po").write_text(PO, encoding="utf-8")
    found = page_words(Translator("pl", CldrRules("pl", Translations.read(tmp_path / "pl.po"))))
    assert found["Cancel"] == "Anuluj"
    assert found["the button\x04Create"] == "Utwórz"
    assert found["{n} character"] == {
        "many": "{n} znaków",
        "one": "{n} znak",
        "few": "{n} znaki",
        "other": "{n} znaków",
    }
    assert "Close" not in found, "not translated: the page says it in English"
    assert "Show the trends" not in found, "not of the page"


async def test_the_state_is_in_the_language_of_who_asks(house: PlaygroundHarness, ada: Visitor) -> None:
    state = await ada.start()
    assert (state["language"], state["words"]) == ("en", {})
    answer = await ada.client.get("/api/state", headers={"accept-language": PSEUDO})
    assert answer.json()["language"] == PSEUDO and answer.json()["words"]["Cancel"].startswith(OPENING)
    texts = [group["summary"] for group in answer.json()["commands"]]
    assert texts and all(text.startswith(OPENING) for text in texts)


async def test_a_page_is_told_of_the_language_that_its_person_has_set(
    house: PlaygroundHarness, ada: Visitor
) -> None:
    async with page(house, "ada") as opened:
        await ada.say("trends")
        assert [(await opened.next("run"))["language"] for _ in range(2)] == ["", "en"]
        await ada.say(f"me language {PSEUDO}")
        assert [(await opened.next("run"))["language"] for _ in range(2)] == ["", PSEUDO]
    assert (await ada.start())["language"] == PSEUDO


@pytest.mark.parametrize(
    ("headers", "pseudo"),
    [
        ({"x-language": PSEUDO}, True),
        ({"x-language": "en", "accept-language": PSEUDO}, False),
        ({"x-language": "", "accept-language": PSEUDO}, True),
        ({"x-language": "<b>", "accept-language": PSEUDO}, False),
    ],
)
async def test_a_refusal_is_in_the_language_that_the_page_speaks(
    ada: Visitor, headers: dict[str, str], pseudo: bool
) -> None:
    refused = (await ada.post("command", {"text": "help", "channel": "nowhere"}, headers)).json()
    assert refused["message"].startswith(OPENING) is pseudo
