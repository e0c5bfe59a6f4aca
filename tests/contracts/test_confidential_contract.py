"""What is confidential on every platform: asked first, shown to one person on the spot, and kept nowhere."""

from __future__ import annotations

from sqlalchemy import select

from bot.core.chat.cards import Card, Text, line
from bot.storage.tables import metadata
from tests.contracts.contract_commands import HUSHED
from tests.contracts.harnesses import Ability, AdapterHarness, Shown, need, settled
from tests.contracts.running import RunningHarness

SECRET = "hush7k3q"


async def stored(harness: AdapterHarness) -> str:
    """Every row of every table."""
    assert isinstance(harness, RunningHarness)
    database = harness.database()
    found: list[str] = []
    for table in metadata.sorted_tables:
        query = select(table)
        rows = await database.read(lambda connection, query=query: connection.execute(query))  # type: ignore[misc]
        found += [repr(tuple(row)) for row in rows]
    return "\n".join(found)


async def asked(harness: AdapterHarness) -> Shown:
    """The question, which the person alone is shown."""
    question = await (await harness.command("try secret")).told("Read it?")
    assert "You alone" in question.text
    assert harness.stage.fetched == []
    return question


async def becomes(harness: AdapterHarness, message: Shown, words: str) -> Shown:
    """The same message, once the person reads these words in it."""

    async def there() -> bool:
        return words in (await harness.anew(message)).text

    await settled(there)
    return await harness.anew(message)


async def test_it_stands_where_it_was_asked_and_nowhere_else(harness: AdapterHarness) -> None:
    need(harness, Ability.BUTTONS, Ability.PRIVACY)
    question = await asked(harness)
    assert question.buttons == ("Confirm", "Cancel")
    await harness.press(question, "Confirm")
    first = await becomes(harness, question, "row 10")
    assert "row 11" not in first.text and first.buttons == ("Next (up to 1 credit)",)
    await harness.press(first, first.buttons[0])
    second = await becomes(harness, question, "row 11")
    assert len(second.buttons) == 2
    assert await harness.channel() == [] and await harness.direct(harness.person) == []
    kept = await stored(harness)
    # The pages begin behind the rows 10 and 20: of all others nothing is there.
    assert "list.page" in kept
    assert [n for n in range(1, 26) if f"row {n:02}" in kept and n % 10] == []


async def test_nobody_else_is_shown_it_by_a_button_that_all_see(harness: AdapterHarness) -> None:
    """An answer in place of a message of the channel would be seen by everybody."""
    need(harness, Ability.BUTTONS, Ability.PRIVACY)
    harness.stage.button(HUSHED)
    await harness.command("try shout")
    (message,) = await harness.channel(1)
    harness.stage.card, harness.stage.replace = Card("Hush", (Text(line(SECRET)),)), True
    await (await harness.press(message, "Press")).told(SECRET)
    (still,) = await harness.channel()
    assert SECRET not in still.text
    assert SECRET not in await stored(harness)


async def test_a_terminal_asks_too(harness: AdapterHarness) -> None:
    if harness.name == "terminal":
        await asked(harness)
