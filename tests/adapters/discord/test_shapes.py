"""Lines, bare messages, and the roles that a message notifies."""

from __future__ import annotations

import time
from typing import Any

import pytest

from adapters.discord import limits
from adapters.discord.bare import bare
from adapters.discord.marks import carries
from adapters.discord.plain import plain
from adapters.discord.platform import DiscordConnection
from adapters.discord.render import render
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Button,
    Buttons,
    Card,
    File,
    Gallery,
    Link,
    Media,
    Picture,
    Quote,
    Shape,
    Text,
    line,
)
from bot.core.chat.delivery_results import Absent, Delivered, Found, Unreadable
from bot.core.chat.ids import Destination, MessageRef
from tests.contracts.any_card import CARDS, HOSTILE_TEXTS, PICTURE, hostile
from tests.doubles.discord import NOBODY, Channel, ChannelKind, DiscordServer, Guild, Member, Pings
from tests.doubles.discord.mentions import pings
from tests.doubles.discord.rules_components import check_message_components, walk

TWEET = "https://x.com/nasa/status/1"
OPEN = Button("Open", url=TWEET)
LINE = Card("News", (Text(line("@nasa: up")),), buttons=(OPEN,), shape=Shape.LINE)
BARE = Card("News", (Text(line(Link("", TWEET))),), shape=Shape.BARE)
CONTAINER, TEXT_DISPLAY, ROW, SECTION = 17, 10, 1, 9


def shaped(card: Card, shape: Shape, pings: tuple[str, ...] = ()) -> Card:
    return Card(card.title, card.blocks, card.tone, card.buttons, card.about, shape, pings)


def sent(server: DiscordServer, method: str) -> list[dict[str, Any]]:
    return [one.body for one in server.requests if one.method == method and "/messages" in one.path]


# --- lines --------------------------------------------------------------------------------------


def test_a_line_has_no_frame_and_no_heading() -> None:
    made = render(LINE).components
    assert [component["type"] for component in made] == [TEXT_DISPLAY, ROW]
    assert made[0]["content"] == r"\@nasa: up"


def test_a_line_of_nothing_says_its_title() -> None:
    assert [c["content"] for c in render(Card("News", shape=Shape.LINE)).components] == ["News"]


@pytest.mark.parametrize("shape", [Shape.LINE, Shape.BARE])
@pytest.mark.parametrize("name", CARDS)
def test_any_card_is_within_the_limits_in_any_shape(name: str, shape: Shape) -> None:
    roles = tuple(str(10**17 + number) for number in range(60))
    card = shaped(CARDS[name], shape, roles)
    components = render(card, mark="key1").components
    assert list(check_message_components(components, v2=True, files=[])) == []
    texts = [c["content"] for _, c in walk(components) if c["type"] == TEXT_DISPLAY]
    assert sum(limits.size(text) for text in texts) <= limits.TEXT
    assert carries(components, "key1") and not carries(components, "key2")
    made = bare(card, mark="key1")
    assert 1 <= limits.size(made.content) <= limits.CONTENT
    assert list(check_message_components(made.components, v2=False, files=[])) == []
    assert limits.size(plain(card)) <= limits.CONTENT


@pytest.mark.parametrize(
    "card",
    [
        LINE,
        Card("T", (Text(line("alone")),), shape=Shape.LINE),
        Card("T", (Quote("q", avatar_url=PICTURE),), shape=Shape.LINE),
        Card("T", (Gallery((Media(PICTURE, ""),)),), shape=Shape.LINE),
        Card("T", (Text(line("up")),), pings=("123456789012345678",)),
    ],
    ids=["button", "text", "section", "gallery", "pings"],
)
async def test_a_message_of_any_shape_is_found_by_its_key(
    connection: DiscordConnection, to: Destination, card: Card
) -> None:
    since = time.time() - 60
    posted = await connection.messenger.post(to, card, "abc")
    assert isinstance(posted, Delivered)
    assert await connection.messenger.find(to, "abc", since) == Found(posted.message)
    assert await connection.messenger.find(to, "def", since) == Absent()


# --- bare messages ------------------------------------------------------------------------------


