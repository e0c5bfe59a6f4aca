"""`dm send|delete`: proposed, sent and taken away; who may, and what cannot be."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.core.access import Permission
from bot.core.chat.answers import Audience
from bot.core.commands.dispatch import InvocationOutcome
from bot.proposals.kinds import Leaves
from tests.features.edge import buttons, field_of, words
from tests.features.harness import ADMIN, HERE, TEAM, BotHarness

TEXT = "Thank you for the pictures"
WRITES = Permission.USE | Permission.PUBLISH | Permission.PRIVATE


async def test_a_preview_names_who_gets_it_and_who_writes(house: BotHarness) -> None:
    asked = await house.say(f'dm send @nasa "{TEXT}"')
    assert asked.steps[0] == ("acknowledge", Audience.CONFIDENTIAL)
    said = words(asked.card)
    assert "Send this direct message?" in said and "NASA (@nasa)" in said and "11348282" in said
    assert TEXT in said and field_of(asked.card, "Account").startswith("@xquik_demo")
    assert [one.label for one in buttons(asked.card)] == ["Confirm", "Cancel"]
    sent = await house.press(asked, "Confirm")
    assert sent.card.title == "Message sent" and TEXT not in words(sent.card)
    assert "Charged: 10 credits" in words(sent.card)
    again = await house.press(asked, "Confirm")
    assert TEXT not in words(again.failure or again.card)
    read = words((await house.done("dm history @nasa")).card)
    assert read.count(TEXT) == 1, "once"
    (row,) = await house.app.services.handoff.rows(HERE)
    assert (row.event, row.fields["media_id"], row.fields["account"]) == ("dm", None, "xquik_demo")
    assert row.fields["message_id"] and row.fields["recipient"] == "11348282" and TEXT not in repr(row)


async def test_what_was_written_is_taken_away_by_the_id_that_the_history_shows(house: BotHarness) -> None:
    await house.done(f"dm send @nasa {TEXT}")
    history = words((await house.done("dm history @nasa")).card)
    mine = next(line for line in history.splitlines() if TEXT in line)
    identity = mine.partition("· ")[2].split()[0].rstrip(")")
    gone = await house.done(f"dm delete @nasa message:{identity}")
    assert gone.card.title == "Message deleted", words(gone.card)
    assert TEXT not in words((await house.done("dm history @nasa")).card)
    missing = await house.done("dm delete @nasa message:12")
    assert missing.card.title == "Message not deleted"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('dm send @xquik_demo "hi"', "choose somebody else"),
        ('dm send @nasa text:"\u200b"', "text"),
        (f'dm send @nasa "{"a" + chr(0x200B) + "b"}{"c" * 9_995}"', "too long to be shown"),
        ("dm delete @nasa message:abc", "digits only"),
        ('dm send @nasa media:x1 text:"hi"', "digits only"),
        ("dm send nobody! hi", "username"),
    ],
)
async def test_what_cannot_be_sent_is_said_before_anything_is_proposed(
    house: BotHarness, line: str, said: str
) -> None:
    screen = await house.say(line)
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD and said in words(screen.failure)


async def test_one_media_goes_with_a_message(house: BotHarness) -> None:
    from bot.sandbox.records import Upload

    owner = next(iter(house.sandbox.sandbox.accounts)).owner
    house.sandbox.sandbox.uploads.put(Upload(id="77", owner=owner, key="k", size=1, created_at=0.0))
    asked = await house.say("dm send @nasa media:77 text:look")
    assert "With the uploaded media 77" in words(asked.card)
    assert (await house.press(asked, "Confirm")).card.title == "Message sent"
    (row,) = await house.app.services.handoff.rows(HERE)
    assert (row.event, row.fields["media_id"], row.fields["status"]) == ("dm", "77", "success")
    assert row.fields["message_id"] and "look" not in repr(row)


async def test_it_takes_both_rights_at_the_command_and_at_confirm(house: BotHarness) -> None:
    for held in (WRITES & ~Permission.PRIVATE, WRITES & ~Permission.PUBLISH):
        await house.app.services.grants.grant(HERE, "user", TEAM.id, held)
        refused = await house.say(f"dm send @nasa {TEXT}", TEAM)
        assert refused.outcome is InvocationOutcome.NOT_PERMITTED
        await house.app.services.grants.revoke(HERE, "user", TEAM.id, held)
    asked = await house.say(f"dm send @nasa {TEXT}")
    pressed = await house.press(asked, "Confirm", actor=replace(TEAM, id="eve"))
    assert pressed.outcome is InvocationOutcome.NOT_PERMITTED
    assert (await house.press(asked, "Confirm", actor=ADMIN)).card.title == "Message sent"


def test_kinds_that_hide_something_are_private_and_cannot_be_edited() -> None:
    from bot.features.catalogue import PROPOSAL_KINDS

    for kind in PROPOSAL_KINDS:
        if kind.sealed:
            assert kind.private and kind.edit is None and kind.leaves is not Leaves.POST
