"""The examples of the commands, with what they speak of."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from pydantic import SecretStr

from bot.core.commands.declaring import Command
from bot.core.commands.dispatch import InvocationOutcome
from bot.xquik.extraction_runs import ExtractionRuns
from bot.xquik.transport.caller import Caller
from tests.features.edge import rows_of
from tests.features.harness import TWEET, BotHarness

# What an example speaks of, and what makes it.
FIRST = {
    "audit export": "setup spending 50",
    "monitor pause": "monitor add nasa",
    "monitor resume": "monitor add nasa",
    "monitor remove": "monitor add nasa",
    "events recent nasa": "monitor add nasa",
    "events show": "monitor add nasa",
    "monitor edit": "monitor add nasa",
    "monitor metrics": f"monitor post {TWEET}",
    "relay unmute": "relay mute nasa",
    "policy reset": "policy deny draw run channel:#alerts",
    "alerts-nasa": "relay add channel:alerts account:nasa",
}


async def prepared(house: BotHarness, command: Command[Any], example: str) -> str:
    """The example with the id of something that exists."""
    for named, line in FIRST.items():
        if named in example:
            assert (await house.done(line)).outcome is InvocationOutcome.OK
    if command.path[0] == "draft" and command.path[1] in ("show", "delete", "post"):
        await house.say('draft save "Something to keep"')
        return example.replace("#3", rows_of((await house.say("draft list")).card)[0][0])
    if command.path[0] == "style":
        for name in ("nasa", "esa"):
            await house.say(f"style analyze {name}")
    if command.path[0] == "draw" and command.path[1] in ("show", "export"):
        proposed = await house.say("draw run https://x.com/xquik/status/1893456789012345678")
        await house.confirm(proposed)
        return example.replace("#3", rows_of((await house.say("draw list")).card)[0][0])
    if command.path[0] == "extract" and "#3" in example:
        job = await begun(house)
        if command.name in ("extract show", "extract export"):
            await ended(house, job)
        return example.replace("#3", job)
    if command.name == "events show":
        seen = await house.control("emit", body={"username": "nasa", "type": "tweet.new"})
        return example.replace("9001", str(seen["id"]))
    if command.name == "credits status":
        topup = await house.control("topups", body={"dollars": 25})
        return example.replace("cs_live_a1B2c3", str(topup["session"]))
    if command.name in ("support show", "support reply", "support close"):
        opened = await house.control("tickets", body={"subject": "Help", "messages": [{"body": "Please"}]})
        return example.replace("tkt_a1b2c3d4e5f6a1b2c3d4e5f6", str(opened["id"]))
    if command.name == "support file":
        said = [{"body": "Please look", "attachments": [{"filename": "shot.png"}]}]
        opened = await house.control("tickets", body={"subject": "Help", "messages": said})
        xquik = house.app.services.connections.client(SecretStr(house.sandbox.api_key))
        (message,) = (await xquik.support.show(str(opened["id"]))).messages
        return f"support file {message.attachments[0].public_id}"
    if command.path[0] == "hook":
        await a_webhook(house)
    if command.name == "tweet delete":
        posted = await house.confirm(await house.say('tweet post "Soon gone"'))
        return f"tweet delete {posted.buttons[0].url}"
    if command.name in (
        "account use",
        "account forget",
        "account mine",
        "account show",
        "account disconnect",
    ):
        for name in ("acme", "acme_news"):
            await house.control("accounts", body={"username": name})
        if command.name == "account forget":
            await house.say(example.replace("forget", "use acme"))
    if command.name == "tweet action":
        await house.confirm(await house.say('tweet post "Done"'))
        return f"tweet action {[one.id for one in house.sandbox.sandbox.actions][-1]}"
    if command.name == "monitor resume":
        await house.done("monitor pause nasa")
    if command.name == "community leave":
        await house.done(example.replace("leave", "join"))
    if command.name == "community delete":
        await house.control("accounts", body={"username": "nasa"})
        return f"{example} account:nasa"
    if command.name == "tweet likers":
        # X shows them to the author alone.
        await house.control("accounts", body={"username": "xquik"})
    if command.name in ("media get", "tweet reply"):
        # The account of these examples has a tweet of that id on X, not in the sandbox.
        return example.replace("nasa/status", "xquik/status")
    return example


async def begun(house: BotHarness, **request: Any) -> str:
    """The id of an extraction that runs."""
    asked = {"toolType": "follower_explorer", "targetUsername": "cafe_luna", "resultsLimit": 12, **request}
    runs = ExtractionRuns(Caller(house.app.transport, SecretStr(house.sandbox.api_key)))
    return (await runs.run(asked, f"example-{uuid4().hex}")).id


async def ended(house: BotHarness, job: str) -> None:
    """Look at an extraction until it is over."""
    xquik = house.app.services.connections.client(SecretStr(house.sandbox.api_key))
    while (await xquik.extractions.show(job, rows=1)).job.active:
        continue


async def a_webhook(house: BotHarness, url: str = "http://127.0.0.1:9/hook") -> str:
    """The id of a webhook that somebody made at Xquik; nobody listens where it leads."""
    xquik = house.app.services.connections.client(SecretStr(house.sandbox.api_key))
    return (await xquik.webhooks.create(url, ("tweet.new",))).webhook.id
