"""Whose drafts are whose: everybody has their own, and who may VIEW sees all that the account has."""

from __future__ import annotations

import asyncio
import re

import msgspec

from bot.core.access import Permission, allows
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, ButtonStyle
from bot.core.commands.permits import held, standing
from bot.core.errors import NotFound, StorageUnavailable
from bot.core.messages.message import msg
from bot.core.policy import Deed
from bot.core.text.shortening import cut
from bot.features.known import What
from bot.features.services import CommandCall
from bot.features.shared.numbers import hint_at_number, item_meant, number_of, of_another_key
from bot.storage.places.local_numbers import Numbered
from bot.storage.writes.draft_authors import OwnDraft
from bot.xquik.client import XquikClient
from bot.xquik.models import Draft

# Their keys are the ids of drafts: what they reach is looked up for who pressed.
POST_DRAFT = "draft.post"
DELETE_DRAFT = "draft.delete"
_KEY = re.compile(r"[A-Za-z0-9_-]{1,50}", re.ASCII)
_YOURS = msg("`draft list` shows yours.")
# As many as Xquik lists at once: most of what somebody still needs is among the newest.
_NEWEST = 50


class Saved(msgspec.Struct, frozen=True):
    """A draft that was saved. owned: it was written down whose it is. number: what the place calls it."""

    draft: Draft
    owned: bool
    number: int | None


async def sees_all(call: CommandCall) -> bool:
    """Whether the person may see the drafts of others."""
    return allows(await held(call.services.grants, call.invocation), Permission.VIEW)


async def save_draft(
    call: CommandCall, text: str, *, topic: str | None = None, goal: str | None = None
) -> Saved:
    """Keep a text as the person's own. LimitReached when they keep too many."""
    authors, author = call.services.draft_authors, call.invocation.actor.id
    await authors.room(call.tenant, author)
    xquik = await call.xquik()
    draft = await xquik.drafts.create(text, topic=topic, goal=goal)
    await call.services.known.changed(call.tenant, What.DRAFTS)
    try:
        await authors.note(call.tenant, draft.id, author)
    except StorageUnavailable:
        return Saved(draft, owned=False, number=None)  # it is saved: an error would have it saved again
    return Saved(draft, owned=True, number=await number_of(call, Numbered.DRAFT, draft.id))


async def draft_buttons(call: CommandCall, draft: str, *, owned: bool) -> tuple[Button, ...]:
    """Post and Delete below a draft, each for who may press it. owned: it is the person's own."""
    if not _KEY.fullmatch(draft):
        return ()
    here = await standing(call.services.grants, call.invocation)
    may, sees = here.may, owned or allows(here.held, Permission.VIEW)
    buttons: list[Button] = []
    if sees and may(Deed(Permission.PUBLISH, "draft post")):  # no message: a command
        buttons.append(Button(msg("Post…"), action=ActionRef(POST_DRAFT, draft), style=ButtonStyle.PRIMARY))
    deleting = Deed(Permission.USE, "draft delete")  # no message: a command
    if may(deleting) and (owned or allows(here.held, Permission.VIEW | Permission.PUBLISH)):
        buttons.append(Button(msg("Delete"), action=ActionRef(DELETE_DRAFT, draft), style=ButtonStyle.DANGER))
    return tuple(buttons)


async def draft_for(call: CommandCall, given: str) -> Draft:
    """A draft that the person may see, by its number here or its id. Those of others are not found, whether
    there are such or not."""
    authors = call.services.draft_authors
    draft = await item_meant(call, Numbered.DRAFT, given)
    if draft is None or not (await sees_all(call) or await is_own(call, draft)):
        raise _none(given)
    xquik = await call.xquik()
    try:
        return await xquik.drafts.show(draft)
    except NotFound:
        if (elsewhere := await of_another_key(call, Numbered.DRAFT, given, draft)) is not None:
            raise elsewhere from None  # whose it is stays known: the key may come back
        await authors.forget(call.tenant, [draft])
        raise _none(given) from None


async def is_own(call: CommandCall, draft: str) -> bool:
    """Whether the person saved it."""
    return await call.services.draft_authors.author(call.tenant, draft) == call.invocation.actor.id


class OwnPage(msgspec.Struct, frozen=True):
    """Drafts of a person. last: the last of them where more follow; start: how many stand before; total: how
    many they have."""

    drafts: tuple[Draft, ...]
    last: OwnDraft | None
    start: int
    total: int


async def own_page(call: CommandCall, after: OwnDraft | None, size: int) -> OwnPage:
    """Drafts of the person below `after`, the newest first."""
    authors = call.services.draft_authors
    everything = await authors.of(call.tenant, call.invocation.actor.id)
    mine = everything
    if after is not None:
        mine = tuple(one for one in mine if (one.saved_at, one.draft) < (after.saved_at, after.draft))
    page, start, total = mine[:size], len(everything) - len(mine), len(everything)
    if not page:
        return OwnPage((), None, start, total)
    xquik = await call.xquik()
    newest = await xquik.drafts.list(limit=_NEWEST)
    listed = {draft.id: draft for draft in newest.items}
    older = [one.draft for one in page if one.draft not in listed] if newest.has_more else []
    listed.update({d.id: d for d in await asyncio.gather(*(_still(xquik, one) for one in older)) if d})
    gone = [one.draft for one in page if one.draft not in listed]
    # Those of another key, or perhaps of another, are still there with that key.
    numbers = call.services.numbers
    here = [one for one in gone if not await numbers.may_be_elsewhere(call.tenant, Numbered.DRAFT, one)]
    await authors.forget(call.tenant, here)
    found = tuple(listed[one.draft] for one in page if one.draft in listed)
    return OwnPage(found, page[-1] if len(mine) > len(page) else None, start, total)


async def _still(xquik: XquikClient, draft: str) -> Draft | None:
    try:
        return await xquik.drafts.show(draft)
    except NotFound:
        return None


def _none(draft: str) -> NotFound:
    return NotFound(
        msg("You have no draft {draft}.", draft=repr(cut(draft, 40))),
        remedy=hint_at_number(Numbered.DRAFT, draft) or _YOURS,
    )
