"""Drafts are made, listed, shown, posted and deleted; the account and its credits are shown."""

from __future__ import annotations

from dataclasses import fields

import pytest

from bot.core.chat.cards import Progress
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.tweet.commands import ScoreArgs
from tests.features.edge import buttons, field_of, ref_of, rows_of, words
from tests.features.harness import MEMBER, BotHarness


async def _ids(house: BotHarness) -> list[str]:
    return [row[-1] for row in rows_of((await house.say("draft list")).card)]


async def test_a_draft_goes_from_save_to_delete(house: BotHarness) -> None:
    saved = await house.say('draft save "Launch on Friday" topic:launch goal:engagement')
    identity = field_of(saved.card, "Id")
    assert field_of(saved.card, "Topic") == "launch"
    assert await _ids(house) == [identity]
    assert "Launch on Friday" in words((await house.say(f"draft show {identity}")).card)
    deleted = await house.say(f"draft delete {identity}")
    assert "Launch on Friday" in words(deleted.card), "the text is shown once more"
    assert "No drafts yet" in words((await house.say("draft")).card)
    assert (await house.say(f"draft show {identity}")).failure.title == "Not found"
    assert await house.credits() == 25_000, "drafts are free"


async def test_the_list_of_drafts_is_paged(house: BotHarness) -> None:
    for number in range(12):
        await house.say(f'draft save "Number {number}"')
    first = await house.say("draft list")
    assert len(rows_of(first.card)) == 10
    second = await house.press(first, "Next")
    assert second.reply.replace
    assert len(rows_of(second.card)) == 2
    assert [one.label for one in buttons(second.card)] == ["Back", "All as a file…"]
    assert "Page 2." in words(second.card)


async def test_a_draft_is_posted_only_after_confirm_and_stays(house: BotHarness) -> None:
    saved = await house.say('draft save "Hello from a draft"')
    identity = field_of(saved.card, "Id")
    proposed = await house.say(f"draft post {identity}")
    assert "Hello from a draft" in words(proposed.card)
    assert not (await house.state())["writes"]
    done = await house.confirm(proposed)
    assert done.title == "Posted on X"
    assert (await house.state())["writes"] == {"create_tweet": 1}
    assert await _ids(house) == [identity]


async def test_a_draft_that_is_too_long_for_a_tweet_is_refused_before_confirm(house: BotHarness) -> None:
    saved = await house.say(f'draft save "{"long " * 100}"')
    screen = await house.say(f"draft post {field_of(saved.card, 'Id')}")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "long:yes" in words(screen.failure)


@pytest.mark.parametrize("line", ["draft show 999", "draft delete 999", "draft post 999", "draw show nope"])
async def test_what_does_not_exist_is_said_to_be_missing(house: BotHarness, line: str) -> None:
    screen = await house.say(line)
    assert screen.outcome is InvocationOutcome.FAILED
    assert screen.failure.title == "Not found"


async def test_the_account_shows_its_balance_and_the_health_of_each_x_account(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "brand", "health": "suspended"})
    card = (await house.say("account")).card
    assert field_of(card, "Balance") == "25,000 credits"
    assert ["@brand", "suspended by X"] in rows_of(card)
    assert "cannot be used right now" in words(card)


async def test_an_empty_balance_is_a_warning(house: BotHarness) -> None:
    await house.control("credits", body={"balance": 0})
    card = (await house.say("credits")).card
    assert card.tone == "warning"
    assert "until you top up" in words(card)


async def test_a_score_offers_to_post_or_to_keep_the_very_text(house: BotHarness) -> None:
    text = 'She said "go" & <left>'
    scored = await house.say(f"tweet score {text}", MEMBER)
    assert {b.label for b in buttons(scored.card)} == {"Post…", "Save as draft"}
    kept = await house.press(scored, "Save as draft", actor=MEMBER)
    assert text in words(kept.card)
    refused = await house.press(scored, "Post…", actor=MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    proposed = await house.press(scored, "Post…")
    assert proposed.names[0] == "acknowledge"
    assert text in words(proposed.card)
    assert ref_of(proposed.card, "Confirm")


async def test_a_text_too_long_to_post_can_only_be_kept(house: BotHarness) -> None:
    scored = await house.say("tweet score " + "word " * 70)
    assert [b.label for b in buttons(scored.card)] == ["Save as draft"]
    assert "too long to post" in words(scored.card)


async def test_a_score_has_no_option_that_changes_nothing(house: BotHarness) -> None:
    assert [field.name for field in fields(ScoreArgs)] == ["text"]
    as_text = await house.say('tweet score "Hello X" link:yes')
    assert '"Hello X" link:yes' in words(as_text.card), "what was an option is told as a part of the text"
    for draft in ("Hello X", "Merhaba dünya", "مرحبا بالعالم", "नमस्ते दुनिया", "こんにちは世界"):
        scored = await house.say(f'tweet score "{draft}"')
        assert scored.outcome is InvocationOutcome.OK


@pytest.mark.parametrize(
    "text", ["Fırlatma cuma günü", "打ち上げは金曜日", "लॉन्च शुक्रवार को", "Launch", "#ay 🌕"]
)
async def test_a_saved_draft_is_posted_or_deleted_by_a_button(house: BotHarness, text: str) -> None:
    saved = await house.say(f"draft save {text}")
    assert [one.label for one in buttons(saved.card)] == ["Post…", "Delete"]
    shown = await house.say("draft show #1")
    assert [one.label for one in buttons(shown.card)] == ["Post…", "Delete"]
    proposed = await house.press(saved, "Post…")
    assert text in words(proposed.card)
    assert not (await house.state())["writes"], "only after Confirm"
    assert (await house.confirm(proposed)).title == "Posted on X"
    deleted = await house.press(shown, "Delete")
    assert deleted.card.title == "Draft deleted" and text in words(deleted.card)
    assert await _ids(house) == []
    assert (await house.press(saved, "Post…")).failure.title == "Not found"


async def test_the_buttons_of_a_draft_are_those_that_the_person_may_press(house: BotHarness) -> None:
    own = await house.say("draft save Benim", MEMBER)
    assert [one.label for one in buttons(own.card)] == ["Delete"], "who may not publish posts nothing"
    others = await house.say("draft save 私の")
    assert (await house.press(others, "Delete", actor=MEMBER)).failure.title == "Not found"
    assert (await house.press(others, "Post…", actor=MEMBER)).outcome is not InvocationOutcome.OK
    assert len(await _ids(house)) == 2
    assert (await house.press(own, "Delete", actor=MEMBER)).card.title == "Draft deleted"


async def test_a_scored_text_is_kept_with_the_same_buttons_and_counts_its_checks_once(
    house: BotHarness,
) -> None:
    scored = await house.say('tweet score "Fırlatma bugün 🚀"')
    (bar,) = (one for one in scored.card.blocks if isinstance(one, Progress))
    assert bar.label == "Checks passed" and bar.total == 9
    kept = await house.press(scored, "Save as draft")
    assert [one.label for one in buttons(kept.card)] == ["Post…", "Delete"]
