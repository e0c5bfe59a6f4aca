"""What things cost is said by their declared value alone, everywhere the same."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.cards.help import command_card, group_card
from bot.core.commands.declaring import Command
from bot.core.commands.price_list import SAVED_MEDIA
from bot.core.x import prices
from bot.core.x.references import parse_tweet_ref
from bot.features.catalogue import PROPOSAL_KINDS, catalogue
from bot.features.help.cards.reference import reference_pages
from bot.proposals.kinds import ProposalKind
from tests.features.test_every_kind import LINES

ALL = catalogue(())
COSTING = [command for command in ALL if not command.cost.free]
# Words of a price. The group `credits`, and the permission to spend them, are no prices.
_PRICE = re.compile(r"\d[\d,]*\s*credits?|credits? (?:each|per|an|a)\b|\bfree\b|\bno cost\b", re.IGNORECASE)


def test_no_text_of_a_declaration_states_a_price() -> None:
    texts = {group.name: group.summary for group in ALL.groups}
    texts |= {command.name: command.summary for command in ALL}
    texts |= {f"{c.name} {p.name}": p.description for c in ALL for p in c.parameters}
    assert {name: text for name, text in texts.items() if _PRICE.search(text)} == {}


@pytest.mark.parametrize("command", COSTING, ids=lambda command: command.name)
def test_what_it_costs_is_said_wherever_it_is_described(command: Command[Any]) -> None:
    group = ALL.group(command.path[0])
    assert group is not None
    assert command.cost.words in str(command_card(command)) and command.cost.words in str(group_card(group))
    pages = "".join(reference_pages(ALL).values())
    assert f"· costs {command.cost.words} ·" in pages


# All of a list as a file is no command: a button below a page proposes it, and each list has its own price.
OF_COMMANDS = [kind for kind in PROPOSAL_KINDS if kind.name != "listing.file"]


@pytest.mark.parametrize("kind", OF_COMMANDS, ids=lambda kind: kind.name)
def test_a_preview_costs_what_its_command_says(kind: ProposalKind) -> None:
    command = ALL.command(tuple(LINES[kind.name].split()[:2]))
    assert command is not None
    assert replace(command.cost, look=0) == kind.cost


def test_media_of_many_tweets_are_not_looked_up_to_be_shown() -> None:
    command = ALL.command(("media", "get"))
    assert command is not None

    def estimate(count: int) -> int:
        tweets = tuple(parse_tweet_ref(f"18934567890123456{n:02}") for n in range(count))
        return command.credits(command.args(tweets=tweets * 2))

    assert estimate(4) == SAVED_MEDIA.of(4)
    assert estimate(5) == 5 * prices.MEDIA_PER_TWEET
