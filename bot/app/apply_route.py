"""`[[tenant.route]]` of the file that `apply` reads: checked by the same rules as the commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.cards.templates.limits import SOURCE_LIMIT
from bot.cards.templates.templates import check
from bot.core.chat.ids import Destination, TenantId
from bot.core.clocks import NewId
from bot.core.routes.account_names import NOBODY, KnownNames
from bot.core.routes.appearance import Appearance, Layout, Threading
from bot.core.routes.conditions import LONGEST_SEARCH, ConditionError, checked, checked_all
from bot.core.routes.filters import (
    Contains,
    Filter,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    OfTweets,
    Part,
    Quiet,
)
from bot.core.routes.route import CatchUpPolicy, Deleted, MissedPolicy, Route, Sensitive
from bot.core.routes.schedule import Schedule
from bot.core.routes.schedule_moments import check_timezone
from bot.core.routes.schedule_text import burst_of, digest_of, quiet_of
from bot.core.text.invisible import blank, number, unseen
from bot.core.text.lists import Items, items_of
from bot.core.text.quoting import Code, straightened
from bot.core.text.shortening import printable
from bot.core.x.references import parse_username
from bot.core.x.searches import checked_search
from bot.features.relay.look import LONGEST_TAG, MOST_TAGS
from bot.features.relay.option_groups import MOST_ALSO
from bot.features.relay.pings import pings_of
from bot.features.relay.timing import MOST_LATE, MOST_PER_DAY, MOST_PER_HOUR

T = TypeVar("T")


class FileTable(BaseModel):
    """A table of the file: a key that it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _read(read: Callable[[str], T]) -> BeforeValidator:
    """What a text says; what is no text is left to the type."""
    return BeforeValidator(lambda given: read(given) if isinstance(given, str) else given)


def _name(text: str) -> str:
    if blank(text) or printable(text) != text:
        hidden = ", ".join(number(char) for char in unseen(text)) or "nothing else"
        msg = f"a name has only visible characters; this one has {hidden}"
        raise ValueError(msg)
    return text


def _username(text: str) -> str:
    return str(parse_username(text)).lower()


def _listed(items: Items, code: Code | None = None) -> BeforeValidator:
    """A list that is written as one text is read as in a command."""
    return _read(lambda text: items_of(text, items, code))


def _straight(code: Code) -> BeforeValidator:
    return _read(lambda text: straightened(text, code))


def _search(text: str) -> str:
    return checked_search(straightened(text, "query"))


Timezone = Annotated[str, _read(check_timezone)]
Phrases = Annotated[tuple[str, ...], _listed("phrases")]
Words = Annotated[tuple[str, ...], _listed("words")]
Parts = Annotated[tuple[Part, ...], _listed("words")]


class FilterPart(FileTable):
    """One `[[tenant.route.filter]]`: one condition."""

    contains: Phrases | None = None
    matches: Annotated[str, _straight("pattern")] | None = None
    quiet: Phrases | None = None
    has: Parts | None = None
    lacks: Parts | None = None
    language: Words | None = None
    min_followers: int | None = None
    replies: Literal[False] | None = None
    tweet: Words | None = None

    @model_validator(mode="after")
    def _one(self) -> FilterPart:
        if len(self.model_fields_set) != 1:
            given = ", ".join(sorted(self.model_fields_set)) or "nothing"
            msg = f"each filter names one condition, and this one names {given}"
            raise ValueError(msg)
        self.made()
        return self

    def made(self) -> Filter:
        """The filter; ValueError names the condition that cannot be used."""
        (name,) = self.model_fields_set
        try:
            return checked(_FILTERS[name](getattr(self, name)))
        except ConditionError as error:
            msg = f"{error.option}: {error}"
            raise ValueError(msg) from None


_FILTERS: dict[str, Callable[[Any], Filter]] = {
    "contains": Contains,
    "matches": Matches,
    "quiet": Quiet,
    "has": Has,
    "lacks": Lacks,
    "language": Languages,
    "min_followers": MinFollowers,
    "replies": lambda _no: NoReplies(),
    "tweet": OfTweets,
}


class LookPart(FileTable):
    """`[tenant.route.look]`. ping: mentions or ids of roles or user groups."""

    layout: Layout = Layout.FULL
    template: Annotated[str, _straight("template")] = Field(default="", max_length=SOURCE_LIMIT)
    ping: Phrases = ()
    thread: Threading = Threading.NONE
    tags: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=LONGEST_TAG)], ...], _listed("phrases")
    ] = Field(default=(), max_length=MOST_TAGS)
    publish: bool = False
    timezone: Timezone = "UTC"

    @model_validator(mode="after")
    def _whole(self) -> LookPart:
        if self.layout is Layout.TEMPLATE and blank(self.template):
            msg = 'layout = "template" needs a template'
            raise ValueError(msg)
        if self.template:
            _named("template", check, self.template)
        return self

    def made(self, tenant: TenantId) -> Appearance:
        """The appearance; ValueError for somebody who cannot be notified."""
        return Appearance(
            layout=self.layout,
            template=self.template,
            pings=pings_of(tenant, self.ping),
            threading=self.thread,
            tags=self.tags,
            publish=self.publish,
            timezone=self.timezone,
        )


