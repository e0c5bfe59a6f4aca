"""Declaring commands. One declaration makes the Discord command tree, the Slack manifest and
parser, the forms, autocomplete, help and the reference page. Their options: `bot.core.commands.options`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, Generic, TypeAlias, TypeVar

import msgspec

from bot.core.access import Permission
from bot.core.chat.answers import Answer, Audience, OpenedList
from bot.core.chat.cards import Form
from bot.core.chat.invocation import Call
from bot.core.commands.consent import AskConsent
from bot.core.commands.cost import FREE_OF_CHARGE, Cost
from bot.core.commands.listing import Listing
from bot.core.commands.meanings import NO_MEANINGS, Meanings
from bot.core.commands.menus import MakeMenu, SuggestValues
from bot.core.commands.offers import MessageAction, Offer
from bot.core.commands.options import Option, OptionKind, Parameter, parameters_of
from bot.core.messages.message import Message, msg
from bot.core.policy import Deed

__all__ = [
    "Action",
    "ActionForm",
    "Catalogue",
    "CheckAction",
    "Command",
    "Effect",
    "EstimateCost",
    "Group",
    "MakeMenu",
    "MoreOptions",
    "NoArgs",
    "Offer",
    "Option",
    "OptionKind",
    "Parameter",
    "Root",
    "RunAction",
    "RunCommand",
    "SuggestValues",
    "WholeCatalogue",
    "parameters_of",
]

A = TypeVar("A")

_OPERATION: Final = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE) (?:/(?:[a-z-]+|\{[a-z_]+\}))+")


class Effect(StrEnum):
    """What a command can change, at the most."""

    READ = "read"
    SPEND = "spend"
    PUBLISH = "publish"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class NoArgs:
    """The arguments of a command that takes none."""


RunCommand: TypeAlias = Callable[[Call[Any], A], Awaitable[Answer]]
"""Carries a command out, with what it was given."""


EstimateCost: TypeAlias = Callable[[A], int]
"""What a run with these options costs at most, in credits, from the options alone."""


MoreOptions: TypeAlias = Callable[[Call[Any], A], Awaitable[Mapping[str, str]]]
"""Which options are to be asked for besides, with what they hold now; none when all was given."""


@dataclass(frozen=True)
class Command(Generic[A]):
    """One command.

    path: its words, group first ("draw", "run"). run: the handler; listing: what it lists, page by page: it
    has one of these two. needs: what the person must be
    allowed. needs_key: refuse before running when the tenant has no Xquik key. form_first: always
    open the form (secrets). more: from local data, which options are to be asked for in a form after
    all, with what stands in them at first; nothing when the options given are enough. one_of: options of
    which exactly one is given. cost: what it costs; estimate: in credits, where that depends on the options.
    operations: what it performs of Xquik's API ("GET /x/users/{id}"), the write that it proposes included.
    consent: what is asked before it runs, in any case: of what is confidential, and of nothing else. notes:
    what help says of it besides its options, a paragraph each. looks: of what changes settings, the options
    with which alone it only shows how they stand; None: there is no such way to run it.
    """

    path: tuple[str, ...]
    summary: str
    args: type[A]
    run: RunCommand[A] | None
    effect: Effect
    needs: Permission
    audience: Audience
    examples: tuple[str, ...]
    needs_key: bool = True
    form_first: bool = False
    more: MoreOptions[A] | None = None
    one_of: tuple[str, ...] = ()
    cost: Cost = FREE_OF_CHARGE
    estimate: EstimateCost[A] | None = None
    listing: Listing[A, Any] | None = None
    operations: tuple[str, ...] = ()
    consent: AskConsent[A] | None = None
    notes: tuple[Message, ...] = ()
    looks: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "summary", Message(self.summary))
        if (self.run is None) == (self.listing is None):
            raise ValueError(f"`{self.name}` needs either a handler or a listing")
        confidential, asks = self.audience is Audience.CONFIDENTIAL, self.effect is Effect.PUBLISH
        if confidential != (self.consent is not None) and not (confidential and asks):
            raise ValueError(f"`{self.name}` is confidential without a consent, or has one and is not")
        if self.consent is not None and self.listing is not None and self.listing.columns:
            raise ValueError(f"`{self.name}` is confidential and makes a file")
        if wrong := [one for one in self.operations if not _OPERATION.fullmatch(one)]:
            raise ValueError(f"`{self.name}` names {wrong[0]!r}, which is no operation")

    @cached_property
    def name(self) -> str:
        """The words joined by a space: "draw run"."""
        return " ".join(self.path)

    @cached_property
    def deed(self) -> Deed:
        """What running it is, as the policy of a place sees it."""
        return Deed(self.needs, self.name)

    @property
    def described(self) -> str:
        """The summary and what it costs, as help, forms and platforms show it."""
        if self.cost.free:
            return self.summary
        return msg("{summary} ({cost})", summary=self.summary, cost=self.cost.words)

    @cached_property
    def harmless(self) -> bool:
        """Whether running it twice costs, changes and shows to others nothing."""
        free = self.cost.free and self.estimate is None
        return self.effect is Effect.READ and free and self.audience is Audience.PRIVATE

    def credits(self, args: A) -> int:
        """What a run with these options spends without a Confirm of its own, at most. Of what asks in any
        case nothing: looking up what is shown there is one glance."""
        if self.cost.confirmed:
            return 0
        return self.cost.fixed if self.estimate is None else self.estimate(args)

    def metered(self, args: A) -> int:
        """What a run with these options is charged at once, at most; also to look at what it asks about."""
        return self.cost.look if self.cost.confirmed else self.credits(args)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The options, in order."""
        return parameters_of(self.args)

    @cached_property
    def by_name(self) -> Mapping[str, Parameter]:
        """The options by their names."""
        return {parameter.name: parameter for parameter in self.parameters}

    @cached_property
    def main(self) -> Parameter | None:
        """The option whose value may be given bare."""
        return next((parameter for parameter in self.parameters if parameter.main), None)

    @cached_property
    def running(self) -> Parameter | None:
        """The option that is running text."""
        return next((parameter for parameter in self.parameters if parameter.running), None)


