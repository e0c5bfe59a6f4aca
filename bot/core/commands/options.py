"""The options of a command: how they are declared, and what is read from that.

The options of a command are the fields of a frozen, keyword-only dataclass; each field is
`Annotated[type, Option(...)]`, and a field without a default is required:

    @dataclass(frozen=True, slots=True, kw_only=True)
    class DrawRun:
        tweet: Annotated[TweetRef, Option("The tweet to draw from", main=True)]
        winners: Annotated[int, Option("How many winners", ge=1, le=100)] = 1

Options that several commands have in common are declared once, as a dataclass that theirs inherit:

    @dataclass(frozen=True, kw_only=True)
    class Posting:
        account: Annotated[Username | None, Option("The account to post from")] = None

    @dataclass(frozen=True, slots=True, kw_only=True)
    class QuoteArgs(Posting):
        tweet: Annotated[TweetRef, Option("The tweet to quote", main=True)]
        long: Annotated[bool, Option("A long tweet")] = False

Shown are first the main option and what is required, then the groups in the order in which they are
named, then the rest: tweet, account, long. A group has no slots, so that a command can have two.

The type says the kind: str, int, bool, Literal[...] (a choice), tuple[str, ...] (a list),
TweetRef, tuple[TweetRef, ...], Username, tuple[Username, ...], ListRef, CommunityRef, SpaceRef, BroadcastRef,
ChannelRef, timedelta (a duration), ZoneInfo (a timezone), SubjectRef (a person or a role), MediaRef (a
picture or video: a link, or attached), SecretStr (asked for in a form only, never in command text).
`X | None` with a default of None is the same kind, left out.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from pydantic import SecretStr

from bot.core.chat.cards import Choice
from bot.core.chat.places import ChannelRef
from bot.core.commands.subjects import SubjectRef
from bot.core.messages.message import Message
from bot.core.text.lists import Items, items_of
from bot.core.text.quoting import Code
from bot.core.x.gatherings import BroadcastRef, CommunityRef, ListRef, SpaceRef
from bot.core.x.media_refs import MediaRef
from bot.core.x.references import TweetRef, Username


class OptionKind(StrEnum):
    """What an option takes."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    TWEET = "tweet"
    USERNAME = "username"
    LIST = "list"
    COMMUNITY = "community"
    SPACE = "space"
    BROADCAST = "broadcast"
    CHANNEL = "channel"
    DURATION = "duration"
    TIMEZONE = "timezone"
    SUBJECT = "subject"
    MEDIA = "media"
    SECRET = "secret"  # noqa: S105 - the kind of an option, not a secret


@dataclass(frozen=True, slots=True)
class Option:
    """How an option is described and limited.

    main: its value may be given bare, without `name:`. ge, le: integer limits; for a list, how
    many items; for a duration, seconds. max_length: characters. choices: label → value, where the
    labels differ from the values (a plain Literal needs none). suggest: the name of a source of
    autocomplete values. menu: the name of a source of `Catalogue.menus`: forms offer what it knows, and
    it is asked for where it is left out and the source says so. paragraph: long text, a large field in
    forms. verbatim: mentions stay as the platform writes them, with the id of who is meant. running:
    running text, in which `name:` is text like everything else; when it is not the main value, it is all
    that stands behind that. code: what the text is read as, where quotes mean something in it. words:
    items of a list have no spaces, and no commas unless they are addresses. unit: an integer counts these,
    and a duration is read as so many of them. search: the operators of a search are checked, since it is
    stored or paid for. leads: words that people give and that are no choice → what to say of them. typed: of
    choices, people write the values, so help and errors name these. pairs: items are `name=value`, also with
    spaces behind the comma.
    unkept: what is written is nobody else's business: no table, no button and no line shown again has it.
    """

    description: str
    main: bool = False
    ge: int | None = None
    le: int | None = None
    max_length: int | None = None
    choices: Mapping[str, str] | None = None
    suggest: str | None = None
    menu: str | None = None
    paragraph: bool = False
    verbatim: bool = False
    running: bool = False
    code: Code | None = None
    words: bool = False
    unit: timedelta | None = None
    search: bool = False
    leads: Mapping[str, str] | None = None
    typed: bool = False
    pairs: bool = False
    unkept: bool = False