class TimingPart(FileTable):
    """`[tenant.route.timing]`, written as in `relay timing`."""

    timezone: Timezone = "UTC"
    quiet: str | None = None
    digest: str | None = None
    burst: str | None = None
    per_hour: int | None = Field(default=None, ge=1, le=MOST_PER_HOUR)
    per_day: int | None = Field(default=None, ge=1, le=MOST_PER_DAY)
    missed: MissedPolicy = MissedPolicy.ALL
    last: int = Field(default=10, ge=1, le=MOST_LATE)
    deleted: Deleted = Deleted.MARK

    @model_validator(mode="after")
    def _readable(self) -> TimingPart:
        self.schedule()
        return self

    def schedule(self) -> Schedule:
        """When messages are sent; ValueError names what cannot be read."""
        return Schedule(
            timezone=self.timezone,
            quiet=_named("quiet", quiet_of, self.quiet),
            digest=_named("digest", digest_of, self.digest) or "",
            burst=_named("burst", burst_of, self.burst),
            per_hour=self.per_hour,
            per_day=self.per_day,
        )


def _named(key: str, read: Callable[[str], T], text: str | None) -> T | None:
    if text is None:
        return None
    try:
        return read(text)
    except ValueError as error:
        msg = f"{key}: {error}"
        raise ValueError(msg) from None


class RoutePart(FileTable):
    """One `[[tenant.route]]`. also: further channels, each "C0002", or "C0002/THREAD"."""

    name: Annotated[str, _read(_name)] = Field(min_length=1, max_length=60)
    channel: str = Field(min_length=1, max_length=80)
    thread: str | None = None
    also: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=160)], ...], _listed("names")] = (
        Field(default=(), max_length=MOST_ALSO)
    )
    accounts: Annotated[tuple[Annotated[str, _read(_username)], ...], _listed("names")] = ()
    keywords: Annotated[
        tuple[Annotated[str, _read(_search), Field(max_length=LONGEST_SEARCH)], ...],
        _listed("phrases", "query"),
    ] = ()
    events: Words = ()
    sensitive: Sensitive = Sensitive.CHANNEL
    quoted: bool = False
    filter: tuple[FilterPart, ...] = ()
    look: LookPart = LookPart()
    timing: TimingPart = TimingPart()
    # Whether what it names is watched from then on, where nobody watches it yet; it is not stored.
    watch: bool = True

    @model_validator(mode="after")
    def _together(self) -> RoutePart:
        places = [self._place, *self.also]
        if twice := next((place for place in places if places.count(place) > 1), None):
            msg = f"the route leads to {twice} twice"
            raise ValueError(msg)
        try:
            checked_all([one.made() for one in self.filter])
        except ConditionError as error:
            msg = f"filter: {error}"
            raise ValueError(msg) from None
        return self

    @property
    def _place(self) -> str:
        return self.channel if self.thread is None else f"{self.channel}/{self.thread}"

    def renamed(self, old: Route | None, names: KnownNames) -> dict[str, str]:
        """The usernames among `accounts` that their accounts have no more, with the ones they have now.

        old: as in `made`. names: the accounts that the tenant knows.
        """
        found: dict[str, str] = {}
        for name in self.accounts:
            followed = old.followed if old else ()
            if any(one.name == name for one in followed) or names.holder(name) is not None:
                continue
            account = next((one for one in followed if one.was_called(name)), None) or names.formerly(name)
            if account is not None and account.name != name:
                found[name] = account.name
        return found

    def made(self, tenant: TenantId, old: Route | None, new_id: NewId, names: KnownNames = NOBODY) -> Route:
        """The route. old: the stored one of that name, which keeps its id and how it stands. names: the
        accounts that the tenant knows: who is named by a former username is meant."""
        now = self.renamed(old, names)
        return Route(
            id=old.id if old else new_id(),
            name=self.name,
            destination=Destination(tenant, self.channel, self.thread),
            also=tuple(_destination(tenant, place) for place in self.also),
            accounts=tuple(dict.fromkeys(now.get(name, name) for name in self.accounts)),
            known=old.known if old else (),
            keywords=self.keywords,
            events=self.events,
            filters=tuple(one.made() for one in self.filter),
            quoted=self.quoted,
            sensitive=self.sensitive,
            appearance=self.look.made(tenant),
            schedule=self.timing.schedule(),
            catch_up=CatchUpPolicy(self.timing.missed, self.timing.last),
            deleted=self.timing.deleted,
            paused_reason=old.paused_reason if old else None,
            paused_by_person=old.paused_by_person if old else True,
            created_by=old.created_by if old else "",
            lost=old.lost if old else (),
            changed_at=old.changed_at if old else 0.0,
        )


def _destination(tenant: TenantId, text: str) -> Destination:
    channel, _, thread = text.partition("/")
    return Destination(tenant, channel, thread or None)