@dataclass(frozen=True, slots=True)
class Root:
    """A word that several rare groups stand under where roots are counted, which is in Discord: there their
    commands are `/more archive dig`, and elsewhere `archive dig`, with or without that word before it."""

    name: str
    summary: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "summary", Message(self.summary))


@dataclass(frozen=True, slots=True)
class Group:
    """Commands under one word. default: the verb a bare group runs, or None (then help is shown).
    instead: the verb that is meant most often by a word which is none. left_out: how many more it has that
    the person may not run. under: the root that it nests under, None for one of its own."""

    name: str
    summary: str
    commands: tuple[Command[Any], ...]
    default: str | None = None
    left_out: int = 0
    instead: str = ""
    under: Root | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "summary", Message(self.summary))

    def within(self, may: MayDo) -> Group:
        """The same with those commands alone that a person may run."""
        kept = tuple(one for one in self.commands if may(one.deed))
        return replace(self, commands=kept, left_out=len(self.commands) - len(kept))


MayDo: TypeAlias = Callable[[Deed], bool]
"""Whether a person may do that, where they are."""


RunAction: TypeAlias = Callable[
    [Call[Any], Mapping[str, Any], Mapping[str, str]], Awaitable[Answer | OpenedList]
]
"""Acts, with the state behind the button and what was typed into its form."""


ActionForm: TypeAlias = Callable[[Call[Any], str, Mapping[str, Any]], Awaitable[Form | None]]
"""The form that a button asks first, from its key and the state behind it; None: nothing is asked."""


