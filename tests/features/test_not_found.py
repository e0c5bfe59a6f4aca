"""What is not there: the next step names something that can be done, and a command that lists such things."""

from __future__ import annotations

import re
from typing import Final

import pytest

from bot.core.commands.declaring import Command, OptionKind
from bot.features.catalogue import catalogue
from bot.xquik.advice import ADVICE
from tests.features.edge import words
from tests.features.harness import TWEET, BotHarness

NONE: Final = "999999999999999999"
CATALOGUE: Final = catalogue()
# By the option that names a thing: one of which there is none, and the commands of which one shows what there
# is, or finds it.
_FOUND_BY: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "tweet": (NONE, ("tweet search",)),
    "tweets": (NONE, ("tweet search",)),
    "draw": (NONE, ("draw list",)),
    "extraction": (NONE, ("extract list",)),
    "draft": (NONE, ("draft list",)),
    "style": ("nobody-at-all", ("style list",)),
    "route": ("no-such-route", ("relay add", "relay list")),
    "monitor": ("no-such-search", ("monitor list",)),
    "event": (NONE, ("events recent",)),
    "ticket": ("tkt_none", ("support list",)),
    "file": ("att_none", ("support list",)),
    "action": (NONE, ("tweet post",)),
    "session": ("cs_none", ("credits show",)),
    "community": (NONE, ("community find",)),
    "space": (NONE, ("space search",)),
    "story": (NONE, ()),  # X has no list of its stories
    "list": (NONE, ()),  # nor of its lists
    "broadcast": (NONE, ()),
    "webhook": ("wh_none", ("hook status",)),
    "channel": ("no-such-channel", ()),  # whoever asks sees the channels
}
# What else such a command needs before it looks.
_BESIDE: Final = {
    "tweet reply": "text:x",
    "tweet quote": "text:x",
    "draw check": "user:@nasa",
    "style compare": "other:nasa",
    "monitor edit": "name:x",
    "draft post": "account:@xquik_demo",
    "community delete": "name:x",
}
# It looks at nothing that may be missing, or offers what is not there.
_NEVER: Final = {"monitor post", "relay add", "link embed"}


def _asked(command: Command[object]) -> str | None:
    """The option by which a command names a thing that may not be there."""
    named = next((one for one in command.parameters if one.main and one.name in _FOUND_BY), None)
    return named.name if named is not None and named.kind is not OptionKind.CHOICE else None


_LINES: Final = sorted(
    command.name for command in CATALOGUE if _asked(command) and command.name not in _NEVER
)


@pytest.mark.parametrize("name", _LINES)
async def test_the_next_step_names_what_shows_such_things(house: BotHarness, name: str) -> None:
    command = CATALOGUE.command(tuple(name.split()))
    assert command is not None
    option = _asked(command)
    assert option is not None
    given, found_by = _FOUND_BY[option]
    await house.done("monitor add nasa")
    screen = await house.done(f"{name} {option}:{given} {_BESIDE.get(name, '')}".strip())
    told = screen.failure
    assert told.title == "Not found", words(told)
    assert "List what exists" not in words(told) and "What next" in words(told)
    assert all(CATALOGUE.command(tuple(one.split())) for one in found_by)
    assert not found_by or any(one in words(told) for one in found_by), words(told)


def test_no_advice_sends_to_a_list_without_its_command() -> None:
    for code, advice in ADVICE.items():
        assert "list what exists" not in advice.remedy.lower(), code
        for said in re.findall(r"`([a-z][a-z -]+)`", advice.remedy):
            path = tuple(said.split()[:2])
            assert CATALOGUE.command(path) or CATALOGUE.group(path[0]), f"{code}: {said}"


async def test_the_card_of_what_was_done_names_its_record(house: BotHarness) -> None:
    posted = (await house.done('tweet post "Hello"')).card
    number = re.search(r"Write: (\S+)\.", words(posted))
    assert number is not None, words(posted)
    looked = await house.say(f"tweet action {number[1]}")
    assert "succeeded" in words(looked.card).lower() or "done" in words(looked.card).lower()
    from tests.features.test_pickers import typed

    offered = await typed(house, "tweet action action")
    assert [one.value for one in offered] == [number[1]] and "Hello" in offered[0].label
    liked = (await house.done(f"tweet like {TWEET}")).card
    assert re.search(r"Write: \S+\.", words(liked))
