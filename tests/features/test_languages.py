"""`setup language` and `me language`: stored per place and person, told, and taken back."""

from __future__ import annotations

import typing
from dataclasses import replace

import pytest

from bot.core.commands.dispatch import InvocationOutcome
from bot.features.setup.languages import LanguageTag
from bot.i18n.languages import LANGUAGES
from bot.i18n.readers import Readers
from tests.features.edge import Screen, words
from tests.features.harness import ADMIN, HERE, MEMBER, BotHarness


def test_every_language_of_the_bot_can_be_chosen() -> None:
    assert typing.get_args(LanguageTag) == tuple(language.tag for language in LANGUAGES)


async def test_languages_of_place_and_person_are_stored_told_and_taken_back(house: BotHarness) -> None:
    assert "channels here are in English" in words((await house.say("setup language")).card)
    assert "are in Ṗšéúđó" in words((await house.say("setup language en-XA")).card)
    assert "only you see here is in Ṗšéúđó" in words((await house.say("me language en-xa", MEMBER)).card)
    chosen = await house.app.services.languages.chosen(HERE, MEMBER.id)
    assert (chosen.own, chosen.place) == ("en-XA", "en-XA")
    await house.reopen()
    assert "Ṗšéúđó" in words((await house.say("me show", MEMBER)).card)
    assert "removes it" in words((await house.say("me language", MEMBER)).card)
    assert "English" in words((await house.say("me language off:yes", MEMBER)).card)
    assert "English" in words((await house.say("setup language off:yes")).card)
    assert (await house.app.services.languages.chosen(HERE, MEMBER.id)).own == ""


async def test_the_person_counts_before_the_platform_and_that_before_the_place(house: BotHarness) -> None:
    await house.say("setup language en-XA")

    async def shown(locale: str) -> str:
        invocation = replace(house.invocation(ADMIN, HERE), locale=locale)
        screen = Screen(invocation.place)
        await house.app.dispatcher.run_text(invocation, "me language", screen)
        return words(screen.card)

    assert "is in English" in await shown("en-US")
    assert "is in Ṗšéúđó" in await shown("tr")
    assert "is in Ṗšéúđó" in await shown("")
    await house.say("me language en")
    assert "is in English" in await shown("tr")


@pytest.mark.parametrize("line", ["setup language klingon", "setup language en off:yes"])
async def test_what_is_no_language_is_refused_and_changes_nothing(house: BotHarness, line: str) -> None:
    await house.say("setup language en-XA")
    screen = await house.say(line)
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert (await house.app.services.languages.chosen(HERE, "")).place == "en-XA"


async def test_both_who_reads_alone_and_the_place_are_found_at_once(house: BotHarness) -> None:
    readers = Readers(house.app.services.languages)
    for lines in ((), ("setup language en-XA",), ("me language en",), ("setup language off:yes",)):
        for line in lines:
            await house.say(line)
        for locale in ("", "en-XA", "tr"):
            alone = await readers.person(HERE, ADMIN.id, locale)
            assert await readers.both(HERE, ADMIN.id, locale) == (alone, await readers.place(HERE))
