"""`draw run|show|list|export`: giveaway draws over the replies of a tweet.

A draw spends credits, so it is a proposal: previewed, confirmed once, and sent under the key that is
stored with it, so that a crash never makes it two (`bot.pending`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal, TypeAlias

from bot.commands.numbers import item_meant, number_of, numbers_of
from bot.commands.services import CommandCall
from bot.core.access import Permission
from bot.core.actions import ActionRef
from bot.core.answers import Audience, Proposal, Reply
from bot.core.cards import Button, Card, File
from bot.core.commands import Action, Command, Effect, Group, NoArgs, Option
from bot.core.conditions import (
    ConditionError,
    check_account_age,
    check_followers,
    checked_hashtags,
    checked_keywords,
    checked_language,
)
from bot.core.errors import Conflict, NotFound, Rejected, UsageError
from bot.core.languages import code_in_tweets
from bot.core.references import TweetRef, Username
from bot.core.text import cut
from bot.presenters.draws import (
    Evidence,
    draw_card,
    draw_preview,
    draws_card,
    filter_words,
    next_backup_card,
)
from bot.presenters.proposals import target_of
from bot.storage.local_numbers import Numbered
from bot.xquik import costs
from bot.xquik.models import DrawDetail, ExportFile
from bot.xquik.spends import DrawRequest

EXPORT_ACTION = "draw.export"
BACKUP_ACTION = "draw.backup"
# Discord takes 10 MiB by default.
MAX_FILE = 10 * 1024 * 1024

Format = Literal["csv", "json", "md", "md-document", "pdf", "txt", "xlsx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawArgs:
    """A draw and its filters."""

    tweet: Annotated[TweetRef, Option("The tweet whose replies take part", main=True)]
    winners: Annotated[int, Option("How many winners", ge=1, le=100)] = 1
    backups: Annotated[int, Option("How many backups, in case a winner does not answer", ge=0, le=100)] = 0
    unique: Annotated[bool, Option("One entry per person")] = True
    must_retweet: Annotated[bool, Option("Only people who reposted the tweet")] = False
    must_follow: Annotated[Username | None, Option("Only followers of this account")] = None
    min_followers: Annotated[int | None, Option("At least this many followers", ge=0)] = None
    account_age: Annotated[
        int | None, Option("Account at least this many days old", ge=0, le=10_000, unit=timedelta(days=1))
    ] = None
    language: Annotated[
        str | None,
        Option("Replies in this language, like en or German", max_length=60, suggest="languages"),
    ] = None
    keywords: Annotated[tuple[str, ...], Option("Words a reply must contain", le=20)] = ()
    hashtags: Annotated[tuple[str, ...], Option("Hashtags a reply must contain", le=20, words=True)] = ()
    mentions: Annotated[tuple[Username, ...], Option("Accounts a reply must mention", le=20)] = ()


async def run(call: CommandCall, args: DrawArgs) -> Proposal:
    """A preview with the tweet, the filters and the estimated cost, to be confirmed."""
    asked = _conditions(args, call.services.clock())
    reads = await call.services.xquik.reads(call)
    tweet, balance = await asyncio.gather(reads.tweet(args.tweet.id), reads.credits())
    author = tweet.author.username if tweet.author and tweet.author.username else args.tweet.username
    request = DrawRequest(
        tweet_url=f"https://x.com/{author or 'i'}/status/{tweet.id}",
        winner_count=args.winners,
        backup_count=args.backups or None,
        unique_authors_only=args.unique,
        must_retweet=args.must_retweet or None,
        must_follow_username=str(args.must_follow) if args.must_follow else None,
        filter_min_followers=args.min_followers,
        filter_account_age_days=args.account_age,
        filter_language=asked.language,
        required_keywords=asked.keywords,
        required_hashtags=asked.hashtags,
        required_mentions=tuple(dict.fromkeys(name.handle.lower() for name in args.mentions)),
    )
    payload = request.body()
    estimate = costs.draw(tweet.reply_count, tweet.retweet_count).credits
    preview = draw_preview(payload, tweet, estimate, balance.balance)
    return Proposal("draw.run", payload, preview, estimate)


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What replies must have, as Xquik and X write it."""

    language: str | None
    keywords: tuple[str, ...]
    hashtags: tuple[str, ...]


