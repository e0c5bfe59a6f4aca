"""Reply and Delete below what was posted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import ButtonStyle
from bot.core.commands.dispatch import InvocationOutcome
from bot.proposals.cards import ANSWER, TAKE_BACK
from tests.features.edge import field_of, ref_of, words
from tests.features.harness import ELSEWHERE, MEMBER, BotHarness, open_house, with_accounts

TEXTS = ("Good morning", "Günaydın İstanbul", "صباح الخير", "नमस्ते दुनिया", "おはよう 🚀", "สวัสดี **b** <@1>")


@pytest.fixture
async def house(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """A house with one connected X account."""
    async with open_house(tmp_path, empty_bot, config=with_accounts("xquik")) as opened:
        yield opened


@pytest.mark.parametrize("text", TEXTS)
async def test_what_was_posted_names_its_account_and_can_be_deleted(house: BotHarness, text: str) -> None:
    done = await house.confirm(await house.say(f"tweet post text:{text!r}"))
    assert [button.label for button in done.buttons] == ["Open on X", "Reply", "Delete"]
    assert done.buttons[2].style is ButtonStyle.DANGER
    assert "@xquik" in words(done)
    before = await house.credits()
    asked = await house.press(done, "Delete")
    assert asked.card.title == "Delete this from X?" and text in words(asked.card)
    assert "@xquik" in words(asked.card)
    assert await house.credits() == before, "nothing is looked up"
    assert (await house.confirm(asked)).title == "Deleted from X"
    assert (await house.state())["writes"] == {"create_tweet": 1, "delete_tweet": 1}


@pytest.mark.parametrize("text", TEXTS)
async def test_it_is_answered_by_a_form_and_confirmed(house: BotHarness, text: str) -> None:
    done = await house.confirm(await house.say("tweet post The first"))
    form = await house.press(done, "Reply")
    assert "@xquik" in form.form.note
    asked = await house.submit(form, text=text)
    assert asked.card.title == "Post this reply on X?"
    assert "The first" in words(asked.card) and text in words(asked.card)
    replied = await house.confirm(asked)
    assert replied.title == "Replied on X"
    # A reply is a post: it has the same buttons, and a thread goes on from it.
    assert [button.label for button in replied.buttons] == ["Open on X", "Reply", "Delete"]
    again = await house.submit(await house.press(replied, "Reply"), text="And on")
    assert text in words(again.card)


async def test_a_reply_without_text_says_so_in_the_form(house: BotHarness) -> None:
    done = await house.confirm(await house.say("tweet post The first"))
    refused = await house.press(ref_of(done, "Reply"), values={"text": "  "})
    assert "There is no text" in words(refused.failure)


async def test_the_buttons_work_after_a_restart(house: BotHarness) -> None:
    done = await house.confirm(await house.say("tweet post The first"))
    await house.reopen()
    assert (await house.press(done, "Delete")).card.title == "Delete this from X?"


async def test_a_deletion_a_like_and_a_repost_have_no_such_buttons(house: BotHarness) -> None:
    done = await house.confirm(await house.say("tweet post The first"))
    deleted = await house.confirm(await house.press(done, "Delete"))
    assert deleted.buttons == ()
    liked = await house.confirm(await house.say("tweet like 1893456789012345678"))
    assert [button.label for button in liked.buttons] == ["Open on X"]


async def test_only_who_may_publish_here_may_press(house: BotHarness) -> None:
    done = await house.confirm(await house.say("tweet post The first"))
    for label in ("Reply", "Delete"):
        assert (await house.press(done, label, actor=MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    for label in ("Reply", "Delete"):
        screen = await house.press(done, label, tenant=ELSEWHERE)
        assert "no longer stored here" in words(screen.failure), "another place knows nothing of it"


@pytest.mark.parametrize("name", [ANSWER, TAKE_BACK])
async def test_what_posted_nothing_says_what_to_do(house: BotHarness, name: str) -> None:
    proposed = await house.say("tweet post Not confirmed")
    waiting = ref_of(proposed.card, "Confirm").key
    deleted = await house.confirm(await house.press(await house.confirm(proposed), "Delete"))
    assert deleted.title == "Deleted from X"
    other = await house.say("tweet post Cancelled")
    await house.press(other, "Cancel")
    for key in (ref_of(other.card, "Confirm").key, "nothing", "1" * 60):
        screen = await house.press(ActionRef(name, key))
        assert "with the link of the tweet" in words(screen.failure)
    before = await house.credits()
    screen = await house.press(ActionRef(name, waiting))
    assert "This tweet was deleted from X." in words(screen.failure), "before a form or a preview"
    assert await house.credits() == before


async def test_an_account_that_is_connected_no_more_is_told(house: BotHarness) -> None:
    done = await house.confirm(await house.say("tweet post The first"))
    for account in house.sandbox.sandbox.accounts:
        account.username = "xquik_renamed"
        house.sandbox.sandbox.accounts.put(account)
    await house.say("account show")
    asked = await house.press(done, "Delete")
    assert "@xquik_renamed" in words(asked.card), "found by its id: one look-up"


async def test_an_outcome_still_says_where_and_with_what_it_was_posted(house: BotHarness) -> None:
    line = 'tweet post "With a picture" media:https://example.com/a.png community:1490000000000000001'
    proposed = await house.say(line)
    done = await house.confirm(proposed)
    for name in ("Community", "Media 1"):
        assert field_of(done, name) == field_of(proposed.card, name)
    assert "to post" not in words(done), "what it was charged stands there, and no price"
