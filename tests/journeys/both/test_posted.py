"""Reply and Delete below "Posted on X", pressed in the channel."""

from __future__ import annotations

import pytest

from tests.journeys.both.sides import Message, Side

pytestmark = pytest.mark.asyncio(loop_scope="module")

OFFERED = ["Open on X", "Reply", "Delete"]


async def _own(shared: Side) -> Side:
    return await shared.elsewhere(await shared.vendors.new_key())


async def _posted(side: Side, text: str) -> Message:
    preview = await side.post(f'tweet post "{text}"')
    await side.press(preview, "Confirm")
    await side.becomes(preview, "Posted on X")
    return preview


async def test_what_was_posted_is_answered_and_the_answer_deleted(shared: Side) -> None:
    side = await _own(shared)
    first = await _posted(side, "Günaydın 🚀")
    assert side.buttons(first) == OFFERED
    before = [await shared.vendors.writes(kind) for kind in ("create_tweet", "delete_tweet")]
    await side.fill(first, "Reply", {"text": "और आगे"})
    answer = (await side.wait_for_posts(2))[1]
    for said in ("Post this reply on X?", "Günaydın 🚀", "और आगे"):
        assert said in side.text(answer)
    await side.press(answer, "Confirm")
    await side.becomes(answer, "Replied on X")
    assert side.buttons(answer) == OFFERED, "a thread goes on from it"
    await side.press(answer, "Delete")
    asked = (await side.wait_for_posts(3))[2]
    assert "Delete this from X?" in side.text(asked) and "और आगे" in side.text(asked)
    await side.press(asked, "Confirm")
    await side.becomes(asked, "Deleted from X")
    await side.becomes(answer, "Deleted from X since.")
    assert side.buttons(answer) == [] and side.buttons(first) == OFFERED
    after = [await shared.vendors.writes(kind) for kind in ("create_tweet", "delete_tweet")]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1]
    assert len(side.posts) == 3


async def test_who_may_not_publish_is_told_alone_and_nothing_is_asked(shared: Side) -> None:
    side = await _own(shared)
    first = await _posted(side, "Only for some")
    for label in ("Reply", "Delete"):
        assert "You may not do that here" in await side.asked(first, label, member=True)
    assert len(side.posts) == 1 and side.buttons(first) == OFFERED
