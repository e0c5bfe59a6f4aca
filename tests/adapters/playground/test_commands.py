"""Commands, buttons, forms and files over HTTP, on a real database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.core.chat.cards import Choice
from bot.core.chat.invocation import Call
from tests.adapters.playground.harness import PlaygroundHarness, Visitor


def _buttons(message: dict[str, Any]) -> dict[str, str]:
    return {button["label"]: button["action"] for button in message["card"]["buttons"]}


async def _press(visitor: Visitor, message: dict[str, Any], label: str) -> int:
    data = {"message": message["id"], "action": _buttons(message)[label]}
    return (await visitor.post("press", data)).status_code


async def test_the_state_declares_every_command_for_completion(ada: Visitor) -> None:
    state = await ada.start()
    groups = {group["name"]: group for group in state["commands"]}
    assert groups["trends"]["default"] == "show"
    (option,) = groups["trends"]["commands"][0]["options"]
    assert option["main"] is True
    assert [choice["value"] for choice in option["choices"]] == ["Worldwide", "US", "Japan"]
    assert [c["name"] for c in state["channels"]] == ["general", "alerts", "giveaways", "social", ""]
    assert [(p["id"], p["admin"]) for p in state["people"]] == [("ada", True), ("ben", False)]


async def test_a_public_answer_is_a_message_everybody_sees(ada: Visitor, ben: Visitor) -> None:
    assert (await ada.say("trends region:US"))["status"] == "working"
    seen = await ben.until_card("Trending in US")
    assert seen["author"] == "bot"
    assert seen["private"] is False


@pytest.mark.parametrize("line", ["trends US", "/trends US", "  / trends show region:US "])
async def test_a_line_may_begin_with_a_slash_or_not(ada: Visitor, line: str) -> None:
    await ada.say(line)
    await ada.until_card("Trending in US")


@pytest.mark.parametrize("line", ["/", "", "help", "/help"])
async def test_a_slash_alone_and_help_explain(ada: Visitor, line: str) -> None:
    await ada.say(line)
    await ada.until_card("What this bot can do")


async def test_what_a_person_types_is_seen_by_that_person_alone(ada: Visitor, ben: Visitor) -> None:
    await ada.say("trends region:US")
    await ada.until_card("Trending in US")
    assert (await ada.messages())[0]["text"] == "/trends region:US"
    assert all("text" not in message for message in await ben.messages())


async def test_a_failure_is_private_and_leaves_nothing_in_the_channel(ada: Visitor, ben: Visitor) -> None:
    await ada.say("credits show")
    failure = await ada.until_card("Not enough Xquik credits")
    assert failure["private"] is True
    assert failure["card"]["tone"] == "warning"
    assert await ben.messages() == []


async def test_a_wrong_command_is_explained_privately(ada: Visitor, ben: Visitor) -> None:
    await ada.say("trands")
    await ada.until_card("That command needs a change")
    assert await ben.messages() == []


async def test_a_member_may_not_do_what_an_admin_may(ben: Visitor, house: PlaygroundHarness) -> None:
    await ben.say('tweet post "hello"')
    await ben.until_card("You may not do that here")
    assert house.services.posted == []


async def test_a_button_replaces_its_message_and_works_once(ada: Visitor, house: PlaygroundHarness) -> None:
    await ada.say('tweet post "Good morning"')
    preview = await ada.until_card("Post this to X?")
    assert await _press(ada, preview, "Confirm") == 200
    outcome = await ada.until_card("Posted to X")
    assert (outcome["id"], outcome["revision"]) == (preview["id"], preview["revision"] + 1)
    assert await _press(ada, preview, "Confirm") == 409  # the message has no such button any more
    assert house.services.posted == ["Good morning"]


async def test_a_button_of_somebody_s_private_message_is_out_of_reach(
    ada: Visitor, ben: Visitor, house: PlaygroundHarness
) -> None:
    await ada.say('tweet post "Good morning"')
    preview = await ada.until_card("Post this to X?")
    assert await _press(ben, preview, "Confirm") == 404
    assert house.services.posted == []


async def test_an_action_that_the_message_does_not_carry_cannot_be_pressed(
    ada: Visitor, house: PlaygroundHarness
) -> None:
    await ada.say('tweet post "Good morning"')
    preview = await ada.until_card("Post this to X?")
    key = _buttons(preview)["Confirm"].rpartition(":")[2]
    await ada.say("trends US")
    public = await ada.until_card("Trending in US")
    answer = await ada.post("press", {"message": public["id"], "action": f"x1:test.post:{key}"})
    assert (answer.status_code, answer.json()["error"]) == (409, "changed")
    assert house.services.posted == []


async def test_a_form_is_the_answer_to_the_page_that_asked_and_goes_through(
    ada: Visitor, house: PlaygroundHarness
) -> None:
    first = await ada.say("setup key")
    assert first["status"] == "form"
    (field,) = first["form"]["inputs"]
    assert (field["name"], field["kind"], field["value"]) == ("key", "secret", "")
    answer = await ada.post("form", {"action": first["form"]["action"], "values": {"key": "xq_" + "a1" * 32}})
    assert answer.json()["status"] == "working"
    await ada.until_card("The key is stored")
    assert house.services.keys == ["xq_" + "a1" * 32]


async def test_a_form_with_something_missing_fails_inside_the_form(ada: Visitor) -> None:
    first = await ada.say("setup key")
    answer = (await ada.post("form", {"action": first["form"]["action"], "values": {"key": " "}})).json()
    assert answer["status"] == "failed"
    assert "key" in str(answer["card"]["blocks"])
    assert await ada.cards() == []


async def test_a_form_nobody_opened_says_that_it_expired(ada: Visitor) -> None:
    answer = (await ada.post("form", {"action": "x1:form.command:nothing", "values": {}})).json()
    assert (answer["status"], answer["card"]["title"]) == ("failed", "This has expired")


async def test_a_key_typed_into_a_line_is_not_kept(
    ada: Visitor, house: PlaygroundHarness, tmp_path: Path
) -> None:
    secret = "xq_" + "5e" * 32
    await ada.say(f"setup key {secret}")
    await ada.say(f"setup key key:{secret}")
    await ada.say(f"trends {secret}")
    assert all(secret not in str(message) for message in await ada.messages())
    await house.database.backup(tmp_path / "copy.db")
    assert secret.encode() not in (tmp_path / "copy.db").read_bytes()


async def test_files_are_downloads_for_those_who_see_the_message(ada: Visitor, ben: Visitor) -> None:
    await ada.say("draw run 1893456789012345678")
    drawn = await ada.until_card("1 winners drawn")
    await _press(ada, drawn, "Export as CSV")
    (file,) = (await ada.until_card("The winners, as a file"))["files"]
    assert (file["name"], file["size"]) == ("winners.csv", 25)
    answer = await ada.client.get(f"/api/files/{file['id']}", params={"person": "ada"})
    assert answer.content == b"position,user\n1,winner_1\n"
    assert answer.headers["content-disposition"] == 'attachment; filename="winners.csv"'
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await ben.client.get(f"/api/files/{file['id']}", params={"person": "ben"})).status_code == 404


async def test_a_private_message_is_dismissed_by_its_viewer_alone(ada: Visitor, ben: Visitor) -> None:
    await ada.say("credits show")
    failure = await ada.until_card("Not enough Xquik credits")
    assert (await ben.post("dismiss", {"message": failure["id"]})).status_code == 404
    assert (await ada.post("dismiss", {"message": failure["id"]})).status_code == 200
    assert await ada.cards() == []
    await ada.say("trends US")
    public = await ada.until_card("Trending in US")
    assert (await ada.post("dismiss", {"message": public["id"]})).status_code == 404


async def test_a_form_says_which_fields_are_several_lines_tall(ada: Visitor) -> None:
    form = (await ada.say("tweet post"))["form"]
    tall = {one["name"]: one["tall"] for one in form["inputs"]}
    assert (tall["text"], tall["account"]) == (True, False)


async def test_what_stands_in_the_other_options_is_told_to_the_source(
    house: PlaygroundHarness, ada: Visitor
) -> None:
    async def echoed(call: Call[Any], _typed: str) -> tuple[Choice, ...]:
        return tuple(Choice(name, text) for name, (text,) in call.given.items())

    sources: dict[str, Any] = house.commands.catalogue.suggestions  # type: ignore[assignment]
    sources["accounts"] = echoed
    asked = {"channel": "general", "path": ["tweet", "post"], "option": "account", "typed": ""}
    given = {"text": "güneş 月 चाँद", "empty": "", "number": 3, "long": "v" * 501}
    found = (await ada.post("suggest", {**asked, "given": given})).json()["choices"]
    assert found == [{"label": "text", "value": "güneş 月 चाँद"}]
    others: tuple[object, ...] = (None, [], "text", 3)
    for other in others:
        assert (await ada.post("suggest", {**asked, "given": other})).json()["choices"] == []


async def test_suggestions_come_from_the_command_s_own_source(ada: Visitor, ben: Visitor) -> None:
    asked = {"path": ["tweet", "post"], "option": "account", "typed": "na"}
    found = (await ada.post("suggest", asked)).json()["choices"]
    assert [choice["value"] for choice in found] == ["nasa", "nasa_hubble"]
    assert (await ben.post("suggest", asked)).json()["choices"] == []  # not for who may not run it


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("#Launch Day", 201),
        ("launch", 201),
        ("general", 409),
        ("", 400),
        ("@bot", 400),
        ("ä", 400),
        ("x" * 41, 400),
    ],
)
async def test_channels_have_plain_names(ada: Visitor, name: str, status: int) -> None:
    assert (await ada.post("channels", {"name": name})).status_code == status


async def test_a_new_channel_takes_commands(ada: Visitor) -> None:
    created = (await ada.post("channels", {"name": "Launch Day", "topic": "T minus"})).json()
    assert created["id"] == "launch-day"
    await ada.say("trends US", "launch-day")
    await ada.until_card("Trending in US", "launch-day")


async def test_older_messages_come_page_by_page(ada: Visitor) -> None:
    for _ in range(30):
        await ada.say("trands")
    query = {"person": "ada", "channel": "general"}
    newest = (await ada.client.get("/api/messages", params=query)).json()
    assert (len(newest["messages"]), newest["more"]) == (50, True)
    before = {**query, "before": newest["messages"][0]["id"]}
    older = (await ada.client.get("/api/messages", params=before)).json()
    assert (len(older["messages"]), older["more"]) == (10, False)
    assert older["messages"][-1]["id"] < newest["messages"][0]["id"]


NONSENSE: list[tuple[str, dict[str, Any]]] = [
    ("command", {"text": 3}),
    ("command", {"text": "x" * 40_001}),
    ("command", {"text": "trends", "person": "eve"}),
    ("command", {"text": "trends", "person": ["ada"]}),
    ("command", {"text": "trends", "channel": "nowhere"}),
    ("press", {"message": "1", "action": "x1:test.post:a"}),
    ("press", {"message": True, "action": "x1:test.post:a"}),
    ("press", {"message": 2**63, "action": "x1:test.post:a"}),
    ("press", {"message": 1, "action": "javascript:alert(1)"}),
    ("press", {"message": 1, "action": "x1:test.post:a"}),
    ("form", {"action": "x1:form.command:a", "values": {"key": 1}}),
    ("form", {"action": "x1:form.command:a", "values": []}),
    ("suggest", {"path": "tweet", "option": "account", "typed": ""}),
    ("dismiss", {"message": -1}),
]


async def test_nonsense_is_refused_in_words(ada: Visitor) -> None:
    for path, data in NONSENSE:
        answer = await ada.post(path, data)
        assert answer.status_code in (400, 404), data
        assert set(answer.json()) == {"error", "message"}


async def test_a_body_that_is_no_object_is_refused(ada: Visitor) -> None:
    headers = {"origin": ada.origin, "x-csrf": ada.csrf, "content-type": "application/json"}
    for body in (b"", b"[]", b"{", b"\xff", b"[" * 60_000):
        answer = await ada.client.post("/api/command", content=body, headers=headers)
        assert answer.status_code == 400


async def test_a_running_command_outlives_the_request_that_began_it(
    ada: Visitor, house: PlaygroundHarness
) -> None:
    assert (await ada.say("media slow"))["status"] == "working"
    assert await ada.cards() == []
    house.services.gate.set()
    await ada.until_card("All of it is here")


async def test_two_presses_at_once_both_get_an_answer(ada: Visitor) -> None:
    await ada.say('tweet post "Good morning"')
    preview = await ada.until_card("Post this to X?")
    statuses = await asyncio.gather(*(_press(ada, preview, "Discard") for _ in range(2)))
    assert set(statuses) <= {200, 409}
    await ada.until_card("Nothing was posted")


async def test_a_choice_is_taken_from_a_menu_that_the_message_carries_alone(ada: Visitor) -> None:
    await ada.say("credits choose")
    message = await ada.until_card("Who acts?")
    press = {"message": message["id"], "picked": "nasa"}
    assert (await ada.post("press", press | {"action": "x1:test.choose:other"})).status_code == 409
    assert (await ada.post("press", press | {"action": "x1:test.choose:c", "picked": 7})).status_code == 400
    assert (await ada.post("press", press | {"action": "x1:test.choose:c"})).status_code == 200

    async def picked() -> bool:
        (shown,) = [one for one in await ada.messages() if one["id"] == message["id"]]
        (picker,) = [block for block in shown["card"]["blocks"] if block["type"] == "Picker"]
        return bool(picker["value"] == "nasa")

    await ada.until(picked)


@pytest.mark.parametrize(
    "line",
    [
        "https://x.com/nasa/status/1893456789012345678",
        "/https://x.com/nasa/status/1893456789012345678",
        "/ <https://fixupx.com/nasa/status/1893456789012345678?s=20>.",
        "\u2066https://m.twitter.com/nasa/status/1893456789012345678\u2069",
    ],
)
async def test_a_link_alone_offers_what_can_be_done_with_the_tweet(
    ada: Visitor, ben: Visitor, line: str
) -> None:
    await ada.say(line)
    offered = await ada.until_card("A tweet by @nasa")
    assert offered["private"] is True
    assert list(_buttons(offered)) == ["Show", "Draw", "Media"]  # what is declared here
    data = {"message": offered["id"], "action": _buttons(offered)["Draw"]}
    form = (await ada.post("press", data)).json()["form"]
    assert form["inputs"][0]["value"] == "https://x.com/nasa/status/1893456789012345678"
    assert await ben.messages() == []
