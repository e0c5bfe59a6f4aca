"""Posts of forums: a message there begins a thread, and its first message has the id of that thread.

Discord recognises no nonce here, so a key is kept by looking: before a post is made, our own posts of
the last minutes are read, unless this process knows already what they are.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord
from cachetools import FIFOCache

from adapters.discord import limits
from adapters.discord.bodies import MessageBody, new_bodies
from adapters.discord.channels import DiscordChannels
from adapters.discord.errors import INVALID_BODY, before_sending, result_of
from adapters.discord.escape import clean
from adapters.discord.lookup import first_id
from adapters.discord.marks import is_mark, marks, read
from adapters.discord.places import DiscordPlaces, needs_tag
from adapters.discord.rest import LOST, Rest
from bot.core.chat.cards import Card, File
from bot.core.chat.delivery_results import Absent, Delivered, DeliveryResult, Found, Gone, Lookup, Unreadable
from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.places import Placement
from bot.core.clocks import Clock
from bot.core.messages.message import Joined, JoinedBy, msg

_CHANNEL: Final = "/channels/{channel_id}"
_THREADS: Final = "/channels/{channel_id}/threads"
_ACTIVE: Final = "/guilds/{guild_id}/threads/active"
_ARCHIVED: Final = "/channels/{channel_id}/threads/archived/public"
_MESSAGE: Final = "/channels/{channel_id}/messages/{message_id}"
_REMOVED: Final = msg("Removed")  # the title of a post whose first message was deleted
_PAGE: Final = 100
_READ: Final = 50  # first messages read for one lookup
_KNOWN: Final = 1000  # posts whose marks are remembered
_CLOCKS_APART: Final = 60.0  # seconds that Discord's clock may be behind ours


class Forums:
    """Posts in forums and finds posts again. clock: epoch seconds. window: seconds in which the same
    key makes no second post."""

    def __init__(
        self, rest: Rest, channels: DiscordChannels, places: DiscordPlaces, clock: Clock, window: float
    ) -> None:
        self._rest = rest
        self._channels = channels
        self._places = places
        self._clock = clock
        self._window = window
        self._marks: FIFOCache[str, tuple[int, ...]] = FIFOCache(_KNOWN)

    async def post(
        self, to: Destination, card: Card, key: str, files: Sequence[File], placement: Placement
    ) -> DeliveryResult:
        """Begin a post. Never raises for what Discord can answer."""
        bodies = list(new_bodies(card, files, key))
        try:
            forum = await self._places.channel(to.tenant, to.channel)
            tags = await self._tags(to.tenant, forum or {}, placement.tags)
            if forum is not None and needs_tag(forum) and not tags:
                return _untagged(forum)
            after = self._clock() - self._window - _CLOCKS_APART
            earlier = await self._among(await self._active(to, after), key, bodies[0].json.get("content"))
        except (discord.DiscordException, *LOST) as error:
            return before_sending(error)
        if isinstance(earlier, Found):
            return Delivered(earlier.message)
        name = thread_name(placement.title, card.title)
        return await self._begin(to, key, bodies, {"name": name, "applied_tags": tags})

    async def find(self, to: Destination, key: str, after: float) -> Lookup:
        """Our post with that key, among those since `after` (epoch seconds). Raises what `Rest` raises."""
        found = await self._among(await self._active(to, after), key)
        if not isinstance(found, Absent):
            return found
        page = await self._rest.surely("GET", _ARCHIVED, query={"limit": _PAGE}, channel_id=int(to.channel))
        archived = await self._among(self._ours(page["threads"], to, after), key)
        whole = not page.get("has_more")
        return archived if whole or not isinstance(archived, Absent) else Unreadable()

    async def close(self, post: int) -> None:
        """Take our title from a post of ours and archive it. Where that cannot be, the post stays open."""
        with contextlib.suppress(discord.DiscordException, *LOST):
            changes = {"name": _REMOVED, "archived": True}
            await self._rest.surely("PATCH", _CHANNEL, json=changes, channel_id=post)

    async def _begin(
        self, to: Destination, key: str, bodies: Sequence[MessageBody], post: Mapping[str, Any]
    ) -> DeliveryResult:
        for last, body in zip((False, True), bodies, strict=True):
            try:
                # What is repeated here would be there twice.
                made = await self._rest.once(
                    "POST",
                    _THREADS,
                    repeatable=False,
                    json={**post, "message": body.json},
                    files=body.files,
                    channel_id=int(to.channel),
                )
            except (discord.DiscordException, *LOST) as error:
                if not last and isinstance(error, discord.HTTPException) and error.code == INVALID_BODY:
                    continue
                self._places.forget(to.tenant, to.channel)
                return result_of(error)
            self._remember(str(made["id"]), marks(key))
            return Delivered(str(made["id"]))
        raise AssertionError("there are two bodies")

    async def _tags(self, tenant: TenantId, forum: Mapping[str, Any], names: Sequence[str]) -> list[str]:
        """The ids of the tags with these names that we may put on a post."""
        there = {str(tag["name"]).strip().casefold(): tag for tag in forum.get("available_tags") or ()}
        wanted = [there[name] for one in names if (name := one.strip().casefold()) in there]
        if any(tag.get("moderated") for tag in wanted):
            held = discord.Permissions(await self._channels.permissions(tenant, forum))
            wanted = [tag for tag in wanted if held.manage_threads or not tag.get("moderated")]
        ids = dict.fromkeys(str(tag["id"]) for tag in wanted)
        return list(ids)[: limits.POST_TAGS]

    async def _active(self, to: Destination, after: float) -> list[str]:
        found = await self._rest.surely("GET", _ACTIVE, guild_id=int(to.tenant.workspace))
        return self._ours(found["threads"], to, after)

    def _ours(self, threads: Sequence[Mapping[str, Any]], to: Destination, after: float) -> list[str]:
        """The ids of our own posts there since `after`, the newest first."""
        us, since = str(self._rest.user_id), first_id(after)
        ours = [t for t in threads if str(t["parent_id"]) == to.channel and str(t["owner_id"]) == us]
        return sorted((str(t["id"]) for t in ours if int(t["id"]) > since), key=int, reverse=True)

    async def _among(self, posts: Sequence[str], key: str, content: str | None = None) -> Lookup:
        """Which of these posts of ours has the key. content: of the message that is looked for, where it
        has no components that could carry the key."""
        unmarked = False
        for post in posts[:_READ]:
            found = self._marks.get(post)
            if found is None:
                message = await self._first_message(post)
                if message is None:
                    continue
                if content and message.get("content") == content:
                    return Found(post)
                found = read(message.get("components") or [])
                self._remember(post, found)
            if is_mark(found, key):
                return Found(post)
            unmarked = unmarked or not found
        return Unreadable() if unmarked or len(posts) > _READ else Absent()

    async def _first_message(self, post: str) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = await self._rest.surely(
                "GET", _MESSAGE, channel_id=int(post), message_id=int(post)
            )
        except discord.HTTPException as error:
            if error.status in (403, 404):
                return None
            raise
        return found

    def _remember(self, post: str, mark: tuple[int, ...]) -> None:
        self._marks[post] = mark


def thread_name(*titles: str) -> str:
    """The first title that says anything, as the name of a thread: one line of 1 to 100 characters.
    Names are no markdown."""
    said = next((words for title in titles if (words := " ".join(clean(title).split()))), limits.ELLIPSIS)
    return limits.clip(said, limits.THREAD_NAME)


def _untagged(forum: Mapping[str, Any]) -> Gone:
    names = [limits.clip(" ".join(clean(str(tag["name"])).split()), 40) for tag in forum["available_tags"]]
    return Gone(
        msg(
            "The forum #{forum} needs a tag, and the route has none of its tags.",
            forum=str(forum.get("name")),
        ),
        msg(
            "Put one of them on the route, then resume: {tags}.",
            tags=Joined(tuple(names[:20]), JoinedBy.COMMA),
        ),
    )