class Parameter(msgspec.Struct, frozen=True):
    """An option as read from the declaration: what adapters, help and the binder work from."""

    name: str
    kind: OptionKind
    description: str
    required: bool
    default: Any
    many: bool
    main: bool
    choices: tuple[Choice, ...]
    ge: int | None
    le: int | None
    max_length: int | None
    suggest: str | None
    menu: str | None
    paragraph: bool
    verbatim: bool
    running: bool = False
    code: Code | None = None
    words: bool = False
    unit: timedelta | None = None
    search: bool = False
    leads: Mapping[str, str] | None = None
    typed: bool = False
    pairs: bool = False
    unkept: bool = False

    def items(self, text: str) -> list[str]:
        """The items of a list as it was typed; ListError names the quote that is in the way."""
        return items_of(text, self._items, self.code)

    @property
    def said(self) -> tuple[str, ...]:
        """The choices as people write them."""
        return tuple(one.value if self.typed else one.label for one in self.choices)

    @property
    def _items(self) -> Items:
        if self.kind is OptionKind.MEDIA:
            return "words"
        if self.kind is OptionKind.STRING:
            return "pairs" if self.pairs else "words" if self.words else "phrases"
        spaced = any(" " in choice.label for choice in self.choices)
        return "phrases" if spaced else "names"


_KINDS: dict[Any, OptionKind] = {
    str: OptionKind.STRING,
    int: OptionKind.INTEGER,
    bool: OptionKind.BOOLEAN,
    TweetRef: OptionKind.TWEET,
    Username: OptionKind.USERNAME,
    ListRef: OptionKind.LIST,
    CommunityRef: OptionKind.COMMUNITY,
    SpaceRef: OptionKind.SPACE,
    BroadcastRef: OptionKind.BROADCAST,
    ChannelRef: OptionKind.CHANNEL,
    timedelta: OptionKind.DURATION,
    ZoneInfo: OptionKind.TIMEZONE,
    SubjectRef: OptionKind.SUBJECT,
    MediaRef: OptionKind.MEDIA,
    SecretStr: OptionKind.SECRET,
}


def _shape(declared: Any) -> tuple[OptionKind, bool, tuple[str, ...]]:
    """The kind of a type, whether it is a list, and its literal values."""
    if typing.get_origin(declared) in (types.UnionType, typing.Union):
        (declared,) = (a for a in typing.get_args(declared) if a is not types.NoneType)
    many = typing.get_origin(declared) is tuple
    if many:
        declared = typing.get_args(declared)[0]
    if typing.get_origin(declared) is Literal:
        return OptionKind.CHOICE, many, tuple(str(a) for a in typing.get_args(declared))
    return _KINDS[declared], many, ()


def _fields_of(args: type[Any]) -> list[dataclasses.Field[Any]]:
    """The fields in the order in which people meet them: see the module for groups."""
    fields = {one.name: one for one in dataclasses.fields(args)}
    groups = [base for base in args.__mro__[1:] if dataclasses.is_dataclass(base)]
    grouped = dict.fromkeys(name for group in groups for name in group.__annotations__ if name in fields)
    if not grouped:
        return list(fields.values())
    options = {name: typing.get_args(hint)[1] for name, hint in _hints(args).items()}

    def place(name: str) -> int:
        if options[name].main:
            return 0
        if fields[name].default is dataclasses.MISSING:
            return 1
        return 2 if name in grouped else 3

    own = [name for name in fields if name not in grouped]
    return [fields[name] for name in sorted([*own, *grouped], key=place)]


def _hints(args: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(args, include_extras=True)


def parameters_of(args: type[Any]) -> tuple[Parameter, ...]:
    """The options of an `Args` dataclass, in the order in which they are shown."""
    hints = _hints(args)
    found: list[Parameter] = []
    for item in _fields_of(args):
        declared, option = typing.get_args(hints[item.name])
        kind, many, literals = _shape(declared)
        if option.choices:
            kind = OptionKind.CHOICE
            choices = tuple(Choice(Message(label), value) for label, value in option.choices.items())
        else:
            choices = tuple(Choice(value, value) for value in literals)
        required = item.default is dataclasses.MISSING
        found.append(
            Parameter(
                name=item.name,
                kind=kind,
                description=Message(option.description),
                required=required,
                default=None if required else item.default,
                many=many,
                main=option.main,
                choices=choices,
                ge=option.ge,
                le=option.le,
                max_length=option.max_length,
                suggest=option.suggest,
                menu=option.menu,
                paragraph=option.paragraph,
                verbatim=option.verbatim,
                running=option.running,
                code=option.code,
                words=option.words,
                unit=option.unit,
                search=option.search,
                leads=option.leads,
                typed=option.typed,
                pairs=option.pairs,
                unkept=option.unkept,
            )
        )
    return tuple(found)
