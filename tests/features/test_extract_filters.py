"""The filters of extractions: each that is offered is done, what cannot be meant is refused by name."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.core.x.extraction_filters import ExtractionFilter
from bot.core.x.extraction_tools import TOOLS, ExtractionTool, tool_called
from bot.features.extract.args import example_of, sample_of
from tests.features.edge import field_of, words
from tests.features.extractions import collected, labels
from tests.features.harness import ADMIN, TWEET, BotHarness

# --- each that is offered ----------------------------------------------------------------------------------


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.word)
async def test_every_filter_of_a_tool_is_done(house: BotHarness, tool: ExtractionTool) -> None:
    line = f"{example_of(tool)} limit:5"
    filters = [one for one in tool.filters if one.name not in tool.needs]
    people = [replace(ADMIN, id=f"p{number}") for number in range(5)]
    for number, typed in enumerate(["", *(f" filters:{sample_of(one)}" for one in filters)]):
        screen = await house.say(line + typed, people[number % len(people)])
        assert screen.names[-1:] == ["answer"], f"{line}{typed}: {words(screen.failure)}"
    state = await house.state()
    assert state["operations"]["POST /extractions/estimate"] == len(filters) + 1


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.word)
async def test_what_is_collected_with_a_filter_can_be_collected(
    house: BotHarness, tool: ExtractionTool
) -> None:
    """All of them at once would leave nothing: those that are each other's opposite one by one."""
    line = example_of(tool).replace("estimate", "run") + " limit:5"
    screen = await house.say(line)
    if "nothing to collect" in screen.card.title:
        return
    card = await house.confirm(screen)
    assert "is done" in card.title or "ended early" in card.title, words(card)


WORLD = [
    ("followers target:@xquik", "badge=blue", "badge=gold"),
    ("followers target:@xquik", "email_domains=gmail.com", "email_domains=nowhere.example"),
    ("followers target:@xquik", "has_email=yes", ""),
    ("followers target:@xquik", "business_email=yes", ""),
    ("following target:@xquik_demo", "badge=Government", "badge=gold"),
    ("replies target:" + TWEET, "max_pages=1", "max_pages=99"),
]


@pytest.mark.parametrize(("line", "some", "other"), WORLD)
async def test_a_filter_finds_who_meets_it_in_the_one_world(
    house: BotHarness, line: str, some: str, other: str
) -> None:
    every = int(field_of(await collected(house, f"extract run {line} limit:400"), "Results").replace(",", ""))
    found = field_of(await collected(house, f"extract run {line} limit:400 filters:{some}"), "Results")
    assert 0 < int(found) < every
    if other:
        none = field_of(await collected(house, f"extract run {line} limit:400 filters:{other}"), "Results")
        assert int(none) != int(found)


@pytest.mark.parametrize(
    ("some", "none"),
    [
        ("near=Berlin", "near=Atlantis"),
        ("country=DE", "country=AQ"),
        ("place=3078869807f9dd36", "place=0000"),
        ('"around=13.4 52.5 25mi"', '"around=0 0 1km"'),
        ('"box=13 52 14 53"', '"box=0 0 1 1"'),
        ("list=1650000000000000001", "list=1650000000000009999"),
        ("card=poll", "card=player"),
        ("recent=9000d", "recent=1s"),
    ],
)
async def test_a_search_by_place_list_card_and_time_finds_what_meets_it(
    house: BotHarness, some: str, none: str
) -> None:
    found = await house.say(f"extract estimate tweet-search target:a filters:{some}")
    assert "credit" in field_of(found.card, "Cost"), words(found.card)
    nothing = await house.say(f"extract estimate tweet-search target:a filters:{none}")
    assert nothing.card.title == "There is nothing to collect"
    assert labels(nothing.card) == ["Filters, 1 of 10"]


