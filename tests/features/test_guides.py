"""The guides are followed: each command line is understood, and those of the user guide are typed in their
order, confirmed, and answered with the cards that stand there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.chat.cards import Card, Text, line
from bot.core.commands.binding import bind
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.commands.grammar import HelpWanted, parse
from tests.features.edge import Screen, words
from tests.features.guides import CATALOGUE, ROOT, Step, missing, spans, steps
from tests.features.harness import ADMIN, MEMBER, BotHarness, asks

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
# What a page shows as something that is asked about or refused.
_MISTAKES = {"tweet posst hello"}
# What opens a form by design.
_FORMS = {"relay look alerts-nasa layout:template", "setup key"}
LINES = sorted(
    {
        shown
        for page in PAGES
        for shown in (*spans(page.read_text("utf-8")), *(one.line for one in steps(page.read_text("utf-8"))))
    }
    - _MISTAKES
)
# docs/guide/typing.md explains lines one by one; it tells no story.
GUIDE = [path for path in sorted((ROOT / "docs" / "guide").glob("*.md")) if path.name != "typing.md"]
JOURNEYS = [*GUIDE, ROOT / "docs" / "admin" / "permissions.md", ROOT / "docs" / "admin" / "routes.md"]
STEPS = {page: steps(page.read_text(encoding="utf-8")) for page in JOURNEYS}
REFUSED = "You may not do that here"


@pytest.mark.parametrize("typed", LINES)
def test_a_line_is_understood(typed: str) -> None:
    parsed = parse(CATALOGUE, _as_sent(typed))
    if not isinstance(parsed, HelpWanted) and not parsed.command.form_first:
        args = bind(parsed.command, parsed.values)
        named = str(getattr(args, "route", None) or "")
        assert " " not in named, "an option that nobody declared became part of a name"


@pytest.mark.parametrize("page", JOURNEYS, ids=lambda page: page.stem)
async def test_a_guide_is_followed(house: BotHarness, page: Path) -> None:
    house.wall.channels |= {"c4": "press", "c5": "news"}
    for step in STEPS[page]:
        await _follow(house, step)


def _as_sent(typed: str) -> str:
    """With what a platform makes of a mention, which it knows and we do not."""
    return (
        typed.replace("@social-team", "role:S0001")
        .replace("@launch-team", "role:S0002")
        .replace(":@ada", ":user:ada")
    )


async def _follow(house: BotHarness, step: Step) -> None:
    cards = [said for said in step.cards if not said.startswith(REFUSED)]
    if len(cards) < len(step.cards):
        refused = await house.say(_as_sent(step.line), MEMBER)
        assert missing(refused.failure, step.cards[-1]) == [], words(refused.failure)
    screen = await house.say(_as_sent(step.line), ADMIN)
    if step.line in _FORMS:
        assert screen.outcome is InvocationOutcome.FORM
        return
    shown = [_shown(screen)]
    if step.line not in _MISTAKES:
        assert screen.outcome is InvocationOutcome.OK, f"{step.line}: {words(shown[0])}"
    if asks(shown[0]):
        shown.append(await house.confirm(screen))
    assert len(cards) <= len(shown), step.line
    for said, card in zip(cards, shown, strict=False):
        assert missing(card, said, house.wall.channels) == [], f"{step.line}:\n{words(card)}"


def _shown(screen: Screen) -> Card:
    return screen.failure if screen.names[-1] == "fail" else screen.card


def test_lines_and_cards_are_found_and_compared() -> None:
    page = (
        "    radar source:github\n    no command\n\n```card\nRadar\nA … C\n```\n\n"
        "```sh\nradar\n```\n\n    credits\n"
    )
    assert steps(page) == [Step("radar source:github", ["Radar\nA … C"]), Step("credits")]
    assert spans("`radar source:github`, `radar`, `relay add channel:…`, `a:b`") == ["radar source:github"]
    card = Card("Radar", (Text(line("A B C")),))
    assert missing(card, "Radar\nA … C\n") == []
    assert missing(card, "A … C\nRadar\nD\n[More]\n") == ["Radar", "D", "More"]
