"""Cards, forms and choices in a language: every message in them, wherever it stands, and nothing else."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Bold,
    Button,
    Card,
    Choice,
    Code,
    Field,
    Fields,
    File,
    Form,
    Gallery,
    Input,
    Media,
    Picker,
    Progress,
    Table,
    Text,
    Timestamp,
    line,
)
from bot.core.messages.message import Duration, Joined, JoinedBy, Message, msg, nmsg
from bot.core.x.languages import language_said
from bot.i18n.languages import LANGUAGES, PSEUDO, SOURCE, language_name, spoken
from bot.i18n.pseudo import CLOSING, OPENING, pseudo
from bot.i18n.rules import CldrRules
from bot.i18n.translations import Translations, mismatched
from bot.i18n.translator import ENGLISH_TRANSLATOR, Translator, translator
from tests.contracts import any_card
from tests.fuzzing import examples

PO = """msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "{n} winner of {what}"
msgid_plural "{n} winners of {what}"
msgstr[0] "{what}: {n} zwycięzca"
msgstr[1] "{what}: {n} zwycięzcy"
msgstr[2] "{what}: {n} zwycięzców"

msgid "Run `help {command}`"
msgstr "Napisz `help {command}`"

msgctxt "the button"
msgid "Draw"
msgstr "Losuj"

msgid "Broken {place}"
msgstr "Zepsute {miejsce}"

