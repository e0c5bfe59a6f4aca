"""Every place of a message where Slack puts a link, from the menu of the message to the command."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.texts import texts_of
from bot.core.x.references import find_people, find_posts
from tests.adapters.slack.harness import SlackHarness
from tests.doubles.slack.model import Edit, File

LINK = "https://x.com/nasa/status/1893456789012345678"


def rich(*elements: dict[str, Any], kind: str = "rich_text_section") -> dict[str, Any]:
    return {"blocks": [{"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}]}


def attached(**fields: Any) -> dict[str, Any]:
    return {"attachments": [{"id": 1, **fields}]}


PLACES: dict[str, dict[str, Any]] = {
    "the text": {"text": f"(<{LINK}>)."},
    "the text, with a label": {"text": f"see <{LINK}|the tweet>"},
    "the text of a bot": {"text": f"New: {LINK}, wow", "bot_id": "B1"},
    "the text, /i/web/status": {"text": "<https://x.com/i/web/status/1893456789012345678>"},
    "the text, a mirror": {"text": "看<https://fxtwitter.com/nasa/status/1893456789012345678>吧"},
    "the text, with unseen characters": {"text": f"\u2066<{LINK}>\u2069"},
    "the text, escaped": {"text": f"&lt;{LINK}?s=20&amp;t=1&gt;"},
    "a broadcast of a thread": {"text": f"<{LINK}>", "reply_broadcast": True},
    "an edited text": {"text": f"<{LINK}>", "edits": [Edit(0.0, "old", [], None)]},
    "a link of rich text": rich(
        {"type": "text", "text": "bak: "}, {"type": "link", "url": LINK, "text": "burada"}
    ),
    "words of rich text": rich({"type": "text", "text": f"({LINK})"}),
    "words that change their style": rich(
        {"type": "text", "text": "https://x.com/nasa/", "style": {"bold": True}},
        {"type": "text", "text": "status/1893456789012345678"},
    ),
    "code of rich text": rich({"type": "text", "text": LINK}, kind="rich_text_preformatted"),
    "a quote of rich text": rich(
        {"type": "emoji", "name": "x"}, {"type": "link", "url": LINK}, kind="rich_text_quote"
    ),
    "a list of rich text": {
        "blocks": [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_list",
                        "elements": [
                            {"type": "rich_text_section", "elements": [{"type": "link", "url": LINK}]}
                        ],
                    }
                ],
            }
        ]
    },
    "a section": {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": f"<{LINK}|X>"}}]},
    "a field": {"blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": f"<{LINK}>"}]}]},
    "a context": {"blocks": [{"type": "context", "elements": [{"type": "plain_text", "text": LINK}]}]},
    "a header": {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": LINK}}]},
    "Markdown": {"blocks": [{"type": "markdown", "text": f"[यहाँ]({LINK})"}]},
    "a button": {"blocks": [{"type": "actions", "elements": [{"type": "button", "url": LINK, "text": {}}]}]},
    "a video": {"blocks": [{"type": "video", "title_url": LINK, "alt_text": "a"}]},
    "the text of a picture": {
        "blocks": [{"type": "image", "image_url": "https://a.example/", "alt_text": LINK}]
    },
    "a table": {"blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": LINK}]]}]},
    "what is unfurled": attached(from_url=LINK, fallback="NASA"),
    "the address that was typed": attached(original_url=LINK),
    "the title of an attachment": attached(title="A tweet", title_link=LINK),
    "the text of an attachment": attached(text=f"<{LINK}>"),
    "the fallback of an attachment": attached(fallback=f"[no preview] {LINK}"),
    "before an attachment": attached(pretext=f"<{LINK}>"),
    "a field of an attachment": attached(fields=[{"title": "Link", "value": f"<{LINK}>"}]),
    "a button of an attachment": attached(actions=[{"type": "button", "text": "Open", "url": LINK}]),
    "blocks of an attachment": attached(
        blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": LINK}}]
    ),
    "a message that is shared": attached(
        is_share=True, message_blocks=[{"message": rich({"type": "link", "url": LINK})}]
    ),
    "the title of a file": {"files": [File("F1", "a.png", 1, title=f"From {LINK}")]},
}


@pytest.mark.parametrize("place", PLACES)
async def test_a_tweet_is_found_wherever_it_stands(house: SlackHarness, place: str) -> None:
    message = house.ws.say(house.ann, house.channel, "")
    for name, value in PLACES[place].items():
        setattr(message, name, value)
    ix = await house.ws.message_shortcut(house.ann, message, "xquik_show_tweet")
    await ix.wait_for_message()
    ((what, args),) = house.stage.seen
    assert (what, args.tweet.id) == ("tweet show", LINK[-19:])


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "<https://evil.example|x.com/nasa/status/20>"},
        {"text": "<https://evil.example|https://x.com/nasa/status/20>"},
        {"text": "<https://x.com.evil.example/nasa/status/20>"},
        {"text": "<mailto:nasa@x.com|nasa@x.com>/nasa/status/20"},
        {"blocks": [{"type": "actions", "elements": [{"type": "button", "value": LINK, "action_id": LINK}]}]},
        rich({"type": "link", "url": "https://evil.example/", "text": LINK}),
    ],
)
async def test_what_is_no_link_to_a_tweet_is_told_so(house: SlackHarness, fields: dict[str, Any]) -> None:
    message = house.ws.say(house.ann, house.channel, "")
    for name, value in fields.items():
        setattr(message, name, value)
    ix = await house.ws.message_shortcut(house.ann, message, "xquik_show_tweet")
    assert "no link to a tweet" in (await ix.wait_for_ephemeral()).visible_text
    assert house.stage.seen == []


def test_an_event_about_an_edit_is_read_as_the_message_that_it_is_now() -> None:
    before = {"text": "https://x.com/nasa/status/1"}
    event = {"subtype": "message_changed", "message": {"text": LINK}, "previous_message": before}
    assert list(texts_of(event)) == [LINK]


def test_the_root_of_a_thread_is_not_of_the_broadcast() -> None:
    assert list(texts_of({"subtype": "thread_broadcast", "text": "yes", "root": {"text": LINK}})) == ["yes"]


def test_a_person_of_the_workspace_is_none_of_x() -> None:
    message = rich(
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": " and @nasa "},
        {"type": "user", "user_id": "U2"},
    )
    assert [one.name for text in texts_of(message) for one in find_people(text)] == ["nasa"]


def test_what_people_see_first_comes_first() -> None:
    message = {
        "files": [{"title": "https://x.com/d/status/4"}],
        "attachments": [{"text": "https://x.com/z/status/9", "from_url": "https://x.com/c/status/3"}],
        "blocks": [{"type": "section", "text": {"text": "https://x.com/b/status/2"}}],
        "text": "https://x.com/a/status/1",
    }
    assert [post.id for text in texts_of(message) for post in find_posts(text)] == ["1", "2", "3", "9", "4"]


@pytest.mark.parametrize("odd", [None, 7, "text", [None, 7], {"a": 1}])
def test_a_message_of_another_shape_is_read_as_far_as_it_goes(odd: Any) -> None:
    assert list(texts_of({"text": "x", "blocks": odd, "attachments": odd, "files": odd})) == ["x"]
    assert list(texts_of({"text": "x", "attachments": [{"fields": odd, "message_blocks": odd}]})) == ["x"]
    assert list(texts_of({"text": "x", "blocks": [{"type": "section", "fields": odd}]})) == ["x"]


def test_a_message_nested_beyond_measure_ends() -> None:
    inner: dict[str, Any] = {"type": "section", "text": {"text": LINK}}
    for _ in range(500):
        inner = {"type": "container", "elements": [inner]}
    assert list(texts_of({"blocks": [inner]})) == []
