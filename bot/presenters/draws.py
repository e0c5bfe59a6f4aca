"""Giveaway draws: what will be drawn, what was drawn, and on what evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from bot.core.cards import (
    Block,
    Bold,
    Button,
    Card,
    Code,
    Field,
    Fields,
    Inline,
    Line,
    Link,
    Priority,
    Quote,
    Table,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.local_numbers import written
from bot.core.references import find_posts
from bot.core.text import shorten
from bot.presenters.figures import count, credits_, epoch, plural, when
from bot.presenters.numbers import NO_NUMBERS, numbered
from bot.presenters.tweets import quote
from bot.xquik.models import Draw, DrawDetail, DrawPage, Tweet, Winner, moment

# Payload key of POST /draws → how the filter reads in a sentence.
_FILTERS: dict[str, Callable[[Any], str]] = {
    "uniqueAuthorsOnly": lambda on: "one entry per person" if on else "",
    "mustRetweet": lambda on: "must have reposted" if on else "",
    "mustFollowUsername": lambda name: f"must follow @{name}",
    "filterMinFollowers": lambda n: f"at least {n:,} followers",
    "filterAccountAgeDays": lambda n: f"account at least {n:,} days old",
    "filterLanguage": lambda code: f"language {code}",
    "requiredKeywords": lambda words: "says " + ", ".join(words),
    "requiredHashtags": lambda tags: "has " + ", ".join(tags),
    "requiredMentions": lambda names: "mentions " + ", ".join(names),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a result is judged by, besides the answer itself.

    tweet: as it was previewed. filters: in words. people: who asked and who confirmed, a sentence.
    credits: an estimate of what was charged; the answer does not say.
    """

    tweet: Quote | None
    filters: tuple[str, ...]
    people: str
    credits: int


