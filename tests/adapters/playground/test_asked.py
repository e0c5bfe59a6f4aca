"""Answers name what they answer by its number, and by nothing of what was typed."""

from __future__ import annotations

import json

from tests.adapters.playground.harness import PlaygroundHarness, Visitor
from tests.relay.harness import until


async def test_an_answer_names_the_line_it_answers_and_who_typed_it(ada: Visitor, ben: Visitor) -> None:
    await ada.say("trends region:US")
    seen = await ben.until_card("Trending in US")
    assert seen["asked"] == {"message": (await ada.messages())[0]["id"], "person": "ada"}
    assert "region:US" not in json.dumps(await ben.messages())


async def test_a_failure_names_it_too(ada: Visitor) -> None:
    await ada.say("credits show")
    failure = await ada.until_card("Not enough Xquik credits")
    assert failure["asked"]["message"] == (await ada.messages())[0]["id"]


async def test_a_message_that_changed_still_answers_the_same(ada: Visitor) -> None:
    await ada.say('tweet post "Good morning"')
    preview = await ada.until_card("Post this to X?")
    (confirm, *_) = (button["action"] for button in preview["card"]["buttons"])
    await ada.post("press", {"message": preview["id"], "action": confirm})
    assert (await ada.until_card("Posted to X"))["asked"] == preview["asked"]


async def test_the_answer_to_a_press_names_the_message_of_the_button(
    ada: Visitor, house: PlaygroundHarness
) -> None:
    house.services.gate.set()
    await ada.say("trends US")
    pressed = await ada.until_card("Trending in US")
    await ada.post("press", {"message": pressed["id"], "action": pressed["card"]["buttons"][0]["action"]})
    answer = await ada.until_card("Nothing new in US")
    assert answer["asked"] == {"message": pressed["id"], "person": "ada"}


async def test_a_form_is_handed_in_with_what_opened_it_and_never_with_what_others_see(
    ada: Visitor, ben: Visitor
) -> None:
    await ben.say("trends US")
    hidden = (await ben.messages())[0]["id"]
    first = await ada.say("setup key")
    said = (await ada.messages())[-1]["id"]
    assert first["asked"] == said
    form = {"action": first["form"]["action"], "values": {"key": "xq_" + "a1" * 32}}
    await ada.post("form", {**form, "asked": hidden})
    assert "asked" not in await ada.until_card("The key is stored")
    await ada.post("form", {**form, "asked": said})

    async def stored() -> list[object]:
        return [c.get("asked") for c in await ada.cards() if c["card"]["title"] == "The key is stored"]

    async def twice() -> bool:
        return len(await stored()) == 2

    await until(twice)
    assert await stored() == [None, {"message": said, "person": "ada"}]
    assert (await ada.post("form", {**form, "asked": "1"})).status_code == 400