CheckAction: TypeAlias = Callable[[Call[Any], Mapping[str, Any], Mapping[str, str]], Awaitable[None]]
"""Raises what speaks against the action, before anything is acknowledged."""


class Action(msgspec.Struct, frozen=True):
    """What a button does. name: as in `ActionRef`; run: given the stored state of the button's key
    and the values of a submitted form. form: builds the form that the press opens, as the very
    first answer, or None when there is none; it is given the key of the pressed button and the
    stored state, and may return None where nothing has to be asked this time. stored: the key names
    a row of button states; otherwise the state is {"key": <the key>} and the action looks it up
    itself. check: raises, before anything is acknowledged, for what local data shows to be wrong in a
    submitted form: only until then can a platform keep the form open. secrets: the fields of the form
    that are neither kept nor shown. command: the words of the command that it is a button of, whose rules
    hold for it; "" where it is one of many, or of none.
    """

    name: str
    run: RunAction
    needs: Permission
    audience: Audience = Audience.PRIVATE
    form: ActionForm | None = None
    needs_key: bool = True
    stored: bool = True
    check: CheckAction | None = None
    secrets: frozenset[str] = frozenset()
    command: str = ""

    @property
    def deed(self) -> Deed:
        """What pressing it is, as the policy of a place sees it."""
        return Deed(self.needs, self.command)


@dataclass(frozen=True)
class Catalogue:
    """Every command, action, source of suggestions and source of menus there is. left_out: as of a group.
    meanings: the words that people use instead of ours. offers: for a line that is only a tweet or an
    account, by the type of that, and for messages that link to one."""

    groups: tuple[Group, ...]
    actions: tuple[Action, ...] = ()
    suggestions: Mapping[str, SuggestValues] = field(default_factory=dict)
    menus: Mapping[str, MakeMenu] = field(default_factory=dict)
    left_out: int = 0
    meanings: Meanings = NO_MEANINGS
    offers: Mapping[type[Any], tuple[Offer, ...]] = field(default_factory=dict)

    def within(self, may: MayDo) -> Catalogue:
        """The same with those commands alone that a person may run (`bot.core.policy.Standing.may`)."""
        groups = tuple(group.within(may) for group in self.groups)
        left_out = sum(group.left_out for group in groups)
        return replace(self, groups=tuple(g for g in groups if g.commands), left_out=left_out)

    @cached_property
    def _by_name(self) -> Mapping[str, Group]:
        return {group.name: group for group in self.groups}

    def __iter__(self) -> Iterator[Command[Any]]:
        for group in self.groups:
            yield from group.commands

    @cached_property
    def message_actions(self) -> tuple[tuple[MessageAction, Offer], ...]:
        """The entries of the menus of messages, each with what it offers: those whose commands there are."""
        offers = [offer for some in self.offers.values() for offer in some if self.command(offer.path)]
        return tuple((one.on_message, one) for one in offers if one.on_message is not None)

    def group(self, name: str) -> Group | None:
        """The group of that name."""
        return self._by_name.get(name)

    def below(self, root: str) -> tuple[Group, ...]:
        """The groups that nest under a root; none for a word that is no root."""
        return tuple(one for one in self.groups if one.under is not None and one.under.name == root)

    def nested(self, root: str, name: str) -> Group | None:
        """The group of that name which nests under a root."""
        return next((one for one in self.below(root) if one.name == name), None)

    def command(self, path: tuple[str, ...]) -> Command[Any] | None:
        """The command of that path, which may begin with the root that its group nests under."""
        if len(path) > 2 and self.nested(path[0], path[1]) is not None:
            path = path[1:]
        return next((c for c in self if c.path == path), None)

    def action(self, name: str) -> Action | None:
        """The action of that name."""
        return next((a for a in self.actions if a.name == name), None)


WholeCatalogue: TypeAlias = Callable[[], Catalogue]
"""Gives the finished catalogue, to what is part of it and speaks of other commands."""
