"""Why it is quiet: for those who may know, with the button that mends it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app.sampling import Sampler
from bot.cards.silences import TOP_UP_URL
from bot.core.access import Actor
from bot.core.chat.cards import Card, Form
from bot.core.chat.ids import Destination
from bot.core.commands.asking import FORM_ACTION
from bot.core.commands.dispatch import InvocationOutcome
from bot.storage.intake.watermarks import Member
from bot.storage.relay import pauses
from tests.features.edge import field_of, ref_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TEAM, BotHarness, open_house
from tests.relay.harness import until

MANAGER = Actor("mia", "Mia")


@pytest_asyncio.fixture
async def house(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """A route for nasa to #alerts; the relay sends, and the test says when the watch looks."""
    async with open_house(tmp_path, empty_bot) as opened:
        await opened.done("monitor add nasa")
        await opened.done("relay add channel:#alerts account:nasa name:space")
        await opened.app.relay.start()
        yield opened


async def look(house: BotHarness) -> None:
    member = await house.app.ingest.marks.member(HERE)
    assert member is not None
    await house.app.ingest.watch.look(member)


async def sent(house: BotHarness, count: int) -> None:
    """Wait until so many messages stand in channels."""
    await until(lambda: len(house.wall.posted) >= count)


async def quiet(house: BotHarness, reason: str) -> Card:
    """Have Xquik stop the monitor; what the channel reads."""
    await house.control("monitors", body={"username": "nasa", "reason": reason})
    await look(house)
    await sent(house, 1)
    return house.wall.posted[-1][1]


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("insufficient_credits", "used up"),
        ("x_account_protected", "is protected"),
        ("x_user_not_found", "gone from X"),
        ("something_new", "has not watched"),
    ],
)
async def test_the_cause_is_for_those_with_view_or_manage(house: BotHarness, reason: str, cause: str) -> None:
    card = await quiet(house, reason)
    assert labels(card) == ["Why?"]
    assert cause not in words(card)
    refused = words((await house.press(card, "Why?", actor=MEMBER, channel="c1")).card)
    assert cause not in refused and "credit" not in refused and "The people who manage this bot" in refused
    seen = (await house.press(card, "Why?", actor=TEAM, channel="c1")).card
    assert cause in words(seen) and "Resume @nasa" not in labels(seen), "who sees may not mend by that"
    await house.say("policy grant manage to:user:mia")
    mended = (await house.press(card, "Why?", actor=MANAGER, channel="c1")).card
    assert cause in words(mended) and "Resume @nasa" in labels(mended)


async def test_the_answer_has_the_balance_and_leads_to_where_it_is_topped_up(house: BotHarness) -> None:
    await house.control("credits", body={"balance": 1234})
    card = await quiet(house, "insufficient_credits")
    assert "1,234" not in words(card)
    seen = (await house.press(card, "Why?")).card
    assert field_of(seen, "Balance") == "1,234 credits"
    assert [b.url for b in seen.buttons if b.url] == [TOP_UP_URL]
    assert "1,234" not in words((await house.press(card, "Why?", actor=MEMBER)).card)


async def test_credits_that_are_used_up_are_not_said_to_last(house: BotHarness) -> None:
    await house.control("credits", body={"balance": 0})
    await look(house)
    for typed in ("relay status", "setup status"):
        card = (await house.say(typed)).card
        assert "The Xquik credits are used up" in words(card), typed
        assert "less than an hour" not in words(card) and "run out soon" not in words(card), typed
    said = words((await house.press(await quiet(house, "insufficient_credits"), "Why?")).card)
    assert "used up" in said and "Lasts" not in said and "less than an hour" not in said


async def test_where_one_of_several_stops_it_alone_is_named(house: BotHarness) -> None:
    await house.done("monitor add esa")
    await house.done("relay add channel:#alerts account:esa name:europe")
    card = await quiet(house, "x_account_protected")
    assert card.title == "Nothing comes from @nasa"
    assert "@esa" not in words(card) and "protected" not in words(card)
    known = (await house.press(card, "Why?", actor=MEMBER, channel="c1")).card
    assert known.title == "Some tweets do not arrive here" and "nasa" not in words(known)


