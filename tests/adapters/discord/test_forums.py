"""Posts in forums: made, found again, and never made twice."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from adapters.discord.platform import DiscordConnection
from bot.core.chat.cards import Card, File, Gallery, Link, Media, Shape, Text, line
from bot.core.chat.delivery_results import Absent, Busy, Delivered, Found, Gone, Unknown, Unreadable
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import Placement
from tests.adapters.discord.harness import instant, settings_for
from tests.contracts.any_card import PICTURE
from tests.doubles.discord import Channel, ChannelKind, DiscordServer, Guild, Member, Permission

CARD = Card("News", (Text(line("Something happened.")),))
BARE = Card("News", (Text(line(Link("", "https://x.com/nasa/status/1"))),), shape=Shape.BARE)
POSTS = "/channels/*/threads"
ACTIVE = "/guilds/*/threads/active"


@pytest.fixture
def forum(guild: Guild) -> Channel:
    return guild.add_channel("ideas", kind=ChannelKind.FORUM, tags=["News", "Space", "Official"])


@pytest.fixture
def board(tenant: TenantId, forum: Channel) -> Destination:
    return Destination(tenant, str(forum.id))


@pytest.fixture
async def later(server: DiscordServer, guild: Guild) -> AsyncIterator[DiscordConnection]:
    """Another process, which knows nothing of what the first one posted."""
    made = DiscordConnection(settings_for(server), pause=instant)
    await made.open()
    yield made
    await made.stop()


def requests(server: DiscordServer, method: str, end: str) -> int:
    return sum(one.method == method and one.path.endswith(end) for one in server.requests)


def tags_of(forum: Channel, post: Channel) -> list[str]:
    return [forum.tags[tag] for tag in post.applied_tags]


async def test_a_card_becomes_a_post_whose_first_message_has_the_id_of_the_thread(
    connection: DiscordConnection, forum: Channel, board: Destination
) -> None:
    placement = Placement("NASA:\n  @everyone **launch**", ("space", "NEWS", "unheard of"))
    result = await connection.messenger.post(board, CARD, "abc", placement=placement)
    (post,) = forum.threads
    (message,) = post.messages
    assert result == Delivered(str(message.id)) == Delivered(str(post.id))
    assert post.name == "NASA: @everyone **launch**"
    assert tags_of(forum, post) == ["Space", "News"]
    assert "Something happened." in message.text


@pytest.mark.parametrize(
    ("title", "name"), [("", "News"), (" \n ", "News"), ("x" * 200, "x" * 99 + "…"), ("\u200b", "News")]
)
async def test_a_post_has_a_name_of_one_line_within_a_hundred_characters(
    connection: DiscordConnection, forum: Channel, board: Destination, title: str, name: str
) -> None:
    await connection.messenger.post(board, CARD, "abc", placement=Placement(title))
    assert forum.threads[0].name == name


async def test_at_most_five_tags_are_put_on_a_post(
    connection: DiscordConnection, guild: Guild, tenant: TenantId
) -> None:
    names = tuple(f"tag {number}" for number in range(8))
    forum = guild.add_channel("busy", kind=ChannelKind.FORUM, tags=names)
    place = Destination(tenant, str(forum.id))
    await connection.messenger.post(place, CARD, "abc", placement=Placement("", names))
    assert tags_of(forum, forum.threads[0]) == list(names[:5])


async def test_a_forum_of_pictures_takes_posts_too(
    connection: DiscordConnection, guild: Guild, tenant: TenantId
) -> None:
    forum = guild.add_channel("shots", kind=ChannelKind.MEDIA)
    place = Destination(tenant, str(forum.id))
    assert isinstance(await connection.messenger.post(place, CARD, "abc"), Delivered)
    assert len(forum.threads) == 1


async def test_files_go_with_a_post(
    connection: DiscordConnection, forum: Channel, board: Destination
) -> None:
    await connection.messenger.post(board, CARD, "abc", (File("a.csv", "text/csv", b"a,b"),))
    assert [a.content for a in forum.threads[0].messages[0].attachments] == [b"a,b"]


async def test_what_discord_refuses_in_a_post_is_posted_as_words(
    server: DiscordServer, connection: DiscordConnection, forum: Channel, board: Destination
) -> None:
    server.fail_next("POST", POSTS, 400, {"code": 50035, "message": "Invalid Form Body"})
    card = Card("News", (Text(line("The words.")), Gallery((Media(PICTURE, "A picture"),))))
    assert isinstance(await connection.messenger.post(board, card, "abc"), Delivered)
    assert PICTURE in forum.threads[0].messages[0].text


# --- tags that are needed, or reserved ----------------------------------------------------------


async def test_a_forum_that_wants_a_tag_says_which_there_are(
    server: DiscordServer, connection: DiscordConnection, forum: Channel, board: Destination
) -> None:
    forum.require_tag = True
    result = await connection.messenger.post(board, CARD, "abc", placement=Placement("", ("Sport",)))
    assert isinstance(result, Gone)
    assert "#ideas needs a tag" in result.reason and "News, Space, Official" in result.remedy
    assert requests(server, "POST", "/threads") == 0
    tagged = await connection.messenger.post(board, CARD, "abc", placement=Placement("", ("news",)))
    assert isinstance(tagged, Delivered)


async def test_a_forum_that_began_to_want_tags_just_now_is_gone_with_a_remedy(
    connection: DiscordConnection, forum: Channel, board: Destination
) -> None:
    assert isinstance(await connection.messenger.post(board, CARD, "one"), Delivered)
    forum.require_tag = True
    result = await connection.messenger.post(board, CARD, "two")
    assert isinstance(result, Gone) and "tag" in result.reason and result.remedy
    facts = await connection.messenger.facts(board)
    assert facts is not None and facts.tag_required


async def test_a_reserved_tag_is_used_by_a_bot_that_may_manage_threads_alone(
    connection: DiscordConnection,
    later: DiscordConnection,
    guild: Guild,
    forum: Channel,
    board: Destination,
) -> None:
    forum.moderated_tags = {tag for tag, name in forum.tags.items() if name == "Official"}
    placement = Placement("", ("Official", "News"))
    await connection.messenger.post(board, CARD, "one", placement=placement)
    forum.allow(guild.bot, Permission.MANAGE_THREADS)
    await later.messenger.post(board, CARD, "two", placement=placement)
    assert [tags_of(forum, post) for post in forum.threads] == [["News"], ["Official", "News"]]


# --- one key, one post --------------------------------------------------------------------------


async def test_the_same_key_makes_no_second_post(
    connection: DiscordConnection, later: DiscordConnection, forum: Channel, board: Destination
) -> None:
    results = [
        await process.messenger.post(board, CARD, "abc") for process in (connection, connection, later)
    ]
    assert len(set(results)) == 1 and len(forum.threads) == 1
    assert await later.messenger.post(board, CARD, "other") != results[0]


@pytest.mark.parametrize("card", [CARD, BARE], ids=["card", "bare"])
async def test_a_post_whose_answer_was_lost_is_unknown_and_there_once(
    server: DiscordServer, connection: DiscordConnection, forum: Channel, board: Destination, card: Card
) -> None:
    server.cut("POST", POSTS, performed=True)
    assert isinstance(await connection.messenger.post(board, card, "abc"), Unknown)
    again = await connection.messenger.post(board, card, "abc")
    assert again == Delivered(str(forum.threads[0].id)) and len(forum.threads) == 1


async def test_a_post_is_asked_for_once_where_discord_breaks_down(
    server: DiscordServer, connection: DiscordConnection, forum: Channel, board: Destination
) -> None:
    """It may be there already, and discord.py would ask again by itself."""
    server.fail_next("POST", POSTS, 502)
    assert isinstance(await connection.messenger.post(board, CARD, "abc"), Unknown)
    assert requests(server, "POST", "/threads") == 1 and forum.threads == []


async def test_posts_that_are_known_are_not_read_again(
    server: DiscordServer, connection: DiscordConnection, forum: Channel, board: Destination
) -> None:
    for number in range(3):
        await connection.messenger.post(board, CARD, f"key{number}")
    assert len(forum.threads) == 3
    read = [r for r in server.requests if r.method == "GET" and "/messages/" in r.path]
    assert read == []


async def test_a_forum_that_cannot_be_asked_gets_no_post(
    server: DiscordServer, connection: DiscordConnection, forum: Channel, board: Destination
) -> None:
    server.fail_next("GET", ACTIVE, 520, times=None)
    assert isinstance(await connection.messenger.post(board, CARD, "abc"), Busy)
    assert forum.threads == []


async def test_a_post_is_found_by_its_key_among_those_of_others(
    connection: DiscordConnection, later: DiscordConnection, forum: Channel, board: Destination
) -> None:
    since = time.time() - 60
    posted = await connection.messenger.post(board, CARD, "abc")
    await connection.messenger.post(board, CARD, "def")
    assert isinstance(posted, Delivered)
    assert await later.messenger.find(board, "abc", since) == Found(posted.message)
    assert await later.messenger.find(board, "ghi", since) == Absent()
    assert await later.messenger.find(board, "abc", time.time() + 60) == Absent()


async def test_a_post_that_was_archived_since_is_found(
    connection: DiscordConnection, later: DiscordConnection, forum: Channel, board: Destination
) -> None:
    posted = await connection.messenger.post(board, CARD, "abc")
    assert isinstance(posted, Delivered)
    forum.threads[0].archived = True
    assert await later.messenger.find(board, "abc", time.time() - 60) == Found(posted.message)


async def test_where_posts_carry_no_mark_nothing_is_known(
    connection: DiscordConnection, later: DiscordConnection, board: Destination
) -> None:
    await connection.messenger.post(board, BARE, "abc")
    assert await later.messenger.find(board, "abc", time.time() - 60) == Unreadable()


async def test_a_forum_whose_history_we_may_not_read_tells_nothing(
    connection: DiscordConnection, guild: Guild, forum: Channel, board: Destination
) -> None:
    await connection.messenger.post(board, CARD, "abc")
    forum.deny(guild.bot, Permission.READ_MESSAGE_HISTORY)
    assert await connection.messenger.find(board, "abc", time.time() - 60) == Unreadable()


# --- what is done to posts ----------------------------------------------------------------------


async def test_a_post_is_edited_continued_and_emptied_by_its_reference(
    connection: DiscordConnection, forum: Channel, board: Destination, ben: Member
) -> None:
    posted = await connection.messenger.post(board, CARD, "abc")
    assert isinstance(posted, Delivered)
    ref = MessageRef(board, posted.message)
    assert await connection.messenger.edit(ref, Card("Changed")) == posted
    (post,) = forum.threads
    assert "Changed" in post.messages[0].text
    assert await connection.messenger.thread(ref, "ignored") == Delivered(str(post.id))
    post.post(ben, "What people say")
    assert await connection.messenger.delete(ref) == posted
    assert await connection.messenger.delete(ref) == posted
    assert [message.content for message in post.messages] == ["What people say"]
    assert (post.name, post.archived) == ("Removed", True)


async def test_a_post_that_cannot_be_closed_is_emptied_all_the_same(
    server: DiscordServer, connection: DiscordConnection, forum: Channel, board: Destination
) -> None:
    posted = await connection.messenger.post(board, CARD, "abc")
    assert isinstance(posted, Delivered)
    server.fail_next("PATCH", "/channels/*", 403, {"code": 50013, "message": "Missing Permissions"})
    assert await connection.messenger.delete(MessageRef(board, posted.message)) == posted
    assert forum.threads[0].messages == []


async def test_a_forum_needs_the_right_to_create_posts(
    connection: DiscordConnection, guild: Guild, forum: Channel, board: Destination
) -> None:
    assert await connection.messenger.check(board) == Delivered("")
    forum.deny(guild.bot, Permission.SEND_MESSAGES)
    result = await connection.messenger.check(board)
    assert isinstance(result, Gone) and "Create Posts in #ideas" in result.reason
    assert isinstance(await connection.messenger.post(board, CARD, "abc"), Gone)


async def test_a_channel_that_turns_out_to_be_a_forum_gets_a_post(
    server: DiscordServer, connection: DiscordConnection, guild: Guild, forum: Channel, board: Destination
) -> None:
    """The bot could not see what the channel is when it was asked first."""
    server.fail_next("GET", f"/channels/{forum.id}", 403, {"code": 50001, "message": "Missing Access"})
    server.fail_next("POST", "/channels/*/messages", 400, {"code": 40058, "message": "forum"})
    assert isinstance(await connection.messenger.post(board, CARD, "abc"), Delivered)
    assert len(forum.threads) == 1


async def test_a_server_full_of_threads_is_busy(
    server: DiscordServer, connection: DiscordConnection, board: Destination
) -> None:
    server.fail_next("POST", POSTS, 400, {"code": 160006, "message": "Maximum number of active threads"})
    assert isinstance(await connection.messenger.post(board, CARD, "abc"), Busy)
