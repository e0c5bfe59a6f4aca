"""Communities on X. What stands in one is untrusted: it goes into `Quote`, fields and cells. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.figures import count, epoch
from bot.cards.tweets import OPEN_ON_X
from bot.core.chat.cards import (
    Block,
    Button,
    Card,
    Field,
    Fields,
    Line,
    Link,
    Quote,
    Table,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.messages.message import Message, msg
from bot.core.text.shortening import decoded, shorten
from bot.xquik.models import Community, CommunityFigure, CommunityInsights, TopicOfCommunities, User

_NAME = 60
_RULE = 200
_MOST_RULES = 10
_JOINING = {"open": msg("open to everyone"), "restricted": msg("after approval")}


def community_card(found: Community) -> Card:
    """One community with its figures and rules."""
    blocks: list[Block] = [about(found), Fields(tuple(_fields(found)))]
    if found.rules:
        blocks += [Text(line(msg("Its rules:")), subtle=True), Quote(_rules(found))]
    if found.is_nsfw:
        blocks.append(Text(line(msg("Marked as sensitive on X.")), subtle=True))
    title = msg("Community {id}", id=found.id)
    return Card(title, tuple(blocks), Tone.INFO, (Button(OPEN_ON_X, url=found.url),))


def about(found: Community) -> Quote:
    """What it says of itself, under its name."""
    return Quote(found.about, author=shorten(found.title, _NAME), author_url=found.url, url=found.url)


def communities_table(found: Sequence[Community]) -> Table:
    """A row each, whose name leads to it."""
    rows = tuple(
        (
            (Link(shorten(one.title, _NAME) or one.id, one.url),),
            (shorten(one.topic, _NAME) or "–",),
            (count(one.member_count),),
        )
        for one in found
    )
    return Table((msg("Community"), msg("Topic"), msg("Members")), rows)


def topics_table(found: Sequence[TopicOfCommunities]) -> Table:
    """A row each, with the narrower topics in it."""
    rows = tuple(((shorten(one.name, _NAME),), (_narrower(one) or "–",)) for one in found)
    return Table((msg("Topic"), msg("Narrower topics")), rows)


def _narrower(topic: TopicOfCommunities) -> str:
    return shorten(", ".join(sub.name for sub in topic.subtopics), _RULE)


def insights_card(found: CommunityInsights, url: str) -> Card:
    """What happened there on the latest day, against the day before. url: of the community."""
    figures = found.metrics
    rows = (
        (msg("Tweets"), figures.posts),
        (msg("Who wrote"), figures.unique_posters),
        (msg("Replies"), figures.replies),
        (msg("Likes"), figures.likes),
        (msg("New members"), figures.new_members),
    )
    cells = tuple(((name,), (count(one.count),), (_change(one),)) for name, one in rows)
    table = Table((msg("Figure"), msg("That day"), msg("Against the day before")), cells)
    ended = epoch(found.period_ends_at)
    until = (
        ()
        if ended is None
        else (Text(line(msg("The day ended {when}.", when=Timestamp(ended))), subtle=True),)
    )
    title = msg("Insights: community {id}", id=found.id)
    return Card(title, (table, *until), Tone.INFO, (Button(OPEN_ON_X, url=url),))


def _change(figure: CommunityFigure) -> Message | str:
    """ "+12.5%", "-3%"; a dash where X does not say."""
    if figure.change_percent is None:
        return "–"
    percent = round(figure.change_percent, 1)
    return msg("+{number}%", number=percent) if percent > 0 else msg("{number}%", number=percent)


def _fields(found: Community) -> list[Field]:
    fields = [
        Field(msg("Members"), (count(found.member_count),)),
        Field(msg("Moderators"), (count(found.moderator_count),)),
    ]
    if found.topic:
        fields.append(Field(msg("Topic"), (shorten(found.topic, _NAME),)))
    if found.join_policy:
        policy = found.join_policy
        fields.append(Field(msg("Joining"), (_JOINING.get(policy.lower(), shorten(policy, _NAME)),)))
    if found.creator is not None:
        fields.append(Field(msg("Creator"), _who(found.creator)))
    created = epoch(found.created_at)
    if created is not None:
        fields.append(Field(msg("Created"), (Timestamp(created),)))
    return fields


def _rules(found: Community) -> str:
    told = [": ".join(filter(None, (one.name, one.description))) for one in found.rules[:_MOST_RULES]]
    return "\n".join(f"{number}. {shorten(decoded(rule), _RULE)}" for number, rule in enumerate(told, 1))


def _who(user: User) -> Line:
    return (Link(f"@{user.username or user.id}", user.url),)