# --- how they are written ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("filters:min_followers=1,000", "min_followers=1000"),
        ("filters:min_followers=1,000,verified=yes", "min_followers=1000, verified=yes"),
        ("filters:min_followers=10k", "min_followers=10000"),
        ("filters:min_followers=5, verified=yes limit:7", "min_followers=5, verified=yes"),
        ("filters:bio=coffee,cats,verified=yes", "bio=coffee,cats, verified=yes"),
        ('filters:"bio=coffee, cats, verified=yes"', "bio=coffee, cats, verified=yes"),
        ("filters:min-followers:5,Min-Tweets=2", "min_followers=5, min_tweets=2"),
    ],
)
async def test_filters_are_understood_as_people_write_them(house: BotHarness, typed: str, kept: str) -> None:
    card = (await house.say(f"extract estimate followers target:@cafe_luna {typed}")).card
    assert field_of(card, "Filters") == kept


async def test_a_comma_and_a_space_part_filters_of_a_search_too(house: BotHarness) -> None:
    filters = "filters:author=nasa, phrase='lift off', min_likes=2"
    line = f"extract estimate tweet-search target:launch limit:9 {filters}"
    card = (await house.say(line)).card
    assert field_of(card, "Filters") == "min_likes=2, author=nasa, phrase=lift off"


REFUSED = [
    (
        "followers target:@nasa",
        "min_followers=9,max_followers=3",
        "min_followers=9 and max_followers=3 leave",
    ),
    ("followers target:@nasa", "min_followers=9,min_followers=5", "min_followers is given twice: 9 and 5"),
    ("tweet-search target:a", "since=2026-03-02,until=2026-03-01", "since=2026-03-02 and until=2026-03-01"),
    (f"replies target:{TWEET}", "since=2026-03-02T10:00,until=2026-03-02T09:00", "leave nothing"),
    ("tweet-search target:a", "after=20,before=10", "after=20 and before=10 leave nothing"),
    ("tweet-search target:a", f"replies=exclude,answers={TWEET}", "contradict each other"),
    ("tweet-search target:a", "replies=only,reposts=only", "replies=only and reposts=only contradict"),
    (f"replies target:{TWEET}", "depth=nested,max_depth=1", "contradict each other"),
    (
        "followers target:@nasa",
        "min_followers=5,whatever",
        "'whatever' behind min_followers=5 names no filter",
    ),
    ("followers target:@nasa", "min_followers=1,0000", "'0000' behind min_followers=1 names no filter"),
    ("followers target:@nasa", "scope=all", "followers takes no 'scope'. followers takes: min_followers,"),
    ("followers target:@nasa", "min_folowers=5", "Did you mean min_followers"),
    ("followers target:@nasa", "min_folowers=5", "followers takes: min_followers, max_followers"),
    ("quotes target:" + TWEET, "order=top", "quotes takes no filters"),
    ("followers target:@nasa", "account_age=99999", "99999 is out of range; it must be from 0 to 10000"),
    (
        "tweet-search target:a",
        "min_likes=99999999999999999999",
        "min_likes: 99999999999999999999 is out of range; it must be from 0 to 1000000000000",
    ),
    ("tweet-search target:a", "country=Germany", "'Germany' is not written like DE"),
    ("tweet-search target:a", "recent=yesterday", "'yesterday' is not written like 2d"),
    ("tweet-search target:a", "around=Berlin", "'Berlin' is not written like -73.99 40.73 25mi"),
]


@pytest.mark.parametrize(("line", "filters", "said"), REFUSED)
async def test_what_cannot_be_meant_is_refused_by_its_name(
    house: BotHarness, line: str, filters: str, said: str
) -> None:
    screen = await house.say(f"extract run {line} filters:{filters}")
    assert said in words(screen.failure)
    tool = line.split()[0]
    assert f"extract estimate {tool} " in words(screen.failure), "the example is of the same tool"
    assert (await house.state())["operations"].get("POST /extractions/estimate", 0) == 0


# --- times -------------------------------------------------------------------------------------------------


async def test_a_time_without_a_zone_is_by_the_clock_of_the_place(house: BotHarness) -> None:
    await house.say("setup timezone Asia/Tokyo")
    line = f"extract estimate replies target:{TWEET} filters:since=2025-02-01T18:00,until=2025-12-31"
    card = (await house.say(line)).card
    assert field_of(card, "Filters") == "since=2025-02-01T18:00:00+09:00, until=2025-12-31T23:59:59+09:00"


