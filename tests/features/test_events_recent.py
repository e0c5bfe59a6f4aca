"""`events recent|show`: what monitors saw, as it stands at Xquik."""

from __future__ import annotations

from bot.core.commands.dispatch import InvocationOutcome
from bot.features.known import FRESH
from tests.features.edge import field_of, words
from tests.features.harness import ELSEWHERE, MEMBER, TEAM, BotHarness
from tests.features.listing_asked import BUTTON, rows_of
from tests.features.test_asking import arrive
from tests.features.test_pickers import typed

KINDS = ("tweet.new", "tweet.quote", "profile.bio.changed")
MENTION = "@everyone <@123> *bold* [link](https://evil.example)"


async def seen(house: BotHarness, kind: str = "tweet.new", **what: object) -> str:
    """The id of an event that happens now."""
    body = {"username": "nasa", "type": kind, **what}
    return str((await house.control("emit", body=body))["id"])


async def test_events_are_listed_newest_first_with_their_ids(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    ids = [await seen(house, kind) for kind in KINDS]
    said = words((await house.say("events")).card)
    assert [said.index(one) for one in ids] == sorted((said.index(one) for one in ids), reverse=True)
    assert "Quote tweet" in said and "New bio" in said


async def test_of_one_monitor_and_of_one_type(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.done("monitor keyword mars")
    tweet, bio = await seen(house), await seen(house, "profile.bio.changed")
    found = str((await house.control("emit", body={"query": "mars", "type": "tweet.new"}))["id"])
    of_account = words((await house.say("events recent @NASA")).card)
    assert tweet in of_account and bio in of_account and found not in of_account
    of_search = words((await house.say("events recent mars")).card)
    assert found in of_search and tweet not in of_search
    of_type = words((await house.say("events recent nasa type:profile.bio.changed")).card)
    assert bio in of_type and tweet not in of_type
    assert tweet in words((await house.say("events recent type:tweet.new")).card)


async def test_pages_and_the_file_hold_all_of_them(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    ids = [await seen(house) for _ in range(23)]
    first = await house.say("events recent")
    assert ids[-1] in words(first.card) and ids[0] not in words(first.card)
    last = await house.press(await house.press(first, "Next"), "Next")
    assert ids[0] in words(last.card)
    given = await house.submit(await house.press(first, BUTTON), format="csv")
    rows = rows_of(given.reply.files[0].content)
    assert [row["id"] for row in rows] == ids[::-1]
    assert {row["type"] for row in rows} == {"tweet.new"} and all(row["text"] for row in rows)


async def test_nothing_seen_says_what_to_do(house: BotHarness) -> None:
    assert "monitor list" in words((await house.say("events")).card)
    await house.done("monitor add nasa")
    assert "Nothing here matches" in words((await house.say("events recent nasa")).card)


async def test_a_monitor_that_is_not_there_and_a_type_that_is_none(house: BotHarness) -> None:
    nobody = await house.say("events recent esa")
    assert nobody.failure.title == "Not found" and "monitor list" in words(nobody.failure)
    slip = await house.say("events recent type:tweet.nwe")
    assert slip.outcome is InvocationOutcome.NOT_UNDERSTOOD and "tweet.new" in words(slip.failure)


async def test_one_event_names_its_monitor_and_links_to_x_alone(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    event = await seen(house)
    card = (await house.say(f"events show e:{event}")).card
    assert field_of(card, "Id") == event and field_of(card, "Type") == "tweet.new"
    assert field_of(card, "Monitor").startswith("account, ")
    assert "The relay has not received it." in words(card)
    assert [one.label for one in card.buttons] == ["Open on X"], "the others act on what is stored here"


async def test_what_is_stored_here_has_the_buttons_of_its_message(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.done("relay add channel:#alerts account:nasa")
    event = await seen(house)
    await house.app.relay.start()
    await arrive(house, int(event), drained=False)
    await house.app.relay.stop(1.0)
    card = (await house.say(f"events show {event}")).card
    assert f"relay why e:{event}" in words(card)
    assert "Like" in [one.label for one in card.buttons]


async def test_an_event_that_is_not_there_or_no_id(house: BotHarness) -> None:
    gone = await house.say("events show 424242")
    assert gone.failure.title == "Not found"
    wrong = await house.say('events show "the first one"')
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "events recent" in words(wrong.failure)


async def test_text_of_strangers_stays_text(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    data = {"id": "1893456789012345678", "text": MENTION, "author": {"username": "nasa", "id": "11348282"}}
    event = await seen(house, data=data)
    assert MENTION in words((await house.say("events")).card)
    assert MENTION in words((await house.say(f"events show {event}")).card)


async def test_events_are_offered_while_typed_to_who_sees_the_inside(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    event = await seen(house)
    house.clock.advance(FRESH + 1)
    offered = await typed(house, "events show event", actor=TEAM)
    assert [one.value for one in offered] == [event]
    assert offered[0].label == f"{event} · New tweet: nasa"
    assert await typed(house, "events show event", actor=MEMBER) == []


async def test_another_place_has_other_events(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    event = await seen(house)
    other = await house.control("keys")
    await house.give_key(ELSEWHERE, other["key"])
    assert event not in words((await house.say("events", tenant=ELSEWHERE)).card)
    assert (await house.say(f"events show {event}", tenant=ELSEWHERE)).failure.title == "Not found"