async def test_a_bare_message_shows_its_links_and_is_no_component(
    server: DiscordServer, connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    results = [await connection.messenger.post(to, BARE, "abc") for _ in range(2)]
    (message,) = channel.messages
    assert results == [Delivered(str(message.id))] * 2
    assert message.content == TWEET and message.components == [] and message.flags == 0
    assert sent(server, "POST")[0]["enforce_nonce"] is True


@pytest.mark.parametrize(
    ("parts", "content"),
    [
        ((Link("Open on X", TWEET),), f"Open on X {TWEET}"),
        ((Link(TWEET, TWEET),), TWEET),
        ((Link("see", TWEET), ")"), f"see {TWEET} )"),
        ((Link("[x](y)", "javascript:alert(1)"),), r"\[x\](y)"),
        (("see https://evil.example **now**",), r"see https\://evil.example \*\*now\*\*"),
    ],
)
def test_links_of_ours_are_raw_and_everything_else_is_escaped(parts: Any, content: str) -> None:
    assert bare(Card("T", (Text(parts),), shape=Shape.BARE)).content == content


def test_pictures_are_shown_by_their_addresses_and_buttons_stay_buttons() -> None:
    again = Button("Again", action=ActionRef("thing.again", "k1"))
    blocks = (Gallery((Media(PICTURE, "A"), Media(PICTURE, "B"))), Picture(PICTURE, "C"), Buttons((again,)))
    made = bare(Card("T", blocks, buttons=(OPEN,), shape=Shape.BARE), mark="key1")
    assert made.content == f"{PICTURE} {PICTURE}\n{PICTURE}"
    assert [button["label"] for button in made.components[0]["components"]] == ["Again", "Open"]
    assert carries(made.components, "key1")


def test_too_many_pictures_are_counted() -> None:
    long = f"https://pbs.twimg.com/{'x' * 900}"
    made = bare(Card("T", (Gallery((Media(long, ""),) * 5),), shape=Shape.BARE))
    assert made.content.endswith("-# … 3 more pictures")


@pytest.mark.parametrize("words", HOSTILE_TEXTS)
def test_hostile_words_do_nothing_in_a_bare_message(words: str) -> None:
    assert not pings(bare(shaped(hostile(words), Shape.BARE)).content, [], None)


async def test_where_a_bare_message_stands_nothing_is_known_of_another(
    connection: DiscordConnection, channel: Channel, to: Destination, ben: Member
) -> None:
    since = time.time() - 60
    channel.post(ben, "people carry no marks either")
    assert await connection.messenger.find(to, "abc", since) == Absent()
    await connection.messenger.post(to, BARE, "abc")
    assert await connection.messenger.find(to, "abc", since) == Unreadable()
    posted = await connection.messenger.post(to, LINE, "def")
    assert isinstance(posted, Delivered)
    assert await connection.messenger.find(to, "def", since) == Found(posted.message)


async def test_files_go_with_a_bare_message(
    connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    await connection.messenger.post(to, BARE, "abc", (File("a.txt", "text/plain", b"x"),))
    assert [a.filename for a in channel.messages[0].attachments] == ["a.txt"]


@pytest.mark.parametrize("before", [LINE, BARE, Card("News")], ids=["line", "bare", "card"])
@pytest.mark.parametrize(
    "after",
    [
        Card("Changed"),
        Card("T", (Text(line("Changed")),), shape=Shape.LINE),
        Card("T", (Text(line("Changed")),), shape=Shape.BARE),
    ],
    ids=["to card", "to line", "to bare"],
)
async def test_a_message_of_any_shape_is_edited_into_any_other(
    server: DiscordServer,
    connection: DiscordConnection,
    channel: Channel,
    to: Destination,
    before: Card,
    after: Card,
) -> None:
    posted = await connection.messenger.post(to, before, "abc")
    assert isinstance(posted, Delivered)
    assert await connection.messenger.edit(MessageRef(to, posted.message), after) == posted
    assert channel.messages[0].text.strip("#* ") == "Changed"
    # Discord never takes Components V2 off again, and the bot is not told what a message is.
    server.violations[:] = [one for one in server.violations if one.method != "PATCH"]


# --- pings --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", Shape)
async def test_the_roles_of_a_card_are_notified_and_nobody_else(
    server: DiscordServer,
    connection: DiscordConnection,
    guild: Guild,
    channel: Channel,
    to: Destination,
    shape: Shape,
) -> None:
    role, other = guild.add_role("space"), guild.add_role("staff")
    words = f"@everyone @here <@&{other.id}> <@&{role.id}> <@{guild.bot.id}>"
    ids = (str(role.id), str(role.id), str(guild.id), "everyone", "1", "１２３４５６７８９０１２３４５６")
    card = Card("News", (Text(line(words)),), shape=shape, pings=ids)
    posted = await connection.messenger.post(to, card, "abc")
    (message,) = channel.messages
    assert message.pings == Pings(roles=frozenset({role.id}))
    assert message.text.startswith(f"<@&{role.id}>") and f"<@&{guild.id}>" not in message.text
    assert sent(server, "POST")[0]["allowed_mentions"] == {"parse": [], "roles": [str(role.id)]}
    assert isinstance(posted, Delivered)
    message.pings = NOBODY
    await connection.messenger.edit(MessageRef(to, posted.message), card)
    assert message.pings == NOBODY and message.text.startswith(f"<@&{role.id}>")
    assert sent(server, "PATCH")[0]["allowed_mentions"] == {"parse": []}


async def test_a_post_of_a_forum_notifies_its_roles(
    connection: DiscordConnection, guild: Guild, to: Destination
) -> None:
    role = guild.add_role("space")
    forum = guild.add_channel("ideas", kind=ChannelKind.FORUM)
    card = Card("News", pings=(str(role.id),))
    await connection.messenger.post(Destination(to.tenant, str(forum.id)), card, "abc")
    assert forum.threads[0].messages[0].pings == Pings(roles=frozenset({role.id}))


async def test_a_direct_message_notifies_no_role(
    server: DiscordServer, connection: DiscordConnection, to: Destination, ben: Member
) -> None:
    card = Card("News", pings=("123456789012345678",))
    await connection.messenger.tell(to.tenant, str(ben.id), card, "abc")
    (message,) = server.dm(ben.user).messages
    assert message.pings == NOBODY and "<@&" not in message.text


async def test_words_that_replace_a_refused_card_notify_the_same_roles(
    server: DiscordServer, connection: DiscordConnection, guild: Guild, channel: Channel, to: Destination
) -> None:
    role = guild.add_role("space")
    server.fail_next("POST", "/channels/*/messages", 400, {"code": 50035, "message": "Invalid Form Body"})
    await connection.messenger.post(to, Card("News", pings=(str(role.id),)), "abc")
    assert channel.messages[0].pings == Pings(roles=frozenset({role.id}))
