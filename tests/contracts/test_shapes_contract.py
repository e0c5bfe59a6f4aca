"""How much of a frame a posted message gets, and whom it notifies: exactly those its card names.

Where nobody can be notified (`harnesses.LACKS`), the message shows whom it would notify.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.chat.cards import Card, Link, Shape, Text, line
from bot.core.chat.delivery_results import Delivered
from bot.core.chat.ids import MessageRef
from tests.contracts.any_card import HOSTILE_TEXTS, hostile
from tests.contracts.cards import X
from tests.contracts.harnesses import LACKS, Ability, AdapterHarness, Shown, need

CARD = Card("The heading", (Text(line("NASA: liftoff ", Link(X, X))),))
SHAPES = tuple(Shape)
COLLECTIVE = (
    "everyone",
    "here",
    "channel",
    "@everyone",
    "<!here>",
    "<!channel>",
    "0",
    "-1",
    "",
    " ",
    "U1",
    "<@1>",
)


async def post(harness: AdapterHarness, card: Card, key: str = "key1") -> Shown:
    """What everybody sees of a card."""
    before = len(await harness.channel())
    result = await harness.messenger.post(harness.place, card, key)
    assert isinstance(result, Delivered), result
    return (await harness.channel(before + 1))[-1]


def words(message: Shown) -> str:
    """The words without the breaks that screens put into them."""
    return " ".join(message.text.replace("│", " ").split())


# --- shapes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_card_alone_has_its_heading(harness: AdapterHarness, shape: Shape) -> None:
    message = await post(harness, replace(CARD, shape=shape))
    assert "NASA: liftoff" in words(message)
    assert ("The heading" in words(message)) is (shape is Shape.CARD)


async def test_a_bare_message_is_its_text_and_nothing_else(harness: AdapterHarness) -> None:
    message = await post(harness, replace(CARD, shape=Shape.BARE))
    assert words(message) in (f"NASA: liftoff {X}", f"NASA: liftoff {X} ({X})")
    assert message.buttons == ()


async def test_the_platform_previews_the_link_of_a_bare_message_alone(harness: AdapterHarness) -> None:
    for shape in SHAPES:
        message = await post(harness, replace(CARD, shape=shape), f"key{shape}")
        assert message.previewed <= {X}
        if harness.name in ("discord", "slack"):
            assert bool(message.previewed) is (shape is Shape.BARE)


@pytest.mark.parametrize("shape", SHAPES)
async def test_an_edit_keeps_the_shape_or_turns_the_message_into_a_card(
    harness: AdapterHarness, shape: Shape
) -> None:
    need(harness, Ability.DELETION)
    ref = await harness.messenger.post(harness.place, replace(CARD, shape=shape), "key1")
    assert isinstance(ref, Delivered)
    for now in (shape, Shape.CARD):
        changed = Card("The heading", (Text(line("Deleted on X.")),), shape=now)
        assert await harness.messenger.edit(MessageRef(harness.place, ref.message), changed) == ref
        (message,) = await harness.channel()
        assert "Deleted on X." in words(message)
        assert "liftoff" not in words(message)
        assert ("The heading" in words(message)) is (now is Shape.CARD)


# --- pings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
async def test_exactly_the_groups_of_the_card_are_notified(harness: AdapterHarness, shape: Shape) -> None:
    one, two = harness.groups
    for number, pings in enumerate(((one,), (two, one), ())):
        message = await post(harness, replace(CARD, shape=shape, pings=pings), f"key{number}")
        if Ability.PINGS in LACKS[harness.name]:
            assert [group for group in (two, one) if f"@{group}" in message.text] == list(pings)
        else:
            assert sorted(message.pings) == sorted(pings)


@pytest.mark.parametrize("shape", SHAPES)
async def test_hostile_texts_in_any_shape_notify_only_whom_the_card_names(
    harness: AdapterHarness, shape: Shape
) -> None:
    need(harness, Ability.PINGS)
    one, two = harness.groups
    mentions = f"<@&{one}> <!subteam^{two}> <@&{two}> <!subteam^{one}> @everyone <!here>"
    for number, text in enumerate((*HOSTILE_TEXTS, mentions)):
        for pings in ((), (one,)):
            card = replace(hostile(text), shape=shape, pings=pings)
            message = await post(harness, card, f"key{number}x{len(pings)}")
            assert message.pings == pings, text


@pytest.mark.parametrize("shape", SHAPES)
async def test_what_is_no_group_pings_nobody(harness: AdapterHarness, shape: Shape) -> None:
    need(harness, Ability.PINGS)
    message = await post(
        harness, replace(CARD, shape=shape, pings=(*COLLECTIVE, harness.place.tenant.workspace))
    )
    assert message.pings == ()


async def test_a_person_is_told_without_notifying_a_group(harness: AdapterHarness) -> None:
    need(harness, Ability.PINGS, Ability.PRIVACY)
    card = replace(CARD, pings=harness.groups)
    assert isinstance(
        await harness.messenger.tell(harness.place.tenant, harness.person, card, "key1"), Delivered
    )
    assert [message.pings for message in await harness.direct(harness.person)] == [()]
