"""Lines, bare messages and the user groups a message notifies; deleting, and the threads below."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.core.chat.cards import (
    Button,
    Card,
    ChannelMention,
    Field,
    Fields,
    Gallery,
    Inline,
    Link,
    Media,
    Picture,
    Progress,
    Quote,
    Shape,
    Table,
    Text,
    Timestamp,
    line,
)
from bot.core.chat.delivery_results import Busy, Delivered, DeliveryResult, Gone, Refused, Unknown
from bot.core.chat.ids import Destination, MessageRef
from bot.core.chat.places import PlaceFacts, PlaceKind, Placement
from tests.adapters.slack.harness import TENANT, SlackHarness
from tests.contracts.any_card import HOSTILE_TEXTS
from tests.contracts.cards import PHOTO, X
from tests.doubles.slack import Message

TO = Destination(TENANT, "C0001")
LINK = Card("NASA posted", (Text(line("NASA: liftoff ", Link(X, X))),), shape=Shape.BARE)


async def post(house: SlackHarness, card: Card, to: Destination = TO) -> Message:
    """The message that became of a card."""
    result = await house.platform.messenger.post(to, card, "k1", placement=Placement("A post", ("news",)))
    assert isinstance(result, Delivered)
    message = house.channel.message(result.message)
    assert message is not None
    return message


async def edit(house: SlackHarness, message: Message, card: Card) -> None:
    ref = MessageRef(TO, message.ts)
    assert await house.platform.messenger.edit(ref, card) == Delivered(message.ts)


# --- shapes ------------------------------------------------------------------------------------


async def test_a_line_has_no_heading_and_its_title_serves_the_notification(house: SlackHarness) -> None:
    card = Card("NASA posted", (Text(line("liftoff")),), buttons=(Button("Open", url=X),), shape=Shape.LINE)
    message = await post(house, card)
    assert [block["type"] for block in message.blocks] == ["rich_text", "actions"]
    assert message.text == f"NASA posted\nliftoff\nOpen: {X}"
    assert message.previewed == []


async def test_a_line_of_nothing_but_a_title_is_its_title(house: SlackHarness) -> None:
    assert (await post(house, Card("Done", shape=Shape.LINE))).visible_text == "Done"


async def test_a_bare_message_is_its_words_with_slacks_preview_and_our_key(house: SlackHarness) -> None:
    message = await post(house, LINK)
    assert message.blocks == []
    assert message.text == f"NASA: liftoff <{X}>"
    assert message.previewed == [X]
    assert message.metadata == {"event_type": "xquik_delivery", "event_payload": {"key": "k1"}}
    assert (await post(house, replace(LINK, shape=Shape.CARD))).previewed == []


async def test_a_bare_message_says_everything_a_card_can_hold(house: SlackHarness) -> None:
    blocks = (
        Text(line(Link("the post", X), " ", ChannelMention("C0001"), " ", Timestamp(0.0))),
        Quote("liftoff", "NASA", url=X),
        Fields((Field("Likes", ("1",)),)),
        Table(("a", "b"), ((("x",), ("y",)),), total=2),
        Gallery((Media(PHOTO, "A rocket"), Media("ftp://no", "A film"))),
        Picture(PHOTO, ""),
        Progress(1, 2, "half"),
    )
    message = await post(house, Card("T", blocks, buttons=(Button("Open", url=X),), shape=Shape.BARE))
    assert message.text.split("\n") == [
        f"the post (<{X}>) <#C0001> <!date^0^{{date_short_pretty}} {{time}}|1970-01-01 00:00 UTC>",
        "NASA",
        "liftoff",
        f"<{X}>",
        "Likes: 1",
        "• x · y",
        "… 1 more",
        f"A rocket: <{PHOTO}>",
        "A film",
        f"<{PHOTO}>",
        "half 1 of 2",
        f"Open: <{X}>",
    ]


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=range(len(HOSTILE_TEXTS)))
async def test_hostile_words_stay_words_when_they_are_posted_and_when_they_are_edited_in(
    house: SlackHarness, text: str
) -> None:
    card = Card(text, (Text(line(text, " ", Link(X, X))),), shape=Shape.BARE, pings=("S0TEAM",))
    posted, edited = await post(house, card), await post(house, LINK)
    await edit(house, edited, card)
    for message in (posted, edited):
        assert message.pings == ["<!subteam^S0TEAM>"]
        assert message.links == [(X, X)]
        assert message.emphasis == []


@pytest.mark.parametrize("words", [(":ta", "da:"), (Link("*bold*", X),), ("*", Link(X, X), "*")])
async def test_no_emphasis_comes_about_between_two_parts_of_a_line(
    house: SlackHarness, words: tuple[Inline, ...]
) -> None:
    card = Card("T", (Text(words),), shape=Shape.BARE)
    posted, edited = await post(house, card), await post(house, LINK)
    await edit(house, edited, card)
    assert (posted.emphasis, edited.emphasis) == ([], [])


async def test_long_words_are_cut_and_say_so(house: SlackHarness) -> None:
    message = await post(house, Card("T", (Text(line("w" * 9_000)),), shape=Shape.BARE))
    assert message.text.endswith("w…")
    assert 3_000 < len(message.text) <= 4_000


async def test_a_bare_message_turns_into_a_card_and_back(house: SlackHarness) -> None:
    message = await post(house, LINK)
    await edit(house, message, Card("This post was deleted"))
    assert message.visible_text == "This post was deleted"
    await edit(house, message, LINK)
    assert message.visible_text == f"NASA: liftoff {X}"


# --- pings -------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", list(Shape))
async def test_exactly_the_groups_of_the_card_are_notified_before_everything_else(
    house: SlackHarness, shape: Shape
) -> None:
    message = await post(house, replace(LINK, shape=shape, pings=("S0TEAM", "S0DESK", "S0TEAM")))
    assert message.notified == ("<!subteam^S0TEAM>", "<!subteam^S0DESK>")
    assert message.text.startswith("<!subteam^S0TEAM> <!subteam^S0DESK>\n")
    if shape is not Shape.BARE:
        assert message.visible_text.startswith("@S0TEAM @S0DESK\n")


BAD_IDS = (
    "here",
    "channel",
    "U0001",
    "W0001",
    "s0team",
    "S",
    "S0 1",
    "S1>",
    "S1|a",
    "<!here>",
    "S0\n",
    "S" * 40,
)


@pytest.mark.parametrize("wrong", BAD_IDS)
async def test_what_is_no_id_of_a_user_group_pings_nobody(house: SlackHarness, wrong: str) -> None:
    for shape in Shape:
        message = await post(house, replace(LINK, shape=shape, pings=(wrong,)))
        assert message.notified == ()
        assert "subteam" not in message.text


async def test_an_edit_keeps_the_mention_and_notifies_nobody(house: SlackHarness) -> None:
    message = await post(house, replace(LINK, shape=Shape.CARD))
    await edit(house, message, replace(LINK, shape=Shape.CARD, pings=("S0TEAM",)))
    assert (message.notified, message.pings) == ((), ["<!subteam^S0TEAM>"])


async def test_a_message_that_goes_as_words_alone_still_notifies(house: SlackHarness) -> None:
    house.server.fail_next("chat.postMessage", error="invalid_blocks")
    message = await post(house, Card("News", pings=("S0TEAM",)))
    assert (message.blocks, message.notified) == ([], ("<!subteam^S0TEAM>",))


# --- deleting, threads, places -------------------------------------------------------------------


async def test_a_deleted_message_leaves_the_replies_below_it(house: SlackHarness) -> None:
    root = await post(house, LINK)
    await post(house, LINK, replace(TO, thread=root.ts))
    messenger = house.platform.messenger
    assert await messenger.delete(MessageRef(TO, root.ts)) == Delivered(root.ts)
    assert [message.thread_ts for message in house.channel.messages] == [root.ts]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"status": 429, "headers": {"Retry-After": "30"}}, Busy(30.0, "ratelimited")),
        ({"error": "message_not_found"}, Delivered("1.1")),
        ({"error": "cant_delete_message"}, Refused("cant_delete_message")),
        ({"error": "compliance_exports_prevent_deletion"}, Refused("compliance_exports_prevent_deletion")),
        ({"error": "internal_error"}, Unknown("internal_error")),
    ],
)
async def test_answers_to_a_deletion_become_results(
    house: SlackHarness, fault: dict[str, Any], expected: DeliveryResult
) -> None:
    house.server.fail_next("chat.delete", **fault)
    assert await house.platform.messenger.delete(MessageRef(TO, "1.1")) == expected


async def test_a_deletion_where_the_bot_is_gone_says_what_to_do(house: SlackHarness) -> None:
    house.ws.deactivate()
    result = await house.platform.messenger.delete(MessageRef(TO, "1.1"))
    assert isinstance(result, Gone)
    assert result.remedy


async def test_a_thread_is_the_message_itself_and_one_thread_deep(house: SlackHarness) -> None:
    messenger = house.platform.messenger
    root = await post(house, LINK)
    assert await messenger.thread(MessageRef(TO, root.ts), "Liftoff") == Delivered(root.ts)
    inside = replace(TO, thread=root.ts)
    reply = await post(house, LINK, inside)
    assert await messenger.thread(MessageRef(inside, reply.ts), "Liftoff") == Delivered(root.ts)
    assert isinstance(await messenger.thread(MessageRef(TO, ""), "Liftoff"), Gone)
    assert {request.method for request in house.server.requests} <= {
        "auth.test",
        "apps.connections.open",
        "chat.postMessage",
    }


async def test_what_a_place_is_needs_no_question(house: SlackHarness) -> None:
    messenger = house.platform.messenger
    assert await messenger.facts(TO) == PlaceFacts()
    assert await messenger.facts(replace(TO, thread="1.1")) == PlaceFacts(PlaceKind.THREAD)
    assert isinstance(await messenger.publish(MessageRef(TO, "1.1")), Refused)
