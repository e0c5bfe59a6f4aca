"""What is suggested while an option is typed: draws, drafts, monitors, what routes name, languages, words.

Each source answers from what is known here (`bot.features.known`, the database), for this place alone and
for what the person may see. The values of lists are written as items of a list.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from bot.cards.numbers import numbered
from bot.core.access import WITH_MEMBERS, Permission, allows
from bot.core.chat.cards import Choice
from bot.core.chat.moments import zone_for
from bot.core.commands.permits import standing
from bot.core.messages.message import Message, msg
from bot.core.text.invisible import without_unseen
from bot.core.text.lists import as_list
from bot.core.text.sameness import folded
from bot.core.text.shortening import shorten
from bot.core.times.zone_words import moment_words
from bot.core.x.languages import LANGUAGE_NAMES, code_in_tweets
from bot.features.known import What
from bot.features.services import CommandCall
from bot.features.shared.accounts import suggest_accounts
from bot.features.shared.tweet_kinds import POST, TWEET_KINDS
from bot.proposals.contents import tweet_url
from bot.storage.places.local_numbers import Numbered
from bot.xquik.resources.regions import REGIONS

Source: TypeAlias = Callable[[CommandCall, str], Awaitable[tuple[Choice, ...]]]
"""Values for an option, from what is typed so far."""
# What is longer cannot be chosen on every platform.
_VALUE: Final = 100
_LABEL: Final = 120
_KINDS: Final = {kind.name: kind for kind in TWEET_KINDS}
# What X allows as a username; styles of texts have other names.
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,15}", re.ASCII)
# One's own tweets that are looked through.
_OWN: Final = 50


def fitting(choices: Iterable[Choice], typed: str) -> tuple[Choice, ...]:
    """Those whose label or value contains what was typed, those that begin so first."""
    wanted = folded(typed).lstrip("@")
    found: list[tuple[bool, Choice]] = []
    for choice in choices:
        words = [folded(text) for text in (choice.label, choice.value)]
        if any(wanted in text for text in words):
            begins = any(text.lstrip("@#").startswith(wanted.lstrip("#")) for text in words)
            found.append((not begins, choice))
    return tuple(choice for _, choice in sorted(found, key=lambda one: one[0]))


async def suggest_draws(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Draws, newest first: who may not list them is told of none."""
    if not await sees_inside(call):
        return ()
    entries = await call.services.known.entries(call.invocation, What.DRAWS)
    chosen = await call.services.timezones.chosen(call.tenant, call.invocation.actor.id)
    zone, _ = zone_for(chosen, call.invocation.zone)
    names = {
        one.id: one.name if one.at is None else _beside(one.name, moment_words(one.at, zone))
        for one in entries
    }
    return fitting(await _by_number(call, Numbered.DRAW, names), typed)


