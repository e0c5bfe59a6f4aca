"""What a person paused stays paused: nothing that the bot does by itself starts or resumes a monitor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.app.apply_file import read_document
from bot.app.applying import changes
from bot.app.asking_monitors import ask_monitors
from bot.core.commands.dispatch import InvocationOutcome
from bot.settings import Settings
from tests.features.harness import HERE, BotHarness, open_house
from tests.journeys.run.harness import until

SEARCH = "İstanbul depremi"


async def _monitors(house: BotHarness) -> list[dict[str, Any]]:
    """What stands at Xquik, without the types, which routes may add to."""
    xquik = await house.app.services.xquik.of(HERE)
    found = [*await xquik.monitors.list(), *await xquik.keyword_monitors.list()]
    return [
        {name: getattr(one, name) for name in one.__struct_fields__ if name != "event_types"} for one in found
    ]


async def _registering(house: BotHarness) -> None:
    registrar, xquik = house.app.services.registrar, await house.app.services.xquik.of(HERE)
    await registrar.register(HERE, xquik.webhooks)
    await registrar.widen(HERE, xquik.webhooks)
    await registrar.rotate(HERE, xquik.webhooks)


async def _asking(house: BotHarness) -> None:
    await ask_monitors(house.app, HERE)


async def _running(house: BotHarness) -> None:
    """Everything that runs by itself, and an event that comes meanwhile; then the next start."""
    for _ in range(2):
        asked = await _fetched(house)
        await house.control("emit", body={"username": "nasa", "type": "tweet.new"})
        await house.app.start()
        await until(lambda before=asked: _more(house, before))  # type: ignore[misc]
        await house.reopen()


async def _more(house: BotHarness, before: int) -> bool:
    return await _fetched(house) > before


async def _fetched(house: BotHarness) -> int:
    """How often events were asked for."""
    requests = (await house.state())["requests"]
    return sum(number for name, number in requests.items() if "/events" in name)


async def _key_again(house: BotHarness) -> None:
    form = (await house.say("setup key")).form
    saved = await house.press(form.action, values={"key": house.sandbox.api_key})
    assert saved.outcome is InvocationOutcome.OK


async def _applying(house: BotHarness) -> None:
    file = house.directory / "tenants.toml"
    file.write_text(
        '[[tenant]]\nplatform = "slack"\nworkspace = "T0001"\n[[tenant.route]]\nname = "applied"\n'
        f'channel = "c1"\naccounts = ["nasa"]\nkeywords = ["{SEARCH}"]\nevents = ["space.started"]\n'
    )
    (wanted,) = read_document(file)
    texts = []
    for change in await changes(house.app, wanted):
        texts.append(change.text)
        if change.do is not None:
            await change.do()
    assert any("@nasa is paused" in text for text in texts), texts
    assert not any(text.startswith("+ monitor") for text in texts), texts
    await ask_monitors(house.app, HERE)


def _lines(*lines: str) -> Callable[[BotHarness], Awaitable[None]]:
    async def type_them(house: BotHarness) -> None:
        for line in lines:
            screen = await house.say(line)
            assert screen.outcome is InvocationOutcome.OK, (line, screen.steps)

    return type_them


PATHS: dict[str, Callable[[BotHarness], Awaitable[None]]] = {
    "the webhook": _registering,
    "the start": _asking,
    "all that runs": _running,
    "apply": _applying,
    "another route": _lines('relay add channel:#social account:nasa keyword:"İstanbul depremi" name:two'),
    "a changed route": _lines(
        "relay edit r events:follower.added,tweet.new",
        f'relay edit r account:nasa keyword:"{SEARCH}"',
        "relay filter r contains:launch",
        "relay timing r deleted:remove",
        "relay look r layout:compact",
    ),
    "a resumed route": _lines("relay pause r", "relay resume r missed:all"),
    "what only looks": _lines("monitor list", "relay status", "relay show r", "relay list", "setup status"),
    "the key again": _key_again,
}


@pytest.mark.parametrize("way", ["webhook", "stream"])
@pytest.mark.parametrize("path", PATHS, ids=lambda name: name.replace(" ", "-"))
async def test_nothing_resumes_a_paused_monitor(tmp_path: Path, empty_bot: Path, path: str, way: str) -> None:
    def change(settings: Settings) -> Settings:
        return settings.model_copy(update={"relay": settings.relay.model_copy(update={"ingest": way})})

    address = "http://127.0.0.1:9"
    async with open_house(tmp_path, empty_bot, change=change, public_url=address) as house:
        await house.done("monitor add nasa")
        await house.done(f'monitor keyword "{SEARCH}"')
        await house.done("relay add channel:#alerts account:nasa name:r events:profile.followers.changed")
        await house.say("monitor pause nasa")
        await house.say(f'monitor pause "{SEARCH}"')
        before = await _monitors(house)
        assert [one["is_active"] for one in before] == [False, False]
        await PATHS[path](house)
        assert await _monitors(house) == before
