"""Saved styles as cards. The texts are untrusted: they go into `Quote` and tables. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from bot.cards.figures import count, when
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    Code,
    Field,
    Fields,
    Line,
    Priority,
    Quote,
    Table,
    Text,
    Tone,
    line,
)
from bot.core.messages.message import Message, msg
from bot.core.text.invisible import marked
from bot.core.text.lists import as_list
from bot.core.text.shortening import shorten
from bot.core.x.habits import Habits, habits_of
from bot.xquik.models import Style, StyleComparison, StylePerformance, StyleTweet

SAMPLES: Final = 3
_ROWS: Final = 10
_TEXT: Final = 280
_BEGINNING: Final = 80

_HABITS: Final[tuple[tuple[Message, Callable[[Habits], int]], ...]] = (
    (msg("With a link"), lambda habits: habits.links),
    (msg("With a hashtag"), lambda habits: habits.hashtags),
    (msg("Naming somebody"), lambda habits: habits.mentions),
    (msg("Asking something"), lambda habits: habits.questions),
    (msg("With an exclamation mark"), lambda habits: habits.calls),
    (msg("Of several lines"), lambda habits: habits.lines),
)


def named(style: Style) -> str:
    """ "@nasa" for an account, "our voice" for texts of one's own."""
    return f"@{style.x_username}" if is_account(style) else style.x_username


def is_account(style: Style) -> bool:
    """Whether it was learnt from an account, which cost credits, and not from texts of one's own."""
    return any(tweet.author_username for tweet in style.tweets)


def style_card(style: Style, title: Message | None = None, buttons: tuple[Button, ...] = ()) -> Card:
    """A style with its habits and the beginning of its texts. title: in place of its name."""
    name = named(style)
    said = title or msg("Style of {name}", name=name)
    if not style.tweets:
        nothing = msg("Nothing that can be read is in it, so there is no style to take from it.")
        return Card(said, (Text(line(nothing)),), Tone.WARNING, buttons)
    blocks: list[Block] = [_facts(style), _table((("", habits_of([one.text for one in style.tweets])),))]
    blocks += _samples(style.tweets)
    uses = msg('`tweet compose "your topic" style:{name}` writes like it.', name=as_list([style.x_username]))
    blocks.append(Text(line(uses), subtle=True))
    links = (Button(msg("Open on X"), url=f"https://x.com/{style.x_username}"),) if name[:1] == "@" else ()
    return Card(said, tuple(blocks), Tone.INFO, (*buttons, *links))


def deleted_card(style: Style) -> Card:
    """A style that is gone; its texts stand here once more."""
    note = msg("These were its texts, in case it was the wrong one.")
    blocks: tuple[Block, ...] = (*_samples(style.tweets, _ROWS), Text(line(note), subtle=True))
    title = msg("Style {name} deleted", name=named(style))
    return Card(title, blocks if style.tweets else (), Tone.SUCCESS)


def replaced_blocks(style: Style | None) -> tuple[Block, ...]:
    """The texts that another style took the place of; nothing where there was none."""
    if style is None or not style.tweets:
        return ()
    title = Text(line(Bold(msg("These it replaced, in case it was the wrong one"))))
    return (title, *_samples(style.tweets, _ROWS))


def comparison_card(both: StyleComparison) -> Card:
    """Two styles side by side."""
    first, second = both.style1, both.style2
    names = (named(first), named(second))
    habits = [habits_of([one.text for one in style.tweets]) for style in (first, second)]
    blocks: list[Block] = [_table(tuple(zip(names, habits, strict=True)))]
    for name, style in zip(names, (first, second), strict=True):
        if style.tweets:
            blocks.append(Text(line(Bold(msg("{name} writes", name=name)))))
            blocks += _samples(style.tweets, 1)
    return Card(msg("Styles of {first} and {second}", first=names[0], second=names[1]), tuple(blocks))


def performance_card(found: StylePerformance) -> Card:
    """How the tweets of a style do now, the most liked first."""
    title = msg("How the tweets of {name} do", name=found.x_username)
    if not found.tweets:
        none = msg("None of its texts is a tweet that can be read, so there are no figures.")
        return Card(title, (Text(line(none)),), Tone.WARNING)
    ordered = sorted(found.tweets, key=lambda one: one.like_count or 0, reverse=True)
    rows = tuple(_figures(one) for one in ordered[:_ROWS])
    columns = (msg("Tweet"), msg("Likes"), msg("Reposts"), msg("Replies"), msg("Views"))
    averages = (
        Field(msg("Tweets"), (count(len(found.tweets)),)),
        Field(msg("Likes on average"), (_average(one.like_count for one in found.tweets),)),
        Field(msg("Replies on average"), (_average(one.reply_count for one in found.tweets),)),
        Field(msg("Views on average"), (_average(one.view_count for one in found.tweets),)),
    )
    return Card(title, (Fields(averages), Table(columns, rows, total=len(ordered))), Tone.INFO)


def styles_table(styles: Sequence[Style]) -> tuple[Block, ...]:
    """A row each."""
    rows: tuple[tuple[Line, ...], ...] = tuple(
        (
            (Code(one.x_username),),
            (count(one.tweet_count),),
            when(one.fetched_at, relative=True),
            (msg("yes") if one.is_own_account else "",),
        )
        for one in styles
    )
    columns = (msg("Style"), msg("Texts"), msg("Saved"), msg("Your account"))
    opens = msg("`style show {name}` opens one.", name=as_list([styles[0].x_username]))
    return Table(columns, rows), Text(line(opens), subtle=True)


def _facts(style: Style) -> Fields:
    return Fields(
        (
            Field(msg("Texts"), (count(style.tweet_count or len(style.tweets)),)),
            Field(msg("Saved"), when(style.fetched_at, relative=True)),
            Field(msg("Your account"), (msg("yes") if style.is_own_account else msg("no"),)),
        )
    )


def _table(styles: tuple[tuple[str, Habits], ...]) -> Table:
    """What is counted, a column each. styles: their names, "" for the only one, and habits."""
    columns = (msg("Habit"), *(name or msg("Of the texts") for name, _ in styles))
    length = ((msg("Average length"),), *((count(habits.length),) for _, habits in styles))
    rows = (
        ((name,), *((msg("{percent} %", percent=habits.share(of(habits))),) for _, habits in styles))
        for name, of in _HABITS
    )
    return Table(columns, (length, *rows))


def _samples(tweets: Sequence[StyleTweet], most: int = SAMPLES) -> tuple[Quote, ...]:
    return tuple(Quote(shorten(marked(one.text), _TEXT), priority=Priority.QUOTED) for one in tweets[:most])


def _figures(tweet: StyleTweet) -> tuple[Line, ...]:
    figures = (tweet.like_count, tweet.retweet_count, tweet.reply_count, tweet.view_count)
    return ((shorten(marked(tweet.text), _BEGINNING),), *((count(one),) for one in figures))


def _average(numbers: Iterable[int | None]) -> str:
    known = [one for one in numbers if one is not None]
    return count(round(sum(known) / len(known)) if known else None)
