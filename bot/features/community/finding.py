"""Communities by what they are about: by words, by topic, or as X suggests them; and the topics there are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, TypeVar

import msgspec

from bot.core.chat.cards import Block, Choice, line
from bot.core.commands.declaring import NoArgs, Option
from bot.core.commands.listing import Column, EmptyLine, FetchRows, Listing, PageRows, TitleOf
from bot.core.commands.price_list import COMMUNITIES, COMMUNITY_TOPICS
from bot.core.messages.message import msg
from bot.features.community.cards import communities_table, topics_table
from bot.features.services import CommandCall
from bot.features.shared.people_rows import rows_of
from bot.features.shared.seen_things import COMMUNITIES as SEEN
from bot.features.shared.seen_things import remember
from bot.features.shared.suggesting import fitting
from bot.xquik.models import Community, TopicOfCommunities, moment, parse

A = TypeVar("A")

_REMEMBERED_SECONDS: Final = 30 * 86_400.0
_KEY: Final = "community:topics"
_TOPICS_SHOWN: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityFindArgs:
    """What the communities are about."""

    query: Annotated[str, Option("Words of its name or topic", main=True, max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityTopicArgs:
    """Under which topic."""

    topic: Annotated[
        str,
        Option("A topic of X, like science", main=True, max_length=100, suggest="community_topics"),
    ]


async def find(call: CommandCall, args: CommunityFindArgs, cursor: str, size: int) -> PageRows[Community]:
    """A page of communities, in X's order."""
    xquik = await call.xquik()
    return rows_of(await xquik.communities.find(args.query, cursor=cursor or None, rows=size))


async def popular(call: CommandCall, args: CommunityTopicArgs, cursor: str, size: int) -> PageRows[Community]:
    """A page of what X ranks highest under a topic."""
    xquik = await call.xquik()
    return rows_of(await xquik.communities.popular(args.topic, cursor=cursor or None, rows=size))


async def suggested(call: CommandCall, _args: NoArgs, _cursor: str, size: int) -> PageRows[Community]:
    """What X suggests this time. There are no further pages."""
    xquik = await call.xquik()
    page = rows_of(await xquik.communities.suggested(rows=size))
    return replace(page, note=line(msg("X suggests others each time.")))


async def topics(call: CommandCall, _args: NoArgs, _cursor: str, size: int) -> PageRows[TopicOfCommunities]:
    """All topics at once; they are offered to who types from then on."""
    xquik = await call.xquik()
    page = await xquik.communities.topics(rows=size)
    body = msgspec.json.encode(page.items).decode()
    await call.services.answers.put(call.tenant, _KEY, body, lifetime=_REMEMBERED_SECONDS)
    return rows_of(page)


async def suggest_topics(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """The topics that were listed here, and the narrower ones."""
    kept = await call.services.answers.get(call.tenant, _KEY)
    if kept is None:
        return ()
    known = parse(tuple[TopicOfCommunities, ...], msgspec.json.decode(kept.body))
    names = dict.fromkeys(name for one in known for name in (one.name, *(sub.name for sub in one.subtopics)))
    return fitting([Choice(name, name) for name in names if name], typed)


async def _draw(call: CommandCall, _args: Any, rows: PageRows[Community]) -> tuple[Block, ...]:
    await remember(call, SEEN, rows.items)
    return (communities_table(rows.items),)


async def _draw_topics(_call: Any, _args: Any, rows: PageRows[TopicOfCommunities]) -> tuple[Block, ...]:
    return (topics_table(rows.items),)


def _communities(
    title: TitleOf[A], fetch: FetchRows[A, Community], empty: EmptyLine[A]
) -> Listing[A, Community]:
    """Communities, 1 credit each."""
    return Listing(
        title=title,
        fetch=fetch,
        identity=lambda found: found.id,
        draw=_draw,
        empty=empty,
        columns=(
            Column("id", lambda found: found.id),
            Column("url", lambda found: found.url),
            Column("name", lambda found: found.title),
            Column("description", lambda found: found.about),
            Column("topic", lambda found: found.topic or None),
            Column("members", lambda found: found.member_count),
            Column("moderators", lambda found: found.moderator_count),
            Column("joining", lambda found: found.join_policy),
            Column("sensitive", lambda found: found.is_nsfw),
            Column("creator", lambda found: found.creator.username if found.creator else None),
            Column("created_at", lambda found: moment(found.created_at)),
        ),
        cost=COMMUNITIES,
    )


FOUND: Final = _communities(
    lambda args: msg("Communities: {query}", query=args.query),
    find,
    lambda _args: line(msg("X finds no community by these words. Try fewer, or more common ones.")),
)
POPULAR: Final = _communities(
    lambda args: msg("Popular communities: {topic}", topic=args.topic),
    popular,
    lambda _args: line(msg("No community stands under this topic. `community topics` lists the topics.")),
)
SUGGESTED: Final = _communities(
    lambda _args: msg("Communities that X suggests"),
    suggested,
    lambda _args: line(msg("X suggests none now. Try again, or use `community find` with words.")),
)
TOPICS: Final = Listing(
    title=lambda _args: msg("Topics of communities"),
    fetch=topics,
    identity=lambda topic: topic.id,
    draw=_draw_topics,
    empty=lambda _args: line(msg("X names no topics now. `community find` finds communities by words.")),
    size=_TOPICS_SHOWN,
    columns=(
        Column("id", lambda topic: topic.id),
        Column("topic", lambda topic: topic.name),
        Column("narrower", lambda topic: ", ".join(sub.name for sub in topic.subtopics)),
    ),
    cost=COMMUNITY_TOPICS,
)