def filter_words(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """The filters of a draw request, in words."""
    words = (say(payload[name]) for name, say in _FILTERS.items() if payload.get(name))
    return tuple(word for word in words if word)


def draw_preview(payload: Mapping[str, Any], tweet: Tweet, estimate: int, balance: int | None) -> Card:
    """What will be drawn when a person confirms. estimate, balance: credits.

    The preview stands in a channel, so the balance is told only where it leaves entries out.
    """
    filters = filter_words(payload)
    backups = payload.get("backupCount") or 0
    entries = plural(estimate, "entry", "entries")
    fields = [
        Field("Winners", (str(payload.get("winnerCount", 1)),)),
        Field("Backups", (str(backups),)),
        Field("Replies to inspect", (f"at most {count(tweet.reply_count)}",)),
        Field("Reposters to inspect", (f"at most {count(tweet.retweet_count)}",)),
        Field("Estimated cost", (f"up to {credits_(estimate)}",)),
    ]
    fields.append(Field("Who can win", (_entrants(filters),), short=False))
    quoted = replace(quote(tweet), priority=Priority.QUOTED)
    blocks: list[Block] = [quoted, Fields(tuple(fields), Priority.ESSENTIAL)]
    if balance is not None and balance < estimate:
        short = line(
            Bold(f"The credits cover at most {count(max(balance, 0))} of {entries}. "),
            "Who is not inspected cannot win. ",
            Code("credits show"),
            " tells how much is left.",
        )
        blocks.append(Text(short, priority=Priority.ESSENTIAL))
    return Card("Run this draw?", tuple(blocks), Tone.INFO, ())


def _entrants(filters: tuple[str, ...]) -> str:
    return "; ".join(filters) if filters else "everyone who replied"


def draw_card(
    detail: DrawDetail,
    buttons: tuple[Button, ...] = (),
    *,
    moved: int = 0,
    evidence: Evidence | None = None,
    number: int | None = None,
) -> Card:
    """The result: the tweet, winners, backups, and how many of the replies were inspected.

    moved: how many backups have moved up. evidence: of a draw that was asked for here. number: what the
    place calls it.
    """
    draw = detail.draw
    blocks: list[Block] = []
    tweet = _tweet(draw) or (evidence.tweet if evidence else None)
    if tweet is not None:
        blocks.append(replace(tweet, priority=Priority.QUOTED))
    winners, backups = detail.main_winners, detail.backups
    if winners:
        blocks.append(Text(line(Bold(plural(len(winners), "winner")))))
        blocks.append(_people(winners))
    else:
        blocks.append(Text(_without_winners(detail), priority=Priority.ESSENTIAL))
    if backups:
        up = f", {moved:,} moved up" if moved else ""
        blocks.append(Text(line(Bold(plural(len(backups), "backup") + up))))
        blocks.append(_people(backups, moved))
    could = (Field("Who could win", (_entrants(evidence.filters),), short=False),) if evidence else ()
    blocks.append(Fields((*_coverage(draw, number), *could), Priority.ESSENTIAL))
    if draw.tweet_reply_count and draw.total_entries < draw.tweet_reply_count:
        missing = draw.tweet_reply_count - draw.total_entries
        partial = line(
            Bold("Not every reply was inspected: "),
            f"{plural(missing, 'reply', 'replies')} could not win, because credits ran out "
            "or X did not show them.",
        )
        blocks.append(Text(partial, priority=Priority.ESSENTIAL))
    if evidence is not None:
        cost = f"Charged: about {credits_(evidence.credits)} (an estimate: the entries inspected)."
        blocks.append(Text(line(f"{evidence.people} {cost}"), subtle=True, priority=Priority.ESSENTIAL))
    title = "Draw result" if draw.status == "completed" else f"Draw ({shorten(draw.status, 30)})"
    tone = Tone.SUCCESS if winners else Tone.WARNING
    return Card(title, tuple(blocks), tone, buttons)


def _without_winners(detail: DrawDetail) -> Line:
    """Why there is nobody to show, as far as the answer tells it."""
    draw = detail.draw
    again = (
        " Do not draw again yet, which would cost credits again: ",
        Code(f"draw show {draw.id}"),
        " asks once more.",
    )
    if draw.valid_entries:
        entries = plural(draw.valid_entries, "valid entry", "valid entries")
        said = "names no winner" if detail.winners is not None else "did not say who won"
        rest = ", only backups" if detail.backups else ""
        return line(
            f"There {'is' if draw.valid_entries == 1 else 'are'} {entries}, and Xquik {said}{rest}.", *again
        )
    if draw.status != "completed":
        return line("The draw is not finished, and nobody is drawn yet.", *again)
    if not draw.total_entries:
        return line(
            "No reply was inspected, so nobody could win: there is none, or X or the credits gave none."
        )
    return line("No reply passed every filter, so nobody won. Relax a filter and draw again.")


def _people(people: tuple[Winner, ...], moved: int = 0) -> Table:
    """A row each. moved: how many of them, from the first, have moved up."""
    rows: list[tuple[Line, ...]] = []
    for number, one in enumerate(people):
        name = f"@{one.author_username}"
        profile: Inline = Link(name, f"https://x.com/{one.author_username}") if one.author_username else name
        reply: Inline = (
            Link("reply", f"https://x.com/{one.author_username or 'i'}/status/{one.tweet_id}")
            if one.tweet_id and one.tweet_id.isdigit()
            else "–"
        )
        now: tuple[Line, ...] = (("moved up" if number < moved else "waits",),) if moved else ()
        rows.append(((str(one.position),), (profile,), (reply,), *now))
    columns = ("#", "Account", "Entry", *(("Now",) if moved else ()))
    return Table(columns, tuple(rows))


def _tweet(draw: Draw) -> Quote | None:
    """The tweet of a draw, where the answer tells its text."""
    if not draw.tweet_text:
        return None
    author = f"@{draw.tweet_author_username}" if draw.tweet_author_username else ""
    return Quote(shorten(draw.tweet_text, 280), author=author, url=tweet_url(draw))


def _coverage(draw: Draw, number: int | None) -> tuple[Field, ...]:
    of = f" of {count(draw.tweet_reply_count)} replies" if draw.tweet_reply_count else ""
    fields = [
        Field("Inspected", (f"{count(draw.total_entries)}{of}",)),
        Field("Valid entries", (count(draw.valid_entries),)),
        Field("Draw id", (draw.id,)),
    ]
    if number is not None:
        fields.insert(2, Field("Draw", (Code(written(number)),)))
    drawn = epoch(draw.drawn_at or draw.created_at)
    if drawn:
        fields.append(Field("Drawn", (Timestamp(drawn),)))
    return tuple(fields)


def tweet_url(draw: Draw) -> str | None:
    """The tweet of a draw, made from its id alone."""
    found = _named(draw)
    return f"https://x.com/{found[0] or 'i'}/status/{found[1]}" if found else None


def _named(draw: Draw) -> tuple[str, str] | None:
    """The author's username ("" when it is not known) and the id of a draw's tweet.

    A list of draws gives the address alone; nothing of it is used but these two.
    """
    post = next(iter(find_posts(draw.tweet_url or "")), None)
    author = draw.tweet_author_username or (post.username if post else None) or ""
    if draw.tweet_id and draw.tweet_id.isdigit():
        return author, draw.tweet_id
    return (author, post.id) if post else None


def draws_card(
    page: DrawPage, numbers: Mapping[str, int] = NO_NUMBERS, buttons: tuple[Button, ...] = ()
) -> Card:
    """The draws made so far, newest first, each with its tweet. numbers: what the place calls them, by id."""
    if not page.items:
        return Card("Draws", (Text(line("No draw has been made yet. Start with draw run.")),), Tone.INFO)
    rows = tuple(
        (
            (numbered(draw.id, numbers),),
            _tweet_link(draw),
            (_standing(draw),),
            when(draw.created_at),
            (draw.id,),
        )
        for draw in page.items
    )
    table = Table(("Draw", "Tweet", "Valid of inspected", "When", "Id"), rows)
    first = numbered(page.items[0].id, numbers)
    note = Text(line(Code(f"draw show {first}"), " opens one."), subtle=True)
    return Card("Draws", (table, note), Tone.INFO, buttons)


def _tweet_link(draw: Draw) -> Line:
    found, url = _named(draw), tweet_url(draw)
    if found is None or url is None:
        return ("–",)
    author, identity = found
    return (Link(f"@{author}" if author else identity, url),)


def draw_words(draw: Draw) -> str:
    """A draw in a few words: whose tweet, how it stands, when."""
    author, identity = _named(draw) or ("", "")
    drawn = moment(draw.drawn_at or draw.created_at)
    when_drawn = f"{drawn.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if drawn else ""
    return " · ".join(filter(None, (f"@{author}" if author else identity, _standing(draw), when_drawn)))


def _standing(draw: Draw) -> str:
    if draw.status != "completed":
        return shorten(draw.status, 30)
    return f"{count(draw.valid_entries)} of {count(draw.total_entries)}"


def next_backup_card(draw_id: str, backup: Winner, replaced: int, left: int) -> Card:
    """A backup moves up. replaced: how many backups have moved up now; left: how many remain."""
    return Card(
        "The next backup moves up",
        (
            _people((backup,)),
            Text(
                line(f"{plural(left, 'backup')} left · draw {draw_id} · moved up so far: {replaced}"),
                subtle=True,
            ),
        ),
        Tone.SUCCESS,
    )
