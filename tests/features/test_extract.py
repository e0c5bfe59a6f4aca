"""Extractions before they are run: priced for nothing, narrowed, and refused where an option does not fit."""

from __future__ import annotations

import pytest

from bot.core.access import Actor
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import field_of, words
from tests.features.extractions import collected, labels
from tests.features.harness import ADMIN, HERE, MEMBER, TWEET, BotHarness

# --- what it would cost ------------------------------------------------------------------------------------


async def test_an_estimate_says_the_price_and_what_it_is_for_and_costs_nothing(house: BotHarness) -> None:
    card = (await house.say("extract estimate replies target:" + TWEET)).card
    assert field_of(card, "What") == "Replies to a tweet"
    assert field_of(card, "From") == "1893456789012345678"
    assert field_of(card, "Cost") == (
        "up to 120 credits: 1 for each result, at most 120 results (the replies that X counts)"
    )
    assert field_of(card, "Limit") == "120", "what was estimated is the most that is collected"
    assert field_of(card, "Balance") == "25,000 credits"
    assert await house.credits() == 25_000 and (await house.state())["extractions"] == 0


@pytest.mark.parametrize("verb", ["estimate", "run"])
async def test_more_than_one_extraction_collects_says_so_and_how_many_x_counts(
    house: BotHarness, verb: str
) -> None:
    card = (await house.say(f"extract {verb} followers target:@nasa")).card
    said = words(card)
    assert "at most 1,000,000 results (the most that one extraction collects; X counts " in said
    assert "that was asked for" not in said
    asked = words((await house.say(f"extract {verb} followers target:@nasa limit:1000000")).card)
    assert "(the limit that was asked for)" in asked and "X counts" not in asked


@pytest.mark.parametrize("verb", ["estimate", "run"])
async def test_what_x_does_not_show_to_everybody_is_said_before_it_is_paid_for(
    house: BotHarness, verb: str
) -> None:
    likers = words((await house.say(f"extract {verb} likers target:{TWEET} limit:10")).card)
    assert "X shows who likes a tweet to its author alone" in likers
    likes = words((await house.say(f"extract {verb} likes target:@nasa limit:10")).card)
    assert "X shows what an account likes to that account alone" in likes
    others = words((await house.say(f"extract {verb} reposters target:{TWEET} limit:10")).card)
    assert "alone" not in others


@pytest.mark.parametrize(("mark", "title"), [("[fail]", "collected nothing"), ("[partial]", "ended early")])
async def test_the_end_that_a_search_orders_of_the_sandbox_is_reached_by_the_bot(
    house: BotHarness, mark: str, title: str
) -> None:
    card = await collected(house, f'extract run tweet-search target:"launch {mark}"')
    assert title in card.title


async def test_the_balance_is_told_to_those_who_see_the_inside_alone(house: BotHarness) -> None:
    card = (await house.say("extract estimate followers target:@cafe_luna", MEMBER)).card
    assert "25,000" not in words(card) and "alance" not in words(card)
    assert labels(card) == ["Filters, 1 of 4"], "who may not spend is not offered to"
    assert "Run it" in labels((await house.say("extract estimate followers target:@cafe_luna")).card)


async def test_the_estimate_leads_to_its_preview(house: BotHarness) -> None:
    shown = await house.say("extract estimate followers target:@cafe_luna limit:7 filters:min_followers=3")
    preview = (await house.press(shown, "Run it")).card
    assert field_of(preview, "Limit") == "7" and field_of(preview, "Filters") == "min_followers=3"
    assert "Confirm" in labels(preview)


async def test_the_form_asks_for_the_filters_of_that_tool_alone_five_at_a_time(house: BotHarness) -> None:
    shown = await house.say("extract estimate replies target:" + TWEET)
    asked = await house.press(shown, "Filters, 1 of 2")
    assert [one.name for one in asked.form.inputs] == [
        *("order", "depth", "others_only", "with_media", "with_tweet"),
    ]
    first = await house.submit(asked, order="latest", others_only="yes")
    assert first.reply.replace and field_of(first.card, "Filters") == "order=latest, others_only=yes"
    second = await house.press(first, "Filters, 2 of 2")
    assert [one.name for one in second.form.inputs] == [
        *("since", "until", "max_depth", "max_pages", "collecting"),
    ]
    whole = await house.submit(second, max_depth="2")
    assert field_of(whole.card, "Filters") == "order=latest, others_only=yes, max_depth=2"
    again = await house.press(whole, "Filters, 1 of 2")
    assert [one.value for one in again.form.inputs] == ["latest", "", "yes", "", ""]
    preview = (await house.press(whole, "Run it")).card
    assert field_of(preview, "Filters") == "order=latest, others_only=yes, max_depth=2"


