"""What the relay and the proposals post to the playground."""

from __future__ import annotations

import asyncio

from adapters.playground.hub import Hub
from adapters.playground.platform import create_messenger, create_playground
from adapters.playground.settings import PlaygroundSettings
from bot.core.chat.cards import Card, File, Quote
from bot.core.chat.delivery_results import Absent, Busy, Delivered, Found, Gone, Refused
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ChannelRef
from bot.storage.places.playground import PlaygroundLog
from tests.adapters.playground.commands import TENANT
from tests.adapters.playground.harness import PlaygroundHarness, Visitor

ALERTS = Destination(TENANT, "alerts")
CARD = Card("NASA posted", (Quote("Liftoff", author="NASA · @nasa"),))


async def test_a_card_is_posted_once_however_often_its_key_is_sent(
    house: PlaygroundHarness, ada: Visitor
) -> None:
    messenger = house.playground.messenger
    results = await asyncio.gather(*(messenger.post(ALERTS, CARD, "k1") for _ in range(5)))
    assert len(set(results)) == 1
    assert isinstance(results[0], Delivered)
    assert [m["card"]["title"] for m in await ada.messages("alerts")] == ["NASA posted"]
    assert await messenger.find(ALERTS, "k1", 0) == Found(results[0].message)
    assert await messenger.find(ALERTS, "k2", 0) == Absent()


async def test_a_message_is_edited_where_it_stands(house: PlaygroundHarness, ada: Visitor) -> None:
    messenger = house.playground.messenger
    posted = await messenger.post(ALERTS, CARD, "k1")
    assert isinstance(posted, Delivered)
    ref = MessageRef(ALERTS, posted.message)
    assert await messenger.edit(ref, Card("Edited")) == posted
    (message,) = await ada.messages("alerts")
    assert (message["card"]["title"], message["revision"]) == ("Edited", 2)


async def test_editing_what_is_gone_says_so(house: PlaygroundHarness, ada: Visitor) -> None:
    messenger = house.playground.messenger
    assert isinstance(await messenger.edit(MessageRef(ALERTS, "999"), CARD), Gone)
    assert isinstance(await messenger.edit(MessageRef(ALERTS, "x"), CARD), Gone)
    elsewhere = Destination(TenantId("playground", "other"), "alerts")
    assert isinstance(await messenger.edit(MessageRef(elsewhere, "1"), CARD), Gone)


async def test_what_a_person_typed_is_never_overwritten(house: PlaygroundHarness, ada: Visitor) -> None:
    await ada.say("trends US")
    typed = (await ada.messages())[0]
    ref = MessageRef(Destination(TENANT, "general"), str(typed["id"]))
    assert isinstance(await house.playground.messenger.edit(ref, CARD), Gone)


async def test_only_the_bots_own_messages_are_deleted(house: PlaygroundHarness, ada: Visitor) -> None:
    messenger = house.playground.messenger
    await ada.say("trends US")
    typed = (await ada.messages())[0]
    general = Destination(TENANT, "general")
    assert isinstance(await messenger.delete(MessageRef(general, str(typed["id"]))), Gone)
    assert (await ada.messages())[0] == typed
    assert isinstance(await messenger.delete(MessageRef(ALERTS, "x")), Gone)
    elsewhere = Destination(TenantId("playground", "other"), "alerts")
    assert isinstance(await messenger.delete(MessageRef(elsewhere, "1")), Gone)


async def test_a_direct_message_is_deleted_for_its_reader(house: PlaygroundHarness, ada: Visitor) -> None:
    messenger = house.playground.messenger
    told = await messenger.tell(TENANT, "ada", CARD, "k1")
    assert isinstance(told, Delivered)
    assert await messenger.delete(MessageRef(Destination(TENANT, "@bot"), told.message)) == told
    assert await ada.messages("@bot") == []


async def test_a_closed_database_deletes_nothing_yet(house: PlaygroundHarness) -> None:
    posted = await house.playground.messenger.post(ALERTS, CARD, "k1")
    assert isinstance(posted, Delivered)
    await house.database.close()
    assert isinstance(await house.playground.messenger.delete(MessageRef(ALERTS, posted.message)), Busy)


async def test_a_direct_message_is_seen_by_one_person(
    house: PlaygroundHarness, ada: Visitor, ben: Visitor
) -> None:
    messenger = house.playground.messenger
    assert isinstance(await messenger.tell(TENANT, "ada", CARD, "k1"), Delivered)
    assert isinstance(await messenger.tell(TENANT, "ada", CARD, "k1"), Delivered)
    assert isinstance(await messenger.tell(TENANT, "ben", Card("For Ben"), "k1"), Delivered)
    assert [m["card"]["title"] for m in await ada.messages("@bot")] == ["NASA posted"]
    assert [m["card"]["title"] for m in await ben.messages("@bot")] == ["For Ben"]
    assert isinstance(await messenger.tell(TENANT, "eve", CARD, "k1"), Refused)


async def test_an_answer_in_direct_messages_stays_there(ada: Visitor, ben: Visitor) -> None:
    await ada.say("trends US", "@bot")
    await ada.until_card("Trending in US", "@bot")
    assert await ben.messages("@bot") == []


async def test_a_missing_channel_is_gone_with_a_remedy(house: PlaygroundHarness) -> None:
    messenger = house.playground.messenger
    nowhere = Destination(TENANT, "nowhere")
    for result in (await messenger.check(nowhere), await messenger.post(nowhere, CARD, "k1")):
        assert isinstance(result, Gone)
        assert "#nowhere" in result.reason
        assert result.remedy
    assert await messenger.check(ALERTS) == Delivered("")
    assert isinstance(await messenger.check(Destination(TenantId("slack", "T1"), "alerts")), Gone)


async def test_a_channel_is_found_by_id_or_name(house: PlaygroundHarness) -> None:
    messenger = house.playground.messenger
    found = ChannelRef("alerts", "alerts")
    assert await messenger.channel(TENANT, ChannelRef("#Alerts")) == found
    assert await messenger.channel(TENANT, ChannelRef("", "alerts")) == found
    assert await messenger.channel(TENANT, ChannelRef("nowhere")) is None


async def test_files_go_with_a_posted_card(house: PlaygroundHarness, ada: Visitor) -> None:
    file = File("../../etc/winners\n.csv", "text/html", b"<script>1</script>")
    await house.playground.messenger.post(ALERTS, CARD, "k1", (file,))
    (entry,) = (await ada.messages("alerts"))[0]["files"]
    answer = await ada.client.get(f"/api/files/{entry['id']}", params={"person": "ada"})
    assert answer.headers["content-disposition"] == 'attachment; filename=".._.._etc_winners_.csv"'
    assert answer.headers["content-type"] == "application/octet-stream"


async def test_a_messenger_made_before_the_page_reaches_it_through_a_shared_hub(
    house: PlaygroundHarness,
) -> None:
    """The relay needs the messenger before there are commands; the page needs the commands."""
    hub = Hub()
    log = PlaygroundLog(house.database)
    messenger = create_messenger(log, PlaygroundSettings(), hub)
    playground = create_playground(house.commands, log, PlaygroundSettings(), hub=hub)
    subscription = playground.board.hub.subscribe("ben")
    await messenger.post(ALERTS, CARD, "k1")
    event = await anext(subscription.events(10))
    assert event is not None
    assert event.data["card"]["title"] == "NASA posted"
