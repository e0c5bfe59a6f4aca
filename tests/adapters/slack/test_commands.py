"""`/xquik …` from the keyboard to the answer."""

from __future__ import annotations

from tests.adapters.slack.house import House


async def test_a_command_is_acknowledged_with_nothing_and_answered_to_the_person(either: House) -> None:
    ix = await either.slash('thing say "hello there" times:3')
    answer = await ix.wait_for_ephemeral()
    assert (ix.acked_in or 9) < 1
    assert ix.ack is None
    assert answer.visible_text == "Done\nIt is done."
    assert answer.text == "Done\nIt is done."
    assert either.channel.messages == []
    name, args = either.stage.seen[0]
    assert (name, args.text, args.times) == ("thing say", "hello there", 3)


async def test_a_public_command_posts_as_the_bot(either: House) -> None:
    ix = await either.slash("thing post")
    message = await ix.wait_for_message()
    assert message.via == "chat.postMessage"
    assert message.user == either.ws.bot_user_id
    assert ix.ephemerals == []