async def test_a_wrong_value_in_the_form_names_its_field_and_loses_nothing(house: BotHarness) -> None:
    shown = await house.say("extract estimate followers target:@cafe_luna")
    form = await house.press(shown, "Filters, 1 of 4")
    failed = await house.submit(form, min_followers="many", location="Lisboa")
    assert "Min followers: 'many' is not a whole number" in words(failed.failure)
    again = await house.press(failed.failure, "Change it")
    assert {one.name: one.value for one in again.form.inputs}["location"] == "Lisboa"


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("followers target:@cafe_luna filters:min_followers:1000", "min_followers", "1000"),
        ("followers target:@cafe_luna filters:Min-Followers=1000", "min_followers", "1000"),
        ("followers target:@cafe_luna filters:verified=true", "verified", "yes"),
        ("tweet-search target:launch limit:9 filters:order=Newest", "order", "newest"),
        ("tweet-search target:launch limit:9 filters:language=Hebrew", "language", "he"),
    ],
)
async def test_filters_that_were_typed_are_in_the_form_and_stay_until_they_are_cleared(
    house: BotHarness, typed: str, name: str, value: str
) -> None:
    shown = await house.say(f"extract estimate {typed}")
    form = await house.press(shown, labels(shown.card)[-1])
    fields = {one.name: one.value for one in form.form.inputs}
    assert fields[name] == value
    kept = await house.submit(form, **fields)
    assert field_of(kept.card, "Filters") == f"{name}={value}"
    cleared = await house.submit(form, **{**fields, name: ""})
    assert f"{name}=" not in words(cleared.card)


@pytest.mark.parametrize("verb", ["estimate", "run"])
async def test_where_xquik_cannot_say_how_many_a_limit_is_asked_for(house: BotHarness, verb: str) -> None:
    await house.fault(method="POST", path="/extractions/estimate", without=["source"], times=1)
    unknown = await house.say(f"extract {verb} replies target:{TWEET}")
    assert "limit:" in words(unknown.failure)
    bounded = await house.say(f"extract {verb} replies target:{TWEET} limit:5")
    assert field_of(bounded.card, "Limit") == "5"


@pytest.mark.parametrize("verb", ["estimate", "run"])
@pytest.mark.parametrize("limit", ["", " limit:5"])
async def test_where_there_is_nothing_to_collect_nothing_is_asked_about(
    house: BotHarness, verb: str, limit: str
) -> None:
    card = (await house.say(f"extract {verb} people-search target:qqqqqqqq{limit}")).card
    assert card.title == "There is nothing to collect" and "Nothing was begun or charged" in words(card)
    assert "Confirm" not in labels(card) and "Run it" not in labels(card)


# --- options that do not fit -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("quotes target:1893456789012345678 filters:order=top", "quotes takes no filters"),
        ("replies target:1893456789012345678 filters:order=best", "'best' is none of relevance, latest"),
        ("followers target:@nasa filters:verified", "verified has no value"),
        ("tweet-search target:x filters:since=soon", "'soon' is not a date"),
        (f"replies target:{TWEET} filters:since=soon", "'soon' is not a time; write one like"),
    ],
)
async def test_an_option_that_the_tool_does_not_take_is_refused_by_name(
    house: BotHarness, options: str, said: str
) -> None:
    for verb in ("estimate", "run"):
        screen = await house.say(f"extract {verb} {options}")
        assert said in words(screen.failure)
        assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert (await house.state())["operations"].get("POST /extractions/estimate", 0) == 0


async def test_what_there_is_not_is_not_found(house: BotHarness) -> None:
    for line in ("extract run followers target:@missing_x", "extract status #9", "extract show nothing"):
        assert (await house.say(line)).failure.title == "Not found"
    assert "extract show #7" in words((await house.say("extract show 7")).failure)


# --- suggestions -------------------------------------------------------------------------------------------


async def offered(
    house: BotHarness, option: str, text: str = "", actor: Actor = ADMIN, verb: str = "run", **given: str
) -> list[str]:
    """The values that are suggested. given: the other options."""
    others = {name: (one,) for name, one in given.items()}
    path = ("extract", verb)
    found = await house.app.dispatcher.suggest(house.invocation(actor, HERE), path, option, text, others)
    return [choice.value for choice in found]


async def test_suggestions_follow_the_tool(house: BotHarness) -> None:
    assert "scope=" not in await offered(house, "filters", tool="replies")
    assert await offered(house, "filters", "dep", tool="replies") == ["depth=", "max_depth="]
    assert await offered(house, "filters", "depth=", tool="replies") == [
        "depth=all",
        "depth=direct",
        "depth=nested",
    ]
    assert await offered(house, "filters", "verified=", tool="Followers of an account") == [
        "verified=yes",
        "verified=no",
    ]
    assert "language=de" in await offered(house, "filters", "language=Ger", tool="tweet-search")
    assert await offered(house, "filters", "min", tool="quotes") == []
    assert await offered(house, "filters", "min") == []
    assert "xquik_demo" in await offered(house, "target", "xq", tool="followers")
    assert await offered(house, "target", "xq", tool="replies") == []


async def test_extractions_are_suggested_by_number_to_those_who_may_list_them(house: BotHarness) -> None:
    await collected(house)
    assert await offered(house, "extraction", verb="show") == ["#1"]
    assert await offered(house, "extraction", verb="show", text="followers") == ["#1"]
    await house.say("policy grant spend to:everyone")
    assert await offered(house, "extraction", verb="cancel", actor=MEMBER) == []