async def suggest_drafts(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Drafts, newest first: all of them, or one's own."""
    entries = await call.services.known.entries(call.invocation, What.DRAFTS)
    names = {one.id: one.name for one in entries}
    if not await sees_inside(call):
        own = await call.services.draft_authors.of(call.tenant, call.invocation.actor.id)
        names = {one.draft: names.get(one.draft, "") for one in own}
    return fitting(await _by_number(call, Numbered.DRAFT, names), typed)


async def suggest_monitors(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """What is watched: accounts by name, searches by their words, or by id where these are too long."""
    if not await sees_inside(call):
        return ()
    known = call.services.known
    accounts, searches, tweets = await asyncio.gather(
        *(
            known.entries(call.invocation, what)
            for what in (What.ACCOUNTS, What.SEARCHES, What.WATCHED_TWEETS)
        )
    )
    found = [Choice(_standing(f"@{one.name}", on=one.on), one.name) for one in accounts]
    found += [
        Choice(_standing(one.name, on=one.on), one.name if len(one.name) <= _VALUE else one.id)
        for one in searches
    ]
    found += [Choice(_standing(one.name, on=one.on), one.id) for one in tweets]
    return fitting(found, typed)


async def suggest_watched_tweets(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Tweets that are watched, by how they begin."""
    if not await sees_inside(call):
        return ()
    entries = await call.services.known.entries(call.invocation, What.WATCHED_TWEETS)
    return fitting([Choice(_standing(one.name, on=one.on), one.id) for one in entries], typed)


async def suggest_watched(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """X accounts that are watched, or that a route names."""
    if not await sees_inside(call):
        return ()
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    entries = await call.services.known.entries(call.invocation, What.ACCOUNTS)
    names = [*(one.name for one in entries), *(name for route in routes for name in route.accounts)]
    unique = {name.casefold(): name for name in reversed(names) if name}
    return fitting([Choice(f"@{unique[name]}", unique[name]) for name in sorted(unique)], typed)


async def suggest_people(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """X accounts that are connected, watched, named by a route, seen in events, or whose style is saved, for
    those who see the inside."""
    if not await sees_inside(call):
        return ()
    found = [*await suggest_accounts(call, typed), *await suggest_watched(call, typed)]
    return _once([*found, *await _met(call, typed)])


async def suggest_others(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """The same without the accounts that are connected: nobody writes to themselves."""
    if not await sees_inside(call):
        return ()
    own = {choice.value.casefold() for choice in await suggest_accounts(call, "")}
    found = [*await suggest_watched(call, typed), *await _met(call, typed)]
    return tuple(choice for choice in _once(found) if choice.value.casefold() not in own)


async def _met(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Accounts that this place knows from events, and those whose style is saved."""
    known = await call.services.relay.names.of_tenant(call.tenant)
    styles = await call.services.known.entries(call.invocation, What.STYLES)
    names = [*(one.name for one in known if one.holds), *(one.name for one in styles)]
    named = {name.casefold(): name for name in reversed(names) if _NAME.fullmatch(name)}
    return fitting([Choice(f"@{named[name]}", named[name]) for name in sorted(named)], typed)


def _once(found: Sequence[Choice]) -> tuple[Choice, ...]:
    unique = {choice.value.casefold(): choice for choice in reversed(found)}
    return tuple(choice for choice in found if unique[choice.value.casefold()] is choice)


async def suggest_tweets(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Tweets that are known here: one's own that were posted from here, and those that are watched."""
    watched = await suggest_watched_tweets(call, typed)
    own = await suggest_posted(call, typed)
    seen = {choice.value.rsplit("/", 1)[-1] for choice in own}
    return (*own, *(one for one in watched if one.value not in seen))


async def suggest_posted(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """One's own tweets that were posted from here and are not deleted, newest first, by their links."""
    posted = await call.services.proposals.done_by(call.tenant, call.invocation.actor.id, (POST.name,), _OWN)
    found = []
    for one in posted:
        tweet = str((one.result or {}).get("tweet_id") or "")
        if tweet:
            account = str(one.payload.get("account", "")).removeprefix("@")
            text = shorten(without_unseen(str(one.payload.get("text", ""))), _LABEL)
            found.append(Choice(f"@{account}: {text}", tweet_url(tweet)))
    return fitting(found, typed)


async def suggest_writes(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """One's own writes on X of which Xquik has a record, newest first."""
    done = await call.services.proposals.done_by(call.tenant, call.invocation.actor.id, tuple(_KINDS), _OWN)
    found = []
    for one in done:
        if write := str((one.result or {}).get("write_action") or ""):
            about = shorten(without_unseen(str(one.payload.get("text", ""))), _LABEL)
            title = _KINDS[one.kind].words(one.payload).done
            found.append(Choice(_beside(write, _beside(title, about) if about else title), write))
    return fitting(found, typed)


async def suggest_searches(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Searches that are watched, or that a route names."""
    if not await sees_inside(call):
        return ()
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    entries = await call.services.known.entries(call.invocation, What.SEARCHES)
    words = [*(one.name for one in entries), *(word for route in routes for word in route.keywords)]
    unique = {folded(word): word for word in reversed(words) if word}
    return fitting([Choice(word, as_list([word])) for _, word in sorted(unique.items())], typed)


async def suggest_recent_events(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """The newest events at Xquik, by what happened."""
    return await _by_id(call, What.EVENTS, typed)


async def suggest_tickets(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Support tickets, by their subjects."""
    return await _by_id(call, What.TICKETS, typed)


async def suggest_webhooks(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Webhooks of the Xquik account, by their hosts."""
    return await _by_id(call, What.WEBHOOKS, typed)


async def suggest_styles(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Saved styles by name, newest first."""
    if not await sees_inside(call):
        return ()
    entries = await call.services.known.entries(call.invocation, What.STYLES)
    return fitting([Choice(one.name, one.id) for one in entries], typed)


async def suggest_seen(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """The same accounts as `suggest_watched`, written as somebody asks about one."""
    return tuple(Choice(one.label, one.label) for one in await suggest_watched(call, typed))


async def suggest_muted(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Accounts that a channel of this place has muted."""
    if not await sees_inside(call):
        return ()
    muted = await call.services.relay.mutes.of_tenant(call.tenant)
    names = dict.fromkeys(one.account for one in muted)
    return fitting([Choice(f"@{name}", name) for name in names], typed)


async def suggest_groups(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Whom a permission can be given to besides one person: all of a sort, roles, user groups."""
    sorts = {"everyone": msg("everybody here"), "admins": msg("those who run the server or workspace")}
    if call.tenant.platform in WITH_MEMBERS:
        sorts["members"] = msg("full members, no guests")
    words = [Choice(_explained(word, who), word) for word, who in sorts.items()]
    return fitting([*words, *await _groups(call)], typed)


async def suggest_pings(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Roles or user groups that a message can notify."""
    return fitting(await _groups(call), typed)


async def suggest_languages(_call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Languages by code, or by a name in any language that has one for it."""
    wanted = folded(typed)
    found: list[tuple[int, Choice]] = []
    for code, names in LANGUAGE_NAMES.items():
        words = [code, code_in_tweets(code), *map(folded, names)]
        rank = min(_rank(word, wanted) for word in words)
        if rank < _NONE:
            own = f" – {names[1]}" if len(names) > 1 and code != "en" else ""
            found.append((rank, Choice(f"{names[0]}{own} ({code})", code)))
    return tuple(choice for _, choice in sorted(found, key=lambda one: one[0]))


async def suggest_countries(_call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Those that trends know too; any other goes by its code."""
    return fitting([Choice(one.name, one.code) for one in REGIONS if len(one.code) == _CODE], typed)


_NONE: Final = 3
_CODE: Final = 2  # letters of a country


def _rank(word: str, wanted: str) -> int:
    """How well a word fits: 0 is it, 1 begins so, 2 contains it, `_NONE` not at all."""
    if wanted not in word:
        return _NONE
    return 0 if word == wanted else 1 if word.startswith(wanted) else 2


def words_source(choices: Mapping[str, str]) -> Source:
    """A source of a few words that mean something in an option. choices: by word, what it does."""

    async def suggest(_call: CommandCall, typed: str) -> tuple[Choice, ...]:
        return fitting([Choice(_explained(word, does), word) for word, does in choices.items()], typed)

    return suggest


SOURCES: Final[Mapping[str, Source]] = {
    "draws": suggest_draws,
    "drafts": suggest_drafts,
    "monitors": suggest_monitors,
    "watched": suggest_watched,
    "watched_tweets": suggest_watched_tweets,
    "people": suggest_people,
    "others": suggest_others,
    "tweets": suggest_tweets,
    "posted": suggest_posted,
    "writes": suggest_writes,
    "searches": suggest_searches,
    "recent_events": suggest_recent_events,
    "seen": suggest_seen,
    "styles": suggest_styles,
    "muted": suggest_muted,
    "tickets": suggest_tickets,
    "webhooks": suggest_webhooks,
    "groups": suggest_groups,
    "pings": suggest_pings,
    "languages": suggest_languages,
    "countries": suggest_countries,
    "digests": words_source(
        {
            "hourly": msg("a list each hour"),
            "daily": msg("at 9:00"),
            "weekly": msg("on Mondays at 9:00"),
            "off": msg("messages one by one again"),
        }
    ),
    "hours": words_source(
        {
            "22:00-07:00": msg("held at night"),
            "18:00-09:00": msg("held outside office hours"),
        }
    ),
    "bursts": words_source(
        {
            "5 in 10m": msg("more than five in ten minutes become one list"),
            "20 in 1h": msg("more than twenty in an hour become one list"),
        }
    ),
    "missed": words_source(
        {
            "all": msg("everything that came meanwhile"),
            "none": msg("nothing of it"),
            "10": msg("the newest ten"),
        }
    ),
}
"""By the name that options give in `suggest`."""


async def sees_inside(call: CommandCall) -> bool:
    """Whether the person sees the inside, or may run a command that is of the inside."""
    here = await standing(call.services.grants, call.invocation)
    if call.deed is not None and Permission.VIEW in call.deed.needs:
        return here.may(call.deed)
    return allows(here.held, Permission.VIEW)


async def _groups(call: CommandCall) -> tuple[Choice, ...]:
    platform = call.services.platforms.get(call.tenant.platform)
    if platform is None or platform.groups is None:
        return ()
    return await platform.groups.groups(call.tenant)


async def _by_id(call: CommandCall, what: What, typed: str) -> tuple[Choice, ...]:
    """Things that have no other name than their id at Xquik, for who sees the inside."""
    if not await sees_inside(call):
        return ()
    entries = await call.services.known.entries(call.invocation, what)
    found = [Choice(_beside(one.id, _standing(one.name, on=one.on)), one.id) for one in entries]
    return fitting([one for one in found if len(one.value) <= _VALUE], typed)


async def _by_number(call: CommandCall, kind: Numbered, names: Mapping[str, str]) -> list[Choice]:
    """Things of Xquik as they are named here. names: by id."""
    numbers = await call.services.numbers.known(call.tenant, kind, list(names))
    said = [(numbered(item, numbers), name) for item, name in names.items()]
    return [Choice(_beside(named, name) if name else named, named) for named, name in said]


def _beside(first: str, second: str) -> Message:
    return msg("{first} · {second}", first=first, second=second)


def _standing(watched: str, *, on: bool) -> str:
    return watched if on else msg("{watched} – paused", watched=watched)


def _explained(word: str, means: str) -> Message:
    return msg("{word} – {means}", word=word, means=means)