def _conditions(args: DrawArgs, now: float) -> _Conditions:
    """The filters, checked before anything is looked up or paid for; UsageError names the option."""
    try:
        check_followers(args.min_followers or 0)
        check_account_age(args.account_age or 0, now)
        code = None if args.language is None else checked_language(args.language)
        return _Conditions(
            None if code is None else code_in_tweets(code),
            checked_keywords(args.keywords),
            checked_hashtags(args.hashtags),
        )
    except ConditionError as error:
        raise UsageError(
            f"{error.option}: {error}{'' if str(error).endswith('?') else '.'}",
            option=error.option,
            example=_EXAMPLES[error.option],
        ) from None


_LINE = "draw run https://x.com/xquik/status/1893456789012345678"
_EXAMPLES = {
    "language": f"{_LINE} language:en",
    "keywords": f'{_LINE} keywords:"launch day",moon',
    "hashtags": f"{_LINE} hashtags:giveaway,#win",
    "min_followers": f"{_LINE} min_followers:50",
    "account_age": f"{_LINE} account_age:30d",
}


DrawOption: TypeAlias = Annotated[
    str,
    Option(
        "A draw: its number, like #3, or its id, from draw list", main=True, max_length=80, suggest="draws"
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawIdArgs:
    """Which draw."""

    draw: DrawOption


async def show(call: CommandCall, args: DrawIdArgs) -> Reply:
    """A past draw with its winners."""
    draw = await _meant(call, args.draw)
    reads = await call.services.xquik.reads(call)
    detail = await reads.draw(draw)
    moved = await call.services.backups.moved(call.tenant, detail.draw.id)
    number = await number_of(call, Numbered.DRAW, detail.draw.id)
    return Reply(draw_result_card(detail, moved, number=number))


async def _meant(call: CommandCall, given: str) -> str:
    """The id of the draw that is named; NotFound for a number that no draw has here."""
    draw = await item_meant(call, Numbered.DRAW, given)
    if draw is None:
        raise NotFound(
            f"No draw has the number {cut(given, 40)} here.", remedy="`draw list` shows their numbers."
        )
    return draw


async def list_draws(call: CommandCall, _args: NoArgs) -> Reply:
    """Past draws, newest first."""
    reads = await call.services.xquik.reads(call)
    page = await reads.draws(limit=20)
    numbers = await numbers_of(call, Numbered.DRAW, (draw.id for draw in reversed(page.items)))
    return Reply(draws_card(page, numbers))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportArgs:
    """Which draw, and how."""

    draw: DrawOption
    format: Annotated[Format, Option("The kind of file")] = "csv"
    rows: Annotated[Literal["winners", "entries"], Option("Winners only, or every entry")] = "winners"


async def export(call: CommandCall, args: ExportArgs) -> Reply:
    """A draw as a file."""
    return await _file(call, await _meant(call, args.draw), args.format, args.rows)


async def _file(call: CommandCall, draw: str, format: str, rows: str) -> Reply:
    reads = await call.services.xquik.reads(call)
    exported = await reads.export(draw, format, rows)
    if len(exported.content) > MAX_FILE:
        raise Rejected(
            f"The file has {len(exported.content) / 1_048_576:.1f} MiB; chat takes 10 MiB.",
            remedy="Export winners only, or take csv, which is the smallest format.",
        )
    return Reply(Card(f"Draw {draw}: {rows}"), files=(_as_file(exported),))


def _as_file(exported: ExportFile) -> File:
    return File(exported.name, exported.content_type, exported.content)


# --- buttons of a result ---------------------------------------------------------------------


def draw_evidence(payload: Mapping[str, Any], preview: Card, people: str, detail: DrawDetail) -> Evidence:
    """What a draw that was confirmed here is judged by. people: who asked and who confirmed."""
    estimate = costs.draw(detail.draw.total_entries).credits
    return Evidence(target_of(preview), filter_words(payload), people, estimate)


def draw_result_card(
    detail: DrawDetail, moved: int = 0, evidence: Evidence | None = None, *, number: int | None = None
) -> Card:
    """A result with its buttons. moved: how many backups have moved up already. number: what the place
    calls it.

    The keys of the buttons are the draw's own id: what they reach is looked up with the tenant's
    own Xquik key, so another tenant's draw is not found.
    """
    draw = detail.draw.id
    buttons: list[Button] = []
    if re.fullmatch(r"[A-Za-z0-9_-]{1,50}", draw):
        if detail.main_winners:
            buttons.append(Button("Export winners", action=ActionRef(EXPORT_ACTION, draw)))
        if len(detail.backups) > moved:
            buttons.append(_backup_button(draw, moved))
    return draw_card(detail, tuple(buttons), moved=moved, evidence=evidence, number=number)


def _backup_button(draw: str, moved: int) -> Button:
    return Button("Next backup", action=ActionRef(BACKUP_ACTION, f"{moved}-{draw}"))


async def export_pressed(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """The winners as a file, to the person who pressed."""
    return await _file(call, str(state["key"]), "csv", "winners")


async def backup_pressed(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """The next backup moves up, once: a second press of the same button changes nothing."""
    count, _, draw = str(state["key"]).partition("-")
    if not draw or not count.isdigit():
        raise NotFound("This button names no draw.")
    reads = await call.services.xquik.reads(call)
    detail = await reads.draw(draw)
    backups = detail.backups
    moved = int(count)
    if moved >= len(backups):
        raise NotFound("This draw has no further backup.", remedy="Run a new draw for more winners.")
    by = call.invocation.actor
    if not await call.services.backups.move_up(call.tenant, detail.draw.id, moved + 1, by.id):
        raise Conflict(
            f"@{backups[moved].author_username} has moved up already; the button was pressed before.",
            remedy="Use the button below the newest backup.",
        )
    left = len(backups) - moved - 1
    card = next_backup_card(detail.draw.id, backups[moved], moved + 1, left)
    buttons = (_backup_button(detail.draw.id, moved + 1),) if left else ()
    return Reply(Card(card.title, card.blocks, card.tone, buttons))


def _command(
    verb: str,
    summary: str,
    args: type[Any],
    handler: Any,
    *,
    needs: Permission,
    audience: Audience,
    example: str,
) -> Command[Any]:
    effect = Effect.SPEND if needs is Permission.SPEND else Effect.READ
    return Command(("draw", verb), summary, args, handler, effect, needs, audience, (example,))


DRAW = Group(
    "draw",
    "Giveaway draws over the replies of a tweet",
    (
        _command(
            "run",
            "Draw winners among the replies; shows the cost and asks first",
            DrawArgs,
            run,
            needs=Permission.SPEND,
            audience=Audience.CHANNEL,
            example="draw run https://x.com/xquik/status/1893456789012345678 winners:3 backups:2",
        ),
        _command(
            "show",
            "A past draw with its winners",
            DrawIdArgs,
            show,
            needs=Permission.USE,
            audience=Audience.CHANNEL,
            example="draw show #3",
        ),
        _command(
            "list",
            "Past draws, newest first",
            NoArgs,
            list_draws,
            needs=Permission.VIEW,
            audience=Audience.PRIVATE,
            example="draw list",
        ),
        _command(
            "export",
            "A draw as a file",
            ExportArgs,
            export,
            needs=Permission.VIEW,
            audience=Audience.PRIVATE,
            example="draw export #3 format:xlsx rows:entries",
        ),
    ),
    default="run",
)

DRAW_ACTIONS = (
    Action(EXPORT_ACTION, export_pressed, Permission.VIEW, stored=False),
    Action(BACKUP_ACTION, backup_pressed, Permission.SPEND, Audience.CHANNEL, stored=False),
)
