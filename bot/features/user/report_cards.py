"""What Xquik finds out about accounts on X, as cards. Texts of X go into `Quote` and fields. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.cards.errors import with_code
from bot.cards.figures import count, epoch
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
from bot.core.errors import BotError
from bot.core.messages.message import Message, msg, nmsg
from bot.core.x.languages import language_said, same_but_for_region
from bot.xquik.models import BioTranslation, FollowCheck, UserInsights


class Compared(msgspec.Struct, frozen=True):
    """An account that another one was compared with. check: None where X has no such account."""

    username: str
    check: FollowCheck | None


def follows_card(user: str, found: Sequence[Compared], *, left: int, stopped: BotError | None) -> Card:
    """Who follows whom. left: how many were not compared; stopped: why."""
    rows: list[tuple[Line, ...]] = []
    for one in found:
        name = (Link(f"@{one.username}", _profile(one.username)),)
        if one.check is None:
            rows.append((name, line(msg("no such user")), ("–",)))
        else:
            rows.append((name, _yes(one.check.is_following), _yes(one.check.is_followed_by)))
    columns = (
        msg("Account"),
        msg("Followed by @{user}", user=user),
        msg("Follows @{user}", user=user),
    )
    blocks: list[Block] = [Table(columns, tuple(rows))]
    if stopped is not None:
        not_compared = nmsg("{n} account was not compared.", "{n} accounts were not compared.", n=left)
        blocks.append(Text(line(stopped.detail, " ", not_compared, " ", *with_code(stopped.remedy))))
    tone = Tone.INFO if stopped is None else Tone.WARNING
    return Card(msg("Who follows whom: @{user}", user=user), tuple(blocks), tone, (_open(user),))


def insights_card(found: UserInsights) -> Card:
    """Figures of an account, and what its tweets get on average."""
    fields = [
        Field(msg("Followers"), (count(found.followers),)),
        Field(msg("Following"), (count(found.following),)),
        Field(msg("Tweets"), (count(found.posts),)),
    ]
    if found.account_age_days is not None:
        days = nmsg("{n} day", "{n} days", n=int(found.account_age_days))
        fields.append(Field(msg("On X for"), (days,)))
    rates = (
        (msg("Tweets a day"), _figure(found.posts_per_day)),
        (msg("Engagements per follower"), _percent(found.engagement_rate)),
        (msg("Engagements per view"), _percent(found.engagement_per_view)),
    )
    fields.extend(Field(name, (figure,)) for name, figure in rates if figure)
    if found.top_post_id:
        address = f"https://x.com/{found.user_name or 'i'}/status/{found.top_post_id}"
        fields.append(Field(msg("Best of these tweets"), (Link(msg("Open on X"), address),)))
    blocks: tuple[Block, ...] = (Fields(tuple(fields)), *_averages(found), Text(_sample(found), subtle=True))
    title = msg("Insights: @{user}", user=found.user_name)
    return Card(title, blocks, Tone.INFO, (_open(found.user_name),))


def _averages(found: UserInsights) -> tuple[Table, ...]:
    averages = found.averages
    if averages is None:
        return ()
    rows = (
        (msg("Likes"), averages.likes),
        (msg("Reposts"), averages.reposts),
        (msg("Replies"), averages.replies),
        (msg("Quotes"), averages.quotes),
        (msg("Bookmarks"), averages.bookmarks),
        (msg("Views"), averages.views),
    )
    cells = tuple(((name,), (_figure(number) or "–",)) for name, number in rows)
    return (Table((msg("A tweet gets"), msg("On average")), cells),)


def _sample(found: UserInsights) -> Line:
    if found.posts_private:
        return line(msg("Protected: only followers see its tweets, so there are no averages."))
    if not found.sample.posts or found.averages is None:
        return line(msg("It has no tweets of its own that can be read, so there are no averages."))
    number = int(found.sample.posts)
    oldest, newest = epoch(found.sample.oldest_at), epoch(found.sample.newest_at)
    if oldest is None or newest is None:
        return line(nmsg("From its last {n} tweet.", "From its last {n} tweets.", n=number))
    return line(
        nmsg(
            "From its last {n} tweet, {oldest} to {newest}.",
            "From its last {n} tweets, {oldest} to {newest}.",
            n=number,
            oldest=Timestamp(oldest),
            newest=Timestamp(newest),
        )
    )


def translation_card(user: str, found: BioTranslation | None, language: str) -> Card:
    """What an account says of itself, in the language of that code."""
    if found is None:
        nothing = msg("@{user} says nothing of itself, so there is nothing to translate.", user=user)
        return Card(msg("No translation"), (Text(line(nothing)),), Tone.INFO, (_open(user),))
    name = found.user_name or user
    into = language_said(found.language or language)
    said: Message = msg("Translated by X into {language}.", language=into)
    if found.source_language and same_but_for_region(found.source_language, found.language or language):
        said = msg("It is in {language} already, says X, and gives it as it is.", language=into)
    elif found.source_language:
        said = msg(
            "Translated by X from {source} into {language}.",
            source=language_said(found.source_language),
            language=into,
        )
    blocks = (
        Quote(found.text, author=f"@{name}", author_url=_profile(name)),
        Text(line(said), subtle=True),
    )
    return Card(msg("@{user} of itself, translated", user=name), blocks, Tone.INFO, (_open(name),))


def _profile(username: str) -> str:
    return f"https://x.com/{username}"


def _open(username: str) -> Button:
    return Button(msg("Open on X"), url=_profile(username))


def _yes(value: bool) -> Line:
    return line(msg("yes") if value else msg("no"))


def _figure(number: float | None) -> str:
    """A figure with as many decimals as it is worth; "" for none."""
    if number is None:
        return ""
    return msg("{number}", number=round(number) if number >= 100 else round(number, 2))


def _percent(number: float | None) -> str:
    return "" if number is None else msg("{number}%", number=round(number, 2))
