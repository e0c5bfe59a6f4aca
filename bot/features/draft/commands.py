"""`draft save|list|show|delete|post`: texts kept at Xquik, each of whoever saved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from bot.cards.writing import draft_card, saved_card
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Proposal, Reply
from bot.core.chat.cards import Card, Form, Text, Tone, line
from bot.core.commands.declaring import Action, Effect, Group, Option
from bot.core.commands.presets import FREE, WRITING, Rights, command, listing_command
from bot.core.commands.price_list import POST
from bot.core.messages.message import msg
from bot.core.policy import Deed
from bot.features.draft.listed import DRAFTS
from bot.features.known import What
from bot.features.services import CommandCall
from bot.features.shared.accounts import chosen, form_if_asked
from bot.features.shared.goals import Goal
from bot.features.shared.numbers import number_of
from bot.features.shared.own_drafts import (
    DELETE_DRAFT,
    POST_DRAFT,
    draft_buttons,
    draft_for,
    is_own,
    save_draft,
)
from bot.features.shared.permitted import require
from bot.features.shared.proposing import propose_post
from bot.features.shared.write_options import LongOption, PostingAs
from bot.storage.places.local_numbers import Numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveArgs:
    """What to keep."""

    text: Annotated[
        str, Option("The text to keep", main=True, max_length=25_000, paragraph=True, running=True)
    ]
    topic: Annotated[str | None, Option("What it is about", max_length=200)] = None
    goal: Annotated[Goal | None, Option("What it should achieve")] = None


async def save(call: CommandCall, args: SaveArgs) -> Reply:
    """Keep a text as one's own."""
    saved = await save_draft(call, args.text, topic=args.topic, goal=args.goal)
    buttons = await draft_buttons(call, saved.draft.id, owned=saved.owned)
    return Reply(saved_card(saved.draft, buttons, owned=saved.owned, number=saved.number))


DraftOption: TypeAlias = Annotated[
    str,
    Option("The number of the draft, like #3, or its id", main=True, max_length=80, suggest="drafts"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftIdArgs:
    """Which draft."""

    draft: DraftOption


async def show(call: CommandCall, args: DraftIdArgs) -> Reply:
    """One draft."""
    draft = await draft_for(call, args.draft)
    buttons = await draft_buttons(call, draft.id, owned=await is_own(call, draft.id))
    number = await number_of(call, Numbered.DRAFT, draft.id)
    return Reply(draft_card(draft, buttons=buttons, number=number))


async def delete(call: CommandCall, args: DraftIdArgs) -> Reply:
    """Delete a draft; its text is shown once more, so that nothing is lost by mistake.

    One's own needs nothing; those of others need PUBLISH.
    """
    draft = await draft_for(call, args.draft)
    if not await is_own(call, draft.id):
        await require(call, Deed(Permission.PUBLISH), told_as="draft delete")  # no message: a command
    xquik = await call.xquik()
    number = await number_of(call, Numbered.DRAFT, draft.id)
    await xquik.drafts.delete(draft.id)
    await call.services.known.changed(call.tenant, What.DRAFTS)
    await call.services.draft_authors.forget(call.tenant, [draft.id])
    await call.services.numbers.forget(call.tenant, Numbered.DRAFT, draft.id)
    card = draft_card(draft, msg("Draft deleted"), number=number)
    note = Text(line(msg("This is what it said, in case it was the wrong one.")), subtle=True)
    return Reply(Card(card.title, (*card.blocks, note), Tone.SUCCESS))


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPostArgs(PostingAs):
    """Which draft to post, and as whom."""

    draft: DraftOption
    long: LongOption = False


async def post(call: CommandCall, args: DraftPostArgs) -> Proposal:
    """A draft as a tweet to be confirmed; the draft stays."""
    draft = await draft_for(call, args.draft)
    return await propose_post(
        call, draft.text, account=args.account, long=args.long, example=f"draft post {args.draft}"
    )


# --- the buttons below a draft -----------------------------------------------------------------


async def post_form(call: CommandCall, key: str, _state: Mapping[str, Any]) -> Form | None:
    """ "Post…" asks for the account alone, where that is not known."""
    note = msg("Nothing is posted until you confirm the preview.")
    return await form_if_asked(call, ActionRef(POST_DRAFT, key), msg("Post a draft"), note)


async def post_pressed(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Proposal:
    """The draft as a tweet to be confirmed, as `draft post` does."""
    return await post(call, DraftPostArgs(draft=str(state["key"]), account=chosen(values)))


async def delete_pressed(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """As `draft delete`; the text is shown once more."""
    return await delete(call, DraftIdArgs(draft=str(state["key"])))


DRAFT = Group(
    "draft",
    "Tweets saved for later",
    (
        command(
            "draft save",
            save,
            Rights(Effect.SETTINGS, Permission.USE, Audience.PRIVATE),
            "Save a draft",
            'draft save "Our launch is on Friday"',
            operations=("POST /drafts",),
        ),
        listing_command(
            "draft list",
            DRAFTS,
            FREE,
            "List your drafts; everyone's with the view permission",
            "draft list",
            operations=("GET /drafts",),
        ),
        command(
            "draft show",
            show,
            FREE,
            "Show a draft",
            "draft show #3",
            operations=("GET /drafts/{id}",),
        ),
        command(
            "draft delete",
            delete,
            Rights(Effect.SETTINGS, Permission.USE, Audience.PRIVATE),
            "Delete a draft of yours; anyone's with the view and publish permissions",
            "draft delete #3",
            operations=(
                "GET /drafts/{id}",
                "DELETE /drafts/{id}",
            ),
        ),
        command(
            "draft post",
            post,
            WRITING,
            "Post a draft; shows it and asks first",
            "draft post #3",
            cost=POST,
            operations=(
                "GET /drafts/{id}",
                "POST /x/tweets",
            ),
        ),
    ),
    default="list",
    instead="save",
)

DRAFT_ACTIONS = (
    Action(
        POST_DRAFT,
        post_pressed,
        Permission.PUBLISH,
        Audience.CHANNEL,
        form=post_form,
        stored=False,
        command="draft post",
    ),
    Action(DELETE_DRAFT, delete_pressed, Permission.USE, stored=False, command="draft delete"),
)
