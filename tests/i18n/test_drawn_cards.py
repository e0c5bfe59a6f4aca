"""Cards of draws, drafts, writing and help, and what the kernel says of costs and pages, are said whole in
another language."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards.draws import draw_preview, draw_words, draws_blocks, entrants, filter_words
from bot.cards.help import command_card, help_card
from bot.cards.writing import compose_card, draft_card, drafts_blocks, refine_card, saved_card, score_card
from bot.core.access import Permission
from bot.core.chat import card_json
from bot.core.chat.cards import Card, Text, line
from bot.core.commands.cost import FREE_OF_CHARGE, Cost
from bot.core.commands.listing import Listing, PageFrame, PageRows
from bot.core.commands.page_cards import page_card, turn_label
from bot.core.commands.price_list import DRAW, LOOKUP, MONITOR_OF_A_ROUTE, POST, PROFILES, ROWS_READ, TRENDS
from bot.core.messages.message import msg
from bot.core.x.extraction_tools import TOOLS
from bot.features.catalogue import catalogue
from bot.xquik.models import ComposeGuide, Draft, Draw, RefineGuide, Score, Tweet
from bot.xquik.models.writing import ContentRule, ExamplePattern, ScoreCheck
from tests.i18n.driven import NAMES
from tests.i18n.left_over import english_in, english_in_card

# What Xquik or a person wrote.
DATA = "nasa Mars moon esa en Xx Yy Zz pending https com UTC view"
PAYLOAD = {
    "uniqueAuthorsOnly": True,
    "mustRetweet": True,
    "mustFollowUsername": "nasa",
    "filterMinFollowers": 1_000,
    "filterAccountAgeDays": 1,
    "filterLanguage": "en",
    "requiredKeywords": ["Mars", "moon"],
    "requiredHashtags": ["#Mars"],
    "requiredMentions": ["@nasa", "@esa"],
    "winnerCount": 3,
    "backupCount": 1,
}
TWEET = Tweet(id="77", text="Mars", reply_count=1, retweet_count=2)
DRAW_DONE = Draw(id="7", tweet_id="77", tweet_author_username="nasa", total_entries=3_000, valid_entries=2)
DRAWS = (DRAW_DONE, Draw(id="8", tweet_id="78", status="pending"), Draw(id="9"))
DRAFT = Draft(id="7", text="Mars", topic="moon", goal="Xx", created_at="2026-08-01T12:00:00Z")
RULES = tuple(ContentRule(rule="Xx", description=text) for text in ("", *["Yy"] * 11))
GUIDE = ComposeGuide(
    content_rules=RULES, follow_up_questions=("Xx", "Yy"), top_penalties=("Zz",), style_note="Xx"
)
REFINED = RefineGuide(
    composition_guidance=("Xx",) * 14,
    example_patterns=(ExamplePattern(pattern="Xx", description="Yy"),),
)
SCORE = Score(
    checklist=(ScoreCheck(factor="Xx", passed=True), ScoreCheck(factor="Yy", suggestion="Zz")),
    passed_count=1,
    total_checks=2,
    top_suggestion="Zz",
)


@pytest.mark.parametrize(
    "card",
    [
        draw_preview(PAYLOAD, TWEET, 30),
        draw_preview({}, Tweet(id="77", text="Mars"), 1),
        Card("", draws_blocks(DRAWS)),
        Card("", draws_blocks(DRAWS, {"7": 12})),
        compose_card("Mars", GUIDE),
        compose_card("Mars", ComposeGuide()),
        refine_card("Mars", REFINED),
        refine_card("Mars", RefineGuide()),
        score_card("Mars", 4, 280, SCORE),
        score_card("Mars", 400, 280, Score()),
        draft_card(DRAFT),
        saved_card(DRAFT, owned=True, number=12),
        saved_card(Draft(id="7"), owned=False),
        Card("", drafts_blocks((DRAFT,))),
        Card("", drafts_blocks((DRAFT, DRAFT), {"7": 12})),
    ],
)
def test_a_card_is_said_whole(card: Card) -> None:
    assert english_in_card(card, f"{DATA} {NAMES}") == set()
    assert english_in_card(card_json.decode(card_json.encode(card)), f"{DATA} {NAMES}") == set()


@pytest.mark.parametrize("draw", DRAWS)
def test_a_draw_in_a_few_words_is_said_whole(draw: Draw) -> None:
    assert english_in(draw_words(draw), DATA) == set()


def test_who_can_win_is_said_whole() -> None:
    assert english_in(entrants(()), DATA) == set()
    assert english_in(entrants(filter_words(PAYLOAD)), DATA) == set()
    assert entrants(filter_words({"filterMinFollowers": 1, "filterLanguage": "en"})) == (
        "at least 1 follower; language en"
    )


CATALOGUE = catalogue()
# Values that an option takes, and commands and values in examples.
WRITTEN = f"""{NAMES} admin X ID role Tokyo Europe Berlin UTC channel two words name value xquik
{" ".join(choice.value for c in CATALOGUE for p in c.parameters for choice in p.choices)}
{" ".join(example for c in CATALOGUE for example in c.examples)}
{" ".join(name.replace("_", " ") for tool in TOOLS for name in tool.by_name)}
{" ".join(str(p.default) for c in CATALOGUE for p in c.parameters)}"""


@pytest.mark.parametrize("group", ["", *(group.name for group in CATALOGUE.groups)])
def test_help_is_said_whole(group: str) -> None:
    for shown in (CATALOGUE, CATALOGUE.within(lambda deed: deed.needs is Permission.USE)):
        one = shown.group(group)
        if group and one is None:
            continue
        assert english_in_card(help_card(shown, one, "/xquik "), WRITTEN) == set()


@pytest.mark.parametrize("name", [command.name for command in CATALOGUE])
def test_help_with_a_command_is_said_whole(name: str) -> None:
    [command] = [one for one in CATALOGUE if one.name == name]
    assert english_in_card(command_card(command), WRITTEN) == set()


@pytest.mark.parametrize(
    "cost",
    [
        FREE_OF_CHARGE,
        LOOKUP,
        PROFILES,
        ROWS_READ,
        TRENDS,
        POST,
        POST.looked_up(1),
        DRAW,
        DRAW.looked_up(2),
        MONITOR_OF_A_ROUTE,
        Cost(fixed=5, at_most=True, confirmed=True),
    ],
)
def test_a_cost_is_said_whole(cost: Cost) -> None:
    assert english_in(cost.words) == set()
    assert cost.unit is None or english_in(cost.unit.counted(1_200)) == set()


@pytest.mark.parametrize("at", ["", "x"])
@pytest.mark.parametrize("after", ["", "y"])
@pytest.mark.parametrize("items", [(), (1,)])
@pytest.mark.parametrize("total", [None, 12])
@pytest.mark.parametrize("repeated", [True, False])
def test_a_page_is_said_whole(
    at: str, after: str, items: tuple[int, ...], total: int | None, repeated: bool
) -> None:
    listing: Listing[Any, Any] = Listing(
        title=lambda _args: msg("Title"),
        fetch=None,  # type: ignore[arg-type]  # not read
        identity=str,
        draw=None,  # type: ignore[arg-type]  # drawn
        empty=lambda _args: line(msg("None.")),
    )
    rows = PageRows(items, after, total, at=at, partial=msg("Partial."), note=line(msg("Note.")))
    drawn = (Text(line(msg("Drawn."))),) if items else ()
    card = page_card(listing, None, rows, drawn, PageFrame(), number=2, start=1_200, repeated=repeated)
    assert english_in_card(card) == set()


def test_the_label_of_a_page_is_said_whole() -> None:
    assert english_in(turn_label(msg("Next"), 2)) == set()
