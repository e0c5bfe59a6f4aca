"""`style analyze|list|show|compare|performance|save|delete`: how somebody writes, kept at Xquik."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from bot.core.access import Permission
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Card, Tone
from bot.core.commands.declaring import Effect, Group, Option
from bot.core.commands.presets import (
    INSIDE,
    SETTING_AT_XQUIK,
    SPENDING,
    Rights,
    command,
    listing_command,
)
from bot.core.commands.price_list import STYLE
from bot.core.errors import BotError, Conflict, NotFound, OutcomeUnknown, UsageError
from bot.core.messages.message import Message, msg, nmsg
from bot.core.x import prices
from bot.core.x.references import Username
from bot.features.known import What
from bot.features.services import CommandCall
from bot.features.shared.roots import MORE
from bot.features.shared.styles import StyleOption, style_name
from bot.features.style.cards import (
    comparison_card,
    deleted_card,
    is_account,
    named,
    performance_card,
    replaced_blocks,
    style_card,
)
from bot.features.style.listed import STYLES
from bot.features.style.texts import texts_of
from bot.xquik.models import Style, moment

_INSIDE_PAID = Rights(Effect.SPEND, Permission.SPEND | Permission.VIEW, Audience.PRIVATE)
_DELETING = Rights(Effect.SETTINGS, Permission.MANAGE | Permission.VIEW, Audience.PRIVATE)
# Paths of the API that stand where the name of a style does, and what would part a path.
_TAKEN = frozenset({"compare"})
_PARTING = frozenset("/\\?#%")
# Seconds by which Xquik's clock may be behind ours. What was saved so shortly before is as new.
_SKEW = 5.0


ReplaceOption: TypeAlias = Annotated[bool, Option("Replace a style of that name that is not the same sort")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyzeArgs:
    """Whose style."""

    user: Annotated[Username, Option("The account to learn from, like @nasa", main=True, suggest="people")]
    replace: ReplaceOption = False


def _at_most(_args: object) -> int:
    return STYLE.of(prices.STYLE_SAMPLE)


async def analyze(call: CommandCall, args: AnalyzeArgs) -> Reply:
    """Save how an account writes, in place of what was saved of it. Conflict where somebody saved texts of
    their own under that name."""
    there = None if args.replace else await _saved(call, str(args.user))
    if there is not None and there.tweets and not is_account(there):
        raise _taken(
            msg(
                "Texts of your own are saved as style {name}; this would replace them.", name=there.x_username
            ),
            msg("`style analyze @{name} replace:yes` replaces them.", name=there.x_username),
        )
    style = await _analyzed(call, str(args.user))
    await call.services.known.changed(call.tenant, What.STYLES)
    card = style_card(style, msg("Style of @{name} saved", name=style.x_username))
    return Reply(card, charged=STYLE.of(max(style.tweet_count, len(style.tweets))))


async def _saved(call: CommandCall, name: str) -> Style | None:
    """What is saved under a name, for nothing."""
    try:
        return await (await call.xquik()).styles.show(name)
    except NotFound:
        return None


def _taken(detail: Message, remedy: Message) -> Conflict:
    return Conflict(detail, remedy=remedy, option="replace")


async def _analyzed(call: CommandCall, username: str) -> Style:
    """Where the answer is lost, what was saved is looked up: asked again it would be paid twice."""
    xquik = await call.xquik()
    begun = call.services.clock()
    try:
        return await xquik.styles.analyze(username)
    except OutcomeUnknown:
        try:
            style = await xquik.styles.show(username)
        except BotError:
            style = None
        saved = moment(style.fetched_at) if style is not None else None
        if style is None or saved is None or saved.timestamp() < begun - _SKEW:
            raise
        return style


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleArgs:
    """Which style."""

    style: StyleOption


async def show(call: CommandCall, args: StyleArgs) -> Reply:
    """One style with its texts."""
    xquik = await call.xquik()
    return Reply(style_card(await xquik.styles.show(style_name(args.style))))


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareStylesArgs(StyleArgs):
    """Which two."""

    other: Annotated[str, Option("The style to compare it with", max_length=50, suggest="styles")]


async def compare(call: CommandCall, args: CompareStylesArgs) -> Reply:
    """Two styles side by side."""
    xquik = await call.xquik()
    return Reply(comparison_card(await xquik.styles.compare(style_name(args.style), style_name(args.other))))


async def performance(call: CommandCall, args: StyleArgs) -> Reply:
    """The figures of its tweets as they are now."""
    xquik = await call.xquik()
    found = await xquik.styles.performance(style_name(args.style))
    return Reply(performance_card(found), charged=STYLE.of(max(found.tweet_count, len(found.tweets))))


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveStyleArgs:
    """Which texts, under which label."""

    label: Annotated[str, Option("What to call the style", main=True, max_length=30)]
    texts: Annotated[
        str,
        Option(
            "Up to 100 texts: a line each, or parted by |", max_length=25_000, running=True, paragraph=True
        ),
    ]
    replace: Annotated[bool, Option("Replace the style of that label, if there is one")] = False


async def save(call: CommandCall, args: SaveStyleArgs) -> Reply:
    """Keep texts as a style. Conflict where there is one of that label: it may have cost credits, and its
    texts would be lost."""
    label = style_name(args.label)
    if not label or label.casefold() in _TAKEN or _PARTING & set(label):
        raise UsageError(
            msg("A style cannot be called {label}.", label=repr(args.label)),
            option="label",
            example='style save launch texts:"We ship on Friday | Try it now"',
        )
    texts = texts_of(args.texts)
    there = await _saved(call, label)
    if there is not None and there.tweets and not args.replace:
        raise _taken(
            nmsg(
                "{name} is saved already, with {n} text; this would replace it.",
                "{name} is saved already, with {n} texts; this would replace them.",
                name=named(there),
                n=len(there.tweets),
            ),
            msg(
                "Take another label, or say `replace:yes`. `style show {name}` shows it.",
                name=there.x_username,
            ),
        )
    xquik = await call.xquik()
    style = await xquik.styles.save(label, texts)
    await call.services.known.changed(call.tenant, What.STYLES)
    card = style_card(style, msg("Style {name} saved", name=style.x_username))
    return Reply(Card(card.title, (*card.blocks, *replaced_blocks(there)), Tone.SUCCESS))


async def delete(call: CommandCall, args: StyleArgs) -> Reply:
    """Delete a style; what it held is shown once more."""
    xquik = await call.xquik()
    style = await xquik.styles.show(style_name(args.style))
    await xquik.styles.delete(style.x_username)
    await call.services.known.changed(call.tenant, What.STYLES)
    return Reply(deleted_card(style))


STYLE_GROUP = Group(
    "style",
    "How accounts write: learn it, compare it, write like it",
    (
        command(
            "style analyze",
            analyze,
            SPENDING,
            "Save how an account writes, from its recent tweets",
            "style analyze @nasa",
            cost=STYLE,
            estimate=_at_most,
            operations=("GET /styles/{id}", "POST /styles"),
        ),
        listing_command(
            "style list",
            STYLES,
            INSIDE,
            "List the saved styles",
            "style list",
            operations=("GET /styles",),
        ),
        command(
            "style show",
            show,
            INSIDE,
            "Show a saved style with its habits and texts",
            "style show nasa",
            operations=("GET /styles/{id}",),
        ),
        command(
            "style compare",
            compare,
            INSIDE,
            "Compare two saved styles",
            "style compare nasa other:esa",
            operations=("GET /styles/compare",),
        ),
        command(
            "style performance",
            performance,
            _INSIDE_PAID,
            "Show how the tweets of a style do now",
            "style performance nasa",
            cost=STYLE,
            estimate=_at_most,
            operations=("GET /styles/{id}/performance",),
        ),
        command(
            "style save",
            save,
            SETTING_AT_XQUIK,
            "Save texts of your own as a style; replaces one only if told to",
            'style save launch texts:"We ship on Friday | Try it now"',
            operations=("GET /styles/{id}", "PUT /styles/{id}"),
        ),
        command(
            "style delete",
            delete,
            _DELETING,
            "Delete a saved style; shows its texts once more",
            "style delete nasa",
            operations=("GET /styles/{id}", "DELETE /styles/{id}"),
        ),
    ),
    default="list",
    instead="analyze",
    under=MORE,
)
