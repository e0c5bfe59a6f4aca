"""What is left of a chat's own notation in a text is found, so that a preview can say so."""

from __future__ import annotations

import time

import pytest

from bot.core.chat.notation import chat_notation


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("We launched :partyparrot:", (":partyparrot:",)),
        ("so <:pepe:123456789012345678> <a:dance:123456789012345678>",
         ("<:pepe:123456789012345678>", "<a:dance:123456789012345678>")),
        ("ask <@U012AB> <@!12345> <@&12345> <#C1> <!here> <!subteam^S1> <@U012AB>",
         ("<@U012AB>", "<@!12345>", "<@&12345>", "<#C1>", "<!here>", "<!subteam^S1>")),
        ("<t:1700000000:R> </draw run:123456789012345678> <id:customize>",
         ("<t:1700000000:R>", "</draw run:123456789012345678>", "<id:customize>")),
        ("at 10:30:45, 1:100:2, https://x.com:8080/a, a <b> tag, I <3 you, C++ std::vector::size", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_notation_that_is_left_is_found(text: str, left: tuple[str, ...]) -> None:
    assert chat_notation(text) == left


@pytest.mark.parametrize("piece", [":", "<", ":a", "<@", "<:a:1", "</a"])
def test_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    began = time.process_time()
    chat_notation(piece * 12_000)
    assert time.process_time() - began < 1