async def test_what_is_resumed_is_looked_at_at_once(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, looked = house.app.ingest.watch, []
    look_at = watch.look

    async def looking(member: Member) -> None:
        await look_at(member)
        looked.append(member.tenant)

    monkeypatch.setattr(watch, "look", looking)
    await quiet(house, "x_account_protected")
    assert "is protected" in words((await house.say("relay status")).card)
    await house.app.ingest.start()
    await until(lambda: HERE in looked)
    await house.confirm(await house.say("monitor resume nasa"))
    await sent(house, 2)
    assert house.wall.posted[-1][1].title == "Back to normal here"
    status = (await house.say("relay status")).card
    assert "is protected" not in words(status) and "Resume @nasa" not in labels(status)


async def test_resume_is_the_command_and_the_place_hears_that_it_goes_on(house: BotHarness) -> None:
    card = await quiet(house, "x_account_protected")
    seen = await house.press(card, "Why?")
    resumed = await house.press(seen, "Resume @nasa")
    assert resumed.card.title == "Watch @nasa again?" and "protected" in words(resumed.card)
    await house.confirm(resumed)
    await look(house)
    await sent(house, 2)
    assert house.wall.posted[-1][1].title == "Back to normal here"
    gone = (await house.press(card, "Why?")).card
    assert gone.title == "That is over"


async def test_a_refused_key_is_mended_by_a_form(house: BotHarness) -> None:
    await house.control(f"keys/{house.sandbox.api_key}", "DELETE")
    await look(house)
    await sent(house, 1)
    card = house.wall.posted[-1][1]
    seen = (await house.press(card, "Why?")).card
    assert "refuses the stored key" in words(seen)
    assert ref_of(seen, "Enter a key").name == FORM_ACTION
    assert isinstance((await house.press(seen, "Enter a key")).form, Form)


async def test_a_button_of_another_place_tells_nothing(house: BotHarness) -> None:
    card = await quiet(house, "x_account_protected")
    other = (await house.press(card, "Why?", tenant=ELSEWHERE)).card
    assert other.title == "That is over" and "nasa" not in words(other)


async def test_both_statuses_say_the_cause_and_for_how_long_the_credits_last(house: BotHarness) -> None:
    await house.control("credits", body={"balance": 30 * 24 * 9})
    for line in ("relay status", "setup status"):
        card = (await house.say(line)).card
        assert field_of(card, "Credits last") == "about 9 days, at 30 credits an hour"
    await quiet(house, "x_user_not_found")
    for line in ("relay status", "setup status"):
        told = words((await house.say(line)).card).replace("**", "")
        assert "@nasa has been gone from X" in told and "monitor resume nasa" in told
        assert "no monitor is on" in told
    assert (await house.say("relay status", actor=MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED


async def test_both_statuses_have_the_buttons_and_name_paused_routes_and_lost_places(
    house: BotHarness,
) -> None:
    await quiet(house, "insufficient_credits")
    await house.done("relay add channel:#social account:nasa name:gossip")
    await house.say("relay pause gossip")
    lost = Destination(HERE, "c1")
    now = house.clock()
    await house.app.database.write(
        lambda connection: pauses.lose(connection, lost, "I may not post", now=now, check_at=now + 3600)
    )
    for line in ("relay status", "setup status"):
        card = (await house.say(line)).card
        told = words(card).replace("**", "")
        assert {"Top up", "Resume @nasa"} <= set(labels(card)), line
        assert "gossip: paused by Ada" in told and "relay resume gossip" in told, line
        assert "I may not post" in told and "since" in told, line
    await house.say("policy grant view to:user:ben")
    seen = (await house.say("relay status", actor=MEMBER)).card
    assert labels(seen) == ["Top up"], "who sees may not mend by that"
    figures = house.app.figures
    await Sampler(figures, house.app.database, house.app.ingest, house.clock).read()
    text = figures.text().decode()
    assert 'xquik_bot_silences{cause="permission"} 1.0' in text
    assert 'xquik_bot_silences{cause="paused"} 1.0' in text


async def test_a_status_waits_for_no_xquik_that_is_away(house: BotHarness) -> None:
    await quiet(house, "x_user_not_found")
    await house.fault(path="/account", status=500)
    told = words((await house.say("relay status")).card).replace("**", "")
    assert "@nasa has been gone from X" in told and "Credits last" not in told


async def test_the_figures_count_causes_and_the_shortest_forecast(house: BotHarness) -> None:
    await house.control("credits", body={"balance": 30 * 24 * 2})
    await look(house)
    figures = house.app.figures
    sampler = Sampler(figures, house.app.database, house.app.ingest, house.clock)
    await sampler.read()
    text = figures.text().decode()
    assert 'xquik_bot_silences{cause="low"} 1.0' in text
    assert 'xquik_bot_silences{cause="credits"} 0.0' in text
    assert "xquik_bot_credits_last_seconds 172800.0" in text
    await quiet(house, "insufficient_credits")
    await sampler.read()
    text = figures.text().decode()
    assert 'xquik_bot_silences{cause="low"} 0.0' in text
    assert 'xquik_bot_silences{cause="credits"} 1.0' in text
    assert "xquik_bot_credits_last_seconds +Inf" in text


async def test_it_stands_after_a_restart(house: BotHarness) -> None:
    card = await quiet(house, "x_account_protected")
    await house.reopen()
    seen = (await house.press(card, "Why?", actor=ADMIN)).card
    assert "is protected" in words(seen)


async def test_a_paused_route_says_since_when_and_is_resumed_below_that(house: BotHarness) -> None:
    await house.say("relay pause space")
    await sent(house, 1)
    card = house.wall.posted[-1][1]
    assert "since" in words(card) and labels(card) == ["Resume"]
    refused = await house.press(card, "Resume", actor=TEAM, channel="c1")
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    resumed = await house.press(card, "Resume", channel="c1")
    assert resumed.outcome is InvocationOutcome.OK and not resumed.reply.replace, (
        "everyone goes on reading the word"
    )
    await sent(house, 2)
    assert house.wall.posted[-1][1].title == "A route is on again"


@pytest.mark.parametrize(
    ("made", "label", "question"),
    [
        ("monitor add nasa", "Watch again: @nasa", "Watch @nasa?"),
        ('monitor keyword "地震 速報"', "Watch again: “地震 速報”", "Watch this search?"),
    ],
)
async def test_a_monitor_that_is_gone_is_made_anew_at_its_price(
    house: BotHarness, made: str, label: str, question: str
) -> None:
    await house.done(made)
    await house.done("relay add channel:#alerts name:all")
    await look(house)
    xquik = await house.app.services.xquik.of(HERE)
    for one in await xquik.keyword_monitors.list() if "keyword" in made else ():
        await xquik.keyword_monitors.delete(one.id)
    for account in await xquik.monitors.list() if "add" in made else ():
        await xquik.monitors.delete(account.id)
    await look(house)
    await sent(house, 1)
    seen = await house.press(house.wall.posted[-1][1], "Why?")
    assert seen.card.title == "A monitor is gone at Xquik" and label in labels(seen.card)
    assert label not in labels((await house.press(house.wall.posted[-1][1], "Why?", actor=TEAM)).card)
    asked = await house.press(seen, label)
    assert asked.card.title == question and "30 credits an hour" in field_of(asked.card, "Price")
    assert (await house.confirm(asked)).title.startswith("Watching")
    await look(house)
    await until(lambda: house.wall.posted[-1][1].title == "Back to normal here")


POST = "1893456789012345678"
WATCHED = f"x.com/xquik/status/{POST}"


@pytest_asyncio.fixture
async def tweet(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """The same with a tweet that is watched, and nothing else."""
    async with open_house(tmp_path, empty_bot) as opened:
        await opened.done(f"monitor post {POST}")
        await opened.done("relay add channel:#alerts account:xquik events:post.reply.new name:launch")
        await opened.app.relay.start()
        yield opened


@pytest.mark.parametrize(
    ("reason", "title", "cause"),
    [
        ("insufficient_credits", "The Xquik credits are used up", "used up"),
        ("x_post_protected", "A tweet is hidden", "its author's account is protected"),
        ("x_post_deleted", "A tweet is gone from X", "has been deleted, or is not shown on X"),
        ("x_post_unavailable", "A tweet is gone from X", "has been deleted, or is not shown on X"),
        ("something_new", "A monitor was stopped", "has not watched"),
    ],
)
async def test_a_tweet_that_xquik_stops_watching_is_told_and_resumed(
    tweet: BotHarness, reason: str, title: str, cause: str
) -> None:
    await look(tweet)
    assert not tweet.wall.posted
    await tweet.control("monitors", body={"post": POST, "reason": reason})
    await look(tweet)
    await sent(tweet, 1)
    card = tweet.wall.posted[-1][1]
    assert card.title == "It is quiet here" and WATCHED in words(card) and cause not in words(card)
    await until(lambda: any(told.title == title for _, told in tweet.wall.told))
    seen = (await tweet.press(card, "Why?")).card
    assert cause in words(seen)
    await tweet.confirm(await tweet.press(seen, f"Resume {WATCHED}"))
    await look(tweet)
    await sent(tweet, 2)
    assert tweet.wall.posted[-1][1].title == "Back to normal here"


async def test_a_tweet_whose_monitor_is_gone_is_missed(tweet: BotHarness) -> None:
    await look(tweet)
    xquik = await tweet.app.services.xquik.of(HERE)
    [monitor] = await xquik.post_monitors.list()
    await xquik.post_monitors.delete(monitor.id)
    await look(tweet)
    await sent(tweet, 1)
    seen = (await tweet.press(tweet.wall.posted[-1][1], "Why?")).card
    assert "is gone at Xquik" in words(seen) and f"monitor post {WATCHED}" in words(seen)
    again = await tweet.press(seen, "Watch again: " + WATCHED)
    await tweet.confirm(again)
    await look(tweet)
    await sent(tweet, 2)


async def test_a_route_without_types_of_tweets_is_not_told_of_one(tweet: BotHarness) -> None:
    """Nothing of it came there."""
    await tweet.done("relay edit launch events:tweet.new")
    await tweet.control("monitors", body={"post": POST, "reason": "x_post_deleted"})
    await look(tweet)
    assert not tweet.wall.posted
