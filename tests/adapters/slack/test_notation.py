"""What Slack writes in place of what a person saw is turned back, and nothing else is."""

from __future__ import annotations

import pytest

from adapters.slack.emoji_names import with_characters
from adapters.slack.notation import entered, values_seen
from bot.core.chat.ids import TenantId
from tests.adapters.slack.harness import SlackHarness

TENANT = TenantId("slack", "T0001")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("We launched :tada:", "We launched 🎉"),
        ("hello:tada:world", "hello🎉world"),
        (":wave::skin-tone-3: :+1:", "👋🏼 👍"),
        (":tada::skin-tone-3:", "🎉:skin-tone-3:"),
        (":man-shrugging::skin-tone-5: :flag-tr:", "🤷🏾‍♂️ 🇹🇷"),
        (":partyparrot: stays", ":partyparrot: stays"),
        ("at 10:30:45, a ratio of 1:100:2", "at 10:30:45, a ratio of 1:100:2"),
        ("we gave it :100:", "we gave it 💯"),
    ],
)
def test_emoji_by_name_become_characters(text: str, seen: str) -> None:
    assert with_characters(text) == seen
    assert entered({"text": text}) == {"text": seen}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Tom &amp; Jerry &lt;3", "Tom & Jerry <3"),
        ("Write &amp;amp;amp; and &amp;lt;b&amp;gt;", "Write &amp;amp; and &lt;b&gt;"),
        ("see <https://x.com/a?b=c&amp;d=e|x.com/a> now", "see https://x.com/a?b=c&d=e now"),
        ("ask <@U2|boss> in <#C0001|alerts>", "ask @boss in #alerts"),
        ("ask <@U2> in <#C0001>", "ask @boss in #alerts"),
        # What was typed as #3 in a workspace that has a channel of that name.
        ("<#C0003|3>", "#3"),
        ("<#C0003>", "#3"),
        ("ask <@U9> in <#C9>", "ask <@U9> in <#C9>"),
        ("<!here> <!channel> <!subteam^S1|@team> <!subteam^S1>", "@here @channel @team @launchers"),
        ("<!date^1700000000^{date}|14 November 2023>", "14 November 2023"),
        ("call <tel:+15551234|+1 555 1234> or <mailto:a@example.com|a@example.com>",
         "call +1 555 1234 or a@example.com"),
        # What a person typed themselves arrives escaped, and stays.
        ("&lt;@U2&gt; and &lt;https://x.com/a|b&gt;", "<@U2> and <https://x.com/a|b>"),
        ("<@U2|:tada:> <https://example.com/:tada:/x>", "@:tada: https://example.com/:tada:/x"),
    ],
)  # fmt: skip
async def test_the_text_of_a_command_is_what_the_person_saw(
    house: SlackHarness, text: str, seen: str
) -> None:
    boss = house.ws.add_user("U2", "boss")
    house.ws.add_usergroup("S1", "launchers", users=[boss])
    house.ws.add_channel("C0003", "3")
    await (await house.slash(f'thing say "{text}"')).wait_for_ephemeral()
    assert house.stage.seen[0][1].text == seen


async def test_an_option_that_names_a_channel_keeps_its_id(house: SlackHarness) -> None:
    await (await house.slash("thing say hi where:<#C0001|alerts>")).wait_for_ephemeral()
    assert house.stage.seen[0][1].where.id == "C0001"


async def test_a_mistake_is_said_in_the_words_that_were_typed(house: SlackHarness) -> None:
    error = await (await house.slash("thign &amp;amp; co")).wait_for_ephemeral()
    assert "Did you mean 'thing'?" in error.visible_text


async def test_a_name_that_takes_too_long_is_left_as_it_is() -> None:
    import asyncio

    from bot.core.commands.grammar import Parsed, parse
    from tests.adapters.scripted_commands import ScriptedCommands
    from tests.adapters.slack.scripted_commands import catalogue

    class Slow:
        async def person(self, _tenant: TenantId, _user: str) -> str | None:
            await asyncio.Event().wait()
            return None

        channel = group = person

    parsed = parse(catalogue(ScriptedCommands()), "thing say hello <@U2>")
    assert isinstance(parsed, Parsed)
    seen = await values_seen(parsed.command, parsed.values, Slow(), TENANT)
    assert seen["text"] == ("hello <@U2>",)
