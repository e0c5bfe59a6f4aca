"""Discord shows descriptions and choices in the languages that have a catalogue, and names in English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.discord import limits
from adapters.discord.command_room import overfull, root_rooms
from adapters.discord.localisations import localised, spoken_locales
from adapters.discord.tree import command_tree
from bot.core.messages.message import msg
from bot.features.catalogue import catalogue
from bot.i18n import languages, translations
from bot.i18n.languages import PSEUDO
from bot.i18n.pseudo import OPENING
from bot.i18n.translator import translator
from tests.doubles.discord.rules_commands import check_commands

REAL = catalogue()
TREE = command_tree(REAL, {"de": translator(PSEUDO), "pl": translator(PSEUDO)})
PO = """msgid ""
msgstr ""
"Language: es\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "What people are talking about on X"
msgstr "De qué se habla en X"
"""


@pytest.fixture
def spanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue that is made up, registered as a real one is."""
    (tmp_path / "es.po").write_text(PO, encoding="utf-8")
    monkeypatch.setattr(translations, "CATALOGUES", tmp_path)
    monkeypatch.setitem(languages._TAGS, "es", "es")
    translator.cache_clear()
    yield
    translator.cache_clear()


def _things(things: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for thing in things:
        yield thing
        yield from _things(thing.get("options") or [])


def test_with_english_alone_nothing_is_sent_besides() -> None:
    assert spoken_locales() == {}
    assert not any(key.endswith("_localizations") for one in _things(command_tree(REAL)) for key in one)


def test_every_description_and_choice_is_localised_and_no_name_that_is_typed() -> None:
    for thing in _things(TREE):
        if thing.get("type") == 3 and "description" not in thing:  # an entry of the menu of messages
            names = [thing["name"], *thing["name_localizations"].values()]
            assert thing["name_localizations"]["de"].startswith(OPENING)
            assert all(1 <= len(name) <= limits.MENU_NAME for name in names)
            continue
        assert "name_localizations" not in thing
        assert set(thing["description_localizations"]) == {"de", "pl"}
        assert thing["description_localizations"]["de"].startswith(OPENING)
    choices = [choice for thing in _things(TREE) for choice in thing.get("choices") or []]
    said = [choice for choice in choices if "name_localizations" in choice]
    assert said and all(choice["name_localizations"]["pl"].startswith(OPENING) for choice in said)
    assert all(not choice["name"].startswith(OPENING) for choice in choices)


def test_a_catalogue_is_shown_in_all_of_its_locales(spanish: None) -> None:
    locales = spoken_locales()
    assert set(locales) == {"es-ES", "es-419"}
    trends = next(one for one in command_tree(REAL) if one["name"] == "trends")
    assert trends["description_localizations"] == dict.fromkeys(("es-ES", "es-419"), "De qué se habla en X")
    assert "description_localizations" not in trends["options"][0], "not translated: English is shown"


def test_a_translation_is_as_long_as_discord_takes() -> None:
    long = msg("A description of several words, which is nearly as long as Discord takes, and is longer then")
    made = localised("description", long, limits.COMMAND_DESCRIPTION, {"de": translator(PSEUDO)})
    assert made["description"] == long
    assert limits.size(made["description_localizations"]["de"]) == limits.COMMAND_DESCRIPTION
    assert made["description_localizations"]["de"].endswith("…")


def test_the_longest_localisation_counts_and_discord_refuses_what_is_too_much() -> None:
    before = {room.name: room for room in root_rooms(command_tree(REAL))}
    for room in root_rooms(TREE):
        assert room.characters - before[room.name].characters == room.texts - before[room.name].texts > 0
    named = {said.partition(":")[0].removeprefix("/") for said in overfull(TREE)}
    problems = list(check_commands(TREE))
    assert bool(named) == bool(problems)
    fits = [one for one in TREE if one["name"] not in named]
    assert overfull(fits) == [] and list(check_commands(fits)) == []


def test_how_much_longer_translations_may_be_is_what_is_left_of_a_root() -> None:
    for room in root_rooms(command_tree(REAL)):
        longest = room.characters + room.longer * room.texts
        assert longest == pytest.approx(limits.ROOT_CHARACTERS)