msgid "Empty"
msgstr ""
"""


@pytest.fixture
def polish(tmp_path: Path) -> Translator:
    path = tmp_path / "pl.po"
    path.write_text(PO, encoding="utf-8")
    return Translator("pl", CldrRules("pl", Translations.read(path)))


def messages_in(value: Any) -> list[Message]:
    """Every message in a card or a part of one."""
    if isinstance(value, Message):
        return [value]
    if isinstance(value, tuple):
        return [found for item in value for found in messages_in(item)]
    if dataclasses.is_dataclass(value):
        return [f for field in dataclasses.fields(value) for f in messages_in(getattr(value, field.name))]
    return []


def _form() -> Form:
    item = Input("x", msg("Label"), hint=msg("Hint"), choices=(Choice(msg("One"), "1"),))
    return Form(msg("Title"), ActionRef("a", "k"), (item,), msg("Run"), msg("Note"))


def _card() -> Card:
    return Card(
        msg("Title of {who}", who="{x} %s"),
        (
            Text(line(Bold("plain "), msg("{n} of {who}", n=1, who=Code("c")), Bold(msg("bold")))),
            Fields((Field(msg("Name"), line(msg("at {t}", t=Timestamp(5)))),)),
            Table((msg("Column"),), ((line(msg("{a}{b}", a=Bold("a"), b="b")),),)),
            Progress(1, 2, msg("Label")),
            Gallery((Media("https://x.com/a.png", msg("A picture")),)),
            Picker(ActionRef("a", "k"), msg("Account"), (Choice(msg("One"), "1"),)),
        ),
        buttons=(Button(msg("Press"), action=ActionRef("a", "k")),),
    )


@pytest.mark.parametrize("tag", [language.tag for language in LANGUAGES])
def test_no_message_is_left_in_what_was_translated(tag: str) -> None:
    speaker = translator(tag)
    assert messages_in(_card()) and messages_in(_form())
    assert messages_in(speaker.card(_card())) == messages_in(speaker.form(_form())) == []
    assert messages_in(speaker.choices((Choice(msg("One"), "1"),))) == []
    assert messages_in(speaker.files((File(msg("name.txt"), "text/plain", b""),))) == []


def test_a_message_in_a_line_becomes_its_parts_and_elsewhere_one_text() -> None:
    made = ENGLISH_TRANSLATOR.card(_card())
    assert made.title == "Title of {x} %s"
    assert made.blocks[0] == Text((Bold("plain "), "1 of ", Code("c"), Bold("bold")))
    assert made.blocks[1] == Fields((Field("Name", ("at ", Timestamp(5))),))
    assert made.blocks[2] == Table(("Column",), (((Bold("a"), "b"),),))


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(any_card.cards)
def test_a_card_without_messages_is_the_very_same_but_for_its_language(card: Card) -> None:
    card = dataclasses.replace(card, language="")
    assert ENGLISH_TRANSLATOR.card(card) is card
    assert translator(PSEUDO).card(card) == dataclasses.replace(card, language=PSEUDO)


def test_the_pseudo_locale_is_longer_accented_and_between_brackets() -> None:
    title = translator(PSEUDO).card(_card()).title
    assert title.startswith(f"{OPENING}Ţíţĺé óƒ {{x}} %s") and title.endswith(CLOSING)
    assert len(pseudo("A longer text of forty characters, or so")) >= 40 * 1.4
    run = translator(PSEUDO).line(line(msg("Run `help {command}` now", command="draw")))
    assert Code("help draw") in run


def test_a_catalogue_translates_with_its_own_plurals_and_order(polish: Translator) -> None:
    def winners(n: int) -> str:
        return polish.words(nmsg("{n} winner of {what}", "{n} winners of {what}", n=n, what="{n} `x`"))

    assert winners(1) == "{n} `x`: 1 zwycięzca"
    assert winners(3) == "{n} `x`: 3 zwycięzcy"
    assert winners(12_345) == "{n} `x`: 12\N{NO-BREAK SPACE}345 zwycięzców"
    assert polish.line(line(msg("Run `help {command}`", command="draw"))) == ("Napisz ", Code("help draw"))
    assert polish.words(Message("Draw", context="the button")) == "Losuj"
    assert polish.words(msg("Draw")) == "Draw"


def test_what_a_catalogue_lacks_or_has_wrong_is_english(
    polish: Translator, caplog: pytest.LogCaptureFixture
) -> None:
    assert polish.words(msg("Broken {place}", place="x")) == "Broken x"
    assert polish.words(msg("Empty")) == "Empty"
    assert polish.words(msg("Nobody translated this")) == "Nobody translated this"
    assert polish.words("no message") == "no message"


def test_numbers_lists_times_and_durations_are_said_as_cldr_has_them(polish: Translator) -> None:
    def one(value: Any) -> str:
        return polish.words(msg("{x}", x=value))

    assert one(Joined(("a", "b", "c"))) == "a, b i c"
    assert one(Joined(("a", "b"), JoinedBy.OR)) == "a lub b"
    assert one(Joined(())) == ""
    assert one(12_345.678) == "12\N{NO-BREAK SPACE}345,68"
    assert one(Timestamp(2e9, zone="Europe/Warsaw")) == "18.05.2033, 05:33 Europe/Warsaw"
    assert one(Timestamp(1e18)) == "an unknown time"
    assert one(Duration(93_784)) == "1 d. 2 h"
    assert one(Duration(0)) == "0 s"


@pytest.mark.parametrize(
    ("code", "english", "in_polish"),
    [
        ("de", "German", "niemiecki"),
        ("iw", "Hebrew", "hebrajski"),
        ("in", "Indonesian", "indonezyjski"),
        ("pt-br", "Portuguese (pt-br)", "brazylijski portugalski"),
        ("zh-tw", "Chinese (zh-tw)", "chiński (zh-tw)"),
        ("DE", "German", "niemiecki"),
        ("qme", "qme", "qme"),
        ("", "", ""),
    ],
)
def test_languages_are_called_as_cldr_has_them(
    polish: Translator, code: str, english: str, in_polish: str
) -> None:
    said = msg("{x}", x=language_said(code))
    assert (ENGLISH_TRANSLATOR.words(said), polish.words(said)) == (english, in_polish)


@pytest.mark.parametrize(
    ("seconds", "english", "in_polish"),
    [
        (1, "in 1 second", "za 1 sekundę"),
        (-59, "59 seconds ago", "59 sekund temu"),
        (3_599, "in 59 minutes", "za 59 minut"),
        (-7_200, "2 hours ago", "2 godziny temu"),
        (86_400, "in 1 day", "za 1 dzień"),
        (-29.9 * 86_400, "29 days ago", "29 dni temu"),
        (61 * 86_400, "in 2 months", "za 2 miesiące"),
        (-400 * 86_400, "1 year ago", "1 rok temu"),
        (1e30, "in 9999 years", "za 9999 lat"),
        (float("-inf"), "9999 years ago", "9999 lat temu"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit(
    polish: Translator, seconds: float, english: str, in_polish: str
) -> None:
    assert ENGLISH_TRANSLATOR.rules.distance(seconds) == english
    assert polish.rules.distance(seconds) == in_polish
    assert translator(PSEUDO).rules.distance(seconds).startswith(OPENING)


def test_the_parts_of_a_list_stay_what_they_are(polish: Translator) -> None:
    said = polish.line(line(msg("{who}", who=Joined((Bold("a"), Code("b"), "c")))))
    assert said == (Bold("a"), ", ", Code("b"), " i c")


@pytest.mark.parametrize(
    ("id", "string", "wrong"),
    [
        ("{a}", "{a}!", False),
        ("{a}", "", False),
        ("{a}", "{b}", True),
        ("{a}", "{a", True),
        ("{a}", "{a!r}", True),
        (("{n}", "{n} s"), ("{n}", "{n}", "n"), True),
        (("{n}", "{n} s"), ("{n}", "{n}", ""), False),
    ],
)
def test_a_translation_has_the_places_of_its_message(id: Any, string: Any, wrong: bool) -> None:
    assert mismatched(id, string) is wrong


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        ("en", SOURCE),
        ("en-US", SOURCE),
        ("en_GB.UTF-8", SOURCE),
        ("en-XA", PSEUDO),
        ("EN-xa", PSEUDO),
        ("tr", ""),
        ("C.UTF-8", ""),
        ("", ""),
        ("../../etc/passwd", ""),
    ],
)
def test_the_nearest_language_is_found(wanted: str, tag: str) -> None:
    assert spoken(wanted) == tag
    assert translator(wanted).language == (tag or SOURCE)


def test_languages_are_called_as_in_themselves() -> None:
    assert language_name("en") == "English"
    assert language_name("xx") == "xx"


def test_english_loads_nothing_of_babel() -> None:
    code = (
        "import sys; from bot.i18n.translator import translator; from bot.core.messages.message import msg;"
        "translator('en-GB').words(msg('x')); translator('en-XA').words(msg('x'));"
        "sys.exit(any(name.split('.')[0] == 'babel' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