# --- what a tool needs -------------------------------------------------------------------------------------

COMMUNITY = "1490000000000000001"


@pytest.mark.parametrize("verb", ["estimate", "run"])
async def test_what_a_tool_needs_is_asked_for_in_a_form(house: BotHarness, verb: str) -> None:
    asked = await house.say(f"extract {verb} community-search target:{COMMUNITY}")
    (field,) = asked.form.inputs
    assert field.name == "query" and field.required
    card = (await house.submit(asked, query="a")).card
    assert "query=a" in field_of(card, "Filters")


async def test_the_form_of_the_command_has_a_field_for_it(house: BotHarness) -> None:
    form = (await house.say("extract run")).form
    assert [one.name for one in form.inputs] == ["tool", "target", "query", "limit", "filters"]
    refused = await house.press(form.action, values={"tool": "community-search", "target": COMMUNITY})
    assert "community-search needs it" in words(refused.failure)
    again = await house.press(refused.failure, "Change it")
    assert again.form.about == "query" and "query" in [one.name for one in again.form.inputs]


async def test_the_filters_of_that_tool_begin_with_it(house: BotHarness) -> None:
    shown = await house.say(f"extract estimate community-search target:{COMMUNITY} query:a")
    form = (await house.press(shown, labels(shown.card)[-1])).form
    assert (form.inputs[0].name, form.inputs[0].value, form.inputs[0].required) == ("query", "a", True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("followers target:@nasa query:a", "followers searches for nothing, so leave query out"),
        ("tweet-search target:b query:a", "tweet-search searches for its target, so leave query out"),
        (f"community-search target:{COMMUNITY} query:a filters:query=b", "query is given twice: b and a"),
    ],
)
async def test_a_search_that_fits_no_tool_is_refused(house: BotHarness, line: str, said: str) -> None:
    assert said in words((await house.say(f"extract run {line}")).failure)


# --- what is collected from --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("followers target:11348282", "looks like an id; give the account by its name"),
        ("followers target:https://x.com/i/lists/12", "followers collects from an account, and"),
        ("list-members target:nasa", "list-members collects from a list, and 'nasa' is none"),
        ("space target:nasa", "That is not a link to a Space on X"),
        (f"tweet-search target:{TWEET}", "a link to a tweet is no search"),
        ("people-search target:https://x.com/nasa", "write @nasa or from:nasa"),
    ],
)
async def test_a_source_of_another_kind_is_refused_by_name(house: BotHarness, line: str, said: str) -> None:
    assert said in words((await house.say(f"extract run {line}")).failure)


# --- help --------------------------------------------------------------------------------------------------


async def test_help_names_every_tool_and_what_each_takes(house: BotHarness) -> None:
    for verb in ("run", "estimate"):
        said = words((await house.say(f"help extract {verb}")).card)
        for tool in TOOLS:
            assert tool.word in said
        assert "tweet-search takes: order, since, until" in said
        assert (
            "followers, following, verified-followers, reposters, people-search take: min_followers" in said
        )
        assert "quotes, thread, article" in said and "take no filters" in said


async def test_a_tool_that_there_is_not_is_refused_with_those_there_are(house: BotHarness) -> None:
    said = words((await house.say("extract run follower target:@nasa")).failure)
    assert "did you mean 'followers'" in said and "tweet-search" in said and "list-members" in said


# --- forms -------------------------------------------------------------------------------------------------


async def test_fields_are_as_large_as_what_stands_in_them(house: BotHarness) -> None:
    def tall(one: ExtractionFilter) -> bool:
        return one.kind == "text" and one.shape is None

    for word in ("replies", "tweet-search", "likers"):
        tool = tool_called(word)
        shown = await house.say(example_of(tool) + " limit:5")
        while (label := labels(shown.card)[-1:]) and label[0].startswith("Filters"):
            form = await house.press(shown, label[0])
            for field in form.form.inputs:
                one = tool.by_name[field.name]
                assert field.tall is tall(one), one.name
            if label[0] == "Filters" or label[0].partition(", ")[2].split()[0] == label[0].split()[-1]:
                break
            shown = await house.submit(form, **{one.name: one.value for one in form.form.inputs})
